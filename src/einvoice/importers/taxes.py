# SPDX-License-Identifier: Apache-2.0
"""How the VAT of a line, an allowance or a charge is decided while an invoice is built: by the table of the mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from einvoice.errors import MappingError
from einvoice.importers.origin import Origin, Record, origin_of
from einvoice.importers.plan import FAILED
from einvoice.importers.vat import VatDecision, VatFacts
from einvoice.model import VatBreakdown, fields_of

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.importers.build import Builder
    from einvoice.importers.origin import Provenance
    from einvoice.importers.plan import NodePlan, VatPlan
    from einvoice.importers.vat import VatTable


class Taxes:
    """Asks the VAT table, and remembers the exemption reasons for the VAT breakdown.

    Args:
        table: the table of the mapping.
    """

    # It does not know the builder: two that know each other wait for the garbage collector with all their rows.
    def __init__(self, table: VatTable) -> None:
        self.table = table
        self.decided: dict[tuple[Any, Any, Any], VatDecision] = {}  # the countries are the same in all lines
        self.breakdown: dict[tuple[str, Decimal | None], tuple[VatDecision, Record]] = {}

    def decide(self, builder: Builder, node: NodePlan, record: Record, path: str, values: dict[str, Any]) -> bool:
        """Let the VAT table decide category and rate; false if it cannot.

        Args:
            builder: who builds the invoice.
            node: the group.
            record: the cells.
            path: where the group stands in the model.
            values: the fields of the group; category and rate are put among them.
        """
        vat = node.vat
        if vat is None:
            return True
        category, rate = vat.fields
        code: Any = builder.cell(vat.code, record, f"{path}.{category}") if vat.code else None
        percent: Any = builder.cell(vat.rate, record, f"{path}.{rate}") if vat.rate else None
        stated: Any = builder.cell(vat.category, record, f"{path}.{category}") if vat.category else None
        if FAILED in (code, percent, stated):
            return False
        try:
            decision = self.decided.get((code, percent, stated))
            if decision is None:
                decision = self.table.decide(VatFacts(code, percent, stated, *_countries(builder.root)))
                self.decided[code, percent, stated] = decision
        except MappingError as error:
            origin = origin_of(builder.file, builder.headers, record, vat.trace)
            builder.fault("VAT", error.message, origin, vat.term, f"{path}.{category}")
            return False
        for field, value in ((category, decision.category), (rate, decision.rate)):
            if value is not None:
                _put(node, values, field, value)
                builder.provenance.found(f"{path}.{field}", (record, vat.trace))
        return self.reason(builder, decision, record, vat, f"{path}.{category}")

    def reason(self, builder: Builder, decision: VatDecision, record: Record, vat: VatPlan, path: str) -> bool:
        """Keep the exemption reason for the VAT breakdown; false if the invoice has another for the same category."""
        if decision.reason_code is None and decision.reason_text is None:
            return True
        known, first = self.breakdown.setdefault((decision.category, decision.rate), (decision, record))
        if (known.reason_code, known.reason_text) == (decision.reason_code, decision.reason_text):
            return True
        origin = origin_of(builder.file, builder.headers, record, vat.trace)
        message = f"category {decision.category} has another exemption reason here than in {first.here('').place()}"
        builder.fault("VAT", f"{message}; an invoice can state one per category", origin, vat.term, path)
        return False

    def reasons(self, provenance: Provenance) -> tuple[VatBreakdown, ...]:
        """The entries of the VAT breakdown that state an exemption reason; their amounts are computed later."""
        entries: list[VatBreakdown] = []
        for (category, rate), (decision, _) in self.breakdown.items():
            origin = Origin(self.table.file, "VAT table", key=f"vat[{decision.row - 1}]")
            entry = VatBreakdown(
                category_code=category,
                rate=rate,
                exemption_reason_text=decision.reason_text,
                exemption_reason_code=decision.reason_code,
            )
            for name in ("category_code", "rate", "exemption_reason_text", "exemption_reason_code"):
                if getattr(entry, name) is not None:
                    provenance.found(f"vat_breakdown[{len(entries)}].{name}", origin)
            entries.append(entry)
        return tuple(entries)


def _countries(root: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """The countries of an invoice that the table may ask for: of the seller, of the buyer, of the delivery."""
    seller, buyer, delivery = root.get("seller"), root.get("buyer"), root.get("delivery_information")
    return (
        _country(seller.postal_address if seller else None),
        _country(buyer.postal_address if buyer else None),
        _country(delivery.deliver_to_address if delivery else None),
    )


def _country(address: Any) -> str | None:  # noqa: ANN401 - the address of any party, or none
    country: str | None = address.country_code if address is not None else None
    return country


def _put(node: NodePlan, values: dict[str, Any], field: str, value: object) -> None:
    """Set a field of a group, or of a group right below it."""
    name, _, below = field.partition(".")
    if not below:
        values[name] = value
    elif name in values:
        values[name] = replace(values[name], **{below: value})
    else:
        values[name] = fields_of(node.cls)[name].value_type(**{below: value})
