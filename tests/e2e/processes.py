# SPDX-License-Identifier: Apache-2.0
"""Processes that die where a test says so: with SIGKILL, in the middle of the real program.

``python tests/e2e/processes.py courier POINT SETTINGS`` works off an outbox once and kills itself at the point;
``python tests/e2e/processes.py point POINT SETTINGS`` is an access point that does so.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from einvoice.service.channels import address, load
from einvoice.service.courier import Courier
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Outbox
from einvoice.transport.as4.submitter import As4Submitter
from einvoice.transport.server import As4Server

if TYPE_CHECKING:
    from collections.abc import Callable

BEFORE: dict[str, tuple[type, str]] = {
    "before-lookup": (As4Submitter, "prepare"),
    "before-bytes-are-kept": (Outbox, "prepared"),
    "before-attempt": (Outbox, "begin"),
    "before-post": (As4Submitter, "submit"),
    "after-post": (Outbox, "settle"),
    "before-store": (Inbox, "store"),
    "after-store": (Inbox, "answer"),
}
"""Where to die: before this method is called, at its first call."""


def die(*_: object, **__: object) -> None:
    """Be gone at once, as in a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Put the end in front of a method."""
    if point in BEFORE:
        owner, name = BEFORE[point]
        setattr(owner, name, die)


def courier(settings: str) -> None:
    """Work off the outbox until nothing is due."""
    wiring = load(settings)
    database = wiring.database()
    for _ in Courier(Outbox(database), wiring.submitters()).run(once=True):
        pass


def access_point(settings: str) -> None:
    """Receive until killed."""
    wiring = load(settings)
    point = wiring.access_point(wiring.database())
    own = wiring.channels.as4
    with As4Server(address(own.listen if own else ""), point.receive, tls=wiring.server_tls()) as server:
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    arm(sys.argv[2])
    roles: dict[str, Callable[[str], None]] = {"courier": courier, "point": access_point}
    roles[sys.argv[1]](sys.argv[3])
