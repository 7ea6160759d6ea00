# SPDX-License-Identifier: Apache-2.0
"""The way through an invoice: rules grouped by what they are asked of, compiled once per set of packs.

One walk over the invoice asks every rule of everything it is about. Parts of the model that no rule asks about are
not entered, and a group that is absent costs one comparison.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.model import Invoice, InvoiceLine, Reading, fields_of
from einvoice.rules.demands import clear_of, holds_of, plain_test
from einvoice.rules.places import reachable
from einvoice.rules.visits import visit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules.demands import Clear
    from einvoice.rules.registry import Asking, Check, Family, Index, Pack, Rule, Severity, View
    from einvoice.rules.visits import Visit

Ask = tuple["Rule", "Check", tuple[type["View"], ...]]
Only = tuple[tuple[type["Index"], str], tuple[Ask, ...]]
Given = tuple["Clear | str", frozenset[str], tuple[Ask, ...]]


class Node:
    """What is asked of one class of the model, and where the walk goes on from there.

    Attributes:
        asks: the rules, each with its function and the views it needs.
        clear: says whether the rows among them are content; ``None`` where there are none.
        others: the rules that are to be asked then.
        given: more of them, each behind what says whether they have anything to say (a function, or an expression
            that does without one), and the leaves beside the model for which they have.
        only: more of them, by what must occur in the invoice for them to have anything to say.
        below: field name, whether it repeats, and the node of its class.
        visit: does all of that for a struct of the class (:mod:`einvoice.rules.visits`).
    """

    __slots__ = ("asks", "below", "clear", "given", "only", "others", "visit")

    def __init__(self) -> None:
        self.asks: tuple[Ask, ...] = ()
        self.clear: Clear | None = None
        self.others: tuple[Ask, ...] = ()
        self.given: tuple[Given, ...] = ()
        self.only: tuple[Only, ...] = ()
        self.below: tuple[tuple[str, bool, Node], ...] = ()
        self.visit: Visit


class Plan(Struct, frozen=True, eq=False):
    """What a set of packs asks of a document in one syntax.

    Attributes:
        rules: every rule once.
        asks: what is asked of the reading, each with the leaves that it is about.
        alone: what of that is asked where there are no leaves beside the model.
        root: what is asked of the invoice and below.
        severities: rule -> published severity -> the packs that publish it so.
    """

    rules: tuple[Rule, ...]
    asks: tuple[tuple[frozenset[str], Ask], ...]
    alone: tuple[Ask, ...]
    root: Node
    severities: dict[Rule, dict[Severity, tuple[str, ...]]]


@cache
def compiled(packs: tuple[Pack, ...], family: Family) -> Plan:
    """Compile the rules of packs into a walk.

    Args:
        packs: the packs.
        family: the syntax, ``ubl`` or ``cii``.
    """
    severities: dict[Rule, dict[Severity, tuple[str, ...]]] = {}
    for pack in packs:
        published = pack.published()[family]
        for rule in pack.rules_for(family):
            of_rule = severities.setdefault(rule, {})
            severity = published[rule.id]
            of_rule[severity] = (*of_rule.get(severity, ()), pack.id)
    rules = tuple(severities)
    asks = [(asking.about, ask) for asking, ask in _askings(rules, Reading)]
    alone = tuple(ask for about, ask in asks if not about)
    return Plan(rules, tuple(asks), alone, _Builder(rules).node(Invoice, nested=False), severities)


def _askings(rules: Iterable[Rule], subject: type) -> list[tuple[Asking, Ask]]:
    return [
        (asking, (rule, asking.check, asking.views))
        for rule in rules
        for asking in rule.askings
        if asking.subject is subject and (asking.only is None or subject is Reading)
    ]


def _given(cls: type[Struct], askings: Iterable[tuple[Asking, Ask]]) -> Iterator[Given]:
    """The rules that are asked only of structs that hold something."""
    found: dict[tuple[tuple[str, ...], frozenset[str]], list[Ask]] = {}
    for asking, ask in askings:
        if asking.given:
            found.setdefault((asking.given, asking.about), []).append(ask)
    for (paths, about), asks in found.items():
        yield plain_test(cls, paths) or holds_of(cls, paths), about, tuple(asks)


def _only(rules: Iterable[Rule], subject: type) -> list[Only]:
    found: dict[tuple[type[Index], str], list[Ask]] = {}
    for rule in rules:
        for asking in rule.askings:
            if asking.subject is subject and asking.only is not None:
                found.setdefault(asking.only, []).append((rule, asking.check, asking.views))
    return [(only, tuple(asks)) for only, asks in found.items()]


class _Builder:
    """Builds the nodes of one plan: outside sub lines, and within them, where fewer rules are asked."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = {False: rules, True: tuple(rule for rule in rules if rule.sub_lines)}
        self.nodes: dict[tuple[type[Struct], bool], Node] = {}
        self.asked = {
            nested: frozenset(asking.subject for rule in some for asking in rule.askings)
            for nested, some in self.rules.items()
        }

    def node(self, cls: type[Struct], *, nested: bool) -> Node:
        """The node of a class.

        Args:
            cls: the class.
            nested: whether it stands within sub lines.
        """
        known = self.nodes.get((cls, nested))
        if known is not None:
            return known
        node = self.nodes[cls, nested] = Node()
        askings = _askings(self.rules[nested], cls)
        node.clear = clear_of(cls, [asking.demand for asking, _ in askings if asking.demand is not None])
        node.others = tuple(ask for asking, ask in askings if asking.demand is None and not asking.given)
        node.given = tuple(_given(cls, askings))
        always = (ask for asking, ask in askings if not asking.given)
        node.asks = (*always, *(ask for *_, asks in node.given for ask in asks))
        node.only = tuple(_only(self.rules[nested], cls))
        node.below = tuple(self._below(cls, nested=nested))
        node.visit = visit_of(node)
        return node

    def _below(self, cls: type[Struct], *, nested: bool) -> Iterable[tuple[str, bool, Node]]:
        for info in fields_of(cls).values():
            within = nested or (cls is InvoiceLine and info.value_type is InvoiceLine)
            if info.is_group and not self.asked[within].isdisjoint(reachable(info.value_type)):
                yield info.name, info.repeats, self.node(info.value_type, nested=within)
