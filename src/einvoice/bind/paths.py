# SPDX-License-Identifier: Apache-2.0
"""Where an element stands: an XPath with the standard prefixes, whatever prefixes the document uses."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from einvoice.bind.order import CII_NAMESPACES, UBL_NAMESPACES, UBL_ROOTS
from einvoice.bind.structure_inquiry import Below

if TYPE_CHECKING:
    from lxml.etree import _Element

_PREFIXES: Final = {
    **{namespace: f"{prefix}:" for prefix, namespace in (UBL_NAMESPACES | CII_NAMESPACES).items()},
    **dict.fromkeys(UBL_ROOTS.values(), ""),
    "http://www.w3.org/XML/1998/namespace": "xml:",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
}


def prefixed(tag: str, fallback: str | None = None) -> str:
    """Write a ``{namespace}name`` with its standard prefix.

    Args:
        tag: the name as lxml gives it.
        fallback: the prefix for a namespace that is none of UBL's and CII's.
    """
    name, is_standard = _named(tag)
    return f"{fallback}:{name}" if fallback and not is_standard else name


@lru_cache(maxsize=4096)
def _named(tag: str) -> tuple[str, bool]:
    """A name with its standard prefix, or without one, and whether it has one; a document says the same names often."""
    namespace, _, local = tag.rpartition("}")
    prefix = _PREFIXES.get(namespace[1:])
    return (local, False) if prefix is None else (f"{prefix}{local}", True)


def name_of(element: _Element) -> str:
    """Return the name of an element with its standard prefix, or with its own one if there is none."""
    name, is_standard = _named(str(element.tag))
    return name if is_standard else prefixed(str(element.tag), element.prefix)


def path_of(element: _Element, top: _Element | None = None) -> str:
    """Return the XPath of an element: ``/Invoice/cac:InvoiceLine[2]/cbc:ID``.

    A position stands where there are sisters of the same name.

    Args:
        element: the element.
        top: the element that the path begins with; the root of the document if not given.
    """
    steps = []
    here: _Element | None = element
    while here is not None:
        steps.append(name_of(here) + ("" if here is top else _position(here)))
        here = None if here is top else here.getparent()
    return "/" + "/".join(reversed(steps))


class Paths:
    """The paths of many elements of one document: each is found once, however many sisters an element has.

    Elements are kept, so that the tree behind them is; make one of these for a reading or a report, not longer.
    """

    def __init__(self, top: _Element | None = None, below: Below | None = None) -> None:
        """Begin a document.

        Args:
            top: the element that paths begin with; the root of the document if not given.
            below: the children of its elements by their names, as far as they are known.
        """
        self._known: dict[_Element, str] = {} if top is None else {top: f"/{name_of(top)}"}
        self._below = Below() if below is None else below
        self._numbers: dict[tuple[_Element, object], dict[_Element, int]] = {}

    def of(self, element: _Element) -> str:
        """Return the XPath of an element, as :func:`path_of` does.

        Args:
            element: the element.
        """
        above: list[_Element] = []
        here: _Element | None = element
        while here is not None and here not in self._known:
            above.append(here)
            here = here.getparent()
        path = "" if here is None else self._known[here]
        for unknown in reversed(above):
            position = "" if here is None else self._position(unknown, here)
            path = self._known[unknown] = f"{path}/{name_of(unknown)}{position}"
            here = unknown
        return path

    def _position(self, element: _Element, parent: _Element) -> str:
        """The position among sisters of the same name, where there are any."""
        tag = element.tag
        same = self._below[parent][tag]
        if len(same) == 1:
            return ""
        key = parent, tag
        if key not in self._numbers:
            self._numbers[key] = {sister: number for number, sister in enumerate(same, 1)}
        return f"[{self._numbers[key][element]}]"


def _position(element: _Element) -> str:
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    if before or next(element.itersiblings(element.tag), None) is not None:
        return f"[{before + 1}]"
    return ""


def line_of(element: _Element) -> int | None:
    """Return the line of the source that an element starts on, counted from 1."""
    return cast("int | None", element.sourceline)
