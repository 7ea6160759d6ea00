# SPDX-License-Identifier: Apache-2.0
"""Gradients, and masks that are pictures too: what ``pikepdf.pdfa`` does not judge and is simple enough to be proven.

A gradient is in order where its colours are of a device that the file names (ISO 19005-3, 6.2.4.3) and nothing else
hangs at it (ISO 32000-1, 8.7.4.5). Patterns of tiles have contents of their own, and stay an open question.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pikepdf import Array, Dictionary, Name, Stream

from einvoice.pdf.associated import inner, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf
    from pikepdf import pdfa

GRADIENT: Final = "a gradient or a pattern has colours or contents that cannot be judged (ISO 19005-3, 6.2.4.3)"

_RULES: Final = frozenset({"pikepdf:pattern", "pikepdf:shading"})
_MESSAGES: Final = frozenset(
    {
        "pattern colour is not supported",
        "/Pattern colour spaces are not supported",
        "patterns are not supported",
        "shadings are not supported",
    }
)
_CONFLICT: Final = ("pikepdf:role-conflict", "object already checked as XObject")
_MASK: Final = re.compile(r"obj (\d+) (\d+) \(SMaskImage\)")
_SIGNS: Final = (b"/Pattern", b"/Shading", b"/DefaultRGB", b"/DefaultGray")
_SPACES: Final = (Name.DeviceRGB, Name.DeviceGray)
_KINDS: Final = (1, 2, 3)  # by a function, along a line, between circles; the others are streams
_SHADING: Final = frozenset(
    {"/ShadingType", "/ColorSpace", "/Background", "/BBox", "/AntiAlias", "/Function", "/Domain", "/Matrix"}
    | {"/Coords", "/Extend"}
)
_PATTERN: Final = frozenset({"/Type", "/PatternType", "/Shading", "/Matrix"})
_OF_GRADIENTS: Final = 2
_GREY: Final = frozenset(
    {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Decode", "/Filter"}
    | {"/DecodeParms", "/Length"}
)
_DEEPEST: Final = 100


def judged(pdf: pikepdf.Pdf, report: pdfa.Report) -> tuple[set[pdfa.Finding], bool]:
    """Judge what a report leaves open about gradients and masks.

    Args:
        pdf: the document that was reported on.
        report: the report.

    Returns:
        The findings that need no answer any more, and whether there is a gradient or a pattern that is not in order for
        certain.
    """
    gradients = {one for one in report.findings if one.rule in _RULES or one.message in _MESSAGES}
    masks = {one for one in report.findings if (one.rule, one.message) == _CONFLICT and _is_mask(pdf, one.where)}
    plain = not gradients or (report.output_intent == "RGB" and all(_is_plain(item) for item in _concerned(pdf)))
    return gradients | masks, not plain


def _concerned(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """The objects that have to do with patterns, and what stands in them."""
    todo = [(item, 0) for item in pdf.objects if any(sign in written(item) for sign in _SIGNS)]
    while todo:
        item, depth = todo.pop()
        yield item
        todo += [(one, depth + 1) for one in inner(item) if depth < _DEEPEST]


def _is_plain(item: pikepdf.Object) -> bool:
    if isinstance(item, Array):
        return len(item) == 0 or item[0] != Name.Pattern or all(one in _SPACES for one in list(item)[1:])
    if not isinstance(item, (Dictionary, Stream)):
        return True
    if "/ShadingType" in item:
        return _is_gradient(item)
    if "/PatternType" in item:
        return (
            isinstance(item, Dictionary) and _PATTERN.issuperset(item.keys()) and item["/PatternType"] == _OF_GRADIENTS
        )
    if "/DefaultRGB" in item or "/DefaultGray" in item:
        return False  # another colour space than the one that is named would be meant
    return _holds(item.get("/Pattern"), "/PatternType") and _holds(item.get("/Shading"), "/ShadingType")


def _is_gradient(item: Dictionary | Stream) -> bool:
    return (
        isinstance(item, Dictionary)
        and _SHADING.issuperset(item.keys())
        and item["/ShadingType"] in _KINDS
        and item.get("/ColorSpace") in _SPACES
    )


def _holds(kind: object, key: str) -> bool:
    """Whether a kind of resources holds only what it should."""
    entries = kind.values() if isinstance(kind, Dictionary) else ()
    return all(isinstance(one, Dictionary) and key in one for one in entries)


def _is_mask(pdf: pikepdf.Pdf, where: str) -> bool:
    """Whether a mask that is drawn as a picture too is one of plain grey."""
    place = _MASK.search(where)
    found = pdf.get_object(int(place[1]), int(place[2])) if place is not None else None
    return isinstance(found, Stream) and _GREY.issuperset(found.keys()) and found.get("/ColorSpace") == Name.DeviceGray
