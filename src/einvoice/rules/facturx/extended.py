# SPDX-License-Identifier: Apache-2.0
"""EXTENDED, lines: the kinds of characteristics, and lines that group others (BR-FXEXT-04, -08, -11, -12)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from einvoice.codes import codes
from einvoice.model.parts import Fault, Part
from einvoice.rules.arithmetic import double_round
from einvoice.rules.element_rules import about
from einvoice.rules.facturx.ledger import LINE_TOTAL, STATUS
from einvoice.rules.xpath import number, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE: Final = "ram:IncludedSupplyChainTradeLineItem"
_OWN: Final = "ram:AssociatedDocumentLineDocument/ram:LineID"
_PARENT: Final = "ram:AssociatedDocumentLineDocument/ram:ParentLineID"


@about("BR-FXEXT-04", "ram:ApplicableProductCharacteristic/ram:TypeCode")
def br_fxext_04(kind: Part) -> Iterator[Fault]:
    """The kind of a characteristic of an item is a code of UNTDID 6313, or one of those that Factur-X adds."""
    if trimmed(kind.text) not in codes("facturx-characteristics"):
        yield Fault()


def _children(top: Part) -> dict[str, list[Part]]:
    """The lines that are added, by the line that they belong to."""
    found: dict[str, list[Part]] = {}
    for line in top.anywhere(LINE):
        if not {"DETAIL", "GROUP"}.isdisjoint(line.texts(STATUS)):
            found.setdefault(trimmed(line.one(_PARENT)), []).append(line)
    return found


@about("BR-FXEXT-08", f"{LINE}/{STATUS}")
def br_fxext_08(status: Part) -> Iterator[Fault]:
    """A line that groups others and states a net amount states what the lines in it add up to, rounded to cents.

    Lines that only inform are not added. The test is asked of every line, and looks at all groups each time.
    """
    line = _line_of(status)
    if status.text == "GROUP" and line is not None and (stated := trimmed(line.one(LINE_TOTAL))):
        children = line.recall(_children).get(trimmed(line.one(_OWN)), ())
        expected = _hundredths(sum((number(one.one(LINE_TOTAL)) for one in children), 0.0))
        if number(stated) != expected:
            yield Fault(LINE_TOTAL, expected=None if math.isnan(expected) else f"{expected:.2f}", part=line)


def _line_of(status: Part) -> Part | None:
    return status.above.above if status.above is not None else None


def _hundredths(amount: float) -> float:
    return amount if not math.isfinite(amount) else double_round(amount * 100) / 100


def _line_ids(top: Part) -> frozenset[str]:
    return frozenset(trimmed(text) for line in top.anywhere(LINE) for text in line.texts(_OWN))


@about("BR-FXEXT-11", f"{LINE}/{_PARENT}")
def br_fxext_11(parent: Part) -> Iterator[Fault]:
    """A line that names the line it belongs to names one that is there."""
    name = trimmed(parent.text)
    if name and name not in parent.recall(_line_ids):
        yield Fault()


def _groups(top: Part) -> dict[str, list[Part]]:
    """The lines that group others, by the line that they belong to."""
    found: dict[str, list[Part]] = {}
    for line in top.parts(f"rsm:SupplyChainTradeTransaction/{LINE}"):
        if "GROUP" in line.texts(STATUS):
            for parent in line.texts(_PARENT):
                found.setdefault(parent, []).append(line)
    return found


@about("BR-FXEXT-12", f"{LINE}/{STATUS}")
def br_fxext_12(status: Part) -> Iterator[Fault]:
    """If a line that groups others states a net amount, so do the groups in it."""
    line = _line_of(status)
    if status.text == "GROUP" and line is not None and line.has(LINE_TOTAL):
        if not line.has(_OWN):
            yield Fault(_OWN, part=line)
        for own in line.texts(_OWN):
            without = [one for one in line.recall(_groups).get(own, ()) if not one.has(LINE_TOTAL)]
            yield from (Fault(LINE_TOTAL, part=one) for one in without)
