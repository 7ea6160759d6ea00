# SPDX-License-Identifier: Apache-2.0
"""The named steps by which the text of a cell becomes a value.

A mapping names steps, one after another (``as = ["trailing_minus", "decimal"]``); it cannot hold expressions, so it
can neither hang nor reach anything but the cell it is given. Numbers become ``Decimal``, never ``float``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal

from msgspec import Struct

from einvoice.errors import MappingError
from einvoice.importers.tree import Exact
from einvoice.importers.wording import nearest, shown

Kind = Literal["text", "number", "date"]
Step = Callable[[Any], Any]

KINDS: Final[dict[type, Kind]] = {str: "text", Decimal: "number", dt.date: "date"}
"""The kind of value that a field of the model needs, by its type."""

MAX_LENGTH: Final = 40
SPACES: Final = "\u0020\u00a0\u202f"
CENTURY: Final = 2000


class Locale(Struct, frozen=True):
    """How an export writes numbers and dates.

    Attributes:
        decimal: the sign between the whole and the fraction.
        thousands: the sign between groups of three digits; empty where the export writes none.
        dates: the form of a date, made of ``dd``, ``d``, ``mm``, ``m``, ``yyyy``, ``yy`` and the signs between them.
    """

    decimal: str = "."
    thousands: str = ""
    dates: str = "yyyy-mm-dd"


class Transform(Struct, frozen=True):
    """A named step.

    Attributes:
        name: what a mapping calls it.
        takes: the kind of value it is given.
        gives: the kind of value it returns.
        meaning: what it does, for the documentation.
        make: builds the step for the locale of an export.
    """

    name: str
    takes: Kind
    gives: Kind
    meaning: str
    make: Callable[[Locale], Step]


TRANSFORMS: Final[dict[str, Transform]] = {}


def named_step(takes: Kind, gives: Kind) -> Callable[[Callable[[Locale], Step]], Callable[[Locale], Step]]:
    """Make a step known by the name of its function, with its docstring as the documentation.

    Args:
        takes: the kind of value it is given.
        gives: the kind of value it returns.
    """

    def register(make: Callable[[Locale], Step]) -> Callable[[Locale], Step]:
        meaning = " ".join((make.__doc__ or "").split())
        TRANSFORMS[make.__name__] = Transform(make.__name__, takes, gives, meaning, make)
        return make

    return register


# ------------------------------------------------------------------------------------------------- text to text


@named_step("text", "text")
def text(_locale: Locale) -> Step:
    """The text as it stands, without white space around it. What a text term gets when `as` is not given."""
    return str.strip


@named_step("text", "text")
def compact(_locale: Locale) -> Step:
    """Without any white space: `DE02 1203 0000` becomes `DE0212030000`."""
    return lambda value: "".join(value.split())


@named_step("text", "text")
def single_line(_locale: Locale) -> Step:
    """Line breaks and runs of white space become one space."""
    return lambda value: " ".join(value.split())


@named_step("text", "text")
def strip_apostrophe(_locale: Locale) -> Step:
    """Without the apostrophe that protects a number from a spreadsheet: `'01067` becomes `01067`."""
    return lambda value: value.removeprefix("'")


@named_step("text", "text")
def strip_leading_zeros(_locale: Locale) -> Step:
    """Without zeros at the beginning: `0000004711` becomes `4711`; a zero alone stays."""
    return lambda value: value.lstrip("0") or value[-1:]


@named_step("text", "text")
def upper(_locale: Locale) -> Step:
    """In capitals: `eur` becomes `EUR`."""
    return str.upper


@named_step("text", "text")
def before_time(_locale: Locale) -> Step:
    """The date in front of a time of day: `2026-01-20 00:00:00` and `2026-01-20T00:00:00` become `2026-01-20`."""
    return lambda value: re.split(r"[ T]", value, maxsplit=1)[0]


@named_step("text", "text")
def trailing_minus(_locale: Locale) -> Step:
    """A minus at the end moves to the front: `100.00-` becomes `-100.00`."""
    return lambda value: f"-{value[:-1].rstrip()}" if value.endswith("-") else value


# --------------------------------------------------------------------------------------------- text to number


@named_step("text", "number")
def decimal(locale: Locale) -> Step:
    """A number, written as `decimal` and `thousands` of the mapping say. What a number gets when `as` is not given."""
    pattern = _number(locale.decimal, locale.thousands)
    drop = SPACES if locale.thousands and locale.thousands in SPACES else locale.thousands
    signs = str.maketrans({locale.decimal: ".", **dict.fromkeys(drop)})

    def step(value: str) -> Decimal:
        if type(value) is Exact and _EXACT.fullmatch(value):
            return Decimal(value)
        if len(value) > MAX_LENGTH or pattern.fullmatch(value) is None:
            raise MappingError(f"{shown(value)} is not a number {_written(locale)}", code="NUMBER")
        return Decimal(value.translate(signs))

    return step


@named_step("text", "number")
def percent(locale: Locale) -> Step:
    """A rate in percent, with or without the sign: `19`, `19,0` and `19 %` become 19."""
    number = decimal(locale)
    return lambda value: number(value if type(value) is Exact else value.removesuffix("%").rstrip(SPACES))


@named_step("text", "number")
def ratio(locale: Locale) -> Step:
    """A rate as a fraction of one: `0,19` becomes 19."""
    number = decimal(locale)

    def step(value: str) -> Decimal:
        rate: Decimal = number(value)
        if abs(rate) > 1:
            raise MappingError(f"{shown(value)} is more than one: is it in percent already?", code="NUMBER")
        return rate * 100

    return step


@named_step("text", "number")
def hundredths(locale: Locale) -> Step:
    """An amount in hundredths of the unit, such as cents: `11900` becomes 119.00."""
    number = decimal(locale)

    def step(value: str) -> Decimal:
        whole: Decimal = number(value)
        if whole != whole.to_integral_value():
            raise MappingError(f"{shown(value)} is not a whole number of hundredths", code="NUMBER")
        return whole.scaleb(-2)

    return step


# ----------------------------------------------------------------------------------------- number to number


@named_step("number", "number")
def negate(_locale: Locale) -> Step:
    """With the other sign: -3 becomes 3."""
    return lambda value: -value if value else value


@named_step("number", "number")
def absolute(_locale: Locale) -> Step:
    """Without its sign: -3 and 3 become 3."""
    return abs


# ----------------------------------------------------------------------------------------------- text to date


@named_step("text", "date")
def date(locale: Locale) -> Step:
    """A date, written as `dates` of the mapping says. What a date gets when `as` is not given."""
    pattern = date_pattern(locale.dates)

    def step(value: str) -> dt.date:
        match = (_ISO if type(value) is Exact else pattern).fullmatch(value)
        if match is None:
            raise MappingError(f"{shown(value)} is not a date written as {locale.dates}", code="DATE")
        parts = {name: int(number) for name, number in match.groupdict().items()}
        year = parts["year"] if "year" in parts else CENTURY + parts["short"]
        try:
            return dt.date(year, parts["month"], parts["day"])
        except ValueError:
            raise MappingError(f"{shown(value)} is not a day of the calendar", code="DATE") from None

    return step


_PARTS: Final = {
    "dd": r"(?P<day>[0-9]{2})",
    "d": r"(?P<day>[0-9]{1,2})",
    "mm": r"(?P<month>[0-9]{2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "yyyy": r"(?P<year>[0-9]{4})",
    "yy": r"(?P<short>[0-9]{2})",
}
_LETTERS: Final = re.compile(r"([a-z]+)", re.IGNORECASE)


@cache
def date_pattern(form: str) -> re.Pattern[str]:
    """Turn the form of a date into the pattern that it is.

    Args:
        form: such as ``dd.mm.yyyy``, ``yyyymmdd`` or ``d/m/yy``. Two digits of a year mean 2000 to 2099.

    Raises:
        MappingError: day, month or year is missing, stands twice, or the form holds anything else.
    """
    words = [word for run in _LETTERS.findall(form) for word in re.findall(r"d+|m+|y+|.", run)]
    if {word[0] for word in words} != set("dmy") or len(words) != len("dmy") or not _PARTS.keys() >= set(words):
        raise MappingError(
            f"{form!r} is not the form of a date: write one each of dd or d, mm or m, yyyy or yy, such as dd.mm.yyyy"
        )
    pieces = re.split(r"(d+|m+|y+)", form)
    return re.compile("".join(_PARTS.get(piece) or re.escape(piece) for piece in pieces))


_EXACT: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,20})?")
_ISO: Final = re.compile("(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")


@cache
def _number(decimal_sign: str, thousands: str) -> re.Pattern[str]:
    point = re.escape(decimal_sign)
    whole = "[0-9]+"
    if thousands:
        sign = f"[{SPACES}]" if thousands in SPACES else re.escape(thousands)
        whole = f"(?:[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+|[0-9]+)"
    return re.compile(f"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)")


def _written(locale: Locale) -> str:
    groups = f" and {locale.thousands!r} between thousands" if locale.thousands else ", without thousands signs"
    return f"written with {locale.decimal!r} before the fraction{groups}"


def compose(names: Sequence[str], locale: Locale, gives: Kind) -> Step:
    """Build one step out of several.

    Args:
        names: the transforms, first to last; none means the usual one for the kind.
        locale: how the export writes numbers and dates.
        gives: the kind of value that is needed in the end.

    Raises:
        MappingError: a name is unknown, or the kinds do not fit together.
    """
    usual = {"text": "text", "number": "decimal", "date": "date"}
    steps = [find(name) for name in names]
    if (steps[-1].gives if steps else "text") == "text" and (gives != "text" or not steps):
        steps.append(TRANSFORMS[usual[gives]])
    given: Kind = "text"
    for step in steps:
        if step.takes != given:
            raise MappingError(f"the transform {step.name!r} takes a {step.takes}, but is given a {given}")
        given = step.gives
    if given != gives:
        raise MappingError(f"the transforms give a {given}, but a {gives} is needed")
    made = [step.make(locale) for step in steps]
    if len(made) == 1:
        return made[0]
    return lambda value: _through(made, value)


def _through(steps: Sequence[Step], value: object) -> object:
    for step in steps:
        before, value = value, step(value)
        if type(before) is Exact and value == before and isinstance(value, str):
            value = before
    return value


def find(name: str) -> Transform:
    """The transform of a name.

    Raises:
        MappingError: there is none; the message names the nearest.
    """
    if name not in TRANSFORMS:
        raise MappingError(f"there is no transform {name!r}{nearest(name, TRANSFORMS)}")
    return TRANSFORMS[name]
