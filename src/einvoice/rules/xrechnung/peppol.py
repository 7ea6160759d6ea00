# SPDX-License-Identifier: Apache-2.0
"""PEPPOL-EN16931-R: what XRechnung takes over of Peppol BIS Billing 3, for UBL.

KoSIT builds them into its own rules. They are those of one release of Peppol, without its national rules, and some are
warnings here. An invoice of XRechnung obeys them in whichever network it travels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.model.parts import Fault
from einvoice.rules.arithmetic import ZERO
from einvoice.rules.element_rules import NO_FAULTS, about, lacks, needs, of_document, up
from einvoice.rules.xpath import double, moment, trimmed
from einvoice.rules.xrechnung.amounts import TRUTH, Line, beside, net_amount, net_price, percentage, same_sign, slack_in
from einvoice.rules.xrechnung.kinds import no_objects
from einvoice.rules.xrechnung.readings import number

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import Faults

LINES: Final = "cac:InvoiceLine | cac:CreditNoteLine"
DOCUMENTS: Final = "Invoice | CreditNote"
"""The document itself, and a whole document that stands in an extension: the published contexts take both."""

REQUIRED = (
    needs("PEPPOL-EN16931-R001", DOCUMENTS, "cbc:ProfileID", "The invoice names the business process."),
    needs(
        "PEPPOL-EN16931-R010",
        "cac:AccountingCustomerParty/cac:Party",
        "cbc:EndpointID",
        "The buyer has an electronic address.",
    ),
    needs(
        "PEPPOL-EN16931-R020",
        "cac:AccountingSupplierParty/cac:Party",
        "cbc:EndpointID",
        "The seller has an electronic address.",
    ),
)


@about("PEPPOL-EN16931-R005", "cbc:TaxCurrencyCode", version="ubl")
def peppol_en16931_r005_ubl(currency: Part) -> Faults:
    """The VAT accounting currency, if stated, is not the currency of the invoice."""
    beside = currency.above
    if beside is not None and trimmed(currency.own(".")) == trimmed(beside.own("cbc:DocumentCurrencyCode")):
        yield Fault()


# ---- VAT totals


def _broken_down(document: Part) -> tuple[int, int]:
    """How many tax totals are broken down, and how many are not."""
    said = [total.has("cac:TaxSubtotal") for total in document.parts("cac:TaxTotal")]
    return said.count(True), said.count(False)


@about("PEPPOL-EN16931-R053", DOCUMENTS, version="ubl")
def peppol_en16931_r053_ubl(document: Part) -> Faults:
    """One tax total, and one only, is broken down."""
    count = of_document(document, _broken_down)[0]
    if count != 1:
        yield Fault("cac:TaxTotal", why=f"{count} of them are broken down", terms=("BG-23",))


@about("PEPPOL-EN16931-R054", DOCUMENTS, version="ubl")
def peppol_en16931_r054_ubl(document: Part) -> Faults:
    """With a VAT accounting currency, one tax total is not broken down; without, each is."""
    count = of_document(document, _broken_down)[1]
    if count != int(document.has("cbc:TaxCurrencyCode")):
        yield Fault("cac:TaxTotal", why=f"{count} of them are not broken down", terms=("BT-111",))


@about("PEPPOL-EN16931-R055", DOCUMENTS, version="ubl")
def peppol_en16931_r055_ubl(document: Part) -> Faults:
    """The VAT totals in both currencies have the same sign."""
    if not document.has("cbc:TaxCurrencyCode"):
        return
    accounting = _totals(document, trimmed(document.one("cbc:TaxCurrencyCode")))
    invoiced = _totals(document, trimmed(document.one("cbc:DocumentCurrencyCode")))
    if not same_sign(accounting, invoiced):
        yield Fault("cac:TaxTotal/cbc:TaxAmount")


def _totals(document: Part, currency: str) -> list[float]:
    amounts = document.parts("cac:TaxTotal/cbc:TaxAmount")
    return [double(amount.text) for amount in amounts if amount.get("currencyID") == currency]


# ---- allowances and charges

ALLOWANCES: Final = (
    "Invoice/cac:AllowanceCharge | Invoice/cac:InvoiceLine/cac:AllowanceCharge | "
    "CreditNote/cac:AllowanceCharge | CreditNote/cac:CreditNoteLine/cac:AllowanceCharge"
)
_PERCENT: Final = "cbc:MultiplierFactorNumeric"
_BASE: Final = "cbc:BaseAmount"


@about("PEPPOL-EN16931-R040", ALLOWANCES, version="ubl")
def peppol_en16931_r040_ubl(allowance: Part) -> Faults:
    """An allowance or charge with a percentage is that percentage of its base amount."""
    if allowance.has(_PERCENT) and allowance.has(_BASE):
        return percentage(allowance, ("cbc:Amount", _BASE, _PERCENT), allowance.recall(_slack))
    return NO_FAULTS


def _slack(document: Part) -> Decimal:
    return slack_in(document.texts("cbc:DocumentCurrencyCode"))


@about("PEPPOL-EN16931-R041", ALLOWANCES.replace("AllowanceCharge", f"AllowanceCharge/{_PERCENT}"), version="ubl")
def peppol_en16931_r041_ubl(percentage: Part) -> Faults:
    """An allowance or charge with a percentage has a base amount."""
    return lacks(percentage.above, _BASE)


@about("PEPPOL-EN16931-R042", ALLOWANCES.replace("AllowanceCharge", f"AllowanceCharge/{_BASE}"), version="ubl")
def peppol_en16931_r042_ubl(base: Part) -> Faults:
    """An allowance or charge with a base amount has a percentage."""
    return lacks(base.above, _PERCENT)


@about("PEPPOL-EN16931-R043", ALLOWANCES)
def peppol_en16931_r043(allowance: Part) -> Faults:
    """Whether it is a charge is said by the word true or false.

    An allowance or charge that R041 or R042 finds fault with is not asked.
    """
    if allowance.has(_PERCENT) is allowance.has(_BASE) and trimmed(allowance.own("cbc:ChargeIndicator")) not in TRUTH:
        yield Fault("cbc:ChargeIndicator")


@about("PEPPOL-EN16931-R044", "cac:Price/cac:AllowanceCharge", version="ubl")
def peppol_en16931_r044_ubl(allowance: Part) -> Faults:
    """A price has discounts, and no charges."""
    if trimmed(allowance.one("cbc:ChargeIndicator")) != "false":
        yield Fault("cbc:ChargeIndicator", expected="false", terms=("BT-147",))


@about("PEPPOL-EN16931-R046", "cac:Price/cac:AllowanceCharge", version="ubl")
def peppol_en16931_r046_ubl(allowance: Part) -> Faults:
    """The net price is the gross price less the discount."""
    price = allowance.above
    if price is None or not allowance.has(_BASE):
        return
    gross, discount = number(allowance, _BASE), number(allowance, "cbc:Amount")
    wrong = net_price("cbc:PriceAmount", number(price, "cbc:PriceAmount"), gross, discount)
    if wrong is not None:
        yield structs.replace(wrong, part=price)


# ---- payment


@about("PEPPOL-EN16931-R061", "cac:PaymentMeans[trim(cbc:PaymentMeansCode)='49'|'59']", version="ubl")
def peppol_en16931_r061_ubl(means: Part) -> Faults:
    """A direct debit (codes 49 and 59) names the mandate."""
    if not means.has("cac:PaymentMandate/cbc:ID"):
        yield Fault("cac:PaymentMandate/cbc:ID", terms=("BT-89",))


# ---- lines


@about(
    "PEPPOL-EN16931-R101",
    "cac:InvoiceLine/cac:DocumentReference | cac:CreditNoteLine/cac:DocumentReference",
    version="ubl",
)
def peppol_en16931_r101_ubl(reference: Part) -> Faults:
    """A line refers to an invoiced object (type 130), and to no other document."""
    return reference.recall(_no_objects).get(reference, NO_FAULTS)


def _no_objects(top: Part) -> dict[Part, Faults]:
    """What is wrong with lines, by the first document that they refer to."""
    lines = [*top.anywhere("cac:InvoiceLine"), *top.anywhere("cac:CreditNoteLine")]
    return no_objects(lines, "cac:DocumentReference", "cbc:DocumentTypeCode")


def _in_period(name: str) -> str:
    return (
        f"Invoice/cac:InvoiceLine/cac:InvoicePeriod/cbc:{name} | "
        f"CreditNote/cac:CreditNoteLine/cac:InvoicePeriod/cbc:{name}"
    )


def _bound(date: Part, name: str) -> str | None:
    """When the document that the line stands in says that its period starts or ends."""
    document, path = up(date, 3), f"cac:InvoicePeriod/cbc:{name}"
    return document.one(path) if document.has(path) else None


@about("PEPPOL-EN16931-R110", _in_period("StartDate"), version="ubl")
def peppol_en16931_r110_ubl(start: Part) -> Faults:
    """The period of a line does not start before that of the invoice."""
    first = _bound(start, "StartDate")
    stated = start.own(".")
    if first is not None and (not stated or moment(stated) < moment(first)):
        yield Fault(expected=f">= {trimmed(first)}")


@about("PEPPOL-EN16931-R111", _in_period("EndDate"), version="ubl")
def peppol_en16931_r111_ubl(end: Part) -> Faults:
    """The period of a line does not end after that of the invoice."""
    last = _bound(end, "EndDate")
    stated = end.own(".")
    if last is not None and (not stated or moment(stated) > moment(last)):
        yield Fault(expected=f"<= {trimmed(last)}")


@about("PEPPOL-EN16931-R120", LINES, version="ubl")
def peppol_en16931_r120_ubl(line: Part) -> Faults:
    """The net amount of a line is quantity times net price, with its charges and without its allowances."""
    charges, allowances = beside(line.parts("cac:AllowanceCharge"), "cbc:ChargeIndicator", "cbc:Amount")
    amounts = Line(
        net=number(line, "cbc:LineExtensionAmount") or ZERO,
        quantity=number(line, line.recall(_quantity_of)),
        price=number(line, "cac:Price/cbc:PriceAmount") or ZERO,
        base=number(line, "cac:Price/cbc:BaseQuantity"),
        charges=charges,
        allowances=allowances,
    )
    return net_amount("cbc:LineExtensionAmount", amounts, lambda: line.recall(_slack))


def _quantity_of(document: Part) -> str:
    return "cbc:InvoicedQuantity" if document.name == "Invoice" else "cbc:CreditedQuantity"


@about("PEPPOL-EN16931-R121", LINES, version="ubl")
def peppol_en16931_r121_ubl(line: Part) -> Faults:
    """The base quantity of a price is above zero."""
    quantity = number(line, "cac:Price/cbc:BaseQuantity")
    if quantity is not None and quantity <= 0:
        yield Fault("cac:Price/cbc:BaseQuantity", expected="> 0")


@about("PEPPOL-EN16931-R130", "cac:Price/cbc:BaseQuantity", version="ubl")
def peppol_en16931_r130_ubl(quantity: Part) -> Faults:
    """The base quantity of a price is in the unit of the quantity of the line."""
    unit, line = quantity.get("unitCode"), quantity.above and quantity.above.above
    if unit is None or line is None:
        return NO_FAULTS
    units = line.texts(line.recall(_unit_of))
    if unit in units or not (line.has("cbc:InvoicedQuantity") or line.has("cbc:CreditedQuantity")):
        return NO_FAULTS
    return (Fault("@unitCode", expected=next(iter(units), None)),)


def _unit_of(document: Part) -> str:
    return f"{_quantity_of(document)}/@unitCode"
