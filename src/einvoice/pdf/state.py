# SPDX-License-Identifier: Apache-2.0
"""The graphics state, as far as it decides which text is seen (ISO 32000-1, 8.4 and 9.3)."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.pdf.paint import BLACK, Area, Box, Colour, Matrix, around, corners
from einvoice.pdf.pen import Face, Piece, Setting

if TYPE_CHECKING:
    from collections.abc import Sequence

_SMALLEST: Final = 1.0  # points
_UNPAINTED: Final = {3, 7}  # text rendering modes (9.3.6)
_STROKED: Final = {1, 2, 5, 6}
_FILLED: Final = {0, 2, 4, 6}


class State(Struct):
    """What a page has set: where it may paint and in which colours, and how it sets text."""

    clip: Area
    fill: Colour | None = BLACK
    stroke: Colour | None = BLACK
    fill_space: int | None = 1
    stroke_space: int | None = 1
    alpha: float = 1.0
    width: float = 1.0
    mode: int = 0
    size: float = 0.0
    scale: float = 1.0
    rise: float = 0.0
    leading: float = 0.0
    face: Face = Face()
    signs: float = 0.0
    words: float = 0.0

    @property
    def setting(self) -> Setting:
        """How wide a text is set."""
        return Setting(self.size * self.scale, self.signs * self.scale, self.words * self.scale)

    @property
    def unpainted(self) -> bool:
        """Whether text is put down without being painted."""
        return self.mode in _UNPAINTED

    @property
    def inks(self) -> list[Colour | None]:
        """The colours that text is painted in."""
        filled, stroked = self.mode not in _STROKED - _FILLED, self.mode in _STROKED
        return [self.fill] * filled + [self.stroke] * stroked

    def lost(self, matrix: Matrix, unit: float) -> bool:
        """Whether text is too small to see, or painted wholly transparent.

        Args:
            matrix: from the text to the page.
            unit: points of a unit of the page.
        """
        tiny = abs(self.size) * height(matrix) * unit < _SMALLEST and not self.face.drawn
        return tiny or (self.alpha <= 0 and self.mode in _FILLED - _STROKED)

    def inside(self, pieces: list[Piece], matrix: Matrix) -> list[Piece]:
        """What of a text lies inside the page and the clip. A letter may reach further than it is wide: to one em.

        Args:
            pieces: the text.
            matrix: from the text to the page.
        """
        if self.face.down or not pieces:
            return pieces
        left, right = min(one.left for one in pieces), max(one.right for one in pieces)
        if self.clip.box.holds(self._room(left, right, matrix)):
            return pieces
        return [one for one in pieces if self._room(one.left, one.right, matrix).meets(self.clip.box)]

    def _room(self, left: float, right: float, matrix: Matrix) -> Box:
        reach = left + self.size * self.scale
        low, high = self.rise - self.size / 3, self.rise + self.size
        return around(corners((min(left, reach), low, max(right, reach), high), matrix))

    def bands(self, pieces: Sequence[Piece], matrix: Matrix) -> list[Box]:
        """Where the pieces of a text lie on the page, at the height where all letters have ink."""
        low, high = self.rise + self.size / 10, self.rise + self.size / 2
        return [around(corners((one.left, low, one.right, high), matrix)) for one in pieces]


def height(matrix: Matrix) -> float:
    """How high something is that was one point high before a transformation."""
    return hypot(matrix[2], matrix[3])
