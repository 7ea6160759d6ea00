# SPDX-License-Identifier: Apache-2.0
"""The sheet shows what the invoice states: every term of it, in the words of the reader, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings

from einvoice.model import (
    DirectDebit,
    DocumentLevelAllowance,
    DocumentLevelCharge,
    DocumentTotals,
    Identifier,
    Invoice,
    InvoiceLineAllowance,
    LineVatInformation,
    PaymentInstructions,
    PaymentMeans,
    PriceDetails,
    VatBreakdown,
)
from einvoice.model.extensions import LineExtension
from einvoice.render.compose import compose, encode
from einvoice.render.sheet import Adjustment, Block, Pair, Sheet, Total
from einvoice.render.words import words
from tests.render.making import Everything, bare, invoice, line, texts
from tests.strategies import invoices

EN = words("en")


def on_sheet(sheet: Sheet) -> str:
    return "\n".join(texts(msgspec.to_builtins(sheet)))


def shown_as(value: str | Decimal | date) -> str:
    if isinstance(value, Decimal):
        return f"{value:,}"
    return EN.date(value) if isinstance(value, date) else value


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "it", "es"])
def test_every_term_of_the_model_is_on_the_sheet(language: str) -> None:
    """All of EN 16931 and all extensions; only the bytes of attachments are left to the XML."""
    everything = Everything()
    chosen = words(language)
    shown = on_sheet(compose(everything.invoice, chosen))
    assert len(everything.values) > 900

    def text(value: str | Decimal | date) -> str:
        if isinstance(value, Decimal):
            return chosen.number(value)
        return chosen.date(value) if isinstance(value, date) else value

    assert [path for path, value in everything.values.items() if text(value) not in shown] == []


def test_an_invoice_that_states_nothing_is_an_empty_sheet() -> None:
    sheet = compose(Invoice(), EN)
    assert sheet == Sheet(
        language="en",
        region="GB",
        words=sheet.words,
        title="Invoice",
        heading="Invoice",
        number="",
        currency="",
        sender="",
        widest={"position": 0, "quantity": 0, "price": 0, "amount": 0},
    )


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("380", "Rechnung"),
        ("381", "Rechnungskorrektur"),
        ("389", "Gutschrift (Selbstfakturierung)"),
        ("999", "Rechnung (999)"),
    ],
)
def test_the_heading_says_the_kind_of_document(code: str, heading: str) -> None:
    assert compose(invoice(type_code=code), words("de")).heading == heading


def test_nothing_is_computed_or_corrected() -> None:
    """Totals that contradict each other are shown as they are stated."""
    sheet = compose(invoice(), EN)
    assert bare(sheet.totals) == (
        Total("Sum of lines", "75.00"),
        Total("Total with VAT", "1,234,567.891"),
        Total("Already paid", "\u221261.80"),
        Total("Amount due", "EUR\u00a01,234,506.09", strong=True),
    )


def test_an_allowance_counts_negative_and_says_why() -> None:
    sheet = compose(
        invoice(
            document_level_allowances=(
                DocumentLevelAllowance(Decimal(20), Decimal(200), Decimal(10), "S", Decimal(19), "Loyalty", "95"),
            ),
            document_level_charges=(DocumentLevelCharge(Decimal(15), None, None, "Z", Decimal(0), None, "FC"),),
        ),
        EN,
    )
    assert bare(sheet.adjustments) == (
        Adjustment("Allowance", "Loyalty, Discount", "10% of 200.00", "19%", "\u221220.00"),
        Adjustment("Charge", "Freight", "", "0% Z", "15.00"),
    )


def test_a_reason_and_a_code_that_say_the_same_are_said_once() -> None:
    allowance = DocumentLevelAllowance(Decimal(1), reason="Discount", reason_code="95")
    (shown,) = compose(invoice(document_level_allowances=(allowance,)), EN).adjustments
    assert shown.reason == "Discount"


def test_sub_lines_follow_their_line_and_are_nested() -> None:
    nested = line("4", sub_lines=(line("4.1", sub_lines=(line("4.1.1"),)), line("4.2")))
    flat = (
        line("5"),
        line("5.1", extension=LineExtension(parent_line_identifier="5")),
        line("5.1.1", extension=LineExtension(parent_line_identifier="5.1")),
        line("6", extension=LineExtension(parent_line_identifier="9")),
    )
    rows = compose(invoice(lines=(nested, *flat)), EN).rows
    assert [(row.position, row.level) for row in rows] == [
        ("4", 0), ("4.1", 1), ("4.1.1", 2), ("4.2", 1), ("5", 0), ("5.1", 1), ("5.1.1", 2), ("6", 0)
    ]  # fmt: skip
    assert Pair("Part of line", "9") in bare(rows[-1].details)
    assert not any(pair.label == "Part of line" for row in rows[:-1] for pair in row.details)


def test_a_line_shows_figures_with_their_units() -> None:
    special = line(
        "1",
        invoiced_quantity=Decimal("1.50"),
        invoiced_quantity_unit_of_measure_code="HUR",
        price_details=PriceDetails(
            item_net_price=Decimal("0.1234"),
            item_price_discount=Decimal("0.01"),
            item_gross_price=Decimal("0.1334"),
            item_price_base_quantity=Decimal(100),
        ),
        vat_information=LineVatInformation("AE", Decimal(0)),
        allowances=(InvoiceLineAllowance(Decimal(5), Decimal(50), Decimal(10), "Volume"),),
    )
    (row,) = compose(invoice(lines=(special,)), words("de")).rows
    assert (row.quantity, row.price, row.price_basis, row.vat, row.amount) == (
        "1,5 Stunden",
        "0,1234",
        "je 100 Stunden",
        "0\u00a0% AE",
        "37,50",
    )
    assert bare(row.details[1:]) == (
        Pair("Bruttopreis", "0,1334\u00a0EUR"),
        Pair("Preisnachlass", "0,01\u00a0EUR"),
        Pair("Nachlass", "5,00\u00a0EUR, 10\u00a0% von 50,00\u00a0EUR, Volume"),
    )


def test_an_exempt_category_says_its_name_its_code_and_its_reason() -> None:
    rows = compose(
        invoice(
            vat_breakdown=(
                VatBreakdown(Decimal(1), Decimal(0), "AE", Decimal(0), None, "VATEX-EU-AE"),
                VatBreakdown(Decimal(1), Decimal(0), "E", Decimal(0), "Article 132", "VATEX-EU-132"),
                VatBreakdown(Decimal(1), Decimal(0), "Q", Decimal(0)),
            )
        ),
        EN,
    ).vat
    assert [(row.category, row.details) for row in bare(rows)] == [
        ("Reverse charge (AE)", (Pair("", "Reverse charge (VATEX-EU-AE)"),)),
        ("Exempt (E)", (Pair("", "Article 132 (VATEX-EU-132)"),)),
        ("Q", ()),
    ]


def test_payment_says_who_is_paid_how() -> None:
    (block,) = bare(compose(invoice(totals=None), EN).payment)
    assert block == Block(
        "SEPA credit transfer",
        (
            Pair("Due date", "14\u00a0Feb\u00a02026"),
            Pair("Payment reference", "2026-0042"),
            Pair("IBAN", "DE89 3704 0044 0532 0130 00"),
            Pair("Account holder", "Nordwind"),
            Pair("Bank (BIC)", "COBADEFFXXX"),
        ),
    )


def test_the_mandate_stands_with_the_direct_debit() -> None:
    instructions = PaymentInstructions(
        means=(PaymentMeans("58"), PaymentMeans("59")), direct_debit=DirectDebit(mandate_reference_identifier="M-1")
    )
    transfer, debit = bare(compose(invoice(payment_instructions=instructions, totals=None), EN).payment)
    assert transfer == Block("SEPA credit transfer", (Pair("Due date", "14\u00a0Feb\u00a02026"),))
    assert debit == Block("SEPA direct debit", (Pair("Mandate reference", "M-1"),))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("30 days net", "30 days net"),
        ("#SKONTO#TAGE=14#PROZENT=2.00#", "2% discount if paid within 14 days"),
        (
            "Thanks\n#SKONTO#TAGE=7#PROZENT=2.25#BASISBETRAG=357.93#\nrest",
            "Thanks\n2.25% discount on EUR\u00a0357.93 if paid within 7 days\nrest",
        ),
        ("#VERZUG#TAGE=30#PROZENT=9.12#", "9.12% penalty if paid later than 30 days"),
        ("#SKONTO#TAGE=14#PROZENT=2#", "#SKONTO#TAGE=14#PROZENT=2#"),
    ],
)
def test_conditions_written_for_programs_are_read_to_people(text: str, shown: str) -> None:
    assert compose(invoice(payment_terms=text), EN).terms == (shown,)


def test_a_country_without_a_name_and_an_unknown_unit_keep_their_codes() -> None:
    strange = invoice(
        seller=msgspec.structs.replace(
            invoice().seller or pytest.fail("no seller"),
            legal_registration_identifier=Identifier("77", "9999"),
        ),
        lines=(line("1", invoiced_quantity_unit_of_measure_code="ZZ9"),),
    )
    sheet = compose(strange, EN)
    assert sheet.rows[0].quantity == "3 ZZ9"
    assert Pair("Registration", "9999 77") in bare(sheet.parties[0].details)
    assert Pair("Identifier", "GLN 4012345000009") in bare(sheet.parties[0].details)


def test_columns_are_as_wide_as_their_longest_figure() -> None:
    big = line("1000", net_amount=Decimal("123456789012.34"), invoiced_quantity=Decimal("1234567.5"))
    assert compose(invoice(lines=(line("1"), big)), EN).widest == {
        "position": 4,
        "quantity": 11,
        "price": 5,
        "amount": 18,
    }


def test_only_a_line_that_may_not_fit_a_page_may_be_split() -> None:
    item = line("1").item_information
    long = line("2", item_information=msgspec.structs.replace(item, description="a\n" * 40))  # type: ignore[type-var]
    assert [row.tall for row in compose(invoice(lines=(line("1"), long)), EN).rows] == [False, True]


def test_what_is_encoded_is_fit_for_a_page_and_words_keep_their_spaces() -> None:
    sheet = compose(invoice(number="A\x00B" + "x" * 30, totals=DocumentTotals()), words("fr"))
    data = msgspec.json.decode(encode(sheet))
    assert data["number"].startswith("A\u200b\ufffd\u200bB\u200bx")
    assert data["words"]["colon"] == "\u00a0: "
    assert data["logo"] == []


@settings(max_examples=60)
@given(invoices())
def test_any_invoice_has_a_sheet(drawn: Invoice) -> None:
    """Also one with absurd figures and with codes that do not exist."""
    for language in ("en", "de", "fr"):
        assert encode(compose(drawn, words(language)))
