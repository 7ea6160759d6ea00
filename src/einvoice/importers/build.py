# SPDX-License-Identifier: Apache-2.0
"""Build invoices from documents, walking down a plan.

A value is never invented: what the cells, the declared constants and the profile do not say stays absent, and where
EN 16931 needs it, that is a fault which names the cell to fill in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from einvoice.errors import MappingError
from einvoice.importers.declaration import NESTED
from einvoice.importers.erp_steps import scaled
from einvoice.importers.imported import ImportedInvoice
from einvoice.importers.origin import FaultCode, ImportFault, Origin, Provenance, Record, Trace, origin_of
from einvoice.importers.plan import FAILED
from einvoice.importers.required import MANDATORY_GROUPS
from einvoice.importers.rows import Header
from einvoice.importers.targets import label, named
from einvoice.importers.taxes import Taxes
from einvoice.importers.wording import shown
from einvoice.model import DocumentTotals, Identifier, Invoice, InvoiceLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msgspec import Struct

    from einvoice.importers.forest import Forest
    from einvoice.importers.plan import LeafPlan, NodePlan, Plan, Test
    from einvoice.importers.rows import Document, Table
    from einvoice.importers.sheets import Book

CREDIT_NOTES: Final = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""The codes of UNTDID 1001 that EN 16931 takes for credit notes."""


class Builder:
    """Builds the invoice of one document.

    Args:
        plan: the plan.
        table: the export.
        document: the rows.
    """

    def __init__(self, plan: Plan, table: Table | Forest | Book, document: Document) -> None:
        self.plan = plan
        self.file = table.file
        self.headers = table.headers
        self.document = document
        self.provenance = Provenance(table.file, table.headers)
        self.faults: list[ImportFault] = []
        self.flip = False
        self.line = 0
        self.root: dict[str, Any] = {}
        self.taxes = Taxes(plan.mapping.vat)

    def build(self, starts: Sequence[int] = ()) -> ImportedInvoice:
        """Build the invoice.

        Args:
            starts: the rows at which the same invoice number begins, if it does so more than once.
        """
        document, plan = self.document, self.plan
        self.contradictions()
        if starts:
            self.duplicate(starts)
        for record, message in document.faults:
            self.fault("ROW", message, self.row(record))
        self.refusals()
        values = self.values(plan.invoice, document.header, "")
        expected = self.group(plan.expect, document.header, "totals")
        lines = [self.one_line(record, index) for index, record in enumerate(document.lines)]
        if not lines:
            self.fault("MISSING", "the invoice has no line", self.row(document.header), "BG-25", "lines")
        invoice = Invoice(**values, lines=tuple(lines), vat_breakdown=self.taxes.reasons(self.provenance))
        return ImportedInvoice(
            number=document.number,
            invoice=invoice,
            provenance=self.provenance,
            expected=expected if isinstance(expected, DocumentTotals) else DocumentTotals(),
            faults=tuple(sorted(self.faults, key=lambda fault: (fault.origin.row or 0, fault.origin.column or 0))),
            rows=(document.header.row, document.last),
            mapping=plan.mapping.id,
            prices_include_vat=self.gross(),
            percentages_of_price=plan.mapping.source.line_percentages == "of-price",
        )

    def refusals(self) -> None:
        """Note what the mapping says that an invoice must not say."""
        for test in self.plan.refuse:
            if self.holds(test):
                origin = origin_of(self.file, self.headers, self.document.header, test.trace)
                self.fault("REFUSED", test.because, origin)

    def gross(self) -> bool:
        """Whether prices and amounts include VAT."""
        asked = self.plan.gross
        return self.holds(asked) if asked is not None else self.plan.mapping.source.prices == "gross"

    def holds(self, test: Test) -> bool:
        """Whether something is so in this invoice; what cannot be read is noted."""
        try:
            return test.holds(self.document.header.cells)
        except MappingError as error:
            origin = origin_of(self.file, self.headers, self.document.header, test.trace)
            self.fault("SOURCE", error.message, origin)
            return False

    # -------------------------------------------------------------------------------------- groups

    def one_line(self, record: Record, index: int) -> InvoiceLine:
        """Build a line."""
        self.line = index + 1
        path = f"lines[{index}]"
        self.provenance.sought(path, self.row(record))
        return InvoiceLine(**self.values(self.plan.lines, record, path))

    def group(self, node: NodePlan, record: Record, path: str) -> Struct | None:
        """Build one instance of a group; nothing if the cells say nothing for it."""
        if not node.certain and not _speaks(node, record):
            trace = node.fed[0].trace if node.fed else None
            if trace is not None:
                self.provenance.sought(path, (record, trace))
            return None
        values = self.identifier(node, record, path) if node.cls is Identifier else self.values(node, record, path)
        return node.cls(**values) if values else None

    def values(self, node: NodePlan, record: Record, path: str) -> dict[str, Any]:
        """The fields of one instance, those that must not be missing checked."""
        values: dict[str, Any] = {}
        failed: set[str] = set()
        above = f"{path}." if path else ""
        for leaf, name, is_plain in node.steps:
            value = self.cell(leaf, record, above + name) if is_plain else self.value(leaf, record, above + name)
            if value is FAILED:
                failed.add(name)
            elif value is not None:
                values[name] = (value,) if leaf.repeats else value
        if node.path == "":
            self.root = values
            self.flip = values.get("type_code") in CREDIT_NOTES
        self.groups(node, record, path, values)
        if node.vat is not None and not self.taxes.decide(self, node, record, path, values):
            failed.update(node.vat.fields)
        if node.required:
            self.require(node, record, path, values, failed)
        return values

    def groups(self, node: NodePlan, record: Record, path: str, values: dict[str, Any]) -> None:
        """Build the groups below one instance."""
        for group in node.groups:
            below = f"{path}.{group.name}" if path else group.name
            if not group.repeats:
                for only in self.instances(group, record, below)[:1]:
                    made = self.group(group, only, below)
                    if made is not None:
                        values[group.name] = made
                continue
            for each in self.instances(group, record, below):
                there: tuple[Struct, ...] = values.get(group.name, ())
                made = self.group(group, each, f"{below}[{len(there)}]")
                if made is not None:
                    values[group.name] = (*there, made)

    def instances(self, group: NodePlan, record: Record, path: str) -> Sequence[Record]:
        """The records that make a group: rows of its own, what stands below this record, or this record itself."""
        if group.part:
            return self.document.parts.get(group.name, ())
        if not group.each:
            return (record,)
        try:
            found = record.below(group.each)
        except MappingError as error:
            self.fault("SOURCE", f"{group.each}: {error.message}", record.here(self.file), group.term, path)
            return ()
        return found or ((record,) if group.path in MANDATORY_GROUPS else ())

    def identifier(self, node: NodePlan, record: Record, path: str) -> dict[str, Any]:
        """An identifier is one value: its scheme comes from where its value comes from."""
        plan = next((leaf for leaf in node.leaves if leaf.name == "value"), None)
        if plan is None or plan.overlay is None or plan.rule is None:
            return self.values(node, record, path)
        said = self.stated(plan, record, f"{path}.value")
        other = plan.overlay[0]
        differ = said is not None and said != other.value
        if said is FAILED or (differ and other.override is None):
            self.overlaid(plan, said, record, f"{path}.value")
            return {}
        values: dict[str, Any] = {}
        for leaf in node.leaves:
            below = f"{path}.{leaf.name}"
            if differ and not other.override:
                value = self.stated(leaf, record, below)
            elif differ or said is None:
                value = self.profiled(leaf, below)
            else:
                value = self.value(leaf, record, below)
            if value is not None and value is not FAILED:
                values[leaf.name] = value
        return values

    # -------------------------------------------------------------------------------------- values

    def value(self, leaf: LeafPlan, record: Record, path: str) -> object:
        """The value of one field, from its cells, as declared, or from the profile."""
        value = self.stated(leaf, record, path)
        return value if leaf.overlay is None else self.overlaid(leaf, value, record, path)

    def stated(self, leaf: LeafPlan, record: Record, path: str) -> object:
        """What the export and the mapping say."""
        if leaf.positions:
            value = self.cell(leaf, record, path)
            if value is not None or leaf.rule is None or not leaf.rule.count:
                return value
        if leaf.constant is not None:
            value, origin = leaf.constant
            self.provenance.found(path, origin)
            return value
        if leaf.rule is not None and leaf.rule.count and leaf.trace is not None:
            self.provenance.found(path, (record, Trace("line count", (), leaf.trace.key)))
            return str(self.line)
        return None

    def profiled(self, leaf: LeafPlan, path: str) -> object:
        """What the profile says."""
        if leaf.overlay is None:
            return None
        value, origin = leaf.overlay
        self.provenance.found(path, origin)
        return value.value

    def cell(self, leaf: LeafPlan, record: Record, path: str) -> object:
        """The value that cells say; nothing if they are empty."""
        if leaf.rule is None or leaf.trace is None:
            return None
        try:
            text = leaf.read(record.cells)
            if not text:
                self.provenance.sought(path, (record, leaf.trace))
                return None
            self.provenance.found(path, (record, leaf.trace))
            value = leaf.rule.step(text)
            if leaf.rule.minor:
                value = scaled(value, self.root.get("currency_code"), leaf.rule.minor)
        except MappingError as error:
            code = cast("FaultCode", error.code or "TEXT")
            self.fault(code, error.message, self.at(record, leaf), leaf.term, path)
            return FAILED
        return -value if leaf.signed and self.flip and value else value

    def overlaid(self, leaf: LeafPlan, value: object, record: Record, path: str) -> object:
        """What holds where the profile speaks too."""
        if leaf.overlay is None or value is FAILED:
            return value
        overlay, origin = leaf.overlay
        if value is None or (value != overlay.value and overlay.override):
            return self.profiled(leaf, path)
        if value == overlay.value or overlay.override is False:
            return value
        says = f"says {shown(str(value))}, but {origin.file} (key {origin.key!r}) says {shown(str(overlay.value))}"
        who = "the export" if leaf.positions else "the mapping"
        way = "write override = true there to let the profile win, override = false to let the export win"
        self.fault("CONFLICT", f"{who} {says}; {way}", self.at(record, leaf), leaf.term, path)
        return FAILED

    def require(self, node: NodePlan, record: Record, path: str, values: dict[str, Any], failed: set[str]) -> None:
        """Note what must not be missing and is, at the cell that should say it."""
        for names in node.required:
            if names[0] in values or any(name in values or name in failed for name in names):
                continue
            leaf = next((leaf for name in names for leaf in node.leaves if leaf.name == name), None)
            generic = f"{node.path}.{names[0]}" if node.path else names[0]
            reason = "the cell is empty" if leaf is not None else "the mapping does not say it"
            if leaf is not None and leaf.rule is not None and leaf.rule.columns and not leaf.positions:
                reason = f"the export has no column {' or '.join(map(repr, leaf.rule.columns[:4]))}"
            message = f"{leaf.title if leaf else named(generic)} must not be missing, but {reason}"
            place = self.at(record, leaf) if leaf is not None else self.row(record)
            self.fault(
                "MISSING", message, place, leaf.term if leaf else label(generic), f"{path}.{names[0]}".strip(".")
            )

    # -------------------------------------------------------------------------------------- faults

    def contradictions(self) -> None:
        """Note where the rows of the invoice say different things."""
        header = self.document.header
        contradictions = header.contradictions if isinstance(header, Header) else {}
        for position, found in contradictions.items():
            stated = header.cells[position].strip()
            said = found.other.cells[position].strip()
            origin = origin_of(self.file, self.headers, found.other, Trace("cell", (position,), ""))
            message = f"{shown(said)} contradicts {shown(stated)} in row {found.first.row} of the same invoice"
            self.fault("CONTRADICTION", message, origin, self.plan.told[position])

    def duplicate(self, starts: Sequence[int]) -> None:
        """Note that the number comes again after other invoices."""
        places = ", ".join(map(str, starts))
        number = shown(self.document.number)
        if self.plan.mapping.source.format in NESTED:
            message = f"several invoices of this file have the number {number} (no. {places}): a number is used once"
        else:
            message = f"invoice {number} begins more than once (rows {places}): two invoices cannot share a number; "
            message += "if these rows are one invoice, sort the export or declare scattered = true in [source]"
        position = self.plan.grouping.number
        origin = origin_of(self.file, self.headers, self.document.header, Trace("cell", (position,), ""))
        self.fault("DUPLICATE", message, origin, "BT-1", "number")

    def fault(self, code: FaultCode, message: str, origin: Origin, term: str = "", path: str = "") -> None:
        """Note a fault."""
        self.faults.append(ImportFault(code, message, origin, term, path))

    def at(self, record: Record, leaf: LeafPlan) -> Origin:
        """The cells that feed a field, or the row where none do."""
        if leaf.trace is not None and leaf.positions:
            return origin_of(self.file, self.headers, record, leaf.trace)
        return leaf.constant[1] if leaf.constant is not None else self.row(record)

    def row(self, record: Record) -> Origin:
        """A row as a whole."""
        return record.here(self.file)


def _speaks(node: NodePlan, record: Record) -> bool:
    """Whether the cells of a record, or of what stands below it, say anything for a group."""
    try:
        if any(leaf.read(record.cells) for leaf in node.fed):
            return True
        return any(group.each and record.below(group.each) for group in node.groups)
    except MappingError:  # something stands there that cannot be read: building the group will say so
        return True
