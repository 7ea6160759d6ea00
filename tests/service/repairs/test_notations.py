# SPDX-License-Identifier: Apache-2.0
"""Numbers, days and truth values: taken where they have one reading, and left where they have two or none."""

from __future__ import annotations

from datetime import date

import pytest

from einvoice.service.repairs.notations import day, is_number, number, truth


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12.50", "12.50"),
        (" 12.50\u00a0", "12.50"),
        ("12,50", "12.50"),
        ("-0,125", "-0.125"),
        ("1234,5", "1234.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,891", "1234567.891"),
        ("1 234,56", "1234.56"),
        ("1\u202f234\u202f567.8", "1234567.8"),
        ("1'234.50", "1234.50"),
        ("12.50 EUR", "12.50"),
        ("EUR 12,50", "12.50"),
        ("12,50 €", "12.50"),
        ("€12.50", "12.50"),
        ("+7", "+7"),
    ],
)
def test_a_number_with_one_reading_is_read(text: str, read: str) -> None:
    assert number(text, ("EUR",)) == read


@pytest.mark.parametrize("text", ["1,234", "999,000", "-1,500", "1,234 EUR"])
def test_a_comma_before_three_digits_has_two_readings(text: str) -> None:
    assert number(text, ("EUR",)) == "ambiguous"


@pytest.mark.parametrize(
    "text", ["1.2345,6", "12,34,56", "1.234.56", "twelve", "1e3", "12.50 USD", "£3", "--3", "", "٣"]
)
def test_a_text_without_a_reading_is_none(text: str) -> None:
    assert number(text, ("EUR",)) is None


def test_a_percent_sign_belongs_to_a_percentage() -> None:
    assert number("19 %", percent=True) == "19"
    assert number("19 %") is None


def test_a_number_of_the_schema_is_one() -> None:
    assert is_number(" 5. ")
    assert is_number("-.5")
    assert not is_number("1,5")
    assert not is_number("\u00a05")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31",
        "20260331",
        "2026/03/31",
        "2026.03.31",
        "31.03.2026",
        "31.3.2026",
        "31/03/2026",
        "03/31/2026",
        "2026-03-31T00:00:00",
        "2026-03-31T00:00:00.000Z",
        "2026-03-31T00:00+02:00",
        "\u00a02026-03-31 ",
    ],
)
def test_a_day_with_one_reading_is_read(text: str) -> None:
    assert day(text) == date(2026, 3, 31)


def test_day_and_month_alike_are_one_reading() -> None:
    assert day("04.04.2026") == date(2026, 4, 4)


@pytest.mark.parametrize("text", ["03.04.2026", "1/2/2026", "12-11-2026"])
def test_day_and_month_that_can_be_exchanged_are_two_readings(text: str) -> None:
    assert day(text) == "ambiguous"


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "31.02.2026",
        "31.03.26",
        "2026-03-31T14:30:00",
        "31032026",
        "0203",
        "03.31/2026",
        "99990101",
        "soon",
    ],
)
def test_a_text_without_a_day_is_none(text: str) -> None:
    assert day(text) is None


def test_truth_values_are_told_by_their_names() -> None:
    assert [truth(text) for text in ("TRUE", " 1 ", "False", "0", "yes", "")] == [
        "true",
        "true",
        "false",
        "false",
        None,
        None,
    ]
