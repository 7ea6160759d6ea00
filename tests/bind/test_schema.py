# SPDX-License-Identifier: Apache-2.0
"""Validation against the official schemas: the right verdict, in words that help, in a bounded number of steps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import pytest
from lxml import etree

from einvoice.bind import catalog, schema, schema_errors
from einvoice.bind.schema import DocumentType, SchemaViolation, validate
from einvoice.bind.schema_errors import Compiled, SchemaError, collect
from einvoice.bind.schema_messages import Scene, explain
from einvoice.bind.xml import parse
from einvoice.errors import UnknownNameError
from tests.bind.documents import CII, CREDIT_NOTE, INVOICE, spoiled

if TYPE_CHECKING:
    from lxml.etree import _Element

LINE = INVOICE[INVOICE.index("<cac:InvoiceLine>") : INVOICE.index("</cac:InvoiceLine>")]
EXTENSION = "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent/></ext:UBLExtension></ext:UBLExtensions>"
MINIMUM: DocumentType = "facturx:minimum"
TYPES: tuple[DocumentType, ...] = get_args(DocumentType)


def the_only(data: bytes, document_type: DocumentType = "ubl-invoice") -> SchemaViolation:
    """Validate a document that has exactly one fault."""
    found = validate(parse(data), document_type)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("document_type", TYPES)
def test_every_document_type_has_a_schema_that_is_compiled_once(document_type: DocumentType) -> None:
    assert schema.compiled(document_type) is schema.compiled(document_type)


def test_the_catalog_and_the_code_know_the_same_document_types() -> None:
    assert set(catalog.load().schema) == set(TYPES)


@pytest.mark.parametrize(
    ("document", "document_type"),
    [(INVOICE, "ubl-invoice"), (CREDIT_NOTE, "ubl-creditnote"), (CII, MINIMUM)],
    ids=["invoice", "creditnote", "minimum"],
)
def test_a_valid_document_has_no_violations(document: str, document_type: DocumentType) -> None:
    root = parse(document.encode())
    assert validate(root, document_type) == []
    assert validate(root.getroottree(), document_type) == []


def test_an_unknown_document_type_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="'edifact'; there is one for cii, facturx:basic"):
        validate(parse(INVOICE.encode()), "edifact")  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("old", "new", "kind", "path", "line", "says"),
    [
        (
            "<cbc:ID>R-1</cbc:ID>",
            "",
            "unexpected",
            "/Invoice/cbc:IssueDate",
            5,
            "Invoice lacks cbc:ID, which is required; add it before cbc:IssueDate",
        ),
        (
            "<cbc:ID>R-1</cbc:ID>",
            "<cbc:UUID>1</cbc:UUID><cbc:ID>R-1</cbc:ID>",
            "unexpected",
            "/Invoice/cbc:UUID",
            4,
            "cbc:UUID stands too early in Invoice; move cbc:ID before it",
        ),
        (
            "<cac:AccountingCustomerParty/>",
            "<cac:AccountingCustomerParty/><cbc:Note>late</cbc:Note>",
            "unexpected",
            "/Invoice/cbc:Note",
            11,
            "cbc:Note stands too late in Invoice; move it before cac:AccountingSupplierParty",
        ),
        (
            "<cbc:ID>R-1</cbc:ID>",
            "<cbc:ID>R-1</cbc:ID><cbc:ID>R-2</cbc:ID>",
            "unexpected",
            "/Invoice/cbc:ID[2]",
            4,
            "Invoice has 2 cbc:ID, but only 1 may stand there; remove what is too much",
        ),
        (
            "<cbc:ID>R-1</cbc:ID>",
            "<cbc:ID>R-1</cbc:ID><cbc:Bogus/>",
            "unexpected",
            "/Invoice/cbc:Bogus",
            4,
            "cbc:Bogus is not known inside Invoice; remove it",
        ),
        (
            "<cbc:ID>R-1</cbc:ID>",
            "<cbc:ID>R-1</cbc:ID><cac:issuedate/>",
            "unexpected",
            "/Invoice/cac:issuedate",
            4,
            "cac:issuedate is not known inside Invoice; remove it, or write cbc:IssueDate if that is meant",
        ),
        (
            "<cbc:Name>Oak and Sons</cbc:Name>",
            "",
            "missing",
            "/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PartyName",
            8,
            "cac:PartyName lacks cbc:Name, which is required; add it",
        ),
        (
            LINE,
            "<cac:InvoiceLine>",
            "missing",
            "/Invoice/cac:InvoiceLine",
            15,
            "cac:InvoiceLine lacks cbc:ID, cbc:LineExtensionAmount and cac:Item, which are required; add them",
        ),
        (
            "<cbc:ID>R-1</cbc:ID>",
            '<cbc:ID format="x">R-1</cbc:ID>',
            "attribute",
            "/Invoice/cbc:ID/@format",
            4,
            "cbc:ID has the attribute format, which it may not have; remove it (allowed are schemeID, schemeName,",
        ),
        (
            '<cbc:PayableAmount currencyID="EUR">119.00',
            "<cbc:PayableAmount>119.00",
            "attribute",
            "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount",
            13,
            "cbc:PayableAmount lacks the attribute currencyID, which is required; add it",
        ),
        (
            "119.00",
            "1.119,00",
            "value",
            "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount",
            13,
            "cbc:PayableAmount has the value '1.119,00', which is not a number; write digits and a decimal point",
        ),
        (
            "119.00",
            "",
            "value",
            "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount",
            13,
            "cbc:PayableAmount is empty, but a number must stand there; write it, or leave it out",
        ),
        (
            "2026-03-31",
            "31.03.2026",
            "value",
            "/Invoice/cbc:IssueDate",
            5,
            "cbc:IssueDate has the value '31.03.2026', which is not a date; write it as YYYY-MM-DD",
        ),
        (
            "<cbc:Name>",
            '<cbc:Name languageID="d!">',
            "value",
            "/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PartyName/cbc:Name/@languageID",
            8,
            "the attribute languageID of cbc:Name has the value 'd!', which is not a language code",
        ),
        (
            "<cac:Party>",
            "<cac:Party>Oak",
            "content",
            "/Invoice/cac:AccountingSupplierParty/cac:Party",
            7,
            "the text 'Oak' stands directly in cac:Party, which may hold only elements; remove it",
        ),
        (
            "<cbc:ID>R-1</cbc:ID>",
            "<cbc:ID>R-1<cbc:Note/></cbc:ID>",
            "content",
            "/Invoice/cbc:ID",
            4,
            "cbc:ID may hold only text, but the element cbc:Note stands in it; remove it",
        ),
        (
            "<cbc:ID>R-1</cbc:ID>",
            f"{EXTENSION}<cbc:ID>R-1</cbc:ID>",
            "missing",
            "/Invoice/ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent",
            4,
            "ext:ExtensionContent is empty, but an element of another namespace must stand in it",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) and " " in value and "<" not in value else "",
)
def test_a_violation_of_ubl_is_explained(old: str, new: str, kind: str, path: str, line: int, says: str) -> None:
    found = the_only(spoiled(INVOICE, old, new))
    assert says in found.message
    assert (found.kind, found.path, found.line, found.column) == (kind, path, line, None)
    assert found.original.startswith("Element '{urn:oasis")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "<ram:ApplicableHeaderTradeDelivery/>",
            "<ram:ApplicableHeaderTradeDelivery>\n</ram:ApplicableHeaderTradeDelivery>",
            "ram:ApplicableHeaderTradeDelivery must be empty, without even a blank between its tags",
        ),
        (
            "<ram:Name>Elm Ltd</ram:Name>",
            "<ram:Name>Elm Ltd</ram:Name><ram:Description>x</ram:Description>",
            "ram:Description has no place here in ram:BuyerTradeParty of Factur-X MINIMUM",
        ),
        (
            "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>",
            "",
            "ram:ApplicableHeaderTradeSettlement lacks ram:InvoiceCurrencyCode, which Factur-X MINIMUM requires",
        ),
        ("<ram:CountryID>FR</ram:CountryID>", "", "ram:PostalTradeAddress lacks ram:CountryID, which is required"),
        (' format="102"', "", "udt:DateTimeString lacks the attribute format, which is required"),
        (
            "<ram:DuePayableAmount>",
            "<ram:DuePayableAmount/><ram:DuePayableAmount>",
            "ram:DuePayableAmount is empty, but a number must stand there",
        ),
    ],
)
def test_a_violation_of_a_factur_x_profile_is_explained(old: str, new: str, says: str) -> None:
    found = validate(parse(spoiled(CII, old, new)), MINIMUM)
    assert says in found[0].message, found


FACETS = Compiled(
    etree.XMLSchema(
        etree.fromstring(
            """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence>
<xs:element name="code" minOccurs="0"><xs:simpleType><xs:restriction base="xs:token"><xs:enumeration value="S"/>
<xs:enumeration value="Z"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="number" minOccurs="0"><xs:simpleType><xs:restriction base="xs:token"><xs:pattern value="[A-Z]{2}"/>
</xs:restriction></xs:simpleType></xs:element>
<xs:element name="amount" minOccurs="0"><xs:simpleType><xs:restriction base="xs:decimal"><xs:fractionDigits value="2"/>
</xs:restriction></xs:simpleType></xs:element>
</xs:sequence><xs:attribute name="unit" type="unit"/></xs:complexType></xs:element>
<xs:simpleType name="unit"><xs:restriction base="xs:token"><xs:enumeration value="C62"/></xs:restriction>
</xs:simpleType>
</xs:schema>"""
        )
    )
)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<r><code>X</code></r>", "code has the value 'X', which is not on the list; allowed: S or Z"),
        ("<r><number>x</number></r>", "number has the value 'x', which does not have the form [A-Z]{2}"),
        ("<r><amount>1.234</amount></r>", "amount breaks the rule fractionDigits of its type: The value '1.234' has"),
        ('<r unit="x"/>', "the attribute unit of r has the value 'x', which is not on the list; allowed: C62"),
    ],
)
def test_a_value_that_breaks_its_facet_is_explained_once(body: str, says: str) -> None:
    """libxml2 says it twice: once for the facet, once for the type."""
    (error,), complete = collect(FACETS, parse(body.encode()), 10)
    kind, message, _ = explain(error, Scene(None, "Test", whole=True, name_of=lambda _: None), "/r")
    assert (kind, complete) == ("value", True)
    assert says in message


def test_cii_is_validated_with_its_order() -> None:
    found = the_only(spoiled(CII, "<ram:ApplicableHeaderTradeDelivery/>", ""), "cii")
    assert found.path == "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
    assert "rsm:SupplyChainTradeTransaction lacks ram:ApplicableHeaderTradeDelivery, which is required" in found.message


def test_cii_is_validated_without_its_code_lists() -> None:
    assert validate(parse(spoiled(CII, ">380<", ">no code<")), "cii") == []


def test_a_document_of_another_type_is_said_to_be_so() -> None:
    assert the_only(CREDIT_NOTE.encode()).message == "CreditNote cannot be the root of a UBL 2.1 Invoice document"
    found = the_only(INVOICE.encode(), "zugferd-1.0")
    assert found.message == "Invoice cannot be the root of a ZUGFeRD 1.0 document"


def test_the_business_term_stands_beside_the_name() -> None:
    terms = {"/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount": "BT-115"}
    (found,) = validate(parse(spoiled(INVOICE, "119.00", "x")), "ubl-invoice", name_of=terms.get)
    assert found.message.startswith("cbc:PayableAmount (BT-115) has the value 'x'")


def test_prefixes_of_the_document_play_no_part() -> None:
    text = INVOICE.replace("xmlns=", "xmlns:i=").replace("<Invoice", "<i:Invoice").replace("</Invoice", "</i:Invoice")
    text = text.replace("cbc:", "b:").replace(":cbc=", ":b=").replace("<cac:", "<a:").replace("</cac:", "</a:")
    found = the_only(spoiled(text.replace(":cac=", ":a="), "119.00", "x"))
    assert found.path == "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount"
    assert found.element == "cbc:PayableAmount"


def test_an_element_inside_an_envelope_is_validated_by_itself() -> None:
    body = spoiled(INVOICE, "119.00", "x").partition(b"?>")[2]
    root = parse(b"<sbd>\n" + body + b"</sbd>")
    (found,) = validate(root[0], "ubl-invoice")
    assert found.path == "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount"


def test_all_violations_are_listed_in_the_order_of_the_document() -> None:
    text = INVOICE.replace("119.00", "x").replace("2026-03-31", "soon").replace("100.00", "y")
    assert [found.element for found in validate(parse(text.encode()), "ubl-invoice")] == [
        "cbc:IssueDate",
        "cbc:PayableAmount",
        "cbc:LineExtensionAmount",
    ]


def test_violations_are_plain_data() -> None:
    found = validate(parse(spoiled(INVOICE, "119.00", "x")), "ubl-invoice")
    again = msgspec.json.decode(msgspec.json.encode(found), type=list[SchemaViolation])
    assert again == found


# ----------------------------------------------------------------------------------------- threads and width


def test_threads_do_not_mix_up_their_violations() -> None:
    documents = [spoiled(INVOICE, "119.00", f"x{number}") for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(the_only, documents))
    assert [f"'x{number}'" in found[number].message for number in range(60)] == [True] * 60


def notes(count: int, wrong: int) -> bytes:
    body = "<cbc:Note/>" * (count - wrong) + '<cbc:Note x="1"/>' * wrong
    return spoiled(INVOICE, "<cac:AccountingSupplierParty>", f"{body}<cac:AccountingSupplierParty>")


def test_the_list_ends_where_it_is_told_to_and_says_so() -> None:
    found = validate(parse(notes(30, 30)), "ubl-invoice", limit=10)
    assert len(found) == 11
    assert "more violations of the schema than the 10 that are listed" in found[-1].message
    assert len(validate(parse(notes(10, 10)), "ubl-invoice", limit=10)) == 10


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many sisters libxml2 may have counted in each validation that asks it for places: for every error, all."""
    counts: list[int] = []
    placed = schema_errors._placed

    def spy(compiled: Compiled, root: _Element, limit: int) -> tuple[list[SchemaError], bool]:
        found = placed(compiled, root, limit)
        errors: Any = compiled.schema.error_log  # of this validation: a document is validated by one thread here
        counts.append(len(errors) * max(len(element) for element in root.iter()))
        return found

    monkeypatch.setattr(schema_errors, "_placed", spy)
    return counts


@pytest.mark.parametrize("wrong", [1, 20_000], ids=["one", "all"])
def test_a_wide_document_does_not_make_libxml2_count_its_sisters_for_every_error(
    wrong: int, counted: list[int]
) -> None:
    """20,000 wrong sisters would be 400,000,000 to count."""
    found = validate(parse(notes(20_000, wrong)), "ubl-invoice")
    assert len(counted) == 1
    assert 0 < counted[0] < 200_000
    position = 20_000 if wrong == 1 else 1
    assert found[0].path == f"/Invoice/cbc:Note[{position}]/@x"
    assert (len(found) > 1) == (wrong > 1)


def test_a_fault_beyond_the_sample_of_a_wide_document_is_still_named() -> None:
    found = validate(parse(notes(60_000, 500)), "ubl-invoice")
    assert "cbc:Note has the attribute x" in found[0].message
    assert found[0].path == ""
    assert "more violations" in found[-1].message


def test_a_valid_wide_document_is_valid() -> None:
    assert validate(parse(notes(60_000, 0)), "ubl-invoice") == []
