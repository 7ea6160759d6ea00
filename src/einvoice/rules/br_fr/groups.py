# SPDX-License-Identifier: Apache-2.0
"""BR-FR-MV and BR-FR-BD: groups of lines, each of which is an invoice of its own within the invoice.

They are asked of invoices whose framework (BT-23) is of several sellers (B8, S8, M8) or goes both ways (B9, S9, M9). A
line says what it is (GROUP, DETAIL or INFORMATION) and which line is above it; a group without one is a head. Both
syntaxes are asked the same of lines that they write otherwise, which a :class:`Layout` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from msgspec import Struct

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.br_fr.parties import only
from einvoice.rules.br_fr.texts import says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, asked
from einvoice.rules.xpath import trimmed

GROUP: Final = "GROUP"
DETAIL: Final = "DETAIL"
INFORMATION: Final = "INFORMATION"
_BOTH: Final = 2

Link = tuple[list[str], list[str]]
"""What a line is, and the lines above it."""


class Layout(Struct, frozen=True):
    """How a syntax writes lines and their groups. Paths begin at a line, but those that begin at what it stands in.

    Attributes:
        context: the lines.
        lines: where the lines are, from what they stand in.
        links: what a line is in its groups.
        line: the number of a line.
        numbers: the numbers of the invoice that a line belongs to (AFL).
        seller: the legal identifier of a line's seller.
        sold: by whom a line is sold, as MV-11 compares it.
        net: the net amount of a line.
        vat: its VAT amounts, by currency.
        gross: its amount with VAT.
        reason: the reason for an exemption.
        currency: the invoice currency, from above.
        breakdowns: the VAT breakdowns, from above.
        tax: of a breakdown, the paths of its kind of tax, of its reason and of its amount.
        sellers: the legal identifier of the seller, from the document.
        own: the number of the invoice.
    """

    context: str
    lines: tuple[str, ...]
    links: Callable[[Part], list[Link]]
    line: str
    numbers: Callable[[Part], list[Part]]
    seller: str
    sold: Callable[[Part], list[str]]
    net: str
    vat: str
    gross: str
    reason: str
    currency: str
    breakdowns: str
    tax: tuple[str, str, str]
    sellers: str
    own: Callable[[Part], frozenset[str]]

    def around(self, line: Part) -> Part:
        """What a line stands in."""
        return line.above or line.top

    def all(self, above: Part) -> list[Part]:
        """The lines, from what they stand in."""
        return [one for path in self.lines for one in above.parts(path)]

    def heads(self, line: Part) -> int:
        """As how many heads of a group a line is declared."""
        return sum(GROUP in states and not parents for states, parents in self.links(line))

    def parents(self, line: Part) -> frozenset[str]:
        """The numbers of the lines above a line."""
        return frozenset(one for _, parents in self.links(line) for one in parents)

    def number(self, line: Part) -> str:
        """The number of the invoice that a line belongs to."""
        return trimmed(only(self.numbers(line)))

    def taxes(self, line: Part, currencies: list[str]) -> list[Part]:
        """The VAT amounts of a line in some currencies."""
        return [one for one in line.parts(self.vat) if one.get("currencyID") in currencies]


Check = Callable[[Layout, Part], Faults]


def of_lines(identifier: str, layout: Layout, check: Check, sentence: str) -> ElementRule:
    """A rule about every line.

    Args:
        identifier: the official id.
        layout: the syntax.
        check: the function.
        sentence: what it demands.
    """
    return asked(identifier, layout.context, partial(check, layout), sentence)


def of_heads(identifier: str, layout: Layout, check: Check, sentence: str) -> ElementRule:
    """A rule about every line that is the head of a group.

    Args:
        identifier: the official id.
        layout: the syntax.
        check: the function.
        sentence: what it demands.
    """

    def ask(line: Part) -> Faults:
        return check(layout, line) if layout.heads(line) else NO_FAULTS

    return asked(identifier, layout.context, ask, sentence)


def stated(layout: Layout, line: Part, *, path: str) -> Faults:  # noqa: ARG001 -- one kind of function for all
    """Whether a line says something at a path."""
    return NO_FAULTS if says(line.one(path)) else [Fault(path)]


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


def same_seller(layout: Layout, line: Part) -> Faults:
    """MV-06: a line has a seller, that of the lines above it."""
    own = trimmed(line.one(layout.seller))
    if not own:
        return [Fault(layout.seller)]
    return _same(layout, line, own, lambda one: one.texts(layout.seller), layout.seller)


def same_number(layout: Layout, line: Part) -> Faults:
    """MV-07: a line has the number of an invoice, that of the lines above it."""
    own = layout.number(line)
    if not own:
        return [Fault(why="no number of an invoice (AFL)")]
    return _same(layout, line, own, lambda one: [part.text for part in layout.numbers(one)], ".")


def _same(layout: Layout, line: Part, own: str, said: Callable[[Part], list[str]], at: str) -> Faults:
    parents = layout.parents(line)
    if not parents:
        return NO_FAULTS
    above = [one for one in layout.all(layout.around(line)) if not parents.isdisjoint(one.texts(layout.line))]
    texts = [text for one in above for text in said(one)]
    theirs = trimmed(one_of(texts)) if texts else ""
    return NO_FAULTS if own == theirs else [Fault(at, found=own, expected=theirs or None)]


def reason_of_detail(layout: Layout, line: Part) -> Faults:
    """MV-08: the reason for an exemption begins with the number of the invoice."""
    if not any(DETAIL in states for states, _ in layout.links(line)):
        return NO_FAULTS
    number_, reason = layout.number(line), line.one(layout.reason)
    if number_ and reason.startswith(f"#{number_}#"):
        return NO_FAULTS
    return [Fault(layout.reason, expected=f"#{number_}#" if number_ else None)]


def number_of_seller(layout: Layout, line: Part, *, count: Callable[[Part], int]) -> Faults:
    """MV-11: one of the groups of the seller has the number of the invoice."""
    if frozenset(line.top.texts(layout.sellers)).isdisjoint(layout.sold(line)):
        return NO_FAULTS
    found, own = line.recall(count), line.recall(layout.own)
    stated_ = layout.number(line)
    if found == 1 or (found == 0 and stated_ in own) or (found > 1 and any(stated_ != one for one in own)):
        return NO_FAULTS
    return [Fault(found=stated_ or None, expected=next(iter(own), None))]


def groups(holder: Part, layout: Layout) -> list[tuple[Part, int]]:
    """The lines that are heads of groups, each with the number of times that it is one.

    Args:
        holder: what the lines stand in.
        layout: the syntax.
    """
    return [(line, count) for line in layout.all(holder) if (count := layout.heads(line))]


def a_group(layout: Layout, holder: Part) -> Faults:
    """MV-02: there is a group."""
    return NO_FAULTS if groups(holder, layout) else [Fault(layout.lines[0], why="no group of lines")]


def two_groups(layout: Layout, holder: Part) -> Faults:
    """BD-02: there are two groups."""
    count = sum(times for _, times in groups(holder, layout))
    return (
        NO_FAULTS if count == _BOTH else [Fault(layout.lines[0], found=str(count), expected="2", why="groups of lines")]
    )


def one_group_of(layout: Layout, holder: Part, *, party: str) -> Faults:
    """BD-02: one of the groups is of a party."""
    theirs = frozenset(holder.texts(party))
    count = sum(times for line, times in groups(holder, layout) if not theirs.isdisjoint(line.texts(layout.seller)))
    if count == 1:
        return NO_FAULTS
    return [Fault(layout.lines[0], found=str(count), expected="1", why="groups of lines of this party")]
