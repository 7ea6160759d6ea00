# SPDX-License-Identifier: Apache-2.0
"""Parties beyond EN 16931, and what extensions add to its own parties."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from typing import Annotated

from einvoice.model.terms import FX, Group, bg, bt
from einvoice.model.values import Identifier


class Address(Group, frozen=True):
    """A postal address of a party that EN 16931 does not know."""

    address_line_1: Annotated[str | None, bt("", "Address line 1", "Usually street and number.", FX)] = None
    address_line_2: Annotated[str | None, bt("", "Address line 2", "A further line of the address.", FX)] = None
    address_line_3: Annotated[str | None, bt("", "Address line 3", "One more line of the address.", FX)] = None
    city: Annotated[str | None, bt("", "City", "City, town or village.", FX)] = None
    post_code: Annotated[str | None, bt("", "Post code", "Postal code.", FX)] = None
    country_subdivision: Annotated[str | None, bt("", "Country subdivision", "Region, state or province.", FX)] = None
    country_code: Annotated[str | None, bt("", "Country code", "ISO 3166-1 code of the country.", FX)] = None


class Contact(Group, frozen=True):
    """A contact of a party that EN 16931 does not know."""

    contact_point: Annotated[str | None, bt("", "Contact point", "Person to turn to.", FX)] = None
    department_name: Annotated[str | None, bt("", "Contact department", "Department to turn to.", FX)] = None
    type_code: Annotated[str | None, bt("", "Contact type code", "UNTDID 3139 code of the contact's function.", FX)] = (
        None
    )
    telephone_number: Annotated[str | None, bt("", "Contact telephone number", "Telephone.", FX)] = None
    fax_number: Annotated[str | None, bt("", "Contact fax number", "Telefax.", FX)] = None
    email_address: Annotated[str | None, bt("", "Contact email address", "E-mail address.", FX)] = None


class Party(Group, frozen=True):
    """A party that EN 16931 does not know."""

    name: Annotated[str | None, bt("", "Party name", "Full name of the party.", FX)] = None
    trading_name: Annotated[str | None, bt("", "Party trading name", "Name the party is known by.", FX)] = None
    identifiers: Annotated[tuple[Identifier, ...], bt("", "Party identifier", "Identifiers of the party.", FX)] = ()
    legal_registration_identifier: Annotated[
        Identifier | None, bt("", "Party legal registration identifier", "Number in the register of companies.", FX)
    ] = None
    vat_identifier: Annotated[str | None, bt("", "Party VAT identifier", "VAT number of the party.", FX)] = None
    tax_registration_identifier: Annotated[
        Identifier | None, bt("", "Party tax registration identifier", "Local tax number of the party.", FX)
    ] = None
    additional_legal_information: Annotated[
        str | None, bt("", "Party additional legal information", "Legal facts about the party.", FX)
    ] = None
    role_code: Annotated[str | None, bt("", "Party role code", "UNTDID 3035 code of the party's role.", FX)] = None
    electronic_address: Annotated[
        Identifier | None, bt("", "Party electronic address", "Where the party is reached electronically.", FX)
    ] = None
    postal_address: Annotated[Address | None, bg("", "Party postal address", "Where it is reached by post.", FX)] = None
    contact: Annotated[Contact | None, bg("", "Party contact", "Whom to ask at the party's.", FX)] = None
    legal_address: Annotated[Address | None, bg("", "Party legal address", "Where it is registered.", FX)] = None


class PartyExtension(Party, frozen=True):
    """What extensions add to a party of EN 16931; terms that the party has itself stay empty here."""


def address_numbers(group: str, first: int, inside: str) -> dict[str, str]:
    """The numbers of an address: Factur-X counts them in one run, post code first."""
    if not group:
        return {}
    names = (
        "post_code",
        "address_line_1",
        "address_line_2",
        "address_line_3",
        "city",
        "country_code",
        "country_subdivision",
    )
    return {inside: group} | {f"{inside}.{name}": f"BT-X-{first + step}" for step, name in enumerate(names)}


def party_numbers(  # noqa: PLR0913 - one argument per number that the specification gives
    *,
    identifier: int,
    name: int,
    role: int,
    registration: int,
    trading_name: int,
    legal_address: tuple[str, int],
    contact: tuple[str, tuple[int, ...]],
    address: tuple[str, int],
    electronic_address: int,
    vat: int,
) -> dict[str, str]:
    """The numbers of a party of the usual shape (Factur-X 1.09 EXTENDED, table of terms)."""
    single = {
        "identifiers": identifier,
        "name": name,
        "role_code": role,
        "legal_registration_identifier": registration,
        "trading_name": trading_name,
        "electronic_address": electronic_address,
        "vat_identifier": vat,
    }
    people = ("contact_point", "department_name", "type_code", "telephone_number", "fax_number", "email_address")
    return (
        {field: f"BT-X-{number}" for field, number in single.items()}
        | {"contact": contact[0]}
        | {f"contact.{field}": f"BT-X-{number}" for field, number in zip(people, contact[1], strict=True)}
        | address_numbers(*address, "postal_address")
        | address_numbers(*legal_address, "legal_address")
    )
