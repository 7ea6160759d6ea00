# SPDX-License-Identifier: Apache-2.0
"""The document totals (BG-22).

Formulas: EN 16931-1:2017, BR-CO-10 to BR-CO-16; logistics service charges count as charges (Factur-X EXTENDED,
BR-FXEXT-CO-12), amounts collected for third parties are added to the amount due (XRechnung, BR-DEX-09; Factur-X
EXTENDED, BR-FXEXT-CO-16). What was paid (BT-113) and what is added to round (BT-114) are facts that nobody can
compute; they are never filled in.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from einvoice.codes.currencies import currency_decimals
from einvoice.model.calculate.arithmetic import EXACT, add, plain, usable, usable_all
from einvoice.model.calculate.figures import Difference, Ledger, Operand, Result, linear, rounding, total
from einvoice.model.calculate.lines import counts
from einvoice.model.extensions import CurrencyExchange, LogisticsServiceCharge
from einvoice.model.invoice import Invoice
from einvoice.model.totals import DocumentTotals

_NAMES: Final = {
    "BT-106": "sum_of_invoice_line_net_amount",
    "BT-107": "sum_of_allowances_on_document_level",
    "BT-108": "sum_of_charges_on_document_level",
    "BT-109": "invoice_total_amount_without_vat",
    "BT-110": "invoice_total_vat_amount",
    "BT-111": "invoice_total_vat_amount_in_accounting_currency",
    "BT-112": "invoice_total_amount_with_vat",
    "BT-115": "amount_due_for_payment",
}


def settle_sums(invoice: Invoice, ledger: Ledger, decimals: int) -> Invoice:
    """Fill the sums: BT-106 to BT-110, and BT-112.

    Args:
        invoice: the invoice, its lines, document level allowances and charges, and VAT breakdown settled.
        ledger: where figures and differences are entered.
        decimals: how many decimals an amount in the invoice currency has.
    """
    totals = _settle_without_vat(invoice, invoice.totals or DocumentTotals(), ledger, decimals)
    return _with(invoice, _settle_vat(invoice, totals, ledger, decimals))


def settle_due(invoice: Invoice, ledger: Ledger, decimals: int, exchange_rate: Decimal | None) -> Invoice:
    """Fill what is to be paid (BT-115), and the VAT total in the accounting currency (BT-111).

    Args:
        invoice: the invoice, its sums settled.
        ledger: where figures and differences are entered.
        decimals: how many decimals an amount in the invoice currency has.
        exchange_rate: units of the accounting currency (BT-6) for one unit of the invoice currency (BT-5).
    """
    totals = _settle_due(invoice, invoice.totals or DocumentTotals(), ledger, decimals)
    return _with(invoice, _settle_accounting_vat(invoice, totals, ledger, exchange_rate))


def _with(invoice: Invoice, totals: DocumentTotals) -> Invoice:
    return invoice if totals == (invoice.totals or DocumentTotals()) else replace(invoice, totals=totals)


def _settle(totals: DocumentTotals, term: str, result: Result | None, ledger: Ledger) -> DocumentTotals:
    if result is None:
        return totals
    name = _NAMES[term]
    stated: Decimal | None = getattr(totals, name)
    settled = ledger.settle(term, f"totals.{name}", stated, result)
    return totals if settled is stated else replace(totals, **{name: settled})


# ------------------------------------------------------------------------------------ BT-106 to BT-109


def logistics_charges(invoice: Invoice) -> tuple[LogisticsServiceCharge, ...]:
    """The logistics service charges (BG-X-42) of an invoice."""
    return invoice.extension.logistics_service_charges if invoice.extension else ()


def _settle_without_vat(invoice: Invoice, totals: DocumentTotals, ledger: Ledger, decimals: int) -> DocumentTotals:
    totals = _settle(totals, "BT-106", _sum_of_lines(invoice, totals, ledger, decimals), ledger)
    allowances = usable_all(item.amount for item in invoice.document_level_allowances)
    charges = _charge_amounts(invoice)
    if allowances or (allowances == () and totals.sum_of_allowances_on_document_level is not None):
        totals = _settle(totals, "BT-107", total("sum of BT-92", allowances, decimals), ledger)
    if charges or (charges == () and totals.sum_of_charges_on_document_level is not None):
        totals = _settle(totals, "BT-108", total(_charges_name(invoice), charges, decimals), ledger)
    incomplete = (allowances is None and totals.sum_of_allowances_on_document_level is None) or (
        charges is None and totals.sum_of_charges_on_document_level is None
    )
    return totals if incomplete else _settle(totals, "BT-109", _without_vat(totals, decimals), ledger)


def _sum_of_lines(invoice: Invoice, totals: DocumentTotals, ledger: Ledger, decimals: int) -> Result | None:
    amounts = [line.net_amount for line in invoice.lines if counts(line)]
    if amounts:
        values = usable_all(amounts)
        return total("sum of BT-131", values, decimals) if values else None
    if totals.sum_of_invoice_line_net_amount is None and totals.invoice_total_amount_without_vat is None:
        ledger.gap("BT-106", f"totals.{_NAMES['BT-106']}", "BT-106 cannot be computed: no line counts towards it.")
    return None


def _charge_amounts(invoice: Invoice) -> tuple[Decimal, ...] | None:
    charges = [item.amount for item in invoice.document_level_charges]
    return usable_all([*charges, *(item.amount for item in logistics_charges(invoice))])


def _charges_name(invoice: Invoice) -> str:
    if not logistics_charges(invoice):
        return "sum of BT-99"
    return "sum of BT-99 and BT-X-272" if invoice.document_level_charges else "sum of BT-X-272"


def _without_vat(totals: DocumentTotals, decimals: int) -> Result | None:
    return linear(
        decimals,
        ("BT-106", totals.sum_of_invoice_line_net_amount),
        ("-", "BT-107", totals.sum_of_allowances_on_document_level),
        ("+", "BT-108", totals.sum_of_charges_on_document_level),
    )


# ------------------------------------------------------------------------------------ BT-110 to BT-115


def _settle_vat(invoice: Invoice, totals: DocumentTotals, ledger: Ledger, decimals: int) -> DocumentTotals:
    taxes = usable_all(entry.tax_amount for entry in invoice.vat_breakdown)
    if taxes:
        totals = _settle(totals, "BT-110", total("sum of BT-117", taxes, decimals), ledger)
    if totals.invoice_total_vat_amount is None:
        return totals
    with_vat = linear(
        decimals,
        ("BT-109", totals.invoice_total_amount_without_vat),
        ("+", "BT-110", totals.invoice_total_vat_amount),
    )
    return _settle(totals, "BT-112", with_vat, ledger)


def _settle_due(invoice: Invoice, totals: DocumentTotals, ledger: Ledger, decimals: int) -> DocumentTotals:
    payments = invoice.extension.third_party_payments if invoice.extension else ()
    amounts = usable_all(payment.amount for payment in payments)
    if amounts is None:
        _name_missing_payments(invoice, ledger)
        return totals
    due = linear(
        decimals,
        ("BT-112", totals.invoice_total_amount_with_vat),
        ("-", "BT-113", totals.paid_amount),
        ("+", "BT-114", totals.rounding_amount),
        ("+", "sum of BT-DEX-002", add(amounts) if amounts else None),
    )
    return _settle(totals, "BT-115", due, ledger)


def _name_missing_payments(invoice: Invoice, ledger: Ledger) -> None:
    for index, payment in enumerate(invoice.extension.third_party_payments if invoice.extension else ()):
        if usable(payment.amount) is None:
            path = f"extension.third_party_payments[{index}].amount"
            ledger.gap("BT-DEX-002", path, "BT-DEX-002 is missing, so BT-115 cannot be computed.")


# ------------------------------------------------------------------------------------ BT-111


def _settle_accounting_vat(
    invoice: Invoice, totals: DocumentTotals, ledger: Ledger, exchange_rate: Decimal | None
) -> DocumentTotals:
    """BT-111: the VAT total in the accounting currency, where there is one (BR-53)."""
    currency = invoice.vat_accounting_currency_code
    vat = usable(totals.invoice_total_vat_amount)
    if currency is None or currency == invoice.currency_code or vat is None:
        return totals
    rate, name, problem = _rate(invoice, exchange_rate, ledger)
    if rate is None:
        if totals.invoice_total_vat_amount_in_accounting_currency is None:
            ledger.gap("BT-111", f"totals.{_NAMES['BT-111']}", f"BT-111 cannot be computed: {problem}.")
        return totals
    operands = (Operand("BT-110", (vat,)), Operand(name, (rate,)))
    product = EXACT.multiply(vat, rate)
    result = rounding(product, currency_decimals(currency), f"BT-110 × {name}", operands)
    return _settle(totals, "BT-111", result, ledger)


def _rate(invoice: Invoice, asked: Decimal | None, ledger: Ledger) -> tuple[Decimal | None, str, str]:
    """The exchange rate, what to call it, and what is wrong if there is none."""
    exchange = (invoice.extension and invoice.extension.currency_exchange) or CurrencyExchange()
    stated = usable(exchange.rate)
    if asked is not None:
        if stated is not None and stated != asked:
            why = f"BT-X-260 is stated as {plain(stated)}, but the exchange rate given for BT-111 is {plain(asked)}."
            ledger.differences.append(Difference("BT-X-260", "extension.currency_exchange.rate", stated, asked, why))
        return asked, "exchange rate", ""
    source, target = invoice.currency_code, invoice.vat_accounting_currency_code
    if stated is None:
        return None, "", f"there is no exchange rate from {source or 'BT-5'} to {target}"
    if exchange.source_currency_code in (None, source) and exchange.target_currency_code in (None, target):
        return stated, "BT-X-260", ""
    pair = f"{exchange.source_currency_code or '?'} to {exchange.target_currency_code or '?'}"
    return None, "", f"the exchange rate (BT-X-260) is from {pair}, needed is {source or 'BT-5'} to {target}"
