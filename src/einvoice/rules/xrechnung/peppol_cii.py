# SPDX-License-Identifier: Apache-2.0
"""PEPPOL-EN16931-R: what XRechnung takes over of Peppol BIS Billing 3, for CII.

Peppol has given up CII; KoSIT has kept its rules, and changed some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.arithmetic import ZERO
from einvoice.rules.element_rules import NO_FAULTS, about, needs
from einvoice.rules.xpath import decimal, double, trimmed
from einvoice.rules.xrechnung.amounts import TRUTH, Line, beside, net_amount, net_price, percentage, slack_in
from einvoice.rules.xrechnung.readings import number, says_something

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import Faults

_SETTLED: Final = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_CURRENCY: Final = f"{_SETTLED}/ram:InvoiceCurrencyCode"
_TAX_CURRENCY: Final = f"{_SETTLED}/ram:TaxCurrencyCode"
_TOTALS: Final = "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"
_ADDRESS: Final = "ram:URIUniversalCommunication/ram:URIID"
_INDICATOR: Final = "ram:ChargeIndicator/udt:Indicator"

REQUIRED = (
    needs(
        "PEPPOL-EN16931-R001",
        "rsm:ExchangedDocumentContext",
        "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
        "The invoice names the business process.",
    ),
    needs("PEPPOL-EN16931-R010", "ram:BuyerTradeParty", _ADDRESS, "The buyer has an electronic address."),
    needs("PEPPOL-EN16931-R020", "ram:SellerTradeParty", _ADDRESS, "The seller has an electronic address."),
)


@about("PEPPOL-EN16931-R008", "ram:ApplicableHeaderTradeDelivery", version="cii")
def peppol_en16931_r008_cii(delivery: Part) -> Faults:
    """No element is empty.

    The schema of CII demands a delivery even where there is nothing to say of it. The test lets it be empty if its name
    is written with the prefix ram.
    """
    if delivery.written != delivery.name and delivery.bare and not says_something(delivery.text):
        yield Fault()


# ---- VAT totals


@about("PEPPOL-EN16931-R005", "ram:ApplicableHeaderTradeSettlement", version="cii")
def peppol_en16931_r005_cii(settlement: Part) -> Faults:
    """The VAT accounting currency, if stated, is not the currency of the invoice."""
    currency = "ram:TaxCurrencyCode"
    if settlement.has(currency) and trimmed(settlement.own(currency)) == trimmed(
        settlement.own("ram:InvoiceCurrencyCode")
    ):
        yield Fault(currency)


def _currencies(document: Part) -> list[str]:
    return document.texts(_CURRENCY)


def _tax_currencies(document: Part) -> list[str]:
    return document.texts(_TAX_CURRENCY)


def _stated(settlement: Part) -> list[tuple[Part, str]]:
    """The VAT totals that name their currency."""
    totals = ((total, total.get("currencyID")) for total in settlement.parts(_TOTALS))
    return [(total, currency) for total, currency in totals if currency is not None]


@about("PEPPOL-EN16931-R053", "ram:ApplicableHeaderTradeSettlement", version="cii")
def peppol_en16931_r053_cii(settlement: Part) -> Faults:
    """At most one VAT total is in the currency of the invoice."""
    currencies = settlement.recall(_currencies)
    found = [total for total, currency in _stated(settlement) if currency in currencies]
    if len(found) > 1:
        yield Fault(part=found[1])


@about("PEPPOL-EN16931-R054", "ram:ApplicableHeaderTradeSettlement", version="cii")
def peppol_en16931_r054_cii(settlement: Part) -> Faults:
    """With a VAT accounting currency, one VAT total is in another currency than the invoice; without, none is."""
    currencies = settlement.recall(_currencies)
    count = sum(any(currency != one for one in currencies) for _, currency in _stated(settlement))
    if count != int(settlement.has("ram:TaxCurrencyCode")):
        yield Fault(_TOTALS, why=f"{count} of them are in another currency")


@about("PEPPOL-EN16931-R055", "ram:ApplicableHeaderTradeSettlement", version="cii")
def peppol_en16931_r055_cii(settlement: Part) -> Faults:
    """The VAT totals in both currencies have the same sign."""
    theirs = settlement.recall(_tax_currencies)
    if not theirs:
        return
    ours, stated = settlement.recall(_currencies), _stated(settlement)
    invoiced = [total for total, currency in stated if currency in ours]
    if not invoiced:
        return
    accounting = [total for total, currency in stated if currency in theirs]
    if not _same_sign([double(one.text) for one in accounting], [double(one.text) for one in invoiced]):
        yield Fault(_TOTALS)


def _same_sign(some: list[float], others: list[float]) -> bool:
    """Zero counts as positive here, and as nothing below."""
    down = any(amount < 0 for amount in some) and any(amount < 0 for amount in others)
    return down or (any(amount >= 0 for amount in some) and any(amount >= 0 for amount in others))


# ---- allowances and charges

_ALLOWANCE: Final = "ram:SpecifiedTradeAllowanceCharge"
_PERCENT: Final = "ram:CalculationPercent"
_BASE: Final = "ram:BasisAmount"


@about("PEPPOL-EN16931-R040", _ALLOWANCE, version="cii")
def peppol_en16931_r040_cii(allowance: Part) -> Faults:
    """An allowance or charge with a percentage is that percentage of its base amount."""
    if allowance.has(_PERCENT) and allowance.has(_BASE):
        return percentage(allowance, ("ram:ActualAmount", _BASE, _PERCENT), allowance.recall(_slack))
    return NO_FAULTS


def _slack(document: Part) -> Decimal:
    return slack_in(document.recall(_currencies))


@about("PEPPOL-EN16931-R041", _ALLOWANCE, version="cii")
def peppol_en16931_r041_cii(allowance: Part) -> Faults:
    """An allowance or charge with a percentage has a base amount."""
    if allowance.has(_PERCENT) and not allowance.has(_BASE):
        yield Fault(_BASE)


@about("PEPPOL-EN16931-R042", _ALLOWANCE, version="cii")
def peppol_en16931_r042_cii(allowance: Part) -> Faults:
    """An allowance or charge with a base amount has a percentage."""
    if allowance.has(_BASE) and not allowance.has(_PERCENT):
        yield Fault(_PERCENT)


@about("PEPPOL-EN16931-R043-1", _ALLOWANCE)
def peppol_en16931_r043_1(allowance: Part) -> Faults:
    """Whether it is a charge is said by the word true or false.

    An allowance or charge that R041 or R042 finds fault with is not asked.
    """
    if allowance.has(_PERCENT) is allowance.has(_BASE) and trimmed(allowance.own(_INDICATOR)) not in TRUTH:
        yield Fault(_INDICATOR)


@about("PEPPOL-EN16931-R043-2", "ram:AppliedTradeAllowanceCharge")
def peppol_en16931_r043_2(allowance: Part) -> Faults:
    """Whether it is a charge on the price is said by the word true or false."""
    if trimmed(allowance.own(_INDICATOR)) not in TRUTH:
        yield Fault(_INDICATOR, terms=("BT-147",))


_GROSS: Final = (
    "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeAgreement/"
    "ram:GrossPriceProductTradePrice"
)
_APPLIED: Final = "ram:AppliedTradeAllowanceCharge"


@about("PEPPOL-EN16931-R044", _GROSS, version="cii")
def peppol_en16931_r044_cii(price: Part) -> Faults:
    """A price has discounts, and no charges."""
    if price.has(f"{_APPLIED}/ram:ActualAmount") and "false" not in price.texts(f"{_APPLIED}/{_INDICATOR}"):
        yield Fault(f"{_APPLIED}/{_INDICATOR}", expected="false", terms=("BT-147",))


@about("PEPPOL-EN16931-R046", _GROSS, version="cii")
def peppol_en16931_r046_cii(price: Part) -> Faults:
    """The net price is the gross price less the discount."""
    agreement = price.above
    if agreement is None or not price.has("ram:ChargeAmount"):
        return NO_FAULTS
    path = "ram:NetPriceProductTradePrice/ram:ChargeAmount"
    wrong = net_price(path, number(agreement, path), number(price, "ram:ChargeAmount"), _discount(price))
    return NO_FAULTS if wrong is None else (structs.replace(wrong, part=agreement),)


def _discount(price: Part) -> Decimal:
    """The first amount of each discount; the test compares one, and XPath refuses several."""
    firsts = [amounts[0] for one in price.parts(_APPLIED) if (amounts := one.texts("ram:ActualAmount"))]
    if len(firsts) > 1:
        raise UnjudgeableError(f"there are {len(firsts)} of {_APPLIED}, and one can be compared")
    return decimal(firsts[0]) if firsts else ZERO


# ---- payment


@about("PEPPOL-EN16931-R061", "ram:SpecifiedTradeSettlementPaymentMeans", version="cii")
def peppol_en16931_r061_cii(means: Part) -> Faults:
    """A direct debit (codes 49 and 59) names the mandate."""
    mandate, settlement = "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID", means.above
    if trimmed(means.one("ram:TypeCode")) in {"49", "59"} and settlement is not None and not settlement.has(mandate):
        yield Fault(mandate, part=settlement, terms=("BT-89",))


# ---- lines

LINES: Final = "ram:IncludedSupplyChainTradeLineItem"
_PERIOD: Final = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod"
_LINE_PERIOD: Final = (
    "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement/"
    "ram:BillingSpecifiedPeriod"
)
_DAY: Final = "udt:DateTimeString"


@about("PEPPOL-EN16931-R110", f"{_LINE_PERIOD}/ram:StartDateTime", version="cii")
def peppol_en16931_r110_cii(start: Part) -> Faults:
    """The period of a line does not start before that of the invoice.

    CII's test compares the days as texts.
    """
    if start.top.has(f"{_PERIOD}/ram:StartDateTime"):
        firsts = start.top.texts(f"{_PERIOD}/ram:StartDateTime/{_DAY}")
        if not any(day >= first for day in start.texts(_DAY) for first in firsts):
            yield Fault(_DAY, expected=f">= {min(firsts)}" if firsts else None)


@about("PEPPOL-EN16931-R111", f"{_LINE_PERIOD}/ram:EndDateTime", version="cii")
def peppol_en16931_r111_cii(end: Part) -> Faults:
    """The period of a line does not end after that of the invoice.

    CII's test compares the days as texts.
    """
    if end.top.has(f"{_PERIOD}/ram:EndDateTime"):
        lasts = end.top.texts(f"{_PERIOD}/ram:EndDateTime/{_DAY}")
        if not any(day <= last for day in end.texts(_DAY) for last in lasts):
            yield Fault(_DAY, expected=f"<= {max(lasts)}" if lasts else None)


_NET_PRICE: Final = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"
_GROSS_PRICE: Final = "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice"
_QUANTITY: Final = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
_NET_AMOUNT: Final = (
    "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
)


@about("PEPPOL-EN16931-R101", LINES, version="cii")
def peppol_en16931_r101_cii(line: Part) -> Faults:
    """A line refers to an invoiced object (type 130), and to no other document."""
    path = "ram:SpecifiedLineTradeSettlement/ram:AdditionalReferencedDocument"
    if line.has(path) and "130" not in line.texts(f"{path}/ram:TypeCode"):
        yield Fault(path, terms=("BT-128",))


@about("PEPPOL-EN16931-R120", LINES, version="cii")
def peppol_en16931_r120_cii(line: Part) -> Faults:
    """The net amount of a line is quantity times net price, with its charges and without its allowances.

    The base quantity is that of the net price, else that of the gross price.
    """
    allowed = line.parts(f"ram:SpecifiedLineTradeSettlement/{_ALLOWANCE}")
    charges, allowances = beside(allowed, _INDICATOR, "ram:ActualAmount")
    amounts = Line(
        net=number(line, _NET_AMOUNT) or ZERO,
        quantity=number(line, _QUANTITY),
        price=number(line, f"{_NET_PRICE}/ram:ChargeAmount") or ZERO,
        base=number(line, f"{_NET_PRICE}/ram:BasisQuantity") or number(line, f"{_GROSS_PRICE}/ram:BasisQuantity"),
        charges=charges,
        allowances=allowances,
    )
    return net_amount(_NET_AMOUNT, amounts, line.recall(_slack))


@about("PEPPOL-EN16931-R121", "ram:NetPriceProductTradePrice | ram:GrossPriceProductTradePrice", version="cii")
def peppol_en16931_r121_cii(price: Part) -> Faults:
    """The base quantity of a price is above zero."""
    quantity = number(price, "ram:BasisQuantity")
    if quantity is not None and quantity <= 0:
        yield Fault("ram:BasisQuantity", expected="> 0")


@about(
    "PEPPOL-EN16931-R130",
    "ram:NetPriceProductTradePrice/ram:BasisQuantity | ram:GrossPriceProductTradePrice/ram:BasisQuantity",
    version="cii",
)
def peppol_en16931_r130_cii(quantity: Part) -> Faults:
    """The base quantity of a price is in the unit of the quantity of the line."""
    unit, line = quantity.get("unitCode"), quantity.above
    for _ in range(2):
        line = None if line is None else line.above
    if unit is None:
        return
    units = [] if line is None else line.texts(f"{_QUANTITY}/@unitCode")
    if unit not in units:
        yield Fault("@unitCode", expected=next(iter(units), None))
