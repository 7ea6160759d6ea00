# SPDX-License-Identifier: Apache-2.0
"""Between whom an invoice goes: what was asked for, else what the settings say, else what the invoice says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.errors import EinvoiceError
from einvoice.transport.peppol.identifiers import participant
from einvoice.transport.provider.contract import Needs

if TYPE_CHECKING:
    from einvoice.model import Invoice

ALL = Needs(sender=True, receiver=True, country=True)
"""What the header of an envelope names."""


def parties(
    invoice: Invoice, *, to: str | None, own: str | None, country: str | None, section: str, needs: Needs = ALL
) -> dict[str, str]:
    """Sender, receiver and country of the sender, as far as they are needed.

    Args:
        invoice: the invoice.
        to: the receiver that was asked for; else its buyer's electronic address (BT-49).
        own: the sender of the settings; else its seller's electronic address (BT-34).
        country: the country of the settings; else that of its seller (BT-40).
        section: the section of the settings, for messages.
        needs: what is needed.

    Raises:
        EinvoiceError: what is needed is nowhere (``NO_RECEIVER``, ``NO_SENDER``, ``NO_COUNTRY``), or a receiver was
            named to a provider that reads it in the invoice (``TO``).
        ParticipantError: it is no identifier of a participant.
    """
    seller, buyer = invoice.seller, invoice.buyer
    receiver = to or endpoint(buyer.electronic_address if buyer else None)
    sender = own or endpoint(seller.electronic_address if seller else None)
    found: dict[str, str] = {}
    if needs.receiver:
        if receiver is None:
            raise EinvoiceError("the invoice names no receiver (BT-49): say --to 0208:0123456789", code="NO_RECEIVER")
        found["receiver"] = participant(receiver).value
    elif to is not None:
        raise EinvoiceError(f"[{section}] reads the receiver in the invoice: leave --to out", code="TO")
    if needs.sender:
        if sender is None:
            raise EinvoiceError(
                f"nothing says who sends: neither participant in [{section}] of the settings nor the seller's"
                " electronic address (BT-34)",
                code="NO_SENDER",
            )
        found["sender"] = participant(sender).value
    if needs.country:
        found["country"] = _country(invoice, country, section)
    return found


def endpoint(address: object) -> str | None:
    """An electronic address as scheme, colon and value; nothing where one of them is missing."""
    scheme, value = getattr(address, "scheme", None), getattr(address, "value", None)
    return f"{scheme}:{value}" if scheme and value else None


def _country(invoice: Invoice, named: str | None, section: str) -> str:
    address = invoice.seller.postal_address if invoice.seller else None
    country = named or (address.country_code if address else None)
    if country is None:
        raise EinvoiceError(
            f"the country of the sender is missing (BT-40, or country in [{section}])", code="NO_COUNTRY"
        )
    return str(country)
