# SPDX-License-Identifier: Apache-2.0
"""The walk over an invoice, written out: one function for each class of the model that is asked anything.

What a walk does with a struct of a class is known once the packs are: which rules it asks, what has to be there for
them, and which fields lead on. Looking all that up anew for each struct costs more than most rules do, so it is written
into a function, once, when a plan is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.plan import Node

Visit = Callable[[Any, Any, Any], None]
"""Asks the rules of a struct and of all below it; of the walk, the struct, and the way to it."""


def visit_of(node: Node) -> Visit:
    """Write the function that visits the structs of a node.

    Args:
        node: the node, with all that is asked there; the nodes below it may still be made.
    """
    names: dict[str, object] = {"node": node}
    lines = [*_asking(node, names), *_indexed(node, names), *_going_on(node, names)]
    source = "\n".join(["def visit(walk, it, trail):", *(f"    {line}" for line in lines or ["pass"])])
    exec(source, names)  # noqa: S102 -- written here, of names of the model alone
    visit: Visit = names["visit"]  # type: ignore[assignment]
    return visit


def _asking(node: Node, names: dict[str, object]) -> Iterator[str]:
    """The rules, as far as they can have anything to say."""
    if node.clear is None:
        if node.asks:
            yield "walk.ask(node.asks, it, trail)"
        return
    yield "if walk.stuck or not node.clear(it):"
    yield "    walk.ask(node.asks, it, trail)"
    if not node.others and not node.given:
        return
    yield "else:"
    if node.others:
        yield "    walk.ask(node.others, it, trail)"
    for number, (holds, about, asks) in enumerate(node.given):
        names |= {f"holds_{number}": holds, f"about_{number}": about, f"given_{number}": asks}
        beside = f" or not about_{number}.isdisjoint(walk.names)" if about else ""
        test = holds if isinstance(holds, str) else f"holds_{number}(it)"
        yield f"    if {test}{beside}:"
        yield f"        walk.ask(given_{number}, it, trail)"


def _indexed(node: Node, names: dict[str, object]) -> Iterator[str]:
    """The rules that have something to say only where what they are about occurs."""
    views = dict.fromkeys(view for (view, _), _ in node.only)
    for number, view in enumerate(views):
        some = {key: asks for (of, key), asks in node.only if of is view}
        names |= {f"view_{number}": view, f"only_{number}": some}
        # what could not be read may be what is looked for
        yield f"for key in only_{number} if walk.stuck else walk.views[view_{number}].among(only_{number}):"
        yield f"    walk.ask(only_{number}[key], it, trail)"


def _going_on(node: Node, names: dict[str, object]) -> Iterator[str]:
    """The fields that lead on."""
    for number, (name, repeats, below) in enumerate(node.below):
        names[f"below_{number}"] = below
        yield f"value = it.{name}"
        if repeats:
            yield "if value:"
            yield "    for index, one in enumerate(value):"
            yield f"        below_{number}.visit(walk, one, (trail, {name!r}, index))"
        else:
            yield "if value is not None:"
            yield f"    below_{number}.visit(walk, value, (trail, {name!r}, -1))"
