# SPDX-License-Identifier: Apache-2.0
"""The table of INVOIC D.14B, compiled: segments with terms in them, read both ways.

The grammar stands at the head of ``invoic.txt``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.bind.edifact.exemptions import Exemption
from einvoice.model import Attachment, Identifier, Invoice, fields_of, terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.bind.edifact.message import Group
    from einvoice.bind.edifact.segments import Segment

_ROW: Final = re.compile(
    r"(?P<indent> *)(?:(?P<group>SG\d+) )?(?:(?P<scope>BG-\d+|@[\w.]+) )?(?P<segment>\S+)(?: \?(?P<having>\S+))?"
)
_TERM: Final = re.compile(r"\{(?P<id>[\w.-]+)(?:/(?P<part>\w+))?(?:=(?P<codes>[\w|]+))?(?:~(?P<how>\w+))?\}")
_INDENT: Final = 2
TEXTS: Final = 5
"""How many components a free text has (C108)."""


class Slot(Struct, frozen=True):
    """A component that holds a term.

    Attributes:
        element: the data element, counted from 1.
        component: the component in it, counted from 1.
        path: the place in the model, without indices.
        term: the number of the term.
        kind: ``str``, ``Decimal`` or ``date``.
        codes: the codes that it may hold; empty if anything.
        how: a named translation; empty if none.
    """

    element: int
    component: int
    path: str
    term: str
    kind: str
    codes: tuple[str, ...]
    how: str


class Row(Struct, frozen=True):
    """A segment, or a segment group with its trigger.

    Attributes:
        group: the segment group that it opens; empty for a segment.
        scope: the group of the model that each occurrence is one of; empty if none.
        tag: the tag of the segment.
        constants: what is written out: element, component, text.
        slots: the terms in it.
        having: the group is meant only if it holds a segment of this tag and first component.
        rows: what belongs to the group.
        repeats: whether the group of the model repeats.
    """

    group: str
    scope: str
    tag: str
    constants: tuple[tuple[int, int, str], ...]
    slots: tuple[Slot, ...]
    having: tuple[str, str]
    rows: tuple[Row, ...]
    repeats: bool

    def fits(self, segment: Segment) -> bool:
        """Whether a segment is what the row speaks of.

        Args:
            segment: the segment.
        """
        if segment.tag != self.tag or any(segment.get(one, two) != text for one, two, text in self.constants):
            return False
        closed = [slot for slot in self.slots if slot.codes]
        return all(segment.get(slot.element, slot.component) in slot.codes for slot in closed) and not (
            closed and any(segment.get(slot.element, slot.component + 1) for slot in closed)
        )

    def means(self, group: Group) -> bool:
        """Whether a segment group is what the row speaks of.

        Args:
            group: the group.
        """
        if group.name != self.group or not self.fits(group.trigger):
            return False
        tag, first = self.having
        return not tag or any(one.tag == tag and first in ("", one.get(1)) for one in group.segments())


@cache
def table() -> tuple[Row, ...]:
    """The rows of the message itself; those of its groups are in them."""
    text = (files("einvoice.bind.edifact") / "invoic.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return tuple(_rows(lines, 0))


def _rows(lines: list[str], depth: int) -> Iterator[Row]:
    """The rows at one depth; takes them, and what belongs to them, from the front."""
    while lines and _depth(lines[0]) == depth:
        line = lines.pop(0)
        yield _row(line, tuple(_rows(lines, depth + 1)))


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip(" "))) // _INDENT


def _row(line: str, rows: tuple[Row, ...]) -> Row:
    match = _ROW.fullmatch(line)
    if match is None:
        raise ValueError(line)
    elements = _split(match["segment"], "+")
    constants, slots = [], []
    for number, element in enumerate(elements[1:], 1):
        for place, text in enumerate(_split(element, ":"), 1):
            if term := _TERM.fullmatch(text):
                slots.append(_slot(number, place, term))
            elif text:
                constants.append((number, place, text))
    scope = _scope(match["scope"] or "")
    having = (match["having"] or "").partition("+")
    repeats = bool(scope) and _field(scope)[1]
    return Row(
        match["group"] or "",
        scope,
        elements[0],
        tuple(constants),
        tuple(slots),
        (having[0], having[2]),
        rows,
        repeats,
    )


def _split(text: str, sign: str) -> list[str]:
    """Cut at a sign, but not inside of braces."""
    return re.split(rf"{re.escape(sign)}(?![^{{]*\}})", text)


def _scope(name: str) -> str:
    return name[1:] if name.startswith("@") else places().get(name, "")


def _slot(element: int, component: int, match: re.Match[str]) -> Slot:
    path = places().get(match["id"], match["id"])
    kind = _field(path)[0]
    if kind is Identifier:
        path, kind = f"{path}.{match['part'] or 'value'}", str
    elif kind is Attachment:
        path, kind = f"{path}.{match['part']}", str
    codes = tuple((match["codes"] or "").split("|")) if match["codes"] else ()
    return Slot(element, component, path, match["id"], kind.__name__, codes, match["how"] or "")


@cache
def places() -> dict[str, str]:
    """The place of each term and group of EN 16931 in the model, by its number."""
    found: dict[str, str] = {}
    for path, term in terms().items():
        found.setdefault(term.id, path)
    return found


class Whole(Struct, frozen=True):
    """The invoice, and beside it what the message says in a place of its own."""

    exemptions: tuple[Exemption, ...] = ()


@cache
def _field(path: str) -> tuple[type, bool]:
    """The type of a place in the model, and whether it repeats."""
    names = path.split(".")
    owner: type[Struct] = Whole if names[0] == "exemptions" else Invoice
    kind, repeats = owner, False
    for name in names:
        info = fields_of(kind)[name]
        kind, repeats = info.value_type, info.repeats
    return kind, repeats


@cache
def steps(path: str) -> tuple[tuple[str, str, bool], ...]:
    """The way to a place in the model: for each step its name, the place so far, and whether that repeats.

    Args:
        path: the place, without indices; perhaps a part of an identifier or an attachment.
    """
    found: list[tuple[str, str, bool]] = []
    kind: type = object
    for name in path.split("."):
        here = f"{found[-1][1]}.{name}" if found else name
        repeats = False
        if kind not in (Identifier, Attachment):
            kind, repeats = _field(here)
        found.append((name, here, repeats))
    return tuple(found)
