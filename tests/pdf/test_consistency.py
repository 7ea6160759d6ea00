# SPDX-License-Identifier: Apache-2.0
"""The page against the invoice: every usual notation is understood, every difference is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from msgspec import structs

from einvoice.model import CreditTransfer, DocumentTotals, Invoice, PaymentInstructions, PaymentMeans
from einvoice.pdf.consistency import compare

IBAN, OTHER = "DE89370400440532013000", "FR1420041010050500013M02606"
PAGE = """
Rechnung RE-2026/001 vom 05.01.2026, zahlbar bis 04.02.2026
Summe 1.000,00   USt 190,00   Gesamt 1.190,00 EUR   Zahlbetrag 1.090,00
IBAN DE89 3704 0044 0532 0130 00
"""


def invoice(amount: str = "1190.00", payable: str = "1090.00", day: date = date(2026, 1, 5)) -> Invoice:
    account = CreditTransfer(payment_account_identifier=IBAN)
    return Invoice(
        number="RE-2026/001",
        issue_date=day,
        payment_due_date=date(2026, 2, 4),
        totals=DocumentTotals(invoice_total_amount_with_vat=Decimal(amount), amount_due_for_payment=Decimal(payable)),
        payment_instructions=PaymentInstructions(means=(PaymentMeans(credit_transfers=(account,)),)),
    )


def differing(text: str, stated: Invoice | None = None) -> set[str]:
    return {one.what for one in compare(text, stated or invoice()).differences}


def test_a_page_that_says_the_same_differs_in_nothing() -> None:
    assert compare(PAGE, invoice()).differences == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("RE-2026/001", "RE-2026/002", "NUMBER"),
        ("05.01.2026", "06.01.2026", "DATE"),
        ("bis 04.02.2026", "bis 05.02.2026", "DUE"),
        ("1.190,00", "1.191,00", "TOTAL"),
        ("1.190,00", "11.190,00", "TOTAL"),
        ("1.190,00", "190,00", "TOTAL"),
        ("1.090,00", "1.090,01", "PAYABLE"),
        ("DE89 3704 0044 0532 0130 00", "FR14 2004 1010 0505 0001 3M02 606", "IBAN"),
    ],
)
def test_a_value_that_differs_is_told(old: str, new: str, what: str) -> None:
    assert differing(PAGE.replace(old, new)) == {what}


def test_what_the_page_shows_instead_is_told() -> None:
    (found,) = compare(
        PAGE.replace("DE89 3704 0044 0532 0130 00", "FR14 2004 1010 0505 0001 3M02 606"), invoice()
    ).differences
    assert (found.term, found.stated, found.shown) == ("BT-84", IBAN, OTHER)


@pytest.mark.parametrize(
    "written",
    ["1.190,00", "1,190.00", "1 190,00", "1\u00a0190,00", "1\u202f190,00", "1'190.00", "1’190.00", "1190,00", "1190.00",
     "1.190,-", "1.190,–", "1.190", "1190", "EUR1.190,00", "1.190,00€", "-1.190,00", "1.190,000"],
)  # fmt: skip
def test_every_notation_of_an_amount_is_understood(written: str) -> None:
    assert differing(PAGE.replace("1.190,00", written)) == set()


@pytest.mark.parametrize("written", ["1.190,01", "1.190.000,00", "21.190,00", "1.190,50", "119,00"])
def test_another_amount_is_another_amount(written: str) -> None:
    assert differing(PAGE.replace("1.190,00", written)) == {"TOTAL"}


@pytest.mark.parametrize(
    "written",
    ["05.01.2026", "5.1.2026", "05.01.26", "2026-01-05", "05/01/2026", "01/05/2026", "5-1-2026", "5. Januar 2026",
     "5 janvier 2026", "January 5, 2026", "Jan 5, 2026", "5 January 2026", "5th January 2026", "05-JAN-2026",
     "5 januari 2026", "5 gennaio 2026", "5 de enero de 2026"],
)  # fmt: skip
def test_every_notation_of_a_date_is_understood(written: str) -> None:
    assert differing(PAGE.replace("05.01.2026", written)) == set()


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "it", "es"])
@pytest.mark.parametrize("form", ["short", "medium", "long"])
def test_the_months_of_all_languages_are_known(language: str, form: Literal["short", "medium", "long"]) -> None:
    from babel.dates import format_date

    for month in range(1, 13):
        day = date(2026, month, 17)
        written = format_date(day, form, locale=language)
        assert differing(PAGE.replace("05.01.2026", written), invoice(day=day)) == set(), written


@pytest.mark.parametrize(
    "written",
    ["Due date 4 Apr 2026", "Payment due\n4 April 2026", "Due: Apr 4, 2026", "Please pay by April 4th, 2026",
     "Fällig am 4. April 2026", "zahlbar bis 4. April\n2026", "Échéance 4\u00a0avr.\u00a02026",
     "à payer avant le 4/4/26",
     "Vervaldatum 4 apr 2026", "Scadenza 4 apr 2026", "Vencimiento\n4 abr 2026", "Vencimiento: 4 de abril de 2026",
     "Date Due date Customer\n5 Jan 2026 4 Apr 2026 77",
     "zahlbar bis 20.03.2026 mit 2% Skonto, bis 04.04.2026 netto",
     "zahlbar bis 20.03.2026 mit 2% Skonto (1.166,20 EUR).\nNetto bis 04.04.2026",
     "Due date 20 March 2026 less 3% discount,\nor 4 April 2026 net"],
)  # fmt: skip
def test_a_day_to_pay_by_is_understood_in_words_below_its_label_and_among_others(written: str) -> None:
    page, stated = PAGE.replace("zahlbar bis 04.02.2026", written), invoice()
    assert differing(page, structs.replace(stated, payment_due_date=date(2026, 4, 4))) == set()
    assert differing(page, structs.replace(stated, payment_due_date=date(2026, 6, 30))) == {"DUE"}


@pytest.mark.parametrize(
    "written",
    ["Amount due\n5 Mar 2026", "Pay by app\nOrdered on 27. Februar 2026",
     "Payment is due within 30 days of 5 March 2026",
     "overdue since 3 May 2025", "überfällig seit 01.02.2025", "Zahlungsziel: 14 Tage\nLieferung 05.01.2026",
     "Payable by card. Delivered 3 Jan 2026"],
)  # fmt: skip
def test_a_date_that_is_no_day_to_pay_by_is_not_taken_for_one(written: str) -> None:
    assert differing(PAGE.replace("zahlbar bis 04.02.2026", written)) == set()


def test_what_follows_the_day_to_pay_by_is_another_date() -> None:
    (found,) = compare(
        PAGE.replace("zahlbar bis 04.02.2026", "Due date 4 Apr 2026\nDelivered on 4 Feb 2026"), invoice()
    ).differences
    assert (found.what, found.shown) == ("DUE", "4 Apr 2026")


def test_a_page_need_not_show_an_account_or_a_due_date() -> None:
    assert differing("\n".join(PAGE.splitlines()[:3]).replace(", zahlbar bis 04.02.2026", "")) == set()


def test_a_page_may_show_more_accounts() -> None:
    assert differing(f"{PAGE}\nIBAN FR14 2004 1010 0505 0001 3M02 606") == set()


def test_an_account_number_that_is_wrong_on_the_page_is_no_account() -> None:
    assert differing(PAGE.replace("0130 00", "0130 01")) == set()


@pytest.mark.parametrize("text", ["", "  \n ", "page 1 of 1"])
def test_a_page_without_text_is_an_open_question(text: str) -> None:
    found = compare(text, invoice())
    assert (found.differences, bool(found.open)) == ((), True)


def test_a_text_that_makes_no_sense_is_an_open_question() -> None:
    assert compare("\u0191\u0192 xkcd qwer asdf yxcv " * 9, invoice()).open


def test_a_sum_of_nothing_need_not_be_shown() -> None:
    assert differing(PAGE, invoice(payable="0.00")) == set()


def test_an_invoice_that_states_nothing_differs_in_nothing() -> None:
    assert compare(PAGE, Invoice()).differences == ()
