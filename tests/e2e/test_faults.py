# SPDX-License-Identifier: Apache-2.0
"""Whatever dies and whenever: every document arrives, none under a second identity, and each ends with its proof."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.service.channels import load
from einvoice.service.courier import Courier
from einvoice.service.testbed import Running, init, run
from einvoice.store import ledger, schedule
from einvoice.store.database import Database
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Order, Outbox
from einvoice.store.tables import State
from einvoice.transport.as4.submitter import As4Submitter
from tests.cli.test_send import free_ports
from tests.e2e.processes import BEFORE
from tests.transport.network import BILLING, DOCUMENT, INVOICE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e

PROCESSES = Path(__file__).with_name("processes.py")
RECEIVER = {"before-store", "after-store"}


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "net"
    init(folder, first_port=free_ports())
    return folder


@pytest.fixture
def network(layout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Running]]:
    """A network whose access point b is a process of its own, started by the test."""
    monkeypatch.setattr(schedule, "after_doubt", lambda _doubts: timedelta(milliseconds=200))
    monkeypatch.setattr(schedule, "after_failure", lambda _attempts: timedelta(milliseconds=200))
    for file in layout.glob("*.db*"):
        file.unlink()
    running = run(layout)
    while running.servers:
        server = running.servers.pop()
        server.shutdown()
        server.server_close()
        running.databases.pop().close()
    yield layout, running
    running.stop()


def outbox(folder: Path) -> Outbox:
    return Outbox(Database(str(folder / "a.db")))


def queue(folder: Path, count: int) -> None:
    box = outbox(folder)
    for number in range(count):
        box.submit(
            Order(
                key=f"k{number}",
                channel="as4",
                payload=DOCUMENT.replace(b"ours", b"%d" % number),
                media_type="application/xml",
                request={
                    "sender": "9915:a",
                    "receiver": "9915:b",
                    "document_type": str(INVOICE),
                    "process": str(BILLING),
                    "country": "DE",
                },
            )
        )
    box.database.close()


@contextlib.contextmanager
def receiving(folder: Path, point: str = "never") -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, str(PROCESSES), "point", point, str(folder / "b.toml")]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=_environment())
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def courier(folder: Path, point: str = "never") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(PROCESSES), "courier", point, str(folder / "a.toml")], env=_environment()
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROCESSES.parents[2])}


def forget_leases(folder: Path) -> None:
    """As if five minutes had passed since the worker died."""
    database = Database(str(folder / "a.db"))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE message SET lease_until = 0, due = 0 WHERE lease_until IS NOT NULL")
    database.close()


def work_off(folder: Path, *, seconds: float = 60) -> None:
    """Work in this process until every message has come to its end."""
    wiring = load(str(folder / "a.toml"))
    box = outbox(folder)
    worker = Courier(box, wiring.submitters())
    deadline = time.monotonic() + seconds
    while any(each.state is not State.DELIVERED for each in box.find()):
        assert time.monotonic() < deadline, [(each.state, each.code, each.detail) for each in box.find()]
        if worker.step() is None:
            time.sleep(0.05)
    box.database.close()


def check(folder: Path, count: int) -> None:
    """All are there, once, under the identity that they were given, and their story is whole."""
    box = outbox(folder)
    sent = box.find()
    assert len(sent) == count
    assert {each.state for each in sent} == {State.DELIVERED}
    inbox = Inbox(Database(str(folder / "b.db")))
    came = inbox.find()
    assert sorted(each.instance_id or "" for each in came) == sorted(each.wire_id for each in sent)
    with inbox.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM inbound").scalar_one()
        assert ledger.broken_at(connection) is None
    assert rows == count  # not even a duplicate that was sorted out
    assert all(box.attempts(each.id)[-1]["evidence"] for each in sent)
    with box.database.read() as connection:
        assert ledger.broken_at(connection) is None
    for database in (box.database, inbox.database):
        database.close()


@pytest.mark.parametrize("point", sorted(set(BEFORE) - RECEIVER))
def test_a_sender_that_dies_is_followed_by_another(network: tuple[Path, Running], point: str) -> None:
    folder, _ = network
    queue(folder, 3)
    with receiving(folder):
        assert courier(folder, point).wait(timeout=60) == -signal.SIGKILL
        forget_leases(folder)
        work_off(folder)
        check(folder, 3)


@pytest.mark.parametrize("point", sorted(RECEIVER))
def test_a_receiver_that_dies_gets_the_same_message_again(network: tuple[Path, Running], point: str) -> None:
    folder, _ = network
    queue(folder, 3)
    with receiving(folder, point) as dying:
        wiring = load(str(folder / "a.toml"))
        box = outbox(folder)
        found = Courier(box, wiring.submitters()).step()
        assert found is not None
        assert found.state in {State.IN_DOUBT, State.RETRY}
        assert dying.wait(timeout=30) == -signal.SIGKILL
        box.database.close()
    with receiving(folder):
        work_off(folder)
        check(folder, 3)


def test_sender_and_receiver_are_killed_at_random(network: tuple[Path, Running]) -> None:
    """``EINVOICE_KILLS`` says how often; a few are enough to show it, some hundred to believe it."""
    folder, _ = network
    kills = int(os.environ.get("EINVOICE_KILLS", "6"))
    dice = random.Random(kills)  # noqa: S311 - no secret
    count = max(6, kills // 2)
    queue(folder, count)
    for number in range(kills):
        with receiving(folder) as point:
            worker = courier(folder)
            time.sleep(dice.uniform(0.2, 2.0))
            (worker if number % 3 else point).kill()
            worker.kill()
            worker.wait()
        forget_leases(folder)
    with receiving(folder):
        work_off(folder)
        check(folder, count)


def test_two_couriers_share_an_outbox(network: tuple[Path, Running]) -> None:
    folder, _ = network
    queue(folder, 12)
    with receiving(folder):
        workers = [courier(folder), courier(folder)]
        assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
        check(folder, 12)


def test_an_outbox_that_was_restored_from_yesterday_delivers_nothing_twice(network: tuple[Path, Running]) -> None:
    """The identifiers were drawn when the messages were taken: the receiver tells that it has them already."""
    folder, _ = network
    queue(folder, 2)
    with (
        contextlib.closing(sqlite3.connect(folder / "a.db")) as live,
        contextlib.closing(sqlite3.connect(folder / "yesterday.db")) as backup,
    ):
        live.backup(backup)
    with receiving(folder):
        work_off(folder)
        for file in folder.glob("a.db*"):
            file.unlink()
        (folder / "yesterday.db").rename(folder / "a.db")
        assert courier(folder).wait(timeout=60) == 0
        box, inbox = outbox(folder), Inbox(Database(str(folder / "b.db")))
        assert {each.state for each in box.find()} == {State.REJECTED}
        assert all("under the identifier" in str(each.detail) for each in box.find())
        assert len(inbox.find()) == 2
        box.database.close()
        inbox.database.close()


def test_a_certificate_that_changed_between_two_attempts_is_looked_up_anew(
    network: tuple[Path, Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = network
    queue(folder, 1)
    stale = As4Submitter.prepare

    def before_renewal(self: As4Submitter, submission: object) -> object:
        made = stale(self, submission)  # type: ignore[arg-type]
        monkeypatch.setattr(As4Submitter, "prepare", stale)
        return msgspec.structs.replace(made, about={**made.about, "url": made.about["url"].replace("/as4", ":1")})

    monkeypatch.setattr(As4Submitter, "prepare", before_renewal)
    with receiving(folder):
        work_off(folder)
        check(folder, 1)
