# SPDX-License-Identifier: Apache-2.0
"""The access point as a server: a peer costs a thread and its deadline, and no more."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from einvoice.transport.as4.receiver import Reply
from einvoice.transport.server import As4Server, run_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST = b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"


@pytest.fixture
def server() -> Iterator[As4Server]:
    made = As4Server(("127.0.0.1", 0), lambda _kind, body: Reply(200, "text/plain", body), deadline=1.5, peers=2)
    run_in_thread(made)
    yield made
    made.shutdown()
    made.server_close()


def connect(server: As4Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=10)


def answer(server: As4Server) -> bytes:
    """What a well-behaved peer gets; nothing where it is turned away."""
    with connect(server) as peer:
        peer.sendall(REQUEST)
        try:
            return peer.recv(1000)
        except ConnectionError:
            return b""


def test_peers_that_send_nothing_whole_are_cut_and_others_served_again(server: As4Server) -> None:
    with connect(server) as first, connect(server) as second:
        for silent in (first, second):
            silent.sendall(b"POST /as4 HTTP/1.1\r\nHos")
        time.sleep(0.2)
        assert answer(server) == b""  # both threads are taken
        assert first.recv(10) == b""  # cut at the deadline, before the headers were whole
        assert second.recv(10) == b""
    assert answer(server).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_never_ends_is_cut(server: As4Server) -> None:
    with connect(server) as peer:
        peer.sendall(b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx")
        assert peer.recv(10) == b""
