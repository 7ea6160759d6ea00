# SPDX-License-Identifier: Apache-2.0
"""Rules of UBL asked of elements: for documents that state something where the invoice has no place for it.

Each asks exactly what its published test asks. Which documents these are, :mod:`~einvoice.rules.en16931.anywhere` says.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import localcontext
from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.arithmetic import HUNDRED, ZERO, cents, equation, not_below_zero, spelled, whole
from einvoice.rules.element_rules import NO_FAULTS, asked, needs
from einvoice.rules.en16931.anywhere import (
    ALLOWANCE,
    CHARGE,
    ITEM_TAX,
    LINES,
    categories,
    indicates,
    is_of,
    is_vat,
    said_in,
)
from einvoice.rules.en16931.anywhere_codes import coded
from einvoice.rules.en16931.anywhere_groups import GROUPS, filled, holds, two_decimals
from einvoice.rules.en16931.anywhere_vat import FAMILIES, TOP
from einvoice.rules.en16931.br_49_65 import CARD_DIGITS, CREDIT_TRANSFERS
from einvoice.rules.findings import shown
from einvoice.rules.xpath import EXACT, decimal, moment, some, trimmed

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule, Faults

_LINE: Final = " | ".join(LINES)
_SUBTOTAL: Final = "cac:TaxTotal/cac:TaxSubtotal"
_MEANS: Final = "cac:PaymentMeans"
_PRICE: Final = "cac:Price/cbc:PriceAmount"
_BASE: Final = "cac:Price/cac:AllowanceCharge/cbc:BaseAmount"
_PAYEE_NAME: Final = "cac:PartyName/cbc:Name"
_PAYEE_ID: Final = "cac:PartyIdentification/cbc:ID"
_PAYEE: Final = (_PAYEE_NAME, _PAYEE_ID)
_COUNTRY: Final = "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"
Test = Callable[["Part"], bool]


def _any(paths: str, part: Part) -> bool:
    return any(part.has(path) for path in paths.split())


def _not_reversed(period: Part) -> bool:
    start, end = period.one("cbc:StartDate"), period.one("cbc:EndDate")
    there = period.has("cbc:StartDate") and period.has("cbc:EndDate")
    return not there or moment(end) >= moment(start)


def _period(period: Part) -> bool:
    in_line = period.above is not None and period.above.name in LINES  # there BR-30 is asked
    return in_line or _not_reversed(period)


# ---- lines


def _vat_on_line(line: Part) -> bool:
    return any(is_vat(tax) and tax.has("cbc:ID") for tax in line.parts(ITEM_TAX))


def _price(line: Part) -> bool:
    return any(not_below_zero(decimal(text)) for text in line.texts(_PRICE))


def _gross_price(line: Part) -> bool:
    texts = line.texts(_BASE)
    return not texts or any(not_below_zero(decimal(text)) for text in texts)


_UNIT: Final = "cbc:InvoicedQuantity/@unitCode cbc:CreditedQuantity/@unitCode"
_LINES: Final = (
    holds("BR-21", _LINE, "cbc:ID", partial(filled, "cbc:ID"), "Each line has an identifier."),
    holds(
        "BR-22",
        _LINE,
        "cbc:InvoicedQuantity",
        partial(_any, "cbc:InvoicedQuantity cbc:CreditedQuantity"),
        "Each line has an invoiced quantity.",
    ),
    holds("BR-23", _LINE, "cbc:InvoicedQuantity", partial(_any, _UNIT), "Each invoiced quantity has a unit."),
    needs("BR-24", _LINE, "cbc:LineExtensionAmount", "Each line has a net amount."),
    holds("BR-25", _LINE, "cac:Item", partial(filled, "cac:Item/cbc:Name"), "Each line names its item."),
    needs("BR-26", _LINE, _PRICE, "Each line has the net price of its item."),
    holds("BR-27", _LINE, _PRICE, _price, "The net price of an item is not negative."),
    holds("BR-28", _LINE, _BASE, _gross_price, "The gross price of an item is not negative."),
    holds("BR-CO-04", _LINE, ITEM_TAX, _vat_on_line, "Each line has a VAT category."),
    holds(
        "BR-DEC-23",
        _LINE,
        "cbc:LineExtensionAmount",
        partial(two_decimals, "cbc:LineExtensionAmount"),
        "The net amount of a line has at most two decimals.",
    ),
    holds(
        "BR-30",
        " | ".join(f"{line}/cac:InvoicePeriod" for line in LINES),
        "cbc:EndDate",
        _not_reversed,
        "The period of a line does not end before it starts.",
    ),
    needs(
        "BR-64",
        " | ".join(f"{line}/cac:Item/cac:StandardItemIdentification/cbc:ID" for line in LINES),
        "./@schemeID",
        "The standard identifier of an item has a scheme.",
    ),
    needs(
        "BR-65",
        " | ".join(f"{line}/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode" for line in LINES),
        "./@listID",
        "Each class of an item has the scheme it is from.",
    ),
)


# ---- allowances and charges on lines

_ON_LINE: Final = " | ".join(f"{line}/cac:AllowanceCharge" for line in LINES)
_REASONS: Final = "cbc:AllowanceChargeReason cbc:AllowanceChargeReasonCode"


def _if(flags: frozenset[str], test: Test, allowance: Part) -> bool:
    return not indicates(allowance, flags) or test(allowance)


def _on_lines(flags: frozenset[str], noun: str, ids: str) -> tuple[ElementRule, ...]:
    amount, reason, reason_again, decimals, base_decimals = (f"BR-{one}" for one in ids.split())
    reasons = partial(_if, flags, partial(_any, _REASONS))

    def rounded(name: str) -> Test:
        return partial(_if, flags, partial(two_decimals, name))

    return (
        holds(amount, _ON_LINE, ".", partial(_if, flags, partial(_any, "cbc:Amount")), f"Each {noun} has an amount."),
        holds(reason, _ON_LINE, ".", reasons, f"Each {noun} has a reason or its code."),
        holds(reason_again, _ON_LINE, ".", reasons, f"Each {noun} has a reason or its code."),
        holds(decimals, _ON_LINE, "cbc:Amount", rounded("cbc:Amount"), f"Its amount has two decimals, {noun}."),
        holds(base_decimals, _ON_LINE, "cbc:BaseAmount", rounded("cbc:BaseAmount"), f"Its base has two, {noun}."),
    )


# ---- the VAT breakdown


def _vat_of(subtotal: Part) -> list[Part]:
    return [one for one in subtotal.parts("cac:TaxCategory") if is_vat(one)]


def _has_category(subtotal: Part) -> bool:
    return any(one.has("cbc:ID") for one in _vat_of(subtotal))


def _has_rate(subtotal: Part) -> bool:
    return any(one.has("cbc:Percent") or is_of(one, "O") for one in _vat_of(subtotal))


def _tax_fits(subtotal: Part) -> bool:
    rates = [decimal(text) for one in _vat_of(subtotal) for text in one.texts("cbc:Percent")]
    if len(rates) > 1:
        raise UnjudgeableError("a part of the VAT breakdown states several rates")
    stated, taxed = subtotal.texts("cbc:TaxAmount"), subtotal.texts("cbc:TaxableAmount")
    if not stated:
        return False
    with localcontext(EXACT):
        tax = decimal(stated[0])
        if not rates or whole(rates[0]) == 0:
            return whole(tax) == 0
        product = cents(abs(decimal(taxed[0])) * (rates[0] / HUNDRED)) if taxed else None
        return product is not None and abs(tax) - 1 < product < abs(tax) + 1


_BREAKDOWN: Final = (
    needs("BR-45", _SUBTOTAL, "cbc:TaxableAmount", "Each VAT breakdown has a taxable amount."),
    needs("BR-46", _SUBTOTAL, "cbc:TaxAmount", "Each VAT breakdown has a tax amount."),
    holds("BR-47", _SUBTOTAL, "cac:TaxCategory", _has_category, "Each VAT breakdown has a VAT category."),
    holds("BR-48", _SUBTOTAL, "cac:TaxCategory", _has_rate, "Each VAT breakdown has a rate, unless it is of O."),
    holds("BR-CO-17", _SUBTOTAL, "cbc:TaxAmount", _tax_fits, "A tax is its taxable amount times its rate."),
)


# ---- payment, payee


def _card(number: Part) -> bool:
    return len(trimmed(number.text)) <= CARD_DIGITS


_TRANSFERS: Final = frozenset(CREDIT_TRANSFERS)
_MEANS_CODES: Final = said_in(_MEANS, "cbc:PaymentMeansCode")


def _account(account: Part) -> bool:
    if account.above is None or _TRANSFERS.isdisjoint(account.recall(_MEANS_CODES)[account.above]):
        return True
    return filled("cbc:ID", account)


def _transfer(means: Part) -> bool:
    return means.has("cac:PayeeFinancialAccount/cbc:ID") or (
        trimmed(means.one("cbc:PaymentMeansCode")) not in CREDIT_TRANSFERS
    )


def _payee(payee: Part) -> bool:
    if not payee.has(_PAYEE_NAME):
        return False
    sellers = payee.recall(_sellers).get(payee.above) if payee.above is not None else None
    return sellers is None or all(sellers[path].isdisjoint(payee.texts(path)) for path in _PAYEE)


def _sellers(top: Part) -> dict[Part, dict[str, set[str]]]:
    """The names and identifiers of sellers, by the element that these stand in (a fact)."""
    found: dict[Part, dict[str, set[str]]] = {}
    for seller in top.anywhere("cac:AccountingSupplierParty"):
        if seller.above is not None:
            known = found.setdefault(seller.above, {path: set() for path in _PAYEE})
            for path in _PAYEE:
                known[path].update(seller.texts(f"cac:Party/{path}"))
    return found


CARD: Final = holds(
    "BR-51",
    f"{_MEANS}/cac:CardAccount/cbc:PrimaryAccountNumberID",
    ".",
    _card,
    "A card number is never shown in full: at most its first six and last four digits.",
)
_PAYMENT: Final = (
    CARD,
    needs("BR-49", _MEANS, "cbc:PaymentMeansCode", "Payment instructions say how to pay, by a code."),
    holds("BR-50", f"{_MEANS}/cac:PayeeFinancialAccount", "cbc:ID", _account, "A credit transfer names an account."),
    holds("BR-61", _MEANS, ".", _transfer, "With a credit transfer, the account to pay to is stated."),
    holds("BR-17", "cac:PayeeParty", ".", _payee, "A payee is named, and is another than the seller."),
)


# ---- the document


def _in_vat_currency(top: Part) -> bool:
    stated = {text for one in top.anywhere("cac:TaxTotal") for text in one.texts("cbc:TaxAmount/@currencyID")}
    return stated.issuperset(top.texts("cbc:TaxCurrencyCode"))


def _split(top: Part) -> bool:
    known = top.recall(categories)
    if not any("B" in one.texts("cbc:ID") for one in (*known.every, *known.items)):
        return True
    return all(one.text == "IT" for one in top.anywhere("cbc:IdentificationCode"))


def _split_alone(top: Part) -> bool:
    known = top.recall(categories)
    stated = {text for one in (*known.listed, *known.reduced, *known.items) for text in one.texts("cbc:ID")}
    return not stated.issuperset({"B", "S"})


def _supplied(top: Part) -> bool:
    return any(is_of(one, "K") for one in top.recall(categories).listed)


def _delivered(top: Part) -> bool:
    if not _supplied(top):
        return True
    return some(
        (
            lambda: any(one.children for one in top.parts("cac:InvoicePeriod")),
            lambda: len(top.one("cac:Delivery/cbc:ActualDeliveryDate")) > 1,
        )
    )


def _delivered_to(top: Part) -> bool:
    return not _supplied(top) or len(top.one(_COUNTRY)) > 1


def _net(top: Part) -> tuple[Decimal, str]:
    """What all lines add up to, and how (a fact)."""
    with localcontext(EXACT):
        texts = [text for name in LINES for one in top.anywhere(name) for text in one.texts("cbc:LineExtensionAmount")]
        amounts = list(map(decimal, texts))
        total = cents(sum(amounts, ZERO))
        return total, equation(spelled(amounts), total)


def _summed(total: Part) -> Faults:
    expected, why = total.recall(_net)
    with localcontext(EXACT):
        right = any(decimal(text) == expected for text in total.texts("cbc:LineExtensionAmount"))
    return NO_FAULTS if right else [Fault("cbc:LineExtensionAmount", expected=shown(expected), why=why)]


_DOCUMENT: Final = (
    holds("BR-53", TOP, "cac:TaxTotal", _in_vat_currency, "The VAT total is stated in the VAT accounting currency."),
    holds("BR-B-01", TOP, ".", _split, "An invoice with split payment (B) names no country but Italy."),
    holds("BR-B-02", TOP, ".", _split_alone, "An invoice with split payment (B) has nothing that is standard rated."),
    holds("BR-29", "cac:InvoicePeriod", "cbc:EndDate", _period, "The invoicing period does not end before it starts."),
    holds("BR-IC-11", TOP, "cac:Delivery", _delivered, "An Intra-Community supply states a delivery date or period."),
    holds("BR-IC-12", TOP, "cac:Delivery", _delivered_to, "An Intra-Community supply states its country."),
    asked(
        "BR-CO-10",
        "cac:LegalMonetaryTotal",
        _summed,
        "The sum of line net amounts is what the lines add up to, rounded to cents.",
    ),
)

INSTEAD: Final[tuple[ElementRule, ...]] = (
    *FAMILIES,
    *_LINES,
    *_on_lines(ALLOWANCE, "allowance on a line", "41 42 CO-23 DEC-24 DEC-25"),
    *_on_lines(CHARGE, "charge on a line", "43 44 CO-24 DEC-27 DEC-28"),
    *coded(),
    *_BREAKDOWN,
    *_PAYMENT,
    *_DOCUMENT,
    *GROUPS,
)
"""The rules."""
