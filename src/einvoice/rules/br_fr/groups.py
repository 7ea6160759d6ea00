# SPDX-License-Identifier: Apache-2.0
"""BR-FR-MV and BR-FR-BD: groups of lines, each of which is an invoice of its own within the invoice.

They are asked of invoices whose framework (BT-23) is of several sellers (B8, S8, M8) or goes both ways (B9, S9, M9). A
line says what it is (GROUP, DETAIL or INFORMATION) and which line is above it; a group without one is a head. Both
syntaxes are asked the same of lines that they write otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.br_fr.group_lines import DETAIL, Layout, Line
from einvoice.rules.br_fr.texts import says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, asked
from einvoice.rules.xpath import trimmed

_BOTH: Final = 2

Check = Callable[[Layout, Line], Faults]


def of_lines(identifier: str, layout: Layout, check: Check, sentence: str) -> ElementRule:
    """A rule about every line.

    Args:
        identifier: the official id.
        layout: the syntax.
        check: the function.
        sentence: what it demands.
    """

    def ask(part: Part) -> Faults:
        return check(layout, layout.of(part))

    return asked(identifier, layout.context, ask, sentence)


def of_heads(identifier: str, layout: Layout, check: Check, sentence: str) -> ElementRule:
    """A rule about every line that is the head of a group.

    Args:
        identifier: the official id.
        layout: the syntax.
        check: the function.
        sentence: what it demands.
    """

    def ask(part: Part) -> Faults:
        line = layout.of(part)
        return check(layout, line) if line.heads else NO_FAULTS

    return asked(identifier, layout.context, ask, sentence)


def stated(layout: Layout, line: Line, *, path: str) -> Faults:  # noqa: ARG001 -- one kind of function for all
    """Whether a line says something at a path."""
    return NO_FAULTS if says(line.part.one(path)) else [Fault(path)]


def one_of(found: list[str]) -> str:
    """The only one of some texts.

    Args:
        found: the texts, at least one.

    Raises:
        UnjudgeableError: there are several.
    """
    if len(found) > 1:
        raise UnjudgeableError(f"there are {len(found)} amounts, and one can be compared")
    return found[0]


# ---- lines and the lines above them


def same_seller(layout: Layout, line: Line) -> Faults:
    """MV-06: a line has a seller, that of the lines above it."""
    own = trimmed(line.part.one(layout.seller))
    if not own:
        return [Fault(layout.seller)]
    return _same(own, _above(layout, line, "seller", lambda one: one.part.texts(layout.seller)), line, layout.seller)


def same_number(layout: Layout, line: Line) -> Faults:
    """MV-07: a line has the number of an invoice, that of the lines above it."""
    own = line.number()
    if not own:
        return [Fault(why="no number of an invoice (AFL)")]
    return _same(own, _above(layout, line, "number", lambda one: [part.text for part in one.numbers]), line, ".")


def _above(layout: Layout, line: Line, what: str, said: Callable[[Line], list[str]]) -> list[str]:
    """What the lines above a line say, each once."""
    if not line.parents:
        return []
    index = layout.within(layout.around(line.part))

    def find() -> list[str]:
        lines = dict.fromkeys(one for parent in line.parents for one in index.named.get(parent, ()))
        return [text for one in lines for text in said(one)]

    return index.keep((what, line.parents), find)


def _same(own: str, theirs: list[str], line: Line, at: str) -> Faults:
    stated_ = trimmed(one_of(theirs)) if theirs else ""
    if not line.parents or own == stated_:
        return NO_FAULTS
    return [Fault(at, found=own, expected=stated_ or None)]


def reason_of_detail(layout: Layout, line: Line) -> Faults:
    """MV-08: the reason for an exemption begins with the number of the invoice."""
    if not any(DETAIL in states for states, _ in line.links):
        return NO_FAULTS
    number, reason = line.number(), line.part.one(layout.reason)
    if number and reason.startswith(f"#{number}#"):
        return NO_FAULTS
    return [Fault(layout.reason, expected=f"#{number}#" if number else None)]


def number_of_seller(layout: Layout, line: Line, *, count: Callable[[Part], int]) -> Faults:
    """MV-11: one of the groups of the seller has the number of the invoice."""
    holder, top = layout.around(line.part), line.part.top
    sellers = layout.within(holder).keep("sellers", lambda: top.texts(layout.sellers))
    if not set(sellers).intersection(layout.sold(line.part)):
        return NO_FAULTS
    found, own, number = line.part.recall(count), line.part.recall(layout.own), line.number()
    if found == 1 or (found == 0 and number in own) or (found > 1 and any(number != one for one in own)):
        return NO_FAULTS
    return [Fault(found=number or None, expected=next(iter(own), None))]


def a_group(layout: Layout, holder: Part) -> Faults:
    """MV-02: there is a group."""
    return NO_FAULTS if layout.within(holder).heads else [Fault(layout.lines[0], why="no group of lines")]


def two_groups(layout: Layout, holder: Part) -> Faults:
    """BD-02: there are two groups."""
    count = sum(line.heads for line in layout.within(holder).heads)
    if count == _BOTH:
        return NO_FAULTS
    return [Fault(layout.lines[0], found=str(count), expected="2", why="groups of lines")]


def one_group_of(layout: Layout, holder: Part, *, party: str) -> Faults:
    """BD-02: one of the groups is of a party."""
    theirs = frozenset(holder.texts(party))
    heads = layout.within(holder).heads
    count = sum(line.heads for line in heads if not theirs.isdisjoint(line.part.texts(layout.seller)))
    if count == 1:
        return NO_FAULTS
    return [Fault(layout.lines[0], found=str(count), expected="1", why="groups of lines of this party")]
