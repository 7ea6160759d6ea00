# SPDX-License-Identifier: Apache-2.0
"""The documents that are changed: clean ones of our own, from a small one to one with all that EN 16931 knows."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.bind import write
from einvoice.model import (
    AdditionalSupportingDocument,
    BuyerContact,
    DirectDebit,
    Identifier,
    InvoiceNote,
    PrecedingInvoiceReference,
    SellerContact,
)
from einvoice.model.calculate import calculate
from tests.importers.stories import EXPORTS, FIXTURES, story
from tests.rules.invoices import at, clean, in_category, italian, not_subject, number
from tests.service.sample import invoice as sample

if TYPE_CHECKING:
    from einvoice.bind.order import Syntax
    from einvoice.model import Invoice

_RICH: Final = {"ubl-invoice": "rich-ubl", "ubl-creditnote": "rich-creditnote", "cii": "rich-cii"}
"""The fixtures that use every term of their syntax, extensions too: the only ones that are not clean."""
_CATEGORIES: Final = (("E", "0"), ("Z", "0"), ("AE", "0"), ("K", "0"), ("G", "0"), ("L", "19"), ("M", "19"))


EARLIER = (PrecedingInvoiceReference("2026-15", date(2026, 1, 1)), PrecedingInvoiceReference("2026-16"))


def whole_addresses() -> dict[str, str]:
    """Every line of every address."""
    lines = {"address_line_1": "Road 1", "address_line_2": "Yard 2", "address_line_3": "Floor 3", "post_code": "1"}
    places = (
        "seller.postal_address",
        "buyer.postal_address",
        "seller_tax_representative.postal_address",
        "delivery_information.deliver_to_address",
    )
    return {f"{place}.{name}": text for place in places for name, text in lines.items()}


def full() -> Invoice:
    """The clean invoice, with all that it lacks: references, contacts, whole addresses, and a second currency."""
    fill = {
        **whole_addresses(),
        "seller.postal_address.country_subdivision": "Land",
        "seller.additional_legal_information": "Share capital 100",
        "seller.contact": SellerContact("Ann", "+49 30 1", "ann@example.com"),
        "buyer.contact": BuyerContact("Bob", "+33 1", "bob@example.com"),
        "buyer.trading_name": "Fixing",
        "vat_accounting_currency_code": "SEK",
        "totals.invoice_total_vat_amount_in_accounting_currency": number("430.00"),
        "payment_due_date": date(2026, 5, 1),
        "buyer_reference": "04011000-12345-34",
        "project_reference": "PR-1",
        "contract_reference": "CO-1",
        "purchase_order_reference": "PO-1",
        "sales_order_reference": "SO-1",
        "receiving_advice_reference": "RA-1",
        "despatch_advice_reference": "DA-1",
        "buyer_accounting_reference": "4711",
        "payment_terms": "30 days",
        "notes": (InvoiceNote(note="One"), InvoiceNote(subject_code="AAI", note="Two")),
        "process_control.business_process_type": "P1",
        "preceding_invoice_references": EARLIER,
        "delivery_information.deliver_to_party_name": "Warehouse",
        "payment_instructions.remittance_information": "2026-17",
        "additional_supporting_documents": (
            *clean().additional_supporting_documents,
            AdditionalSupportingDocument("plan", "A plan", "https://example.com/plan"),
        ),
        "lines[0].note": "First",
        "lines[0].buyer_accounting_reference": "4712",
        "lines[0].referenced_purchase_order_line_reference": "3",
        "lines[0].item_information.description": "A bolt",
        "lines[0].item_information.sellers_identifier": "S-1",
        "lines[0].item_information.buyers_identifier": "B-1",
    }
    return at(fill)(clean())


def debited() -> Invoice:
    """The clean invoice, paid by direct debit."""
    collect = {
        "payment_instructions.means[0].type_code": "59",
        "payment_instructions.means[0].credit_transfers": (),
        "payment_instructions.means[0].payment_card": None,
        "payment_instructions.direct_debit": DirectDebit("M-1", "DE98ZZZ09999999999", "DE02120300000000202051"),
        "payee": None,
        "seller.identifiers": (Identifier("4000001123452", "0088"),),
    }
    return at(collect)(clean())


@cache
def invoices() -> dict[str, Invoice]:
    """The invoices by name, the simplest first."""
    found = {"sample": sample(), "clean": clean(), "full": full(), "debited": debited(), "Italian": italian()}
    for code, rate in _CATEGORIES:
        found[f"category {code}"] = in_category(code, rate, taxed=code in "LM")
    found["category O"] = not_subject()
    for name in EXPORTS:
        for place, imported in enumerate(story(name)):
            calculated = calculate(imported.invoice, prices_include_vat=imported.prices_include_vat)
            found[f"{name} {place}"] = calculated.invoice
    return found


def written(invoice: Invoice, syntax: Syntax) -> bytes:
    """An invoice as a document.

    Args:
        invoice: the invoice; a credit note is made an invoice, and an invoice a credit note, where the syntax asks.
        syntax: the syntax.
    """
    if syntax == "ubl-creditnote":
        return write(structs.replace(invoice, type_code="381"), syntax)
    if syntax == "ubl-invoice" and invoice.type_code in {"381", "396"}:
        return write(structs.replace(invoice, type_code="380"), syntax)
    return write(invoice, syntax)


@cache
def bases(syntax: Syntax) -> dict[str, bytes]:
    """The documents of a syntax by name, the simplest first.

    Args:
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.
    """
    found = {name: written(invoice, syntax) for name, invoice in invoices().items()}
    found["rich"] = (FIXTURES / _RICH[syntax] / "invoice.xml").read_bytes()
    return found
