# SPDX-License-Identifier: Apache-2.0
"""Connections that are kept for the next request to the same peer: a handshake of TLS costs more than a message.

A connection is used again only soon after its last answer and while it is young, because a peer closes what is idle,
and a request that meets the closing leaves a doubt. One on which anything stands to be read, also its end, is not used.
Whoever takes one or gives one back closes all that are past their time, whomever they lead to.

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
_MOST: Final = 64
"""Connections that are kept, to all peers together; of more than that those stay that were used last."""

Peer = tuple[str, int, bool, Hashable]
"""Host, port, whether TLS is spoken, and under which policy: what one believes another one may not."""


_Kept = tuple[float, float, "socket.socket"]
"""When it was made, when it was used last, and the connection."""


class Connections:
    """Open connections by their peers, for any number of threads."""

    def __init__(self) -> None:
        self._kept: dict[Peer, list[_Kept]] = {}
        self._lock = threading.Lock()

    def take(self, peer: Peer) -> tuple[socket.socket, float] | None:
        """A connection that can be used again and when it was made; nothing where there is none."""
        self._tidy()
        while (found := self._last(peer)) is not None:
            made, _, sock = found
            if not _stirs(sock):
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
        self._tidy()

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

    def _last(self, peer: Peer) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(peer)
            return kept.pop() if kept else None

    def _tidy(self) -> None:
        """Close what is idle, what is old, and what is too much."""
        now = time.monotonic()
        with self._lock:
            every = sorted(
                ((peer, each) for peer, kept in self._kept.items() for each in kept), key=lambda own: own[1][1]
            )
            ended = [each for _, each in every if not _counts(each, now)]
            good = [(peer, each) for peer, each in every if _counts(each, now)]
            self._kept = {}
            for peer, each in good[-_MOST:]:
                self._kept.setdefault(peer, []).append(each)
        for _, _, sock in (*ended, *(each for _, each in good[:-_MOST])):
            sock.close()


def _counts(kept: _Kept, now: float) -> bool:
    made, used, _ = kept
    return now - used < _IDLE and now - made < _OLD


def _stirs(sock: socket.socket) -> bool:
    """Whether there is something to read where nothing may be."""
    with contextlib.suppress(OSError, ValueError):
        return bool(select.select([sock], [], [], 0)[0])
    return True
