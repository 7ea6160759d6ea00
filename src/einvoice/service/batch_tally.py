# SPDX-License-Identifier: Apache-2.0
"""What has to be put right in a batch, counted: what many invoices have in common is said once."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.service.causes import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.service.batch_journal import Line

_COUNTED: Final = re.compile(r"[0-9]+")
Alike = tuple[str, str, str, str]
"""What is the same in refusals for the same reason: code, term, place, and where there is neither of the last two, what
the reason says without its numbers."""


class Cluster(Struct, frozen=True):
    """Invoices of which the same is to be said.

    Attributes:
        cause: the reason, with an example in words.
        count: how many there are.
    """

    cause: Cause
    count: int


class Tally:
    """Counts invoices by what is said of them."""

    def __init__(self) -> None:
        self._counts: Counter[Alike] = Counter()
        self._examples: dict[Alike, str] = {}

    def add(self, causes: Iterable[Iterable[str]], line: Line) -> None:
        """Count what is said of an invoice, each thing once.

        Args:
            causes: code, term, place and example of each.
            line: its line in the record.
        """
        for alike, text in _tallied(causes):
            self._counts[alike] += 1
            self._examples.setdefault(alike, f"{text} ({spot(line)})" if text else spot(line))

    def clusters(self) -> list[Cluster]:
        """What was counted, the most frequent first."""
        return [
            Cluster(Cause(*key[:3], self._examples[key]), count)
            for key, count in sorted(self._counts.items(), key=lambda one: (-one[1], one[0]))
        ]


def _tallied(causes: Iterable[Iterable[str]]) -> Iterator[tuple[Alike, str]]:
    seen = set()
    for code, term, place, text in causes:
        alike = (code, term, place, "" if term or place else _COUNTED.sub("*", text))
        if alike not in seen:
            seen.add(alike)
            yield alike, text


def spot(line: Line) -> str:
    """Where an invoice stands, in words.

    Args:
        line: its line in the record.
    """
    return f"{line.source}, {line.where}" if line.where else line.source
