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
# The fields that the innermost group has: a bit for each, the first field the lowest. Above them stand the fields of
# the groups that have no element of their own (``Layout``).
Present = int
Emit = Callable[[Groups, "Context", Present], str]

# Where the fields of groups without an element of their own stand: the group's field, and how far up its fields begin.
Layout = tuple[tuple[str, int], ...]

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


def present_in(group: Struct, layout: Layout = ()) -> Present:
    """The fields of a group that have a value.

    Args:
        group: a group of the model.
        layout: the groups below it whose fields count too.
    """
    present = 0
    for bit, value in zip(_BITS, astuple(group)):  # noqa: B905 - there are more bits than fields
        if value is not None and value is not _EMPTY:
            present |= bit
    for name, first in layout:
        below = getattr(group, name)
        if below is not None:
            present |= present_in(below) << first
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


_Need = tuple[int, str, str]


class Needs:
    """Which fields of the open groups an element and all below it look at."""

    def __init__(self, root: Element) -> None:
        self._known: dict[Element, frozenset[_Need]] = {}
        self._layouts: dict[type[Struct], dict[str, type[Struct]]] = {}
        for element in root.below():
            for target in (element.text, *element.attributes.values(), element.group):
                start = root.cls if target is None or target.from_root else target.anchor.cls
                if target is not None and start is not None and target.chain and not target.chain[0].repeats:
                    self._layouts.setdefault(start, {})[target.chain[0].name] = target.chain[0].value_type

    def layout(self, cls: type[Struct]) -> Layout:
        """The groups below a class whose fields are looked at from its own element.

        Args:
            cls: the class of a group.
        """
        first, found = len(_BITS), []
        for name in self._layouts.get(cls, {}):
            found.append((name, first))
            first += len(_BITS)
        return tuple(found)

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
        at_root, needed = opener.parent is None, 0
        for up, name, below in self._of(element):
            if up != 0 and not (up == _ROOT and at_root):
                return None
            needed |= self._bit(opener.cls, name, below)
        return needed

    def _bit(self, cls: type[Struct], name: str, below: str) -> Present:
        inside = self._layouts.get(cls, {}).get(name)
        if inside is None or not below:
            return _bits(cls)[name]
        return _bits(inside)[below] << dict(self.layout(cls))[name]

    def _of(self, element: Element) -> frozenset[_Need]:
        if element not in self._known:
            targets = [target for target in (element.text, *element.attributes.values()) if target is not None]
            found = frozenset(_first(target) for target in targets)
            if element.shares is None:
                found = found.union(*(self._of(child) for child in element.children))
            if element.group is not None:
                outside = {(max(up - 1, _ROOT), name, below) for up, name, below in found if up != 0}
                found = frozenset({_first(element.group), *outside})
            self._known[element] = found
        return self._known[element]


@cache
def _bits(cls: type[Struct]) -> dict[str, Present]:
    return dict(zip(fields_of(cls), _BITS, strict=False))


def _first(target: Target) -> _Need:
    """How many groups further out the way to a term starts, with which field, and with which one below that."""
    names = [*(info.name for info in target.chain), target.info.name, ""]
    return _ROOT if target.from_root else target.up, names[0], names[1]
