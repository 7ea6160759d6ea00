# SPDX-License-Identifier: Apache-2.0
"""The access point as a server: a peer costs a thread and its deadline, and no more."""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from einvoice.transport.as4.receiver import Reply
from einvoice.transport.server import As4Server, Bounds, run_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST = b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"


@pytest.fixture
def server() -> Iterator[As4Server]:
    made = As4Server(
        ("127.0.0.1", 0), lambda _kind, body: Reply(200, "text/plain", body), bounds=Bounds(seconds=1.5, peers=2)
    )
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


def ask(server: As4Server, request: bytes) -> bytes:
    """What comes back for some bytes, as far as the end of the headers."""
    with connect(server) as peer:
        peer.sendall(request)
        got = b""
        while b"\r\n\r\n" not in got and (piece := peer.recv(1000)):
            got += piece
        return got


def test_a_slow_peer_that_moves_on_is_heard_to_its_end() -> None:
    bounds = Bounds(seconds=0.6, rate=100_000, peers=2)
    made = As4Server(("127.0.0.1", 0), lambda _kind, body: Reply(200, "text/plain", b"%d" % len(body)), bounds=bounds)
    run_in_thread(made)
    with connect(made) as peer:
        peer.sendall(b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n\r\n")
        for _ in range(12):
            time.sleep(0.1)
            peer.sendall(bytes(50_000))
        assert peer.recv(1000).startswith(b"HTTP/1.1 200 ")
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Content-Length: 1\r\nContent-Length: 2", b"400"),
        (b"Content-Length: 1\r\nTransfer-Encoding: chunked", b"400"),
        (b"Transfer-Encoding: gzip, chunked", b"400"),
        (b"Content-Length: " + b"9" * 5000, b"400"),
        (b"Content-Length: +1", b"400"),
    ],
)
def test_two_lengths_or_a_strange_one_are_no_length(server: As4Server, headers: bytes, status: bytes) -> None:
    assert ask(server, b"POST /as4 HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\nx").split()[1] == status


@pytest.mark.parametrize("chunk", [b"+1", b"0x1", b"1_0", b"-1", b"1" * 200])
def test_a_chunk_says_its_length_in_plain_digits(server: As4Server, chunk: bytes) -> None:
    head = b"POST /as4 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert ask(server, head + chunk + b"\r\nx\r\n0\r\n\r\n").split()[1] in {b"400", b"413"}


def test_large_messages_share_the_memory_and_small_ones_always_have_a_place() -> None:
    """Whoever finds no room is asked to come again; nobody's message is taken and lost."""
    inside, leave = threading.Event(), threading.Event()

    def receive(_kind: str, body: bytes) -> Reply:
        if len(body) > 1_000_000:
            inside.set()
            leave.wait(20)
        return Reply(200, "text/plain", b"")

    made = As4Server(("127.0.0.1", 0), receive, bounds=Bounds(memory=3_000_000, disk=5_000_000, peers=5))
    made.memory.patience = 0.1
    run_in_thread(made)
    large = b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + bytes(2_000_000)
    first: list[bytes] = []
    busy = threading.Thread(target=lambda: first.append(ask(made, large)))
    busy.start()
    assert inside.wait(20)
    refused = ask(made, large)
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 60\r\n" in refused
    assert ask(made, REQUEST).startswith(b"HTTP/1.1 200 ")
    announced = b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n"
    assert ask(made, announced).startswith(b"HTTP/1.1 503 ")  # no place on the disk: told before it is sent
    leave.set()
    busy.join(20)
    assert first[0].startswith(b"HTTP/1.1 200 ")
    assert ask(made, large).startswith(b"HTTP/1.1 200 ")
    made.shutdown()
    made.server_close()


def test_messages_in_chunks_take_the_place_that_they_need_and_no_more() -> None:
    """Many small ones at once are welcome although none says how long it is; a large one may find no place."""
    gate = threading.Barrier(4)

    def receive(_kind: str, body: bytes) -> Reply:
        if len(body) == 1:
            gate.wait(20)
        return Reply(200, "text/plain", b"")

    made = As4Server(("127.0.0.1", 0), receive, bounds=Bounds(disk=2_000_000, peers=5))
    run_in_thread(made)
    head = b"POST /as4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answers: list[bytes] = []
    small = [
        threading.Thread(target=lambda: answers.append(ask(made, head + b"1\r\nx\r\n0\r\n\r\n"))) for _ in range(4)
    ]
    for each in small:
        each.start()
    for each in small:
        each.join(20)
    assert [each.split()[1] for each in answers] == [b"200"] * 4
    chunks = b"".join(b"%x\r\n%s\r\n" % (500_000, bytes(500_000)) for _ in range(3))
    with made.disk.hold(1_500_000):
        assert ask(made, head + chunks + b"0\r\n\r\n").split()[1] == b"503"
    assert ask(made, head + chunks + b"0\r\n\r\n").split()[1] == b"200"
    made.shutdown()
    made.server_close()


def test_a_defect_of_ours_is_said_and_a_peer_that_went_away_is_not(
    server: As4Server, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_kind: str, _body: bytes) -> Reply:
        raise RuntimeError("a defect")

    with caplog.at_level(logging.ERROR):
        with connect(server) as peer:
            peer.sendall(b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
        assert answer(server).startswith(b"HTTP/1.1 200 ")
        assert caplog.text == ""
        server.answer = broken
        assert answer(server) == b""
        deadline = time.monotonic() + 10
        while "a defect" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "please report it" in caplog.text
    assert "RuntimeError: a defect" in caplog.text
