# SPDX-License-Identifier: Apache-2.0
"""Texts become values, or are refused: nothing is read as something that it may not mean."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.errors import MappingError
from einvoice.importers import transforms
from einvoice.importers.transforms import MAX_LENGTH, TRANSFORMS, Locale, compose, date_pattern, find
from tests.counting import steps

GERMAN = Locale(decimal=",", thousands=".", dates="dd.mm.yyyy")
FRENCH = Locale(decimal=",", thousands=" ")
PLAIN = Locale()
NUMERIC = ("text", "number")


@pytest.mark.parametrize(
    ("names", "locale", "text", "value"),
    [
        ("decimal", GERMAN, "1.234,50", "1234.50"),
        ("decimal", GERMAN, "1234,5", "1234.5"),
        ("decimal", GERMAN, "-0,00", "-0.00"),
        ("decimal", GERMAN, ",5", "0.5"),
        ("decimal", GERMAN, "5,", "5"),
        ("decimal", FRENCH, "1\u202f234,50", "1234.50"),
        ("decimal", FRENCH, "1\u00a0234\u00a0567", "1234567"),
        ("decimal", PLAIN, "+12.30", "12.30"),
        ("percent", GERMAN, "19,00 %", "19.00"),
        ("percent", PLAIN, "19%", "19"),
        ("ratio", GERMAN, "0,19", "19"),
        ("ratio", PLAIN, "0", "0"),
        ("hundredths", PLAIN, "11900", "119.00"),
        ("trailing_minus decimal", PLAIN, "100.00-", "-100.00"),
        ("decimal negate", PLAIN, "-3", "3"),
        ("decimal absolute", PLAIN, "-3", "3"),
    ],
)
def test_numbers_are_read_as_they_are_written(names: str, locale: Locale, text: str, value: str) -> None:
    assert compose(names.split(), locale, "number")(text) == Decimal(value)


@pytest.mark.parametrize(
    ("names", "locale", "text"),
    [
        ("decimal", GERMAN, "1.5"),  # one and a half, or fifteen?
        ("decimal", GERMAN, "1234.567,8"),
        ("decimal", GERMAN, "12.34,5"),
        ("decimal", PLAIN, "1,5"),
        ("decimal", PLAIN, "1.234.567"),
        ("decimal", PLAIN, "NaN"),
        ("decimal", PLAIN, "1E400"),
        ("decimal", PLAIN, "1_000"),
        ("decimal", PLAIN, "\uff11\uff12"),
        ("decimal", PLAIN, "١٢"),
        ("decimal", PLAIN, "."),
        ("decimal", PLAIN, "9" * 41),
        ("decimal", PLAIN, "12 €"),
        ("decimal", FRENCH, "1 23"),
        ("ratio", PLAIN, "19"),
        ("hundredths", PLAIN, "119.50"),
    ],
)
def test_what_is_no_number_of_this_locale_is_refused(names: str, locale: Locale, text: str) -> None:
    with pytest.raises(MappingError) as caught:
        compose(names.split(), locale, "number")(text)
    assert caught.value.code == "NUMBER"


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("dd.mm.yyyy", "05.01.2026", dt.date(2026, 1, 5)),
        ("d.m.yyyy", "5.1.2026", dt.date(2026, 1, 5)),
        ("yyyymmdd", "20260105", dt.date(2026, 1, 5)),
        ("mm/dd/yy", "01/05/26", dt.date(2026, 1, 5)),
        ("yyyy-mm-dd", "2024-02-29", dt.date(2024, 2, 29)),
    ],
)
def test_dates_are_read_in_the_declared_form(form: str, text: str, day: dt.date) -> None:
    assert compose((), Locale(dates=form), "date")(text) == day


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dd.mm.yyyy", "5.1.2026"),
        ("dd.mm.yyyy", "30.02.2026"),
        ("dd.mm.yyyy", "05.01.2026 "),
        ("yyyy-mm-dd", "20260105"),
        ("yyyy-mm-dd", "2026-W01-1"),
        ("yyyy-mm-dd", "0000-01-01"),
        ("yyyy-mm-dd", "٢٠٢٦-01-05"),
    ],
)
def test_other_dates_are_refused(form: str, text: str) -> None:
    with pytest.raises(MappingError) as caught:
        compose((), Locale(dates=form), "date")(text)
    assert caught.value.code == "DATE"


@pytest.mark.parametrize("form", ["dd.mm", "dd.mm.yyyy.dd", "dd-MMM-yyyy", "yyy-mm-dd", "", "dd.mm.yyyy hh"])
def test_what_is_no_form_of_a_date_is_refused(form: str) -> None:
    with pytest.raises(MappingError, match="not the form of a date"):
        date_pattern(form)


@pytest.mark.parametrize(
    ("names", "text", "value"),
    [
        ("text", "  a  b ", "a  b"),
        ("compact", "DE02 1203 0000", "DE0212030000"),
        ("single_line", "a\r\nb \t c", "a b c"),
        ("strip_apostrophe", "'01067", "01067"),
        ("strip_leading_zeros", "0000004711", "4711"),
        ("strip_leading_zeros", "000", "0"),
        ("upper", "eur", "EUR"),
        ("before_time", "2026-01-20T00:00:00", "2026-01-20"),
        ("before_time", "2026-01-20 10:11", "2026-01-20"),
        ("trailing_minus", "5 -", "-5"),
        ("strip_apostrophe strip_leading_zeros", "'007", "7"),
    ],
)
def test_texts(names: str, text: str, value: str) -> None:
    assert compose(names.split(), PLAIN, "text")(text) == value


def test_a_number_step_may_be_left_out_after_a_text_step() -> None:
    assert compose(["trailing_minus"], GERMAN, "number")("1.000,00-") == Decimal("-1000.00")


@pytest.mark.parametrize(
    ("names", "gives", "message"),
    [
        (["negate"], "number", "takes a number, but is given a text"),
        (["date"], "number", "give a date, but a number is needed"),
        (["decimal"], "text", "give a number, but a text is needed"),
        (["decimal", "upper"], "text", "takes a text, but is given a number"),
        (["desimal"], "number", "did you mean 'decimal'"),
    ],
)
def test_transforms_that_do_not_fit_together_are_refused(names: list[str], gives: str, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        compose(names, PLAIN, gives)  # type: ignore[arg-type]


def test_a_transform_that_nothing_resembles_is_named_without_a_guess() -> None:
    with pytest.raises(MappingError, match=r"there is no transform 'xyzzy'$"):
        find("xyzzy")


def test_every_transform_says_what_it_does() -> None:
    assert {name: step.name for name, step in TRANSFORMS.items()} == {name: name for name in TRANSFORMS}
    assert all(step.meaning.endswith(".") for step in TRANSFORMS.values())


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_what_a_locale_writes_it_reads(number: Decimal) -> None:
    written = f"{number:,.4f}".replace(",", "_").replace(".", ",").replace("_", ".")
    assert compose((), GERMAN, "number")(written) == number


@given(st.text(max_size=30))
def test_no_text_does_anything_but_give_a_number_or_be_refused(text: str) -> None:
    for locale in (GERMAN, FRENCH, PLAIN):
        try:
            value = compose((), locale, "number")(text)
        except MappingError:
            continue
        assert isinstance(value, Decimal)
        assert value.is_finite()


@pytest.mark.parametrize("text", ["1" * 100_000, "1." * 50_000, "1.234" * 20_000, "-" * 100_000, " " * 100_000 + "x"])
def test_no_step_looks_at_a_hostile_text_character_by_character(text: str) -> None:
    def work() -> None:
        for step in made:
            with suppress(MappingError):
                step(text)

    made = [step.make(GERMAN) for step in TRANSFORMS.values() if step.takes == "text"]
    work()
    assert steps(work) < 20 * len(made)


class Pattern:
    """A pattern that fits nothing and remembers how long the texts were that it was asked about."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def fullmatch(self, value: str) -> None:
        self.lengths.append(len(value))


@pytest.mark.parametrize("name", [step.name for step in TRANSFORMS.values() if (step.takes, step.gives) == NUMERIC])
def test_only_a_short_text_is_compared_with_the_pattern_of_a_number(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = Pattern()
    monkeypatch.setattr(transforms, "_number", lambda *_: pattern)
    step = find(name).make(GERMAN)
    for length in (MAX_LENGTH, MAX_LENGTH + 1, 100_000):
        with pytest.raises(MappingError, match="is not a number"):
            step("1" * length)
    assert pattern.lengths == [MAX_LENGTH]


@pytest.mark.parametrize("form", ["dd.mm.yyyy", "d/m/yy", "yyyymmdd", "yyyy-mm-dd"])
def test_nothing_in_the_pattern_of_a_date_repeats_without_end(form: str) -> None:
    written = date_pattern(form).pattern
    assert not {"*", "+"} & set(written)
    assert ",}" not in written
