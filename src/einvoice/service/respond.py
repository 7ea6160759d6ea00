# SPDX-License-Identifier: Apache-2.0
"""Answering an invoice that came in: made, checked, and put into the outbox like everything else that goes out.

Source: OpenPeppol BIS 63 Invoice Response 3.1; the order of statuses is OP-BR111-R004, R005 and R012.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, date, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.bind import response as ubl
from einvoice.errors import EinvoiceError, ParticipantError, StoreError, TransportError
from einvoice.model import Invoice
from einvoice.model.response import (
    ACTION_LIST,
    REASON_LIST,
    Clarification,
    Endpoint,
    InvoiceResponse,
    Party,
    Proposal,
    endpoint,
)
from einvoice.model.response_rules import overruled, standing
from einvoice.service.intake import take_in_bytes
from einvoice.service.provider_settings import PeppyrusSettings, PhossApSettings, RecommandSettings
from einvoice.service.sorting import standing_of
from einvoice.store.answers import INVOICE_RESPONSE, Answers, Noted, Sent
from einvoice.store.inbox import Inbox, Received
from einvoice.store.outbox import Message, Order, Outbox
from einvoice.store.tables import State
from einvoice.transport.peppol.identifiers import DocumentType, participant

if TYPE_CHECKING:
    from einvoice.service.channels import Wiring
    from einvoice.service.settings import Settings
    from einvoice.store.database import Database

DOCUMENT_TYPE: Final = DocumentType(f"{ubl.NAMESPACE}::ApplicationResponse##{ubl.RESPONSE}::2.1")
PROCESS: Final = f"cenbii-procid-ubl::{ubl.RESPONSE_PROCESS}"

_CARRY: Final = (PeppyrusSettings, PhossApSettings, RecommandSettings)
"""The providers that take any document of Peppol's list."""
_NOT_HEARD: Final = {State.REJECTED, State.FAILED}
"""Where the message of an answer ended without reaching the seller."""
_NEED_A_TEXT: Final = {"OTH", "PPD"}
_DEFAULT_TYPE: Final = "380"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of an invoice."""

    status: str
    reasons: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    note: str | None = None
    proposals: tuple[tuple[str, str], ...] = ()
    """What would be right: business terms and their values."""
    effective: date | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice of the inbox that is answered."""

    received: Received
    invoice: Invoice

    @property
    def number(self) -> str:
        """Its number (BT-1)."""
        return self.invoice.number or ""

    @property
    def type_code(self) -> str:
        """Its type (BT-3)."""
        return str(self.invoice.type_code or _DEFAULT_TYPE)


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that can go out."""

    asked: Asked
    document: bytes
    order: Order
    kind: str
    status: str
    about: dict[str, Any]
    """When it was issued, and whether it is about a part: what the next answer is weighed with."""


def ask(identifier: str, database: Database, settings: Settings) -> Asked:
    """Find the invoice that is to be answered.

    Args:
        identifier: the document of the inbox, or the beginning of its identifier.
        database: where the inbox is.
        settings: what a document may cost.

    Raises:
        StoreError: there is no such document, or more than one.
        InputError: it holds no invoice.
    """
    inbox = Inbox(database)
    received = inbox.get(identifier)
    if received.duplicate_of is not None:
        received = inbox.get(received.duplicate_of)
    intake = take_in_bytes(inbox.content(received), settings, source=f"document {received.id[:8]} of the inbox")
    return Asked(received=received, invoice=intake.reading.invoice)


def make(asked: Asked, wish: Wish) -> InvoiceResponse:
    """Make the answer to an invoice.

    Args:
        asked: the invoice.
        wish: what is to be said of it.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    made = _response(asked, wish, now, _sides(asked))
    return msgspec.structs.replace(made, id=str(uuid.uuid5(uuid.NAMESPACE_URL, _key(asked, wish))))


def prepare(asked: Asked, wish: Wish, wiring: Wiring, database: Database) -> Answered:
    """Make the answer to an invoice and find out how it goes; nothing is sent and nothing is stored.

    Args:
        asked: the invoice.
        wish: what is to be said of it.
        wiring: the channels.
        database: what was said of it before.

    Raises:
        OutputError: the answer would break a rule of BIS 63 (``RESPONSE``).
        EinvoiceError: it contradicts what was said before (``ORDER``), or nothing says where it goes.
        ParticipantError: the seller receives no such answers (``NO_COMMON_TYPE``).
    """
    made = make(asked, wish)
    document = ubl.write(made)
    request, put_off = _request(asked, wish, wiring, (made.sender, made.receiver)), None
    try:
        _check_receives(asked, request, wiring)
    except TransportError as error:
        if not error.temporary:
            raise
        put_off = (error.code or "TRANSPORT", str(error))  # the courier looks it up before it sends
    order = as_order(asked, wish, document, request, kind=INVOICE_RESPONSE)
    order = msgspec.structs.replace(order, put_off=put_off)
    if not Outbox(database).find(key=order.key):
        _check_order(asked, made, database)
    at = made.issued_at
    issued = f"{made.issued.isoformat()}T{at.isoformat()}" if at else made.issued.isoformat()
    about = {"issued": issued, "partial": made.partial}
    return Answered(asked=asked, document=document, order=order, kind=INVOICE_RESPONSE, status=made.status, about=about)


def as_order(asked: Asked, wish: Wish, document: bytes, request: dict[str, Any], *, kind: str) -> Order:
    """What the outbox takes: the same answer again is the same message.

    Args:
        asked: the invoice.
        wish: what is said of it.
        document: the answer.
        request: what the channel has to know.
        kind: which kind of answer it is.
    """
    return Order(
        key=_key(asked, wish, kind),
        channel=asked.received.channel,
        payload=document,
        media_type="application/xml",
        request=request | {"in_reply_to": asked.received.id, "status": wish.status},
        number=asked.number or None,
        receiver=request.get("receiver"),
    )


def enqueue(ready: Answered, database: Database) -> Message:
    """Put an answer into the outbox, once; the same answer again is the same message.

    Args:
        ready: the answer.
        database: where the outbox is.
    """
    outbox = Outbox(database)
    with database.write():
        known = outbox.find(key=ready.order.key)
        try:
            message = known[0] if known else outbox.submit(ready.order)
        except StoreError as error:
            if error.code != "KEY":  # another process was faster, and says the same a second earlier
                raise
            message = outbox.find(key=ready.order.key)[0]
        sent = Sent(
            message=message.id,
            inbound=ready.asked.received.id,
            kind=ready.kind,
            status=ready.status,
            about=ready.about,
        )
        Answers(database).replied(sent)
    return message


def _sides(asked: Asked) -> tuple[Party, Party]:
    """The buyer who answers and the seller who is answered, by the envelope; by the invoice where there was none."""
    about, invoice = asked.received.about, asked.invoice
    buyer, seller = invoice.buyer, invoice.seller
    own = about.get("receiver")
    other = about.get("sender") if asked.received.channel != "email" else None
    return (
        Party(
            endpoint=endpoint(str(own)) if own else _endpoint(buyer.electronic_address if buyer else None),
            name=buyer.name if buyer else None,
        ),
        Party(
            endpoint=endpoint(str(other)) if other else _endpoint(seller.electronic_address if seller else None),
            name=seller.name if seller else None,
        ),
    )


def _endpoint(address: object) -> Endpoint | None:
    scheme, value = getattr(address, "scheme", None), getattr(address, "value", None)
    return Endpoint(str(scheme), str(value)) if scheme and value else None


def _response(asked: Asked, wish: Wish, now: datetime, sides: tuple[Party, Party]) -> InvoiceResponse:
    clarifications = [
        Clarification(
            list=REASON_LIST,
            code=code,
            text=wish.note if code in _NEED_A_TEXT else None,
            proposals=_proposals(wish, number),
        )
        for number, code in enumerate(wish.reasons)
    ]
    clarifications += [Clarification(list=ACTION_LIST, code=code) for code in wish.actions]
    invoice = asked.invoice
    return InvoiceResponse(
        id="-",
        issued=now.date(),
        issued_at=now.timetz(),
        sender=sides[0],
        receiver=sides[1],
        status=wish.status,
        effective=wish.effective,
        note=wish.note,
        clarifications=tuple(clarifications),
        number=asked.number,
        type_code=asked.type_code,
        invoice_date=invoice.issue_date if isinstance(invoice.issue_date, date) else None,
    )


def _proposals(wish: Wish, number: int) -> tuple[Proposal, ...]:
    """What would be right goes with the first reason."""
    return tuple(Proposal(term, value) for term, value in wish.proposals) if number == 0 else ()


def _key(asked: Asked, wish: Wish, kind: str = INVOICE_RESPONSE) -> str:
    """What makes two answers one: the invoice, and everything that is said of it."""
    said = json.dumps(msgspec.to_builtins(wish), sort_keys=True)
    return f"{kind}|{asked.received.id}|{wish.status}|{hashlib.sha256(said.encode()).hexdigest()}"


def _request(asked: Asked, wish: Wish, wiring: Wiring, sides: tuple[Party, Party]) -> dict[str, Any]:
    received = asked.received
    common = {"media_type": "application/xml", "filename": "response.xml"}
    if received.channel == "email":
        from einvoice.transport.mail.submitter import to_request

        address = parseaddr(str(received.about.get("sender") or received.sender))[1]
        subject = f"Response to invoice {asked.number}: {wish.status}"
        return common | to_request(address, subject=subject, text="The response to your invoice is attached.\n")
    _check_channel(received.channel, wiring)
    if sides[0].endpoint is None or sides[1].endpoint is None:
        raise EinvoiceError("neither envelope nor invoice say between whom the answer goes", code="NO_RECEIVER")
    own, seller = (participant(str(each.endpoint)) for each in sides)
    return common | {
        "sender": own.value,
        "receiver": seller.value,
        "country": _country(asked, wiring),
        "document_type": str(DOCUMENT_TYPE),
        "process": PROCESS,
    }


def _check_receives(asked: Asked, request: dict[str, Any], wiring: Wiring) -> None:
    """Over AS4 the seller says in the network whether it takes answers."""
    if asked.received.channel != "as4":
        return
    seller = participant(request["receiver"])
    if DOCUMENT_TYPE not in wiring.directory().receives(seller):
        raise ParticipantError(
            f"{seller.value} is not registered to receive responses to invoices; tell the seller in another way",
            code="NO_COMMON_TYPE",
        )


def _check_channel(channel: str, wiring: Wiring) -> None:
    """An answer goes back the way the invoice came, where that way takes other documents than invoices."""
    account = wiring.channels.provider.get(channel)
    if account is not None and not isinstance(account, _CARRY):
        raise EinvoiceError(
            f"the provider {channel!r} takes no Invoice Response: -o FILE writes it, to be sent in another way; a"
            " French platform takes --format cdar",
            code="CHANNEL",
        )


def _country(asked: Asked, wiring: Wiring) -> str:
    """Where the buyer is, who sends this time."""
    settings = wiring.channels.provider.get(asked.received.channel) or wiring.channels.as4
    buyer = asked.invoice.buyer
    address = buyer.postal_address if buyer else None
    found = (settings.country if settings else None) or (address.country_code if address else None)
    if not found:
        raise EinvoiceError(
            "the country of the buyer is missing (BT-55, or country in the settings)", code="NO_COUNTRY"
        )
    return str(found)


def _check_order(asked: Asked, response: InvoiceResponse, database: Database) -> None:
    said = [each for each in Answers(database).replies(asked.received.id) if each.kind == INVOICE_RESPONSE]
    outbox = Outbox(database)
    before = [each for each in said if outbox.get(each.message).state not in _NOT_HEARD]
    if not before:
        return
    last = before[-1]
    known = standing_of(Noted(inbound=last.inbound, kind=last.kind, status=last.status, about=last.about))
    why = overruled(known, standing(response))
    if why is not None:
        raise EinvoiceError(
            f"this invoice was answered with {last.status} before: {why}; tell the seller in another way", code="ORDER"
        )
