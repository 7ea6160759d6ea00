# SPDX-License-Identifier: Apache-2.0
"""An inbox of any length is listed from its newest document, and only what is listed is read."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from einvoice.store.database import Database
from einvoice.store.inbox import Arrival, Inbox
from tests.cli.test_send import call

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.store.inbox import Received


@pytest.fixture
def inbox_of_three(tmp_path: Path) -> tuple[str, str]:
    """The option that names the settings of an inbox with the documents 1, 2 and 3, which came in this order."""
    (tmp_path / "e.toml").write_text('database = "e.db"\n[folder]\npath = "out"\n', encoding="utf-8")
    database = Database(str(tmp_path / "e.db"))
    for number in (1, 2, 3):
        inbox = Inbox(database, lambda number=number: datetime(2026, 11, number, tzinfo=UTC))  # type: ignore[misc]
        name, payload = f"S{number}", f"<a>{number}</a>".encode()
        inbox.store(
            Arrival(channel="as4", sender=name, wire_id=name, digest=name, payload=payload, media_type="text/xml")
        )
    database.close()
    return "--settings", str(tmp_path / "e.toml")


@pytest.mark.parametrize("form", ["text", "jsonl", "json"])
def test_a_long_inbox_is_listed_from_its_newest_and_the_rest_is_counted(
    inbox_of_three: tuple[str, str], form: str
) -> None:
    listed = call("inbox", "list", "--limit", "2", "--format", form, *inbox_of_three)
    assert re.findall(r"\bS\d\b", listed.stdout) == ["S3", "S2"]
    assert listed.stderr == "1 more, which came before these: --limit 3 lists all\n"
    if form == "json":
        assert len(json.loads(listed.stdout)) == 2
    everything = call("inbox", "list", "--limit", "3", "--format", form, *inbox_of_three)
    assert (re.findall(r"\bS\d\b", everything.stdout), everything.stderr) == (["S3", "S2", "S1"], "")


def test_only_so_many_documents_of_an_inbox_are_read_as_are_listed(
    inbox_of_three: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_ones = []
    real = Inbox.content

    def content(self: Inbox, which: Received) -> bytes:
        read_ones.append(which.sender)
        return real(self, which)

    monkeypatch.setattr(Inbox, "content", content)
    call("inbox", "list", "--limit", "1", *inbox_of_three)
    assert read_ones == ["S3"]
