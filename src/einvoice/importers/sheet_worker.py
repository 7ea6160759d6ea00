# SPDX-License-Identifier: Apache-2.0
"""Read a spreadsheet in a process of its own: ``python sheet_worker.py < book.xlsx``.

A library that reads spreadsheets can be made to take all memory, or to end the process, by a file of a few kilobytes.
So it never runs in the process that does the work: this one looks at the file first, limits itself, and writes what
it found as JSON. Cells are ``null``, a text, or a pair: ``["n", "1.5"]`` a number, ``["d", "2026-01-31"]`` a date,
``["!", reason]`` a cell that says nothing that can be relied on.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
import zipfile
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY: Final = 2_000_000_000
SECONDS: Final = 60
MAX_UNPACKED: Final = 300_000_000
MAX_RATIO: Final = 250
MAX_FILES: Final = 2_000
MAX_ROW: Final = 250_000
MAX_COLUMN: Final = 1_000
SMALL: Final = 1_000_000
EXCEL_DIGITS: Final = Context(prec=15)
REFUSED: Final = 3
_CELL: Final = re.compile(rb'<c\b(?=[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})")[^>]*?(?:/>|>(.*?)</c>)', re.DOTALL)
_NO_VALUE: Final = re.compile(rb"<v\s*/>|<v>\s*</v>")
_ERROR: Final = re.compile(rb'\bt="e"')


def main() -> None:
    """Read the spreadsheet on standard input; write its sheets, or the reason why not, on standard output."""
    _limit()
    data = sys.stdin.buffer.read()
    try:
        _say({"sheets": [*_sheets(data)]})
    except MemoryError:
        _refuse("it needs more memory than a spreadsheet may")


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the deadline of the parent has to do
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()


def _refuse(reason: str) -> NoReturn:
    _say({"refused": reason})
    raise SystemExit(REFUSED)


def _sheets(data: bytes) -> Iterator[dict[str, Any]]:
    import python_calamine

    unsaid = _look(data) if data.startswith(b"PK") else {}
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            yield {"name": name, "rows": [*_rows(rows, unsaid.get(name, {}))]}
    except python_calamine.PasswordError:
        _refuse("it is protected by a password: save it without one")
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        _refuse(f"it cannot be read as a spreadsheet ({' '.join(str(error).split())[:200]})")


def _rows(rows: list[list[Any]], unsaid: dict[tuple[int, int], str]) -> Iterator[list[Any]]:
    """The rows that are not blank, each as its number and its cells."""
    doubtful: dict[int, dict[int, str]] = {}
    for (number, column), reason in unsaid.items():
        doubtful.setdefault(number, {})[column] = reason
    for number, row in enumerate(rows, 1):
        cells: list[Any] = [_cell(value) for value in row]
        for column, reason in doubtful.get(number, {}).items():
            cells += [None] * (column - len(cells))
            cells[column - 1] = ["!", reason]
        if any(cell is not None for cell in cells):
            yield [number, cells]


def _cell(value: object) -> str | list[str] | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return ["d", value.date().isoformat()] if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    return str(value) or None


def _number(value: float) -> list[str]:
    """A number with the fifteen digits that a spreadsheet shows; it is kept as a binary fraction in the file."""
    made = EXCEL_DIGITS.create_decimal(Decimal(repr(value)))
    if not made.is_finite():
        return ["!", f"{value} is no number"]
    text = f"{made:f}"
    return ["n", text.rstrip("0").rstrip(".") if "." in text else text]


# ------------------------------------------------------------------------------- looking before anything is read


def _look(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Refuse a file that costs too much; return the cells that cannot be relied on, by sheet."""
    try:
        book = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        _refuse(f"it is damaged ({error})")
    entries = book.infolist()
    if len(entries) > MAX_FILES:
        _refuse(f"it holds more than {MAX_FILES} files")
    if any("vbaproject" in entry.filename.lower() for entry in entries):
        _refuse("it holds macros: save it as a workbook without macros (.xlsx)")
    names = _sheet_files(book)
    total, unsaid = 0, {}
    for entry in entries:
        content = _unpacked(book, entry, MAX_UNPACKED - total)
        total += len(content)
        if entry.filename.endswith(".xml") and b"<!DOCTYPE" in content:
            _refuse("it declares a document type, which no spreadsheet needs")
        if entry.filename in names:
            unsaid[names[entry.filename]] = _formulas(content)
        if entry.filename == "content.xml":
            _look_at_ods(content)
    return unsaid


def _unpacked(book: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    content, most = bytearray(), MAX_RATIO * max(entry.compress_size, 1)
    try:
        with book.open(entry) as stream:
            while len(content) <= left and (part := stream.read(SMALL)):
                content += part
                if len(content) > SMALL and len(content) > most:
                    _refuse(f"{entry.filename!r} in it unpacks to more than {MAX_RATIO} times its size")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        _refuse(f"it is damaged or encrypted ({error})")
    if len(content) > left:
        _refuse(f"it unpacks to more than {MAX_UNPACKED} bytes")
    return bytes(content)


def _sheet_files(book: zipfile.ZipFile) -> dict[str, str]:
    """The files of an xlsx that are sheets, with the names of the sheets."""
    try:
        workbook = book.read("xl/workbook.xml").decode("utf-8", "replace")
        related = book.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return {}
    targets = {}
    for tag in re.findall(r"<Relationship\b[^>]*>", related):
        found = dict(re.findall(r'\b(Id|Target)="([^"]*)"', tag))
        targets[found.get("Id", "")] = "xl/" + found.get("Target", "").removeprefix("/xl/").removeprefix("./")
    names = {}
    for tag in re.findall(r"<sheet\b[^>]*>", workbook):
        name, key = re.search(r'\bname="([^"]*)"', tag), re.search(r':id="([^"]*)"', tag)
        if name and key and key[1] in targets:
            names[targets[key[1]]] = _unescaped(name[1])
    return names


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text)


def _formulas(content: bytes) -> dict[tuple[int, int], str]:
    """The cells of a sheet that say nothing that can be relied on, each with the reason."""
    unsaid = {}
    for found in _CELL.finditer(content):
        row, column = int(found[2]), _column(found[1])
        if row > MAX_ROW or column > MAX_COLUMN:
            place, read = f"{found[1].decode()}{row}", f"{MAX_ROW} rows and {MAX_COLUMN} columns are read"
            _refuse(f"it has a cell at {place}; {read}: remove what stands there")
        inside = found[3] or b""
        if b"<f" in inside and (b"<v" not in inside or _NO_VALUE.search(inside)):
            unsaid[row, column] = "a formula without a value: open the file in the spreadsheet program and save it"
        elif _ERROR.search(found[0][: found[0].find(b">")]):
            shown = re.search(rb"<v>([^<]{0,40})</v>", inside)
            unsaid[row, column] = f"the error {shown[1].decode('utf-8', 'replace')}" if shown else "an error"
    return unsaid


def _look_at_ods(content: bytes) -> None:
    """A cell or row that is repeated a million times costs a few bytes in an ODS."""
    for found in re.finditer(rb'<table:table-cell\b[^>]*number-columns-repeated="([0-9]+)"[^>]*office:value', content):
        if int(found[1]) > MAX_COLUMN:
            _refuse(f"a cell in it is repeated {found[1].decode()} times")
    for found in re.finditer(
        rb'<table:table-row\b[^>]*number-rows-repeated="([0-9]+)"[^>]*>(.*?)</table:table-row>', content, re.DOTALL
    ):
        if int(found[1]) > MAX_ROW and (b"office:value" in found[2] or b"<text:p" in found[2]):
            _refuse(f"a row in it is repeated {found[1].decode()} times")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


if __name__ == "__main__":
    main()
