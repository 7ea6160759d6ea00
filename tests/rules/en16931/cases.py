# SPDX-License-Identifier: Apache-2.0
"""For every rule the smallest change to a clean invoice that breaks it, and the ids that fire with it.

The ids were taken from the official artefacts: a rule that fires beside another does so there as well.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from einvoice.model import (
    BuyerPostalAddress,
    Identifier,
    Invoice,
    InvoiceLineAllowance,
    InvoicingPeriod,
    PaymentMeans,
    SellerPostalAddress,
)
from tests.rules.invoices import at, clean, number

if TYPE_CHECKING:
    from collections.abc import Callable


class Case(Struct, frozen=True, kw_only=True):
    """One change and what it breaks.

    Attributes:
        name: the rule that is aimed at, and what else tells cases apart.
        invoice: the changed invoice.
        ubl: the ids that fire in UBL.
        cii: the ids that fire in CII.
        sound: the invoice before.
    """

    name: str
    sound: Invoice
    invoice: Invoice
    ubl: frozenset[str]
    cii: frozenset[str]


CASES: dict[str, Case] = {}


def breaks(
    name: str,
    changes: dict[str, Any],
    *,
    base: Callable[[], Invoice] = clean,
    ubl: str | None = None,
    cii: str | None = None,
) -> None:
    """Enter a case: ``name`` is the id (a word may follow); ``ubl`` and ``cii`` list the ids if there are others."""
    aimed = name.partition(" ")[0]
    assert name not in CASES, name
    CASES[name] = Case(
        name=name,
        sound=base(),
        invoice=at(changes)(base()),
        ubl=frozenset((aimed if ubl is None else ubl).split()),
        cii=frozenset((aimed if cii is None else cii).split()),
    )


# ---- BR: what must be there

breaks("BR-01", {"process_control.specification_identifier": None})
breaks("BR-01 blank", {"process_control.specification_identifier": " "})
breaks("BR-02", {"number": None})
breaks("BR-03", {"issue_date": None})
breaks("BR-04", {"type_code": None})
breaks("BR-05", {"currency_code": None}, ubl="BR-05 BR-CL-03", cii="BR-05")
breaks("BR-06", {"seller.name": ""})
breaks("BR-07", {"buyer.name": None})
breaks("BR-08", {"seller.postal_address": None}, cii="BR-08 BR-09")
breaks("BR-09", {"seller.postal_address": SellerPostalAddress(city="Berlin")})
breaks("BR-10", {"buyer.postal_address": None}, cii="BR-10 BR-11")
breaks("BR-11", {"buyer.postal_address": BuyerPostalAddress(city="Lyon")})
breaks(
    "BR-12",
    {"totals.sum_of_invoice_line_net_amount": None},
    ubl="BR-12 BR-CO-10 BR-CO-13",
    cii="BR-12 BR-CO-10 BR-CO-13",
)
breaks(
    "BR-13",
    {"totals.invoice_total_amount_without_vat": None},
    ubl="BR-13 BR-CO-13 BR-CO-15",
    cii="BR-13 BR-CO-13 BR-CO-15",
)
breaks(
    "BR-14",
    {"totals.invoice_total_amount_with_vat": None},
    ubl="BR-14 BR-CO-15 BR-CO-16",
    cii="BR-14 BR-CO-15 BR-CO-16",
)
breaks("BR-15", {"totals.amount_due_for_payment": None}, ubl="BR-15 BR-CO-16", cii="BR-15 BR-CO-16")
breaks(
    "BR-16",
    {"lines": ()},
    ubl="BR-16 BR-CO-10 BR-S-08",
    cii="BR-16 BR-CO-10 BR-S-08",
)
breaks("BR-17", {"payee.name": None})
breaks("BR-17 name", {"payee.name": "B&N"}, cii="")
breaks("BR-17 identifier", {"payee.identifiers": (Identifier("4000001123452"),)}, cii="")
breaks("BR-17 plain", {"payee.identifiers": (Identifier("7"),), "seller.identifiers": (Identifier("7"),)})
breaks("BR-17 registration", {"payee.legal_registration_identifier": Identifier("HRB 1", "0002")}, ubl="")
breaks("BR-18", {"seller_tax_representative.name": None})
breaks("BR-19", {"seller_tax_representative.postal_address": None}, cii="BR-19 BR-20")
breaks("BR-20", {"seller_tax_representative.postal_address.country_code": None})
breaks("BR-21", {"lines[0].identifier": None})
breaks("BR-22", {"lines[0].invoiced_quantity": None})
breaks("BR-23", {"lines[0].invoiced_quantity_unit_of_measure_code": None})
breaks("BR-24", {"lines[0].net_amount": None}, ubl="BR-24 BR-CO-10 BR-S-08", cii="BR-24 BR-CO-10 BR-S-08")
breaks("BR-25", {"lines[0].item_information.name": None})
breaks("BR-26", {"lines[0].price_details.item_net_price": None}, ubl="BR-26 BR-27", cii="BR-26 BR-27")
breaks("BR-27", {"lines[0].price_details.item_net_price": number("-1")})
breaks("BR-27 zero", {"lines[0].price_details.item_net_price": number("-0.00")})
breaks("BR-28", {"lines[0].price_details.item_gross_price": number("-1")})
breaks("BR-29", {"invoicing_period.end_date": date(2026, 2, 1)})
breaks("BR-30", {"lines[0].period.end_date": date(2026, 2, 1)})
breaks(
    "BR-31",
    {"document_level_allowances[0].amount": None},
    ubl="BR-31 BR-CO-11 BR-S-08",
    cii="BR-31 BR-CO-11 BR-S-08",
)
breaks(
    "BR-32",
    {"document_level_allowances[0].vat_category_code": None},
    ubl="BR-32 BR-S-08",
    cii="BR-32 BR-S-08",
)
breaks(
    "BR-33",
    {"document_level_allowances[0].reason": None, "document_level_allowances[0].reason_code": None},
    ubl="BR-33 BR-CO-21",
    cii="BR-33 BR-CO-21",
)
breaks(
    "BR-36",
    {"document_level_charges[0].amount": None},
    ubl="BR-36 BR-CO-12 BR-S-08",
    cii="BR-36 BR-CO-12 BR-S-08",
)
breaks("BR-37", {"document_level_charges[0].vat_category_code": None}, ubl="BR-37 BR-S-08", cii="BR-37 BR-S-08")
breaks(
    "BR-38",
    {"document_level_charges[0].reason": None, "document_level_charges[0].reason_code": None},
    ubl="BR-38 BR-CO-22",
    cii="BR-38 BR-CO-22",
)
breaks("BR-41", {"lines[0].allowances[0].amount": None})
breaks(
    "BR-42",
    {"lines[0].allowances": (InvoiceLineAllowance(amount=number("5")),)},
    ubl="BR-42 BR-CO-23",
    cii="BR-42 BR-CO-23",
)
breaks("BR-43", {"lines[0].charges[0].amount": None})
breaks(
    "BR-44",
    {"lines[0].charges[0].reason": None, "lines[0].charges[0].reason_code": None},
    ubl="BR-44 BR-CO-24",
    cii="BR-44 BR-CO-24",
)
breaks(
    "BR-45",
    {"vat_breakdown[0].taxable_amount": None},
    ubl="BR-45 BR-CO-17 BR-S-08 BR-S-09",
    cii="BR-45 BR-CO-17 BR-S-08 BR-S-09",
)
breaks(
    "BR-46",
    {"vat_breakdown[0].tax_amount": None},
    ubl="BR-46 BR-CO-14 BR-CO-17 BR-S-09",
    cii="BR-46 BR-CO-14 BR-CO-17 BR-S-09",
)
breaks("BR-47", {"vat_breakdown[0].category_code": None}, ubl="BR-47 BR-S-01", cii="BR-47")
breaks("BR-48", {"vat_breakdown[0].rate": None}, ubl="BR-48 BR-CO-17 BR-S-09", cii="BR-48 BR-CO-17 BR-S-09")
breaks("BR-49", {"payment_instructions.means[0].type_code": None})
breaks(
    "BR-50",
    {"payment_instructions.means[0].credit_transfers[0].payment_account_identifier": " "},
)
breaks("BR-51", {"payment_instructions.means[0].payment_card.primary_account_number": "4111111111111111"})
breaks("BR-52", {"additional_supporting_documents[0].reference": None})
breaks("BR-52 object", {"invoiced_object_identifier": Identifier(" ", "ABT")})
breaks("BR-52 tender", {"tender_or_lot_reference": ""}, ubl="")
breaks("BR-53", {"vat_accounting_currency_code": "SEK"}, cii="BR-53 BR-DEC-15")
breaks("BR-53 same", {"vat_accounting_currency_code": "EUR"}, ubl="")
breaks("BR-54", {"lines[0].item_information.attributes[0].name": None})
breaks("BR-54 value", {"lines[0].item_information.attributes[0].value": None})
breaks("BR-55", {"preceding_invoice_references[0].reference": None})
breaks("BR-55 blank", {"preceding_invoice_references[0].reference": ""}, ubl="")
breaks("BR-56", {"seller_tax_representative.vat_identifier": None})
breaks("BR-57", {"delivery_information.deliver_to_address.country_code": None})
breaks(
    "BR-61",
    {"payment_instructions.means[0].credit_transfers[0].payment_account_identifier": None},
    ubl="BR-50 BR-61",
    cii="BR-50 BR-61",
)
breaks("BR-61 none", {"payment_instructions.means": (PaymentMeans(type_code="58"),)}, cii="")
breaks("BR-62", {"seller.electronic_address": Identifier("bn@example.com")})
breaks("BR-63", {"buyer.electronic_address": Identifier("7")})
breaks("BR-64", {"lines[0].item_information.standard_identifier": Identifier("7")})
breaks("BR-65", {"lines[0].item_information.classifications[0].identifier": Identifier("7")})

# ---- BR-CO

breaks(
    "BR-CO-03",
    {"value_added_tax_point_date": date(2026, 4, 1), "value_added_tax_point_date_code": "35"},
)
breaks("BR-CO-04", {"lines[0].vat_information.category_code": None}, ubl="BR-CO-04 BR-S-08", cii="BR-CO-04 BR-S-08")
breaks("BR-CO-04 tax", {"lines[0].vat_information.tax_scheme_identifier": "GST"})
breaks("BR-CO-09", {"seller.vat_identifier": "99123456789"})
breaks("BR-CO-09 letter", {"buyer.vat_identifier": "D"}, ubl="")
breaks("BR-CO-09 representative", {"seller_tax_representative.vat_identifier": "fr1"})
breaks(
    "BR-CO-10",
    {
        "totals.sum_of_invoice_line_net_amount": number("201.00"),
        "totals.sum_of_charges_on_document_level": number("19.00"),
    },
    ubl="BR-CO-10 BR-CO-12",
    cii="BR-CO-10 BR-CO-12",
)
breaks(
    "BR-CO-11",
    {
        "totals.sum_of_allowances_on_document_level": number("11.00"),
        "totals.sum_of_charges_on_document_level": number("21.00"),
    },
    ubl="BR-CO-11 BR-CO-12",
    cii="BR-CO-11 BR-CO-12",
)
breaks(
    "BR-CO-11 zero",
    {
        "totals.sum_of_allowances_on_document_level": number("-0.00"),
        "totals.sum_of_charges_on_document_level": number("10.00"),
        "document_level_allowances": (),
        "document_level_charges[0].amount": number("10.00"),
    },
    ubl="",
)
breaks(
    "BR-CO-12",
    {
        "totals.sum_of_charges_on_document_level": number("21.00"),
        "totals.sum_of_allowances_on_document_level": number("11.00"),
    },
    ubl="BR-CO-11 BR-CO-12",
    cii="BR-CO-11 BR-CO-12",
)
breaks(
    "BR-CO-13",
    {"totals.invoice_total_amount_without_vat": number("210.01")},
    ubl="BR-CO-13 BR-CO-15",
    cii="BR-CO-13 BR-CO-15",
)
breaks(
    "BR-CO-14",
    {
        "totals.invoice_total_vat_amount": number("39.91"),
        "totals.invoice_total_amount_with_vat": number("249.91"),
        "totals.amount_due_for_payment": number("200.01"),
    },
)
breaks(
    "BR-CO-15",
    {"totals.invoice_total_amount_with_vat": number("249.91"), "totals.amount_due_for_payment": number("200.01")},
)
breaks(
    "BR-CO-15 without",
    {"totals.invoice_total_amount_with_vat": number("210.00"), "totals.amount_due_for_payment": number("160.10")},
    cii="",
)
breaks("BR-CO-16", {"totals.amount_due_for_payment": number("200.01")})
breaks("BR-CO-16 unpaid", {"totals.paid_amount": None})
breaks(
    "BR-CO-17",
    {"vat_breakdown[0].tax_amount": number("38.90")},
    ubl="BR-CO-14 BR-CO-17 BR-S-09",
    cii="BR-CO-14 BR-S-09",
)
breaks(
    "BR-CO-17 more",
    {"vat_breakdown[0].tax_amount": number("38.80")},
    ubl="BR-CO-14 BR-CO-17 BR-S-09",
    cii="BR-CO-14 BR-CO-17 BR-S-09",
)
breaks(
    "BR-CO-18",
    {"vat_breakdown": ()},
    ubl="BR-CO-18 BR-S-01",
    cii="BR-CO-14 BR-CO-18",
)
breaks("BR-CO-19", {"invoicing_period": InvoicingPeriod()})
breaks("BR-CO-19 code", {"invoicing_period": InvoicingPeriod(), "value_added_tax_point_date_code": "35"}, ubl="")
breaks("BR-CO-20", {"lines[0].period.start_date": None, "lines[0].period.end_date": None})
breaks(
    "BR-CO-21",
    {"document_level_allowances[0].reason": None, "document_level_allowances[0].reason_code": None},
    ubl="BR-33 BR-CO-21",
    cii="BR-33 BR-CO-21",
)
breaks(
    "BR-CO-22",
    {"document_level_charges[0].reason": None, "document_level_charges[0].reason_code": None},
    ubl="BR-38 BR-CO-22",
    cii="BR-38 BR-CO-22",
)
breaks(
    "BR-CO-23",
    {"lines[1].allowances": (InvoiceLineAllowance(amount=number("5")),)},
    ubl="BR-42 BR-CO-23",
    cii="BR-42 BR-CO-23",
)
breaks(
    "BR-CO-24",
    {"lines[1].charges[0].reason": None, "lines[1].charges[0].reason_code": None},
    ubl="BR-44 BR-CO-24",
    cii="BR-44 BR-CO-24",
)
breaks(
    "BR-CO-26",
    {"seller.identifiers": (), "seller.legal_registration_identifier": None, "seller.vat_identifier": None},
)
