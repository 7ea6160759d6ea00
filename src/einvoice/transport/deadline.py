# SPDX-License-Identifier: Apache-2.0
"""How long a connection may live: some seconds, and more for what is moved over it.

A peer that is slow and honest moves bytes and gets the time for them; one that drips, or is silent, is cut when its
seconds are used up. So 100 MB take the half hour that a slow line needs, and nobody holds a connection for nothing.

Source: CWE-400 (uncontrolled resource consumption); the attack is known as slow loris.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

SLOWEST: Final = 50_000
"""Bytes per second that a peer has to move on average."""


class Deadline:
    """Cuts a connection when its time is up, whatever its peer is doing.

    Args:
        sock: the connection.
        seconds: how long it may live while nothing is moved.
        rate: bytes that give it one second more.
    """

    def __init__(self, sock: socket.socket, seconds: float, *, rate: float = SLOWEST) -> None:
        self._sock = sock
        self._rate = rate
        self._ends = time.monotonic() + seconds
        self._over = threading.Event()
        self.cut = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def moved(self, count: int) -> None:
        """Give the time that so many bytes may take."""
        self._ends += count / self._rate

    def restart(self, seconds: float) -> None:
        """Begin anew, as for the next step of a conversation."""
        self._ends = time.monotonic() + seconds

    def _watch(self) -> None:
        while (left := self._ends - time.monotonic()) > 0:
            if self._over.wait(left):
                return
        if not self._over.is_set():
            self.cut = True
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)  # that of TLS would let plain bytes out
