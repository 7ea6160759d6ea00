# SPDX-License-Identifier: Apache-2.0
"""gzip with a bound: 486 kB can say 500 MB.

Source: RFC 1952, AS4 1.0 section 3.1 (compression before signing).
"""

from __future__ import annotations

import gzip
import zlib
from typing import Final

from einvoice.errors import TransportError
from einvoice.transport.peppol.sbdh import LARGEST

LIMIT: Final = LARGEST
"""Bytes that a payload may have: an envelope with its document."""

_GZIP: Final = 31
_TRAILER: Final = 4


def compress(content: bytes) -> bytes:
    """Compress; the same content gives the same bytes."""
    return gzip.compress(content, mtime=0)


def announced(content: bytes) -> int:
    """How many bytes will come out, as the end of the content says; :func:`decompress` holds it to that.

    Args:
        content: one member of gzip, whole.
    """
    return int.from_bytes(content[-_TRAILER:], "little")


def decompress(content: bytes, *, limit: int = LIMIT) -> bytes:
    """Decompress at most so many bytes.

    Args:
        content: one member of gzip, whole.
        limit: bytes that may come out.

    Raises:
        TransportError: it is no gzip, was cut off or changed, has something behind its end, or holds more than the
            limit (``EBMS:0303``).
    """
    size = announced(content)
    if size > limit:
        raise _failed(f"it holds more than {limit:,} bytes")
    worker = zlib.decompressobj(_GZIP)
    try:
        out = worker.decompress(content, size + 1)
    except zlib.error:
        raise _failed("it is no gzip, or was changed") from None
    if len(out) > size:
        raise _failed("it holds more than it says at its end, or was cut off")
    if not worker.eof:
        raise _failed("it was cut off")
    if worker.unused_data:
        raise _failed("something stands behind its end")
    return out


def _failed(why: str) -> TransportError:
    return TransportError(f"the payload cannot be decompressed: {why}", code="EBMS:0303")
