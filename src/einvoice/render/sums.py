# SPDX-License-Identifier: Apache-2.0
"""Allowances and charges on the whole, the totals and the VAT (BG-20 to BG-23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.render.further import sentence
from einvoice.render.items import STANDARD_RATE, exemption, share, short_vat
from einvoice.render.sheet import Adjustment, Pair, Total, VatRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from einvoice.model import DocumentLevelAllowance, DocumentLevelCharge, DocumentTotals, Invoice, VatBreakdown
    from einvoice.model.extensions import LogisticsServiceCharge
    from einvoice.render.words import Words


def adjustments(words: Words, invoice: Invoice) -> tuple[Adjustment, ...]:
    """Allowances (BG-20), charges (BG-21) and logistics charges (BG-X-42); an allowance counts negative."""
    currency = invoice.currency_code
    logistics = invoice.extension.logistics_service_charges if invoice.extension else ()
    return (
        *(_adjustment(words, "allowance", entry, currency) for entry in invoice.document_level_allowances),
        *(_adjustment(words, "charge", entry, currency) for entry in invoice.document_level_charges),
        *(_logistics(words, entry, currency) for entry in logistics),
    )


def _adjustment(
    words: Words, kind: str, entry: DocumentLevelAllowance | DocumentLevelCharge, currency: str | None
) -> Adjustment:
    reasons = dict.fromkeys(reason for reason in (entry.reason, words.code(kind, entry.reason_code)) if reason)
    beyond = sentence(words, entry.extension, currency)
    return Adjustment(
        kind=words.page[kind],
        reason=", ".join((*reasons, beyond) if beyond else reasons),
        basis=share(words, words.percent(entry.percentage), words.amount(entry.base_amount, currency)),
        vat=short_vat(words, entry.vat_category_code, entry.vat_rate),
        amount=words.amount(_negated(entry.amount) if kind == "allowance" else entry.amount, currency),
    )


def _logistics(words: Words, entry: LogisticsServiceCharge, currency: str | None) -> Adjustment:
    rest = frozenset({"category_code", "rate"})
    beyond = (sentence(words, tax, currency, rest) for tax in entry.taxes)
    return Adjustment(
        kind=words.page["charge"],
        reason=", ".join(part for part in (entry.description, *beyond) if part),
        basis="",
        vat=", ".join(short_vat(words, tax.category_code, tax.rate) for tax in entry.taxes),
        amount=words.amount(entry.amount, currency),
    )


def _negated(value: Decimal | None) -> Decimal | None:
    return value.copy_negate() if value else value


def totals(words: Words, invoice: Invoice) -> tuple[Total, ...]:
    """The sums that the invoice states, in the order in which one leads to the next; the last is what to pay."""
    stated = invoice.totals
    return tuple(total for total in _totals(words, invoice, stated) if total.value) if stated else ()


def _totals(words: Words, invoice: Invoice, stated: DocumentTotals) -> Iterator[Total]:
    currency, accounting, page = invoice.currency_code, invoice.vat_accounting_currency_code, words.page
    sums: tuple[tuple[str, Decimal | None], ...] = (
        ("sum_of_lines", stated.sum_of_invoice_line_net_amount),
        ("sum_of_allowances", _negated(stated.sum_of_allowances_on_document_level)),
        ("sum_of_charges", stated.sum_of_charges_on_document_level),
        ("total_without_vat", stated.invoice_total_amount_without_vat),
        ("total_vat", stated.invoice_total_vat_amount),
    )
    for key, value in sums:
        yield Total(page[key], words.amount(value, currency))
    accounted = stated.invoice_total_vat_amount_in_accounting_currency
    yield Total(page["total_vat_accounting"], words.money(accounted, accounting))
    yield Total(page["total_with_vat"], words.amount(stated.invoice_total_amount_with_vat, currency))
    yield Total(page["paid"], words.amount(_negated(stated.paid_amount), currency))
    yield Total(page["rounding"], words.amount(stated.rounding_amount, currency))
    for payment in invoice.extension.third_party_payments if invoice.extension else ():
        about = ", ".join(part for part in (payment.type, payment.description) if part)
        yield Total(about or page["third_party"], words.amount(payment.amount, currency))
    yield Total(page["due"], words.money(stated.amount_due_for_payment, currency), strong=True)


def vat(words: Words, invoice: Invoice) -> tuple[VatRow, ...]:
    """The VAT breakdown (BG-23)."""
    return tuple(_vat_row(words, entry, invoice.currency_code) for entry in invoice.vat_breakdown)


def _vat_row(words: Words, entry: VatBreakdown, currency: str | None) -> VatRow:
    said = (
        ("", exemption(words, entry.exemption_reason_text, entry.exemption_reason_code)),
        (words.page["tax_scheme"], entry.tax_scheme_identifier or ""),
        (words.page["vat_share_of_lines"], words.money(entry.line_total_basis_amount, currency)),
        (words.page["vat_share_of_adjustments"], words.money(entry.allowance_charge_basis_amount, currency)),
        (words.page["tax_point_date"], words.date(entry.tax_point_date)),
        (words.page["tax_point"], words.code("tax_point", entry.tax_point_date_code)),
    )
    return VatRow(
        category=_category(words, entry.category_code),
        rate=words.percent(entry.rate),
        taxable=words.amount(entry.taxable_amount, currency),
        tax=words.amount(entry.tax_amount, currency),
        details=tuple(Pair(label, value) for label, value in said if value),
    )


def _category(words: Words, code: str | None) -> str:
    """A category in words; its code beside them, because the lines refer to it by its code."""
    name = words.known("vat", code)
    return f"{name} ({code})" if name and code != STANDARD_RATE else name or code or ""
