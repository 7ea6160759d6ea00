# SPDX-License-Identifier: Apache-2.0
"""How the syntaxes say payment: UBL repeats BT-83, BT-89 and BT-91 with each means, CII tells account numbers apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from einvoice.model import CreditTransfer, DirectDebit, PaymentInstructions, PaymentMeans

if TYPE_CHECKING:
    from collections.abc import Iterable

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9 ]{8,38}")
_DIRECT_DEBIT = ("49", "59")  # UNTDID 4461: direct debit, SEPA direct debit


def once(payment: PaymentInstructions) -> PaymentInstructions:
    """Take to the top what the means state alike; a means keeps what it states differently."""
    means = payment.means
    debits = _debits(means)
    remittance = payment.remittance_information or first([m.remittance_information for m in means])
    debit = payment.direct_debit or DirectDebit()
    mandate = debit.mandate_reference_identifier or first([m.mandate_reference_identifier for m in debits])
    account = debit.debited_account_identifier or first([m.debited_account_identifier for m in debits])
    if remittance is None and mandate is None and account is None:  # nothing to lift
        return PaymentInstructions(means, None, None if debit == DirectDebit() else debit)
    debit = replace(debit, mandate_reference_identifier=mandate, debited_account_identifier=account)
    lifted = tuple(
        replace(
            m,
            remittance_information=other(m.remittance_information, remittance),
            mandate_reference_identifier=other(m.mandate_reference_identifier, mandate if m in debits else None),
            debited_account_identifier=other(m.debited_account_identifier, account if m in debits else None),
        )
        for m in means
    )
    return PaymentInstructions(lifted, remittance, None if debit == DirectDebit() else debit)


def with_each(payment: PaymentInstructions) -> PaymentInstructions:
    """Give each means what is said once; a means with several accounts becomes several."""
    means = tuple(
        replace(m, credit_transfers=(transfer,) if transfer else ())
        for m in payment.means
        for transfer in (m.credit_transfers or (None,))
    )
    debits = _debits(means)
    debit = payment.direct_debit or DirectDebit()
    given = tuple(
        replace(
            m,
            remittance_information=m.remittance_information or payment.remittance_information,
            mandate_reference_identifier=m.mandate_reference_identifier
            or (debit.mandate_reference_identifier if m in debits else None),
            debited_account_identifier=m.debited_account_identifier
            or (debit.debited_account_identifier if m in debits else None),
        )
        for m in means
    )
    return replace(payment, means=given)


def _debits(means: tuple[PaymentMeans, ...]) -> tuple[PaymentMeans, ...]:
    """The means that BG-19 speaks of: direct debits, else the first."""
    return tuple([m for m in means if m.type_code in _DIRECT_DEBIT]) or means[:1]


def first(values: Iterable[str | None]) -> str | None:
    """The first value that is given."""
    for value in values:
        if value is not None:
            return value
    return None


def other(value: str | None, said: str | None) -> str | None:
    """A value that differs from what is said already; nothing if it is the same."""
    return None if value == said else value


# ---- accounts: CII tells an IBAN from a proprietary number, UBL may say the scheme


def one_account(transfer: CreditTransfer) -> CreditTransfer:
    """Make the proprietary number BT-84 where no IBAN is given; keep what its look does not tell."""
    number, own = transfer.payment_account_identifier, transfer.proprietary_account_identifier
    if number is None and own is not None:
        scheme = "proprietary" if _IBAN.fullmatch(own) else None
        return replace(
            transfer, payment_account_identifier=own, proprietary_account_identifier=None, account_scheme=scheme
        )
    if number is not None and not _IBAN.fullmatch(number):
        return replace(transfer, account_scheme="IBAN")
    return transfer


def which_account(transfer: CreditTransfer) -> CreditTransfer:
    """Put a number that is no IBAN where CII wants proprietary numbers."""
    number = transfer.payment_account_identifier
    if number is None or transfer.proprietary_account_identifier is not None or transfer.account_scheme == "IBAN":
        return transfer
    if _IBAN.fullmatch(number) and transfer.account_scheme != "proprietary":
        return transfer
    return replace(transfer, payment_account_identifier=None, proprietary_account_identifier=number)
