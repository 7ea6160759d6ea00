# SPDX-License-Identifier: Apache-2.0
"""DE-R: what applies where seller and buyer are German: rules of XRechnung, as Peppol took them over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.element_rules import NO_FAULTS, Faults, about, needs
from einvoice.rules.peppol.countries import BUYER, INVOICE, SELLER, both_german
from einvoice.rules.xpath import WHITE, trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import ElementRule

TAXED: Final = frozenset(["S", "Z", "E", "AE", "K", "G", "L", "M"])
TYPES: Final = ("326", "380", "384", "389", "381", "875", "876", "877")
TRANSFER, CARD, DEBIT = ("30", "58"), ("48", "54", "55"), ("59",)
MEANS: Final = "/Invoice/cac:PaymentMeans | /CreditNote/cac:PaymentMeans"
REFERENCES: Final = "cac:AdditionalDocumentReference"
ACCOUNT: Final = "cac:PayeeFinancialAccount/cbc:ID"
DEBITED: Final = "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"
FILE: Final = "cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename"
_SKONTO: Final = re.compile(r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(?:#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#")
_LINE_END: Final = re.compile(r"\r?\n")
_STATEMENT: Final = re.compile(r"#[^\r\n]+#")
_BLANK_LINE: Final = re.compile(rf"[{WHITE}]*\n")
_MAIL: Final = re.compile(rf"[^@{WHITE}]+@(?:[^@.{WHITE}]+\.)+[^@.{WHITE}]+")
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{0,30}")
_DIGITS_OF_A_TELEPHONE: Final = 3


def _at(path: str) -> str:
    """The elements at a path in an invoice or a credit note."""
    return f"/Invoice/{path} | /CreditNote/{path}"


# ---- what has to be there

SELLER_CONTACT: Final = _at(f"{SELLER}/cac:Contact")
PLACES: Final = _at("cac:Delivery/cac:DeliveryLocation/cac:Address")


def _filled(identifier: str, context: str, path: str, sentence: str) -> ElementRule:
    return needs(identifier, context, path, f"Between German parties {sentence}.", filled=True)


FILLED: Final = (
    _filled("DE-R-003", _at(f"{SELLER}/cac:PostalAddress"), "cbc:CityName", "the seller's address has a city"),
    _filled("DE-R-004", _at(f"{SELLER}/cac:PostalAddress"), "cbc:PostalZone", "the seller's address has a post code"),
    _filled("DE-R-005", SELLER_CONTACT, "cbc:Name", "the seller's contact has a name"),
    _filled("DE-R-006", SELLER_CONTACT, "cbc:Telephone", "the seller's contact has a telephone number"),
    _filled("DE-R-007", SELLER_CONTACT, "cbc:ElectronicMail", "the seller's contact has an email address"),
    _filled("DE-R-008", _at(f"{BUYER}/cac:PostalAddress"), "cbc:CityName", "the buyer's address has a city"),
    _filled("DE-R-009", _at(f"{BUYER}/cac:PostalAddress"), "cbc:PostalZone", "the buyer's address has a post code"),
    _filled("DE-R-010", PLACES, "cbc:CityName", "an address of delivery has a city"),
    _filled("DE-R-011", PLACES, "cbc:PostalZone", "an address of delivery has a post code"),
    _filled(
        "DE-R-014",
        _at("cac:TaxTotal/cac:TaxSubtotal"),
        "cac:TaxCategory/cbc:Percent",
        "every VAT breakdown states its rate",
    ),
    _filled("DE-R-015", INVOICE, "cbc:BuyerReference", "the buyer reference (such as a Leitweg-ID) is stated"),
    needs("DE-R-001", INVOICE, "cac:PaymentMeans", "Between German parties a means of payment is stated."),
    needs(
        "DE-R-002",
        _at("cac:AccountingSupplierParty"),
        "cac:Party/cac:Contact",
        "Between German parties the seller names a contact.",
    ),
)


# ---- the document


@about("DE-R-016", INVOICE)
def de_r_016(document: Part) -> Faults:
    """Between German parties a taxed invoice states the seller's VAT or tax number, or a tax representative.

    Taxed is what has one of the categories S, Z, E, AE, K, G, L and M in an allowance, a charge or a line.
    """
    used = [code for one in document.parts("cac:AllowanceCharge") if _signed(one) for code in _categories(one)]
    for line in ("cac:InvoiceLine", "cac:CreditNoteLine"):
        used += document.texts(f"{line}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID")
    if TAXED.isdisjoint(used) or document.has("cac:TaxRepresentativeParty"):
        return
    if not any(map(trimmed, document.texts(f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID"))):
        yield Fault(f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID")


def _signed(allowance: Part) -> bool:
    return not {"true", "false"}.isdisjoint(allowance.texts("cbc:ChargeIndicator"))


def _categories(allowance: Part) -> list[str]:
    return allowance.texts("cac:TaxCategory/cbc:ID")


def _type_of(document: Part) -> tuple[str, str]:
    return trimmed(document.one("cbc:InvoiceTypeCode")), trimmed(document.one("cbc:CreditNoteTypeCode"))


@about("DE-R-017", INVOICE)
def de_r_017(document: Part) -> Faults:
    """Between German parties the type is 326, 380, 381, 384, 389, 875, 876 or 877."""
    if not any(code in TYPES for code in _type_of(document)):
        own = "cbc:CreditNoteTypeCode" if document.name == "CreditNote" else "cbc:InvoiceTypeCode"
        yield Fault(own, expected=", ".join(sorted(TYPES)))


@about("DE-R-026", INVOICE)
def de_r_026(document: Part) -> Faults:
    """Between German parties a corrected invoice (384) refers to the invoice that it corrects."""
    if "384" in _type_of(document) and not document.has("cac:BillingReference/cac:InvoiceDocumentReference"):
        yield Fault("cac:BillingReference/cac:InvoiceDocumentReference")


@about("DE-R-018", INVOICE)
def de_r_018(document: Part) -> Faults:
    """Between German parties cash discounts (Skonto) stand in the payment terms, each in a line of its own form.

    The form is #SKONTO#TAGE=14#PROZENT=2.00#, perhaps with BASISBETRAG=100.00# behind it, and a line break after the
    last one. Only lines that begin with # are looked at.
    """
    notes = [note for terms in document.parts("cac:PaymentTerms") for note in terms.parts("cbc:Note")[:1]]
    texts = [note.text for note in notes]
    lines = [line for text in texts for line in _LINE_END.split(text) if trimmed(line).startswith("#")]
    for line in lines:
        if not _SKONTO.fullmatch(trimmed(line)):
            yield Fault("cac:PaymentTerms/cbc:Note", found=line, expected="#SKONTO#TAGE=14#PROZENT=2.00#")
            return
    ends = [_STATEMENT.split(text)[-1] for text in texts if text]
    if lines and len(ends) > 1:
        raise UnjudgeableError(f"there are {len(ends)} payment terms, and one can be compared")
    if lines and not _BLANK_LINE.match(ends[0]):
        yield Fault("cac:PaymentTerms/cbc:Note", why="no line break behind the last line")


@about("DE-R-022", INVOICE)
def de_r_022(document: Part) -> Faults:
    """Between German parties no two attached files have the same name."""
    seen: set[str] = set()
    for reference in document.parts(REFERENCES):
        names = reference.texts(FILE)
        if not seen.isdisjoint(names):
            return [Fault(FILE, part=reference)]
        seen.update(names)
    return NO_FAULTS


@about("DE-R-030", INVOICE)
def de_r_030(document: Part) -> Faults:
    """Between German parties a direct debit names the creditor's identifier: of seller or payee, with scheme SEPA."""
    if not document.has("cac:PaymentMeans/cac:PaymentMandate"):
        return
    paths = (f"{party}/cac:PartyIdentification/cbc:ID/@schemeID" for party in (SELLER, "cac:PayeeParty"))
    if not any("SEPA" in document.texts(path) for path in paths):
        yield Fault(f"{SELLER}/cac:PartyIdentification", expected="SEPA")


@about("DE-R-031", INVOICE)
def de_r_031(document: Part) -> Faults:
    """Between German parties a direct debit names the account to be debited."""
    if document.has("cac:PaymentMeans/cac:PaymentMandate") and not document.has(f"cac:PaymentMeans/{DEBITED}"):
        yield Fault(f"cac:PaymentMeans/{DEBITED}")


@about("DE-R-T02", _at(f"{REFERENCES}/cac:Attachment/cac:ExternalReference"))
def de_r_t02(reference: Part) -> Faults:
    """Between German parties the address of a supporting document is absolute: a scheme such as https, and a colon."""
    if not _SCHEME.match(reference.one("cbc:URI")):
        yield Fault("cbc:URI")


# ---- the seller's contact


@about("DE-R-027", SELLER_CONTACT)
def de_r_027(contact: Part) -> Faults:
    """Between German parties the telephone number of the seller's contact has at least three digits."""
    digits = sum(character in "0123456789" for character in contact.one("cbc:Telephone"))
    if digits < _DIGITS_OF_A_TELEPHONE:
        yield Fault("cbc:Telephone", why=f"{digits} digits")


@about("DE-R-028", SELLER_CONTACT)
def de_r_028(contact: Part) -> Faults:
    """Between German parties the email address of the seller's contact has one @, and a domain with a dot behind it."""
    if not _MAIL.fullmatch(trimmed(contact.one("cbc:ElectronicMail"))):
        yield Fault("cbc:ElectronicMail")


# ---- means of payment


def _is(means: Part, codes: tuple[str, ...]) -> bool:
    """Whether it is a means of payment of a kind; where it states two codes, it is of none."""
    stated = means.texts("cbc:PaymentMeansCode")
    return len(stated) == 1 and trimmed(stated[0]) in codes


def is_iban(text: str) -> bool:
    """Whether a text is an IBAN with right check digits; white space in it does not count.

    A small letter in the number of the account counts 42 and more, as it does in the published test, and not as the
    capital would.

    Args:
        text: the text.
    """
    number = text.translate(dict.fromkeys(map(ord, WHITE)))
    if not _IBAN.fullmatch(number):
        return False
    moved = number[4:] + number[:4]
    return int("".join(str(ord(one) - 55) if one.isalpha() else one for one in moved)) % 97 == 1


@about("DE-R-019", MEANS)
def de_r_019(means: Part) -> Faults:
    """Between German parties the account of a SEPA credit transfer (58) is an IBAN with right check digits."""
    if _is(means, ("58",)) and not is_iban(means.one(ACCOUNT)):
        yield Fault(ACCOUNT)


@about("DE-R-020", MEANS)
def de_r_020(means: Part) -> Faults:
    """Between German parties the account that is debited (59) is an IBAN with right check digits."""
    if _is(means, DEBIT) and not is_iban(means.one(DEBITED)):
        yield Fault(DEBITED)


def _kept(means: Part, codes: tuple[str, ...], group: str) -> Faults:
    return [Fault(group)] if _is(means, codes) and not means.has(group) else NO_FAULTS


def _unused(means: Part, codes: tuple[str, ...], groups: tuple[str, ...]) -> Faults:
    return [Fault(group) for group in groups if means.has(group)] if _is(means, codes) else NO_FAULTS


@about("DE-R-023-1", MEANS)
def de_r_023_1(means: Part) -> Faults:
    """Between German parties a credit transfer (30, 58) names the account to pay to."""
    return _kept(means, TRANSFER, "cac:PayeeFinancialAccount")


@about("DE-R-023-2", MEANS)
def de_r_023_2(means: Part) -> Faults:
    """Between German parties a credit transfer (30, 58) has neither a payment card nor a direct debit."""
    return _unused(means, TRANSFER, ("cac:CardAccount", "cac:PaymentMandate"))


@about("DE-R-024-1", MEANS)
def de_r_024_1(means: Part) -> Faults:
    """Between German parties a card payment (48, 54, 55) names the card."""
    return _kept(means, CARD, "cac:CardAccount")


@about("DE-R-024-2", MEANS)
def de_r_024_2(means: Part) -> Faults:
    """Between German parties a card payment (48, 54, 55) has neither a credit transfer nor a direct debit."""
    return _unused(means, CARD, ("cac:PayeeFinancialAccount", "cac:PaymentMandate"))


@about("DE-R-025-1", MEANS)
def de_r_025_1(means: Part) -> Faults:
    """Between German parties a direct debit (59) names the mandate and the account to be debited."""
    return _kept(means, DEBIT, "cac:PaymentMandate")


@about("DE-R-025-2", MEANS)
def de_r_025_2(means: Part) -> Faults:
    """Between German parties a direct debit (59) has neither a credit transfer nor a payment card."""
    return _unused(means, DEBIT, ("cac:PayeeFinancialAccount", "cac:CardAccount"))


SECTIONS: Final = (
    (
        both_german,
        (
            *FILLED,
            de_r_016,
            de_r_017,
            de_r_018,
            de_r_022,
            de_r_026,
            de_r_030,
            de_r_031,
            de_r_t02,
            de_r_027,
            de_r_028,
            de_r_019,
            de_r_020,
            de_r_023_1,
            de_r_023_2,
            de_r_024_1,
            de_r_024_2,
            de_r_025_1,
            de_r_025_2,
        ),
    ),
)
"""Which documents are asked what."""
