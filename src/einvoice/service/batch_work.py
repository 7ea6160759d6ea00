# SPDX-License-Identifier: Apache-2.0
"""What a worker process of ``einvoice batch`` does: it goes through its portions of the sources, invoice by invoice.

A worker opens a source once and walks it from front to back; invoices that another worker has are passed over without
being built. Results are written into a folder of parts; only the process that gives out the work moves them to where
they belong, so that names, duplicates and the record of what was done are decided in one place.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.errors import EinvoiceError
from einvoice.model.terms import encode
from einvoice.service.batch_item import Item, broken, failed, owner, refused, warnings_of
from einvoice.service.convert import Attempt, Target, Wish, convert
from einvoice.service.settings import Settings
from einvoice.service.shapes import Shapes
from einvoice.service.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.importers import ImportedInvoice
    from einvoice.model import Invoice
    from einvoice.profiles import Profile
    from einvoice.service.export import Exports
    from einvoice.service.intake import Intake

MOST_MEMORY: Final = 4 << 30
"""Bytes of address space that a worker may take; one that needs more fails alone."""
_COLLECT: Final = 200_000
_OPEN: Final = 4
_ABREAST: Final = 16
_LINES: Final = 2_000


class Job(Struct, frozen=True, kw_only=True):
    """What is wanted of every source.

    Attributes:
        mapping: the file or preset that says what the columns mean; ``None`` if the sources are invoices.
        seller: the file with what an export never says.
        to: the format.
        profile: the specification that the results shall claim.
        lossless: whether a loss is an error.
        lenient: whether EDIFACT that counts wrongly is read.
        parts: the folder for results that have no name yet.
        run: tells the parts of this run from those of another.
    """

    mapping: str | None
    seller: str | None
    to: Target
    profile: str | None = None
    lossless: bool = False
    lenient: bool = False
    parts: str
    run: str


class Portion(Struct, frozen=True):
    """Some invoices of a source.

    Attributes:
        source: the file.
        start: the first one, counted from 0.
        stop: the one behind the last one.
        skip: those in between that are done.
    """

    source: str
    start: int
    stop: int
    skip: frozenset[int] = frozenset()


class Delivered(Struct, frozen=True, kw_only=True):
    """What became of a portion.

    Attributes:
        items: its invoices; none that were to be skipped.
        ended: whether the source ended in it, or could not be read any further.
        fraction: how far into its source the portion reaches, from 0 to 1.
        seconds: how long reading and mapping it took.
    """

    items: tuple[Item, ...]
    ended: bool
    fraction: float = 1.0
    seconds: float = 0.0


def work(portions: tuple[Portion, ...], job: Job) -> tuple[Delivered, ...]:
    """Work on portions (runs in a process of its own).

    Args:
        portions: what to work on.
        job: what is wanted.
    """
    place = _place(job)
    return tuple(place.delivered(portion) for portion in portions)


_PLACES: dict[Job, _Workplace] = {}


def _place(job: Job) -> _Workplace:
    if job not in _PLACES:
        _limited()
        _PLACES[job] = _Workplace(job)
    return _PLACES[job]


def _limited() -> None:
    """Limit what this process may take, where the system lets it."""
    gc.set_threshold(_COLLECT, 20, 20)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(hard, MOST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


class _Workplace:
    """What a worker keeps from one portion to the next."""

    def __init__(self, job: Job) -> None:
        from einvoice import profiles

        self.job = job
        settings = Settings.from_environment(lenient=job.lenient)
        profile: Profile | None = profiles.named(job.profile) if job.profile else None
        self.wish = Wish(to=job.to, profile=profile, lossless=job.lossless, settings=settings)
        self.exports: Exports | None = None
        if job.mapping is not None:
            from einvoice.service.export import Exports

            self.exports = Exports(job.mapping, job.seller, profile)
        self.shapes = Shapes()
        self.walks: dict[str, _Walk] = {}
        self.several: tuple[str, tuple[Intake | EinvoiceError, ...]] = "", ()

    def delivered(self, portion: Portion) -> Delivered:
        """Work on a portion; whatever happens to one invoice, the others go on."""
        if self.exports is None:
            return self._documents(portion)
        try:
            walk = self._walk(portion)
            items = tuple(self._abreast(portion.source, walk.taken(portion)))
        except EinvoiceError as error:
            self.walks.pop(portion.source, None)
            item = failed(error, portion.source, portion.start)
            return Delivered(items=(item,) if portion.start == 0 else (), ended=True)
        return Delivered(items=items, ended=walk.ended, fraction=walk.fraction)

    def _walk(self, portion: Portion) -> _Walk:
        walk = self.walks.get(portion.source)
        if walk is None or walk.at > portion.start:
            while len(self.walks) >= _OPEN:
                self.walks.pop(next(iter(self.walks)))
            assert self.exports is not None  # noqa: S101 - for the type checker
            walk = self.walks[portion.source] = _Walk(self.exports, portion.source, self.wish)
        return walk

    def _abreast(self, source: str, taken: Iterator[tuple[int, ImportedInvoice]]) -> Iterator[Item]:
        """Make invoices abreast, as many as the memory surely holds."""
        some: list[tuple[int, ImportedInvoice]] = []
        lines = 0
        for place, imported in taken:
            some.append((place, imported))
            lines += len(imported.invoice.lines)
            if len(some) >= _ABREAST or lines >= _LINES:
                yield from self._items(source, some)
                some, lines = [], 0
        yield from self._items(source, some)

    def _items(self, source: str, some: list[tuple[int, ImportedInvoice]]) -> Iterator[Item]:
        from einvoice.service.export import stepwise
        from einvoice.service.steps import abreast

        assumes = self.exports is not None and self.exports.assumes
        works = [stepwise(one, self.wish, source, assumes=assumes, shapes=self.shapes) for _, one in some]
        for (place, imported), attempt in zip(some, abreast(works, broken), strict=True):
            first, last = imported.rows
            where = f"rows {first} to {last}" if last > first else f"row {first}"
            yield self._kept(attempt, imported.invoice, source, place, number=imported.number, where=where)

    def _documents(self, portion: Portion) -> Delivered:
        """Work on a file that is an invoice, or holds several."""
        try:
            found = self._taken_in(portion.source)
        except Exception as error:
            if os.environ.get("EINVOICE_DEBUG") and not isinstance(error, EinvoiceError):
                raise
            first = portion.start == 0 and 0 not in portion.skip
            return Delivered(items=(failed(error, portion.source, 0),) if first else (), ended=True)
        places = range(portion.start, min(portion.stop, len(found)))
        items = (self._document(portion.source, place, found) for place in places if place not in portion.skip)
        fraction = min(1.0, portion.stop / max(1, len(found)))
        return Delivered(items=tuple(items), ended=portion.stop >= len(found), fraction=fraction)

    def _taken_in(self, source: str) -> tuple[Intake | EinvoiceError, ...]:
        """The invoices of a file; of several, those of the file before are remembered for the next portion."""
        from einvoice.service.intake import take_in_each
        from einvoice.service.sources import read_bytes

        if self.several[0] != source:
            settings = self.wish.settings
            found = take_in_each(read_bytes(source, limit=settings.limits.bytes), settings, source=source)
            if len(found) == 1:
                return found
            self.several = source, found
        return self.several[1]

    def _document(self, source: str, place: int, found: tuple[Intake | EinvoiceError, ...]) -> Item:
        intake = found[place]
        where = f"invoice {place + 1} of {len(found)}" if len(found) > 1 else ""
        if isinstance(intake, EinvoiceError):
            return failed(intake, source, place, where=where)
        try:
            attempt = convert(intake, self.wish)
            return self._kept(attempt, intake.reading.invoice, source, place, where=where)
        except Exception as error:
            if os.environ.get("EINVOICE_DEBUG") and not isinstance(error, EinvoiceError):
                raise
            return failed(error, source, place, where=where)

    def _kept(
        self, attempt: Attempt, invoice: Invoice, source: str, place: int, *, number: str = "", where: str = ""
    ) -> Item:
        """The item of an attempt, with its result in a file."""
        number = number or invoice.number or ""
        said: dict[str, Any] = {
            "number": unicodedata.normalize("NFC", number).strip(),
            "owner": owner(invoice),
            "year": invoice.issue_date.year if invoice.issue_date else 0,
            "digest": hashlib.sha256(encode(invoice)).hexdigest(),
            "where": where,
        }
        if attempt.output is None:
            return refused(attempt, place, **said)
        name = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        part = os.path.join(self.job.parts, f"{self.job.run}-{name}-{place}")  # noqa: PTH118 - once an invoice
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                file.write(attempt.output)
        except OSError as error:
            unwritten = EinvoiceError(f"cannot be written: {error.strerror}", source=part, code="NOT_WRITTEN")
            return refused(Attempt(error=unwritten, status=Status.USAGE), place, **said)
        return Item(
            place=place,
            part=part,
            size=len(attempt.output),
            sha256=hashlib.sha256(attempt.output).hexdigest(),
            losses=len(attempt.losses),
            warnings=warnings_of(attempt),
            notes=attempt.notes,
            **said,
        )


class _Walk:
    """One walk over the invoices of an export."""

    def __init__(self, exports: Exports, source: str, wish: Wish) -> None:
        self.at = 0
        self.ended = False
        self.fraction = 0.0
        self.portion = Portion(source, 0, 0)
        self.last = -1
        self.found = exports.read(source, limit=wish.settings.limits.bytes, progress=self._progress, skip=self._skipped)

    def taken(self, portion: Portion) -> Iterator[tuple[int, ImportedInvoice]]:
        """The invoices of a portion, with their places; it must not begin before the walk."""
        self.portion = portion
        wanted = portion.stop - 1
        while wanted in portion.skip and wanted >= portion.start:
            wanted -= 1
        while wanted >= portion.start and self.at <= wanted and not self.ended:
            imported = next(self.found, None)
            if imported is None:
                self.ended, self.fraction = True, 1.0
                return
            self.at = self.last + 1
            yield self.last, imported

    def _skipped(self, place: int) -> bool:
        self.last = place
        return place < self.portion.start or place in self.portion.skip

    def _progress(self, done: int, rows: int) -> None:
        self.fraction = done / rows if rows else 1.0


def remove(part: str) -> None:
    """Remove a part that is not needed.

    Args:
        part: the file.
    """
    if part:
        Path(part).unlink(missing_ok=True)
