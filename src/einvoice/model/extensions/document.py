# SPDX-License-Identifier: Apache-2.0
"""What extensions add to the document."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from datetime import date
from typing import Annotated

from einvoice.model.extensions.groups import (
    AdvancePayment,
    CurrencyExchange,
    DeliveryTerms,
    DocumentReference,
    LogisticsServiceCharge,
    PaymentTerms,
    ThirdPartyPayment,
)
from einvoice.model.extensions.party import Party, party_numbers
from einvoice.model.terms import FX, UBL, XR, Group, bg, bt

_USUAL = "Factur-X EXTENDED, party of the usual shape."


class InvoiceExtension(Group, frozen=True):
    """What lies outside EN 16931 at document level."""

    test_indicator: Annotated[str | None, bt("BT-X-1", "Test indicator", "Whether it is only a test.", FX)] = None
    document_name: Annotated[str | None, bt("BT-X-2", "Document name", "Title, such as RECHNUNG.", FX)] = None
    copy_indicator: Annotated[str | None, bt("BT-X-3", "Copy indicator", "Whether it is a copy.", FX)] = None
    language_code: Annotated[str | None, bt("BT-X-4", "Language code", "ISO 639 code of the texts.", FX)] = None
    contractual_due_date: Annotated[date | None, bt("BT-X-6", "Contractual due date", "Effective period end.", FX)] = (
        None
    )
    seller_reference: Annotated[str | None, bt("BT-X-204", "Seller reference", "The issuer's own reference.", FX)] = (
        None
    )
    uuid: Annotated[str | None, bt("", "UUID", "Universally unique identifier of the document.", UBL)] = None
    issue_time: Annotated[str | None, bt("", "Issue time", "Time of day at which it was issued.", UBL)] = None
    ubl_version_identifier: Annotated[
        str | None, bt("", "UBL version identifier", "The UBL version that the document names.", UBL)
    ] = None
    profile_execution_identifier: Annotated[
        str | None, bt("", "Profile execution identifier", "The run of the process (UBL ProfileExecutionID).", UBL)
    ] = None
    project_name: Annotated[str | None, bt("BT-11-0", "Project name", "Name of the project of BT-11.", FX)] = None
    purchase_order_date: Annotated[date | None, bt("BT-X-147", "Purchase order date", "Day of BT-13.", FX)] = None
    sales_order_date: Annotated[date | None, bt("BT-X-146", "Sales order date", "Day of BT-14.", FX)] = None
    contract_date: Annotated[date | None, bt("BT-X-148", "Contract date", "Day of BT-12.", FX)] = None
    contract_type_code: Annotated[str | None, bt("BT-X-405", "Contract type code", "Kind of BT-12.", FX)] = None
    receiving_advice_date: Annotated[date | None, bt("BT-X-201", "Receiving advice date", "Day of BT-15.", FX)] = None
    despatch_advice_date: Annotated[date | None, bt("BT-X-200", "Despatch advice date", "Day of BT-16.", FX)] = None
    buyer_accounting_reference_type_code: Annotated[
        str | None, bt("BT-X-290", "Buyer accounting reference type", "Kind of account of BT-19.", FX)
    ] = None
    delivery_note: Annotated[
        DocumentReference | None,
        bg(
            "BG-X-25",
            "DELIVERY NOTE REFERENCE",
            "The delivery note.",
            FX,
            {"reference": "BT-X-202", "issue_date": "BT-X-203"},
        ),
    ] = None
    quotation: Annotated[
        DocumentReference | None,
        bg("BG-X-61", "QUOTATION REFERENCE", "The quotation.", FX, {"reference": "BT-X-403", "issue_date": "BT-X-404"}),
    ] = None
    ultimate_customer_orders: Annotated[
        tuple[DocumentReference, ...],
        bg(
            "BG-X-23",
            "ULTIMATE CUSTOMER ORDER REFERENCE",
            "The end customer's order.",
            FX,
            {"reference": "BT-X-150", "issue_date": "BT-X-151"},
        ),
    ] = ()
    transport_mode_codes: Annotated[
        tuple[str, ...], bt("BT-X-152", "Transport mode code", "UNECE Rec. 19 code of the means of transport.", FX)
    ] = ()
    delivery_terms: Annotated[
        DeliveryTerms | None,
        bg(
            "BG-X-22",
            "DELIVERY TERMS",
            "Terms of delivery (Incoterms).",
            FX,
            {"code": "BT-X-145", "location_country_code": "BT-X-563", "location_name": "BT-X-564"},
        ),
    ] = None
    payment_terms: Annotated[
        tuple[PaymentTerms, ...],
        bg("", "Payment terms in detail", "Instalments, discounts (Skonto) and penalties.", FX),
    ] = ()
    logistics_service_charges: Annotated[
        tuple[LogisticsServiceCharge, ...],
        bg("BG-X-42", "LOGISTICS SERVICE CHARGE", "Freight, packing and the like.", FX),
    ] = ()
    advance_payments: Annotated[
        tuple[AdvancePayment, ...], bg("BG-X-45", "ADVANCE PAYMENT", "Payments made in advance, with their VAT.", FX)
    ] = ()
    third_party_payments: Annotated[
        tuple[ThirdPartyPayment, ...],
        bg("BG-DEX-09", "THIRD PARTY PAYMENT", "Amounts collected for somebody else.", XR),
    ] = ()
    currency_exchange: Annotated[
        CurrencyExchange | None, bg("BG-X-41", "CURRENCY EXCHANGE", "Rate between BT-5 and BT-6.", FX)
    ] = None
    buyer_tax_representative: Annotated[
        Party | None,
        bg(
            "BG-X-54",
            "BUYER TAX REPRESENTATIVE",
            _USUAL,
            FX,
            party_numbers(
                identifier=364,
                name=362,
                role=546,
                registration=366,
                trading_name=363,
                legal_address=("BG-X-57", 382),
                contact=("BG-X-55", (369, 370, 371, 372, 373, 374)),
                address=("BG-X-56", 375),
                electronic_address=368,
                vat=367,
            ),
        ),
    ] = None
    sales_agent: Annotated[
        Party | None,
        bg(
            "BG-X-49",
            "SALES AGENT",
            _USUAL,
            FX,
            party_numbers(
                identifier=337,
                name=335,
                role=545,
                registration=339,
                trading_name=336,
                legal_address=("BG-X-53", 355),
                contact=("BG-X-51", (342, 343, 347, 344, 345, 346)),
                address=("BG-X-52", 348),
                electronic_address=341,
                vat=340,
            ),
        ),
    ] = None
    buyer_agent: Annotated[
        Party | None,
        bg(
            "BG-X-62",
            "BUYER AGENT",
            _USUAL,
            FX,
            party_numbers(
                identifier=408,
                name=406,
                role=549,
                registration=410,
                trading_name=407,
                legal_address=("BG-X-66", 426),
                contact=("BG-X-64", (413, 414, 415, 416, 417, 418)),
                address=("BG-X-65", 419),
                electronic_address=412,
                vat=411,
            ),
        ),
    ] = None
    product_end_user: Annotated[
        Party | None,
        bg(
            "BG-X-18",
            "PRODUCT END USER",
            _USUAL,
            FX,
            party_numbers(
                identifier=126,
                name=128,
                role=548,
                registration=129,
                trading_name=130,
                legal_address=("BG-X-60", 396),
                contact=("BG-X-20", (131, 132, 320, 133, 134, 135)),
                address=("BG-X-21", 136),
                electronic_address=143,
                vat=144,
            ),
        ),
    ] = None
    ultimate_ship_to: Annotated[
        Party | None,
        bg(
            "BG-X-27",
            "ULTIMATE SHIP TO",
            _USUAL,
            FX,
            party_numbers(
                identifier=162,
                name=164,
                role=551,
                registration=165,
                trading_name=166,
                legal_address=("BG-X-68", 440),
                contact=("BG-X-28", (167, 168, 322, 169, 170, 171)),
                address=("BG-X-29", 172),
                electronic_address=179,
                vat=180,
            ),
        ),
    ] = None
    ship_from: Annotated[
        Party | None,
        bg(
            "BG-X-30",
            "SHIP FROM",
            _USUAL,
            FX,
            party_numbers(
                identifier=181,
                name=183,
                role=552,
                registration=184,
                trading_name=185,
                legal_address=("BG-X-69", 447),
                contact=("BG-X-31", (186, 187, 323, 188, 189, 190)),
                address=("BG-X-32", 191),
                electronic_address=198,
                vat=199,
            ),
        ),
    ] = None
    invoicer: Annotated[
        Party | None,
        bg(
            "BG-X-33",
            "INVOICER",
            _USUAL,
            FX,
            party_numbers(
                identifier=205,
                name=207,
                role=553,
                registration=208,
                trading_name=209,
                legal_address=("BG-X-70", 454),
                contact=("BG-X-34", (210, 211, 324, 212, 213, 214)),
                address=("BG-X-35", 215),
                electronic_address=222,
                vat=223,
            ),
        ),
    ] = None
    invoicee: Annotated[
        Party | None,
        bg(
            "BG-X-36",
            "INVOICEE",
            _USUAL,
            FX,
            party_numbers(
                identifier=224,
                name=226,
                role=554,
                registration=227,
                trading_name=228,
                legal_address=("BG-X-71", 461),
                contact=("BG-X-37", (229, 230, 325, 231, 232, 233)),
                address=("BG-X-38", 234),
                electronic_address=241,
                vat=242,
            ),
        ),
    ] = None
    payer: Annotated[
        Party | None,
        bg(
            "BG-X-73",
            "PAYER",
            _USUAL,
            FX,
            party_numbers(
                identifier=478,
                name=476,
                role=483,
                registration=480,
                trading_name=477,
                legal_address=("BG-X-76", 497),
                contact=("BG-X-74", (484, 485, 486, 487, 488, 489)),
                address=("BG-X-75", 490),
                electronic_address=482,
                vat=481,
            ),
        ),
    ] = None
