# SPDX-License-Identifier: Apache-2.0
"""Invoices as pages: a PDF or an HTML page of each document that the user named."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from msgspec import Struct

from einvoice.errors import EinvoiceError, InputError, UnknownNameError
from einvoice.render import Language
from einvoice.service.check import defect, judge
from einvoice.service.files import Target
from einvoice.service.intake import take_in
from einvoice.service.settings import Settings
from einvoice.service.sources import read_bytes, stem
from einvoice.service.status import Status, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.model import Invoice
    from einvoice.rules.findings import Report
    from einvoice.service.intake import Intake

Form = Literal["pdf", "html"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
_SUFFIXES: Final[dict[str, Form]] = {".pdf": "pdf", ".html": "html", ".htm": "html"}


class Look(Struct, frozen=True, kw_only=True):
    """How pages are to look.

    Attributes:
        form: ``pdf`` or ``html``.
        language: the language of the page; ``None`` for that of each invoice.
        template: a Typst file of the customer's own, for PDF.
        logo: the bytes of an image for the top of the page.
        findings: whether the invoice is judged, and the findings are shown beside the values, for HTML.
        settings: what a document may cost.
    """

    form: Form
    language: Language | None = None
    template: Path | None = None
    logo: bytes | None = None
    findings: bool = False
    settings: Settings


class Rendered(Struct, frozen=True, kw_only=True):
    """What became of one document.

    Attributes:
        source: the document as the user named it.
        path: where the page was written; ``None`` if it was not, or went to standard output.
        page: the page itself, if there is one.
        notes: sentences about the document as a whole.
        error: why there is no page.
        status: what it contributes to the exit status.
    """

    source: str
    path: Path | None = None
    page: bytes | None = None
    notes: tuple[str, ...] = ()
    error: EinvoiceError | None = None
    status: Status = Status.DONE


def form_of(output: str | None, stated: Form | None) -> Form:
    """The form that a page takes: as the user says, else as the suffix of the output says, else PDF.

    Args:
        output: what ``-o`` says.
        stated: what ``--to`` says.

    Raises:
        UnknownNameError: the suffix says something else than ``--to``, or is that of something else.
    """
    suffix = Path(output).suffix.lower() if output and not output.endswith(("/", os.sep)) else ""
    meant = _SUFFIXES.get(suffix)
    if meant is not None and stated is not None and meant != stated:
        raise UnknownNameError(f"{output} would be {stated} by --to; leave out one of the two", code="FORM")
    if meant is None and stated is None and suffix and output and not Path(output).is_dir():
        raise UnknownNameError(
            f"{output} is neither .pdf nor .html; name it so, or say --to pdf or --to html", code="FORM"
        )
    return stated or meant or "pdf"


def logo_from(path: str | None) -> bytes | None:
    """The bytes of a logo, checked.

    Args:
        path: its file; ``None`` for none.

    Raises:
        InputError: it cannot be read, or cannot be used.
    """
    if path is None:
        return None
    from einvoice.render.logo import LARGEST_LOGO, checked

    logo = read_bytes(path, limit=10 * LARGEST_LOGO)
    try:
        checked(logo)
    except InputError as error:
        raise error.at(path) from None
    return logo


def moment_of(invoice: Invoice) -> datetime:
    """The moment that a page is dated to, so that the same invoice gives the same bytes: noon is nobody's secret.

    Args:
        invoice: the invoice; its day of issue (BT-2) decides, and now if it states none.
    """
    return datetime.combine(invoice.issue_date, time(), UTC) if invoice.issue_date else datetime.now(UTC)


def page(intake: Intake, look: Look) -> bytes:
    """Draw one invoice.

    Args:
        intake: the invoice.
        look: how it is to look.

    Raises:
        OutputError: it cannot be drawn.
        InputError: the logo or the template cannot be used.
        MissingExtraError: the extra ``pdf`` is not installed.
    """
    from einvoice.render import render_html, render_pdf
    from einvoice.service.hybrid import language_of

    invoice = intake.reading.invoice
    language = look.language or language_of(invoice)
    if look.form == "html":
        report = _judged(intake) if look.findings else None
        return render_html(invoice, language=language, report=report, logo=look.logo)
    return render_pdf(invoice, language=language, timestamp=moment_of(invoice), logo=look.logo, template=look.template)


def _judged(intake: Intake) -> Report:
    from einvoice.service.packs import choose

    return judge(intake, choose((), intake.reading))[0]


class Renderings:
    """One run of ``render``.

    Args:
        sources: the documents, in input order.
        look: how their pages are to look.
        output: what ``-o`` says; ``-`` for standard output.
        force: whether files that exist may be overwritten.
    """

    def __init__(self, sources: Sequence[str], look: Look, *, output: str | None, force: bool = False) -> None:
        self.sources, self.look, self.output = sources, look, output
        to_stdout = output == "-"
        self.target = None if to_stdout else Target(output, several=len(sources) > 1, force=force)

    def run(self) -> Iterator[Rendered]:
        """Draw every document; whatever happens to one, the others go on.

        Yields:
            What became of each, in input order.
        """
        for source in self.sources:
            try:
                yield self._one(source)
            except EinvoiceError as error:
                yield Rendered(source=source, error=error.at(source), status=status_of(error))
            except Exception as error:
                if os.environ.get("EINVOICE_DEBUG"):
                    raise
                failed = EinvoiceError(defect(source, error), code="DEFECT")
                yield Rendered(source=source, error=failed, status=Status.UNREADABLE)

    def _one(self, source: str) -> Rendered:
        from einvoice.render.squares import why_none

        intake = take_in(source, self.look.settings)
        drawn = page(intake, self.look)
        why = why_none(intake.reading.invoice)
        notes = tuple(note for note in (*intake.reading.notes, why) if note)
        if self.target is None:
            return Rendered(source=source, page=drawn, notes=notes)
        path = self.target.write(stem(source), f".{self.look.form}", drawn)
        return Rendered(source=source, path=path, page=drawn, notes=notes)
