# SPDX-License-Identifier: Apache-2.0
"""The inbox: every document that came in, stored with its answer before the answer is given.

A message that comes again under its identifier gets the answer that it got, byte for byte. A document that comes again
from the same sender under another identifier is kept, and marked as the duplicate it is.

Source: AS4 1.0 section 3.2.2 (duplicate detection), Peppol Business Message Envelope 2.0.2 (the instance identifier is
unique in the world).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import bindparam, func, select, text, update

from einvoice.errors import StoreError
from einvoice.store import archive, ledger
from einvoice.store.once import insert_once
from einvoice.store.tables import inbound
from einvoice.store.texts import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from einvoice.store.database import Database


# Statements are built once: building one takes longer than running it.
_KNOWN: Final = select(inbound).where(
    inbound.c.channel == bindparam("channel"),
    inbound.c.sender == bindparam("sender"),
    inbound.c.wire_id == bindparam("wire_id"),
)
_TWINS: Final = (
    select(inbound.c.id, inbound.c.sender, inbound.c.about)
    .where(
        inbound.c.channel == bindparam("channel"),
        inbound.c.instance_id == bindparam("instance_id"),
        inbound.c.payload == bindparam("payload"),
        inbound.c.duplicate_of.is_(None),
    )
    .order_by(inbound.c.received)
)
_ENVELOPE: Final = ("sender", "receiver", "document_type")
"""What is said of a document beside it: what comes from somebody else, or to somebody else, is no copy."""
_ONE: Final = select(inbound).where(inbound.c.id == bindparam("which"))


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A document that came: over which channel, from whom, under which identifiers."""

    channel: str
    sender: str
    wire_id: str
    digest: str
    """What tells two messages under one identifier apart: SHA-256 of what was signed."""
    payload: bytes
    media_type: str
    instance_id: str | None = None
    answer: bytes | None = None
    """The receipt that will be given."""
    proof: dict[str, bytes] = {}
    """What shows where it came from, byte for byte; ``about`` gets the digest of each under its name."""
    about: dict[str, Any] = {}
    anybodys: bool = False
    """Whether it is the same document whoever sends it."""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A document of the inbox."""

    id: str
    channel: str
    sender: str
    wire_id: str
    instance_id: str | None
    digest: str
    payload: str
    receipt: str | None
    about: dict[str, Any]
    duplicate_of: str | None
    received: datetime
    taken: datetime | None


class Inbox:
    """The incoming documents of one database.

    Args:
        database: where they are kept.
        clock: tells the time.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.database = database
        self.clock = clock

    def known(self, channel: str, sender: str, wire_id: str) -> Received | None:
        """The message that came under this identifier before, if any."""
        with self.database.read() as connection:
            return self._known(connection, channel, plain(sender), plain(wire_id))

    def answer(self, received: Received) -> bytes | None:
        """The answer that was given, byte for byte."""
        if received.receipt is None:
            return None
        with self.database.read() as connection:
            return archive.get(connection, received.receipt)

    def store(self, arrival: Arrival) -> tuple[Received, bool]:
        """Keep a document and the answer to it, in one transaction.

        Args:
            arrival: what came.

        Returns:
            The document of the inbox, and whether it is new: two copies that come at once are one.

        Raises:
            StoreError: another message came under this identifier before (``WIRE_ID``).
        """
        now = self.clock()
        arrival = _plain(arrival)
        with self.database.write() as connection:
            before = self._known(connection, *_identity(arrival))
            if before is not None:
                return self._same(arrival, before), False
            self._take_turn(connection, arrival)
            identifier = str(uuid.uuid4())
            kept = _archived(connection, arrival, now)
            twin = self._twin(connection, arrival, kept["payload"])
            row = {
                "id": identifier,
                "channel": arrival.channel,
                "sender": arrival.sender,
                "wire_id": arrival.wire_id,
                "instance_id": arrival.instance_id,
                "digest": arrival.digest,
                "duplicate_of": twin,
                "received": now,
            }
            if not insert_once(connection, inbound, row | kept):  # its copy came between the look and this moment
                return self._same(arrival, self._known(connection, *_identity(arrival))), False
            about = {"from": arrival.sender, "wire_id": arrival.wire_id, "sha256": kept["payload"]}
            kind = "duplicate" if twin else "received"
            ledger.append(connection, identifier, kind, about | {"receipt": kept["receipt"]}, now=now)
            return self._get(connection, identifier), True

    def last(self, channel: str) -> Received | None:
        """The document that was kept last of what came over a channel, if any."""
        query = select(inbound).where(inbound.c.channel == channel).order_by(inbound.c.received.desc()).limit(1)
        with self.database.read() as connection:
            row = connection.execute(query).mappings().first()
            return from_row(row) if row is not None else None

    def find(self, *, new: bool = False) -> list[Received]:
        """The documents that came, the oldest first, without duplicates.

        Args:
            new: only those that nobody has taken yet.
        """
        query = select(inbound).where(inbound.c.duplicate_of.is_(None)).order_by(inbound.c.received)
        with self.database.read() as connection:
            rows = connection.execute(query.where(inbound.c.taken.is_(None)) if new else query).mappings()
            return [from_row(row) for row in rows]

    def latest(self, count: int, *, new: bool = False) -> tuple[list[Received], int]:
        """The documents that came last, the newest first, without duplicates.

        Args:
            count: how many at most.
            new: only those that nobody has taken yet.

        Returns:
            The documents, and how many more there are, which came before them.
        """
        wanted = [inbound.c.duplicate_of.is_(None), *([inbound.c.taken.is_(None)] if new else [])]
        query = select(inbound).where(*wanted).order_by(inbound.c.received.desc(), inbound.c.id).limit(count)
        with self.database.read() as connection:
            found = [from_row(row) for row in connection.execute(query).mappings()]
            there = connection.execute(select(func.count()).select_from(inbound).where(*wanted)).scalar_one()
        return found, max(there - len(found), 0)

    def get(self, identifier: str) -> Received:
        """One document by its identifier, or by the beginning of it.

        Raises:
            StoreError: there is none, or more than one (``INBOX``).
        """
        query = select(inbound).where(inbound.c.id.startswith(identifier, autoescape=True)).limit(2)
        with self.database.read() as connection:
            found = [from_row(row) for row in connection.execute(query).mappings()]
        if len(found) != 1:
            what = "no document" if not found else "more than one document"
            raise StoreError(f"the inbox holds {what} whose id begins with {identifier!r}", code="INBOX")
        return found[0]

    def content(self, received: Received) -> bytes:
        """The document, byte for byte."""
        with self.database.read() as connection:
            return archive.get(connection, received.payload)

    def take(self, identifier: str) -> Received:
        """Note that a document was handed on.

        Raises:
            StoreError: there is no such document (``INBOX``).
        """
        now = self.clock()
        with self.database.write() as connection:
            changed = update(inbound).where(inbound.c.id == identifier, inbound.c.taken.is_(None)).values(taken=now)
            if connection.execute(changed).rowcount:
                ledger.append(connection, identifier, "taken", {}, now=now)
            return self._get(connection, identifier)

    def _known(self, connection: Connection, channel: str, sender: str, wire_id: str) -> Received | None:
        here = {"channel": channel, "sender": sender, "wire_id": wire_id}
        row = connection.execute(_KNOWN, here).mappings().first()
        return from_row(row) if row is not None else None

    def _twin(self, connection: Connection, arrival: Arrival, payload: str) -> str | None:
        """The same document of the same sender under another identifier.

        Another one under its instance identifier is no twin. Neither is a copy that somebody else sent, unless it is
        the same whoever sends it: whether an answer is believed depends on who sent it, so a forger who was faster must
        not hide the one that is genuine.
        """
        if arrival.instance_id is None:
            return None
        here = {"channel": arrival.channel, "instance_id": arrival.instance_id, "payload": payload}
        own = arrival.sender, _enveloped(arrival.about)
        for row in connection.execute(_TWINS, here):
            if arrival.anybodys or (row.sender, _enveloped(json.loads(row.about))) == own:
                return str(row.id)
        return None

    def _take_turn(self, connection: Connection, arrival: Arrival) -> None:
        """Let nobody else store a document under the same instance identifier until the transaction ends."""
        if self.database.several and arrival.instance_id is not None:
            key = int.from_bytes(hashlib.sha256(arrival.instance_id.encode()).digest()[:8], "big", signed=True)
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})

    def _same(self, arrival: Arrival, before: Received | None) -> Received:
        if before is None or before.digest != arrival.digest:
            raise StoreError(
                f"another message of {arrival.sender} came under the identifier {arrival.wire_id!r} before",
                code="WIRE_ID",
            )
        return before

    def _get(self, connection: Connection, identifier: str) -> Received:
        row = connection.execute(_ONE, {"which": identifier}).mappings().first()
        if row is None:
            raise StoreError(f"the inbox holds no document {identifier}", code="INBOX")
        return from_row(row)


def _identity(arrival: Arrival) -> tuple[str, str, str]:
    return arrival.channel, arrival.sender, arrival.wire_id


def _enveloped(about: dict[str, Any]) -> list[Any]:
    return [about.get(name) for name in _ENVELOPE]


def _plain(arrival: Arrival) -> Arrival:
    """An arrival whose identifiers every database takes."""
    return msgspec.structs.replace(
        arrival,
        sender=plain(arrival.sender),
        wire_id=plain(arrival.wire_id),
        instance_id=plain(arrival.instance_id) if arrival.instance_id is not None else None,
    )


def _archived(connection: Connection, arrival: Arrival, now: datetime) -> dict[str, Any]:
    """Keep the bytes of an arrival; the columns that name them."""
    proof = {
        name: archive.put(connection, content, "application/octet-stream", now=now)
        for name, content in arrival.proof.items()
    }
    receipt = arrival.answer and archive.put(connection, arrival.answer, "application/soap+xml", now=now)
    return {
        "payload": archive.put(connection, arrival.payload, arrival.media_type, now=now),
        "receipt": receipt or None,
        "about": json.dumps(arrival.about | proof, sort_keys=True),
    }


def digest_of(references: dict[str, str]) -> str:
    """One digest for the digests of a message."""
    return hashlib.sha256(json.dumps(references, sort_keys=True).encode()).hexdigest()


def from_row(row: Any) -> Received:  # noqa: ANN401 - a row mapping of SQLAlchemy
    """The document that a row is."""
    fields = {name: row[name] for name in Received.__struct_fields__}
    fields["about"] = json.loads(fields["about"])
    return Received(**fields)
