# SPDX-License-Identifier: Apache-2.0
"""Two who do the same at once: one does it, the other is told; and a strange clock or a strange text stops nobody."""

from __future__ import annotations

import multiprocessing
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import StoreError
from einvoice.store import ledger, schedule
from einvoice.store.database import Database
from einvoice.store.inbox import Arrival, Inbox
from einvoice.store.outbox import Order, Outbox, Settlement
from einvoice.store.tables import State
from tests.store.test_outbox import Clock, postgres

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

ARRIVAL = Arrival(
    channel="as4",
    sender="PBE000001",
    wire_id="1@a",
    digest="d1",
    payload=b"<Invoice/>",
    media_type="application/xml",
    instance_id="uuid-1",
    answer=b"<receipt/>",
)
ROUNDS = 8


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.peers)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return postgres() if request.param == "postgresql" else str(tmp_path / "store.db")


def order(number: int) -> Order:
    return Order(key=f"k{number}", channel="as4", payload=b"<Invoice/>", media_type="application/xml", request={})


def _both(url: str, start: Barrier, number: int) -> tuple[list[str], list[tuple[str, bool]]]:
    """Open the database, new as it is, and do in every round what the other one does in the same moment."""
    start.wait()
    database = Database(url)
    sent, came = [], []
    for turn in range(ROUNDS):
        start.wait()
        sent.append(Outbox(database).submit(order(turn)).id)
        arrival = msgspec.structs.replace(ARRIVAL, wire_id=f"{turn}@a", instance_id=f"uuid-{turn}")
        stored, new = Inbox(database).store(arrival)
        came.append((stored.id, new))
        # The same document under an identifier of its own: one of them is the duplicate.
        own = msgspec.structs.replace(arrival, wire_id=f"{turn}-{number}@a", instance_id=f"own-{turn}")
        Inbox(database).store(own)
    database.close()
    return sent, came


def _child(url: str, start: Barrier, number: int, results: multiprocessing.Queue[object]) -> None:
    try:
        results.put(_both(url, start, number))
    except Exception as error:  # noqa: BLE001 - the parent tells it
        start.abort()
        results.put(f"{type(error).__name__}: {error}")


def test_two_processes_that_do_the_same_at_once_do_it_once(url: str) -> None:
    spawned = multiprocessing.get_context("spawn")
    start, results = spawned.Barrier(2), spawned.Queue()
    workers = [spawned.Process(target=_child, args=(url, start, number, results)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    found = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(timeout=60)
    assert all(isinstance(each, tuple) for each in found), found
    (sent, came), (also_sent, also_came) = found
    assert sent == also_sent
    assert [identifier for identifier, _ in came] == [identifier for identifier, _ in also_came]
    assert all(one != other for (_, one), (_, other) in zip(came, also_came, strict=True))  # new for one of them
    database = Database(url)
    documents = Inbox(database).find()
    assert len(documents) == 2 * ROUNDS  # and not one more: what is there twice is marked as the duplicate
    with database.read() as connection:
        assert ledger.broken_at(connection) is None
    database.close()


def test_a_locked_database_is_said_to_be_so_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("einvoice.store.database._BUSY", 0.1)
    path = tmp_path / "store.db"
    database = Database(str(path))
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked") as caught:
            Inbox(database).store(ARRIVAL)
        other.execute("ROLLBACK")
    other.close()
    assert caught.value.code == "DATABASE"
    assert Inbox(database).store(ARRIVAL)[1]
    database.close()


STRANGE = "a\x00b\x1b[31m\udc80c\nd"
SPELLED = "a\\x00b\\x1b[31m\\udc80c\nd"


def test_control_characters_of_a_peer_are_spelled_out(url: str) -> None:
    database = Database(url)
    outbox = Outbox(database)
    taken = outbox.submit(order(1))
    claimed = outbox.claim("w")
    assert claimed is not None
    settled = outbox.settle(
        outbox.begin(claimed), Settlement(outcome="retry", code="SMTP:\x00", detail=STRANGE, remote_id="r\x00")
    )
    assert (settled.code, settled.detail, settled.remote_id) == ("SMTP:\\x00", SPELLED, "r\\x00")
    assert outbox.get(taken.id).detail == SPELLED
    assert outbox.attempts(taken.id)[0]["detail"] == SPELLED
    assert outbox.bounced(taken.id, code="DSN:\x00", detail=STRANGE).detail == SPELLED
    arrival = msgspec.structs.replace(ARRIVAL, sender="x\x00@y", wire_id="\udcff", instance_id="\x07")
    inbox = Inbox(database)
    assert inbox.store(arrival)[1]
    assert not inbox.store(arrival)[1]
    assert inbox.known("as4", "x\x00@y", "\udcff") is not None
    with database.write() as connection:
        ledger.append(connection, taken.id, "delay", {"detail": STRANGE}, now=datetime.now(UTC))
    with database.read() as connection:
        assert ledger.broken_at(connection) is None
        assert [event.data.get("detail") for event in ledger.read(connection, taken.id)][-1] == STRANGE
    database.close()


def _story(outbox: Outbox, clock: Clock, *outcomes: str) -> State:
    """The state after attempts with these outcomes; ``dies`` is a worker that never told."""
    outbox.submit(order(1))
    state = State.QUEUED
    for each in outcomes:
        claimed = outbox.claim("w")
        assert claimed is not None
        begun = outbox.begin(outbox.prepared(claimed, b"wire", "x/y", {}) if claimed.wire is None else claimed)
        if each != "dies":
            state = outbox.settle(begun, Settlement(outcome=each, code="EBMS:0004", detail="no")).state
        clock.forward(hours=3)
    return state


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (("rejected",), State.REJECTED),
        (("retry", "rejected"), State.REJECTED),
        (("in-doubt", "rejected"), State.HELD),
        (("dies", "rejected"), State.HELD),
        (("in-doubt", "retry", "rejected"), State.HELD),
        (("in-doubt", "delivered"), State.DELIVERED),
    ],
)
def test_a_refusal_after_an_attempt_in_doubt_is_not_the_end(
    tmp_path: Path, outcomes: tuple[str, ...], state: State
) -> None:
    """The earlier attempt may have delivered: nobody may read ``rejected`` and send the invoice anew."""
    clock = Clock()
    database = Database(str(tmp_path / "store.db"))
    outbox = Outbox(database, clock)
    assert _story(outbox, clock, *outcomes) is state
    [last] = outbox.find()
    assert (state is State.HELD) == ("an earlier attempt may have delivered it" in (last.detail or ""))
    database.close()


@pytest.mark.parametrize(
    ("outcomes", "kept"), [(("rejected",), False), (("retry", "rejected"), False), (("in-doubt", "rejected"), True)]
)
def test_a_message_that_was_surely_refused_is_made_anew_when_it_is_let_go(
    tmp_path: Path, outcomes: tuple[str, ...], *, kept: bool
) -> None:
    """The receiver may have another certificate by now; bytes that may have arrived stay as they are."""
    clock = Clock()
    database = Database(str(tmp_path / "store.db"))
    outbox = Outbox(database, clock)
    _story(outbox, clock, *outcomes)
    [last] = outbox.find()
    freed = outbox.release(last.id, hold=False)
    # Also then it goes on as one that was tried: a channel that can look for it does so first.
    assert (freed.state, freed.wire is not None, freed.wire_id) == (State.IN_DOUBT, kept, last.wire_id)
    database.close()


@pytest.mark.parametrize("put_off", ["lease", "pause"])
def test_a_clock_that_was_a_day_ahead_stops_nothing_when_it_is_put_right(tmp_path: Path, put_off: str) -> None:
    clock = Clock()
    database = Database(str(tmp_path / "store.db"))
    outbox = Outbox(database, clock)
    outbox.submit(order(1))
    clock.forward(days=1)
    claimed = outbox.claim("w")
    assert claimed is not None
    begun = outbox.begin(claimed)
    if put_off == "pause":
        outbox.settle(begun, Settlement(outcome="in-doubt", retry_after=timedelta(days=90)))
    clock.forward(days=-1)
    again = outbox.claim("heir")
    assert again is not None
    assert again.wire_id == claimed.wire_id
    assert outbox.claim("other") is None  # its lease is one of this clock
    database.close()


def _lease(outbox: Outbox, size: int) -> timedelta:
    claimed = outbox.claim("w")
    assert claimed is not None
    outbox.begin(outbox.prepared(claimed, bytes(size), "x/y", {}))
    with outbox.database.read() as connection:
        until = connection.exec_driver_sql("SELECT lease_until FROM message ORDER BY changed DESC LIMIT 1").scalar_one()
    return datetime.fromtimestamp(until / 1e6, UTC) - outbox.clock()


def test_a_large_message_has_a_lease_as_long_as_a_slow_line_needs(tmp_path: Path) -> None:
    clock = Clock()
    database = Database(str(tmp_path / "store.db"))
    outbox = Outbox(database, clock)
    outbox.submit(order(1))
    assert _lease(outbox, 5_000_000) == schedule.LEASE + timedelta(seconds=100)
    assert schedule.lease(100_000_000) > timedelta(minutes=30)
    assert schedule.lease(10**12) == schedule.LONGEST
    database.close()
