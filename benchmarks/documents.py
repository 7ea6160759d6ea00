# SPDX-License-Identifier: Apache-2.0
"""Invoices to measure with: ordinary ones of any number of lines, complete and with sound figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from einvoice.bind import write
from einvoice.model import (
    Buyer,
    BuyerContact,
    BuyerPostalAddress,
    CreditTransfer,
    DeliverToAddress,
    DeliveryInformation,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceNote,
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


def line(number: int) -> InvoiceLine:
    """One line; every third has an allowance."""
    allowance = InvoiceLineAllowance(amount=Decimal("1.50"), reason="Rebate", reason_code="95")
    return InvoiceLine(
        identifier=str(number),
        note=f"Delivered on day {number % 28 + 1}",
        invoiced_quantity=Decimal(number % 7 + 1),
        invoiced_quantity_unit_of_measure_code="C62",
        referenced_purchase_order_line_reference=str(number * 10),
        allowances=(allowance,) if number % 3 == 0 else (),
        price_details=PriceDetails(item_net_price=Decimal(f"{number % 90 + 10}.45")),
        vat_information=LineVatInformation(category_code="S", rate=Decimal(19 if number % 2 else 7)),
        item_information=ItemInformation(
            name=f"Article {number}", description="As agreed", sellers_identifier=f"A-{number:05}"
        ),
    )


def invoice(lines: int) -> Invoice:
    """An invoice of so many lines, its totals computed."""
    plain = Invoice(
        number="B-2026-1",
        issue_date=date(2026, 3, 31),
        type_code="380",
        currency_code="EUR",
        payment_due_date=date(2026, 4, 30),
        buyer_reference="04011000-12345-39",
        purchase_order_reference="PO-77",
        payment_terms="Within 30 days",
        notes=(InvoiceNote("AAI", "Thank you for your order"),),
        process_control=ProcessControl("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0", "urn:cen.eu:en16931:2017"),
        seller=Seller(
            name="Oak and Sons GmbH",
            identifiers=(Identifier("4000001123452", "0088"),),
            legal_registration_identifier=Identifier("HRB 1234"),
            vat_identifier="DE123456788",
            electronic_address=Identifier("billing@example.com", "EM"),
            postal_address=SellerPostalAddress("Elbchaussee 1", city="Hamburg", post_code="22765", country_code="DE"),
            contact=SellerContact("Ada Oak", telephone_number="+49 40 1234567", email_address="ada@example.com"),
        ),
        buyer=Buyer(
            name="Elm S.A.S.",
            identifiers=(Identifier("4000001987658", "0088"),),
            vat_identifier="FR32123456789",
            electronic_address=Identifier("invoices@example.org", "EM"),
            postal_address=BuyerPostalAddress("1 rue de la Paix", city="Paris", post_code="75002", country_code="FR"),
            contact=BuyerContact("Eve Elm", telephone_number="+33 1 23456789", email_address="eve@example.org"),
        ),
        delivery_information=DeliveryInformation(
            actual_delivery_date=date(2026, 3, 28), deliver_to_address=DeliverToAddress(city="Paris", country_code="FR")
        ),
        payment_instructions=PaymentInstructions(
            (PaymentMeans("58", credit_transfers=(CreditTransfer("DE89370400440532013000", "Oak and Sons"),)),),
            remittance_information="B-2026-1",
        ),
        lines=tuple(line(number) for number in range(1, lines + 1)),
    )
    return calculate(plain).invoice


def of_size(size: int, syntax: str) -> bytes:
    """A document of at least so many bytes, with as few lines as that takes."""
    lines = 1
    while len(data := write(invoice(lines), syntax)) < size:
        lines += 1
    return data
