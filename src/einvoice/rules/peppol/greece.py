# SPDX-License-Identifier: Apache-2.0
"""GR-R and GR-S: what Greece asks of its sellers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.element_rules import NO_FAULTS, Faults, about
from einvoice.rules.peppol.countries import (
    BUYER,
    COUNTRY,
    INVOICE,
    REPRESENTATIVE,
    SELLER,
    TAX,
    buyer_country,
    seller_country,
    seller_country_alone,
    vat_registrations,
    vat_schemes,
)
from einvoice.rules.peppol.identifiers import greek
from einvoice.rules.xpath import is_integer, is_number, trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

NUMBER: Final = "/Invoice/cbc:ID | /CreditNote/cbc:ID"
REFERENCES: Final = "cac:AdditionalDocumentReference"
MARK: Final = "##M.AR.K##"
URL: Final = "##INVOICE|URL##"
TYPES: Final = ("1.1", "1.6", "2.1", "2.4", "5.1", "5.2")
GREEK: Final = ("GR", "EL")
SEGMENTS: Final = 6
_TIN: Final = 9
_DATE: Final = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])[-\\/ ]?(?:0?[1-9]|1[0-2])[-\\/ ]?(?:19|20)[0-9]{2}")
_MARK: Final = re.compile(r"[1-9]")


def applies(top: Part) -> bool:
    """Whether the seller is Greek.

    Args:
        top: the document.
    """
    return top.recall(seller_country) in GREEK


def addressed(top: Part) -> bool:
    """Whether the seller is Greek, and its address is in Greece.

    Args:
        top: the document.
    """
    return applies(top) and "GR" in top.texts(f"{SELLER}/{COUNTRY}")


def domestic(top: Part) -> bool:
    """Whether seller and buyer are Greek.

    Args:
        top: the document.
    """
    return applies(top) and top.recall(buyer_country) in GREEK


def alone(top: Part) -> bool:
    """Whether the seller is Greek, without a look at its tax representative.

    Args:
        top: the document.
    """
    return seller_country_alone(top) in GREEK


# ---- the invoice number, six segments between bars


def _segment(identifier: Part, place: int) -> str:
    """One segment, counted from 1; an empty text if there is none."""
    segments = identifier.text.split("|")
    return segments[place - 1] if place <= len(segments) else ""


@about("GR-R-001-1", NUMBER)
def gr_r_001_1(identifier: Part) -> Faults:
    """The invoice number of a Greek seller has six segments between bars."""
    count = len(identifier.text.split("|"))
    if count != SEGMENTS:
        yield Fault(why=f"{count} segments")


@about("GR-R-001-2", NUMBER)
def gr_r_001_2(identifier: Part) -> Faults:
    """The first segment is the tax number (AFM) of seller or tax representative, with a right check digit."""
    tin, top = _segment(identifier, 1), identifier.top
    if len(trimmed(tin)) != _TIN or not greek(tin):
        return [Fault(why=f"{tin} is no tax number")]
    parties = [*top.parts(SELLER), *top.parts(REPRESENTATIVE)]
    known = [number[2:11] for party in parties for one in vat_schemes(party) for number in _numbers(one)]
    return NO_FAULTS if tin in known else [Fault(expected=", ".join(known) or None)]


def _numbers(scheme: Part) -> list[str]:
    return [scheme.one("cbc:CompanyID")]


@about("GR-R-001-3", NUMBER)
def gr_r_001_3(identifier: Part) -> Faults:
    """The second segment is the date of the invoice, written DD/MM/YYYY."""
    date = _segment(identifier, 2)
    stated = identifier.top.one("cbc:IssueDate").split("-")
    days = date.split("/")
    if not _DATE.match(date) or stated == [""] or days[:3] != [*reversed(stated[:3])] or len(days[:3]) < len("DMY"):
        yield Fault(expected="/".join(reversed(stated)), why="the second segment")


@about("GR-R-001-4", NUMBER)
def gr_r_001_4(identifier: Part) -> Faults:
    """The third segment is a whole number, zero or more."""
    branch = _segment(identifier, 3)
    if not trimmed(branch) or not is_number(branch):
        return [Fault(why="the third segment")]
    if not is_integer(branch):
        raise UnjudgeableError(f"{branch!r} is a number and no whole one")
    return NO_FAULTS if int(branch) >= 0 else [Fault(why="the third segment")]


@about("GR-R-001-5", NUMBER)
def gr_r_001_5(identifier: Part) -> Faults:
    """The fourth segment is a type of document: 1.1, 1.6, 2.1, 2.4, 5.1 or 5.2."""
    if _segment(identifier, 4) not in TYPES:
        yield Fault(expected=", ".join(TYPES), why="the fourth segment")


@about("GR-R-001-6", NUMBER)
def gr_r_001_6(identifier: Part) -> Faults:
    """The fifth segment is not empty."""
    if not _segment(identifier, 5):
        yield Fault(why="the fifth segment")


@about("GR-R-001-7", NUMBER)
def gr_r_001_7(identifier: Part) -> Faults:
    """The sixth segment is not empty."""
    if not _segment(identifier, 6):
        yield Fault(why="the sixth segment")


# ---- seller and buyer


def _named(party: Part) -> Faults:
    return NO_FAULTS if party.one("cac:PartyName/cbc:Name") else [Fault("cac:PartyName/cbc:Name")]


@about("GR-R-002", SELLER)
def gr_r_002(seller: Part) -> Faults:
    """A Greek seller states its full name."""
    return _named(seller)


@about("GR-R-005", BUYER)
def gr_r_005(buyer: Part) -> Faults:
    """A Greek seller states the full name of the buyer."""
    return _named(buyer)


def _is_greek_vat(number: str) -> bool:
    return number[:2] == "EL" and greek(number[2:])


def _one_vat_number(party: Part) -> Faults:
    numbers = [text for one in vat_registrations(party) for text in one.texts("cbc:CompanyID")]
    if len(numbers) == 1 and _is_greek_vat(numbers[0]):
        return NO_FAULTS
    return [Fault("cac:PartyTaxScheme/cbc:CompanyID", found=" ".join(numbers) or None)]


@about("GR-S-011", SELLER)
def gr_s_011(seller: Part) -> Faults:
    """A Greek seller has one VAT number: EL and a tax number with a right check digit."""
    return _one_vat_number(seller)


@about("GR-R-006", BUYER)
def gr_r_006(buyer: Part) -> Faults:
    """Between Greek parties the buyer has one VAT number: EL and a tax number with a right check digit."""
    return _one_vat_number(buyer)


@about("GR-R-003", f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID")
def gr_r_003(number: Part) -> Faults:
    """The VAT number of a Greek seller is EL and a tax number with a right check digit."""
    scheme = number.above
    names = scheme.texts(TAX) if scheme is not None else []
    if len(names) == 1 and trimmed(names[0]) == "VAT" and not _is_greek_vat(number.text):
        yield Fault()


def _address(address: Part) -> Faults:
    if address.get("schemeID") != "9933":
        return [Fault("@schemeID", expected="9933")]
    return NO_FAULTS if greek(address.text) else [Fault()]


@about("GR-R-009", f"{SELLER}/cbc:EndpointID")
def gr_r_009(address: Part) -> Faults:
    """The electronic address of a Greek seller is a tax number with a right check digit (scheme 9933)."""
    return _address(address)


@about("GR-R-010", f"{BUYER}/cbc:EndpointID")
def gr_r_010(address: Part) -> Faults:
    """Between Greek parties the buyer's electronic address is a tax number with a right check digit (scheme 9933)."""
    return _address(address)


# ---- what the tax office gave to the invoice


def _described(document: Part, description: str) -> list[Part]:
    return [one for one in document.parts(REFERENCES) if description in one.texts("cbc:DocumentDescription")]


@about("GR-R-004-1", INVOICE)
def gr_r_004_1(document: Part) -> Faults:
    """An invoice of a seller in Greece states its MARK once, in a supporting document described as ##M.AR.K##."""
    count = len(_described(document, MARK))
    if count != 1:
        yield Fault(REFERENCES, found=str(count), expected="1", why=f"supporting documents described as {MARK}")


@about("GR-S-008-1", INVOICE)
def gr_s_008_1(document: Part) -> Faults:
    """An invoice of a seller in Greece states its address at the tax office, in a document called ##INVOICE|URL##."""
    count = len(_described(document, URL))
    if count != 1:
        yield Fault(REFERENCES, found=str(count), expected="1", why=f"supporting documents described as {URL}")


@about("GR-R-008-2", INVOICE)
def gr_r_008_2(document: Part) -> Faults:
    """An invoice of a seller in Greece states its address at the tax office once at most."""
    found = _described(document, URL)
    if len(found) > 1:
        yield Fault(part=found[1], why=f"{len(found)} addresses")


@about("GR-R-004-2", f"{REFERENCES}/cbc:ID")
def gr_r_004_2(identifier: Part) -> Faults:
    """The MARK of an invoice is a whole number above zero; what follows its first digit is not looked at."""
    reference = identifier.above
    described = reference is not None and MARK in reference.texts("cbc:DocumentDescription")
    if described and not _MARK.match(identifier.text):
        yield Fault()


@about("GR-R-008-3", REFERENCES)
def gr_r_008_3(reference: Part) -> Faults:
    """The document that is described as ##INVOICE|URL## has an address."""
    path = "cac:Attachment/cac:ExternalReference/cbc:URI"
    if URL in reference.texts("cbc:DocumentDescription") and not trimmed(reference.one(path)):
        yield Fault(path)


SECTIONS: Final = (
    (
        applies,
        (
            gr_r_001_1,
            gr_r_001_2,
            gr_r_001_3,
            gr_r_001_4,
            gr_r_001_5,
            gr_r_001_6,
            gr_r_001_7,
            gr_r_002,
            gr_s_011,
            gr_r_003,
            gr_r_008_3,
            gr_r_005,
        ),
    ),
    (
        addressed,
        (
            gr_r_004_1,
            gr_s_008_1,
            gr_r_008_2,
            gr_r_004_2,
        ),
    ),
    (alone, (gr_r_009,)),
    (
        domestic,
        (
            gr_r_006,
            gr_r_010,
        ),
    ),
)
"""Which documents are asked what."""
