# SPDX-License-Identifier: Apache-2.0
"""From the bytes of a document to UTF-8: an allow-list of encodings, and a clear refusal of all others.

What the document is written in is settled here, in Python, so that it does not depend on what the local libxml2 was
built with, and so that every later check can rely on UTF-8.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NoReturn

from einvoice.errors import XmlError

_BOM: Final = b"\xef\xbb\xbf"
_DECLARATION: Final = re.compile(rb"<\?xml[ \t\r\n][^?>]*?\bencoding[ \t\r\n]*=[ \t\r\n]*[\"']([^\"'?>]*)[\"']")
_CODECS: Final = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf16", "utf-16le", "utf-16be", "iso-10646-ucs-2"), "utf-16"),
    **dict.fromkeys(("us-ascii", "ascii"), "ascii"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1"), "iso8859-1"),
    **dict.fromkeys(("iso-8859-15", "iso8859-15", "iso_8859-15", "latin-9", "latin9"), "iso8859-15"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
}
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x4c\x6f\xa7\x94")
_BIG: Final = 0xFE
"""The first byte of UTF-16 in big-endian order, where there is a byte order mark."""
_SHORT: Final = 200
"""Bytes in which a declaration ends that is kept once it was read."""
_UNREADABLE: Final = (b"\0\0\xfe\xff", b"\xff\xfe\0\0", b"\0\0\0<", b"<\0\0\0", b"\x4c\x6f\xa7\x94")


def to_utf8(data: bytes) -> bytes:
    """Return the document in UTF-8, whatever allowed encoding it has, with line feeds as its only line ends.

    Args:
        data: the document as it came; it begins like XML in some encoding.

    Raises:
        XmlError: ``XML_ENCODING``; the encoding is not allowed, or the bytes contradict it. Bytes that are said to
            be UTF-8 are not looked at here: the parser does that.
    """
    end = data.find(b">", 0, _SHORT)
    declared = _kept(data[:end]) if end >= 0 else _declared(data)
    if b"\0" in data[:4] or data.startswith(_WIDE):
        data = _from_utf16(data)
    elif declared is not None:
        data = _from_declared(data, declared)
    # XML 1.0, 2.11: a reader takes both CR LF and CR for a line feed. Doing so here lets the parser recognise blanks.
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _declared(data: bytes) -> str | None:
    """The encoding that a document declares, if it does."""
    declared = _DECLARATION.match(data.removeprefix(_BOM))
    return declared[1].decode("ascii", "replace") if declared is not None else None


_kept: Final = lru_cache(maxsize=64)(_declared)
"""The same for what stands before the first ``>``, with which nearly all documents begin alike."""


def codec_of(data: bytes) -> str:
    """The codec that turns the document into text and back again, to the byte; a byte order mark stays in the text.

    Args:
        data: the document as it came; :func:`to_utf8` has accepted it.
    """
    if b"\0" in data[:4] or data.startswith(_WIDE):
        return "utf-16-le" if data.startswith(b"\xff\xfe") or (data[0] and data[0] != _BIG) else "utf-16-be"
    declared = None if data.startswith(_BOM) else _DECLARATION.match(data)
    return _CODECS.get(declared[1].decode("ascii", "replace").lower(), "utf-8") if declared else "utf-8"


def _from_utf16(data: bytes) -> bytes:
    if data.startswith(_UNREADABLE):
        _refuse_encoding("UTF-32 or EBCDIC")
    codec = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-16-le" if data[0] else "utf-16-be"
    data = _decoded(data, codec, "UTF-16")
    declared = _DECLARATION.match(data)
    name = declared[1].decode("utf-8", "replace") if declared else "UTF-16"
    if _CODECS.get(name.lower()) != "utf-16":
        _refuse(f"the document says that its encoding is {name!r}, but its bytes are UTF-16; save it as UTF-8")
    return data


def _from_declared(data: bytes, name: str) -> bytes:
    codec = _CODECS.get(name.lower())
    if codec is None:
        _refuse_encoding(repr(name))
    if codec == "utf-16":
        _refuse(
            f"the document says that its encoding is {name!r}, but its bytes are not; correct the declaration"
            " (probably to UTF-8), or save the document as UTF-8"
        )
    if codec == "utf-8" or data.startswith(_BOM):
        return data
    return _decoded(data, codec, name)


def _decoded(data: bytes, codec: str, name: str) -> bytes:
    try:
        return data.decode(codec).encode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(codec, "replace")
        _refuse(
            f"the bytes {data[error.start : error.end].hex(' ')} are no {name} text, which the document is said to be;"
            " save it as UTF-8",
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        )


def _refuse_encoding(name: str) -> NoReturn:
    _refuse(
        f"the encoding of the document is {name}, which is not accepted; save it as UTF-8"
        " (UTF-16, ISO-8859-1, ISO-8859-15, windows-1252 and US-ASCII are read, too)"
    )


def _refuse(message: str, line: int = 1, column: int = 1) -> NoReturn:
    raise XmlError(message, line=line, column=column, code="XML_ENCODING")
