# SPDX-License-Identifier: Apache-2.0
"""Allowances and charges on the whole, the totals and the VAT (BG-20 to BG-23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from einvoice.render.further import sentence
from einvoice.render.items import STANDARD_RATE, exemption, share, short_vat
from einvoice.render.sheet import Adjustment, Total, VatRow, pairs
from einvoice.render.widths import widths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from einvoice.model import DocumentLevelAllowance, DocumentLevelCharge, DocumentTotals, Invoice, VatBreakdown
    from einvoice.model.extensions import LogisticsServiceCharge
    from einvoice.render.words import Words


_SUMS = (
    ("sum_of_lines", "sum_of_invoice_line_net_amount"),
    ("sum_of_allowances", "sum_of_allowances_on_document_level"),
    ("sum_of_charges", "sum_of_charges_on_document_level"),
    ("total_without_vat", "invoice_total_amount_without_vat"),
    ("total_vat", "invoice_total_vat_amount"),
    ("total_vat_accounting", "invoice_total_vat_amount_in_accounting_currency"),
    ("total_with_vat", "invoice_total_amount_with_vat"),
    ("paid", "paid_amount"),
    ("rounding", "rounding_amount"),
)
_DEDUCTED = {"sum_of_allowances", "paid"}


def adjustments(words: Words, invoice: Invoice) -> tuple[Adjustment, ...]:
    """Allowances (BG-20), charges (BG-21) and logistics charges (BG-X-42); an allowance counts negative."""
    currency = invoice.currency_code
    logistics = invoice.extension.logistics_service_charges if invoice.extension else ()
    return (
        *(_adjustment(words, "allowance", one, currency, n) for n, one in enumerate(invoice.document_level_allowances)),
        *(_adjustment(words, "charge", one, currency, n) for n, one in enumerate(invoice.document_level_charges)),
        *(_logistics(words, one, currency, n) for n, one in enumerate(logistics)),
    )


def _adjustment(
    words: Words, kind: str, entry: DocumentLevelAllowance | DocumentLevelCharge, currency: str | None, index: int
) -> Adjustment:
    reasons = dict.fromkeys(reason for reason in (entry.reason, words.code(kind, entry.reason_code)) if reason)
    beyond = sentence(words, entry.extension, currency)
    return Adjustment(
        kind=words.page[kind],
        reason=", ".join((*reasons, beyond) if beyond else reasons),
        basis=share(words, words.percent(entry.percentage), words.amount(entry.base_amount, currency)),
        vat=short_vat(words, entry.vat_category_code, entry.vat_rate),
        amount=words.amount(_negated(entry.amount) if kind == "allowance" else entry.amount, currency),
        at=f"document_level_{kind}s[{index}]",
    )


def _logistics(words: Words, entry: LogisticsServiceCharge, currency: str | None, index: int) -> Adjustment:
    rest = frozenset({"category_code", "rate"})
    beyond = (sentence(words, tax, currency, rest) for tax in entry.taxes)
    return Adjustment(
        kind=words.page["charge"],
        reason=", ".join(part for part in (entry.description, *beyond) if part),
        basis="",
        vat=", ".join(short_vat(words, tax.category_code, tax.rate) for tax in entry.taxes),
        amount=words.amount(entry.amount, currency),
        at=f"extension.logistics_service_charges[{index}]",
    )


def _negated(value: Decimal | None) -> Decimal | None:
    return value.copy_negate() if value else value


def totals(words: Words, invoice: Invoice) -> tuple[Total, ...]:
    """The sums that the invoice states, in the order in which one leads to the next; the last is what to pay."""
    shown = (total for total in (_totals(words, invoice, invoice.totals) if invoice.totals else ()) if total.value)
    return tuple(replace(total, ems=widths(total.label, total.value)) for total in shown)


def _totals(words: Words, invoice: Invoice, stated: DocumentTotals) -> Iterator[Total]:
    currency, accounting, page = invoice.currency_code, invoice.vat_accounting_currency_code, words.page
    for key, field in _SUMS:
        value: Decimal | None = getattr(stated, field)
        shown = _negated(value) if key in _DEDUCTED else value
        in_own = key == "total_vat_accounting"
        text = words.money(shown, accounting) if in_own else words.amount(shown, currency)
        yield Total(page[key], text, at=(f"totals.{field}",))
    for index, payment in enumerate(invoice.extension.third_party_payments if invoice.extension else ()):
        about = ", ".join(part for part in (payment.type, payment.description) if part)
        here = f"extension.third_party_payments[{index}]"
        where = tuple(f"{here}.{name}" for name in ("amount", "type", "description"))
        yield Total(about or page["third_party"], words.amount(payment.amount, currency), at=where)
    due = words.money(stated.amount_due_for_payment, currency)
    yield Total(page["due"], due, strong=True, at=("totals.amount_due_for_payment",))


def vat(words: Words, invoice: Invoice) -> tuple[VatRow, ...]:
    """The VAT breakdown (BG-23)."""
    currency = invoice.currency_code
    shown = (
        _vat_row(words, entry, currency, f"vat_breakdown[{index}]") for index, entry in enumerate(invoice.vat_breakdown)
    )
    return tuple(
        row if row.details else replace(row, ems=widths(row.category, row.rate, row.taxable, row.tax)) for row in shown
    )


def _vat_row(words: Words, entry: VatBreakdown, currency: str | None, here: str) -> VatRow:
    page, reasons = words.page, ("exemption_reason_text", "exemption_reason_code")
    why = exemption(words, entry.exemption_reason_text, entry.exemption_reason_code)
    adjusted = words.money(entry.allowance_charge_basis_amount, currency)
    said: tuple[tuple[str, ...], ...] = (
        ("", why, *(name for name in reasons if getattr(entry, name))),
        (page["tax_scheme"], entry.tax_scheme_identifier or "", "tax_scheme_identifier"),
        (page["vat_share_of_lines"], words.money(entry.line_total_basis_amount, currency), "line_total_basis_amount"),
        (page["vat_share_of_adjustments"], adjusted, "allowance_charge_basis_amount"),
        (page["tax_point_date"], words.date(entry.tax_point_date), "tax_point_date"),
        (page["tax_point"], words.code("tax_point", entry.tax_point_date_code), "tax_point_date_code"),
    )
    return VatRow(
        category=_category(words, entry.category_code),
        rate=words.percent(entry.rate),
        taxable=words.amount(entry.taxable_amount, currency),
        tax=words.amount(entry.tax_amount, currency),
        details=pairs(said, f"{here}."),
        at=here,
    )


def _category(words: Words, code: str | None) -> str:
    """A category in words; its code beside them, because the lines refer to it by its code."""
    name = words.known("vat", code)
    return f"{name} ({code})" if name and code != STANDARD_RATE else name or code or ""
