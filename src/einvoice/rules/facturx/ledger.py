# SPDX-License-Identifier: Apache-2.0
"""What a document of Factur-X says about VAT and amounts, put together once for the rules that add it up.

Unlike those of EN 16931 these rules know lines that only inform or group others, logistics service charges, and several
breakdowns of one category and rate that differ in the reason for not charging VAT.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from einvoice.model.parts import Part, UnjudgeableError
from einvoice.rules.arithmetic import ZERO, cents
from einvoice.rules.xpath import EXACT, decimal, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable

Reason = tuple[str, str]
"""The code and the text of why no VAT is charged, without needless white space; empty texts for none."""
Key = tuple[str | Decimal | Reason, ...]

TRANSACTION: Final = "rsm:SupplyChainTradeTransaction"
SETTLEMENT: Final = f"{TRANSACTION}/ram:ApplicableHeaderTradeSettlement"
LINES: Final = f"{TRANSACTION}/ram:IncludedSupplyChainTradeLineItem"
_TOTAL: Final = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
LINE_TOTAL: Final = f"ram:SpecifiedLineTradeSettlement/{_TOTAL}"
STATUS: Final = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"
CENT: Final = Decimal("0.01")
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


class Sums(Struct):
    """What is taxed alike.

    Attributes:
        lines: net amounts of lines (BT-131).
        allowances: amounts of document level allowances (BT-92).
        charges: amounts of document level charges (BT-99).
        logistics: amounts of logistics service charges (BT-X-272).
        count: how many of them there are.
        open: why it cannot be told which of them have a reason for not charging VAT; empty where it can.
        known: the taxable amount, once it was asked for.
    """

    lines: Decimal = ZERO
    allowances: Decimal = ZERO
    charges: Decimal = ZERO
    logistics: Decimal = ZERO
    count: int = 0
    open: str = ""
    known: Decimal | None = None

    @property
    def tolerance(self) -> Decimal:
        """One cent for each of them."""
        return CENT * self.count

    def total(self) -> Decimal:
        """The taxable amount, each sum rounded to cents: once all is added up, three rules ask for it."""
        if self.known is None:
            with localcontext(EXACT):
                added = cents(self.lines) + cents(self.charges) + cents(self.logistics)
                self.known = added - cents(self.allowances)
        return self.known


class Tax(NamedTuple):
    """One VAT breakdown (BG-23).

    Attributes:
        part: the element.
        vat: whether the tax is VAT.
        rate: the rate in percent (BT-119).
        reason: why no VAT is charged (BT-121, BT-120).
        basis: the taxable amount (BT-116).
    """

    part: Part
    vat: bool
    rate: Decimal | None
    reason: Reason
    basis: Decimal | None


class Line(NamedTuple):
    """A line that counts: none which groups others, or only informs (BT-X-8).

    Attributes:
        settlements: the elements with its VAT and its amount.
        totals: its net amounts (BT-131), as texts.
    """

    settlements: list[Part]
    totals: list[str]


class Lines(NamedTuple):
    """The lines of a document.

    Attributes:
        counted: those that count.
        every: how many there are.
    """

    counted: list[Line]
    every: int


def lines(top: Part) -> Lines:
    """The lines that are added up.

    Args:
        top: the document.
    """
    every = top.parts(LINES)
    counted = []
    for line in every:
        status = line.texts(STATUS)
        if not status or "DETAIL" in status:
            settlements = line.parts("ram:SpecifiedLineTradeSettlement")
            counted.append(Line(settlements, [text for one in settlements for text in one.texts(_TOTAL)]))
    return Lines(counted, len(every))


def is_charge(part: Part) -> bool | None:
    """Whether something is a charge, and not an allowance; ``None`` if it does not say.

    Args:
        part: the allowance or charge.

    Raises:
        UnjudgeableError: it says neither.
    """
    text = part.one("ram:ChargeIndicator/udt:Indicator").strip(" \t\r\n")
    if not text and not part.has("ram:ChargeIndicator/udt:Indicator"):
        return None
    truth = _TRUTH.get(text)
    if truth is None:
        raise UnjudgeableError(f"{text!r} is neither true nor false")
    return truth


def taxes(top: Part) -> dict[str, list[Tax]]:
    """The VAT breakdowns by their category.

    Args:
        top: the document.
    """
    found: dict[str, list[Tax]] = {}
    for settlement in top.anywhere("ram:ApplicableHeaderTradeSettlement"):
        for part in settlement.parts("ram:ApplicableTradeTax"):
            tax = _tax(part)
            for code in dict.fromkeys(part.texts("ram:CategoryCode")):
                found.setdefault(code, []).append(tax)
    return found


def _tax(part: Part) -> Tax:
    return Tax(
        part,
        part.one("ram:TypeCode").upper() == "VAT",
        amount_of(part, "ram:RateApplicablePercent"),
        reason_of(part),
        amount_of(part, "ram:BasisAmount"),
    )


def amount_of(part: Part, path: str) -> Decimal | None:
    """The only number at a path, or ``None`` if there is none.

    Args:
        part: where the path begins.
        path: the path.

    Raises:
        UnjudgeableError: there are several, or it is no number.
    """
    texts = part.texts(path)
    if len(texts) > 1:
        raise UnjudgeableError(f"there are {len(texts)} of {path}, and one can be compared")
    return decimal(texts[0]) if texts else None


def reason_of(part: Part, path: str = "") -> Reason:
    """Why no VAT is charged.

    Args:
        part: where the path begins.
        path: the path to the tax, with a slash at its end; empty for the part itself.
    """
    return trimmed(part.one(f"{path}ram:ExemptionReasonCode")), trimmed(part.one(f"{path}ram:ExemptionReason"))


def ledger(top: Part) -> dict[Key, Sums]:
    """What is taxed, by category and rate (that of category O without a rate), and with the reason besides.

    Args:
        top: the document.
    """
    found: dict[Key, Sums] = {}
    with localcontext(EXACT):
        for line in top.recall(lines).counted:
            total = sum(map(decimal, line.totals), ZERO)
            for settlement in line.settlements:
                _enter(found, settlement, "ram:ApplicableTradeTax", "lines", total)
        for one in top.parts(f"{SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge"):
            charge = is_charge(one)
            amount = sum(map(decimal, one.texts("ram:ActualAmount")), ZERO) if charge is not None else ZERO
            _enter(found, one, "ram:CategoryTradeTax", "charges" if charge else "allowances", amount)
        for one in top.parts(f"{SETTLEMENT}/ram:SpecifiedLogisticsServiceCharge"):
            amount = sum(map(decimal, one.texts("ram:AppliedAmount")), ZERO)
            _enter(found, one, "ram:AppliedTradeTax", "logistics", amount)
    return found


def _enter(found: dict[Key, Sums], part: Part, tax: str, field: str, amount: Decimal) -> None:
    rates = [decimal(text) for text in part.texts(f"{tax}/ram:RateApplicablePercent")]
    reason, told = None, ""
    try:
        reason = reason_of(part, f"{tax}/")
    except UnjudgeableError as error:  # only a test that looks at the reason of this category and rate cannot tell
        told = str(error)
    keys = [key for code in part.texts(f"{tax}/ram:CategoryCode") for key in _keys(code, rates, reason)]
    for key in dict.fromkeys(keys):
        sums = found.get(key)
        if sums is None:
            sums = found[key] = Sums()
        setattr(sums, field, getattr(sums, field) + amount)
        sums.count += 1
        sums.open = sums.open or told


def _keys(code: str, rates: Iterable[Decimal], reason: Reason | None) -> Iterable[Key]:
    for key in [(code,)] if code == "O" else [(code, rate) for rate in rates]:
        yield key
        if reason is not None:
            yield (*key, reason)
