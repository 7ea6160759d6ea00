# SPDX-License-Identifier: Apache-2.0
"""Whether every character that a PDF shows has a meaning in Unicode (ISO 19005-3, 6.2.11.7.2: level U).

The answer is cautious: what is not understood here does not count as readable.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from einvoice.pdf.glyphs import encoding, unicode_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.pdf.usage import Usage

_TOKEN: Final = re.compile(rb"<[0-9A-Fa-f\s]*>|[\[\]]")
_ENCODINGS: Final = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding"})
_NOWHERE: Final = frozenset({0x0, 0xFEFF, 0xFFFE})
_WIDE: Final = 2
_MOST: Final = 0x10000  # codes of a range
_TABLE: Final = 2_000_000  # bytes of a table with a meaning for every code
_STEPS: Final = 500_000  # meanings of a table, which may give one to a code more than once


def readable(found: Usage) -> bool:
    """Say whether all text has a meaning in Unicode.

    Args:
        found: what the pages show.
    """
    if not found.known:
        return False
    return all(_readable(found.fonts[key], codes) for key, codes in found.codes.items())


def _readable(font: Dictionary, texts: Iterable[bytes]) -> bool:
    mapped = _mapping(font.get("/ToUnicode"))
    if font.get("/Subtype") == Name.Type0:
        if str(font.get("/Encoding")) not in {"/Identity-H", "/Identity-V"}:
            return False
        codes = {text[at : at + _WIDE] for text in texts for at in range(0, len(text), _WIDE)}
        return all(_means(mapped.get(code)) for code in codes)
    single = {bytes([code]) for text in texts for code in text}
    named = _names(font.get("/Encoding"))
    return all(_means(mapped.get(code)) if code in mapped else code[0] in named for code in single)


def _means(target: bytes | None) -> bool:
    """Whether a mapping leads to text."""
    if not target or len(target) % 2:
        return False
    units = [int.from_bytes(target[at : at + 2], "big") for at in range(0, len(target), 2)]
    return not _NOWHERE & set(units)


def _names(said: object) -> set[int]:
    """The codes whose glyphs have names that mean a character."""
    base = said.get("/BaseEncoding") if isinstance(said, Dictionary) else said
    names = encoding(str(base)) if str(base) in _ENCODINGS else ()
    known = {code for code, name in enumerate(names) if unicode_of(name)}
    differences = said.get("/Differences") if isinstance(said, Dictionary) else None
    code = 0
    for item in differences if isinstance(differences, Array) else ():
        if isinstance(item, Name):
            (known.add if unicode_of(str(item)[1:]) else known.discard)(code)
            code += 1
        else:
            code = int(item)
    return known


def _mapping(cmap: object) -> dict[bytes, bytes]:
    """The codes of a ToUnicode CMap with what they mean, as UTF-16 (ISO 32000-1, 9.10.3)."""
    if not isinstance(cmap, Stream):
        return {}
    try:
        data = cmap.read_bytes()
    except pikepdf.PdfError:
        return {}
    pairs = (
        pair
        for block in re.finditer(rb"begin(bfchar|bfrange)(.*?)end\1", data[:_TABLE], re.DOTALL)
        for pair in _meanings(_TOKEN.findall(block[2]), is_ranges=block[1] == b"bfrange")
    )
    found = dict(islice(pairs, _STEPS))
    return found if next(pairs, None) is None else {}


def _meanings(tokens: list[bytes], *, is_ranges: bool) -> Iterator[tuple[bytes, bytes]]:
    """The codes of a block of a CMap, each with what it means."""
    left = iter(tokens)
    for first in left:
        last = next(left, b"")
        if not is_ranges:
            yield _bytes(first), _bytes(last)
            continue
        target = next(left, b"")
        if target == b"[":
            targets: Iterable[bytes] = [_bytes(one) for one in takewhile(lambda one: one != b"]", left)]
        else:
            targets = _counted(_bytes(target))
        yield from zip(_codes(_bytes(first), _bytes(last)), targets, strict=False)


def _codes(first: bytes, last: bytes) -> Iterator[bytes]:
    """The codes of a range."""
    size, start, end = len(first), int.from_bytes(first, "big"), int.from_bytes(last, "big")
    for code in range(start, min(end + 1, start + _MOST, 1 << 8 * size)):
        yield code.to_bytes(size, "big")


def _counted(target: bytes) -> Iterator[bytes]:
    """The meanings of a range, counted on from the first."""
    start, size = int.from_bytes(target, "big"), len(target)
    for meaning in range(start, start + _MOST if target else start):
        yield meaning.to_bytes(size + 1, "big")[1:]


def _bytes(token: bytes) -> bytes:
    text = re.sub(rb"\s", b"", token.strip(b"<>[]"))
    return bytes.fromhex((text + b"0" * (len(text) % 2)).decode("ascii"))
