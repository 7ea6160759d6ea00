# SPDX-License-Identifier: Apache-2.0
"""Days: BR-FR-03 (they exist, between 2000 and 2099) and BR-FR-CO-07 (the due date)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.br_fr.places import (
    CII,
    DELIVERY,
    DOCUMENT,
    EXCHANGED,
    FRAMEWORK,
    ITEM,
    LINE,
    LINE_SETTLEMENT,
    SETTLEMENT,
    cii,
    ubl,
)
from einvoice.rules.br_fr.references import DATED, PRECEDING, REFERRED
from einvoice.rules.br_fr.texts import codes, is_day, is_day_102, says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.element_rules import Question

DUE: Final = f"{SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"
ISSUED: Final = f"{EXCHANGED}/ram:IssueDateTime/udt:DateTimeString"
_DELIVERED: Final = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"
_LENGTH: Final = len("2026-09-01")
_PERIOD: Final = "ram:BillingSpecifiedPeriod"
_STARTS: Final = f"{_PERIOD}/ram:StartDateTime/udt:DateTimeString"
_ENDS: Final = f"{_PERIOD}/ram:EndDateTime/udt:DateTimeString"


def _day(date: Part) -> Faults:
    return NO_FAULTS if is_day(date.text) else [Fault()]


def _day_102(date: Part) -> Faults:
    return NO_FAULTS if is_day_102(date.text) else [Fault()]


def _day_later(date: Part, *, check: Question) -> Faults:
    """The same as the later edition reads it: as exact numbers, which know the digits of one script only."""
    faults = check(date)
    if not faults and not date.text[:_LENGTH].isascii():
        raise UnjudgeableError(f"{date.text!r} has digits that cannot be computed with")
    return faults


def _days(name: str, in_ubl: tuple[str, str], in_cii: tuple[str, str]) -> Iterator[ElementRule]:
    """BR-FR-03 of a date: its term and its path in each syntax."""
    sentence = f"{name} ({in_ubl[0]}) is a day that exists, between 2000 and 2099."
    yield asked(f"BR-FR-03_{in_ubl[0]}", ubl(in_ubl[1]), _day, sentence)
    yield asked(f"BR-FR-03_{in_cii[0]}", cii(in_cii[1]), _day_102, sentence)


def _same(term: str, name: str, in_ubl: str, in_cii: str) -> Iterator[ElementRule]:
    return _days(name, (term, in_ubl), (term, in_cii))


DAYS: Final = (
    *_same("BT-2", "The issue date", "cbc:IssueDate", ISSUED),
    *_same(
        "BT-7",
        "The VAT point date",
        "cbc:TaxPointDate",
        f"{SETTLEMENT}/ram:ApplicableTradeTax/ram:TaxPointDate/udt:DateString",
    ),
    *_same("BT-9", "The due date", "cbc:DueDate", DUE),
    *_same(
        "BT-26",
        "The date of a preceding invoice",
        f"{PRECEDING}/cbc:IssueDate",
        f"{SETTLEMENT}/{REFERRED}/{DATED}",
    ),
    *_same("BT-72", "The delivery date", "cac:Delivery/cbc:ActualDeliveryDate", f"{DELIVERY}/{_DELIVERED}"),
    *_same("BT-73", "The start of the invoicing period", "cac:InvoicePeriod/cbc:StartDate", f"{SETTLEMENT}/{_STARTS}"),
    *_same("BT-74", "The end of the invoicing period", "cac:InvoicePeriod/cbc:EndDate", f"{SETTLEMENT}/{_ENDS}"),
    *_same(
        "EXT-FR-FE-138",
        "The date of a preceding invoice of a line",
        f"{LINE}/{PRECEDING}/cbc:IssueDate",
        f"{ITEM}/{LINE_SETTLEMENT}/{REFERRED}/{DATED}",
    ),
    *_same(
        "EXT-FR-FE-158",
        "The delivery date of a line",
        f"{LINE}/cac:Delivery/cbc:ActualDeliveryDate",
        f"{ITEM}/ram:SpecifiedLineTradeDelivery/{_DELIVERED}",
    ),
    *_days(
        "The start of the period of a line",
        ("BT-134", f"{LINE}/cac:InvoicePeriod/cbc:StartDate"),
        ("EXT-FR-FE-134", f"{ITEM}/{LINE_SETTLEMENT}/{_STARTS}"),
    ),
    *_days(
        "The end of the period of a line",
        ("BT-135", f"{LINE}/cac:InvoicePeriod/cbc:EndDate"),
        ("EXT-FR-FE-135", f"{ITEM}/{LINE_SETTLEMENT}/{_ENDS}"),
    ),
)

DAYS_LATER: Final = tuple(
    asked(rule.id, rule.context, partial(_day_later, check=rule.check), rule.sentence) for rule in DAYS
)

# ---- the due date


def _may_be_past(types: list[str], frameworks: list[str]) -> bool:
    """Whether an invoice is of a prepayment, or paid already."""
    return not codes("prepayment").isdisjoint(types) or not codes("paid").isdisjoint(frameworks)


def _past(document: Part, *paths: str) -> Faults:
    """The first due date that is before a date of issue; both are compared as texts."""
    types = [*document.texts("cbc:InvoiceTypeCode"), *document.texts("cbc:CreditNoteTypeCode")]
    if _may_be_past(types, document.texts("cbc:ProfileID")):
        return NO_FAULTS
    issued = document.texts("cbc:IssueDate")
    due = [one for path in paths for one in document.parts(path)]
    late = next(((one, day) for one in due for day in issued if one.text < day), None)
    return [Fault(part=late[0], why=f"issued on {late[1]}")] if late else NO_FAULTS


@about("BR-FR-CO-07_BT-9", DOCUMENT, version="ubl")
def br_fr_co_07_bt_9_ubl(document: Part) -> Faults:
    """The due date (BT-9) is not before the issue date (BT-2), but for prepayments and what is paid already."""
    return _past(document, "cbc:DueDate")


@about("BR-FR-CO-07_BT-9", DOCUMENT, version="ubl_later")
def br_fr_co_07_bt_9_ubl_later(document: Part) -> Faults:
    """The due date (BT-9) is not before the issue date (BT-2), but for prepayments and what is paid already.

    The due date of a credit note is that of its payment instructions.
    """
    return _past(document, "cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate")


@about("BR-FR-CO-07_BT-9", CII, version="cii")
def br_fr_co_07_bt_9_cii(document: Part) -> Faults:
    """The due date (BT-9) is not before the issue date (BT-2), but for prepayments and what is paid already."""
    due = document.one(DUE)
    if not due or _may_be_past(document.texts(f"{EXCHANGED}/ram:TypeCode"), document.texts(FRAMEWORK)):
        return
    issued = document.parts(ISSUED)
    if not issued or due < document.one(ISSUED):
        yield Fault(DUE, why=f"issued on {issued[0].text}" if issued else "no issue date is stated")


@about("BR-FR-CO-07_BT-9", CII, version="cii_later")
def br_fr_co_07_bt_9_cii_later(document: Part) -> Faults:
    """The due date (BT-9) is not before the issue date (BT-2), but for prepayments and what is paid already.

    Each due date is compared, if one is more than white space.
    """
    due = document.parts(DUE)
    if not any(says(one.text) for one in due):
        return
    if _may_be_past(document.texts(f"{EXCHANGED}/ram:TypeCode"), document.texts(FRAMEWORK)):
        return
    issued = document.parts(ISSUED)
    late = next((one for one in due if not issued or one.text < document.one(ISSUED)), None)
    if late is not None:
        yield Fault(part=late, why=f"issued on {issued[0].text}" if issued else "no issue date is stated")
