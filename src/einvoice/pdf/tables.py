# SPDX-License-Identifier: Apache-2.0
"""Whether tables, lists and contents are built of their parts as ISO 14289-1, 7.2 and 7.5 want."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pikepdf import Array, Dictionary, Name, String

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.pdf.tags import Doubt, Element

ILL_BUILT: Final = "a table or a list is not built of its parts as it should be"
HEADLESS: Final = "the cells of a table cannot be led to their headers"
VAST: Final = "its tables have more cells than are looked at"

_SECTIONS: Final = frozenset({"THead", "TBody", "TFoot"})
_CELLS: Final = frozenset({"TH", "TD"})
_PARTS: Final[dict[str, frozenset[str] | set[str]]] = {
    "Table": _SECTIONS | {"TR", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": _CELLS,
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
}
_WHOLES: Final = {
    "TR": _SECTIONS | {"Table"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "TH": {"TR"},
    "TD": {"TR"},
    "LI": {"L"},
    "LBody": {"LI"},
    "TOCI": {"TOC"},
}
_SCOPES: Final = (Name.Row, Name.Column, Name.Both)
_WIDEST: Final = 1_000
_MOST: Final = 500_000
"""Places in all tables of a document: those of some 70,000 lines of an invoice."""


class _Room:
    """How many places the tables of a document may still take, as a few cells can say that they span millions."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MOST

    def has(self, places: int) -> bool:
        self.left -= places
        return self.left >= 0


def ill_built(elements: Sequence[Element]) -> Iterator[Doubt]:
    """What speaks against the tables and lists of a document.

    Args:
        elements: all elements of its structure.
    """
    within = {id(kid): element.kind for element in elements for kid in element.kids}
    names = Counter(name for element in elements if (name := _identifier(element)))
    room = _Room()
    for element in elements:
        kinds = [kid.kind for kid in element.kids]
        allowed = _PARTS.get(element.kind)
        if allowed is not None and (not set(kinds) <= allowed or "Caption" in kinds[1:]):
            yield "7.2", ILL_BUILT
        if element.kind in _WHOLES and within.get(id(element)) not in _WHOLES[element.kind]:
            yield "7.2", ILL_BUILT
        if element.kind == "Table":
            yield from _table(element, names, room)


def _table(table: Element, names: Counter[bytes], room: _Room) -> Iterator[Doubt]:
    counted = Counter(kid.kind for kid in table.kids)
    if (
        counted["THead"] > 1
        or counted["TFoot"] > 1
        or ((counted["THead"] or counted["TFoot"]) and not counted["TBody"])
    ):
        yield "7.2", ILL_BUILT
    groups = [
        [kid for kid in table.kids if kid.kind == "TR"],
        *(kid.kids for kid in table.kids if kid.kind in _SECTIONS),
    ]
    widths = {width for rows in groups for width in _widths(rows, room)}
    if room.left < 0:
        yield "7.2", VAST
    elif len(widths) > 1 or None in widths:
        yield "7.2", ILL_BUILT
    cells = [cell for rows in groups for row in rows for cell in row.kids]
    headers = [cell for cell in cells if cell.kind == "TH"]
    known = {name for cell in headers if (name := _identifier(cell)) and names[name] == 1}
    if any(_attribute(cell, "/Scope") not in _SCOPES for cell in headers) or not all(
        _is_led(cell, known) for cell in cells
    ):
        yield "7.5", HEADLESS


def _widths(rows: Sequence[Element], room: _Room) -> set[int | None]:
    """How wide rows are; ``None`` among them where cells overlap, leave gaps or go beyond the last row or the room."""
    taken: list[set[int]] = [set() for _ in rows]
    for number, row in enumerate(rows):
        column = 0
        for cell in row.kids:
            wide, high = (_span(cell, key) for key in ("/ColSpan", "/RowSpan"))
            if not wide * high or number + high > len(rows) or not room.has(wide * high):
                return {None}
            while column in taken[number]:
                column += 1
            places = range(column, column + wide)
            for columns in taken[number : number + high]:
                if not columns.isdisjoint(places):
                    return {None}
                columns.update(places)
    return {len(columns) if columns == set(range(len(columns))) else None for columns in taken}


def _span(cell: Element, key: str) -> int:
    value = _attribute(cell, key)
    if value is None:
        return 1
    return value if isinstance(value, int) and 0 < value < _WIDEST else 0


def _is_led(cell: Element, known: set[bytes]) -> bool:
    headers = _attribute(cell, "/Headers")
    if headers is None:
        return True
    return isinstance(headers, Array) and all(isinstance(one, String) and bytes(one) in known for one in headers)


def _attribute(cell: Element, key: str) -> object:
    """An attribute of a cell (ISO 32000-1, 14.8.5.7)."""
    said = cell.item.get("/A")
    for one in said if isinstance(said, Array) else [said]:
        if isinstance(one, Dictionary) and one.get("/O") == Name.Table and key in one:
            return one[key]
    return None


def _identifier(element: Element) -> bytes:
    name = element.item.get("/ID")
    return bytes(name) if isinstance(name, String) else b""
