# SPDX-License-Identifier: Apache-2.0
"""Paths in rules about structure, as functions that find elements and what they say.

The grammar is that of :mod:`einvoice.model.structure`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from einvoice.bind.order import CII_NAMESPACES, UBL_NAMESPACES, UBL_ROOTS
from einvoice.bind.structure_inquiry import NONE
from einvoice.model import structure as grammar
from einvoice.model.parts import UnjudgeableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lxml.etree import _Element

    from einvoice.bind.structure_inquiry import Inquiry

    Values = Callable[[_Element, Inquiry], list[str]]

_NAMESPACES: Final = {**UBL_NAMESPACES, **CII_NAMESPACES}
WHITE: Final = " \t\r\n"
"""White space as XML knows it."""
_WHITE: Final = re.compile(rf"[{WHITE}]+")
_FEW: Final = 4
"""Children of an element that are looked through for a name rather than sorted."""


@cache
def tag_of(name: str) -> str:
    """The name as lxml writes it; the roots of UBL have no prefix.

    Args:
        name: prefix and local name.

    Raises:
        GrammarError: the prefix is unknown.
    """
    prefix, _, local = name.rpartition(":")
    namespace = _NAMESPACES.get(prefix) if prefix else UBL_ROOTS.get(local)
    if namespace is None:
        raise grammar.GrammarError(f"the name {name!r} has no known prefix")
    return f"{{{namespace}}}{local}"


def ending(name: str) -> tuple[str, str]:
    """How the tags begin and end that ``*Amount`` or ``ram:*ID`` means.

    Args:
        name: the name.
    """
    prefix, _, local = name.rpartition(":")
    return (tag_of(f"{prefix}:") if prefix else ""), local.removeprefix("*")


def text_of(element: _Element) -> str:
    """The text of an element as XPath sees it: its own, or that of all below it."""
    return "".join(str(part) for part in element.itertext()) if len(element) else element.text or ""


def trimmed(text: str) -> str:
    """A text without white space around it, and with single blanks in it (``normalize-space``)."""
    return text if text.isalnum() else _WHITE.sub(" ", text).strip(" ")


_CHANGES: Final[dict[str, Callable[[str], str]]] = {
    "upper": str.upper,
    "trim": trimmed,
    "code": lambda text: trimmed(text).upper(),
}


@cache
def values_of(operand: grammar.Operand) -> Values:
    """A function that gives the values of an operand, changed as its function says; the same for all conditions.

    Args:
        operand: the operand.
    """
    if not operand.function:
        path = path_of(operand)
        if path.axis:
            return path.values
        return _attributes(path.tags, path.attribute) if path.attribute else _texts(path.tags)
    change = _CHANGES[operand.function]
    if operand.attribute and not operand.names and not operand.axis:
        name = operand.attribute
        return lambda el, _: [change(str(el.get(name, "")))]
    if operand.names and not operand.axis and not operand.attribute:
        return _changed_texts(path_of(operand).tags, change, operand.names[-1])
    last = grammar.Operand("", () if operand.attribute else operand.names[-1:], operand.attribute)
    above = operand.names if operand.attribute else operand.names[:-1]
    parents = path_of(grammar.Operand(operand.axis, above)).elements if above or operand.axis else _itself
    values, name = values_of(last), operand.attribute or (operand.names or (".",))[-1]

    def changed(el: _Element, inquiry: Inquiry) -> list[str]:
        known = inquiry.changed.get(changed)
        if known is None or known[0] is not el:
            found = [change(_only(values(parent, inquiry), name)) for parent in parents(el, inquiry)]
            known = inquiry.changed[changed] = (el, found)
        return known[1]

    return changed


def _changed_texts(tags: tuple[str, ...], change: Callable[[str], str], name: str) -> Values:
    """What the only child of a name says, changed, in each element at the end of a way.

    It is what most functions are asked of, mostly of elements that nothing else is asked of and that hold two or three.
    """
    above, last = tags[:-1], tags[-1]

    def changed(el: _Element, inquiry: Inquiry) -> list[str]:
        known = inquiry.changed.get(changed)
        if known is not None and known[0] is el:
            return known[1]
        parents: Sequence[_Element] = (el,)
        for tag in above:
            if len(parents) == 1:
                parents = _children(parents[0], tag, inquiry)
            else:
                parents = [child for parent in parents for child in _children(parent, tag, inquiry)]
        found = []
        for parent in parents:
            same = _children(parent, last, inquiry)
            text = text_of(same[0]) if len(same) == 1 else _only([text_of(one) for one in same], name)
            found.append(change(text))
        inquiry.changed[changed] = (el, found)
        return found

    return changed


def _children(el: _Element, tag: str, inquiry: Inquiry) -> Sequence[_Element]:
    """The children of a name; those of an element with few are looked through, which is quicker than sorting them."""
    if len(el) > _FEW:
        return inquiry.below[el].get(tag, NONE)
    found = []
    for child in el:
        if child.tag == tag:
            found.append(child)  # noqa: PERF401 -- a comprehension is a call of its own, and costs more than the loop
    return found


def _texts(tags: tuple[str, ...]) -> Values:
    """What the elements at the end of a way say; mostly there is one step, and one element."""
    if not tags:
        return lambda el, _: [text_of(el)]
    if len(tags) != 1:
        return lambda el, inquiry: [*map(text_of, further((el,), tags, inquiry))]
    tag = tags[0]
    return lambda el, inquiry: [*map(text_of, inquiry.below[el].get(tag, NONE))]


def _attributes(tags: tuple[str, ...], name: str) -> Values:
    """What an attribute says: that of the element itself, or of those at the end of a way."""
    if not tags:
        return lambda el, _: [] if (value := el.get(name)) is None else [str(value)]
    return lambda el, inquiry: [str(v) for one in further((el,), tags, inquiry) if (v := one.get(name)) is not None]


def _itself(el: _Element, _: Inquiry) -> Iterable[_Element]:
    return (el,)


def _only(values: list[str], name: str) -> str:
    if len(values) > 1:
        raise UnjudgeableError(f"there are {len(values)} of {name}, and one can be compared")
    return values[0] if values else ""


class Path:
    """A path in a condition, ready to be followed."""

    __slots__ = ("attribute", "axis", "first", "tags")

    def __init__(self, operand: grammar.Operand) -> None:
        self.axis, self.attribute = operand.axis, operand.attribute
        names = list(operand.names)
        self.first: tuple[str, str] = ("", "")
        if self.axis in ("self::", "ancestor::", "/", "//"):
            name = names.pop(0)
            self.first = ending(name) if "*" in name else (tag_of(name), "")
        self.tags = tuple(tag_of(name) for name in names)

    def elements(self, el: _Element, inquiry: Inquiry) -> Sequence[_Element]:
        """The elements that the path leads to; for an attribute, those that may have it."""
        return further(self._starts(el, inquiry) if self.axis else (el,), self.tags, inquiry)

    def _starts(self, el: _Element, inquiry: Inquiry) -> Sequence[_Element]:
        if self.axis.startswith("."):
            return _up(el, len(self.axis) // 3, inquiry)
        if self.axis == "//":
            return inquiry.called(self.first[0])
        if self.axis == "ancestor::":
            found = []
            while el is not inquiry.root and (above := el.getparent()) is not None:
                el = above
                if _called(el, *self.first):
                    found.append(el)
            return found
        start = inquiry.root if self.axis == "/" else el
        return [start] if _called(start, *self.first) else []

    def values(self, el: _Element, inquiry: Inquiry) -> list[str]:
        """What stands there."""
        if self.axis.startswith("/"):
            known = inquiry.said.get(self)
            if known is None:
                known = inquiry.said[self] = self._read(el, inquiry)
            return known
        return self._read(el, inquiry)

    def _read(self, el: _Element, inquiry: Inquiry) -> list[str]:
        found = self.elements(el, inquiry)
        if not self.attribute:
            return [text_of(one) for one in found]
        return [str(value) for one in found if (value := one.get(self.attribute)) is not None]

    def exists(self, el: _Element, inquiry: Inquiry) -> bool:
        """Whether anything stands there."""
        if not self.axis:
            return self._leads(el, 0, inquiry)
        if not self.axis.startswith("/"):
            return any(self._leads(start, 0, inquiry) for start in self._starts(el, inquiry))
        known = inquiry.there.get(self)
        if known is None:
            known = inquiry.there[self] = any(self._leads(start, 0, inquiry) for start in self._starts(el, inquiry))
        return known

    def _leads(self, el: _Element, at: int, inquiry: Inquiry) -> bool:
        """Whether there is anything at the end of the way from an element; the first is enough."""
        if at == len(self.tags):
            return not self.attribute or el.get(self.attribute) is not None
        for child in _children(el, self.tags[at], inquiry):  # noqa: SIM110 -- a generator costs twice as much
            if self._leads(child, at + 1, inquiry):
                return True
        return False


def further(found: Sequence[_Element], tags: tuple[str, ...], inquiry: Inquiry) -> Sequence[_Element]:
    """The elements at the end of a way from some.

    Args:
        found: where it begins.
        tags: the tags along it.
        inquiry: what is known of the document.
    """
    below = inquiry.below
    for tag in tags:
        if len(found) == 1:  # the common case, and much the quickest
            found = below[found[0]].get(tag, NONE)
        elif not found:
            break
        else:
            found = [child for parent in found for child in below[parent].get(tag, NONE)]
    return found


def _up(el: _Element, levels: int, inquiry: Inquiry) -> list[_Element]:
    """The element so many levels above, within the invoice."""
    for _ in range(levels):
        parent = None if el is inquiry.root else el.getparent()
        if parent is None:
            return []
        el = parent
    return [el]


@cache
def path_of(operand: grammar.Operand) -> Path:
    """A path, the same for all conditions that name it, so that a document is asked once."""
    return Path(operand)


def _called(el: _Element, begins: str, ends: str) -> bool:
    tag = str(el.tag)
    return tag.startswith(begins) and tag.endswith(ends) if ends else tag == begins
