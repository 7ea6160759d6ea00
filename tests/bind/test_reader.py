# SPDX-License-Identifier: Apache-2.0
"""Reading: what reaches the model, and a remark for each leaf that does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from einvoice.bind import open_document, write
from einvoice.model import Attachment, Identifier, Invoice
from tests.bind.documents import CII, CREDIT_NOTE, INVOICE, spoiled

if TYPE_CHECKING:
    from einvoice.model import Reading, Remark

CURRENCY = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
PRICED = INVOICE.replace("<cac:AccountingSupplierParty>", f"{CURRENCY}<cac:AccountingSupplierParty>")
LINE = '<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>'
SUB_LINE = """<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID>{0}<cac:Item><cbc:Name>Leg</cbc:Name></cac:Item>
  </cac:SubInvoiceLine>"""


def read(document: str | bytes) -> Reading:
    """Read a document."""
    return open_document(document if isinstance(document, bytes) else document.encode()).reading()


def remarks(document: bytes) -> list[tuple[str, str, str]]:
    """Reason, place and value of each remark."""
    return [(remark.reason, remark.path, remark.value) for remark in read(document).remarks]


def only(document: bytes) -> Remark:
    """The one remark."""
    (remark,) = read(document).remarks
    return remark


@pytest.mark.parametrize("document", [PRICED, PRICED.replace("Invoice", "CreditNote"), CII])
def test_an_ordinary_document_needs_no_remark(document: str) -> None:
    assert read(document).remarks == ()


def test_the_values_have_their_types() -> None:
    invoice = read(PRICED).invoice
    assert invoice.issue_date == date(2026, 3, 31)
    assert invoice.lines[0].net_amount == Decimal("100.00")
    assert str(invoice.lines[0].net_amount) == "100.00", "decimals are kept as they stand"
    assert invoice.totals is not None
    assert invoice.totals.amount_due_for_payment == Decimal(119)


def test_white_space_in_a_text_is_kept() -> None:
    seller = read(spoiled(PRICED, "Oak and Sons", "  Oak\n and  Sons ")).invoice.seller
    assert seller is not None
    assert seller.trading_name == "  Oak\n and  Sons "


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "<cac:Item/>",
            "<cac:Item><cbc:Surprise a='1'>x</cbc:Surprise></cac:Item>",
            [
                ("unbound", "/Invoice/cac:InvoiceLine/cac:Item/cbc:Surprise", "x"),
                ("unbound", "/Invoice/cac:InvoiceLine/cac:Item/cbc:Surprise/@a", "1"),
            ],
        ),
        (
            "<cac:Item/>",
            "<cac:Item><cac:Certificate><cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID></cac:Certificate></cac:Item>",
            [
                ("unbound", "/Invoice/cac:InvoiceLine/cac:Item/cac:Certificate/cbc:ID[1]", "1"),
                ("unbound", "/Invoice/cac:InvoiceLine/cac:Item/cac:Certificate/cbc:ID[2]", "2"),
            ],
        ),
        ("<cbc:ID>R-1", '<cbc:ID schemeID="X">R-1', [("unbound", "/Invoice/cbc:ID/@schemeID", "X")]),
        ("<cac:Item/>", '<cac:Item a="b"/>', [("unbound", "/Invoice/cac:InvoiceLine/cac:Item/@a", "b")]),
        ("<cac:Item/>", "<cac:Item>text</cac:Item>", [("unbound", "/Invoice/cac:InvoiceLine/cac:Item", "text")]),
        ("R-1</cbc:ID>", "R-1</cbc:ID><cbc:ID>R-2</cbc:ID>", [("repeated", "/Invoice/cbc:ID[2]", "R-2")]),
        (
            'currencyID="EUR">119.00',
            'currencyID="USD">119.00',
            [("unbound", "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount/@currencyID", "USD")],
        ),
        (
            "<cac:AccountingCustomerParty/>",
            """<cac:AccountingCustomerParty><cac:Party><cac:PartyTaxScheme><cac:TaxScheme><cbc:ID>VAT</cbc:ID>
            </cac:TaxScheme></cac:PartyTaxScheme></cac:Party></cac:AccountingCustomerParty>""",
            [
                (
                    "unbound",
                    "/Invoice/cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme/cac:TaxScheme/cbc:ID",
                    "VAT",
                )
            ],
        ),
    ],
    ids=["element", "subtree", "attribute", "container attribute", "container text", "repeated", "currency", "teller"],
)
def test_what_does_not_reach_the_model_is_remarked(old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
    assert remarks(spoiled(PRICED, old, new)) == expected


def test_what_only_helps_the_schema_processor_is_not_remarked() -> None:
    located = PRICED.replace(
        "<Invoice ",
        '<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd" ',
    )
    assert read(located).remarks == ()


@pytest.mark.parametrize(
    ("old", "new", "terms", "model_path"),
    [
        (">119.00<", ">1e3<", ("BT-115",), "totals.amount_due_for_payment"),
        (">100.00<", ">NaN<", ("BT-131",), "lines[0].net_amount"),
        (">100.00<", "><", ("BT-131",), "lines[0].net_amount"),
        (">2026-03-31<", ">31.03.2026<", ("BT-2",), "issue_date"),
    ],
)
def test_a_value_that_its_type_cannot_hold_is_malformed_with_its_place_in_the_model(
    old: str, new: str, terms: tuple[str, ...], model_path: str
) -> None:
    """The rules that need it are undetermined; the rest of the document is read as ever."""
    reading = read(spoiled(PRICED, old, new))
    malformed = next(remark for remark in reading.remarks if not remark.path.endswith("@currencyID"))
    assert (malformed.reason, malformed.terms, malformed.model_path) == ("malformed", terms, model_path)
    assert malformed.value == new[1:-1]
    assert malformed.line is not None
    assert reading.invoice.number == "R-1"


def test_a_malformed_value_in_a_line_within_a_line_has_its_whole_path() -> None:
    amount = LINE.replace("100.00", "many")
    document = spoiled(PRICED, "<cac:Item/>", f"<cac:Item/>{SUB_LINE.format(SUB_LINE.format(amount))}")
    reading = read(document.replace(b"</cbc:ID><cac:SubInvoiceLine>", b"</cbc:ID><cac:Item/><cac:SubInvoiceLine>"))
    malformed = next(remark for remark in reading.remarks if remark.reason == "malformed")
    assert malformed.model_path == "lines[0].sub_lines[0].sub_lines[0].net_amount"
    assert malformed.path.endswith("cac:SubInvoiceLine/cac:SubInvoiceLine/cbc:LineExtensionAmount")
    assert malformed.terms == ("BT-131",)
    assert reading.invoice.lines[0].sub_lines[0].sub_lines[0].item_information is not None


def test_the_second_line_has_the_second_index() -> None:
    second = f"<cac:InvoiceLine><cbc:ID>2</cbc:ID>{LINE.replace('100.00', 'x')}</cac:InvoiceLine>"
    remark, currency = read(spoiled(PRICED, "</cac:InvoiceLine>", f"</cac:InvoiceLine>{second}")).remarks
    assert (remark.reason, remark.model_path) == ("malformed", "lines[1].net_amount")
    assert (currency.reason, currency.value) == ("malformed", "EUR"), "its currency goes where the amount goes"


def test_a_document_without_a_currency_keeps_its_amounts_and_remarks_the_attribute() -> None:
    """BT-5 says which currency amounts have; where it is missing, the attribute alone says it."""
    reading = read(INVOICE)
    assert [remark.path.rpartition("/")[2] for remark in reading.remarks] == ["@currencyID", "@currencyID"]
    assert reading.invoice.lines[0].net_amount == 100


TAX = '<cac:TaxTotal><cbc:TaxAmount currencyID="{0}">{1}</cbc:TaxAmount></cac:TaxTotal>'
IN_SEK = PRICED.replace(
    "<cac:LegalMonetaryTotal>", f"{TAX.format('EUR', 19)}{TAX.format('SEK', 209)}<cac:LegalMonetaryTotal>"
)


def test_each_vat_total_goes_where_its_currency_says() -> None:
    """BT-110 is the total in the currency of the invoice, BT-111 the one in that of the books (BT-6)."""
    told = IN_SEK.replace(CURRENCY, f"{CURRENCY}<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>")
    reading = read(told)
    assert reading.remarks == ()
    assert reading.invoice.totals is not None
    assert reading.invoice.totals.invoice_total_vat_amount == 19
    assert reading.invoice.totals.invoice_total_vat_amount_in_accounting_currency == 209


def test_a_vat_total_in_a_currency_that_nobody_named_is_remarked() -> None:
    reading = read(IN_SEK)
    assert reading.invoice.totals is not None
    assert reading.invoice.totals.invoice_total_vat_amount == 19
    assert {remark.value for remark in reading.remarks} == {"209", "SEK"}


def test_a_third_vat_total_is_remarked() -> None:
    told = IN_SEK.replace(CURRENCY, f"{CURRENCY}<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>")
    third = told.replace("<cac:LegalMonetaryTotal>", f"{TAX.format('SEK', 7)}<cac:LegalMonetaryTotal>")
    assert [remark.value for remark in read(third).remarks if remark.value != "SEK"] == ["7"]


def test_a_time_zone_is_remarked_since_the_model_has_days() -> None:
    reading = read(spoiled(PRICED, "2026-03-31", "2026-03-31+02:00"))
    assert reading.invoice.issue_date == date(2026, 3, 31)
    assert [(remark.reason, remark.value, remark.terms) for remark in reading.remarks] == [
        ("unbound", "2026-03-31+02:00", ("BT-2",))
    ]


ATTACHED = """<cac:AdditionalDocumentReference><cbc:ID>D-1</cbc:ID><cac:Attachment>
  <cbc:EmbeddedDocumentBinaryObject mimeCode="text/plain" filename="a.txt">{0}</cbc:EmbeddedDocumentBinaryObject>
  </cac:Attachment></cac:AdditionalDocumentReference><cac:AccountingSupplierParty>"""


def test_an_attachment_is_read_byte_for_byte_also_over_several_lines() -> None:
    """The line breaks of base64 carry no byte; that they were there is remarked, since they are not written again."""
    whole = read(spoiled(PRICED, "<cac:AccountingSupplierParty>", ATTACHED.format("AAEC/w==")))
    broken = read(spoiled(PRICED, "<cac:AccountingSupplierParty>", ATTACHED.format("AAEC\n/w==")))
    expected = Attachment(b"\x00\x01\x02\xff", "text/plain", "a.txt")
    assert whole.remarks == ()
    assert [remark.reason for remark in broken.remarks] == ["unbound"]
    assert whole.invoice.additional_supporting_documents[0].attached_document == expected
    assert broken.invoice == whole.invoice


def test_base64_that_is_none_is_malformed() -> None:
    remark = only(spoiled(PRICED, "<cac:AccountingSupplierParty>", ATTACHED.format("not base64!")))
    assert (remark.reason, remark.terms) == ("malformed", ("BT-125",))
    assert remark.model_path == "additional_supporting_documents[0].attached_document.content"


PARTY = "<cac:AccountingCustomerParty><cac:Party>{0}</cac:Party></cac:AccountingCustomerParty>"


@pytest.mark.parametrize(
    ("attributes", "scheme", "remarked"),
    [
        ('schemeID="0088"', "0088", []),
        ("", None, []),
        ('schemeID=""', None, [""]),
        ('schemeID="0088" schemeAgencyID="9"', "0088", ["9"]),
        ('schemeName="GLN"', None, ["GLN"]),
    ],
)
def test_an_identifier_has_its_scheme_and_other_attributes_are_remarked(
    attributes: str, scheme: str | None, remarked: list[str]
) -> None:
    party = PARTY.format(f"<cbc:EndpointID {attributes}>123</cbc:EndpointID>")
    reading = read(spoiled(PRICED, "<cac:AccountingCustomerParty/>", party))
    assert reading.invoice.buyer is not None
    assert reading.invoice.buyer.electronic_address == Identifier("123", scheme)
    assert [remark.value for remark in reading.remarks] == remarked


def test_a_global_identifier_of_cii_has_a_scheme_even_if_none_is_named() -> None:
    """ram:ID and ram:GlobalID are told apart by the scheme: None, or an empty one."""
    identifiers = '<ram:ID>1</ram:ID><ram:GlobalID>2</ram:GlobalID><ram:GlobalID schemeID="0088">3</ram:GlobalID>'
    reading = read(spoiled(CII, "<ram:Name>Elm Ltd", f"{identifiers}<ram:Name>Elm Ltd"))
    assert reading.invoice.buyer is not None
    assert reading.invoice.buyer.identifiers == (Identifier("1"), Identifier("2", ""), Identifier("3", "0088"))
    assert read(write(reading.invoice, "cii")).invoice == reading.invoice


def test_an_empty_element_is_an_empty_text_and_no_loss() -> None:
    reading = read(spoiled(PRICED, "<cac:Item/>", "<cac:Item><cbc:Name/></cac:Item>"))
    item = reading.invoice.lines[0].item_information
    assert reading.remarks == ()
    assert item is not None
    assert item.name == ""


def test_the_profile_and_the_syntax_are_said() -> None:
    reading = read(CII)
    assert (reading.syntax, reading.profile) == ("cii", "urn:factur-x.eu:1p0:minimum")
    assert (read(CREDIT_NOTE).syntax, read(CREDIT_NOTE).profile) == ("ubl-creditnote", None)


def test_an_empty_document_is_an_empty_invoice() -> None:
    root = '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    assert read(root).invoice == Invoice()
