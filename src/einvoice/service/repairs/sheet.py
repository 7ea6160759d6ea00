# SPDX-License-Identifier: Apache-2.0
"""What a repair works on, and what it says: a suggestion with its edits, or why a place is left alone."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.bind import order as orders
from einvoice.bind.edits import Edit, Write

if TYPE_CHECKING:
    from einvoice.bind import Document
    from einvoice.bind.order import Order
    from einvoice.bind.parts import Part
    from einvoice.model import Invoice, Syntax
    from einvoice.rules.findings import Report


class Change(Struct, frozen=True, kw_only=True):
    """One value that a repair changes.

    Attributes:
        location: where in the source, as an XPath; for JSON, the place in the model.
        line: the line in the source, counted from 1.
        terms: the numbers of the terms that stand there.
        before: what stood there; ``None`` if nothing.
        after: what stands there now.
    """

    location: str
    line: int | None
    terms: tuple[str, ...]
    before: str | None
    after: str


class LeftAlone(Struct, frozen=True, kw_only=True):
    """A place that looks like a slip and is not repaired, since its repair would not be certain.

    Attributes:
        location: where in the source, as an XPath; for JSON, the place in the model.
        line: the line in the source, counted from 1.
        terms: the numbers of the terms that stand there.
        value: what stands there; ``None`` if nothing.
        why: why it is left alone, in one sentence, with the arithmetic where there is one.
    """

    location: str
    line: int | None
    terms: tuple[str, ...]
    value: str | None
    why: str


class Suggestion(Struct, frozen=True, kw_only=True):
    """What a repair would change together; all suggestions of one repair and subject are tried together first.

    Attributes:
        subject: what it is about, such as the code that is misspelled.
        edits: the changes to the document.
        changes: the same for the user.
    """

    subject: str
    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]


class Sheet:
    """One document, as repairs see it.

    Attributes:
        document: the document.
        report: what judging it says.
        parts: its elements, by number.
        syntax: its syntax.
    """

    def __init__(self, document: Document, report: Report) -> None:
        self.document = document
        self.report = report
        self.parts: dict[int, Part] = document.parts()
        self.syntax: Syntax = document.syntax

    @property
    def invoice(self) -> Invoice:
        """The invoice as it was read."""
        return self.document.reading().invoice

    @cached_property
    def order(self) -> Order:
        """The official order of elements."""
        return orders.load(self.syntax)

    @cached_property
    def by_path(self) -> dict[str, Part]:
        """The elements by their paths."""
        return {part.path: part for part in self.parts.values()}

    @property
    def is_cii(self) -> bool:
        """Whether the document is CII."""
        return self.syntax == "cii"

    def children(self, part: Part, name: str) -> list[Part]:
        """The elements of a name right below an element.

        Args:
            part: the element.
            name: with the standard prefix.
        """
        return [self.parts[number] for number in part.children if self.parts[number].name == name]

    def place_for(self, part: Part, name: str) -> int:
        """Behind how many of its children an element of a name belongs.

        Args:
            part: the element that shall hold it.
            name: with the standard prefix.
        """
        own = self.order.position(part.type, name) or 0
        places = [self.order.position(part.type, self.parts[number].name) or 0 for number in part.children]
        return max((index for index, place in enumerate(places, start=1) if place < own), default=0)


def text_change(part: Part, value: str, subject: str) -> Suggestion:
    """The suggestion to give an element another text.

    Args:
        part: the element.
        value: the text.
        subject: see :class:`Suggestion`.
    """
    change = Change(location=part.path, line=part.line, terms=part.terms, before=part.text or None, after=value)
    return Suggestion(subject=subject, edits=(Write(part.number, value),), changes=(change,))


def attribute_change(part: Part, name: str, value: str, subject: str) -> Suggestion:
    """The suggestion to give an attribute a value; it is added if it is not there.

    Args:
        part: the element.
        name: the attribute.
        value: its value.
        subject: see :class:`Suggestion`.
    """
    change = Change(
        location=f"{part.path}/@{name}",
        line=part.line,
        terms=part.attribute_terms.get(name, ()) or part.terms,
        before=part.attributes.get(name),
        after=value,
    )
    return Suggestion(subject=subject, edits=(Write(part.number, value, name),), changes=(change,))


def left_alone(part: Part, value: str | None, why: str, attribute: str = "") -> LeftAlone:
    """Say that a place is left alone.

    Args:
        part: the element.
        value: what stands there.
        why: the reason.
        attribute: the attribute; empty for the text.
    """
    location = f"{part.path}/@{attribute}" if attribute else part.path
    return LeftAlone(location=location, line=part.line, terms=part.terms, value=value, why=why)
