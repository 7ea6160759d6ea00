# SPDX-License-Identifier: Apache-2.0
"""Answers to an invoice: what the buyer says of it, and what the receiving access point says of its handling.

The business terms of EN 16931 know no answers; these are the elements of Peppol's own documents, without their syntax.

Source: OpenPeppol BIS 63 Invoice Response 3.1 (transaction T111); Peppol Message Level Status 1.1.
"""

from __future__ import annotations

from datetime import date, datetime, time

import msgspec

REASON_LIST = "OPStatusReason"
ACTION_LIST = "OPStatusAction"


class Endpoint(msgspec.Struct, frozen=True):
    """An electronic address: a scheme of the list EAS, and the identifier within it."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


def endpoint(text: str) -> Endpoint:
    """Read ``0208:0123456789``, with or without the scheme of participants in front.

    Args:
        text: the address.
    """
    scheme, _, value = text.rpartition("::")[2].partition(":")
    return Endpoint(scheme, value)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends or receives an answer."""

    endpoint: Endpoint | None = None
    name: str | None = None


class Proposal(msgspec.Struct, frozen=True):
    """What the buyer holds for right: a business term of the invoice, such as BT-48, and its value."""

    term: str
    value: str | None = None


class Clarification(msgspec.Struct, frozen=True, kw_only=True):
    """Why an invoice stands where it stands, or what the buyer asks the seller to do."""

    list: str | None = None
    """``OPStatusReason`` or ``OPStatusAction``."""
    code: str | None = None
    text: str | None = None
    proposals: tuple[Proposal, ...] = ()


class InvoiceResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer says of an invoice (T111)."""

    id: str
    issued: date
    issued_at: time | None = None
    """The time of day, with its zone where one is named; many senders give none."""
    sender: Party
    receiver: Party
    status: str
    """AB, IP, UQ, CA, RE, AP or PD."""
    number: str
    """The number of the invoice (BT-1)."""
    type_code: str | None = None
    """The type of the invoice (BT-3)."""
    invoice_date: date | None = None
    effective: date | None = None
    """Since when it stands there."""
    note: str | None = None
    clarifications: tuple[Clarification, ...] = ()
    seller: str | None = None
    buyer: str | None = None

    @property
    def partial(self) -> bool:
        """Whether only a part was paid (PD with the reason PPD)."""
        return any(each.list == REASON_LIST and each.code == "PPD" for each in self.clarifications)


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a message."""

    location: str
    """Where: an XPath, or ``NA``."""
    text: str
    code: str
    """BV or BW (a business rule, fatal or warning), SV (syntax), FD (failure of delivery)."""


class MessageStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiving access point says of a message (Message Level Status)."""

    id: str
    issued: datetime
    sender: Endpoint | None
    receiver: Endpoint | None
    status: str
    """AP, AB or RE."""
    instance_id: str
    """The instance identifier of the envelope that it is about."""
    text: str | None = None
    type_code: str | None = None
    issues: tuple[Issue, ...] = ()


Answer = InvoiceResponse | MessageStatus
