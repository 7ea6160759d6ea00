# SPDX-License-Identifier: Apache-2.0
"""How far the letters of a text reach, by the widths that its font states (ISO 32000-1, 9.2.4, 9.4.4, 9.7.4.3).

Where a font states none, as the standard fonts may, a letter counts as zero to one em wide: then it is known only
between which places the pen stands, and a text has to be taken as one piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from pypdf.generic import ArrayObject

from einvoice.pdf.paint import numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf.generic import DictionaryObject

    from einvoice.pdf.reader import Document

_THOUSANDTH: Final = 0.001
_FAR: Final = 1000.0  # times the size: further than any page
_SURE: Final = 0.05  # of an em
_CODES: Final = 65_536
_SIX: Final = 6
_SIGNS_A_STEP: Final = 8


class Face(Struct, frozen=True):
    """A font, as far as it says where its letters stand.

    Attributes:
        widths: of the codes, as a part of the size.
        least: width of every other code, at least.
        most: width of every other code, at most.
        step: bytes of a code.
        drawn: whether it draws its letters with operators, in a size of its own.
        down: whether it writes from top to bottom.
    """

    widths: dict[int, float] = {}
    least: float = 0.0
    most: float = 1.0
    step: int = 1
    drawn: bool = False
    down: bool = False


class Piece(Struct):
    """A part of a text, from one byte to another, and between which places of its line it stands."""

    start: int
    end: int
    left: float
    right: float


class Setting(Struct, frozen=True):
    """How wide a text is set: one em, and the room after each sign and each space."""

    em: float
    sign: float
    space: float


class Pen(Struct):
    """Where on its line the next letter stands: between two places, which are one where all widths are known."""

    low: float = 0.0
    high: float = 0.0

    def move(self, by: float) -> None:
        """Go right."""
        self.low += by
        self.high += by

    def write(self, text: bytes, face: Face, setting: Setting) -> list[Piece]:
        """Write a text, sign by sign as far as it is known where they stand, and the rest as one piece."""
        pieces: list[Piece] = []
        for start in range(0, len(text), face.step):
            code = text[start : start + face.step]
            exact = face.widths.get(int.from_bytes(code))
            least, most = (face.least, face.most) if exact is None else (exact, exact)
            low, high = sorted((least * setting.em, most * setting.em))
            left, right = min(self.low, self.low + low), max(self.high, self.high + high)
            if pieces and self.high - self.low > _SURE * abs(setting.em):
                last = pieces[-1]
                last.end, last.left, last.right = start + len(code), min(last.left, left), max(last.right, right)
            else:
                pieces.append(Piece(start, start + len(code), left, right))
            room = setting.sign + (setting.space if code == b" " else 0.0)
            self.low, self.high = self.low + low + room, self.high + high + room
        return pieces


def face_of(document: Document, font: DictionaryObject) -> Face:
    """What a font says about where its letters stand.

    Args:
        document: the PDF.
        font: its dictionary.
    """
    kind = document.name(font.get("/Subtype"))
    if kind == "Type0":
        return _composite(document, font)
    drawn, unit = kind == "Type3", _THOUSANDTH
    if drawn:
        matrix = numbers_of(document.array(font.get("/FontMatrix")))
        unit = matrix[0] if len(matrix) == _SIX else 0.0
    first = document.resolve(font.get("/FirstChar"))
    stated = document.array(font.get("/Widths"))
    document.charge(len(stated))
    widths = numbers_of([document.resolve(one) for one in stated])
    known = dict(enumerate((width * unit for width in widths), first)) if isinstance(first, int) and unit else {}
    far = _FAR if drawn else 1.0
    return Face(known, least=-far if drawn else 0.0, most=far, drawn=drawn)


def _composite(document: Document, font: DictionaryObject) -> Face:
    """A font with codes of several bytes; only where these are the numbers of its glyphs, the widths are known."""
    encoding = document.name(font.get("/Encoding")) or ""
    turned = document.resolve(document.dictionary(font.get("/Encoding")).get("/WMode"))
    if encoding != "Identity-H":
        return Face(down=encoding.endswith("V") or turned == 1)
    below = document.array(font.get("/DescendantFonts"))
    glyphs = document.dictionary(below[0] if below else None)
    other = (numbers_of([document.resolve(glyphs.get("/DW"))]) or [1 / _THOUSANDTH])[0] * _THOUSANDTH
    return Face(dict(_ranges(document, document.array(glyphs.get("/W")))), least=other, most=other, step=2)


def _ranges(document: Document, entries: list[object]) -> Iterator[tuple[int, float]]:
    """The widths of glyphs: ``first [width width]`` or ``first last width``."""
    document.charge(len(entries))
    values = iter([document.resolve(entry) for entry in entries])
    for first in values:
        then = next(values, None)
        if not isinstance(first, int):
            return
        if isinstance(then, ArrayObject):
            widths = numbers_of([document.resolve(one) for one in then])
        elif isinstance(then, int) and 0 <= then - first < _CODES:
            widths = numbers_of([next(values, None)]) * (then - first + 1)
        else:
            return
        document.charge(len(widths) // _SIGNS_A_STEP)
        yield from enumerate((width * _THOUSANDTH for width in widths), first)
