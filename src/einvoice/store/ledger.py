# SPDX-License-Identifier: Apache-2.0
"""The ledger: what happened, one event after the other, each sealed with the hash of the one before.

An event that was changed, removed or put in between breaks the chain from there on. The last hash, kept somewhere else,
proves that nothing was cut off at the end.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import func, insert, select, text

from einvoice.store.tables import event
from einvoice.store.texts import plain_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Row

START: Final = "0" * 64
"""What stands for the hash before the first event."""

_LOCK: Final = 0x45494E56
_LAST: Final = select(event.c.number, event.c.hash).order_by(event.c.number.desc()).limit(1)
_APPEND: Final = insert(event)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event: of which message, when, what, and what is known about it."""

    number: int
    at: datetime
    subject: str
    kind: str
    data: dict[str, Any]
    hash: str


def append(connection: Connection, subject: str, kind: str, data: dict[str, Any], *, now: datetime) -> str:
    """Add an event, within the transaction that makes it true.

    Args:
        connection: a writing transaction.
        subject: the message, outgoing or incoming, that it is about.
        kind: what happened.
        data: what is known about it; digests instead of documents.
        now: the moment.

    Returns:
        The hash of the event.
    """
    take_turn(connection)
    last = connection.execute(_LAST).first()
    number, previous = (last.number + 1, last.hash) if last else (1, START)
    written = plain_json(json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")))
    row = {"number": number, "at": now, "subject": subject, "kind": kind, "data": written, "previous": previous}
    sealed = _hash(previous, number, now, subject, kind, written)
    connection.execute(_APPEND, row | {"hash": sealed})
    return sealed


def take_turn(connection: Connection) -> None:
    """Be the only one who adds events, until the transaction ends.

    SQLite has one writer at a time; PostgreSQL needs a lock for the chain.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def read(connection: Connection, subject: str | None = None) -> Iterator[Event]:
    """The events in their order, of one message or of all.

    Args:
        connection: a transaction.
        subject: the message; all, where none is named.
    """
    query = select(event).order_by(event.c.number)
    for row in connection.execute(query if subject is None else query.where(event.c.subject == subject)):
        yield Event(
            number=row.number, at=row.at, subject=row.subject, kind=row.kind, data=json.loads(row.data), hash=row.hash
        )


def head(connection: Connection) -> tuple[int, str]:
    """How many events there are, and the hash of the last one."""
    row = connection.execute(select(event.c.hash).order_by(event.c.number.desc()).limit(1)).first()
    return connection.execute(select(func.count()).select_from(event)).scalar_one(), row.hash if row else START


def broken_at(connection: Connection) -> int | None:
    """The number of the first event that does not follow from the one before, or nothing where the chain is whole."""
    previous = START
    for number, row in enumerate(connection.execute(select(event).order_by(event.c.number)), start=1):
        if row.number != number or row.previous != previous or row.hash != _sealed(row):
            return number
        previous = row.hash
    return None


def _sealed(row: Row[Any]) -> str:
    return _hash(row.previous, row.number, row.at, row.subject, row.kind, row.data)


def _hash(previous: str, number: int, at: datetime, subject: str, kind: str, data: str) -> str:
    fields = json.dumps([previous, number, at.isoformat(), subject, kind, data], ensure_ascii=False)
    return hashlib.sha256(fields.encode()).hexdigest()
