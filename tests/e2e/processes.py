# SPDX-License-Identifier: Apache-2.0
"""Processes that die or misbehave where a test says so: the real program, with a fault built in.

``python tests/e2e/processes.py ROLE FAULT SETTINGS``: a ``courier`` works off an outbox once, a ``point`` is an access
point, a ``taker`` takes orders without end and says each when it was committed. A fault is the name of one below;
``nursery`` forks any of
them. ``fsize:N`` lets no file grow beyond N bytes, as on a full disk; ``busy:N`` waits N seconds for a locked database.
"""

# ruff: noqa: T201 - the tests wait for what is said

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from einvoice.service import crew
from einvoice.service.channels import address, load
from einvoice.service.courier import Courier
from einvoice.store import database
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Order, Outbox
from einvoice.transport.as4 import answer, message, signals
from einvoice.transport.as4.receiver import AccessPoint, Reply
from einvoice.transport.as4.signature import Reference
from einvoice.transport.as4.submitter import As4Submitter
from einvoice.transport.server import As4Server, _Handler

if TYPE_CHECKING:
    from collections.abc import Callable

DEATHS: dict[str, tuple[type, str]] = {
    "before-lookup": (As4Submitter, "prepare"),
    "before-bytes-are-kept": (Outbox, "prepared"),
    "before-attempt": (Outbox, "begin"),
    "before-post": (As4Submitter, "submit"),
    "after-post": (Outbox, "settle"),
    "before-store": (Inbox, "store"),
    "after-store": (Inbox, "answer"),
}
"""Where to die: before this method is called, at its first call."""

_ROUND = Courier.round
_GIGABYTE = 1_000_000_000
_PIECE = b" " * 1_000_000


def die(*_: object, **__: object) -> None:
    """Be gone at once, as in a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_after_round(courier: Courier, most: int) -> None:
    """Die right after the outcomes of a round were kept."""
    _ROUND(courier, most)
    die()


def arm(fault: str) -> None:
    """Build a fault in."""
    name, _, amount = fault.partition(":")
    if fault in DEATHS:
        owner, method = DEATHS[fault]
        setattr(owner, method, die)
    elif fault == "after-commit":
        Courier.round = die_after_round  # type: ignore[method-assign, assignment]
    elif name == "busy":
        database._BUSY = int(amount)  # type: ignore[misc]
    elif name == "fsize":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write fails instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(amount), int(amount)))


# ------------------------------------------------------------------------- what an access point answers


def _error(point: AccessPoint, code: str, detail: str, about: tuple[str, bytes]) -> Reply:
    """An error about a message; one that names none proves nothing about this one."""
    from einvoice.transport.as4 import message

    refers_to = message.take_apart(*about).message.message_id
    problem = signals.Problem(code=code, detail=detail, refers_to=refers_to)
    now = datetime.now(UTC)
    body = answer.refuse(problem, message_id=f"{time.time_ns()}@b", signer=point.identity, now=now)
    return Reply(200, answer.CONTENT_TYPE, body)


def _signed_by_another(point: AccessPoint, kind: str, body: bytes) -> Reply:
    """A receipt in due form, by an access point of another name."""
    from einvoice.transport.testbed import authority

    opened = message.unseal(message.take_apart(kind, body), key=point.identity.key)
    stranger = authority.root("PTB000009").identity
    references = [Reference(each.uri, each.digest) for each in opened.references]
    refers_to, now = opened.message.message_id, datetime.now(UTC)
    forged = answer.acknowledge(references, refers_to=refers_to, message_id="x@y", signer=stranger, now=now)
    return Reply(200, answer.CONTENT_TYPE, forged)


class Liar:
    """Answers wrongly at first, and as it should from then on."""

    def __init__(self, point: AccessPoint, fault: str) -> None:
        self.point = point
        self.fault = fault
        self.first = True
        self.earlier: Reply | None = None
        self.lied = False
        self.seen: set[bytes] = set()

    def receive(self, kind: str, body: bytes) -> Reply:
        first, self.first = self.first, False
        if self.fault == "receipt-of-another":
            return self._mixed_up(kind, body)
        if self.fault == "not-serviced":
            return _error(self.point, "EBMS:0004", "PEPPOL:NOT_SERVICED", (kind, body))
        if self.fault.startswith("duplicate-error"):
            return self._like_phase4(kind, body, first=first)
        if not first:
            return self.point.receive(kind, body)
        if self.fault == "drop":
            raise ConnectionResetError
        if self.fault == "drop-after-store":
            self.point.receive(kind, body)
            raise ConnectionResetError
        return self._wrong(kind, body)

    def _wrong(self, kind: str, body: bytes) -> Reply:
        if self.fault == "late":
            found = self.point.receive(kind, body)
            time.sleep(4)
            return found
        if self.fault == "signed-by-another":
            return _signed_by_another(self.point, kind, body)
        if self.fault == "later":
            return _error(self.point, "EBMS:0202", "the disk is full", (kind, body))
        return {
            "503": Reply(503, "text/plain", b"come back"),
            "html": Reply(200, "text/html", b"<html>maintenance</html>"),
            "empty": Reply(200, answer.CONTENT_TYPE, b""),
        }.get(self.fault) or self.point.receive(kind, body)

    def _mixed_up(self, kind: str, body: bytes) -> Reply:
        """To the second message, the receipt of the first one."""
        real = self.point.receive(kind, body)
        earlier, self.earlier = self.earlier, real
        if earlier is None or self.lied:
            return real
        self.lied = True
        return earlier

    def _like_phase4(self, kind: str, body: bytes, *, first: bool) -> Reply:
        """What is known already is an error; the first receipt is lost on its way."""
        if body in self.seen:
            code = "EBMS:4001" if self.fault.endswith("4001") else "EBMS:0004"
            return _error(self.point, code, "the message is a duplicate", (kind, body))
        self.seen.add(body)
        real = self.point.receive(kind, body)
        if first:
            raise ConnectionResetError
        return real


def misbehave(fault: str) -> None:
    """Let the first answer go wrong on the wire."""
    send = _Handler._send

    def wrong(self: _Handler, status: int, content_type: str, body: bytes, *_headers: object) -> None:
        _Handler._send = send  # type: ignore[method-assign]
        self.close_connection = True
        WIRE[fault](self, status, content_type, body)

    _Handler._send = wrong  # type: ignore[method-assign, assignment]


def _head(handler: _Handler, status: int, content_type: str, **headers: object) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()


def _truncated(handler: _Handler, status: int, content_type: str, body: bytes) -> None:
    _head(handler, status, content_type, Content_Length=len(body))
    handler.wfile.write(body[: len(body) // 2])


def _endless(handler: _Handler, status: int, content_type: str, body: bytes) -> None:
    del body
    _head(handler, status, content_type, Content_Length=_GIGABYTE)
    for _ in range(_GIGABYTE // len(_PIECE)):
        handler.wfile.write(_PIECE)


def _dripping(handler: _Handler, status: int, content_type: str, body: bytes) -> None:
    _head(handler, status, content_type, Content_Length=len(body))
    for at in range(len(body)):
        handler.wfile.write(body[at : at + 1])
        time.sleep(0.2)


def _elsewhere(handler: _Handler, status: int, content_type: str, body: bytes) -> None:
    del status, body
    _head(handler, 307, content_type, Location="https://169.254.169.254/latest/meta-data/", Content_Length=0)


def _chunked(handler: _Handler, status: int, content_type: str, body: bytes) -> None:
    _head(handler, status, content_type, Transfer_Encoding="chunked")
    for at in range(0, len(body), 1000):
        piece = body[at : at + 1000]
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
    handler.wfile.write(b"0\r\n\r\n")


WIRE: dict[str, Callable[[_Handler, int, str, bytes], None]] = {
    "truncated": _truncated,
    "gigabyte": _endless,
    "drip": _dripping,
    "redirect": _elsewhere,
    "chunked": _chunked,
}


# ------------------------------------------------------------------------------------------- the roles


def courier(settings: str, _fault: str) -> None:
    """Work off the outbox until nothing is due, as ``einvoice worker`` does."""
    wiring = load(settings)
    opened = wiring.database()
    working = Courier(Outbox(opened), wiring.submitters(), form=wiring.lookup().form)
    for _ in crew.work(working, once=True):
        pass


def access_point(settings: str, fault: str) -> None:
    """Receive until killed."""
    wiring = load(settings)
    point = wiring.access_point(wiring.database())
    own = wiring.channels.as4
    if fault in WIRE:
        misbehave(fault)
    receive = Liar(point, fault).receive
    with As4Server(address(own.listen if own else ""), receive, tls=wiring.server_tls()) as server:
        print("ready", flush=True)
        server.serve_forever(poll_interval=0.05)


def taker(settings: str, _fault: str) -> None:
    """Take orders without end, and say each when it was committed."""
    box = Outbox(load(settings).database())
    print("ready", flush=True)
    for number in count():
        key = f"{os.getpid()}-{number}"
        box.submit(Order(key=key, channel="none", payload=key.encode() * 200, media_type="text/plain", request={}))
        print(key, flush=True)


def nursery() -> None:
    """Fork a process for every line ``ROLE FAULT SETTINGS`` and say its number; ``wait NUMBER`` tells how it ended."""
    for line in sys.stdin:
        word, rest = line.rstrip("\n").split(" ", 1)
        if word == "wait":
            print(os.waitstatus_to_exitcode(os.waitpid(int(rest), 0)[1]), flush=True)
            continue
        child = os.fork()
        if child == 0:
            os._exit(_forked(word, *rest.split(" ", 1)))
        print(child, flush=True)


def _forked(role: str, fault: str, settings: str) -> int:
    try:
        play(role, fault, settings)
    except BaseException:  # noqa: BLE001 - whatever it is, the child ends here and not in its parent's loop
        traceback.print_exc()
        if role == "point":
            print("dead", flush=True)
        return 1
    return 0


def play(role: str, fault: str, settings: str) -> None:
    """Be one of the processes."""
    arm(fault)
    ROLES[role](settings, fault)


ROLES: dict[str, Callable[[str, str], None]] = {"courier": courier, "point": access_point, "taker": taker}

if __name__ == "__main__":
    if sys.argv[1] == "nursery":
        nursery()
    else:
        play(*sys.argv[1:4])
