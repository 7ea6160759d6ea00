# SPDX-License-Identifier: Apache-2.0
"""What the pages of a PDF show: which codes of which fonts, and which colours.

The contents of pages, of the forms and patterns that they use, and of annotations are walked once (ISO 32000-1, 9.4).
What cannot be followed makes the answer "not known", never "all is well".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Instruction = tuple[list[object], str]

_PAINTS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "EI", "INLINE IMAGE"})
_SHOWS: Final = frozenset({"Tj", "TJ", "'", '"'})
_DEVICES: Final = {"rg": "RGB", "RG": "RGB", "g": "Gray", "G": "Gray", "k": "CMYK", "K": "CMYK"}
_STATES: Final = ("q", "Q", "Tf", "gs", "Do", "cs", "CS", "scn", "SCN", "BI", "ID")
_WANTED: Final = " ".join((*sorted((_PAINTS - {"INLINE IMAGE"}) | _SHOWS | _DEVICES.keys()), *_STATES))
_DEEPEST: Final = 24

Key = tuple[int, int]


class Usage:
    """What the pages show.

    Attributes:
        codes: for each font, by its object, the byte strings that are shown with it.
        fonts: the fonts themselves.
        device: the colours of a device that are painted with where nothing says which device is meant: ``RGB``,
            ``CMYK``, ``Gray``; ``initial`` where no colour was chosen.
        spaces: the names of colour spaces that are chosen.
        known: whether everything could be followed.
    """

    def __init__(self) -> None:
        self.codes: dict[Key, set[bytes]] = {}
        self.fonts: dict[Key, Dictionary] = {}
        self.device: set[str] = set()
        self.spaces: set[str] = set()
        self.known = True
        self._done: set[Key] = set()


def usage(pdf: pikepdf.Pdf) -> Usage:
    """Walk what the pages of a document show.

    Args:
        pdf: the document; it is not changed.
    """
    found = Usage()
    walk = _Walk(found)
    for page in pdf.pages:
        resources = page.obj.get("/Resources", Dictionary())
        walk.content(page.obj, resources if isinstance(resources, Dictionary) else Dictionary(), depth=0)
        annotations = page.obj.get("/Annots", Array())
        for annotation in annotations if isinstance(annotations, Array) else ():
            walk.appearance(annotation)
    return found


class _Walk:
    def __init__(self, found: Usage) -> None:
        self.found = found
        self._actions: dict[str, Callable[[_State, Sequence[object]], None]] = {
            "q": _State.push,
            "Q": _State.pop,
            "Tf": self._font,
            "gs": self._state,
            "Do": self._draw,
            "cs": self._space,
            "CS": self._space,
            "scn": self._pattern,
            "SCN": self._pattern,
        }

    def content(self, holder: pikepdf.Object, resources: Dictionary, *, depth: int) -> None:
        """Walk one content stream, or the contents of a page."""
        if depth > _DEEPEST:
            self.found.known = False
            return
        try:
            instructions = pikepdf.parse_content_stream(holder, operators=_WANTED)
        except (pikepdf.PdfError, IndexError, ValueError):  # what pikepdf raises on broken contents
            self.found.known = False
            return
        state = _State(resources, depth)
        for instruction in instructions:
            name = str(instruction.operator)
            if name in _PAINTS:  # the most frequent ones; their operands are points, which need not be unpacked
                self._painted(state)
            else:
                self._follow(state, name, instruction.operands)

    def _follow(self, state: _State, name: str, operands: Iterable[object]) -> None:
        if name in _SHOWS:
            self._show(state, list(operands))
            self._painted(state)
        elif name in _DEVICES:
            state.colour(_DEVICES[name])
        elif name in self._actions:
            self._actions[name](state, list(operands))

    def _painted(self, state: _State) -> None:
        if state.device:
            self.found.device.add(state.device)

    def appearance(self, annotation: object) -> None:
        """Walk what an annotation shows."""
        normal = annotation.get("/AP", Dictionary()) if isinstance(annotation, Dictionary) else None
        look = normal.get("/N") if isinstance(normal, Dictionary) else None
        looks = [look] if isinstance(look, Stream) else list(look.values()) if isinstance(look, Dictionary) else []
        for stream in looks:
            if isinstance(stream, Stream):
                self._form(stream, Dictionary(), depth=1)

    def _form(self, form: Stream, outer: Dictionary, *, depth: int) -> None:
        if form.objgen in self.found._done:  # noqa: SLF001 - both are of this module
            return
        if form.objgen != (0, 0):
            self.found._done.add(form.objgen)  # noqa: SLF001 - both are of this module
        resources = form.get("/Resources", outer)
        own = resources if isinstance(resources, Dictionary) else outer
        self.content(form, own, depth=depth)

    def _font(self, state: _State, operands: Sequence[object]) -> None:
        state.font = None
        font = state.resource("/Font", operands[0]) if operands else None
        if isinstance(font, Dictionary):
            self._take(state, font)

    def _take(self, state: _State, font: Dictionary) -> None:
        key = font.objgen if font.objgen != (0, 0) else (-1 - len(self.found.fonts), 0)
        if font.objgen == (0, 0):
            key = next((known for known, other in self.found.fonts.items() if other == font), key)
        state.font = key
        if key not in self.found.fonts:
            self.found.fonts[key] = font
            self._glyphs(font, state)

    def _glyphs(self, font: Dictionary, state: _State) -> None:
        """The glyphs of a Type 3 font are contents of their own."""
        procedures = font.get("/CharProcs")
        if not isinstance(procedures, Dictionary):
            return
        resources = font.get("/Resources", state.resources)
        for glyph in procedures.values():
            if isinstance(glyph, Stream) and isinstance(resources, Dictionary):
                self._form(glyph, resources, depth=state.depth + 1)

    def _state(self, state: _State, operands: Sequence[object]) -> None:
        named = state.resource("/ExtGState", operands[0]) if operands else None
        font = named.get("/Font") if isinstance(named, Dictionary) else None
        if isinstance(font, Array) and len(font) and isinstance(font[0], Dictionary):
            self._take(state, font[0])

    def _space(self, state: _State, operands: Sequence[object]) -> None:
        names = [str(operand) for operand in operands]
        self.found.spaces.update(names)
        named = names[0] if names else ""
        state.device = ""
        if named.startswith("/Device"):
            state.colour(named.removeprefix("/Device"))

    def _show(self, state: _State, operands: Sequence[object]) -> None:
        if state.font is None:
            self.found.known = False
            return
        codes = self.found.codes.setdefault(state.font, set())
        for operand in operands:
            items = list(operand) if isinstance(operand, Array) else [operand]
            codes.update(bytes(item) for item in items if isinstance(item, pikepdf.String))

    def _draw(self, state: _State, operands: Sequence[object]) -> None:
        drawn = state.resource("/XObject", operands[0]) if operands else None
        if not isinstance(drawn, Stream):
            return
        if drawn.get("/Subtype") == Name.Form:
            self._form(drawn, state.resources, depth=state.depth + 1)
            return
        space = drawn.get("/ColorSpace")
        kind = str(space).removeprefix("/Device") if isinstance(space, Name) else ""
        if kind in _DEVICES.values() and state.resource("/ColorSpace", Name(f"/Default{kind}")) is None:
            self.found.device.add(kind)
        elif isinstance(space, Array) and space[0] not in {Name.ICCBased, Name.CalRGB, Name.CalGray, Name.Lab}:
            self.found.device.add("initial")

    def _pattern(self, state: _State, operands: Sequence[object]) -> None:
        if not operands or not isinstance(operands[-1], Name):
            return
        pattern = state.resource("/Pattern", operands[-1])
        if isinstance(pattern, Stream):
            self._form(pattern, state.resources, depth=state.depth + 1)


class _State:
    """The part of the graphics state that matters here."""

    def __init__(self, resources: Dictionary, depth: int) -> None:
        self.resources, self.depth = resources, depth
        self.font: Key | None = None
        self.device = "initial"
        self._saved: list[tuple[Key | None, str]] = []

    def colour(self, kind: str) -> None:
        """Choose a colour of a device, which is that of the profile that the resources name for it."""
        self.device = "" if self.resource("/ColorSpace", Name(f"/Default{kind}")) is not None else kind

    def resource(self, kind: str, name: object) -> object:
        """What a name stands for."""
        of_kind = self.resources.get(kind)
        return of_kind.get(str(name)) if isinstance(of_kind, Dictionary) and isinstance(name, Name) else None

    def push(self, _: Sequence[object]) -> None:
        self._saved.append((self.font, self.device))

    def pop(self, _: Sequence[object]) -> None:
        if self._saved:
            self.font, self.device = self._saved.pop()
