# SPDX-License-Identifier: Apache-2.0
"""What a page has painted so far, and whether a text on it has another colour than its ground."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from einvoice.pdf.paint import ALIKE, WHITE, Area, Box, Colour, alike

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_A_STEP: Final = 8  # grounds that are compared
_AROUND: Final = list(product((-1, 0, 1), repeat=3))
_Cell = tuple[int, ...]
_Placed = tuple[float, float, float, float, Area]


class Grounds:
    """What is painted, in the order in which it is.

    Args:
        charge: uses up steps of the work that is allowed.
    """

    def __init__(self, charge: Callable[[int], None]) -> None:
        self._charge = charge
        self._areas: list[_Placed] = []
        self._cells: set[_Cell] = {_cell(WHITE)}

    def __bool__(self) -> bool:
        return bool(self._areas)

    def add(self, area: Area) -> None:
        """Paint something on all that is there."""
        box = area.box
        self._areas.append((box.left, box.bottom, box.right, box.top, area))
        if area.colour is not None:
            self._cells.add(_cell(area.colour))

    def part(self, inks: Sequence[Colour | None], boxes: Sequence[Box]) -> list[bool]:
        """Whether somewhere in each of some places a text has another colour than its ground.

        Args:
            inks: the colours that the text is painted in; ``None`` is one that is not known.
            boxes: the places, at least one.
        """
        known = [ink for ink in inks if ink is not None]
        if len(known) < len(inks) or not all(self._may_have(ink) for ink in known):
            return [True] * len(boxes)
        near = self._over(_all(boxes), self._areas)
        return [self._differs(known, box, near) for box in boxes]

    def _may_have(self, colour: Colour) -> bool:
        """Whether anything may be alike; that it is not, is sure, and is found without a look at each ground."""
        self._charge(1)
        red, green, blue = _cell(colour)
        return any((red + x, green + y, blue + z) in self._cells for x, y, z in _AROUND)

    def _over(self, box: Box, areas: Sequence[_Placed]) -> list[_Placed]:
        """What meets a place, from the first that covers it."""
        self._charge(len(areas) // _A_STEP)
        found: list[_Placed] = []
        for placed in reversed(areas):
            left, bottom, right, top, area = placed  # faster than asking the box, and this is done for every text
            if left <= box.right and right >= box.left and bottom <= box.top and top >= box.bottom:
                found.append(placed)
                if area.whole and area.box.holds(box):
                    break
        self._charge(len(found))
        return found[::-1]

    def _differs(self, inks: Sequence[Colour], box: Box, areas: Sequence[_Placed]) -> bool:
        over = self._over(box, areas)
        colours = {area.colour for *_, area in over}
        if not over or not over[0][-1].whole or not over[0][-1].box.holds(box):
            colours.add(WHITE)
        return any(colour is None or any(not alike(ink, colour) for ink in inks) for colour in colours)


def _cell(colour: Colour) -> _Cell:
    """Colours that are alike lie in the same or in neighbouring cells."""
    return tuple(int(part // ALIKE) for part in colour)


def _all(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )
