# SPDX-License-Identifier: Apache-2.0
"""BR-FR-DEC: how amounts, quantities, prices and VAT rates are written."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.br_fr.frameworks import is_both_ways
from einvoice.rules.br_fr.places import (
    ITEM,
    LINE,
    LINE_SETTLEMENT,
    SETTLEMENT,
    TOTALS,
    cii,
    ubl,
)
from einvoice.rules.br_fr.texts import AMOUNT, PRICE, QUANTITY, RATE, SIGNED_PRICE, Form
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, asked
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_TOTALS: Final = f"{LINE_SETTLEMENT}/ram:SpecifiedTradeSettlementLineMonetarySummation"
_MONETARY: Final = "cac:LegalMonetaryTotal"
_OF_ALLOWANCE: Final = "ram:SpecifiedTradeAllowanceCharge"
_NET: Final = f"{ITEM}/ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"
_GROSS: Final = f"{ITEM}/ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice"

# ---- BR-FR-DEC-01: amounts


def _written(part: Part, *, form: Form) -> Faults:
    return NO_FAULTS if form.fits(trimmed(part.text)) else [Fault()]


_AMOUNTS: Final = (
    (
        "BT-93_BT-100",
        "The base amount of an allowance or charge (BT-93, BT-100)",
        ubl("cac:AllowanceCharge/cbc:BaseAmount"),
        f"{SETTLEMENT}/{_OF_ALLOWANCE}/ram:BasisAmount",
    ),
    (
        "BT-92_BT-99",
        "The amount of an allowance or charge (BT-92, BT-99)",
        ubl("cac:AllowanceCharge/cbc:Amount"),
        f"{SETTLEMENT}/{_OF_ALLOWANCE}/ram:ActualAmount",
    ),
    (
        "BT-106",
        "The sum of line net amounts (BT-106)",
        f"{_MONETARY}/cbc:LineExtensionAmount",
        f"{TOTALS}/ram:LineTotalAmount",
    ),
    (
        "BT-107",
        "The sum of allowances (BT-107)",
        f"{_MONETARY}/cbc:AllowanceTotalAmount",
        f"{TOTALS}/ram:AllowanceTotalAmount",
    ),
    ("BT-108", "The sum of charges (BT-108)", f"{_MONETARY}/cbc:ChargeTotalAmount", f"{TOTALS}/ram:ChargeTotalAmount"),
    (
        "BT-109",
        "The total without VAT (BT-109)",
        f"{_MONETARY}/cbc:TaxExclusiveAmount",
        f"{TOTALS}/ram:TaxBasisTotalAmount",
    ),
    ("BT-110", "The total VAT amount (BT-110, BT-111)", "cac:TaxTotal/cbc:TaxAmount", f"{TOTALS}/ram:TaxTotalAmount"),
    ("BT-112", "The total with VAT (BT-112)", f"{_MONETARY}/cbc:TaxInclusiveAmount", f"{TOTALS}/ram:GrandTotalAmount"),
    ("BT-113", "The paid amount (BT-113)", f"{_MONETARY}/cbc:PrepaidAmount", f"{TOTALS}/ram:TotalPrepaidAmount"),
    (
        "BT-114",
        "The rounding amount (BT-114)",
        f"{_MONETARY}/cbc:PayableRoundingAmount",
        f"{TOTALS}/ram:RoundingAmount",
    ),
    ("BT-115", "The amount due (BT-115)", f"{_MONETARY}/cbc:PayableAmount", f"{TOTALS}/ram:DuePayableAmount"),
    (
        "BT-116",
        "The taxable amount of a VAT breakdown (BT-116)",
        "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount",
        f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:BasisAmount",
    ),
    (
        "BT-117",
        "The tax amount of a VAT breakdown (BT-117)",
        "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount",
        f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:CalculatedAmount",
    ),
    (
        "BT-131",
        "The net amount of a line (BT-131)",
        ubl(f"{LINE}/cbc:LineExtensionAmount"),
        f"{ITEM}/{_LINE_TOTALS}/ram:LineTotalAmount",
    ),
    (
        "BT-136_BT-141",
        "The amount of an allowance or charge of a line (BT-136, BT-141)",
        ubl(f"{LINE}/cac:AllowanceCharge/cbc:Amount"),
        f"{ITEM}/{LINE_SETTLEMENT}/{_OF_ALLOWANCE}/ram:ActualAmount",
    ),
    (
        "BT-137_BT-142",
        "The base amount of an allowance or charge of a line (BT-137, BT-142)",
        ubl(f"{LINE}/cac:AllowanceCharge/cbc:BaseAmount"),
        f"{ITEM}/{LINE_SETTLEMENT}/{_OF_ALLOWANCE}/ram:BasisAmount",
    ),
)
"""Terms, the name of the amount, and where it stands in UBL and CII."""


def _amounts(term: str, name: str, in_ubl: str, in_cii: str) -> Iterator[ElementRule]:
    sentence = f"{name} has at most two decimals, and 19 digits with its sign."
    for context in (in_ubl, cii(in_cii)):
        yield asked(f"BR-FR-DEC-01_{term}", context, partial(_written, form=AMOUNT), sentence)


def _behind(_: Part) -> Faults:
    """What is never asked: the published rule stands behind another one that sees the same elements first."""
    return NO_FAULTS


_BEHIND: Final = "The total VAT amount in accounting currency (BT-111) is written as BT-110 is, and judged with it."
AMOUNTS: Final = (
    *(rule for row in _AMOUNTS for rule in _amounts(*row)),
    asked("BR-FR-DEC-01_BT-111", "cac:TaxTotal/cbc:TaxAmount", _behind, _BEHIND),
    asked("BR-FR-DEC-01_BT-111", cii(f"{TOTALS}/ram:TaxTotalAmount"), _behind, _BEHIND),
)

# ---- BR-FR-DEC-02 to -04: quantities, prices, rates

_QUANTITY: Final = "The invoiced quantity (BT-129) has at most four decimals, and 19 digits with its sign."
_BASE: Final = "The base quantity of a price (BT-149) has at most four decimals, and 19 digits with its sign."


def _base(line: Part) -> Faults:
    quantity = trimmed(line.one("cac:Price/cbc:BaseQuantity"))
    return NO_FAULTS if not quantity or QUANTITY.fits(quantity) else [Fault("cac:Price/cbc:BaseQuantity")]


QUANTITIES: Final = (
    asked(
        "BR-FR-DEC-02_BT-129",
        "Invoice/cac:InvoiceLine/cbc:InvoicedQuantity | CreditNote/cac:CreditNoteLine/cbc:CreditedQuantity",
        partial(_written, form=QUANTITY),
        _QUANTITY,
    ),
    asked(
        "BR-FR-DEC-02_BT-129",
        cii(f"{ITEM}/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
        partial(_written, form=QUANTITY),
        _QUANTITY,
    ),
    asked("BR-FR-DEC-02_BT-149", ubl(LINE), _base, _BASE),
    asked("BR-FR-DEC-02_BT-149", cii(f"{_NET}/ram:BasisQuantity"), partial(_written, form=QUANTITY), _BASE),
)


def _price(part: Part, *, path: str) -> Faults:
    """Whether a price is written well, in UBL; an empty one is."""
    return NO_FAULTS if not (price := trimmed(part.one(path))) else _priced(part, price, path)


def _priced(part: Part, price: str, path: str) -> Faults:
    """Whether a price has at most six decimals, and no sign but in an invoice that goes both ways."""
    form = SIGNED_PRICE if part.recall(is_both_ways) else PRICE
    return NO_FAULTS if form.fits(price) else [Fault(path)]


def _price_cii(part: Part) -> Faults:
    return _priced(part, trimmed(part.text), ".")


def _prices(term: str, name: str, in_ubl: tuple[str, str], in_cii: str) -> Iterator[ElementRule]:
    sentence = f"{name} ({term}) has at most six decimals, 19 digits, and no sign unless the framework is B9, S9 or M9."
    yield asked(f"BR-FR-DEC-03_{term}", ubl(in_ubl[0]), partial(_price, path=in_ubl[1]), sentence)
    yield asked(f"BR-FR-DEC-03_{term}", cii(in_cii), _price_cii, sentence)


_REDUCED: Final = f"{LINE}/cac:Price/cac:AllowanceCharge"
PRICES: Final = (
    *_prices("BT-146", "The net price", (LINE, "cac:Price/cbc:PriceAmount"), f"{_NET}/ram:ChargeAmount"),
    *_prices(
        "BT-147",
        "The discount on a price",
        (_REDUCED, "cbc:Amount"),
        f"{_GROSS}/ram:AppliedTradeAllowanceCharge/ram:ActualAmount",
    ),
    *_prices("BT-148", "The gross price", (f"{_REDUCED}/cbc:BaseAmount", "."), f"{_GROSS}/ram:ChargeAmount"),
)


def _rates(term: str, name: str, in_ubl: str, in_cii: str) -> Iterator[ElementRule]:
    sentence = f"The VAT rate of {name} has at most two decimals, four digits and no sign."
    for context in (in_ubl, cii(in_cii)):
        yield asked(f"BR-FR-DEC-04_{term}", context, partial(_written, form=RATE), sentence)


RATES: Final = (
    *_rates(
        "BT-96_BT-103",
        "an allowance or charge (BT-96, BT-103)",
        "cac:AllowanceCharge/cac:TaxCategory/cbc:Percent",
        f"{SETTLEMENT}/{_OF_ALLOWANCE}/ram:CategoryTradeTax/ram:RateApplicablePercent",
    ),
    *_rates(
        "BT-119",
        "a VAT breakdown (BT-119)",
        "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent",
        f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:RateApplicablePercent",
    ),
    *_rates(
        "BT-152",
        "a line (BT-152)",
        "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
        f"{ITEM}/{LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:RateApplicablePercent",
    ),
)
