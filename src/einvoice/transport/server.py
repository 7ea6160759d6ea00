# SPDX-License-Identifier: Apache-2.0
"""The access point as a server: HTTPS in front of :class:`einvoice.transport.as4.receiver.AccessPoint`.

A peer costs at most a thread, the seconds of its deadline and the bytes of one message. What the server cannot take it
says with a status of HTTP; everything else is answered by the access point.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from einvoice.transport.as4.compression import LIMIT

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from einvoice.transport.as4.receiver import Reply

_PIECE: Final = 65_536
_OVERHEAD: Final = 1_000_000
_CHUNK_LINE: Final = 100
_IDLE: Final = 20.0


class As4Server(ThreadingHTTPServer):
    """Takes messages of AS4 at one path.

    Args:
        address: host and port to listen at; port 0 takes a free one.
        receive: gives the answer to a message.
        tls: certificate and key of the server; without it plain HTTP is spoken, for a proxy in front.
        path: where messages are taken.
        limit: bytes of a message.
        deadline: seconds that a connection may take, from the handshake on.
        peers: how many are served at once; others wait for a moment and are turned away.
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
        limit: int = LIMIT + _OVERHEAD,
        deadline: float = 120.0,
        peers: int = 64,
    ) -> None:
        super().__init__(address, _Handler)
        self.answer = receive
        self.tls = tls
        self.path = path
        self.limit = limit
        self.deadline = deadline
        self.free = threading.BoundedSemaphore(peers)

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
            with self._until(request):
                super().finish_request(request, client_address)
            return
        with (
            contextlib.suppress(OSError),
            self.tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False) as secured,
            self._until(secured),
        ):
            secured.do_handshake()
            super().finish_request(secured, client_address)

    @contextlib.contextmanager
    def _until(self, connection: socket.socket) -> Iterator[None]:
        """Cut a connection at its deadline, whatever its peer is doing; handshake and headers count."""

        def cut() -> None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

        timer = threading.Timer(self.deadline, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """A peer that went away is no event."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    server: As4Server
    protocol_version = "HTTP/1.1"
    server_version = "einvoice"
    sys_version = ""

    def do_POST(self) -> None:
        if self.path.partition("?")[0] != self.server.path:
            self._say(404, "messages are taken elsewhere")
            return
        body = self._body()
        if body is not None:
            reply = self.server.answer(self.headers.get("Content-Type", ""), body)
            self._send(reply.status, reply.content_type, reply.body)

    def do_GET(self) -> None:
        self._say(405 if self.path == self.server.path else 404, "this is an access point of AS4; it takes POST")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as http.server has it
        """Say nothing: the ledger is the log."""

    def _body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or not length.isascii():
            self._say(411, "say how long the message is")
            return None
        if int(length) > self.server.limit:
            self._say(413, f"messages of at most {self.server.limit:,} bytes are taken")
            return None
        body = self.rfile.read(int(length))
        if len(body) != int(length):
            self.close_connection = True
            return None
        return body

    def _chunks(self) -> bytes | None:
        pieces: list[bytes] = []
        size = 0
        while True:
            line = self.rfile.readline(_CHUNK_LINE)
            try:
                length = int(line.partition(b";")[0].strip(), 16)
            except ValueError:
                self._say(400, "a chunk has no length")
                return None
            size += length
            if length < 0 or size > self.server.limit:
                self._say(413, f"messages of at most {self.server.limit:,} bytes are taken")
                return None
            piece = self.rfile.read(length)
            self.rfile.readline(_CHUNK_LINE)
            if length == 0:
                return b"".join(pieces)
            pieces.append(piece)

    def _say(self, status: int, text: str) -> None:
        self.close_connection = True
        self._send(status, "text/plain; charset=utf-8", text.encode())

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def run_in_thread(server: As4Server) -> threading.Thread:
    """Serve in a thread of its own until ``server.shutdown()``; returns when it listens."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    return thread
