# SPDX-License-Identifier: Apache-2.0
"""What extensions add to a line."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from datetime import date
from decimal import Decimal
from typing import Annotated

from einvoice.model.extensions.groups import AppliedTax, DeliveryTerms, DocumentReference, SupportingDocument
from einvoice.model.extensions.party import Party, party_numbers
from einvoice.model.terms import FX, UBL, Group, bg, bt
from einvoice.model.values import Identifier


class ItemInstance(Group, frozen=True):
    """BG-X-84: one of the delivered pieces."""

    batch_identifier: Annotated[str | None, bt("BT-X-306", "Item batch", "The batch it comes from.", FX)] = None
    serial_identifier: Annotated[str | None, bt("BT-X-307", "Item serial number", "Its serial number.", FX)] = None


class IncludedItem(Group, frozen=True):
    """BG-X-1: an item that is part of the invoiced one."""

    identifier: Annotated[str | None, bt("BT-X-308", "Included item identifier", "Identifier of the part.", FX)] = None
    standard_identifiers: Annotated[
        tuple[Identifier, ...], bt("BT-X-15", "Included item global identifier", "Such as a GTIN.", FX)
    ] = ()
    sellers_identifier: Annotated[
        str | None, bt("BT-X-16", "Included item Seller's identifier", "Article number.", FX)
    ] = None
    buyers_identifier: Annotated[
        str | None, bt("BT-X-17", "Included item Buyer's identifier", "Article number.", FX)
    ] = None
    industry_identifier: Annotated[
        str | None, bt("BT-X-309", "Included item industry identifier", "Its number.", FX)
    ] = None
    name: Annotated[str | None, bt("BT-X-18", "Included item name", "Name of the part.", FX)] = None
    description: Annotated[str | None, bt("BT-X-19", "Included item description", "More about it.", FX)] = None
    quantity: Annotated[Decimal | None, bt("BT-X-20", "Included item quantity", "How many parts.", FX)] = None
    quantity_unit_code: Annotated[str | None, bt("BT-X-20-1", "Included item unit", "Unit of that quantity.", FX)] = (
        None
    )


class LineNote(Group, frozen=True):
    """A further note on the line."""

    note: Annotated[str | None, bt("", "Line note", "The remark in words.", FX)] = None
    subject_code: Annotated[str | None, bt("", "Line note subject code", "UNTDID 4451 code.", FX)] = None
    content_code: Annotated[str | None, bt("", "Line note content code", "The remark as a code.", FX)] = None


class LineTaxPart(Group, frozen=True):
    """The tax of one category within a line."""

    taxable_amount: Annotated[Decimal | None, bt("", "Line taxable amount", "What it is computed on.", UBL)] = None
    tax_amount: Annotated[Decimal | None, bt("", "Line category tax amount", "The tax.", UBL)] = None
    category_code: Annotated[str | None, bt("", "Line tax category", "UNTDID 5305 code.", UBL)] = None
    rate: Annotated[Decimal | None, bt("", "Line tax rate", "Rate in percent.", UBL)] = None
    tax_scheme_identifier: Annotated[
        str | None, bt("", "Tax scheme", "Which tax it is; absent for VAT, empty where none is named.", UBL)
    ] = None


class LineTax(Group, frozen=True):
    """VAT that UBL states for the line as an amount (outside EN 16931)."""

    rounding_amount: Annotated[Decimal | None, bt("", "Line tax rounding", "Rounding in it.", UBL)] = None
    parts: Annotated[tuple[LineTaxPart, ...], bg("", "Line tax parts", "The tax by category.", UBL)] = ()


def _reference(number: int, line: int, day: int) -> dict[str, str]:
    return {"reference": f"BT-X-{number}", "line_reference": f"BT-X-{line}", "issue_date": f"BT-X-{day}"}


class LineExtension(Group, frozen=True):
    """What lies outside EN 16931 at line level."""

    note_subject_code: Annotated[str | None, bt("BT-X-10", "Line note subject code", "UNTDID 4451 code.", FX)] = None
    note_content_code: Annotated[str | None, bt("BT-X-9", "Line note content code", "The note as a code.", FX)] = None
    additional_notes: Annotated[
        tuple[LineNote, ...], bg("", "Further line notes", "Notes beyond the first (BT-127).", FX)
    ] = ()
    parent_line_identifier: Annotated[
        str | None, bt("BT-X-304", "Parent line", "The line this one is part of.", FX)
    ] = None
    status_code: Annotated[str | None, bt("BT-X-7", "Line status code", "UNTDID 1229 code of the line.", FX)] = None
    status_reason_code: Annotated[
        str | None, bt("BT-X-8", "Line status reason code", "DETAIL, GROUP or INFORMATION.", FX)
    ] = None
    item_identifier: Annotated[str | None, bt("BT-X-305", "Item identifier", "Number of the item.", FX)] = None
    industry_item_identifier: Annotated[str | None, bt("BT-X-532", "Item industry identifier", "Its number.", FX)] = (
        None
    )
    model_identifier: Annotated[str | None, bt("BT-X-533", "Item model identifier", "Number of the model.", FX)] = None
    batch_identifiers: Annotated[tuple[str, ...], bt("BT-X-534", "Item batch identifier", "Batches.", FX)] = ()
    brand_name: Annotated[str | None, bt("BT-X-535", "Item brand", "Brand of the item.", FX)] = None
    model_name: Annotated[str | None, bt("BT-X-536", "Item model", "Model of the item.", FX)] = None
    item_instances: Annotated[
        tuple[ItemInstance, ...], bg("BG-X-84", "ITEM INSTANCE", "The pieces delivered.", FX)
    ] = ()
    included_items: Annotated[
        tuple[IncludedItem, ...], bg("BG-X-1", "INCLUDED ITEM", "Items that are part of the invoiced one.", FX)
    ] = ()
    purchase_order_reference: Annotated[str | None, bt("BT-X-21", "Line purchase order", "Order number.", FX)] = None
    purchase_order_date: Annotated[date | None, bt("BT-X-22", "Line purchase order date", "Day of the order.", FX)] = (
        None
    )
    sales_order: Annotated[
        DocumentReference | None,
        bg("BG-X-81", "LINE SALES ORDER", "The seller's order.", FX, _reference(537, 538, 539)),
    ] = None
    quotation: Annotated[
        DocumentReference | None,
        bg("BG-X-47", "LINE QUOTATION", "The quotation.", FX, _reference(310, 311, 312)),
    ] = None
    contract: Annotated[
        DocumentReference | None,
        bg("BG-X-2", "LINE CONTRACT", "The contract.", FX, _reference(24, 25, 26)),
    ] = None
    ultimate_customer_orders: Annotated[
        tuple[DocumentReference, ...],
        bg("BG-X-5", "LINE ULTIMATE CUSTOMER ORDER", "The end customer's order.", FX, _reference(43, 44, 45)),
    ] = ()
    despatch_advice: Annotated[
        DocumentReference | None,
        bg("BG-X-13", "LINE DESPATCH ADVICE", "What was sent.", FX, _reference(86, 87, 88)),
    ] = None
    receiving_advice: Annotated[
        DocumentReference | None,
        bg("BG-X-82", "LINE RECEIVING ADVICE", "What was received.", FX, _reference(89, 90, 91)),
    ] = None
    delivery_note: Annotated[
        DocumentReference | None,
        bg("BG-X-83", "LINE DELIVERY NOTE", "The delivery note.", FX, _reference(92, 93, 94)),
    ] = None
    preceding_invoices: Annotated[
        tuple[DocumentReference, ...],
        bg(
            "BG-X-48",
            "LINE PRECEDING INVOICE",
            "The earlier invoice.",
            FX,
            _reference(331, 540, 333) | {"type_code": "BT-X-332"},
        ),
    ] = ()
    additional_documents: Annotated[
        tuple[SupportingDocument, ...], bg("BG-X-3", "LINE ADDITIONAL DOCUMENT", "Documents on the line.", FX)
    ] = ()
    additional_object_identifiers: Annotated[
        tuple[Identifier, ...], bt("", "Further line object identifiers", "Beyond the first (BT-128).", FX)
    ] = ()
    buyer_accounting_reference_type_code: Annotated[
        str | None, bt("BT-X-99", "Line accounting reference type", "Kind of account.", FX)
    ] = None
    included_tax: Annotated[
        AppliedTax | None,
        bg(
            "BG-X-4",
            "PRICE VAT",
            "VAT included in the price.",
            FX,
            {
                "category_code": "BT-X-40",
                "rate": "BT-X-42",
                "amount": "BT-X-37",
                "exemption_reason_text": "BT-X-39",
                "exemption_reason_code": "BT-X-41",
            },
        ),
    ] = None
    charge_free_quantity: Annotated[Decimal | None, bt("BT-X-46", "Charge free quantity", "Delivered free.", FX)] = None
    charge_free_quantity_unit_code: Annotated[str | None, bt("BT-X-46-0", "Charge free unit", "Its unit.", FX)] = None
    package_quantity: Annotated[Decimal | None, bt("BT-X-47", "Package quantity", "How many packages.", FX)] = None
    package_quantity_unit_code: Annotated[str | None, bt("BT-X-47-0", "Package unit", "Its unit.", FX)] = None
    quantity_per_package: Annotated[Decimal | None, bt("BT-X-561", "Quantity per package", "How many in one.", FX)] = (
        None
    )
    quantity_per_package_unit_code: Annotated[str | None, bt("BT-X-561-0", "Per package unit", "Its unit.", FX)] = None
    actual_delivery_date: Annotated[date | None, bt("BT-X-85", "Line delivery date", "Day of delivery.", FX)] = None
    delivery_terms: Annotated[
        DeliveryTerms | None,
        bg(
            "BG-X-87",
            "LINE DELIVERY TERMS",
            "Terms of delivery (Incoterms).",
            FX,
            {"code": "BT-X-562", "location_country_code": "BT-X-565", "location_name": "BT-X-566"},
        ),
    ] = None
    ship_to: Annotated[
        Party | None,
        bg(
            "BG-X-7",
            "LINE SHIP TO",
            "Where the line was delivered to.",
            FX,
            party_numbers(
                identifier=53,
                name=50,
                role=541,
                registration=51,
                trading_name=52,
                legal_address=("", 0),
                contact=("BG-X-8", (54, 54, 315, 55, 56, 57)),
                address=("BG-X-9", 58),
                electronic_address=65,
                vat=66,
            )
            | {"identifiers": "BT-186", "contact.department_name": "BT-X-54-1"},
        ),
    ] = None
    ultimate_ship_to: Annotated[
        Party | None,
        bg(
            "BG-X-10",
            "LINE ULTIMATE SHIP TO",
            "Where the line ends up.",
            FX,
            party_numbers(
                identifier=67,
                name=69,
                role=542,
                registration=70,
                trading_name=71,
                legal_address=("", 0),
                contact=("BG-X-11", (72, 72, 316, 73, 74, 75)),
                address=("BG-X-12", 76),
                electronic_address=83,
                vat=84,
            )
            | {"contact.department_name": "BT-X-72-1"},
        ),
    ] = None
    charge_total: Annotated[Decimal | None, bt("BT-X-327", "Line charge total", "Charges of the line.", FX)] = None
    allowance_total: Annotated[
        Decimal | None, bt("BT-X-328", "Line allowance total", "Allowances of the line.", FX)
    ] = None
    allowance_charge_total: Annotated[
        Decimal | None, bt("BT-X-98", "Line allowance and charge total", "Both together.", FX)
    ] = None
    tax_total: Annotated[Decimal | None, bt("BT-X-329", "Line VAT total", "VAT of the line.", FX)] = None
    gross_amount: Annotated[Decimal | None, bt("BT-X-330", "Line amount with VAT", "Line amount, VAT in.", FX)] = None
    tax: Annotated[LineTax | None, bg("", "Line tax", "Tax of the line as UBL states it.", UBL)] = None
