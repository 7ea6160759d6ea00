# SPDX-License-Identifier: Apache-2.0
"""The countries of seller and buyer, as the publisher's tests find them out.

The tests look at an address, or first at the prefix of a VAT identifier. Where they cannot compute a country - two VAT
identifiers, two countries in one address - the patterns that ask for it fit nothing, and the national rules stay
silent; so they do here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.model.parts import UnjudgeableError
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part

SELLER: Final = "cac:AccountingSupplierParty/cac:Party"
BUYER: Final = "cac:AccountingCustomerParty/cac:Party"
REPRESENTATIVE: Final = "cac:TaxRepresentativeParty"
COUNTRY: Final = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
TAX: Final = "cac:TaxScheme/cbc:ID"
INVOICE: Final = "/Invoice | /CreditNote"
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


def _prefixes(top: Part, path: str) -> list[str]:
    return [scheme.one("cbc:CompanyID")[:2] for party in top.parts(path) for scheme in vat_schemes(party)]


def _prefix(top: Part, path: str) -> str:
    """The prefix of the only VAT identifier; empty for none."""
    found = _prefixes(top, path)
    if len(found) > 1:
        raise UnjudgeableError(f"{path} has {len(found)} VAT identifiers, and one can be compared")
    return found[0] if found else ""


def _from(top: Part, vat: tuple[str, ...], address: str) -> str:
    for path in vat:
        prefix = _prefix(top, path)
        if prefix:
            return trimmed(prefix).upper()
    return trimmed(top.one(f"{address}/{COUNTRY}")).upper() if top.has(f"{address}/{COUNTRY}") else UNKNOWN


def seller_country(top: Part) -> str:
    """The seller's: of the VAT identifier, else of the tax representative's, else of the address.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: there are several of what is asked.
    """
    return _from(top, (SELLER, REPRESENTATIVE), SELLER)


def seller_country_alone(top: Part) -> str:
    """The same without a look at the tax representative.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: there are several of what is asked.
    """
    return _from(top, (SELLER,), SELLER)


def buyer_country(top: Part) -> str:
    """The buyer's: of the VAT identifier, else of the address.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: there are several of what is asked.
    """
    return _from(top, (BUYER,), BUYER)


def address_country(top: Part, party: str) -> str:
    """The country of an address in capitals; an empty text where it says none.

    Args:
        top: the document.
        party: the path to the party.

    Raises:
        UnjudgeableError: it says several.
    """
    return trimmed(top.one(f"{party}/{COUNTRY}")).upper()


def stated_country(top: Part, party: str) -> str:
    """The country of an address as it is written.

    Args:
        top: the document.
        party: the path to the party.

    Raises:
        UnjudgeableError: it says several.
    """
    return top.one(f"{party}/{COUNTRY}")


def both_german(top: Part) -> bool:
    """Whether the addresses of seller and buyer are German.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: an address says several countries.
    """
    return address_country(top, SELLER) == "DE" and address_country(top, BUYER) == "DE"
