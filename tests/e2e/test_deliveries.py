# SPDX-License-Identifier: Apache-2.0
"""Two workers on one outbox, on SQLite and on PostgreSQL: each message is delivered once.

200 messages in ``make test``; ``EINVOICE_COPIES=10000`` is what ``make faults`` sends.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from einvoice.store import ledger
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Outbox
from einvoice.store.tables import State
from tests.e2e.ground import scale
from tests.store.test_outbox import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.store.database import Database
    from tests.e2e.ground import Ground

pytestmark = pytest.mark.e2e


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.peers)])
def where(request: pytest.FixtureRequest, ground: Ground) -> Iterator[str]:
    """The kind of database that both access points use, with settings that say so."""
    if request.param == "SQLite":
        yield "SQLite"
        return
    before = {name: (ground.folder / f"{name}.toml").read_text(encoding="utf-8") for name in "ab"}
    for name, text in before.items():
        (ground.folder / f"{name}.toml").write_text(text.replace(f'"{name}.db"', f'"{postgres()}"'), encoding="utf-8")
    yield "PostgreSQL"
    for name, text in before.items():
        (ground.folder / f"{name}.toml").write_text(text, encoding="utf-8")


def opened(settings: Path) -> Database:
    """The database that settings name."""
    from einvoice.service.channels import load

    return load(str(settings)).database()


def test_two_workers_deliver_each_message_once(ground: Ground, where: str) -> None:
    number = scale("COPIES", 200)
    ground.case(
        f"two workers with four hands each on one outbox in {where}, {number:,} messages", "each delivered once"
    )
    database = opened(ground.folder / "a.toml")
    with database.write():  # all in one transaction
        ground.queue(number, into=Outbox(database))
    with ground.receiving():
        began = time.monotonic()
        workers = [ground.start() for _ in range(2)]
        assert [worker.wait() for worker in workers] == [0, 0]
        took = time.monotonic() - began
    sent, inbox = Outbox(database).find(), Inbox(opened(ground.folder / "b.toml"))
    assert {(each.state, each.attempts, each.code) for each in sent} == {(State.DELIVERED, 1, "RECEIPT")}
    assert len(sent) == number
    with inbox.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT instance_id FROM inbound").scalars().all()
        assert ledger.broken_at(connection) is None
    with database.read() as connection:
        assert ledger.broken_at(connection) is None
        shares = connection.exec_driver_sql("SELECT count(*) FROM attempt").scalar_one()
    assert sorted(rows) == sorted(each.wire_id for each in sent)
    assert shares == number
    for each in (database, inbox.database):
        each.close()
    ground.found(
        f"{number:,} delivered, {len(set(rows)):,} identifiers at the receiver, {shares:,} attempts, all with receipts,"
        f" whole chains; {number / took:.0f} a second"
    )
