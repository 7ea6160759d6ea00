# SPDX-License-Identifier: Apache-2.0
"""Elements with elements in them that take more than reading what they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from einvoice.bind.plan import Values, Way, model_path
from einvoice.bind.tree import is_constant

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.bind.context import Context
    from einvoice.bind.tree import Element, Target
    from einvoice.model import Syntax

Action = Callable[["_Element", Values, "Context"], None]
"""What reads an element into the values of the group that is open."""


def telling(container: Action, demanded: frozenset[str]) -> Action:
    """A container that remarks what only tells which element it is, where nothing else stands in it.

    Args:
        container: reads the element.
        demanded: the tags of what only tells that.
    """

    def read(el: _Element, values: Values, context: Context) -> None:
        container(el, values, context)
        for child in el:
            if child.tag not in demanded:
                return
        for child in el:
            context.remarks.subtree(child, "unbound")

    return read


def demanded_in(element: Element) -> frozenset[str] | None:
    """The elements that only tell which one this is; without others beside them nothing reaches the model.

    Args:
        element: the element.
    """
    if element.test is None or element.group is not None:
        return None
    return frozenset(child.tag for child in element.children if is_constant(child))


def naming(container: Action, target: Target, syntax: Syntax, path: str) -> Action:
    """A container for the tax of an allowance or a charge: it says with an empty text that none is named.

    A second one is remarked as a whole, each of its leaves with the place in the model that is taken.

    Args:
        container: reads the element.
        target: the field that names the tax.
        syntax: the syntax.
        path: the path of the name from the element, in the notation of lxml.
    """
    way = Way(target, syntax)
    slot = way.slot

    def read(el: _Element, values: Values, context: Context) -> None:
        if next(el.itersiblings(el.tag, preceding=True), None) is not None:
            taken = model_path(target, values, way)
            for leaf in el.iter("*"):
                if not len(leaf):
                    context.remarks.text(leaf, "repeated", (), taken)
                for name in leaf.keys():  # noqa: SIM118 - an element is not a mapping
                    context.remarks.attribute(leaf, str(name), "repeated")
            return
        container(el, values, context)
        if el.find(path) is None and (owner := way.group(values))[slot] is None:
            owner[slot] = ""

    return read


def unnamed_in(element: Element, syntax: Syntax) -> tuple[Target, Syntax, str] | None:
    """Where the tax is named that an element of a group tells of, if an extension of the group holds its name.

    Args:
        element: the element.
        syntax: the syntax.
    """
    if element.parent is None or element.parent.group is None or element.group is not None:
        return None
    for leaf in element.below():
        if leaf.text is not None and "default" in leaf.text.options and leaf.text.chain:
            between: list[str] = []
            here = leaf
            while here is not element and here.parent is not None:
                between.insert(0, here.tag)
                here = here.parent
            return leaf.text, syntax, "/".join(between)
    return None
