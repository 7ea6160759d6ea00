# SPDX-License-Identifier: Apache-2.0
"""A peer that is hostile, slow or lying costs bounded time and size, and leads nowhere else."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import InputError, TransportError
from einvoice.transport import http

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


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


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"]
)
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


def _slowly() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n"
    for _ in range(12):
        time.sleep(0.1)
        yield bytes(50_000)


def test_a_peer_that_is_slow_and_moves_on_is_given_the_time_it_needs() -> None:
    policy = http.Policy(private=True, plain=True, total=0.6, rate=100_000)
    assert len(http.request("GET", _serve(_slowly()), policy=policy).body) == 600_000


def test_all_tries_to_connect_together_have_one_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a hundred dead addresses costs no more time than one."""
    now, tried = [0.0], []

    def dead(_address: object, *, timeout: float) -> None:
        tried.append(timeout)
        now[0] += timeout
        raise TimeoutError

    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("socket.create_connection", dead)
    found = [(0, 0, 0, "", (f"127.0.0.{last}", 443)) for last in range(1, 101)]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    with pytest.raises(TransportError) as caught:
        http.request("GET", "https://many.example/", policy=http.Policy(private=True, connect=10, total=25))
    assert (caught.value.code, tried) == ("CONNECT", [10, 10, 5])


def test_a_name_server_that_is_silent_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: released.wait(60))
    with pytest.raises(TransportError, match="did not answer in time") as caught:
        http.request("GET", "https://silent.example/", policy=http.Policy(total=0.1))
    released.set()
    assert (caught.value.code, caught.value.temporary) == ("CONNECT", True)


def test_a_refusal_is_read_although_the_peer_did_not_take_the_whole_message() -> None:
    sock = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        with sock:
            peer, _ = sock.accept()
        with peer:
            peer.recv(1000)
            peer.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n")
            peer.shutdown(socket.SHUT_RD)
            time.sleep(0.3)

    threading.Thread(target=refuse, daemon=True).start()
    url = f"http://127.0.0.1:{sock.getsockname()[1]}/"
    got = http.request("POST", url, policy=http.Policy(private=True, plain=True, total=20), body=bytes(500_000))
    assert (got.status, got.headers["retry-after"]) == (503, "9")


@pytest.mark.parametrize("loads", [http.believing, http.presenting])
@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_file_for_tls_that_cannot_be_used_is_named(
    tmp_path: Path, loads: Callable[[Path], object], content: bytes | None
) -> None:
    path = tmp_path / "tls.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"tls\.pem") as caught:
        loads(path)
    assert caught.value.code == "TLS"
