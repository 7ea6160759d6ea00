# SPDX-License-Identifier: Apache-2.0
"""Every element of a document as data: what it says, what the schema takes there, which term stands there.

What repairs a document works on this, and not on the tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.bind import order as orders
from einvoice.bind.context import Context, test_of
from einvoice.bind.locate import CURRENCIES
from einvoice.bind.paths import Paths, line_of, name_of
from einvoice.bind.tree import tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from einvoice.bind.tree import Element, Target
    from einvoice.model import Syntax


class Part(Struct, frozen=True, kw_only=True):
    """One element.

    Attributes:
        number: its place among all elements of the document, counted from 0.
        name: its name with the standard prefix.
        above: the name of the element that holds it; empty for the document.
        path: its XPath.
        line: its line in the source.
        type: its type in the official schema; empty where the schema does not know the element.
        content: the XSD primitive of its text, such as ``decimal``; empty if it holds elements.
        text: its text; empty for an element that holds elements.
        attributes: its attributes by name; those of other namespaces are left out.
        children: the numbers of the elements in it.
        terms: the terms that its text may hold.
        attribute_terms: the terms that its attributes may hold.
    """

    number: int
    name: str
    above: str
    path: str
    line: int | None
    type: str
    content: str
    text: str
    attributes: dict[str, str]
    children: tuple[int, ...]
    terms: tuple[str, ...]
    attribute_terms: dict[str, tuple[str, ...]]


def parts(invoice: _Element, syntax: Syntax) -> dict[int, Part]:
    """Every element of an invoice, by its number, in the order of the document.

    Args:
        invoice: the element that is the invoice.
        syntax: its syntax.
    """
    root = invoice.getroottree().getroot()
    numbers = {element: number for number, element in enumerate(root.iter("*"))}
    walk = _Walk(invoice, syntax, numbers)
    walk.element(invoice, "", orders.load(syntax).root_type, [tree(syntax)])
    return {number: walk.found[number] for number in sorted(walk.found)}


class _Walk:
    def __init__(self, invoice: _Element, syntax: Syntax, numbers: dict[_Element, int]) -> None:
        self.order = orders.load(syntax)
        self.context = Context()
        for term, names in CURRENCIES.items():
            found = next(invoice.iter(*(f"{{*}}{name}" for name in names)), None)
            self.context.say(term, (found.text or "") if found is not None else "")
        self.numbers = numbers
        self.paths = Paths()
        self.found: dict[int, Part] = {}

    def element(self, root: _Element, above: str, schema_type: str, meant: list[Element]) -> None:
        """Note an element and all below it; documents may be deep, so this does not call itself."""
        left = [(root, above, schema_type, meant)]
        while left:
            here, above, schema_type, meant = left.pop()
            name = name_of(here)
            self.found[self.numbers[here]] = self._part(here, name, above, schema_type, meant)
            for child in here:
                child_name = name_of(child)
                known = self.order.type_of(schema_type, child_name) if schema_type else None
                left.append((child, name, known or "", self._meant(child, child_name, meant)))

    def _meant(self, child: _Element, name: str, above: list[Element]) -> list[Element]:
        """What a child is: under a condition that it meets, else without one; all that it could be, if neither."""
        named = [one for element in above for one in (element.shares or element).children if one.name == name]
        fitting = [one for one in named if one.test is not None and test_of(one.test)(child, self.context)]
        return fitting or [one for one in named if one.test is None] or named

    def _part(self, here: _Element, name: str, above: str, schema_type: str, meant: list[Element]) -> Part:
        attributes = {str(key): str(value) for key, value in here.items() if not str(key).startswith("{")}
        return Part(
            number=self.numbers[here],
            name=name,
            above=above,
            path=self.paths.of(here),
            line=line_of(here),
            type=schema_type,
            content=self.order.content(schema_type) if schema_type else "",
            text="" if len(here) else here.text or "",
            attributes=attributes,
            children=tuple(self.numbers[child] for child in here),
            terms=_terms(element.text for element in meant) or _terms(element.group for element in meant),
            attribute_terms={key: _terms(element.attributes.get(key) for element in meant) for key in attributes},
        )


def _terms(targets: Iterable[Target | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for target in targets if target is not None for term in target.terms))
