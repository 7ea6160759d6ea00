# SPDX-License-Identifier: Apache-2.0
"""What must not become an invoice does not: each source's own traps, and the sentence a user reads."""

from __future__ import annotations

import pytest

from einvoice.importers import ImportedInvoice, import_file, load_mapping, load_seller
from tests.importers.stories import FIXTURES

ERP = FIXTURES / "erp"


def imported(case: str, *changes: tuple[str, str]) -> list[ImportedInvoice]:
    """The export of a case with pieces replaced; each piece must be there."""
    folder = ERP / case
    (export,) = folder.glob("export.*")
    text = export.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    mapping, seller = load_mapping(folder / "mapping.toml"), load_seller(folder / "seller.toml")
    return list(import_file(text.encode(), mapping, seller, name=export.name))


@pytest.mark.parametrize(
    ("case", "old", "new", "expected"),
    [
        (
            "stripe-2024",
            '"has_more": false',
            '"has_more": true',
            "/data/object/lines/has_more: the file holds only the first lines",
        ),
        ("stripe-2024", '"status": "open"', '"status": "draft"', "/data/object/status: only a finalised invoice"),
        (
            "stripe-2024",
            '"taxability_reason": "standard_rated", "tax_rate": {"percentage": 19.0}',
            '"taxability_reason": null, "tax_rate": "txr_1"',
            "no row of [[vat]] applies (code none",
        ),
        ("stripe-2024", '"currency": "eur"', '"currency": null', "(BT-5): Invoice currency code must not be missing"),
        (
            "stripe-2025",
            '"customer_name": "Hikari KK"',
            '"customer_name": null',
            "(BT-44): Buyer name must not be missing",
        ),
        ("odoo", '"state": "posted"', '"state": "draft"', "/account.move/0/state: only a posted entry is an invoice"),
        ("odoo", '"tax_ids": [5]', '"tax_ids": [5, 6]', "a line has more than one tax"),
        ("odoo", '"partner_id": [31,', '"partner_id": [99,', "no record of 'res.partner'[*] has id '99'"),
        ("odoo", '[1, "Units"]', '[1, "Dozens"]', "'Dozens' is not in [lookups.unit]"),
        ("erpnext", '"docstatus": 1', '"docstatus": 0', "/data/0/docstatus: only a submitted document"),
        (
            "erpnext",
            '"charge_type": "On Net Total"',
            '"charge_type": "Actual"',
            "/data/0/taxes/0/charge_type: a row of taxes is no percentage",
        ),
        ("erpnext", '"item_tax_rate": "{}"', '"item_tax_rate": "{\\"VAT\\": 7}"', "an item has taxes of its own"),
        ("erpnext", "18609 Binz<br>", "Binz<br>", "cannot be split: one line of it"),
        ("xero", '"Type": "ACCREC"', '"Type": "ACCPAY"', "/Invoices/0/Type: this is a bill that was received"),
        ("xero", '"Status": "AUTHORISED"', '"Status": "DRAFT"', "/Invoices/0/Status: only an authorised invoice"),
        ("xero", '"Country": "Germany"', '"Country": "Germania Superior"', "is not in [lookups.country]"),
        (
            "shopify",
            '"tax_lines": [{"title": "MwSt", "rate": 0.07, "price": "0.70"}]}',
            '"tax_lines": []}',
            "values stand here",
        ),
        ("shopify", '"name": "invoice_number"', '"name": "other"', "(BT-1): Invoice number must not be missing"),
        (
            "business-central",
            '"discountAmount": 0',
            '"discountAmount": 5',
            "a discount of the whole invoice stands here",
        ),
        ("business-central", '"taxPercent": 19', '"taxPercent": 0', "no row of [[vat]] applies (code VAT19, rate 0"),
        (
            "quickbooks",
            '"TaxCodeRef": {"value": "5"}',
            '"TaxCodeRef": {"value": "8"}',
            "no row of [[vat]] applies (code 8",
        ),
        ("sap-idoc", "<MESTYP>INVOIC<", "<MESTYP>ORDERS<", "IDOC[1]/EDI_DC40/MESTYP (line 4): this IDoc is no invoice"),
        ("sap-idoc", "<ORGID>F2<", "<ORGID>ZZ<", "'ZZ' is not in [lookups.document]"),
        (
            "sap-idoc",
            "<MENGE>6.000<",
            "<MENGE>six<",
            "IDOC[1]/E1EDP01[2]/MENGE (line 25) (BT-129): 'six' is not a number",
        ),
        ("datev", 'invoice_type="Rechnung"', 'invoice_type="Storno"', "'Storno' is not in [lookups.document]"),
        ("timesheet", "6.5,HUR", "6.5,Sprint", "row 2, column 'Unit' (BT-130): 'Sprint' is not in [lookups.time]"),
        (
            "milestones",
            "Prepayment,",
            "Deposit,",
            "row 2, column 'Type' (BT-3): 'Deposit' is not in [lookups.document]",
        ),
    ],
)
def test_what_a_source_must_not_say_is_refused_at_its_place(case: str, old: str, new: str, expected: str) -> None:
    faults = [str(fault) for one in imported(case, (old, new)) for fault in one.faults]
    assert any(expected in fault for fault in faults), faults


def test_a_total_that_the_source_states_is_compared_and_never_taken() -> None:
    from einvoice.model.calculate import calculate

    first, *_ = imported("xero", ('"Total": 217.77', '"Total": 217.78'))
    result = calculate(first.invoice, percentages_of_price=first.percentages_of_price)
    (difference,) = first.differences(result.invoice)
    assert str(difference) == "/Invoices/0/Total (BT-112): the export states 217.78, computed is 217.77"


def test_an_idoc_with_trailing_minus_and_zeros_is_read() -> None:
    first, _ = imported("sap-idoc", ("<MENGE>6.000<", "<MENGE>6.000-<"))
    assert first.faults == ()
    assert str(first.invoice.lines[1].invoiced_quantity) == "-6.000"
    assert first.invoice.number == "90012345"


def test_prices_of_xero_may_include_vat() -> None:
    first, second = imported("xero", ('"LineAmountTypes": "Exclusive"', '"LineAmountTypes": "Inclusive"'))
    assert (first.prices_include_vat, second.prices_include_vat) == (True, False)
