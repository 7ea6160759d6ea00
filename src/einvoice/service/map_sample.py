# SPDX-License-Identifier: Apache-2.0
"""Look at a sample of an export whose mapping is not known yet: its format, and what its columns or paths hold."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.errors import MappingError
from einvoice.importers.csv import DELIMITERS, MAX_COLUMNS, decode
from einvoice.importers.declaration import Source
from einvoice.importers.json import read_json_tree
from einvoice.importers.sheets import read_sheets
from einvoice.importers.xml import read_xml_tree
from einvoice.service.map_join import Joined, joined, paired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.importers.tree import Tree

ROWS: Final = 200
LINE_WORDS: Final = re.compile(r"line|item|position|detail|entr|row|E1EDP01", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[A-Za-z0-9_@#$ -]+")


class Column(Struct):
    """A column, or a path of a tree.

    Attributes:
        name: what a mapping calls it.
        values: what stands there, texts that are not empty, of the first rows.
        line: whether it belongs to a line; ``None`` where rows do not tell.
    """

    name: str
    values: list[str]
    line: bool | None = None


class Look(Struct):
    """What a sample shows.

    Attributes:
        source: what the mapping says in [source].
        columns: its columns or paths.
        each: the path to the lines of a tree.
        typed: whether numbers and dates need no locale.
        hints: what else was seen, in sentences.
        joins: the records beside the invoices that these name by a key.
    """

    source: dict[str, str]
    columns: list[Column]
    each: str = ""
    typed: bool = False
    hints: list[str] = []
    joins: list[Joined] = []


def look_at(data: bytes, file: str) -> Look:
    """Look at a sample.

    Args:
        data: its bytes.
        file: its name, for messages.

    Raises:
        MappingError: it is of no known format, or holds nothing to map.
    """
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _sheet(data, file)
    if start.startswith((b"{", b"[")):
        return _tree("json", read_json_tree(data, Source(format="json"), file))
    if start.startswith(b"<"):
        return _tree("xml", read_xml_tree(data, Source(format="xml"), file))
    if start.startswith((b"UNA", b"UNB", b"ISA")):
        message = "this is EDIFACT or X12, whose segments say what they hold: use the preset edifact or x12"
        raise MappingError(message, source=file, code="SAMPLE")
    return _table(data, file)


def _table(data: bytes, file: str) -> Look:
    encoding = "utf-8"
    try:
        text = decode(data, "utf-8", file)
    except MappingError:
        encoding = "cp1252"
        text = decode(data, encoding, file)
    best: tuple[int, str] = (0, "")
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _rows(text, delimiter) if row]
        if widths and widths[0] > 1 and Counter(widths).most_common(1)[0][0] == widths[0]:
            best = max(best, (widths[0], delimiter))
    if not best[1]:
        raise MappingError(
            "no table is recognised here: the first row has to hold the columns", source=file, code="SAMPLE"
        )
    if best[0] > MAX_COLUMNS:
        message = f"the first row has more than {MAX_COLUMNS} columns; take a sample with those of the invoices alone"
        raise MappingError(message, source=file, line=1, code="SAMPLE")
    head, *rows = _rows(text, best[1])
    source = {"format": "csv", "delimiter": best[1]}
    if encoding != "utf-8":
        source["encoding"] = encoding
    return Look(source, _columns(head, rows))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _sheet(data: bytes, file: str) -> Look:
    sheets = {name: rows for name, rows in read_sheets(data, file).items() if rows}
    if not sheets:
        raise MappingError("all sheets are empty", source=file, code="SAMPLE")
    pair = paired(sheets) if len(sheets) > 1 else None
    name, *others = (pair.head, pair.lines) if pair else tuple(sheets)[:2]
    source, hints = {"format": "xlsx"}, []
    columns = _columns(*_split(sheets[name]))
    if others:
        (second,) = others
        source |= {"sheet": name, "lines_sheet": second}
        if pair:
            source["group_by"] = pair.column
            hints.append(f"The column {pair.column!r} joins the sheets: {pair.why}.")
        else:
            hints.append("No column says in one sheet what another names once: give that of the number the same name.")
        more = [
            column for column in _columns(*_split(sheets[second])) if column.name not in {one.name for one in columns}
        ]
        columns = [Column(one.name, one.values, line=False) for one in columns]
        columns += [Column(one.name, one.values, line=True) for one in more]
    hints += [f"The sheet {other!r} is not used." for other in sheets if other not in {name, *others}]
    if sheets[name][0][0] != 1:
        raise MappingError(f"the columns of sheet {name!r} are not named in row 1", source=file, code="SAMPLE")
    return Look(source, columns, typed=True, hints=hints)


def _split(rows: list[tuple[int, list[Any]]]) -> tuple[list[str], list[list[str]]]:
    return [str(cell) for cell in rows[0][1]], [[str(cell) for cell in cells] for _, cells in rows[1 : ROWS + 1]]


def _columns(head: list[str], rows: list[list[str]]) -> list[Column]:
    made = []
    for at, name in enumerate(head):
        values = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        if name.strip():
            made.append(Column(name.strip(), values))
    return made


# -------------------------------------------------------------------------------------------------------------- trees


def _tree(form: str, tree: Tree) -> Look:
    root, invoices = _invoices(tree.root)
    each, lines = _lines(invoices)
    if not each:
        message = "no list of lines is recognised in it: write [source] root and [lines] each by hand"
        raise MappingError(message, source=tree.file, code="SAMPLE")
    head: dict[str, list[str]] = {}
    for invoice in invoices:
        _collect(invoice, "", head, skip=each.removesuffix("[*]"))
    below: dict[str, list[str]] = {}
    for line in lines:
        _collect(line, "", below)
    joins = list(joined(tree.root, invoices, root))
    for join in joins:
        for record in join.found:
            _collect(record, join.name, head)
    columns = [Column(path, values, line=False) for path, values in head.items()]
    columns += [Column(path, values, line=True) for path, values in below.items()]
    source = {"format": form, "root": root}
    return Look(source, columns, each, typed=form == "json", joins=joins)


def _invoices(root: Any) -> tuple[str, list[dict[str, Any]]]:  # noqa: ANN401 - any tree
    """The path to the invoices, and the first of them."""
    if isinstance(root, list):
        return "[*]", [one for one in root[:ROWS] if isinstance(one, dict)]
    path, at = "", root
    for _ in range(4):
        if not isinstance(at, dict) or any(_records(value) and LINE_WORDS.search(name) for name, value in at.items()):
            break
        lists = [(name, value) for name, value in at.items() if _records(value)]
        only = [(name, value) for name, value in at.items() if isinstance(value, dict) and value]
        if lists:
            name, value = max(lists, key=lambda one: bool(_lines(one[1][:1])[0]))  # the first that has lines
            return f"{path}{_step(name)}[*]", value[:ROWS]
        if len(only) != 1:
            break
        path, at = f"{path}{_step(only[0][0])}.", only[0][1]
    return path.rstrip(".") or ".", [at] if isinstance(at, dict) else []


def _records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _lines(invoices: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The list below the invoices that looks most like lines: by its name, and by how many numbers are in it."""
    best: tuple[int, str, list[dict[str, Any]]] = (0, "", [])
    for path, value in (found for invoice in invoices[:1] for found in _lists(invoice, "")):
        numbers = sum(_is_number(one) for one in value[0].values())
        score = numbers + (10 if LINE_WORDS.search(path) else 0)
        if score > best[0]:
            best = (score, path, value)
    return (f"{best[1]}[*]" if best[1] else ""), best[2]


def _lists(value: dict[str, Any], path: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name, below in value.items():
        here = f"{path}{_step(name)}"
        if _records(below):
            yield here, below
        elif isinstance(below, dict):
            yield from _lists(below, f"{here}.")


def _is_number(value: object) -> bool:
    if isinstance(value, dict):
        return any(_is_number(one) for one in value.values())
    return isinstance(value, Decimal) or (isinstance(value, str) and bool(re.fullmatch(r"-?\d+([.,]\d+)?", value)))


def _collect(value: Any, path: str, into: dict[str, list[str]], skip: str = "") -> None:  # noqa: ANN401 - any tree
    if path and path == skip:
        return
    if isinstance(value, dict):
        for name, below in value.items():
            _collect(below, f"{path}.{_step(name)}" if path else _step(name), into, skip)
    elif isinstance(value, list):
        for at, below in enumerate(value[:3]):
            _collect(below, f"{path}[{at}]", into, skip)
    elif path:
        text = "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value).strip()
        into.setdefault(path, [])
        if text:
            into[path].append(text)


def _step(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else "'" + name.replace("'", "''") + "'"
