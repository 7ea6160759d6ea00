# SPDX-License-Identifier: Apache-2.0
"""The same for decimals and codes; importing this module enters its cases beside those of ``cases``."""

from __future__ import annotations

from einvoice.model import Identifier
from tests.rules.en16931.cases import CASES, breaks
from tests.rules.invoices import in_category, number

__all__ = ["CASES"]

# ---- BR-DEC

for rule, path in (
    ("BR-DEC-01", "document_level_allowances[0].amount"),
    ("BR-DEC-02", "document_level_allowances[0].base_amount"),
    ("BR-DEC-05", "document_level_charges[0].amount"),
    ("BR-DEC-06", "document_level_charges[0].base_amount"),
    ("BR-DEC-09", "totals.sum_of_invoice_line_net_amount"),
    ("BR-DEC-10", "totals.sum_of_allowances_on_document_level"),
    ("BR-DEC-11", "totals.sum_of_charges_on_document_level"),
    ("BR-DEC-12", "totals.invoice_total_amount_without_vat"),
    ("BR-DEC-14", "totals.invoice_total_amount_with_vat"),
    ("BR-DEC-16", "totals.paid_amount"),
    ("BR-DEC-17", "totals.rounding_amount"),
    ("BR-DEC-18", "totals.amount_due_for_payment"),
    ("BR-DEC-19", "vat_breakdown[0].taxable_amount"),
    ("BR-DEC-20", "vat_breakdown[0].tax_amount"),
    ("BR-DEC-23", "lines[0].net_amount"),
    ("BR-DEC-24", "lines[0].allowances[0].amount"),
    ("BR-DEC-25", "lines[0].allowances[0].base_amount"),
    ("BR-DEC-27", "lines[0].charges[0].amount"),
    ("BR-DEC-28", "lines[0].charges[0].base_amount"),
):
    amounts = {
        "paid_amount": "50.000",
        "rounding_amount": "0.100",
        "amount_due_for_payment": "200.000",
        "invoice_total_amount_with_vat": "249.900",
        "invoice_total_amount_without_vat": "210.000",
        "sum_of_invoice_line_net_amount": "200.000",
        "sum_of_allowances_on_document_level": "10.000",
        "sum_of_charges_on_document_level": "20.000",
        "taxable_amount": "210.000",
        "tax_amount": "39.900",
        "net_amount": "100.000",
    }
    field = path.rpartition(".")[2]
    same = {"document_level_allowances[0].amount": "10.000", "document_level_charges[0].amount": "20.000"}
    breaks(rule, {path: number(amounts.get(field) or same.get(path) or "50.000")})
breaks(
    "BR-DEC-13",
    {
        "totals.invoice_total_vat_amount": number("39.901"),
        "vat_breakdown[0].tax_amount": number("39.90"),
    },
    ubl="BR-CO-14",
    cii="BR-CO-14 BR-DEC-13",
)
breaks(
    "BR-DEC-15",
    {"vat_accounting_currency_code": "SEK", "totals.invoice_total_vat_amount_in_accounting_currency": number("1.234")},
    ubl="",
)

# ---- BR-CL

breaks("BR-CL-01", {"type_code": "999"})
breaks("BR-CL-03", {"currency_code": "EURO"}, ubl="BR-CL-03 BR-CL-04", cii="BR-CL-03 BR-CL-04")
breaks("BR-CL-04", {"currency_code": "eur"}, ubl="BR-CL-03 BR-CL-04", cii="BR-CL-03 BR-CL-04")
breaks(
    "BR-CL-05",
    {"vat_accounting_currency_code": "SEKK", "totals.invoice_total_vat_amount_in_accounting_currency": number("400")},
    ubl="BR-CL-03 BR-CL-05",
    cii="BR-CL-03 BR-CL-05",
)
breaks("BR-CL-06", {"value_added_tax_point_date_code": "4"})
breaks("BR-CL-07", {"invoiced_object_identifier": Identifier("P-1", "??")})
breaks("BR-CL-07 line", {"lines[0].object_identifier": Identifier("M-7", "??")})
breaks("BR-CL-08", {"notes[0].subject_code": "QQQ"})
breaks("BR-CL-08 BAT", {"notes[0].subject_code": "BAT"}, cii="")
breaks("BR-CL-08 text", {"notes[0].subject_code": None, "notes[0].note": "a #123# b"}, cii="")
breaks("BR-CL-10", {"seller.identifiers": (Identifier("7", "9999"),)})
breaks("BR-CL-10 buyer", {"buyer.identifiers": (Identifier("7", "SEPA"),)})
breaks("BR-CL-10 seller", {"seller.identifiers": (Identifier("7", "SEPA"),)}, ubl="")
breaks("BR-CL-11", {"buyer.legal_registration_identifier": Identifier("7", "9999")})
breaks("BR-CL-13", {"lines[0].item_information.classifications[0].identifier": Identifier("7", "QQ")})
breaks("BR-CL-14", {"seller.postal_address.country_code": "de"})
breaks("BR-CL-14 Antilles", {"buyer.postal_address.country_code": "AN"}, cii="")
breaks("BR-CL-14 South Sudan", {"buyer.postal_address.country_code": "SS"}, ubl="")
breaks("BR-CL-15", {"lines[0].item_information.country_of_origin": "Germany"})
breaks("BR-CL-16", {"payment_instructions.means[0].type_code": "99"})
breaks("BR-CL-17", {"document_level_charges[0].vat_category_code": "X"}, ubl="BR-CL-17 BR-S-08", cii="BR-CL-17 BR-S-08")
breaks("BR-CL-18", {"lines[0].vat_information.category_code": "X"}, ubl="BR-CL-18 BR-S-08", cii="BR-CL-18 BR-S-08")
breaks("BR-CL-18 breakdown", {"vat_breakdown[0].category_code": "X"}, ubl="BR-CL-17 BR-S-01", cii="BR-CL-18")
breaks("BR-CL-19", {"document_level_allowances[0].reason_code": "1"})
breaks("BR-CL-19 line", {"lines[0].allowances[0].reason_code": "ABL"})
breaks("BR-CL-19 price", {"lines[0].price_details.discount_reason_code": "1"}, cii="")
breaks("BR-CL-20", {"document_level_charges[0].reason_code": "95"})
breaks("BR-CL-21", {"lines[0].item_information.standard_identifier": Identifier("7", "GTIN")})
breaks(
    "BR-CL-22",
    {"vat_breakdown[0].exemption_reason_code": "VATEX-EU-1"},
    base=lambda: in_category("E", "0"),
)
breaks("BR-CL-23", {"lines[0].invoiced_quantity_unit_of_measure_code": "piece"})
breaks("BR-CL-23 base", {"lines[0].price_details.item_price_base_quantity_unit_of_measure_code": "piece"})
breaks("BR-CL-24", {"additional_supporting_documents[0].attached_document.mime_code": "text/html"})
breaks("BR-CL-25", {"seller.electronic_address": Identifier("7", "mail")})
breaks("BR-CL-26", {"delivery_information.deliver_to_location_identifiers": (Identifier("7", "GLN"),)})
