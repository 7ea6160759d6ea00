# SPDX-License-Identifier: Apache-2.0
"""Whether every character that a PDF shows has a meaning in Unicode (ISO 19005-3, 6.2.11.7.2: level U).

The answer is cautious: what is not understood here does not count as readable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from einvoice.pdf.glyphs import encoding, unicode_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.pdf.usage import Usage

_TOKENS: Final = re.compile(
    rb"(?P<count>\d+)\s+begin(?P<kind>bfchar|bfrange)|<(?P<hex>[0-9A-Fa-f\s]*)>|(?P<open>\[)|(?P<close>\])|end(?:bfchar|bfrange)"
)
_ENCODINGS: Final = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding"})
_NOWHERE: Final = frozenset({0x0, 0xFEFF, 0xFFFE})
_WIDE: Final = 2
_MOST: Final = 0x10000  # codes of a range


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
    found: dict[bytes, bytes] = {}
    for block in re.finditer(rb"begin(bfchar|bfrange)(.*?)end\1", data, re.DOTALL):
        _block(block[1] == b"bfrange", block[2], found)
    return found


def _block(ranges: bool, body: bytes, found: dict[bytes, bytes]) -> None:  # noqa: FBT001 - the kind of a block
    tokens = [match for match in _TOKENS.finditer(body) if match["hex"] is not None or match["open"] or match["close"]]
    at = 0
    width = 3 if ranges else 2
    while at + width <= len(tokens):
        first = _bytes(tokens[at])
        if not ranges:
            found[first] = _bytes(tokens[at + 1])
            at += 2
            continue
        last = _bytes(tokens[at + 1])
        at += 2
        if tokens[at]["open"]:
            targets = []
            at += 1
            while at < len(tokens) and not tokens[at]["close"]:
                targets.append(_bytes(tokens[at]))
                at += 1
            at += 1
            _spread(first, last, targets, found)
        else:
            _spread(first, last, _counted(_bytes(tokens[at]), first, last), found)
            at += 1


def _spread(first: bytes, last: bytes, targets: list[bytes], found: dict[bytes, bytes]) -> None:
    """Give a range of codes its meanings, as far as there are any."""
    size, start, end = len(first), int.from_bytes(first, "big"), int.from_bytes(last, "big")
    for step, target in zip(range(end - start + 1), targets, strict=False):
        found[(start + step).to_bytes(size, "big")] = target


def _counted(target: bytes, first: bytes, last: bytes) -> list[bytes]:
    """The meanings of a range, counted on from the first."""
    if not target:
        return []
    steps = int.from_bytes(last, "big") - int.from_bytes(first, "big") + 1
    start, size = int.from_bytes(target, "big"), len(target)
    return [(start + step).to_bytes(size + 1, "big")[1:] for step in range(min(steps, _MOST))]


def _bytes(token: re.Match[bytes]) -> bytes:
    text = re.sub(rb"\s", b"", token["hex"] or b"")
    return bytes.fromhex((text + b"0" * (len(text) % 2)).decode("ascii"))
