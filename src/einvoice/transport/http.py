# SPDX-License-Identifier: Apache-2.0
"""One request over HTTP to a peer that may be dead, slow, lying or hostile.

The name of the peer is resolved once and the connection goes to that address, so that it cannot become another one
between the check and the call; addresses inside of one's own network are refused unless they are allowed. Nothing is
repeated and no redirection is followed: both are for the caller to decide. Size and time have a bound, whatever the
peer does; a body of 100 MB gets the time that a slow line needs for it (:mod:`einvoice.transport.deadline`).

Source: RFC 9110; Peppol policy for transport security; CWE-918 (server-side request forgery).
"""

from __future__ import annotations

import contextlib
import http.client
import queue
import socket
import ssl
import textwrap
import threading
import time
from ssl import SSLContext as SSLContext  # noqa: PLC0414 - handed on to those who may not see ssl
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from einvoice.errors import InputError, TransportError
from einvoice.transport.addresses import inside
from einvoice.transport.deadline import SLOWEST, Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from einvoice.transport.connections import Connections

_PIECE: Final = 65_536


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a request may do and cost."""

    private: bool = False
    """Whether addresses that are not of the public internet may be called (loopback, private, link-local)."""
    plain: bool = False
    """Whether ``http`` may be called beside ``https``."""
    ports: tuple[int, ...] | None = None
    """The ports that may be called; any, where nothing is said."""
    connect: float = 10.0
    """Seconds for the connection and the handshake of TLS."""
    total: float = 120.0
    """Seconds for everything, name, connection and handshake included, as long as nothing is moved."""
    rate: int = SLOWEST
    """Bytes of body or answer that give one second more."""
    limit: int = 10_000_000
    """Bytes of the answer."""
    tls: SSLContext | None = None
    """Whom to believe for TLS, and the certificate of the client; by default the authorities of the system."""


def believing(authorities: Path) -> SSLContext:
    """The context of a client that believes the authorities of a file, and no others.

    Args:
        authorities: certificates in PEM.

    Raises:
        InputError: the file cannot be read, or holds none (``TLS``).
    """
    try:
        return ssl.create_default_context(cafile=str(authorities))
    except OSError as error:  # ssl.SSLError is one
        raise _unusable(authorities, error, "certificates of authorities in PEM (tls_authorities)") from None


def presenting(identity: Path) -> SSLContext:
    """The context of a server that shows a certificate.

    Args:
        identity: key and certificate in PEM, not locked by a password.

    Raises:
        InputError: the file cannot be read, or does not hold both (``TLS``).
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(identity, password=lambda: "")  # asked for one, a server would wait at a terminal
    except (OSError, ValueError) as error:
        raise _unusable(identity, error, "key and certificate of a server in PEM, without password") from None
    return context


def _unusable(file: Path, error: Exception, wanted: str) -> InputError:
    why = error.strerror if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else None
    message = f"cannot be read ({why})" if why else f"is not usable: it has to hold {wanted}"
    return InputError(message, source=str(file), code="TLS")


class Answer(msgspec.Struct, frozen=True):
    """What came back: status, headers in small letters, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The header ``Content-Type``, empty where there is none."""
        return self.headers.get("content-type", "")


def request(
    method: str,
    url: str,
    *,
    policy: Policy,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    connections: Connections | None = None,
) -> Answer:
    """Send one request and read the answer.

    Args:
        method: such as ``GET``.
        url: where to.
        policy: what may be called and what it may cost.
        body: what is sent.
        headers: what goes with it.
        connections: where a connection is taken from and kept afterwards; without it each request makes its own.

    Raises:
        TransportError: ``URL`` (it may not be called, permanent); ``CONNECT`` (nobody answered or TLS failed: nothing
            was delivered); ``NO_ANSWER`` (something may have been delivered before it broke); ``TOO_LARGE``.
    """
    ends = time.monotonic() + policy.total
    host, port, path, secure = _target(url, policy)
    peer = (host, port, secure, policy)
    kept = connections.take(peer) if connections is not None else None
    sock, made = kept or (_connect(host, port, secure=secure, policy=policy, url=url, ends=ends), time.monotonic())
    connection = http.client.HTTPConnection(host, port)
    connection.default_port = 443 if secure else 80  # what the header Host leaves out
    connection.sock = sock
    wanted = {"Connection": "close" if connections is None else "keep-alive", **(headers or {})}
    with contextlib.closing(connection), Deadline(sock, ends - time.monotonic(), rate=policy.rate) as deadline:
        answer, again = _exchange(connection, policy, url, deadline, (method, path, body, wanted))
        again = again and connections is not None and not deadline.cut
        if again:
            connection.sock = None  # so that it is not closed here
    if connections is not None and again:
        connections.give(peer, sock, made)
    return answer


def _exchange(
    connection: http.client.HTTPConnection,
    policy: Policy,
    url: str,
    deadline: Deadline,
    question: tuple[str, str, bytes | None, dict[str, str]],
) -> tuple[Answer, bool]:
    """Send a request and read the answer; and whether the connection may be used again."""
    method, path, body, headers = question
    try:
        if connection.sock is not None:
            connection.sock.settimeout(policy.total)
        whole = _send(connection, method, path, body, headers, deadline)
        answer, open_still = _answer(connection, policy, url, deadline)
    except (OSError, http.client.HTTPException) as error:
        why = f"it took longer than {policy.total:g} s" if deadline.cut else f"{type(error).__name__}: {error}"
        whole_words = textwrap.shorten(why, 200, break_on_hyphens=False, break_long_words=False)  # half a secret is one
        message = f"no whole answer came: {whole_words}"
        raise TransportError(message, temporary=True, code="NO_ANSWER", source=url) from None
    return answer, open_still and whole


def _answer(
    connection: http.client.HTTPConnection, policy: Policy, url: str, deadline: Deadline
) -> tuple[Answer, bool]:
    """Read the answer; and whether the peer leaves the connection open."""
    response = connection.getresponse()
    with contextlib.closing(response):
        content = _read(response, policy.limit, url, deadline)
    named = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, named, content), not response.will_close


def _send(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str],
    deadline: Deadline,
) -> bool:
    """Send a request; whether all of it left."""
    if body is None:
        connection.request(method, path, headers=headers)
        return True
    # A peer that refuses a message may answer and hang up before it has read all of it: its answer is read anyway.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        pieces = _pieces(body, deadline)
        connection.request(method, path, body=pieces, headers={**headers, "Content-Length": str(len(body))})
        return True
    return False


def _pieces(body: bytes, deadline: Deadline) -> Iterator[memoryview]:
    whole = memoryview(body)
    for at in range(0, len(body), _PIECE):
        yield whole[at : at + _PIECE]
        deadline.moved(min(_PIECE, len(body) - at))


def _target(url: str, policy: Policy) -> tuple[str, int, str, bool]:
    parts = _split(url)
    allowed = {"https", "http"} if policy.plain else {"https"}
    if parts.scheme not in allowed or not parts.hostname or parts.username or parts.password:
        raise TransportError(f"only {' and '.join(sorted(allowed))} addresses are called", code="URL", source=url)
    secure = parts.scheme == "https"
    try:
        port = parts.port or (443 if secure else 80)
    except ValueError:
        raise TransportError("the address has no such port", code="URL", source=url) from None
    if policy.ports is not None and port not in policy.ports:
        raise TransportError(f"port {port} may not be called (ports in [as4] says which may)", code="URL", source=url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or not path.isprintable() or " " in path:
        raise TransportError("the path of the address holds characters that must be escaped", code="URL", source=url)
    return parts.hostname, port, path, secure


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise TransportError(f"this is no address: {error}", code="URL", source=url) from None


def _connect(host: str, port: int, *, secure: bool, policy: Policy, url: str, ends: float) -> socket.socket:
    """Try one address after the other; all tries together end when the time is up."""
    last: Exception = TimeoutError("the time was up before an address answered")
    for address in _addresses(host, port, policy, url, ends):
        seconds = min(policy.connect, ends - time.monotonic())
        if seconds <= 0:
            break
        try:
            sock = socket.create_connection((address, port), timeout=seconds)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body leave one after the other
        except OSError as error:
            last = error
            continue
        try:
            with Deadline(sock, min(policy.connect, ends - time.monotonic())):
                return _secured(sock, host, policy) if secure else sock
        except (OSError, ValueError) as error:  # a name that TLS cannot ask for is a ValueError
            sock.close()
            last = error
    message = f"no connection: {type(last).__name__}: {last}"[:300]
    raise TransportError(message, temporary=True, code="CONNECT", source=url)


def _addresses(host: str, port: int, policy: Policy, url: str, ends: float) -> list[str]:
    try:
        found = _resolved(host, port, min(policy.connect, ends - time.monotonic()))
    except (OSError, UnicodeError) as error:  # a name with an empty or an overlong label is a UnicodeError
        raise TransportError(f"the name is not known: {error}", temporary=True, code="CONNECT", source=url) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not policy.private and inside(address):
            raise TransportError(
                f"the name leads to {address}, an address inside of a network, which may not be called",
                code="URL",
                source=url,
            )
    return addresses


def _resolved(host: str, port: int, seconds: float) -> list[Any]:
    """The addresses of a name. The resolver of the system knows no deadline: it is left behind when it is late."""
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise TimeoutError("the name server did not answer in time") from None
    if isinstance(found, Exception):
        raise found
    return found


def _secured(sock: socket.socket, host: str, policy: Policy) -> ssl.SSLSocket:
    context = policy.tls or ssl.create_default_context()
    return context.wrap_socket(sock, server_hostname=host)


def _read(response: http.client.HTTPResponse, limit: int, url: str, deadline: Deadline) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := response.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        deadline.moved(len(piece))
        if size > limit:
            message = f"the answer is larger than {limit:,} bytes"
            raise TransportError(message, temporary=True, code="TOO_LARGE", source=url)
    if response.length:  # http.client says nothing of what is missing when it reads in pieces
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)
