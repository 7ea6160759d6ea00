# SPDX-License-Identifier: Apache-2.0
"""The parties of an invoice as blocks of the page (BG-4 to BG-15, and the parties that Factur-X adds)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from einvoice.render.sheet import Pair, Party

if TYPE_CHECKING:
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

_DELIVERY = {
    "deliver_to_party_name": "name",
    "deliver_to_location_identifiers": "identifiers",
    "deliver_to_address": "postal_address",
}


def main_parties(words: Words, invoice: Invoice) -> tuple[Party, ...]:
    """Seller and buyer (BG-4, BG-7)."""
    return _blocks(words, {"seller": invoice.seller, "buyer": invoice.buyer})


def further_parties(words: Words, invoice: Invoice) -> tuple[Party, ...]:
    """Everybody else who is named at document level."""
    delivery = invoice.delivery_information
    beyond = {name: getattr(invoice.extension, name) for name in EXTENSION_PARTIES} if invoice.extension else {}
    found = {"payee": invoice.payee, "seller_tax_representative": invoice.seller_tax_representative} | beyond
    return _blocks(words, found, recipient=party_terms(delivery) if delivery else None)


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


def party_text(words: Words, party: Group) -> str:
    """A party in one run of text, for a place where there is no room for a block."""
    block = _block(words, "", party_terms(party))
    details = (f"{pair.label}{words.page['colon']}{pair.value}" for pair in block.details)
    return ", ".join(part for part in (block.name, *block.address, *details) if part)


def _blocks(
    words: Words, parties: dict[str, Group | None], recipient: dict[str, Any] | None = None
) -> tuple[Party, ...]:
    found = {title: party_terms(party) for title, party in parties.items() if party is not None}
    if recipient:
        found["delivery"] = recipient
    return tuple(_block(words, words.code("party", title), terms) for title, terms in found.items() if terms)


def _block(words: Words, title: str, terms: dict[str, Any]) -> Party:
    return Party(
        title=title,
        name=terms.get("name") or terms.get("trading_name") or "",
        address=_address(words, terms.get("postal_address")),
        details=tuple(_details(words, terms)),
    )


def _address(words: Words, address: Any) -> tuple[str, ...]:  # noqa: ANN401 - five classes of one shape
    if address is None:
        return ()
    town = " ".join(part for part in (address.post_code, address.city) if part)
    lines = (
        address.address_line_1,
        address.address_line_2,
        address.address_line_3,
        ", ".join(part for part in (town, address.country_subdivision) if part),
        words.country(address.country_code),
    )
    return tuple(line for line in lines if line)


def _details(words: Words, terms: dict[str, Any]) -> list[Pair]:
    page = words.page
    registered = ", ".join(_address(words, terms.get("legal_address")))
    trading = terms.get("trading_name", "") if terms.get("name") else ""
    found = [
        (page["trading_name"], trading),
        (page["vat_identifier"], terms.get("vat_identifier", "")),
        (page["tax_number"], words.identifier(terms.get("tax_registration_identifier"))),
        (page["register_number"], words.identifier(terms.get("legal_registration_identifier"))),
        *((page["identifier"], words.identifier(identifier)) for identifier in terms.get("identifiers", ())),
        (page["electronic_address"], words.identifier(terms.get("electronic_address"))),
        *_contact(words, terms),
        (page["legal_address"], registered),
        (page["role"], terms.get("role_code", "")),
        ("", terms.get("additional_legal_information", "")),
    ]
    return [Pair(label, value) for label, value in found if value]


def _contact(words: Words, terms: dict[str, Any]) -> list[tuple[str, str]]:
    page = words.page
    contact = terms.get("contact")
    said = msgspec.structs.asdict(contact) if contact else {}
    people = (
        said.get("contact_point"),
        said.get("department_name"),
        terms.get("department_name"),
        said.get("type_code"),
        terms.get("contact_type_code"),
    )
    return [
        (page["contact"], ", ".join(part for part in people if part)),
        (page["telephone"], said.get("telephone_number") or ""),
        (page["fax"], said.get("fax_number") or ""),
        (page["fax"], terms.get("fax_number", "")),
        (page["email"], said.get("email_address") or ""),
    ]
