# SPDX-License-Identifier: Apache-2.0
"""What came in is kept with its answer; what comes again gets the same answer and is no second document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import StoreError
from einvoice.store.database import Database
from einvoice.store.inbox import Arrival, Inbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = Arrival(
    channel="as4",
    sender="PBE000001",
    wire_id="1@a",
    digest="d1",
    payload=b"<Invoice/>",
    media_type="application/xml",
    instance_id="uuid-1",
    answer=b"<receipt/>",
)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    database = Database(str(tmp_path / "store.db"))
    yield Inbox(database)
    database.close()


def test_a_repeated_message_gets_the_answer_it_got(inbox: Inbox) -> None:
    stored, new = inbox.store(FIRST)
    again, newer = inbox.store(msgspec.structs.replace(FIRST, answer=b"<another/>"))
    assert (new, newer, again) == (True, False, stored)
    assert inbox.answer(again) == b"<receipt/>"
    assert inbox.known("as4", "PBE000001", "1@a") == stored
    assert inbox.content(stored) == b"<Invoice/>"


def test_one_identifier_for_two_messages_is_refused(inbox: Inbox) -> None:
    inbox.store(FIRST)
    with pytest.raises(StoreError, match="before"):
        inbox.store(msgspec.structs.replace(FIRST, digest="d2"))


def test_a_document_under_a_second_identifier_is_kept_and_not_delivered_twice(inbox: Inbox) -> None:
    first, _ = inbox.store(FIRST)
    second, new = inbox.store(msgspec.structs.replace(FIRST, wire_id="2@a", digest="d2"))
    assert new
    assert second.duplicate_of == first.id
    assert inbox.find() == [first]
    assert inbox.latest(5) == ([first], 0)


def test_the_latest_are_the_newest_first_and_the_others_are_counted(inbox: Inbox) -> None:
    came = []
    for day in range(1, 6):
        inbox.clock = lambda day=day: datetime(2026, 11, day, tzinfo=UTC)  # type: ignore[misc]
        came.append(inbox.store(msgspec.structs.replace(FIRST, wire_id=f"{day}@a", instance_id=f"uuid-{day}"))[0])
    assert inbox.latest(2) == ([came[4], came[3]], 3)
    inbox.take(came[4].id)
    assert inbox.latest(2, new=True) == ([came[3], came[2]], 2)
    assert inbox.latest(9, new=True)[1] == 0


def test_another_document_under_an_instance_identifier_that_was_used_is_no_duplicate(inbox: Inbox) -> None:
    """A sender that numbers badly, or one that took another one's identifier, makes no document disappear."""
    inbox.store(FIRST)
    second, _ = inbox.store(msgspec.structs.replace(FIRST, wire_id="2@a", digest="d2", payload=b"<Invoice>2</Invoice>"))
    assert second.duplicate_of is None
    assert len(inbox.find(new=True)) == 2


@pytest.mark.parametrize(
    "other",
    [{"sender": "PBE000002"}, {"about": {"sender": "9915:c", "receiver": "9915:a"}}, {"about": {"sender": "9915:b"}}],
    ids=["another access point", "another participant", "another receiver"],
)
def test_a_copy_that_somebody_else_sent_hides_no_document(inbox: Inbox, other: dict[str, object]) -> None:
    """Whoever sends a copy first, from an address that nobody believes, does not make the genuine one disappear."""
    genuine = msgspec.structs.replace(FIRST, about={"sender": "9915:b", "receiver": "9915:a"})
    inbox.store(msgspec.structs.replace(genuine, wire_id="0@c", digest="d0", **other))
    stored, _ = inbox.store(genuine)
    again, _ = inbox.store(msgspec.structs.replace(genuine, wire_id="2@a", digest="d2"))
    assert stored.duplicate_of is None
    assert stored in inbox.find()
    assert again.duplicate_of == stored.id


def test_what_is_the_same_whoever_sends_it_is_handed_on_once(inbox: Inbox) -> None:
    """As an invoice that a colleague forwards."""
    first, _ = inbox.store(FIRST)
    forwarded = msgspec.structs.replace(FIRST, sender="colleague@x", wire_id="9@c", digest="d9", anybodys=True)
    assert inbox.store(forwarded)[0].duplicate_of == first.id


def test_a_document_is_handed_on_once(inbox: Inbox) -> None:
    first, _ = inbox.store(FIRST)
    assert [each.id for each in inbox.find(new=True)] == [first.id]
    taken = inbox.take(first.id)
    assert taken.taken is not None
    assert inbox.take(first.id) == taken
    assert inbox.find(new=True) == []
    with pytest.raises(StoreError, match="no document"):
        inbox.take("none")
