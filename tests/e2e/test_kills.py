# SPDX-License-Identifier: Apache-2.0
"""Whatever dies and whenever: every document arrives, none under a second identity, and each ends with its proof."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from einvoice.service.channels import load
from einvoice.service.courier import Courier
from einvoice.store.tables import State
from tests.e2e.ground import scale

if TYPE_CHECKING:
    from einvoice.store.outbox import Outbox
    from tests.e2e.ground import Ground

pytestmark = pytest.mark.e2e

SENDER = {
    "before-lookup": "before the receiver is looked up",
    "before-bytes-are-kept": "after lookup and sealing, before the bytes are kept",
    "before-attempt": "within the transaction that keeps bytes and attempt",
    "before-post": "after the attempt was kept, before the first byte leaves",
    "after-post": "after the answer came, before the outcome is kept",
    "after-commit": "after the outcome was kept",
}
RECEIVER = {"before-store": "before it stores", "after-store": "after it stored, before it answers"}


@pytest.mark.parametrize("point", sorted(SENDER))
def test_a_sender_that_dies_is_followed_by_another(ground: Ground, point: str) -> None:
    ground.case(f"sender: SIGKILL {SENDER[point]}", "delivered once, by the next courier")
    ground.queue(3)
    with ground.receiving():
        assert ground.courier(point) == -signal.SIGKILL
        ground.forget_leases()
        ground.work_off()
        ground.check(3)


@pytest.mark.parametrize("point", sorted(RECEIVER))
def test_a_receiver_that_dies_gets_the_same_message_again(ground: Ground, point: str) -> None:
    ground.case(f"receiver: SIGKILL {RECEIVER[point]}", "in doubt, the same bytes again, delivered once")
    ground.queue(3)
    with ground.receiving(point) as dying:
        box = ground.outbox()
        found = Courier(box, load(str(ground.folder / "a.toml")).submitters()).step()
        assert found is not None
        assert found.state in {State.IN_DOUBT, State.RETRY}
        assert dying.wait() == -signal.SIGKILL
        box.database.close()
    with ground.receiving():
        ground.work_off()
        ground.check(3)


def test_sender_and_receiver_are_killed_at_random(ground: Ground) -> None:
    """``EINVOICE_KILLS`` says how often; a few are enough to show it, some hundred to believe it."""
    kills, each = scale("KILLS", 12), 3
    dice = random.Random(kills)  # noqa: S311 - no secret
    box, hits = ground.outbox(), 0
    for number in range(kills):
        ground.queue(each, first=each * number, into=box)
        point = ground.nursery.fork("point", ground.folder / "b.toml")
        worker = ground.start()
        _wait_for_work(box)
        time.sleep(dice.uniform(0.0, 0.25))
        hits += _asked(box, "SELECT 1 FROM message WHERE state NOT IN ('queued', 'delivered') LIMIT 1")
        for child in (worker, point) if number % 2 else (point, worker):
            child.kill()
        ground.forget_leases(box)
    box.database.close()
    ground.case(
        f"sender and receiver: SIGKILL at {kills} random instants, {hits} of them with a message on its way",
        "delivered once, by who comes next",
    )
    with ground.receiving():
        assert ground.courier() == 0
        ground.work_off(seconds=60 + kills)
        ground.check(each * kills)
    assert hits >= kills // 4  # the dice hit work that was under way


def _wait_for_work(box: Outbox) -> None:
    """Until a courier has claimed something."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if _asked(box, "SELECT 1 FROM message WHERE lease_until IS NOT NULL LIMIT 1"):
            return
        time.sleep(0.01)
    pytest.fail("no courier came")


def _asked(box: Outbox, question: str) -> bool:
    with box.database.read() as connection:
        return connection.exec_driver_sql(question).first() is not None
