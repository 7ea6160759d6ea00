# SPDX-License-Identifier: Apache-2.0
"""The parties of an invoice as blocks of the page (BG-4 to BG-15, and the parties that Factur-X adds)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from einvoice.render.sheet import Pair, Party, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import Group, Invoice
    from einvoice.render.words import Words

# The parties of Factur-X EXTENDED at document level; the key is also that of their title in the labels.
EXTENSION_PARTIES = (
    "invoicer",
    "invoicee",
    "payer",
    "ship_from",
    "ultimate_ship_to",
    "product_end_user",
    "sales_agent",
    "buyer_agent",
    "buyer_tax_representative",
)

_NUMBERS = (
    ("tax_number", "tax_registration_identifier"),
    ("register_number", "legal_registration_identifier"),
)
_DELIVERY = {
    "deliver_to_party_name": "name",
    "deliver_to_location_identifiers": "identifiers",
    "deliver_to_address": "postal_address",
}


def main_parties(words: Words, invoice: Invoice) -> tuple[Party, ...]:
    """Seller and buyer (BG-4, BG-7)."""
    return _blocks(words, {"seller": (invoice.seller, "seller"), "buyer": (invoice.buyer, "buyer")})


def further_parties(words: Words, invoice: Invoice) -> tuple[Party, ...]:
    """Everybody else who is named at document level."""
    found: dict[str, tuple[Group | None, str]] = {
        "payee": (invoice.payee, "payee"),
        "seller_tax_representative": (invoice.seller_tax_representative, "seller_tax_representative"),
    }
    for name in EXTENSION_PARTIES if invoice.extension else ():
        found[name] = (getattr(invoice.extension, name), f"extension.{name}")
    found["delivery"] = (invoice.delivery_information, "delivery_information")
    return _blocks(words, found)


def party_terms(party: Group) -> dict[str, Any]:
    """The terms of a party and of its extension under their usual names, without those that are absent.

    Args:
        party: a seller, buyer, payee, representative, party of an extension, or the delivery information.
    """
    values = msgspec.structs.asdict(party)
    extension = values.pop("extension", None)
    named = {_DELIVERY.get(name, name): value for name, value in values.items()}
    named.pop("actual_delivery_date", None)  # stands among the facts
    beyond = msgspec.structs.asdict(extension) if extension else {}
    return {name: value for part in (beyond, named) for name, value in part.items() if value not in (None, ())}


def _places(party: Group) -> dict[str, str]:
    """Where the terms of a party stand in it, by their usual names."""
    extension = getattr(party, "extension", None)
    beyond = {name: f"extension.{name}" for name in extension.__struct_fields__} if extension else {}
    return beyond | {
        _DELIVERY.get(name, name): name for name in party.__struct_fields__ if getattr(party, name) not in (None, ())
    }


def party_text(words: Words, party: Group) -> str:
    """A party in one run of text, for a place where there is no room for a block."""
    block = _block(words, "", party, "")
    details = (f"{pair.label}{words.page['colon']}{pair.value}" for pair in block.details)
    return ", ".join(part for part in (block.name, *block.address, *details) if part)


def _blocks(words: Words, parties: dict[str, tuple[Group | None, str]]) -> tuple[Party, ...]:
    return tuple(
        _block(words, words.code("party", title), party, f"{here}.")
        for title, (party, here) in parties.items()
        if party is not None and party_terms(party)
    )


def _block(words: Words, title: str, party: Group, here: str) -> Party:
    terms, places = party_terms(party), {name: here + place for name, place in _places(party).items()}
    name = next((name for name in ("name", "trading_name") if terms.get(name)), "")
    lines = _address(words, terms.get("postal_address"), places.get("postal_address", ""))
    return Party(
        title=title,
        name=terms.get(name, ""),
        address=tuple(line.value for line in lines),
        details=pairs(_details(words, terms, places)),
        name_at=(places[name],) if name else (),
        address_at=tuple(line.at for line in lines),
    )


def _address(words: Words, address: Any, here: str = "") -> tuple[Pair, ...]:  # noqa: ANN401 - five classes of one shape
    if address is None:
        return ()
    town = " ".join(part for part in (address.post_code, address.city) if part)
    lines = (
        (address.address_line_1, "address_line_1"),
        (address.address_line_2, "address_line_2"),
        (address.address_line_3, "address_line_3"),
        (
            ", ".join(part for part in (town, address.country_subdivision) if part),
            *(name for name in ("post_code", "city", "country_subdivision") if getattr(address, name)),
        ),
        (words.country(address.country_code), "country_code"),
    )
    return pairs((("", line or "", *at) for line, *at in lines), f"{here}.")


def _details(words: Words, terms: dict[str, Any], places: dict[str, str]) -> Iterator[tuple[str, ...]]:
    page = words.page

    def said(label: str, name: str, value: str) -> tuple[str, ...]:
        return (page[label] if label else "", value, places.get(name, name))

    registered = ", ".join(line.value for line in _address(words, terms.get("legal_address")))
    yield said("trading_name", "trading_name", terms.get("trading_name", "") if terms.get("name") else "")
    yield said("vat_identifier", "vat_identifier", terms.get("vat_identifier", ""))
    for label, name in _NUMBERS:
        yield said(label, name, words.identifier(terms.get(name)))
    for index, identifier in enumerate(terms.get("identifiers", ())):
        yield page["identifier"], words.identifier(identifier), f"{places['identifiers']}[{index}]"
    yield said("electronic_address", "electronic_address", words.identifier(terms.get("electronic_address")))
    yield from _contact(words, terms, places)
    yield said("legal_address", "legal_address", registered)
    yield said("role", "role_code", terms.get("role_code", ""))
    yield said("", "additional_legal_information", terms.get("additional_legal_information", ""))


def _contact(words: Words, terms: dict[str, Any], places: dict[str, str]) -> Iterator[tuple[str, ...]]:
    page, here = words.page, places.get("contact", "contact")
    contact = terms.get("contact")
    within = msgspec.structs.asdict(contact) if contact else {}
    said = {f"{here}.{name}": value for name, value in within.items() if value}
    said |= {places[name]: terms[name] for name in ("department_name", "contact_type_code") if name in terms}
    people = [
        place
        for place in (
            f"{here}.contact_point",
            f"{here}.department_name",
            places.get("department_name", ""),
            f"{here}.type_code",
            places.get("contact_type_code", ""),
        )
        if place in said
    ]
    yield page["contact"], ", ".join(said[place] for place in people), *people
    yield page["telephone"], within.get("telephone_number") or "", f"{here}.telephone_number"
    yield page["fax"], within.get("fax_number") or "", f"{here}.fax_number"
    yield page["fax"], terms.get("fax_number", ""), places.get("fax_number", "fax_number")
    yield page["email"], within.get("email_address") or "", f"{here}.email_address"
