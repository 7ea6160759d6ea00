# SPDX-License-Identifier: Apache-2.0
"""The VAT rules of UBL, asked of elements: for documents that state a category where the invoice has no place for it.

Each asks exactly what its published test asks, also where the tests of two categories differ by oversight.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.arithmetic import not_below_zero
from einvoice.rules.element_rules import NO_FAULTS, asked
from einvoice.rules.en16931 import vat_demands as demands
from einvoice.rules.en16931.anywhere import (
    ALLOWANCE,
    CHARGE,
    ITEM_TAX,
    LINES,
    all_rated,
    categories,
    code_of,
    indicates,
    is_of,
    is_vat,
    numbers,
    sum_of,
)
from einvoice.rules.en16931.vat import AE, AF, AG, IC, E, G, O, S, Z
from einvoice.rules.en16931.vat_amounts import exactly, taxable_sentence, within_one
from einvoice.rules.en16931.vat_rows import ALLOWANCES, CHARGES, known_sentence, rate_sentence
from einvoice.rules.en16931.vat_rows import LINES as ON_LINES
from einvoice.rules.en16931.vat_sums import Amounts
from einvoice.rules.xpath import decimal, double

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule, Faults
    from einvoice.rules.en16931.vat_demands import Demand
    from einvoice.rules.en16931.vat_rows import Category

TOP: Final = "/Invoice | /CreditNote"
_RATE: Final = "cbc:Percent"
_BREAKDOWN: Final = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
_ITEM_OF_LINE: Final = " | ".join(f"{line}/{ITEM_TAX}" for line in LINES)
_BESIDE: Final = "cac:AllowanceCharge/cac:TaxCategory"
_SENTENCE: Final = "There is a VAT breakdown of category {} if anything is of that category."
_KINDS: Final = ((ALLOWANCES, ALLOWANCE, "03", "06"), (CHARGES, CHARGE, "04", "07"))
_FAMILIES: Final = {
    "S": (S, demands.SELLER, demands.ABOVE_ZERO),
    "Z": (Z, demands.SELLER, demands.EXACTLY_ZERO),
    "E": (E, demands.SELLER, demands.EXACTLY_ZERO),
    "AE": (AE, demands.BOTH, demands.EXACTLY_ZERO),
    "IC": (IC, demands.BOTH_VAT, demands.EXACTLY_ZERO),
    "G": (G, demands.SELLER_VAT, demands.EXACTLY_ZERO),
    "O": (O, demands.NOBODY, demands.NO_RATE),
    "AF": (AF, demands.SELLER, demands.NOT_NEGATIVE),
    "AG": (AG, demands.SELLER, demands.NOT_NEGATIVE),
}
"""The letters in the ids, the category, by whom it demands to be known, and its rate."""


# ---- 01: the breakdown of a category that is used


def _once(code: str, top: Part) -> Faults:
    """Z, E, AE, K, G and O: exactly one breakdown if the category is stated anywhere, in a breakdown too."""
    known = top.recall(categories)
    stated = any(is_of(one, code) for one in (*known.every, *known.items))
    listed = sum(is_of(one, code) for one in known.listed)
    return _unmatched(listed) if stated and listed != 1 else NO_FAULTS


def _standard(top: Part) -> Faults:
    """S: a breakdown if and only if it is used, of whatever tax."""
    known = top.recall(categories)
    used = any(code_of(one) == S.code for one in (*known.beside, *known.items))
    listed = sum(code_of(one) == S.code for one in known.listed)
    return NO_FAULTS if used == bool(listed) else _unmatched(listed)


def _regional(code: str, top: Part, *, any_tax: bool) -> Faults:
    """L and M: if used, a breakdown that states just that; of any tax, for L."""
    known = top.recall(categories)
    if any(is_of(one, code) for one in (*known.beside, *known.items)):
        listed = sum(code in one.texts("cbc:ID") and (any_tax or is_vat(one)) for one in known.listed)
        return NO_FAULTS if listed else _unmatched(0)
    listed = sum(is_of(one, code) for one in known.listed)
    return _unmatched(listed) if listed else NO_FAULTS


def _unmatched(listed: int) -> Faults:
    return [Fault("cac:TaxTotal", found=f"{listed}", terms=("BG-23",))]


# ---- 02 to 04: by which numbers the parties are known


def _known_on_lines(code: str, demand: Demand, top: Part) -> Faults:
    items = [one for one in top.recall(categories).items if code_of(one) == code]
    vat = any(map(is_vat, items))
    if not (items if code == S.code else vat) or (vat and demand.met(top.recall(numbers))):
        return NO_FAULTS
    return [Fault(terms=(demand.term,), why=f"an item is of category {code}")]


def _known_beside(code: str, flags: frozenset[str], demand: Demand, top: Part) -> Faults:
    known = top.recall(categories)
    some = known.reduced if code == O.code else known.beside
    of_kind = [one for one in some if indicates(one.above, flags) and is_of(one, code)]
    if code == AF.code and flags is CHARGE:  # this test looks at the text as it stands
        of_kind = [one for one in of_kind if code in one.texts("cbc:ID")]
    if not of_kind or demand.met(top.recall(numbers)):
        return NO_FAULTS
    return [Fault("cbc:ID", terms=(demand.term,), part=of_kind[0])]


# ---- 05 to 07: the rate


def _rate_fits(family: str, tax: Part) -> bool:
    texts = tax.texts(_RATE)
    if family == "O":
        return not texts
    if family == "S":
        return any(double(text) > 0 for text in texts)
    if family in ("AF", "AG"):
        return any(double(text) > 0 or not_below_zero(decimal(text)) for text in texts)
    return any(decimal(text) == 0 for text in texts)


def _rate(family: str, code: str, flags: frozenset[str], tax: Part) -> Faults:
    if not is_of(tax, code) or (flags and not indicates(tax.above, flags)) or _rate_fits(family, tax):
        return NO_FAULTS
    return [Fault(_RATE, expected=_FAMILIES[family][2].expected)]


# ---- 08: the taxable amount


def _taxable(family: str, code: str, tax: Part) -> Faults:
    if not is_of(tax, code) or tax.above is None:
        return NO_FAULTS
    top, amounts = tax.top, [decimal(text) for text in tax.above.texts("cbc:TaxableAmount")]
    by_rate = family in ("S", "AF", "AG")
    rates = [decimal(text) for text in tax.texts(_RATE)] if by_rate else [None]
    for rate in rates:
        asked_of = (name for name in LINES if _asks(top, name, family, code, rate))
        agrees = within_one if by_rate else exactly
        if not any(agrees(one, Amounts(*sum_of(top, name, code, rate))) for name in asked_of for one in amounts):
            return [Fault("cbc:TaxableAmount", part=tax.above)]
    return NO_FAULTS


def _asks(top: Part, lines: str, family: str, code: str, rate: Decimal | None) -> bool:
    """Whether the test computes with lines of a name: any that there is; for S, one of that category and rate."""
    if family != "S":
        return bool(top.anywhere(lines))
    names = (lines, "cac:AllowanceCharge")
    return any(True for name in names for _ in all_rated(top, name, code, rate, within="anywhere"))


# ---- of O, nothing else is taxed


def _beside_o(others: Callable[[Part], list[Part]], top: Part) -> Faults:
    if not any(is_of(one, O.code) for one in top.recall(categories).listed):
        return NO_FAULTS
    found = [one for one in others(top) if is_vat(one) and code_of(one) != O.code]
    return [Fault("cbc:ID", expected=O.code, part=found[0])] if found else NO_FAULTS


def _items(top: Part) -> list[Part]:
    return top.recall(categories).items


def _allowances(top: Part) -> list[Part]:
    return top.recall(categories).beside_of(ALLOWANCE)


def _charges(top: Part) -> list[Part]:
    return top.recall(categories).beside_of(CHARGE)


def _rules() -> Iterator[ElementRule]:
    for letters, (category, demand, rate) in _FAMILIES.items():
        code = category.code
        yield asked(f"BR-{letters}-01", TOP, _breakdown(letters, code), _SENTENCE.format(category))
        on_lines = partial(_known_on_lines, code, demand)
        yield asked(f"BR-{letters}-02", TOP, on_lines, known_sentence(category, ON_LINES, demand))
        of_item = partial(_rate, letters, code, frozenset())
        yield asked(f"BR-{letters}-05", _ITEM_OF_LINE, of_item, rate_sentence(category, ON_LINES, rate))
        for spot, flags, known, rate_number in _KINDS:
            beside = partial(_known_beside, code, flags, demand)
            yield asked(f"BR-{letters}-{known}", TOP, beside, known_sentence(category, spot, demand))
            of_kind = partial(_rate, letters, code, flags)
            yield asked(f"BR-{letters}-{rate_number}", _BESIDE, of_kind, rate_sentence(category, spot, rate))
        context = " | ".join(f"/{root}/{_BREAKDOWN}" for root in ("Invoice", "CreditNote"))
        yield asked(f"BR-{letters}-08", context, partial(_taxable, letters, code), taxable_sentence(category))


def _breakdown(letters: str, code: str) -> Callable[[Part], Faults]:
    if letters == "S":
        return _standard
    if letters in ("AF", "AG"):
        return partial(_regional, code, any_tax=letters == "AF")
    return partial(_once, code)


def _category(category: Category) -> str:
    return f"An invoice of category {category} states nothing of another category."


FAMILIES: Final = (
    *_rules(),
    asked("BR-O-12", TOP, partial(_beside_o, _items), _category(O)),
    asked("BR-O-13", TOP, partial(_beside_o, _allowances), _category(O)),
    asked("BR-O-14", TOP, partial(_beside_o, _charges), _category(O)),
)
"""The rules."""
