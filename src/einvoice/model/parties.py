# SPDX-License-Identifier: Apache-2.0
"""The parties of an invoice: BG-4 to BG-12."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from typing import Annotated

from einvoice.model.extensions import PartyExtension
from einvoice.model.terms import FX, Group, bg, bt
from einvoice.model.values import Identifier

_X = "What Factur-X EXTENDED adds to this party."


class SellerPostalAddress(Group, frozen=True):
    """BG-5: where the seller can be reached by post."""

    address_line_1: Annotated[str | None, bt("BT-35", "Seller address line 1", "Usually street and number.")] = None
    address_line_2: Annotated[str | None, bt("BT-36", "Seller address line 2", "A further line of the address.")] = None
    address_line_3: Annotated[str | None, bt("BT-162", "Seller address line 3", "One more line of the address.")] = None
    city: Annotated[str | None, bt("BT-37", "Seller city", "City, town or village of the seller.")] = None
    post_code: Annotated[str | None, bt("BT-38", "Seller post code", "Postal code of the seller's address.")] = None
    country_subdivision: Annotated[
        str | None, bt("BT-39", "Seller country subdivision", "Region, state or province of the seller.")
    ] = None
    country_code: Annotated[
        str | None, bt("BT-40", "Seller country code", "ISO 3166-1 code of the seller's country.")
    ] = None


class SellerContact(Group, frozen=True):
    """BG-6: whom to ask at the seller's."""

    contact_point: Annotated[str | None, bt("BT-41", "Seller contact point", "Person or department to turn to.")] = None
    telephone_number: Annotated[
        str | None, bt("BT-42", "Seller contact telephone number", "Telephone of the contact.")
    ] = None
    email_address: Annotated[
        str | None, bt("BT-43", "Seller contact email address", "E-mail address of the contact.")
    ] = None
    department_name: Annotated[
        str | None, bt("BT-41-0", "Seller contact department", "Department to turn to, beside a person.", FX)
    ] = None
    type_code: Annotated[
        str | None, bt("BT-X-317", "Seller contact type code", "UNTDID 3139 code of the contact's function.", FX)
    ] = None
    fax_number: Annotated[str | None, bt("BT-X-107", "Seller contact fax number", "Telefax of the contact.", FX)] = None


class Seller(Group, frozen=True):
    """BG-4: the party that sells and claims the payment."""

    name: Annotated[str | None, bt("BT-27", "Seller name", "Full name under which the seller is registered.")] = None
    trading_name: Annotated[
        str | None, bt("BT-28", "Seller trading name", "Name the seller is known by, if another.")
    ] = None
    identifiers: Annotated[
        tuple[Identifier, ...], bt("BT-29", "Seller identifier", "Identifiers of the seller, such as a GLN.")
    ] = ()
    legal_registration_identifier: Annotated[
        Identifier | None,
        bt("BT-30", "Seller legal registration identifier", "Number in the official register of companies."),
    ] = None
    vat_identifier: Annotated[
        str | None, bt("BT-31", "Seller VAT identifier", "VAT number of the seller, with its country prefix.")
    ] = None
    tax_registration_identifier: Annotated[
        Identifier | None,
        bt(
            "BT-32",
            "Seller tax registration identifier",
            "Local tax number of the seller, beside or without a VAT number.",
        ),
    ] = None
    additional_legal_information: Annotated[
        str | None, bt("BT-33", "Seller additional legal information", "Legal facts such as the share capital.")
    ] = None
    electronic_address: Annotated[
        Identifier | None, bt("BT-34", "Seller electronic address", "Where answers can be delivered electronically.")
    ] = None
    postal_address: Annotated[
        SellerPostalAddress | None, bg("BG-5", "SELLER POSTAL ADDRESS", "Where the seller can be reached by post.")
    ] = None
    contact: Annotated[SellerContact | None, bg("BG-6", "SELLER CONTACT", "Whom to ask at the seller's.")] = None
    extension: Annotated[
        PartyExtension | None,
        bg(
            "",
            "Seller, extension",
            _X,
            FX,
            parts={
                "role_code": "BT-X-543",
                "legal_address": "BG-X-14",
            },
        ),
    ] = None


class BuyerPostalAddress(Group, frozen=True):
    """BG-8: where the buyer can be reached by post."""

    address_line_1: Annotated[str | None, bt("BT-50", "Buyer address line 1", "Usually street and number.")] = None
    address_line_2: Annotated[str | None, bt("BT-51", "Buyer address line 2", "A further line of the address.")] = None
    address_line_3: Annotated[str | None, bt("BT-163", "Buyer address line 3", "One more line of the address.")] = None
    city: Annotated[str | None, bt("BT-52", "Buyer city", "City, town or village of the buyer.")] = None
    post_code: Annotated[str | None, bt("BT-53", "Buyer post code", "Postal code of the buyer's address.")] = None
    country_subdivision: Annotated[
        str | None, bt("BT-54", "Buyer country subdivision", "Region, state or province of the buyer.")
    ] = None
    country_code: Annotated[
        str | None, bt("BT-55", "Buyer country code", "ISO 3166-1 code of the buyer's country.")
    ] = None


class BuyerContact(Group, frozen=True):
    """BG-9: whom to ask at the buyer's."""

    contact_point: Annotated[str | None, bt("BT-56", "Buyer contact point", "Person or department to turn to.")] = None
    telephone_number: Annotated[
        str | None, bt("BT-57", "Buyer contact telephone number", "Telephone of the contact.")
    ] = None
    email_address: Annotated[
        str | None, bt("BT-58", "Buyer contact email address", "E-mail address of the contact.")
    ] = None
    department_name: Annotated[
        str | None, bt("BT-56-0", "Buyer contact department", "Department to turn to, beside a person.", FX)
    ] = None
    type_code: Annotated[
        str | None, bt("BT-X-318", "Buyer contact type code", "UNTDID 3139 code of the contact's function.", FX)
    ] = None
    fax_number: Annotated[str | None, bt("BT-X-115", "Buyer contact fax number", "Telefax of the contact.", FX)] = None


class Buyer(Group, frozen=True):
    """BG-7: the party that buys and owes the payment."""

    name: Annotated[str | None, bt("BT-44", "Buyer name", "Full name of the buyer.")] = None
    trading_name: Annotated[
        str | None, bt("BT-45", "Buyer trading name", "Name the buyer is known by, if another.")
    ] = None
    identifiers: Annotated[
        tuple[Identifier, ...], bt("BT-46", "Buyer identifier", "Identifiers of the buyer, such as a GLN.")
    ] = ()
    legal_registration_identifier: Annotated[
        Identifier | None,
        bt("BT-47", "Buyer legal registration identifier", "Number in the official register of companies."),
    ] = None
    vat_identifier: Annotated[
        str | None, bt("BT-48", "Buyer VAT identifier", "VAT number of the buyer, with its country prefix.")
    ] = None
    electronic_address: Annotated[
        Identifier | None, bt("BT-49", "Buyer electronic address", "Where the invoice is delivered electronically.")
    ] = None
    postal_address: Annotated[
        BuyerPostalAddress | None, bg("BG-8", "BUYER POSTAL ADDRESS", "Where the buyer can be reached by post.")
    ] = None
    contact: Annotated[BuyerContact | None, bg("BG-9", "BUYER CONTACT", "Whom to ask at the buyer's.")] = None
    extension: Annotated[
        PartyExtension | None,
        bg(
            "",
            "Buyer, extension",
            _X,
            FX,
            parts={
                "role_code": "BT-X-544",
                "additional_legal_information": "BT-X-334",
                "legal_address": "BG-X-15",
            },
        ),
    ] = None


class Payee(Group, frozen=True):
    """BG-10: the party that receives the payment, where it is not the seller."""

    name: Annotated[str | None, bt("BT-59", "Payee name", "Name of the party to be paid.")] = None
    identifiers: Annotated[
        tuple[Identifier, ...], bt("BT-60", "Payee identifier", "Identifiers of the payee, such as a GLN.")
    ] = ()
    legal_registration_identifier: Annotated[
        Identifier | None,
        bt("BT-61", "Payee legal registration identifier", "Number in the official register of companies."),
    ] = None
    extension: Annotated[
        PartyExtension | None,
        bg(
            "",
            "Payee, extension",
            _X,
            FX,
            parts={
                "role_code": "BT-X-468",
                "trading_name": "BT-X-243",
                "vat_identifier": "BT-X-257",
                "electronic_address": "BT-X-256",
                "postal_address": "BG-X-40",
                "contact": "BG-X-39",
                "legal_address": "BG-X-72",
            },
        ),
    ] = None


class SellerTaxRepresentativePostalAddress(Group, frozen=True):
    """BG-12: where the tax representative can be reached by post."""

    address_line_1: Annotated[
        str | None, bt("BT-64", "Tax representative address line 1", "Usually street and number.")
    ] = None
    address_line_2: Annotated[str | None, bt("BT-65", "Tax representative address line 2", "A further line.")] = None
    address_line_3: Annotated[str | None, bt("BT-164", "Tax representative address line 3", "One more line.")] = None
    city: Annotated[str | None, bt("BT-66", "Tax representative city", "City of the tax representative.")] = None
    post_code: Annotated[str | None, bt("BT-67", "Tax representative post code", "Postal code of that address.")] = None
    country_subdivision: Annotated[
        str | None, bt("BT-68", "Tax representative country subdivision", "Region, state or province.")
    ] = None
    country_code: Annotated[
        str | None, bt("BT-69", "Tax representative country code", "ISO 3166-1 code of the country.")
    ] = None


class SellerTaxRepresentative(Group, frozen=True):
    """BG-11: who represents the seller before the tax authority."""

    name: Annotated[str | None, bt("BT-62", "Seller tax representative name", "Full name of the representative.")] = (
        None
    )
    vat_identifier: Annotated[
        str | None, bt("BT-63", "Seller tax representative VAT identifier", "VAT number of the representative.")
    ] = None
    postal_address: Annotated[
        SellerTaxRepresentativePostalAddress | None,
        bg("BG-12", "SELLER TAX REPRESENTATIVE POSTAL ADDRESS", "Where the representative can be reached by post."),
    ] = None
    extension: Annotated[
        PartyExtension | None,
        bg(
            "",
            "Seller tax representative, extension",
            _X,
            FX,
            parts={
                "role_code": "BT-X-547",
                "trading_name": "BT-X-119",
                "identifiers": "BT-X-116",
                "legal_registration_identifier": "BT-X-118",
                "electronic_address": "BT-X-125",
                "contact": "BG-X-17",
                "legal_address": "BG-X-59",
            },
        ),
    ] = None
