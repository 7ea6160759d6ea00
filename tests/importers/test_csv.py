# SPDX-License-Identifier: Apache-2.0
"""A CSV export is read as a spreadsheet reads it, or refused at its row and column."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.errors import MappingError
from einvoice.importers import import_file, load_mapping, load_seller
from einvoice.importers.csv import Dialect, decode, read_table, scan
from einvoice.importers.declaration import Source
from einvoice.importers.wording import column_name
from tests.architecture.house import ROOT
from tests.counting import steps

if TYPE_CHECKING:
    from einvoice.importers.origin import Record

SEMICOLON = Source(delimiter=";")

STORY = ROOT / "fixtures" / "erp-csv"


def rows(text: str | bytes, source: Source = SEMICOLON, wanted: tuple[str, ...] = ()) -> list[Record]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_table(data, source, wanted, "x.csv").rows())


def refused(text: str | bytes, source: Source = SEMICOLON, wanted: tuple[str, ...] = ()) -> MappingError:
    with pytest.raises(MappingError) as caught:
        rows(text, source, wanted)
    assert caught.value.source == "x.csv"
    return caught.value


# ------------------------------------------------------------------------------------------------ encodings


@pytest.mark.parametrize(
    ("data", "fallback"),
    [
        ("Straße €".encode(), "utf-8"),
        ("Straße €".encode("utf-8-sig"), "cp1252"),
        ("\ufeffStraße €".encode("utf-16-le"), "cp1252"),
        ("\ufeffStraße €".encode("utf-16-be"), "utf-8"),
        ("Straße €".encode("cp1252"), "cp1252"),
        ("Straße €".encode("iso-8859-15"), "iso-8859-15"),
    ],
)
def test_the_ladder_of_encodings(data: bytes, fallback: str) -> None:
    """A byte order mark decides; without one UTF-8 is tried, then what the mapping declares."""
    assert decode(data, fallback, "x") == "Straße €"


@pytest.mark.parametrize(
    ("data", "fallback", "line", "message"),
    [
        (b"a;b\nc;\xe4\n", "utf-8", 2, "declare its encoding"),
        (b"a\nb\n\x81", "cp1252", 3, "0x81: the export is not UTF-8, and the mapping declares cp1252"),
        (b"\xef\xbb\xbfa\n\xff", "utf-8", 2, "begins as UTF-8 and does not go on so: export it again"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "utf-8", None, "UTF-32"),
        (b"\xff\xfea", "utf-8", 1, "begins as UTF-16-LE"),
        ("ä;b".encode("utf-16-le"), "cp1252", None, "UTF-16 without a byte order mark"),
    ],
)
def test_bytes_that_mean_nothing_are_named(data: bytes, fallback: str, line: int | None, message: str) -> None:
    with pytest.raises(MappingError, match=message) as caught:
        decode(data, fallback, "x")
    assert (caught.value.code, caught.value.line) == ("CSV_ENCODING", line)


def test_a_nul_is_refused_at_its_place() -> None:
    error = refused("a;b\nc;d\x00e\n")
    assert (error.code, error.line, error.column) == ("CSV_CHARACTER", 2, 4)


def test_a_byte_order_mark_in_the_middle_shows_two_exports_in_one() -> None:
    error = refused("a;b\nc;d\n\ufeffa;b\n")
    assert (error.line, error.column) == (3, 1)
    assert "one behind the other" in error.message


def test_a_mark_of_another_encoding_in_the_middle_shows_it_too() -> None:
    data = "a;b\nü;d\n".encode("cp1252") + b"\xef\xbb\xbfa;b\n"
    with pytest.raises(MappingError, match="one behind the other") as caught:
        decode(data, "cp1252", "export.csv")
    assert (caught.value.line, caught.value.column) == (3, 1)


# ----------------------------------------------------------------------------------------------- delimiters


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_recognised_by_the_columns_of_the_mapping(delimiter: str) -> None:
    text = f"No{delimiter}Price, net; EUR | tab\nA{delimiter}1\n".replace(", net; EUR | tab", "")
    assert [record.cells for record in rows(text, Source(), ("No", "Price"))] == [["A", "1"]]


def test_a_delimiter_inside_a_column_name_does_not_mislead() -> None:
    (record,) = rows("No;Price, net\nA;1\n", Source(), ("No", "Price, net"))
    assert record.cells == ["A", "1"]


def test_an_ambiguous_delimiter_is_refused() -> None:
    error = refused("a;b,c\n1;2,3\n", Source(), ("x",))
    assert error.code == "CSV_DELIMITER"
    assert "semicolon and comma" in error.message


def test_a_delimiter_by_which_the_header_cannot_be_read_is_none() -> None:
    (record,) = rows('No;Size "x", mm\nA;1\n', Source(quotes="none"), ("No", 'Size "x", mm'))
    assert record.cells == ["A", "1"]
    (record,) = rows('No,"Size; mm"\nA,1\n', Source(), ("No", "Size; mm"))
    assert record.cells == ["A", "1"]


def test_a_missing_delimiter_is_refused() -> None:
    message = refused("a b c\n1 2 3\n", Source(), ("a",)).message
    assert "none of semicolon" in message
    assert "header_row = 3" in message, "row 1 may be a title"


# -------------------------------------------------------------------------------------------------- headers


def test_an_empty_export_is_refused() -> None:
    for nothing in ("", "\ufeff", " \n\n"):
        assert refused(nothing).message.startswith("the export is empty: export it again")
    assert refused("\n\n").code == "CSV_HEADER"


def test_titles_above_the_header_are_passed_over_but_counted() -> None:
    records = rows("Report\n\nNo;Item\nA;x\n", Source(delimiter=";", header_row=3))
    assert [(record.row, record.line, record.cells) for record in records] == [(4, 4, ["A", "x"])]


def test_a_first_line_for_spreadsheets_is_passed_over() -> None:
    for source in (Source(header_row=2), Source()):
        (record,) = rows("sep=;\nNo;Item\nA;x\n", source, ("No", "Item"))
        assert (record.row, record.cells) == (3, ["A", "x"])
    (record,) = rows('"sep=|"\r\nNo|Item;s\r\nA|x\r\n', Source(), ("No",))
    assert record.cells == ["A", "x"], "it says what stands between the cells"
    (record,) = rows("sep=;\nA;x\n", Source(header_row=0))
    assert record.cells == ["A", "x"]


def test_without_a_header_columns_have_letters() -> None:
    table = read_table(b"A;x\nB;y\n", Source(delimiter=";", header_row=0), (), "x.csv")
    assert table.headers == ("A", "B")
    assert [record.cells[1] for record in table.rows()] == ["x", "y"]


def test_names_are_compared_without_white_space_and_in_one_form() -> None:
    table = read_table(" Straße ;Ne\u0301\n1;2\n".encode(), SEMICOLON, (), "x.csv")
    assert table.headers == ("Straße", column_name("Né"))


# ----------------------------------------------------------------------------------------------------- rows


def test_rows_are_counted_as_in_a_spreadsheet_and_lines_as_in_an_editor() -> None:
    records = rows('a;b\n1;"two\nlines"\n\n3;4\r\n5;6\r7;8')
    assert [(record.row, record.line, record.cells[0]) for record in records] == [
        (2, 2, "1"),
        (4, 5, "3"),
        (5, 6, "5"),
        (6, 7, "7"),
    ]


def test_rows_without_content_are_passed_over() -> None:
    assert [record.row for record in rows("a;b\n;\n ; \n1;2\n")] == [4]


def test_ragged_rows_are_all_named() -> None:
    error = refused('a;b;c\n1;2\n"x\ny";2;3\n1;2;3;4\n')
    assert (error.code, error.line, error.column) == ("CSV_RAGGED", 2, 3)
    assert "row 2 has 2 cells instead of 3: column 'c' is the first that is missing" in error.message
    assert "row 4 (line 5) has 4 cells instead of 3" in error.message


def test_many_ragged_rows_are_counted() -> None:
    assert "and 5 more rows" in refused("a;b\n" + "1\n" * 15).message


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('a;b\n1;5" pipe\n', 2, 2, "inside a cell that is not quoted"),
        ('a;b\n"1"x;2\n', 2, 1, "comes more text"),
        ('a;b\n1;"open\n3;4\n', 2, 2, 'no " ends it'),
        ('a;b\n"1\n2";"open', 3, 2, 'no " ends it'),
        ('a;b\n1;"x" \n', 2, 2, "comes more text"),
    ],
)
def test_a_stray_quotation_mark_is_found(text: str, line: int, column: int, message: str) -> None:
    error = refused(text)
    assert (error.code, error.line, error.column) == ("CSV_QUOTE", line, column)
    assert message in error.message
    assert "row 2, column" in error.message


def test_an_export_may_declare_that_it_does_not_quote() -> None:
    (record,) = rows('a;b\n1/2" pipe;"x\n', Source(delimiter=";", quotes="none"))
    assert record.cells == ['1/2" pipe', '"x']


@pytest.mark.parametrize("cell", ["x" * 200_000, '"' + "x" * 200_000 + '"'])
def test_a_huge_cell_is_refused(cell: str) -> None:
    error = refused(f"a;b\n1;{cell}\n")
    assert (error.line, error.column) == (2, 2)


def test_a_row_of_more_columns_than_a_spreadsheet_has_is_refused() -> None:
    error = refused("a;b\n" + ";" * 200_000 + "\n")
    assert "more than 16384 columns" in error.message
    assert (error.line, error.column) == (2, 16_385)


def test_an_unclosed_quotation_mark_is_refused_without_reading_the_file_to_its_end() -> None:
    def counted(lines: int) -> int:
        text = 'a;b\n1;"open\n' + "3;4\n" * lines
        return steps(lambda: refused(text))

    assert refused('a;b\n1;"open\n' + "3;4\n" * 50_000).column == 2
    assert counted(200_000) == counted(50_000) < 2 * 50_000


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6), st.sampled_from(";,\t|"))
def test_what_a_spreadsheet_writes_is_read_back(written: list[list[str]], delimiter: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows([["a", "b", "c"], *written])
    read = rows(buffer.getvalue(), Source(delimiter=delimiter))  # type: ignore[arg-type]
    assert [list(record.cells) for record in read] == [row for row in written if any(cell.strip() for cell in row)]


@given(st.text('ab";\r\n ', max_size=30))
def test_the_slow_look_agrees_with_the_fast_one(text: str) -> None:
    """Whatever is accepted has no fault when it is looked at character by character, and what is refused has one."""
    try:
        rows(f"a;b\n{text}")
    except MappingError as error:
        accepted = error.code == "CSV_RAGGED"
    else:
        accepted = True
    start, faults = 0, []
    tape = f"a;b\n{text}"
    while start < len(tape):
        faults.append(scan(tape, start, Dialect(";", quoted=True)))
        if faults[-1] is not None:
            break
        start = _after(tape, start)
    assert accepted == (faults[-1] is None)


def _after(text: str, start: int) -> int:
    """Where the record that begins at a place ends, if it is sound."""
    quoted, at = False, start
    while at < len(text):
        if text[at] == '"':
            quoted = not quoted
        elif not quoted and text[at] in "\r\n":
            return at + (2 if text.startswith("\r\n", at) else 1)
        at += 1
    return at


def test_an_export_without_a_row_is_no_success() -> None:
    mapping, seller = load_mapping(STORY / "mapping.toml"), load_seller(STORY / "seller.toml")
    header = (STORY / "export.csv").read_bytes().splitlines(keepends=True)[0]
    for data in (header, header + b"\r\n" * 3, header + b";" * header.count(b";")):
        with pytest.raises(MappingError, match="no row below them") as caught:
            import_file(data, mapping, seller)
        assert caught.value.code == "SOURCE_EMPTY"
