# SPDX-License-Identifier: Apache-2.0
"""What is known of a document while it is asked about its elements: what stands in what, and what it says there.

Rows and functions ask one element for many paths, and the document for many names. lxml looks through all children for
each of them; here they are sorted by name once, and every path is then a look into a dictionary per step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

NONE: Final[tuple[_Element, ...]] = ()
_MOST: Final = 4096
"""Elements whose children are kept sorted; the walk asks of what is near, so that those met long ago are forgotten."""
_WIDE: Final = 1000
"""Children of an element that is never forgotten: to sort them for each of its children would take forever."""


class Below(dict["_Element", "dict[object, list[_Element]]"]):
    """The children of an element by tag, in their order; sorted when they are first asked for."""

    __slots__ = ("_wide",)

    def __init__(self) -> None:
        super().__init__()
        self._wide: dict[_Element, dict[object, list[_Element]]] = {}

    def __missing__(self, el: _Element) -> dict[object, list[_Element]]:
        known = self._wide.get(el) if self._wide else None
        if known is not None:
            return known
        found: dict[object, list[_Element]] = {}
        for child in el:
            tag = child.tag
            if tag in found:
                found[tag].append(child)
            else:
                found[tag] = [child]
        if len(el) > _WIDE:
            self._wide[el] = found
            return found
        if len(self) >= _MOST:
            self.clear()
        self[el] = found
        return found


class Inquiry:
    """What is known while one document is asked.

    Attributes:
        root: the element of the invoice.
        names: tags that documents were asked for as a whole; one walk finds the elements of all of them.
        below: element -> its children by tag.
        said: what stands at paths from the document, by path.
        texts: the same, each text once.
        there: whether anything does.
        last: the last answer of a condition that several elements ask of one above them.
        changed: the last texts that a function made of what stands at a path; several conditions compare them.
        facts: what functions found out about the document, by the function; or why they could not.
    """

    __slots__ = ("_called", "below", "changed", "facts", "last", "names", "root", "said", "texts", "there")

    def __init__(self, root: _Element, names: set[str], below: Below) -> None:
        self.root = root
        self.names = names
        self.below = below
        self.said: dict[object, list[str]] = {}
        self.texts: dict[object, frozenset[str]] = {}
        self.there: dict[object, bool] = {}
        self.last: dict[object, tuple[_Element, bool]] = {}
        self.changed: dict[object, tuple[_Element, list[str]]] = {}
        self.facts: dict[object, object] = {}
        self._called: dict[object, list[_Element]] = {}

    def called(self, tag: str) -> Sequence[_Element]:
        """Every element of a name in the document, in its order.

        Args:
            tag: the name as lxml writes it.
        """
        found = self._called.get(tag)
        if found is None:
            wanted = self.names.difference(self._called).union([tag])
            self.names.add(tag)
            called: dict[object, list[_Element]] = {name: [] for name in wanted}
            for el in self.root.iter(*wanted):
                called[el.tag].append(el)
            self._called.update(called)
            found = called[tag]
        return found
