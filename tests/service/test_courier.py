# SPDX-License-Identifier: Apache-2.0
"""A courier goes on whatever a channel does, and never says more of a message than is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from einvoice.service.courier import Courier
from einvoice.store.database import Database
from einvoice.store.outbox import Order, Outbox
from einvoice.store.tables import State
from einvoice.transport.base import Capabilities, Outcome, Prepared, Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Channel:
    """A way out that stumbles where it is told to."""

    capabilities = Capabilities(idempotent=True)

    def __init__(self, prepare: Exception | None = None, submit: Exception | None = None) -> None:
        self.faults = {"prepare": prepare, "submit": submit}

    def prepare(self, submission: Any) -> Prepared:  # noqa: ANN401 - whatever comes
        self._stumble("prepare")
        return Prepared(wire=submission.payload, media_type="text/plain")

    def submit(self, *_: object, attempt: int) -> Result:
        del attempt
        self._stumble("submit")
        return Result(outcome=Outcome.DELIVERED)

    def _stumble(self, where: str) -> None:
        fault = self.faults[where]
        if fault is not None:
            raise fault


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    database = Database(str(tmp_path / "store.db"))
    yield Outbox(database)
    database.close()


def order(key: str, channel: str = "bad") -> Order:
    return Order(key=key, channel=channel, payload=key.encode(), media_type="text/plain", request={})


def carried(outbox: Outbox, **channels: Any) -> dict[str, State]:  # noqa: ANN401 - anything like a channel
    list(Courier(outbox, channels).run(once=True))
    return {message.key: message.state for message in outbox.find()}


@pytest.mark.parametrize("fault", [UnicodeError("label"), KeyError("receiver"), OSError("disk")])
def test_a_message_that_nobody_foresaw_stops_no_other(outbox: Outbox, fault: Exception) -> None:
    for key, channel in (("1", "unprepared"), ("2", "unsent"), ("3", "good")):
        outbox.submit(order(key, channel))
    found = carried(outbox, unprepared=Channel(prepare=fault), unsent=Channel(submit=fault), good=Channel())
    assert found == {"1": State.HELD, "2": State.IN_DOUBT, "3": State.DELIVERED}
    assert {message.code for message in outbox.find()} == {"INTERNAL", None}


def test_a_document_that_was_changed_in_the_archive_does_not_go_out(outbox: Outbox) -> None:
    taken = outbox.submit(order("1"))
    with outbox.database.write() as connection:
        connection.exec_driver_sql("UPDATE document SET content = x'00'")
    assert carried(outbox, bad=Channel()) == {"1": State.HELD}
    assert outbox.get(taken.id).code == "ARCHIVE"


def test_a_message_in_doubt_stays_in_doubt_where_its_channel_is_gone(outbox: Outbox) -> None:
    taken = outbox.submit(order("1"))
    carried(outbox, bad=Channel(submit=OSError("cut")))
    outbox.release(taken.id, hold=False)
    assert carried(outbox) == {"1": State.IN_DOUBT}


class Busy(Channel):
    """A way out that is busy again and again, and keeps what it was told of the attempts before."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, ...] | None] = []

    def submit(self, *given: object, attempt: int) -> Result:
        made = given[1]
        assert isinstance(made, Prepared)
        self.told.append(made.codes)
        return Result(outcome=Outcome.RETRY, code=f"BUSY:{attempt}", renew=attempt == 1)


def test_a_channel_is_told_what_the_earlier_attempts_came_to(tmp_path: Path) -> None:
    """Whether the bytes were made anew in between or not."""
    later = [datetime(2026, 11, 22, tzinfo=UTC)]
    database = Database(str(tmp_path / "store.db"))
    outbox, busy = Outbox(database, lambda: later[0]), Busy()
    outbox.submit(order("1", "busy"))
    for _ in range(3):
        carried(outbox, busy=busy)
        later[0] += timedelta(days=1)
    assert busy.told == [(), ("BUSY:1",), ("BUSY:1", "BUSY:2")]
    database.close()


class Service(Channel):
    """A service in between: takes a document, and tells later what became of it."""

    capabilities = Capabilities(polls=True)

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0
        self.asked: list[str] = []

    def submit(self, *_: object, attempt: int) -> Result:
        self.taken += 1
        return Result(outcome=Outcome.ACCEPTED, remote_id=f"r{attempt}")

    def poll(self, remote_id: str) -> Result:
        self.asked.append(remote_id)
        return Result(outcome=Outcome.DELIVERED)


def test_what_was_accepted_is_asked_for_after_a_courier_without_its_channel_had_it(tmp_path: Path) -> None:
    later = [datetime(2026, 11, 22, tzinfo=UTC)]
    database = Database(str(tmp_path / "store.db"))
    outbox, service = Outbox(database, lambda: later[0]), Service()
    taken = outbox.submit(order("1", "service"))
    settings: list[dict[str, Any]] = [{"service": service}, {}, {"service": service}]
    steps = []
    for channels in settings:
        Courier(outbox, channels).step()
        steps.append((outbox.get(taken.id).state, outbox.get(taken.id).code))
        later[0] += timedelta(days=1)
    database.close()
    assert steps == [(State.ACCEPTED, None), (State.ACCEPTED, "CHANNEL"), (State.DELIVERED, None)]
    assert (service.taken, service.asked) == (1, ["r1"])


class Away(Channel):
    """A way out that is not there, so that nothing leaves; keeps whether it was told of a doubt."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[bool] = []

    def submit(self, *given: Any, attempt: int) -> Result:  # noqa: ANN401 - the submission and its bytes
        del attempt
        self.told.append(given[1].unsure)
        return Result(outcome=Outcome.RETRY)


@pytest.mark.parametrize("died", [False, True])
def test_an_attempt_is_told_whether_any_earlier_one_may_have_delivered(tmp_path: Path, died: bool) -> None:  # noqa: FBT001
    later = [datetime(2026, 11, 22, tzinfo=UTC)]
    database = Database(str(tmp_path / "store.db"))
    outbox, channel = Outbox(database, lambda: later[0]), Away()
    channels: dict[str, Any] = {"away": channel}
    outbox.submit(order("1", "away"))
    if died:
        [claimed] = outbox.claim_some("dies", 1)
        outbox.begin(outbox.prepared(claimed, b"1", "text/plain", {}))
        later[0] += timedelta(hours=9)
    for _ in range(3):
        Courier(outbox, channels).step()
        later[0] += timedelta(hours=9)
    database.close()
    assert channel.told == [died] * 3
