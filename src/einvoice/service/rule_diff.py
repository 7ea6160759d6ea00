# SPDX-License-Identifier: Apache-2.0
"""Two releases of rules on the user's own invoices: which verdicts and which findings change.

Each document is read once and judged twice. A finding that only bears another name in the newer release is no change.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, structs

from einvoice.errors import EinvoiceError, UnknownNameError
from einvoice.rules.catalogue import catalogue
from einvoice.rules.changes import Changes, compare, paired
from einvoice.rules.languages import demanded, in_language, rooms
from einvoice.service.check import judge
from einvoice.service.intake import take_in
from einvoice.service.packs import Choice, find, parse
from einvoice.service.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.rules.changes import RuleChange
    from einvoice.rules.findings import Finding, Report
    from einvoice.rules.registry import Family, Pack
    from einvoice.service.settings import Settings

Key = tuple[str, str, str | None, str | None]


class Pair(Struct, frozen=True, kw_only=True):
    """Two releases, and the language in which they are compared.

    Attributes:
        older: the release to compare, as :func:`pack_of` takes it.
        newer: the release to compare it with.
        language: one of :data:`~einvoice.rules.catalogue.LANGUAGES`.
    """

    older: str
    newer: str
    language: str = "en"

    @property
    def packs(self) -> tuple[Pack, Pack]:
        """The releases.

        Raises:
            UnknownNameError: there is no such release.
        """
        return pack_of(self.older), pack_of(self.newer)


class Shift(Struct, frozen=True, kw_only=True):
    """A finding that one of two releases has and the other has not.

    Attributes:
        change: ``appears`` in the newer release, ``vanishes`` with it, or has another ``severity`` there.
        rule: the rule, as the release calls it that has the finding; the newer, if both have it.
        severity: its severity there.
        before: its severity in the older release, if it is another.
        message: what the rule demands.
        found: what stands in the invoice.
        location: where.
        line: the line in the source, counted from 1.
    """

    change: Literal["appears", "vanishes", "severity"]
    rule: str
    severity: str
    before: str = ""
    message: str = ""
    found: str | None = None
    location: str | None = None
    line: int | None = None


class Rejudged(Struct, frozen=True, kw_only=True):
    """What two releases say of one document.

    Attributes:
        file: the document as the user named it.
        before: the verdict of the older release; ``unreadable`` if the document cannot be read.
        after: that of the newer.
        shifts: what changes.
        error: why it cannot be read, in one sentence.
    """

    file: str
    before: str
    after: str
    shifts: tuple[Shift, ...] = ()
    error: str | None = None

    @property
    def changes(self) -> bool:
        """Whether the releases differ about it."""
        return self.before != self.after or bool(self.shifts)

    @property
    def status(self) -> Status:
        """What it contributes to the exit status: whether it gets worse."""
        if self.error is not None:
            return Status.UNREADABLE
        if self.after == self.before:
            return Status.DONE
        return {"invalid": Status.FATAL, "undetermined": Status.UNDETERMINED}.get(self.after, Status.DONE)


def pack_of(name: str) -> Pack:
    """The release that a name asks for.

    Args:
        name: ``PACK[:PROFILE][@VERSION]``; without a version, that of today.

    Raises:
        UnknownNameError: there is no such pack, profile or version, or it has no rules here.
    """
    asked = parse([name])
    pack = find(asked[0], None) if len(asked) == 1 else None
    if pack is None:
        raise UnknownNameError(f"{name} has several profiles; name one, such as facturx:basic", code="UNKNOWN_PACK")
    return pack


def changes_between(pair: Pair) -> Changes:
    """Say what differs between two releases.

    Args:
        pair: the releases.

    Raises:
        UnknownNameError: there is no such release.
    """
    older, newer = pair.packs
    found = compare(older, newer)
    if pair.language == "en":
        return found
    words = catalogue(pair.language)
    rules = [_in_language(one, older, newer, pair.language) for one in found.rules]
    notes = [words.told(note, *rooms((older.id, newer.id))) for note in found.notes]
    return structs.replace(found, rules=tuple(rules), notes=tuple(notes))


def _in_language(one: RuleChange, older: Pack, newer: Pack, language: str) -> RuleChange:
    where = older if one.change == "gone" else newer
    told = structs.replace(one, sentence=demanded(where, one.id, one.sentence, language))
    if one.change != "sentence":
        return told
    names = {new: old for family in one.syntaxes for old, new in paired(older, newer, family).items()}
    return structs.replace(told, before=demanded(older, names[one.id], one.before, language))


def rejudge(source: str, pair: Pair, settings: Settings) -> Rejudged:
    """Judge one document by two releases; whatever happens, there is an answer.

    Args:
        source: a path, or ``-``.
        pair: the releases.
        settings: what a document may cost.
    """
    before, after = pair.packs
    try:
        intake = take_in(source, settings)
        family: Family = "cii" if intake.reading.syntax == "cii" else "ubl"
        then, now = (in_language(judge(intake, Choice((pack,)))[0], pair.language) for pack in (before, after))
        shifts = _shifts(then, now, paired(before, after, family))
        return Rejudged(file=source, before=then.verdict, after=now.verdict, shifts=shifts)
    except EinvoiceError as error:
        return unread(source, str(error))
    except Exception as error:  # one document must not take the others with it
        if os.environ.get("EINVOICE_DEBUG"):
            raise
        return unread(source, f"einvoice failed on this document ({type(error).__name__}: {error})")


def unread(source: str, why: str) -> Rejudged:
    """The answer for a document that could not be read.

    Args:
        source: the document as the user named it.
        why: the reason, in one sentence.
    """
    return Rejudged(file=source, before="unreadable", after="unreadable", error=why)


def _shifts(then: Report, now: Report, names: dict[str, str]) -> tuple[Shift, ...]:
    before, after = _by_key(then.findings, names), _by_key(now.findings, {})
    found = [
        Shift(
            change="severity",
            rule=new.rule,
            severity=new.effective,
            before=before[key].effective,
            message=new.message,
            found=new.found,
            location=new.location,
            line=new.line,
        )
        for key, new in after.items()
        if key in before and before[key].effective != new.effective
    ]
    found += [_shift("appears", one) for key, one in after.items() if key not in before]
    found += [_shift("vanishes", one) for key, one in before.items() if key not in after]
    return tuple(found)


def _shift(change: Literal["appears", "vanishes"], one: Finding) -> Shift:
    return Shift(
        change=change,
        rule=one.rule,
        severity=one.effective,
        message=one.message,
        found=one.found,
        location=one.location,
        line=one.line,
    )


def _by_key(findings: Iterable[Finding], names: dict[str, str]) -> dict[Key, Finding]:
    """Findings by what makes them the same in both releases: the rule, under its newer name, and the place."""
    return {(names.get(one.rule, one.rule), one.model_path, one.location, one.found): one for one in findings}


def tally(results: Iterable[Rejudged]) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """How often verdicts and rules changed: (before, after) and (change, rule).

    Args:
        results: what the releases said.
    """
    verdicts: Counter[tuple[str, str]] = Counter()
    rules: Counter[tuple[str, str]] = Counter()
    for one in results:
        if one.before != one.after:
            verdicts[one.before, one.after] += 1
        rules.update({(shift.change, shift.rule) for shift in one.shifts})
    return verdicts, rules
