# SPDX-License-Identifier: Apache-2.0
"""The XMP packet of an open PDF, within a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikepdf import Array, Stream

from einvoice.pdf import streams

if TYPE_CHECKING:
    import pikepdf

LONGEST: Final = 2_000_000
"""Bytes of a packet; those of invoices have some thousand."""


def packet_of(pdf: pikepdf.Pdf) -> bytes:
    """Return the metadata of a document; nothing if it has none.

    Args:
        pdf: the document.

    Raises:
        PdfError: they are too large (``PDF_LIMIT``) or broken (``PDF_DAMAGED``).
    """
    metadata = pdf.Root.get("/Metadata")
    return unpacked(metadata) if isinstance(metadata, Stream) else b""


def unpacked(stream: Stream, limit: int = LONGEST) -> bytes:
    """Return the decoded bytes of a stream.

    Args:
        stream: the stream.
        limit: how many bytes it may have.

    Raises:
        PdfError: there are more (``PDF_LIMIT``) or they are broken (``PDF_DAMAGED``).
    """
    filters = stream.get("/Filter", Array())
    names = list(filters) if isinstance(filters, Array) else [filters]
    return streams.decode(stream.read_raw_bytes(), [str(name).removeprefix("/") for name in names], limit)
