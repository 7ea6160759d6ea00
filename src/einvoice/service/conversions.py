# SPDX-License-Identifier: Apache-2.0
"""Converting what the user named: every document by itself, in input order, each with a line in the report."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import structs, to_builtins

from einvoice.bind import magic
from einvoice.errors import EinvoiceError
from einvoice.service.convert import Attempt, convert
from einvoice.service.files import SUFFIXES, Target, sanitised
from einvoice.service.intake import take_in_bytes, take_in_each
from einvoice.service.sources import read_bytes, stem
from einvoice.service.status import Status, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from einvoice.service.causes import Warned
    from einvoice.service.convert import Wish
    from einvoice.service.export import Exports
    from einvoice.service.intake import Intake

    Work = tuple[str, str, Callable[[], Attempt]]


class Outcome:
    """What became of one document.

    Attributes:
        source: the document as the user named it.
        attempt: how far its conversion came.
        path: where the result was written; ``None`` if it was not, or went to standard output.
    """

    def __init__(self, source: str, attempt: Attempt, path: Path | None = None) -> None:
        self.source, self.attempt, self.path = source, attempt, path

    def as_data(self) -> dict[str, Any]:
        """One line of the report, with the names of the contract."""
        error, refusals = self.attempt.error, self.attempt.refusals
        return {
            "source": self.source,
            "output": str(self.path) if self.path is not None else None,
            "losses": [
                {"path": loss.path, "value": loss.value, "reason": loss.reason, "terms": loss.terms}
                for loss in self.attempt.losses
            ],
            "computed": [
                {"term": one.term, "value": one.value, "was": one.was, "why": one.why or None}
                for one in self.attempt.computed
            ],
            "findings": [_said(one) for one in self.attempt.warnings],
            "notes": list(self.attempt.notes),
            "error": str(error) if error is not None else None,
            **({"refusals": [to_builtins(one) for one in refusals]} if refusals else {}),
        }


def _said(warned: Warned) -> dict[str, Any]:
    one = warned.finding
    return {
        "rule": one.rule,
        "severity": one.effective,
        "message": one.message,
        "terms": one.terms,
        "found": one.found,
        "expected": one.expected,
        "place": warned.place or None,
        "location": one.location,
    }


class Conversions:
    """One run of ``convert``.

    Args:
        sources: the documents, in input order.
        wish: what is wanted of each.
        output: what ``-o`` says; ``-`` for standard output, which takes one document.
        exports: how ERP exports are read; ``None`` if the sources are invoices.
        force: whether files that exist may be overwritten.
    """

    def __init__(
        self,
        sources: Sequence[str],
        wish: Wish,
        *,
        output: str | None = None,
        exports: Exports | None = None,
        force: bool = False,
    ) -> None:
        self.sources, self.wish, self.exports = sources, wish, exports
        self.output, self.force = output, force
        self.target: Target | None = None

    def run(self) -> Iterator[Outcome]:
        """Convert everything, one document after the other.

        Yields:
            What became of each document.
        """
        work = self._work()
        ahead = list(islice(work, 2))
        if self.output != "-":
            self.target = Target(self.output, several=len(self.sources) > 1 or len(ahead) > 1, force=self.force)
        for name, base, attempt in (*ahead, *work):
            yield self._put(name, base, _guarded(name, attempt))

    def _work(self) -> Iterator[Work]:
        for source in self.sources:
            if self.exports is None:
                yield from self._each(source)
            else:
                yield from self._many(source, self.exports)

    def _each(self, source: str) -> Iterator[Work]:
        """The invoices of a source; of several, each under its number."""
        try:
            data = read_bytes(source, limit=self.wish.settings.limits.bytes)
        except EinvoiceError as error:
            yield source, stem(source), _failing(error)
            return
        if magic.kind(data) != "edifact":
            yield (
                source,
                stem(source),
                lambda: convert(take_in_bytes(data, self.wish.settings, source=source), self.wish),
            )
            return
        try:
            found = take_in_each(data, self.wish.settings, source=source)
        except EinvoiceError as error:
            found = (error,)
        for count, intake in enumerate(found, 1):
            yield source, _base(source, intake, count) if len(found) > 1 else stem(source), self._taken(intake)

    def _taken(self, intake: Intake | EinvoiceError) -> Callable[[], Attempt]:
        return _failing(intake) if isinstance(intake, EinvoiceError) else lambda: convert(intake, self.wish)

    def _many(self, source: str, exports: Exports) -> Iterator[Work]:
        from einvoice.service.export import convert_imported

        def made(imported: Any) -> Callable[[], Attempt]:  # noqa: ANN401 - an ImportedInvoice
            return lambda: convert_imported(imported, self.wish, source, assumes=exports.assumes)

        try:
            found = exports.read(source, limit=self.wish.settings.limits.bytes)
            ahead = list(islice(found, 2))
        except EinvoiceError as error:
            yield source, stem(source), _failing(error)
            return
        for number, imported in enumerate((*ahead, *found), 1):
            name = sanitised(imported.number) or f"{stem(source)}-{number}"
            yield source, name if len(ahead) > 1 else stem(source), made(imported)

    def _put(self, source: str, base: str, attempt: Attempt) -> Outcome:
        if attempt.output is None or self.target is None:
            return Outcome(source, attempt)
        try:
            return Outcome(source, attempt, self.target.write(base, SUFFIXES[self.wish.to], attempt.output))
        except EinvoiceError as error:
            return Outcome(source, structs.replace(attempt, output=None, error=error, status=status_of(error)))


def _base(source: str, intake: Intake | EinvoiceError, count: int) -> str:
    """The name of one invoice of several: its number, else which one it is."""
    try:
        number = "" if isinstance(intake, EinvoiceError) else intake.reading.invoice.number
    except Exception:  # noqa: BLE001 -- converting it will fail for the same reason, and say so
        number = ""
    return sanitised(number or "") or f"{stem(source)}-{count}"


def _failing(error: EinvoiceError) -> Callable[[], Attempt]:
    return lambda: Attempt(error=error, status=status_of(error))


def _guarded(source: str, attempt: Callable[[], Attempt]) -> Attempt:
    """Whatever happens to one document, the others go on."""
    try:
        found = attempt()
    except EinvoiceError as error:
        found = Attempt(error=error, status=status_of(error))
    except Exception as error:
        if os.environ.get("EINVOICE_DEBUG"):
            raise
        found = Attempt(error=defect(error), status=Status.UNREADABLE)
    if found.error is not None:
        found.error.at(source)
    return found


def defect(error: Exception) -> EinvoiceError:
    """What to say where einvoice itself failed on a document.

    Args:
        error: what happened.
    """
    return EinvoiceError(
        f"einvoice failed on this document ({type(error).__name__}: {error}); that is a defect of einvoice,"
        " please report it with what EINVOICE_DEBUG=1 prints",
        code="DEFECT",
    )
