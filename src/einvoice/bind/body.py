# SPDX-License-Identifier: Apache-2.0
"""What stands in an element while it is written: the children that the open group has something for.

An invoice uses few of the terms that a syntax knows. Which children can say something follows from the fields that
the open group has; it is worked out once for each combination of fields that turns up, and nobody else is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple

from einvoice.model import fields_of

if TYPE_CHECKING:
    from msgspec import Struct

    from einvoice.bind.tree import Element, Target

# The groups that are open, the innermost last. A tuple would be copied at every group; a list is pushed and popped.
Groups = list[Any]
# The fields that the innermost group has: a bit for each, the first field the lowest.
Present = int
Emit = Callable[[Groups, "Context", Present], str]

_BITS = tuple(1 << place for place in range(64))
_EMPTY: tuple[()] = ()
_COMBINATIONS = 128  # that are remembered for an element
_ROOT = -1


class Context:
    """What is known while one invoice is written.

    Attributes:
        said: currencies by ``$`` and the term that says them, ready to stand in an attribute.
    """

    __slots__ = ("said",)

    def __init__(self, said: dict[str, str]) -> None:
        self.said = said

    def priced(self, text: str) -> str:
        """A text that the syntax demands, with the document's currency in it."""
        for term, currency in self.said.items():
            text = text.replace(f'"{term}"', f'"{currency}"')
        return text


def present_in(group: Struct) -> Present:
    """The fields of a group that have a value.

    Args:
        group: a group of the model.
    """
    present = 0
    for bit, value in zip(_BITS, astuple(group)):  # noqa: B905 - there are more bits than fields
        if value is not None and value is not _EMPTY:
            present |= bit
    return present


@dataclass(eq=False)
class Child:
    """One element that may stand in another.

    Attributes:
        make: makes the function that writes it; ``None`` for what is always the same.
        fallback: what stands there if there is nothing to write.
        needs: the fields of the open group that it says; ``None`` if it looks at other groups too.
    """

    make: Callable[[], Emit] | None
    fallback: str
    needs: Present | None

    @cached_property
    def emit(self) -> Emit | None:
        """The function that writes it, made when it is first needed: most terms stand in few invoices."""
        return self.make() if self.make else None

    def can_speak(self, present: Present) -> bool:
        """Whether there may be something to write."""
        return self.make is not None and (self.needs is None or self.needs & present != 0)


_Part = tuple[Emit | None, str, bool]


class Body:
    """The children of an element; constants and fallbacks are written only beside something that is said."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._known: dict[Present, tuple[list[Emit], list[_Part]]] = {}

    def _choose(self, present: Present) -> tuple[list[Emit], list[_Part]]:
        """Who is asked, and, where there are fallbacks, everybody in order."""
        parts = [
            (child.emit if child.can_speak(present) else None, child.fallback, '"$' in child.fallback)
            for child in self.children
        ]
        parts = [part for part in parts if part[0] is not None or part[1]]
        has_fallbacks = any(fallback for _, fallback, _ in parts)
        if len(self._known) >= _COMBINATIONS:
            self._known.clear()
        chosen = [emit for emit, _, _ in parts if emit is not None], parts if has_fallbacks else []
        self._known[present] = chosen
        return chosen

    def within(self, start: str, end: str, empty: str, *, forced: bool) -> Emit:
        """A function that writes the children, between a start and an end.

        Args:
            start: the start tag.
            end: the end tag.
            empty: what is written if there are no children.
            forced: whether constants are written even beside nothing.
        """
        known, choose = self._known, self._choose

        def body(groups: Groups, context: Context, present: Present) -> str:
            emits, parts = known.get(present) or choose(present)
            if not parts:
                inside = "".join([emit(groups, context, present) for emit in emits])
                return f"{start}{inside}{end}" if inside else empty
            said = [emit(groups, context, present) if emit is not None else "" for emit, _, _ in parts]
            if not forced and not any(said):
                return empty
            inside = "".join(
                [
                    text or (context.priced(fallback) if priced else fallback)
                    for text, (_, fallback, priced) in zip(said, parts, strict=True)
                ]
            )
            return f"{start}{inside}{end}" if inside else empty

        return body


class Needs:
    """Which fields of the open groups an element and all below it look at."""

    def __init__(self) -> None:
        self._known: dict[Element, frozenset[tuple[int, str]]] = {}

    def of(self, element: Element) -> Present | None:
        """The fields of the group that is open around an element; ``None`` if it looks at groups further out.

        Args:
            element: the element.
        """
        opener = element.parent
        while opener is not None and opener.cls is None:
            opener = opener.parent
        if opener is None or opener.cls is None:
            return None
        bits, at_root, needed = _bits(opener.cls), opener.parent is None, 0
        for up, name in self._of(element):
            if up != 0 and not (up == _ROOT and at_root):
                return None
            needed |= bits[name]
        return needed

    def _of(self, element: Element) -> frozenset[tuple[int, str]]:
        if element not in self._known:
            targets = [target for target in (element.text, *element.attributes.values()) if target is not None]
            found = frozenset(_first(target) for target in targets)
            if element.shares is None:
                found = found.union(*(self._of(child) for child in element.children))
            if element.group is not None:
                outside = {(max(up - 1, _ROOT), name) for up, name in found if up != 0}
                found = frozenset({_first(element.group), *outside})
            self._known[element] = found
        return self._known[element]


@cache
def _bits(cls: type[Struct]) -> dict[str, Present]:
    return dict(zip(fields_of(cls), _BITS, strict=False))


def _first(target: Target) -> tuple[int, str]:
    """How many groups further out the way to a term starts, and with which field."""
    return (_ROOT if target.from_root else target.up), (target.chain[0] if target.chain else target.info).name
