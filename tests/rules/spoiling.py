# SPDX-License-Identifier: Apache-2.0
"""Documents that are changed element by element: what can be done to any, for lists of changes that know a pack."""

from __future__ import annotations

import copy
import os
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from einvoice.bind import xml

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    Change: TypeAlias = Callable[[_Element], object]
    Changes: TypeAlias = Callable[[_Element], Iterator[tuple[str, Change]]]


def apart(step: int) -> int:
    """Every so many-th change of a document that is made: as many as ``EINVOICE_APART`` says (``make spoiled``).

    Args:
        step: how many where it says nothing.
    """
    return int(os.environ.get("EINVOICE_APART") or step)


def text(tree: _Element) -> str:
    """A document as text.

    Args:
        tree: the document.
    """
    return str(etree.tostring(tree, encoding="unicode"))


def each(document: str, changes: Changes, start: int = 0, step: int = 1) -> Iterator[tuple[str, str]]:
    """Every element and attribute changed in each way, one at a time.

    Args:
        document: a sound document.
        changes: what may be done to an element.
        start: how many changes are left out first.
        step: every so many-th change is made.

    Yields:
        What was done, and the changed document.
    """
    tree = xml.parse(document.encode())
    every = ((place, *one) for place, element in enumerate(tree.iter()) for one in changes(element))
    for place, what, change in islice(every, start, None, step):
        spoiled = copy.deepcopy(tree)
        target = list(spoiled.iter())[place]
        name = str(target.tag).rpartition("}")[2]
        change(target)
        yield f"{name} {what}", text(spoiled)


def at_random(document: str, changes: Changes, chance: random.Random) -> tuple[str, str]:
    """A document in which several things are changed, and what was done.

    Args:
        document: a sound document.
        changes: what may be done to an element.
        chance: decides.
    """
    tree = xml.parse(document.encode())
    done = []
    for _ in range(chance.randint(2, 4)):
        element = chance.choice(list(tree.iter()))
        possible = list(changes(element))
        if possible:
            what, change = chance.choice(possible)
            done.append(f"{str(element.tag).rpartition('}')[2]} {what}")
            change(element)
    return "; ".join(done), text(tree)


def drop(element: _Element) -> None:
    """Leave an element out."""
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def twice(element: _Element) -> None:
    """State an element again."""
    element.addnext(copy.deepcopy(element))


def within(element: _Element) -> None:
    """Put an element into itself."""
    element.append(copy.deepcopy(element))


def saying(said: str) -> Change:
    """Let an element say something else."""

    def say(element: _Element) -> None:
        element.text = said

    return say


def having(name: str, value: str) -> Change:
    """Let an attribute say something else."""
    return lambda element: element.set(name, value)


def without(name: str) -> Change:
    """Leave an attribute out."""
    return lambda element: element.attrib.pop(name)
