# SPDX-License-Identifier: Apache-2.0
"""BR-FR-MV-05, -09 and -10: the amounts of groups of lines, by two ways to compare them."""

from __future__ import annotations

import operator
from decimal import Decimal
from functools import partial, reduce
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.br_fr.group_lines import DETAIL, GROUP, INFORMATION
from einvoice.rules.br_fr.groups import of_heads, one_of
from einvoice.rules.br_fr.texts import says
from einvoice.rules.element_rules import NO_FAULTS
from einvoice.rules.xpath import decimal, double, number, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model.parts import Part
    from einvoice.rules.br_fr.group_lines import Layout, Line
    from einvoice.rules.element_rules import ElementRule, Faults

CENT: Final = Decimal("0.01")
_READABLE: Final = 12
"""So many amounts of a sum are shown."""


class Arithmetic(Struct, frozen=True):
    """How amounts of groups are compared: binary, with NaN for what is no number, or exactly.

    Attributes:
        exact: whether what is no number cannot be computed, and what is missing equals nothing.
        counted: the kinds of lines that MV-10 grants a cent for.
    """

    exact: bool
    counted: frozenset[str]

    def within(self, amounts: list[list[str]], other: list[str] | None, cents: int) -> bool:
        """Whether the first of some amounts, less the others, is nothing but so many cents.

        Args:
            amounts: what stands where one amount may.
            other: a sum that is subtracted too; its parts are binary, where there are any.
            cents: how many cents are granted.
        """
        granted = CENT * cents
        if not self.exact:
            first, *rest = [number(one[0]) if one else number("") for one in amounts]
            left = reduce(operator.sub, rest, first)
            return abs(left - sum(map(double, other or []))) <= float(granted)
        if not all(amounts):
            return False
        head, *tail = [decimal(one[0]) for one in amounts]
        exact = head - sum(tail)
        if other:
            return abs(float(exact) - sum(map(double, other))) <= float(granted)
        return abs(exact) <= granted


BINARY: Final = Arithmetic(exact=False, counted=frozenset([DETAIL]))
EXACT: Final = Arithmetic(exact=True, counted=frozenset([DETAIL, GROUP]))


def _single(found: list[str]) -> list[str]:
    """What stands where one amount may."""
    return [] if not found else [one_of(found)]


def sum_of_lines(arithmetic: Arithmetic, layout: Layout, line: Line) -> Faults:
    """MV-05: the net amount of a group is that of its lines."""
    name = trimmed(line.part.one(layout.line))
    index = layout.within(layout.around(line.part))

    def find() -> list[str]:
        below = index.below.get(name, ())
        added = dict.fromkeys(one for one, states in below if any(state != INFORMATION for state in states))
        return [text for one in added for text in one.part.texts(layout.net)]

    amounts = index.keep(("net", name), find)
    net = _single(line.part.texts(layout.net))
    if arithmetic.within([net], amounts, len(amounts)):
        return NO_FAULTS
    return [Fault(layout.net, expected=_sum(amounts), why=_shown(amounts))]


def _reasons(top: Part) -> dict[Part, list[tuple[str, list[str]]]]:  # noqa: ARG001 -- a fact is asked of a document
    """The breakdowns of a document that were read: their reasons and amounts, by what they stand in."""
    return {}


def _breakdowns(layout: Layout, holder: Part) -> list[tuple[str, list[str]]]:
    """Reason and amounts of each VAT breakdown."""
    known = holder.recall(_reasons)
    if holder not in known:
        kind, reason, amount = layout.tax
        known[holder] = [
            (one.one(reason), one.texts(amount)) for one in holder.parts(layout.breakdowns) if "VAT" in one.texts(kind)
        ]
    return known[holder]


def sum_of_taxes(arithmetic: Arithmetic, layout: Layout, line: Line) -> Faults:
    """MV-09: the VAT of a group is that of its breakdowns."""
    holder = layout.around(line.part)
    sign = f"#{line.number()}#"
    amounts = [text for reason, some in _breakdowns(layout, holder) if reason.startswith(sign) for text in some]
    found = [one.text for one in layout.taxes(line.part, layout.currencies(line))]
    if arithmetic.within([_single(found)], amounts, 1):
        return NO_FAULTS
    at = layout.vat if found else "."
    return [Fault(at, found=found[0] if found else None, expected=_sum(amounts), why=_shown(amounts))]


def total_of_group(arithmetic: Arithmetic, layout: Layout, line: Line) -> Faults:
    """MV-10: the total of a group is its net amount and its VAT."""
    if not line.part.has(layout.gross):
        return NO_FAULTS
    holder = layout.around(line.part)
    gross, net = line.part.one(layout.gross), _single(line.part.texts(layout.net))
    vat = _single([one.text for one in layout.taxes(line.part, layout.currencies(line))])
    below = layout.within(holder).below
    names = dict.fromkeys(line.part.texts(layout.line))
    count = sum(not arithmetic.counted.isdisjoint(states) for name in names for _, states in below.get(name, ()))
    if says(gross) and arithmetic.within([[gross], net, vat], None, count):
        return NO_FAULTS
    return [Fault(layout.gross, expected=_sum([*net, *vat]), why=_shown([*net, *vat]))]


def _shown(amounts: list[str]) -> str:
    """The sum as it is written, where it is short enough to be read."""
    return " + ".join(amounts) if len(amounts) <= _READABLE else ""


def _sum(amounts: list[str]) -> str | None:
    """A sum as it should be stated, where it can be computed."""
    try:
        return str(sum(map(decimal, amounts), Decimal("0.00")))
    except UnjudgeableError:
        return None


def sums(layout: Layout, arithmetic: Arithmetic) -> Iterator[ElementRule]:
    """MV-05, MV-09 and MV-10, by how amounts are compared.

    Args:
        layout: the syntax.
        arithmetic: how amounts are compared.
    """
    yield of_heads("BR-FR-MV-05_EXT-FR-FE-BG-12", layout, partial(sum_of_lines, arithmetic), _SUM)
    yield of_heads("BR-FR-MV-09_EXT-FR-FE-181", layout, partial(sum_of_taxes, arithmetic), _TAX)
    yield of_heads("BR-FR-MV-10_EXT-FR-FE-184", layout, partial(total_of_group, arithmetic), _TOTAL)


_SUM: Final = "The net amount of a group of lines (BT-131) is the sum of its lines', to a cent for each of them."
_TAX: Final = (
    "The VAT of a group of lines (EXT-FR-FE-181) is that of the breakdowns whose reason (BT-120) has its number."
)
_TOTAL: Final = (
    "The total of a group of lines (EXT-FR-FE-184) is its net amount and its VAT, to a cent for each of its lines."
)
