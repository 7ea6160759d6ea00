# SPDX-License-Identifier: Apache-2.0
"""Totals, parties and references of UBL, asked of elements: where a document states one without a place in the invoice.

Each asks exactly what its published test asks. Which documents these are, :mod:`~einvoice.rules.en16931.anywhere` says.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.arithmetic import ZERO, cents
from einvoice.rules.element_rules import NO_FAULTS, asked, needs
from einvoice.rules.en16931.anywhere import ALLOWANCE, CHARGE, indicates, is_vat
from einvoice.rules.rows import CodeList, in_one_text
from einvoice.rules.xpath import EXACT, decimal, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule, Faults

    Test = Callable[[Part], bool]

_TOTAL: Final = "cac:LegalMonetaryTotal"
_DECIMALS: Final = 2
_PREFIXES: Final = CodeList("vat-prefix", syntax="ubl")


def holds(identifier: str, context: str, at: str, test: Test, sentence: str) -> ElementRule:
    """A rule that asks of an element whether something holds.

    Args:
        identifier: the official id.
        context: the elements that are asked.
        at: what a fault points at.
        test: what has to hold.
        sentence: what the rule demands.
    """

    def check(part: Part) -> Faults:
        return NO_FAULTS if test(part) else [Fault(at)]

    return asked(identifier, context, check, sentence)


def filled(path: str, part: Part) -> bool:
    """Whether something is said at a path (``normalize-space(path) != ''``).

    Args:
        path: the path.
        part: the element that it starts from.
    """
    return bool(trimmed(part.one(path)))


def two_decimals(path: str, part: Part) -> bool:
    """Whether what is said at a path has at most two decimals.

    Args:
        path: the path.
        part: the element that it starts from.
    """
    return len(part.one(path).partition(".")[2]) <= _DECIMALS


# ---- totals


def _amount(total: Part, name: str) -> Decimal | None:
    text = total.texts(f"cbc:{name}")
    return decimal(text[0]) if text else None


class _Sum(Struct, frozen=True):
    """What the allowances, or the charges, beside each other come to; without a number where one is none."""

    amount: Decimal
    doubt: str = ""


@cache
def _sums(flags: frozenset[str]) -> Callable[[Part], dict[Part, _Sum]]:
    """The fact what allowances, or charges, come to, by the element that they stand in."""

    def fact(top: Part) -> dict[Part, _Sum]:
        found: dict[Part, _Sum] = {}
        for one in top.anywhere("cac:AllowanceCharge"):
            if one.above is not None and indicates(one, flags):
                found[one.above] = _plus(found.get(one.above, _Sum(ZERO)), one)
        return found

    return fact


def _plus(known: _Sum, allowance: Part) -> _Sum:
    try:
        return _Sum(sum(map(decimal, allowance.texts("cbc:Amount")), known.amount), known.doubt)
    except UnjudgeableError as error:
        return _Sum(known.amount, known.doubt or str(error))


def _sum_of(name: str, flags: frozenset[str], total: Part) -> bool:
    with localcontext(EXACT):
        known = total.recall(_sums(flags)).get(total.above) if total.above is not None else None
        if known is not None and known.doubt:
            raise UnjudgeableError(known.doubt)
        stated = _amount(total, name)
        if stated is None:
            return known is None
        return stated == cents(known.amount if known is not None else ZERO)


def _without_vat(total: Part) -> bool:
    with localcontext(EXACT):
        lines, stated = _amount(total, "LineExtensionAmount"), _amount(total, "TaxExclusiveAmount")
        less, plus = _amount(total, "AllowanceTotalAmount"), _amount(total, "ChargeTotalAmount")
        if lines is None or stated is None:
            return False
        exact = lines + (plus or ZERO) - (less or ZERO)
        return stated == (exact if less is None and plus is None else cents(exact))


def _due(total: Part) -> bool:
    with localcontext(EXACT):
        whole, due = _amount(total, "TaxInclusiveAmount"), _amount(total, "PayableAmount")
        paid, rounding = _amount(total, "PrepaidAmount"), _amount(total, "PayableRoundingAmount")
        if whole is None or due is None:
            return False
        left = due if rounding is None else cents(due - rounding)
        return left == (whole if paid is None else cents(whole - paid))


_STATED: Final = (
    ("BR-12", "LineExtensionAmount"),
    ("BR-13", "TaxExclusiveAmount"),
    ("BR-14", "TaxInclusiveAmount"),
    ("BR-15", "PayableAmount"),
)
_ROUNDED: Final = (
    ("BR-DEC-09", "LineExtensionAmount"),
    ("BR-DEC-10", "AllowanceTotalAmount"),
    ("BR-DEC-11", "ChargeTotalAmount"),
    ("BR-DEC-12", "TaxExclusiveAmount"),
    ("BR-DEC-14", "TaxInclusiveAmount"),
    ("BR-DEC-16", "PrepaidAmount"),
    ("BR-DEC-17", "PayableRoundingAmount"),
    ("BR-DEC-18", "PayableAmount"),
)
_TOTALS: Final = (
    *(needs(one, _TOTAL, f"cbc:{name}", f"The totals have {name}.") for one, name in _STATED),
    *(
        holds(one, _TOTAL, f"cbc:{name}", partial(two_decimals, f"cbc:{name}"), f"It has two decimals, {name}.")
        for one, name in _ROUNDED
    ),
    holds(
        "BR-CO-11",
        _TOTAL,
        "cbc:AllowanceTotalAmount",
        partial(_sum_of, "AllowanceTotalAmount", ALLOWANCE),
        "The sum of document level allowances is what they add up to, rounded to cents.",
    ),
    holds(
        "BR-CO-12",
        _TOTAL,
        "cbc:ChargeTotalAmount",
        partial(_sum_of, "ChargeTotalAmount", CHARGE),
        "The sum of document level charges is what they add up to, rounded to cents.",
    ),
    holds("BR-CO-13", _TOTAL, "cbc:TaxExclusiveAmount", _without_vat, "The total without VAT is that of the lines."),
    holds("BR-CO-16", _TOTAL, "cbc:PayableAmount", _due, "The amount due is the total with VAT, less what is paid."),
)


# ---- parties, references

_SELLER: Final = "cac:AccountingSupplierParty"
_BUYER: Final = "cac:AccountingCustomerParty"
_AGENT: Final = "cac:TaxRepresentativeParty"
_LAND: Final = "cac:Country/cbc:IdentificationCode"


def _taxed(agent: Part) -> bool:
    return any(is_vat(one) and one.has("cbc:CompanyID") for one in agent.parts("cac:PartyTaxScheme"))


def _told(seller: Part) -> bool:
    if any(is_vat(one) and one.has("cbc:CompanyID") for one in seller.parts("cac:Party/cac:PartyTaxScheme")):
        return True
    numbers = seller.parts("cac:Party/cac:PartyIdentification/cbc:ID")
    return any(one.get("schemeID") != "SEPA" for one in numbers) or seller.has(
        "cac:Party/cac:PartyLegalEntity/cbc:CompanyID"
    )


def _prefixed(tax: Part) -> bool:
    return not is_vat(tax) or tax.one("cbc:CompanyID")[:2] in in_one_text(_PREFIXES.codes)


def _named(item: Part) -> bool:
    return item.has("cbc:Name") and item.has("cbc:Value")


GROUPS: Final[tuple[ElementRule, ...]] = (
    *_TOTALS,
    holds("BR-09", f"{_SELLER}/cac:Party/cac:PostalAddress", _LAND, partial(filled, _LAND), "It has a country."),
    holds("BR-11", f"{_BUYER}/cac:Party/cac:PostalAddress", _LAND, partial(filled, _LAND), "It has a country."),
    holds("BR-20", f"{_AGENT}/cac:PostalAddress", _LAND, partial(filled, _LAND), "It has a country."),
    needs("BR-57", "cac:Delivery/cac:DeliveryLocation/cac:Address", _LAND, "Each delivery address has a country."),
    holds("BR-18", _AGENT, ".", partial(filled, "cac:PartyName/cbc:Name"), "The tax representative is named."),
    needs("BR-19", _AGENT, "cac:PostalAddress", "The tax representative has a postal address."),
    holds("BR-56", _AGENT, ".", _taxed, "The tax representative has a VAT identifier."),
    needs("BR-62", f"{_SELLER}/cac:Party/cbc:EndpointID", "./@schemeID", "Its electronic address has a scheme."),
    needs("BR-63", f"{_BUYER}/cac:Party/cbc:EndpointID", "./@schemeID", "Its electronic address has a scheme."),
    holds("BR-CO-26", _SELLER, ".", _told, "The seller can be told by a number."),
    holds("BR-CO-09", "cac:PartyTaxScheme", "cbc:CompanyID", _prefixed, "A VAT identifier starts with a country."),
    holds("BR-54", "cac:AdditionalItemProperty", ".", _named, "Each item attribute has a name and a value."),
    needs("BR-55", "cac:BillingReference", "cac:InvoiceDocumentReference/cbc:ID", "Each earlier invoice is named."),
    holds("BR-52", "cac:AdditionalDocumentReference", ".", partial(filled, "cbc:ID"), "It has a reference."),
)
"""The rules."""
