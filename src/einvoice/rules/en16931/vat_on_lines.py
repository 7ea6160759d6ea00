# SPDX-License-Identifier: Apache-2.0
"""CII, numbers 03, 04, 06 and 07 of each VAT category, asked of allowances and charges on lines.

EN 16931 knows no VAT category there, and the invoice has no place for it; the published tests look at
``ram:CategoryTradeTax`` wherever it stands. Where it stands on the document, the rules of ``vat`` ask the invoice.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, asked
from einvoice.rules.en16931.vat import AE, AF, AG, IC, E, G, O, S, Z
from einvoice.rules.en16931.vat_demands import (
    ABOVE_ZERO,
    BOTH,
    BOTH_VAT,
    NO_RATE,
    NOBODY,
    NOT_NEGATIVE,
    SELLER,
    SELLER_VAT,
    UNSIGNED_ZERO,
)
from einvoice.rules.en16931.vat_rows import ALLOWANCES, CHARGES, known_sentence, rate_sentence
from einvoice.rules.xpath import WHITE, decimal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule, Faults
    from einvoice.rules.en16931.vat_demands import Demand, Rate
    from einvoice.rules.en16931.vat_rows import Category

_TAX: Final = "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:CategoryTradeTax"
_RATE: Final = "ram:RateApplicablePercent"
_FALSE: Final = frozenset({"false", "0"})
_TRUE: Final = frozenset({"true", "1"})
_KINDS: Final = ((ALLOWANCES, _FALSE, "03", "06"), (CHARGES, _TRUE, "04", "07"))
"""What it is, how ``ram:ChargeIndicator`` says so, and the numbers of the rules."""
_FAMILIES: Final = {
    "S": (S, SELLER, ABOVE_ZERO),
    "Z": (Z, SELLER, UNSIGNED_ZERO),
    "E": (E, SELLER, UNSIGNED_ZERO),
    "AE": (AE, BOTH, UNSIGNED_ZERO),
    "IC": (IC, BOTH_VAT, UNSIGNED_ZERO),
    "G": (G, SELLER_VAT, UNSIGNED_ZERO),
    "O": (O, NOBODY, NO_RATE),
    "AF": (AF, SELLER, ABOVE_ZERO),
    "AG": (AG, SELLER, NOT_NEGATIVE),
}
"""The letters in the ids, the category, by whom it demands to be known, and its rate in CII."""


class _Numbers(Struct, frozen=True):
    """The tax numbers of a document, as :class:`~einvoice.rules.en16931.tax_ids.Known` names them."""

    seller_vat: bool
    seller_other: bool
    representative_vat: bool
    buyer_vat: bool
    buyer_legal: bool


def _numbers(top: Part) -> _Numbers:
    def schemes(party: str) -> set[str]:
        found = top.anywhere(party)
        return {text for one in found for text in one.texts("ram:SpecifiedTaxRegistration/ram:ID/@schemeID")}

    seller, buyer = schemes("ram:SellerTradeParty"), "ram:BuyerTradeParty"
    return _Numbers(
        seller_vat="VA" in seller,
        seller_other="FC" in seller,
        representative_vat="VA" in schemes("ram:SellerTaxRepresentativeTradeParty"),
        buyer_vat="VA" in schemes(buyer),
        buyer_legal=any(one.has("ram:SpecifiedLegalOrganization/ram:ID") for one in top.anywhere(buyer)),
    )


def _is(tax: Part, category: Category, flags: frozenset[str]) -> bool:
    """Whether an element states a VAT category, of an allowance or of a charge."""
    if category.code not in tax.texts("ram:CategoryCode") or tax.above is None:
        return False
    types = tax.texts("ram:TypeCode")
    indicators = tax.above.texts("ram:ChargeIndicator/udt:Indicator")
    return [one.upper() for one in types] == ["VAT"] and any(one.strip(WHITE) in flags for one in indicators)


def _known(category: Category, flags: frozenset[str], demand: Demand, tax: Part) -> Faults:
    if not _is(tax, category, flags) or demand.met(tax.recall(_numbers)):
        return NO_FAULTS
    return [Fault("ram:CategoryCode", terms=(demand.term,))]


def _rated(category: Category, flags: frozenset[str], demand: Rate, tax: Part) -> Faults:
    if not _is(tax, category, flags):
        return NO_FAULTS
    rates: list[Decimal | None] = [decimal(text) for text in tax.texts(_RATE)]
    return NO_FAULTS if any(map(demand.met, rates or [None])) else [Fault(_RATE, expected=demand.expected)]


def _rules() -> Iterator[ElementRule]:
    for letters, (category, demand, rate) in _FAMILIES.items():
        for spot, flags, known, rated in _KINDS:
            sentence = known_sentence(category, spot, demand)
            yield asked(f"BR-{letters}-{known}", _TAX, partial(_known, category, flags, demand), sentence)
            sentence = rate_sentence(category, spot, rate)
            yield asked(f"BR-{letters}-{rated}", _TAX, partial(_rated, category, flags, rate), sentence)


def _not_subject(top: Part) -> bool:
    """Whether the VAT breakdown has something that is not subject to VAT."""
    return any(
        "O" in tax.texts("ram:CategoryCode") and [one.upper() for one in tax.texts("ram:TypeCode")] == ["VAT"]
        for settlement in top.anywhere("ram:ApplicableHeaderTradeSettlement")
        for tax in settlement.parts("ram:ApplicableTradeTax")
    )


def _beside_o(tax: Part) -> Faults:
    others = [code for code in tax.texts("ram:CategoryCode") if code != "O"]
    if not others or not tax.recall(_not_subject):
        return NO_FAULTS
    return [Fault("ram:CategoryCode", found=others[0], expected="O")]


def _without_others() -> Iterator[ElementRule]:
    """BR-O-13 and BR-O-14, which look at allowances and charges wherever they stand, also those on prices."""
    for identifier, kind in (("BR-O-13", "allowance"), ("BR-O-14", "charge")):
        sentence = f"An invoice that is not subject to VAT (O) has no {kind} of another category."
        for context in (_TAX, "ram:AppliedTradeAllowanceCharge/ram:CategoryTradeTax"):
            yield asked(identifier, context, _beside_o, sentence)


ON_LINES: Final = (*_rules(), *_without_others())
"""The rules."""
