# SPDX-License-Identifier: Apache-2.0
"""CII, VAT breakdown: BR-FREXT-S-01, BR-FXEXT-S-08 and their sisters, and BR-FXEXT-S-09.

They add up what those of Factur-X EXTENDED do. What a breakdown without a rate comes to is nothing, and what cannot be
compared in one category leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.arithmetic import ZERO, equation, money, spelled
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about
from einvoice.rules.extended_ctc_fr.families import listed_iff_used, taxable
from einvoice.rules.extended_ctc_fr.numbers import CENT, truths
from einvoice.rules.extended_ctc_fr.ubl_vat import tax_of
from einvoice.rules.facturx.ledger import SETTLEMENT, STATUS, Key, Sums, amount_of, lines, reason_of
from einvoice.rules.xpath import EXACT, decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules.en16931.vat_rows import Category

DOCUMENT: Final = "/rsm:CrossIndustryInvoice"
Fact = Callable[[Part], frozenset[str]]
_SETTLED: Final = "ram:SpecifiedLineTradeSettlement"
_TAX: Final = "ram:ApplicableTradeTax"
_CODE: Final = "ram:CategoryCode"
_ORDER: Final = ("AE", "L", "M", "E", "G", "K", "O", "S", "Z")
"""The categories in the order of the published contexts: a breakdown of several is seen by the first."""
_RATE: Final = "ram:RateApplicablePercent"
_ACTUAL: Final = "ram:ActualAmount"
_APPLIED: Final = "ram:AppliedAmount"


def used(top: Part) -> frozenset[str]:
    """The VAT categories of lines, allowances and charges; the test looks at lines that only inform, too.

    Args:
        top: the document.
    """
    return _codes(top.anywhere(_SETTLED)) | _added(top)


def used_later(top: Part) -> frozenset[str]:
    """The VAT categories of lines that count, of allowances and of charges.

    Args:
        top: the document.
    """
    return _codes(one for one in top.anywhere(_SETTLED) if one.above is None or counts(one.above)) | _added(top)


def _codes(settlements: Iterable[Part]) -> frozenset[str]:
    return frozenset(text for one in settlements for text in one.texts(f"{_TAX}/{_CODE}"))


def _added(top: Part) -> frozenset[str]:
    return frozenset(text for one in top.anywhere("ram:CategoryTradeTax") for text in one.texts(_CODE))


def counts(line: Part) -> bool:
    """Whether a line is added up: it is a detail, or does not say what it is.

    Args:
        line: the line.
    """
    return not line.has(STATUS) or "DETAIL" in line.texts(STATUS)


def listed(top: Part) -> frozenset[str]:
    """The VAT categories of the VAT breakdown.

    Args:
        top: the document.
    """
    return _codes(top.anywhere("ram:ApplicableHeaderTradeSettlement"))


def _listed_iff_used(fact: Fact, category: Category, top: Part) -> Faults:
    wanted = category.code in top.recall(fact)
    if wanted is (category.code in top.recall(listed)):
        return NO_FAULTS
    path = f"rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/{_TAX}/{_CODE}"
    return [Fault(path, expected=category.code if wanted else None)]


# ---- what is taxed


class Ledger(Struct):
    """What is taxed, by category and rate, and by both with the reason for not charging VAT; O has no rate.

    Attributes:
        sums: by key.
        open: why what is of a category and a rate cannot be added up.
    """

    sums: dict[Key, Sums] = {}
    open: dict[Key, str] = {}


def ledger(top: Part) -> Ledger:
    """What is taxed.

    Args:
        top: the document.
    """
    found = Ledger()
    with localcontext(EXACT):
        for line in top.recall(lines).counted:
            total = sum(map(decimal, line.totals), ZERO)
            for settlement in line.settlements:
                for sums in _entries(found, settlement, _TAX):
                    sums.lines += total
        for one in top.parts(f"{SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge"):
            amount = sum(map(decimal, one.texts(_ACTUAL)), ZERO)
            charge = truths(one.texts("ram:ChargeIndicator/udt:Indicator"))
            for sums in _entries(found, one, "ram:CategoryTradeTax", _ACTUAL if charge else ""):
                sums.allowances += amount if False in charge else ZERO
                sums.charges += amount if True in charge else ZERO
        for one in top.parts(f"{SETTLEMENT}/ram:SpecifiedLogisticsServiceCharge"):
            amount = sum(map(decimal, one.texts(_APPLIED)), ZERO)
            for sums in _entries(found, one, "ram:AppliedTradeTax", _APPLIED):
                sums.logistics += amount
    return found


def _entries(found: Ledger, part: Part, tax: str, amount: str = "") -> Iterator[Sums]:
    """What something belongs to: any of its categories at any of its rates, each once.

    The tests compute with the only amount of what is added; lines may have several.
    """
    rates: list[Decimal | None] = [decimal(text) for text in part.texts(f"{tax}/{_RATE}")]
    for code in dict.fromkeys(part.texts(f"{tax}/{_CODE}")):
        for rate in [None] if code == "O" else dict.fromkeys(rates):
            keys: list[Key] = [_key(code, rate)]
            try:
                if amount:
                    amount_of(part, amount)
                keys.append((*keys[0], reason_of(part, f"{tax}/")))
            except UnjudgeableError as error:
                found.open.setdefault(keys[0], str(error))
            for key in keys:
                sums = found.sums.setdefault(key, Sums())
                sums.count += 1
                yield sums


def _key(code: str, rate: Decimal | None) -> Key:
    return (code,) if rate is None else (code, rate)


# ---- the breakdown


def breakdowns(top: Part) -> dict[str, list[Part]]:
    """The VAT breakdowns by their category.

    Args:
        top: the document.
    """
    found: dict[str, list[Part]] = {}
    for settlement in top.anywhere("ram:ApplicableHeaderTradeSettlement"):
        for tax in settlement.parts(_TAX):
            types = tax.texts("ram:TypeCode")
            if len(types) == 1 and types[0].upper() == "VAT":  # of several none fits, as they cannot be compared
                codes = tax.texts(_CODE)
                found.setdefault(next((code for code in _ORDER if code in codes), ""), []).append(tax)
    return found


def _taxed(tax: Part, code: str) -> tuple[Sums, Sums]:
    """What a breakdown adds up: with the reason for not charging VAT, and whatever that is."""
    nothing, known = Sums(), tax.recall(ledger)
    rate = None if code == "O" else amount_of(tax, _RATE)
    if rate is None and code != "O":
        return nothing, nothing
    key = _key(code, rate)
    if key in known.open:
        raise UnjudgeableError(known.open[key])
    return known.sums.get((*key, reason_of(tax)), nothing), known.sums.get(key, nothing)


def _judged(category: Category, chosen: tuple[int, ...], top: Part) -> Faults:
    """A test that is content if one of the chosen sums is near enough: 0 with the reason, 1 without."""
    stated = top.recall(breakdowns).get(category.code, ())
    return [fault for tax in stated for fault in _misses(tax, category.code, chosen)] or NO_FAULTS


def _misses(tax: Part, code: str, chosen: tuple[int, ...]) -> Iterator[Fault]:
    both, basis = _taxed(tax, code), amount_of(tax, "ram:BasisAmount")
    if any(_near(basis, both[one]) for one in chosen):
        return
    last = both[chosen[-1]]
    parts = [part for part in (last.lines, -last.allowances, last.charges, last.logistics) if part]
    why = (
        equation(spelled(parts), last.total())
        if parts
        else f"{last.count} amounts are added, one cent each is tolerated"
    )
    yield Fault("ram:BasisAmount", expected=money(last.total()), why=why, part=tax)


def _near(basis: Decimal | None, sums: Sums) -> bool:
    """Whether a taxable amount is at most one cent from its sum for each amount that is added."""
    with localcontext(EXACT):
        return basis is not None and abs(basis - sums.total()) <= sums.tolerance


LISTED: Final[tuple[ElementRule, ...]] = listed_iff_used(DOCUMENT, partial(_listed_iff_used, used))
LISTED_LATER: Final[tuple[ElementRule, ...]] = listed_iff_used(DOCUMENT, partial(_listed_iff_used, used_later))
"""The same in the edition after 1.4.0.03, which looks at lines that count alone."""
TAXABLE: Final[tuple[ElementRule, ...]] = taxable(DOCUMENT, "BR-FXEXT", _judged, logistics=True)


@about("BR-FXEXT-S-09", DOCUMENT)
def br_fxext_s_09(top: Part) -> Iterator[Fault]:
    """The tax of VAT category Standard rated (S) is its taxable amount times its rate, give or take one cent each.

    There is one cent for each line, allowance, charge and logistics service charge of the category and rate.
    """
    for tax in top.recall(breakdowns).get("S", ()):
        rate, basis, stated = (amount_of(tax, path) for path in (_RATE, "ram:BasisAmount", "ram:CalculatedAmount"))
        if rate is None or basis is None or stated is None:
            yield Fault("ram:CalculatedAmount", part=tax)
            continue
        product = tax_of(basis, rate)
        with localcontext(EXACT):
            off = abs(stated - product) > CENT * max(sums.count for sums in _taxed(tax, "S"))
        if off:
            why = f"{money(basis)} × {rate:f} % = {money(product)}"
            yield Fault("ram:CalculatedAmount", expected=money(product), why=why, part=tax)
