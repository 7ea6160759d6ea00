# SPDX-License-Identifier: Apache-2.0
"""What a payment code says: the text that a banking app reads from the square on an invoice.

Pure functions of the invoice; nothing is drawn here. A code is either right or absent: what would make a bank pay
somebody else, another amount or without a reference that it can match is refused with the reason.

- EPC069-12 (European Payments Council, Quick Response Code), for credit transfers in euro;
- the Swiss QR-bill (SIX, Implementation Guidelines QR-bill 2.3), for francs and euro on accounts in CH and LI.
"""

from __future__ import annotations

from msgspec import Struct

from einvoice.model.invoice import Invoice
from einvoice.model.payment_codes.epc import SEPA_COUNTRIES, epc_payload
from einvoice.model.payment_codes.swiss import DOMESTIC, is_qr_iban, swiss_payload
from einvoice.model.payment_codes.transfer import Place, Transfer, transfer_of

__all__ = [
    "PaymentCode",
    "Place",
    "Transfer",
    "epc_payload",
    "payment_codes",
    "swiss_payload",
    "transfer_of",
]


class PaymentCode(Struct, frozen=True):
    """A code that an invoice can bear.

    Attributes:
        standard: ``epc`` or ``swiss``.
        payload: the text of the code, UTF-8.
        transfer: what it asks to transfer.
    """

    standard: str
    payload: str
    transfer: Transfer


def payment_codes(invoice: Invoice) -> PaymentCode | None:
    """The payment code of an invoice; ``None`` where it asks for no transfer that a code can carry.

    A Swiss account asks for a QR-bill in francs, with a QR-IBAN, and from payers at home; everybody else in euro gets
    the European code, because banks abroad read no QR-bill.

    Args:
        invoice: the invoice.

    Raises:
        OutputError: the invoice asks for a transfer, and a code would be wrong; the message says why.
    """
    transfer = transfer_of(invoice)
    if transfer is None or transfer.amount <= 0:
        return None
    if transfer.iban[:2] in DOMESTIC and transfer.currency in {"CHF", "EUR"}:
        at_home = transfer.debtor is None or transfer.debtor.country in DOMESTIC | {""}
        if transfer.currency == "CHF" or at_home or is_qr_iban(transfer.iban):
            return PaymentCode("swiss", swiss_payload(transfer), transfer)
    if transfer.currency == "EUR" and transfer.iban[:2] in SEPA_COUNTRIES:
        return PaymentCode("epc", epc_payload(transfer), transfer)
    return None
