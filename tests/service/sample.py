# SPDX-License-Identifier: Apache-2.0
"""One sound invoice, small enough to read, for the tests of use cases and commands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from einvoice.bind import write
from einvoice.bind.edifact import write as write_message
from einvoice.model import (
    Buyer,
    BuyerPostalAddress,
    CreditTransfer,
    Identifier,
    Invoice,
    InvoiceLine,
    ItemInformation,
    LineVatInformation,
    PaymentInstructions,
    PaymentMeans,
    PriceDetails,
    ProcessControl,
    Seller,
    SellerContact,
    SellerPostalAddress,
)
from einvoice.model.calculate import calculate

if TYPE_CHECKING:
    from pathlib import Path

CORE: Final = "urn:cen.eu:en16931:2017"
PEPPOL: Final = f"{CORE}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
XRECHNUNG: Final = f"{CORE}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"


def line(number: int, price: str, rate: str = "19") -> InvoiceLine:
    """Two pieces of something at a price."""
    return InvoiceLine(
        identifier=str(number),
        invoiced_quantity=Decimal(2),
        invoiced_quantity_unit_of_measure_code="C62",
        price_details=PriceDetails(item_net_price=Decimal(price)),
        vat_information=LineVatInformation(category_code="S", rate=Decimal(rate)),
        item_information=ItemInformation(name=f"Item {number}"),
    )


def invoice(specification: str = CORE, **changes: Any) -> Invoice:  # noqa: ANN401 - fields of Invoice
    """An invoice that obeys EN 16931, with changes."""
    plain = Invoice(
        number="INV-7",
        issue_date=date(2026, 3, 2),
        type_code="380",
        currency_code="EUR",
        payment_due_date=date(2026, 4, 1),
        buyer_reference="04011000-12345-39",
        process_control=ProcessControl(specification_identifier=specification),
        seller=Seller(
            name="Seller Ltd",
            vat_identifier="DE123456788",
            electronic_address=Identifier("seller@example.com", scheme="EM"),
            postal_address=SellerPostalAddress(
                address_line_1="Road 1", city="Hamburg", post_code="20457", country_code="DE"
            ),
            contact=SellerContact(contact_point="Ann", telephone_number="+49 40 1", email_address="ann@seller.example"),
        ),
        buyer=Buyer(
            name="Buyer GmbH",
            electronic_address=Identifier("buyer@example.com", scheme="EM"),
            postal_address=BuyerPostalAddress(city="Bremen", post_code="28195", country_code="DE"),
        ),
        payment_instructions=PaymentInstructions(
            means=(
                PaymentMeans(
                    type_code="58",
                    credit_transfers=(CreditTransfer(payment_account_identifier="DE02120300000000202051"),),
                ),
            )
        ),
        lines=(line(1, "10.00"), line(2, "5.50")),
    )
    return structs.replace(calculate(plain).invoice, **changes)


def broken(specification: str = CORE, **changes: Any) -> Invoice:  # noqa: ANN401 - fields of Invoice
    """The same invoice with a total with VAT (BT-112) that is one too high."""
    sound = invoice(specification, **changes)
    totals = sound.totals
    assert totals is not None
    assert totals.invoice_total_amount_with_vat is not None
    wrong = structs.replace(totals, invoice_total_amount_with_vat=totals.invoice_total_amount_with_vat + 1)
    return structs.replace(sound, totals=wrong)


def as_file(folder: Path, name: str, document: Invoice, syntax: str = "ubl") -> str:
    """Write an invoice into a folder, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write(document, syntax))
    return str(path)


def interchange(*numbers: str, other: int | None = None) -> bytes:
    """An EDIFACT interchange with an invoice for each number, and an order behind as many of them as ``other`` says."""
    parts = [write_message(invoice(number=number)).decode() for number in numbers]
    begin, end = parts[0].index("UNH"), parts[0].index("UNZ")
    messages = [part[part.index("UNH") : part.index("UNZ")] for part in parts]
    if other is not None:
        messages.insert(other, messages[0].replace("INVOIC:D", "ORDERS:D"))
    tail = parts[0][end:].replace("UNZ+1", f"UNZ+{len(messages)}")
    return (parts[0][:begin] + "".join(messages) + tail).encode()
