# SPDX-License-Identifier: Apache-2.0
"""BR-FR-MV-05, -09 and -10: the amounts of groups of lines, by two ways to compare them."""

from __future__ import annotations

import operator
from decimal import Decimal
from functools import partial, reduce
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.br_fr.groups import DETAIL, GROUP, INFORMATION, of_heads, one_of
from einvoice.rules.br_fr.texts import says
from einvoice.rules.element_rules import NO_FAULTS
from einvoice.rules.xpath import decimal, double, number, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model.parts import Part
    from einvoice.rules.br_fr.groups import Layout, Link
    from einvoice.rules.element_rules import ElementRule, Faults

CENT: Final = Decimal("0.01")


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


def sum_of_lines(arithmetic: Arithmetic, layout: Layout, line: Part) -> Faults:
    """MV-05: the net amount of a group is that of its lines."""
    name = trimmed(line.one(layout.line))
    below = [one for one in layout.all(layout.around(line)) if _counts(layout.links(one), name)]
    amounts = [text for one in below for text in one.texts(layout.net)]
    net = _single(line.texts(layout.net))
    if arithmetic.within([net], amounts, len(amounts)):
        return NO_FAULTS
    return [Fault(layout.net, expected=_sum(amounts), why=" + ".join(amounts))]


def _counts(links: list[Link], name: str) -> bool:
    """Whether a line is below one of that number, and does not only inform."""
    return any(name in parents and any(one != INFORMATION for one in states) for states, parents in links)


def sum_of_taxes(arithmetic: Arithmetic, layout: Layout, line: Part) -> Faults:
    """MV-09: the VAT of a group is that of its breakdowns."""
    above = layout.around(line)
    sign = f"#{layout.number(line)}#"
    kind, reason, amount = layout.tax
    own = [
        one for one in above.parts(layout.breakdowns) if "VAT" in one.texts(kind) and one.one(reason).startswith(sign)
    ]
    amounts = [text for one in own for text in one.texts(amount)]
    found = [one.text for one in layout.taxes(line, above.texts(layout.currency))]
    if arithmetic.within([_single(found)], amounts, 1):
        return NO_FAULTS
    return [Fault(layout.vat, found=found[0] if found else None, expected=_sum(amounts), why=" + ".join(amounts))]


def total_of_group(arithmetic: Arithmetic, layout: Layout, line: Part) -> Faults:
    """MV-10: the total of a group is its net amount and its VAT."""
    if not line.has(layout.gross):
        return NO_FAULTS
    above = layout.around(line)
    names = frozenset(line.texts(layout.line))
    gross, net = line.one(layout.gross), _single(line.texts(layout.net))
    vat = _single([one.text for one in layout.taxes(line, above.texts(layout.currency))])
    below = sum(_is_counted(arithmetic, link, names) for one in layout.all(above) for link in layout.links(one))
    if says(gross) and arithmetic.within([[gross], net, vat], None, below):
        return NO_FAULTS
    return [Fault(layout.gross, expected=_sum([*net, *vat]), why=" + ".join([*net, *vat]))]


def _is_counted(arithmetic: Arithmetic, link: Link, names: frozenset[str]) -> bool:
    states, parents = link
    return not arithmetic.counted.isdisjoint(states) and not names.isdisjoint(parents)


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
