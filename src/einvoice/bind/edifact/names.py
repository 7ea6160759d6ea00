# SPDX-License-Identifier: Apache-2.0
"""The numbers of data elements (UNTDED, ISO 7372) at the places of a segment."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

_PART: Final = re.compile(r"(\w+)(?:\(([^)]*)\))?")


@cache
def names() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """For each segment its elements: number of the element or composite, and the numbers of its components."""
    text = (files("einvoice.bind.edifact") / "elements.txt").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        tag, _, rest = line.partition(" ")
        if len(tag) == 3:  # noqa: PLR2004 - a tag; the rest are comments
            found[tag] = tuple((name, tuple(inner.split())) for name, inner in _PART.findall(rest))
    return found


def name_of(tag: str, element: int, component: int) -> str:
    """The name of a component, such as ``C080/3036``; by counting where the segment is not known.

    Args:
        tag: the segment.
        element: the data element, counted from 1.
        component: the component in it, counted from 1.
    """
    known = names().get(tag, ())
    if element > len(known):
        return f"{element}/{component}"
    name, inner = known[element - 1]
    if not inner:
        return name if component == 1 else f"{name}/{component}"
    return f"{name}/{inner[component - 1] if component <= len(inner) else component}"
