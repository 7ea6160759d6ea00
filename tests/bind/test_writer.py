# SPDX-License-Identifier: Apache-2.0
"""Writing: valid against the official schema also where the invoice says little, and the same bytes every time."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from einvoice.bind import open_document, write
from einvoice.bind.body import Child, Needs, present_in
from einvoice.bind.tree import tree
from einvoice.errors import OutputError
from einvoice.model import (
    AdditionalSupportingDocument,
    Attachment,
    Buyer,
    DocumentTotals,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceNote,
    ItemInformation,
    PriceDetails,
    Seller,
    Syntax,
    VatBreakdown,
    fields_of,
)
from einvoice.model.extensions import LineExtension, LineNote
from tests.bind.documents import CII, CREDIT_NOTE, INVOICE
from tests.strategies import invoices

if TYPE_CHECKING:
    from msgspec import Struct

    from einvoice.bind.body import Emit

SYNTAXES: tuple[Syntax, ...] = ("ubl-invoice", "ubl-creditnote", "cii")
UBL: tuple[Syntax, ...] = ("ubl-invoice", "ubl-creditnote")
NASTY = "a<b>&amp;\"c\" 'd'\t\n\r]]> \u0085\u2028 \U0001f600 é"


def texts(invoice: Invoice, syntax: Syntax, name: str) -> list[str]:
    """The texts of all elements of a name in what is written."""
    root = etree.fromstring(write(invoice, syntax))
    return [element.text or "" for element in root.iter(f"{{*}}{name}")]


def violations(invoice: Invoice, syntax: Syntax) -> list[str]:
    """What the official schema says about what is written."""
    return [violation.message for violation in open_document(write(invoice, syntax)).schema_violations()]


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("text", [NASTY, "", " ", "]]>", "<!-- -->", "&#0;", "  leading and trailing  "])
def test_a_text_comes_back_to_the_letter(syntax: Syntax, text: str) -> None:
    """Also white space that parsers would normalise, in an element and in an attribute."""
    document = AdditionalSupportingDocument(
        reference="D", attached_document=Attachment(b"x", mime_code="text/plain", filename=text)
    )
    invoice = Invoice(number=text, notes=(InvoiceNote(note=text),), additional_supporting_documents=(document,))
    again = open_document(write(invoice, syntax)).reading().invoice
    assert again.number == text
    assert again.notes == invoice.notes
    assert again.additional_supporting_documents == (document,)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_hold_is_refused_by_name(syntax: Syntax, character: str) -> None:
    with pytest.raises(OutputError, match=rf"U\+{ord(character):04X} cannot stand in XML") as caught:
        write(Invoice(number=f"R{character}1"), syntax)
    assert caught.value.code == "XML_CHARACTER"
    assert "ID>R" in str(caught.value), "the message says where it stands"


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    "character", ["\t", "\n", "\r", "\x20", "\x7f", "\x85", "\ud7ff", "\ue000", "\ufffd", "\U0010ffff"]
)
def test_a_character_that_xml_can_hold_is_kept(syntax: Syntax, character: str) -> None:
    invoice = Invoice(number=f"R{character}1")
    assert open_document(write(invoice, syntax)).reading().invoice.number == invoice.number


@given(invoice=invoices())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_same_invoice_gives_the_same_bytes(invoice: Invoice) -> None:
    for syntax in SYNTAXES:
        assert write(invoice, syntax) == write(invoice, syntax)


@pytest.mark.parametrize(
    ("document", "syntax"), [(INVOICE, "ubl-invoice"), (CREDIT_NOTE, "ubl-creditnote"), (CII, "cii")]
)
def test_the_smallest_document_stays_valid(document: str, syntax: Syntax) -> None:
    invoice = open_document(document.encode()).reading().invoice
    assert violations(invoice, syntax) == []


@given(invoice=invoices())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_model_holds_only_what_cannot_be_made_up_makes_it_invalid(invoice: Invoice) -> None:
    """What the schema demands and the model lacks is written empty, but a day or a number is never made up.

    Booleans and times are texts in the model, and written as they stand.
    """
    excused = (
        "lacks cbc:IssueDate",
        "is empty, but a number must stand there",  # the unit of a quantity that is absent
        "Indicator has the value",
        "cbc:IssueTime has the value",
        "cbc:IssueTime is empty",
    )
    for syntax in SYNTAXES:
        assert [text for text in violations(invoice, syntax) if not any(part in text for part in excused)] == []


def test_elements_stand_in_the_order_of_the_schema_whatever_the_order_of_the_model() -> None:
    names = [
        etree.QName(child).localname for child in etree.fromstring(write(Invoice("1", currency_code="EUR"), "ubl"))
    ]
    assert names[:2] == ["ID", "DocumentCurrencyCode"]


@pytest.mark.parametrize("syntax", UBL)
def test_an_invoice_without_lines_has_one_empty_line_in_ubl(syntax: Syntax) -> None:
    """UBL demands a line; Factur-X MINIMUM and BASIC WL have none."""
    assert "0" in texts(Invoice(currency_code="EUR"), syntax, "LineExtensionAmount")
    assert texts(Invoice(currency_code="EUR"), "cii", "IncludedSupplyChainTradeLineItem") == []


@pytest.mark.parametrize("syntax", UBL)
def test_a_breakdown_without_a_total_gets_one_in_ubl(syntax: Syntax) -> None:
    """UBL demands cbc:TaxAmount beside the subtotals; BT-110 is their sum (BR-CO-14)."""
    parts = tuple(VatBreakdown(tax_amount=Decimal(amount)) for amount in ("19.00", "7.00"))
    invoice = Invoice(currency_code="EUR", vat_breakdown=parts)
    assert texts(invoice, syntax, "TaxAmount") == ["26.00", "19.00", "7.00"]
    stated = Invoice(
        currency_code="EUR", vat_breakdown=parts, totals=DocumentTotals(invoice_total_vat_amount=Decimal(25))
    )
    assert texts(stated, syntax, "TaxAmount")[0] == "25", "what is stated is not touched"


def line(price: PriceDetails) -> Invoice:
    """An invoice with one line of a price."""
    return Invoice(
        currency_code="EUR", lines=(InvoiceLine("1", price_details=price, item_information=ItemInformation("x")),)
    )


def test_a_gross_price_without_discount_gets_one_of_the_difference_in_ubl() -> None:
    price = PriceDetails(item_gross_price=Decimal(12), item_net_price=Decimal(10))
    root = etree.fromstring(write(line(price), "ubl"))
    allowance = root.find("{*}InvoiceLine/{*}Price/{*}AllowanceCharge")
    assert allowance is not None
    assert [(etree.QName(child).localname, child.text) for child in allowance] == [
        ("ChargeIndicator", "false"),
        ("Amount", "2"),
        ("BaseAmount", "12"),
    ]


def test_a_discount_without_gross_price_gets_one_of_the_sum_in_cii() -> None:
    price = PriceDetails(item_price_discount=Decimal(2), item_net_price=Decimal(10))
    assert texts(line(price), "cii", "ChargeAmount") == ["12", "10"]


@pytest.mark.parametrize(
    ("price", "ubl", "cii"),
    [
        (PriceDetails(item_net_price=Decimal(10)), [], ["10"]),
        (PriceDetails(item_net_price=Decimal(10), item_gross_price=Decimal(8)), ["0"], ["8", "10"]),
        (
            PriceDetails(item_net_price=Decimal(10), item_gross_price=Decimal(12), item_price_discount=Decimal(2)),
            ["2"],
            ["12", "10"],
        ),
    ],
)
def test_nothing_is_made_up_beyond_what_the_schema_demands(price: PriceDetails, ubl: list[str], cii: list[str]) -> None:
    root = etree.fromstring(write(line(price), "ubl"))
    assert [element.text for element in root.iterfind("{*}InvoiceLine/{*}Price/{*}AllowanceCharge/{*}Amount")] == ubl
    assert texts(line(price), "cii", "ChargeAmount") == cii


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_zeros_that_are_stated_are_written(syntax: Syntax) -> None:
    totals = DocumentTotals(paid_amount=Decimal("0.00"), sum_of_allowances_on_document_level=Decimal(0))
    invoice = Invoice(currency_code="EUR", totals=totals)
    again = open_document(write(invoice, syntax)).reading().invoice.totals
    assert again is not None
    assert (str(again.paid_amount), str(again.sum_of_allowances_on_document_level)) == ("0.00", "0")
    assert again.sum_of_charges_on_document_level is None


def test_an_amount_has_the_currency_of_the_invoice_and_the_books_have_theirs() -> None:
    totals = DocumentTotals(
        invoice_total_vat_amount=Decimal(19), invoice_total_vat_amount_in_accounting_currency=Decimal(209)
    )
    invoice = Invoice(currency_code="EUR", vat_accounting_currency_code="SEK", totals=totals)
    for syntax, name in (("ubl-invoice", "TaxAmount"), ("cii", "TaxTotalAmount")):
        root = etree.fromstring(write(invoice, syntax))
        assert [(element.get("currencyID"), element.text) for element in root.iter(f"{{*}}{name}")] == [
            ("EUR", "19"),
            ("SEK", "209"),
        ]


def test_an_attribute_that_the_schema_demands_stands_empty() -> None:
    """UBL demands mimeCode; a MIME type is not guessed."""
    document = AdditionalSupportingDocument(reference="D", attached_document=Attachment(b"x"))
    ubl = etree.fromstring(write(Invoice(additional_supporting_documents=(document,)), "ubl"))
    (attached,) = ubl.iter("{*}EmbeddedDocumentBinaryObject")
    assert attached.items() == [("mimeCode", "")]


def test_an_identifier_goes_where_its_scheme_says_in_cii() -> None:
    buyer = Buyer(name="B", identifiers=(Identifier("1"), Identifier("2", ""), Identifier("3", "0088")))
    root = etree.fromstring(write(Invoice(buyer=buyer), "cii"))
    (party,) = root.iter("{*}BuyerTradeParty")
    assert [(etree.QName(child).localname, child.text, child.get("schemeID")) for child in party][:3] == [
        ("ID", "1", None),
        ("GlobalID", "2", None),
        ("GlobalID", "3", "0088"),
    ]


def test_what_is_always_there_stands_only_beside_something() -> None:
    """``cac:TaxScheme`` with VAT is written with the number that it tells apart, not without."""
    assert b"PartyTaxScheme" not in write(Invoice(seller=Seller(name="S")), "ubl")
    with_number = write(Invoice(seller=Seller(name="S", vat_identifier="DE123456788")), "ubl")
    assert with_number.count(b"<cac:PartyTaxScheme>") == with_number.count(b"<cbc:ID>VAT</cbc:ID>") == 1


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (Seller(), []),
        (Seller(name=""), ["name"]),
        (DocumentTotals(paid_amount=Decimal(0)), ["paid_amount"]),
        (Buyer(identifiers=(Identifier("1"),)), ["identifiers"]),
        (Identifier(""), ["value"]),
        (Identifier("1", ""), ["value", "scheme"]),
    ],
)
def test_a_field_counts_as_present_if_it_has_a_value_be_it_zero_or_empty(group: Struct, names: list[str]) -> None:
    fields = list(fields_of(type(group)))
    assert [name for place, name in enumerate(fields) if present_in(group) & (1 << place)] == names


def test_who_has_nothing_to_say_is_not_asked() -> None:
    """A child is made and asked only if the open group has one of the fields that it needs."""

    def make() -> Emit:
        raise AssertionError

    child = Child(make, "", needs=0b0110)
    assert [child.can_speak(present) for present in (0b0000, 0b1001, 0b0010, 0b1111)] == [False, False, True, True]
    assert Child(make, "", needs=None).can_speak(0)
    assert not Child(None, "<cbc:ID>VAT</cbc:ID>", needs=0).can_speak(0b1111)


def test_a_group_without_an_element_of_its_own_does_not_wake_everybody() -> None:
    """The note of a line makes an extension (CII lists notes there); its other forty fields are still not asked."""
    needs = Needs(tree("cii"))
    layout = needs.layout(InvoiceLine)
    line_ = next(element for element in tree("cii").below() if element.cls is InvoiceLine)
    asked = {child.name: needs.of(child) for child in line_.children}
    noted = present_in(InvoiceLine(extension=LineExtension(additional_notes=(LineNote("n"),))), layout)
    shipped = present_in(
        InvoiceLine(extension=LineExtension(status_code="39", charge_free_quantity=Decimal(1))), layout
    )
    document, delivery = asked["ram:AssociatedDocumentLineDocument"], asked["ram:SpecifiedLineTradeDelivery"]
    assert document is not None
    assert delivery is not None
    assert (bool(document & noted), bool(delivery & noted)) == (True, False)
    assert (bool(document & shipped), bool(delivery & shipped)) == (True, True)
