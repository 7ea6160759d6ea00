# SPDX-License-Identifier: Apache-2.0
"""How far the sources of a batch are, and which portions of them come next."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.bind import magic
from einvoice.service.batch_work import Portion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.service.batch_item import Item
    from einvoice.service.batch_journal import Journal
    from einvoice.service.batch_work import Delivered

CHUNK: Final = 32
"""How many invoices a portion has."""
_SMALL_BYTES: Final = 1 << 16
_HEAD: Final = 1_024


class State:
    """How far a source is.

    Args:
        source: the file.
        journal: what is known of it.
        made_with: the SHA-256 of mapping, seller profile and options.
        cut: whether it can hold several invoices.

    Attributes:
        sha256: that of its bytes; empty if it is no file.
        known: what was done of it before this run.
        is_finished: whether that was all of it.
        holds_one: whether it cannot hold more than one invoice.
        is_small: whether several like it make one task.
        ended: whether its last invoice was seen.
        is_back: whether a portion of it came back.
        started: whether an invoice of it was made.
        losses: how often it took a process down.
        outstanding: how many portions are out.
        fraction: how much of it is done, from 0 to 1.
    """

    def __init__(self, source: str, journal: Journal, made_with: str, *, cut: bool) -> None:
        self.source = source
        path = Path(source)
        is_there = path.is_file()
        self.sha256 = sha256_of(path) if is_there else ""
        known = journal.of(self.sha256, made_with)
        self.known = structs.replace(known, done=set(known.done), refused=dict(known.refused))
        self.is_finished = is_there and self.known.is_complete
        self.holds_one = not cut and not (is_there and _is_interchange(path))
        self.is_small = not cut or (is_there and path.stat().st_size < _SMALL_BYTES)
        self.ended = self.is_finished
        self.is_back = self.started = False
        self.quarantined = False
        self.closed = self.is_finished
        self.losses = self.outstanding = self.next = 0
        self.fraction = 1.0 if self.is_finished else 0.0

    def portion(self) -> Portion:
        """The next portion."""
        start, self.next = self.next, self.next + CHUNK
        self.outstanding += 1
        skip = frozenset(place for place in range(start, self.next) if place in self.known.done)
        return Portion(self.source, start, self.next, skip)

    def delivered(self, delivered: Delivered) -> None:
        """Note what a portion said about the source."""
        self.is_back = True
        self.started = self.started or bool(delivered.items) or delivered.ended
        self.ended = self.ended or delivered.ended
        self.fraction = max(self.fraction, 1.0 if delivered.ended else delivered.fraction)
        self.outstanding -= 1

    @property
    def goes_on(self) -> bool:
        """Whether portions can be cut off without waiting: the first one is back and was not all of it."""
        return self.is_back and not self.ended

    def closes(self) -> bool:
        """Whether nothing of the source is left to do; said once."""
        if self.closed or not self.ended or self.outstanding:
            return False
        self.closed = True
        return True


def made_with(options: Sequence[str], mapping: str | None, seller: str | None) -> str:
    """The SHA-256 of everything but the sources that decides what the results are.

    Args:
        options: the version and the options.
        mapping: the mapping: a file, with the list of parties that it names, or a preset.
        seller: the seller profile.

    Raises:
        MappingError: the mapping cannot be used.
    """
    from einvoice.importers import load_named

    said = list(options)
    for named in (mapping or "", seller or ""):
        is_file = bool(named) and Path(named).is_file()
        said.append(sha256_of(Path(named)) if is_file else named)
        beside = load_named(named).beside if is_file and named == mapping else None
        said += [sha256_of(beside)] if beside is not None else []
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Args:
        path: the file.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def says(path: Path, item: Item) -> bool:
    """Whether a file says what a result says; then it is one whose line in the record was lost.

    Args:
        path: the file.
        item: the result.
    """
    return path.is_file() and path.stat().st_size == item.size and sha256_of(path) == item.sha256


def _is_interchange(path: Path) -> bool:
    """Whether a file is of EDIFACT, in which several messages may be several invoices."""
    with path.open("rb") as file:
        return magic.kind(file.read(_HEAD)) == "edifact"
