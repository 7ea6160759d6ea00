# SPDX-License-Identifier: Apache-2.0
"""Whether a claim of PDF/UA-1 may stay (ISO 14289-1).

Only a claim that the source makes is ever kept, and only where everything that a program can judge is proven to hold:
the document is tagged as a whole, has a title that viewers show and a language; each mark on a page belongs to an
element of the structure; types, tables, lists and headings are as they should be; pictures have words; links are
tagged and described. What is not understood takes the claim away, and so does what is not there to be proven. What
ISO 14289-1 demands of fonts, ISO 19005-3 demands too, and it is judged there.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from einvoice.pdf.marked import unmarked
from einvoice.pdf.tables import ill_built
from einvoice.pdf.tags import SPOKEN, UNSOUND, Tags, is_language, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.pdf.tags import Doubt
    from einvoice.pdf.xmp import Packet

MUTE: Final[Doubt] = ("7.21.7", "not all of its text has a meaning in Unicode")
_UNTAGGED: Final = "it is not tagged as a whole"
_UNTITLED: Final = "it has no title that viewers show"
_STRANGE: Final = "it has layers or a form"
_UNLINKED: Final = "a link or a note on a page is not tagged or not described"
_LINK: Final = frozenset(
    {"/Type", "/Subtype", "/Rect", "/Border", "/C", "/F", "/H", "/Dest", "/A", "/Contents", "/StructParent", "/BS"}
    | {"/QuadPoints", "/P", "/NM", "/M"}
)


def doubt(pdf: pikepdf.Pdf, packet: Packet) -> Doubt | None:
    """Find something that speaks against PDF/UA-1.

    Args:
        pdf: the document, repaired.
        packet: its metadata.

    Returns:
        The clause of ISO 14289-1, and what speaks against it; ``None`` if everything holds.
    """
    early = next(_catalog(pdf.Root, packet), None)
    try:
        return early or next(_tagged(pdf), None)
    except (pikepdf.PdfError, LookupError, TypeError, ValueError):  # what broken structures end in
        return "7.1", UNSOUND


def _tagged(pdf: pikepdf.Pdf) -> Iterator[Doubt]:
    tags = Tags(pdf)
    yield from tags.doubts
    yield from chain(told(tags), ill_built(tags.elements), _annotated(pdf, tags), unmarked(pdf, tags))


def _catalog(catalog: pikepdf.Object, packet: Packet) -> Iterator[Doubt]:
    marks, viewer = catalog.get("/MarkInfo"), catalog.get("/ViewerPreferences")
    marked = isinstance(marks, Dictionary) and _is_so(marks.get("/Marked")) and not marks.get("/Suspects", False)
    if not marked or not isinstance(catalog.get("/StructTreeRoot"), Dictionary):
        yield "6.2", _UNTAGGED
    if not (isinstance(viewer, Dictionary) and _is_so(viewer.get("/DisplayDocTitle")) and packet.is_titled()):
        yield "7.1", _UNTITLED
    if not is_language(catalog.get("/Lang")):
        yield "7.2", SPOKEN
    if "/OCProperties" in catalog or "/AcroForm" in catalog:
        yield "7.10", _STRANGE


def _is_so(value: object) -> bool:
    return value is True


def _annotated(pdf: pikepdf.Pdf, tags: Tags) -> Iterator[Doubt]:
    """What speaks against the annotations; only plain links are understood here."""
    for page in pdf.pages:
        listed = page.obj.get("/Annots")
        each = list(listed) if isinstance(listed, Array) else []
        if each and page.obj.get("/Tabs") != Name.S:
            yield "7.18.3", _UNLINKED
        if not all(_is_linked(one, tags) for one in each):
            yield "7.18", _UNLINKED


def _is_linked(annotation: object, tags: Tags) -> bool:
    if not isinstance(annotation, Dictionary) or annotation.get("/Subtype") != Name.Link:
        return False
    element, parent = tags.objects.get(annotation.objgen), tags.parent(annotation.get("/StructParent"))
    described = annotation.get("/Contents")
    return (
        _LINK.issuperset(annotation.keys())
        and isinstance(described, String)
        and bool(str(described))
        and element is not None
        and element.kind == "Link"
        and isinstance(parent, Dictionary)
        and parent.objgen == element.item.objgen
    )
