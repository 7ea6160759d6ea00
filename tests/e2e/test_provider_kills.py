# SPDX-License-Identifier: Apache-2.0
"""Couriers that are killed while they send through a provider: every document is taken, and none a second time."""

from __future__ import annotations

import base64
import random
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from einvoice.service.courier import Courier
from einvoice.store import ledger
from einvoice.store.outbox import Order
from einvoice.store.tables import State
from tests.e2e.ground import Nursery, ended, scale, spawn
from tests.transport.provider.accounts import INVOICE, SECRET, VARIABLE, account, submission
from tests.transport.provider.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

DEATHS = ("before-bytes-are-kept", "before-attempt", "after-post", "after-commit")


@pytest.fixture(params=["peppyrus", "e-invoice-be"])
def here(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A provider that cannot tell a repetition, which settles quickly, and one to which it means nothing."""
    monkeypatch.setenv(VARIABLE, SECRET)
    with account(request.param) as found:
        settle = "" if request.param == "e-invoice-be" else "settle = 0.2"
        installation = Installation(tmp_path, found, settle)
        installation.tick()
        yield installation
        installation.close()


def queue(here: Installation, number: int) -> None:
    for each in range(number):
        payload = INVOICE.replace(b"RE-1", f"RE-{each}".encode())
        here.outbox.submit(
            Order(
                key=f"k{each}",
                channel="mine",
                payload=payload,
                media_type="application/xml",
                request=submission().request,
            )
        )


def forget_pauses(here: Installation) -> None:
    """As if the leases of the dead were over, and every pause."""
    with here.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE message SET lease_until = NULL, due = 0 WHERE state NOT IN ('delivered', 'rejected', 'held')"
        )


def taken(here: Installation) -> Counter[bytes]:
    """How many times each document was taken for sending."""
    stub = here.account.stub
    if here.account.kind == "peppyrus":
        return Counter(base64.b64decode(each["fileContent"]) for each in stub.messages.values())
    return Counter(each["xml"] for each in stub.documents.values() for _ in range(each["sends"]))


def work_off(here: Installation) -> None:
    """Work until every document is delivered."""
    courier = Courier(here.outbox, here.channels)
    ends = time.monotonic() + 60
    while any(each.state is not State.DELIVERED for each in here.outbox.find()):
        assert time.monotonic() < ends, [(each.state, each.code, each.detail) for each in here.outbox.find()]
        here.delivers()
        forget_pauses(here)
        if courier.step() is None:
            time.sleep(0.02)


def check(here: Installation, number: int) -> None:
    assert taken(here) == {INVOICE.replace(b"RE-1", f"RE-{each}".encode()): 1 for each in range(number)}
    with here.database.read() as connection:
        assert ledger.broken_at(connection) is None


@pytest.mark.parametrize("here", ["peppyrus"], indirect=True)
@pytest.mark.parametrize("point", DEATHS)
def test_a_courier_that_dies_is_followed_by_another(here: Installation, point: str) -> None:
    queue(here, 2)
    process = spawn("courier", point, here.settings)
    with ended(process):
        assert process.wait(timeout=60) == -signal.SIGKILL
    forget_pauses(here)
    work_off(here)
    check(here, 2)


def test_couriers_that_die_at_random_instants(here: Installation) -> None:
    """``EINVOICE_KILLS=500`` plays it longer."""
    number, chance = 30, random.Random(45)  # noqa: S311 - instants
    queue(here, number)
    here.account.stub.slow = 0.03  # most of the time a document is taken and nobody has written it down
    nursery = Nursery()
    try:
        for _ in range(scale("KILLS", 15)):
            child = nursery.fork("courier", here.settings)
            time.sleep(chance.uniform(0.1, 0.4))
            child.kill()
            forget_pauses(here)
    finally:
        nursery.close()
    here.account.stub.slow = 0.0
    work_off(here)
    check(here, number)
