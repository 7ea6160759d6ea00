# SPDX-License-Identifier: Apache-2.0
"""UBL-CR, UBL-SR, UBL-DT, CII-SR and CII-DT: which elements and attributes an invoice uses, and how often.

CEN/TC 434 tests them in patterns of their own, in which an element is seen by the first context only that fits it. So
CII-DT-010, CII-DT-011 and CII-DT-012 never fire: the context of CII-DT-008 takes every ``ram:TypeCode`` before them.

Business rules are functions on the invoice. An element without content leaves no trace in it; which of these rules it
breaks is told by rows too, in files of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.rules.en16931.anywhere import SIGNS
from einvoice.rules.en16931.anywhere_rules import INSTEAD
from einvoice.rules.en16931.tax_totals_apart import br_co_14
from einvoice.rules.en16931.vat_on_lines import ON_LINES
from einvoice.rules.structure import Anywhere, StructureRules

if TYPE_CHECKING:
    from einvoice.rules.registry import Family

_PAYEE: Final = "The payee has a name, and it is not that of the seller."
_OBJECT: Final = (
    "A supporting document has no type and no scheme, unless its type says that it is the invoiced object (130) or,"
    " in a credit note, a supporting document (50)."
)
_TAX: Final = "A tax is VAT."

UBL: Final = {
    ("UBL-CR-002", "absent"): "The version of UBL, where it is stated, is 2.1.",
    ("UBL-DT-01", "decimals 2"): "An amount has at most two decimals, unless it is a unit price or its discount.",
    ("UBL-DT-06", "some"): "An embedded file says in @mimeCode what it is.",
    ("UBL-DT-07", "some"): "An embedded file has a name in @filename.",
    ("UBL-SR-19", "true"): _PAYEE,
    ("UBL-SR-20", "true"): _PAYEE,
    ("UBL-SR-21", "true"): _PAYEE,
    ("UBL-SR-30", "at most 1"): "An allowance has at most one cbc:AllowanceChargeReason.",
    ("UBL-SR-31", "at most 1"): "A charge has at most one cbc:AllowanceChargeReason.",
    ("UBL-SR-43", "absent"): _OBJECT,
    ("UBL-SR-44", "alike"): "All payment means state the same remittance information (cbc:PaymentID).",
    ("UBL-SR-47", "alike"): "All payment means state the same cbc:PaymentMeansCode.",
}
CII: Final = {
    ("CII-SR-046", "absent"): "A ram:GlobalID of an item has a @schemeID.",
    ("CII-SR-090", "absent"): "The country of origin of an item has a ram:ID.",
    ("CII-SR-119", "absent"): "A discount on a price has a ram:ActualAmount, and its ram:ChargeIndicator is false.",
    ("CII-SR-449", "absent"): "The party that goods are delivered to has a ram:ID or a ram:GlobalID, not both.",
    ("CII-SR-450", "absent"): "The buyer has a ram:ID or a ram:GlobalID, not both.",
    ("CII-SR-451", "absent"): "The payee has a ram:ID or a ram:GlobalID, not both.",
    ("CII-SR-462", "alike"): "All VAT breakdowns state the same ram:DueDateTypeCode.",
    ("CII-SR-465", "absent"): "The seller's contact has a ram:PersonName or a ram:DepartmentName, not both.",
    ("CII-SR-466", "absent"): "The buyer's contact has a ram:PersonName or a ram:DepartmentName, not both.",
    ("CII-SR-467", "alike trimmed"): "All payment means state the same ram:TypeCode.",
    ("CII-SR-468", "alike trimmed"): "All payment means state the same ram:Information.",
    ("CII-SR-470", "absent"): "Payment means for a credit transfer (30, 58) name an account: ram:IBANID or"
    " ram:ProprietaryID.",
    ("CII-DT-033", "absent"): "A quantity has a @unitCode only if an invoiced quantity has one.",
    ("CII-DT-037", "absent"): _TAX,
}
"""What is better said than a row says it."""

SYNTAX: Final[dict[Family, StructureRules]] = {
    "ubl": StructureRules(
        "einvoice.rules.en16931",
        "syntax_ubl.csv",
        "presence_ubl.csv",
        "EN 16931",
        UBL,
        again=(br_co_14,),
        anywhere=Anywhere(SIGNS, INSTEAD),
    ),
    "cii": StructureRules(
        "einvoice.rules.en16931", "syntax_cii.csv", "presence_cii.csv", "EN 16931", CII, again=ON_LINES
    ),
}
"""The rules about the elements of a document, by its syntax."""
