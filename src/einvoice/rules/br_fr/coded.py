# SPDX-License-Identifier: Apache-2.0
"""Codes: BR-FR-04 (types), -08 (frameworks), -15 and -16 (VAT), -27 and -28 (attributes), BR-FR-CO-08."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.br_fr.places import (
    CII,
    DOCUMENT,
    EXCHANGED,
    FRAMEWORK,
    ITEM,
    LINE,
    LINE_SETTLEMENT,
    SETTLEMENT,
    cii,
    ubl,
)
from einvoice.rules.br_fr.references import PRECEDING, REFERRED
from einvoice.rules.br_fr.texts import codes, in_order, says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked

if TYPE_CHECKING:
    from collections.abc import Iterator

# ---- types of documents


def _one_of(part: Part, *, name: str) -> Faults:
    return NO_FAULTS if part.text in codes(name) else [Fault(expected=", ".join(in_order(name)))]


def _types(term: str, name: str, in_cii: str, *in_ubl: str) -> Iterator[ElementRule]:
    sentence = f"The type of {name} ({term}) is a code of the French list."
    check = partial(_one_of, name="type")
    yield asked(f"BR-FR-04_{term}", " | ".join(in_ubl), check, sentence)
    yield asked(f"BR-FR-04_{term}", cii(in_cii), check, sentence)


TYPES: Final = (
    *_types(
        "BT-3",
        "the invoice",
        f"{EXCHANGED}/ram:TypeCode",
        "Invoice/cbc:InvoiceTypeCode",
        "CreditNote/cbc:CreditNoteTypeCode",
    ),
    *_types(
        "EXT-FR-FE-02",
        "a preceding invoice",
        f"{SETTLEMENT}/{REFERRED}/ram:TypeCode",
        ubl(f"{PRECEDING}/cbc:DocumentTypeCode"),
    ),
    *_types(
        "EXT-FR-FE-137",
        "a preceding invoice of a line",
        f"{ITEM}/{LINE_SETTLEMENT}/{REFERRED}/ram:TypeCode",
        ubl(f"{LINE}/{PRECEDING}/cbc:DocumentTypeCode"),
    ),
)

# ---- the invoicing framework

_FRAMEWORKS: Final = "The invoicing framework (BT-23) is stated, and a code of the French list."


def _framework(part: Part, *, path: str) -> Faults:
    return (
        NO_FAULTS if part.one(path) in codes("framework") else [Fault(path, expected=", ".join(in_order("framework")))]
    )


_WITHIN: Final = "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
FRAMEWORKS: Final = (
    asked("BR-FR-08_BT-23", DOCUMENT, partial(_framework, path="cbc:ProfileID"), _FRAMEWORKS),
    asked("BR-FR-08_BT-23", cii("rsm:ExchangedDocumentContext"), partial(_framework, path=_WITHIN), _FRAMEWORKS),
)


@about("BR-FR-CO-08_BT-23", DOCUMENT, version="ubl")
def br_fr_co_08_bt_23_ubl(document: Part) -> Faults:
    """A final invoice after a prepayment (BT-23: B4, S4, M4) is no prepayment itself (BT-3: 386, 500, 503)."""
    types = [*document.texts("cbc:InvoiceTypeCode"), *document.texts("cbc:CreditNoteTypeCode")]
    if _contradicts(document.texts("cbc:ProfileID"), types):
        yield Fault("cbc:ProfileID", why=f"the type is {types[0]}")


@about("BR-FR-CO-08_BT-23", CII, version="cii")
def br_fr_co_08_bt_23_cii(document: Part) -> Faults:
    """A final invoice after a prepayment (BT-23: B4, S4, M4) is no prepayment itself (BT-3: 386, 500, 503)."""
    types = document.texts(f"{EXCHANGED}/ram:TypeCode")
    if _contradicts(document.texts(FRAMEWORK), types):
        yield Fault(FRAMEWORK, why=f"the type is {types[0]}")


def _contradicts(frameworks: list[str], types: list[str]) -> bool:
    return not codes("final").isdisjoint(frameworks) and not codes("prepayment").isdisjoint(types)


# ---- VAT categories and rates


def _category(tax: Part) -> Faults:
    """Whether a category, where one is stated, is in the list; as UBL is asked."""
    if not tax.has("cbc:ID") or tax.one("cbc:ID") in codes("category"):
        return NO_FAULTS
    return [Fault("cbc:ID", expected=", ".join(in_order("category")))]


def _category_cii(tax: Part) -> Faults:
    """Whether a category is stated, and in the list; as CII is asked."""
    if tax.one("ram:CategoryCode") in codes("category"):
        return NO_FAULTS
    return [Fault("ram:CategoryCode", expected=", ".join(in_order("category")))]


def _line_category(tax: Part) -> Faults:
    """The same of a line; a group of lines and one that only informs need no category."""
    if not tax.has("ram:CategoryCode") and not {"GROUP", "INFORMATION"}.isdisjoint(_state_of(tax)):
        return NO_FAULTS
    return _category_cii(tax)


def _state_of(tax: Part) -> list[str]:
    line = tax.above.above if tax.above is not None else None
    return line.texts("ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode") if line is not None else []


def _home(tax: Part, *, path: str) -> Faults:
    found = [one for one in tax.parts(path) if one.text in codes("overseas")]
    return [Fault(part=found[0])] if found else NO_FAULTS


def _rate(tax: Part, *, path: str, blank: bool) -> Faults:
    """Whether a rate, where it is stated, is in the list; in CII an empty one is none."""
    stated = tax.one(path)
    if stated in codes("rate") or not (tax.has(path) if blank else stated):
        return NO_FAULTS
    return [Fault(path, why="no rate of French law, as it is written")]


def _known(what: str) -> str:
    return f"The VAT category of {what} is S, E, AE, K, G, O or Z."


def _french(what: str) -> str:
    return f"The VAT category of {what} is not L or M, which are taxes of Spain."


def _rated(what: str) -> str:
    return f"The VAT rate of {what} is one of French law, without a percent sign."


def _vat_ubl(what: str, context: str, known: str, french: str) -> Iterator[ElementRule]:
    yield asked(known, context, _category, _known(what))
    yield asked(french, context, partial(_home, path="cbc:ID"), _french(what))


def _vat_cii(what: tuple[str, str], context: str, known: str, rated: str) -> Iterator[ElementRule]:
    """BR-FR-15 and BR-FR-16 in CII, of what is called so as to its category and to its rate."""
    check = _line_category if context.startswith(f"{CII}/{ITEM}") else _category_cii
    yield asked(known, context, check, _known(what[0]))
    yield asked(f"{known}_LM", context, partial(_home, path="ram:CategoryCode"), _french(what[0]))
    rate = partial(_rate, path="ram:RateApplicablePercent", blank=False)
    yield asked(rated, context, rate, _rated(what[1]))


def _behind(_: Part) -> Faults:
    """What is never asked: the published rule stands behind another one that sees the same elements first."""
    return NO_FAULTS


_IN_UBL: Final = partial(_rate, path="cbc:Percent", blank=True)
_CHARGES: Final = "an allowance or charge (BT-95, BT-102)"
_BREAKDOWN: Final = "a VAT breakdown (BT-118)"
_ITEMS: Final = "a line (BT-151)"
_ALLOWANCE_TAX: Final = "cac:AllowanceCharge/cac:TaxCategory"
_BREAKDOWN_TAX: Final = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
_RATED_CHARGES: Final = "an allowance or charge (BT-96, BT-103)"
_RATED_BREAKDOWN: Final = "a VAT breakdown (BT-119)"
_RATED_LINE: Final = "a line (BT-152)"
VAT: Final = (
    *_vat_ubl(_CHARGES, _ALLOWANCE_TAX, "BR-FR-15_BT-95_BT-102-1", "BR-FR-15_BT-95_BT-102-2"),
    *_vat_ubl(_BREAKDOWN, _BREAKDOWN_TAX, "BR-FR-15_BT-118-1", "BR-FR-15_BT-118-2"),
    *_vat_ubl(_ITEMS, "cac:Item/cac:ClassifiedTaxCategory", "BR-FR-15_BT-151-1", "BR-FR-08_BT-151-2"),
    asked("BR-FR-16_BT-96", _ALLOWANCE_TAX, _IN_UBL, _rated(_RATED_CHARGES)),
    asked(
        "BR-FR-16_BT-103",
        _ALLOWANCE_TAX,
        _behind,
        "The VAT rate of a charge (BT-103) is judged with that of an allowance (BT-96).",
    ),
    asked("BR-FR-16_BT-119", _BREAKDOWN_TAX, _IN_UBL, _rated(_RATED_BREAKDOWN)),
    asked("BR-FR-16_BT-152", "cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory", _IN_UBL, _rated(_RATED_LINE)),
    *_vat_cii(
        (_CHARGES, _RATED_CHARGES),
        cii(f"{SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge/ram:CategoryTradeTax"),
        "BR-FR-15_BT-95_BT-102",
        "BR-FR-16_BT-96_BT-103",
    ),
    *_vat_cii(
        (_BREAKDOWN, _RATED_BREAKDOWN),
        cii(f"{SETTLEMENT}/ram:ApplicableTradeTax"),
        "BR-FR-15_BT-95_BT-118",
        "BR-FR-16_BT-119",
    ),
    *_vat_cii(
        (_ITEMS, _RATED_LINE),
        cii(f"{ITEM}/{LINE_SETTLEMENT}/ram:ApplicableTradeTax"),
        "BR-FR-15_BT-95_BT-151",
        "BR-FR-16_BT-152",
    ),
)


# ---- attributes of items

_NAMED: Final = "An attribute of an item (BG-32) has a name (BT-160) or a code (EXT-FR-FE-159)."
_NAME: Final = "The name of an attribute of an item (BT-160) is not empty."
_CODE: Final = "The code of an attribute of an item (EXT-FR-FE-159) is not empty."
_VALUED: Final = "An attribute of an item (BG-32) has either a value (BT-161) or a measure with its unit."
_DIRECT: Final = "cac:Item/cac:AdditionalItemProperty"
_OF_LINE: Final = f"{ITEM}/ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic"


def _named(attribute: Part, *, paths: tuple[str, str]) -> Faults:
    return NO_FAULTS if any(attribute.has(path) for path in paths) else [Fault(paths[0])]


def _said(part: Part) -> Faults:
    return NO_FAULTS if says(part.text) else [Fault()]


def _valued(attribute: Part, *, value: str, measure: str) -> Faults:
    if attribute.has(value):
        return [Fault(measure, why="a value is stated too")] if attribute.has(measure) else NO_FAULTS
    if any(attribute.texts(f"{measure}/@unitCode")):
        return NO_FAULTS
    return [Fault(f"{measure}/@unitCode" if attribute.has(measure) else value)]


ATTRIBUTES: Final = (
    asked("BR-FR-27_BG-32", ubl(_DIRECT), partial(_named, paths=("cbc:Name", "cbc:NameCode")), _NAMED),
    asked("BR-FR-27_BT-160", ubl(f"{_DIRECT}/cbc:Name"), _said, _NAME),
    asked("BR-FR-27_EXT-FR-FE-159", ubl(f"{_DIRECT}/cbc:NameCode"), _said, _CODE),
    asked("BR-FR-27_BG-32", cii(_OF_LINE), partial(_named, paths=("ram:Description", "ram:TypeCode")), _NAMED),
    asked("BR-FR-27_BT-160", cii(f"{_OF_LINE}/ram:Description"), _said, _NAME),
    asked("BR-FR-27_EXT-FR-FE-159", cii(f"{_OF_LINE}/ram:TypeCode"), _said, _CODE),
    asked(
        "BR-FR-28-Value",
        ubl(f"{LINE}/{_DIRECT}"),
        partial(_valued, value="cbc:Value", measure="cbc:ValueQuantity"),
        _VALUED,
    ),
    asked("BR-FR-28-Value", cii(_OF_LINE), partial(_valued, value="ram:Value", measure="ram:ValueMeasure"), _VALUED),
)
