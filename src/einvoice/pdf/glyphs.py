# SPDX-License-Identifier: Apache-2.0
"""The names of glyphs and the encodings of simple fonts (ISO 32000-1, annex D; the Adobe Glyph List)."""

from __future__ import annotations

from functools import cache
from typing import Final

from fontTools.agl import UV2AGL, toUnicode  # type: ignore[import-untyped]  # it carries no types
from fontTools.encodings.StandardEncoding import (  # type: ignore[import-untyped]  # it carries no types
    StandardEncoding,
)

NOTHING: Final = ".notdef"
_CODECS: Final = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_FIRST: Final = 0x20
_ALSO: Final = {"/WinAnsiEncoding": {0xA0: "space", 0xAD: "hyphen"}, "/MacRomanEncoding": {0xCA: "space"}}


def unicode_of(name: str) -> int | None:
    """Return the character that the name of a glyph means; ``None`` for a name that means none or several."""
    text = toUnicode(name)
    return ord(text) if len(text) == 1 else None


@cache
def encoding(name: str | None) -> tuple[str, ...]:
    """Return the names of the 256 codes of an encoding.

    Args:
        name: as it stands in a PDF, with its slash; any other is the standard encoding.
    """
    codec = _CODECS.get(name or "")
    if codec is None:
        return tuple(StandardEncoding)
    also = _ALSO[name or ""]
    return tuple(also.get(code) or _glyph(code, codec) for code in range(256))


def _glyph(code: int, codec: str) -> str:
    if code < _FIRST:
        return NOTHING
    try:
        character = ord(bytes([code]).decode(codec))
    except UnicodeDecodeError:
        return "bullet"  # the unused codes of WinAnsiEncoding
    found = UV2AGL.get(character, NOTHING)
    return found if character != 0x7F else "bullet"  # noqa: PLR2004 - the code of delete
