# SPDX-License-Identifier: Apache-2.0
"""A worker whose database is away says so once, however many hands it has, and once when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.errors import StoreError
from einvoice.service import crew
from einvoice.service.courier import Courier
from einvoice.store.database import Database
from einvoice.store.outbox import Outbox

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_outage_is_said_once_and_its_end_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(str(tmp_path / "store.db"))
    said: list[str] = []
    rounds = 0
    real = Outbox.claim_some

    def away(outbox: Outbox, worker: str, count: int) -> object:
        nonlocal rounds
        rounds += 1
        if rounds % 100 < 20:
            raise StoreError("the database does not answer as it should: gone", code="DATABASE", source="sqlite:///x")
        return real(outbox, worker, count)

    monkeypatch.setattr(Outbox, "claim_some", away)
    monkeypatch.setattr("threading.Event.wait", lambda *_: True)
    courier = Courier(Outbox(database), {}, tell=said.append)
    list(crew.work(courier, stop=lambda: rounds >= 60))
    database.close()
    assert said == [
        "sqlite:///x: the database does not answer as it should: gone; tried again until it does",
        "the database answers again",
    ]
