# SPDX-License-Identifier: Apache-2.0
"""Several hands for one courier: while one waits for a receiver, another one seals the next messages.

A receiver that is slow or dead keeps one hand and not the others.
"""

from __future__ import annotations

import threading
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.service.courier import Courier
    from einvoice.store.messages import Message

HANDS: Final = 4
"""Threads of a worker."""


def work(
    courier: Courier, *, once: bool = False, hands: int = HANDS, stop: Callable[[], bool] = lambda: False
) -> Iterator[Message]:
    """Carry message after message with several threads.

    Args:
        courier: who works.
        once: end when nothing is due, instead of waiting.
        hands: how many threads.
        stop: asked between two rounds.

    Yields:
        Each message after its step, in the order in which they come to it.

    Raises:
        StoreError: the database does not answer, and ``once`` is asked for.
    """
    done: SimpleQueue[Message | Exception | None] = SimpleQueue()
    ended = threading.Event()

    run = partial(courier.run, once=once, stop=lambda: ended.is_set() or stop())
    threads = [threading.Thread(target=_carry, args=(run, done), daemon=True) for _ in range(hands)]
    for each in threads:
        each.start()
    try:
        left = hands
        while left:
            found = done.get()
            if isinstance(found, Exception):
                raise found
            if found is None:
                left -= 1
            else:
                yield found
    finally:
        ended.set()
        for each in threads:
            each.join()


def _carry(run: Callable[[], Iterator[Message]], done: SimpleQueue[Message | Exception | None]) -> None:
    try:
        for message in run():
            done.put(message)
    except Exception as error:  # noqa: BLE001 - it is raised where the messages are awaited
        done.put(error)
    else:
        done.put(None)
