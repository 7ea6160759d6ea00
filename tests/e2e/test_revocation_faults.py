# SPDX-License-Identifier: Apache-2.0
"""Certificates that were taken back, and lists of them that cannot be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.service.testbed import revoke
from einvoice.store.tables import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.ground import Ground

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def _forgiven(ground: Ground) -> Iterator[None]:
    """Nobody stays revoked, the lists are there again, and the settings say what they said."""
    lists = ground.running.publisher.lists
    texts = {name: (ground.folder / name).read_bytes() for name in ("a.toml", "b.toml")}
    yield
    ground.running.publisher.lists = lists
    (ground.folder / "issuers" / "revoked").unlink(missing_ok=True)
    for name, text in texts.items():
        (ground.folder / name).write_bytes(text)


def settled(ground: Ground) -> list[tuple[State, str | None]]:
    box = ground.outbox()
    found = [(each.state, each.code) for each in box.find()]
    box.database.close()
    return found


def test_a_receiver_whose_certificate_was_revoked_gets_nothing(ground: Ground) -> None:
    ground.case(
        "the certificate of the receiver was revoked; its metadata still name it", "held for a person, nothing is sent"
    )
    ground.queue(2)
    revoke(ground.folder, "b")
    with ground.receiving():
        assert ground.courier() == 0
    assert settled(ground) == [(State.HELD, "REVOKED")] * 2
    ground.found("2 held with REVOKED, no attempt was made")


def test_a_sender_whose_certificate_was_revoked_is_not_listened_to(ground: Ground) -> None:
    ground.case("the certificate of the sender was revoked", "refused with a signed error; nothing is stored")
    ground.queue(1)
    revoke(ground.folder, "a")
    with ground.receiving():
        assert ground.courier() == 0
        ground.forget_leases()
        assert ground.courier() == 0
    [(state, code)] = settled(ground)
    assert state not in {State.DELIVERED, State.ACCEPTED}
    assert code == "EBMS:0101"
    ground.found(f"{state} with EBMS:0101")


def test_lists_that_cannot_be_had_hold_everything_up(ground: Ground) -> None:
    ground.case(
        "the host of the revocation lists is down, and comes back", "nothing is sent meanwhile, delivered once after"
    )
    ground.queue(3)
    lists, ground.running.publisher.lists = ground.running.publisher.lists, {}
    with ground.receiving():
        assert ground.courier() == 0
        assert settled(ground) == [(State.RETRY, "REVOCATION")] * 3
        ground.running.publisher.lists = lists
        ground.forget_leases()
        assert ground.courier() == 0
        ground.work_off()
        ground.check(3)


def test_lists_that_cannot_be_had_hold_nothing_up_where_that_is_said(ground: Ground) -> None:
    ground.case('the host of the revocation lists is down, revocation = "soft"', "delivered once")
    for name in ("a.toml", "b.toml"):
        path = ground.folder / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("[as4]\n", '[as4]\nrevocation = "soft"\n'), encoding="utf-8")
    ground.queue(3)
    ground.running.publisher.lists = {}
    with ground.receiving():
        assert ground.courier() == 0
        ground.check(3)
