# SPDX-License-Identifier: Apache-2.0
"""The bytes of a stream, decoded within a limit and never by halves (ISO 32000-1, 7.4).

The size that the file states (``/Params /Size``, ``/Length``) is never believed, and damaged data is an error: half an
invoice is worse than none. Filters for pictures do not occur on attachments and are refused.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import TYPE_CHECKING, Final

from einvoice.errors import PdfError
from einvoice.pdf.limits import over

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHUNK: Final = 1 << 16
_MAX_FILTERS: Final = 4
_BLANK: Final = b" \t\r\n\f\0"


def decode(raw: bytes, filters: Sequence[str], limit: int) -> bytes:
    """Decode the data of a stream.

    Args:
        raw: the data as it stands in the file.
        filters: the names of its filters in the order of decoding, without the slash.
        limit: how many bytes may come out, of every filter.

    Returns:
        The decoded bytes.

    Raises:
        PdfError: ``PDF_LIMIT`` if more comes out; ``PDF_DAMAGED`` if the data is broken or the filter unknown.
    """
    return _run(raw, filters, limit, head=False)


def head(raw: bytes, filters: Sequence[str], size: int) -> bytes:
    """Decode the first bytes of a stream; for a look that decides nothing but what kind of file it is.

    Args:
        raw: the data as it stands in the file.
        filters: the names of its filters in the order of decoding, without the slash.
        size: how many bytes are wanted.

    Returns:
        At most ``size`` bytes, fewer if the data is shorter or broken.
    """
    try:
        return _run(raw, filters, size, head=True)
    except PdfError:
        return b""


def _run(data: bytes, filters: Sequence[str], limit: int, *, head: bool) -> bytes:
    if len(filters) > _MAX_FILTERS:
        raise _damaged(f"an attachment is packed {len(filters)} times over")
    for name in filters:
        if name == "FlateDecode":
            data = _inflate(data, limit, head=head)
        elif name in _TEXT_FILTERS:
            data = _TEXT_FILTERS[name](data)
        else:
            raise _damaged(f"an attachment is packed with {name}, which this reader does not unpack")
    if len(data) <= limit:
        return data
    if head:
        return data[:limit]
    raise over(f"an attachment has more than {limit:,} bytes", "inflated_bytes")


def _inflate(data: bytes, limit: int, *, head: bool) -> bytes:
    """Inflate in pieces: a bomb is noticed at the limit, before its pieces are joined."""
    engine = zlib.decompressobj()
    pieces: list[bytes] = []
    total = 0
    while not engine.eof:
        try:
            piece = engine.decompress(data, _CHUNK)
        except zlib.error as error:
            raise _damaged("the compressed data of an attachment is broken") from error
        data = engine.unconsumed_tail
        total += len(piece)
        pieces.append(piece)
        if total > limit:
            if head:
                break
            raise over(f"an attachment inflates to more than {limit:,} bytes", "inflated_bytes")
        if not piece and not data and not engine.eof:
            if head:
                break
            raise _damaged("the compressed data of an attachment is cut off")
    return b"".join(pieces)[:limit]


def _ascii85(data: bytes) -> bytes:
    body = data.partition(b"~>")[0].strip(_BLANK).removeprefix(b"<~")
    try:
        return base64.a85decode(body, ignorechars=_BLANK)
    except ValueError as error:
        raise _damaged("the ASCII-85 data of an attachment is broken") from error


def _ascii_hex(data: bytes) -> bytes:
    body = re.sub(rb"\s+", b"", data.partition(b">")[0])
    try:
        return binascii.unhexlify(body + b"0" * (len(body) % 2))
    except ValueError as error:
        raise _damaged("the hexadecimal data of an attachment is broken") from error


_TEXT_FILTERS: Final = {"ASCII85Decode": _ascii85, "ASCIIHexDecode": _ascii_hex}


def _damaged(what: str) -> PdfError:
    return PdfError(f"{what}; ask the sender for the file again, or for the XML", code="PDF_DAMAGED")
