# SPDX-License-Identifier: Apache-2.0
"""PEPPOL-EN16931-R040 to R046 and R100 to R130: allowances and charges, and what a line adds up to.

The tests compute with decimal numbers, exactly but for quotients, and grant two cents either way.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.arithmetic import money, whole
from einvoice.rules.element_rules import NO_FAULTS, Faults, about, lacks, up
from einvoice.rules.peppol.countries import LINES
from einvoice.rules.xpath import EXACT, decimal, divided, moment, trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

SLACK: Final = Decimal("0.02")
ALLOWANCES: Final = (
    "Invoice/cac:AllowanceCharge | CreditNote/cac:AllowanceCharge | Invoice/cac:InvoiceLine/cac:AllowanceCharge"
    " | CreditNote/cac:CreditNoteLine/cac:AllowanceCharge"
)
RATE: Final = "cbc:MultiplierFactorNumeric"
BASE: Final = "cbc:BaseAmount"
HUNDRED: Final = Decimal(100)
ONE: Final = Decimal(1)
ZERO: Final = Decimal(0)


def _in_allowances(path: str) -> str:
    """Elements in allowances and charges."""
    return " | ".join(f"{context}/{path}" for context in ALLOWANCES.split(" | "))


def near(stated: Decimal, computed: Decimal) -> bool:
    """Whether two amounts are at most two cents apart.

    Args:
        stated: the amount in the document.
        computed: what it should be.
    """
    return stated == computed or EXACT.add(stated, SLACK) >= computed >= EXACT.subtract(stated, SLACK)


def _number(part: Part, path: str, otherwise: Decimal) -> Decimal:
    """The number at a path, or what counts where there is none."""
    texts = part.texts(path)
    return decimal(texts[0] if len(texts) == 1 else part.one(path)) if texts else otherwise


# ---- allowances and charges of the document and of lines


@about("PEPPOL-EN16931-R041", _in_allowances(RATE))
def peppol_en16931_r041(percentage: Part) -> Faults:
    """An allowance or charge that states a percentage states its base amount too."""
    return lacks(percentage.above, BASE)


@about("PEPPOL-EN16931-R042", _in_allowances(BASE))
def peppol_en16931_r042(base: Part) -> Faults:
    """An allowance or charge that states a base amount states its percentage too."""
    return lacks(base.above, RATE)


@about("PEPPOL-EN16931-R040", ALLOWANCES)
def peppol_en16931_r040(allowance: Part) -> Faults:
    """The amount of an allowance or charge is its percentage of the base amount, to two cents."""
    if not (allowance.has(RATE) and allowance.has(BASE)):
        return
    base, rate = decimal(allowance.one(BASE)), decimal(allowance.one(RATE))
    stated = _number(allowance, "cbc:Amount", ZERO)
    computed = EXACT.scaleb(EXACT.multiply(base, rate), -2)
    if not near(stated, computed):
        why = f"{money(base)} × {rate.normalize():f} % = {money(computed)}"
        yield Fault("cbc:Amount", expected=money(computed), why=why)


@about("PEPPOL-EN16931-R043", ALLOWANCES)
def peppol_en16931_r043(allowance: Part) -> Faults:
    """Whether it is a charge is said by the words true or false.

    Where a percentage has no base amount, or a base amount no percentage, this is not asked.
    """
    if allowance.has(RATE) == allowance.has(BASE):
        return _says(allowance, ("true", "false"))
    return NO_FAULTS


def _says(allowance: Part, words: tuple[str, ...]) -> Faults:
    fits = trimmed(allowance.own("cbc:ChargeIndicator")) in words
    return NO_FAULTS if fits else [Fault("cbc:ChargeIndicator", expected=", ".join(words))]


# ---- price


@about("PEPPOL-EN16931-R044", "cac:Price/cac:AllowanceCharge")
def peppol_en16931_r044(discount: Part) -> Faults:
    """A price has a discount and no charge: the indicator is false."""
    if trimmed(discount.one("cbc:ChargeIndicator")) != "false":
        yield Fault("cbc:ChargeIndicator", expected="false")


@about("PEPPOL-EN16931-R046", "cac:Price/cac:AllowanceCharge")
def peppol_en16931_r046(discount: Part) -> Faults:
    """The net price is the gross price less the discount, where a gross price is stated.

    Where the discount or the net price is missing, nothing is equal.
    """
    price = discount.above
    if price is None or not discount.has(BASE):
        return
    gross, net, off = discount.one(BASE), price.one("cbc:PriceAmount"), discount.one("cbc:Amount")
    if not (price.has("cbc:PriceAmount") and discount.has("cbc:Amount")):
        yield Fault("cbc:PriceAmount", part=price, why="the discount or the net price is missing")
        return
    computed = EXACT.subtract(decimal(gross), decimal(off))
    if decimal(net) != computed:
        why = f"{money(decimal(gross))} - {money(decimal(off))} = {money(computed)}"
        yield Fault("cbc:PriceAmount", part=price, expected=money(computed), why=why)


@about("PEPPOL-EN16931-R130", "cac:Price/cbc:BaseQuantity")
def peppol_en16931_r130(base: Part) -> Faults:
    """The base quantity of a price has the unit of the invoiced quantity."""
    unit, price = base.get("unitCode"), base.above
    line = price.above if price is not None else None
    if unit is None or line is None:
        return NO_FAULTS
    units = line.texts(base.recall(_unit_of))
    if unit in units or not (line.has("cbc:InvoicedQuantity") or line.has("cbc:CreditedQuantity")):
        return NO_FAULTS
    return [Fault("@unitCode", expected=", ".join(units) or None)]


def _unit_of(document: Part) -> str:
    return f"{_quantity_of(document)}/@unitCode"


def _quantity_of(document: Part) -> str:
    return "cbc:InvoicedQuantity" if document.name == "Invoice" else "cbc:CreditedQuantity"


# ---- lines


@about("PEPPOL-EN16931-R120", LINES)
def peppol_en16931_r120(line: Part) -> Faults:
    """The net amount of a line is quantity times price by base quantity, plus charges, less allowances, to two cents.

    The sums of allowances and of charges are rounded, the product is not. What is missing counts as 0; a quantity that
    is missing, or a base quantity that is missing or 0, as 1.
    """
    stated = _number(line, "cbc:LineExtensionAmount", ZERO)
    quantity = _number(line, line.recall(_quantity_of), ONE)
    price = _number(line, "cac:Price/cbc:PriceAmount", ZERO)
    base = _number(line, "cac:Price/cbc:BaseQuantity", ONE) or ONE
    charges, allowances = _sums(line)
    computed = EXACT.multiply(quantity, price if base == ONE else divided(price, base))
    if charges or allowances:
        computed = EXACT.subtract(EXACT.add(computed, charges), allowances)
    if near(stated, computed):
        return NO_FAULTS
    by = f" / {base.normalize():f}" if base != ONE else ""
    more = "".join((f" + {money(charges)}" if charges else "", f" - {money(allowances)}" if allowances else ""))
    shown = money(EXACT.quantize(computed, Decimal("0.0001")))
    why = f"{quantity.normalize():f} × {money(price)}{by}{more} = {shown}"
    return [Fault("cbc:LineExtensionAmount", expected=shown, why=why)]


def _sums(line: Part) -> tuple[Decimal, Decimal]:
    """The charges and the allowances of a line, each sum rounded to cents."""
    every = line.parts("cac:AllowanceCharge")
    if not every:
        return ZERO, ZERO
    sums = {"true": ZERO, "false": ZERO}
    for one in every:
        indicator = trimmed(one.one("cbc:ChargeIndicator"))
        if indicator in sums:
            for amount in one.texts("cbc:Amount"):
                sums[indicator] = EXACT.add(sums[indicator], decimal(amount))
    return _cents(sums["true"]), _cents(sums["false"])


def _cents(total: Decimal) -> Decimal:
    return EXACT.scaleb(whole(EXACT.scaleb(total, 2)), -2) if total else ZERO


@about("PEPPOL-EN16931-R121", LINES)
def peppol_en16931_r121(line: Part) -> Faults:
    """The base quantity of a price, where it is stated, is above zero."""
    return [Fault("cac:Price/cbc:BaseQuantity")] if _number(line, "cac:Price/cbc:BaseQuantity", ONE) <= 0 else NO_FAULTS


# Few lines refer to a document: so the documents are asked, and not the lines.

_REFERENCE: Final = "cac:DocumentReference"
_OBJECTS: Final = " | ".join(f"{line}/{_REFERENCE}" for line in LINES.split(" | "))
_TYPE: Final = f"{_REFERENCE}/cbc:DocumentTypeCode"


def _referring(top: Part) -> dict[Part, tuple[Part, list[Part]]]:
    """The first document that a line refers to -> the line, and all of its documents."""
    lines = [line for name in LINES.split(" | ") for line in top.anywhere(name)]
    return {objects[0]: (line, objects) for line in lines if (objects := line.parts(_REFERENCE))}


@about("PEPPOL-EN16931-R100", _OBJECTS)
def peppol_en16931_r100(reference: Part) -> Faults:
    """A line refers to at most one object."""
    first = reference.recall(_referring).get(reference)
    if first is not None and len(first[1]) > 1:
        yield Fault(part=first[1][1], why=f"{len(first[1])} references")


@about("PEPPOL-EN16931-R101", _OBJECTS)
def peppol_en16931_r101(reference: Part) -> Faults:
    """A document reference of a line is an object identifier (type 130)."""
    first = reference.recall(_referring).get(reference)
    if first is not None and "130" not in first[0].texts(_TYPE):
        yield Fault(_TYPE, expected="130", part=first[0])


@about(
    "PEPPOL-EN16931-R110",
    "Invoice/cac:InvoiceLine/cac:InvoicePeriod/cbc:StartDate"
    " | CreditNote/cac:CreditNoteLine/cac:InvoicePeriod/cbc:StartDate",
)
def peppol_en16931_r110(start: Part) -> Faults:
    """The period of a line does not start before the invoicing period."""
    whole_start = _invoicing(start, "cbc:StartDate")
    if whole_start is not None and not (start.own(".") and moment(start.own(".")) >= moment(whole_start)):
        yield Fault(expected=f"≥ {whole_start}")


@about(
    "PEPPOL-EN16931-R111",
    "Invoice/cac:InvoiceLine/cac:InvoicePeriod/cbc:EndDate"
    " | CreditNote/cac:CreditNoteLine/cac:InvoicePeriod/cbc:EndDate",
)
def peppol_en16931_r111(end: Part) -> Faults:
    """The period of a line does not end after the invoicing period."""
    whole_end = _invoicing(end, "cbc:EndDate")
    if whole_end is not None and not (end.own(".") and moment(end.own(".")) <= moment(whole_end)):
        yield Fault(expected=f"≤ {whole_end}")


def _invoicing(date: Part, name: str) -> str | None:
    """The date of the invoicing period of the document that the line stands in; ``None`` if there is none."""
    found = up(date, 3).texts(f"cac:InvoicePeriod/{name}")
    if len(found) > 1:
        raise UnjudgeableError(f"there are {len(found)} invoicing periods, and one can be compared")
    return found[0] if found else None
