# SPDX-License-Identifier: Apache-2.0
"""The business terms that a violation of the schema is about: those of the element, or of what is missing in it.

The schema speaks of elements and people of terms. With the terms, a view can say that the same mistake makes a rule
miss a term. Conditions on a place are not looked at: an element that may mean several terms means all of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.bind.tree import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.bind.schema import SchemaViolation
    from einvoice.bind.tree import Element
    from einvoice.model import Syntax

_POSITION: Final = re.compile(r"\[\d+\]")
_MISSING: Final = re.compile(r"(?P<holder>[\w:]+)(?: \([^)]*\))? lacks (?!the attribute )(?P<names>[^;]*?), which ")
_MEANT: Final = re.compile(r", or write (?P<name>\S+) if that is meant$")
_NAME: Final = re.compile(r"\b[a-z]+:\w+")
_MOST: Final = 12
"""Terms that are named at most: a group without a number stands for what is in it, if that is not too much."""


def concerned(violation: SchemaViolation, syntax: Syntax) -> tuple[str, ...]:
    """The terms and groups that a violation is about.

    Args:
        violation: the violation.
        syntax: the syntax of the document.

    Returns:
        Their numbers; nothing for an element that has no meaning in the model.
    """
    steps = _POSITION.sub("", violation.path).split("/")[1:]
    if not steps:
        return ()
    paths = list(_missing(violation.message, steps)) or [steps]
    terms = dict.fromkeys(term for path in paths for term in _terms(path, syntax))
    return tuple(terms) if len(terms) <= _MOST else ()


def _missing(message: str, steps: list[str]) -> Iterator[list[str]]:
    """The paths of elements that are missing, or that are there under a wrong name."""
    if match := _MEANT.search(message):
        yield [*steps[:-1], match["name"]]
    if match := _MISSING.match(message):
        # Reported at the element that lacks them, or at the one that stands where they should.
        above = steps if steps[-1] == match["holder"] else steps[:-1]
        yield from ([*above, name] for name in _NAME.findall(match["names"]))


def _terms(steps: list[str], syntax: Syntax) -> Iterator[str]:
    *names, last = steps[1:] or [""]
    attribute = last.removeprefix("@") if last.startswith("@") else ""
    found: list[Element] = [tree(syntax)] if tree(syntax).name == steps[0] else []
    for name in names if attribute or not last else [*names, last]:
        found = [child for element in found for child in _children(element) if child.name == name]
    for element in found:
        target = element.attributes.get(attribute) if attribute else element.text or element.group
        yield from target.terms if target is not None else () if attribute else _inside(_children(element))


def _inside(elements: Iterable[Element]) -> Iterator[str]:
    """The terms of an element that has none itself: those right below."""
    for element in elements:
        target = element.text or element.group
        yield from target.terms if target is not None else _inside(_children(element))


def _children(element: Element) -> list[Element]:
    return (element.shares or element).children
