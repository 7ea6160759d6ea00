# SPDX-License-Identifier: Apache-2.0
"""Lines that belong to others: BR-FREXT-05 to BR-FREXT-12, in UBL and in CII.

A line says which line it belongs to, and by a code what it is: a detail, which is added up; a group of others, whose
net amount, where it is stated, is what its details and groups add up to; or information.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.element_rules import NO_FAULTS, Faults, about
from einvoice.rules.extended_ctc_fr import ubl_lines as ubl
from einvoice.rules.extended_ctc_fr.numbers import Number, shown, summed
from einvoice.rules.facturx.ledger import LINE_TOTAL, STATUS
from einvoice.rules.xpath import double, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODES: Final = ("DETAIL", "GROUP", "INFORMATION")
_CII_LINE: Final = "ram:IncludedSupplyChainTradeLineItem"
_CII_OWN: Final = "ram:AssociatedDocumentLineDocument/ram:LineID"
_CII_PARENT: Final = "ram:AssociatedDocumentLineDocument/ram:ParentLineID"
_UBL_PARENT: Final = "cac:BillingReference/cac:BillingReferenceLine/cbc:ID"
_ADDED: Final = frozenset(["DETAIL", "GROUP"])
Children = dict[str, list[Part]]


def _differs(stated: Iterable[str], expected: Number) -> bool:
    """Whether none of the amounts that are stated is the one expected, as binary numbers."""
    return not any(double(text) == float(expected) for text in stated)


def _amount(line: Part, path: str, children: Iterable[Part]) -> Faults:
    """Whether a group states what is added up in it, rounded to cents."""
    expected = summed([text for one in children for text in one.texts(path)])
    return [Fault(path, expected=shown(expected))] if _differs(line.texts(path), expected) else NO_FAULTS


def _without(path: str, groups: list[Part]) -> Faults:
    """The groups that state no net amount, if amounts are not as many as groups."""
    if sum(len(one.texts(path)) for one in groups) == len(groups):
        return NO_FAULTS
    return [Fault(path, part=one) for one in groups if not one.has(path)] or [Fault(path)]


def _inside(line: Part, own: str, known: Children) -> list[Part]:
    """The lines that belong to a line, each once."""
    found = {child: None for text in line.texts(own) for child in known.get(text, ())}
    return list(found)


# ---- UBL


def _statuses(line: Part) -> list[str]:
    """The codes of a line in its references to the invoice itself."""
    return [text for one in ubl.own_references(line) for text in one.texts(ubl.STATUS)]


def _parents(line: Part) -> list[str]:
    return [text for one in ubl.own_references(line) for text in one.texts("cac:BillingReferenceLine/cbc:ID")]


def ubl_children(top: Part) -> Children:
    """The lines that belong to others, by the line they name.

    Args:
        top: the document.
    """
    found: Children = {}
    for line in ubl.every(top):
        for parent in dict.fromkeys(_parents(line)):
            found.setdefault(parent, []).append(line)
    return found


def _ubl_group(line: Part) -> bool:
    """Whether a line groups others and states a net amount."""
    if not line.has(ubl.REFERENCE) or not line.has(ubl.AMOUNT):
        return False
    wanted = line.recall(ubl.numbers)
    references = line.parts("cac:BillingReference/cac:InvoiceDocumentReference")
    return any(
        not wanted.isdisjoint(one.texts("cbc:ID")) and "GROUP" in one.texts("cbc:DocumentStatusCode")
        for one in references
    )


def _ubl_inside(line: Part, kinds: frozenset[str]) -> list[Part]:
    """The lines of some kinds that belong to a line, and stand beside it."""
    above = line.above
    inside = _inside(line, "cbc:ID", line.recall(ubl_children))
    return [one for one in inside if one.above == above and not kinds.isdisjoint(_statuses(one))]


@about("BR-FREXT-05", ubl.LINES, version="ubl")
def br_frext_05_ubl(line: Part) -> Faults:
    """What a line is, where it is said, is a detail, a group or information (DETAIL, GROUP, INFORMATION)."""
    if not line.has(ubl.REFERENCE) or not _statuses(line):
        return NO_FAULTS
    path = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
    return NO_FAULTS if trimmed(line.one(path)) in _CODES else [Fault(path, expected=", ".join(_CODES))]


@about("BR-FREXT-06", ubl.LINES, version="ubl")
def br_frext_06_ubl(line: Part) -> Faults:
    """A line that names the line it belongs to says by a code what it is."""
    if not line.has(ubl.REFERENCE) or not _parents(line) or _statuses(line):
        return NO_FAULTS
    return [Fault("cac:BillingReference/cac:InvoiceDocumentReference/cbc:DocumentStatusCode")]


@about("BR-FREXT-08", ubl.LINES, version="ubl")
def br_frext_08_ubl(line: Part) -> Faults:
    """A line that groups others and states a net amount states what the lines in it add up to, rounded to cents.

    Lines that only inform are not added.
    """
    return _amount(line, ubl.AMOUNT, _ubl_inside(line, _ADDED)) if _ubl_group(line) else NO_FAULTS


@about("BR-FREXT-11", ubl.LINES, version="ubl")
def br_frext_11_ubl(line: Part) -> Faults:
    """A line that names the line it belongs to names another one that is there."""
    parents = _parents(line) if line.has(ubl.REFERENCE) else []
    if not parents or line.above is None:
        return NO_FAULTS
    own, known, above = line.texts("cbc:ID"), line.recall(ubl_named), line.above
    found = (one for parent in parents for one in known.get(parent, ()) if one.above == above)
    return NO_FAULTS if any(_different(one.texts("cbc:ID"), own) for one in found) else [Fault(_UBL_PARENT)]


def ubl_named(top: Part) -> Children:
    """The lines by their identifier (BT-126).

    Args:
        top: the document.
    """
    return _named(ubl.every(top), "cbc:ID")


def _named(lines: Iterable[Part], path: str) -> Children:
    found: Children = {}
    for line in lines:
        for name in line.texts(path):
            found.setdefault(name, []).append(line)
    return found


def _different(these: Iterable[str], those: Iterable[str]) -> bool:
    """``!=`` of XPath: whether one of these is another text than one of those."""
    return any(one != other for one in these for other in those)


@about("BR-FREXT-12", ubl.LINES, version="ubl")
def br_frext_12_ubl(line: Part) -> Faults:
    """If a line that groups others states a net amount, so do the groups in it."""
    return _without(ubl.AMOUNT, _ubl_inside(line, frozenset(["GROUP"]))) if _ubl_group(line) else NO_FAULTS


# ---- CII


def cii_children(top: Part) -> Children:
    """The lines that belong to others, by the line they name.

    Args:
        top: the document.
    """
    found: Children = {}
    for line in top.parts(f"rsm:SupplyChainTradeTransaction/{_CII_LINE}"):
        for parent in dict.fromkeys(line.texts(_CII_PARENT)):
            found.setdefault(parent, []).append(line)
    return found


def _cii_group(line: Part) -> bool:
    return line.has(LINE_TOTAL) and "GROUP" in line.texts(STATUS)


def _cii_inside(line: Part, kinds: frozenset[str]) -> list[Part]:
    inside = _inside(line, _CII_OWN, line.recall(cii_children))
    return [one for one in inside if not kinds.isdisjoint(one.texts(STATUS))]


@about("BR-FREXT-05", _CII_LINE, version="cii")
def br_frext_05_cii(line: Part) -> Faults:
    """What a line is, where it is said, is a detail, a group or information (DETAIL, GROUP, INFORMATION)."""
    if not line.has(STATUS) or line.one(STATUS) in _CODES:
        return NO_FAULTS
    return [Fault(STATUS, expected=", ".join(_CODES))]


@about("BR-FREXT-06", _CII_LINE, version="cii")
def br_frext_06_cii(line: Part) -> Faults:
    """A line that names the line it belongs to says by a code what it is."""
    if not trimmed(line.one(_CII_PARENT)) or any(line.texts(STATUS)):
        return NO_FAULTS
    return [Fault(STATUS)]


@about("BR-FREXT-08", _CII_LINE, version="cii")
def br_frext_08_cii(line: Part) -> Faults:
    """A line that groups others and states a net amount states what the lines in it add up to, rounded to cents.

    Lines that only inform are not added.
    """
    return _amount(line, LINE_TOTAL, _cii_inside(line, _ADDED)) if _cii_group(line) else NO_FAULTS


@about("BR-FREXT-11", _CII_LINE, version="cii")
def br_frext_11_cii(line: Part) -> Faults:
    """A line that names the line it belongs to names another one that is there."""
    parent = trimmed(line.one(_CII_PARENT))
    if not parent:
        return NO_FAULTS
    own, known = line.texts(_CII_OWN), line.recall(cii_named)
    others = (one.texts(_CII_OWN) for one in known.get(parent, ()))
    return NO_FAULTS if any(_different(one, own) for one in others) else [Fault(_CII_PARENT)]


def cii_named(top: Part) -> Children:
    """The lines by their identifier (BT-126).

    Args:
        top: the document.
    """
    return _named(top.parts(f"rsm:SupplyChainTradeTransaction/{_CII_LINE}"), _CII_OWN)


@about("BR-FREXT-12", _CII_LINE, version="cii")
def br_frext_12_cii(line: Part) -> Faults:
    """If a line that groups others states a net amount, so do the groups in it."""
    return _without(LINE_TOTAL, _cii_inside(line, frozenset(["GROUP"]))) if _cii_group(line) else NO_FAULTS
