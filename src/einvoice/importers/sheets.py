# SPDX-License-Identifier: Apache-2.0
"""Read a spreadsheet (xlsx, ods, xls): one sheet of lines, or one of invoices and one of their lines.

Numbers and dates of a spreadsheet need no locale. A formula without a value, an error and a number that is none are
faults of the cell, once a mapping asks for it.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.errors import MappingError, MissingExtraError
from einvoice.importers.origin import Origin, Record, Trace
from einvoice.importers.rows import Document, Grouping, Header, Survey, Table
from einvoice.importers.tree import Broken, Exact
from einvoice.importers.wording import column_name, letters, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.importers.declaration import Source
    from einvoice.importers.origin import OriginKind

DEADLINE: Final = 90.0
Rows = list[tuple[int, list[Any]]]


class SheetRecord(Record):
    """A row of a sheet.

    Args:
        cells: its cells.
        row: its number, from 1.
        sheet: the name of the sheet.
        places: for each cell its sheet, row and column, where they do not all stand in this row.
    """

    __slots__ = ("places", "sheet")

    def __init__(
        self, cells: Sequence[str], row: int, sheet: str, places: Sequence[tuple[str, int, int]] | None = None
    ) -> None:
        super().__init__(cells, row, row)
        self.sheet = sheet
        self.places = places

    def origin(self, file: str, headers: Sequence[str], trace: Trace) -> Origin:
        """Name some of the cells."""
        if not trace.positions:
            return self.here(file, trace.kind, trace.key)
        positions = trace.chosen(self.cells)
        first = positions[0]
        sheet, row, column = self.places[first] if self.places else (self.sheet, self.row, first + 1)
        return Origin(
            file,
            trace.kind,
            row=row,
            column=column,
            header=" + ".join(headers[position] for position in positions),
            raw=" + ".join(self.cells[position] for position in positions),
            key=trace.key,
            sheet=sheet,
        )

    def here(self, file: str, kind: OriginKind = "row", key: str | None = None) -> Origin:
        """Name the row as a whole."""
        return Origin(file, kind, row=self.row, key=key, sheet=self.sheet)


class SheetHeader(Header):
    """What the rows of an invoice in one sheet say together."""

    __slots__ = ("sheet",)

    def __init__(self, rows: Sequence[Record], positions: Sequence[int]) -> None:
        super().__init__(rows, positions)
        self.sheet = str(getattr(rows[0], "sheet", ""))

    def origin(self, file: str, headers: Sequence[str], trace: Trace) -> Origin:
        """Name some of the cells."""
        row = self.place(trace.positions[0])[0] if trace.positions else self.row
        return SheetRecord(self.cells, row, self.sheet).origin(file, headers, trace)

    def here(self, file: str, kind: OriginKind = "row", key: str | None = None) -> Origin:
        """Name the first row."""
        return Origin(file, kind, row=self.row, key=key, sheet=self.sheet)


class Sheet(Struct, frozen=True):
    """A sheet whose header has been found.

    Attributes:
        name: its name.
        headers: the names of its columns.
        rows: the rows below the header, each with its number.
    """

    name: str
    headers: tuple[str, ...]
    rows: Rows


class Book(Struct, frozen=True):
    """A spreadsheet, or what of it a mapping reads.

    Attributes:
        file: its name, for messages.
        invoices: the sheet of what is said once per invoice, or the only one.
        lines: the sheet of the lines, if there are two.
    """

    file: str
    invoices: Sheet
    lines: Sheet | None

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns of both sheets; one that stands in both is named once."""
        mine = self.invoices.headers
        return mine if self.lines is None else (*mine, *(name for name in self.lines.headers if name not in mine))

    def table(self) -> Table:
        """The only sheet as a table."""
        sheet = self.invoices
        return Table(
            self.file,
            sheet.headers,
            lambda: (SheetRecord(cells, number, sheet.name) for number, cells in sheet.rows),
            header=SheetHeader,
        )

    def documents(self, grouping: Grouping) -> tuple[list[Document], Survey]:
        """The invoices of two sheets, each with the lines of its number.

        Args:
            grouping: which column is the invoice number.

        Raises:
            MappingError: a line belongs to no invoice, or the number is not a column of both sheets.
        """
        assert self.lines is not None  # noqa: S101 - asked only of two sheets
        number = self.headers[grouping.number]
        lines = self._grouped(self.lines, number)
        found, starts = [], dict[str, list[int]]()
        for row, cells in self.invoices.rows:
            name = str(cells[grouping.number]).strip()
            starts.setdefault(name, []).append(row)
            header = SheetRecord((*cells, *[""] * (len(self.headers) - len(cells))), row, self.invoices.name)
            made = tuple(self._line(header, *line) for line in lines.get(name, ()))
            found.append(Document(name, header, made, {}, row, 1))
        for name, orphans in lines.items():
            if name not in starts:
                where = f"sheet {self.lines.name!r} row {orphans[0][0]}"
                message = f"{where}: sheet {self.invoices.name!r} has no invoice {shown(name)}"
                raise MappingError(message, source=self.file, code="SHEET_LINES")
        again = {name: tuple(rows) for name, rows in starts.items() if len(rows) > 1}
        return found, Survey(len(found), again)

    def _grouped(self, sheet: Sheet, number: str) -> dict[str, Rows]:
        if number not in sheet.headers:
            message = f"sheet {sheet.name!r} has no column {number!r}, which says what invoice a line belongs to"
            raise MappingError(message, source=self.file, code="SHEET_COLUMNS")
        at, current = sheet.headers.index(number), ""
        made: dict[str, Rows] = {}
        for row, cells in sheet.rows:
            current = str(cells[at]).strip() or current
            made.setdefault(current, []).append((row, cells))
        return made

    def _line(self, header: SheetRecord, row: int, cells: list[Any]) -> SheetRecord:
        """A line, to which the columns that only the other sheet has belong too."""
        assert self.lines is not None  # noqa: S101 - asked only of two sheets
        own = {name: at for at, name in enumerate(self.lines.headers)}
        made, places = [], []
        for at, name in enumerate(self.headers):
            mine = own.get(name)
            made.append(header.cells[at] if mine is None else cells[mine])
            where = (self.invoices.name, header.row, at + 1) if mine is None else (self.lines.name, row, mine + 1)
            places.append(where)
        return SheetRecord(made, row, self.lines.name, places)


def read_book(data: bytes, source: Source, file: str) -> Book:
    """Read a spreadsheet.

    Args:
        data: its bytes.
        source: which sheets, and where the header stands.
        file: its name, for messages.

    Raises:
        MissingExtraError: the library that reads spreadsheets is not installed.
        MappingError: it cannot be read, or does not have the sheets or a header.
    """
    sheets = read_sheets(data, file)
    filled = [name for name, rows in sheets.items() if rows]
    name = source.sheet
    if name is None:
        if len(filled) != 1:
            has = f"it has {listed([repr(one) for one in filled])}" if filled else "all its sheets are empty"
            message = f"say in [source] of the mapping which sheet is meant, sheet = '…': {has}"
            raise MappingError(message, source=file, code="SHEET_NAME")
        name = filled[0]
    invoices = _sheet(sheets, name, source.header_row, file)
    lines = _sheet(sheets, source.lines_sheet, source.header_row, file) if source.lines_sheet else None
    return Book(file, invoices, lines)


def read_sheets(data: bytes, file: str) -> dict[str, Rows]:
    """All sheets of a spreadsheet, read in a process of its own.

    Args:
        data: its bytes.
        file: its name, for messages.

    Raises:
        MissingExtraError: the library that reads spreadsheets is not installed.
        MappingError: the file is refused, or reading it did not end well.
    """
    if importlib.util.find_spec("python_calamine") is None:
        raise MissingExtraError("import", "reading a spreadsheet")
    command = [sys.executable, "-I", str(Path(__file__).with_name("sheet_worker.py"))]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=DEADLINE, check=False)  # noqa: S603 - this interpreter, this package
    except subprocess.TimeoutExpired:
        message = f"the spreadsheet could not be read within {DEADLINE:.0f} seconds"
        raise MappingError(message, source=file, code="SHEET_LIMIT") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise MappingError(
            "the spreadsheet is refused: reading it needed more than a spreadsheet may, or ended the process",
            source=file,
            code="SHEET_LIMIT",
        ) from None
    if "refused" in answer:
        raise MappingError(f"the spreadsheet is refused: {answer['refused']}", source=file, code="SHEET")
    return {
        sheet["name"]: [(number, [_cell(cell) for cell in cells]) for number, cells in sheet["rows"]]
        for sheet in answer["sheets"]
    }


def _cell(cell: str | list[str] | None) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    kind, text = cell
    return Broken(text) if kind == "!" else Exact(text)


def _sheet(sheets: dict[str, Rows], name: str, header_row: int, file: str) -> Sheet:
    if name not in sheets:
        has = listed([repr(one) for one in sheets])
        raise MappingError(f"there is no sheet {name!r}; there are {has}", source=file, code="SHEET_NAME")
    rows = dict(sheets[name])
    if header_row == 0:
        width = max((len(cells) for cells in rows.values()), default=0)
        headers = tuple(letters(column) for column in range(1, width + 1))
    else:
        headers = tuple(column_name(str(cell)) for cell in rows.get(header_row, ()))
        while headers and not headers[-1]:
            headers = headers[:-1]
    if not headers:
        way = f"say in [source] of the mapping which row has them, such as header_row = {header_row + 1}"
        message = f"sheet {name!r} has no column names in row {header_row}: {way}"
        raise MappingError(message, source=file, code="SHEET_HEADER")
    return Sheet(name, headers, [*_below(rows, len(headers), header_row, name, file)])


def _below(
    rows: dict[int, list[Any]], width: int, header_row: int, name: str, file: str
) -> Iterator[tuple[int, list[Any]]]:
    for number, cells in rows.items():
        if number <= header_row:
            continue
        beyond = next((at for at, cell in enumerate(cells[width:], width + 1) if cell.strip()), 0)
        if beyond:
            message = (
                f"sheet {name!r} cell {letters(beyond)}{number} stands in a column without a name: name it, or say in"
                f" [source] of the mapping which row has the names, such as header_row = {header_row + 2}"
            )
            raise MappingError(message, source=file, code="SHEET_RAGGED")
        if any(cell.strip() for cell in cells):
            yield number, [*cells[:width], *[""] * (width - len(cells))]
