# SPDX-License-Identifier: Apache-2.0
"""Receiving from a provider: documents into the inbox, and what the provider says of messages to the outbox.

A document is acknowledged after it was kept. Where a provider has no mark for what was read, the inbox is the memory.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from einvoice.errors import StoreError
from einvoice.service.collect import CHANNEL, Collected, collect
from einvoice.store import ledger
from einvoice.store.inbox import Arrival, Inbox
from einvoice.store.outbox import Outbox, Settlement
from einvoice.transport.base import Inbound, Notice, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.service.channels import Wiring
    from einvoice.store.database import Database
    from einvoice.store.outbox import Message
    from einvoice.transport.provider.contract import Provider


class Remembered:
    """What the inbox holds of one provider.

    Args:
        inbox: the inbox.
        channel: the name of the provider.
    """

    def __init__(self, inbox: Inbox, channel: str) -> None:
        self.inbox = inbox
        self.channel = channel

    def known(self, wire_id: str) -> bool:
        """Whether a document was kept under this identifier."""
        return self.inbox.known(self.channel, self.channel, wire_id) is not None

    def latest(self) -> str | None:
        """The mark of the document that was kept last; they are kept in the order of their marks."""
        last = self.inbox.last(self.channel)
        mark = last.about.get("mark") if last else None
        return mark if isinstance(mark, str) else None


def sources(wiring: Wiring, database: Database) -> Iterator[tuple[str, Iterator[Collected]]]:
    """What everything that is set up to receive on request brings: the mailbox, and the providers that hand out.

    Args:
        wiring: the channels.
        database: where inbox and outbox are.

    Raises:
        EinvoiceError: nothing is set up (``SETTINGS``).
    """
    providers = {name: each for name, each in wiring.providers().items() if each.capabilities.receives}
    email = wiring.channels.email
    if (email is not None and email.imap_host is not None) or not providers:
        yield CHANNEL, collect(wiring.mailbox(), database)
    for name, each in providers.items():
        yield name, pick_up(name, each, database)


def pick_up(channel: str, provider: Provider, database: Database) -> Iterator[Collected]:
    """Bring what came in at a provider; each document is acknowledged after it was kept.

    Args:
        channel: the name of the provider.
        provider: its adapter.
        database: where inbox and outbox are.

    Raises:
        TransportError: the provider does not answer, or gave something that cannot be read; nothing is lost.
        StoreError: what came cannot be kept; it is not acknowledged and comes again.
    """
    inbox, outbox = Inbox(database), Outbox(database)
    for each in provider.receive(Remembered(inbox, channel)):
        found, kept = _told(channel, each, outbox) if isinstance(each, Notice) else _kept(channel, each, inbox)
        if kept:
            provider.acknowledge(each)
        yield found


def _kept(channel: str, each: Inbound, inbox: Inbox) -> tuple[Collected, bool]:
    """Keep a document; one that contradicts what came under its identifier before is left where it is."""
    arrival = Arrival(
        channel=channel,
        sender=channel,  # with the identifier it is what is unique; who sent the document stands in about
        wire_id=each.wire_id[:400],
        digest=hashlib.sha256(each.payload).hexdigest(),
        payload=each.payload,
        media_type=each.media_type,
        instance_id=each.instance_id,
        about={"sender": each.sender} | {name: value for name, value in each.about.items() if value},
    )
    try:
        received, new = inbox.store(arrival)
    except StoreError as error:
        if error.code != "WIRE_ID":
            raise
        return Collected(uid=each.wire_id, note=f"left alone: {error}"), False
    fresh = new and received.duplicate_of is None
    return Collected(uid=each.wire_id, arrivals=(received.id,) if fresh else (), known=0 if fresh else 1), True


def _told(channel: str, notice: Notice, outbox: Outbox) -> tuple[Collected, bool]:
    """Write down what a provider says of a message; what is said of nothing of ours is written down too."""
    left = notice.about.get("left")
    if left:
        return _left(channel, notice, str(left), outbox), True
    message = _meant(channel, notice, outbox)
    result = notice.result
    if message is None or result is None:
        with outbox.database.write() as connection:
            about = {"channel": channel, **notice.about}
            ledger.append(connection, notice.wire_id[:64], "notice", about, now=outbox.clock())
        what = " ".join(str(value) for value in notice.about.values() if value)
        return Collected(
            uid=notice.wire_id, note=f"a notice of something else: {what or 'it cannot be read'}"[:300]
        ), True
    told = Settlement(
        outcome=result.outcome.value,
        code=result.code,
        detail=result.detail,
        remote_id=(result.remote_id or "")[:300] or None,
    )
    outbox.told(message.id, told)
    rejected = message.id if result.outcome is Outcome.REJECTED else None
    return Collected(uid=notice.wire_id, bounced=rejected), True


def _left(channel: str, notice: Notice, why: str, outbox: Outbox) -> Collected:
    """Write down, once, that a document could not be brought; it comes with every look until it can."""
    about = {"channel": channel, "left": why}
    with outbox.database.write() as connection:
        if not any(each.data == about for each in ledger.read(connection, notice.wire_id[:64])):
            ledger.append(connection, notice.wire_id[:64], "notice", about, now=outbox.clock())
    return Collected(uid=notice.wire_id, note=f"left alone: {why}"[:300])


def _meant(channel: str, notice: Notice, outbox: Outbox) -> Message | None:
    """The message that a notice is about: by our identifier, else by the provider's."""
    remote = notice.result.remote_id if notice.result else None
    for name, value in (("wire_id", notice.key), ("remote_id", remote)):
        found = outbox.find(channel=channel, **{name: value}) if value else []
        if found:
            return found[-1]
    return None
