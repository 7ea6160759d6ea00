# SPDX-License-Identifier: Apache-2.0
"""The lines of an invoice with groups, read once for all the rules about them, however a syntax writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from einvoice.model.parts import Part
from einvoice.rules.br_fr.parties import only
from einvoice.rules.xpath import trimmed

GROUP: Final = "GROUP"
DETAIL: Final = "DETAIL"
INFORMATION: Final = "INFORMATION"

Link = tuple[list[str], list[str]]
"""What a line is, and the numbers of the lines above it."""


class Line(Struct, frozen=True, eq=False):
    """A line of an invoice with groups.

    Attributes:
        part: the element.
        links: what it is in its groups.
        heads: as how many heads of a group it is declared.
        parents: the numbers of the lines above it.
        numbers: where it states the number of the invoice that it belongs to (AFL).
    """

    part: Part
    links: list[Link]
    heads: int
    parents: frozenset[str]
    numbers: list[Part]

    def number(self) -> str:
        """The number of the invoice that the line belongs to.

        Raises:
            UnjudgeableError: there are several.
        """
        return trimmed(only(self.numbers))


class Index(Struct, frozen=True, eq=False):
    """The lines that stand in one element, read once for all the rules about them.

    Attributes:
        lines: the lines, in the order of :attr:`Layout.lines`.
        of: element -> the line.
        named: number -> the lines that have it.
        below: number -> the lines below, each with what it is there.
        heads: the lines that are heads of groups.
        kept: what was found out about lines that several others ask for.
    """

    lines: list[Line]
    of: dict[Part, Line]
    named: dict[str, list[Line]]
    below: dict[str, list[tuple[Line, list[str]]]]
    heads: list[Line]
    kept: dict[object, list[str]]

    def keep(self, key: object, find: Callable[[], list[str]]) -> list[str]:
        """Something that is found out once, however many lines ask for it.

        Args:
            key: what it is.
            find: finds it out.
        """
        if key not in self.kept:
            self.kept[key] = find()
        return self.kept[key]


class Layout(Struct, frozen=True, eq=False):
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
        """What a line stands in.

        Args:
            line: the line.
        """
        return line.above or line.top

    def within(self, holder: Part) -> Index:
        """The lines that stand in an element.

        Args:
            holder: the element.
        """
        known = holder.recall(_indices)
        found = known.get(holder)
        if found is None:
            found = known[holder] = self._read(holder)
        return found

    def of(self, part: Part) -> Line:
        """A line, as all rules know it.

        Args:
            part: its element.
        """
        return self.within(self.around(part)).of[part]

    def taxes(self, line: Part, currencies: list[str]) -> list[Part]:
        """The VAT amounts of a line in some currencies.

        Args:
            line: the line.
            currencies: the currencies.
        """
        return [one for one in line.parts(self.vat) if one.get("currencyID") in currencies]

    def currencies(self, line: Line) -> list[str]:
        """The invoice currency.

        Args:
            line: a line of the invoice.
        """
        holder = self.around(line.part)
        return self.within(holder).keep("currency", lambda: holder.texts(self.currency))

    def _read(self, holder: Part) -> Index:
        lines = [self._line(part) for path in self.lines for part in holder.parts(path)]
        named: dict[str, list[Line]] = {}
        below: dict[str, list[tuple[Line, list[str]]]] = {}
        for line in lines:
            for name in dict.fromkeys(line.part.texts(self.line)):
                named.setdefault(name, []).append(line)
            for states, parents in line.links:
                for parent in dict.fromkeys(parents):
                    below.setdefault(parent, []).append((line, states))
        return Index(lines, {line.part: line for line in lines}, named, below, [one for one in lines if one.heads], {})

    def _line(self, part: Part) -> Line:
        links = self.links(part)
        heads = sum(GROUP in states and not parents for states, parents in links)
        return Line(part, links, heads, frozenset(one for _, some in links for one in some), self.numbers(part))


def _indices(_: Part) -> dict[Part, Index]:
    """The lines of a document that were read, by what they stand in."""
    return {}
