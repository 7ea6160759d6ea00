# SPDX-License-Identifier: Apache-2.0
"""A server on loopback that a provider's stub answers for, and that stumbles where it is told to."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from einvoice.transport.http import Policy

POLICY = Policy(private=True, plain=True, connect=5, total=10)
SECRET = "s3cr3t-of-the-account"  # noqa: S105 - one for tests


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever came
        return json.loads(self.body)

    def form(self) -> dict[str, tuple[str, bytes]]:
        """The fields of a form: their headers and contents."""
        boundary = self.headers["content-type"].partition("boundary=")[2].encode()
        found = {}
        for piece in self.body.split(b"--" + boundary)[1:-1]:
            head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            name = re.search(rb'; name="([^"]+)"', head)
            assert name is not None
            found[name[1].decode()] = head.decode(), content.removesuffix(b"\r\n")
        return found


@dataclass(frozen=True)
class Reply:
    """An answer; none with ``cut``, after the request was worked off, and with ``lost``, before."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    lost: bool = False


def told(value: object, status: int = 200) -> Reply:
    """An answer in JSON."""
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


Route = tuple[str, str, Callable[..., Reply]]


class Stub:
    """What a provider's stub has: routes, the requests that came, and faults that are due."""

    secret = SECRET

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: list[tuple[str, Reply]] = []
        self.slow = 0.0
        """Seconds between taking what is posted and saying so."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.stub = self  # type: ignore[attr-defined]
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def routes(self) -> list[Route]:
        """Method, pattern of the path, and what answers; groups of the pattern are its arguments."""
        raise NotImplementedError

    def allowed(self, asked: Asked) -> bool:
        """Whether a request shows the secret as the description has it."""
        raise NotImplementedError

    def fault(self, path: str, reply: Reply) -> None:
        """Stumble once at the next request whose path matches."""
        self.faults.append((path, reply))

    def posts(self, path: str) -> list[Asked]:
        return [each for each in self.asked if each.method == "POST" and re.search(path, each.path)]

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        due = next((each for each in self.faults if re.search(each[0], asked.path)), None)
        if due is not None:
            self.faults.remove(due)
            if due[1].cut:
                self._worked(asked)
            return due[1]
        return self._worked(asked)

    def _worked(self, asked: Asked) -> Reply:
        if not self.allowed(asked):
            return told({"error": f"no such key {asked.headers.get('authorization')}"}, 401)
        for method, pattern, function in self.routes():
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                return function(asked, *(unquote(each) for each in found.groups()))
        return told({"detail": f"nothing at {asked.method} {asked.path}"}, 404)


class _Handler(BaseHTTPRequestHandler):
    def _any(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        stub: Stub = self.server.stub  # type: ignore[attr-defined]
        reply = stub.answer(Asked(self.command, parts.path, query, headers, body))
        time.sleep(stub.slow if self.command == "POST" else 0)
        if reply.cut or reply.lost:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_POST = do_PATCH = do_DELETE = _any  # noqa: N815 - the names that http.server has

    def log_message(self, *_: object) -> None:
        """Say nothing."""
