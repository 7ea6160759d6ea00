# SPDX-License-Identifier: Apache-2.0
"""The status of an invoice as France writes it (CDAR): by the buyer who answers, or by the platform that sends.

Source: XP Z12-012 as FNFE-MPE publishes it, 1.4.0.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from einvoice.bind import cdar
from einvoice.codes.responses import PHASE_TRANSMISSION, life_cycle
from einvoice.errors import EinvoiceError, OutputError
from einvoice.model.life_cycle import Actor, LifeCycleStatus, Reason
from einvoice.model.response import Endpoint
from einvoice.service.intake import take_in_bytes
from einvoice.service.projection import TO_LIFE_CYCLE, projected
from einvoice.service.provider_settings import AfnorSettings
from einvoice.service.respond import Answered, as_order
from einvoice.store import archive
from einvoice.store.answers import LIFE_CYCLE, Answers, Current

if TYPE_CHECKING:
    from einvoice.model import Buyer, Invoice, Seller
    from einvoice.service.channels import Wiring
    from einvoice.service.respond import Asked, Wish
    from einvoice.service.settings import Settings
    from einvoice.store.database import Database
    from einvoice.store.outbox import Message

_NAMED: Final = "CrossDomainAcknowledgementAndResponse##urn:peppol:france:billing:cdv:1.0::D22B"
DOCUMENT_TYPE: Final = f"busdox-docid-qns::{cdar.NAMESPACE}::{_NAMED}"
PROCESS: Final = "cenbii-procid-ubl::urn:peppol:france:billing:regulated"

_PLATFORM: Final = Actor(role="WK")


def answered(asked: Asked, wish: Wish) -> bytes:
    """What the buyer says of an invoice, as CDAR.

    Args:
        asked: the invoice.
        wish: what is said: a status of the life cycle (204 to 211), or one of an Invoice Response that is taken for
            it; the reasons are those of the life cycle.

    Raises:
        OutputError: it would break a rule of the life cycle, or is a platform's to say (``RESPONSE``); the message
            names what a buyer may say.
    """
    invoice = asked.invoice
    code = TO_LIFE_CYCLE.get(wish.status, wish.status)
    _buyers(code)
    return cdar.write(
        _status(
            invoice,
            code=code,
            issuer=_actor("BY", invoice.buyer),
            recipients=(_actor("SE", invoice.seller),),
            at=_since(wish.effective),
            received=asked.received.received,
            reasons=_reasons(wish),
        )
    )


def prepare(asked: Asked, wish: Wish, wiring: Wiring) -> Answered:
    """Make what the buyer says of an invoice that came through a French platform; it goes back through the platform.

    Args:
        asked: the invoice.
        wish: what is said.
        wiring: the channels.

    Raises:
        OutputError: it would break a rule of the life cycle (``RESPONSE``).
        EinvoiceError: the invoice came over something else than such a platform (``CHANNEL``).
    """
    channel = asked.received.channel
    if not isinstance(wiring.channels.provider.get(channel), AfnorSettings):
        raise EinvoiceError(
            f"the invoice came over {channel!r}, which is no French platform (XP Z12-013): -o FILE writes the CDAR",
            code="CHANNEL",
        )
    document = answered(asked, wish)
    request = {
        "document_type": DOCUMENT_TYPE,
        "process": PROCESS,
        "media_type": "application/xml",
        "filename": "status.xml",
    }
    return Answered(
        asked=asked,
        document=document,
        order=as_order(asked, wish, document, request, kind=LIFE_CYCLE),
        kind=LIFE_CYCLE,
        status=TO_LIFE_CYCLE.get(wish.status, wish.status),
        about={"issued": datetime.now(UTC).replace(microsecond=0).isoformat()},
    )


def transmitted(message: Message, database: Database, settings: Settings) -> bytes:
    """What the sending platform itself says of an invoice, as CDAR: deposited, or handed on.

    Args:
        message: the invoice in the outbox.
        database: where it is.
        settings: what reading it may cost.

    Raises:
        OutputError: the invoice lacks what the life cycle needs (``RESPONSE``).
        EinvoiceError: the message is no invoice (``RESPONSE``).
    """
    if "in_reply_to" in message.request:
        raise EinvoiceError(f"message {message.id} is an answer and has no life cycle", code="RESPONSE")
    with database.read() as connection:
        document = archive.get(connection, message.payload)
    invoice = take_in_bytes(document, settings).reading.invoice
    current = Answers(database).current([message.id]).get(message.id, Current())
    own = [each for each in projected(message, current) if each.code in {"200", "201"}][-1]
    return cdar.write(
        _status(
            invoice,
            code=own.code,
            issuer=_PLATFORM,
            recipients=(_actor("SE", invoice.seller),),
            at=own.at or message.created,
            received=message.created,
            reasons=(Reason(code=own.reason),) if own.reason else (),
        )
    )


def _status(
    invoice: Invoice,
    *,
    code: str,
    issuer: Actor,
    recipients: tuple[Actor, ...],
    at: datetime,
    received: datetime,
    reasons: tuple[Reason, ...],
) -> LifeCycleStatus:
    day = invoice.issue_date if isinstance(invoice.issue_date, date) else None
    type_code = str(invoice.type_code or "") or None
    seller = invoice.seller
    return LifeCycleStatus(
        id=f"{invoice.number}_{code}_{at.astimezone(UTC):%Y%m%d%H%M%S}#{type_code}_{day:%Y%m%d}" if day else "",
        created=datetime.now(UTC).replace(microsecond=0),
        issuer=issuer,
        recipients=recipients,
        at=at.astimezone(UTC).replace(microsecond=0),
        number=invoice.number or "",
        type_code=type_code,
        invoice_date=day,
        received=received.astimezone(UTC).replace(microsecond=0),
        status=code,
        seller=_identifier(seller),
        reasons=reasons,
    )


def _buyers(code: str) -> None:
    """Refuse what platforms say of the transmission: nobody answers an invoice with it."""
    known = life_cycle()
    if code in known and known[code].phase == PHASE_TRANSMISSION:
        own = ", ".join(each.code for each in known.values() if each.role == "BY")
        raise OutputError(
            f"the status {code} ({known[code].name}) is said by a platform that transmits; a buyer says one of {own}",
            code="RESPONSE",
        )


def _actor(role: str, party: Buyer | Seller | None) -> Actor:
    address = party.electronic_address if party else None
    known = address is not None and address.scheme and address.value
    return Actor(
        role=role,
        identifier=_identifier(party),
        name=party.name if party else None,
        endpoint=Endpoint(str(address.scheme), address.value) if address is not None and known else None,
    )


def _identifier(party: Buyer | Seller | None) -> Endpoint | None:
    """The legal identifier (BT-30, BT-47)."""
    found = party.legal_registration_identifier if party else None
    return Endpoint(str(found.scheme or ""), found.value) if found is not None and found.value else None


def _since(day: date | None) -> datetime:
    now = datetime.now(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day and day != now.date() else now


def _reasons(wish: Wish) -> tuple[Reason, ...]:
    """Each reason with the action that stands at its place; the note goes with the first one."""
    count = max(len(wish.reasons), len(wish.actions), 1 if wish.note else 0)
    return tuple(
        Reason(
            code=wish.reasons[number] if number < len(wish.reasons) else None,
            text=wish.note if number == 0 else None,
            action=wish.actions[number] if number < len(wish.actions) else None,
        )
        for number in range(count)
    )
