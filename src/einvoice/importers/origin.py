# SPDX-License-Identifier: Apache-2.0
"""Where a value came from, and what was wrong at that place.

Every value of an imported invoice has an :class:`Origin`. What cannot be imported is an :class:`ImportFault`, which
is data and not an exception: one pass over a file finds all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from einvoice.errors import MappingError
from einvoice.importers.wording import letters

OriginKind = Literal["cell", "row", "seller profile", "constant", "line count", "VAT table"]
FaultCode = Literal[
    "MISSING",
    "NUMBER",
    "DATE",
    "TEXT",
    "LOOKUP",
    "VAT",
    "CONTRADICTION",
    "CONFLICT",
    "DUPLICATE",
    "ROW",
    "EXPECTED",
    "SOURCE",
    "REFUSED",
]


class Origin(Struct, frozen=True, omit_defaults=True):
    """The place that a value was taken from, or was looked for.

    Attributes:
        file: the file as the user named it: the export, the mapping, the seller profile.
        kind: ``cell`` (a cell of the export), ``row`` (a row as a whole), ``seller profile``, ``constant`` (declared
            in the mapping), ``line count`` (the position of the line, as declared) or ``VAT table`` (decided by the
            table of the mapping from the cell that is named).
        sheet: the sheet of a spreadsheet.
        row: the row as a spreadsheet counts it, from 1; a line break inside a quoted cell starts no new row.
        line: the physical line at which that row begins, from 1.
        column: the column, from 1.
        header: the name in the header of that column.
        raw: what stands there, as it stands there.
        key: the key of the mapping or of the profile.
        path: the place in a source that is a tree: a JSON pointer, the path of an element, a segment.
    """

    file: str
    kind: OriginKind = "cell"
    row: int | None = None
    line: int | None = None
    column: int | None = None
    header: str | None = None
    raw: str | None = None
    key: str | None = None
    path: str | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        return f"{self.file}, {self.place()}" if self.place() else self.file

    def place(self) -> str:
        """The place inside the file: ``row 17, column 'MwSt'``, ``sheet 'Lines' cell D7``, ``/lines/0/price``."""
        if self.path is not None:
            return self.path if self.line is None else f"{self.path} (line {self.line})"
        if self.sheet is not None and self.row is not None:
            return self._in_sheet()
        if self.row is None:
            return f"key {self.key!r}" if self.key else ""
        row = f"row {self.row}" if self.line in (None, self.row) else f"row {self.row} (line {self.line})"
        return f"{row}, column {self.header!r}" if self.header is not None else row

    def _in_sheet(self) -> str:
        if self.column is None:
            return f"sheet {self.sheet!r} row {self.row}"
        name = f", column {self.header!r}" if self.header is not None else ""
        return f"sheet {self.sheet!r} cell {letters(self.column)}{self.row}{name}"


class ImportFault(Struct, frozen=True, omit_defaults=True):
    """One reason why a row, or an invoice, cannot be used as it stands.

    Attributes:
        code: a short stable name of the kind of fault.
        message: what is wrong and what to do, without the place.
        origin: where.
        term: the business term concerned, such as ``BT-152``; empty where the row as a whole is at fault.
        path: where in the model the value would stand, such as ``lines[3].vat_information.rate``.
    """

    code: FaultCode
    message: str
    origin: Origin
    term: str = ""
    path: str = ""

    def __str__(self) -> str:
        place = self.origin.place() or self.origin.file
        return f"{place} ({self.term}): {self.message}" if self.term else f"{place}: {self.message}"


class Record:
    """Cells that belong together, and where they stand: a row of a table.

    Attributes:
        cells: the cells as they stand in the source.
        row: the row, from 1.
        line: the physical line, from 1.
    """

    __slots__ = ("cells", "line", "row")

    def __init__(self, cells: Sequence[str], row: int, line: int) -> None:
        self.cells = cells
        self.row = row
        self.line = line

    def place(self, position: int) -> tuple[int, int]:
        """The row and the physical line of a cell.

        Args:
            position: which cell, from 0.
        """
        del position
        return self.row, self.line

    def origin(self, file: str, headers: Sequence[str], trace: Trace) -> Origin:
        """Name some of the cells.

        Args:
            file: the file as the user named it.
            headers: the names of its columns.
            trace: which cells.
        """
        if not trace.positions:
            return self.here(file, trace.kind, trace.key)
        positions = trace.chosen(self.cells)
        first = positions[0]
        row, line = self.place(first)
        return Origin(
            file,
            trace.kind,
            row=row,
            line=line,
            column=first + 1,
            header=" + ".join(headers[position] for position in positions),
            raw=" + ".join(self.cells[position] for position in positions),
            key=trace.key,
        )

    def here(self, file: str, kind: OriginKind = "row", key: str | None = None) -> Origin:
        """Name the record as a whole.

        Args:
            file: the file as the user named it.
            kind: the kind of origin.
            key: the key of the mapping that asked for it.
        """
        return Origin(file, kind, row=self.row, line=self.line, key=key)

    def below(self, path: str) -> Sequence[Record]:
        """The records that stand below this one; a row has none.

        Args:
            path: where they stand.
        """
        raise MappingError(f"rows have nothing below them at {path!r}", code="MAPPING_KEY")


class Trace(Struct, frozen=True):
    """How to name the origin of a value that was read from cells.

    Attributes:
        kind: the kind of origin.
        positions: the cells it was read from, from 0.
        key: the key of the mapping that asked for it.
        first: whether only the first cell that says something counts.
    """

    kind: OriginKind
    positions: tuple[int, ...]
    key: str
    first: bool = False

    def chosen(self, cells: Sequence[str]) -> tuple[int, ...]:
        """The cells that the value was read from, of a row.

        Args:
            cells: the cells of the row.
        """
        if not self.first or len(self.positions) == 1:
            return self.positions
        return tuple(at for at in self.positions if cells[at].strip())[:1] or self.positions


class Provenance(Mapping[str, Origin]):
    """The origin of every value of one invoice, by model path such as ``lines[0].item_information.name``.

    Iterating gives the values that exist. :meth:`locate` also answers for values that do not: where they were looked
    for, which is where the user has to write them. Origins are put into words only when somebody asks.
    """

    __slots__ = ("_below", "_file", "_found", "_headers", "_sought")

    def __init__(self, file: str, headers: Sequence[str]) -> None:
        self._file = file
        self._headers = headers
        self._found: dict[str, Origin | tuple[Record, Trace]] = {}
        self._sought: dict[str, Origin | tuple[Record, Trace]] = {}
        self._below: dict[str, str] = {}

    def __getitem__(self, path: str) -> Origin:
        return self._origin(self._found[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def found(self, path: str, where: Origin | tuple[Record, Trace]) -> None:
        """Note where a value was taken from."""
        self._found[path] = where

    def sought(self, path: str, where: Origin | tuple[Record, Trace]) -> None:
        """Note where a value was looked for in vain, or the row that a group stands for."""
        self._sought[path] = where

    def locate(self, path: str) -> Origin | None:
        """The best place to point at for a path of the model.

        Args:
            path: a term or a group, such as ``lines[0]``, ``seller`` or ``buyer_reference``; indices count from 0.

        Returns:
            the origin of the value; else where it was looked for; else the origin of the first value below it; else
            that of the group it stands in; ``None`` if nothing is known.
        """
        here = path
        while here:
            where = self._found.get(here) or self._sought.get(here)
            if where is None and (below := self._first_below(here)):
                where = self._found.get(below) or self._sought.get(below)
            if where is not None:
                return self._origin(where)
            here = _up(here)
        return None

    def empty(self, path: str) -> Origin | None:
        """Where a value was looked for in vain.

        Args:
            path: a term of the model, such as ``buyer_reference``; indices count from 0.

        Returns:
            the cell that should say it, or the first one of the group that says nothing at all; ``None`` if the value
            is there, or nothing was to say it.
        """
        here = path
        while here and here not in self._found:
            where = self._sought.get(here)
            if where is not None:
                return self._origin(where) if isinstance(where, Origin) or where[1].positions else None
            here = _up(here)
        return None

    def _first_below(self, path: str) -> str | None:
        """The first value below a path; the index for it is made when it is asked for first."""
        if not self._below:
            for known in (*self._found, *self._sought):
                above = _up(known)
                while above and above not in self._below:
                    self._below[above] = known
                    above = _up(above)
        return self._below.get(path)

    def _origin(self, where: Origin | tuple[Record, Trace]) -> Origin:
        if isinstance(where, Origin):
            return where
        record, trace = where
        return origin_of(self._file, self._headers, record, trace)


def _up(path: str) -> str:
    return path.rpartition("[" if path.endswith("]") else ".")[0]


def origin_of(file: str, headers: Sequence[str], record: Record, trace: Trace) -> Origin:
    """Name the cells of a record.

    Args:
        file: the file as the user named it.
        headers: the names of its columns.
        record: the record.
        trace: which of its cells.
    """
    return record.origin(file, headers, trace)
