# SPDX-License-Identifier: Apache-2.0
"""The tax totals that the model does not hold: those in a currency that nobody announced, and those stated again.

EN 16931 has the VAT breakdown once, in the invoice currency (BT-5). The published tests look at every
``cac:TaxTotal``; what reading could not bind is among its remarks, and is put together here.
"""

from __future__ import annotations

import re
from decimal import InvalidOperation
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Self

from msgspec import Struct, field

from einvoice.model import DocumentTotals, VatBreakdown
from einvoice.model.decimals import decimal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from einvoice.model import Invoice, Reading

_LEAF: Final = re.compile(
    r"/(?:Invoice|CreditNote)/cac:TaxTotal(?:\[(?P<total>\d+)\])?/"
    r"(?:cac:TaxSubtotal(?:\[(?P<part>\d+)\])?/(?P<field>.+)|cbc:TaxAmount(?P<currency>/@currencyID)?)"
)
_VAT_TOTAL: Final = re.compile(
    r"/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount(?:\[(?P<place>\d+)\])?(?P<currency>/@currencyID)?$"
)
_FIELDS: Final = {
    "cbc:TaxableAmount": "taxable_amount",
    "cbc:TaxAmount": "tax_amount",
    "cac:TaxCategory/cbc:ID": "category_code",
    "cac:TaxCategory/cbc:Percent": "rate",
    "cac:TaxCategory/cbc:TaxExemptionReason": "exemption_reason_text",
    "cac:TaxCategory/cbc:TaxExemptionReasonCode": "exemption_reason_code",
    "cac:TaxCategory/cac:TaxScheme/cbc:ID": "tax_scheme_identifier",
}
_NUMBERS: Final = {"taxable_amount", "tax_amount", "rate"}


class TaxTotal(Struct):
    """One tax total.

    Attributes:
        amount: the tax; ``None`` where only the currency is apart from the model.
        currency: the currency it is in.
        parts: its breakdown: position -> field of a VAT breakdown -> value.
    """

    amount: Decimal | None = None
    currency: str | None = None
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def breakdown(self) -> tuple[VatBreakdown, ...]:
        """Its breakdown."""
        return tuple(VatBreakdown(**fields) for fields in self.parts.values())


class TaxTotals:
    """The tax totals of a UBL document (a view, see ``rules.registry``).

    Attributes:
        beside: those that are not in the model.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        found: dict[str, TaxTotal] = {}
        for remark in reading.remarks:
            match = _LEAF.fullmatch(remark.path) if "/cac:TaxTotal" in remark.path else None
            if match is None or remark.reason == "malformed" or (remark.reason == "spelled" and not match["currency"]):
                continue
            _enter(found.setdefault(match["total"] or "1", TaxTotal()), match, remark.value)
        self.beside = tuple(total for total in found.values() if total.amount is not None or total.parts)
        apart = [one.currency for one in found.values() if one.amount is None and one.currency is not None]
        self._own, self._accounting = _bound(reading.invoice, apart)

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Put them together.

        Args:
            reading: what was read.
        """
        return cls(reading)

    @property
    def breakdown(self) -> tuple[VatBreakdown, ...]:
        """The breakdowns that are not in the model."""
        return tuple(part for total in self.beside for part in total.breakdown)

    def amounts(self, currency: str | None) -> list[Decimal]:
        """The tax totals in a currency.

        Args:
            currency: its code.
        """
        invoice = self._reading.invoice
        totals = invoice.totals or DocumentTotals()
        all_of_them = [
            (totals.invoice_total_vat_amount, self._own),
            (totals.invoice_total_vat_amount_in_accounting_currency, self._accounting),
            *((total.amount, total.currency) for total in self.beside),
        ]
        return [amount for amount, stated in all_of_them if amount is not None and stated == currency]

    def in_any_currency(self) -> list[Decimal]:
        """The tax totals that are not said to be in the accounting currency, whatever currency they name."""
        totals = self._reading.invoice.totals or DocumentTotals()
        every = (totals.invoice_total_vat_amount, *(total.amount for total in self.beside))
        return [amount for amount in every if amount is not None]


class VatTotals:
    """Every VAT total of a CII document with the currency it says (a view, see ``rules.registry``).

    Attributes:
        stated: amount and currency, ``None`` where it says none. An amount that is no number is left out.
    """

    def __init__(self, reading: Reading) -> None:
        invoice = reading.invoice
        totals = invoice.totals or DocumentTotals()
        beside: dict[str, Decimal | None] = {}
        said: dict[str, str | None] = {}
        for remark in reading.remarks:
            match = _VAT_TOTAL.search(remark.path)
            if match is None:
                continue
            if match["currency"]:
                said[match["place"] or ""] = None if remark.reason == "spelled" else remark.value
            elif remark.reason in {"repeated", "unbound"}:
                beside[match["place"] or ""] = number(remark.value)
        own, accounting = _bound(invoice, [currency for place, currency in said.items() if place not in beside])
        found = [
            (totals.invoice_total_vat_amount, own),
            (totals.invoice_total_vat_amount_in_accounting_currency, accounting),
            *((amount, said.get(place)) for place, amount in beside.items()),
        ]
        self.stated = [(amount, currency) for amount, currency in found if amount is not None]

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Put them together.

        Args:
            reading: what was read.
        """
        return cls(reading)

    def amounts(self, currency: str | None) -> list[Decimal]:
        """The VAT totals in a currency; none where none is meant.

        Args:
            currency: its code.
        """
        return [amount for amount, said in self.stated if said is not None and said == currency]


def _bound(invoice: Invoice, apart: Sequence[str | None]) -> tuple[str | None, str | None]:
    """The currencies of the VAT totals that are in the model (BT-110, BT-111), as the document writes them.

    Args:
        invoice: the invoice.
        apart: those that it writes otherwise than its own currencies (BT-5, BT-6).
    """
    own, accounting = invoice.currency_code, invoice.vat_accounting_currency_code
    for currency in reversed(apart):
        meant = (currency or "").strip()  # reading trims it, the tests do not
        if meant == invoice.vat_accounting_currency_code != invoice.currency_code:
            accounting = currency
        else:
            own = currency
    return own, accounting


MONETARY: Final = (
    "sum_of_invoice_line_net_amount",
    "sum_of_allowances_on_document_level",
    "sum_of_charges_on_document_level",
    "invoice_total_amount_without_vat",
    "invoice_total_amount_with_vat",
    "paid_amount",
    "rounding_amount",
    "amount_due_for_payment",
)
_monetary: Final[Callable[[DocumentTotals], tuple[Decimal | None, ...]]] = attrgetter(*MONETARY)
"""The totals of BG-22 that are no VAT totals."""


class Monetary:
    """Whether a UBL document has the element with the totals (a view, see ``rules.registry``).

    The VAT totals of the group BG-22 stand elsewhere in UBL, so that the group may be there without that element.
    """

    structural = True  # it looks at what is there, not at what it says

    def __init__(self, totals: DocumentTotals | None) -> None:
        self.there = _says_amount(totals) or totals == DocumentTotals()

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Look at an invoice.

        Args:
            reading: what was read.
        """
        return cls(reading.invoice.totals)


def _says_amount(totals: DocumentTotals | None) -> bool:
    """Whether there is any total but those of VAT."""
    for amount in _monetary(totals) if totals is not None else ():  # noqa: SIM110 -- a generator costs twice as much
        if amount is not None:
            return True
    return False


def _enter(total: TaxTotal, match: re.Match[str], text: str) -> None:
    """Put one leaf where it belongs."""
    if match["currency"]:
        total.currency = text
    elif match["field"] is None:
        total.amount = number(text)
    elif (name := _FIELDS.get(match["field"])) is not None:
        fields = total.parts.setdefault(match["part"] or "1", {"tax_scheme_identifier": ""})
        fields[name] = number(text) if name in _NUMBERS else text


def number(text: str) -> Decimal | None:
    """What a text says as a number; nothing if it is none.

    Args:
        text: the text.
    """
    try:
        return decimal_of(text.strip())
    except InvalidOperation:
        return None
