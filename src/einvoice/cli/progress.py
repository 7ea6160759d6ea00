# SPDX-License-Identifier: Apache-2.0
"""A progress bar for work that takes longer than a second; silent where nobody watches."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
PATIENCE: Final = 1.0
"""Seconds before a bar is shown."""
_PAUSE: Final = 0.1
"""Seconds between two pictures of it."""
_LENGTH: Final = 40
_DRAWN, _OPEN = "━", "─"
_PLAIN: Final = str.maketrans({_DRAWN: "#", _OPEN: "-"})
"""For a stream that cannot hold the others."""


def watched(items: Iterable[T], total: int | None, what: str) -> Iterator[T]:
    """Pass items on, and show on standard error how far they are if it takes long.

    Args:
        items: the work, done while it is iterated over.
        total: how many items there will be; ``None`` if nobody knows.
        what: what is being done, such as ``validate``.

    Yields:
        The items, unchanged.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield from items
        return
    bar, done = Bar(), 0
    bar.show(what, None if total is None else 0.0, f"{done}/{total or '?'}")
    try:
        for item in items:
            if sys.stdout.isatty():
                bar.hide()  # whoever gets the item prints where the bar stands
            yield item
            done += 1
            bar.show(what, done / total if total else None, f"{done}/{total or '?'}")
    finally:
        bar.end()


class Bar:
    """A bar on standard error, which a timer brings up when the work has taken long."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._lock = threading.RLock()
        self._picture = ""
        self._drawn = 0
        self._at = 0.0
        self._awake = self._hidden = False
        self._timer = threading.Timer(PATIENCE, self._wake)
        self._timer.daemon = True
        self._timer.start()

    def show(self, what: str, fraction: float | None, figures: str = "") -> None:
        """Say how far the work is.

        Args:
            what: what is being done.
            fraction: the part that is done, from 0 to 1; ``None`` if nobody knows.
            figures: the same in figures.
        """
        bar, left = "", ""
        if fraction is not None:
            done = round(_LENGTH * min(max(fraction, 0.0), 1.0))
            bar = f"{_DRAWN * done}{_OPEN * (_LENGTH - done)}"
            left = self._left(fraction)
        with self._lock:
            self._picture = " ".join(part for part in (what, bar, figures, left) if part)
            self._hidden = False
            if not self._drawn or time.monotonic() - self._at >= _PAUSE:
                self._draw()

    def hide(self) -> None:
        """Take the bar away until the next time that it is shown."""
        with self._lock:
            self._hidden = True
            self._clear()

    def end(self) -> None:
        """Take the bar away for good."""
        self._timer.cancel()
        with self._lock:
            self._awake = False
            self._clear()

    def _left(self, fraction: float) -> str:
        """How long it will still take, if it goes on as it went."""
        if not fraction:
            return "-:--:--"
        seconds = round((time.monotonic() - self._begun) * (1 - fraction) / fraction)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    def _wake(self) -> None:
        with self._lock:
            self._awake = True
            self._draw()

    def _draw(self) -> None:
        from einvoice.cli.layout import page_width, width_of

        if not self._awake or self._hidden:
            return
        self._clear()
        encoding = sys.stderr.encoding or "utf-8"
        picture = self._picture[: page_width() - 1]
        try:
            picture.encode(encoding)
        except UnicodeEncodeError:
            picture = picture.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
        sys.stderr.write(picture)
        sys.stderr.flush()
        self._drawn, self._at = width_of(picture), time.monotonic()

    def _clear(self) -> None:
        if self._drawn:
            sys.stderr.write(f"\r{' ' * self._drawn}\r")
            sys.stderr.flush()
            self._drawn = 0
