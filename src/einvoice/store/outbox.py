# SPDX-License-Identifier: Apache-2.0
"""The outbox: every message that goes out, from the moment it is taken until there is a proof.

A message has its identifiers from the beginning and its bytes before the first of them leaves, so that whoever takes it
over after a crash sends the same bytes under the same identifiers. A worker holds a message for the time of a lease;
every claim carries a number, the fence, and a worker whose lease was taken over cannot write any more.
"""

from __future__ import annotations

import json
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, or_, select, update

from einvoice.errors import StoreError
from einvoice.store import archive, ledger, schedule
from einvoice.store.insistence import insist
from einvoice.store.messages import (
    AFTER,
    Formed,
    Message,
    Order,
    Settlement,
    changed,
    from_row,
    new_row,
    outcome,
    pause,
    same,
    stands_accepted,
    together_at_most,
)
from einvoice.store.once import insert_once
from einvoice.store.tables import OPEN, State, attempt, message
from einvoice.store.texts import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sqlalchemy import Connection

    from einvoice.store.database import Database

__all__ = ["Message", "Order", "Outbox", "Settlement"]

# Statements are built once: building one takes longer than running it.
_NOW: Final = bindparam("now", type_=message.c.due.type)
_AHEAD: Final = bindparam("ahead", type_=message.c.due.type)
_DUE: Final = (
    select(message)
    .where(
        message.c.state.in_([state.value for state in OPEN]),
        message.c.due <= _NOW,
        or_(message.c.lease_until.is_(None), message.c.lease_until < _NOW),
    )
    .order_by(message.c.due)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_STRAY: Final = (
    select(message)
    .where(
        message.c.state.in_([state.value for state in OPEN]),
        or_(message.c.due > _AHEAD, message.c.due <= _NOW),
        or_(message.c.lease_until.is_(None), message.c.lease_until < _NOW, message.c.lease_until > _AHEAD),
    )
    .order_by(message.c.due)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
"""What a clock that went ahead, and was put right, has put off."""
_FENCE: Final = select(message.c.fence).where(message.c.id == bindparam("which")).with_for_update()
_CHANGE: Final = update(message).where(message.c.id == bindparam("which"))
_ATTEMPT: Final = insert(attempt)
_ENDED: Final = update(attempt).where(attempt.c.message == bindparam("which"), attempt.c.number == bindparam("this"))


class Outbox:
    """The outgoing messages of one database.

    Args:
        database: where they are kept.
        clock: tells the time.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.database = database
        self.clock = clock

    def submit(self, order: Order, *, wire_id: str | None = None) -> Message:
        """Take a message, once: its bytes are archived and its identifiers drawn in one transaction.

        Args:
            order: what is to be sent.
            wire_id: its identifier on the wire; by default a new UUID.

        Returns:
            The message; the one that exists where an order with this key and these bytes came before. If its form is
            open and this order is forced, it goes on.

        Raises:
            StoreError: an order with this key and other bytes came before (``KEY``).
        """
        now = self.clock()
        with self.database.write() as connection:
            known = self._by_key(connection, order.key)
            if known is not None:
                return insist(connection, same(order, known), order, now)
            identifier = str(uuid.uuid4())
            digest = archive.put(connection, order.payload, order.media_type, now=now)
            row = new_row(order, identifier, digest, wire_id or str(uuid.uuid4()), now)
            if not insert_once(connection, message, row):  # its twin came between the look and this moment
                return insist(connection, same(order, self._by_key(connection, order.key)), order, now)
            about = {"key": order.key, "channel": order.channel, "sha256": digest, "wire_id": row["wire_id"]}
            ledger.append(connection, identifier, "queued", about, now=now)
            if order.forced is not None:
                ledger.append(connection, identifier, "forced", order.forced, now=now)
            if order.put_off is not None:
                told = {"code": row["code"], "detail": row["detail"]}
                ledger.append(connection, identifier, State.RETRY.value, told, now=now)
            return self._get(connection, identifier)

    def claim(self, worker: str, *, lease: timedelta = schedule.LEASE) -> Message | None:
        """Take the message that has been due for longest, if any is due; see :meth:`claim_some`."""
        return next(iter(self.claim_some(worker, 1, lease=lease)), None)

    def claim_some(self, worker: str, count: int, *, lease: timedelta = schedule.LEASE) -> list[Message]:
        """Take the messages that have been due for longest.

        Args:
            worker: who takes them, for the eyes of people.
            count: how many at most; fewer where their documents are large, which are in memory at once.
            lease: for how long nobody else may.

        Returns:
            The messages, each under a new fence; none where none is due.
        """
        now = self.clock()
        with self.database.write() as connection:
            wanted = {"now": now, "count": count}
            rows = connection.execute(_DUE, wanted).mappings().all()
            rows = rows or connection.execute(_STRAY, wanted | {"ahead": now + schedule.LONGEST}).mappings().all()
            sizes = archive.sizes(connection, [row["payload"] for row in rows]) if len(rows) > 1 else {}
            found = together_at_most([from_row(row) for row in rows], sizes)
            values = {"lease_until": now + lease, "worker": worker}
            claimed = [changed(each, {"fence": each.fence + 1}) for each in found]
            for each in claimed:
                connection.execute(_CHANGE, {"which": each.id, "fence": each.fence, **values})
            return claimed

    @contextmanager
    def together(self, claimed: Collection[Message]) -> Iterator[None]:
        """Take steps of several messages in one transaction, so that the disk is synced once for all of them.

        Args:
            claimed: the messages.
        """
        with self.database.write() as connection:
            # All locks before the first event, so that nobody who waits for the chain has one of them.
            wanted = message.c.id.in_([each.id for each in claimed])
            connection.execute(select(message.c.id).where(wanted).order_by(message.c.id).with_for_update())
            ledger.take_turn(connection)
            yield

    def prepared(
        self, claimed: Message, wire: bytes, media_type: str, about: dict[str, Any], formed: Formed | None = None
    ) -> Message:
        """Fix the bytes of a message before any of them leaves.

        Args:
            claimed: the message.
            wire: its bytes on the wire.
            media_type: the type they are sent as.
            about: what belongs to them: address, digests that a receipt has to repeat, what was looked up.
            formed: the document that they carry, where its form was open until now.

        Raises:
            StoreError: another worker has taken the message over (``FENCE``).
        """
        now = self.clock()
        with self._held(claimed) as connection:
            digest = archive.put(connection, wire, media_type, now=now)
            values = {"state": State.READY.value, "wire": digest, "wire_about": json.dumps(about, sort_keys=True)}
            if formed is not None:
                values["payload"] = archive.put(connection, formed.payload, formed.media_type, now=now)
                values["request"] = json.dumps(formed.request, sort_keys=True)
                told = {"sha256": values["payload"]} | formed.told
                ledger.append(connection, claimed.id, "formed", told, now=now)
            after = self._change(connection, claimed, values | {"lease_until": now + schedule.LEASE}, now)
            ledger.append(connection, claimed.id, "prepared", {"wire": digest}, now=now)
            return after

    def begin(self, claimed: Message) -> Message:
        """Note that an attempt begins; from here on the message may have been delivered.

        Raises:
            StoreError: another worker has taken the message over (``FENCE``).
        """
        now = self.clock()
        with self._held(claimed) as connection:
            number = claimed.attempts + 1
            # The lookup may have taken most of the lease; nobody else may send while this attempt is under way.
            lease = schedule.lease(archive.size(connection, claimed.wire) if claimed.wire else 0)
            values = {"state": State.SENDING.value, "attempts": number, "lease_until": now + lease}
            after = self._change(connection, claimed, values, now)
            connection.execute(_ATTEMPT, {"message": claimed.id, "number": number, "started": now})
            ledger.append(connection, claimed.id, "attempt", {"number": number}, now=now)
            return after

    def settle(self, claimed: Message, found: Settlement) -> Message:
        """Write down what became of an attempt, with its evidence, in one transaction.

        Args:
            claimed: the message.
            found: the outcome.

        Raises:
            StoreError: another worker has taken the message over (``FENCE``).
        """
        now = self.clock()
        with self._held(claimed) as connection:
            evidence = found.evidence and archive.put(connection, found.evidence, found.evidence_type, now=now)
            doubts = claimed.doubts + (AFTER[found.outcome] is State.IN_DOUBT)
            unsure = doubts > 0 or self._died(connection, claimed)
            after, detail = outcome(claimed, found, unsure=unsure, now=now)
            values = {
                "state": after.value,
                "doubts": doubts,
                "due": now + pause(after, claimed, doubts, found.retry_after),
                "lease_until": None,
                "worker": None,
                "code": plain(found.code)[:60] or None,
                "detail": detail or None,
                "remote_id": plain(found.remote_id) if found.remote_id else claimed.remote_id,
            }
            if found.renew and after is State.RETRY and not unsure:
                values |= {"wire": None, "wire_about": None}
            settled = self._change(connection, claimed, values, now)
            self._ended(connection, claimed, found, evidence or None, now)
            about = {"code": plain(found.code), "detail": detail, "evidence": evidence or None}
            ledger.append(connection, claimed.id, after.value, about | {"attempt": claimed.attempts}, now=now)
            return settled

    def bounced(self, identifier: str, *, code: str, detail: str) -> Message:
        """Write down that a message was not delivered after all, as a mail server says later.

        Args:
            identifier: the message.
            code: the status that came.
            detail: what came with it.
        """
        now = self.clock()
        with self.database.write() as connection:
            self._lock(connection, identifier)
            code, detail = plain(code)[:60], plain(detail)
            values = {"state": State.REJECTED.value, "code": code, "detail": detail, "changed": now}
            connection.execute(update(message).where(message.c.id == identifier).values(values))
            ledger.append(connection, identifier, "bounced", {"code": code, "detail": detail}, now=now)
            return self._get(connection, identifier)

    def told(self, identifier: str, found: Settlement) -> Message:
        """Write down what a service in between says of a message by itself; a story that has ended stays as it is.

        What it says is delivered is polled for its evidence at once.

        Args:
            identifier: the message.
            found: accepted or rejected, with what the service calls the message.
        """
        now = self.clock()
        with self.database.write() as connection:
            self._lock(connection, identifier)
            current = self._get(connection, identifier)
            said = {"code": plain(found.code)[:60], "detail": plain(found.detail)}
            if current.state in OPEN:
                values: dict[str, Any] = {"due": now, "lease_until": None, "fence": current.fence + 1, "changed": now}
                values |= {"state": AFTER[found.outcome].value, "remote_id": found.remote_id or current.remote_id}
                values |= said
                connection.execute(update(message).where(message.c.id == identifier).values(values))
            ledger.append(connection, identifier, "told", said | {"outcome": found.outcome}, now=now)
            return self._get(connection, identifier)

    def release(self, identifier: str, *, hold: bool) -> Message:
        """Stop a message, or let it go on from where it stands, a rejected one too; what was delivered stays so.

        Args:
            identifier: the message.
            hold: whether to stop it.

        Raises:
            StoreError: there is no such message, or its story has ended (``OUTBOX``).
        """
        now = self.clock()
        with self.database.write() as connection:
            self._lock(connection, identifier)
            current = self._get(connection, identifier)
            if current.state is State.DELIVERED or (hold and current.state in {State.HELD, State.REJECTED}):
                raise StoreError(f"message {identifier} is {current.state} already", code="OUTBOX")
            after = State.HELD if hold else self._goes_on(connection, current)
            values: dict[str, Any] = {"due": now, "lease_until": None, "fence": current.fence + 1, "changed": now}
            if not hold and self._surely_not_delivered(connection, current):
                values |= {"wire": None, "wire_about": None}  # made anew; bytes that may have arrived never are
            values["state"] = after.value
            connection.execute(update(message).where(message.c.id == identifier).values(values))
            ledger.append(connection, identifier, "held" if hold else "released", {}, now=now)
            return self._get(connection, identifier)

    def get(self, identifier: str) -> Message:
        """One message by its identifier, or by the beginning of it.

        Raises:
            StoreError: there is none, or more than one (``OUTBOX``).
        """
        with self.database.read() as connection:
            query = select(message.c.id).where(message.c.id.startswith(identifier, autoescape=True)).limit(2)
            found = connection.execute(query).scalars().all()
            if len(found) != 1:
                what = "no message" if not found else "more than one message"
                raise StoreError(f"the outbox holds {what} whose id begins with {identifier!r}", code="OUTBOX")
            return self._get(connection, found[0])

    def find(self, **wanted: str | None) -> list[Message]:
        """The messages whose columns have these values, the oldest first; what is not named does not matter."""
        query = select(message).order_by(message.c.created)
        for name, value in wanted.items():
            if value is not None:
                query = query.where(message.c[name] == value)
        with self.database.read() as connection:
            return [from_row(row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - see above

    def attempts(self, identifier: str) -> list[dict[str, Any]]:
        """Every attempt of a message: when, with what outcome, and the digest of its evidence."""
        query = select(attempt).where(attempt.c.message == identifier).order_by(attempt.c.number)
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    @contextmanager
    def _held(self, claimed: Message) -> Iterator[Connection]:
        with self.database.write() as connection:
            if self._lock(connection, claimed.id) != claimed.fence:
                raise StoreError(f"another worker has taken message {claimed.id} over", code="FENCE")
            ledger.take_turn(connection)
            yield connection

    def _lock(self, connection: Connection, identifier: str) -> int | None:
        """Let nobody else change a message until the transaction ends; its fence."""
        return connection.execute(_FENCE, {"which": identifier}).scalar()

    def _died(self, connection: Connection, claimed: Message) -> bool:
        """Whether an earlier attempt never came to its end: it may have delivered."""
        if claimed.attempts < 2:  # noqa: PLR2004 - there was no earlier one
            return False
        here = (attempt.c.message == claimed.id) & (attempt.c.number < claimed.attempts) & attempt.c.ended.is_(None)
        return connection.execute(select(attempt.c.number).where(here).limit(1)).scalar() is not None

    def _goes_on(self, connection: Connection, current: Message) -> State:
        """Where a message goes on: accepted, it is asked for; tried, it is in doubt, so that it is looked for."""
        story = ledger.read(connection, current.id) if current.state is State.HELD else ()
        if current.remote_id and (current.state is State.ACCEPTED or stands_accepted(story)):
            return State.ACCEPTED
        return State.IN_DOUBT if current.attempts else State.QUEUED

    def _surely_not_delivered(self, connection: Connection, current: Message) -> bool:
        """Whether every attempt ended with a word that it was not taken."""
        ended = select(attempt.c.outcome).where(attempt.c.message == current.id)
        outcomes = set(connection.execute(ended).scalars())
        return not current.doubts and not current.remote_id and outcomes <= {"rejected", "retry", "held"}

    def _ended(
        self, connection: Connection, claimed: Message, found: Settlement, evidence: str | None, now: datetime
    ) -> None:
        if claimed.state not in {State.SENDING, State.ACCEPTED}:
            return  # no attempt of its own: what the last one brought stays
        values = {"ended": now, "outcome": found.outcome, "code": plain(found.code)[:60], "detail": plain(found.detail)}
        kept = {"evidence": evidence} if evidence else {}
        connection.execute(_ENDED, {"which": claimed.id, "this": claimed.attempts, **values, **kept})

    def _change(self, connection: Connection, claimed: Message, values: dict[str, Any], now: datetime) -> Message:
        values = values | {"changed": now}
        connection.execute(_CHANGE, {"which": claimed.id, **values})
        return changed(claimed, values)

    def _by_key(self, connection: Connection, key: str) -> Message | None:
        row = connection.execute(select(message).where(message.c.key == key)).mappings().first()
        return from_row(row) if row is not None else None

    def _get(self, connection: Connection, identifier: str) -> Message:
        row = connection.execute(select(message).where(message.c.id == identifier)).mappings().first()
        if row is None:
            raise StoreError(f"the outbox holds no message {identifier}", code="OUTBOX")
        return from_row(row)
