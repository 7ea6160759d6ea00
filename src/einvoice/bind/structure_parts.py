# SPDX-License-Identifier: Apache-2.0
"""The elements of a document for the functions that are asked about them (:class:`einvoice.model.parts.Part`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from einvoice.bind.paths import name_of
from einvoice.bind.structure_inquiry import NONE
from einvoice.bind.structure_paths import further, tag_of, text_of
from einvoice.model.parts import UnjudgeableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.etree import _Element

    from einvoice.bind.structure_inquiry import Inquiry
    from einvoice.model.parts import Part

T = TypeVar("T")
_UNKNOWN: Final = object()


class TreePart:
    """An element of an lxml tree; see the protocol.

    Attributes:
        element: the element.
    """

    __slots__ = ("_inquiry", "element")

    def __init__(self, element: _Element, inquiry: Inquiry) -> None:
        self.element = element
        self._inquiry = inquiry

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TreePart) and other.element is self.element

    def __hash__(self) -> int:
        return hash(self.element)

    @property
    def name(self) -> str:
        """Its name with the prefix."""
        return name_of(self.element)

    @property
    def written(self) -> str:
        """Its name with the prefix that the document declares."""
        local = str(self.element.tag).rpartition("}")[2]
        return f"{self.element.prefix}:{local}" if self.element.prefix else local

    @property
    def bare(self) -> bool:
        """Whether no element stands in it."""
        return next(self.element.iterchildren("*"), None) is None

    @property
    def text(self) -> str:
        """Its text and that of all below it."""
        return text_of(self.element)

    @property
    def above(self) -> Part | None:
        """The element that it stands in."""
        parent = None if self.element is self._inquiry.root else self.element.getparent()
        return None if parent is None else TreePart(parent, self._inquiry)

    @property
    def top(self) -> Part:
        """The element that the document is."""
        return TreePart(self._inquiry.root, self._inquiry)

    @property
    def children(self) -> list[Part]:
        """The elements that stand directly in it."""
        return [TreePart(el, self._inquiry) for el in self.element.iterchildren("*")]

    def get(self, name: str) -> str | None:
        """An attribute of it."""
        return self.element.get(name)

    def has(self, path: str) -> bool:
        """Whether anything stands there."""
        tags, attribute = way(path)
        found = further((self.element,), tags, self._inquiry)
        return any(el.get(attribute) is not None for el in found) if attribute else bool(found)

    def parts(self, path: str) -> list[Part]:
        """The elements that stand there."""
        inquiry = self._inquiry
        return [TreePart(el, inquiry) for el in further((self.element,), way(path)[0], inquiry)]

    def texts(self, path: str) -> list[str]:
        """What they say, or what the attribute says."""
        tags, attribute = way(path)
        found: Sequence[_Element]
        if len(tags) == 1:  # what most functions ask, without a call
            found = self._inquiry.below[self.element].get(tags[0], NONE)
        else:
            found = further((self.element,), tags, self._inquiry)
        if attribute:
            return [str(value) for el in found if (value := el.get(attribute)) is not None]
        if len(found) == 1:  # the common case, and much the quickest
            one = found[0]
            return [text_of(one) if len(one) else one.text or ""]
        return [text_of(el) for el in found]

    def one(self, path: str) -> str:
        """What the only one there says."""
        return _only(self.texts(path), path)

    def own(self, path: str) -> str:
        """The only text that stands directly in the elements there."""
        found = further((self.element,), way(path)[0], self._inquiry)
        if len(found) == 1 and not len(found[0]):
            return found[0].text or ""
        texts = [text for el in found for text in (el.text, *(child.tail for child in el)) if text]
        return _only(texts, path)

    def anywhere(self, name: str) -> list[Part]:
        """Every element of a name in the document."""
        inquiry = self._inquiry
        return [TreePart(el, inquiry) for el in inquiry.called(tag_of(name))]

    def recall(self, fact: Callable[[Part], T]) -> T:
        """Something about the document, found out once."""
        facts = self._inquiry.facts
        known = facts.get(fact, _UNKNOWN)
        if known is _UNKNOWN:
            try:
                known = facts[fact] = fact(self.top)
            except UnjudgeableError as error:
                known = facts[fact] = error
        if known.__class__ is UnjudgeableError:
            raise UnjudgeableError(str(known))
        return known  # type: ignore[return-value]  # what the fact has found out


@cache
def way(path: str) -> tuple[tuple[str, ...], str]:
    """The tags along a path, and the attribute at its end.

    Args:
        path: the path; ``.`` has no tags.
    """
    *names, last = path.split("/")
    attribute = last.removeprefix("@") if last.startswith("@") else ""
    names = names if attribute or last == "." else [*names, last]
    return tuple(tag_of(name) for name in names if name != "."), attribute


def _only(texts: list[str], path: str) -> str:
    if len(texts) > 1:
        raise UnjudgeableError(f"there are {len(texts)} of {path}, and one can be compared")
    return texts[0] if texts else ""
