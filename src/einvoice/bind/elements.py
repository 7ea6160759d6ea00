# SPDX-License-Identifier: Apache-2.0
"""Making and reading the elements of small documents, by names with standard prefixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element


class Elements:
    """The elements of one kind of document.

    Args:
        names: prefix -> namespace.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)

    def add(self, parent: _Element, name: str) -> _Element:
        """Make an element in another one."""
        prefix, _, local = name.partition(":")
        return etree.SubElement(parent, f"{{{self._names[prefix]}}}{local}")

    def put(self, parent: _Element, name: str, value: str | None) -> _Element:
        """An element with a text; one that is not in the tree where there is no text: no element may be empty."""
        if value is None or not value.strip():
            return etree.Element("none")
        made = self.add(parent, name)
        made.text = value
        return made

    def text(self, root: _Element, path: str) -> str | None:
        """The text at a path, without white space around it; nothing where there is none."""
        return (root.findtext(path, namespaces=self._names) or "").strip() or None
