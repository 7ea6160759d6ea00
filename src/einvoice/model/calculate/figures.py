# SPDX-License-Identifier: Apache-2.0
"""What a calculation says about itself: figures with their formula, and differences from what is stated."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from msgspec import Struct

from einvoice.model.calculate.arithmetic import EXACT, add, decimals_of, plain, rounded, usable_all
from einvoice.model.invoice import Invoice

SHOWN_VALUES: Final = 8
EN_DECIMALS: Final = 2  # EN 16931-1, BR-DEC-*: the most an amount may have


class Operand(Struct, frozen=True):
    """What a formula was given under one of its names.

    Attributes:
        name: the name in the formula, such as ``BT-109`` or ``sum of BT-131``.
        values: the value, or the values of a sum in the order of the invoice.
    """

    name: str
    values: tuple[Decimal | str, ...]


class Figure(Struct, frozen=True):
    """A value that the invoice did not state and that was computed, or copied from where it stands.

    Attributes:
        term: the business term, such as ``BT-112``; its model path where the publisher gives no number.
        path: where it stands now, such as ``lines[0].net_amount``, counted from 0.
        value: the value; text where a code or a reason was copied.
        formula: how it comes about, in terms, such as ``BT-109 + BT-110``.
        operands: what the names in the formula stood for.
        rounding: what was rounded and how; empty if nothing was.
    """

    term: str
    path: str
    value: Decimal | str
    formula: str
    operands: tuple[Operand, ...] = ()
    rounding: str = ""

    @property
    def arithmetic(self) -> str:
        """The formula, in terms and then in numbers: ``BT-109 + BT-110 = 1500.79 + 284.15 = 1784.94``."""
        steps = [self.formula]
        if not (self._is_one_value() and self.operands[0].values[0] == self.value):
            steps.append(self._numbers())
        steps.append(plain(self.value))
        shown = [step for step, before in zip(steps, ["", *steps], strict=False) if step != before]
        return " = ".join(shown) + (f" ({self.rounding})" if self.rounding else "")

    @property
    def sentence(self) -> str:
        """The figure explained: ``BT-112 = BT-109 + BT-110 = 1500.79 + 284.15 = 1784.94``."""
        return f"{self.term} = {self.arithmetic}"

    def _is_one_value(self) -> bool:
        return len(self.operands) == 1 and self.operands[0].name == self.formula and len(self.operands[0].values) == 1

    def _numbers(self) -> str:
        if not self.operands:
            return self.formula
        texts = {operand.name: _shown(operand, alone=operand.name == self.formula) for operand in self.operands}
        names = "|".join(re.escape(name) for name in sorted(texts, key=len, reverse=True))
        return re.sub(names, lambda found: texts[found.group()], self.formula)


def _shown(operand: Operand, *, alone: bool) -> str:
    values = [f"({plain(value)})" if plain(value).startswith("-") else plain(value) for value in operand.values]
    if len(values) > SHOWN_VALUES:
        values = [*values[:2], "...", values[-1]]
        return f"({' + '.join(values)}, {len(operand.values)} values)"
    text = " + ".join(values)
    return text if alone or len(values) == 1 else f"({text})"


class Difference(Struct, frozen=True):
    """Where the invoice states something else than its own figures give, or where a figure is out of reach.

    Attributes:
        term: the business term, such as ``BT-112``, or the group whose entry is missing.
        path: where it stands, or would stand, in the model.
        stated: the value as stated, which was left alone; ``None`` if there is none.
        computed: what the formula gives; ``None`` if it cannot be computed.
        explanation: one sentence, with the arithmetic or with what is missing.
    """

    term: str
    path: str
    stated: Decimal | None
    computed: Decimal | None
    explanation: str


class Calculation(Struct, frozen=True):
    """What came out of a calculation.

    Attributes:
        invoice: the invoice with what was missing filled in.
        figures: every value that was filled in, each with its formula.
        differences: what does not fit, and what could not be computed.
    """

    invoice: Invoice
    figures: tuple[Figure, ...]
    differences: tuple[Difference, ...]


class Result(Struct, frozen=True):
    """An amount as it comes out of a formula, before it is decided whether it is needed.

    Attributes:
        value: the amount.
        formula: as in ``Figure``.
        operands: as in ``Figure``.
        rounding: as in ``Figure``.
    """

    value: Decimal
    formula: str
    operands: tuple[Operand, ...] = ()
    rounding: str = ""


class Ledger:
    """Collects figures and differences while a calculation runs."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.differences: list[Difference] = []

    def settle(self, term: str, path: str, stated: Decimal | None, result: Result) -> Decimal:
        """Enter a computed amount, and return the one that holds: the stated one if there is one.

        Args:
            term: the business term.
            path: where it stands in the model.
            stated: the amount as the invoice states it.
            result: the amount as the formula gives it.
        """
        if stated is not None and not stated.is_nan() and stated == result.value:
            return stated
        figure = Figure(term, path, result.value, result.formula, result.operands, result.rounding)
        if stated is None:
            self.figures.append(figure)
            return result.value
        if stated.is_nan() or stated != result.value:
            why = f"{term} is stated as {plain(stated)}, but {figure.arithmetic}."
            self.differences.append(Difference(term, path, stated, result.value, why))
        return stated

    def enter(self, figure: Figure) -> None:
        """Enter a figure that nothing stated stands against."""
        self.figures.append(figure)

    def copy(self, term: str, path: str, value: Decimal | str, source: str) -> None:
        """Enter a value that was taken over from another term."""
        self.figures.append(Figure(term, path, value, source, (Operand(source, (value,)),)))

    def gap(self, term: str, path: str, why: str) -> None:
        """Say that a figure is out of reach, and what is missing."""
        self.differences.append(Difference(term, path, None, None, why))


def rounding(exact: Decimal, decimals: int, formula: str, operands: tuple[Operand, ...]) -> Result:
    """A result rounded half up, which says so where it makes a difference."""
    value = rounded(exact, decimals)
    note = "" if value == exact else f"{plain(exact)} rounded half up to {decimals} decimals"
    return Result(value, formula, operands, note)


def total(name: str, values: tuple[Decimal, ...], decimals: int) -> Result:
    """A sum of amounts.

    Sums are exact; they are cut only where an amount has more decimals than both its currency and EN 16931 allow.

    Args:
        name: what it is the sum of, such as ``sum of BT-131``.
        values: the amounts.
        decimals: how many decimals an amount in their currency has.
    """
    result = rounding(add(values), kept(values, decimals), name, (Operand(name, values),))
    return result if values else Result(result.value, name, (), "there is none")


def linear(decimals: int, first: tuple[str, Decimal | None], *rest: tuple[str, str, Decimal | None]) -> Result | None:
    """A formula of totals that are added and subtracted, such as ``BT-109 + BT-110``; absent ones are left out.

    Args:
        decimals: how many decimals an amount in their currency has.
        first: the term that has to be there, and its value.
        rest: sign, term and value of those that may be absent.

    Returns:
        ``None`` if the first one is absent or one of the values cannot be computed with.
    """
    given = [("+", *first), *(part for part in rest if part[2] is not None)]
    values = usable_all(value for _, _, value in given)
    if values is None:
        return None
    formula = first[0] + "".join(f" {sign} {term}" for sign, term, _ in given[1:])
    signed = tuple(EXACT.minus(value) if part[0] == "-" else value for part, value in zip(given, values, strict=True))
    operands = tuple(Operand(part[1], (value,)) for part, value in zip(given, values, strict=True))
    return rounding(add(signed), kept(values, decimals), formula, operands)


def kept(values: tuple[Decimal, ...], decimals: int) -> int:
    """To how many decimals a sum is kept: those of the currency, or the two of EN 16931 if an amount has them."""
    if decimals >= EN_DECIMALS:
        return decimals
    written = max((decimals_of(value) for value in values), default=0)
    return max(decimals, min(EN_DECIMALS, written))
