# SPDX-License-Identifier: Apache-2.0
"""A disk that is full, a database that is locked, a power cut in the middle: nothing that was promised is gone."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest

from einvoice.store import ledger
from einvoice.store.database import Database
from einvoice.store.inbox import Inbox
from einvoice.store.tables import State
from tests.e2e.ground import ended, scale, spawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.ground import Ground

pytestmark = pytest.mark.e2e


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else writes, and takes his time."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("size", [40_000, 80_000])
def test_the_disk_of_the_sender_is_full(ground: Ground, size: int) -> None:
    ground.case(
        f"sender: no file may grow beyond {size:,} bytes (RLIMIT_FSIZE); the commit fails",
        "the worker stops and says why; delivered once when there is room",
    )
    ground.queue(3)
    with ground.receiving():
        assert ground.courier(f"fsize:{size}") != 0
        ground.forget_leases()
        ground.work_off()
        ground.check(3)


def test_the_disk_of_the_receiver_is_full(ground: Ground) -> None:
    ground.case(
        "receiver: no file may grow beyond 60,000 bytes; document and receipt cannot be kept",
        "no receipt (EBMS:0202); the same message again; delivered once when there is room",
    )
    ground.queue(3)
    with ground.receiving():
        pass  # makes the database
    with ground.receiving("fsize:60000"):
        assert ground.courier() == 0
        box = ground.outbox()
        assert State.DELIVERED not in {each.state for each in box.find()}
        assert {each.code for each in box.find()} == {"EBMS:0202"}
        box.database.close()
    ground.forget_leases()
    with ground.receiving():
        ground.work_off()
        ground.check(3)


def test_the_outbox_is_locked_for_a_while_and_for_too_long(ground: Ground) -> None:
    ground.case(
        "sender: somebody else holds the lock of SQLite, longer than the worker waits, then for a moment",
        "the worker stops and says why; the next one waits; delivered once",
    )
    ground.queue(3)
    with ground.receiving():
        with locked(ground.folder / "a.db"):
            assert ground.courier("busy:1") != 0
        with locked(ground.folder / "a.db"):
            process = ground.start()
            time.sleep(2)
        assert process.wait() == 0
        ground.work_off()
        ground.check(3)


def test_the_inbox_is_locked_for_too_long(ground: Ground) -> None:
    ground.case(
        "receiver: somebody else holds the lock of SQLite for longer than it waits", "EBMS:0202, then delivered once"
    )
    ground.queue(3)
    with ground.receiving("busy:1"):
        with locked(ground.folder / "b.db"):
            assert ground.courier() == 0
        ground.forget_leases()
        ground.work_off()
        ground.check(3)


def test_a_commit_is_killed_at_random(ground: Ground) -> None:
    """What was said to be taken is there after every kill, and the chain is whole."""
    kills = scale("COMMITS", 5)
    dice = random.Random(kills)  # noqa: S311 - no secret
    promised: list[str] = []
    for _ in range(kills):
        process = spawn("taker", "never", ground.folder / "a.toml")
        with ended(process):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(dice.uniform(0.0, 0.3))
            process.kill()
            promised += process.stdout.read().split("\n")[:-1]
    box = ground.outbox()
    kept = {each.key for each in box.find()}
    assert kept.issuperset(promised)
    with box.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert ledger.broken_at(connection) is None
        events = ledger.head(connection)[0]
    box.database.close()
    assert events == len(kept)  # one for each, and none without its message
    ground.case(
        f"taking orders: SIGKILL at {kills} random instants, most of them within a commit", "none lost, none by half"
    )
    ground.found(
        f"{len(promised)} orders were said to be taken, {len(kept)} are there; {events} events in a whole chain"
    )


def test_the_power_is_cut(ground: Ground) -> None:
    """Everything stands still at one instant; what lies on the disk then is all that is left."""
    cuts = scale("CUTS", 3)
    dice = random.Random(cuts)  # noqa: S311 - no secret
    for number in range(cuts):
        ground.queue(6, first=6 * number)
        children = ground.nursery.fork("point", ground.folder / "b.toml"), ground.start()
        time.sleep(dice.uniform(0.1, 0.8))
        for child in children:
            os.kill(child.pid, signal.SIGSTOP)
        left = ground.folder / "left"
        left.mkdir()
        for file in (*ground.folder.glob("*.db"), *ground.folder.glob("*.db-wal")):
            shutil.copy(file, left / file.name)
        for child in children:
            child.kill()
        for file in ground.folder.glob("*.db*"):
            file.unlink()
        for file in left.iterdir():
            file.rename(ground.folder / file.name)
        left.rmdir()
        ground.forget_leases()
    ground.case(
        f"power cut at {cuts} random instants: both databases and their logs as they lay there, all else gone",
        "delivered once",
    )
    with ground.receiving():
        ground.work_off()
        ground.check(6 * cuts)


def test_two_couriers_share_an_outbox(ground: Ground) -> None:
    ground.case("two workers on one outbox", "each message with one of them")
    ground.queue(24)
    with ground.receiving():
        workers = [ground.start() for _ in range(2)]
        assert [worker.wait() for worker in workers] == [0, 0]
        ground.check(24)


def backup(ground: Ground) -> None:
    with (
        contextlib.closing(sqlite3.connect(ground.folder / "a.db")) as live,
        contextlib.closing(sqlite3.connect(ground.folder / "yesterday.db")) as copy,
    ):
        live.backup(copy)


def restore(ground: Ground) -> None:
    for file in ground.folder.glob("a.db*"):
        file.unlink()
    (ground.folder / "yesterday.db").rename(ground.folder / "a.db")


def test_an_outbox_that_was_restored_from_before_the_sealing_delivers_nothing_twice(ground: Ground) -> None:
    """The identifiers were drawn when the messages were taken: the receiver tells that it has them already."""
    ground.case(
        "outbox restored from a backup that was made when the messages were queued; they were delivered since",
        "rejected as known already under their identifiers; nothing arrives twice",
    )
    ground.queue(2)
    backup(ground)
    with ground.receiving():
        ground.work_off()
        restore(ground)
        assert ground.courier() == 0
        box, inbox = ground.outbox(), Inbox(Database(str(ground.folder / "b.db")))
        assert {each.state for each in box.find()} == {State.REJECTED}
        assert all("under the identifier" in str(each.detail) for each in box.find())
        assert len(inbox.find()) == 2
        for database in (box.database, inbox.database):
            database.close()
    ground.found(
        "2 rejected with the receiver's signed word that it has another message under the identifier; 2 at the receiver"
    )


def test_an_outbox_that_was_restored_from_after_the_sealing_gets_its_receipts_again(ground: Ground) -> None:
    ground.case(
        "outbox restored from a backup that was made when the bytes were kept; they were delivered since",
        "the same bytes again, the same receipts, delivered once",
    )
    ground.queue(1)
    assert ground.courier("before-post") == -signal.SIGKILL
    ground.forget_leases()
    with ground.receiving():
        backup(ground)
        ground.work_off()
        restore(ground)
        ground.work_off()
        ground.check(1)
