# SPDX-License-Identifier: Apache-2.0
"""Comparing the rules of einvoice with a publisher's artefact over many documents: how a new release is adopted.

Versions may differ here: what a release changes is what the comparison shows.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.errors import EinvoiceError
from einvoice.service.bench import Bench
from einvoice.service.check import defect, judge
from einvoice.service.disagreement import difference
from einvoice.service.engines import native_choice
from einvoice.service.intake import take_in
from einvoice.service.official import Wanted, judge_officially
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.rules.findings import Finding, PackResult, Report


class Errand(Struct, frozen=True, kw_only=True):
    """What is asked of every document.

    Attributes:
        bench: the packs and the artefacts.
        as_of: the day whose rules count; today if ``None``.
        settings: what a document may cost.
    """

    bench: Bench
    as_of: date | None = None
    settings: Settings


class Compared(Struct, frozen=True, kw_only=True):
    """What both judges say of one document, for one pack.

    Attributes:
        pack: the pack, with its profile.
        native: the version of einvoice's rules; empty if it has none.
        official: the version of the artefact.
        obeyed: whether the document obeys its schema.
        missed: ids that only the artefact fires.
        extra: ids that only einvoice fires.
        levels: ids that both fire with different severities.
        left: why they could not be compared; empty if they could.
        open: how many rules einvoice left undetermined.
    """

    pack: str
    native: str
    official: str
    obeyed: bool
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    left: str = ""
    open: int = 0

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return not (self.missed or self.extra or self.levels or self.left)


class Outcome(Struct, frozen=True):
    """What comparing one document gave.

    Attributes:
        file: the document.
        packs: what was compared.
        error: why nothing was; empty if it could be read.
        failed: whether einvoice itself failed on it.
    """

    file: str
    packs: tuple[Compared, ...] = ()
    error: str = ""
    failed: bool = False


def compare(source: str, errand: Errand) -> Outcome:
    """Compare both judges on one document; whatever happens, there is an outcome.

    Args:
        source: a path.
        errand: what is asked.
    """
    try:
        return _compare(source, errand)
    except EinvoiceError as error:
        return Outcome(source, error=str(error))
    except Exception as error:  # one document must not take the others with it
        if os.environ.get("EINVOICE_DEBUG"):
            raise
        return Outcome(source, error=defect(source, error), failed=True)


def _compare(source: str, errand: Errand) -> Outcome:
    intake = take_in(source, errand.settings)
    native, obeyed = judge(intake, native_choice(intake.reading, errand.bench, errand.as_of))
    asked = errand.bench
    wanted = Wanted(packs=asked.packs, artefacts=asked.artefacts, named=asked.named, as_of=errand.as_of)
    results, findings = judge_officially(intake, wanted, errand.settings, native.packs)
    compared = (_compared(native, result, findings, obeyed=obeyed is not False) for result in results)
    return Outcome(source, tuple(compared))


def _compared(native: Report, result: PackResult, findings: tuple[Finding, ...], *, obeyed: bool) -> Compared:
    ours = next((pack for pack in native.packs if pack.id == result.id), None)
    name = result.id + (f":{result.profile}" if result.profile else "")
    doubts = sum(result.id in rule.packs for rule in native.undetermined)
    left = result.open
    if not left and (ours is None or not (ours.version or not ours.open)):
        left = "einvoice has no rules for it"
    if left or ours is None:
        version = ours.version if ours else ""
        return Compared(pack=name, native=version, official=result.version, obeyed=obeyed, left=left, open=doubts)
    found = difference(native, ours, result, findings)
    return Compared(
        pack=name,
        native=ours.version,
        official=result.version,
        obeyed=obeyed,
        missed=found.missed,
        extra=found.extra,
        levels=found.levels,
        open=doubts,
    )


class Worst(Struct, frozen=True):
    """An id on which the judges disagree.

    Attributes:
        rule: the id.
        how: ``missed``, ``extra`` or ``severity``.
        documents: on how many documents.
        example: the first of them.
    """

    rule: str
    how: str
    documents: int
    example: str


class Row(Struct, kw_only=True):
    """The comparison of one pack in one version, over all documents.

    Attributes:
        pack: the pack, with its profile.
        native: the version of einvoice's rules.
        official: the version of the artefact.
        obeyed: whether it is the row of documents that obey their schema.
        documents: how many could be compared.
        agreeing: on how many both say the same.
        left: how many could not be compared, by the reason.
        undetermined: on how many einvoice left rules undetermined.
        worst: the ids on which they disagree, the most frequent first.
    """

    pack: str
    native: str
    official: str
    obeyed: bool
    documents: int = 0
    agreeing: int = 0
    left: dict[str, int] = {}
    undetermined: int = 0
    worst: list[Worst] = []

    @property
    def share(self) -> float | None:
        """The documents on which both say the same, in percent; ``None`` where there was nothing to compare."""
        return 100 * self.agreeing / self.documents if self.documents else None


class Table(Struct, kw_only=True):
    """The comparison of all packs.

    Attributes:
        rows: one for each pack, version and state of the schema.
        unread: documents that could not be read, with the reason.
        documents: how many documents there were.
        failed: on how many of those in ``unread`` einvoice itself failed.
    """

    rows: list[Row]
    unread: dict[str, str]
    documents: int
    failed: int = 0

    @property
    def perfect(self) -> bool:
        """Whether the judges never disagreed, and einvoice never failed."""
        return not self.failed and all(row.agreeing == row.documents for row in self.rows)


def table(outcomes: Iterable[Outcome]) -> Table:
    """Add up what was compared.

    Args:
        outcomes: the documents.
    """
    rows: dict[tuple[str, str, str, bool], Row] = {}
    ids: dict[tuple[str, str, str, bool], Counter[tuple[str, str]]] = {}
    examples: dict[tuple[object, ...], str] = {}
    made = Table(rows=[], unread={}, documents=0)
    for outcome in outcomes:
        made.documents += 1
        if outcome.error:
            made.unread[outcome.file] = outcome.error
            made.failed += outcome.failed
        for one in outcome.packs:
            key = (one.pack, one.official, one.native, one.obeyed)
            row = rows.setdefault(key, _row(one))
            _add(row, one)
            counted = ids.setdefault(key, Counter())
            for what in _disagreements(one):
                counted[what] += 1
                examples.setdefault((key, what), outcome.file)
    for key, row in sorted(rows.items(), key=lambda pair: (pair[0][0], not pair[0][3], pair[0])):
        ranked = sorted(ids[key].items(), key=lambda pair: (-pair[1], pair[0]))
        row.worst = [Worst(rule, how, count, examples[key, (rule, how)]) for (rule, how), count in ranked]
        made.rows.append(row)
    return made


def _row(one: Compared) -> Row:
    return Row(pack=one.pack, native=one.native, official=one.official, obeyed=one.obeyed, left={}, worst=[])


def _add(row: Row, one: Compared) -> None:
    if one.left:
        reason = one.left.partition(": ")[0]  # what an artefact gave up on differs from document to document
        row.left[reason] = row.left.get(reason, 0) + 1
        return
    row.documents += 1
    row.agreeing += one.agrees
    row.undetermined += bool(one.open)


def _disagreements(one: Compared) -> list[tuple[str, str]]:
    kinds = (("missed", one.missed), ("extra", one.extra), ("severity", one.levels))
    return [(rule, how) for how, rules in kinds for rule in rules]
