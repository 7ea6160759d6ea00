# SPDX-License-Identifier: Apache-2.0
"""Totals: BR-FR-CO-09 (what is paid already) and BR-FR-CO-12 (VAT in euro)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.br_fr.dates import DUE
from einvoice.rules.br_fr.parties import only
from einvoice.rules.br_fr.places import CII, DOCUMENT, FRAMEWORK, SETTLEMENT, TOTALS
from einvoice.rules.br_fr.texts import codes, says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, asked
from einvoice.rules.xpath import decimal, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    Amount = Callable[[str], float | Decimal]

_EURO: Final = "EUR"
_MONETARY: Final = "cac:LegalMonetaryTotal"
_PAID: Final = (
    "What is paid already (BT-23: B2, S2, M2) is paid in full: the paid amount (BT-113) is the total with VAT."
)
_SETTLED: Final = "What is paid already (BT-23: B2, S2, M2) leaves nothing to pay: the amount due (BT-115) is zero."
_DATED: Final = "What is paid already (BT-23: B2, S2, M2) states the day of payment as due date (BT-9)."


def _is_paid(document: Part, framework: str) -> bool:
    return not codes("paid").isdisjoint(document.texts(framework))


def _in_full(document: Part, *, framework: str, paid: str, total: str, amount: Amount) -> Faults:
    if not _is_paid(document, framework):
        return NO_FAULTS
    stated, expected = document.one(paid), document.one(total)
    if _known(document, amount, paid, total) and amount(stated) == amount(expected):
        return NO_FAULTS
    return [Fault(paid, expected=expected or None)]


def _nothing_due(document: Part, *, framework: str, due: str, amount: Amount) -> Faults:
    if not _is_paid(document, framework):
        return NO_FAULTS
    stated = document.one(due)
    if _known(document, amount, due) and amount(stated) == 0:
        return NO_FAULTS
    return [Fault(due, expected="0")]


def _known(document: Part, amount: Amount, *paths: str) -> bool:
    """Whether all the amounts are there; where they are read as exact numbers, what is missing equals nothing."""
    return amount is number or all(document.has(path) for path in paths)


def _due(document: Part, *, framework: str, paths: tuple[str, ...]) -> Faults:
    if not _is_paid(document, framework):
        return NO_FAULTS
    dates = [one for path in paths for one in document.parts(path)]
    return NO_FAULTS if only(dates) else [Fault(paths[0])]


def _due_later(document: Part, *, framework: str) -> Faults:
    """The same where there may be several due dates; a blank is none."""
    if not _is_paid(document, framework) or any(map(says, document.texts(DUE))):
        return NO_FAULTS
    return [Fault(DUE)]


def _paid_ubl(amount: Amount) -> Iterator[ElementRule]:
    """BR-FR-CO-09 in UBL, by how amounts are read."""
    full = partial(
        _in_full,
        framework="cbc:ProfileID",
        paid=f"{_MONETARY}/cbc:PrepaidAmount",
        total=f"{_MONETARY}/cbc:TaxInclusiveAmount",
        amount=amount,
    )
    due = partial(_nothing_due, framework="cbc:ProfileID", due=f"{_MONETARY}/cbc:PayableAmount", amount=amount)
    yield asked("BR-FR-CO-09_BT-23-1", DOCUMENT, full, _PAID)
    yield asked("BR-FR-CO-09_BT-23-2", DOCUMENT, due, _SETTLED)


def _paid_cii(amount: Amount) -> Iterator[ElementRule]:
    """BR-FR-CO-09 in CII, by how amounts are read."""
    full = partial(
        _in_full,
        framework=FRAMEWORK,
        paid=f"{TOTALS}/ram:TotalPrepaidAmount",
        total=f"{TOTALS}/ram:GrandTotalAmount",
        amount=amount,
    )
    due = partial(_nothing_due, framework=FRAMEWORK, due=f"{TOTALS}/ram:DuePayableAmount", amount=amount)
    yield asked("BR-FR-CO-09_BT-23-1", CII, full, _PAID)
    yield asked("BR-FR-CO-09_BT-23-2", CII, due, _SETTLED)


_UBL_DATES: Final = ("cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate")
PAID: Final = (
    *_paid_ubl(number),
    asked("BR-FR-CO-09_BT-23-3", DOCUMENT, partial(_due, framework="cbc:ProfileID", paths=_UBL_DATES), _DATED),
    *_paid_cii(number),
    asked("BR-FR-CO-09_BT-23-3", CII, partial(_due, framework=FRAMEWORK, paths=(DUE,)), _DATED),
)
PAID_LATER: Final = (
    *_paid_ubl(decimal),
    *_paid_cii(decimal),
    asked("BR-FR-CO-09_BT-23-3", CII, partial(_due_later, framework=FRAMEWORK), _DATED),
)

# ---- currencies

_IN_EURO: Final = (
    "An invoice in another currency (BT-5) states its VAT total (BT-111) in euro, the accounting currency (BT-6)."
)


def _euro(document: Part, *, currency: str, accounting: str, totals: str) -> Faults:
    if all(code == _EURO for code in document.texts(currency)):
        return NO_FAULTS
    if _EURO not in document.texts(accounting):
        return [Fault(accounting, expected=_EURO)]
    if only([one for one in document.parts(totals) if one.get("currencyID") == _EURO]):
        return NO_FAULTS
    return [Fault(totals, why="no amount in EUR")]


CURRENCIES: Final = (
    asked(
        "BR-FR-CO-12_BT-5",
        DOCUMENT,
        partial(
            _euro,
            currency="cbc:DocumentCurrencyCode",
            accounting="cbc:TaxCurrencyCode",
            totals="cac:TaxTotal/cbc:TaxAmount",
        ),
        _IN_EURO,
    ),
    asked(
        "BR-FR-CO-12_BT-5",
        CII,
        partial(
            _euro,
            currency=f"{SETTLEMENT}/ram:InvoiceCurrencyCode",
            accounting=f"{SETTLEMENT}/ram:TaxCurrencyCode",
            totals=f"{TOTALS}/ram:TaxTotalAmount",
        ),
        _IN_EURO,
    ),
)
