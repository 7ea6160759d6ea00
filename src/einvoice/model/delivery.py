# SPDX-License-Identifier: Apache-2.0
"""When and where goods or services were delivered: BG-13 to BG-15."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from datetime import date
from typing import Annotated

from einvoice.model.extensions import PartyExtension
from einvoice.model.terms import FX, Group, bg, bt
from einvoice.model.values import Identifier


class DeliverToAddress(Group, frozen=True):
    """BG-15: where it was delivered to."""

    address_line_1: Annotated[str | None, bt("BT-75", "Deliver to address line 1", "Usually street and number.")] = None
    address_line_2: Annotated[
        str | None, bt("BT-76", "Deliver to address line 2", "A further line of the address.")
    ] = None
    address_line_3: Annotated[
        str | None, bt("BT-165", "Deliver to address line 3", "One more line of the address.")
    ] = None
    city: Annotated[str | None, bt("BT-77", "Deliver to city", "City, town or village of the delivery.")] = None
    post_code: Annotated[str | None, bt("BT-78", "Deliver to post code", "Postal code of the delivery.")] = None
    country_subdivision: Annotated[
        str | None, bt("BT-79", "Deliver to country subdivision", "Region, state or province of the delivery.")
    ] = None
    country_code: Annotated[str | None, bt("BT-80", "Deliver to country code", "ISO 3166-1 code of the country.")] = (
        None
    )


class DeliveryInformation(Group, frozen=True):
    """BG-13: when and where it was delivered."""

    deliver_to_party_name: Annotated[
        str | None, bt("BT-70", "Deliver to party name", "Who received the goods or services.")
    ] = None
    deliver_to_location_identifiers: Annotated[
        tuple[Identifier, ...], bt("BT-71", "Deliver to location identifier", "The place of delivery, such as a GLN.")
    ] = ()
    actual_delivery_date: Annotated[
        date | None, bt("BT-72", "Actual delivery date", "Day on which the delivery was made or completed.")
    ] = None
    deliver_to_address: Annotated[
        DeliverToAddress | None, bg("BG-15", "DELIVER TO ADDRESS", "Where it was delivered to.")
    ] = None
    extension: Annotated[
        PartyExtension | None,
        bg(
            "",
            "Deliver to party, extension",
            "What Factur-X EXTENDED adds to the party delivered to.",
            FX,
            parts={
                "role_code": "BT-X-550",
                "trading_name": "BT-X-154",
                "legal_registration_identifier": "BT-X-153",
                "vat_identifier": "BT-X-161",
                "electronic_address": "BT-X-160",
                "contact": "BG-X-26",
                "legal_address": "BG-X-67",
            },
        ),
    ] = None


class InvoicingPeriod(Group, frozen=True):
    """BG-14: the period the invoice is for."""

    start_date: Annotated[date | None, bt("BT-73", "Invoicing period start date", "First day of the period.")] = None
    end_date: Annotated[date | None, bt("BT-74", "Invoicing period end date", "Last day of the period.")] = None
    description: Annotated[str | None, bt("BT-X-264", "Invoicing period description", "The period in words.", FX)] = (
        None
    )
