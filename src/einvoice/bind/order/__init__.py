# SPDX-License-Identifier: Apache-2.0
"""What the official schemas say about order: the children and attributes of every element of an invoice.

UBL is recursive (a party has an agent party, which has an agent party ...), so the data is kept per schema type and
not per path: walk from :attr:`Order.root_type` with :meth:`Order.type_of`. Names carry the prefixes of
:data:`UBL_NAMESPACES` and :data:`CII_NAMESPACES`; the roots of UBL have none (``Invoice``, ``CreditNote``).

``ubl.json`` and ``cii.json`` are generated from the official XSDs by ``tools/schema_order.py``; a test proves that
they are current.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from einvoice.errors import UnknownNameError

Syntax = Literal["ubl-invoice", "ubl-creditnote", "cii"]

UBL_NAMESPACES: Final = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
}
"""Prefix to namespace, as UBL 2.1 documents write them."""

UBL_ROOTS: Final = {
    "Invoice": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "CreditNote": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
}
"""Root element to its namespace, which UBL documents declare as the default one."""

CII_NAMESPACES: Final = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
"""Prefix to namespace, as CII documents write them."""

_FILES: Final = {"ubl-invoice": "ubl.json", "ubl-creditnote": "ubl.json", "cii": "cii.json"}


class Child(msgspec.Struct, frozen=True, array_like=True):
    """An element that a type may contain, at its place in the order."""

    name: str
    """Prefix and local name: ``cbc:ID``."""
    type: str
    """The key of its type, for :meth:`Order.children` and its sisters."""
    min: int = 0
    """How often it must occur at least: 1 or more if required."""
    max: int | None = 1
    """How often it may occur at most; None if there is no limit."""


class Attribute(msgspec.Struct, frozen=True, array_like=True):
    """An attribute that a type may carry."""

    name: str
    required: bool = False


class Type(msgspec.Struct, frozen=True, omit_defaults=True):
    """One type of the schema."""

    content: str = ""
    """The XSD primitive of the text (``string decimal boolean date time dateTime base64Binary``); empty if the type
    contains elements."""
    children: tuple[Child, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    choice: bool = False
    """True if exactly one of the children stands there rather than a sequence of them."""
    any: bool = False
    """True if an element of a foreign namespace stands there (``ext:ExtensionContent``)."""


class _Origin(msgspec.Struct, frozen=True):
    """Where a data file comes from; it is the file's first key, so that a reader of the file sees it first."""

    source: str
    version: str
    generator: str


class _File(msgspec.Struct, frozen=True):
    """The shape of ``ubl.json`` and ``cii.json``."""

    generated: _Origin
    roots: dict[str, tuple[str, str]]
    types: dict[str, Type]


class Order:
    """The order of one syntax: what may stand where, how often, in which sequence.

    Attributes:
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.
        root: the name of the root element.
        root_type: the key of the root's type.
        source: the schema that the data was derived from.
        version: the version of that schema.
    """

    def __init__(self, syntax: Syntax, data: _File) -> None:
        self.syntax = syntax
        self.root, self.root_type = data.roots[syntax]
        self.source = data.generated.source
        self.version = data.generated.version
        self._types = data.types
        self._places: dict[str, dict[str, int]] = {}

    def type(self, name: str) -> Type:
        """Return the type called ``name``.

        Raises:
            UnknownNameError: the syntax has no such type.
        """
        try:
            return self._types[name]
        except KeyError:
            raise UnknownNameError(f"the schema of {self.root} has no type {name!r}", code="SCHEMA_TYPE") from None

    def children(self, name: str) -> tuple[Child, ...]:
        """Return the elements that type ``name`` may contain, in their order."""
        return self.type(name).children

    def attributes(self, name: str) -> tuple[Attribute, ...]:
        """Return the attributes that type ``name`` may carry."""
        return self.type(name).attributes

    def content(self, name: str) -> str:
        """Return the XSD primitive of the text of type ``name``; an empty string if it contains elements."""
        return self.type(name).content

    def position(self, name: str, child: str) -> int | None:
        """Return the place of ``child`` among the children of type ``name``, from 0; None if it may not stand there."""
        places = self._places.get(name)
        if places is None:
            places = {row.name: index for index, row in enumerate(self.type(name).children)}
            self._places[name] = places
        return places.get(child)

    def child(self, name: str, child: str) -> Child | None:
        """Return the row of ``child`` in type ``name``; None if it may not stand there."""
        position = self.position(name, child)
        return None if position is None else self.children(name)[position]

    def type_of(self, name: str, child: str) -> str | None:
        """Return the key of the type that ``child`` has inside type ``name``; None if it may not stand there."""
        row = self.child(name, child)
        return None if row is None else row.type


def load(syntax: Syntax) -> Order:
    """Return the order of a syntax; the data is read once per process.

    Args:
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.

    Raises:
        UnknownNameError: there is no such syntax.
    """
    if syntax not in _FILES:
        raise UnknownNameError(f"there is no syntax {syntax!r}; use one of {', '.join(_FILES)}", code="SYNTAX")
    return _order(syntax)


@cache
def _order(syntax: Syntax) -> Order:
    return Order(syntax, _read(_FILES[syntax]))


@cache
def _read(name: str) -> _File:
    data = Path(__file__).with_name(name).read_bytes()
    return msgspec.json.decode(data, type=_File)
