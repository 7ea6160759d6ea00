# SPDX-License-Identifier: Apache-2.0
"""What a text of ``xs:decimal`` says (XML Schema Part 2, 3.2.3): a number, and whether its zero has a sign."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_SHORT: Final = 10
"""Zeros that the reference processor reads as a whole number."""


def decimal_of(text: str) -> Decimal:
    """The number that a text says.

    XPath compares a text that is no longer than a few digits, and has no point, as a whole number, which has no -0, and
    any other as a binary one, which tells it from 0. So ``-0.`` and a minus before many zeros have a decimal here,
    and ``-0`` has none: the number keeps which of them the text is.

    Args:
        text: digits with a point or without, perhaps a sign before them; no white space.
    """
    number = Decimal(text)
    if not number and number.is_signed() and ("." in text or len(text) > _SHORT + len("-")):
        return Decimal("-0.0") if number.as_tuple().exponent == 0 else number
    return number
