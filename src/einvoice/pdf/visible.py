# SPDX-License-Identifier: Apache-2.0
"""What somebody who looks at a page can read of it.

A text that no eye finds would let a page agree with an invoice that it does not show. Left out is what lies outside the
page or the clip, what is painted in the colour of its ground or not at all, and what is smaller than a point. The text
that a scanner lays under its picture is unseen, too, and stands for what is seen: it counts where the page has little
other text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject

from einvoice.pdf.paint import (
    BLACK,
    IDENTITY,
    WHITE,
    Area,
    Box,
    Colour,
    Matrix,
    Point,
    alike,
    around,
    colour_of,
    corners,
    is_rectangle,
    moved,
    space_of,
    times,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pypdf import PageObject

    from einvoice.pdf.reader import Document

_SMALLEST: Final = 1.0  # points
_FEW: Final = 100  # signs that a scanner or an archive prints on the picture of a page
_UNPAINTED: Final = {3, 7}  # text rendering modes (9.3.6)
_STROKED: Final = {1, 2, 5, 6}
_FILLED: Final = {0, 2, 4, 6}
_THOUSAND: Final = 1000
_GROUNDS_A_STEP: Final = 16
_OPERATOR: Final = 4  # steps for parsing one and carrying it out, beside one for each of its operands
_KEPT: Final = 4  # further steps for what is kept: it takes memory
_POINTS: Final = 64  # of a path, before only what they lie in is kept
_SIX: Final = 6


class _State(Struct):
    """The graphics state, as far as it decides what is seen."""

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
    drawn: bool = False  # whether the font draws its letters with operators, in a size of its own


class _Form(Struct):
    """A form in which the operators are, or the page."""

    resources: DictionaryObject
    base: Matrix
    state: _State
    saved: list[_State]


def text_of(document: Document, page: PageObject) -> str:
    """The text of a page that can be seen.

    Args:
        document: the PDF.
        page: one of its pages.

    Raises:
        PdfError: reading it takes more than the limits allow.
    """
    eye = _Eye(document, page)
    text = page.extract_text(visitor_operand_before=eye.before, visitor_operand_after=eye.after)
    if eye.grounds and eye.painted <= _FEW and eye.painted < eye.unpainted:
        eye = _Eye(document, page, scanned=True)
        text = page.extract_text(visitor_operand_before=eye.before, visitor_operand_after=eye.after)
    return text


class _Eye:
    """Follows the operators of a page, and empties the texts that are not seen before they are read."""

    def __init__(self, document: Document, page: PageObject, *, scanned: bool = False) -> None:
        self.painted = self.unpainted = 0
        self.grounds: list[Area] = []
        self._document, self._scanned = document, scanned
        self._tints: set[Colour] = {WHITE}
        self._unit = float(page.user_unit or 1)
        box = _edges(page.cropbox).within(_edges(page.mediabox))
        state = _State(clip=Area(box, whole=True))
        self._form = _Form(document.dictionary(page.get("/Resources")), IDENTITY, state, [])
        self._forms: list[_Form | None] = []
        self._path: list[Point] = []
        self._plain, self._clips, self._pen = True, False, 0.0

    def before(self, operator: bytes, operands: Any, cm: Sequence[float], tm: Sequence[float]) -> None:  # noqa: ANN401 - as pypdf calls it
        """Take note of an operator before pypdf carries it out, and empty a text that is not seen."""
        self._document.charge(_OPERATOR + len(operands))
        action = _ACTIONS.get(operator)
        if action is None:
            return
        self._matrix, self._text = times(cm, self._form.base), tm
        action(self, operands if isinstance(operands, list) else [])

    def after(self, operator: bytes, operands: Any, cm: Sequence[float], tm: Sequence[float]) -> None:  # noqa: ANN401, ARG002 - as pypdf calls it
        """Leave a form after its last operator."""
        if operator == b"Do" and self._forms:
            self._form = self._forms.pop() or self._form

    @property
    def _state(self) -> _State:
        return self._form.state

    def save(self, _: list[object]) -> None:
        self._document.charge(_KEPT)
        self._form.saved.append(structs.replace(self._state))

    def restore(self, _: list[object]) -> None:
        if self._form.saved:
            self._form.state = self._form.saved.pop()

    # ------------------------------------------------------------------------------------------ paths

    def line(self, operands: list[object]) -> None:
        numbers = _numbers(operands)
        self._path.extend(moved(numbers[at], numbers[at + 1], self._matrix) for at in range(0, len(numbers) - 1, 2))
        self._plain = self._plain and len(numbers) == len(("x", "y"))
        self._gather()

    def start(self, operands: list[object]) -> None:
        self._plain = self._plain and not self._path
        self.line(operands)

    def rectangle(self, operands: list[object]) -> None:
        numbers = _numbers(operands)
        if len(numbers) == len(("x", "y", "width", "height")):
            x, y, width, height = numbers
            self._plain = self._plain and not self._path
            self._path.extend(corners((x, y, x + width, y + height), self._matrix))
            self._gather()

    def _gather(self) -> None:
        """Keep of a long path what it lies in."""
        if len(self._path) > _POINTS:
            box = around(self._path)
            self._path, self._plain = [(box.left, box.bottom), (box.right, box.top)], False

    def will_clip(self, _: list[object]) -> None:
        self._clips = True

    def filled(self, _: list[object]) -> None:
        if self._path:
            known = self._state.fill if self._state.alpha >= 1 else None
            self._ground(Area(around(self._path), self._plain and is_rectangle(self._path), known))
        self.unfilled([])

    def stroked(self, _: list[object]) -> None:
        if self._path:
            reach = self._state.width * _height(self._matrix) / 2
            self._ground(Area(around(self._path).wider(reach), whole=False))
        self.unfilled([])

    def unfilled(self, _: list[object]) -> None:
        clip = self._state.clip
        if self._clips and self._path:
            whole = clip.whole and self._plain and is_rectangle(self._path)
            self._state.clip = Area(around(self._path).within(clip.box), whole)
        self._path, self._plain, self._clips = [], True, False

    def shaded(self, _: list[object]) -> None:
        self._ground(Area(self._state.clip.box, whole=False))

    def image(self, _: list[object]) -> None:
        self._ground(Area(around(corners((0, 0, 1, 1), self._matrix)), whole=False))

    def _ground(self, area: Area) -> None:
        """Remember what is painted: a rectangle of one colour, or something that may have any."""
        self._document.charge(_KEPT)
        clip = self._state.clip
        sure = area.whole and clip.whole and area.colour is not None
        colour = area.colour if sure else None
        self.grounds.append(Area(area.box.within(clip.box), sure, colour))
        if colour is not None:
            self._tints.add(colour)

    # ------------------------------------------------------------------------------------------ colours

    def fill_space(self, operands: list[object]) -> None:
        self._state.fill_space, self._state.fill = self._space(operands)

    def stroke_space(self, operands: list[object]) -> None:
        self._state.stroke_space, self._state.stroke = self._space(operands)

    def _space(self, operands: list[object]) -> tuple[int | None, Colour | None]:
        space = space_of(self._document, self._form.resources, operands[0] if operands else None)
        return space, BLACK if space in {1, 3, 4} else None

    def fill(self, operands: list[object]) -> None:
        self._state.fill = colour_of(self._state.fill_space, _numbers(operands))

    def stroke(self, operands: list[object]) -> None:
        self._state.stroke = colour_of(self._state.stroke_space, _numbers(operands))

    def device_fill(self, operands: list[object]) -> None:
        self._state.fill_space = len(operands)
        self.fill(operands)

    def device_stroke(self, operands: list[object]) -> None:
        self._state.stroke_space = len(operands)
        self.stroke(operands)

    def parameters(self, operands: list[object]) -> None:
        """Opacity and font from a dictionary (8.4.5)."""
        states = self._document.dictionary(self._form.resources.get("/ExtGState"))
        chosen = self._document.dictionary(states.get(operands[0]) if operands else None)
        alpha = self._document.resolve(chosen.get("/ca"))
        if isinstance(alpha, int | float):
            self._state.alpha = float(alpha)

    # ------------------------------------------------------------------------------------------ forms

    def paint(self, operands: list[object]) -> None:
        """Go into a form, or take note of an image."""
        objects = self._document.dictionary(self._form.resources.get("/XObject"))
        found = self._document.dictionary(objects.get(operands[0]) if operands else None)
        if self._document.name(found.get("/Subtype")) != "Form":
            self._forms.append(None)
            self.image([])
            return
        self._forms.append(self._form)
        resources = self._document.dictionary(found.get("/Resources")) or self._form.resources
        matrix = _numbers(self._document.array(found.get("/Matrix")))
        base = times(matrix, self._matrix) if len(matrix) == _SIX else self._matrix
        box = _numbers(self._document.array(found.get("/BBox")))
        state = structs.replace(self._state)
        if len(box) == len(("left", "bottom", "right", "top")):
            edge = corners(box, base)
            state.clip = Area(around(edge).within(state.clip.box), state.clip.whole and is_rectangle(edge))
        self._form = _Form(resources, base, state, [])

    # ------------------------------------------------------------------------------------------ text

    def font(self, operands: list[object]) -> None:
        fonts = self._document.dictionary(self._form.resources.get("/Font"))
        chosen = self._document.dictionary(fonts.get(operands[0]) if operands else None)
        self._state.drawn = self._document.name(chosen.get("/Subtype")) == "Type3"
        self._state.size = _first(operands[1:], self._state.size)

    def mode(self, operands: list[object]) -> None:
        self._state.mode = int(_first(operands, 0))

    def rise(self, operands: list[object]) -> None:
        self._state.rise = _first(operands, 0)

    def scale(self, operands: list[object]) -> None:
        self._state.scale = _first(operands, 100) / 100

    def leading(self, operands: list[object]) -> None:
        self._state.leading = _first(operands, 0)

    def leading_of_line(self, operands: list[object]) -> None:
        self._state.leading = -_first(operands[1:], 0)
        self._pen = 0.0

    def width(self, operands: list[object]) -> None:
        self._state.width = _first(operands, 1)

    def carriage(self, _: list[object]) -> None:
        self._pen = 0.0

    def show(self, operands: list[object]) -> None:
        if operands and isinstance(operands[-1], str | bytes) and not self._seen(len(operands[-1])):
            operands[-1] = ByteStringObject(b"")

    def show_below(self, operands: list[object]) -> None:
        self._pen, below = 0.0, self._state.leading
        tm = self._text
        self._text = (*tm[:4], tm[4] - below * tm[2], tm[5] - below * tm[3])
        self.show(operands)

    def show_spaced(self, operands: list[object]) -> None:
        """Texts with distances between them, in thousandths of the size."""
        if not operands or not isinstance(operands[0], ArrayObject):
            return
        kept = ArrayObject()
        for part in operands[0]:
            if isinstance(part, int | float):
                self._pen -= float(part) / _THOUSAND * self._state.size * self._state.scale
                kept.append(part)
            elif isinstance(part, str | bytes) and not isinstance(part, NameObject) and self._seen(len(part)):
                kept.append(part)
        operands[0] = kept

    def _seen(self, signs: int) -> bool:
        state = self._state
        matrix = times(self._text, self._matrix)
        long = signs * abs(state.size * state.scale)
        low, high = sorted((state.rise - state.size / 3, state.rise + state.size))
        if not around(corners((self._pen, low, self._pen + long, high), matrix)).meets(state.clip.box):
            return False
        tiny = abs(state.size) * _height(matrix) * self._unit < _SMALLEST and not state.drawn
        if tiny or (state.alpha <= 0 and state.mode in _FILLED - _STROKED):
            return False
        if state.mode in _UNPAINTED:
            self.unpainted += signs
            return self._scanned
        if not self._stands_out(moved(self._pen + state.size / 5, state.rise + state.size / 5, matrix)):
            return False
        self.painted += signs
        return True

    def _stands_out(self, point: Point) -> bool:
        """Whether a letter has another colour than what is painted at its place."""
        state = self._state
        inks = [state.fill] * (state.mode in _FILLED) + [state.stroke] * (state.mode in _STROKED)
        if any(ink is None or not any(alike(ink, tint) for tint in self._tints) for ink in inks):
            return True
        self._document.charge(len(self.grounds) // _GROUNDS_A_STEP)
        under = next((one for one in reversed(self.grounds) if one.box.has(point)), None)
        colour = WHITE if under is None else under.colour
        return colour is None or any(ink is not None and not alike(ink, colour) for ink in inks)


def _edges(rectangle: Sequence[Any]) -> Box:
    return around(corners([float(edge) for edge in rectangle], IDENTITY))


def _numbers(operands: Sequence[object]) -> list[float]:
    """The operands that are numbers; all or, where one is none, nothing."""
    numbers = [float(one) for one in operands if isinstance(one, int | float)]
    return numbers if len(numbers) == len(operands) else []


def _first(operands: Sequence[object], default: float) -> float:
    return next(iter(_numbers(operands[:1])), default)


def _height(matrix: Matrix) -> float:
    """How high something is that was one point high before a transformation."""
    return float((matrix[2] ** 2 + matrix[3] ** 2) ** 0.5)


_ACTIONS: Final[dict[bytes, Callable[[_Eye, list[object]], None]]] = {
    b"q": _Eye.save,
    b"Q": _Eye.restore,
    b"m": _Eye.start,
    **dict.fromkeys((b"l", b"c", b"v", b"y"), _Eye.line),
    b"re": _Eye.rectangle,
    **dict.fromkeys((b"W", b"W*"), _Eye.will_clip),
    **dict.fromkeys((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"), _Eye.filled),
    **dict.fromkeys((b"S", b"s"), _Eye.stroked),
    b"n": _Eye.unfilled,
    b"sh": _Eye.shaded,
    b"INLINE IMAGE": _Eye.image,
    b"cs": _Eye.fill_space,
    b"CS": _Eye.stroke_space,
    **dict.fromkeys((b"sc", b"scn"), _Eye.fill),
    **dict.fromkeys((b"SC", b"SCN"), _Eye.stroke),
    **dict.fromkeys((b"g", b"rg", b"k"), _Eye.device_fill),
    **dict.fromkeys((b"G", b"RG", b"K"), _Eye.device_stroke),
    b"gs": _Eye.parameters,
    b"Do": _Eye.paint,
    b"Tf": _Eye.font,
    b"Tr": _Eye.mode,
    b"Ts": _Eye.rise,
    b"Tz": _Eye.scale,
    b"TL": _Eye.leading,
    b"TD": _Eye.leading_of_line,
    b"w": _Eye.width,
    **dict.fromkeys((b"BT", b"Td", b"Tm", b"T*"), _Eye.carriage),
    b"Tj": _Eye.show,
    **dict.fromkeys((b"'", b'"'), _Eye.show_below),
    b"TJ": _Eye.show_spaced,
}
