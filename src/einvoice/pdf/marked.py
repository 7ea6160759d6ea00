# SPDX-License-Identifier: Apache-2.0
"""Whether everything that pages paint is tagged, or marked as an artifact (ISO 14289-1, 7.1; ISO 32000-1, 14.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from einvoice.pdf.tags import SPOKEN, UNSOUND, Tags, is_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.pdf.tags import Doubt, Key

UNMARKED: Final = "something on a page is neither tagged nor marked as an artifact, or both"
OPAQUE: Final = "what a page shows cannot be followed"

_PAINTS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "n", "sh", "EI", "INLINE IMAGE"})
_SHOWS: Final = frozenset({"Tj", "TJ", "'", '"'})
_WANTED: Final = " ".join((*sorted((_PAINTS - {"INLINE IMAGE"}) | _SHOWS), "BDC", "BMC", "EMC", "Do", "BI", "ID"))
_PLAIN: Final = 0
_ARTIFACT: Final = 1
_TAGGED: Final = 2
_DEEPEST: Final = 24


def unmarked(pdf: pikepdf.Pdf, tags: Tags) -> Iterator[Doubt]:
    """What speaks against the marks of a document.

    Args:
        pdf: the document; it is not changed.
        tags: its structure.
    """
    for page in pdf.pages:
        parents = tags.parent(page.obj.get("/StructParents"))
        walk = _Walk(page.obj, tags, list(parents) if isinstance(parents, Array) else [])
        yield from walk.content(page.obj, page.obj.get("/Resources"), 0, marked=False)


class _Walk:
    def __init__(self, page: pikepdf.Object, tags: Tags, parents: Sequence[object]) -> None:
        self._page, self._tags, self._parents = page.objgen, tags, parents
        self._done: set[tuple[Key, bool]] = set()

    def content(self, holder: pikepdf.Object, resources: object, depth: int, *, marked: bool) -> Iterator[Doubt]:
        """Walk contents; ``marked`` says whether whoever draws them has marked them."""
        try:
            instructions = pikepdf.parse_content_stream(holder, operators=_WANTED)
        except (pikepdf.PdfError, IndexError, ValueError):  # what pikepdf raises on broken contents
            yield "7.1", OPAQUE
            return
        marks: list[int] = []  # for each that is open, what it and those around it are in all
        for instruction in instructions:
            name = str(instruction.operator)
            if name in {"BDC", "BMC"}:
                yield from self._begin(list(instruction.operands), resources, marks, inside=depth > 0)
            elif name == "EMC":
                yield from _ended(marks)
            elif not (marked or (marks and marks[-1] != _PLAIN)):
                yield "7.1", UNMARKED
            elif name == "Do":
                yield from self._draw(instruction.operands[0], resources, depth)
        if marks:
            yield "7.1", UNMARKED

    def _begin(self, operands: list[object], resources: object, marks: list[int], *, inside: bool) -> Iterator[Doubt]:
        tag, said = operands[0], next(iter(operands[1:]), None)
        if isinstance(said, Name):
            said = _resource(resources, "/Properties", said)
            if not isinstance(said, Dictionary):
                yield "7.1", OPAQUE
        if isinstance(said, Dictionary) and "/Lang" in said and not is_language(said["/Lang"]):
            yield "7.2", SPOKEN
        number = said.get("/MCID") if isinstance(said, Dictionary) else None
        yield from self._mark(is_artifact=tag == Name.Artifact, number=number, marks=marks, inside=inside)

    def _mark(self, *, is_artifact: bool, number: object, marks: list[int], inside: bool) -> Iterator[Doubt]:
        around = marks[-1] if marks else _PLAIN
        mark = _ARTIFACT if is_artifact else _PLAIN if number is None else _TAGGED
        if isinstance(number, int) and number < 0:
            yield "7.1", UNSOUND
        unfit = _TAGGED if is_artifact else _TAGGED | _ARTIFACT
        if (is_artifact and number is not None) or (mark != _PLAIN and (around & unfit or inside)):
            yield "7.1", UNMARKED
        if mark == _TAGGED and not (isinstance(number, int) and self._belongs(number)):
            yield "7.1", UNSOUND
        marks.append(around | mark)

    def _belongs(self, number: int) -> bool:
        """Whether the structure and the tree of parents agree on what marked content belongs to."""
        element = self._tags.contents.get((self._page, number))
        parent = self._parents[number] if 0 <= number < len(self._parents) else None
        return element is not None and isinstance(parent, Dictionary) and parent.objgen == element.item.objgen

    def _draw(self, name: object, resources: object, depth: int) -> Iterator[Doubt]:
        """Walk a form that is drawn where everything is marked."""
        drawn = _resource(resources, "/XObject", name)
        if not isinstance(drawn, Stream) or depth > _DEEPEST:
            yield "7.1", OPAQUE
        elif drawn.get("/Subtype") == Name.Form and (drawn.objgen, True) not in self._done:
            self._done.add((drawn.objgen, True))
            if not {"/StructParents", "/StructParent", "/Ref"}.isdisjoint(drawn.keys()):
                yield "7.20", UNSOUND
            yield from self.content(drawn, drawn.get("/Resources", resources), depth + 1, marked=True)


def _ended(marks: list[int]) -> Iterator[Doubt]:
    if not marks:
        yield "7.1", UNMARKED
    del marks[-1:]


def _resource(resources: object, kind: str, name: object) -> object:
    of_kind = resources.get(kind) if isinstance(resources, Dictionary) else None
    return of_kind.get(str(name)) if isinstance(of_kind, Dictionary) and isinstance(name, Name) else None
