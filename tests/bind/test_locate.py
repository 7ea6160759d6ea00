# SPDX-License-Identifier: Apache-2.0
"""Where a place of the model stands in a document: exact for every leaf, whatever the syntax moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from einvoice.bind import open_document, write
from einvoice.bind.losses import leaves, says
from einvoice.bind.values import TIMING_WRITE
from tests.bind.documents import CII, CREDIT_NOTE, INVOICE, spoiled
from tests.strategies import plausible_invoices

if TYPE_CHECKING:
    from einvoice.bind import Document
    from einvoice.model import Invoice

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
# The mandate of the debits (BT-89) is looked for with the first means that states one; here that is a transfer's own.
FIRST_MANDATE = "payment_instructions.direct_debit.mandate_reference_identifier"


def stray(document: Document) -> list[str]:
    """The leaves of the model whose place is not found, or says something else."""
    wrong = []
    for leaf in leaves(document.reading().invoice):
        place = document.locate(leaf.path)
        if place is None or not place.exact:
            wrong.append(leaf.path)
        elif leaf.path.endswith((".note", ".subject_code")) and place.value.startswith("#"):
            wrong += [] if leaf.text in place.value else [leaf.path]
        elif leaf.path.endswith("tax_point_date_code"):
            wrong += [] if place.value in (leaf.text, TIMING_WRITE.get(leaf.text)) else [leaf.path]
        elif not says(place.value, leaf.text):
            wrong.append(leaf.path)
    return wrong


@pytest.mark.parametrize(("folder", "known"), [("rich-ubl", 1), ("rich-creditnote", 1), ("rich-cii", 0)])
def test_every_term_of_a_rich_invoice_is_found_where_it_stands(folder: str, known: int) -> None:
    document = open_document((FIXTURES / folder / "invoice.xml").read_bytes())
    assert stray(document) == [FIRST_MANDATE][:known]


@pytest.mark.parametrize("syntax", ["ubl-invoice", "ubl-creditnote", "cii"])
@given(invoice=plausible_invoices())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_term_of_an_ordinary_invoice_is_found_where_it_stands(syntax: str, invoice: Invoice) -> None:
    assert stray(open_document(write(invoice, syntax))) == []


@pytest.mark.parametrize(
    ("document", "path", "expected", "value"),
    [
        (INVOICE, "number", "/Invoice/cbc:ID", "R-1"),
        (
            INVOICE,
            "totals.amount_due_for_payment",
            "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount",
            "119.00",
        ),
        (INVOICE, "lines[0].net_amount", "/Invoice/cac:InvoiceLine/cbc:LineExtensionAmount", "100.00"),
        (CREDIT_NOTE, "lines[0].identifier", "/CreditNote/cac:CreditNoteLine/cbc:ID", "1"),
        (
            CII,
            "issue_date",
            "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
            "20260331",
        ),
    ],
)
def test_a_place_has_a_path_a_value_and_a_line(document: str, path: str, expected: str, value: str) -> None:
    place = open_document(document.encode()).locate(path)
    assert place is not None
    assert (place.path, place.value, place.exact) == (expected, value, True)
    assert place.line is not None
    assert value in document.splitlines()[place.line - 1]


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("currency_code", "/Invoice"),
        ("seller.name", "/Invoice/cac:AccountingSupplierParty/cac:Party"),
        ("lines[0].price_details.item_net_price", "/Invoice/cac:InvoiceLine"),
        ("lines[7].net_amount", "/Invoice"),
        ("lines[0].item_information.name", "/Invoice/cac:InvoiceLine/cac:Item"),
        ("buyer.name", "/Invoice/cac:AccountingCustomerParty"),
    ],
)
def test_for_what_is_absent_the_nearest_element_is_named(path: str, nearest: str) -> None:
    place = open_document(INVOICE.encode()).locate(path)
    assert place is not None
    assert (place.path, place.value, place.exact) == (nearest, "", False)


def test_a_path_that_the_syntax_has_no_place_for_is_looked_for_further_up() -> None:
    document = open_document(INVOICE.encode())
    assert document.locate("no_such_field") is None
    above = document.locate("lines[0].no_such_field")
    assert above is not None
    assert (above.path, above.exact) == ("/Invoice/cac:InvoiceLine", False)


def test_a_term_that_a_later_means_states_is_found_there() -> None:
    """BT-89 stands with the direct debit, also where another means stands before it."""
    means = """<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode></cac:PaymentMeans>
      <cac:PaymentMeans><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode>
      <cac:PaymentMandate><cbc:ID>M-1</cbc:ID></cac:PaymentMandate></cac:PaymentMeans><cac:LegalMonetaryTotal>"""
    document = open_document(spoiled(INVOICE, "<cac:LegalMonetaryTotal>", means))
    assert document.reading().invoice.payment_instructions is not None
    place = document.locate(FIRST_MANDATE)
    assert place is not None
    assert (place.path, place.value) == ("/Invoice/cac:PaymentMeans[2]/cac:PaymentMandate/cbc:ID", "M-1")
