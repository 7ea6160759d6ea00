# SPDX-License-Identifier: Apache-2.0
"""Spreadsheets: one sheet and two, cells that cannot be relied on, and files that are made to do harm."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from einvoice.errors import MappingError
from einvoice.importers import import_file, load_mapping, load_seller
from einvoice.importers.sheets import read_sheets
from einvoice.importers.tree import Broken, Exact
from tests.importers.stories import MAPPING, SELLER, changed, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.importers import ImportedInvoice

openpyxl = pytest.importorskip("openpyxl", reason="making a spreadsheet needs openpyxl")
pytest.importorskip("python_calamine", reason="reading a spreadsheet needs python-calamine")

HEAD = ("No", "Date", "Customer", "Country", "Item", "Qty", "Price", "Tax", "Rate")
LINE = ("A1", dt.date(2026, 1, 5), "Buyer & Sons", "FR", "Hammer", 2, 0.1, "N", 19)
ONE = changed(("[source]", '[source]\nformat = "xlsx"'), text=MAPPING)
TWO = changed(("[source]", '[source]\nformat = "xlsx"\nsheet = "Invoices"\nlines_sheet = "Lines"'), text=MAPPING)


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def imported(data: bytes, mapping: str = ONE) -> list[ImportedInvoice]:
    return list(import_file(data, load_mapping(mapping.encode()), load_seller(SELLER.encode()), name="book.xlsx"))


def rezipped(data: bytes, name: str, change: tuple[bytes, bytes], extra: str = "") -> bytes:
    """The book with a piece of one of its files replaced; the piece must be there."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry == name:
                assert change[0] in content
                content = content.replace(*change)
            new.writestr(entry, content)
        if extra:
            new.writestr(extra, b"x")
    return made.getvalue()


def test_one_sheet_is_read_like_a_table() -> None:
    data = book(Sales=[HEAD, LINE, ("", None, None, None, "Nail", 100, 0.05, "N", 7)])
    (invoice,) = imported(data)
    assert said(invoice) == []
    first, second = invoice.invoice.lines
    assert invoice.invoice.issue_date == dt.date(2026, 1, 5)
    assert first.price_details is not None
    assert first.price_details.item_net_price == Decimal("0.1")
    assert second.invoiced_quantity == Decimal(100)
    origin = invoice.provenance["lines[1].price_details.item_net_price"]
    assert origin.place() == "sheet 'Sales' cell G3, column 'Price'"
    assert invoice.provenance["number"].place() == "sheet 'Sales' cell A2, column 'No'"


def test_two_sheets_belong_together_by_the_number() -> None:
    invoices = [HEAD[:4], LINE[:4], ("A2", *LINE[1:4])]
    head = ("No", *HEAD[4:])
    lines = [head, ("A2", "Saw", 1, 9.99, "N", 19), ("A1", *LINE[4:]), ("", "Nail", 100, 0.05, "N", 7)]
    first, second = imported(book(Invoices=invoices, Lines=lines), TWO)
    assert (said(first), said(second)) == ([], [])
    assert [len(one.invoice.lines) for one in (first, second)] == [2, 1]
    place = first.provenance["lines[1].item_information.name"].place()
    assert place == "sheet 'Lines' cell B4, column 'Item'"
    with pytest.raises(MappingError, match="sheet 'Lines' row 5: sheet 'Invoices' has no invoice 'A9'"):
        imported(book(Invoices=invoices, Lines=[*lines, ("A9", *LINE[4:])]), TWO)


def test_a_formula_without_a_value_is_a_fault_of_its_cell() -> None:
    data = book(Sales=[HEAD, (*LINE[:6], "=1+1", *LINE[7:])])
    (invoice,) = imported(data)
    (fault,) = said(invoice)
    assert fault.startswith(
        "sheet 'Sales' cell G2, column 'Price' (BT-146): this cell cannot be used: it holds a formula"
    )


def test_an_error_is_a_fault_of_its_cell() -> None:
    (fault,) = said(imported(book(Sales=[HEAD, (*LINE[:4], "#REF!", *LINE[5:])]))[0])
    assert "it holds the error #REF!" in fault


def test_numbers_have_the_digits_that_a_spreadsheet_shows() -> None:
    sheets = read_sheets(book(S=[(0.1 + 0.2, 10.0, 1e15, True, dt.datetime(2026, 1, 5, 10, 30))]), "b.xlsx")  # noqa: DTZ001 - as spreadsheets have it
    ((_, cells),) = sheets["S"]
    assert cells == ["0.3", "10", "1000000000000000", "true", "2026-01-05 10:30:00"]
    assert [type(cell) for cell in cells[:3]] == [Exact] * 3
    assert type(read_sheets(book(S=[("#N/A",)]), "b.xlsx")["S"][0][1][0]) is Broken


@pytest.mark.parametrize(
    ("change", "extra", "reason"),
    [
        ((b'r="A2"', b'r="XFD1048576"'), "", "it has a cell at XFD1048576"),
        ((b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"), "", "it declares a document type"),
        ((b"Hammer", b"Hammer" * 2_000_000), "", "unpacks to more than 250 times its size"),
        ((b"Hammer", b"Hammer"), "xl/vbaProject.bin", "it holds macros"),
    ],
)
def test_a_harmful_book_is_refused_and_the_process_lives(change: tuple[bytes, bytes], extra: str, reason: str) -> None:
    data = book(Sales=[HEAD, LINE])
    name = "xl/worksheets/sheet1.xml"
    if change[0] not in zipfile.ZipFile(io.BytesIO(data)).read(name):
        name = "xl/sharedStrings.xml"
    with pytest.raises(MappingError, match=reason):
        imported(rezipped(data, name, change, extra))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cannot be read as a spreadsheet"),
        (b"PK\x03\x04 broken", "it is damaged"),
        (b"No;Date\nA1;2026", "cannot be read as a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read as a spreadsheet|protected by a password"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(MappingError, match=reason):
        imported(data)


def test_the_sheet_has_to_be_clear() -> None:
    with pytest.raises(MappingError, match=r"which sheet is meant.*it has 'A', 'B'"):
        imported(book(A=[HEAD, LINE], B=[("x",)]))
    with pytest.raises(MappingError, match="there is no sheet 'Invoices'; there are 'A'"):
        imported(book(A=[HEAD, LINE]), TWO)
    with pytest.raises(MappingError, match=r"cell J2 stands in a column without a name: .* header_row = 3"):
        imported(book(A=[HEAD, (*LINE, "more")]))
