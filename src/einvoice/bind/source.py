# SPDX-License-Identifier: Apache-2.0
"""The text of a document, and where in it an element stands: line, column, and the line itself.

libxml2 knows the line on which a start tag ends and no column, which says little about a document in one line. So
the elements that findings are about are counted in the tree, and the tags of the text are counted up to them. That is
done only for a document with findings, once, whatever their number.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from lxml import etree
from msgspec import Struct

from einvoice.bind.paths import name_of
from einvoice.bind.xml_encoding import to_utf8

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lxml.etree import _Element

_MARKUP: Final = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|</[^>]*>"
    r"""|<(?P<name>[^\s/>!?"'=]+)(?P<rest>[^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+)>""",
    re.DOTALL,
)
_START: Final = re.compile(r"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>|(?P<name>[^/!?]))", re.DOTALL)
"""Where a start tag begins, and what only looks as if it held some: much quicker than to look at whole tags."""
_STEP: Final = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<position>\d+)\])?")
_BEFORE, _MARKED, _AFTER = 72, 120, 60
"""Characters of a line that are shown."""


class Mark(Struct, frozen=True):
    """A place in the text of a document.

    Attributes:
        line: the line, counted from 1.
        column: the column, in characters, counted from 1.
        before: what stands before it in the line; begins with an ellipsis if the line is longer.
        marked: the element, as far as it is in the line; only its start tag if it holds elements; or the attribute.
        after: what stands behind it; ends with an ellipsis if the line is longer.
    """

    line: int
    column: int
    before: str
    marked: str
    after: str


def marks(data: bytes, invoice: _Element, paths: Collection[str]) -> dict[str, Mark]:
    """Find places in the text of a document.

    Args:
        data: the document as it came; it has been parsed.
        invoice: the element that is the invoice.
        paths: XPaths from the root of the document or from the invoice, with standard prefixes and positions, perhaps
            with an attribute at the end.

    Returns:
        The places of the paths that exist; none if text and tree do not tell the same story.
    """
    root = invoice.getroottree().getroot()
    elements = _elements((root, invoice), paths)
    numbers = _numbers(root, elements.values())
    text = to_utf8(data).decode("utf-8", "replace").removeprefix("\ufeff")
    tags = _tags(text, set(numbers.values()))
    extents = {}
    for path, element in elements.items():
        tag = tags.get(numbers[element])
        if tag is None or tag["name"].rpartition(":")[2] != etree.QName(element).localname:
            return {}
        extents[path] = _extent(text, tag, path)
    line = _Line(text)
    in_order = sorted(extents.items(), key=itemgetter(1))
    return {path: _mark(text, line.at(start), start, end) for path, (start, end) in in_order}


class _Line:
    """The line of places that are asked for in their order: only what lies between them is looked at."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._number, self._first, self._last = 1, 0, self._end(0)

    def _end(self, place: int) -> int:
        last = self._text.find("\n", place)
        return len(self._text) if last < 0 else last

    def at(self, place: int) -> tuple[int, int, int]:
        """The number of the line of a place, where it begins, and where it ends.

        Args:
            place: the place, not before the one that was asked for last.
        """
        if place > self._last:
            self._first = self._text.rfind("\n", self._last, place) + 1
            self._number += self._text.count("\n", self._last, self._first)
            self._last = self._end(place)
        return self._number, self._first, self._last


def _elements(starts: Collection[_Element], paths: Iterable[str]) -> dict[str, _Element]:
    """The elements that paths lead to; what several paths have in common is followed once."""
    known: dict[str, _Element | None] = {"": None, **{f"/{name_of(start)}": start for start in starts}}
    below: dict[_Element, dict[str, list[_Element]]] = {}
    found = {}
    for path in paths:
        above, steps = path.partition("/@")[0], []
        while above not in known:
            above, _, step = above.rpartition("/")
            steps.append(step)
        here = known[above]
        for step in reversed(steps):
            above = f"{above}/{step}"
            here = known[above] = _child(here, step, below) if here is not None else None
        if here is not None:
            found[path] = here
    return found


def _child(parent: _Element, step: str, below: dict[_Element, dict[str, list[_Element]]]) -> _Element | None:
    children = below.get(parent)
    if children is None:
        children = below[parent] = {}
        for child in parent:
            children.setdefault(name_of(child), []).append(child)
    match = _STEP.fullmatch(step)
    sisters = children.get(match["name"], []) if match else []
    position = int(match["position"] or 1) if match else 1
    return sisters[position - 1] if 0 < position <= len(sisters) else None


def _numbers(root: _Element, wanted: Collection[_Element]) -> dict[_Element, int]:
    """The place of elements in the order of the document."""
    left = set(wanted)
    found: dict[_Element, int] = {}
    for number, element in enumerate(root.iter("*")):
        if element in left:
            found[element] = number
            left.discard(element)
            if not left:
                break
    return found


def _tags(text: str, wanted: Collection[int]) -> dict[int, re.Match[str]]:
    """The start tags of a text, by their place among all start tags."""
    found: dict[int, re.Match[str]] = {}
    number = -1
    last = max(wanted, default=-1)
    for match in _START.finditer(text):
        if match.lastindex is None:
            continue
        number += 1
        if number in wanted and (tag := _MARKUP.match(text, match.start())) is not None:
            found[number] = tag
        if number >= last:
            break
    return found


def _extent(text: str, tag: re.Match[str], path: str) -> tuple[int, int]:
    """From where to where a place goes."""
    _, is_attribute, attribute = path.rpartition("/@")
    if is_attribute:
        name = re.escape(attribute.rpartition(":")[2])
        match = re.search(rf"""(?<=\s)(?:[^\s=:"']+:)?{name}\s*=\s*(?:"[^"]*"|'[^']*')""", tag["rest"])
        if match:
            return tag.start("rest") + match.start(), tag.start("rest") + match.end()
    if tag["rest"].endswith("/"):
        return tag.span()
    at = tag.end()
    while (markup := _MARKUP.search(text, at)) is not None and markup[0].startswith(("<!", "<?")):
        at = markup.end()
    leaf = markup is not None and markup[0].startswith("</")
    return tag.start(), markup.end() if markup is not None and leaf else tag.end()


def _mark(text: str, line: tuple[int, int, int], start: int, end: int) -> Mark:
    number, first, last = line
    end = min(end, last)
    marked = text[start:end]
    if len(marked) > _MARKED:
        marked, after = f"{marked[: _MARKED - 1]}…", ""
    else:
        after = text[end : min(last, end + _AFTER)] + ("…" if last > end + _AFTER else "")
    before = text[max(first, start - _BEFORE) : start]
    if start - _BEFORE > first:
        before = f"…{before}"
    return Mark(number, start - first + 1, before, marked, after)
