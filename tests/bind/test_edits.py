# SPDX-License-Identifier: Apache-2.0
"""Changes to the text of a document: what is meant changes, and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree

from einvoice.bind import Document, open_document
from einvoice.bind import order as orders
from einvoice.bind.coded import CII, UBL, codes_at
from einvoice.bind.edits import Fragment, Insert, Sort, Write
from einvoice.bind.extents import decoded, extents
from einvoice.bind.xml_encoding import to_utf8
from einvoice.errors import XmlError

if TYPE_CHECKING:
    from einvoice.model import Syntax

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
TEXT = f"""<?xml version='1.0' encoding="UTF-8"?>
<!-- made by hand -->
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
         xmlns:b='{CBC}'  xmlns:a="{CAC}">
    <b:ID >A &amp; B</b:ID>
    <!-- the day --><b:IssueDate>2026-03-02</b:IssueDate>
    <b:Note><![CDATA[1 < 2]]></b:Note>
    <a:AccountingSupplierParty><a:Party/></a:AccountingSupplierParty>
    <a:LegalMonetaryTotal>
        <b:PayableAmount currencyID='EUR' >1.00</b:PayableAmount>
    </a:LegalMonetaryTotal>
</Invoice>
<!-- the end -->
"""


def opened(text: str = TEXT) -> Document:
    """The document, from its text."""
    return open_document(text.encode())


def number(document: Document, name: str) -> int:
    """The number of the first element of a name."""
    return next(part.number for part in document.parts().values() if part.name == name)


def changed(document: Document, *edits: Write | Sort | Insert) -> str:
    """The text with changes made."""
    return document.rewritten(edits).decode()


def test_nothing_changes_where_nothing_is_to_be_changed() -> None:
    assert changed(opened()) == TEXT


def test_a_value_is_replaced_and_escaped() -> None:
    document = opened()
    assert changed(document, Write(number(document, "cbc:ID"), "C < D")) == TEXT.replace("A &amp; B", "C &lt; D")


def test_an_attribute_is_replaced_within_its_own_quotes() -> None:
    document = opened()
    edit = Write(number(document, "cbc:PayableAmount"), "it's", "currencyID")
    assert changed(document, edit) == TEXT.replace("'EUR'", "'it&apos;s'")


def test_an_attribute_is_added_behind_the_others() -> None:
    document = opened()
    edit = Write(number(document, "cbc:ID"), 'a"b', "schemeID")
    assert changed(document, edit) == TEXT.replace("<b:ID >", '<b:ID schemeID="a&quot;b">')


def test_text_and_attribute_of_one_element_change_together() -> None:
    document = opened()
    amount = number(document, "cbc:PayableAmount")
    after = changed(document, Write(amount, "2.00"), Write(amount, "USD", "currencyID"))
    assert after == TEXT.replace("'EUR' >1.00", "'USD' >2.00")


def test_an_element_without_an_end_tag_gets_one_with_its_content() -> None:
    document = opened()
    edit = Insert(number(document, "cac:Party"), 0, Fragment("cbc:EndpointID", "x@y.de"))
    expected = TEXT.replace("<a:Party/>", "<a:Party><b:EndpointID>x@y.de</b:EndpointID></a:Party>")
    assert changed(document, edit) == expected


def test_an_added_element_is_indented_like_the_one_before_it() -> None:
    document = opened()
    fragment = Fragment("cac:TaxScheme", children=(Fragment("cbc:ID", "VAT"),))
    after = changed(document, Insert(number(document, "cac:LegalMonetaryTotal"), 1, fragment))
    assert "</b:PayableAmount>\n        <a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme>\n    </a:Legal" in after


def test_an_added_element_declares_a_namespace_that_the_document_does_not_have() -> None:
    text = f'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID xmlns="{CBC}">1</ID></Invoice>'
    document = opened(text)
    after = changed(document, Insert(0, 1, Fragment("cbc:DueDate", "2026-04-01")))
    assert f'<cbc:DueDate xmlns:cbc="{CBC}">2026-04-01</cbc:DueDate></Invoice>' in after


def test_sorted_elements_take_along_what_stands_in_front_of_them() -> None:
    after = changed(opened(), Sort(0, (1, 0, 2, 3, 4)))
    assert after.index("<!-- the day -->") + len("<!-- the day -->") == after.index("<b:IssueDate>")
    assert after.index("<b:IssueDate>") < after.index("<b:ID >")
    assert sorted(after) == sorted(TEXT)


def test_a_sorted_element_may_be_changed_too() -> None:
    document = opened()
    after = changed(document, Sort(0, (1, 0, 2, 3, 4)), Write(number(document, "cbc:IssueDate"), "2026-03-03"))
    assert after.index("2026-03-03</b:IssueDate>") < after.index("<b:ID >")


def test_a_value_with_a_cdata_section_is_not_touched() -> None:
    document = opened()
    with pytest.raises(XmlError, match="left as it is"):
        document.rewritten([Write(number(document, "cbc:Note"), "x")])


@pytest.mark.parametrize(
    ("declared", "codec", "mark"),
    [
        ("UTF-8", "utf-8", b""),
        ("UTF-8", "utf-8", b"\xef\xbb\xbf"),
        ("UTF-16", "utf-16-le", b"\xff\xfe"),
        ("UTF-16", "utf-16-be", b"\xfe\xff"),
        ("UTF-16", "utf-16-le", b""),
        ("ISO-8859-1", "latin-1", b""),
        ("windows-1252", "cp1252", b""),
        ("US-ASCII", "ascii", b""),
    ],
)
def test_encoding_byte_order_mark_and_line_ends_stay(declared: str, codec: str, mark: bytes) -> None:
    text = TEXT.replace("UTF-8", declared).replace("\n", "\r\n")
    data = mark + text.encode(codec)
    document = open_document(data)
    assert document.rewritten([]) == data
    after = document.rewritten([Write(number(document, "cbc:ID"), "é €")])
    expected = text.replace("A &amp; B", "é €").encode(codec, "xmlcharrefreplace")
    assert after == mark + expected
    assert open_document(after).reading().invoice.number == "é €"


def test_the_codec_gives_every_document_back() -> None:
    for data in (TEXT.encode(), b"\xff\xfe" + TEXT.replace("UTF-8", "UTF-16").encode("utf-16-le")):
        text, codec = decoded(data)
        assert text.encode(codec) == data
        assert to_utf8(data).decode().removeprefix("\ufeff") == text.removeprefix("\ufeff")


def test_a_document_in_an_envelope_is_changed_inside_it() -> None:
    space = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    inner = TEXT.partition("-->\n")[2].partition("<!-- the end")[0]
    header = f"<StandardBusinessDocumentHeader xmlns='{space}'/>"
    text = f"<s:StandardBusinessDocument xmlns:s='{space}'>{header}{inner}</s:StandardBusinessDocument>"
    document = opened(text)
    assert changed(document, Write(number(document, "cbc:ID"), "7")) == text.replace("A &amp; B", "7")


# ------------------------------------------------------------------------------------ parts and codes


def test_a_part_knows_its_type_its_terms_and_its_place() -> None:
    document = opened()
    part = next(part for part in document.parts().values() if part.name == "cbc:PayableAmount")
    assert (part.content, part.type, part.terms, part.text) == ("decimal", "udt:AmountType", ("BT-115",), "1.00")
    assert part.path == "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount"
    assert (part.above, part.line, part.attributes) == ("cac:LegalMonetaryTotal", 10, {"currencyID": "EUR"})


def test_an_element_that_the_schema_does_not_know_has_no_type() -> None:
    document = opened(TEXT.replace("<a:Party/>", "<a:Odd><b:ID>1</b:ID></a:Odd>"))
    odd = next(part for part in document.parts().values() if part.name == "cac:Odd")
    assert (odd.type, odd.content, odd.terms) == ("", "", ())


def test_a_place_has_the_codes_of_its_list() -> None:
    assert "EUR" in codes_at("ubl-invoice", "cbc:PayableAmount", "cac:LegalMonetaryTotal", "currencyID")
    assert codes_at("ubl-invoice", "cbc:ID", "cac:TaxScheme") == {"VAT"}
    assert "S" in codes_at("cii", "ram:CategoryCode", "ram:ApplicableTradeTax")
    assert codes_at("cii", "ram:ID", "ram:SpecifiedTaxRegistration", "schemeID") == {"VA", "FC"}
    assert codes_at("ubl-invoice", "cbc:Note", "Invoice") == frozenset()


@pytest.mark.parametrize(
    ("syntax", "place"), [("ubl-invoice", place) for place in UBL] + [("cii", place) for place in CII]
)
def test_a_coded_place_exists_in_the_schema(syntax: Syntax, place: str) -> None:
    order = orders.load(syntax)
    types, seen, found = [("", order.root_type, order.root)], set(), set()
    while types:
        above, kind, name = types.pop()
        if (above, name) not in seen:
            seen.add((above, name))
            found |= {name, f"{above}/{name}"}
            found |= {
                f"{start}@{one.name}"
                for one in order.attributes(kind)
                for start in ("", f"{name}/", f"{above}/{name}/")
            }
            types += [(name, child.type, child.name) for child in order.children(kind)]
    credit_note = "cbc:CreditNoteTypeCode"
    assert place in found or place == credit_note


def test_text_and_tree_that_differ_are_not_changed() -> None:
    with pytest.raises(XmlError, match="left as it is"):
        extents("<a><b/></a>", etree.fromstring("<a><c/></a>"))


def test_an_element_deep_inside_is_changed() -> None:
    deep = 240
    text = TEXT.replace("<a:Party/>", "<a:Party>" * deep + "<b:EndpointID>x</b:EndpointID>" + "</a:Party>" * deep)
    document = opened(text)
    edit = Write(number(document, "cbc:EndpointID"), "EM", "schemeID")
    assert changed(document, edit) == text.replace("<b:EndpointID>", '<b:EndpointID schemeID="EM">')
