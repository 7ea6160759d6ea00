# SPDX-License-Identifier: Apache-2.0
"""The invoice put into the page: a PDF/A-3 file becomes a Factur-X file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.errors import MissingExtraError, OutputError
from einvoice.pdf.announcements import announcement
from einvoice.pdf.enclosures import Enclosure, Metadata
from einvoice.pdf.names import WELL_KNOWN, shown
from einvoice.pdf.sniff import SNIFFED, root_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from einvoice.pdf.announcements import Relationship
    from einvoice.profiles import Level

_DESCRIPTION: Final = "Invoice data in XML (Factur-X)"
_RELATIONSHIPS: Final = frozenset({"Data", "Alternative", "Source"})


def attach(
    pdf: bytes,
    xml: bytes,
    *,
    profile: Level,
    modified: datetime,
    filename: str | None = None,
    relationship: Relationship | None = None,
    metadata: Metadata | None = None,
    attachments: Sequence[Enclosure] = (),
) -> bytes:
    """Embed an invoice into its page, as Factur-X and ZUGFeRD want it: all else is kept, the result deterministic.

    Args:
        pdf: the page, a PDF/A-3 file. It is opened without limits: this is for pages that we made.
        xml: the invoice in CII.
        profile: the Factur-X profile that the invoice follows.
        modified: the time to write as that of the last change, with its zone.
        filename: the name of the attachment; by default the one of the profile.
        relationship: what the XML is to the page; by default ``Data`` for MINIMUM and BASIC WL, else ``Alternative``.
        metadata: title, author, subject and keywords, where the page shall not keep its own.
        attachments: further files.

    Raises:
        PdfError: the page cannot be taken: ``PDF_DAMAGED``, ``PDF_LIMIT``, ``PDF_ENCRYPTED``, ``PDF_SIGNED``,
            ``PDF_NOT_PDFA3`` or ``PDF_HYBRID`` (it has an invoice already).
        ProfileError: there is no such profile.
        OutputError: the XML is no CII invoice, or a name, relationship or time cannot be used.
        MissingExtraError: pikepdf is not installed.
    """
    announced = announcement(profile, xml)
    name, kind = filename or announced.filename, relationship or announced.relationship
    invoice = Enclosure(name=name, content=xml, mime="text/xml", relationship=kind, description=_DESCRIPTION)
    _check(invoice, attachments)
    try:
        from einvoice.pdf import embed
    except ImportError as error:
        raise MissingExtraError("pdf", "writing a PDF") from error
    return embed.embed(pdf, embed.Order(announced, invoice, tuple(attachments), modified, metadata))


def _check(invoice: Enclosure, attachments: Sequence[Enclosure]) -> None:
    root, name = root_name(invoice.content[:SNIFFED]), invoice.name
    if root != "CrossIndustryInvoice":
        raise OutputError(
            f"a Factur-X PDF carries an invoice in CII, and this XML begins with {root or 'no element'};"
            " convert it to CII",
            code="PDF_NOT_CII",
        )
    if name not in WELL_KNOWN:
        raise OutputError(
            f"no reader looks for an invoice named {shown(name)}; take one of {', '.join(sorted(WELL_KNOWN))}",
            code="PDF_NAME",
        )
    if invoice.relationship not in _RELATIONSHIPS:
        raise OutputError(
            f"an invoice is Data, Alternative or Source to its page, not {invoice.relationship!r}",
            code="PDF_RELATIONSHIP",
        )
    names = [name, *(entry.name for entry in attachments)]
    double = next((entry for entry in names if names.count(entry) > 1), None)
    if double is not None:
        raise OutputError(f"two attachments are named {shown(double)}; rename one", code="PDF_NAME")
