# SPDX-License-Identifier: Apache-2.0
"""The invoice inside a hybrid PDF (Factur-X, ZUGFeRD), found or honestly not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import EinvoiceError, PdfError
from einvoice.pdf.claims import claims
from einvoice.pdf.limits import DEFAULT_LIMITS, PdfLimits

if TYPE_CHECKING:
    from einvoice.pdf.attachments import Attached
    from einvoice.pdf.reader import Document

_METADATA_BYTES: Final = 2_000_000


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment of a PDF, without its bytes."""

    name: str
    """Its name exactly as it stands in the PDF. It is no path."""
    safe_name: str
    """A name that is harmless in any folder."""
    relationship: str | None
    """What it is to the document: ``Data``, ``Alternative``, ``Source``, ``Supplement`` ..."""
    mime: str | None
    """Its media type as the PDF states it."""


class Embedded(Attachment, frozen=True, kw_only=True):
    """The invoice that a PDF carries."""

    xml: bytes
    """Its bytes, as they were attached."""
    level: str | None
    """The conformance level that the metadata of the PDF state, such as ``EN 16931``; nothing checks it here."""
    others: tuple[Attachment, ...]
    """All other attachments."""


class Unpacked(Attachment, frozen=True, kw_only=True):
    """An attachment of a PDF with its bytes."""

    content: bytes
    """Its bytes, as they were attached."""


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is attached to a PDF."""

    files: tuple[Unpacked, ...]
    """The attachments, those of the tree of names first; copies of one file once."""
    chosen: int | None
    """Which of them is the invoice; ``None`` if that was not asked or there is none."""
    level: str | None
    """The conformance level that the metadata of the PDF state."""


def extract(
    data: bytes, *, limits: PdfLimits = DEFAULT_LIMITS, attachment: str | None = None, source: str | None = None
) -> Embedded:
    """Take the invoice out of a hybrid PDF.

    An attachment with a well-known name (``factur-x.xml``, ``zugferd-invoice.xml``, ``xrechnung.xml``, ``cii.xml``) is
    the invoice; where there is none, an XML attachment whose root element is that of an invoice.

    Args:
        data: the PDF.
        limits: what reading it may cost.
        attachment: the name of the attachment to take, where the PDF holds several invoices.
        source: the name of the PDF, for messages.

    Returns:
        The invoice and what is known about it.

    Raises:
        PdfError: ``PDF_NO_INVOICE``, ``PDF_AMBIGUOUS``, ``PDF_LIMIT``, ``PDF_ENCRYPTED`` or ``PDF_DAMAGED``.
    """
    from einvoice.pdf.reader import open_pdf

    try:
        with open_pdf(data, limits) as document:
            return _extract(document, attachment)
    except EinvoiceError as error:
        if source is not None:
            error.at(source)
        raise


def unpack(
    data: bytes,
    *,
    limits: PdfLimits = DEFAULT_LIMITS,
    attachment: str | None = None,
    everything: bool = False,
    source: str | None = None,
) -> Parcel:
    """Take everything out of a PDF that is attached to it.

    Args:
        data: the PDF.
        limits: what reading it may cost; ``inflated_bytes`` bounds all attachments together.
        attachment: the name of the only attachment to take.
        everything: whether nothing has to be an invoice, and several invoices are welcome.
        source: the name of the PDF, for messages.

    Returns:
        The files.

    Raises:
        PdfError: ``PDF_NO_INVOICE``, ``PDF_AMBIGUOUS``, ``PDF_LIMIT``, ``PDF_ENCRYPTED`` or ``PDF_DAMAGED``.
    """
    from einvoice.pdf.reader import open_pdf

    try:
        with open_pdf(data, limits) as document:
            return _unpack(document, attachment, everything=everything)
    except EinvoiceError as error:
        if source is not None:
            error.at(source)
        raise


def _unpack(document: Document, wanted: str | None, *, everything: bool) -> Parcel:
    from einvoice.pdf.attachments import attachments
    from einvoice.pdf.candidates import choose, none_found

    found = attachments(document)
    chosen = None if everything and wanted is None else choose(document, found, wanted)
    if not found:
        raise none_found(document, found, wanted)
    files: list[Unpacked] = []
    place = None
    left = document.limits.inflated_bytes
    for entry in [chosen] if chosen is not None and wanted is not None else found:
        unpacked = _unpacked(document, entry, left)
        left -= len(unpacked.content)
        if any((one.name, one.content) == (unpacked.name, unpacked.content) for one in files):
            continue
        if entry is chosen:
            place = len(files)
        files.append(unpacked)
    return Parcel(files=tuple(files), chosen=place, level=claims(packet(document)).level)


def _unpacked(document: Document, entry: Attached, left: int) -> Unpacked:
    return Unpacked(
        name=entry.name,
        safe_name=entry.safe_name,
        relationship=entry.relationship,
        mime=entry.mime,
        content=document.content(entry.stream, left),
    )


def _extract(document: Document, wanted: str | None) -> Embedded:
    from einvoice.pdf.attachments import attachments
    from einvoice.pdf.candidates import choose

    found = attachments(document)
    chosen = choose(document, found, wanted)
    return Embedded(
        name=chosen.name,
        safe_name=chosen.safe_name,
        relationship=chosen.relationship,
        mime=chosen.mime,
        xml=document.content(chosen.stream),
        level=claims(packet(document)).level,
        others=tuple(_described(entry) for entry in found if entry is not chosen),
    )


def _described(entry: Attached) -> Attachment:
    return Attachment(name=entry.name, safe_name=entry.safe_name, relationship=entry.relationship, mime=entry.mime)


def packet(document: Document) -> bytes:
    """Return the XMP packet, or nothing: it only describes the invoice and cannot keep it from being read."""
    stream = document.stream(document.catalog.get("/Metadata"))
    if stream is None:
        return b""
    try:
        return document.content(stream, _METADATA_BYTES)
    except PdfError:
        return b""
