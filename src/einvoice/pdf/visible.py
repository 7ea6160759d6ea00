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
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, TextStringObject

from einvoice.pdf.grounds import Grounds
from einvoice.pdf.paint import (
    BLACK,
    IDENTITY,
    Area,
    Box,
    Colour,
    Matrix,
    Point,
    around,
    colour_of,
    corners,
    is_rectangle,
    moved,
    numbers_of,
    space_of,
    times,
)
from einvoice.pdf.pen import Face, Pen, Piece, face_of
from einvoice.pdf.state import State, height

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pypdf import PageObject

    from einvoice.pdf.reader import Document

_FEW: Final = 100  # signs that a scanner or an archive prints on the picture of a page
_THOUSAND: Final = 1000
_SIGNS_A_STEP: Final = 8
_OPERATOR: Final = 4  # steps for parsing one and carrying it out, beside one for each of its operands
_KEPT: Final = 4  # further steps for what is kept: it takes memory
_POINTS: Final = 64  # of a path, before only what they lie in is kept
_SIX: Final = 6
_ANYWHERE: Final = Box(-1e9, -1e9, 1e9, 1e9)


class _Form(Struct):
    """A form in which the operators are, or the page."""

    resources: DictionaryObject
    base: Matrix
    state: State
    saved: list[State]


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
        self.grounds = Grounds(document.charge)
        self._document, self._scanned = document, scanned
        self._faces: dict[int, tuple[DictionaryObject, Face]] = {}
        self._unit = float(page.user_unit or 1)
        state = State(clip=Area(_sheet(page), whole=True))
        self._form = _Form(document.dictionary(page.get("/Resources")), IDENTITY, state, [])
        self._forms: list[_Form | None] = []
        self._path: list[Point] = []
        self._plain, self._clips, self._pen = True, False, Pen()

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
    def _state(self) -> State:
        return self._form.state

    def save(self, _: list[object]) -> None:
        self._document.charge(_KEPT)
        self._form.saved.append(structs.replace(self._state))

    def restore(self, _: list[object]) -> None:
        if self._form.saved:
            self._form.state = self._form.saved.pop()

    # ------------------------------------------------------------------------------------------ paths

    def line(self, operands: list[object]) -> None:
        numbers = numbers_of(operands)
        self._path.extend(moved(numbers[at], numbers[at + 1], self._matrix) for at in range(0, len(numbers) - 1, 2))
        self._plain = self._plain and len(numbers) == len(("x", "y"))
        self._gather()

    def start(self, operands: list[object]) -> None:
        self._plain = self._plain and not self._path
        self.line(operands)

    def rectangle(self, operands: list[object]) -> None:
        numbers = numbers_of(operands)
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
            reach = self._state.width * height(self._matrix) / 2
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
        self.grounds.add(Area(area.box.within(clip.box), sure, colour))

    # ------------------------------------------------------------------------------------------ colours

    def fill_space(self, operands: list[object]) -> None:
        self._state.fill_space, self._state.fill = self._space(operands)

    def stroke_space(self, operands: list[object]) -> None:
        self._state.stroke_space, self._state.stroke = self._space(operands)

    def _space(self, operands: list[object]) -> tuple[int | None, Colour | None]:
        space = space_of(self._document, self._form.resources, operands[0] if operands else None)
        return space, BLACK if space in {1, 3, 4} else None

    def fill(self, operands: list[object]) -> None:
        self._state.fill = colour_of(self._state.fill_space, numbers_of(operands))

    def stroke(self, operands: list[object]) -> None:
        self._state.stroke = colour_of(self._state.stroke_space, numbers_of(operands))

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
        self._state.alpha = _first([alpha], self._state.alpha)
        chosen_font = self._document.array(chosen.get("/Font"))
        if len(chosen_font) == len(("font", "size")):
            self._set(chosen_font[0], self._document.resolve(chosen_font[1]))

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
        matrix = numbers_of(self._document.array(found.get("/Matrix")))
        base = times(matrix, self._matrix) if len(matrix) == _SIX else self._matrix
        box = numbers_of(self._document.array(found.get("/BBox")))
        state = structs.replace(self._state)
        if len(box) == len(("left", "bottom", "right", "top")):
            edge = corners(box, base)
            state.clip = Area(around(edge).within(state.clip.box), state.clip.whole and is_rectangle(edge))
        self._form = _Form(resources, base, state, [])

    # ------------------------------------------------------------------------------------------ text

    def font(self, operands: list[object]) -> None:
        fonts = self._document.dictionary(self._form.resources.get("/Font"))
        self._set(fonts.get(operands[0]) if operands else None, *operands[1:2])

    def _set(self, font: object, size: object = None) -> None:
        """Choose a font, and keep it: the key is good as long as the dictionary is."""
        chosen = self._document.dictionary(font)
        if id(chosen) not in self._faces:
            self._faces[id(chosen)] = (chosen, face_of(self._document, chosen))
        self._state.face = self._faces[id(chosen)][1]
        self._state.size = _first([size], self._state.size)

    def mode(self, operands: list[object]) -> None:
        self._state.mode = int(_first(operands, 0))

    def rise(self, operands: list[object]) -> None:
        self._state.rise = _first(operands, 0)

    def scale(self, operands: list[object]) -> None:
        self._state.scale = _first(operands, 100) / 100

    def sign_room(self, operands: list[object]) -> None:
        self._state.signs = _first(operands, 0)

    def word_room(self, operands: list[object]) -> None:
        self._state.words = _first(operands, 0)

    def leading(self, operands: list[object]) -> None:
        self._state.leading = _first(operands, 0)

    def leading_of_line(self, operands: list[object]) -> None:
        self._state.leading = -_first(operands[1:], 0)
        self._pen = Pen()

    def width(self, operands: list[object]) -> None:
        self._state.width = _first(operands, 1)

    def carriage(self, _: list[object]) -> None:
        self._pen = Pen()

    def show(self, operands: list[object]) -> None:
        if operands and isinstance(operands[-1], bytes):
            operands[-1] = self._seen(operands[-1])

    def show_below(self, operands: list[object]) -> None:
        self._pen, below = Pen(), self._state.leading
        if len(operands) == len(("words", "signs", "text")):
            self.word_room(operands[:1])
            self.sign_room(operands[1:2])
        tm = self._text
        self._text = (*tm[:4], tm[4] - below * tm[2], tm[5] - below * tm[3])
        self.show(operands)

    def show_spaced(self, operands: list[object]) -> None:
        """Texts with distances between them, in thousandths of the size."""
        if not operands or not isinstance(operands[0], ArrayObject):
            return
        kept = ArrayObject()
        for part in operands[0]:
            if isinstance(part, bytes):
                kept.append(self._seen(part))
            elif isinstance(part, TextStringObject):  # what pypdf has decoded has no widths
                kept.append(part)
            for distance in numbers_of([part]):
                self._pen.move(-distance / _THOUSAND * self._state.size * self._state.scale)
                kept.append(part)
        operands[0] = kept

    def _seen(self, text: bytes) -> ByteStringObject:
        """What of a text is seen."""
        self._document.charge(len(text) // _SIGNS_A_STEP)
        state, matrix = self._state, times(self._text, self._matrix)
        pieces = state.inside(self._pen.write(text, state.face, state.setting), matrix)
        if not pieces or state.lost(matrix, self._unit):
            return ByteStringObject(b"")
        if state.unpainted:
            self.unpainted += _signs(pieces)
            pieces = pieces if self._scanned else []
        else:
            pieces = self._standing_out(pieces, matrix)
            self.painted += _signs(pieces)
        return ByteStringObject(b"".join(text[piece.start : piece.end] for piece in pieces))

    def _standing_out(self, pieces: list[Piece], matrix: Matrix) -> list[Piece]:
        """What of a text has another colour than its ground."""
        if self._state.face.down:
            return pieces
        seen = self.grounds.part(self._state.inks, self._state.bands(pieces, matrix))
        return [one for one, shows in zip(pieces, seen, strict=True) if shows]


def _sheet(page: PageObject) -> Box:
    """What viewers show of a page: all of it where the box that they cut it to is empty."""
    whole = _edges(page.mediabox)
    shown = _edges(page.cropbox).within(whole)
    return next((box for box in (shown, whole) if not box.empty), _ANYWHERE)


def _signs(pieces: list[Piece]) -> int:
    return sum(piece.end - piece.start for piece in pieces)


def _edges(rectangle: Sequence[Any]) -> Box:
    return around(corners([float(edge) for edge in rectangle], IDENTITY))


def _first(operands: Sequence[object], default: float) -> float:
    return next(iter(numbers_of(operands[:1])), default)


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
    b"Tc": _Eye.sign_room,
    b"Tw": _Eye.word_room,
    b"TD": _Eye.leading_of_line,
    b"w": _Eye.width,
    **dict.fromkeys((b"BT", b"Td", b"Tm", b"T*"), _Eye.carriage),
    b"Tj": _Eye.show,
    **dict.fromkeys((b"'", b'"'), _Eye.show_below),
    b"TJ": _Eye.show_spaced,
}
