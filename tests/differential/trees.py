# SPDX-License-Identifier: Apache-2.0
"""Changing the tree of a document by what its schema allows: where an element may stand and what it must contain."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final, Literal

from lxml import etree

from einvoice.bind import order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from einvoice.bind.order import Child, Order, Syntax

_PREFIXES: Final = {**order.UBL_NAMESPACES, **order.CII_NAMESPACES}
_SHORT: Final = {uri: prefix for prefix, uri in _PREFIXES.items()}
_DEEPEST: Final = 8  # required elements within required elements; UBL has five at most
FOREIGN: Final = "urn:example:foreign"

_BY_NAME: Final = {
    "currencyID": "EUR",
    "unitCode": "C62",
    "mimeCode": "application/pdf",
    "filename": "sheet.pdf",
    "format": "102",
    "schemeID": "0088",
    "listID": "TST",
    "CountryID": "DE",
    "IdentificationCode": "DE",
    "CategoryCode": "S",
    "DateTimeString": "20260401",
    "DateString": "20260401",
}
_BY_CONTENT: Final = {
    "decimal": "1",
    "boolean": "false",
    "date": "2026-04-01",
    "time": "12:00:00",
    "dateTime": "2026-04-01T12:00:00",
    "base64Binary": "UERG",
}

Where = Literal["first", "last"]


def syntax_of(root: _Element) -> Syntax:
    """The syntax of a document."""
    name = etree.QName(root).localname
    return "cii" if name == "CrossIndustryInvoice" else "ubl-creditnote" if name == "CreditNote" else "ubl-invoice"


def short(element: _Element) -> str:
    """The name of an element as :mod:`einvoice.bind.order` spells it."""
    name = etree.QName(element)
    prefix = _SHORT.get(name.namespace or "")
    return f"{prefix}:{name.localname}" if prefix else name.localname


def path_of(element: _Element) -> str:
    """A path to an element, for people."""
    steps = [short(element), *(short(above) for above in element.iterancestors())]
    return "/".join(reversed(steps))


def full(name: str) -> str:
    """The name of an element as lxml spells it, from ``cbc:ID``."""
    prefix, _, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


class Tree:
    """A document that is being changed.

    Attributes:
        root: its root.
        order: what its schema allows.
    """

    def __init__(self, data: bytes) -> None:
        self.root: _Element = etree.fromstring(data)
        self.order: Order = order.load(syntax_of(self.root))

    def bytes(self) -> bytes:
        """The document."""
        return etree.tostring(self.root, encoding="UTF-8", xml_declaration=True)

    def elements(self) -> list[_Element]:
        """All elements but the root, in the order of the document."""
        return [element for element in self.root.iter("*") if element is not self.root]

    def type_of(self, element: _Element) -> str | None:
        """The key of the schema type of an element; ``None`` where the schema has no such place."""
        parent = element.getparent()
        if parent is None:
            return self.order.root_type
        above = self.type_of(parent)
        return None if above is None else self.order.type_of(above, short(element))

    def addable(self, element: _Element) -> list[Child]:
        """The children that an element may have one more of."""
        kind = self.type_of(element)
        if kind is None or (self.order.type(kind).choice and len(element)):
            return []
        counts: dict[str, int] = {}
        for child in element.iterchildren("*"):
            counts[short(child)] = counts.get(short(child), 0) + 1
        rows = self.order.children(kind)
        return [row for row in rows if row.max is None or counts.get(row.name, 0) < row.max]

    def add(self, parent: _Element, name: str) -> _Element:
        """Add a child where the schema wants it, or at the end where it wants none, with all that it must contain.

        Args:
            parent: the parent.
            name: the child, such as ``cbc:ID``.

        Returns:
            The child.
        """
        new = etree.Element(full(name))
        parent.insert(self._index(parent, name), new)
        kind = self.type_of(new)
        if kind is not None:
            self._fill(new, kind, _DEEPEST)
        return new

    def _index(self, parent: _Element, name: str) -> int:
        kind = self.type_of(parent)
        place = None if kind is None else self.order.position(kind, name)
        if kind is None or place is None:
            return len(parent)
        before = [
            index
            for index, child in enumerate(parent)
            if (other := self.order.position(kind, short(child))) is not None and other <= place
        ]
        return before[-1] + 1 if before else 0

    def _fill(self, element: _Element, kind: str, deep: int) -> None:
        of = self.order.type(kind)
        for attribute in of.attributes:
            if attribute.required:
                element.set(attribute.name, _BY_NAME.get(attribute.name, "1"))
        if of.any:
            element.append(etree.Element(f"{{{FOREIGN}}}thing"))
        if of.content:
            element.text = _BY_NAME.get(etree.QName(element).localname) or _BY_CONTENT.get(of.content, "X")
        elif deep:
            wanted = of.children[:1] if of.choice else [row for row in of.children if row.min]
            for row in wanted:
                child = etree.SubElement(element, full(row.name))
                self._fill(child, row.type, deep - 1)

    def ensure(self, top: _Element, path: str, *, where: Where = "last") -> _Element:
        """The element at the end of a path; what is missing of the path is added.

        Args:
            top: where the path starts.
            path: names with slashes between them.
            where: which one is meant where there are several.
        """
        for name in path.split("/"):
            there = list(top.iterchildren(full(name)))
            top = there[-1 if where == "last" else 0] if there else self.add(top, name)
        return top

    def again(self, element: _Element) -> _Element:
        """Repeat an element right after itself."""
        twin = copy.deepcopy(element)
        element.addnext(twin)
        return twin


def drop(element: _Element) -> None:
    """Take an element out of its document."""
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def leaves(tree: Tree) -> Iterator[_Element]:
    """The elements that hold a text and no elements."""
    return (element for element in tree.elements() if not len(element))


def outline(data: bytes) -> list[str]:
    """A document as lines, one an element: the same for documents that differ in blanks between elements only."""
    root = etree.fromstring(data)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode").splitlines()
