# SPDX-License-Identifier: Apache-2.0
"""Canonical XML 1.0 of a part of a document, with the namespaces that its surroundings declare.

lxml canonicalises a part as if it stood alone and then writes ``xmlns=""`` where a default namespace is declared
further up: every genuine answer of a service metadata publisher would fail. Here the part is rebuilt with all
namespaces in scope on it first, which is what the recommendation asks for.

Source: Canonical XML 1.0 section 2.4 (document subsets), SMP 1.4.0 section 5.5.1 (inclusive, without comments).
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, cast

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

_XML = "{http://www.w3.org/XML/1998/namespace}"


def inclusive(element: _Element, *, without: _Element | None = None) -> bytes:
    """The inclusive canonical form of an element where it stands.

    Args:
        element: the element; it is not changed.
        without: a child of it that is left out, as the transformation for enveloped signatures does.
    """
    apex = etree.Element(element.tag, nsmap=cast("dict[str, str]", element.nsmap))  # the stubs know no default one
    for holder in reversed([element, *element.iterancestors()]):
        for name, value in holder.attrib.items():
            if holder is element or str(name).startswith(_XML):
                apex.set(name, value)
    apex.text = element.text
    for child in element:
        if child is not without:
            apex.append(deepcopy(child))
        elif child.tail:
            _add_text(apex, child.tail)
    return etree.tostring(apex, method="c14n", exclusive=False, with_comments=False)


def _add_text(parent: _Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
