# SPDX-License-Identifier: Apache-2.0
"""CII, VAT breakdown: BR-FREXT-S-01, BR-FXEXT-S-08 and their sisters, and BR-FXEXT-S-09.

They add up what those of Factur-X EXTENDED do, and tell otherwise what a breakdown without a rate comes to: nothing.
"""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.arithmetic import equation, money, spelled
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about
from einvoice.rules.extended_ctc_fr.families import family
from einvoice.rules.extended_ctc_fr.numbers import CENT
from einvoice.rules.extended_ctc_fr.ubl_vat import tax_of
from einvoice.rules.facturx.ledger import Sums, ledger, taxes
from einvoice.rules.xpath import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.en16931.vat_rows import Category
    from einvoice.rules.facturx.ledger import Tax

DOCUMENT: Final = "/rsm:CrossIndustryInvoice"
_TAX: Final = "ram:ApplicableTradeTax"
_CODE: Final = "ram:CategoryCode"


def used(top: Part) -> frozenset[str]:
    """The VAT categories of lines, allowances and charges; the test looks at lines that only inform, too.

    Args:
        top: the document.
    """
    lines = [text for one in top.anywhere("ram:SpecifiedLineTradeSettlement") for text in one.texts(f"{_TAX}/{_CODE}")]
    return frozenset([*lines, *(text for one in top.anywhere("ram:CategoryTradeTax") for text in one.texts(_CODE))])


def listed(top: Part) -> frozenset[str]:
    """The VAT categories of the VAT breakdown.

    Args:
        top: the document.
    """
    headers = top.anywhere("ram:ApplicableHeaderTradeSettlement")
    return frozenset(text for one in headers for text in one.texts(f"{_TAX}/{_CODE}"))


def _listed_iff_used(category: Category, top: Part) -> Faults:
    wanted = category.code in top.recall(used)
    if wanted is (category.code in top.recall(listed)):
        return NO_FAULTS
    path = f"rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/{_TAX}/{_CODE}"
    return [Fault(path, expected=category.code if wanted else None)]


def _taxed(tax: Tax, code: str) -> tuple[Sums, Sums]:
    """What a breakdown adds up: with the reason for not charging VAT, and whatever that is."""
    nothing, known = Sums(), tax.part.recall(ledger)
    if code == "O":
        return known.get((code, tax.reason), nothing), known.get((code,), nothing)
    if tax.rate is None:
        return nothing, nothing
    return known.get((code, tax.rate, tax.reason), nothing), known.get((code, tax.rate), nothing)


def _off(tax: Tax, sums: Sums) -> bool:
    """Whether a taxable amount is further from its sum than it may be."""
    with localcontext(EXACT):
        return tax.basis is None or abs(tax.basis - sums.total()) > sums.tolerance


def _judged(category: Category, chosen: tuple[int, ...], top: Part) -> Faults:
    """A test that is content if one of the chosen sums is near enough: 0 with the reason, 1 without."""
    stated = top.recall(taxes).get(category.code, ())
    return [fault for tax in stated if tax.vat for fault in _misses(tax, category.code, chosen)] or NO_FAULTS


def _misses(tax: Tax, code: str, chosen: tuple[int, ...]) -> Iterator[Fault]:
    both = _taxed(tax, code)
    if all(_off(tax, both[one]) for one in chosen):
        last = both[chosen[-1]]
        parts = (last.lines, -last.allowances, last.charges, last.logistics)
        why = equation(spelled(part for part in parts if part), last.total())
        yield Fault("ram:BasisAmount", expected=money(last.total()), why=why, part=tax.part)


FAMILIES: Final[tuple[ElementRule, ...]] = family(DOCUMENT, "BR-FXEXT", _listed_iff_used, _judged, logistics=True)


@about("BR-FXEXT-S-09", DOCUMENT)
def br_fxext_s_09(top: Part) -> Iterator[Fault]:
    """The tax of VAT category Standard rated (S) is its taxable amount times its rate, give or take one cent each.

    There is one cent for each line, allowance, charge and logistics service charge of the category and rate.
    """
    for tax in (one for one in top.recall(taxes).get("S", ()) if one.vat):
        if tax.rate is None or tax.basis is None or tax.amount is None:
            yield Fault("ram:CalculatedAmount", part=tax.part)
            continue
        count = max(sums.count for sums in _taxed(tax, "S"))
        product = tax_of(tax.basis, tax.rate)
        with localcontext(EXACT):
            off = abs(tax.amount - product) > CENT * count
        if off:
            why = f"{money(tax.basis)} × {tax.rate:f} % = {money(product)}"
            yield Fault("ram:CalculatedAmount", expected=money(product), why=why, part=tax.part)
