# SPDX-License-Identifier: Apache-2.0
"""Sending and receiving through a provider from the command line, with a worker that goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.test_send import call
from tests.transport.provider.accounts import INVOICE, SECRET, VARIABLE, account
from tests.transport.provider.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["peppyrus", "storecove"])
def here(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A settings file with one provider that tells repetitions, and one that does not."""
    monkeypatch.setenv(VARIABLE, SECRET)
    with account(request.param) as found:
        installation = Installation(tmp_path, found)
        yield installation
        installation.close()


def test_an_invoice_goes_out_over_the_channel_that_is_named(here: Installation) -> None:
    source = here.ready().source
    planned = call("send", source, "--via", "mine", "--dry-run", "--settings", here.settings)
    assert planned.exit_code == 0, planned.output
    assert here.account.taken() == 0
    sent = call("send", source, "--via", "mine", "--settings", here.settings)
    assert sent.exit_code == 0, sent.output
    assert "accepted" in sent.output
    assert "mine" in sent.output
    assert call("send", source, "--via", "mine", "--settings", here.settings).exit_code == 0
    assert here.account.taken() == 1


def test_a_worker_asks_until_it_is_delivered(here: Installation) -> None:
    sent = call("send", here.ready().source, "--via", "mine", "--settings", here.settings)
    assert sent.exit_code == 0, sent.output
    here.delivers()
    with here.database.write() as connection:
        connection.exec_driver_sql("UPDATE message SET due = 0")  # as if the time had come
    worked = call("worker", "--once", "--settings", here.settings)
    assert worked.exit_code == 0, worked.output
    assert "delivered" in call("outbox", "list", "--settings", here.settings).output


def test_what_came_goes_into_the_inbox_once(here: Installation) -> None:
    here.account.stub.arrives(INVOICE)
    received = call("receive", "--settings", here.settings)
    assert received.exit_code == 0, received.output
    assert " new   mine" in received.output
    assert " new " not in call("receive", "--settings", here.settings).output
    assert len(call("inbox", "list", "--settings", here.settings).output.splitlines()) == 1


def test_a_provider_that_is_away_is_said_and_leaves_the_question_open(here: Installation) -> None:
    here.account.stub.close()
    received = call("receive", "--settings", here.settings)
    assert received.exit_code == 4
    assert "mine: " in received.output
    assert SECRET not in received.output


def test_a_channel_that_is_not_set_up_is_refused(here: Installation) -> None:
    sent = call("send", here.ready().source, "--via", "yours", "--settings", here.settings)
    assert sent.exit_code == 2
    assert "there is no channel 'yours'; there are as4, email, folder, mine" in sent.output


def test_a_secret_that_is_not_set_is_named_before_anything_is_queued(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = here.ready().source
    monkeypatch.delenv(VARIABLE)
    refused = call("send", source, "--via", "mine", "--settings", here.settings)
    assert refused.exit_code == 2
    assert f"{here.settings}: [provider.mine] the environment variable {VARIABLE} is not set" in refused.output
    assert call("outbox", "list", "--settings", here.settings).output == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[provider.email]\nkind = "peppyrus"\nsecret_variable = "X"', "is no name for a channel"),
        ('[provider."a b"]\nkind = "peppyrus"\nsecret_variable = "X"', "is no name for a channel"),
        ('[provider.x]\nkind = "nobody"\nsecret_variable = "X"', "there is no kind 'nobody'; there are phoss-ap"),
        ('[provider.x]\nkind = "phoss-ap"\nsecret_variable = "X"', "[provider.x]: url is missing"),
        ('[provider.x]\nkind = "storecove"\nsecret_variable = "X"', "legal_entity"),
        ('[provider.x]\nkind = "peppyrus"\nsecret_variable = "X"\nsecret = "no"', "secret"),
    ],
)
def test_settings_that_cannot_be_used_are_told_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    settings = tmp_path / "einvoice.toml"
    settings.write_text(text, encoding="utf-8")
    result = call("worker", "--once", "--settings", settings)
    assert result.exit_code != 0
    assert said in result.output
