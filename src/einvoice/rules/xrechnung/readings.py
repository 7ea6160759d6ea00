# SPDX-License-Identifier: Apache-2.0
"""What stands in elements, as the publisher's tests take it: XPath 2.0 on documents without a schema.

A text that a test casts and cannot is a dynamic error there. It leaves the rule undetermined here.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_DOWN, Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import UnjudgeableError
from einvoice.rules.rows import WHITE

if TYPE_CHECKING:
    from einvoice.model.parts import Part

EXACT: Final = Context(prec=200)
"""Sums and products of numbers with up to 40 digits are exact in it, as they are in XPath."""
_WHITE: Final = re.compile(rf"[{WHITE}]+")
_DECIMAL: Final = re.compile(rf"[{WHITE}]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))[{WHITE}]*")
_DOUBLE: Final = re.compile(rf"[{WHITE}]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[{WHITE}]*")
_DATE: Final = re.compile(
    rf"[{WHITE}]*(-?[0-9]{{4,}})-([0-9]{{2}})-([0-9]{{2}})(?:(Z)|([+-])([0-9]{{2}}):([0-9]{{2}}))?[{WHITE}]*"
)
_QUOTIENT: Final = Decimal("1e-18")
_MOST_DIGITS: Final = 100
_CYCLE_YEARS: Final = 400
_CYCLE_DAYS: Final = 146_097


def plain(text: str) -> str:
    """A text without white space around it, and with single blanks in it (``normalize-space``).

    Args:
        text: the text.
    """
    return text if text.isalnum() or not _WHITE.search(text) else _WHITE.sub(" ", text).strip(" ")


def says_something(text: str) -> bool:
    """Whether a text is more than white space.

    Args:
        text: the text.
    """
    return bool(text.strip(WHITE))


@lru_cache(maxsize=4096)
def decimal(text: str) -> Decimal:
    """The number that a text says (``xs:decimal``).

    Args:
        text: the text.

    Raises:
        UnjudgeableError: it says none.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None or len(match[1]) > _MOST_DIGITS:
        raise UnjudgeableError(f"{text.strip(WHITE)[:_MOST_DIGITS]!r} is no number")
    return Decimal(match[1])


def double(text: str) -> float:
    """The number that a text says where it is compared with a number (``xs:double``).

    Args:
        text: the text.

    Raises:
        UnjudgeableError: it says none.
    """
    match = _DOUBLE.fullmatch(text)
    if match is None:
        raise UnjudgeableError(f"{text.strip(WHITE)[:_MOST_DIGITS]!r} is no number")
    return float(match[1])


def number(part: Part, path: str) -> Decimal | None:
    """The number that stands at a path; ``None`` where nothing stands.

    Args:
        part: the element that the path begins in.
        path: the path.

    Raises:
        UnjudgeableError: it is no number, or there are several.
    """
    texts = part.texts(path)
    if not texts:
        return None
    return decimal(texts[0] if len(texts) == 1 else part.one(path))


def divided(dividend: Decimal, divisor: Decimal) -> Decimal:
    """``div`` of two decimals: 18 digits behind the point, as the reference processor has it.

    Args:
        dividend: any number.
        divisor: another number than zero.
    """
    if divisor == 1:
        return dividend
    return EXACT.divide(dividend, divisor).quantize(_QUOTIENT, ROUND_HALF_DOWN, EXACT)


def day(text: str) -> int:
    """The minutes from the first day of all to the start of a day (``xs:date``); without a time zone, in UTC.

    Args:
        text: the day as ``YYYY-MM-DD``, perhaps with a time zone.

    Raises:
        UnjudgeableError: it is no day.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise UnjudgeableError(f"{text.strip(WHITE)[:_MOST_DIGITS]!r} is no date")
    year, offset = int(match[1]), int(match[6] or 0) * 60 + int(match[7] or 0)
    try:
        days = date(2000 + year % _CYCLE_YEARS, int(match[2]), int(match[3])).toordinal()
    except ValueError:
        raise UnjudgeableError(f"{text.strip(WHITE)!r} is no date") from None
    minutes = (days + year // _CYCLE_YEARS * _CYCLE_DAYS) * 24 * 60
    return minutes + offset if match[5] == "-" else minutes - offset


def within(stated: Decimal, computed: Decimal, slack: Decimal) -> bool:
    """Whether a number is another, give or take.

    Args:
        stated: the number.
        computed: what it should be.
        slack: how far it may be from it, on either side.
    """
    return EXACT.add(stated, slack) >= computed >= EXACT.subtract(stated, slack)
