# SPDX-License-Identifier: Apache-2.0
"""NL-R: what the Netherlands asks of its sellers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, Faults, about, needs
from einvoice.rules.peppol.countries import BUYER, REPRESENTATIVE, SELLER, address_country
from einvoice.rules.xpath import decimal, trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

REGISTERS: Final = (" 0106 ", " 0190 ")
"""The chamber of commerce (KVK), and the register of public bodies (OIN)."""
MEANS: Final = ("30", "48", "49", "57", "58", "59")
PARTS: Final = "cbc:StreetName cbc:CityName cbc:PostalZone"


def applies(top: Part) -> bool:
    """Whether the seller's address is Dutch.

    Args:
        top: the document.
    """
    return address_country(top, SELLER) == "NL"


def domestic(top: Part) -> bool:
    """Whether the addresses of seller and buyer are Dutch.

    Args:
        top: the document.
    """
    return applies(top) and address_country(top, BUYER) == "NL"


def represented(top: Part) -> bool:
    """Whether the addresses of the seller and of its tax representative are Dutch.

    Args:
        top: the document.
    """
    return applies(top) and address_country(top, REPRESENTATIVE) == "NL"


def _registered(number: Part) -> Faults:
    scheme = f" {number.get('schemeID') or ''} "
    if not trimmed(number.text):
        return [Fault()]
    fits = any(register in scheme for register in REGISTERS)
    return NO_FAULTS if fits else [Fault("@schemeID", expected="0106, 0190")]


# ---- a Dutch seller


@about("NL-R-001", "cbc:CreditNoteTypeCode")
def nl_r_001(code: Part) -> Faults:
    """A credit note of a Dutch seller refers to an invoice."""
    if not code.top.has("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"):
        yield Fault("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", part=code.top)


@about("NL-R-003", f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID")
def nl_r_003(number: Part) -> Faults:
    """The legal registration of a Dutch seller is a number of the chamber of commerce (0106) or an OIN (0190)."""
    return _registered(number)


@about("NL-R-007", "cac:LegalMonetaryTotal")
def nl_r_007(totals: Part) -> Faults:
    """A Dutch seller who is to be paid says how."""
    document = totals.top
    if document.anywhere("cac:PaymentMeans"):
        return
    sign = 1 if document.name == "Invoice" else -1
    if not totals.has("cbc:PayableAmount") or decimal(totals.one("cbc:PayableAmount")) * sign > 0:
        yield Fault("cac:PaymentMeans", part=document)


@about("NL-R-009", "cac:OrderLineReference/cbc:LineID")
def nl_r_009(reference: Part) -> Faults:
    """A reference to a line of an order needs a reference to the order, where the seller is Dutch."""
    if not reference.top.has("cac:OrderReference/cbc:ID"):
        yield Fault()


SELLERS: Final = (
    needs(
        "NL-R-002",
        f"{SELLER}/cac:PostalAddress",
        PARTS,
        "The address of a Dutch seller has a street, a city and a post code.",
    ),
)


# ---- a Dutch seller and a Dutch buyer


@about("NL-R-005", f"{BUYER}/cac:PartyLegalEntity/cbc:CompanyID")
def nl_r_005(number: Part) -> Faults:
    """Between Dutch parties the buyer's legal registration is of the chamber of commerce (0106) or an OIN (0190)."""
    return _registered(number)


@about("NL-R-008", "cac:PaymentMeans")
def nl_r_008(means: Part) -> Faults:
    """Between Dutch parties the means of payment is 30, 48, 49, 57, 58 or 59."""
    if trimmed(means.one("cbc:PaymentMeansCode")) not in MEANS:
        yield Fault("cbc:PaymentMeansCode", expected=", ".join(MEANS))


BUYERS: Final = (
    needs(
        "NL-R-004",
        f"{BUYER}/cac:PostalAddress",
        PARTS,
        "Between Dutch parties the buyer's address has a street, a city and a post code.",
    ),
)
REPRESENTATIVES: Final = (
    needs(
        "NL-R-006",
        f"{REPRESENTATIVE}/cac:PostalAddress",
        PARTS,
        "The address of a Dutch tax representative of a Dutch seller has a street, a city and a post code.",
    ),
)


SECTIONS: Final = (
    (
        applies,
        (
            nl_r_001,
            *SELLERS,
            nl_r_003,
            nl_r_007,
            nl_r_009,
        ),
    ),
    (
        domestic,
        (
            *BUYERS,
            nl_r_005,
            nl_r_008,
        ),
    ),
    (represented, (*REPRESENTATIVES,)),
)
"""Which documents are asked what."""
