# SPDX-License-Identifier: Apache-2.0
"""The French life cycle follows from the state of a message and from what was answered, and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.codes.responses import INVOICE_STATUSES, PHASE_TREATMENT, life_cycle, names
from einvoice.service.projection import TO_LIFE_CYCLE, business_status, projected
from einvoice.store.answers import INVOICE_RESPONSE, LIFE_CYCLE, MESSAGE_STATUS, Current, Noted
from einvoice.store.database import Database
from einvoice.store.outbox import Order, Outbox, Settlement
from tests.service.answered import delivered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.store.outbox import Message


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(str(tmp_path / "store.db"))
    yield opened
    opened.close()


def noted(kind: str, status: str, *reasons: str) -> Noted:
    return Noted(inbound="i", kind=kind, message="m", status=status, counts=True, about={"reasons": list(reasons)})


def codes(message: Message, current: Current | None = None) -> list[str]:
    return [each.code for each in projected(message, current or Current())]


def test_every_status_of_a_response_has_one_that_the_buyer_says() -> None:
    assert list(TO_LIFE_CYCLE) == ["AB", "IP", "UQ", "CA", "AP", "RE", "PD"]
    assert set(TO_LIFE_CYCLE) == set(names(INVOICE_STATUSES))
    assert all(life_cycle()[code].role == "BY" for code in TO_LIFE_CYCLE.values())


def test_there_and_back_means_the_same() -> None:
    assert all(business_status(code) == status for status, code in TO_LIFE_CYCLE.items() if status != "AB")


def test_what_platforms_say_is_nothing_that_the_buyer_says() -> None:
    platforms = [code for code, each in life_cycle().items() if each.phase != PHASE_TREATMENT]
    assert [business_status(code) for code in platforms] == [None] * len(platforms)


def test_a_message_that_waits_is_deposited_and_a_delivered_one_handed_on(database: Database) -> None:
    order = Order(key="k", channel="as4", payload=b"x", media_type="text/plain", request={}, number="1")
    assert codes(Outbox(database).submit(order)) == ["200"]
    assert codes(delivered(database)) == ["200", "201"]


def test_what_could_not_be_handed_on_stays_deposited_with_the_reason(database: Database) -> None:
    outbox = Outbox(database)
    outbox.submit(Order(key="k", channel="as4", payload=b"x", media_type="text/plain", request={}))
    claimed = outbox.claim("test")
    assert claimed is not None
    rejected = outbox.settle(claimed, Settlement(outcome="rejected", code="NOT_SERVED"))
    [only] = projected(rejected, Current())
    assert (only.code, only.reason) == ("200", "NON_TRANSMISE")


def test_answers_come_after_the_delivery(database: Database) -> None:
    message = delivered(database)
    point, buyer = noted(MESSAGE_STATUS, "AB"), noted(INVOICE_RESPONSE, "CA", "REF", "no order")
    assert codes(message, Current(buyer=buyer, point=point)) == ["200", "201", "203", "206"]
    assert projected(message, Current(buyer=buyer))[-1].told == "REF; no order"
    assert codes(message, Current(point=noted(MESSAGE_STATUS, "RE"))) == ["200", "201", "213"]
    assert codes(message, Current(buyer=noted(LIFE_CYCLE, "208"))) == ["200", "201", "208"]
    assert projected(message, Current(buyer=noted(LIFE_CYCLE, "208")))[-1].name == "Suspendue"
