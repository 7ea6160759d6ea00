# SPDX-License-Identifier: Apache-2.0
"""What rows can say of codes, numbers and of what stands elsewhere in the document."""

from __future__ import annotations

import pytest

from einvoice.bind import open_document
from einvoice.codes import codes
from einvoice.model.structure import Codes, GrammarError, Structure, StructureHit, StructureRow, coded
from einvoice.rules.wording import in_words

XMLNS = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def asked(content: str, context: str, test: str, path: str) -> tuple[StructureHit, ...]:
    document = open_document(f"<Invoice {XMLNS}>{content}</Invoice>".encode())
    return document.structure_hits(Structure((StructureRow("R-1", context, test, path),)))


@pytest.mark.parametrize(
    ("test", "broken", "kept"),
    [
        ("code iso-4217", "euro", "EUR"),
        ("code iso-4217 + 'XYZ'|'XZY'", "XYY", "XZY"),
        ("code iso-4217 + 'XYZ' - 'EUR'|'USD'", "USD", "XYZ"),
        ("code 'a'|'b c'", "b", "b c"),
        ("date 205", "20261122", "202611220745"),
        ("date 205", "202611222460", " 202611222359 "),
    ],
)
def test_a_text_is_one_of_the_codes(test: str, broken: str, kept: str) -> None:
    row = ("cac:Price", test, "cbc:ID")
    assert asked(f"<cac:Price><cbc:ID>{broken}</cbc:ID></cac:Price>", *row)
    assert not asked(f"<cac:Price><cbc:ID>{kept}</cbc:ID></cac:Price>", *row)


def test_an_attribute_is_one_of_the_codes_and_an_empty_text_is_none() -> None:
    row = ("cac:Price", "code iso-4217", "cbc:ID/@schemeID")
    assert [hit.value for hit in asked("<cac:Price><cbc:ID schemeID='x'/></cac:Price>", *row)] == ["x"]
    assert not asked("<cac:Price><cbc:ID schemeID=''/><cbc:ID/></cac:Price>", *row)


@pytest.mark.parametrize(
    ("condition", "broken", "kept"),
    [
        ("cbc:Percent=0", "0.1", "0.00"),
        ("cbc:Percent=0", "-0.0", "-0"),
        ("cbc:Percent>=0", "-0.1", "0"),
        ("cbc:Percent>=0", "-0.0", "1e1"),
        ("cbc:Percent>0", "0", " 19 "),
        ("cbc:Percent<19", "19", "18.99"),
        ("cbc:Percent<=19", "19.01", "19.0"),
        ("!cbc:Percent>=19.5", "19.5", "7"),
        ("cbc:Percent!=7", "7.0", "8"),
    ],
)
def test_numbers_compare_as_numbers(condition: str, broken: str, kept: str) -> None:
    row = ("cac:TaxCategory", "true", condition)
    assert asked(f"<cac:TaxCategory><cbc:Percent>{broken}</cbc:Percent></cac:TaxCategory>", *row)
    assert not asked(f"<cac:TaxCategory><cbc:Percent>{kept}</cbc:Percent></cac:TaxCategory>", *row)


@pytest.mark.parametrize("text", ["", "ten", "1_0", "1,5"])
def test_a_text_that_is_no_number_cannot_be_compared(text: str) -> None:
    hits = asked(
        f"<cac:TaxCategory><cbc:Percent>{text}</cbc:Percent></cac:TaxCategory>",
        "cac:TaxCategory",
        "true",
        "cbc:Percent>0",
    )
    assert [hit.open for hit in hits] == [f"{text!r} is no number"]


def test_a_number_that_is_absent_does_not_compare() -> None:
    assert asked("<cac:TaxCategory/>", "cac:TaxCategory", "true", "cbc:Percent>=0")


@pytest.mark.parametrize(
    ("condition", "broken", "kept"),
    [
        ("../../cbc:ID='1'", "<cbc:ID>2</cbc:ID>", "<cbc:ID>1</cbc:ID>"),
        (
            "//cbc:ID='1'",
            "<cbc:ID>2</cbc:ID>",
            "<cac:Delivery><cac:Party><cbc:ID>1</cbc:ID></cac:Party></cac:Delivery>",
        ),
        ("!//cbc:Name", "<cac:Delivery><cbc:Name/></cac:Delivery>", "<cbc:ID/>"),
        (
            "//cac:Party/cbc:ID/@schemeID='a'",
            "<cac:Party><cbc:ID/></cac:Party>",
            "<cac:Party><cbc:ID schemeID='a'/></cac:Party>",
        ),
        ("../../../cbc:ID", "<cbc:ID/>", ""),
    ],
)
def test_a_condition_looks_around(condition: str, broken: str, kept: str) -> None:
    inner = "<cac:Item><cac:Price/></cac:Item>"
    row = ("cac:Price", "true", condition)
    if condition == "../../../cbc:ID":  # above the document there is nothing
        assert asked(f"{broken}{inner}", *row)
        return
    assert asked(f"{broken}{inner}", *row)
    assert not asked(f"{kept}{inner}", *row)


def test_a_dot_is_the_element_itself() -> None:
    row = ("/Invoice", "some", "cbc:ID[.!='']")
    assert asked("<cbc:ID/>", *row)
    assert not asked("<cbc:ID/><cbc:ID>1</cbc:ID>", *row)
    assert asked("<cbc:ID>a</cbc:ID>", "cbc:ID[.='a']", "absent", ".")
    assert not asked("<cbc:ID> a</cbc:ID>", "cbc:ID[.='a']", "absent", ".")
    assert asked("<cbc:ID> a </cbc:ID>", "cbc:ID[trim(.)='a']", "absent", ".")


def test_the_grammar_of_codes() -> None:
    assert coded("code iso-4217 + 'a'|'b' - 'c'") == Codes("iso-4217", ("a", "b"), ("c",))
    assert coded("code 'a'") == Codes("", ("a",))
    assert coded("absent") is None
    with pytest.raises(GrammarError, match="cannot read the codes"):
        coded("code iso-4217 or 'a'")


def test_no_list_is_larger_than_it_says() -> None:
    assert not asked("<cbc:ID>EUR</cbc:ID>", "/Invoice", "code iso-4217", "cbc:ID")
    assert "EUR" in codes("iso-4217")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("code iso-6523 + 'BY' - '0241'", "@schemeID"), "says in @schemeID a code of iso-6523 or BY, but not 0241"),
        (("code 'VAT'", "."), "is VAT"),
        (("code '1'|'2'", "."), "is one of 1 or 2"),
        (("some", "ram:B[.!='']"), "has ram:B where it is not empty"),
        (("date 205", "."), "is a date with its time, written as year, month, day, hour and minute in twelve digits"),
    ],
)
def test_they_are_put_into_words(row: tuple[str, str], sentence: str) -> None:
    assert in_words(StructureRow("R-1", "ram:A", *row), "Test") == f"Each ram:A {sentence}."


def test_comparisons_are_put_into_words() -> None:
    row = StructureRow("R-1", "ram:A", "true", "ram:B>=0 and !ram:C=0")
    assert in_words(row, "Test") == "Of each ram:A, ram:B ≥ 0 and ram:C ≠ 0."
