# SPDX-License-Identifier: Apache-2.0
"""The body of a request, read piece by piece into a file: what a slow peer sends costs disk, and no memory.

What is wrong with it is an error whose code is the status to answer with, such as ``HTTP:413``.

Source: RFC 9112 sections 6 and 7 (length of a message, chunked coding); CWE-444 (two lengths in one message).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.errors import TransportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message
    from io import BufferedIOBase
    from typing import IO

_PIECE: Final = 65_536
_CHUNK_LINE: Final = 100
_LENGTH: Final = re.compile(r"[0-9]{1,15}")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


def announced(headers: Message, limit: int) -> int | None:
    """How long a body says it is; nothing where it comes in chunks.

    Args:
        headers: those of the request.
        limit: bytes that it may have.

    Raises:
        TransportError: it is too long, or says no length, or two.
    """
    lengths, codings = headers.get_all("Content-Length", []), headers.get_all("Transfer-Encoding", [])
    if codings:
        if lengths or [each.strip().lower() for each in codings] != ["chunked"]:
            raise refusal(400, "a message has a Content-Length or is chunked, and nothing else")
        return None
    if not lengths:
        raise refusal(411, "say how long the message is")
    if len(set(lengths)) > 1 or not _LENGTH.fullmatch(lengths[0]):
        raise refusal(400, "the Content-Length is no number")
    if int(lengths[0]) > limit:
        raise _too_long(limit)
    return int(lengths[0])


def spool(
    stream: BufferedIOBase, target: IO[bytes], length: int | None, *, limit: int, moved: Callable[[int], object]
) -> int:
    """Read a body into a file.

    Args:
        stream: where the body comes from.
        target: where it goes.
        length: what it announced; nothing for one in chunks.
        limit: bytes that it may have.
        moved: told of every piece that came.

    Returns:
        How many bytes it has.

    Raises:
        TransportError: it is too long, was cut off, or has no place on the disk.
    """
    size = 0
    for piece in _chunks(stream, limit) if length is None else _read(stream, length):
        size += len(piece)
        if size > limit:
            raise _too_long(limit)
        moved(len(piece))
        try:
            target.write(piece)
        except OSError as error:
            message = f"there is no place on the disk ({error.strerror}); send it again later"
            raise refusal(503, message) from error
    return size


def refusal(status: int, why: str) -> TransportError:
    """What is answered with a status of HTTP."""
    return TransportError(why, temporary=status >= 500, code=f"HTTP:{status}")  # noqa: PLR2004 - of the server


def _read(stream: BufferedIOBase, length: int) -> Iterator[bytes]:
    left = length
    while left:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            raise refusal(400, "the message was cut off")
        left -= len(piece)
        yield piece


def _chunks(stream: BufferedIOBase, limit: int) -> Iterator[bytes]:
    while True:
        found = _CHUNK.fullmatch(stream.readline(_CHUNK_LINE))
        if found is None:
            raise refusal(400, "a chunk has no length")
        length = int(found[1], 16)
        if length > limit:
            raise _too_long(limit)
        yield from _read(stream, length)
        if stream.readline(_CHUNK_LINE).strip():
            raise refusal(400, "a chunk is longer than it says, or something stands behind the last one")
        if length == 0:
            return


def _too_long(limit: int) -> TransportError:
    return refusal(413, f"messages of at most {limit:,} bytes are taken")
