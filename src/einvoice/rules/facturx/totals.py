# SPDX-License-Identifier: Apache-2.0
"""BASIC WL, BASIC and EN 16931, totals: rules of EN 16931 whose tests Factur-X has in its own way."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from einvoice.model.parts import Fault, Part
from einvoice.rules.arithmetic import HALF, double_cents, double_round, money, same, whole
from einvoice.rules.element_rules import NO_FAULTS, about
from einvoice.rules.facturx.ledger import SETTLEMENT, amount_of
from einvoice.rules.xpath import EXACT, decimal, double, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules.element_rules import Faults

SUMMATION: Final = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_ONE: Final = Decimal(1)
_ALLOWANCES: Final = f"{SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge"
_LOGISTICS: Final = f"{SETTLEMENT}/ram:SpecifiedLogisticsServiceCharge"
_CURRENCY: Final = f"{SETTLEMENT}/ram:InvoiceCurrencyCode"
_WITHOUT_VAT: Final = f"{SETTLEMENT}/{SUMMATION}/ram:TaxBasisTotalAmount"
_WITH_VAT: Final = f"{SETTLEMENT}/{SUMMATION}/ram:GrandTotalAmount"
_TAX: Final = f"{SETTLEMENT}/{SUMMATION}/ram:TaxTotalAmount"


class Additions(NamedTuple):
    """What is added to the lines, and taken from them, on document level.

    Attributes:
        allowances: the allowances, told by the text ``false`` alone.
        charges: the charges, told by the text ``true`` alone.
        logistics: the logistics service charges.
    """

    allowances: list[Part]
    charges: list[Part]
    logistics: list[Part]


def additions(top: Part) -> Additions:
    """Allowances and charges as the tests of the totals tell them.

    Args:
        top: the document.
    """
    told = [(one, one.texts("ram:ChargeIndicator/udt:Indicator")) for one in top.parts(_ALLOWANCES)]
    allowances, charges = ([one for one, texts in told if text in texts] for text in ("false", "true"))
    return Additions(allowances, charges, top.parts(_LOGISTICS))


def total(parts: Iterable[Part], path: str) -> float:
    """``sum()`` of untyped texts: in binary floating point, in the order of the document.

    Args:
        parts: what is added.
        path: where the amounts stand in it.
    """
    return sum((double(text) for part in parts for text in part.texts(path)), 0.0)


@about("BR-CO-11", SUMMATION, version="facturx")
def br_co_11_facturx(summation: Part) -> Faults:
    """The sum of document level allowances is what they add up to, rounded to cents."""
    stated = summation.texts("ram:AllowanceTotalAmount")
    allowances = summation.recall(additions).allowances
    if not allowances and not stated:
        return NO_FAULTS
    return _missed("ram:AllowanceTotalAmount", stated, double_cents(total(allowances, "ram:ActualAmount")))


@about("BR-CO-12", SUMMATION, version="facturx")
def br_co_12_facturx(summation: Part) -> Faults:
    """The sum of document level charges is what they and the logistics service charges add up to, rounded to cents."""
    stated = summation.texts("ram:ChargeTotalAmount")
    known = summation.recall(additions)
    if not known.charges and not stated:
        return NO_FAULTS
    charges = double_cents(total(known.charges, "ram:ActualAmount"))
    expected = double_cents(charges + double_cents(total(known.logistics, "ram:AppliedAmount")))
    if stated and double_cents(double(stated[0])) == expected:
        return NO_FAULTS
    return [Fault("ram:ChargeTotalAmount", expected=money(expected))]


def _missed(path: str, stated: list[str], expected: float) -> Faults:
    for amount in [decimal(text) if "." in text else decimal(text) + 0 for text in stated]:  # -0 is 0, -0.00 is not
        if same(amount, expected):
            return NO_FAULTS
    return [Fault(path, expected=money(expected))]


@about("BR-CO-15", SUMMATION, version="facturx")
def br_co_15_facturx(summation: Part) -> Iterator[Fault]:
    """The total with VAT is the total without VAT plus the VAT total, which is stated once in the invoice currency.

    The test is also content with a total with VAT that equals the total without.
    """
    top = summation.top
    without, stated = _first(top, _WITHOUT_VAT), _first(top, _WITH_VAT)
    totals = top.parts(_TAX)
    for currency in top.texts(_CURRENCY):
        amounts = [decimal(one.text) for one in totals if one.get("currencyID") == currency]
        if without is not None and stated == without:
            continue
        expected = None
        if without is not None and len(amounts) == 1:
            expected = _of_hundredths(EXACT.scaleb(EXACT.add(without, amounts[0]), 2))
        if stated is None or stated != expected:
            why = "" if len(amounts) == 1 else f"{len(amounts)} VAT totals are stated in {currency}"
            yield Fault("ram:GrandTotalAmount", expected=None if expected is None else money(expected), why=why)


def _first(top: Part, path: str) -> Decimal | None:
    texts = top.texts(path)
    return decimal(texts[0]) if texts else None


@about("BR-CO-17", "ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax", version="facturx")
def br_co_17_facturx(breakdown: Part) -> Faults:
    """The tax of a VAT category is its taxable amount times its rate, at most one unit apart."""
    tax = amount_of(breakdown, "ram:CalculatedAmount")
    vat = trimmed(breakdown.one("ram:TypeCode").upper()) == "VAT"
    rate = amount_of(breakdown, "ram:RateApplicablePercent") if vat else None
    if rate is None or whole(rate) == 0:
        wrong = tax is None or whole(tax) != 0
        return [Fault("ram:CalculatedAmount", expected="0")] if wrong else NO_FAULTS
    basis = amount_of(breakdown, "ram:BasisAmount")
    if basis is None:
        return [Fault("ram:CalculatedAmount")]
    product = _of_hundredths(EXACT.multiply(basis.copy_abs(), rate))
    if tax is not None and EXACT.subtract(tax.copy_abs(), product).copy_abs() <= _ONE:
        return NO_FAULTS
    why = f"{money(abs(basis))} × {rate:f} % = {money(product)}"
    return [Fault("ram:CalculatedAmount", expected=money(product), why=why)]


def _of_hundredths(number: Decimal) -> Decimal:
    """The amount that so many hundredths are, rounded to cents: without a division, which is slow in so many digits."""
    return EXACT.scaleb(EXACT.add(number, HALF).to_integral_value(ROUND_FLOOR), -2)


def hundredths(amount: float) -> Decimal:
    """``xs:decimal(round(x * 100) div 100)`` of a sum in binary floating point: the exact value of that.

    Args:
        amount: the sum.
    """
    return Decimal(double_round(amount * 100) / 100)
