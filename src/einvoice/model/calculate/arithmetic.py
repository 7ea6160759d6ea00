# SPDX-License-Identifier: Apache-2.0
"""Exact decimals: one context, one rounding, and which values can be computed with."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Final, cast

# Values have at most 40 digits on either side of the point. With 250 digits every sum and product of them that is
# formed here is exact, and a quotient is so close that rounding it cannot go the wrong way.
EXACT: Final = Context(prec=250, rounding=ROUND_HALF_UP)
MOST_DIGITS: Final = 40
HUNDRED: Final = Decimal(100)
ZERO: Final = Decimal(0)


def usable(value: Decimal | None) -> Decimal | None:
    """The value if one can compute with it; ``None`` if it is missing, not a number, or has more than 40 digits."""
    if value is None:
        return None
    text = str(value)  # an amount as people write it is known by its text in half the time
    if len(text) <= MOST_DIGITS and "E" not in text and "N" not in text and "I" not in text:
        return value
    if not value.is_finite() or value.adjusted() >= MOST_DIGITS:
        return None
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -MOST_DIGITS else None


def usable_all(values: Iterable[Decimal | None]) -> tuple[Decimal, ...] | None:
    """All the values if one can compute with each of them, else ``None``."""
    found = []
    for value in values:
        if usable(value) is None:
            return None
        found.append(cast("Decimal", value))
    return tuple(found)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """The value to so many decimals, a half away from zero, so that a credit mirrors an invoice; never ``-0``."""
    result = value.quantize(_quantum(decimals), context=EXACT)
    return result.copy_abs() if result.is_zero() else result


@cache
def _quantum(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals, EXACT)


def add(values: Iterable[Decimal]) -> Decimal:
    """The sum, exact."""
    result = ZERO
    for value in values:
        result = EXACT.add(result, value)
    return result


def decimals_of(value: Decimal) -> int:
    """How many decimals a finite value is written with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(value: Decimal | str) -> str:
    """The value as people write it: no exponent; a quotient that does not end is cut after its first decimals."""
    if isinstance(value, str):
        return value
    if not value.is_finite() or abs(value.adjusted()) > EXACT.prec:
        return str(value)
    text = format(value, "f")
    whole, point, fraction = text.partition(".")
    return f"{whole}.{fraction[:8]}..." if point and len(fraction) > MOST_DIGITS else text
