# SPDX-License-Identifier: Apache-2.0
"""Two invoices are compared leaf by leaf."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from einvoice.model import (
    AdditionalSupportingDocument,
    Attachment,
    Buyer,
    BuyerContact,
    Identifier,
    Invoice,
    InvoiceLine,
    Seller,
)
from einvoice.service.compare import Difference, differences, leaves, said, term_of

INVOICE = Invoice(
    number="1",
    issue_date=date(2026, 1, 20),
    seller=Seller(identifiers=(Identifier("4000001123452", scheme="0088"),)),
    lines=(InvoiceLine(identifier="1", net_amount=Decimal("10.00")), InvoiceLine(identifier="2")),
)


def test_an_invoice_differs_from_itself_in_nothing() -> None:
    assert differences(INVOICE, INVOICE) == []


def test_an_empty_group_is_an_absent_group() -> None:
    assert differences(Invoice(), Invoice(buyer=Buyer(contact=BuyerContact()))) == []


def test_leaves_are_in_the_order_of_the_model() -> None:
    assert [path for path, _ in leaves(INVOICE)] == [
        "number",
        "issue_date",
        "seller.identifiers[0].value",
        "seller.identifiers[0].scheme",
        "lines[0].identifier",
        "lines[0].net_amount",
        "lines[1].identifier",
    ]


def test_what_is_missing_added_or_changed_is_a_difference() -> None:
    other = Invoice(
        number="2",
        issue_date=date(2026, 1, 20),
        buyer_reference="x",
        seller=Seller(identifiers=(Identifier("4000001123452"),)),
        lines=(InvoiceLine(identifier="1", net_amount=Decimal("10.0")),),
    )
    assert differences(INVOICE, other) == [
        Difference("number", "BT-1", "1", "2"),
        Difference("seller.identifiers[0].scheme", "BT-29", "0088", None),
        Difference("lines[1].identifier", "BT-126", "2", None),
        Difference("buyer_reference", "BT-10", None, "x"),
    ]


def test_a_difference_can_be_read_aloud() -> None:
    document = AdditionalSupportingDocument(attached_document=Attachment(content=b"%PDF"))
    (found,) = differences(Invoice(), Invoice(additional_supporting_documents=(document,)))
    where = "additional_supporting_documents[0].attached_document.content"
    assert str(found) == f"BT-125 ({where}): nothing became 4 bytes"


@pytest.mark.parametrize(
    ("path", "term"),
    [
        ("lines[3].sub_lines[0].sub_lines[1].net_amount", "BT-131"),
        ("lines[0].sub_lines[0]", "BG-DEX-01"),
        ("seller.identifiers[0].scheme", "BT-29"),
        ("nothing.here", "nothing.here"),
    ],
)
def test_a_path_leads_to_its_term(path: str, term: str) -> None:
    assert term_of(path) == term


def test_a_value_can_be_said() -> None:
    assert said(Decimal("1.50")) == "1.50"
    assert said(None) == "nothing"
