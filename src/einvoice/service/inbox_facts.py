# SPDX-License-Identifier: Apache-2.0
"""What a person looks for in a document of the inbox: its number, who sells, who buys, how much."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from einvoice.errors import EinvoiceError
from einvoice.service.intake import take_in_bytes
from einvoice.service.sorting import is_answer

if TYPE_CHECKING:
    from einvoice.service.settings import Settings
    from einvoice.store.inbox import Inbox, Received


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What an invoice says of itself; nothing of what is no invoice or cannot be read."""

    number: str | None = None
    """BT-1."""
    issued: date | None = None
    """BT-2."""
    seller: str | None = None
    """BT-27."""
    buyer: str | None = None
    """BT-44."""
    payable: str | None = None
    """BT-115, as it is written."""
    currency: str | None = None
    """BT-5."""


def facts(received: Received, inbox: Inbox, settings: Settings) -> Facts:
    """Read what an invoice of the inbox says of itself.

    Args:
        received: the document.
        inbox: where it is.
        settings: what a document may cost.
    """
    try:
        content = inbox.content(received)
        if is_answer(content):
            return Facts()
        invoice = take_in_bytes(content, settings).reading.invoice
    except EinvoiceError:  # it is listed all the same
        return Facts()
    totals = invoice.totals
    payable = totals.amount_due_for_payment if totals else None
    return Facts(
        number=invoice.number,
        issued=invoice.issue_date if isinstance(invoice.issue_date, date) else None,
        seller=invoice.seller.name if invoice.seller else None,
        buyer=invoice.buyer.name if invoice.buyer else None,
        payable=str(payable) if payable is not None else None,
        currency=str(invoice.currency_code) if invoice.currency_code else None,
    )
