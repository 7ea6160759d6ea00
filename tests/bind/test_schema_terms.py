# SPDX-License-Identifier: Apache-2.0
"""A violation of the schema says which terms it is about; tried on what the official schemas really find."""

from __future__ import annotations

import pytest

from einvoice.bind import open_document, write
from einvoice.bind.schema import SchemaViolation
from einvoice.bind.schema_terms import concerned
from tests.service.sample import invoice

UBL = write(invoice(), "ubl")
CII = write(invoice(), "cii")


def without(data: bytes, start: str, end: str, place: int = 0) -> bytes:
    """A document without the element that begins and ends so."""
    at = data.index(start.encode(), place)
    return data[:at] + data[data.index(end.encode(), at) + len(end) :]


def terms(data: bytes) -> list[tuple[str, ...]]:
    """The terms of each violation in a document."""
    document = open_document(data)
    return [concerned(violation, document.syntax) for violation in document.schema_violations()]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (UBL.replace(b">2026-03-02<", b">soon<"), ("BT-2",)),
        (CII.replace(b">36.89</ram:GrandTotalAmount>", b">lots</ram:GrandTotalAmount>"), ("BT-112",)),
    ],
)
def test_a_value_is_that_of_its_own_term(data: bytes, expected: tuple[str, ...]) -> None:
    assert terms(data) == [expected]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("<cbc:ID>", "</cbc:ID>", ("BT-1",)),
        ("<cac:AccountingSupplierParty>", "</cac:AccountingSupplierParty>", ("BG-4",)),
        ("<cbc:TaxAmount", "</cbc:TaxAmount>", ("BT-110", "BT-111")),
        ("<cac:TaxCategory>", "</cac:TaxCategory>", ("BT-118", "BT-119", "BT-121", "BT-120")),
        ("<cbc:PayableAmount", "</cbc:PayableAmount>", ("BT-115",)),
        ("<cac:Item>", "</cac:Item>", ("BG-31",)),
        ("<cbc:PriceAmount", "</cbc:PriceAmount>", ("BT-146",)),
    ],
)
def test_what_is_missing_is_named_wherever_it_is_reported(start: str, end: str, expected: tuple[str, ...]) -> None:
    """At the element that should hold it, or at the one that stands in its place."""
    assert terms(without(UBL, start, end)) == [expected]


def test_what_stands_for_too_much_names_nothing() -> None:
    start, end = "<rsm:SupplyChainTradeTransaction>", "</rsm:SupplyChainTradeTransaction>"
    assert terms(without(CII, start, end)) == [()]


def test_an_element_in_another_case_is_the_one_that_is_meant() -> None:
    data = UBL.replace(b"cbc:BuyerReference", b"cbc:buyerReference")
    assert terms(data) == [("BT-10",)]


def test_an_attribute_is_that_of_its_own_term() -> None:
    found = SchemaViolation(message="", original="", path="/Invoice/cac:InvoiceLine[2]/cbc:InvoicedQuantity/@unitCode")
    assert concerned(found, "ubl-invoice") == ("BT-130",)


@pytest.mark.parametrize("path", ["", "/Order/cbc:ID", "/Invoice/cbc:Nonsense", "/Invoice/@nonsense"])
def test_what_has_no_meaning_names_nothing(path: str) -> None:
    assert concerned(SchemaViolation(message="", original="", path=path), "ubl-invoice") == ()
