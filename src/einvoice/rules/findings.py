# SPDX-License-Identifier: Apache-2.0
"""What judging an invoice says: findings, what could not be judged, and the verdict. All of it is data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec import Struct, structs

from einvoice.rules.registry import Severity

Verdict = Literal["valid", "invalid", "undetermined"]


class Finding(Struct, frozen=True, kw_only=True):
    """A rule that the invoice breaks.

    Attributes:
        rule: the official id.
        packs: the packs asked for that publish it with this severity.
        severity: the severity as published.
        effective: the severity that counts for the verdict, after what a scenario or the user says.
        message: what the rule demands, in one sentence.
        terms: the numbers of the terms or groups concerned.
        found: what is there.
        expected: what should be there.
        why: the arithmetic or the reason.
        model_path: where in the model, such as ``lines[3].net_amount``; empty for the invoice as a whole.
        location: where in the source, as an XPath.
        line: the line in the source, counted from 1.
        column: the column in the source, counted from 1.
    """

    rule: str
    packs: tuple[str, ...]
    severity: Severity
    effective: Severity
    message: str
    terms: tuple[str, ...] = ()
    found: str | None = None
    expected: str | None = None
    why: str = ""
    model_path: str = ""
    location: str | None = None
    line: int | None = None
    column: int | None = None

    def with_location(self, location: str | None, line: int | None = None, column: int | None = None) -> Finding:
        """The same finding, with its place in the source.

        Args:
            location: the XPath.
            line: the line, counted from 1.
            column: the column, counted from 1.
        """
        return structs.replace(self, location=location, line=line, column=column)


class Undetermined(Struct, frozen=True, kw_only=True):
    """A rule that could not be judged.

    Attributes:
        rule: the official id.
        packs: the packs asked for that publish it.
        reason: why, in one sentence.
        terms: the numbers of the terms concerned.
        model_path: where in the model.
        location: where in the source, as an XPath.
        line: the line in the source, counted from 1.
        column: the column in the source, counted from 1.
    """

    rule: str
    packs: tuple[str, ...]
    reason: str
    terms: tuple[str, ...] = ()
    model_path: str = ""
    location: str | None = None
    line: int | None = None
    column: int | None = None


class Used(Struct, frozen=True):
    """A file of a publisher that was run to judge.

    Attributes:
        name: where it lies.
        sha256: its fingerprint, in hexadecimal.
    """

    name: str
    sha256: str


class PackResult(Struct, frozen=True, kw_only=True):
    """What one pack says.

    Attributes:
        id: the pack.
        version: the publisher's version of its rules.
        profile: the profile judged by, where the pack has several.
        engine: who judged: ``native``, that is the rules of this package; ``official``, the publisher's own artefact.
        verdict: the verdict of this pack alone.
        not_implemented: published ids that nothing here judges.
        open: why the verdict is not ``valid`` although nothing was found, in one sentence; empty otherwise.
        artefacts: the publisher's files that were run; nothing for ``native``.
    """

    id: str
    version: str
    profile: str | None = None
    engine: str = "native"
    verdict: Verdict = "valid"
    not_implemented: tuple[str, ...] = ()
    open: str = ""
    artefacts: tuple[Used, ...] = ()


class Report(Struct, frozen=True, kw_only=True):
    """What judging one invoice says.

    Attributes:
        verdict: ``invalid`` if a finding of effective severity fatal exists, else ``undetermined`` if anything could
            not be judged, else ``valid``.
        packs: what each pack says.
        findings: the rules that are broken, in the order of the invoice.
        undetermined: the rules that could not be judged.
        notes: sentences about the document as a whole.
    """

    verdict: Verdict
    packs: tuple[PackResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    undetermined: tuple[Undetermined, ...] = ()
    notes: tuple[str, ...] = ()

    def in_language(self, language: str) -> Report:
        """The same report with its sentences in another language; ids, places, values and figures stay.

        Args:
            language: ``en``, ``de`` or ``fr``.

        Raises:
            UnknownNameError: there is no such language.
        """
        from einvoice.rules.languages import in_language  # noqa: PLC0415 -- it reads the packs, which read this module

        return in_language(self, language)

    def to_json(self) -> bytes:
        """The report as JSON, with the names of its attributes."""
        return msgspec.json.encode(self)


def shown(value: object) -> str | None:
    """A value of the model as text for a finding.

    Args:
        value: a number, a date, a text, an identifier, or nothing.
    """
    if value is None:
        return None
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)
