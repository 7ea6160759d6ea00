# SPDX-License-Identifier: Apache-2.0
"""The tables of :mod:`einvoice.service.tables` as an Excel workbook: a sheet each, numbers as numbers, days as days."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from einvoice.errors import MissingExtraError
from einvoice.service.tables import SHEETS, header, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from einvoice.model import Invoice
    from einvoice.service.tables import Cell

_MOST_DIGITS: Final = 15
"""Digits that a number of a spreadsheet keeps (IEEE 754 double); a longer one is written as text."""
_LONGEST: Final = 32_767
"""Characters that a cell can hold (Microsoft, Excel specifications and limits)."""
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTH: Final = 18


def written_xlsx(found: Iterable[tuple[str, Invoice]], name: Callable[[str], str]) -> bytes:
    """Write all tables as a workbook.

    Texts are texts, whatever they begin with: none becomes a formula.

    Args:
        found: the invoices and the files that they are from.
        name: gives the name of a term in the language of the reader.

    Raises:
        MissingExtraError: openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtraError("import", "writing spreadsheets") from None
    book = Workbook(write_only=True)
    sheets = {}
    for sheet in SHEETS:
        page: Any = book.create_sheet(sheet)
        page.freeze_panes = "A2"
        titles = header(sheet, name)
        for number in range(1, len(titles) + 1):
            page.column_dimensions[_letters(number)].width = _WIDTH
        page.append([_cell(page, title) for title in titles])
        sheets[sheet] = page
    for source, invoice in found:
        for sheet, page in sheets.items():
            for row in rows(sheet, source, invoice):
                page.append([_cell(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _letters(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def _cell(page: WriteOnlyWorksheet, value: Cell) -> Any:  # noqa: ANN401 - a cell of openpyxl, or nothing
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > _MOST_DIGITS:
        value = f"{value:f}"
    if not isinstance(value, str):
        cell: Any = WriteOnlyCell(page, value=value)  # type: ignore[arg-type] # Decimal and date work
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(page, value="")
    cell._value = _NOT_XML.sub("\ufffd", value)[:_LONGEST]  # noqa: SLF001 - past what makes a formula of "=..."
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
