# SPDX-License-Identifier: Apache-2.0
"""A connection is used again while that is safe, and never when anything stirs on it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from einvoice.transport import connections
from einvoice.transport.base import Outcome
from einvoice.transport.connections import Connections
from tests.transport.network import Network, start, submission

if TYPE_CHECKING:
    from collections.abc import Iterator

PEER = ("localhost", 443, True, "policy")


@pytest.fixture
def network() -> Iterator[Network]:
    running = start()
    yield running
    running.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_messages_go_over_one_connection(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, int]] = []
    connect = socket.create_connection

    def counting(address: tuple[str, int], **more: Any) -> socket.socket:  # noqa: ANN401 - as socket has it
        made.append(address)
        return connect(address, **more)

    monkeypatch.setattr(socket, "create_connection", counting)
    for number in range(3):
        wanted = msgspec.structs.replace(submission(), key=f"0000000{number}-0000-4000-8000-000000000000")
        prepared = network.submitter.prepare(wanted)
        assert network.submitter.submit(wanted, prepared, attempt=1).outcome is Outcome.DELIVERED
    assert len(network.drawer.kept) == 3
    assert len(made) == 2  # the publisher's, and one for all messages
    network.submitter.connections.close()


def test_a_connection_that_the_peer_closed_is_not_used(pair: tuple[socket.socket, socket.socket]) -> None:
    kept = Connections()
    kept.give(PEER, pair[0], 1e9)
    pair[1].close()
    assert kept.take(PEER) is None
    assert pair[0].fileno() == -1


@pytest.mark.parametrize("bound", ["_IDLE", "_OLD"])
def test_a_connection_that_is_idle_or_old_is_not_used(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    kept = Connections()
    monkeypatch.setattr(connections, bound, -1e12)
    kept.give(PEER, pair[0], 0.0)
    assert kept.take(PEER) is None


def test_a_connection_of_one_policy_is_not_used_under_another(pair: tuple[socket.socket, socket.socket]) -> None:
    kept = Connections()
    kept.give(PEER, pair[0], 1e9)
    assert kept.take((*PEER[:3], "another")) is None
    found = kept.take(PEER)
    assert found is not None
    assert found[0] is pair[0]


@pytest.mark.parametrize("act", ["take", "give"])
def test_what_is_idle_is_closed_whomever_it_leads_to(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    kept, other = Connections(), ("elsewhere", *PEER[1:])
    kept.give(other, pair[0], 1e9)
    monkeypatch.setattr(connections, "_IDLE", -1e12)
    if act == "take":
        assert kept.take(PEER) is None
    else:
        kept.give(PEER, pair[1], 1e9)
    assert pair[0].fileno() == -1


def test_of_too_many_those_stay_that_were_used_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MOST", 2)
    kept, pairs = Connections(), [socket.socketpair() for _ in range(3)]
    for number, (ours, _) in enumerate(pairs):
        kept.give((f"host{number}", *PEER[1:]), ours, 1e9)
    assert [ours.fileno() == -1 for ours, _ in pairs] == [True, False, False]
    assert kept.take(("host0", *PEER[1:])) is None
    assert kept.take(("host2", *PEER[1:])) == (pairs[2][0], 1e9)
    kept.close()
    for each in pairs:
        each[0].close()
        each[1].close()
