# SPDX-License-Identifier: Apache-2.0
"""The figures of an invoice: what follows from what is given is filled in, and what is stated is held against it.

The order is the one in which the figures follow from each other: prices, allowances and charges, lines (``lines``),
document level allowances and charges, VAT breakdown (``vat``, ``breakdown``), totals (``totals``). Amounts that
include VAT are turned into amounts without it before that (``inclusive``, ``netting``, ``conversion``).
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from einvoice.codes.currencies import currency_decimals
from einvoice.errors import InputError
from einvoice.model.calculate.arithmetic import usable
from einvoice.model.calculate.breakdown import settle_breakdown
from einvoice.model.calculate.conversion import place_remainder, without_vat
from einvoice.model.calculate.figures import Calculation, Difference, Figure, Ledger, Operand
from einvoice.model.calculate.lines import with_bases
from einvoice.model.calculate.parts import settle_parts
from einvoice.model.calculate.totals import settle_due, settle_sums
from einvoice.model.invoice import Invoice

__all__ = ["Calculation", "Difference", "Figure", "Operand", "calculate"]


def calculate(
    invoice: Invoice,
    *,
    prices_include_vat: bool = False,
    exchange_rate: Decimal | None = None,
    remainder_as_rounding: bool = False,
    percentages_of_price: bool = False,
) -> Calculation:
    """Fill the figures that an invoice lacks, each with its formula, and report those that do not fit.

    What is stated is never overwritten but held against its formula, and what cannot be computed stays empty; both
    become differences. Amounts are rounded half up (away from zero) to the decimals of their currency. The result is
    final: calculating it again changes nothing.

    Args:
        invoice: the invoice, however complete.
        prices_include_vat: prices (BG-29), line amounts (BT-131), allowances and charges include VAT and are turned
            into amounts without it (see ``inclusive``), or, if one of them or its rate is not known, all left alone.
        exchange_rate: units of the VAT accounting currency (BT-6) for one unit of the invoice currency (BT-5), for
            BT-111; the rate of the invoice (BT-X-260), unless given.
        remainder_as_rounding: a cent between the total and what was shown with VAT becomes BT-114, unless stated.
        percentages_of_price: percentages of lines (BT-138, BT-143) without amount and base are of quantity times price.

    Raises:
        InputError: the exchange rate is not a positive number of at most 40 digits.
    """
    if exchange_rate is not None and (usable(exchange_rate) is None or exchange_rate <= 0):
        raise InputError(f"the exchange rate is {exchange_rate}; give a positive number", code="EXCHANGE_RATE")
    ledger = Ledger()
    decimals = currency_decimals(invoice.currency_code)
    invoice = replace(invoice, lines=with_bases(invoice.lines, ledger, decimals)) if percentages_of_price else invoice
    turned = without_vat(invoice, ledger, decimals) if prices_include_vat else (invoice, None)
    if turned is None:
        return Calculation(invoice, (), tuple(ledger.differences))
    invoice, shown = turned
    invoice = settle_sums(settle_breakdown(settle_parts(invoice, ledger, decimals), ledger, decimals), ledger, decimals)
    if shown is not None:
        invoice = place_remainder(invoice, shown, ledger, as_rounding=remainder_as_rounding)
    invoice = settle_due(invoice, ledger, decimals, exchange_rate)
    return Calculation(invoice, tuple(ledger.figures), tuple(ledger.differences))
