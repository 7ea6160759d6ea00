# SPDX-License-Identifier: Apache-2.0
"""Changes to the text of a document: a value, an attribute, an element more, another order; all else stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.bind.extents import decoded, extents
from einvoice.bind.tree import NAMESPACES
from einvoice.errors import XmlError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element

    from einvoice.bind.extents import Extent

_QUOTES: Final = {'"': "&quot;", "'": "&apos;"}
_MARKS: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Write(Struct, frozen=True):
    """Give an element or an attribute a value.

    Attributes:
        number: the element, counted from 0 in the order of the document.
        value: the value.
        attribute: its name; empty for the text of the element. An attribute that is not there is added.
    """

    number: int
    value: str
    attribute: str = ""


class Sort(Struct, frozen=True):
    """Put the children of an element in another order; each takes along what stands in front of it.

    Attributes:
        number: the element.
        order: the children, by their place today, in their new order.
    """

    number: int
    order: tuple[int, ...]


class Fragment(Struct, frozen=True):
    """An element to be written.

    Attributes:
        name: with its standard prefix.
        text: its text; empty for one with elements in it.
        children: the elements in it.
    """

    name: str
    text: str = ""
    children: tuple[Fragment, ...] = ()


class Insert(Struct, frozen=True):
    """Add an element.

    Attributes:
        number: the element that it is added to.
        place: behind how many of the children that are there today.
        fragment: what is added.
    """

    number: int
    place: int
    fragment: Fragment


Edit = Write | Sort | Insert


def rewritten(data: bytes, root: _Element, edits: Sequence[Edit]) -> bytes:
    """The document with changes made, in the same encoding.

    Args:
        data: the document as it came.
        root: the root of the tree that was parsed from it.
        edits: the changes; of each kind at most one for the same thing.

    Raises:
        XmlError: the text cannot be changed safely, such as a value in a CDATA section.
    """
    text, codec = decoded(data)
    return _Rewriting(text, root, edits).text().encode(codec, "xmlcharrefreplace")


class _Rewriting:
    """One pass over the text; only what is changed, and what is around it, is looked at."""

    def __init__(self, text: str, root: _Element, edits: Sequence[Edit]) -> None:
        self.source = text
        self.extents = extents(text, root)
        wanted = {edit.number for edit in edits}
        self.elements = {number: element for number, element in enumerate(root.iter("*")) if number in wanted}
        self.edits: dict[int, list[Edit]] = {}
        for edit in edits:
            self.edits.setdefault(id(self.extents[edit.number]), []).append(edit)
        self.touched = self._touched()

    def text(self) -> str:
        """The text with all changes made."""
        root = self.extents[0]
        try:
            return self.source[: root.start] + self._element(root) + self.source[root.end :]
        except RecursionError:
            raise XmlError("its elements stand too deep within each other to be changed", code="XML_TEXT") from None

    def _touched(self) -> set[int]:
        """The elements that are changed or hold one that is; children come behind their parents."""
        touched = set(self.edits)
        for extent in reversed(self.extents):
            if any(id(child) in touched for child in extent.children):
                touched.add(id(extent))
        return touched

    def _element(self, extent: Extent) -> str:
        if id(extent) not in self.touched:
            return self.source[extent.start : extent.end]
        edits = self.edits.get(id(extent), [])
        values = {edit.attribute: edit.value for edit in edits if isinstance(edit, Write)}
        inserts = [edit for edit in edits if isinstance(edit, Insert)]
        content = self._content(extent, edits, inserts) if "" not in values else self._value(extent, values[""])
        tag = self._tag(extent, {name: value for name, value in values.items() if name})
        if not extent.is_single_tag:
            return tag + content + self.source[extent.close : extent.end]
        return f"{tag[:-2].rstrip()}>{content}</{extent.name}>" if content else tag

    def _tag(self, extent: Extent, values: Mapping[str, str]) -> str:
        """The start tag."""
        source, at, parts, left = self.source, extent.start, [], dict(values)
        for name, start, end in extent.attributes(source):
            if name in left:
                quote = source[end]
                parts += [source[at:start], _escaped(left.pop(name), quote)]
                at = end
        rest = source[at : extent.inner]
        if left:
            ending = "/>" if rest.endswith("/>") else ">"
            more = "".join(f' {name}="{_escaped(value, chr(34))}"' for name, value in left.items())
            rest = rest.removesuffix(ending).rstrip() + more + ending
        return "".join(parts) + rest

    def _value(self, extent: Extent, value: str) -> str:
        if "<" in self.source[extent.inner : extent.close]:
            raise XmlError("a value that holds comments or CDATA sections is left as it is", code="XML_TEXT")
        return _escaped(value)

    def _content(self, extent: Extent, edits: Sequence[Edit], inserts: Sequence[Insert]) -> str:
        """Everything between the tags: each child with what stands in front of it."""
        order = next((edit.order for edit in edits if isinstance(edit, Sort)), range(len(extent.children)))
        gaps, at = [], extent.inner
        for child in extent.children:
            gaps.append(self.source[at : child.start])
            at = child.end
        parts = [self._inserted(inserts, 0, gaps)]
        for place, index in enumerate(order, start=1):
            parts += [gaps[index], self._element(extent.children[index]), self._inserted(inserts, place, gaps)]
        return "".join(parts) + (self.source[at : extent.close] if not extent.is_single_tag else "")

    def _inserted(self, inserts: Sequence[Insert], place: int, gaps: Sequence[str]) -> str:
        """What is added behind so many children, indented like the child in front of it."""
        gap = gaps[max(place - 1, 0)] if gaps else ""
        indent = gap if not gap.strip() else ""
        return "".join(indent + self._fragment(edit) for edit in inserts if edit.place == place)

    def _fragment(self, edit: Insert) -> str:
        known = {str(namespace): prefix for prefix, namespace in self.elements[edit.number].nsmap.items()}
        return _written(edit.fragment, known)


def _escaped(text: str, quote: str = "") -> str:
    """A text as XML writes it, in an attribute with its quotes."""
    marks = _MARKS | {quote: _QUOTES[quote]} if quote else _MARKS
    return "".join(marks.get(char, char) for char in text)


def _written(fragment: Fragment, known: Mapping[str, str | None]) -> str:
    """An element as text, with the prefixes of the document, or its own where the document has none."""
    standard, _, local = fragment.name.partition(":")
    namespace = NAMESPACES[standard]
    declared = "" if namespace in known else f' xmlns:{standard}="{namespace}"'
    prefix = known.get(namespace, standard)
    name = f"{prefix}:{local}" if prefix else local
    inner = {**known, namespace: prefix}
    content = _escaped(fragment.text) + "".join(_written(child, inner) for child in fragment.children)
    return f"<{name}{declared}>{content}</{name}>"
