# SPDX-License-Identifier: Apache-2.0
"""What XPath makes of texts: numbers, dates, white space, and what it refuses."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.model.parts import UnjudgeableError
from einvoice.rules import xpath


@pytest.mark.parametrize("text", ["1", " 1.50\n", "+.5", "1.", "-0", "007"])
def test_a_decimal_number_is_read(text: str) -> None:
    assert xpath.decimal(text) == Decimal(text.strip())


@pytest.mark.parametrize("text", ["", " ", "1e3", "NaN", "INF", "1,5", ".", "1 2", "\u0663", "1_0"])
def test_what_is_no_decimal_number_cannot_be_computed_with(text: str) -> None:
    with pytest.raises(UnjudgeableError, match="is no number"):
        xpath.decimal(text)


def test_a_double_has_an_exponent_and_infinities() -> None:
    assert xpath.double("1e3") == 1000
    assert xpath.number("-INF") == -math.inf
    assert math.isnan(xpath.double("NaN"))
    assert math.isnan(xpath.number("x"))
    assert not xpath.is_number("1 2")
    assert xpath.is_number(" 1E-2 ")
    with pytest.raises(UnjudgeableError):
        xpath.double("x")


@pytest.mark.parametrize(("text", "whole"), [("12", True), (" -1 ", True), ("+1", True), ("1.0", False), ("", False)])
def test_an_integer_has_a_sign_at_most(text: str, whole: bool) -> None:  # noqa: FBT001 -- what is expected
    assert xpath.is_integer(text) is whole


def test_needless_white_space_is_that_of_xml() -> None:
    assert xpath.trimmed("\n a \t b ") == "a b"
    assert xpath.trimmed("\u00a0a ") == "\u00a0a"


@pytest.mark.parametrize(
    "text", ["2026-02-28", "2024-02-29", " 2026-01-01 ", "0000-02-29", "-0004-01-01", "12026-01-01", "2026-01-01+14:00"]
)
def test_a_date_exists(text: str) -> None:
    assert xpath.is_date(text)


@pytest.mark.parametrize(
    "text", ["", "2026-02-29", "1900-02-29", "2026-13-01", "2026-04-31", "2026-1-1", "26-01-01", "2026-01-01T00:00:00"]
)
def test_a_date_does_not_exist(text: str) -> None:
    assert not xpath.is_date(text)


@given(st.dates(), st.integers(-3, 3))
def test_dates_are_ordered_as_days_are(day: date, offset: int) -> None:
    try:
        other = day + timedelta(offset)
    except OverflowError:
        return
    assert (xpath.moment(f"{other:%Y-%m-%d}".zfill(10)) < xpath.moment(f"{day:%Y-%m-%d}".zfill(10))) is (offset < 0)


def test_a_zone_moves_the_beginning_of_a_day() -> None:
    assert xpath.moment("2026-08-01+02:00") < xpath.moment("2026-08-01") == xpath.moment("2026-08-01Z")
    assert xpath.moment("2026-08-01-02:00") > xpath.moment("2026-08-01")


def test_a_quotient_is_cut_after_eighteen_places_or_as_many_as_its_parts_have() -> None:
    assert xpath.divided(Decimal(1), Decimal(3)) == Decimal("0.333333333333333333")
    assert xpath.divided(Decimal(2), Decimal(3)) == Decimal("0.666666666666666667")
    assert xpath.divided(Decimal("1e-20"), Decimal(2)) == Decimal("5e-21").quantize(Decimal("1e-20"), "ROUND_HALF_DOWN")


def unsaid() -> bool:
    raise UnjudgeableError("nobody can say")


def test_or_is_true_if_one_is_whatever_the_others_cannot_say() -> None:
    assert xpath.some([unsaid, lambda: True])
    assert not xpath.some([lambda: False])
    assert not xpath.some([])
    with pytest.raises(UnjudgeableError, match="nobody"):
        xpath.some([lambda: False, unsaid])


def test_and_is_false_if_one_is_whatever_the_others_cannot_say() -> None:
    assert not xpath.every(unsaid, lambda: False)
    assert xpath.every(lambda: True, lambda: True)
    with pytest.raises(UnjudgeableError, match="nobody"):
        xpath.every(unsaid, lambda: True)


def test_a_number_is_exact_or_none() -> None:
    """A product of two of the longest fits, zeros in front do not count; longer ones are not computed with."""
    longest = xpath.decimal("-" + "0" * 300 + "9" * 190)
    assert xpath.EXACT.multiply(longest, longest) == int("9" * 190) ** 2
    assert xpath.decimal("0." + "1" * 188) == Decimal("0." + "1" * 188)
    for text in ("1" * 191, "0." + "1" * 190):
        with pytest.raises(UnjudgeableError, match="digits that cannot be computed with"):
            xpath.decimal(text)
