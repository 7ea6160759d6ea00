# SPDX-License-Identifier: Apache-2.0
"""UBL, totals: BR-FREXT-CO-10 to BR-FREXT-CO-15, give or take a cent for each amount that is added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.element_rules import about
from einvoice.rules.extended_ctc_fr.numbers import (
    Number,
    difference,
    exactly,
    near,
    only,
    rounded,
    shown,
    summed,
    truths,
)
from einvoice.rules.extended_ctc_fr.ubl_lines import AMOUNT, counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

TOTALS: Final = "cac:LegalMonetaryTotal"


class Additions(NamedTuple):
    """Document level allowances, or charges.

    Attributes:
        total: what they add up to, rounded to cents: the exact value of a binary number.
        number: how many there are.
    """

    total: Decimal
    number: int


def indicated(part: Part) -> frozenset[bool]:
    """What an allowance or charge says of being a charge.

    Args:
        part: the allowance or charge.

    Raises:
        UnjudgeableError: it says neither.
    """
    return truths(part.texts("cbc:ChargeIndicator"))


def _additions(totals: Part, *, charges: bool) -> Additions:
    """The allowances or charges beside the totals; those of the document are found once."""
    beside = totals.above
    if beside is None or beside == totals.top:
        return totals.recall(_charges if charges else _allowances)
    return _added(beside, charges=charges)


def _allowances(top: Part) -> Additions:
    return _added(top, charges=False)


def _charges(top: Part) -> Additions:
    return _added(top, charges=True)


def _added(beside: Part, *, charges: bool) -> Additions:
    found = [one for one in beside.parts("cac:AllowanceCharge") if charges in indicated(one)]
    return Additions(exactly(summed([text for one in found for text in one.texts("cbc:Amount")])), len(found))


def _missed(path: str, expected: Number, count: int) -> Iterator[Fault]:
    yield Fault(path, expected=shown(expected), why=f"{count} amounts are added, one cent each is tolerated")


@about("BR-FREXT-CO-10", TOTALS, version="ubl")
def br_frext_co_10_ubl(totals: Part) -> Iterator[Fault]:
    """The sum of line net amounts is what the lines add up to, give or take one cent for each line.

    Lines that group others or only inform are not added.
    """
    lines = totals.recall(counted)
    if not near(rounded(difference(only(totals, AMOUNT), lines.total)), len(lines.amounts)):
        yield from _missed(AMOUNT, lines.total, len(lines.amounts))


@about("BR-FREXT-CO-11", TOTALS, version="ubl")
def br_frext_co_11_ubl(totals: Part) -> Iterator[Fault]:
    """The sum of document level allowances is what they add up to, give or take one cent for each of them."""
    yield from _sum_of(totals, "cbc:AllowanceTotalAmount", charges=False)


@about("BR-FREXT-CO-12", TOTALS, version="ubl")
def br_frext_co_12_ubl(totals: Part) -> Iterator[Fault]:
    """The sum of document level charges is what they add up to, give or take one cent for each of them."""
    yield from _sum_of(totals, "cbc:ChargeTotalAmount", charges=True)


def _sum_of(totals: Part, path: str, *, charges: bool) -> Iterator[Fault]:
    stated, added = only(totals, path), _additions(totals, charges=charges)
    if stated is None and not added.number:
        return
    if not near(difference(stated, added.total), added.number):
        yield from _missed(path, added.total, added.number)


@about("BR-FREXT-CO-13", TOTALS, version="ubl")
def br_frext_co_13_ubl(totals: Part) -> Iterator[Fault]:
    """The total without VAT is what lines, allowances and charges come to, give or take one cent for each of them."""
    lines = totals.recall(counted)
    allowances, charges = (_additions(totals, charges=one) for one in (False, True))
    stated = only(totals, "cbc:TaxExclusiveAmount")
    off = rounded(difference(stated, lines.total, allowances.total.copy_negate(), charges.total))
    count = len(lines.amounts) + allowances.number + charges.number
    if not near(off, count):
        expected = float(lines.total) - float(allowances.total) + float(charges.total)
        yield from _missed("cbc:TaxExclusiveAmount", rounded(expected) or 0.0, count)


@about("BR-FREXT-CO-15", TOTALS, version="ubl")
def br_frext_co_15_ubl(totals: Part) -> Iterator[Fault]:
    """The total with VAT is the total without VAT plus the VAT total in the invoice currency, give or take cents.

    There is one cent for each line, allowance and charge. Nothing is asked where no VAT total is in that currency.
    """
    beside = totals.above or totals
    currencies = frozenset(totals.top.texts("cbc:DocumentCurrencyCode"))
    found = [one for one in beside.parts("cac:TaxTotal/cbc:TaxAmount") if one.get("currencyID") in currencies]
    if not found:
        return
    if len(found) > 1:
        raise UnjudgeableError(f"there are {len(found)} VAT totals in the invoice currency, and one can be compared")
    tax = only(found[0], ".")
    stated, without = only(totals, "cbc:TaxInclusiveAmount"), only(totals, "cbc:TaxExclusiveAmount")
    count = len(totals.recall(counted).amounts) + sum(_additions(totals, charges=one).number for one in (False, True))
    if without is None or tax is None:
        yield Fault("cbc:TaxExclusiveAmount")
    elif not near(difference(stated, tax, without), count):
        yield from _missed("cbc:TaxInclusiveAmount", float(tax) + float(without), count)
