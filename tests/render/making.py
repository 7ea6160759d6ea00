# SPDX-License-Identifier: Apache-2.0
"""Invoices to draw: one as a seller would write it, and one in which every term says something of its own."""

from __future__ import annotations

import itertools
import zlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from einvoice.model import (
    Buyer,
    BuyerPostalAddress,
    CreditTransfer,
    DocumentTotals,
    Identifier,
    Invoice,
    InvoiceLine,
    ItemInformation,
    LineVatInformation,
    PaymentInstructions,
    PaymentMeans,
    PriceDetails,
    Seller,
    SellerPostalAddress,
    VatBreakdown,
    fields_of,
)
from einvoice.model.extensions import PartyExtension
from einvoice.render.parties import party_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

RED = b"\xc8\x28\x28"
NOON = datetime(2026, 1, 15, 12, 0, 0, tzinfo=UTC)


def line(number: str, **changes: Any) -> InvoiceLine:  # noqa: ANN401 - any term
    """A line of three brackets."""
    plain = InvoiceLine(
        identifier=number,
        invoiced_quantity=Decimal(3),
        invoiced_quantity_unit_of_measure_code="H87",
        net_amount=Decimal("37.50"),
        price_details=PriceDetails(item_net_price=Decimal("12.5")),
        vat_information=LineVatInformation("S", Decimal(19)),
        item_information=ItemInformation(name=f"Steel bracket {number}", description="50 × 50 mm, galvanised"),
    )
    return msgspec.structs.replace(plain, **changes)


def invoice(count: int = 2, **changes: Any) -> Invoice:  # noqa: ANN401 - any term
    """A plausible invoice from Hamburg to Strasbourg."""
    plain = Invoice(
        number="2026-0042",
        issue_date=date(2026, 1, 15),
        type_code="380",
        currency_code="EUR",
        payment_due_date=date(2026, 2, 14),
        buyer_reference="04011000-12345-34",
        seller=Seller(
            name="Nordwind Werkzeuge GmbH",
            identifiers=(Identifier("4012345000009", "0088"),),
            vat_identifier="DE123456789",
            postal_address=SellerPostalAddress("Hafenstraße 12", None, None, "Hamburg", "20457", None, "DE"),
        ),
        buyer=Buyer(
            name="Ponts de l’Est SARL",
            postal_address=BuyerPostalAddress("27 rue de la Gare", None, None, "Strasbourg", "67000", None, "FR"),
        ),
        payment_instructions=PaymentInstructions(
            means=(PaymentMeans("58", None, (CreditTransfer("DE89370400440532013000", "Nordwind", "COBADEFFXXX"),)),),
            remittance_information="2026-0042",
        ),
        totals=DocumentTotals(
            sum_of_invoice_line_net_amount=Decimal("37.50") * count,
            invoice_total_amount_with_vat=Decimal("1234567.891"),
            paid_amount=Decimal("61.80"),
            amount_due_for_payment=Decimal("1234506.09"),
        ),
        vat_breakdown=(VatBreakdown(Decimal(75), Decimal("14.25"), "S", Decimal(19)),),
        lines=tuple(line(str(number)) for number in range(1, count + 1)),
    )
    return msgspec.structs.replace(plain, **changes)


class Everything:
    """An invoice with every term of the model set, each to a value that stands nowhere else.

    What a party of EN 16931 has itself stays empty in its extension, as the model demands.

    Attributes:
        invoice: the invoice.
        values: each value by its path in the model.
    """

    def __init__(self) -> None:
        self.values: dict[str, str | Decimal | date] = {}
        self._count = itertools.count(1)
        self.invoice: Invoice = self._group(Invoice, "", frozenset())

    def _group(self, kind: Any, path: str, without: frozenset[str]) -> Any:  # noqa: ANN401 - any group
        filled: dict[str, Any] = {}
        for name, info in fields_of(kind).items():
            here = f"{path}.{name}" if path else name
            if name in without:
                continue
            if issubclass(info.value_type, PartyExtension):
                own = party_terms(kind(**{field: "x" for field in fields_of(kind) if field != "extension"}))
                value = self._group(info.value_type, here, frozenset(own))
            elif issubclass(info.value_type, msgspec.Struct):
                value = self._group(info.value_type, here, frozenset({"sub_lines"} if info.value_type is kind else ()))
            else:
                value = self._leaf(info.value_type, here)
            filled[name] = (value,) if info.repeats else value
        return kind(**filled)

    def _leaf(self, kind: type[Any], path: str) -> str | Decimal | date | bytes:
        number = next(self._count)
        if kind is bytes:
            return b"%PDF-" + bytes(number)
        value: str | Decimal | date = f"Q{number:04}Z"
        if kind is Decimal:
            value = Decimal(700_000 + number)
        elif kind is date:
            value = date(2001, 1, 1) + timedelta(days=number)
        self.values[path] = value
        return value


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - anything that JSON has
    """Every text in a value of JSON, without the names of fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from texts(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from texts(entry)


def bare(value: Any) -> Any:  # noqa: ANN401 - any part of a sheet
    """A part of a sheet without the places and widths of its texts, to be compared by what it says."""
    if isinstance(value, tuple):
        return tuple(bare(entry) for entry in value)
    if not isinstance(value, msgspec.Struct):
        return value
    changes = {name: bare(getattr(value, name)) for name in value.__struct_fields__}
    empty: dict[str, Any] = {"at": "" if isinstance(changes.get("at"), str) else ()}
    empty |= {"name_at": (), "address_at": (), "terms_at": (), "ems": ()}
    return type(value)(**(changes | {name: blank for name, blank in empty.items() if name in changes}))


def png(colour: bytes = RED, width: int = 40, height: int = 10, noise: int = 0) -> bytes:
    """A PNG of one colour, with some bytes that cannot be compressed in a chunk that is ignored."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress((b"\x00" + colour * width) * height)
    junk = chunk(b"juNk", bytes(noise)) if noise else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + junk + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
