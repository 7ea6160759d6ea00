# SPDX-License-Identifier: Apache-2.0
"""Receiving by e-mail: attachments into the inbox, bounces to the messages that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.service.sorting import is_answer
from einvoice.store import ledger
from einvoice.store.inbox import Arrival, Inbox
from einvoice.store.outbox import Outbox
from einvoice.store.tables import State
from einvoice.transport.mail.mailbox import inbound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.store.database import Database
    from einvoice.store.outbox import Message
    from einvoice.transport.base import Inbound
    from einvoice.transport.mail.mailbox import Mailbox
    from einvoice.transport.mail.parse import Bounce

CHANNEL: Final = "email"


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one message of the mailbox."""

    uid: str
    arrivals: tuple[str, ...] = ()
    """The documents of the inbox that are new."""
    known: int = 0
    """Attachments that came before."""
    bounced: str | None = None
    """The message of the outbox that was not delivered."""
    note: str = ""


def collect(mailbox: Mailbox, database: Database) -> Iterator[Collected]:
    """Bring what came into a mailbox; each message is flagged after it was kept.

    Args:
        mailbox: the mailbox.
        database: where inbox and outbox are.

    Raises:
        TransportError: the mailbox cannot be read (temporary).
        StoreError: what came cannot be kept; it stays unflagged and is brought again.
    """
    inbox, outbox = Inbox(database), Outbox(database)
    with mailbox.opened() as opened:
        for uid, mail in opened.fresh():
            if mail is None:
                found = Collected(uid=uid, note="too large, left alone")
            elif mail.bounce is not None:
                found = Collected(uid=uid, bounced=_bounced(outbox, database, mail.bounce))
            else:
                kept = [inbox.store(_arrival(each)) for each in inbound(mail)]
                fresh = tuple(received.id for received, new in kept if new and received.duplicate_of is None)
                found = Collected(uid=uid, arrivals=fresh, known=len(kept) - len(fresh))
            opened.flag(uid)
            yield found


def _arrival(each: Inbound) -> Arrival:
    return Arrival(
        channel=CHANNEL,
        sender=each.sender[:300],
        wire_id=each.wire_id[-400:],
        digest=str(each.instance_id),
        payload=each.payload,
        media_type=each.media_type,
        instance_id=each.instance_id,
        about=each.about,
        anybodys=not is_answer(each.payload),  # an invoice that a colleague forwards is the one that was sent
    )


def _bounced(outbox: Outbox, database: Database, bounce: Bounce) -> str | None:
    """Write down that a message was not delivered after all; a delay is only noted."""
    message = _meant(outbox, bounce)
    if message is None:
        return None
    about = {"status": bounce.status, "detail": bounce.detail}
    if bounce.failed and message.state is State.DELIVERED:
        outbox.bounced(message.id, code=f"DSN:{bounce.status}"[:60], detail=bounce.detail)
    else:
        with database.write() as connection:
            ledger.append(connection, message.id, "delay", about, now=outbox.clock())
    return message.id


def _meant(outbox: Outbox, bounce: Bounce) -> Message | None:
    key = bounce.envelope_id or (bounce.message_id or "").strip("<>").partition("@")[0]
    found = outbox.find(wire_id=key, channel=CHANNEL) if key else []
    return found[0] if found else None
