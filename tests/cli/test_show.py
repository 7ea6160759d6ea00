# SPDX-License-Identifier: Apache-2.0
"""``einvoice show``: an invoice as people read it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from einvoice.bind import write
from einvoice.cli import main
from einvoice.model import (
    AdditionalSupportingDocument,
    Attachment,
    DeliverToAddress,
    DeliveryInformation,
    DirectDebit,
    DocumentLevelAllowance,
    DocumentLevelCharge,
    Identifier,
    Invoice,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    InvoiceLinePeriod,
    InvoiceNote,
    InvoicingPeriod,
    PaymentCardInformation,
    PaymentInstructions,
    PaymentMeans,
    PrecedingInvoiceReference,
    PriceDetails,
    Reading,
    Remark,
    VatBreakdown,
)
from einvoice.service.show import summary
from tests.service.sample import as_file, invoice, line

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["show", *map(str, arguments)], input=stdin)


def squeezed(text: str) -> list[str]:
    """The lines of a page, with runs of blanks made one."""
    return [" ".join(row.split()) for row in text.splitlines()]


def test_a_page_has_title_facts_parties_lines_totals_and_payment(tmp_path: Path) -> None:
    result = run(as_file(tmp_path, "a.xml", invoice()))
    assert result.exit_code == 0
    rows = squeezed(result.output)
    assert rows[0] == "Commercial invoice INV-7"
    for row in (
        "Issued 2026-03-02",
        "Due 2026-04-01",
        "Buyer reference 04011000-12345-39",
        "Obeys EN 16931",
        "Written in UBL 2.1 Invoice",
        "No. Item Quantity Price VAT Net",
        "1 Item 1 2 one (piece) 10.00 S 19 % 20.00",
        "S 19 % · Standard or reduced rate 31.00 5.89",
        "With VAT 36.89 EUR",
        "To be paid 36.89 EUR",
        "Means SEPA credit transfer",
        "Account DE02120300000000202051",
    ):
        assert row in rows


def test_several_documents_are_shown_and_one_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    as_file(tmp_path, "a.xml", invoice())
    (tmp_path / "b.xml").write_text("<b>")
    result = run(tmp_path)
    assert result.exit_code == 3
    assert "Commercial invoice INV-7" in result.stdout
    assert result.stderr.startswith(f"einvoice: {tmp_path}/b.xml:1:")


def test_standard_input_is_shown() -> None:
    assert "INV-7" in run("-", stdin=write(invoice(), "cii")).output


@pytest.mark.parametrize("hostile", ["\x9b31m", "\u202egnp", "[red]markup[/red] :smile:"])
def test_hostile_text_is_shown_and_not_acted_on(tmp_path: Path, hostile: str) -> None:
    bad = invoice(number=hostile, notes=(InvoiceNote(note=hostile),), lines=(line(1, "1"),))
    output = run(as_file(tmp_path, "a.xml", bad)).output
    assert not set(output) & {"\x9b", "\u202e"}
    assert hostile.replace("\x9b", "\\x9b").replace("\u202e", "\\u202e") in output


def test_an_empty_invoice_can_be_shown() -> None:
    page = summary(Reading(Invoice()))
    assert page.title == "Invoice (no number)"
    assert page.facts.rows == (("Obeys", "no specification (BT-24 is absent)"),)


RICH = invoice(
    type_code="381",
    invoicing_period=InvoicingPeriod(start_date=date(2026, 1, 1)),
    preceding_invoice_references=(PrecedingInvoiceReference(reference="R-1", issue_date=date(2026, 1, 5)),),
    additional_supporting_documents=(
        AdditionalSupportingDocument(
            reference="D-1", attached_document=Attachment(content=b"12345", filename="hours.pdf")
        ),
    ),
    delivery_information=DeliveryInformation(
        deliver_to_party_name="Yard", deliver_to_address=DeliverToAddress(city="Kiel", country_code="DE")
    ),
    document_level_allowances=(DocumentLevelAllowance(amount=Decimal("1.50"), reason="Loyalty"),),
    document_level_charges=(DocumentLevelCharge(amount=Decimal("2.50"), reason_code="FC"),),
    vat_breakdown=(VatBreakdown(category_code="E", taxable_amount=Decimal("1234.5"), exemption_reason_text="School"),),
    payment_terms="30 days\n",
    payment_instructions=PaymentInstructions(
        means=(PaymentMeans(type_code="48", payment_card=PaymentCardInformation(primary_account_number="1234")),),
        direct_debit=DirectDebit(mandate_reference_identifier="M-1", debited_account_identifier="DE99"),
        remittance_information="R/7",
    ),
    invoiced_object_identifier=Identifier("meter 5", scheme="ABZ"),
    lines=(
        structs.replace(
            line(1, "10"),
            note="Urgent",
            period=InvoiceLinePeriod(end_date=date(2026, 2, 1)),
            allowances=(InvoiceLineAllowance(amount=Decimal(3), reason="Damage"),),
            charges=(InvoiceLineCharge(amount=Decimal(4), reason_code="PC"),),
            price_details=PriceDetails(item_net_price=Decimal(10), item_price_base_quantity=Decimal(100)),
            sub_lines=(line(11, "5"),),
        ),
    ),
)


def test_everything_that_is_stated_has_its_place() -> None:
    remark = Remark("malformed", "/Invoice/cbc:DueDate", "soon", ("BT-9",), "payment_due_date", 7)
    page = summary(Reading(RICH, "ubl-creditnote", None, (remark,), ("it was unwrapped",)))
    facts = dict(page.facts.rows)
    assert page.title == "Credit note INV-7"
    assert facts["Period"] == "2026-01-01 to …"
    assert facts["Preceding invoice"] == "R-1 of 2026-01-05"
    assert facts["Attached"] == "D-1 · hours.pdf, 5 bytes"
    assert facts["Object"] == "ABZ:meter 5"
    assert [(party.title, party.rows[0]) for party in page.parties] == [
        ("Seller", ("", "Seller Ltd")),
        ("Buyer", ("", "Buyer GmbH")),
        ("Delivered to", ("", "Yard")),
    ]
    first, below = page.lines
    assert first.details == (
        "… to 2026-02-01", "Urgent", "3 off: Damage", "4 added: PC"
    )  # fmt: skip
    assert (first.price, below.level) == ("10 per 100", 1)
    assert page.vat == (("E · Exempt from VAT", "1,234.5", "", "School"),)
    assert page.totals.rows[:2] == (("Allowance: Loyalty", "1.50 EUR"), ("Charge: FC", "2.50 EUR"))
    assert dict(page.payment.rows) == {
        "Means": "Bank card", "Card": "1234", "Mandate": "M-1", "Debited account": "DE99", "Reference": "R/7",
        "Terms": "30 days",
    }  # fmt: skip
    assert page.remarks == ("it was unwrapped", "line 7: 'soon' is no value of its type (/Invoice/cbc:DueDate)")


def test_a_page_with_everything_can_be_printed(tmp_path: Path) -> None:
    result = run(as_file(tmp_path, "a.xml", RICH))
    assert result.exit_code == 0
    assert "11 Item 11 2 one (piece) 5 S 19 %" in " ".join(result.output.split())
