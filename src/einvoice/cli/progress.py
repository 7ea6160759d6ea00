# SPDX-License-Identifier: Apache-2.0
"""A progress bar for work that takes longer than a second; silent where nobody watches."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.progress import Progress

T = TypeVar("T")
PATIENCE: Final = 1.0
"""Seconds before a bar is shown."""


def watched(items: Iterable[T], total: int | None, what: str) -> Iterator[T]:
    """Pass items on, and show on standard error how far they are if it takes long.

    Args:
        items: the work, done while it is iterated over.
        total: how many items there will be; ``None`` if nobody knows.
        what: what is being done, such as ``validate``.

    Yields:
        The items, unchanged.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    bar = _Bar(total, what)
    try:
        for item in items:
            bar.advance()
            yield item
    finally:
        bar.end()


class _Bar:
    """A bar that a timer brings up."""

    def __init__(self, total: int | None, what: str) -> None:
        self.total, self.what, self.done = total, what, 0
        self.lock = threading.Lock()
        self.bar: Progress | None = None
        self.over = False
        self.timer = threading.Timer(PATIENCE, self.show)
        self.timer.daemon = True
        self.timer.start()

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        with self.lock:
            if self.over:
                return
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(
                *columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty()
            )
            self.bar.add_task(self.what, total=self.total, completed=self.done)
            self.bar.start()

    def advance(self) -> None:
        with self.lock:
            self.done += 1
            if self.bar is not None:
                self.bar.update(self.bar.task_ids[0], completed=self.done)

    def end(self) -> None:
        self.timer.cancel()
        with self.lock:
            self.over = True
            if self.bar is not None:
                self.bar.stop()
