# SPDX-License-Identifier: Apache-2.0
"""Numbers as the publisher's tests compute them (XPath 2.0: fn:round, xs:decimal, xs:double).

Rounding goes half up, towards positive infinity. Where a test compares or adds untyped texts, XPath computes in
binary floating point; such a test passes or fails on the same amounts only if it is done likewise here.
"""

from __future__ import annotations

import math
from decimal import ROUND_FLOOR, Context, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

ZERO: Final = Decimal(0)
HALF: Final = Decimal("0.5")
HUNDRED: Final = Decimal(100)
EXACT: Final = Context(prec=200)
"""Sums and products of numbers with up to 90 digits are exact in it, as they are in XPath."""


def whole(number: Decimal) -> Decimal:
    """``fn:round``: to a whole number, a half goes up.

    Args:
        number: any number.
    """
    return (number + HALF).to_integral_value(ROUND_FLOOR)


def cents(amount: Decimal) -> Decimal:
    """``round(x * 100) div 100``: to two decimals, a half goes up (also below zero: -0.005 gives 0.00).

    Args:
        amount: an amount in any currency.
    """
    return (amount * HUNDRED + HALF).to_integral_value(ROUND_FLOOR) / HUNDRED


def double_round(number: float) -> float:
    """``fn:round`` on ``xs:double``: what rounds to zero from below is negative zero.

    Args:
        number: any number.
    """
    if not math.isfinite(number):
        return number
    below = math.floor(number)  # the difference to it is exact, which a number and a half is not
    rounded = float(below + (number - below >= 0.5))  # noqa: PLR2004 -- a half
    return -0.0 if rounded == 0 and math.copysign(1, number) < 0 else rounded


def double_cents(amount: float) -> float:
    """``round(x * 10 * 10) div 100`` on ``xs:double``.

    Args:
        amount: an amount in any currency.
    """
    return double_round(amount * 10 * 10) / 100


def double_sum(amounts: Iterable[Decimal]) -> float:
    """``sum()`` over untyped texts: added in the order of the document, as ``xs:double``.

    Args:
        amounts: the amounts.
    """
    total: float | None = None
    for amount in amounts:
        total = float(amount) if total is None else total + float(amount)
    return 0.0 if total is None else total


def same(text: Decimal, number: float) -> bool:
    """Whether an untyped text equals a number: as ``xs:double``, where the reference processor tells -0 from 0.

    Args:
        text: the number that the text says.
        number: what it is compared with.
    """
    stated = float(text)
    return stated == number and (stated != 0 or math.copysign(1, stated) == math.copysign(1, number))


def is_zero(text: Decimal) -> bool:
    """Whether an untyped text equals the whole number 0.

    The reference processor compares a text without decimals as a whole number, so that ``-0`` is zero, and any other
    as :func:`same` does, so that ``-0.0`` is not.

    Args:
        text: the number that the text says.
    """
    return text == 0 and (not text.is_signed() or text.as_tuple().exponent == 0)


def not_below_zero(text: Decimal) -> bool:
    """Whether an untyped text is zero or more, with the same view of -0 as :func:`is_zero`.

    Args:
        text: the number that the text says.
    """
    return text > 0 or is_zero(text)


def added(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of the amounts that are there.

    Args:
        amounts: the amounts; ``None`` for one that is absent.
    """
    return sum((amount for amount in amounts if amount is not None), ZERO)


def money(amount: Decimal | float) -> str:
    """An amount as text: at least two decimals, all that there are.

    Args:
        amount: the amount.
    """
    number = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    if -int(number.as_tuple().exponent) < 2:  # noqa: PLR2004
        number = number.quantize(Decimal("0.01"), context=EXACT)
    return format(number, "f")


def spelled(terms: Iterable[Decimal | None]) -> str:
    """A sum as people write it: ``1500.79 + 284.15 - 20.00``; of many amounts, the first and the last.

    Args:
        terms: the amounts, with their signs.
    """
    parts = [amount for amount in terms if amount is not None]
    shown = [*parts[:4], None, parts[-1]] if len(parts) > 6 else parts  # noqa: PLR2004
    text = ""
    for part in shown:
        sign = "+" if part is None or part >= 0 else "-"
        word = "…" if part is None else money(abs(part))
        text = f"{text} {sign} {word}" if text else word if sign == "+" else f"-{word}"
    return text or "0"


def equation(terms: str, total: Decimal) -> str:
    """A sum and what it makes, ``1500.79 + 284.15 = 1784.94``; nothing for a single amount, which says all there is.

    Args:
        terms: the sum, as :func:`spelled` writes it.
        total: what it makes.
    """
    return "" if terms == money(total) else f"{terms} = {money(total)}"
