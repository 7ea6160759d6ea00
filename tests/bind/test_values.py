# SPDX-License-Identifier: Apache-2.0
"""Texts as values, and back: ``xs:decimal``, ``xs:date``, format 102, ``xs:base64Binary``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.bind import values
from tests.strategies import decimals

FORTY = "1234567890" * 4


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("5.", "5"),
        (".5", "0.5"),
        ("-0.00", "-0.00"),
        ("+12.30", "12.30"),
        ("007", "7"),
        (" \t\r\n 1.5 \n", "1.5"),
        (FORTY, FORTY),
        (f"-{FORTY[:20]}.{FORTY[:20]}", f"-{FORTY[:20]}.{FORTY[:20]}"),
    ],
)
def test_what_xs_decimal_allows_is_a_number(text: str, number: str) -> None:
    found = values.read_decimal(text)
    assert found is not None
    assert str(found) == str(Decimal(number)), "trailing zeros and the sign are kept"


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "-", "+", "+-1", "1,5", "1.5.0", "1 000", "1_000", "--1"),
        *("1e3", "1E-3", "NaN", "nan", "sNaN", "INF", "-Infinity", "0x10", "1\u00a0", "\u20071"),
        *("١٢٣", "\uff11\uff12", "²", "1\u066b5", "½"),  # digits, but not ASCII
        FORTY + "1",
        "0." + FORTY + "1",
        "1" * 10_000,
    ],
)
def test_what_xs_decimal_does_not_allow_or_we_cannot_hold_is_none(text: str) -> None:
    assert values.read_decimal(text) is None


@given(decimals())
def test_a_number_is_read_as_it_was_written(number: Decimal) -> None:
    text = values.write_decimal(number)
    assert "E" not in text
    again = values.read_decimal(text)
    assert again == number
    assert again is not None
    assert values.write_decimal(again) == text, "a second time changes nothing"


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+3", "1000"), ("1E-7", "0.0000001"), ("1.50", "1.50"), ("-0.00", "-0.00"), ("0E-12", "0.000000000000")],
)
def test_a_number_is_written_without_an_exponent(number: str, text: str) -> None:
    assert values.write_decimal(Decimal(number)) == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-31", date(2026, 3, 31)),
        (" 2026-03-31\n", date(2026, 3, 31)),
        ("2026-03-31Z", date(2026, 3, 31)),
        ("2026-03-31+02:00", date(2026, 3, 31)),
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date(1, 1, 1)),
    ],
)
def test_a_day_of_ubl_is_read_whatever_its_time_zone(text: str, day: date) -> None:
    assert values.read_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-3-1", "2026-02-29", "2026-13-01", "0000-01-01", "20260331", "31.03.2026", "2026-03-31T00:00:00"),
        *("-2026-03-31", "12026-03-31", "2026-03-31 Z", "٢٠٢٦-٠٣-٣١"),
    ],
)
def test_what_is_no_day_in_ubl_is_none(text: str) -> None:
    assert values.read_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-31",
        "2026033",
        "202603311",
        "20260229",
        "00000000",
        "\uff12\uff10\uff12\uff16\uff10\uff13\uff13\uff11",
        "Dies ist kein Datum",
    ],
)
def test_what_is_no_day_in_cii_is_none(text: str) -> None:
    assert values.read_date_102(text) is None


@given(st.dates())
def test_a_day_is_read_as_it_was_written(day: date) -> None:
    assert values.read_date(str(day)) == day
    assert values.read_date_102(values.write_date_102(day)) == day
    assert len(values.write_date_102(day)) == 8


@given(st.binary(max_size=200), st.integers(1, 80))
def test_an_attachment_is_read_as_it_was_written_however_the_lines_break(content: bytes, width: int) -> None:
    text = values.write_bytes(content)
    lines = "\n  ".join(text[at : at + width] for at in range(0, len(text), width))
    assert values.read_bytes(text) == values.read_bytes(lines) == content


@pytest.mark.parametrize("text", ["a", "abc", "ab=c", "äöü=", "YWJj!", "YWJjZA", "-_-_"])
def test_what_is_no_base64_is_none(text: str) -> None:
    assert values.read_bytes(text) is None


def test_the_code_lists_for_the_tax_point_mean_each_other() -> None:
    """BT-8: UNTDID 2005 in the model and in UBL, UNTDID 2475 in CII."""
    assert values.TIMING_WRITE == {"3": "5", "35": "29", "432": "72"}
    assert {values.TIMING_READ[there]: there for there in values.TIMING_READ} == values.TIMING_WRITE
