# SPDX-License-Identifier: Apache-2.0
"""Every single change of a kind at every place of a document: what chance would take long to meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.differential.bases import bases
from tests.differential.mutations import Mutant
from tests.differential.trees import Tree, drop, path_of
from tests.differential.values import number_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from einvoice.bind.order import Syntax

_TEXTS: Final = ("", " ", "\u00a0", "X", "0")
_BEHIND: Final = (" ", "\u00a0")


def changes(element: _Element, tree: Tree) -> dict[str, Callable[[Tree, _Element], object]]:
    """What can be done to an element, by what to call it; each is done to a copy of the document.

    Args:
        element: the element.
        tree: its document.
    """
    found: dict[str, Callable[[Tree, _Element], object]] = {
        "drop": lambda _, one: drop(one),
        "repeat": lambda tree, one: tree.again(one),
    }
    for name in map(str, element.attrib):
        found[f"strip @{name}"] = lambda _, one, name=name: one.attrib.pop(name)  # type: ignore[misc]
        for text in _TEXTS:
            found[f"@{name} = {text!r}"] = lambda _, one, name=name, text=text: one.set(name, text)  # type: ignore[misc]
    for row in tree.addable(element):
        found[f"add {row.name}"] = lambda tree, one, name=row.name: tree.add(one, name)  # type: ignore[misc]
    if not len(element):
        for text in _texts(element.text or ""):
            found[f"= {text!r}"] = lambda _, one, text=text: setattr(one, "text", text)  # type: ignore[misc]
    return found


def _texts(old: str) -> Iterator[str]:
    """Other texts for an element."""
    yield from _TEXTS
    yield from (f"{old}{blank}" for blank in _BEHIND)
    yield f" {old}"
    yield old.lower() if old != old.lower() else old.upper()
    value = number_in(old)
    if value is not None:
        yield from (
            format(-value, "f"),
            f"{value:f}1",
            f"{value:f}.001" if value == value.to_integral() else f"{value:f}01",
        )


def sweep(syntax: Syntax, base: str) -> Iterator[Mutant]:
    """The documents, each one change away from another.

    Args:
        syntax: the syntax.
        base: the name of the document that is changed.
    """
    return changed(base, bases(syntax)[base])


def changed(base: str, before: bytes, *, step: int = 1) -> Iterator[Mutant]:
    """The documents, each one change away from a document.

    Args:
        base: what to call the document.
        before: the document.
        step: every so many-th change is made.
    """
    first, count = Tree(before), 0
    for place, element in enumerate(first.root.iter("*")):
        for name, change in changes(element, first).items():
            if element is first.root and name in {"drop", "repeat"}:
                continue
            count += 1
            if count % step:
                continue
            tree = Tree(before)
            change(tree, next(one for index, one in enumerate(tree.root.iter("*")) if index == place))
            yield Mutant(base=base, before=before, data=tree.bytes(), steps=(f"{path_of(element)}: {name}",))
