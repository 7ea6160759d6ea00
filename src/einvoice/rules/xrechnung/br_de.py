# SPDX-License-Identifier: Apache-2.0
"""BR-DE-1 to BR-DE-28 without payment: what a German public buyer wants to know (XRechnung 3.0.2, 8.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, Faults, about
from einvoice.rules.xpath import trimmed
from einvoice.rules.xrechnung.kinds import (
    AGREEMENT,
    CII,
    DELIVERY,
    SETTLEMENT,
    TRANSACTION,
    UBL,
    asked,
    demanded,
    filled,
    lines,
    ubl,
)
from einvoice.rules.xrechnung.readings import says_something
from einvoice.rules.xrechnung.specification import CIUS, CVD, EXTENSION, IN_CII, IN_UBL, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import Question

SELLER: Final = (ubl("cac:AccountingSupplierParty"), f"{AGREEMENT}/ram:SellerTradeParty")
SELLER_ADDRESS: Final = (
    ubl("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress"),
    f"{AGREEMENT}/ram:SellerTradeParty/ram:PostalTradeAddress",
)
CONTACT: Final = (
    ubl("cac:AccountingSupplierParty/cac:Party/cac:Contact"),
    f"{AGREEMENT}/ram:SellerTradeParty/ram:DefinedTradeContact",
)
BUYER_ADDRESS: Final = (
    ubl("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"),
    f"{AGREEMENT}/ram:BuyerTradeParty/ram:PostalTradeAddress",
)
DELIVER_TO: Final = (
    ubl("cac:Delivery/cac:DeliveryLocation/cac:Address"),
    f"{DELIVERY}/ram:ShipToTradeParty/ram:PostalTradeAddress",
)
CITY: Final = ("cbc:CityName", "ram:CityName")
POST_CODE: Final = ("cbc:PostalZone", "ram:PostcodeCode")
TELEPHONE: Final = ("cbc:Telephone", "ram:TelephoneUniversalCommunication/ram:CompleteNumber")
EMAIL: Final = ("cbc:ElectronicMail", "ram:EmailURIUniversalCommunication/ram:URIID")

REQUIRED = (
    *demanded(
        "BR-DE-1",
        (UBL, "cac:PaymentMeans"),
        (CII, f"{SETTLEMENT.removeprefix(f'{CII}/')}/ram:SpecifiedTradeSettlementPaymentMeans"),
        "The invoice says how it is to be paid.",
        "BG-16",
    ),
    *demanded(
        "BR-DE-2",
        (SELLER[0], "cac:Party/cac:Contact"),
        (SELLER[1], "ram:DefinedTradeContact"),
        "The seller has a contact.",
    ),
    *filled("BR-DE-3", (SELLER_ADDRESS[0], CITY[0]), (SELLER_ADDRESS[1], CITY[1]), "The seller's address has a city."),
    *filled(
        "BR-DE-4",
        (SELLER_ADDRESS[0], POST_CODE[0]),
        (SELLER_ADDRESS[1], POST_CODE[1]),
        "The seller's address has a post code.",
    ),
    *filled(
        "BR-DE-5",
        (CONTACT[0], "cbc:Name"),
        (CONTACT[1], "ram:PersonName ram:DepartmentName"),
        "The seller's contact has a name.",
    ),
    *filled(
        "BR-DE-6",
        (CONTACT[0], TELEPHONE[0]),
        (CONTACT[1], TELEPHONE[1]),
        "The seller's contact has a telephone number.",
    ),
    *filled("BR-DE-7", (CONTACT[0], EMAIL[0]), (CONTACT[1], EMAIL[1]), "The seller's contact has an email address."),
    *filled("BR-DE-8", (BUYER_ADDRESS[0], CITY[0]), (BUYER_ADDRESS[1], CITY[1]), "The buyer's address has a city."),
    *filled(
        "BR-DE-9",
        (BUYER_ADDRESS[0], POST_CODE[0]),
        (BUYER_ADDRESS[1], POST_CODE[1]),
        "The buyer's address has a post code.",
    ),
    *filled("BR-DE-10", (DELIVER_TO[0], CITY[0]), (DELIVER_TO[1], CITY[1]), "A delivery address has a city."),
    *filled(
        "BR-DE-11", (DELIVER_TO[0], POST_CODE[0]), (DELIVER_TO[1], POST_CODE[1]), "A delivery address has a post code."
    ),
    *filled(
        "BR-DE-14",
        (ubl("cac:TaxTotal/cac:TaxSubtotal"), "cac:TaxCategory/cbc:Percent"),
        (f"{SETTLEMENT}/ram:ApplicableTradeTax", "ram:RateApplicablePercent"),
        "Each VAT breakdown has a rate.",
    ),
    *filled(
        "BR-DE-15",
        (UBL, "cbc:BuyerReference"),
        (CII, f"{AGREEMENT.removeprefix(f'{CII}/')}/ram:BuyerReference"),
        "The invoice has a buyer reference, such as a Leitweg-ID.",
    ),
)

# ---- the seller's tax numbers

TAXED: Final = frozenset({"S", "Z", "E", "AE", "K", "G", "L", "M"})
_SCHEMES: Final = frozenset({"VA", "FC"})
_ON_LINES: Final = (
    "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement/"
    "ram:ApplicableTradeTax"
)
_ON_ALLOWANCES: Final = (
    "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge/"
    "ram:CategoryTradeTax"
)
_REPRESENTATIVE: Final = f"{AGREEMENT.removeprefix(f'{CII}/')}/ram:SellerTaxRepresentativeTradeParty"
_REGISTRATIONS: Final = f"{SELLER[1].removeprefix(f'{CII}/')}/ram:SpecifiedTaxRegistration/ram:ID"


@about("BR-DE-16", UBL, version="ubl")
def br_de_16_ubl(document: Part) -> Faults:
    """With a VAT category other than O, the seller states a VAT identifier or tax number, or has a tax representative.

    An allowance or charge counts whose indicator is the word ``true`` or ``false``.
    """
    numbers = "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID"
    if document.has("cac:TaxRepresentativeParty") or any(map(says_something, document.texts(numbers))):
        return
    codes = {code for one in lines(document) for code in one.texts("cac:Item/cac:ClassifiedTaxCategory/cbc:ID")}
    for one in document.parts("cac:AllowanceCharge"):
        if not {"true", "false"}.isdisjoint(one.texts("cbc:ChargeIndicator")):
            codes.update(one.texts("cac:TaxCategory/cbc:ID"))
    if used := codes & TAXED:
        yield Fault(numbers, why=f"something is of VAT category {min(used)}")


@about("BR-DE-16", CII, version="cii")
def br_de_16_cii(document: Part) -> Faults:
    """With a VAT category other than O, the seller states a VAT identifier or tax number, or has a tax representative.

    Of allowances and charges, CII's test sees the category of one only where another names nothing but the tax.
    """
    if document.has(_REPRESENTATIVE):
        return
    for one in document.parts(_REGISTRATIONS):
        if trimmed(one.get("schemeID") or "") in _SCHEMES and says_something(one.text):
            return
    on_lines = (
        document.texts(f"{_ON_LINES}/ram:CategoryCode") if "VAT" in document.texts(f"{_ON_LINES}/ram:TypeCode") else ()
    )
    beside = document.texts(f"{_ON_ALLOWANCES}/ram:CategoryCode") if "VAT" in document.texts(_ON_ALLOWANCES) else ()
    if used := TAXED.intersection(
        on_lines,
    ) | TAXED.intersection(beside):
        yield Fault(_REGISTRATIONS, why=f"something is of VAT category {min(used)}")


# ---- codes and identifiers

TYPES: Final = frozenset({"326", "380", "381", "384", "389", "875", "876", "877"})
_TYPE_PATHS: Final = ("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode")
_TYPE_CII: Final = "rsm:ExchangedDocument/ram:TypeCode"


def _types(document: Part) -> dict[str, str]:
    """The type codes of a UBL document, by the element that states them."""
    return {path: trimmed(document.one(path)) for path in _TYPE_PATHS if document.has(path)}


@about("BR-DE-17", UBL, version="ubl")
def br_de_17_ubl(document: Part) -> Faults:
    """The type of the invoice is 326, 380, 381, 384, 389, 875, 876 or 877 (UNTDID 1001)."""
    types = document.recall(_types)
    if not TYPES.intersection(types.values()):
        yield Fault(next(iter(types), _TYPE_PATHS[document.name == "CreditNote"]))


def _type(document: Part) -> str:
    """The type code of a CII document."""
    return trimmed(document.one(_TYPE_CII))


@about("BR-DE-17", CII, version="cii")
def br_de_17_cii(document: Part) -> Faults:
    """The type of the invoice is 326, 380, 381, 384, 389, 875, 876 or 877 (UNTDID 1001)."""
    if document.recall(_type) not in TYPES:
        yield Fault(_TYPE_CII)


@about("BR-DE-21", UBL, version="ubl")
def br_de_21_ubl(document: Part) -> Faults:
    """The specification identifier is that of XRechnung, of its extension, or of XRechnung for clean vehicles."""
    if {CIUS, EXTENSION, CVD}.isdisjoint(named(document)):
        yield Fault(IN_UBL, expected=CIUS)


@about("BR-DE-21", f"{CII}/rsm:ExchangedDocumentContext", version="cii")
def br_de_21_cii(context: Part) -> Faults:
    """The specification identifier is that of XRechnung, of its extension, or of XRechnung for clean vehicles."""
    path = IN_CII.partition("/")[2]
    if {CIUS, EXTENSION, CVD}.isdisjoint(context.texts(path)):
        yield Fault(path, expected=CIUS)


@about("BR-DE-26", UBL, version="ubl")
def br_de_26_ubl(document: Part) -> Faults:
    """A corrected invoice (type 384) refers to the invoice that it corrects."""
    path = "cac:BillingReference/cac:InvoiceDocumentReference"
    if "384" in document.recall(_types).values() and not document.has(path):
        yield Fault(path, terms=("BG-3",))


@about("BR-DE-26", CII, version="cii")
def br_de_26_cii(document: Part) -> Faults:
    """A corrected invoice (type 384) refers to the invoice that it corrects."""
    path = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:InvoiceReferencedDocument"
    if document.recall(_type) == "384" and not document.has(path):
        yield Fault(path)


# ---- attached files

_FILES: Final = "cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename"


@about("BR-DE-22", UBL, version="ubl")
def br_de_22_ubl(document: Part) -> Faults:
    """Each attached file has a name of its own."""
    return _twice(document.parts("cac:AdditionalDocumentReference"), _FILES)


_FILE: Final = "ram:AttachmentBinaryObject/@filename"


@about("BR-DE-22", "ram:AdditionalReferencedDocument", version="cii")
def br_de_22_cii(document: Part) -> Faults:
    """Each attached file has a name of its own.

    CII's test compares the documents that stand in the same element.
    """
    # asked of the documents, since to look for them would cost every invoice a walk through all its elements
    return document.recall(_twice_in_cii).get(document, NO_FAULTS) if document.has(_FILE) else NO_FAULTS


def _twice_in_cii(top: Part) -> dict[Part, list[Fault]]:
    """What is wrong with documents that attach a file, by the document."""
    sisters: dict[Part | None, list[Part]] = {}
    for one in top.anywhere("ram:AdditionalReferencedDocument"):
        sisters.setdefault(one.above, []).append(one)
    faults = (fault for some in sisters.values() for fault in _twice(some, _FILE))
    return {fault.part: [fault] for fault in faults if fault.part is not None}


def _twice(documents: list[Part], path: str) -> Iterator[Fault]:
    known: set[str] = set()
    for one in documents:
        names = set(one.texts(path))
        if again := names & known:
            yield Fault(path, found=min(again), part=one)
        known |= names


# ---- cash discount (Skonto)

_SKONTO: Final = re.compile(r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(?:#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#")
_LINE_END: Final = re.compile(r"\r?\n")
_ENTRY: Final = re.compile(r"#[^\r\n]+#")
_BREAK: Final = re.compile(r"[ \t\r\n]*\n")


_TERMS: Final = ("BT-20",)


def _entries(text: str) -> list[str]:
    """The lines of a text that state a cash discount, or try to."""
    if "#" not in text:
        return []
    return [entry for line in _LINE_END.split(text) if (entry := trimmed(line)).startswith("#")]


def _discounts(at: str) -> Question:
    """What the cash discounts in the terms of payment are to look like: line for line, and a line break at the end."""
    above, _, name = at.rpartition("/")

    def check(document: Part) -> Faults:
        if "#" not in "".join(document.texts(at)):
            return NO_FAULTS
        terms = [(one, notes[0]) for one in document.parts(above) if (notes := one.texts(name))]
        for one, text in terms:
            for entry in _entries(text):
                if not _SKONTO.fullmatch(entry):
                    return (Fault(name, found=entry, part=one, terms=_TERMS),)
                if len(terms) > 1:
                    document.one(at)  # the test compares one text of several, which XPath refuses
                if not _BREAK.match(_ENTRY.split(text)[-1]):
                    why = "no line break behind the last entry"
                    return (Fault(name, found=entry, why=why, part=one, terms=_TERMS),)
        return NO_FAULTS

    return check


_DISCOUNT = (
    "A cash discount is stated as #SKONTO#TAGE=n#PROZENT=n.nn#, each in a line of its own that a line break ends."
)
SKONTO = (
    asked("BR-DE-18", UBL, _discounts("cac:PaymentTerms/cbc:Note"), _DISCOUNT),
    asked(
        "BR-DE-18",
        CII,
        _discounts(f"{SETTLEMENT.removeprefix(f'{CII}/')}/ram:SpecifiedTradePaymentTerms/ram:Description"),
        _DISCOUNT,
    ),
)

# ---- the seller's contact

_THREE_DIGITS: Final = re.compile(r"(?:[^0-9]*[0-9]){3}")
_EMAIL: Final = re.compile(r"[^@ \t\r\n]+@(?:[^@. \t\r\n]+\.)+[^@. \t\r\n]+")


def _telephone(path: str) -> Question:
    def check(contact: Part) -> Faults:
        return NO_FAULTS if _THREE_DIGITS.match(contact.one(path)) else (Fault(path),)

    return check


def _email(path: str) -> Question:
    def check(contact: Part) -> Faults:
        return NO_FAULTS if _EMAIL.fullmatch(trimmed(contact.one(path))) else (Fault(path),)

    return check


_CALLABLE = "The telephone number of the seller's contact has three digits at least."
_REACHABLE = "The email address of the seller's contact has one @, and behind it a domain with a dot."
REACHED = (
    *(asked("BR-DE-27", at, _telephone(path), _CALLABLE) for at, path in zip(CONTACT, TELEPHONE, strict=True)),
    *(asked("BR-DE-28", at, _email(path), _REACHABLE) for at, path in zip(CONTACT, EMAIL, strict=True)),
)

# ---- when it was delivered


@about("BR-DE-TMP-32", UBL, version="ubl")
def br_de_tmp_32_ubl(document: Part) -> Faults:
    """The invoice says when it was delivered: a delivery date, an invoicing period, or a period on each line."""
    if document.has("cac:InvoicePeriod") or document.has("cac:Delivery/cbc:ActualDeliveryDate"):
        return
    if not all(line.has("cac:InvoicePeriod") for line in lines(document)):
        yield Fault("cac:Delivery/cbc:ActualDeliveryDate", terms=("BT-72",))


@about("BR-DE-TMP-32", TRANSACTION, version="cii")
def br_de_tmp_32_cii(transaction: Part) -> Faults:
    """The invoice says when it was delivered: a delivery date, an invoicing period, or a period on each line."""
    day = "ram:ApplicableHeaderTradeDelivery/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"
    if transaction.has(day) or transaction.has("ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod"):
        return
    period = "ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod"
    if not all(line.has(period) for line in transaction.parts("ram:IncludedSupplyChainTradeLineItem")):
        yield Fault(day, terms=("BT-72",))
