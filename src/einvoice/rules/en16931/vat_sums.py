# SPDX-License-Identifier: Apache-2.0
"""What the VAT categories of an invoice come to, each with all its rates and at each of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from einvoice.rules.arithmetic import ZERO, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.rules.en16931.vat_places import Use

Sums = dict[str | tuple[str, Decimal], Decimal]


class Amounts(NamedTuple):
    """What is taxed in one category: lines and charges, less allowances."""

    lines: Decimal
    charges: Decimal
    allowances: Decimal

    @property
    def spelled(self) -> str:
        """The sum as people write it."""
        parts = [
            self.lines,
            *([self.charges] if self.charges else []),
            *([-self.allowances] if self.allowances else []),
        ]
        return spelled(parts)


def sums(uses: list[Use]) -> Sums:
    """What each category comes to.

    Args:
        uses: the places that state one.
    """
    found: Sums = {}
    for use in uses:
        if use.code is not None and (amount := use.amount) is not None:
            found[use.code] = found.get(use.code, ZERO) + amount
    return found


def sums_by_rate(uses: list[Use]) -> Sums:
    """What each category comes to at each of its rates.

    Args:
        uses: the places that state one.
    """
    found: Sums = {}
    for use in uses:
        if use.code is not None and (rate := use.rate) is not None:
            key = (use.code, rate)
            found[key] = found.get(key, ZERO) + (use.amount or ZERO)
    return found


def sums_of_several(uses: list[Use]) -> Sums:
    """As :func:`sums`, where something states several categories: its amount counts once in each of them.

    Args:
        uses: the places that state one.
    """
    found: Sums = {}
    for same in _by_path(uses):
        amount = same[0].amount
        for code in {use.code for use in same if use.code is not None and amount is not None}:
            found[code] = found.get(code, ZERO) + (amount or ZERO)
    return found


def sums_of_several_by_rate(uses: list[Use]) -> Sums:
    """As :func:`sums_by_rate`, where something states several: the tests take every category with every rate.

    Args:
        uses: the places that state one.
    """
    found: Sums = {}
    for same in _by_path(uses):
        codes, rates = {use.code for use in same} - {None}, {use.rate for use in same} - {None}
        for key in ((code, rate) for code in codes for rate in rates if code is not None and rate is not None):
            found[key] = found.get(key, ZERO) + (same[0].amount or ZERO)
    return found


def _by_path(uses: list[Use]) -> Iterable[list[Use]]:
    found: dict[str, list[Use]] = {}
    for use in uses:
        found.setdefault(use.path, []).append(use)
    return found.values()
