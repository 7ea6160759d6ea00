# SPDX-License-Identifier: Apache-2.0
"""How many bytes may be held at once, whoever wants them.

Many peers with a large message each would take more memory than there is. Here they share a bounded room: small
messages always have a place, large ones wait for one, and who waits too long is asked to come again.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from einvoice.errors import TransportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SMALL: Final = 1_000_000
"""Bytes up to which a message is not counted: the number of peers bounds those."""
PATIENCE: Final = 30.0
"""Seconds that a large message waits for a place."""


class Room:
    """A bounded number of bytes.

    Args:
        total: the bytes; a message that is larger takes all of it.
        patience: seconds that a message waits for its place.
    """

    def __init__(self, total: int, *, patience: float = PATIENCE) -> None:
        self.total = total
        self.patience = patience
        self._used = 0
        self._free = threading.Condition()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Have a place for so many bytes until the block ends.

        Raises:
            TransportError: there was none in time (``BUSY``, temporary).
        """
        wanted = min(size, self.total) if size > SMALL else 0
        with self._free:
            if not self._free.wait_for(lambda: self._used + wanted <= self.total, self.patience):
                raise _busy()
            self._used += wanted
        try:
            yield
        finally:
            self._give(wanted)

    @contextmanager
    def growing(self) -> Iterator[Callable[[int], None]]:
        """Have a place that grows with what comes; call what this gives with each number of bytes more.

        Raises:
            TransportError: there is no place for more (``BUSY``); nobody waits with a part of a message in hand.
        """
        size = taken = 0

        def grow(more: int) -> None:
            nonlocal size, taken
            size += more
            wanted = min(size, self.total) if size > SMALL else 0
            with self._free:
                if self._used + wanted - taken > self.total:
                    raise _busy()
                self._used += wanted - taken
            taken = wanted

        try:
            yield grow
        finally:
            self._give(taken)

    def _give(self, taken: int) -> None:
        with self._free:
            self._used -= taken
            self._free.notify_all()


def _busy() -> TransportError:
    message = "too many large messages are here at once; send it again later"
    return TransportError(message, temporary=True, code="BUSY")
