# SPDX-License-Identifier: Apache-2.0
"""What makes a report a record that can be filed: exact places, excerpts of the source, class of errors, time."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import structs

from einvoice import __version__, profiles
from einvoice.errors import EinvoiceError, FormatError, JsonError, PdfError, XmlError
from einvoice.rules.bmf import gravest
from einvoice.rules.findings import Finding, Undetermined
from einvoice.rules.record import Excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from einvoice.bind.source import Mark
    from einvoice.rules.bmf import ErrorClass
    from einvoice.rules.findings import Report
    from einvoice.service.intake import Places

T = TypeVar("T", Finding, Undetermined)
_NO_INVOICES: Final = frozenset({"minimum", "basicwl"})
"""Factur-X profiles without lines; for German VAT they are no e-invoices (BMF, letter of 2024-10-15)."""
_LIMIT: Final = "XML_LIMIT"


def pinned(report: Report, document: Places | None) -> tuple[Report, tuple[Excerpt, ...]]:
    """Say where in the text of a document its findings are, to the column.

    Args:
        report: what judging the document said.
        document: the document; ``None`` for an invoice that has no text.

    Returns:
        The report with lines and columns, and the places themselves.
    """
    if document is None or not (report.findings or report.undetermined):
        return report, ()
    places = {one.location for one in report.findings} | {one.location for one in report.undetermined}
    marks = document.marks({place for place in places if place})
    excerpts = {
        (one.line, one.column): Excerpt(one.line, one.column, one.before, one.marked, one.after)
        for one in marks.values()
    }
    exact = structs.replace(
        report,
        findings=tuple(_pinned(report.findings, marks)),
        undetermined=tuple(_pinned(report.undetermined, marks)),
    )
    return exact, tuple(excerpts.values())


def _pinned(found: Iterable[T], marks: Mapping[str, Mark]) -> Iterable[T]:
    for one in found:
        mark = marks.get(one.location or "")
        yield structs.replace(one, line=mark.line, column=mark.column) if mark else one


def error_class(report: Report, profile: str | None) -> ErrorClass | None:
    """The class of a document's errors in the terms of the German Ministry of Finance.

    Args:
        report: what judging it said.
        profile: its specification identifier (BT-24).
    """
    row = profiles.find(profile)
    if row is not None and row.facturx in _NO_INVOICES:
        return "format"
    return gravest(report.findings)


def class_of_refusal(error: EinvoiceError) -> ErrorClass | None:
    """The class of a document that cannot be read: a format error, unless the reason lies elsewhere.

    Args:
        error: why it cannot be read.
    """
    refused = isinstance(error, (FormatError, JsonError, PdfError, XmlError)) and error.code != _LIMIT
    return "format" if refused else None


def einvoice_version() -> str:
    """The version of einvoice that judges."""
    return __version__


def judging_time(
    stated: datetime | None = None, environment: Mapping[str, str] | None = None
) -> tuple[datetime, date | None]:
    """When a run that begins now judges: now, unless the user or ``SOURCE_DATE_EPOCH`` says so to repeat a run.

    Args:
        stated: the time that the user states; in UTC if it has no zone.
        environment: the variables; those of the process if ``None``.

    Returns:
        The time, and its day if it was stated: the rules of that day are meant then.

    Raises:
        EinvoiceError: ``SOURCE_DATE_EPOCH`` is not a number of seconds.
    """
    epoch = (os.environ if environment is None else environment).get("SOURCE_DATE_EPOCH")
    if stated is None and not epoch:
        return datetime.now(UTC).replace(microsecond=0), None
    moment = stated if stated is not None else _since_1970(epoch or "")
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment, moment.date()


def _since_1970(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise EinvoiceError(
            f"the environment variable SOURCE_DATE_EPOCH is {seconds!r}; it has to be seconds since 1970-01-01",
            code="SETTINGS",
        ) from None
