# SPDX-License-Identifier: Apache-2.0
"""What stands in elements, as the publisher's tests take it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from einvoice.model.parts import UnjudgeableError
from einvoice.rules.xrechnung.br_de_payment import is_iban
from einvoice.rules.xrechnung.readings import day, decimal, divided, double, plain, within


@pytest.mark.parametrize(("text", "number"), [("1", "1"), (" -1.50\n", "-1.50"), ("+.5", "0.5"), ("5.", "5")])
def test_a_number_is_one_of_xml_schema(text: str, number: str) -> None:
    assert decimal(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", " ", "1,5", "1 000", "1e3", "x", "\u00a01", "\u0661", "9" * 200])
def test_a_text_that_is_no_number_cannot_be_judged(text: str) -> None:
    with pytest.raises(UnjudgeableError, match="is no number"):
        decimal(text)


def test_compared_with_a_number_an_exponent_counts() -> None:
    assert double("1e3") == 1000.0
    with pytest.raises(UnjudgeableError):
        double("")


def test_white_space_is_that_of_xml() -> None:
    assert plain(" a \t\r\n b ") == "a b"
    assert plain("\u00a0a") == "\u00a0a"


def test_days_are_compared_in_utc() -> None:
    assert day("2026-03-01") < day("2026-03-02")
    assert day("2026-03-01Z") == day("2026-03-01")
    assert day("2026-03-01+02:00") < day("2026-03-01") < day("2026-03-01-02:00")
    assert day("2024-02-29") < day("12024-02-29") < day("22018-04-13")
    assert day("-0044-03-15") < day("0001-01-01")


@pytest.mark.parametrize("text", ["", "2026-02-30", "2026-3-1", "20260301", "2026-03-01T00:00:00"])
def test_a_text_that_is_no_day_cannot_be_judged(text: str) -> None:
    with pytest.raises(UnjudgeableError, match="is no date"):
        day(text)


def test_a_quotient_has_eighteen_digits() -> None:
    assert divided(Decimal(10), Decimal(3)) == Decimal("3.333333333333333333")
    assert divided(Decimal(20), Decimal(3)) == Decimal("6.666666666666666667")


def test_a_number_may_be_as_far_from_another_as_the_slack() -> None:
    slack = Decimal("0.02")
    assert within(Decimal("10.02"), Decimal(10), slack)
    assert within(Decimal("9.98"), Decimal(10), slack)
    assert not within(Decimal("10.021"), Decimal(10), slack)


@pytest.mark.parametrize("text", ["DE02120300000000202051", " DE02 1203 0000 0000 2020 51\n", "GB82WEST12345698765432"])
def test_an_iban_has_the_right_check_digits(text: str) -> None:
    assert is_iban(text)


@pytest.mark.parametrize(
    "text",
    ["", "DE02120300000000202052", "de02120300000000202051", "DE02-1203-0000-0000-2020-51", "1234567890", "DE02" * 9],
)
def test_anything_else_is_no_iban(text: str) -> None:
    assert not is_iban(text)


def test_a_small_letter_counts_as_no_bank_counts_it() -> None:
    """``a`` is 42 and not 10, since the test subtracts 55 from its code point: what is valid for banks is not there."""
    assert is_iban("GB82WEST12345698765432")
    assert not is_iban("GB82west12345698765432")
