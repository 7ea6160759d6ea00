# SPDX-License-Identifier: Apache-2.0
"""What a conversion loses and adds: the hard cases, one by one, and the net below them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree
from msgspec.structs import replace

from einvoice.bind import losses as losses_of
from einvoice.bind import open_document, write
from einvoice.bind.losses import compare, leaves, normal, says, terms_at, unaccounted
from einvoice.model import (
    AdditionalSupportingDocument,
    Attachment,
    Buyer,
    BuyerPostalAddress,
    CreditTransfer,
    DirectDebit,
    DocumentTotals,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceNote,
    InvoicingPeriod,
    ItemInformation,
    LineVatInformation,
    PaymentInstructions,
    PaymentMeans,
    PriceDetails,
    ProcessControl,
    Seller,
    SellerPostalAddress,
    VatBreakdown,
    fields_of,
)
from einvoice.model.extensions import InvoiceExtension, LineExtension, Party, ThirdPartyPayment
from tests.bind.documents import CII, INVOICE, spoiled

if TYPE_CHECKING:
    from einvoice.bind import Losses

BOTH = [("ubl", "cii"), ("cii", "ubl")]
IBAN, OTHER_IBAN = "DE89370400440532013000", "NL91ABNA0417164300"


def converted(invoice: Invoice, source: str, target: str) -> tuple[Invoice, Losses]:
    """An invoice that came in one syntax, as it arrives in the other, and the report."""
    document = open_document(write(invoice, source))
    written = write(document.reading().invoice, target)
    return open_document(written).reading().invoice, losses_of(document, written)


def named(report: Losses) -> list[tuple[str, str]]:
    """Where in the model each loss stood, and its value."""
    return [(loss.model_path, loss.value) for loss in report.losses]


def based(**changes: Any) -> Invoice:  # noqa: ANN401 - fields of an invoice
    """A small invoice that has all that both schemas demand, with changes."""
    base = Invoice(
        number="R-1",
        issue_date=date(2026, 3, 31),
        type_code="380",
        currency_code="EUR",
        process_control=ProcessControl("P:01", "urn:cen.eu:en16931:2017"),
        seller=Seller("S", postal_address=SellerPostalAddress(country_code="DE")),
        buyer=Buyer("B", postal_address=BuyerPostalAddress(country_code="FR")),
        totals=all_totals("10"),
        vat_breakdown=(VatBreakdown(Decimal(10), Decimal(0), "Z", Decimal(0)),),
        lines=with_line().lines if "lines" not in changes else (),
    )
    return replace(base, **changes)


def all_totals(*values: str) -> DocumentTotals:
    """All totals but the one in another currency, each of the values in turn."""
    names = [name for name in fields_of(DocumentTotals) if not name.endswith("in_accounting_currency")]
    return DocumentTotals(**{name: Decimal(values[place % len(values)]) for place, name in enumerate(names)})


def with_line(**fields: Any) -> Invoice:  # noqa: ANN401 - fields of a line
    """An invoice with one line."""
    line = InvoiceLine(
        "1",
        invoiced_quantity=Decimal(1),
        invoiced_quantity_unit_of_measure_code="C62",
        net_amount=Decimal(10),
        price_details=PriceDetails(Decimal(10)),
        vat_information=LineVatInformation("Z", Decimal(0)),
        item_information=ItemInformation("x"),
    )
    return based(lines=(replace(line, **fields),))


def paid(*means: PaymentMeans, **rest: Any) -> Invoice:  # noqa: ANN401 - fields of the instructions
    """An invoice with payment instructions."""
    return based(payment_instructions=PaymentInstructions(means, **rest))


WHOLE = {
    "several payment means": paid(
        PaymentMeans("58", credit_transfers=(CreditTransfer(IBAN, "A", "COBADEFFXXX"),)),
        PaymentMeans("30", "Überweisung", credit_transfers=(CreditTransfer("4711-0815"),)),
        remittance_information="R-1",
    ),
    "a direct debit": paid(
        PaymentMeans("59"),
        direct_debit=DirectDebit("M-1", "DE98ZZZ09999999999", IBAN),
    ),
    "subject codes of notes": based(
        notes=(InvoiceNote("AAI", "Über #alles#\nund mehr"), InvoiceNote(note="#plain"), InvoiceNote("REG", "GmbH")),
    ),
    "BT-18 with its scheme": based(invoiced_object_identifier=Identifier("M-77", "AAV")),
    "BT-18 without a scheme": based(invoiced_object_identifier=Identifier("M-77")),
    "BT-128 with its scheme": with_line(object_identifier=Identifier("M-78", "AVE")),
    "BT-32 with BT-31": based(
        seller=Seller("S", vat_identifier="DE123456788", tax_registration_identifier=Identifier("123/456", "FC")),
    ),
    "BT-32 alone": based(seller=Seller("S", tax_registration_identifier=Identifier("123/456", "FC"))),
    "BT-149 with BT-150": with_line(
        price_details=PriceDetails(
            Decimal(10), item_price_base_quantity=Decimal(100), item_price_base_quantity_unit_of_measure_code="C62"
        )
    ),
    "a discount with its gross price": with_line(
        price_details=PriceDetails(Decimal(10), item_price_discount=Decimal(2), item_gross_price=Decimal(12))
    ),
    "explicit zeros": based(
        currency_code="EUR",
        totals=all_totals("0", "0.00"),
    ),
    "BT-23 and BT-24": based(process_control=ProcessControl("P:01", "urn:x#y:z")),
    "a corrected invoice (384) with negative amounts": based(
        type_code="384",
        lines=with_line(invoiced_quantity=Decimal(-2), net_amount=Decimal("-10.50")).lines,
        totals=all_totals("-10.50"),
    ),
    "a credit note (381) with positive amounts": based(type_code="381", totals=all_totals("5")),
}


@pytest.mark.parametrize("case", WHOLE)
@pytest.mark.parametrize(("source", "target"), BOTH)
def test_what_both_syntaxes_can_say_arrives_whole(case: str, source: str, target: str) -> None:
    """The known hard cases: equal in the other syntax, and the report is empty.

    But for the scheme SEPA, with which UBL tells BT-90 from other identifiers: it is a leaf of the source.
    """
    invoice = WHOLE[case]
    arrived, report = converted(invoice, source, target)
    assert named(report) == ([("", "SEPA")] if case == "a direct debit" and source == "ubl" else [])
    assert compare(invoice, arrived).lost == ()
    assert list(leaves(converted(arrived, target, source)[0])) == list(leaves(arrived)), "and back again"


@pytest.mark.parametrize(("code", "elsewhere"), [("3", "5"), ("35", "29"), ("432", "72")])
def test_bt_8_is_written_in_the_code_list_of_each_syntax(code: str, elsewhere: str) -> None:
    invoice = based(value_added_tax_point_date_code=code, vat_breakdown=(VatBreakdown(Decimal(1), Decimal(0)),))
    assert f"<cbc:DescriptionCode>{code}<".encode() in write(invoice, "ubl")
    assert f"<ram:DueDateTypeCode>{elsewhere}<".encode() in write(invoice, "cii")
    for source, target in BOTH:
        arrived, report = converted(invoice, source, target)
        assert arrived.value_added_tax_point_date_code == code
        assert named(report) == []


def test_bt_8_without_a_breakdown_has_no_place_in_cii_and_is_reported() -> None:
    invoice = based(
        value_added_tax_point_date_code="35", invoicing_period=InvoicingPeriod(date(2026, 1, 1)), vat_breakdown=()
    )
    _, report = converted(invoice, "ubl", "cii")
    assert named(report) == [("value_added_tax_point_date_code", "35")]
    assert report.losses[0].terms == ("BT-8",)


def test_an_attachment_arrives_byte_for_byte() -> None:
    content = bytes(range(256)) * 20
    document = AdditionalSupportingDocument("D", attached_document=Attachment(content, "application/pdf", "ä b.pdf"))
    for source, target in BOTH:
        arrived, report = converted(based(additional_supporting_documents=(document,)), source, target)
        assert arrived.additional_supporting_documents == (document,)
        assert named(report) == []


def test_the_base_quantity_of_a_gross_price_without_discount_has_no_place_in_ubl() -> None:
    price = PriceDetails(
        Decimal(10),
        item_gross_price=Decimal(10),
        gross_price_base_quantity=Decimal(3),
        gross_price_base_quantity_unit_of_measure_code="C62",
    )
    arrived, report = converted(with_line(price_details=price), "cii", "ubl")
    assert arrived.lines[0].price_details is not None
    assert arrived.lines[0].price_details.item_gross_price == 10
    assert named(report) == [
        ("lines[0].price_details.gross_price_base_quantity", "3"),
        ("lines[0].price_details.gross_price_base_quantity_unit_of_measure_code", "C62"),
    ]
    assert [(added.term, added.value) for added in report.computed] == [("BT-147", "0")]


def test_a_tax_of_another_name_is_reported_with_what_was_written_instead() -> None:
    seller = Seller("S", tax_registration_identifier=Identifier("1", "TAX"))
    _, report = converted(based(seller=seller), "ubl", "cii")
    (loss,) = report.losses
    assert (loss.value, loss.terms, loss.reason) == ("TAX", ("BT-32",), "no-place")
    assert loss.path.endswith("cac:PartyTaxScheme/cac:TaxScheme/cbc:ID")
    assert [(added.term, added.value, added.was) for added in report.computed] == [("BT-32", "FC", "TAX")]


def test_extension_content_is_reported_leaf_by_leaf_where_the_other_syntax_has_no_place() -> None:
    extension = InvoiceExtension(
        third_party_payments=(ThirdPartyPayment("T", Decimal(5), "for whom"),), ship_from=Party(name="Depot")
    )
    invoice = based(extension=extension)
    _, to_ubl = converted(invoice, "cii", "ubl")
    _, to_cii = converted(invoice, "ubl", "cii")
    assert named(to_ubl) == [("extension.ship_from.name", "Depot")]
    assert named(to_cii) == [("extension.third_party_payments[0].type", "T")]
    assert to_cii.losses[0].terms == ("BT-DEX-001",)


def test_lines_within_lines_are_reported_with_their_places() -> None:
    invoice = with_line(sub_lines=(InvoiceLine("1.1", net_amount=Decimal(3), item_information=ItemInformation("Leg")),))
    _, report = converted(invoice, "ubl", "cii")
    assert named(report) == [
        ("lines[0].sub_lines[0].identifier", "1.1"),
        ("lines[0].sub_lines[0].net_amount", "3"),
        ("lines[0].sub_lines[0].item_information.name", "Leg"),
    ]
    assert [loss.path.rpartition("cac:InvoiceLine/")[2] for loss in report.losses] == [
        "cac:SubInvoiceLine/cbc:ID",
        "cac:SubInvoiceLine/cbc:LineExtensionAmount",
        "cac:SubInvoiceLine/cac:Item/cbc:Name",
    ]
    assert report.losses[0].terms == ("BT-126",)


def test_a_parent_line_of_cii_is_reported_since_ubl_nests_instead() -> None:
    invoice = with_line(extension=LineExtension(parent_line_identifier="0", status_code="39"))
    _, report = converted(invoice, "cii", "ubl")
    assert sorted(named(report)) == [
        ("lines[0].extension.parent_line_identifier", "0"),
        ("lines[0].extension.status_code", "39"),
    ]


def test_what_reading_remarked_is_part_of_every_report() -> None:
    source = spoiled(INVOICE, "<cac:Item/>", "<cac:Item><cbc:Surprise>?</cbc:Surprise></cac:Item>")
    document = open_document(source)
    for target in ("ubl", "cii"):
        report = losses_of(document, write(document.reading().invoice, target))
        assert ("unbound", "?") in [(loss.reason, loss.value) for loss in report.losses]


def test_a_loss_has_the_text_of_the_source_and_its_line() -> None:
    source = spoiled(INVOICE, "<cbc:IssueDate>", "<cbc:UUID>  A-1 </cbc:UUID>\n  <cbc:IssueDate>")
    document = open_document(source)
    losses = losses_of(document, write(document.reading().invoice, "cii")).losses
    (loss,) = [loss for loss in losses if loss.reason == "no-place"]
    assert (loss.path, loss.value, loss.line) == ("/Invoice/cbc:UUID", "  A-1 ", 5)


def test_what_a_schema_demands_is_reported_as_computed() -> None:
    document = open_document(CII.encode())
    report = losses_of(document, write(document.reading().invoice, "ubl"))
    assert [(added.term, added.value, added.was) for added in report.computed] == [
        ("BT-126", "", None),
        ("BT-131", "0", None),
    ]


# ---- the net


def test_the_net_names_what_neither_stands_there_nor_is_named() -> None:
    """Should a table or a hook ever drop a leaf, the bytes of both documents show it."""
    source, written = etree.fromstring(INVOICE.encode()), etree.fromstring(spoiled(INVOICE, "Oak and Sons", ""))
    for same in (True, False):
        (remark,) = unaccounted(source, written, [], same=same)
        assert remark.value == "Oak and Sons"
        assert remark.path.endswith("cac:PartyName/cbc:Name")
        assert unaccounted(source, written, [remark], same=same) == []
    assert unaccounted(source, source, [], same=True) == []


def test_values_are_compared_and_places_are_not_lost_by_moving() -> None:
    before = Invoice(
        number="1", notes=(InvoiceNote(note="a"), InvoiceNote(note="b")), totals=DocumentTotals(Decimal("1.50"))
    )
    reordered = Invoice(
        number="1", notes=(InvoiceNote(note="b"), InvoiceNote(note="a")), totals=DocumentTotals(Decimal("1.5"))
    )
    assert compare(before, reordered).lost == compare(before, reordered).added == ()
    moved = Invoice(buyer_reference="1", notes=before.notes, totals=before.totals)
    assert compare(before, moved).lost == ()
    gone = compare(before, Invoice(number="1", notes=before.notes[:1]))
    assert [(leaf.path, leaf.text) for leaf in gone.lost] == [
        ("notes[1].note", "b"),
        ("totals.sum_of_invoice_line_net_amount", "1.5"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("1.50", "1.5", True),
        ("2026-03-31", "2026-03-31", True),
        ("20260331", "2026-03-31", True),
        ("R-1", "R-1", True),
        ("R-1", "R-2", False),
        ("1.51", "1.5", False),
    ],
)
def test_a_text_says_a_value_however_it_is_spelled(text: str, value: str, expected: bool) -> None:  # noqa: FBT001
    assert says(text, value) is expected


def test_spellings_that_mean_one_value_become_one_text() -> None:
    assert normal(" a \n b ") == "a b"
    assert normal("2026-03-31Z") == normal("20260331") == "20260331"
    assert normal("1.500") == normal("1.5") == "1.5"


@pytest.mark.parametrize(
    ("place", "terms"),
    [
        ("number", ("BT-1",)),
        ("seller.electronic_address.scheme", ("BT-34",)),
        ("additional_supporting_documents.attached_document.content", ("BT-125",)),
        ("lines.sub_lines.sub_lines.net_amount", ("BT-131",)),
        ("lines.sub_lines", ("BG-DEX-01",)),
        ("extension.uuid", ()),
        ("nowhere", ()),
    ],
)
def test_a_place_has_the_number_of_its_term(place: str, terms: tuple[str, ...]) -> None:
    assert terms_at(place) == terms


def test_both_ibans_of_two_means_arrive() -> None:
    """Two accounts of one means are two means in both syntaxes, and no number is lost."""
    transfers = (CreditTransfer(IBAN), CreditTransfer(OTHER_IBAN))
    arrived, report = converted(paid(PaymentMeans("58", credit_transfers=transfers)), "ubl", "cii")
    assert arrived.payment_instructions is not None
    assert [means.credit_transfers for means in arrived.payment_instructions.means] == [transfers[:1], transfers[1:]]
    assert named(report) == []
