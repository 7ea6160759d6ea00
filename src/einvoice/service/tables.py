# SPDX-License-Identifier: Apache-2.0
"""Invoices as flat tables for bookkeeping: a row for each invoice, for each line, for each VAT category.

A column is a term of EN 16931 and bears its name and number. Every row repeats the file, the number, the date and the
seller of its invoice, so that each table can be used alone.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from einvoice.bind.values import write_decimal
from einvoice.model import Identifier, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from msgspec import Struct

    from einvoice.model import Invoice

Cell = str | Decimal | date | None
Sheet = Literal["invoices", "lines", "vat"]
SHEETS: Final[tuple[Sheet, ...]] = ("invoices", "lines", "vat")
SOURCE: Final = "Source"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a text begins that a spreadsheet would take for a formula (OWASP, CSV injection), full-width forms included."""

_HEAD: Final = ("number", "issue_date", "seller.name")
_INVOICE: Final = (
    "number",
    "type_code",
    "issue_date",
    "payment_due_date",
    "currency_code",
    "seller.name",
    "seller.vat_identifier",
    "seller.postal_address.country_code",
    "buyer.name",
    "buyer.identifiers",
    "buyer.vat_identifier",
    "buyer.postal_address.country_code",
    "buyer_reference",
    "purchase_order_reference",
    "contract_reference",
    "buyer_accounting_reference",
    "delivery_information.actual_delivery_date",
    "invoicing_period.start_date",
    "invoicing_period.end_date",
    "totals.sum_of_invoice_line_net_amount",
    "totals.sum_of_allowances_on_document_level",
    "totals.sum_of_charges_on_document_level",
    "totals.invoice_total_amount_without_vat",
    "totals.invoice_total_vat_amount",
    "totals.invoice_total_amount_with_vat",
    "totals.paid_amount",
    "totals.rounding_amount",
    "totals.amount_due_for_payment",
    "payment_terms",
    "payment_instructions.means.type_code",
    "payment_instructions.means.credit_transfers.payment_account_identifier",
    "payment_instructions.remittance_information",
    "preceding_invoice_references.reference",
    "process_control.specification_identifier",
)
_LINE: Final = (
    "identifier",
    "item_information.name",
    "item_information.description",
    "item_information.sellers_identifier",
    "item_information.buyers_identifier",
    "invoiced_quantity",
    "invoiced_quantity_unit_of_measure_code",
    "price_details.item_net_price",
    "price_details.item_price_base_quantity",
    "net_amount",
    "vat_information.category_code",
    "vat_information.rate",
    "referenced_purchase_order_line_reference",
    "buyer_accounting_reference",
    "period.start_date",
    "period.end_date",
    "note",
)
_VAT: Final = (
    "category_code",
    "rate",
    "taxable_amount",
    "tax_amount",
    "exemption_reason_text",
    "exemption_reason_code",
)
_BELOW: Final[dict[Sheet, tuple[str, tuple[str, ...]]]] = {"lines": ("lines", _LINE), "vat": ("vat_breakdown", _VAT)}


def header(sheet: Sheet, name: Callable[[str], str]) -> list[str]:
    """The names of the columns of a table, with the numbers of their terms.

    Args:
        sheet: which table.
        name: gives the name of a term in the language of the reader, by its English one.
    """
    paths = (
        list(_INVOICE) if sheet == "invoices" else [*_HEAD, *(f"{_BELOW[sheet][0]}.{one}" for one in _BELOW[sheet][1])]
    )
    return [SOURCE, *(_titled(path, name) for path in paths)]


def _titled(path: str, name: Callable[[str], str]) -> str:
    term = terms()[path]
    return f"{name(term.name)} ({term.id})"


def rows(sheet: Sheet, source: str, invoice: Invoice) -> Iterator[list[Cell]]:
    """The rows of an invoice in a table.

    Args:
        sheet: which table.
        source: the file that it is from.
        invoice: the invoice.
    """
    if sheet == "invoices":
        yield [source, *(value_at(invoice, path) for path in _INVOICE)]
        return
    group, paths = _BELOW[sheet]
    head = [source, *(value_at(invoice, path) for path in _HEAD)]
    for one in _all(getattr(invoice, group)):
        yield [*head, *(value_at(one, path) for path in paths)]


def _all(groups: Sequence[Struct]) -> Iterator[Struct]:
    """Groups of a kind, and those that are inside of them (XRechnung has lines in lines)."""
    for one in groups:
        yield one
        yield from _all(getattr(one, "sub_lines", ()))


def value_at(group: Struct, path: str) -> Cell:
    """What a group says at a place: of several values, all of them in one text.

    Args:
        group: an invoice, a line or a VAT category.
        path: the place, without indices.
    """
    found: list[object] = [group]
    for step in path.split("."):
        found = [value for one in found for value in _each(getattr(one, step))]
    values = [one.value if isinstance(one, Identifier) else one for one in found]
    if len(values) == 1 and isinstance(values[0], str | Decimal | date):
        return values[0]
    return "; ".join(map(str, values)) or None


def _each(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands in front of one that it could.

    Args:
        text: any text.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def written_csv(found: Iterable[tuple[str, Invoice]], sheet: Sheet, name: Callable[[str], str]) -> bytes:
    """Write one table as CSV (RFC 4180): commas, UTF-8 with a mark, points in numbers, days as ``2026-01-31``.

    Args:
        found: the invoices and the files that they are from.
        sheet: which table.
        name: gives the name of a term in the language of the reader.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header(sheet, name))
    for source, invoice in found:
        writer.writerows([_plain(cell) for cell in row] for row in rows(sheet, source, invoice))
    return out.getvalue().encode("utf-8-sig", "replace")


def _plain(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return write_decimal(cell)
    return harmless(cell) if isinstance(cell, str) else "" if cell is None else cell.isoformat()
