# SPDX-License-Identifier: Apache-2.0
"""BR-DE-CVD and BR-TMP-CVD: clean vehicles (XRechnung CVD 0.9, after Directive 2009/33/EC)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, about
from einvoice.rules.rows import CodeList
from einvoice.rules.xpath import trimmed
from einvoice.rules.xrechnung.kinds import AGREEMENT, TRANSACTION, UBL, asked, filled, lines
from einvoice.rules.xrechnung.readings import says_something

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule, Faults, Question


class _Item(Struct, frozen=True):
    """How a syntax writes the item of a line.

    Attributes:
        context: the element.
        code: the path to a class of the item (BT-158).
        property: the path to a property of the item (BG-32).
        name: the name of the property (BT-160).
        value: its value (BT-161).
    """

    context: str
    code: str
    property: str
    name: str
    value: str


_SYNTAXES: Final = (
    _Item(
        "/Invoice/cac:InvoiceLine/cac:Item | /CreditNote/cac:CreditNoteLine/cac:Item",
        "cac:CommodityClassification/cbc:ItemClassificationCode",
        "cac:AdditionalItemProperty",
        "cbc:Name",
        "cbc:Value",
    ),
    _Item(
        f"{TRANSACTION}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedTradeProduct",
        "ram:DesignatedProductClassification/ram:ClassCode",
        "ram:ApplicableProductCharacteristic",
        "ram:Description",
        "ram:Value",
    ),
)
SCHEME: Final = "CVD"
PROPERTY: Final = "cva"
CATEGORIES: Final = frozenset({"M1", "M2", "M3", "N1", "N2", "N3"})
VALUES: Final = frozenset({"clean", "zero-emission", "other"})
_SCHEMES: Final = CodeList("untdid-7143", extra=frozenset({SCHEME}))


def _classes(item: Part, syntax: _Item) -> list[Part]:
    """The classes of an item that are categories of vehicles."""
    return [one for one in item.parts(syntax.code) if one.get("listID") == SCHEME]


def _properties(item: Part, syntax: _Item) -> list[Part]:
    """The properties of an item that say how clean it is."""
    return [one for one in item.parts(syntax.property) if PROPERTY in one.texts(syntax.name)]


# ---- the document

CONTRACT = filled(
    "BR-DE-CVD-01",
    (UBL, "cac:ContractDocumentReference/cbc:ID"),
    (AGREEMENT, "ram:ContractReferencedDocument/ram:IssuerAssignedID"),
    "The invoice refers to the contract.",
)


@about("BR-DE-CVD-02", UBL, version="ubl")
def br_de_cvd_02_ubl(document: Part) -> Faults:
    """The invoice refers to the call for tenders or to the lot."""
    path = "cac:OriginatorDocumentReference/cbc:ID"
    if not any(map(says_something, document.texts(path))):
        yield Fault(path)


@about("BR-DE-CVD-02", AGREEMENT, version="cii")
def br_de_cvd_02_cii(agreement: Part) -> Faults:
    """The invoice refers to the call for tenders or to the lot."""
    for one in agreement.parts("ram:AdditionalReferencedDocument"):
        if trimmed(one.one("ram:TypeCode")) == "50" and trimmed(one.one("ram:IssuerAssignedID")):
            return
    yield Fault("ram:AdditionalReferencedDocument")


def _is_of_vehicle(item: Part, syntax: _Item) -> bool:
    return bool(_classes(item, syntax)) and bool(_properties(item, syntax))


@about("BR-DE-CVD-03", UBL, version="ubl")
def br_de_cvd_03_ubl(document: Part) -> Faults:
    """On one line at least, the item is a vehicle: of a class of CVD, and with the property cva."""
    items = [item for line in lines(document) for item in line.parts("cac:Item")]
    if not any(_is_of_vehicle(item, _SYNTAXES[0]) for item in items):
        yield Fault("cac:InvoiceLine" if document.name == "Invoice" else "cac:CreditNoteLine")


@about("BR-DE-CVD-03", TRANSACTION, version="cii")
def br_de_cvd_03_cii(transaction: Part) -> Faults:
    """On one line at least, the item is a vehicle: of a class of CVD, and with the property cva."""
    path = "ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedTradeProduct"
    if not any(_is_of_vehicle(item, _SYNTAXES[1]) for item in transaction.parts(path)):
        yield Fault("ram:IncludedSupplyChainTradeLineItem")


# ---- the items


def _category(syntax: _Item) -> Question:
    def check(item: Part) -> Faults:
        return [
            Fault(found=one.text, part=one)
            for one in item.parts(syntax.code)
            if trimmed(one.get("listID") or "") == SCHEME and trimmed(one.text) not in CATEGORIES
        ]

    return check


def _value(syntax: _Item) -> Question:
    def check(item: Part) -> Faults:
        return [
            Fault(syntax.value, expected=" ".join(sorted(VALUES)), part=one)
            for one in _properties(item, syntax)
            if trimmed(one.one(syntax.value)) not in VALUES
        ]

    return check


def _with_property(syntax: _Item) -> Question:
    def check(item: Part) -> Faults:
        if not _classes(item, syntax) or len(_properties(item, syntax)) == 1:
            return NO_FAULTS
        return (Fault(syntax.property, why=f"{len(_properties(item, syntax))} of them are called cva"),)

    return check


def _with_category(syntax: _Item) -> Question:
    def check(item: Part) -> Faults:
        if not _properties(item, syntax) or len(_classes(item, syntax)) == 1:
            return NO_FAULTS
        return (Fault(syntax.code, why=f"{len(_classes(item, syntax))} of them are of the list CVD"),)

    return check


def _scheme(syntax: _Item) -> Question:
    def check(item: Part) -> Faults:
        return [
            Fault("@listID", part=one, why="not in untdid-7143")
            for one in item.parts(syntax.code)
            if says_something(scheme := one.get("listID") or "") and not _SCHEMES.takes(scheme)
        ]

    return check


def _of_items(identifier: str, kind: Callable[[_Item], Question], sentence: str) -> tuple[ElementRule, ...]:
    return tuple(asked(identifier, syntax.context, kind(syntax), sentence) for syntax in _SYNTAXES)


ITEMS = (
    *_of_items("BR-DE-CVD-04", _category, "The class of a vehicle is M1, M2, M3, N1, N2 or N3."),
    *_of_items(
        "BR-DE-CVD-05", _value, "How clean a vehicle is (property cva) is said by one of the three words for it."
    ),
    *_of_items("BR-DE-CVD-06-a", _with_property, "An item of a class of CVD has the property cva once."),
    *_of_items("BR-DE-CVD-06-b", _with_category, "An item with the property cva is of one class of CVD."),
    *_of_items("BR-TMP-CVD-01", _scheme, "The scheme of a class of an item is a code of UNTDID 7143, or CVD."),
)
