# SPDX-License-Identifier: Apache-2.0
"""INVOIC D.14B in the EN 16931 binding: read, written, searched."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from einvoice.bind.edifact import EdifactDocument, open_message, open_messages, write
from einvoice.bind.edifact.table import table
from einvoice.bind.json import write_json
from einvoice.bind.losses import compare
from einvoice.errors import FormatError, OutputError
from einvoice.model import (
    AdditionalSupportingDocument,
    Attachment,
    CreditTransfer,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceNote,
    ItemInformation,
    PaymentInstructions,
    PaymentMeans,
    VatBreakdown,
    terms,
)
from tests.bind.edifact.samples import folder, invoice_of_xml
from tests.strategies import invoices, plausible_invoices

FIXTURES = Path(__file__).parents[3] / "fixtures" / "erp" / "edifact"
SOURCE = (FIXTURES / "invoic_d14b.edi").read_bytes()
EXAMPLES = ("1", "2", "3", "4", "5", "6", "7", "8", "9")


def again(invoice: Invoice) -> Invoice:
    """The invoice as it is read back."""
    return open_message(write(invoice)).reading().invoice


def changed(*pairs: tuple[str, str]) -> bytes:
    """The fixture with something replaced."""
    text = SOURCE.decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def test_the_fixture_reads_as_its_golden_invoice_with_nothing_left_over() -> None:
    reading = open_message(SOURCE).reading()
    assert write_json(reading.invoice).decode() == (FIXTURES / "invoic_d14b.json").read_text(encoding="utf-8")
    assert [one for one in reading.remarks if one.reason != "spelled"] == []
    assert reading.profile == "urn:cen.eu:en16931:2017"


def test_what_was_read_is_written_and_read_again_as_it_was() -> None:
    invoice = open_message(SOURCE).reading().invoice
    assert again(invoice) == invoice


def test_every_term_of_en_16931_has_a_place() -> None:
    """The binding leaves out none; BT-120 and BT-121 are those of the message as a whole."""

    def bound(rows: object) -> set[str]:
        found = set()
        for row in rows:  # type: ignore[attr-defined]
            found |= {slot.term for slot in row.slots} | bound(row.rows)
        return found

    core = {term.id for term in terms().values() if term.id.startswith("BT-") and term.id[3:].isdigit()}
    core = {one for one in core if int(one[3:]) <= 165}
    assert core - bound(table()) == {"BT-120", "BT-121"}


@given(invoice=plausible_invoices())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_ordinary_invoice_survives(invoice: Invoice) -> None:
    """A note without a code gets GEN, which the message demands; further identifiers of a party have no place."""
    lost = compare(invoice, again(invoice)).lost
    assert [leaf.path for leaf in lost if ".identifiers[" not in leaf.path and not leaf.path.endswith(".scheme")] == []


@given(invoice=invoices())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_was_written_is_a_fixed_point(invoice: Invoice) -> None:
    """Whatever the message can carry, it carries again."""
    once = again(invoice)
    assert again(once) == once


def test_what_has_no_place_in_the_table_is_remarked_with_its_segment() -> None:
    data = changed(("PYT+1'\nDTM+13", "PAI+::1'\nPYT+1'\nDTM+13"), ("UNT+86", "UNT+87"))
    remark = open_message(data).reading().lost[0]
    assert (remark.reason, remark.value) == ("unbound", "1")
    assert remark.path == "segment 37 (PAI)/C534/4461"
    assert data.decode().splitlines()[(remark.line or 0) - 1] == "PAI+::1'"


@pytest.mark.parametrize(
    ("old", "new", "reason", "term"),
    [
        ("DTM+137:20260120:102", "DTM+137:20261320:102", "malformed", "BT-2"),
        ("MOA+79:400.00", "MOA+79:4OO", "malformed", "BT-106"),
        ("SG", "SG", "repeated", "BT-13"),
    ],
    ids=["date", "number", "repeated"],
)
def test_a_value_that_cannot_be_taken_is_remarked_with_its_term(old: str, new: str, reason: str, term: str) -> None:
    if reason == "repeated":
        data = changed(("RFF+ON:PO-4711'", "RFF+ON:PO-4711'\nRFF+ON:PO-4712'"), ("UNT+86", "UNT+87"))
    else:
        data = changed((old, new))
    found = [(one.reason, one.terms) for one in open_message(data).reading().lost]
    assert (reason, (term,)) in found


def test_a_decimal_comma_is_read_where_the_service_string_declares_it() -> None:
    data = changed(("UNA:+.?*", "UNA:+,?*"), ("MOA+79:400.00", "MOA+79:400,00"))
    totals = open_message(data).reading().invoice.totals
    assert totals is not None
    assert totals.sum_of_invoice_line_net_amount == Decimal("400.00")


def test_the_place_of_a_value_is_its_component_and_that_of_a_missing_one_its_segment() -> None:
    document = open_message(SOURCE)
    place = document.locate("buyer.postal_address.city")
    assert place is not None
    assert (place.path, place.value, place.exact) == ("segment 31 (NAD)/3164", "Colmar", True)
    missing = document.locate("lines[1].vat_information.exemption_reason_code")
    assert missing is not None
    assert (missing.path.partition(" ")[0], missing.exact) == ("segment", False)
    nowhere = document.locate("payee.name")
    assert nowhere is not None
    assert nowhere.path == "segment 2 (UNH)"


def test_the_mark_of_a_place_is_its_line_and_segment() -> None:
    marks = open_message(SOURCE).marks({"segment 31 (NAD)/3164", "segment 999 (NAD)"})
    (mark,) = marks.values()
    assert SOURCE.decode().splitlines()[mark.line - 1].startswith("NAD+BY")
    assert mark.marked.startswith("NAD+BY+4304171000002:0088")


def test_an_attachment_travels_behind_the_message() -> None:
    document = AdditionalSupportingDocument(
        reference="A'1", attached_document=Attachment(content=b"\x00'+UNT", mime_code="image/png", filename="a.png")
    )
    invoice = Invoice(number="1", additional_supporting_documents=(document,))
    assert again(invoice) == invoice


def test_an_object_that_no_document_names_is_remarked() -> None:
    data = changed(("UNO+P1+1:Anlage-1", "UNO+P1+1:Anlage-2"))
    (remark,) = open_message(data).reading().lost
    assert (remark.terms, remark.value) == (("BT-125",), "24 bytes")


@pytest.mark.parametrize(
    ("code", "read"),
    [("AAI", "AAI"), (None, "GEN"), ("AAB", "GEN"), ("REG", "GEN")],
    ids=["own", "none", "terms", "law"],
)
def test_the_code_of_a_note_never_turns_it_into_another_term(code: str | None, read: str) -> None:
    invoice = Invoice(number="1", notes=(InvoiceNote(subject_code=code, note="x"),))
    assert again(invoice) == Invoice(number="1", notes=(InvoiceNote(subject_code=read, note="x"),))


def test_a_text_too_long_for_one_component_is_cut_and_joined() -> None:
    invoice = Invoice(payment_terms="ä" * 1500 + "'")
    segment = next(line for line in write(invoice).decode().splitlines() if line.startswith("FTX+AAB"))
    assert [len(part) for part in segment.partition("+++")[2].split(":")] == [512, 512, 479]
    assert again(invoice).payment_terms == invoice.payment_terms


def test_a_gtin_is_called_srv_and_another_scheme_has_no_name() -> None:
    item = ItemInformation(standard_identifier=Identifier("4012345001235", "0160"))
    invoice = Invoice(lines=(InvoiceLine(item_information=item),))
    assert b"LIN+++4012345001235:SRV'" in write(invoice)
    assert again(invoice) == invoice
    other = structs.replace(item, standard_identifier=Identifier("1", "0088"))
    (leaf,) = compare(
        Invoice(lines=(InvoiceLine(item_information=other),)),
        again(Invoice(lines=(InvoiceLine(item_information=other),))),
    ).lost
    assert leaf.path == "lines[0].item_information.standard_identifier.scheme"


def test_accounts_of_means_of_one_type_stand_together() -> None:
    means = tuple(
        PaymentMeans(type_code="58", credit_transfers=(CreditTransfer(payment_account_identifier=account),))
        for account in ("DE1", "DE2")
    )
    invoice = Invoice(payment_instructions=PaymentInstructions(means=means))
    read = again(invoice).payment_instructions
    assert read is not None
    assert [one.payment_account_identifier for one in read.means[0].credit_transfers] == ["DE1", "DE2"]


def test_reasons_without_tax_go_to_the_categories_they_are_meant_for() -> None:
    two = (
        VatBreakdown(category_code="S", rate=Decimal(20)),
        VatBreakdown(category_code="E", exemption_reason_text="medical"),
        VatBreakdown(category_code="AE", exemption_reason_code="VATEX-EU-AE"),
    )
    assert again(Invoice(vat_breakdown=two)).vat_breakdown == two


def test_reasons_that_belong_nowhere_are_remarked() -> None:
    data = changed(("TAX+7+VAT+++:::0+AE'\nMOA+125", "TAX+7+VAT+++:::20+S'\nMOA+125"))
    lost = open_message(data).reading().lost
    assert [one.terms for one in lost] == [("BT-121",), ("BT-120",)]


@pytest.mark.parametrize(
    ("old", "new", "what", "code"),
    [
        ("D:14B", "D:96A", "INVOIC D.96A; .*--map edifact", "EDIFACT_MESSAGE"),
        ("INVOIC:D", "ORDERS:D", "the EDIFACT message ORDERS D.14B", "EDIFACT_MESSAGE"),
    ],
    ids=["directory", "message"],
)
def test_another_message_is_refused_by_its_name(old: str, new: str, what: str, code: str) -> None:
    with pytest.raises(FormatError, match=what.replace("; ", r".*")) as caught:
        open_message(changed((old, new)))
    assert caught.value.code == code


def test_two_messages_are_refused_with_the_place_of_the_second() -> None:
    text = SOURCE.decode()
    begin, end = text.index("UNH"), text.index("UNO+")
    data = (text[:end] + text[begin:end] + text[end:]).replace("UNZ+1", "UNZ+2").encode()
    with pytest.raises(FormatError, match=r"holds 2 messages; the second begins at segment 88 \(UNH\)"):
        open_message(data)


def test_several_messages_are_several_invoices_and_one_that_is_none_keeps_no_other_back() -> None:
    text = SOURCE.decode()
    begin, end = text.index("UNH"), text.index("UNO+")
    again, order = text[begin:end].replace("BGM+380+", "BGM+380+X-"), text[begin:end].replace("INVOIC:D", "ORDERS:D")
    data = (text[:end] + order + again + text[end:]).replace("UNZ+1", "UNZ+3").encode()
    first, second, third = open_messages(data)
    assert isinstance(first, EdifactDocument)
    assert isinstance(third, EdifactDocument)
    assert isinstance(second, FormatError)
    assert second.code == "EDIFACT_MESSAGE"
    number = open_message(SOURCE).reading().invoice.number
    assert (first.reading().invoice.number, third.reading().invoice.number) == (number, f"X-{number}")
    assert first.reading().invoice == open_message(SOURCE).reading().invoice


def test_half_a_character_cannot_be_written() -> None:
    with pytest.raises(OutputError, match="half a character"):
        write(Invoice(number="\ud800"))


def test_an_empty_invoice_is_an_empty_message() -> None:
    assert again(Invoice()) == Invoice()
    assert again(Invoice(issue_date=date(1, 2, 3))) == Invoice(issue_date=date(1, 2, 3))


@pytest.mark.parametrize("number", EXAMPLES)
def test_the_examples_of_cen_are_read_and_survive(number: str) -> None:
    reading = open_message((folder() / f"EDIFACT_EXAMPLE{number}.TXT").read_bytes()).reading()
    assert again(reading.invoice) == reading.invoice
    assert {remark.path.split("(")[1][:3] for remark in reading.lost} <= {"ALC", "PCD", "MOA"}


@pytest.mark.parametrize("number", ["0", "0a"])
def test_the_examples_of_cen_that_count_wrongly_are_read_on_demand_only(number: str) -> None:
    data = (folder() / f"EDIFACT_EXAMPLE{number}.TXT").read_bytes()
    with pytest.raises(FormatError, match="counts 171 segments"):
        open_message(data)
    reading = open_message(data, lenient=True).reading()
    assert reading.invoice.number == "12115118"
    assert any("counts 171 segments" in note for note in reading.notes)


@pytest.mark.parametrize("number", ["1", "5"])
def test_the_xml_form_of_an_example_is_the_same_invoice(number: str) -> None:
    text = open_message((folder() / f"EDIFACT_EXAMPLE{number}.TXT").read_bytes()).reading().invoice
    xml = invoice_of_xml(folder() / f"EDIFACT_EXAMPLE{number}.xml")
    assert compare(text, xml).added == ()
    assert all("attached_document" in leaf.path for leaf in compare(text, xml).lost)
