# SPDX-License-Identifier: Apache-2.0
"""What is found in a document, without end only where it is of use.

A document of a few megabytes can break a rule at a hundred thousand places, and a few rules at each of them. Nobody
reads that, and finding out where each of them stands costs minutes. So no more than some of each kind are kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Generic, TypeVar

T = TypeVar("T")

LISTED: Final = 1_000
"""Places at which a rule is reported."""
_MOST: Final[ContextVar[float]] = ContextVar("places of a rule", default=LISTED)


@contextmanager
def unbounded() -> Iterator[None]:
    """Whoever repairs a document needs every place: what is left out would turn up after the first repair as new."""
    token = _MOST.set(float("inf"))
    try:
        yield
    finally:
        _MOST.reset(token)


def most() -> float:
    """At how many places a rule is reported now."""
    return _MOST.get()


class Listing(Generic[T]):
    """Things in the order in which they are found; of each kind one more than is reported, which says that more are.

    Attributes:
        found: the things.
    """

    __slots__ = ("_counts", "_most", "found")

    def __init__(self) -> None:
        self.found: list[T] = []
        self._most = most()
        self._counts: dict[Hashable, int] = {}

    def add(self, kind: Hashable, thing: T) -> None:
        """Add a thing, unless enough of its kind are there.

        Args:
            kind: its kind, such as the rule that is broken.
            thing: the thing.
        """
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count <= self._most + 1:
            self.found.append(thing)
