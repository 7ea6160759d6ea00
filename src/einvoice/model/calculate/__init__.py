# SPDX-License-Identifier: Apache-2.0
"""The figures of an invoice: what follows from what is given is filled in, and what is stated is held against it.

The order is the one in which the figures follow from each other: prices, allowances and charges, lines (``lines``),
document level allowances and charges, VAT breakdown (``vat``, ``breakdown``), totals (``totals``). Amounts that
include VAT are turned into amounts without it before that (``inclusive``, ``netting``, ``conversion``).
"""

from __future__ import annotations

from decimal import Decimal

from einvoice.codes.currencies import currency_decimals
from einvoice.errors import InputError
from einvoice.model.calculate.arithmetic import usable
from einvoice.model.calculate.breakdown import settle_breakdown
from einvoice.model.calculate.conversion import place_remainder, without_vat
from einvoice.model.calculate.figures import Calculation, Difference, Figure, Ledger, Operand
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
) -> Calculation:
    """Fill the figures that an invoice lacks, each with its formula, and report those that do not fit.

    What is stated is never overwritten: where it is not what its formula gives, that is a difference, and the stated
    value is what further figures are computed from. Amounts are rounded half up (away from zero) to the decimals of
    their currency. What cannot be computed stays empty, and a difference says what is missing. The result is a
    fixed point: calculating it again changes nothing.

    Args:
        invoice: the invoice, as complete or incomplete as it is.
        prices_include_vat: prices (BG-29), amounts of lines (BT-131), and allowances and charges on both levels are
            given with VAT and are turned into amounts without it; this alone replaces stated values. Document totals
            and VAT breakdown are taken as the standard defines them. If one of these amounts or its VAT rate is not
            known, nothing is turned or filled, and differences say what is missing.
        exchange_rate: units of the VAT accounting currency (BT-6) for one unit of the invoice currency (BT-5), for
            BT-111; without it, the rate of the invoice (BT-X-260) is used.
        remainder_as_rounding: where no amounts without VAT give the total that was shown with VAT, fill the rounding
            amount (BT-114) with the cent that remains, unless one is stated. Otherwise it is a difference on BT-112.

    Raises:
        InputError: if the exchange rate is not a positive number of at most 40 digits.
    """
    if exchange_rate is not None and (usable(exchange_rate) is None or exchange_rate <= 0):
        raise InputError(f"the exchange rate is {exchange_rate}; give a positive number", code="EXCHANGE_RATE")
    ledger = Ledger()
    decimals = currency_decimals(invoice.currency_code)
    shown: Decimal | None = None
    if prices_include_vat:
        turned = without_vat(invoice, ledger, decimals)
        if turned is None:
            return Calculation(invoice, (), tuple(ledger.differences))
        invoice, shown = turned
    invoice = settle_parts(invoice, ledger, decimals)
    invoice = settle_breakdown(invoice, ledger, decimals)
    invoice = settle_sums(invoice, ledger, decimals)
    if shown is not None:
        invoice = place_remainder(invoice, shown, ledger, as_rounding=remainder_as_rounding)
    invoice = settle_due(invoice, ledger, decimals, exchange_rate)
    return Calculation(invoice, tuple(ledger.figures), tuple(ledger.differences))
