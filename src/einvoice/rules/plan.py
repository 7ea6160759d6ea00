# SPDX-License-Identifier: Apache-2.0
"""The way through an invoice: rules grouped by what they are asked of, compiled once per set of packs.

One walk over the invoice asks every rule of everything it is about. Parts of the model that no rule asks about are
not entered, and a group that is absent costs one comparison.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from einvoice.model import Invoice, InvoiceLine, Reading, fields_of
from einvoice.rules.places import reachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from einvoice.rules.registry import Check, Family, Index, Pack, Rule, Severity, View

Ask = tuple["Rule", "Check", tuple[type["View"], ...]]
Only = tuple[tuple[type["Index"], str], tuple[Ask, ...]]


class Node:
    """What is asked of one class of the model, and where the walk goes on from there.

    Attributes:
        asks: the rules, each with its function and the views it needs.
        only: more of them, by what must occur in the invoice for them to have anything to say.
        read: reads all the fields in ``below`` at once.
        below: field name, whether it repeats, and the node of its class.
    """

    __slots__ = ("asks", "below", "only", "read")

    def __init__(self) -> None:
        self.asks: tuple[Ask, ...] = ()
        self.only: tuple[Only, ...] = ()
        self.below: tuple[tuple[str, bool, Node], ...] = ()
        self.read: Callable[[Any], tuple[Any, ...]] = lambda _: ()


class Plan(Struct, frozen=True, eq=False):
    """What a set of packs asks of a document in one syntax.

    Attributes:
        rules: every rule once.
        asks: what is asked of the reading.
        root: what is asked of the invoice and below.
        severities: rule -> published severity -> the packs that publish it so.
    """

    rules: tuple[Rule, ...]
    asks: tuple[Ask, ...]
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
    return Plan(rules, tuple(_asks(rules, Reading)), _Builder(rules).node(Invoice, nested=False), severities)


def _asks(rules: Iterable[Rule], subject: type) -> list[Ask]:
    return [
        (rule, asking.check, asking.views)
        for rule in rules
        for asking in rule.askings
        if asking.subject is subject and (asking.only is None or subject is Reading)
    ]


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
        node.asks = tuple(_asks(self.rules[nested], cls))
        node.only = tuple(_only(self.rules[nested], cls))
        node.below = tuple(self._below(cls, nested=nested))
        names = [name for name, _, _ in node.below]
        if len(names) == 1:
            only = attrgetter(names[0])
            node.read = lambda subject: (only(subject),)
        elif names:
            node.read = attrgetter(*names)
        return node

    def _below(self, cls: type[Struct], *, nested: bool) -> Iterable[tuple[str, bool, Node]]:
        for info in fields_of(cls).values():
            within = nested or (cls is InvoiceLine and info.value_type is InvoiceLine)
            if info.is_group and not self.asked[within].isdisjoint(reachable(info.value_type)):
                yield info.name, info.repeats, self.node(info.value_type, nested=within)
