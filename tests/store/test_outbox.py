# SPDX-License-Identifier: Apache-2.0
"""A message is taken once, claimed by one worker at a time, and keeps its bytes and identifiers whatever dies."""

from __future__ import annotations

import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from einvoice.errors import StoreError
from einvoice.store import archive, ledger, schedule
from einvoice.store.database import Database
from einvoice.store.messages import ROUND
from einvoice.store.outbox import Message, Order, Outbox, Settlement
from einvoice.store.tables import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Clock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.peers)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    opened = Database(postgres() if request.param == "postgresql" else str(tmp_path / "store.db"))
    yield opened
    opened.close()


def postgres() -> str:
    """A new database on the server that ``EINVOICE_POSTGRES`` names."""
    url = os.environ.get("EINVOICE_POSTGRES")
    if not url:
        pytest.skip("the environment variable EINVOICE_POSTGRES does not name a server of PostgreSQL")
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture
def outbox(database: Database, clock: Clock) -> Outbox:
    return Outbox(database, clock)


def order(key: str = "DE1:RE-1:2026", payload: bytes = b"<Invoice/>") -> Order:
    return Order(
        key=key, channel="as4", payload=payload, media_type="application/xml", request={"to": "9915:b"}, number="RE-1"
    )


def claimed(outbox: Outbox, worker: str = "w") -> Message:
    found = outbox.claim(worker)
    assert found is not None
    return found


def test_an_order_is_taken_once(outbox: Outbox) -> None:
    first = outbox.submit(order())
    assert outbox.submit(order()) == first
    assert (first.state, first.attempts, first.request) == (State.QUEUED, 0, {"to": "9915:b"})
    with pytest.raises(StoreError, match="has other bytes"):
        outbox.submit(order(payload=b"<Invoice>changed</Invoice>"))


def test_the_way_of_a_message_to_its_proof(outbox: Outbox, database: Database) -> None:
    taken = outbox.submit(order())
    held = outbox.prepared(claimed(outbox), b"wire", "multipart/related", {"url": "https://ap.example/as4"})
    assert (held.state, held.wire_about) == (State.READY, {"url": "https://ap.example/as4"})
    begun = outbox.begin(held)
    assert (begun.state, begun.attempts) == (State.SENDING, 1)
    done = outbox.settle(
        begun, Settlement(outcome="delivered", evidence=b"receipt", evidence_type="application/soap+xml")
    )
    assert done.state is State.DELIVERED
    assert outbox.claim("w") is None
    [attempt] = outbox.attempts(taken.id)
    with database.read() as connection:
        assert archive.get(connection, attempt["evidence"]) == b"receipt"
        kinds = [event.kind for event in ledger.read(connection, taken.id)]
        assert kinds == ["queued", "prepared", "attempt", "delivered"]
        assert ledger.broken_at(connection) is None


def test_a_message_is_with_one_worker_at_a_time(outbox: Outbox) -> None:
    outbox.submit(order())
    claimed(outbox)
    assert outbox.claim("other") is None


def test_a_worker_takes_no_more_at_once_than_fits_into_a_round(outbox: Outbox, clock: Clock) -> None:
    sizes = {"a": 9, "b": 9, "c": 9, "d": ROUND // 1_000_000 + 1, "e": 1}
    for key, size in sizes.items():
        outbox.submit(order(key, key.encode() * size * 1_000_000))
        clock.forward(seconds=1)
    rounds = [[each.key for each in outbox.claim_some("w", 32)] for _ in range(5)]
    assert rounds == [["a", "b"], ["c"], ["d"], ["e"], []]


def test_a_worker_that_died_is_followed_by_another_with_the_same_bytes(outbox: Outbox, clock: Clock) -> None:
    outbox.submit(order())
    dead = outbox.begin(outbox.prepared(claimed(outbox), b"wire", "x/y", {}))
    clock.forward(minutes=6)
    heir = claimed(outbox, "heir")
    assert (heir.state, heir.wire, heir.wire_id) == (State.SENDING, dead.wire, dead.wire_id)
    with pytest.raises(StoreError, match="another worker has taken"):
        outbox.settle(dead, Settlement(outcome="delivered"))
    assert outbox.settle(heir, Settlement(outcome="delivered")).state is State.DELIVERED


def test_what_was_surely_not_delivered_is_given_up_after_three_days(outbox: Outbox, clock: Clock) -> None:
    outbox.submit(order())
    pauses = []
    for _ in range(500):
        found = outbox.claim("w")
        if found is None:
            break
        after = outbox.settle(found, Settlement(outcome="retry", code="CONNECT"))
        pauses.append(after.due - clock.now)
        clock.now = after.due
    [last] = outbox.find()
    assert (last.state, last.code) == (State.FAILED, "CONNECT")
    assert clock.now - last.created >= schedule.GIVE_UP
    assert pauses[:3] == [timedelta(seconds=seconds) for seconds in (5, 30, 60)]


def test_a_message_in_doubt_is_tried_quickly_then_slowly_and_never_given_up(outbox: Outbox, clock: Clock) -> None:
    outbox.submit(order())
    pauses = []
    for _ in range(8):
        begun = outbox.begin(claimed(outbox))
        after = outbox.settle(begun, Settlement(outcome="in-doubt", code="NO_ANSWER"))
        assert after.state is State.IN_DOUBT
        pauses.append(int((after.due - clock.now).total_seconds()))
        clock.now = after.due
    assert pauses == [5, 15, 45, 120, 300, 3600, 3600, 3600]
    assert schedule.doubtful(6)
    assert not schedule.doubtful(5)


def test_bytes_that_may_have_arrived_are_never_made_anew(outbox: Outbox, clock: Clock) -> None:
    """A second seal under one identifier is another message for the receiver, which then refuses it."""
    for key, dies in (("k1", False), ("k2", True)):
        outbox.submit(order(key))
        first = outbox.begin(outbox.prepared(claimed(outbox), b"wire", "x/y", {}))
        if not dies:
            outbox.settle(first, Settlement(outcome="in-doubt"))
        clock.forward(minutes=6)
        again = outbox.settle(outbox.begin(claimed(outbox)), Settlement(outcome="retry", code="CONNECT", renew=True))
        assert (again.state, again.wire) == (State.RETRY, first.wire)
        clock.forward(hours=80)
        last = outbox.settle(outbox.begin(claimed(outbox)), Settlement(outcome="retry", code="CONNECT"))
        assert last.state is State.IN_DOUBT  # nobody knows that it failed
        outbox.release(last.id, hold=True)


def test_an_attempt_has_a_lease_of_its_own_however_long_the_lookup_took(outbox: Outbox, clock: Clock) -> None:
    outbox.submit(order())
    held = claimed(outbox)
    clock.forward(minutes=4)
    outbox.begin(outbox.prepared(held, b"wire", "x/y", {}))
    clock.forward(minutes=4)
    assert outbox.claim("other") is None


def test_what_an_attempt_brought_stays_when_the_next_one_is_not_even_begun(outbox: Outbox, clock: Clock) -> None:
    taken = outbox.submit(order())
    begun = outbox.begin(outbox.prepared(claimed(outbox), b"wire", "x/y", {}))
    outbox.settle(begun, Settlement(outcome="retry", code="EBMS:0101", evidence=b"error", renew=True))
    clock.forward(minutes=1)
    outbox.settle(claimed(outbox), Settlement(outcome="held", code="CERTIFICATE"))
    [attempt] = outbox.attempts(taken.id)
    assert (attempt["code"], attempt["evidence"] is None) == ("EBMS:0101", False)


def test_a_message_can_be_stopped_and_let_go(outbox: Outbox) -> None:
    taken = outbox.submit(order())
    working = outbox.begin(claimed(outbox))
    assert outbox.release(taken.id, hold=True).state is State.HELD
    assert outbox.claim("w") is None
    with pytest.raises(StoreError, match="another worker"):
        outbox.settle(working, Settlement(outcome="delivered"))
    assert outbox.release(taken.id, hold=False).state is State.IN_DOUBT  # it may have left
    assert claimed(outbox).wire_id == taken.wire_id


@pytest.mark.parametrize("stopped", [None, "person", "archive"])
def test_what_a_service_accepted_goes_on_as_accepted(outbox: Outbox, clock: Clock, stopped: str | None) -> None:
    taken = outbox.submit(order())
    outbox.settle(outbox.begin(claimed(outbox)), Settlement(outcome="accepted", remote_id="r1"))
    if stopped == "person":
        outbox.release(taken.id, hold=True)
    elif stopped == "archive":
        clock.forward(days=1)
        outbox.settle(claimed(outbox), Settlement(outcome="held", code="ARCHIVE"))
    gone = outbox.release(taken.id, hold=False)
    assert (gone.state, gone.remote_id, gone.due) == (State.ACCEPTED, "r1", clock.now)


def test_what_a_service_refused_or_questioned_does_not_go_on_as_accepted(outbox: Outbox, clock: Clock) -> None:
    taken = outbox.submit(order())
    outbox.settle(outbox.begin(claimed(outbox)), Settlement(outcome="accepted", remote_id="r1"))
    for after in ("held", "rejected"):
        clock.forward(days=1)
        outbox.settle(claimed(outbox), Settlement(outcome=after, code="STATE"))
        assert outbox.release(taken.id, hold=False).state is State.IN_DOUBT


def test_a_rejected_message_can_be_tried_again_under_its_identifiers(outbox: Outbox) -> None:
    taken = outbox.submit(order())
    outbox.settle(claimed(outbox), Settlement(outcome="rejected", code="NOT_REGISTERED"))
    assert outbox.claim("w") is None
    assert outbox.release(taken.id, hold=False).state is State.QUEUED
    again = outbox.settle(outbox.begin(claimed(outbox)), Settlement(outcome="delivered"))
    assert (again.state, again.wire_id) == (State.DELIVERED, taken.wire_id)
    with pytest.raises(StoreError, match="delivered already"):
        outbox.release(taken.id, hold=False)


def test_many_workers_share_the_messages_without_one_being_taken_twice(database: Database) -> None:
    for number in range(40):
        Outbox(database).submit(order(f"k{number}"))

    def work(name: str) -> list[str]:
        outbox, mine = Outbox(database), []
        while (found := outbox.claim(name)) is not None:
            mine.append(found.id)
            outbox.settle(outbox.begin(found), Settlement(outcome="delivered"))
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [each for mine in pool.map(work, "abcd") for each in mine]
    assert len(taken) == len(set(taken)) == 40


def test_a_changed_event_breaks_the_chain_and_a_changed_document_is_found(outbox: Outbox, database: Database) -> None:
    for number in range(4):
        outbox.submit(order(f"k{number}", b"<x>%d</x>" % number))
    with database.write() as connection:
        connection.execute(text("UPDATE event SET data = '{}' WHERE number = 3"))
        connection.execute(text("UPDATE document SET content = :spoilt WHERE size = 8"), {"spoilt": b"x"})
    with database.read() as connection:
        assert ledger.broken_at(connection) == 3
        damaged = list(archive.damaged(connection))
        assert len(damaged) == 4
        with pytest.raises(StoreError, match="was changed"):
            archive.get(connection, damaged[0])


def test_a_message_is_found_by_the_beginning_of_its_id(outbox: Outbox) -> None:
    taken = outbox.submit(order())
    assert outbox.get(taken.id[:8]) == taken
    with pytest.raises(StoreError, match="no message"):
        outbox.get("zzz")
    assert outbox.find(number="RE-1", state="queued") == [taken]
    assert outbox.find(number="RE-2") == []


def test_an_address_that_is_none_says_how_one_looks() -> None:
    with pytest.raises(StoreError, match="postgresql"):
        Database("nonsense://x")


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "store.db")
    opened = Database(path)
    with opened.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    opened.close()
    with pytest.raises(StoreError, match="newer release"):
        Database(path)


def test_a_database_that_does_not_answer_a_question_says_so(tmp_path: Path) -> None:
    opened = Database(str(tmp_path / "store.db"))
    with opened.write() as connection:
        connection.exec_driver_sql("DROP TABLE attempt")
    with pytest.raises(StoreError, match="does not answer"):
        Outbox(opened).attempts("x")
    opened.close()


def test_a_failed_transaction_writes_nothing(outbox: Outbox, database: Database) -> None:
    def interrupted() -> None:
        with database.write() as connection:
            ledger.append(connection, "x", "kind", {}, now=outbox.clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    with database.read() as connection:
        assert ledger.head(connection) == (0, ledger.START)
