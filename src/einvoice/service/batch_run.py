# SPDX-License-Identifier: Apache-2.0
"""``einvoice batch``: many invoices on many cores, resumable, each with a line in the record.

Workers (:mod:`einvoice.service.batch_work`) make the results; here they are named, compared with what was done before,
recorded and moved to where they belong.
"""

from __future__ import annotations

import os
import shutil
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.errors import OutputError
from einvoice.service.batch import Lost, stream
from einvoice.service.batch_item import NOTE, Item
from einvoice.service.batch_journal import Journal, Known, Line, key_of
from einvoice.service.batch_state import State, made_with, says
from einvoice.service.batch_tally import Cluster, Tally, spot
from einvoice.service.batch_work import Delivered, Job, Portion, remove, work
from einvoice.service.causes import Cause
from einvoice.service.convert import Target
from einvoice.service.evidence import einvoice_version
from einvoice.service.files import SUFFIXES, sanitised
from einvoice.service.sources import stem
from einvoice.service.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


PARTS: Final = ".parts"
QUARANTINE: Final = "quarantine"
_FLUSH: Final = 64
_SMALL: Final = 8
_HOPELESS: Final = 4
"""How often a source may take processes down before an invoice of it was made."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What is wanted of a batch.

    Attributes:
        mapping: the file or preset that says what the columns mean; ``None`` if the sources are invoices.
        seller: the file with what an export never says.
        to: the format.
        profile: the specification that the results shall claim.
        lossless: whether a loss is an error.
        lenient: whether EDIFACT that counts wrongly is read.
        force: whether results that are there may be replaced.
        processes: how many to work in.
        deadline: seconds that a portion may take.
    """

    mapping: str | None
    seller: str | None
    to: Target
    profile: str | None = None
    lossless: bool = False
    lenient: bool = False
    force: bool = False
    processes: int = 1
    deadline: float = 600

    def made_with(self) -> str:
        """The SHA-256 of everything but the sources that decides what the results are."""
        options = (einvoice_version(), self.to, self.profile or "", str(self.lossless), str(self.lenient))
        return made_with(options, self.mapping, self.seller)


class Summary(Struct):
    """What became of a batch.

    Attributes:
        done: invoices that were made now.
        before: invoices that had been made before, and were left as they are.
        same: invoices that say the same as another one of the same seller, number and year.
        refused: invoices or sources that were refused, now or before, duplicates included.
        lost: values that the results do not carry.
        statuses: what the invoices contribute to the exit status.
        clusters: the reasons of the refused, the most frequent first.
        warned: what is said of invoices that were made now, the most frequent first.
    """

    done: int = 0
    before: int = 0
    same: int = 0
    refused: int = 0
    lost: int = 0
    statuses: set[Status] = set()
    clusters: list[Cluster] = []
    warned: list[Cluster] = []


class Progress(Struct, frozen=True):
    """How far a batch is.

    Attributes:
        fraction: from 0 to 1.
        done: how many invoices were made.
        refused: how many were refused.
    """

    fraction: float
    done: int
    refused: int


class Batch:
    """One run over some sources.

    Args:
        sources: the files.
        folder: where the results go.
        wanted: what is wanted.

    Raises:
        EinvoiceError: the mapping or the folder cannot be used.
    """

    def __init__(self, sources: Sequence[str], folder: str, wanted: Wanted) -> None:
        self.sources, self.folder, self.wanted = sources, Path(folder), wanted
        self.made_with = wanted.made_with()
        self.summary = Summary(statuses=set(), clusters=[])
        self._reasons, self._warnings = Tally(), Tally()
        self._again: deque[tuple[Portion, ...]] = deque()
        self._moves: list[tuple[str, Path]] = []
        self._state: dict[str, State] = {}
        self._checked()
        self.journal = Journal(self.folder)

    def _checked(self) -> None:
        """Load mapping, seller and profile once, so that what cannot be used is said before anything is done."""
        from einvoice import profiles

        profile = profiles.named(self.wanted.profile) if self.wanted.profile else None
        if self.wanted.mapping is not None:
            from einvoice.service.export import Exports

            Exports(self.wanted.mapping, self.wanted.seller, profile)

    def run(self) -> Iterator[Progress]:
        """Do the work.

        Yields:
            How far it is, now and then.
        """
        parts = self.folder / PARTS
        shutil.rmtree(parts, ignore_errors=True)
        parts.mkdir(parents=True)
        job = self._job(parts)
        size, found = self.wanted.processes, 0
        try:
            for portions, result in stream(work, self._tasks(), job, processes=size, deadline=self.wanted.deadline):
                found += self._taken(portions, result)
                if found >= _FLUSH:
                    found = 0
                    self._settle()
                    yield self._progress()
            self._settle()
        finally:
            self.journal.close()
            shutil.rmtree(parts, ignore_errors=True)
        if hasattr(os, "sync"):  # not every system has it
            os.sync()
        self._summed()

    def _job(self, parts: Path) -> Job:
        names = ("mapping", "seller", "to", "profile", "lossless", "lenient")
        options: dict[str, Any] = {name: getattr(self.wanted, name) for name in names}
        return Job(parts=str(parts), run=f"{os.getpid():x}", **options)

    def _progress(self) -> Progress:
        share = sum(one.fraction for one in self._state.values()) / len(self.sources)
        return Progress(share, self.summary.done + self.summary.before, self.summary.refused)

    def _tasks(self) -> Iterator[tuple[Portion, ...] | None]:
        """The portions of all sources. A source is cut into many only when its first portion was not all of it."""
        small: list[Portion] = []
        for source in self.sources:
            state = self._state[source] = State(
                source, self.journal, self.made_with, cut=self.wanted.mapping is not None
            )
            if state.is_finished:
                self._before(state)
                continue
            small.append(state.portion())
            if len(small) >= (_SMALL if state.is_small else 1):
                yield tuple(small)
                small = []
            yield from self._more()
        if small:
            yield tuple(small)
        while True:
            yield from self._more()
            if not self._again and all(state.ended for state in self._state.values()):
                return
            yield None

    def _more(self) -> Iterator[tuple[Portion, ...]]:
        """Portions of sources that go on, and what has to be tried again one by one."""
        while self._again:
            yield self._again.popleft()
        for state in self._state.values():
            while state.goes_on and not self._again:
                yield (state.portion(),)

    def _before(self, state: State) -> None:
        """Count what a source gave in an earlier run."""
        self.summary.before += len(state.known.done) - len(state.known.refused)
        for line in state.known.refused.values():
            self._refused(line)

    def _taken(self, portions: tuple[Portion, ...], result: tuple[Delivered, ...] | Lost) -> int:
        """Take what a worker delivered; what took its process down is tried again in smaller portions."""
        if isinstance(result, Lost):
            return self._lost(portions, result)
        taken = 0
        for portion, delivered in zip(portions, result, strict=True):
            state = self._state[portion.source]
            for item in delivered.items:
                self._item(item, state)
            taken += len(delivered.items)
            state.delivered(delivered)
            if state.closes():
                self._before(state)
                self.journal.add(Line(source=state.source, source_sha256=state.sha256, made_with=self.made_with))
        return taken

    def _lost(self, portions: tuple[Portion, ...], result: Lost) -> int:
        """Halve what took its process down, until it is one invoice; that one is refused."""
        if len(portions) > 1:
            self._again.extend((one,) for one in portions)
            return 0
        (portion,) = portions
        state = self._state[portion.source]
        state.losses += 1
        hopeless = state.holds_one or (not state.started and state.losses >= _HOPELESS)
        if portion.stop - portion.start > 1 and not hopeless:
            middle = (portion.start + portion.stop) // 2
            halves = (portion.start, middle), (middle, portion.stop)
            self._again.extend((Portion(portion.source, *half, portion.skip),) for half in halves)
            state.outstanding += 1
            return 0
        if hopeless:
            self._again = deque(task for task in self._again if task[0].source != portion.source)
        which = portion.source if hopeless else f"{portion.source}: invoice {portion.start + 1}"
        item = Item(
            place=portion.start,
            status=Status.UNREADABLE,
            code="LOST",
            message=f"{which}: {result}",
            causes=(Cause("LOST", text=str(result)),),
        )
        self._item(item, state)
        state.delivered(Delivered(items=(), ended=hopeless))
        return 1

    def _item(self, item: Item, state: State) -> None:
        """Decide what becomes of an invoice, and record it."""
        key = key_of(item.owner, item.number, item.year)
        line = Line(
            source=state.source,
            source_sha256=state.sha256,
            made_with=self.made_with,
            document=item.place + 1,
            where=item.where,
            number=item.number,
            seller=item.owner,
            year=item.year,
            digest=item.digest,
            lost=item.losses,
            warnings=_plain(item.warnings),
            notes=list(item.notes),
            code=item.code,
            message=item.message,
            reasons=list(item.reasons),
            causes=_plain(item.causes),
            exit_status=int(item.status),
        )
        line.status = "refused" if not item.part else self._judged(item, line, key)
        if line.status == "done":
            self._done(item, line, key)
        else:
            remove(item.part)
            self.summary.same += line.status == "same"
            self.journal.add(line)
        if line.status in ("refused", "duplicate"):
            self._refused(line)
            self._quarantined(state)

    def _judged(self, item: Item, line: Line, key: bytes) -> str:
        """Whether an invoice is new, done already, or another one of the same seller, number and year."""
        known = self.journal.known.get(key)
        if known is None or not item.number or self._is_made_anew(known, item, line):
            return "done"
        if known.digest == bytes.fromhex(item.digest)[:16] and known.made_with == bytes.fromhex(self.made_with)[:8]:
            line.other = spot(self.journal.at(known.offset))
            return "same"
        line.other = spot(self.journal.at(known.offset))
        here = spot(line)
        line.code, line.exit_status = "DUPLICATE_NUMBER", int(Status.FATAL)
        line.message = (
            f"{here}: invoice {item.number} says something else than invoice {item.number} of the same seller and year"
            f" in {line.other}, which was done first; correct the number, or replace that result with --force"
        )
        line.reasons = [line.message]
        line.causes = [["DUPLICATE_NUMBER", "BT-1", "", "another invoice of this seller, number and year was done"]]
        return "duplicate"

    def _is_made_anew(self, known: Known, item: Item, line: Line) -> bool:
        """Whether an invoice may take the place of the one that was done: on demand, or made with other options."""
        if self.wanted.force:
            return True
        if known.made_with == bytes.fromhex(self.made_with)[:8]:
            return False
        before = self.journal.at(known.offset)
        return known.digest == bytes.fromhex(item.digest)[:16] or (
            before.source_sha256 == line.source_sha256 and before.document == line.document
        )

    def _done(self, item: Item, line: Line, key: bytes) -> None:
        name = self._name(item, line, key)
        path = self.folder / name
        if path.exists() and not (self.wanted.force or name.casefold() in self.journal.names or says(path, item)):
            remove(item.part)
            line.status, line.code, line.exit_status = "refused", "EXISTS", int(Status.USAGE)
            line.message = f"{path}: exists already and is not of this batch; use --force to overwrite it"
            line.causes = [["EXISTS", "", "", "a file of that name is there already and not of this batch"]]
            self.journal.add(line)
            return
        line.output, line.size, line.output_sha256 = name, item.size, item.sha256
        self.journal.names[name.casefold()] = key
        self.journal.remember(key, line, self.journal.add(line))
        self._moves.append((item.part, path))
        self.summary.done += 1
        self.summary.lost += item.losses
        self._warnings.add([*line.warnings, *([NOTE, "", "", note] for note in line.notes)], line)
        self.summary.statuses.add(item.status)

    def _name(self, item: Item, line: Line, key: bytes) -> str:
        base = sanitised(item.number) or f"{stem(line.source)}-{line.document}"
        suffix = SUFFIXES[self.wanted.to]
        owner = self.journal.names.get(f"{base}{suffix}".casefold())
        return f"{base}{suffix}" if owner in (None, key) else f"{base}-{key.hex()[:8]}{suffix}"

    def _settle(self) -> None:
        """Write the record, then move the results that it speaks of to where they belong."""
        self.journal.flush()
        for part, path in self._moves:
            try:
                os.replace(part, path)  # noqa: PTH105 - once an invoice
            except OSError as error:
                raise OutputError(
                    f"cannot be written: {error.strerror or error}", source=str(path), code="NOT_WRITTEN"
                ) from error
        self._moves.clear()

    def _refused(self, line: Line) -> None:
        self.summary.refused += 1
        self.summary.statuses.add(Status(line.exit_status))
        self._reasons.add(line.causes, line)

    def _quarantined(self, state: State) -> None:
        """Keep what was refused, once, under its SHA-256."""
        if state.sha256 and not state.quarantined:
            state.quarantined = True
            folder = self.folder / QUARANTINE
            folder.mkdir(exist_ok=True)
            kept = folder / f"{state.sha256}{Path(state.source).suffix.lower()}"
            if not kept.exists():
                beside = folder / f".{kept.name}.tmp"
                shutil.copyfile(state.source, beside)
                beside.replace(kept)

    def _summed(self) -> None:
        self.summary.clusters, self.summary.warned = self._reasons.clusters(), self._warnings.clusters()


def _plain(causes: Iterable[Cause]) -> list[list[str]]:
    return [[one.code, one.term, one.place, one.text] for one in causes]
