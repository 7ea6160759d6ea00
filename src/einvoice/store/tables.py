# SPDX-License-Identifier: Apache-2.0
"""The tables: documents by their digest, events in a chain, messages that go out and messages that came in.

A moment is kept as microseconds since 1970 in UTC, which SQLite and PostgreSQL order alike.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        del dialect
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        del dialect
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class State(StrEnum):
    """Where a message that goes out stands."""

    QUEUED = "queued"
    """Taken; nothing was looked up yet."""
    READY = "ready"
    """Its bytes are fixed; nothing has left yet."""
    SENDING = "sending"
    """An attempt is under way, or died under way: it may have been delivered."""
    RETRY = "retry"
    """It was surely not delivered; another attempt is due."""
    IN_DOUBT = "in-doubt"
    """It may have been delivered; the same bytes go out again, slowly, and somebody should look."""
    ACCEPTED = "accepted"
    """Another service has taken it and has not said what became of it."""
    DELIVERED = "delivered"
    """There is a proof."""
    REJECTED = "rejected"
    """The receiver refuses it; the same document will not be taken."""
    FAILED = "failed"
    """It was not delivered within its time."""
    HELD = "held"
    """Somebody stopped it, or something smells of an attack."""


OPEN: Final = (State.QUEUED, State.READY, State.SENDING, State.RETRY, State.IN_DOUBT, State.ACCEPTED)
"""The states in which a worker has something to do."""

metadata = MetaData()

document = Table(
    "document",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("stored", Moment, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

message = Table(
    "message",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("key", String(1024), nullable=False, unique=True),
    Column("channel", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("payload", String(64), ForeignKey("document.sha256"), nullable=False),
    Column("request", Text, nullable=False),
    Column("wire_id", String(400), nullable=False),
    Column("wire", String(64), ForeignKey("document.sha256")),
    Column("wire_about", Text),
    Column("remote_id", String(300)),
    Column("number", String(300)),
    Column("seller", String(300)),
    Column("receiver", String(300)),
    Column("created", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("doubts", Integer, nullable=False, default=0),
    Column("fence", Integer, nullable=False, default=0),
    Column("lease_until", Moment),
    Column("worker", String(100)),
    Column("code", String(60)),
    Column("detail", Text),
    Index("message_due", "state", "due"),
    Index("message_number", "number"),
    Index("message_wire_id", "wire_id"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("message", String(36), ForeignKey("message.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("outcome", String(20)),
    Column("code", String(60)),
    Column("detail", Text),
    Column("evidence", String(64), ForeignKey("document.sha256")),
)

inbound = Table(
    "inbound",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("sender", String(300), nullable=False),
    Column("wire_id", String(400), nullable=False),
    Column("instance_id", String(1024)),
    Column("digest", String(64), nullable=False),
    Column("payload", String(64), ForeignKey("document.sha256"), nullable=False),
    Column("receipt", String(64), ForeignKey("document.sha256")),
    Column("about", Text, nullable=False),
    Column("duplicate_of", String(36), ForeignKey("inbound.id")),
    Column("received", Moment, nullable=False),
    Column("taken", Moment),
    Column("noted", Moment),
    UniqueConstraint("channel", "sender", "wire_id"),
    Index("inbound_instance", "instance_id"),
)
_WAITS: Final = inbound.c.noted.is_(None) & inbound.c.duplicate_of.is_(None)
Index("inbound_waiting", inbound.c.received, sqlite_where=_WAITS, postgresql_where=_WAITS)

answer = Table(
    "answer",
    metadata,
    Column("inbound", String(36), ForeignKey("inbound.id"), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("message", String(36), ForeignKey("message.id")),
    Column("status", String(10)),
    Column("counts", Boolean, nullable=False),
    Column("about", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("answer_message", "message"),
)
"""What became of a document that came in when it was looked at: one row each, also where it answers nothing."""

reply = Table(
    "reply",
    metadata,
    Column("message", String(36), ForeignKey("message.id"), primary_key=True),
    Column("inbound", String(36), ForeignKey("inbound.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("status", String(10), nullable=False),
    Column("about", Text, nullable=False),
    Index("reply_inbound", "inbound"),
)
"""Which of the messages that go out answer which of the documents that came in."""
