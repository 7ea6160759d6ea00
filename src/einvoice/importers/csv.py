# SPDX-License-Identifier: Apache-2.0

"""Read a CSV export, and refuse one whose shape cannot be trusted.

A cell too many, a quotation mark in the wrong place or a character that was decoded wrongly shifts or changes values
without anybody noticing; so the whole file is checked before the first invoice is made, and the message names row and
column. The format is RFC 4180, with the delimiters and encodings that ERP systems really use.
"""

from __future__ import annotations

import codecs
import csv
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.errors import MappingError
from einvoice.importers.origin import Record
from einvoice.importers.rows import Table
from einvoice.importers.wording import column_name, folded, letters, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.importers.declaration import Source

DELIMITERS: Final = (";", ",", "\t", "|")
NAMES: Final = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
MAX_CELL: Final = 131_072
MAX_COLUMNS: Final = 16_384
"""What a spreadsheet holds."""
FAULTS_SHOWN: Final = 10
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NEVER: Final = re.compile("[\x00\ufeff]")
_FOREIGN: Final = re.compile("\u00ef\u00bb\u00bf")  # a byte order mark of UTF-8, read as cp1252 or ISO 8859
_HINT: Final = re.compile(r'"?sep=([;,\t|])"?[ ;,\t|]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""A first line that tells a spreadsheet the delimiter."""
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_PHYSICAL: Final = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")


def read_table(data: bytes, source: Source, wanted: Sequence[str], file: str) -> Table:
    """Open a CSV export.

    Args:
        data: its bytes.
        source: how the mapping says that it is written.
        wanted: the columns that the mapping names; they tell delimiters apart.
        file: its name, for messages.

    Raises:
        MappingError: it cannot be decoded, the delimiter is ambiguous, or there is no header. What is wrong further
            down is raised by the walk over the rows.
    """
    text = decode(data, source.encoding, file)
    if found := _NEVER.search(text):
        raise _never(text, found, file)
    if not text.strip():
        message = "the export is empty: export it again, with the names of the columns and the invoices"
        raise MappingError(message, source=file, code="CSV_HEADER")
    hint = _HINT.match(text)
    first = 2 if hint else 1
    at = max(source.header_row, first)
    delimiter = source.delimiter or (hint[1] if hint else _detect(text, source, wanted, at, file))
    dialect = Dialect(delimiter, source.quotes == "double")
    headers = _headers(text, dialect, at, file, named=source.header_row > 0)
    return Table(file, headers, lambda: _rows(text, dialect, headers, at if source.header_row else first - 1, file))


class Dialect(Struct, frozen=True):
    """What stands between cells, and whether cells may be quoted."""

    delimiter: str
    quoted: bool


# -------------------------------------------------------------------------------------------------- decoding


def decode(data: bytes, fallback: str, file: str) -> str:
    """Turn bytes into text: by the byte order mark, else as UTF-8, else in the encoding that the mapping declares.

    Args:
        data: the bytes.
        fallback: the declared encoding.
        file: the name of the file, for messages.

    Raises:
        MappingError: a byte means nothing in the encoding; the message names its row.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if not encoding:
                raise MappingError("the export is in UTF-32: export it as UTF-8", source=file, code="CSV_ENCODING")
            hint = f"the export begins as {encoding.upper()} and does not go on so: export it again in one encoding"
            return _strict(data[len(mark) :], encoding, file, hint)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if b"\x00" in data[:1000]:
            message = "the export looks like UTF-16 without a byte order mark: export it as UTF-8"
            raise MappingError(message, source=file, code="CSV_ENCODING") from None
    hint = f"the export is not UTF-8, and the mapping declares {fallback}"
    if fallback == "utf-8":
        hint = "the export is not UTF-8; declare its encoding in [source] of the mapping, such as encoding = 'cp1252'"
    text = _strict(data, fallback, file, hint)
    if found := _FOREIGN.search(text):
        raise _never(text, found, file)
    return text


def _strict(data: bytes, encoding: str, file: str, hint: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        line = len(_LINE_END.findall(before)) + 1
        byte = data[error.start]
        raise MappingError(f"byte {byte:#04x}: {hint}", source=file, line=line, code="CSV_ENCODING") from None


def _never(text: str, found: re.Match[str], file: str) -> MappingError:
    line = len(_LINE_END.findall(text, 0, found.start())) + 1
    what = (
        "a NUL character: the export is damaged, or not a text file"
        if found.group() == "\x00"
        else "a byte order mark in the middle: several exports were put one behind the other; import them one by one"
    )
    begin = max(text.rfind("\n", 0, found.start()), text.rfind("\r", 0, found.start())) + 1
    return MappingError(what, source=file, line=line, column=found.start() - begin + 1, code="CSV_CHARACTER")


# ------------------------------------------------------------------------------------- delimiter and header


def _detect(text: str, source: Source, wanted: Sequence[str], at: int, file: str) -> str:
    """Recognise the delimiter: the one by which the header row has the columns that the mapping names."""
    columns = {}
    for delimiter in DELIMITERS:
        try:
            row = _row_at(text, Dialect(delimiter, source.quotes == "double"), at, file)
        except MappingError:
            continue
        if len(row) > 1:
            columns[delimiter] = {column_name(cell) for cell in row}
    fitting = [delimiter for delimiter, names in columns.items() if names.issuperset(wanted)]
    if source.columns == "optional" and not fitting:
        words = {folded(word) for word in wanted}
        known = {delimiter: len(words & {folded(name) for name in names}) for delimiter, names in columns.items()}
        fitting = [delimiter for delimiter in known if known[delimiter] == max(known.values()) > 0]
    candidates = fitting or list(columns)
    if len(candidates) == 1:
        return candidates[0]
    seen = " and ".join(NAMES[delimiter] for delimiter in candidates) or "none of semicolon, comma, tab and bar"
    message = f"the delimiter is not clear ({seen} would do): declare it in [source] of the mapping, delimiter = ';'"
    if not candidates:
        message += f", or say there which row has the column names, if row {at} is a title: header_row = {at + 2}"
    raise MappingError(message, source=file, line=1, code="CSV_DELIMITER")


def _headers(text: str, dialect: Dialect, at: int, file: str, *, named: bool) -> tuple[str, ...]:
    row = _row_at(text, dialect, at, file)
    if not any(cell.strip() for cell in row):
        what = f"row {at} holds no column names: say in [source] of the mapping which row does, header_row = {at + 1}"
        raise MappingError(what, source=file, line=1, code="CSV_HEADER")
    if not named:
        return tuple(letters(column) for column in range(1, len(row) + 1))
    return tuple(column_name(cell) for cell in row)


def _row_at(text: str, dialect: Dialect, wanted: int, file: str) -> Sequence[str]:
    for row in _records(text, dialect, file):
        if row.row == wanted:
            return row.cells
    return ()


# ------------------------------------------------------------------------------------------------------ rows


def _rows(text: str, dialect: Dialect, headers: tuple[str, ...], header_row: int, file: str) -> Iterator[Record]:
    """Walk over the rows below the header; rows without any content are passed over, but counted."""
    width = len(headers)
    ragged: list[Record] = []
    for row in _records(text, dialect, file):
        if row.row <= header_row:
            continue
        if len(row.cells) == width:
            if any(cell and not cell.isspace() for cell in row.cells):
                yield row
        elif row.cells:
            ragged.append(row)
    if ragged:
        raise _ragged(ragged, headers, file)


def _ragged(rows: list[Record], headers: tuple[str, ...], file: str) -> MappingError:
    width = len(headers)
    too_many = "check delimiter and header_row in [source] of the mapping"
    said = []
    for row in rows[:FAULTS_SHOWN]:
        count = len(row.cells)
        missing = f"column {headers[count]!r} is the first that is missing" if count < width else too_many
        line = "" if row.line == row.row else f" (line {row.line})"
        said.append(f"row {row.row}{line} has {count} cells instead of {width}: {missing}")
    more = f"; and {len(rows) - FAULTS_SHOWN} more rows" if len(rows) > FAULTS_SHOWN else ""
    return MappingError(
        "; ".join(said) + more,
        source=file,
        line=rows[0].line,
        column=min(len(rows[0].cells), width) + 1,
        code="CSV_RAGGED",
    )


def _records(text: str, dialect: Dialect, file: str) -> Iterator[Record]:
    """Split text into records, counted from 1; a fault is located by a second, slower look."""
    tape = _Tape(text)
    reader = csv.reader(
        tape,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
        strict=True,
    )
    sound = _sound(dialect.delimiter)
    quotes = dialect.quoted and '"' in text
    row = 0
    while True:
        row, start, line = row + 1, tape.offset, tape.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _fault(text, start, row, line, dialect, file) from None
        doubtful = tape.offset - start > MAX_CELL or (quotes and '"' in "".join(cells))
        if doubtful and (tape.offset - start > MAX_CELL or not sound.fullmatch(text, start, tape.offset)):
            fault = scan(text, start, dialect)
            if fault is not None:
                raise _located(text, start, fault, row, line, file)
        yield Record(cells, row, line)


@cache
def _sound(delimiter: str) -> re.Pattern[str]:
    """A record as RFC 4180 has it: the standard library lets a quotation mark pass inside a cell without quotes."""
    cell = f'(?:"(?:[^"]++|"")*+"|[^"{re.escape(delimiter)}\\r\\n]*+)'
    return re.compile(f"{cell}(?:{re.escape(delimiter)}{cell})*+(?:\\r\\n|\\r|\\n)?")


class _Tape:
    """The physical lines of a text, with the place that was reached."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.offset = 0
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        for match in _PHYSICAL.finditer(self._text):  # a StringIO would hold four bytes a character
            self.offset = match.end()
            self.line += 1
            yield match[0]


class Fault(Struct, frozen=True):
    """What is wrong with a record.

    Attributes:
        message: what, in words.
        offset: the place in the text, from 0.
        column: the cell, from 1.
    """

    message: str
    offset: int
    column: int


def _fault(text: str, start: int, row: int, line: int, dialect: Dialect, file: str) -> MappingError:
    fault = scan(text, start, dialect) or Fault("the row cannot be read", start, 1)
    return _located(text, start, fault, row, line, file)


def _located(text: str, start: int, fault: Fault, row: int, line: int, file: str) -> MappingError:
    physical = line + len(_LINE_END.findall(text, start, fault.offset))
    message = f"row {row}, column {letters(fault.column)}: {fault.message}"
    return MappingError(message, source=file, line=physical, column=fault.column, code="CSV_QUOTE")


def scan(text: str, start: int, dialect: Dialect) -> Fault | None:
    """Look at one record character by character, as RFC 4180 has it.

    Args:
        text: the export.
        start: where the record begins.
        dialect: how it is written.

    Returns:
        the first fault, or ``None`` if the record is sound.
    """
    offset, column = start, 1
    while True:
        end, fault = (
            _quoted_cell(text, offset, column, dialect)
            if dialect.quoted and text.startswith('"', offset)
            else _plain_cell(text, offset, column, dialect)
        )
        if fault is not None:
            return fault
        if end - offset > MAX_CELL:
            return Fault(f"a cell of more than {MAX_CELL} characters", offset, column)
        if not text.startswith(dialect.delimiter, end):
            return None
        offset, column = end + 1, column + 1
        if column > MAX_COLUMNS:
            return Fault(f"the row has more than {MAX_COLUMNS} columns", offset, column)


def _quoted_cell(text: str, offset: int, column: int, dialect: Dialect) -> tuple[int, Fault | None]:
    at = offset + 1
    while True:
        close = text.find('"', at)
        if close < 0 or close - offset > MAX_CELL:
            return offset, Fault('the cell begins with " and no " ends it', offset, column)
        if not text.startswith('"', close + 1):
            break
        at = close + 2
    end = close + 1
    if end < len(text) and text[end] not in (dialect.delimiter, "\r", "\n"):
        found = shown(text[offset : end + 10].splitlines()[0])
        return end, Fault(
            f'after the " that ends the cell comes more text ({found}): write " inside as ""', end, column
        )
    return end, None


@cache
def _cell_end(delimiter: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(delimiter)}\\r\\n]")


def _plain_cell(text: str, offset: int, column: int, dialect: Dialect) -> tuple[int, Fault | None]:
    match = _cell_end(dialect.delimiter).search(text, offset)
    end = match.start() if match else len(text)
    if dialect.quoted and (stray := text.find('"', offset, end)) >= 0:
        found = shown(text[offset:end])
        hint = "quote the cell and double the mark, or declare quotes = 'none' in [source]"
        return end, Fault(f'a " inside a cell that is not quoted ({found}): {hint}', stray, column)
    return end, None
