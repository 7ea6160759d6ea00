# SPDX-License-Identifier: Apache-2.0
"""The raw syntax of a PDF/A-3 file (ISO 19005-3, 6.1.2 to 6.1.7), which libraries repair in silence when they read.

Only what is certain is said: a place that this cannot follow says nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER: Final = re.compile(rb"%PDF-1\.[0-7](\r\n|\r|\n)")
_BINARY: Final = re.compile(rb"%[\x80-\xff]{4}")
_END: Final = re.compile(rb"%%EOF(\r\n|\r|\n)?\Z")
_START: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_TABLE: Final = re.compile(rb"xref(\r\n|\r|\n)\d+ \d+ ?(\r\n|\r|\n)")
_STREAM: Final = re.compile(rb"/Length (\d+)(?! \d+ R)[^<>]{0,200}>>\s*stream(\r\n|\n|\r)")
_STREAMS: Final = 20_000


def slips(data: bytes) -> Iterator[tuple[str, str]]:
    """Look for breaches of the syntax that PDF/A-3 asks for.

    Args:
        data: the file.

    Yields:
        The clause with the number of its test, and what is wrong.
    """
    header = _HEADER.match(data)
    if header is None:
        yield "6.1.2-1", "the file does not begin with %PDF-1.0 to %PDF-1.7 and the end of a line"
    elif not _BINARY.match(data, header.end()):
        yield "6.1.2-2", "the second line is no comment of four bytes beyond ASCII"
    if not _END.search(data[-16:]):
        yield "6.1.3-3", "something stands behind the end of the file"
    tail = data[-2048:]
    linear = b"/Linearized" in data[:1024]  # its trailer stands at the beginning
    if not linear and b"trailer" in tail and not re.search(rb"/ID\s*\[", data[-4096:]):
        yield "6.1.3-1", "the trailer has no ID"
    yield from _table(data)
    yield from _streams(data)


def _table(data: bytes) -> Iterator[tuple[str, str]]:
    starts = _START.findall(data[-2048:])
    at = int(starts[-1]) if starts else len(data)
    if at < len(data) and data.startswith(b"xref", at) and not _TABLE.match(data, at):
        yield "6.1.4-1", "the cross-reference table does not begin as it should"


def _streams(data: bytes) -> Iterator[tuple[str, str]]:
    """Streams whose length is stated beside them must be that long, and begin behind the end of a line."""
    for count, match in enumerate(_STREAM.finditer(data)):
        if count > _STREAMS:
            return
        if match[2] == b"\r":
            yield "6.1.7.1-2", "a stream does not begin behind the end of a line"
            return
        end = match.end() + int(match[1])
        rest = data[end : end + 11]
        if b"endstream" in rest and not re.match(rb"(\r\n|\n|\r)endstream", rest):
            yield "6.1.7.1-1", "a stream is not as long as it says"
            return
