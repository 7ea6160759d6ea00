# SPDX-License-Identifier: Apache-2.0
"""What filling an invoice from records comes down to, once mapping, profile and columns are known.

``planner`` makes a plan; ``build`` walks down it for every invoice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from einvoice.importers.fields import FieldRule
from einvoice.importers.mapping import ErpMapping
from einvoice.importers.origin import Origin, Trace
from einvoice.importers.rows import Grouping
from einvoice.importers.seller import ProfileValue


class Failed:
    """What stands for a value that is there but cannot be used: its fault is noted already."""


FAILED: Final = Failed()


def _nothing(_cells: Sequence[str]) -> str:
    return ""


class LeafPlan(Struct, frozen=True):
    """How one field is filled.

    Attributes:
        name: the field.
        term: the number of its term, for messages.
        title: the name of its term, for messages.
        rule: where it comes from; ``None`` if only the profile says it.
        positions: the cells that feed it.
        read: what these cells say, before any transform.
        trace: how its origin is named.
        constant: the value that needs no cell, with its origin.
        overlay: what the profile says, with its origin.
        repeats: whether the field holds a tuple.
        signed: whether a credit note of this export has it negative.
    """

    name: str
    term: str
    title: str
    rule: FieldRule | None = None
    positions: tuple[int, ...] = ()
    read: Callable[[Sequence[str]], str] = _nothing
    trace: Trace | None = None
    constant: tuple[object, Origin] | None = None
    overlay: tuple[ProfileValue, Origin] | None = None
    repeats: bool = False
    signed: bool = False

    @property
    def fed(self) -> bool:
        """Whether cells feed it."""
        return bool(self.positions)

    @property
    def is_plain(self) -> bool:
        """Whether nothing but cells says it."""
        return self.overlay is None and self.fed and not (self.rule and self.rule.count)


class VatPlan(Struct, frozen=True):
    """How the VAT of a group is decided.

    Attributes:
        code: the tax code.
        rate: the rate.
        category: the category that the export states.
        trace: how the origin is named.
        term: the number of the term of the category.
        fields: where category and rate stand in the group.
    """

    code: LeafPlan | None
    rate: LeafPlan | None
    category: LeafPlan | None
    trace: Trace
    term: str
    fields: tuple[str, str]


class NodePlan(Struct):
    """How one instance of a group is filled.

    Attributes:
        cls: its class.
        name: the field that holds it.
        path: its path in the model, without indices.
        term: the number of the group.
        repeats: whether the field holds a tuple.
        leaves: its values.
        groups: the groups below it.
        vat: how its VAT is decided.
        required: terms that must not be missing.
        fed: all leaves below it that cells feed.
        certain: whether it is there even if the cells say nothing.
        part: whether rows of their own make it, each an instance.
        each: the path to the records that make it, each an instance.
        steps: the leaves with their names, and whether nothing but cells says them.
    """

    cls: type[Struct]
    name: str
    path: str
    term: str
    repeats: bool
    leaves: list[LeafPlan]
    groups: list[NodePlan]
    vat: VatPlan | None
    required: tuple[tuple[str, ...], ...]
    fed: list[LeafPlan]
    certain: bool
    part: bool = False
    each: str = ""
    steps: tuple[tuple[LeafPlan, str, bool], ...] = ()

    def __post_init__(self) -> None:
        self.steps = tuple((leaf, leaf.name, leaf.is_plain) for leaf in self.leaves)


class Test(Struct, frozen=True):
    """What is asked of an invoice as a whole: what a mapping refuses, and whether prices include VAT.

    Attributes:
        read: what the cells say.
        trace: how their origin is named.
        values: what means yes.
        other_than: what means no, where all else means yes.
        empty: what an empty cell means.
        because: what is said if it is so.

    If none of the three is given, anything that is said means yes.
    """

    read: Callable[[Sequence[str]], tuple[str, ...]]
    trace: Trace
    values: frozenset[str]
    other_than: frozenset[str] = frozenset()
    empty: bool = False
    because: str = ""

    def holds(self, cells: Sequence[str]) -> bool:
        """Whether it is so.

        Args:
            cells: the cells of the invoice.

        Raises:
            MappingError: they cannot be read.
        """
        said = self.read(cells)
        if not said:
            return self.empty
        if not (self.values or self.other_than or self.empty):
            return True
        return any(one in self.values or bool(self.other_than and one not in self.other_than) for one in said)


class Plan(Struct, frozen=True):
    """A mapping and a profile, compiled.

    Attributes:
        mapping: the mapping.
        invoice: how the invoice is filled.
        lines: how a line is filled.
        expect: how the expected totals are filled.
        grouping: how rows belong together.
        told: the columns that speak once per invoice, each with the number of a term it feeds.
        refuse: what keeps an invoice from being made.
        gross: what tells that prices and amounts include VAT; ``None`` if the mapping says it for all.
    """

    mapping: ErpMapping
    invoice: NodePlan
    lines: NodePlan
    expect: NodePlan
    grouping: Grouping
    told: dict[int, str]
    refuse: tuple[Test, ...] = ()
    gross: Test | None = None
