# SPDX-License-Identifier: Apache-2.0
"""Connections that are kept for the next request to the same peer: a handshake of TLS costs more than a message.

A connection is used again only soon after its last answer and while it is young, because a peer closes what is idle,
and a request that meets the closing leaves a doubt. One on which anything stands to be read, also its end, is not used.

Source: RFC 9112 section 9.3 (persistence) and 9.5 (failures and timeouts).
"""

from __future__ import annotations

import contextlib
import select
import threading
import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket

_IDLE: Final = 2.0
"""Seconds; servers close after five or more."""
_OLD: Final = 30.0
"""Seconds since the handshake; our own server cuts at 120."""

Peer = tuple[str, int, bool, Hashable]
"""Host, port, whether TLS is spoken, and under which policy: what one believes another one may not."""


class Connections:
    """Open connections by their peers, for any number of threads."""

    def __init__(self) -> None:
        self._kept: dict[Peer, list[tuple[float, float, socket.socket]]] = {}
        self._lock = threading.Lock()

    def take(self, peer: Peer) -> tuple[socket.socket, float] | None:
        """A connection that can be used again and when it was made; nothing where there is none."""
        now = time.monotonic()
        while (found := self._last(peer)) is not None:
            made, used, sock = found
            if now - used < _IDLE and now - made < _OLD and not _stirs(sock):
                return sock, made
            sock.close()
        return None

    def give(self, peer: Peer, sock: socket.socket, made: float) -> None:
        """Keep a connection whose last answer was read to its end.

        Args:
            peer: whom it leads to.
            sock: the connection.
            made: when it was made, by the monotonic clock.
        """
        with self._lock:
            self._kept.setdefault(peer, []).append((made, time.monotonic(), sock))

    def close(self) -> None:
        """Close what is kept."""
        with self._lock:
            kept, self._kept = self._kept, {}
        for each in kept.values():
            for _, _, sock in each:
                sock.close()

    def __del__(self) -> None:
        """Whoever drops a sender drops its connections."""
        self.close()

    def _last(self, peer: Peer) -> tuple[float, float, socket.socket] | None:
        with self._lock:
            kept = self._kept.get(peer)
            return kept.pop() if kept else None


def _stirs(sock: socket.socket) -> bool:
    """Whether there is something to read where nothing may be."""
    with contextlib.suppress(OSError, ValueError):
        return bool(select.select([sock], [], [], 0)[0])
    return True
