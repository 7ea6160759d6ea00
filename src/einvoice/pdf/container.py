# SPDX-License-Identifier: Apache-2.0
"""What a hybrid PDF says about the invoice inside, beside the invoice itself."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from einvoice.errors import EinvoiceError
from einvoice.pdf.attachments import attachments
from einvoice.pdf.candidates import choose
from einvoice.pdf.claims import Claims, claims
from einvoice.pdf.extract import packet
from einvoice.pdf.limits import DEFAULT_LIMITS, PdfLimits
from einvoice.pdf.reader import open_pdf

_PAGES: Final = 12


class Container(Struct, frozen=True, kw_only=True):
    """The outside of a hybrid PDF.

    Attributes:
        claims: what the metadata say.
        name: what the invoice is called.
        relationship: what it is to the page; ``None`` if that is not said.
        mime: its media type as the PDF states it.
        text: the text of the pages, where it was asked for and could be read.
        unreadable: why the text could not be read; empty if it could.
    """

    claims: Claims
    name: str
    relationship: str | None
    mime: str | None
    text: str = ""
    unreadable: str = ""


def look(
    data: bytes, *, attachment: str | None = None, pages: bool = False, limits: PdfLimits = DEFAULT_LIMITS
) -> Container:
    """Look at the outside of a hybrid PDF.

    Args:
        data: the PDF.
        attachment: the name of the invoice, where there are several.
        pages: whether the text of the pages is wanted.
        limits: what reading it may cost.

    Raises:
        PdfError: it cannot be read, or holds no invoice or several.
    """
    with open_pdf(data, limits) as document:
        chosen = choose(document, attachments(document), attachment)
        text, unreadable = "", ""
        if pages:
            try:
                text = "\n".join(document.pages(_PAGES))
            except EinvoiceError as error:
                unreadable = error.message
        return Container(
            claims=claims(packet(document)),
            name=chosen.name,
            relationship=chosen.relationship,
            mime=chosen.mime,
            text=text,
            unreadable=unreadable,
        )
