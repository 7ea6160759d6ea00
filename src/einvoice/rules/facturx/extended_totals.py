# SPDX-License-Identifier: Apache-2.0
"""EXTENDED, totals: BR-FXEXT-CO-10 to BR-FXEXT-CO-16, give or take a cent for each amount that is added."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from einvoice.model.parts import Fault, Part
from einvoice.rules.arithmetic import ZERO, double_cents, money
from einvoice.rules.element_rules import about
from einvoice.rules.facturx.ledger import CENT, amount_of, lines
from einvoice.rules.facturx.totals import SUMMATION, additions, hundredths, total
from einvoice.rules.xpath import EXACT, decimal, double

if TYPE_CHECKING:
    from collections.abc import Iterator


def net(top: Part) -> Decimal:
    """What the lines that count add up to, in binary floating point, rounded to cents.

    Args:
        top: the document.
    """
    return hundredths(sum((double(text) for line in top.recall(lines).counted for text in line.totals), 0.0))


def near(path: str, stated: Decimal | None, expected: Decimal, count: int) -> Iterator[Fault]:
    """Whether an amount is stated, and no further from what it should be than one cent for each that is added.

    Args:
        path: where it is stated.
        stated: the amount.
        expected: what it should be.
        count: how many amounts are added.

    Yields:
        The fault, if it is not.
    """
    with localcontext(EXACT):
        fits = stated is not None and abs(stated - expected) <= CENT * count
    if not fits:
        yield Fault(path, expected=_shown(expected), why=f"{count} amounts are added, one cent each is tolerated")


def _shown(amount: Decimal) -> str:
    return money(Decimal(repr(float(amount))))


@about("BR-FXEXT-CO-10", SUMMATION)
def br_fxext_co_10(summation: Part) -> Iterator[Fault]:
    """The sum of line net amounts is what the lines add up to, give or take one cent for each line.

    Lines that group others or only inform are not added.
    """
    stated = amount_of(summation, "ram:LineTotalAmount")
    yield from near("ram:LineTotalAmount", stated, summation.recall(net), summation.recall(lines).every)


@about("BR-FXEXT-CO-11", SUMMATION)
def br_fxext_co_11(summation: Part) -> Iterator[Fault]:
    """The sum of document level allowances is what they add up to, give or take one cent for each of them."""
    allowances = summation.recall(additions).allowances
    if allowances or summation.has("ram:AllowanceTotalAmount"):
        expected = Decimal(double_cents(total(allowances, "ram:ActualAmount")))
        stated = amount_of(summation, "ram:AllowanceTotalAmount")
        yield from near("ram:AllowanceTotalAmount", stated, expected, len(allowances))


@about("BR-FXEXT-CO-12", SUMMATION)
def br_fxext_co_12(summation: Part) -> Iterator[Fault]:
    """The sum of charges is what they and the logistics service charges add up to, give or take one cent each."""
    known = summation.recall(additions)
    if known.charges or summation.has("ram:ChargeTotalAmount"):
        stated = amount_of(summation, "ram:ChargeTotalAmount")
        count = len(known.charges) + len(known.logistics)
        yield from near("ram:ChargeTotalAmount", stated, _charges(summation), count)


def _charges(summation: Part) -> Decimal:
    known = summation.recall(additions)
    logistics = Decimal(double_cents(total(known.logistics, "ram:AppliedAmount")))
    with localcontext(EXACT):
        return hundredths(total(known.charges, "ram:ActualAmount")) + logistics


@about("BR-FXEXT-CO-13", SUMMATION)
def br_fxext_co_13(summation: Part) -> Iterator[Fault]:
    """The total without VAT is what lines, allowances and charges come to, give or take one cent for each of them."""
    known = summation.recall(additions)
    stated = amount_of(summation, "ram:TaxBasisTotalAmount")
    if stated is None:
        yield Fault("ram:TaxBasisTotalAmount")
        return
    allowances = Decimal(double_cents(total(known.allowances, "ram:ActualAmount")))
    with localcontext(EXACT):
        expected = summation.recall(net) - allowances + _charges(summation)
    yield from near("ram:TaxBasisTotalAmount", stated, expected, counted(summation))


def counted(summation: Part) -> int:
    """How many lines, allowances and charges are added.

    Args:
        summation: the totals.
    """
    known = summation.recall(additions)
    return len(summation.recall(lines).counted) + sum(map(len, known))


@about("BR-FXEXT-CO-15", SUMMATION)
def br_fxext_co_15(summation: Part) -> Iterator[Fault]:
    """The total with VAT is the total without VAT plus the VAT total in the invoice currency, give or take cents.

    There is one cent for each line, allowance and charge. The test fails where one of the totals is not stated.
    """
    settlement = summation.above
    currencies = settlement.texts("ram:InvoiceCurrencyCode") if settlement is not None else []
    without = amount_of(summation, "ram:TaxBasisTotalAmount") if currencies else None
    for currency in currencies or [""]:
        totals = [one for one in summation.parts("ram:TaxTotalAmount") if one.get("currencyID") == currency]
        amounts = [decimal(one.text) for one in totals] if without is not None else []
        if without is None or not amounts:
            yield Fault("ram:TaxTotalAmount" if without is not None else "ram:TaxBasisTotalAmount")
            continue
        with localcontext(EXACT):
            expected = without + amounts[0]
        stated = amount_of(summation, "ram:GrandTotalAmount")
        yield from near("ram:GrandTotalAmount", stated, expected, counted(summation))


@about("BR-FXEXT-CO-16", SUMMATION)
def br_fxext_co_16(summation: Part) -> Iterator[Fault]:
    """The amount due is the total with VAT, less what is paid, plus rounding and financial adjustments."""
    settlement, due = summation.above, amount_of(summation, "ram:DuePayableAmount")
    if due is None:
        yield Fault("ram:DuePayableAmount")
        return
    with localcontext(EXACT):
        paid = _sum(summation, "ram:TotalPrepaidAmount")
        expected = _sum(summation, "ram:GrandTotalAmount") - paid + _sum(summation, "ram:RoundingAmount")
        if settlement is not None:
            expected += _sum(settlement, "ram:SpecifiedFinancialAdjustment/ram:ActualAmount")
    if due != expected:
        yield Fault("ram:DuePayableAmount", expected=money(expected))


def _sum(part: Part, path: str) -> Decimal:
    return sum(map(decimal, part.texts(path)), ZERO)
