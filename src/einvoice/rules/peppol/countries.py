# SPDX-License-Identifier: Apache-2.0
"""The countries of seller and buyer, as the publisher's tests find them out.

The tests look at an address, or first at the prefix of a VAT identifier. Where they cannot compute a country - two VAT
identifiers, two countries in one address - the patterns that ask for it fit nothing, and the national rules stay
silent; so they do here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.model.parts import UnjudgeableError
from einvoice.rules.xpath import every, trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

SELLER: Final = "cac:AccountingSupplierParty/cac:Party"
BUYER: Final = "cac:AccountingCustomerParty/cac:Party"
REPRESENTATIVE: Final = "cac:TaxRepresentativeParty"
COUNTRY: Final = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
TAX: Final = "cac:TaxScheme/cbc:ID"
INVOICE: Final = "/Invoice | /CreditNote"
ANY_INVOICE: Final = "Invoice | CreditNote"
"""The document itself, and a whole document that stands in an extension: what no published context ties to the top."""
LINES: Final = "cac:InvoiceLine | cac:CreditNoteLine"
UNKNOWN: Final = "XX"


def vat_schemes(party: Part) -> list[Part]:
    """The tax registrations of a party that say ``VAT``, to the letter.

    Args:
        party: the party.
    """
    return [scheme for scheme in party.parts("cac:PartyTaxScheme") if "VAT" in scheme.texts(TAX)]


def vat_registrations(party: Part, scheme: str = "VAT") -> list[Part]:
    """The tax registrations of a party under a scheme; white space in its name does not count.

    Args:
        party: the party.
        scheme: the name of the scheme.
    """
    return [one for one in party.parts("cac:PartyTaxScheme") if trimmed(one.one(TAX)) == scheme]


def _prefix(top: Part, path: str) -> str:
    """The prefix of the only VAT identifier; empty for none."""
    found = [scheme.one("cbc:CompanyID")[:2] for party in top.parts(path) for scheme in vat_schemes(party)]
    if len(found) > 1:
        raise UnjudgeableError(f"{path} has {len(found)} VAT identifiers, and one can be compared")
    return found[0] if found else ""


def seller_country_alone(top: Part) -> str:
    """The seller's country: that of its VAT identifier, else of its address.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: there are several of what is asked.
    """
    return _told(top.recall(_of_seller_vat), top, SELLER)


def seller_country(top: Part) -> str:
    """The same, with a look at the VAT identifier of the tax representative before the address.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: there are several of what is asked.
    """
    return _told(top.recall(_of_seller_vat) or _prefix(top, REPRESENTATIVE), top, SELLER)


def buyer_country(top: Part) -> str:
    """The buyer's country: that of its VAT identifier, else of its address.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: there are several of what is asked.
    """
    return _told(_prefix(top, BUYER), top, BUYER)


def _told(prefix: str, top: Part, party: str) -> str:
    """The country that a prefix says, blanks or not; without one, that of the address."""
    if prefix:
        return trimmed(prefix).upper()
    return address_country(top, party) if top.has(f"{party}/{COUNTRY}") else UNKNOWN


def _of_seller_vat(top: Part) -> str:
    return _prefix(top, SELLER)


def _of_seller(top: Part) -> str:
    return top.one(f"{SELLER}/{COUNTRY}")


def _of_buyer(top: Part) -> str:
    return top.one(f"{BUYER}/{COUNTRY}")


_STATED: Final = {SELLER: _of_seller, BUYER: _of_buyer}


def stated_country(top: Part, party: str) -> str:
    """The country of an address as it is written; an empty text where it says none.

    Args:
        top: the document.
        party: the path to the party.

    Raises:
        UnjudgeableError: it says several.
    """
    fact = _STATED.get(party)
    return top.one(f"{party}/{COUNTRY}") if fact is None else top.recall(fact)


def address_country(top: Part, party: str) -> str:
    """The country of an address in capitals, without white space around it.

    Args:
        top: the document.
        party: the path to the party.

    Raises:
        UnjudgeableError: it says several.
    """
    return trimmed(stated_country(top, party)).upper()


def both_german(top: Part) -> bool:
    """Whether the addresses of seller and buyer are German.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: an address says several countries, and the other one is German.
    """
    return every(lambda: address_country(top, SELLER) == "DE", lambda: address_country(top, BUYER) == "DE")
