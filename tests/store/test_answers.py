# SPDX-License-Identifier: Apache-2.0
"""What a document says is written down once, beside the message that it is about, and never changes its state."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from einvoice.store import ledger
from einvoice.store.answers import DOCUMENT, INVOICE_RESPONSE, MESSAGE_STATUS, WAITING, Answers, Noted, Sent
from einvoice.store.database import Database
from einvoice.store.inbox import Arrival, Inbox, Received
from einvoice.store.outbox import Message, Order, Outbox
from einvoice.store.tables import State
from tests.store.test_outbox import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.peers)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    opened = Database(postgres() if request.param == "postgresql" else str(tmp_path / "store.db"))
    yield opened
    opened.close()


@pytest.fixture
def answers(database: Database) -> Answers:
    return Answers(database)


def arrived(database: Database, number: int) -> Received:
    arrival = Arrival(
        channel="as4",
        sender="PBE000001",
        wire_id=f"{number}@a",
        digest=f"d{number}",
        payload=f"<answer>{number}</answer>".encode(),
        media_type="application/xml",
        instance_id=f"uuid-{number}",
    )
    return Inbox(database).store(arrival)[0]


def sent(database: Database, key: str = "one") -> Message:
    order = Order(key=key, channel="as4", payload=key.encode(), media_type="text/plain", request={}, number="RE-1")
    return Outbox(database).submit(order)


def said(received: Received, message: Message | None, status: str = "AP", kind: str = INVOICE_RESPONSE) -> Noted:
    about = {"issued": "2026-11-22", "reasons": ["REF"]}
    return Noted(inbound=received.id, kind=kind, message=message.id if message else None, status=status, about=about)


def kinds(database: Database, subject: str) -> list[str]:
    with database.read() as connection:
        return [event.kind for event in ledger.read(connection, subject)]


def test_an_answer_is_noted_once_and_leaves_the_state_alone(database: Database, answers: Answers) -> None:
    message, received = sent(database), arrived(database, 1)
    noted = answers.note(said(received, message))
    assert noted is not None
    assert noted.counts
    assert answers.note(said(received, message, "RE")) is None
    assert answers.of(received.id) == noted
    assert answers.concerning(message.id) == [noted]
    assert answers.current([message.id])[message.id].buyer == noted
    assert Outbox(database).get(message.id).state is State.QUEUED
    assert kinds(database, message.id) == ["queued", "answered"]
    assert kinds(database, received.id) == ["received", "sorted"]
    with database.read() as connection:
        assert ledger.broken_at(connection) is None


def test_an_answer_that_does_not_count_is_kept_with_the_reason(database: Database, answers: Answers) -> None:
    message = sent(database)
    answers.note(said(arrived(database, 1), message))
    seen: list[int] = []

    def late(before: object) -> str:
        seen.append(len(before))  # type: ignore[arg-type]
        return "too late"

    passed = answers.note(said(arrived(database, 2), message, "IP"), late)
    assert passed is not None
    assert not passed.counts
    assert passed.about["passed_over"] == "too late"
    assert seen == [1]
    current = answers.current([message.id])[message.id].buyer
    assert current is not None
    assert current.status == "AP"
    assert kinds(database, message.id)[-1] == "passed-over"


def test_buyer_and_access_point_are_told_apart(database: Database, answers: Answers) -> None:
    message = sent(database)
    answers.note(said(arrived(database, 1), message, "AB", MESSAGE_STATUS))
    answers.note(said(arrived(database, 2), message, "RE"))
    current = answers.current([message.id, "unknown"])
    assert set(current) == {message.id}
    assert (current[message.id].point.status, current[message.id].buyer.status) == ("AB", "RE")  # type: ignore[union-attr]
    assert kinds(database, message.id) == ["queued", "status", "answered"]


def test_what_finds_no_message_is_kept(database: Database, answers: Answers) -> None:
    received = arrived(database, 1)
    noted = answers.note(said(received, None))
    assert noted is not None
    assert not noted.counts
    assert answers.waiting() == []


def test_documents_wait_until_somebody_looked_at_them(database: Database, answers: Answers) -> None:
    first, second, third = (arrived(database, number) for number in (1, 2, 3))
    assert answers.waiting(limit=2) == [first, second]
    answers.set_aside([first, second])
    answers.set_aside([first, third])
    assert answers.waiting() == []
    found = answers.of(third.id)
    assert found is not None
    assert found.kind == DOCUMENT
    assert kinds(database, third.id) == ["received"]


def test_of_many_who_look_at_once_one_writes(database: Database, answers: Answers) -> None:
    message, received = sent(database), arrived(database, 1)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: answers.note(said(received, message)), range(16)))
    assert len([each for each in found if each is not None]) == 1
    assert kinds(database, message.id).count("answered") == 1


def test_a_reply_is_tied_to_what_it_answers_once(database: Database, answers: Answers) -> None:
    message, received = sent(database), arrived(database, 1)
    reply = Sent(message=message.id, inbound=received.id, kind=INVOICE_RESPONSE, status="AP", about={"a": 1})
    for _ in range(2):
        answers.replied(reply)
    assert answers.replies(received.id) == [reply]
    assert answers.replies("other") == []
    assert kinds(database, received.id) == ["received", "replied"]


def test_why_somebody_could_not_be_told_is_in_the_ledger(database: Database, answers: Answers) -> None:
    received = arrived(database, 1)
    answers.untold(received, "no country")
    assert kinds(database, received.id) == ["received", "not-told"]


def older(path: Path, version: str, *statements: str) -> None:
    """Make a database what an earlier release left."""
    database = Database(str(path))
    with database.write() as connection:
        for statement in ("DROP INDEX inbound_waiting", "ALTER TABLE inbound DROP COLUMN noted", *statements):
            connection.execute(text(statement))
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    database.close()


def test_an_older_database_is_brought_up_to_date_and_its_documents_wait(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "old.db"))
    received = arrived(database, 1)
    database.close()
    gone = ("DROP TABLE answer", "DROP TABLE reply", "DROP INDEX message_number", "DROP INDEX message_wire_id")
    older(tmp_path / "old.db", "0001", *gone)
    again = Database(str(tmp_path / "old.db"))
    assert Answers(again).waiting() == [received]
    again.close()


def test_what_somebody_looked_at_before_an_update_does_not_wait_after_it(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "old.db"))
    looked_at, waits = arrived(database, 1), arrived(database, 2)
    Answers(database).set_aside([looked_at])
    database.close()
    older(tmp_path / "old.db", "0002")
    again = Database(str(tmp_path / "old.db"))
    assert Answers(again).waiting() == [waits]
    again.close()


def test_an_answer_that_another_release_wrote_down_waits_no_longer(database: Database, answers: Answers) -> None:
    received = arrived(database, 1)
    answers.set_aside([received])
    with database.write() as connection:
        connection.execute(text("UPDATE inbound SET noted = NULL"))
    assert answers.waiting() == [received]
    assert answers.note(Noted(inbound=received.id, kind=DOCUMENT)) is None
    assert answers.waiting() == []


def test_what_waits_is_found_by_an_index_of_its_own(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "store.db"))
    asked = str(WAITING.limit(100).compile(database.engine, compile_kwargs={"literal_binds": True}))
    with database.read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
    database.close()
    assert plan == ["SCAN inbound USING INDEX inbound_waiting"]
