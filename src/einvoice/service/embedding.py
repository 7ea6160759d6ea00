# SPDX-License-Identifier: Apache-2.0
"""An invoice and the printout of it become one Factur-X file, or the reason is told why they cannot."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from einvoice.errors import EinvoiceError, MissingExtraError, OutputError
from einvoice.pdf.media import media_type
from einvoice.pdf.sniff import SNIFFED, root_name
from einvoice.profiles import Profile
from einvoice.service.convert import Attempt, Wish, convert
from einvoice.service.evidence import judging_time
from einvoice.service.hybrid import level_of
from einvoice.service.intake import Intake, take_in, take_in_bytes
from einvoice.service.settings import Settings
from einvoice.service.sources import read_bytes
from einvoice.service.status import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.model import Invoice
    from einvoice.pdf.enclosures import Enclosure

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Request(Struct, frozen=True, kw_only=True):
    """What is to be put together.

    Attributes:
        invoice: the invoice in any syntax: a path, or ``-``.
        printout: the PDF that shows it.
        profile: the specification that the invoice shall claim; ``None`` to keep what it claims.
        attach: further files to go with it.
        replace: whether an invoice that the printout carries already is taken out.
        settings: what reading may cost.
    """

    invoice: str
    printout: str
    profile: Profile | None = None
    attach: tuple[str, ...] = ()
    replace: bool = False
    settings: Settings


def embed(request: Request) -> Attempt:
    """Put an invoice into its printout.

    An invoice in CII goes in as the bytes it is; any other is converted, and what that loses is reported. The result
    is a PDF/A-3 file by our own judgement, or there is none.

    Args:
        request: what is to be put together.

    Returns:
        How far it came; its notes say what was repaired and what the file claims.
    """
    attempt = Attempt()
    try:
        intake = take_in(request.invoice, request.settings)
        attempt, xml = _in_cii(intake, request)
        if xml is None:
            return attempt
        return _put_together(attempt, xml, request)
    except EinvoiceError as error:
        return structs.replace(attempt, output=None, error=error, status=status_of(error))


def _in_cii(intake: Intake, request: Request) -> tuple[Attempt, bytes | None]:
    """The invoice in CII: as it is, where it is CII already and shall claim nothing else."""
    data = _stated(intake, request)
    if data is not None and request.profile is None:
        _check_schema(intake)
        return Attempt(notes=intake.reading.notes), data
    if request.profile is None:
        level_of(intake.reading.invoice)
    wish = Wish(to="cii", profile=request.profile, settings=request.settings)
    attempt = convert(intake, wish)
    return attempt, attempt.output


def _stated(intake: Intake, request: Request) -> bytes | None:
    """The bytes of an invoice that is CII already; ``None`` for any other, and for one in an envelope."""
    data = intake.data
    if intake.kind == "pdf":
        from einvoice.service.extraction import invoice_of

        data = invoice_of(request.invoice, request.settings)
    return data if root_name(data[:SNIFFED]) == "CrossIndustryInvoice" else None


def _check_schema(intake: Intake) -> None:
    violations = intake.document.schema_violations() if intake.document is not None else []
    if violations:
        raise OutputError(
            f"not embedded, because the official schema refuses the invoice: {violations[0].message}"
            f" ({violations[0].path}); repair it first, such as with einvoice fix",
            code="SCHEMA",
        )


def _put_together(attempt: Attempt, xml: bytes, request: Request) -> Attempt:
    invoice = take_in_bytes(xml, request.settings).reading.invoice
    level = level_of(invoice)
    printout = read_bytes(request.printout, limit=request.settings.limits.bytes)
    try:
        from einvoice.pdf.attach import attach
        from einvoice.pdf.repair import confirm, repair
    except ImportError as error:
        raise MissingExtraError("pdf", "writing a PDF") from error
    try:
        page = repair(printout, replace=request.replace)
        moment = _moment(page.modified, invoice)
        enclosures = _enclosures(request.attach, request.settings)
        data = attach(page.data, xml, profile=level, modified=moment, attachments=enclosures)
        confirm(data)
    except EinvoiceError as error:
        raise error.at(request.printout) from error
    claimed = f"the file claims {page.claim}, and was judged as such"
    if page.accessible:
        claimed += "; it keeps the claim of PDF/UA-1 that the printout makes"
    notes = (*attempt.notes, *page.told, claimed, *_differences(data, invoice))
    return structs.replace(attempt, output=data, notes=notes)


def _differences(data: bytes, invoice: Invoice) -> Iterator[str]:
    """Where the page shows something else than the invoice says: it may be the printout of another one."""
    from einvoice.pdf.consistency import compare
    from einvoice.pdf.container import look

    for one in compare(look(data, pages=True).text, invoice).differences:
        shown = one.shown or "nothing like it"
        yield f"look at the page: the invoice says {one.stated} ({one.term}), and the page shows {shown}"


def _moment(stated: datetime | None, invoice: Invoice) -> datetime:
    """When the file was changed: never the clock, so that the same input gives the same bytes."""
    moment, day = judging_time()
    if day is not None:
        return moment
    if stated is not None:
        return stated
    return datetime.combine(invoice.issue_date, time(), UTC) if invoice.issue_date else _BEGINNING


def _enclosures(paths: Sequence[str], settings: Settings) -> tuple[Enclosure, ...]:
    from einvoice.pdf.enclosures import Enclosure

    return tuple(
        Enclosure(
            name=Path(path).name,
            content=read_bytes(path, limit=settings.limits.bytes),
            mime=media_type(path),
        )
        for path in paths
    )
