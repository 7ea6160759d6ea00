# SPDX-License-Identifier: Apache-2.0
"""Where something is painted on a page, and in which colour (ISO 32000-1, 8.3 to 8.6)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from pypdf.generic import ArrayObject, NameObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pypdf.generic import DictionaryObject

    from einvoice.pdf.reader import Document

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Colour = tuple[float, float, float]

IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
WHITE: Final[Colour] = (1.0, 1.0, 1.0)
BLACK: Final[Colour] = (0.0, 0.0, 0.0)
ALIKE: Final = 0.04  # of the whole range: no eye tells such a difference on a page
_SLACK: Final = 0.01  # points that corners of a rectangle may be off
_CORNERS: Final = 4
_ENDLESS: Final = 1e30
_DEVICE: Final = {
    "DeviceGray": 1, "G": 1, "CalGray": 1, "DeviceRGB": 3, "RGB": 3, "CalRGB": 3, "DeviceCMYK": 4, "CMYK": 4
}  # fmt: skip
TINTS: Final = -1
"""The space of a named ink: nothing of it leaves the paper white, and what else it does is not known."""


class Box(Struct, frozen=True):
    """A rectangle of the page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether they have a point in common."""
        across = self.left <= other.right and other.left <= self.right
        return across and self.bottom <= other.top and other.bottom <= self.top

    def has(self, point: Point) -> bool:
        """Whether a point lies inside."""
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top

    def holds(self, other: Box) -> bool:
        """Whether another lies inside wholly."""
        return self.has((other.left, other.bottom)) and self.has((other.right, other.top))

    @property
    def empty(self) -> bool:
        """Whether nothing fits in."""
        return self.right <= self.left or self.top <= self.bottom

    def within(self, other: Box) -> Box:
        """What lies in both; nothing has a width or height below zero."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def wider(self, by: float) -> Box:
        """With a margin on all sides."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)


class Area(Struct, frozen=True):
    """A part of the page.

    Attributes:
        box: what it lies in.
        whole: whether it fills its box.
        colour: how it is painted; ``None`` where that is not one colour that is known.
    """

    box: Box
    whole: bool
    colour: Colour | None = None


def times(first: Sequence[float], second: Sequence[float]) -> Matrix:
    """One transformation after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def moved(x: float, y: float, by: Sequence[float]) -> Point:
    """A point after a transformation."""
    return x * by[0] + y * by[2] + by[4], x * by[1] + y * by[3] + by[5]


def around(points: Iterable[Point]) -> Box:
    """The box around some points."""
    across, up = zip(*points, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def corners(edges: Sequence[float], by: Sequence[float]) -> list[Point]:
    """The corners of a rectangle (left, bottom, right, top) after a transformation."""
    left, bottom, right, top = edges
    return [moved(x, y, by) for x, y in ((left, bottom), (right, bottom), (right, top), (left, top))]


def is_rectangle(points: list[Point]) -> bool:
    """Whether the corners of a path are those of an upright rectangle."""
    ring = points[:-1] if len(points) == _CORNERS + 1 and _near(points[0], points[-1]) else points
    if len(ring) != _CORNERS:
        return False
    upright = [abs(one[0] - two[0]) <= _SLACK for one, two in pairwise([*ring, ring[0]])]
    level = [abs(one[1] - two[1]) <= _SLACK for one, two in pairwise([*ring, ring[0]])]
    return (upright[::2] == level[1::2] == [True, True]) or (level[::2] == upright[1::2] == [True, True])


def alike(one: Colour, two: Colour) -> bool:
    """Whether nobody can tell two colours apart."""
    return all(abs(first - second) <= ALIKE for first, second in zip(one, two, strict=True))


def colour_of(space: int | None, parts: Sequence[float]) -> Colour | None:
    """A colour in red, green and blue; ``None`` where that is not known.

    Args:
        space: how many parts a colour has there, or :data:`TINTS`.
        parts: the parts, from 0 to 1.
    """
    if space == TINTS:
        return None if any(parts) or not parts else WHITE
    if space not in {1, 3, 4} or len(parts) != space:
        return None
    if space == 1:
        return parts[0], parts[0], parts[0]
    if space == len(BLACK):
        return parts[0], parts[1], parts[2]
    cyan, magenta, yellow, black = parts
    return 1 - min(1, cyan + black), 1 - min(1, magenta + black), 1 - min(1, yellow + black)


def numbers_of(values: Sequence[object]) -> list[float]:
    """The values as numbers; nothing where one is none, or greater than anything on a page."""
    numbers = [float(one) for one in values if isinstance(one, int | float) and abs(one) < _ENDLESS]
    return numbers if len(numbers) == len(values) else []


def space_of(document: Document, resources: DictionaryObject, name: object) -> int | None:
    """How many parts a colour has in a colour space; :data:`TINTS` for named inks, ``None`` for what is not known.

    Args:
        document: the PDF.
        resources: those of the page or form.
        name: the name of the space there.
    """
    if not isinstance(name, NameObject):
        return None
    known = _DEVICE.get(name.removeprefix("/"))
    if known:
        return known
    space = document.resolve(document.dictionary(resources.get("/ColorSpace")).get(name))
    if isinstance(space, NameObject):
        return _DEVICE.get(space.removeprefix("/"))
    if not isinstance(space, ArrayObject) or not space:
        return None
    kind = document.name(space[0]) or ""
    if kind == "ICCBased" and len(space) > 1:
        parts = document.resolve(document.dictionary(space[1]).get("/N"))
        return parts if isinstance(parts, int) else None
    return TINTS if kind in {"Separation", "DeviceN"} else _DEVICE.get(kind)


def _near(one: Point, two: Point) -> bool:
    return abs(one[0] - two[0]) <= _SLACK and abs(one[1] - two[1]) <= _SLACK
