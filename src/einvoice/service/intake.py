# SPDX-License-Identifier: Apache-2.0
"""Taking an invoice in, whatever it comes as: UBL or CII, EDIFACT, our JSON, or a PDF with an invoice inside."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal, Protocol

from einvoice.bind import magic, open_document
from einvoice.errors import EinvoiceError
from einvoice.model import Invoice, Reading
from einvoice.rules.once import once
from einvoice.service.sources import read_bytes

if TYPE_CHECKING:
    from collections.abc import Collection

    from einvoice.bind import Document
    from einvoice.bind.edifact import EdifactDocument
    from einvoice.bind.locate import Location
    from einvoice.bind.source import Mark
    from einvoice.errors import FormatError
    from einvoice.service.settings import Settings


class Places(Protocol):
    """A document that knows where its terms stand."""

    def locate(self, model_path: str) -> Location | None:
        """Where a place of the model stands in the document."""

    def marks(self, paths: Collection[str]) -> dict[str, Mark]:
        """Where places stand in the text of the document: line, column, and the text itself."""


Kind = Literal["xml", "json", "pdf", "edifact", "model"]


class Intake:
    """One invoice that came in.

    Attributes:
        source: what the user called it; ``None`` for bytes without a name.
        data: its bytes as they came; empty for an invoice that was made in the program.
        kind: what the bytes are.
        document: its XML, opened; ``None`` for EDIFACT, JSON and an invoice that was made in the program.
        message: its EDIFACT message, opened; ``None`` for everything else.
    """

    def __init__(
        self,
        *,
        source: str | None,
        data: bytes,
        kind: Kind,
        document: Document | None = None,
        message: EdifactDocument | None = None,
        invoice: Invoice | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.source, self.data, self.kind, self.document = source, data, kind, document
        self.message = message
        self._invoice = invoice
        self._notes = notes

    @property
    def places(self) -> Places | None:
        """What knows where in its text a term stands; ``None`` where there is no such text."""
        return self.document or self.message

    @once
    def reading(self) -> Reading:
        """The invoice and what reading it had to say."""
        if self.message is not None:
            return self.message.reading()
        if self.document is None:
            invoice = self._invoice or Invoice()
            control = invoice.process_control
            profile = control.specification_identifier if control else None
            return Reading(invoice, None, profile, (), self._notes)
        reading = self.document.reading()
        if not self._notes:
            return reading
        return Reading(
            reading.invoice, reading.syntax, reading.profile, reading.remarks, (*self._notes, *reading.notes)
        )


def fingerprint(data: bytes) -> str:
    """The SHA-256 of a document, in hexadecimal.

    Args:
        data: its bytes as they came.
    """
    return hashlib.sha256(data).hexdigest()


def take_in(source: str, settings: Settings) -> Intake:
    """Read an invoice from a file or from standard input.

    Args:
        source: a path, or ``-``.
        settings: what it may cost.

    Raises:
        InputError: it cannot be read, or holds no invoice that einvoice knows.
    """
    return take_in_bytes(read_bytes(source, limit=settings.limits.bytes), settings, source=source)


def take_in_bytes(data: bytes, settings: Settings, *, source: str | None = None) -> Intake:
    """Read an invoice from bytes.

    Args:
        data: XML, EDIFACT, JSON or PDF; only the content decides, never the name.
        settings: what it may cost.
        source: its name, for messages.

    Raises:
        InputError: it holds no invoice that einvoice knows; the message says what it is.
    """
    kind = magic.kind(data)
    if kind == "xml":
        return Intake(source=source, data=data, kind="xml", document=_open(data, settings, source))
    if kind == "json":
        from einvoice.bind.json import read_json

        return Intake(source=source, data=data, kind="json", invoice=read_json(data, source=source))
    if kind == "edifact":
        from einvoice.bind.edifact import open_message

        message = open_message(data, source=source, lenient=settings.lenient)
        return Intake(source=source, data=data, kind="edifact", message=message)
    if kind == "pdf":
        return _from_pdf(data, settings, source)
    raise _refusal(data, source)


def take_in_each(data: bytes, settings: Settings, *, source: str | None = None) -> tuple[Intake | EinvoiceError, ...]:
    """Read every invoice from bytes: an EDIFACT interchange may hold several.

    Args:
        data: XML, EDIFACT, JSON or PDF.
        settings: what it may cost.
        source: its name, for messages.

    Returns:
        The invoices in order; for one that cannot be used the reason, which keeps the others from nothing.

    Raises:
        InputError: it holds no invoice that einvoice knows; the message says what it is.
    """
    if magic.kind(data) != "edifact":
        return (take_in_bytes(data, settings, source=source),)
    from einvoice.bind.edifact import open_messages

    found = open_messages(data, source=source, lenient=settings.lenient)
    if len(found) < 2:  # noqa: PLR2004 -- not several; none is refused by name
        return (take_in_bytes(data, settings, source=source),)
    return tuple(
        one if isinstance(one, EinvoiceError) else Intake(source=source, data=data, kind="edifact", message=one)
        for one in found
    )


def _open(data: bytes, settings: Settings, source: str | None) -> Document:
    return open_document(data, limits=settings.limits, source=source)


def _from_pdf(data: bytes, settings: Settings, source: str | None) -> Intake:
    from einvoice.pdf.extract import extract
    from einvoice.pdf.limits import PdfLimits

    size = settings.limits.bytes
    limits = PdfLimits(file_bytes=size, inflated_bytes=size)
    found = extract(data, limits=limits, attachment=settings.attachment, source=source)
    inside = f"{source}#{found.safe_name}" if source else found.safe_name
    others = ", ".join(other.safe_name for other in found.others)
    note = f"the invoice was taken from the attachment {found.safe_name} of the PDF"
    return Intake(
        source=source,
        data=data,
        kind="pdf",
        document=_open(found.xml, settings, inside),
        notes=(f"{note}; it also carries {others}" if others else note,),
    )


def _refusal(data: bytes, source: str | None) -> FormatError:
    """What the bytes are, and that an ERP export needs a mapping."""
    error = magic.refusal(data, source)
    head = data[:1024].decode("latin-1").partition("\n")[0]
    if any(head.count(sign) > 1 for sign in ";,\t") and "\0" not in head:
        error.message = (
            "this looks like a table (CSV); to convert it, say with --map what its columns mean,"
            " and with --seller who sells"
        )
    return error
