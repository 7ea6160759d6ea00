# SPDX-License-Identifier: Apache-2.0
"""A message INVOIC D.14B becomes an invoice; every component that does not reach the model becomes a remark."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.bind.edifact.exemptions import Exemption, assigned
from einvoice.bind.edifact.message import Group, grouped
from einvoice.bind.edifact.names import name_of
from einvoice.bind.edifact.objects import attached
from einvoice.bind.edifact.table import TEXTS, Row, Slot, steps, table
from einvoice.bind.values import read_date_102, read_decimal, write_decimal
from einvoice.model import Invoice, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from einvoice.bind.edifact.interchange import Interchange, Message
    from einvoice.bind.edifact.segments import Segment
    from einvoice.model import Reason

GTIN: Final = "0160"
"""The ICD of a GTIN (ISO 6523), which INVOIC calls ``SRV`` (UNTDID 7143); older messages say ``EN``."""
_GTINS: Final = ("SRV", "EN")
_ENVELOPE: Final = frozenset({"UNH", "UNT"})
Spot = tuple["Segment", int, int]


class Place:
    """Where the values of an invoice stand in its message.

    Attributes:
        spots: for each value, by its place in the model: the segment, the element and the component.
        groups: for each group that repeats, by its place in the model: the segment that opened it.
    """

    def __init__(self) -> None:
        self.spots: dict[str, Spot] = {}
        self.groups: dict[str, Segment] = {}


def read(message: Message, interchange: Interchange) -> tuple[Invoice, tuple[Remark, ...], Place]:
    """Read a message.

    Args:
        message: the message.
        interchange: what it came in: its decimal sign, and the objects behind it.

    Returns:
        The invoice, a remark for everything that did not reach it, and where its values stand.
    """
    reader = _Reader(interchange)
    tree, stray = grouped(message.segments)
    for segment in stray:
        reader.unbound(segment)
    reader.members(tree, table())
    invoice = reader.built()
    return invoice, tuple(sorted(reader.remarks, key=lambda one: reader.order[id(one)])), reader.place


class _Reader:
    """One walk over the tree of a message."""

    def __init__(self, interchange: Interchange) -> None:
        self.interchange = interchange
        self.decimal = interchange.separators.decimal
        self.values: dict[str, Any] = {}
        self.place = Place()
        self.counts: dict[str, int] = {}
        self.current: dict[str, int] = {}
        self.remarks: list[Remark] = []
        self.order: dict[int, int] = {}

    def members(self, group: Group, rows: Iterable[Row]) -> None:
        """Read what stands in a group."""
        rows = tuple(rows)
        for member in group.members:
            if isinstance(member, Group):
                self._group(member, rows)
            elif member is not group.trigger or not group.name:
                self._segment(member, rows)

    def _group(self, group: Group, rows: Sequence[Row]) -> None:
        row = next((row for row in rows if row.group and row.means(group)), None)
        if row is None:
            for segment in group.segments():
                self.unbound(segment)
            return
        self._enter(row, group.trigger)
        self._take(row, group.trigger)
        self.members(group, row.rows)

    def _segment(self, segment: Segment, rows: Sequence[Row]) -> None:
        row = next((row for row in rows if not row.group and row.fits(segment)), None)
        if row is not None:
            self._enter(row, segment)
            self._take(row, segment)
        elif segment.tag not in _ENVELOPE:
            self.unbound(segment)

    def _enter(self, row: Row, segment: Segment) -> None:
        """Begin the next one of a group of the model that repeats."""
        if row.repeats:
            above = self._indexed(row.scope)
            self.current[row.scope] = index = self.counts.get(above, 0)
            self.counts[above] = index + 1
            self.place.groups[f"{above}[{index}]"] = segment

    def _indexed(self, path: str) -> str:
        """The place with the indices of the groups that are being read, but none at its end."""
        found = ""
        for name, here, repeats in steps(path):
            found += f".{name}" if found else name
            if repeats and here != path:
                found += f"[{self.current.get(here, 0)}]"
        return found

    def _take(self, row: Row, segment: Segment) -> None:
        used = {(one, two) for one, two, _ in row.constants}
        for slot in row.slots:
            width = TEXTS if slot.how == "text" else 1
            spots = [(slot.element, slot.component + more) for more in range(width)]
            used.update(spots)
            text = "".join(segment.get(*spot) for spot in spots)
            if text:
                self._value(slot, text, segment)
        for number, element in enumerate(segment.elements, 1):
            for place, text in enumerate(element, 1):
                if text and (number, place) not in used:
                    self.remark("unbound", segment, number, place, text)

    def _value(self, slot: Slot, text: str, segment: Segment) -> None:
        path = self._indexed(slot.path)
        if steps(slot.path)[-1][2]:
            path += f"[{self.counts.get(path, 0)}]"
        spot = (segment, slot.element, slot.component)
        value = self._converted(slot, text)
        if value is None:
            self.remark("malformed", *spot, text, slot, path)
        elif path in self.values:
            self.remark("repeated", *spot, text, slot)
        else:
            self.values[path] = value
            self.place.spots[path] = spot
            if isinstance(value, Decimal) and write_decimal(value) != text:
                self.remark("spelled", *spot, text, slot, path)

    def _converted(self, slot: Slot, text: str) -> Any:  # noqa: ANN401 - a value of any term
        if slot.kind == "Decimal":
            return read_decimal(text.replace(self.decimal, ".") if self.decimal == "," else text)
        if slot.kind == "date":
            return read_date_102(text)
        if slot.how == "gtin":
            return GTIN if text in _GTINS else text
        return text

    def unbound(self, segment: Segment) -> None:
        """Remark everything that a segment says."""
        for number, element in enumerate(segment.elements, 1):
            for place, text in enumerate(element, 1):
                if text:
                    self.remark("unbound", segment, number, place, text)

    def remark(
        self,
        reason: Reason,
        segment: Segment,
        element: int,
        component: int,
        text: str,
        slot: Slot | None = None,
        model_path: str = "",
    ) -> None:
        """Remark one component."""
        terms = (slot.term,) if slot is not None and slot.term.startswith("BT") else ()
        found = Remark(reason, path_of(segment, element, component), text, terms, model_path)
        self.order[id(found)] = segment.number
        self.remarks.append(found)

    def built(self) -> Invoice:
        """The invoice of the values."""
        whole = _nested({**{f"{path}.": None for path in self.place.groups}, **self.values})
        reasons = [Exemption(**one) for one in whole.pop("exemptions", ())]
        invoice = msgspec.convert(whole, Invoice, builtin_types=(bytes, Decimal, date))
        if reasons:
            with_reasons = assigned(invoice, reasons)
            if with_reasons is None:
                self._unassigned()
            invoice = with_reasons or invoice
        return attached(invoice, self.interchange, self)

    def _unassigned(self) -> None:
        for path, (segment, element, component) in self.place.spots.items():
            if path.startswith("exemptions["):
                term = "BT-121" if path.endswith("code") else "BT-120"
                found = Remark("unbound", path_of(segment, element, component), self.values[path], (term,))
                self.order[id(found)] = segment.number
                self.remarks.append(found)


def path_of(segment: Segment, element: int = 0, component: int = 1) -> str:
    """How a place in a message is called, such as ``segment 9 (NAD)/C080/3036``.

    Args:
        segment: the segment.
        element: the data element, counted from 1; 0 for the segment as a whole.
        component: the component in it.
    """
    return f"{segment}/{name_of(segment.tag, element, component)}" if element else str(segment)


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    """Values by their places as groups in groups; a place that ends in a dot is a group that may hold nothing."""
    root: dict[str, Any] = {}
    for path, value in values.items():
        *above, last = path.split(".")
        owner = root
        for step in above:
            owner = _within(owner, step)
        if last.endswith("]"):
            name = last.partition("[")[0]
            owner.setdefault(name, []).append(value)
        elif last:
            owner[last] = value
    return root


def _within(owner: dict[str, Any], step: str) -> dict[str, Any]:
    name, _, index = step.rstrip("]").partition("[")
    if not index:
        found: dict[str, Any] = owner.setdefault(name, {})
        return found
    several: list[dict[str, Any]] = owner.setdefault(name, [])
    while len(several) <= int(index):
        several.append({})
    return several[int(index)]
