# SPDX-License-Identifier: Apache-2.0
"""What an invoice asks to transfer, taken from its terms and checked as every payment code needs it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from stdnum import iban, iso11649

from einvoice import codes
from einvoice.errors import OutputError
from einvoice.model.invoice import Invoice
from einvoice.model.payment import CreditTransfer

TRANSFERS: Final = frozenset({"1", "30", "42", "58", ""})
"""UNTDID 4461: means of payment (BT-81) that a payer carries out as a credit transfer."""

LARGEST: Final = Decimal("999999999.99")
"""The largest amount that both kinds of code can carry."""

_CREDIT_NOTES: Final = "untdid-1001-credit-note"
_REFERENCE: Final = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_BREAKS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CENTS: Final = 2
_PREFIX: Final = re.compile(r"([A-Z]{1,3})\s?[-\u2010-\u2013 ]\s?(?=[0-9])", re.IGNORECASE)
_SIGNS: Final = {
    "AT": "A", "BE": "B", "DE": "D", "ES": "E", "FI": "FIN", "FR": "F", "HU": "H", "IT": "I", "LI": "FL", "LU": "L",
    "NO": "N", "PT": "P", "SE": "S", "SI": "SLO",
}  # fmt: skip


class Place(Struct, frozen=True):
    """A party and where it is, as a payment names it."""

    name: str
    street: str = ""
    post_code: str = ""
    town: str = ""
    country: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it has all that a structured address needs: name, post code, town and country."""
        return all((self.name, self.post_code, self.town, self.country))


class Transfer(Struct, frozen=True):
    """One credit transfer.

    Attributes:
        amount: the amount (BT-115), with at most two decimals.
        currency: its currency (BT-5).
        iban: the account (BT-84), without spaces.
        bic: the bank (BT-86), or an empty string.
        creditor: who is paid (BT-85, else BT-59, else BT-27).
        debtor: who pays (BT-44); ``None`` where the invoice does not name a buyer.
        reference: the reference to quote (BT-83), else the number of the invoice (BT-1).
    """

    amount: Decimal
    currency: str
    iban: str
    bic: str
    creditor: Place
    debtor: Place | None
    reference: str

    @property
    def creditor_reference(self) -> str:
        """The reference where it is one of ISO 11649 (RF and check digits), without spaces; else an empty string.

        Raises:
            OutputError: it looks like one, and its check digits are wrong.
        """
        compact = re.sub(r"\s", "", self.reference).upper()
        if not _REFERENCE.fullmatch(compact):
            return ""
        if not iso11649.is_valid(compact):
            raise refusal(f"the check digits of the reference {compact} (BT-83) are wrong (ISO 11649)")
        return compact


def refusal(reason: str) -> OutputError:
    """The error of a payment code that would be wrong.

    Args:
        reason: what is wrong, with the term.
    """
    return OutputError(f"no payment code: {reason}", code="PAYMENT_CODE")


def plain(text: str | None) -> str:
    """A text on one line, as a payload needs it."""
    return _BREAKS.sub(" ", text or "").strip()


def transfer_of(invoice: Invoice) -> Transfer | None:
    """What an invoice asks its buyer to transfer.

    Args:
        invoice: the invoice.

    Returns:
        The transfer; ``None`` for a credit note, for a direct debit or a card, and where no IBAN is stated.

    Raises:
        OutputError: the IBAN is wrong, or the amount is none that can be paid.
    """
    account = _account(invoice)
    amount = invoice.totals.amount_due_for_payment if invoice.totals else None
    if account is None or amount is None or codes.is_code(invoice.type_code or "", _CREDIT_NOTES):
        return None
    number = iban.compact(account.payment_account_identifier or "")
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", number):
        return None
    if not iban.is_valid(number):
        raise refusal(f"the account {number} (BT-84) is no IBAN: its check digits or its length are wrong")
    return Transfer(
        amount=_payable(amount),
        currency=invoice.currency_code or "",
        iban=number,
        bic=_bic(account.payment_service_provider_identifier),
        creditor=_creditor(invoice, account),
        debtor=_place(plain(invoice.buyer.name), invoice.buyer.postal_address) if invoice.buyer else None,
        reference=plain(_reference(invoice)),
    )


def _account(invoice: Invoice) -> CreditTransfer | None:
    """The first account of the first means of payment that is a transfer; none if the money is taken otherwise."""
    instructions = invoice.payment_instructions
    means = instructions.means if instructions else ()
    if any((one.type_code or "") not in TRANSFERS for one in means):
        return None
    return next((transfer for one in means for transfer in one.credit_transfers), None)


def _payable(amount: Decimal) -> Decimal:
    if amount <= 0:
        return amount
    cents = round(amount, _CENTS)
    if cents != amount:
        raise refusal(f"the amount {amount} (BT-115) has more decimals than money has")
    if amount > LARGEST:
        raise refusal(f"the amount {amount} (BT-115) is more than {LARGEST}, the most that a code can carry")
    return cents


def _bic(text: str | None) -> str:
    compact = plain(text).upper()
    return compact if re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", compact) else ""


def _creditor(invoice: Invoice, account: CreditTransfer) -> Place:
    seller, payee = invoice.seller, invoice.payee
    if payee is not None and payee.name:
        beyond = payee.extension.postal_address if payee.extension else None
        return _place(plain(account.payment_account_name or payee.name), beyond)
    name = account.payment_account_name or (seller.name if seller else None)
    return _place(plain(name), seller.postal_address if seller else None)


def _place(name: str, address: Any) -> Place:  # noqa: ANN401 - five classes of one shape
    if address is None:
        return Place(name)
    country = plain(address.country_code).upper()
    return Place(
        name=name,
        street=plain(address.address_line_1),
        post_code=_without_country(plain(address.post_code), country),
        town=plain(address.city),
        country=country,
    )


def _without_country(post_code: str, country: str) -> str:
    """A post code without the sign of its country in front (CH-2501, FL-9490), which a QR-bill does not take."""
    prefix = _PREFIX.match(post_code)
    signs = {country, _SIGNS.get(country, country)}
    return post_code[prefix.end() :] if prefix and prefix[1].upper() in signs else post_code


def _reference(invoice: Invoice) -> str | None:
    instructions = invoice.payment_instructions
    stated = instructions.remittance_information if instructions else None
    first = instructions.means[0].remittance_information if instructions and instructions.means else None
    return stated or first or invoice.number
