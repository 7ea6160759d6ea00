# SPDX-License-Identifier: Apache-2.0
"""A peer that is hostile, slow or lying costs bounded time and size, and leads nowhere else."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import TransportError
from einvoice.transport import http

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("url", ["http://localhost/", "ftp://localhost/", "https://user@localhost/", "https:///x"])
def test_only_plain_https_addresses_are_called(url: str) -> None:
    with pytest.raises(TransportError) as caught:
        http.request("GET", url, policy=http.Policy(private=True))
    assert (caught.value.code, caught.value.temporary) == ("URL", False)


@pytest.mark.parametrize(
    ("url", "code"), [("https://[::1", "URL"), ("https://ex\u2100mple.org/", "URL"), ("https://a..b/", "CONNECT")]
)
def test_an_address_that_is_none_is_an_error_of_transport(url: str, code: str) -> None:
    with pytest.raises(TransportError) as caught:
        http.request("GET", url, policy=http.Policy(private=True))
    assert caught.value.code == code


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"])
def test_addresses_inside_of_a_network_are_not_called(host: str) -> None:
    with pytest.raises(TransportError, match="inside of a network") as caught:
        http.request("GET", f"https://{host}/", policy=http.Policy())
    assert caught.value.code == "URL"


def _talk(sock: socket.socket, pieces: Iterator[bytes]) -> None:
    with sock:
        peer, _ = sock.accept()
    with peer:
        peer.recv(65_536)
        for piece in pieces:
            try:
                peer.sendall(piece)
            except OSError:
                return


def _serve(pieces: Iterator[bytes]) -> str:
    sock = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_talk, args=(sock, pieces), daemon=True).start()
    return f"http://127.0.0.1:{sock.getsockname()[1]}/"


def _drip() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    while True:
        yield b"x"
        time.sleep(0.05)


def _flood() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    while True:
        yield bytes(1_000_000)


def test_a_peer_that_drips_or_floods_costs_a_bounded_time_and_size() -> None:
    policy = http.Policy(private=True, plain=True, total=0.5, limit=3_000_000)
    with pytest.raises(TransportError) as caught:
        http.request("GET", _serve(_drip()), policy=policy)
    assert (caught.value.code, caught.value.temporary) == ("NO_ANSWER", True)
    with pytest.raises(TransportError) as caught:
        http.request("GET", _serve(_flood()), policy=msgspec.structs.replace(policy, total=20))
    assert caught.value.code == "TOO_LARGE"


def test_a_redirection_is_an_answer_and_no_second_call() -> None:
    moved = iter([b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"])
    got = http.request("GET", _serve(moved), policy=http.Policy(private=True, plain=True))
    assert got.status == 302
