# SPDX-License-Identifier: Apache-2.0
"""The structure of a tagged PDF (ISO 32000-1, 14.7), as far as it can be proven to be what ISO 14289-1 wants.

What is not understood counts as a doubt: a claim of PDF/UA-1 stays only where there is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pikepdf import Array, Dictionary, Name, NumberTree, Stream, String

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf

Key = tuple[int, int]
Doubt = tuple[str, str]
"""A clause of ISO 14289-1, and what speaks against it."""

UNSOUND: Final = "the structure of its tags is not sound"
UNKNOWN: Final = "a tag is of a type that is not known"
SPOKEN: Final = "its language is not stated as languages are"
UNTOLD: Final = "a picture, a formula or a note lacks the words or the identifier that it needs"
JUMPING: Final = "its headings leave out a level"

_LANGUAGE: Final = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_USED: Final = frozenset(
    [
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "P",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
        "Quote",
        "Note",
        "Reference",
        "BibEntry",
        "Code",
        "Link",
        "Figure",
        "Formula",
    ]
)
"""The standard types whose demands are checked here (ISO 32000-1, 14.8.4)."""
_STANDARD: Final = _USED | {"H", "Private", "Annot", "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP", "Form"}
_DEEPEST: Final = 100
_ROLES: Final = 16


class Element:
    """An element of the structure.

    Attributes:
        item: its dictionary.
        kind: its standard type.
        kids: the elements in it.
    """

    __slots__ = ("item", "kids", "kind")

    def __init__(self, item: Dictionary, kind: str) -> None:
        self.item, self.kind = item, kind
        self.kids: list[Element] = []


class Tags:
    """The structure of a document.

    Attributes:
        elements: all elements in their order.
        contents: which element the marked content of a page, by its number, belongs to.
        objects: which element an annotation belongs to.
        doubts: what speaks against it.
    """

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        """Read a structure.

        Args:
            pdf: the document; it is not changed.
        """
        self.elements: list[Element] = []
        self.contents: dict[tuple[Key, int], Element] = {}
        self.objects: dict[Key, Element] = {}
        self.doubts: list[Doubt] = []
        root = pdf.Root.get("/StructTreeRoot")
        if not isinstance(root, Dictionary) or not isinstance(root.get("/ParentTree"), Dictionary):
            self.doubts.append(("7.1", UNSOUND))
            return
        self._seen: set[Key] = {(0, 0)}  # what is not an object of its own is no element either
        self._roles = _roles(root.get("/RoleMap"))
        if not _STANDARD.isdisjoint(self._roles):
            self.doubts.append(("7.1", UNKNOWN))
        self._parents = NumberTree(root.ParentTree)
        for kid in _each(root.get("/K")):
            self._element(kid, root.objgen, 0)

    def parent(self, number: object) -> object:
        """What the tree of parents has for a page or an annotation.

        Args:
            number: what it says that its place in the tree is.
        """
        return self._parents[number] if isinstance(number, int) and number in self._parents else None

    def _element(self, item: object, above: Key, depth: int) -> Element | None:
        parent = item.get("/P") if isinstance(item, Dictionary) else None
        if (
            not isinstance(item, Dictionary)
            or not isinstance(parent, Dictionary)
            or parent.objgen != above
            or item.objgen in self._seen
            or depth > _DEEPEST
            or not {"/NS", "/C"}.isdisjoint(item.keys())  # namespaces of PDF 2.0, and attributes by class
        ):
            self.doubts.append(("7.1", UNSOUND))
            return None
        self._seen.add(item.objgen)
        element = Element(item, self._kind(str(item.get("/S", ""))[1:]))
        self.elements.append(element)
        if "/Lang" in item and not is_language(item["/Lang"]):
            self.doubts.append(("7.2", SPOKEN))
        for kid in _each(item.get("/K")):
            self._kid(element, kid, depth)
        return element

    def _kid(self, element: Element, kid: object, depth: int) -> None:
        kind = kid.get("/Type") if isinstance(kid, Dictionary) else None
        if isinstance(kid, int):
            self._content(element, element.item.get("/Pg"), kid)
        elif isinstance(kid, Dictionary) and kind == Name.MCR and "/Stm" not in kid:
            self._content(element, kid.get("/Pg", element.item.get("/Pg")), kid.get("/MCID"))
        elif isinstance(kid, Dictionary) and kind == Name.OBJR and isinstance(kid.get("/Obj"), Dictionary):
            self.objects[kid["/Obj"].objgen] = element
        elif (inner := self._element(kid, element.item.objgen, depth + 1)) is not None:
            element.kids.append(inner)

    def _content(self, element: Element, page: object, number: object) -> None:
        place = (page.objgen, number) if isinstance(page, Dictionary) and isinstance(number, int) else None
        if place is None or place in self.contents:
            self.doubts.append(("7.1", UNSOUND))
        else:
            self.contents[place] = element

    def _kind(self, kind: str) -> str:
        for _ in range(_ROLES):
            if kind in _STANDARD or kind not in self._roles:
                break
            kind = self._roles[kind]
        if kind not in _USED:
            self.doubts.append(("7.1", UNKNOWN))
        return kind


def is_language(value: object) -> bool:
    """Whether a value names a language as ISO 14289-1, 7.2 wants it.

    Args:
        value: the value.
    """
    return isinstance(value, String) and _LANGUAGE.fullmatch(str(value)) is not None


def told(tags: Tags) -> Iterator[Doubt]:
    """What speaks against the words of pictures, formulas and notes, and against the order of headings.

    Args:
        tags: the structure.
    """
    level, notes = 0, set[bytes]()
    for element in tags.elements:
        item, kind = element.item, element.kind
        if kind in {"Figure", "Formula"} and not _has_words(item):
            yield ("7.3" if kind == "Figure" else "7.7"), UNTOLD
        if kind == "Note":
            identifier = item.get("/ID")
            name = bytes(identifier) if isinstance(identifier, String) else b""
            if not name or name in notes:
                yield "7.9", UNTOLD
            notes.add(name)
        if kind[:1] == "H":
            if int(kind[1:] or _DEEPEST) > level + 1:
                yield "7.4.2", JUMPING
            level = int(kind[1:] or 0)


def _has_words(item: Dictionary) -> bool:
    alternative, actual = item.get("/Alt"), item.get("/ActualText")
    return (isinstance(alternative, String) and bool(str(alternative))) or isinstance(actual, String)


def _roles(mapped: object) -> dict[str, str]:
    found = mapped.items() if isinstance(mapped, Dictionary) and not isinstance(mapped, Stream) else ()
    return {key[1:]: str(value)[1:] for key, value in found}


def _each(kids: object) -> list[object]:
    if kids is None:
        return []
    return list(kids) if isinstance(kids, Array) else [kids]
