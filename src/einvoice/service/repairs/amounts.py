# SPDX-License-Identifier: Apache-2.0
"""Amounts that follow from others and are off by a rounding, and amounts with too many decimals.

What a total has to be follows from what the invoice states (EN 16931-1, BR-CO-10 to BR-CO-17 and the VAT rules). A
total that differs by no more than a cent for each amount it is made of, and by five cents at most, was rounded in
another way, and is set to what follows. A greater difference has a cause that einvoice cannot know.

Decimals beyond the second that are zeros can go. Others are rounded only in amounts that are computed; what was agreed
or paid is never rounded.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from einvoice.bind.edits import Write
from einvoice.model.calculate import calculate
from einvoice.model.calculate.arithmetic import rounded
from einvoice.rules.places import terms_at
from einvoice.service.repairs.notations import is_number
from einvoice.service.repairs.sheet import Change, LeftAlone, Suggestion, left_alone, text_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.bind.parts import Part
    from einvoice.model import Invoice
    from einvoice.model.calculate import Calculation, Difference
    from einvoice.service.repairs.sheet import Sheet

Found = Suggestion | LeftAlone

CENT: Final = Decimal("0.01")
MOST: Final = Decimal("0.05")
"""What a total may be off at most to be called a rounding."""
_TWO: Final = 2
_TOTALS: Final = frozenset(
    {"BT-106", "BT-107", "BT-108", "BT-109", "BT-110", "BT-112", "BT-115", "BT-116", "BT-117", "BT-131"}
)
"""What is computed, and so may be set."""
_STEP: Final = re.compile(r"(\w+)(?:\[(\d+)\])?")
_ROUNDS: Final = 12
"""How many totals can follow from each other, and some more."""

DECIMALS_DOUBT: Final = "it has more than two decimals and is not computed; einvoice does not round what was agreed"


# -------------------------------------------------------------------------------------------- decimals


def decimals(sheet: Sheet) -> Iterator[Found]:
    """Amounts with two decimals where a rule says that they have more: zeros go, computed amounts are rounded."""
    places = {finding.location for finding in sheet.report.findings if finding.rule.startswith("BR-DEC-")}
    for part in sheet.parts.values():
        if part.path not in places or not is_number(part.text):
            continue
        value = Decimal(part.text.strip())
        short = rounded(value, _TWO)
        if value == short:
            yield text_change(part, f"{short:f}", "zeros")
        elif _TOTALS.issuperset(part.terms) and part.terms:
            yield text_change(part, f"{short:f}", "computed")
        else:
            yield left_alone(part, part.text, DECIMALS_DOUBT)


# -------------------------------------------------------------------------------------------- totals


def totals(sheet: Sheet) -> Iterator[Found]:
    """Totals that differ by a rounding from what follows from the stated amounts, and what follows from them."""
    blamed = {finding.model_path for finding in sheet.report.findings}
    calculation = calculate(sheet.invoice)
    first = [one for one in _differences(calculation) if one.path in blamed]
    known, most = {one.path for one in calculation.differences}, _bound(sheet.invoice)
    small = [one for one in first if abs(_by(one)) <= most]
    for one in first:
        if one not in small:
            yield from _left(sheet, one, most)
    for together in ([small] if len(small) > 1 else []) + [[one] for one in small]:
        settled = _settled(sheet.invoice, together, known)
        changes = [_change(sheet, path, was, value) for path, (was, value) in settled.items()]
        if changes and all(abs(was - value) <= most for was, value in settled.values()):
            yield from _suggestion(together[0].path if len(together) == 1 else "totals", changes)


def _suggestion(subject: str, changes: list[tuple[Part, Change] | None]) -> Iterator[Suggestion]:
    found = [change for change in changes if change is not None]
    if len(found) == len(changes):
        edits = tuple(Write(part.number, change.after) for part, change in found)
        yield Suggestion(subject=subject, edits=edits, changes=tuple(change for _, change in found))


def _differences(calculation: Calculation) -> list[Difference]:
    return [
        one
        for one in calculation.differences
        if one.term in _TOTALS and one.stated is not None and one.computed is not None
    ]


def _by(one: Difference) -> Decimal:
    return (one.stated or Decimal(0)) - (one.computed or Decimal(0))


def _bound(invoice: Invoice) -> Decimal:
    """What rounding can make at most: a cent for each amount that goes into the totals, five cents in all."""
    addends = len(invoice.lines) + len(invoice.document_level_allowances) + len(invoice.document_level_charges)
    return min(MOST, CENT * max(1, addends + len(invoice.vat_breakdown)))


def _settled(invoice: Invoice, first: list[Difference], known: set[str]) -> dict[str, tuple[Decimal, Decimal]]:
    """Set totals, and those that do not fit any more because of that; by path, what was stated and what follows."""
    settled: dict[str, tuple[Decimal, Decimal]] = {}
    left = first
    for _ in range(_ROUNDS):
        for one in left:
            if one.stated is None or one.computed is None:
                continue
            was = settled[one.path][0] if one.path in settled else one.stated
            settled[one.path] = (was, one.computed)
            invoice = replaced(invoice, one.path, one.computed)
        left = [one for one in _differences(calculate(invoice)) if one.path not in known or one.path in settled]
        if not left:
            return {path: (was, value) for path, (was, value) in settled.items() if was != value}
    return {}


def _change(sheet: Sheet, path: str, was: Decimal, value: Decimal) -> tuple[Part, Change] | None:
    place = sheet.document.locate(path)
    part = sheet.by_path.get(place.path) if place is not None and place.exact else None
    if part is None or not is_number(part.text) or Decimal(part.text.strip()) != was:
        return None
    change = Change(location=part.path, line=part.line, terms=terms_at(path), before=part.text, after=f"{value:f}")
    return part, change


def _left(sheet: Sheet, one: Difference, most: Decimal) -> Iterator[LeftAlone]:
    place = sheet.document.locate(one.path)
    why = one.explanation
    if why.startswith(f"{one.term} is stated"):
        why += f" That is {abs(_by(one)):f} apart, and a rounding can make {most:f} at most here."
    yield LeftAlone(
        location=place.path if place is not None else one.path,
        line=place.line if place is not None else None,
        terms=(one.term,),
        value=None if one.stated is None else f"{one.stated:f}",
        why=why,
    )


# -------------------------------------------------------------------------------------------- the model


def value_at(group: Any, path: str) -> Any:  # noqa: ANN401 - any value of the model
    """What stands at a place of the model; ``None`` if nothing does.

    Args:
        group: the invoice, or a group of it.
        path: the place, such as ``lines[3].net_amount``.
    """
    for name, index in _STEP.findall(path):
        if group is None:
            return None
        group = getattr(group, name)
        if index:
            group = group[int(index)] if int(index) < len(group) else None
    return group


def replaced(group: Any, path: str, value: object) -> Any:  # noqa: ANN401 - structs.replace has no narrower type
    """The same invoice, or group, with another value at a place that is there.

    Args:
        group: the invoice, or a group of it.
        path: the place, such as ``lines[3].net_amount``.
        value: the value.
    """
    head, _, rest = path.partition(".")
    match = _STEP.fullmatch(head)
    name, index = (match[1], match[2]) if match else (head, None)
    held = getattr(group, name)
    if index is None:
        return structs.replace(group, **{name: replaced(held, rest, value) if rest else value})
    items = list(held)
    items[int(index)] = replaced(items[int(index)], rest, value) if rest else value
    return structs.replace(group, **{name: tuple(items)})
