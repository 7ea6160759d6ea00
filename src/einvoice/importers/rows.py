# SPDX-License-Identifier: Apache-2.0
"""Rows of a table become documents: which rows are one invoice, and which of them say what.

This is where any tabular export meets the rest: a reader (``csv``) gives a :class:`Table`, and what comes out
are :class:`Document` values, whose records are built into invoices without knowing what kind of file they came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Final

from msgspec import Struct

from einvoice.importers.origin import Record
from einvoice.importers.wording import shown

LINES: Final = "lines"
HEADER: Final = "header"
SKIP: Final = "skip"


class Table(Struct, frozen=True):
    """A table that can be walked more than once.

    Attributes:
        file: its name, for messages.
        headers: the names of its columns, as written, without white space around them.
        rows: starts a walk over its rows, the header and what stands above it left out. Every row has as many
            cells as there are headers.
        header: makes what rows say together; :class:`Header` if not given.
    """

    file: str
    headers: tuple[str, ...]
    rows: Callable[[], Iterator[Record]]
    header: Callable[[Sequence[Record], Sequence[int]], Header] | None = None


class Grouping(Struct, frozen=True):
    """How rows belong together.

    Attributes:
        number: the column that tells invoices apart, from 0.
        kind: the column that tells what a row is; ``None`` where all rows are lines.
        kinds: what its values mean.
        header: the columns of what is said once per invoice.
        scattered: whether the rows of one invoice may stand apart.
    """

    number: int
    kind: int | None
    kinds: dict[str, str]
    header: tuple[int, ...]
    scattered: bool


class Contradiction(Struct, frozen=True):
    """Two rows of one invoice that say different things where only one can be said.

    Attributes:
        position: the column, from 0.
        first: the row that said it first.
        other: the row that says something else.
    """

    position: int
    first: Record
    other: Record


class Header(Record):
    """What the rows of an invoice say together, where each cell remembers its row."""

    __slots__ = ("contradictions", "where")

    def __init__(self, rows: Sequence[Record], positions: Sequence[int]) -> None:
        first = rows[0]
        cells = list(first.cells)
        super().__init__(cells, first.row, first.line)
        self.where: dict[int, Record] = {}
        self.contradictions: dict[int, Contradiction] = {}
        if len(rows) == 1 or not positions:
            return
        said = itemgetter(*positions)
        known = said(cells)
        for row in rows[1:]:
            if said(row.cells) != known:  # most exports repeat everything
                self._add(row, cells, positions, first)
                known = said(cells)

    def _add(self, row: Record, cells: list[str], positions: Sequence[int], first: Record) -> None:
        added = row.cells
        for position in positions:
            said, known = added[position], cells[position]
            if said == known or not said.strip():
                continue
            if not known.strip():
                cells[position] = said
                self.where[position] = row
            elif said.strip() != known.strip() and position not in self.contradictions:
                self.contradictions[position] = Contradiction(position, self.where.get(position, first), row)

    def place(self, position: int) -> tuple[int, int]:
        """The row and the physical line at which a cell was stated first."""
        row = self.where.get(position)
        return (self.row, self.line) if row is None else (row.row, row.line)


class Document(Struct, frozen=True):
    """The rows of one invoice.

    Attributes:
        number: what the grouping column says.
        header: what is said once per invoice; of rows, a :class:`Header`.
        lines: the rows that are lines.
        parts: the rows that are document level allowances or charges, by the name of the group.
        last: the last row.
        size: how many rows there are, left-out ones included.
        faults: rows that cannot be used, with the reason.
    """

    number: str
    header: Record
    lines: tuple[Record, ...]
    parts: dict[str, tuple[Record, ...]]
    last: int
    size: int
    faults: tuple[tuple[Record, str], ...] = ()


class Survey(Struct, frozen=True):
    """What one walk over a table found out.

    Attributes:
        rows: how many rows there are.
        starts: for a number that comes again after other invoices: the rows at which it begins.
    """

    rows: int
    starts: dict[str, tuple[int, ...]]


def survey(table: Table, grouping: Grouping) -> Survey:
    """Walk over a table once: every row is read and checked before the first invoice is made.

    Args:
        table: the table.
        grouping: how its rows belong together.

    Raises:
        MappingError: the table cannot be read to its end.
    """
    begins: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    current, rows = None, 0
    for row in table.rows():
        rows += 1
        number = row.cells[grouping.number].strip()
        if number and number != current:
            if number in begins:
                again.setdefault(number, [begins[number]]).append(row.row)
            begins.setdefault(number, row.row)
            current = number
    return Survey(rows, {} if grouping.scattered else {number: tuple(starts) for number, starts in again.items()})


def documents(table: Table, grouping: Grouping) -> Iterator[Document]:
    """Group the rows of a table into documents.

    A row whose grouping column is blank continues the invoice above it.

    Args:
        table: the table.
        grouping: how its rows belong together.
    """
    for number, rows in _scattered(table, grouping) if grouping.scattered else _together(table, grouping):
        yield _document(number, rows, grouping, table.header or Header)


def _together(table: Table, grouping: Grouping) -> Iterator[tuple[str, list[Record]]]:
    current, rows = "", list[Record]()
    for row in table.rows():
        number = row.cells[grouping.number].strip()
        if number and number != current and rows:
            yield current, rows
            rows = []
        current = number or current
        rows.append(row)
    if rows:
        yield current, rows


def _scattered(table: Table, grouping: Grouping) -> Iterator[tuple[str, list[Record]]]:
    groups: dict[str, list[Record]] = {}
    current = ""
    for row in table.rows():
        current = row.cells[grouping.number].strip() or current
        groups.setdefault(current, []).append(row)
    yield from groups.items()


def _document(
    number: str,
    rows: list[Record],
    grouping: Grouping,
    together: Callable[[Sequence[Record], Sequence[int]], Header],
) -> Document:
    last = rows[-1].row
    if grouping.kind is None:
        return Document(number, together(rows, grouping.header), tuple(rows), {}, last, len(rows))
    sorted_rows: dict[str, list[Record]] = {}
    heads, faults = list[Record](), []
    for row in rows:
        kind = grouping.kinds.get(row.cells[grouping.kind].strip())
        if kind is None:
            faults.append((row, f"{shown(row.cells[grouping.kind])} is not declared below [rows]"))
            continue
        sorted_rows.setdefault(kind, []).append(row)
        if kind != SKIP:
            heads.append(row)
    if HEADER in grouping.kinds.values():
        heads = sorted_rows.get(HEADER, [])
        if not heads:
            faults.append((rows[0], "the invoice has no row that the mapping declares as its header"))
    header = together(heads or rows, grouping.header)
    parts = {kind: tuple(group) for kind, group in sorted_rows.items() if kind not in {LINES, HEADER, SKIP}}
    return Document(number, header, tuple(sorted_rows.get(LINES, ())), parts, last, len(rows), tuple(faults))
