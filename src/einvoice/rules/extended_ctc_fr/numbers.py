# SPDX-License-Identifier: Apache-2.0
"""What the tests of UBL compute with: decimal numbers, which become binary ones as soon as one of them is.

A sum of untyped texts is a binary number (``xs:double``); a sum of nothing is the whole number 0, and so a decimal one.
``None`` is what XPath calls an empty sequence: nothing is computed from it, and no comparison with it holds.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import UnjudgeableError
from einvoice.rules.arithmetic import ZERO, cents, double_round, money
from einvoice.rules.xpath import EXACT, WHITE, decimal, double

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from einvoice.model.parts import Part

Number = Decimal | float
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}
CENT: Final = Decimal("0.01")


def summed(texts: Sequence[str]) -> Number:
    """``round(sum(...) * 100) div 100`` of untyped texts: rounded to cents, a half goes up.

    Args:
        texts: the amounts, in the order of the document.

    Raises:
        UnjudgeableError: one of them is no number.
    """
    if not texts:
        return ZERO
    total = double(texts[0])
    for text in texts[1:]:
        total += double(text)
    return double_round(total * 100) / 100


def exactly(number: Number) -> Decimal:
    """``xs:decimal``: the exact value of a binary number.

    Args:
        number: the number.

    Raises:
        UnjudgeableError: it is not finite.
    """
    exact = Decimal(number)
    if not exact.is_finite():
        raise UnjudgeableError(f"{number} is no decimal number")
    return exact


def difference(stated: Decimal | None, *amounts: Number) -> Number | None:
    """``abs($stated - $a - $b ...)``; ``None`` if nothing is stated.

    Args:
        stated: the amount that is stated.
        amounts: what is taken from it, one after the other.
    """
    if stated is None:
        return None
    left: Number = stated
    for amount in amounts:
        exact = isinstance(left, Decimal) and isinstance(amount, Decimal)
        left = EXACT.subtract(Decimal(left), Decimal(amount)) if exact else float(left) - float(amount)
    return left.copy_abs() if isinstance(left, Decimal) else abs(left)


def rounded(number: Number | None) -> Number | None:
    """``round(x * 100) div 100``.

    Args:
        number: the number; ``None`` for none.
    """
    if number is None:
        return None
    if isinstance(number, float):
        return double_round(number * 100) / 100
    with localcontext(EXACT):
        return cents(number)


def near(off: Number | None, count: int) -> bool:
    """Whether a difference is at most one cent for each amount; not if there is none.

    Args:
        off: the difference.
        count: how many amounts there are.
    """
    if off is None:
        return False
    limit = CENT * count
    return off <= float(limit) if isinstance(off, float) else off <= limit


def shown(number: Number) -> str:
    """An amount as people write it, without what a binary number adds.

    Args:
        number: the amount.
    """
    value = float(number)
    return money(Decimal(repr(value))) if math.isfinite(value) else str(value)


def truths(texts: Iterable[str]) -> frozenset[bool]:
    """What texts say as truth values.

    Args:
        texts: the texts.

    Raises:
        UnjudgeableError: one of them is none.
    """
    found = set()
    for text in texts:
        truth = _TRUTH.get(text.strip(WHITE))
        if truth is None:
            raise UnjudgeableError(f"{text!r} is neither true nor false")
        found.add(truth)
    return frozenset(found)


def only(part: Part, path: str) -> Decimal | None:
    """``xs:decimal`` of what stands at a path; ``None`` if nothing does.

    Args:
        part: where the path begins.
        path: the path.

    Raises:
        UnjudgeableError: there are several, or it is no number.
    """
    texts = part.texts(path)
    if len(texts) > 1:
        raise UnjudgeableError(f"there are {len(texts)} of {path}, and one can be compared")
    return decimal(texts[0]) if texts else None
