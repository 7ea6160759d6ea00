# SPDX-License-Identifier: Apache-2.0
"""What ISO 19005-3, 6.8 asks of every file specification and of every attached file.

A file specification is a dictionary that says so or has a file, wherever it stands, also inside another object; and
whatever stands in the tree of attached files. One that points to a file outside is one too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    Key = tuple[int, int]

_TYPED: Final = re.compile(r"/[-\w+.]+/[-\w+.]+", re.ASCII)
_SIGNS: Final = (b"/Filespec", b"/EF", b"/AF")
_DIRECT: Final = (0, 0)
_SHOWN: Final = 80
_DEEPEST: Final = 100


class Files:
    """The file specifications of a document.

    Attributes:
        faults: what is wrong with them: the clause of ISO 19005-3, what is wrong, and the name of the file.
        unsure: whether one is associated only with something that may be no part of the document.
    """

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        """Look at a document.

        Args:
            pdf: the document; it is not changed.
        """
        self._specifications: list[Dictionary] = []
        self._seen: set[Key] = set()
        self._elsewhere: set[Key] = set()
        for item in pdf.objects:
            if any(sign in written(item) for sign in _SIGNS):
                self._look(item, 0)
        for value in _named(pdf):
            self._take(value)
        holders = (pdf.Root, *(page.obj for page in pdf.pages))
        associated = {key for holder in holders for key in _listed(holder)}
        keys = {one.objgen for one in self._specifications} - associated
        self.unsure = not keys.isdisjoint(self._elsewhere)
        self.faults = [fault for one in self._specifications for fault in _faults(one, associated | self._elsewhere)]

    def _take(self, value: object) -> None:
        if isinstance(value, Dictionary) and (value.objgen == _DIRECT or value.objgen not in self._seen):
            self._seen.add(value.objgen)
            self._specifications.append(value)

    def _look(self, item: object, depth: int) -> None:
        """Look at an object and at what stands directly inside it."""
        if isinstance(item, (Dictionary, Stream)):
            if isinstance(item, Dictionary) and (item.get("/Type") == Name.Filespec or "/EF" in item):
                self._take(item)
            if isinstance(item, Stream) or "/Subtype" in item or "/S" in item:  # a picture, annotation or element
                self._elsewhere.update(_listed(item))
        for one in inner(item) if depth < _DEEPEST else ():
            self._look(one, depth + 1)


def is_typed(stream: Stream) -> bool:
    """Whether an attached file has a media type (6.8-1).

    Args:
        stream: the file.
    """
    subtype = stream.get("/Subtype")
    return isinstance(subtype, Name) and _TYPED.fullmatch(str(subtype)) is not None


def written(item: object) -> bytes:
    """An object as it is written, without the bytes of a stream.

    Args:
        item: the object.
    """
    plain = item.stream_dict if isinstance(item, Stream) else item
    return plain.unparse(resolved=True) if isinstance(plain, pikepdf.Object) else b""


def inner(item: object) -> list[pikepdf.Object]:
    """The dictionaries and arrays that stand directly inside an object.

    Args:
        item: the object.
    """
    if isinstance(item, (Dictionary, Stream)):
        held = list(item.values())
    else:
        held = list(item) if isinstance(item, Array) else []
    return [one for one in held if isinstance(one, (Dictionary, Array)) and one.objgen == _DIRECT]


def _listed(holder: pikepdf.Object) -> list[Key]:
    files = holder.get("/AF")
    found = [one.objgen for one in files if isinstance(one, Dictionary)] if isinstance(files, Array) else []
    return [key for key in found if key != _DIRECT]


def _named(pdf: pikepdf.Pdf) -> Iterator[object]:
    names = pdf.Root.get("/Names")
    files = names.get("/EmbeddedFiles") if isinstance(names, Dictionary) else None
    if isinstance(files, Dictionary):
        yield from NameTree(files).values()


def _faults(item: Dictionary, associated: set[Key]) -> Iterator[tuple[str, str, str]]:
    name = str(item.get("/UF", item.get("/F", "")))[:_SHOWN]
    embedded = item.get("/EF")
    held = list(embedded.values()) if isinstance(embedded, Dictionary) else []
    if not all(is_typed(one) for one in held if isinstance(one, Stream)):
        yield "6.8-1", "an attached file has no media type", name
    if "/EF" in item and ("/F" not in item or "/UF" not in item):
        yield "6.8-2", "an attached file has not both names, F and UF", name
    if not isinstance(item.get("/AFRelationship"), Name):
        yield "6.8-3", "it is not said what an attached file is to the document", name
    if item.objgen not in associated:
        yield "6.8-4", "an attached file is not associated with the document or a part of it", name
