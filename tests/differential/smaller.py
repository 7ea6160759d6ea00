# SPDX-License-Identifier: Apache-2.0
"""A document made smaller, as long as it still shows what it is kept for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable


def smaller(data: bytes, shows: Callable[[bytes], bool], most: int) -> bytes:
    """Take elements and attributes out of a document that it does without.

    Args:
        data: the document.
        shows: whether a document still shows it.
        most: how many documents are tried at most.
    """
    root = etree.fromstring(data)
    left, again = most, True
    while again and left > 0:
        again = False
        todo = [root]
        while todo and left > 0:
            parent = todo.pop()
            for child in reversed(list(parent)):
                at = parent.index(child)
                parent.remove(child)
                left -= 1
                if shows(etree.tostring(root)):
                    again = True
                else:
                    parent.insert(at, child)
                    todo.append(child)
    for element in root.iter("*"):
        for name, value in list(element.attrib.items()):
            del element.attrib[name]
            if not shows(etree.tostring(root)):
                element.set(name, value)
    return etree.tostring(root)
