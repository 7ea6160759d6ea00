# SPDX-License-Identifier: Apache-2.0
"""Judging an invoice by the rules of this package, also one that never was XML.

Such an invoice is judged as it would stand in UBL; in CII where a pack knows CII only (Factur-X), or where the
specification that it names exists in CII only. What is found in an element is told of the place in the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import structs

from einvoice.model import DocumentTotals, Seller
from einvoice.rules.findings import Finding, Report, Undetermined
from einvoice.rules.report import run
from einvoice.service.steps import ended
from einvoice.service.structure import structure
from einvoice.service.written import FAMILIES, Written, home

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from einvoice.bind import Document
    from einvoice.model import Reading
    from einvoice.rules.registry import Pack
    from einvoice.rules.structure_findings import Locate
    from einvoice.service.intake import Intake
    from einvoice.service.steps import Steps
    from einvoice.service.written import Family

T = TypeVar("T", Finding, Undetermined)
_GRAVE: Final = ("invalid", "undetermined", "valid")


def by_rules(intake: Intake, packs: Sequence[Pack]) -> Report:
    """Judge an invoice by the rules of packs.

    Args:
        intake: the invoice.
        packs: the packs.

    Returns:
        The report; of a document, with the places of what its elements say; else with places in the model.
    """
    return ended(by_rules_stepwise(intake, packs))


def by_rules_stepwise(intake: Intake, packs: Sequence[Pack]) -> Steps[Report]:
    """The same in steps.

    Args:
        intake: see :func:`by_rules`.
        packs: see there.
    """
    if intake.document is not None:
        hits = structure(intake.document, packs)
        yield
        return run(intake.reading, packs, hits, _locating(intake.document))
    written = Written(intake.reading.invoice)
    groups = families(packs, intake.reading.profile)
    return _joined([_judged(written, intake.reading, group, family) for family, group in groups.items()], packs)


def families(packs: Sequence[Pack], profile: str | None) -> dict[Family, tuple[Pack, ...]]:
    """In which syntax an invoice that has none is judged by which packs.

    Args:
        packs: the packs.
        profile: its specification identifier (BT-24).
    """
    known = {pack: [family for family in FAMILIES if family not in pack.unknown] for pack in packs}
    free = home(list(known.values()), profile)
    place = {pack: some[0] if len(some) == 1 else free for pack, some in known.items()}
    found = {family: tuple(pack for pack in packs if place[pack] == family) for family in FAMILIES}
    return {family: some for family, some in found.items() if some} or {"ubl": ()}


def _judged(written: Written, reading: Reading, packs: Sequence[Pack], family: Family) -> Report:
    document = written.document(family) if any(family in pack.structure for pack in packs) else None
    hits = structure(document, packs) if document is not None else {}
    locate = _locating(document) if document is not None else None
    report = run(_in_cii(reading) if family == "cii" else reading, packs, hits, locate)
    return structs.replace(
        report,
        findings=tuple(written.in_model(one, family) for one in report.findings),
        undetermined=tuple(written.in_model(one, family) for one in report.undetermined),
    )


def _locating(document: Document) -> Locate:
    """Says where a place of the model stands in a document."""

    def locate(path: str) -> str | None:
        place = document.locate(path)
        return place.path if place is not None else None

    return locate


def _in_cii(reading: Reading) -> Reading:
    """The reading as one of CII; what its schema would demand is there, and empty."""
    invoice = reading.invoice
    demanded = structs.replace(invoice, totals=invoice.totals or DocumentTotals(), seller=invoice.seller or Seller())
    return structs.replace(reading, syntax="cii", invoice=demanded)


def _joined(reports: Sequence[Report], packs: Sequence[Pack]) -> Report:
    """The reports of two syntaxes as one."""
    if len(reports) == 1:
        return reports[0]
    order = {(pack.id, pack.profile): place for place, pack in enumerate(packs)}
    results = [result for report in reports for result in report.packs]
    return Report(
        verdict=min((report.verdict for report in reports), key=_GRAVE.index),
        packs=tuple(sorted(results, key=lambda result: order[result.id, result.profile])),
        findings=_once(one for report in reports for one in report.findings),
        undetermined=_once(one for report in reports for one in report.undetermined),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
    )


def _once(found: Iterable[T]) -> tuple[T, ...]:
    """What two syntaxes say of one place is said once, with the packs of both."""
    known: dict[T, tuple[T, list[str]]] = {}
    for one in found:
        _, packs = known.setdefault(structs.replace(one, packs=()), (one, []))
        packs += [pack for pack in one.packs if pack not in packs]
    return tuple(structs.replace(one, packs=tuple(packs)) for one, packs in known.values())
