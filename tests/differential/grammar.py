# SPDX-License-Identifier: Apache-2.0
"""What the official schemas allow, as data that documents can be made from: elements, their order, number, values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind import catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from einvoice.bind.order import Syntax

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_ROOTS: Final[dict[Syntax, str]] = {
    "ubl-invoice": "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice",
    "ubl-creditnote": "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote",
    "cii": "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice",
}


@dataclass(frozen=True)
class Place:
    """An element at a place of a content model.

    Attributes:
        tag: its name as lxml writes it.
        kind: the name of its type.
        least: how many there have to be.
        most: how many there may be; ``None`` for any number.
        choice: elements of the same number, if it is not zero, exclude each other.
    """

    tag: str
    kind: str
    least: int
    most: int | None
    choice: int = 0


@dataclass(frozen=True)
class Attribute:
    """An attribute.

    Attributes:
        name: its name.
        base: the type of XML Schema that it is derived from, such as ``boolean``.
        required: whether it has to be there.
    """

    name: str
    base: str
    required: bool


@dataclass
class Kind:
    """A type.

    Attributes:
        places: the elements that it may hold, in their order.
        base: for a text, the type of XML Schema that it is derived from; empty for none.
        codes: the texts that it may say; none for any.
        attributes: its attributes by name.
    """

    places: list[Place] = field(default_factory=list)
    base: str = ""
    codes: tuple[str, ...] = ()
    attributes: dict[str, Attribute] = field(default_factory=dict)


class Grammar:
    """The schema of a syntax.

    Attributes:
        root: the element that a document is.
    """

    def __init__(self, syntax: Syntax) -> None:
        """Read the files of the schema.

        Args:
            syntax: the syntax.
        """
        self._elements: dict[str, _Element] = {}
        self._types: dict[str, _Element] = {}
        self._kinds: dict[str, Kind] = {}
        self._choices = 0
        _, files = catalog.texts(syntax)
        for data in files.values():
            self._enter(etree.fromstring(data))
        self.root = self._place(self._elements[_ROOTS[syntax]])

    def _enter(self, schema: _Element) -> None:
        space = schema.get("targetNamespace")
        for one in schema:
            if one.tag == f"{_XS}element":
                self._elements[f"{{{space}}}{one.get('name')}"] = one
            elif one.tag in {f"{_XS}complexType", f"{_XS}simpleType"}:
                self._types[f"{{{space}}}{one.get('name')}"] = one

    def kind(self, name: str) -> Kind:
        """A type by its name.

        Args:
            name: as a place has it.
        """
        found = self._kinds.get(name)
        if found is None:
            found = self._kinds[name] = Kind()
            self._fill(found, name)
        return found

    def place_of(self, tag: str) -> Place | None:
        """The place of an element that the schema declares for itself.

        Args:
            tag: its name as lxml writes it.
        """
        found = self._elements.get(tag)
        return self._place(found) if found is not None else None

    def _fill(self, kind: Kind, name: str) -> None:
        if name.startswith(_XS):
            kind.base = name.removeprefix(_XS)
            return
        declared = self._types[name]
        kind.codes = tuple(str(one.get("value")) for one in declared.iter(f"{_XS}enumeration"))
        for step in declared.iter(f"{_XS}extension", f"{_XS}restriction"):
            base = self.kind(_full(step, str(step.get("base"))))
            kind.base, kind.codes = base.base, kind.codes or base.codes
            kind.attributes |= base.attributes
        for one in declared.iter(f"{_XS}attribute"):
            of = self.kind(self._type_of(one))
            made = Attribute(str(one.get("name")), of.base, one.get("use") == "required")
            kind.attributes[made.name] = made
        for group in declared.iterchildren(f"{_XS}sequence", f"{_XS}choice"):
            kind.places += self._places(group, 0)

    def _places(self, group: _Element, choice: int) -> Iterator[Place]:
        for one in group:
            if one.tag == f"{_XS}element":
                yield self._place(one, choice)
            elif one.tag in {f"{_XS}sequence", f"{_XS}choice"}:
                self._choices += 1
                yield from self._places(one, self._choices if one.tag == f"{_XS}choice" else choice)

    def _place(self, one: _Element, choice: int = 0) -> Place:
        most = one.get("maxOccurs", "1")
        bounds = int(one.get("minOccurs", "1")), None if most == "unbounded" else int(most)
        if one.get("ref"):
            tag = _full(one, str(one.get("ref")))
            one = self._elements[tag]
        else:
            tag = f"{{{one.getroottree().getroot().get('targetNamespace')}}}{one.get('name')}"
        return Place(tag, self._type_of(one), *bounds, choice)

    def _type_of(self, one: _Element) -> str:
        """The name of the type that something is declared with; one for a type without a name."""
        if one.get("type"):
            return _full(one, str(one.get("type")))
        inner = next(one.iterchildren(f"{_XS}complexType", f"{_XS}simpleType"), None)
        if inner is None:
            return f"{_XS}string"
        name = f"{one.getroottree().getroot().get('targetNamespace')} {one.getroottree().getpath(inner)}"
        self._types[name] = inner
        return name


def _full(one: _Element, name: str) -> str:
    """A name with its namespace."""
    prefix, _, local = name.rpartition(":")
    return f"{{{one.nsmap[prefix or None]}}}{local}"


@cache
def grammar(syntax: Syntax) -> Grammar:
    """The grammar of a syntax, read once.

    Args:
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.
    """
    return Grammar(syntax)
