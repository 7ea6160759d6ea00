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
    from collections.abc import Sequence

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


@pytest.mark.parametrize("point", ["before-bytes-are-kept", "before-attempt", "after-post"])
def test_a_sender_that_dies_over_an_open_form_is_followed_by_another(ground: Ground, point: str) -> None:
    ground.case(f"queued in an outage, then sender: SIGKILL {SENDER[point]}", "formed and delivered once, by the next")
    ground.put_off(2)
    ground.forget_leases()
    with ground.receiving():
        assert ground.courier(point) == -signal.SIGKILL
        ground.forget_leases()
        ground.work_off()
        ground.check(2)


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


STAGES = {
    "claimed": "lease_until IS NOT NULL",
    "bytes are kept": "wire IS NOT NULL AND state <> 'delivered'",
    "an attempt is under way": "state = 'sending'",
    "one is delivered": "state = 'delivered' AND changed > {since}",
}


def killed(ground: Ground, kills: int, stages: Sequence[str]) -> int:
    """Kill sender and receiver, each time soon after a stage was reached; how many kills met a message on its way."""
    dice = random.Random(kills)  # noqa: S311 - no secret
    each, hits, box = 3, 0, ground.outbox()
    for number in range(kills):
        ground.queue(each, first=each * number, into=box)
        since = time.time_ns() // 1000
        point = ground.nursery.fork("point", ground.folder / "b.toml")
        worker = ground.start()
        _wait(box, STAGES[dice.choice(stages)].format(since=since))
        time.sleep(dice.uniform(0.0, 0.25 / len(stages)))
        hits += _asked(box, "SELECT 1 FROM message WHERE state NOT IN ('queued', 'delivered') LIMIT 1")
        for child in (worker, point) if number % 2 else (point, worker):
            child.kill()
        ground.forget_leases(box)
    box.database.close()
    with ground.receiving():
        assert ground.courier() == 0
        ground.work_off(seconds=60 + kills)
        ground.check(each * kills)
    return hits


def test_sender_and_receiver_are_killed_at_random(ground: Ground) -> None:
    """``EINVOICE_KILLS`` says how often; a few are enough to show it, some hundred to believe it."""
    kills = scale("KILLS", 6)
    hits = killed(ground, kills, ["claimed"])
    ground.case(
        f"sender and receiver: SIGKILL at {kills} random instants, {hits} of them with a message on its way",
        "delivered once, by who comes next",
    )


def test_sender_and_receiver_are_killed_at_every_stage(ground: Ground) -> None:
    """As above, and about as often late as early; ``EINVOICE_STAGES`` says how often."""
    kills = scale("STAGES", 6)
    hits = killed(ground, kills, list(STAGES))
    ground.case(
        f"sender and receiver: SIGKILL {kills} times, soon after a message was claimed, its bytes were kept, its"
        f" attempt began or one was delivered; {hits} times with a message on its way",
        "delivered once, by who comes next",
    )


def _wait(box: Outbox, stage: str) -> None:
    """Until a message has come so far, or it takes suspiciously long."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not _asked(box, f"SELECT 1 FROM message WHERE {stage} LIMIT 1"):  # noqa: S608
        time.sleep(0.005)


def _asked(box: Outbox, question: str) -> bool:
    with box.database.read() as connection:
        return connection.exec_driver_sql(question).first() is not None
