# SPDX-License-Identifier: Apache-2.0
"""The access point as a server: HTTPS in front of :class:`einvoice.transport.as4.receiver.AccessPoint`.

A peer costs at most a thread, the time of its deadline, and a file on the disk; a message is in memory only while it is
worked on, and only so many bytes of messages at once. What the server cannot take it says with a status of HTTP;
everything else is answered by the access point.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import ssl
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec

from einvoice.errors import TransportError
from einvoice.transport import bodies
from einvoice.transport.as4.compression import LIMIT
from einvoice.transport.deadline import SLOWEST, Deadline
from einvoice.transport.room import SMALL, Room

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from einvoice.transport.as4.receiver import Reply

_LOG: Final = logging.getLogger("einvoice.transport")
_OVERHEAD: Final = 1_000_000
_IDLE: Final = 20.0
_COME_AGAIN: Final = 60
_DRAINED: Final = 4_000_000
_BUSY: Final = 503
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_GONE: Final = {errno.EBADF, errno.ENOTCONN, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN}


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What peers may cost."""

    message: int = LIMIT + _OVERHEAD
    """Bytes of a message."""
    seconds: float = 120.0
    """Seconds that a connection may take, from the handshake on, while nothing is moved."""
    rate: float = SLOWEST
    """Bytes of a message that give its peer one second more."""
    peers: int = 64
    """How many are served at once; others wait for a moment and are turned away."""
    memory: int = LIMIT + _OVERHEAD
    """Bytes of large messages that are worked on at once; others wait on the disk for a while, then get a 503."""
    disk: int = 20 * LIMIT
    """Bytes of messages that are on their way at once; others get a 503."""


BOUNDS: Final = Bounds()


class As4Server(ThreadingHTTPServer):
    """Takes messages of AS4 at one path.

    Args:
        address: host and port to listen at; port 0 takes a free one.
        receive: gives the answer to a message.
        tls: certificate and key of the server; without it plain HTTP is spoken, for a proxy in front.
        path: where messages are taken.
        bounds: what peers may cost.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        receive: Callable[[str, bytes], Reply],
        *,
        tls: ssl.SSLContext | None = None,
        path: str = "/as4",
        bounds: Bounds = BOUNDS,
    ) -> None:
        super().__init__(address, _Handler)
        self.answer = receive
        self.tls = tls
        self.path = path
        self.bounds = bounds
        self.free = threading.BoundedSemaphore(bounds.peers)
        self.memory = Room(bounds.memory)
        self.disk = Room(bounds.disk)
        self._mine = threading.local()

    @property
    def deadline(self) -> Deadline:
        """That of the connection which this thread works for."""
        found: Deadline = self._mine.deadline
        return found

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Give a peer a thread, if there is one left; whoever comes when there is none is turned away at once."""
        if not self.free.acquire(timeout=1):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - see above
        """Work for one peer, and give the thread back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Shake hands in the thread of the peer, not in the one that accepts; cut whoever takes too long."""
        request.settimeout(_IDLE)
        if self.tls is None:
            self._serve(request, client_address)
            return
        try:
            secured = self.tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        except OSError:  # gone before anything was said
            return
        with secured:
            self._serve(secured, client_address)

    def _serve(self, connection: socket.socket, client_address: Any) -> None:  # noqa: ANN401 - see above
        """Work for a peer until its deadline, whatever it is doing; handshake and headers count."""
        with Deadline(connection, self.bounds.seconds, rate=self.bounds.rate) as self._mine.deadline:
            if isinstance(connection, ssl.SSLSocket):
                try:
                    connection.do_handshake()
                except OSError:  # no TLS, another one, or gone
                    return
            super().finish_request(connection, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """A peer that went away is no event; everything else is a defect, and said."""
        del request
        error = sys.exception()
        if isinstance(error, (ConnectionError, TimeoutError, ssl.SSLError)):
            return
        if isinstance(error, OSError) and error.errno in _GONE:
            return
        _LOG.error("the server stumbled over a request of %s, please report it", client_address, exc_info=error)


class _Handler(BaseHTTPRequestHandler):
    server: As4Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body of an answer leave one after the other
    server_version = "einvoice"
    sys_version = ""

    def do_POST(self) -> None:
        if self.path.partition("?")[0] != self.server.path:
            self._say(404, "messages are taken elsewhere")
            return
        try:
            with tempfile.SpooledTemporaryFile(max_size=SMALL) as file:
                self._take(file)
        except TransportError as error:
            _, _, status = (error.code or "").partition("HTTP:")
            self._say(int(status or _BUSY), error.message)

    def do_GET(self) -> None:
        self._say(405 if self.path == self.server.path else 404, "this is an access point of AS4; it takes POST")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as http.server has it
        """Say nothing: the ledger is the log."""

    def _take(self, file: IO[bytes]) -> None:
        """Read a message into a file, and answer it when there is room for it."""
        limit = self.server.bounds.message
        length = bodies.announced(self.headers, limit)
        with self.server.disk.growing() as grow:
            grow(length or 0)
            came = grow if length is None else _known  # a message in chunks does not say how large it will be

            def moved(count: int) -> None:
                came(count)
                self.server.deadline.moved(count)

            size = bodies.spool(self.rfile, file, length, limit=limit, moved=moved)
            self.server.deadline.restart(self.server.memory.patience + self.server.bounds.seconds)
            with self.server.memory.hold(size):
                file.seek(0)
                reply = self.server.answer(self.headers.get("Content-Type", ""), file.read())
        self.server.deadline.restart(self.server.bounds.seconds)
        self._send(reply.status, reply.content_type, reply.body)

    def _say(self, status: int, text: str) -> None:
        """Refuse a request. What is still under way is read, to a bound: else it would tear the answer down."""
        self.close_connection = True
        later = {"Retry-After": str(_COME_AGAIN)} if status == _BUSY else {}
        self._send(status, "text/plain; charset=utf-8", text.encode(), later)
        with contextlib.suppress(OSError):
            self.connection.settimeout(1.0)
            left = _DRAINED if self.command == "POST" else 0
            while left > 0 and (piece := self.rfile.read1(min(left, 65_536))):
                left -= len(piece)

    def _send(self, status: int, content_type: str, body: bytes, headers: Mapping[str, str] = _NONE) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _known(_count: int) -> None:
    """The place is there already."""


def run_in_thread(server: As4Server) -> threading.Thread:
    """Serve in a thread of its own until ``server.shutdown()``; returns when it listens."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    return thread
