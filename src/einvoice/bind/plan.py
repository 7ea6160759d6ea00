# SPDX-License-Identifier: Apache-2.0
"""Groups while they are being read: a list with a place per field, and how it becomes a struct.

Behind the fields stand five more places: the fields that hold a list (``LISTED``), the group above (``ABOVE``), the
index among its sisters (``INDEX``), the element of the tree that opened it (``OPENER``) and whether that element was
met (``SEEN``). A list stands for several values, or for a group that is still open; who puts one there says so.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from einvoice.bind import hooks
from einvoice.model import Identifier, fields_of
from einvoice.model.extensions import AllowanceChargeExtension

if TYPE_CHECKING:
    from collections.abc import Callable

    from msgspec import Struct

    from einvoice.bind.tree import Element, Target
    from einvoice.model import Syntax

Values = list[Any]
LISTED, ABOVE, INDEX, OPENER, SEEN = -5, -4, -3, -2, -1


class Plan:
    """How a list of values becomes a struct of one class.

    Attributes:
        cls: the class.
        slots: field name -> place.
        repeats: for each place, whether the field holds a tuple.
    """

    def __init__(self, cls: type[Struct], syntax: Syntax) -> None:
        infos = fields_of(cls)
        self.cls: Callable[..., Struct] = cls
        self.slots = {name: place for place, name in enumerate(infos)}
        self.repeats = [info.repeats for info in infos.values()]
        self._size = len(infos)
        self._empty: Values = [() if info.repeats else None for info in infos.values()] + [(), *[None] * 4]
        self._is_identifier = cls is Identifier
        # A group whose element names the tax: VAT is nothing, no name at all is an empty one.
        self._scheme = None if cls is AllowanceChargeExtension else self.slots.get("tax_scheme_identifier")
        self._checked = self._is_identifier or self._scheme is not None
        self._groups = [info.value_type if info.is_group else None for info in infos.values()]
        self._syntax: Syntax = syntax
        self._after = hooks.AFTER_READING[syntax].get(cls)

    def open(self, above: Values | None, opener: Element | None = None, index: int = 0) -> Values:
        """An empty group.

        Args:
            above: the group whose element it stands in.
            opener: the element that opens it.
            index: its index among its sisters.
        """
        values = self._empty.copy()
        values[ABOVE], values[OPENER], values[INDEX] = above, opener, index
        return values

    def is_empty(self, values: Values) -> bool:
        """Whether no field has a value."""
        return values[: self._size] == self._empty[: self._size]

    def close(self, values: Values) -> Struct:
        """Make the struct, and those below that are still open.

        Args:
            values: the group's values.
        """
        if values[LISTED]:
            self._close_lists(values)
        if self._checked:
            self._complete(values)
        del values[LISTED:]
        struct = self.cls(*values)
        return struct if self._after is None else self._after(struct)

    def _close_lists(self, values: Values) -> None:
        """Make tuples of lists, and structs of groups that are open."""
        for place in values[LISTED]:
            value, below = values[place], self._groups[place]
            if type(value) is not list:
                continue
            if below is None:
                values[place] = tuple(value)
            elif self.repeats[place]:
                close = plan_of(below, self._syntax).close
                values[place] = tuple([close(item) if type(item) is list else item for item in value])
            else:
                values[place] = plan_of(below, self._syntax).close(value)

    def _complete(self, values: Values) -> None:
        """Say what an identifier and a tax say where nothing is named."""
        if values[0] is None and self._is_identifier:
            values[0] = ""
        if self._scheme is not None:
            named = values[self._scheme]
            values[self._scheme] = "" if named is None else None if named == "VAT" else named


def listed(values: Values, slot: int) -> list[Any]:
    """The values of a field that has several, as a list that more can be put into.

    Args:
        values: the group.
        slot: the place of the field.
    """
    known: list[Any] = values[slot]
    if not known:
        known = values[slot] = []
        values[LISTED] += (slot,)
    return known


@cache
def plan_of(cls: type[Struct], syntax: Syntax) -> Plan:
    """The plan of a class, made once per syntax."""
    return Plan(cls, syntax)


class Way:
    """The way from the group that is open at an element to the one that a term belongs to.

    Attributes:
        direct: whether the term belongs to the open group itself.
        slot: the place of the term's field.
    """

    def __init__(self, target: Target, syntax: Syntax) -> None:
        anchor = target.anchor
        while target.from_root and anchor.parent is not None:
            anchor = anchor.parent
        cls = anchor.cls
        self._chain: list[tuple[int, bool, Plan]] = []
        for info in target.chain:
            slot = plan_of(cls, syntax).slots[info.name] if cls else 0
            cls = info.value_type
            self._chain.append((slot, info.repeats, plan_of(cls, syntax)))
        if cls is None:
            raise TypeError(target.info.name)
        self.slot = plan_of(cls, syntax).slots[target.info.name]
        self._up = target.up
        self._from_root = target.from_root
        self._here = not (self._up or self._from_root)
        self.direct = self._here and not self._chain

    def anchor(self, values: Values) -> Values:
        """The group the way starts at."""
        if self._from_root:
            while values[ABOVE] is not None:
                values = values[ABOVE]
            return values
        for _ in range(self._up):
            values = values[ABOVE]
        return values

    def group(self, values: Values) -> Values:
        """The group the term belongs to; groups on the way come into being."""
        found = values if self._here else self.anchor(values)
        for slot, repeats, plan in self._chain:
            below = found[slot]
            if repeats:
                below = below[0] if below else None
            if below is None:
                below = plan.open(found)
                found[slot] = [below] if repeats else below
                found[LISTED] += (slot,)
            found = below
        return found


def model_path(target: Target, values: Values, way: Way) -> str:
    """Where a term stands in the model, with indices, such as ``lines[2].net_amount``.

    Args:
        target: what is bound.
        values: the group that is open at the element.
        way: the way from there to the term's group.
    """
    names = [*(info.name for info in target.chain), target.info.name]
    above = place_of(way.anchor(values))
    return ".".join([above, *names] if above else names)


def place_of(values: Values) -> str:
    """Where a group that is open stands in the model, with indices; empty for the invoice.

    Args:
        values: the group.
    """
    opener: Element | None = values[OPENER]
    if opener is None or opener.group is None:
        return ""
    group = opener.group
    above = values[ABOVE]
    for _ in range(group.up):
        above = above[ABOVE]
    names = [*(info.name for info in group.chain), group.info.name]
    if group.info.repeats:
        names[-1] += f"[{values[INDEX]}]"
    start = "" if group.from_root else place_of(above)
    return ".".join([start, *names] if start else names)
