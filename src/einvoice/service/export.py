# SPDX-License-Identifier: Apache-2.0
"""ERP exports on their way out: calculated, compared with what the export states, judged, and only then written.

Nothing unsound leaves the house: what is missing or contradicts itself is named with its row and column.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.errors import EinvoiceError, MappingError, ProfileError
from einvoice.importers import import_file, load_named, load_seller
from einvoice.model import terms
from einvoice.model.calculate import calculate
from einvoice.service.causes import Cause, Refusal, Warned, cause_of, told
from einvoice.service.changes import calculated
from einvoice.service.claim import claim
from einvoice.service.convert import Attempt, blamed, finished, judged_stepwise, lossy, model_losses, refused
from einvoice.service.sources import read_bytes
from einvoice.service.spelling import reread, spelled
from einvoice.service.status import Status, status_of
from einvoice.service.steps import ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from einvoice.importers import ErpMapping, ImportedInvoice, ImportFault, Origin, SellerProfile
    from einvoice.model import Invoice, Remark
    from einvoice.profiles import Profile
    from einvoice.rules.findings import Finding
    from einvoice.service.changes import Computed
    from einvoice.service.convert import Wish
    from einvoice.service.intake import Intake
    from einvoice.service.shapes import Shapes
    from einvoice.service.steps import Steps

_COUNTED: Final = re.compile(r"[0-9]+")
_INDEX: Final = re.compile(r"\[[0-9]+\]")


class Exports:
    """How ERP exports are read in one run.

    Args:
        mapping: the file that says what the columns mean.
        seller: the file that says what an ERP never exports; ``None`` if the mapping says everything.
        profile: what the invoices will claim to obey, so that nothing else has to say it.

    Attributes:
        assumes: whether only the profile says what the invoices obey.

    Raises:
        MappingError: one of them cannot be used.
    """

    def __init__(self, mapping: str, seller: str | None = None, profile: Profile | None = None) -> None:
        self.mapping: ErpMapping = load_named(mapping)
        self.seller: SellerProfile | None = load_seller(seller) if seller is not None else None
        self.assumes = False
        if profile is not None:
            self.seller, self.assumes = _claiming(self.seller, profile)

    def read(
        self,
        source: str,
        *,
        limit: int,
        progress: Callable[[int, int], None] | None = None,
        skip: Callable[[int], bool] | None = None,
    ) -> Iterator[ImportedInvoice]:
        """The invoices of an export, in its order.

        Args:
            source: a path, or ``-``.
            limit: the number of bytes that are read at most.
            progress: called now and then with the rows done and all rows.
            skip: asked with the place of each invoice, from 0; one that it wants left out is not built.

        Raises:
            InputError: the export cannot be read or does not fit the mapping.
        """
        data = read_bytes(source, limit=limit)
        return import_file(data, self.mapping, self.seller, name=source, progress=progress, max_bytes=limit, skip=skip)


def _claiming(seller: SellerProfile | None, profile: Profile) -> tuple[SellerProfile, bool]:
    """A seller profile that states the specification where nothing else does, and whether it did not before."""
    text = f'process_control.specification_identifier = {{ value = "{profile.identifier}", override = false }}'
    stated = load_seller(text.encode(), name="--profile")
    if seller is None:
        return stated, True
    (added,) = stated.branch.groups["process_control"]
    (group, *_) = seller.branch.groups.setdefault("process_control", [added])
    before = group.leaves.setdefault("specification_identifier", added.leaves["specification_identifier"])
    return seller, before is added.leaves["specification_identifier"]


def convert_imported(
    imported: ImportedInvoice, wish: Wish, source: str, *, assumes: bool = False, shapes: Shapes | None = None
) -> Attempt:
    """Make an e-invoice of one invoice of an export.

    Args:
        imported: the invoice as the mapping built it.
        wish: what is wanted.
        source: what the user called the export.
        assumes: see :class:`Exports`.
        shapes: what is known of invoices like it, where there are many; the arithmetic of each computed value is left
            out then.
    """
    return ended(stepwise(imported, wish, source, assumes=assumes, shapes=shapes))


def stepwise(
    imported: ImportedInvoice, wish: Wish, source: str, *, assumes: bool = False, shapes: Shapes | None = None
) -> Steps[Attempt]:
    """The same in steps, so that many invoices can be made abreast.

    Args:
        imported: see :func:`convert_imported`.
        wish: see there.
        source: see there.
        assumes: see there.
        shapes: see there.
    """
    if imported.faults:
        return _faulty(Attempt(status=Status.UNREADABLE), imported.faults, imported, source)
    try:
        return (yield from _made(_unclaimed(imported) if assumes else imported, wish, source, shapes))
    except EinvoiceError as error:
        return Attempt(error=error, status=status_of(error))


def _made(imported: ImportedInvoice, wish: Wish, source: str, shapes: Shapes | None) -> Steps[Attempt]:
    calculation = calculate(
        imported.invoice,
        prices_include_vat=imported.prices_include_vat,
        percentages_of_price=imported.percentages_of_price,
    )
    invoice = calculation.invoice
    attempt = Attempt(
        computed=calculated(calculation.figures) if shapes is None else (),
        notes=tuple(one.explanation for one in calculation.differences),
    )
    if contradictions := imported.differences(invoice):
        return _faulty(structs.replace(attempt, status=Status.FATAL), contradictions, imported, source)
    if wish.profile is not None:
        invoice, claimed = claim(invoice, wish.profile, wish.to)
        attempt = structs.replace(attempt, computed=(*claimed, *attempt.computed))
    yield
    data, result, lost, added = yield from _checked(invoice, wish, shapes)
    yield
    attempt = structs.replace(attempt, losses=lost, computed=(*attempt.computed, *added))
    if wish.lossless and lost:
        return refused(attempt, lossy(lost, wish))
    attempt = yield from judged_stepwise(attempt, invoice, result)
    if attempt.error is not None:
        return _explained(attempt, imported, source)
    if attempt.warnings:
        warnings = tuple(_warned(one.finding, imported, source) for one in attempt.warnings)
        attempt = structs.replace(attempt, warnings=warnings)
    return finished(attempt, result, data, wish)


def _checked(
    invoice: Invoice, wish: Wish, shapes: Shapes | None
) -> Steps[tuple[bytes, Intake, tuple[Remark, ...], tuple[Computed, ...]]]:
    """What was written, the same taken in again, what it does not say, and what it says more."""
    data = spelled(invoice, wish, None)
    yield
    result = reread(data, wish)
    yield
    if shapes is not None and result.document is not None:
        from einvoice.service.shapes import as_written

        if shapes.survives(invoice, data, result.document):
            return data, as_written(invoice, data, result.document), (), ()
    lost, added = model_losses(invoice, result.reading)
    if shapes is not None and not (lost or added or result.reading.remarks):
        shapes.learn(invoice)
    return data, result, lost, added


def _unclaimed(imported: ImportedInvoice) -> ImportedInvoice:
    """The invoice without the specification that was assumed, so that it is listed as set."""
    origin = imported.provenance.locate("process_control.specification_identifier")
    control = imported.invoice.process_control
    if origin is None or origin.kind != "seller profile" or control is None:
        return imported
    control = structs.replace(control, specification_identifier=None)
    return structs.replace(imported, invoice=structs.replace(imported.invoice, process_control=control))


def _faulty(attempt: Attempt, faults: Sequence[ImportFault], imported: ImportedInvoice, source: str) -> Attempt:
    """The same attempt, with everything that has to be put right; each names row, column and term."""
    reasons = [f"{_elsewhere(fault.origin, source)}{fault}" for fault in faults]
    error = MappingError("", source=source, code=f"IMPORT_{faults[0].code}")
    causes = tuple(Cause(one.code, one.term, _spot(one.origin), one.message) for one in faults)
    attempt = structs.replace(
        attempt,
        causes=tuple({_alike(one): one for one in reversed(causes)}.values())[::-1],
        refusals=tuple(_refusal(one.code, one.message, one.term, one.origin) for one in faults),
    )
    return blamed(attempt, error, f"invoice {imported.number} is not written", reasons)


def _elsewhere(origin: Origin, source: str) -> str:
    """The file of an origin, where it is not the export."""
    return "" if origin.file == source else f"{origin.file}, "


def _explained(attempt: Attempt, imported: ImportedInvoice, source: str) -> Attempt:
    """The same attempt, each finding with the place in the export that it comes from."""
    if not attempt.findings or attempt.error is None:
        return attempt
    reasons = [f"{_place(finding, imported, source)}{told(finding)}" for finding in attempt.findings]
    error = ProfileError("", source=source, code=attempt.error.code)
    attempt = structs.replace(
        attempt,
        causes=tuple(_cause(finding, imported) for finding in attempt.findings),
        refusals=tuple(_located(finding, imported) for finding in attempt.findings),
    )
    return blamed(attempt, error, f"invoice {imported.number} is not written, because it would not be valid", reasons)


def _place(finding: Finding, imported: ImportedInvoice, source: str) -> str:
    origin = _origin(finding, imported)
    return f"{_elsewhere(origin, source)}{origin.place()}: " if origin is not None else ""


def _origin(finding: Finding, imported: ImportedInvoice) -> Origin | None:
    """The place of a finding in the export; of what is missing, the empty cell that should say it."""
    if finding.found is None:
        for term in finding.terms:
            if (path := _within(finding.model_path, term)) and (origin := imported.provenance.empty(path)):
                return origin
    path = finding.model_path or next((_within("", term) for term in finding.terms), "")
    return imported.provenance.locate(path) if finding.model_path or not path.startswith("lines.") else None


def _within(model_path: str, term: str) -> str:
    """Where a term belongs in what a finding is about; empty where it belongs to something else."""
    group, path = _INDEX.sub("", model_path), _paths().get(term, "")
    if group and not path.startswith(f"{group}."):
        return ""
    return model_path + path[len(group) :]


@cache
def _paths() -> dict[str, str]:
    return {term.id: path for path, term in terms().items()}


def _cause(finding: Finding, imported: ImportedInvoice) -> Cause:
    origin = _origin(finding, imported)
    return cause_of(finding, _spot(origin) if origin else "")


def _warned(finding: Finding, imported: ImportedInvoice, source: str) -> Warned:
    place = _place(finding, imported, source).removesuffix(": ")
    return Warned(finding, place, _cause(finding, imported))


def _located(finding: Finding, imported: ImportedInvoice) -> Refusal:
    refusal = _refusal(finding.rule, finding.message, next(iter(finding.terms), ""), _origin(finding, imported))
    return refusal if refusal.found is not None else structs.replace(refusal, found=finding.found)


def _refusal(rule: str, message: str, term: str, origin: Origin | None) -> Refusal:
    if origin is None:
        return Refusal(rule, message, term or None)
    return Refusal(
        rule,
        message,
        term or None,
        origin.place() or None,
        origin.file,
        sheet=origin.sheet,
        row=origin.row,
        column=origin.column,
        header=origin.header,
        path=origin.path,
        line=origin.line,
        found=origin.raw,
    )


def _alike(cause: Cause) -> tuple[str, str, str]:
    return cause.code, cause.term, cause.place


def _spot(origin: Origin) -> str:
    """The place of an origin in any invoice of the export: its column, or its place without the counting."""
    if origin.header is not None:
        return f"column {origin.header!r}"
    return _COUNTED.sub("*", origin.place()) if origin.kind != "row" else ""
