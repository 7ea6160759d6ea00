# SPDX-License-Identifier: Apache-2.0
"""Answers: what a document that came in says of a message that went out, and which messages answer which documents.

Every document of the inbox is looked at once, and what was found is kept: also that it answers nothing known here. An
answer stands beside the state of a message and never changes it: what was delivered stays delivered. Whether an answer
counts is decided within the transaction that writes it down.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import insert, select, update

from einvoice.store import ledger
from einvoice.store.inbox import from_row as received_from_row
from einvoice.store.tables import answer, inbound, message, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Connection

    from einvoice.store.database import Database
    from einvoice.store.inbox import Received

INVOICE_RESPONSE: Final = "invoice-response"
MESSAGE_STATUS: Final = "message-status"
LIFE_CYCLE: Final = "life-cycle"
DOCUMENT: Final = "document"
"""What answers nothing: an invoice, as a rule."""
UNREADABLE: Final = "unreadable"

_EVENTS: Final = {INVOICE_RESPONSE: "answered", LIFE_CYCLE: "answered", MESSAGE_STATUS: "status"}
_MANY: Final = 500
WAITING: Final = (
    select(inbound).where(inbound.c.noted.is_(None), inbound.c.duplicate_of.is_(None)).order_by(inbound.c.received)
)
"""The documents that nobody has looked at; the conditions are those of a partial index."""


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a document that came in."""

    inbound: str
    kind: str
    message: str | None = None
    """The message that it is about; nothing where none was found."""
    status: str | None = None
    counts: bool = False
    """Whether it moved the message; what came too late or twice does not."""
    about: dict[str, Any] = {}
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A message that answers a document of the inbox."""

    message: str
    inbound: str
    kind: str
    status: str
    about: dict[str, Any]


class Current(msgspec.Struct, frozen=True):
    """Where a message stands, by the answers that count."""

    buyer: Noted | None = None
    """What the buyer says of the invoice."""
    point: Noted | None = None
    """What the receiver's access point says of the message."""

    @property
    def statuses(self) -> set[str]:
        """What both say, as codes."""
        return {str(each.status) for each in (self.buyer, self.point) if each is not None}


class Answers:
    """The answers of one database.

    Args:
        database: where they are kept.
        clock: tells the time.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.database = database
        self.clock = clock

    def waiting(self, *, limit: int = 100) -> list[Received]:
        """The documents that nobody has looked at yet, the oldest first, without duplicates.

        Args:
            limit: how many at most.
        """
        with self.database.read() as connection:
            return [received_from_row(row) for row in connection.execute(WAITING.limit(limit)).mappings()]

    def set_aside(self, some: Collection[Received]) -> None:
        """Note of several documents at once that they answer nothing.

        Args:
            some: the documents.
        """
        now = self.clock()
        with self.database.write() as connection:
            ledger.take_turn(connection)  # nobody else notes one of them in between
            wanted = [each.id for each in some]
            known = set(connection.execute(select(answer.c.inbound).where(answer.c.inbound.in_(wanted))).scalars())
            rows = [
                {"inbound": each, "kind": DOCUMENT, "counts": False, "about": "{}", "at": now}
                for each in wanted
                if each not in known
            ]
            if rows:
                connection.execute(insert(answer), rows)
            _mark(connection, wanted, now)

    def note(self, found: Noted, weigh: Callable[[Sequence[Noted]], str | None] = lambda _: None) -> Noted | None:
        """Write down what a document is, once, with the events of its message.

        Args:
            found: what it is, and which message it is about.
            weigh: is given the answers that count for that message; says why this one does not, if it does not.

        Returns:
            What was written; nothing where another one was faster.
        """
        now = self.clock()
        with self.database.write() as connection:
            if found.message is not None:  # whoever changes the message or weighs another answer waits here
                connection.execute(select(message.c.id).where(message.c.id == found.message).with_for_update())
            ledger.take_turn(connection)
            _mark(connection, [found.inbound], now)
            if connection.execute(select(answer.c.inbound).where(answer.c.inbound == found.inbound)).first():
                return None
            why = weigh(self._counting(connection, found.message)) if found.message is not None else None
            counts = found.message is not None and why is None
            about = found.about | ({"passed_over": why} if why else {})
            kept = msgspec.structs.replace(found, counts=counts, about=about, at=now)
            row = msgspec.structs.asdict(kept)
            connection.execute(insert(answer).values(row | {"about": json.dumps(about, sort_keys=True)}))
            told = {"kind": found.kind, "status": found.status, "message": found.message} | about
            ledger.append(connection, found.inbound, "sorted", told, now=now)
            if found.message is not None:
                event = _EVENTS[found.kind] if counts else "passed-over"
                ledger.append(connection, found.message, event, _short(kept), now=now)
            return kept

    def of(self, received: str) -> Noted | None:
        """What a document of the inbox was found to be; nothing where nobody has looked at it."""
        with self.database.read() as connection:
            row = connection.execute(select(answer).where(answer.c.inbound == received)).mappings().first()
            return _noted(row) if row is not None else None

    def concerning(self, identifier: str) -> list[Noted]:
        """All that came about a message, in the order in which it came."""
        with self.database.read() as connection:
            rows = connection.execute(select(answer).where(answer.c.message == identifier).order_by(answer.c.at))
            return [_noted(row) for row in rows.mappings()]

    def current(self, messages: Collection[str]) -> dict[str, Current]:
        """Where messages stand by the answers that count; those without an answer are left out.

        Args:
            messages: their identifiers.
        """
        wanted, found = list(messages), dict[str, Current]()
        with self.database.read() as connection:
            for start in range(0, len(wanted), _MANY):
                some = answer.c.message.in_(wanted[start : start + _MANY])
                rows = connection.execute(select(answer).where(some, answer.c.counts).order_by(answer.c.at))
                for each in map(_noted, rows.mappings()):
                    side = {"point" if each.kind == MESSAGE_STATUS else "buyer": each}
                    before = found.get(str(each.message), Current())
                    found[str(each.message)] = msgspec.structs.replace(before, **side)
        return found

    def replied(self, sent: Sent) -> None:
        """Write down that a message answers a document; within the transaction that takes the message."""
        row = msgspec.structs.asdict(sent) | {"about": json.dumps(sent.about, sort_keys=True)}
        with self.database.write() as connection:
            if connection.execute(select(reply.c.message).where(reply.c.message == sent.message)).first() is None:
                connection.execute(insert(reply).values(row))
                told = {"kind": sent.kind, "status": sent.status, "message": sent.message}
                ledger.append(connection, sent.inbound, "replied", told, now=self.clock())

    def untold(self, received: Received, why: str) -> None:
        """Write down that the sender of a document could not be told what became of it."""
        with self.database.write() as connection:
            ledger.append(connection, received.id, "not-told", {"why": why}, now=self.clock())

    def replies(self, received: str) -> list[Sent]:
        """The messages that answer a document, the oldest first."""
        query = (
            select(reply)
            .join(message, message.c.id == reply.c.message)
            .where(reply.c.inbound == received)
            .order_by(message.c.created)
        )
        with self.database.read() as connection:
            return [_sent(row) for row in connection.execute(query).mappings()]

    def _counting(self, connection: Connection, identifier: str | None) -> list[Noted]:
        here = (answer.c.message == identifier) & answer.c.counts
        return [_noted(row) for row in connection.execute(select(answer).where(here).order_by(answer.c.at)).mappings()]


def _mark(connection: Connection, looked_at: Collection[str], now: datetime) -> None:
    """Let documents wait no longer; also those whose answer another release wrote down without the mark."""
    connection.execute(update(inbound).where(inbound.c.id.in_(looked_at), inbound.c.noted.is_(None)).values(noted=now))


def _short(noted: Noted) -> dict[str, Any]:
    """What the story of a message says of an answer; all of it is in the story of the document."""
    about = {name: noted.about[name] for name in ("issued", "passed_over", "sha256") if name in noted.about}
    reasons = "; ".join(noted.about.get("reasons", ()))
    return about | {"inbound": noted.inbound, "reasons": reasons, "status": noted.status}


def _noted(row: Any) -> Noted:  # noqa: ANN401 - a row mapping of SQLAlchemy
    return Noted(**(dict(row) | {"about": json.loads(row["about"])}))


def _sent(row: Any) -> Sent:  # noqa: ANN401 - a row mapping of SQLAlchemy
    return Sent(**(dict(row) | {"about": json.loads(row["about"])}))
