# SPDX-License-Identifier: Apache-2.0
"""Whether a claim of PDF/UA-1 may stay (ISO 14289-1).

Only a claim that the source makes is ever kept, and only where nothing speaks against it that a program can see: the
document is tagged as a whole, has a title that viewers show, a language, an order of tabs, and words for its figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name

if TYPE_CHECKING:
    import pikepdf

    from einvoice.pdf.usage import Usage


def may_claim(pdf: pikepdf.Pdf, found: Usage) -> bool:
    """Say whether nothing speaks against PDF/UA-1.

    Args:
        pdf: the document.
        found: what its pages show.
    """
    catalog = pdf.Root
    marks = catalog.get("/MarkInfo")
    viewer = catalog.get("/ViewerPreferences")
    tagged = isinstance(marks, Dictionary) and bool(marks.get("/Marked", False)) and not marks.get("/Suspects", False)
    titled = isinstance(viewer, Dictionary) and bool(viewer.get("/DisplayDocTitle", False))
    return (
        tagged
        and titled
        and isinstance(catalog.get("/StructTreeRoot"), Dictionary)
        and bool(str(catalog.get("/Lang", "")).strip())
        and found.known
        and found.tagged
        and all(_ordered(page.obj) for page in pdf.pages)
        and all(_worded(item) for item in pdf.objects)
    )


def _ordered(page: pikepdf.Object) -> bool:
    annotations = page.get("/Annots")
    return not (isinstance(annotations, Array) and len(annotations)) or page.get("/Tabs") == Name.S


def _worded(item: object) -> bool:
    if not isinstance(item, Dictionary) or item.get("/S") != Name.Figure or "/P" not in item:
        return True
    return "/Alt" in item or "/ActualText" in item
