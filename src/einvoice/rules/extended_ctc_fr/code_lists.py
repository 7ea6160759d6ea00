# SPDX-License-Identifier: Apache-2.0
"""BR-FREXT-CL: codes that EXTENDED-CTC-FR takes beside those of EN 16931, and from which list, in UBL and in CII."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.codes import codes
from einvoice.model.parts import Fault, Part
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, asked
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.rules.registry import Family

UNNAMED: Final = "FX-UNUSED"
"""The id here for the two rules of CII that have none in the publication, as for those of Factur-X without one."""
KIND: Final = "ram:ApplicableProductCharacteristic/ram:TypeCode"
"""The context of the one that is a warning."""
_PLATFORMS: Final = frozenset(["BY", "SE"])
_TERMS: Final = frozenset(["1", "2", "CFR", "CIF", "CIP", "CPT", "DAP", "DDP", "DPU", "EXW", "FAS", "FCA", "FOB"])
_MIME: Final = frozenset(["application/xml", "text/xml"])
_LISTS: Final = frozenset(["7161", "5153"])
_NO_TAXES: Final = frozenset(["VAT"])

_VAT_TOTAL: Final = "Every VAT total is in a currency of ISO 4217; CII states it with no other amount."
_IDENTIFIER: Final = "The scheme of a party's identifier is a code of ISO 6523, or says whose it is: BY, SE."
_CHARGE: Final = "The reason of a charge is a code of UNTDID 7161, where no other list is named."
_TAX: Final = "The reason of a charge that names UNTDID 5153 is a code of that list of taxes."
_LIST: Final = "The reason of a charge is of the list 7161 or 5153, and names no other one."
_DELIVERY: Final = "Delivery terms are a code of Incoterms or of UNTDID 4053: 1, 2."
_FILE: Final = "An embedded file is a PDF, a picture (PNG, JPEG), a table (CSV, Excel, OpenDocument) or XML."
_CHARACTERISTIC: Final = "The kind of an item's characteristic is a code of UNTDID 6313, or one that Factur-X adds."
_DISCOUNT: Final = "The reason of a discount on the gross price is a code of UNTDID 5189."


def _token(path: str, taken: frozenset[str]) -> Callable[[Part], Faults]:
    """Whether what stands at a path is one of some codes; white space around it does not count."""

    def check(part: Part) -> Faults:
        return NO_FAULTS if trimmed(part.one(path)) in taken else [Fault(path)]

    return check


def _identifier(part: Part) -> Faults:
    """The scheme SEPA is taken for sellers and payees, which have a creditor identifier (BT-90)."""
    scheme = part.get("schemeID")
    if scheme is None or trimmed(scheme) in codes("iso-6523") | _PLATFORMS:
        return NO_FAULTS
    if trimmed(scheme) == "SEPA" and _within(part, "cac:AccountingSupplierParty", "cac:PayeeParty"):
        return NO_FAULTS
    return [Fault("@schemeID")]


def _global_identifier(part: Part) -> Faults:
    scheme = part.get("schemeID")
    if scheme is None or trimmed(scheme) in codes("iso-6523") | _PLATFORMS:
        return NO_FAULTS
    elsewhere = _within(part, "ram:SpecifiedTradeProduct", "ram:ShipToTradeParty")
    return NO_FAULTS if elsewhere else [Fault("@schemeID")]


def _within(part: Part, *names: str) -> bool:
    above = part.above
    while above is not None and above.name not in names:
        above = above.above
    return above is not None


def _currency(total: Part) -> Faults:
    currency = total.get("currencyID")
    return NO_FAULTS if currency is None or trimmed(currency) in codes("iso-4217") else [Fault("@currencyID")]


def _file(part: Part) -> Faults:
    mime = part.get("mimeCode")
    return NO_FAULTS if mime is None or mime in codes("mime") | _MIME else [Fault("@mimeCode")]


def _of_list(wanted: str, taken: frozenset[str]) -> Callable[[Part], Faults]:
    """A reason of the list that is named; ``7161`` is meant where none is."""

    def check(part: Part) -> Faults:
        named = part.get("listID")
        if (named if named is not None else "7161") != wanted or trimmed(part.text) in taken:
            return NO_FAULTS
        return [Fault()]

    return check


def _named_list(part: Part) -> Faults:
    named = part.get("listID")
    return NO_FAULTS if not named or trimmed(named) in _LISTS else [Fault("@listID")]


_UBL_CHARGE: Final = "cac:AllowanceCharge/cbc:AllowanceChargeReasonCode[../cbc:ChargeIndicator=true]"
_CII_CHARGE: Final = "ram:SpecifiedTradeAllowanceCharge/ram:ReasonCode[../ram:ChargeIndicator/udt:Indicator=true]"
_GROSS: Final = (
    "ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge/ram:ReasonCode"
    "[../ram:ChargeIndicator/udt:Indicator=false]"
)
_KINDS: Final = " | ".join(
    f"{line}/cac:Item/cac:AdditionalItemProperty/cbc:NameCode" for line in ("cac:InvoiceLine", "cac:CreditNoteLine")
)


def _charges(context: str) -> tuple[ElementRule, ...]:
    """The reasons of charges, by the list that they name."""
    charges, taxes = codes("untdid-7161"), codes("untdid-5153") - _NO_TAXES
    return (
        asked("BR-FREXT-CL-20", context, _of_list("7161", charges), _CHARGE),
        asked("BR-FREXT-CL-20-TAX", context, _of_list("5153", taxes), _TAX),
        asked("BR-FREXT-CL-20-LISTID", context, _named_list, _LIST),
    )


CODED: Final[dict[Family, tuple[ElementRule, ...]]] = {
    "ubl": (
        asked("BR-FREXT-CL-10", "cac:PartyIdentification/cbc:ID", _identifier, _IDENTIFIER),
        *_charges(_UBL_CHARGE),
        asked("BR-FREXT-CL-24", "cbc:EmbeddedDocumentBinaryObject", _file, _FILE),
        asked("BR-FREXT-CL-27", "cac:DeliveryTerms/cbc:ID", _token(".", _TERMS | {""}), _DELIVERY),
        asked("BR-FREXT-04", _KINDS, _token(".", codes("facturx-characteristics")), _CHARACTERISTIC),
    ),
    "cii": (
        asked("BR-CL-03", "ram:TaxTotalAmount", _currency, _VAT_TOTAL),
        asked("BR-FREXT-CL-10", "ram:GlobalID", _global_identifier, _IDENTIFIER),
        asked("BR-FREXT-CL-19-GP", _GROSS, _token(".", codes("untdid-5189")), _DISCOUNT),
        *_charges(_CII_CHARGE),
        asked("BR-FREXT-CL-24", "ram:AttachmentBinaryObject", _file, _FILE),
        asked(
            "BR-FREXT-CL-27",
            "ram:ApplicableTradeDeliveryTerms/ram:DeliveryTypeCode",
            _token(".", _TERMS | {""}),
            _DELIVERY,
        ),
        asked(UNNAMED, KIND, _token(".", codes("facturx-characteristics")), _CHARACTERISTIC),
    ),
}
"""The rules, by syntax."""
