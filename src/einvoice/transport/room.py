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
    from collections.abc import Iterator

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
            with self._free:
                self._used -= wanted
                self._free.notify_all()


def _busy() -> TransportError:
    message = "too many large messages are here at once; send it again later"
    return TransportError(message, temporary=True, code="BUSY")
