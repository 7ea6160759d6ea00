# SPDX-License-Identifier: Apache-2.0
"""PEPPOL-EN16931-R: what XRechnung takes over of Peppol BIS Billing 3, for CII.

Peppol has given up CII; KoSIT has kept its rules, and changed some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.arithmetic import ZERO
from einvoice.rules.element_rules import NO_FAULTS, about, lacks, needs
from einvoice.rules.xpath import decimal, double, trimmed
from einvoice.rules.xrechnung.amounts import TRUTH, Line, beside, net_amount, net_price, percentage, slack_in
from einvoice.rules.xrechnung.kinds import no_objects
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
    totals = settlement.parts(_TOTALS)
    return [(total, currency) for total in totals if (currency := total.get("currencyID")) is not None]


@about("PEPPOL-EN16931-R053", "ram:ApplicableHeaderTradeSettlement", version="cii")
def peppol_en16931_r053_cii(settlement: Part) -> Faults:
    """At most one VAT total is in the currency of the invoice."""
    currencies = settlement.recall(_currencies)
    found = [total for total, currency in _stated(settlement) if currency in currencies]
    return (Fault(part=found[1]),) if len(found) > 1 else NO_FAULTS


@about("PEPPOL-EN16931-R054", "ram:ApplicableHeaderTradeSettlement", version="cii")
def peppol_en16931_r054_cii(settlement: Part) -> Faults:
    """With a VAT accounting currency, one VAT total is in another currency than the invoice; without, none is."""
    currencies = settlement.recall(_currencies)
    count = len([total for total, currency in _stated(settlement) if not {currency}.issuperset(currencies)])
    if count == int(settlement.has("ram:TaxCurrencyCode")):
        return NO_FAULTS
    return (Fault(_TOTALS, why=f"{count} of them are in another currency"),)


@about("PEPPOL-EN16931-R055", "ram:ApplicableHeaderTradeSettlement", version="cii")
def peppol_en16931_r055_cii(settlement: Part) -> Faults:
    """The VAT totals in both currencies have the same sign."""
    theirs = settlement.recall(_tax_currencies)
    if not theirs:
        return NO_FAULTS
    ours, stated = settlement.recall(_currencies), _stated(settlement)
    invoiced = [total for total, currency in stated if currency in ours]
    if not invoiced:
        return NO_FAULTS
    accounting = [total for total, currency in stated if currency in theirs]
    same = _same_sign([double(one.text) for one in accounting], [double(one.text) for one in invoiced])
    return NO_FAULTS if same else (Fault(_TOTALS),)


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


@about("PEPPOL-EN16931-R041", f"{_ALLOWANCE}/{_PERCENT}", version="cii")
def peppol_en16931_r041_cii(percentage: Part) -> Faults:
    """An allowance or charge with a percentage has a base amount."""
    return lacks(percentage.above, _BASE)


@about("PEPPOL-EN16931-R042", f"{_ALLOWANCE}/{_BASE}", version="cii")
def peppol_en16931_r042_cii(base: Part) -> Faults:
    """An allowance or charge with a base amount has a percentage."""
    return lacks(base.above, _PERCENT)


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
_DISCOUNTED: Final = f"{_APPLIED}/ram:ActualAmount"
_SAID_CHARGE: Final = f"{_APPLIED}/{_INDICATOR}"


@about("PEPPOL-EN16931-R044", _GROSS, version="cii")
def peppol_en16931_r044_cii(price: Part) -> Faults:
    """A price has discounts, and no charges."""
    if price.has(_DISCOUNTED) and "false" not in price.texts(_SAID_CHARGE):
        yield Fault(_SAID_CHARGE, expected="false", terms=("BT-147",))


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


@about("PEPPOL-EN16931-R061", "ram:SpecifiedTradeSettlementPaymentMeans[trim(ram:TypeCode)='49'|'59']", version="cii")
def peppol_en16931_r061_cii(means: Part) -> Faults:
    """A direct debit (codes 49 and 59) names the mandate."""
    mandate, settlement = "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID", means.above
    if settlement is not None and not settlement.has(mandate):
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
    firsts = start.recall(_first_days)
    if firsts is None or any(day >= first for day in start.texts(_DAY) for first in firsts):
        return NO_FAULTS
    return (Fault(_DAY, expected=f">= {min(firsts)}" if firsts else None),)


def _first_days(document: Part) -> list[str] | None:
    """On which days the period of the invoice starts; ``None`` where it does not say that it does."""
    start = f"{_PERIOD}/ram:StartDateTime"
    return document.texts(f"{start}/{_DAY}") if document.has(start) else None


@about("PEPPOL-EN16931-R111", f"{_LINE_PERIOD}/ram:EndDateTime", version="cii")
def peppol_en16931_r111_cii(end: Part) -> Faults:
    """The period of a line does not end after that of the invoice.

    CII's test compares the days as texts.
    """
    lasts = end.recall(_last_days)
    if lasts is None or any(day <= last for day in end.texts(_DAY) for last in lasts):
        return NO_FAULTS
    return (Fault(_DAY, expected=f"<= {max(lasts)}" if lasts else None),)


def _last_days(document: Part) -> list[str] | None:
    """On which days the period of the invoice ends; ``None`` where it does not say that it does."""
    end = f"{_PERIOD}/ram:EndDateTime"
    return document.texts(f"{end}/{_DAY}") if document.has(end) else None


_NET_PRICE: Final = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
_BASES: Final = (
    "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:BasisQuantity",
    "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:BasisQuantity",
)
_ALLOWED: Final = f"ram:SpecifiedLineTradeSettlement/{_ALLOWANCE}"
_QUANTITY: Final = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
_NET_AMOUNT: Final = (
    "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
)


_OBJECT: Final = "ram:SpecifiedLineTradeSettlement/ram:AdditionalReferencedDocument"


@about("PEPPOL-EN16931-R101", f"{LINES}/{_OBJECT}", version="cii")
def peppol_en16931_r101_cii(reference: Part) -> Faults:
    """A line refers to an invoiced object (type 130), and to no other document."""
    return reference.recall(_no_objects).get(reference, NO_FAULTS)


def _no_objects(top: Part) -> dict[Part, Faults]:
    """What is wrong with lines, by the first document that they refer to."""
    return no_objects(top.anywhere(LINES), _OBJECT, "ram:TypeCode")


@about("PEPPOL-EN16931-R120", LINES, version="cii")
def peppol_en16931_r120_cii(line: Part) -> Faults:
    """The net amount of a line is quantity times net price, with its charges and without its allowances.

    The base quantity is that of the net price, else that of the gross price.
    """
    charges, allowances = beside(line.parts(_ALLOWED), _INDICATOR, "ram:ActualAmount")
    amounts = Line(
        net=number(line, _NET_AMOUNT) or ZERO,
        quantity=number(line, _QUANTITY),
        price=number(line, _NET_PRICE) or ZERO,
        base=number(line, _BASES[0]) or number(line, _BASES[1]),
        charges=charges,
        allowances=allowances,
    )
    return net_amount(_NET_AMOUNT, amounts, lambda: line.recall(_slack))


_BASIS: Final = "ram:NetPriceProductTradePrice/ram:BasisQuantity | ram:GrossPriceProductTradePrice/ram:BasisQuantity"


@about("PEPPOL-EN16931-R121", _BASIS, version="cii")
def peppol_en16931_r121_cii(quantity: Part) -> Faults:
    """The base quantity of a price is above zero."""
    return NO_FAULTS if decimal(quantity.text) > 0 else (Fault(expected="> 0"),)


@about("PEPPOL-EN16931-R130", _BASIS, version="cii")
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
