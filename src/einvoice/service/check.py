# SPDX-License-Identifier: Apache-2.0
"""Checking an invoice: the official schema, then the rules; every mistake at once, each with its place."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from msgspec import Struct, structs

from einvoice.errors import EinvoiceError
from einvoice.model import Syntax
from einvoice.rules.findings import Finding, PackResult, Report, Undetermined
from einvoice.rules.report import run
from einvoice.service.intake import take_in
from einvoice.service.packs import Asked, choose
from einvoice.service.settings import Settings
from einvoice.service.status import Status
from einvoice.service.structure import structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from einvoice.bind import Document
    from einvoice.bind.schema import SchemaViolation
    from einvoice.service.intake import Intake
    from einvoice.service.packs import Choice

T = TypeVar("T", Finding, Undetermined)
SCHEMA: Final = "XSD"
"""The rule that a violation of the official schema is reported under."""

_STATUS: Final = {
    "valid": Status.DONE,
    "invalid": Status.FATAL,
    "undetermined": Status.UNDETERMINED,
    "unreadable": Status.UNREADABLE,
}


class Answer(Struct, frozen=True, kw_only=True):
    """What checking one document says: one line of ``validate --format jsonl``.

    Attributes:
        file: the document as the user named it.
        sha256: the fingerprint of its bytes; ``None`` if they could not be read.
        syntax: ``ubl-invoice``, ``ubl-creditnote``, ``cii``; ``None`` for an invoice that is no XML.
        profile: the specification identifier (BT-24) as stated.
        verdict: ``valid``, ``invalid``, ``undetermined`` or ``unreadable``.
        schema_valid: whether it obeys the official schema; ``None`` for an invoice that is no XML.
        packs: what each rule pack says.
        findings: what is wrong.
        undetermined: what could not be judged.
        error: why the document could not be read, in one sentence.
        notes: what is to be known about the document and about the reach of the verdict.
    """

    file: str
    sha256: str | None = None
    syntax: Syntax | None = None
    profile: str | None = None
    verdict: Literal["valid", "invalid", "undetermined", "unreadable"] = "unreadable"
    schema_valid: bool | None = None
    packs: tuple[PackResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    undetermined: tuple[Undetermined, ...] = ()
    error: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """What this document contributes to the exit status."""
        return _STATUS[self.verdict]


class Question(Struct, frozen=True, kw_only=True):
    """What is asked of every document of a run.

    Attributes:
        packs: the packs asked for; nothing for ``auto``.
        as_of: the day whose rules count; today if ``None``.
        settings: what a document may cost.
    """

    packs: tuple[Asked, ...] = ()
    as_of: date | None = None
    settings: Settings


def answer(source: str, question: Question) -> Answer:
    """Check one document; whatever happens, there is an answer.

    Args:
        source: a path, or ``-``.
        question: what is asked.
    """
    intake = None
    try:
        intake = take_in(source, question.settings)
        report, schema_valid = judge(intake, choose(question.packs, intake.reading, as_of=question.as_of))
    except EinvoiceError as error:
        return Answer(file=source, sha256=intake.sha256 if intake else None, error=str(error))
    except Exception as error:  # one document must not take the others with it
        if os.environ.get("EINVOICE_DEBUG"):
            raise
        return Answer(file=source, sha256=intake.sha256 if intake else None, error=_defect(source, error))
    reading = intake.reading
    return Answer(
        file=source,
        sha256=intake.sha256,
        syntax=reading.syntax,
        profile=reading.profile,
        verdict=report.verdict,
        schema_valid=schema_valid,
        packs=report.packs,
        findings=report.findings,
        undetermined=report.undetermined,
        notes=report.notes,
    )


def _defect(source: str, error: Exception) -> str:
    return (
        f"{source}: einvoice failed on this document ({type(error).__name__}: {error}); that is a defect of einvoice,"
        " please report it with what EINVOICE_DEBUG=1 prints"
    )


def judge(intake: Intake, choice: Choice) -> tuple[Report, bool | None]:
    """Check an invoice that has been taken in.

    Args:
        intake: the invoice.
        choice: the packs that judge it.

    Returns:
        The report, violations of the schema among its findings, and whether the schema is obeyed (``None`` for an
        invoice that is no XML).
    """
    report = run(intake.reading, choice.packs, structure(intake, choice.packs))
    document = intake.document
    violations = document.schema_violations() if document is not None else []
    findings = (*map(_schema_finding, violations), *_placed(report.findings, document))
    packs = (*report.packs, *choice.missing)
    return (
        Report(
            verdict=_verdict(findings, packs),
            packs=packs,
            findings=findings,
            undetermined=tuple(_placed(report.undetermined, document)),
            notes=(*report.notes, *choice.notes),
        ),
        not violations if document is not None else None,
    )


def _verdict(findings: Iterable[Finding], packs: Sequence[PackResult]) -> Literal["valid", "invalid", "undetermined"]:
    if any(finding.effective == "fatal" for finding in findings):
        return "invalid"
    judged = bool(packs) and all(pack.verdict == "valid" for pack in packs)
    return "valid" if judged else "undetermined"


def _schema_finding(violation: SchemaViolation) -> Finding:
    return Finding(
        rule=SCHEMA,
        packs=(),
        severity="fatal",
        effective="fatal",
        message=violation.message,
        location=violation.path or None,
        line=violation.line,
        column=violation.column,
    )


def _placed(found: Iterable[T], document: Document | None) -> Iterator[T]:
    """The same, with their places: in the source, or in the model for an invoice that never was XML."""
    for one in found:
        if one.location is not None:
            yield one
        elif document is None:
            yield structs.replace(one, location=one.model_path or None)
        else:
            place = document.locate(one.model_path)
            yield structs.replace(one, location=place.path, line=place.line) if place else one
