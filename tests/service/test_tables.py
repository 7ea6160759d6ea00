# SPDX-License-Identifier: Apache-2.0
"""Invoices as tables: numbers stay numbers, days stay days, and no text becomes a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from einvoice.model import (
    DocumentTotals,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceNote,
    ItemInformation,
    LineVatInformation,
    Seller,
    VatBreakdown,
)
from einvoice.service.tables import SHEETS, Sheet, harmless, header, rows, value_at, written_csv
from einvoice.service.workbook import written_xlsx

HARMFUL = ["=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\uff1d1+1"]
INVOICE = Invoice(
    number="R-1",
    issue_date=date(2026, 1, 20),
    currency_code="EUR",
    notes=(InvoiceNote(note="x"),),
    seller=Seller(name="=HYPERLINK()", identifiers=(Identifier("1"), Identifier("2", "0088"))),
    totals=DocumentTotals(invoice_total_amount_with_vat=Decimal("119.00"), amount_due_for_payment=Decimal("-5.10")),
    vat_breakdown=(VatBreakdown(category_code="S", rate=Decimal(19), tax_amount=Decimal("19.00")),),
    lines=(
        InvoiceLine(
            identifier="1",
            net_amount=Decimal("60.00"),
            invoiced_quantity=Decimal("0.3333333333333333"),
            item_information=ItemInformation(name="a;b,c\nd"),
            vat_information=LineVatInformation(rate=Decimal(19)),
            sub_lines=(InvoiceLine(identifier="1.1"),),
        ),
        InvoiceLine(identifier="2", net_amount=Decimal("40.00")),
    ),
)


def english(name: str) -> str:
    return name


def read(sheet: Sheet) -> list[dict[str, str]]:
    """The CSV as a program reads it."""
    text = written_csv([("a.xml", INVOICE), ("b.xml", INVOICE)], sheet, english).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_row_is_as_wide_as_the_header_and_says_where_it_is_from(sheet: Sheet) -> None:
    titles = header(sheet, english)
    found = list(rows(sheet, "a.xml", INVOICE))
    assert found
    assert all(len(row) == len(titles) for row in found)
    assert {row[0] for row in found} == {"a.xml"}


def test_a_csv_has_a_row_for_each_line_lines_in_lines_too() -> None:
    found = read("lines")
    assert [row["Invoice line identifier (BT-126)"] for row in found] == ["1", "1.1", "2"] * 2
    assert found[0]["Item name (BT-153)"] == "a;b,c\nd"
    assert found[0]["Invoice line net amount (BT-131)"] == "60.00"
    assert found[0]["Invoice issue date (BT-2)"] == "2026-01-20"
    assert found[0]["Seller name (BT-27)"] == "'=HYPERLINK()"


def test_a_negative_number_is_a_number_and_no_formula() -> None:
    assert read("invoices")[0]["Amount due for payment (BT-115)"] == "-5.10"


@pytest.mark.parametrize("text", HARMFUL)
def test_what_could_be_a_formula_is_none(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("a" + text) == "a" + text


def test_several_values_of_a_term_stand_in_one_cell() -> None:
    assert value_at(INVOICE, "seller.identifiers") == "1; 2"
    assert value_at(INVOICE, "buyer.name") is None


def test_a_workbook_has_a_sheet_each_with_numbers_days_and_texts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written_xlsx([("a.xml", INVOICE)], english)))
    assert tuple(book.sheetnames) == SHEETS
    first = {cell.value: found for cell, found in zip(*book["invoices"].iter_rows(max_row=2), strict=True)}
    due, day, name = (
        first[title]
        for title in ("Amount due for payment (BT-115)", "Invoice issue date (BT-2)", "Seller name (BT-27)")
    )
    assert (due.value, due.data_type) == (-5.1, "n")
    assert (day.value, day.is_date) == (datetime(2026, 1, 20), True)  # noqa: DTZ001 - as openpyxl gives it
    assert (name.value, name.data_type, name.quotePrefix) == ("=HYPERLINK()", "s", True)
    lines = list(book["lines"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == 3
    assert "0.3333333333333333" in lines[0]


@pytest.mark.parametrize("text", [*HARMFUL, "a\x00b\x1fc", "x" * 40_000])
def test_no_text_breaks_a_workbook_or_becomes_a_formula(text: str) -> None:
    data = written_xlsx([("a.xml", Invoice(number=text))], english)
    cell = openpyxl.load_workbook(io.BytesIO(data))["invoices"]["B2"]
    assert cell.data_type == "s"
    assert len(str(cell.value)) <= 32_767
