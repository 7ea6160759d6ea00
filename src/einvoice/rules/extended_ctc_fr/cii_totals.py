# SPDX-License-Identifier: Apache-2.0
"""CII, totals: BR-FREXT-CO-10 to BR-FREXT-CO-15, give or take a cent for each amount that is added.

They differ from those of Factur-X EXTENDED in what is added exactly, and what in binary floating point.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final, NamedTuple

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.arithmetic import ZERO, cents, double_cents
from einvoice.rules.element_rules import about
from einvoice.rules.extended_ctc_fr.numbers import CENT, shown
from einvoice.rules.facturx.ledger import amount_of, lines
from einvoice.rules.facturx.totals import SUMMATION, additions, hundredths, total
from einvoice.rules.xpath import EXACT, decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def _exact(texts: Iterable[str]) -> Decimal:
    """The sum of amounts, rounded to cents."""
    with localcontext(EXACT):
        return cents(sum(map(decimal, texts), ZERO))


def net(top: Part) -> Decimal:
    """What the lines that count add up to, rounded to cents.

    Args:
        top: the document.
    """
    return _exact(text for line in top.recall(lines).counted for text in line.totals)


def _amounts(parts: Iterable[Part], path: str = "ram:ActualAmount") -> Decimal:
    """The exact sum of what stands in allowances or charges, rounded to cents."""
    return _exact(text for one in parts for text in one.texts(path))


class Sums(NamedTuple):
    """What is added to the lines on document level, and how much of it there is.

    Attributes:
        logistics: the sum of logistics service charges, rounded to cents.
        every: how many lines, allowances and charges are added.
        allowances: how many of them are allowances.
        charges: how many of them are charges, logistics service charges among them.
    """

    logistics: Decimal
    every: int
    allowances: int
    charges: int


def sums(top: Part) -> Sums:
    """What is added to the lines on document level.

    Args:
        top: the document.
    """
    known = top.recall(additions)
    allowances, charges = len(known.allowances), len(known.charges) + len(known.logistics)
    logistics = Decimal(double_cents(total(known.logistics, "ram:AppliedAmount")))
    return Sums(logistics, len(top.recall(lines).counted) + allowances + charges, allowances, charges)


def _near(path: str, stated: Decimal | None, expected: Decimal, count: int) -> Iterator[Fault]:
    """Whether an amount is stated, and no further from what it should be than one cent for each that is added."""
    with localcontext(EXACT):
        near = stated is not None and abs(stated - expected) <= CENT * count
    if not near:
        why = f"{count} amounts are added, one cent each is tolerated"
        yield Fault(path, expected=shown(expected), why=why)


@about("BR-FREXT-CO-10", SUMMATION, version="cii")
def br_frext_co_10_cii(summation: Part) -> Iterator[Fault]:
    """The sum of line net amounts is what the lines add up to, give or take one cent for each line.

    Lines that group others or only inform are not added, but there is a cent for them too.
    """
    stated = amount_of(summation, "ram:LineTotalAmount")
    yield from _near("ram:LineTotalAmount", stated, summation.recall(net), summation.recall(lines).every)


@about("BR-FREXT-CO-11", SUMMATION, version="cii")
def br_frext_co_11_cii(summation: Part) -> Iterator[Fault]:
    """The sum of document level allowances is what they add up to, give or take one cent for each of them."""
    allowances = summation.recall(additions).allowances
    stated = amount_of(summation, "ram:AllowanceTotalAmount")
    if allowances or stated is not None:
        yield from _near("ram:AllowanceTotalAmount", stated, _amounts(allowances), len(allowances))


def _charged(summation: Part, logistics: Decimal) -> Iterator[Fault]:
    known, added = summation.recall(additions), summation.recall(sums)
    stated = amount_of(summation, "ram:ChargeTotalAmount")
    if known.charges or stated is not None:
        with localcontext(EXACT):
            expected = _amounts(known.charges) + logistics
        yield from _near("ram:ChargeTotalAmount", stated, expected, added.charges)


@about("BR-FREXT-CO-12", SUMMATION, version="cii")
def br_frext_co_12_cii(summation: Part) -> Iterator[Fault]:
    """The sum of charges is what they and the logistics service charges add up to, give or take one cent each."""
    yield from _charged(summation, summation.recall(sums).logistics)


@about("BR-FREXT-CO-12", SUMMATION, version="cii_later")
def br_frext_co_12_cii_later(summation: Part) -> Iterator[Fault]:
    """The sum of charges is what they and the logistics service charges add up to, give or take one cent each.

    All amounts are added exactly.
    """
    yield from _charged(summation, _amounts(summation.recall(additions).logistics, "ram:AppliedAmount"))


@about("BR-FREXT-CO-13", SUMMATION, version="cii")
def br_frext_co_13_cii(summation: Part) -> Iterator[Fault]:
    """The total without VAT is what lines, allowances and charges come to, give or take one cent for each of them."""
    known, added = summation.recall(additions), summation.recall(sums)
    stated = amount_of(summation, "ram:TaxBasisTotalAmount")
    allowances = Decimal(double_cents(total(known.allowances, "ram:ActualAmount")))
    with localcontext(EXACT):
        charges = hundredths(total(known.charges, "ram:ActualAmount")) + added.logistics
        expected = summation.recall(net) - allowances + charges
    yield from _near("ram:TaxBasisTotalAmount", stated, expected, added.every)


@about("BR-FREXT-CO-13", SUMMATION, version="cii_later")
def br_frext_co_13_cii_later(summation: Part) -> Iterator[Fault]:
    """The total without VAT is what lines, allowances and charges come to, give or take one cent for each of them.

    All amounts are added exactly.
    """
    known, stated = summation.recall(additions), amount_of(summation, "ram:TaxBasisTotalAmount")
    with localcontext(EXACT):
        charges = _amounts(known.charges) + _amounts(known.logistics, "ram:AppliedAmount")
        expected = summation.recall(net) - _amounts(known.allowances) + charges
    yield from _near("ram:TaxBasisTotalAmount", stated, expected, summation.recall(sums).every)


@about("BR-FREXT-CO-15", SUMMATION, version="cii")
def br_frext_co_15_cii(summation: Part) -> Iterator[Fault]:
    """The total with VAT is the total without VAT plus the VAT total in the invoice currency, give or take cents.

    There is one cent for each line, allowance and charge. The test fails where one of the totals is not stated; where
    there are several VAT totals in that currency, the total with VAT has to be the one without.
    """
    settlement = summation.above
    currencies = frozenset(settlement.texts("ram:InvoiceCurrencyCode") if settlement is not None else ())
    found = [one for one in summation.parts("ram:TaxTotalAmount") if one.get("currencyID") in currencies]
    without, stated = _first(summation, "ram:TaxBasisTotalAmount"), _first(summation, "ram:GrandTotalAmount")
    if without is None or stated is None or not found:
        missing = "ram:GrandTotalAmount" if stated is None else "ram:TaxBasisTotalAmount"
        yield Fault(missing if without is None or stated is None else "ram:TaxTotalAmount")
        return
    tax = decimal(found[0].text)
    if len(found) == 1:
        with localcontext(EXACT):
            expected = without + tax
        yield from _near("ram:GrandTotalAmount", stated, expected, summation.recall(sums).every)
    elif stated != without:
        why = f"{len(found)} VAT totals are stated in the invoice currency"
        yield Fault("ram:GrandTotalAmount", expected=shown(without), why=why)


def _first(summation: Part, path: str) -> Decimal | None:
    texts = summation.texts(path)
    return decimal(texts[0]) if texts else None


@about("BR-CO-25", "/rsm:CrossIndustryInvoice", version="cii_later")
def br_co_25_cii_later(document: Part) -> Iterator[Fault]:
    """If an amount is due (BT-115), the invoice has a due date (BT-9) or payment terms (BT-20).

    An amount that is no decimal number cannot be compared; nor can several.
    """
    amounts = document.anywhere("ram:DuePayableAmount")
    if len(amounts) > 1:
        raise UnjudgeableError("several amounts are due")
    due = [one for one in amounts if decimal(one.text) > 0]
    terms = document.anywhere("ram:SpecifiedTradePaymentTerms")
    if due and not any(one.has("ram:DueDateDateTime") or one.has("ram:Description") for one in terms):
        yield Fault(part=due[0], found=due[0].text, why="neither a due date nor payment terms")


LATER: Final = (br_frext_co_12_cii_later, br_frext_co_13_cii_later, br_co_25_cii_later)
"""Rules that the edition after 1.4.0.03 has in its own way."""
