# SPDX-License-Identifier: Apache-2.0
"""A source as a tree of values, each of which knows where it stands.

This is what every nested source is turned into (JSON, XML, EDIFACT, X12), and the one thing that the rest asks of it.
A reader makes a :class:`Tree` of plain Python values::

    Tree("orders.json", {"orders": [{"name": "#1001", "total": Exact("9.90")}]}, pointer)

- A record is a ``dict``, several are a ``list``, what says nothing is ``None``.
- A text is a ``str``, written in the locale of the mapping; :class:`Exact` is the text of a number (``1234.5``) or of
  a date (``2026-01-31``) that the source itself knows to be one, so that no locale applies to it. ``True`` and
  ``False`` read as ``true`` and ``false``.
- A reader that knows more than the steps to a value (the line of an element, the number of a segment) puts it into
  the record: a :class:`Node` is a ``dict`` with a ``place`` and a ``line``, from which the names of its members are
  counted again. An EDIFACT reader makes one node a segment::

      Node({"3035": "BY", "C082": Node({"3039": "4012345000009"})}, place="segment 9 (NAD)", line=9)

  and a value in it is called ``segment 9 (NAD)/C082/3039``. How steps are put into words is the tree's ``naming``:
  :func:`pointer` for JSON, :func:`elements` for XML and segments, or a function of the reader's own.

Values are found by the paths of :mod:`einvoice.importers.paths`; the words for a place are made when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

from einvoice.errors import MappingError
from einvoice.importers.wording import shown

if TYPE_CHECKING:
    from einvoice.importers.paths import Path, Step, Way, Where

MAX_VALUES: Final = 1_000_000
TEXT: Final = "#text"
"""The member that is the text of a node which has other members too."""

Steps = tuple[str | int, ...]
Naming = Callable[[str, Steps], str]
"""Puts a place into words: the place of the nearest node (empty at the root), and the steps below it."""


class Exact(str):
    """The text of a number or a date that the source knows to be one: ``1234.5``, ``2026-01-31``."""

    __slots__ = ()


class Broken(str):
    """What stands in a cell that says nothing that can be relied on: the text is the reason."""

    __slots__ = ()


class Node(dict[str, Any]):
    """A record that knows where it stands.

    Args:
        members: its members.
        place: where it stands, in words, such as ``segment 9 (NAD)``; empty to go on counting from the node above.
        line: the line of the source, from 1, if lines mean something there.
    """

    __slots__ = ("line", "place")

    def __init__(self, members: dict[str, Any] | None = None, *, place: str = "", line: int | None = None) -> None:
        super().__init__(members or {})
        self.place = place
        self.line = line


def pointer(place: str, steps: Steps) -> str:
    """A JSON Pointer (RFC 6901), such as ``/Invoices/0/LineItems/2/TaxType``."""
    return place + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def elements(place: str, steps: Steps) -> str:
    """Names with positions from 1, such as ``E1EDP01[2]/MENGE``."""
    said = place
    for step in steps:
        if isinstance(step, int):
            said += f"[{step + 1}]"
        else:
            said += f"/{step}" if said else step
    return said


class Tree(Struct, frozen=True):
    """A source, read.

    Attributes:
        file: its name, for messages.
        root: its values.
        naming: puts a place into words.
    """

    file: str
    root: Any
    naming: Naming = pointer


class Cursor(NamedTuple):
    """A value and how it was reached.

    Attributes:
        value: the value.
        steps: the steps from the nearest node with a place.
        place: that node's place.
        line: the line of the nearest node that has one.
        there: whether the value exists; else the steps say where it would stand.
    """

    value: Any
    steps: Steps = ()
    place: str = ""
    line: int | None = None
    there: bool = True

    def to(self, step: str | int, value: Any, *, there: bool = True) -> Cursor:  # noqa: ANN401 - any value of a tree
        """The cursor one step further."""
        if isinstance(value, Node):
            line = value.line or self.line
            if value.place:
                return Cursor(value, (), value.place, line)
            return Cursor(value, (*self.steps, step), self.place, line)
        return Cursor(value, (*self.steps, step), self.place, self.line, there)

    def text(self) -> str:
        """What the value says.

        Raises:
            MappingError: it is a group of values.
        """
        value = self.value
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | Decimal):
            return Exact(f"{value:f}" if isinstance(value, Decimal) else value)
        if not value or (isinstance(value, Node) and TEXT in value):
            return str(value[TEXT]) if value else ""
        inside = list(value) if isinstance(value, dict) else [f"[{index}]" for index in range(len(value))]
        names = ", ".join(map(str, inside[:8]))
        raise MappingError(f"a group of values stands here, not a value: go on with one of {names}", code="SOURCE")


def root_of(tree: Tree) -> Cursor:
    """The cursor at the root of a tree."""
    root = tree.root
    return Cursor(root, (), root.place, root.line) if isinstance(root, Node) else Cursor(root)


def follow(way: Way, start: Cursor, *, many: bool = False) -> list[Cursor]:
    """Go one alternative of a path.

    Args:
        way: the alternative.
        start: where it begins.
        many: whether several may be found, as where a path names records; else ``[*]`` has to say so.

    Returns:
        What was found; if nothing was, one cursor that is not ``there`` and says where it would stand.

    Raises:
        MappingError: several values are found where one is wanted.
    """
    found = [start]
    for step in way.steps:
        found = [after for cursor in found for after in _take(step, cursor)]
        if len(found) > MAX_VALUES:
            raise MappingError(f"a path finds more than {MAX_VALUES} values", code="SOURCE")
        if not found:
            return []
    there = [cursor for cursor in found if cursor.there]
    if len(there) > 1 and not (many or way.many):
        raise _several(there)
    return there or found[:1]


class Joined(list[Cursor]):
    """Records from elsewhere in the tree, each of which keeps its own place."""

    __slots__ = ()


def records(path: Path, start: Cursor) -> list[Cursor]:
    """The records that a path names: of its alternatives, the first that has any; a list stands for its members.

    Args:
        path: the path.
        start: where it begins.
    """
    for way in path.ways:
        found = [cursor for cursor in follow(way, start, many=True) if cursor.there and cursor.value is not None]
        each = [one for cursor in found for one in _members(cursor)]
        if each:
            return each
    return []


def _members(cursor: Cursor) -> Iterator[Cursor]:
    if isinstance(cursor.value, Joined):
        yield from cursor.value
    elif isinstance(cursor.value, list):
        yield from (cursor.to(index, one) for index, one in enumerate(cursor.value))
    else:
        yield cursor


def _take(step: Step, cursor: Cursor) -> Sequence[Cursor]:
    value = cursor.value
    if isinstance(step, str):
        return _member(step, cursor)
    each = list(_members(cursor)) if cursor.there and value is not None else []
    if isinstance(step, int):
        return each[step : step + 1] or [cursor.to(step, None, there=False)]
    if step is None:
        return each or [cursor.to("*", None, there=False)]
    fitting = [one for one in each if _fits(step, one)]
    said = f"[{'.'.join(step.key)}={'/'.join(sorted(step.values))}]"
    return fitting or [Cursor(None, _marked(cursor.steps, said), cursor.place, cursor.line, there=False)]


def _marked(steps: Steps, said: str) -> Steps:
    """The steps to a choice that chose nothing."""
    return (*steps[:-1], f"{steps[-1]}{said}") if steps and isinstance(steps[-1], str) else (*steps, said)


def _member(name: str, cursor: Cursor) -> Sequence[Cursor]:
    value = cursor.value
    if isinstance(value, list) and value:
        each = list(_members(cursor))
        if len(each) > 1:
            raise _several(each, name)
        return _member(name, each[0])
    if isinstance(value, dict) and name in value:
        return [cursor.to(name, value[name])]
    return [cursor.to(name, None, there=False)]


def _fits(where: Where, cursor: Cursor) -> bool:
    for name in () if where.key == (".",) else where.key:
        (cursor,) = _member(name, cursor)
    if isinstance(cursor.value, dict | list):
        return False
    return cursor.text().strip() in where.values


def _several(found: Sequence[Cursor], below: str = "") -> MappingError:
    then = f" before {shown(below)}" if below else ""
    return MappingError(
        f"{len(found)} values stand here, and one is wanted: say which{then}, such as [0] or [k=v], or [*] for all",
        code="SOURCE",
    )
