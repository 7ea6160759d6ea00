# SPDX-License-Identifier: Apache-2.0
"""What XPath 2 makes of texts, as the published tests use it (XQuery and XPath Functions and Operators).

Where XPath refuses a text, the function raises :class:`~einvoice.model.parts.UnjudgeableError`: the test cannot be
computed, and its rule is undetermined there.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_DOWN, Context, Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from einvoice.model.decimals import decimal_of
from einvoice.model.parts import UnjudgeableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WHITE: Final = " \t\r\n"
"""White space as XML knows it."""
EXACT: Final = Context(prec=400)
"""Sums, differences and products of numbers of any length an invoice has are exact in it."""
_RUN: Final = re.compile(rf"[{WHITE}]+")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_DATE: Final = re.compile(r"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-([0-9]{2})-([0-9]{2})(?:Z|([+-])([0-9]{2}):([0-5][0-9]))?")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SHORT: Final = 40
"""Characters of a number that is kept once it was read."""
_LONGEST: Final = 190
"""Digits and a point of a number that is computed with."""
_FRACTION: Final = 18
"""Decimals that the reference processor keeps of a quotient, at least."""


def trimmed(text: str) -> str:
    """``normalize-space``: no white space around a text, and single blanks in it.

    Args:
        text: the text.
    """
    return text if text.isalnum() or not _RUN.search(text) else _RUN.sub(" ", text).strip(" ")


def decimal(text: str) -> Decimal:
    """``xs:decimal``: a text as a number.

    A document states the same amounts and rates several times, and several rules read each of them.

    Args:
        text: the text; white space around it does not count.

    Raises:
        UnjudgeableError: it is no decimal number, or has so many digits that a product of two would not be exact.
    """
    return _kept(text) if len(text) <= _SHORT else _decimal(text)


def _decimal(text: str) -> Decimal:
    plain = text.strip(WHITE)
    if not _DECIMAL.fullmatch(plain):
        raise UnjudgeableError(f"{text!r} is no number")
    if len(plain.lstrip("+-0")) > _LONGEST:
        raise UnjudgeableError(f"{text!r} has digits that cannot be computed with")
    return decimal_of(plain)


_kept: Final = lru_cache(maxsize=4096)(_decimal)


def is_integer(text: str) -> bool:
    """``castable as xs:integer``: whether a text is a whole number.

    Args:
        text: the text; white space around it does not count.
    """
    return _INTEGER.fullmatch(text.strip(WHITE)) is not None


def number(text: str) -> float:
    """``number()``: a text as a binary floating point number; what is none becomes NaN.

    Args:
        text: the text; white space around it does not count.
    """
    plain = text.strip(WHITE)
    return float(plain) if _DOUBLE.fullmatch(plain) else math.nan


def double(text: str) -> float:
    """``xs:double``: a text as a binary floating point number.

    Args:
        text: the text; white space around it does not count.

    Raises:
        UnjudgeableError: it is none.
    """
    return _kept_double(text) if len(text) <= _SHORT else _double(text)


def _double(text: str) -> float:
    plain = text.strip(WHITE)
    if not _DOUBLE.fullmatch(plain):
        raise UnjudgeableError(f"{text!r} is no number")
    return float(plain)


_kept_double: Final = lru_cache(maxsize=4096)(_double)


def is_number(text: str) -> bool:
    """``string(number(text)) != 'NaN'``: whether a text is a number, in any notation that XPath knows.

    Args:
        text: the text; white space around it does not count.
    """
    return not math.isnan(number(text))


def divided(dividend: Decimal, divisor: Decimal) -> Decimal:
    """``div`` on decimals, to as many places as the reference processor keeps.

    Args:
        dividend: what is divided.
        divisor: by what; not zero.
    """
    places = max(_FRACTION, *(-int(one.as_tuple().exponent) for one in (dividend, divisor)))
    quotient = EXACT.divide(dividend, divisor)
    return quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_DOWN, context=EXACT)


@lru_cache(maxsize=1024)
def moment(text: str) -> tuple[int, int]:
    """``xs:date``: when a day begins, in an order that compares; a day without a zone is one of UTC.

    Args:
        text: the date; white space around it does not count.

    Returns:
        The day, and the minute in it; only their order means anything.

    Raises:
        UnjudgeableError: it is no date.
    """
    match = _DATE.fullmatch(text.strip(WHITE))
    if match is None or not _exists(int(match[1]), int(match[2]), int(match[3])):
        raise UnjudgeableError(f"{text!r} is no date")
    offset = 0 if match[4] is None else int(f"{match[4]}1") * (int(match[5]) * 60 + int(match[6]))
    return divmod(_day(int(match[1]), int(match[2]), int(match[3])) * 1440 - offset, 1440)


def _exists(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= len(_DAYS) or not 1 <= day <= _DAYS[month - 1]:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (month, day) != (2, 29)


def _day(year: int, month: int, day: int) -> int:
    """The number of a day in the Gregorian calendar, also before it was in use."""
    year -= month <= 2  # noqa: PLR2004 -- the year is made to begin in March, so that the leap day is its last
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day


def is_date(text: str) -> bool:
    """``castable as xs:date``: whether a text is a day that exists.

    Args:
        text: the text; white space around it does not count.
    """
    try:
        moment(text)
    except UnjudgeableError:
        return False
    return True


def some(tests: Iterable[Callable[[], bool]]) -> bool:
    """``or``, and comparisons of several with one: true if one is, whatever the others cannot say.

    Args:
        tests: what is asked.

    Raises:
        UnjudgeableError: none is true, and one cannot be computed.
    """
    doubt: UnjudgeableError | None = None
    for test in tests:
        try:
            if test():
                return True
        except UnjudgeableError as error:
            doubt = doubt or error
    if doubt is not None:
        raise doubt
    return False


def every(*tests: Callable[[], bool]) -> bool:
    """``and``: false if one is, whatever the others cannot say; XPath leaves open which it looks at first.

    Args:
        tests: what is asked.

    Raises:
        UnjudgeableError: none is false, and one cannot be computed.
    """
    return not some(partial(_fails, test) for test in tests)


def _fails(test: Callable[[], bool]) -> bool:
    return not test()
