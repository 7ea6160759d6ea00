# SPDX-License-Identifier: Apache-2.0
"""What is invoiced: BG-25 to BG-32."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from datetime import date
from decimal import Decimal
from typing import Annotated

from einvoice.model.extensions import AllowanceChargeExtension, LineExtension
from einvoice.model.terms import FX, UBL, XR, Group, bg, bt
from einvoice.model.values import Identifier


class InvoiceLinePeriod(Group, frozen=True):
    """BG-26: the period the line is for."""

    start_date: Annotated[date | None, bt("BT-134", "Invoice line period start date", "First day of the period.")] = (
        None
    )
    end_date: Annotated[date | None, bt("BT-135", "Invoice line period end date", "Last day of the period.")] = None


class InvoiceLineAllowance(Group, frozen=True):
    """BG-27: a deduction from the line."""

    amount: Annotated[Decimal | None, bt("BT-136", "Invoice line allowance amount", "The deduction, without VAT.")] = (
        None
    )
    base_amount: Annotated[
        Decimal | None, bt("BT-137", "Invoice line allowance base amount", "What the percentage is taken of.")
    ] = None
    percentage: Annotated[
        Decimal | None, bt("BT-138", "Invoice line allowance percentage", "Percent of the base amount.")
    ] = None
    reason: Annotated[str | None, bt("BT-139", "Invoice line allowance reason", "Why it is granted, in words.")] = None
    reason_code: Annotated[
        str | None, bt("BT-140", "Invoice line allowance reason code", "Why it is granted: UNTDID 5189 code.")
    ] = None
    extension: Annotated[
        AllowanceChargeExtension | None, bg("", "Invoice line allowance, extension", "What extensions add to it.", FX)
    ] = None


class InvoiceLineCharge(Group, frozen=True):
    """BG-28: an addition to the line that is no tax."""

    amount: Annotated[Decimal | None, bt("BT-141", "Invoice line charge amount", "The addition, without VAT.")] = None
    base_amount: Annotated[
        Decimal | None, bt("BT-142", "Invoice line charge base amount", "What the percentage is taken of.")
    ] = None
    percentage: Annotated[
        Decimal | None, bt("BT-143", "Invoice line charge percentage", "Percent of the base amount.")
    ] = None
    reason: Annotated[str | None, bt("BT-144", "Invoice line charge reason", "Why it is charged, in words.")] = None
    reason_code: Annotated[
        str | None, bt("BT-145", "Invoice line charge reason code", "Why it is charged: UNTDID 7161 code.")
    ] = None
    extension: Annotated[
        AllowanceChargeExtension | None, bg("", "Invoice line charge, extension", "What extensions add to it.", FX)
    ] = None


class PriceAllowance(Group, frozen=True):
    """A discount or charge between gross and net price beyond the one that BT-147 states (Factur-X EXTENDED)."""

    amount: Annotated[Decimal | None, bt("", "Price allowance amount", "Discount or charge per price base.", FX)] = None
    base_amount: Annotated[Decimal | None, bt("", "Price allowance base", "What the percentage is taken of.", FX)] = (
        None
    )
    percentage: Annotated[Decimal | None, bt("", "Price allowance percentage", "Percent of the base.", FX)] = None
    reason: Annotated[str | None, bt("", "Price allowance reason", "Why, in words.", FX)] = None
    reason_code: Annotated[str | None, bt("", "Price allowance reason code", "Why: UNTDID 5189 code.", FX)] = None


class PriceDetails(Group, frozen=True):
    """BG-29: the price of the item."""

    item_net_price: Annotated[
        Decimal | None, bt("BT-146", "Item net price", "Price of the item without VAT, discount taken off.")
    ] = None
    item_price_discount: Annotated[
        Decimal | None, bt("BT-147", "Item price discount", "What was taken off the gross price.")
    ] = None
    item_gross_price: Annotated[
        Decimal | None, bt("BT-148", "Item gross price", "Price without VAT before the discount.")
    ] = None
    item_price_base_quantity: Annotated[
        Decimal | None, bt("BT-149", "Item price base quantity", "How many units the price is for.")
    ] = None
    item_price_base_quantity_unit_of_measure_code: Annotated[
        str | None, bt("BT-150", "Item price base quantity unit of measure code", "Unit of that quantity.")
    ] = None
    gross_price_base_quantity: Annotated[
        Decimal | None, bt("BT-149-1", "Gross price base quantity", "How many units the gross price is for.", FX)
    ] = None
    gross_price_base_quantity_unit_of_measure_code: Annotated[
        str | None, bt("BT-150-1", "Gross price base quantity unit", "Unit of that quantity.", FX)
    ] = None
    discount_base_amount: Annotated[
        Decimal | None, bt("BT-X-35", "Item price discount base amount", "What the percentage is taken of.", FX)
    ] = None
    discount_percentage: Annotated[
        Decimal | None, bt("BT-X-34", "Item price discount percentage", "The discount in percent.", FX)
    ] = None
    discount_reason: Annotated[
        str | None, bt("BT-X-36", "Item price discount reason", "Why it is granted, in words.", FX)
    ] = None
    discount_reason_code: Annotated[
        str | None, bt("BT-X-313", "Item price discount reason code", "Why it is granted: UNTDID 5189 code.", FX)
    ] = None
    further_discounts: Annotated[
        tuple[PriceAllowance, ...], bg("", "Further price discounts", "Discounts beyond the first.", FX)
    ] = ()
    charges: Annotated[
        tuple[PriceAllowance, ...],
        bg(
            "",
            "Price charges",
            "What is added between gross and net price.",
            FX,
            parts={
                "amount": "BT-X-302",
                "base_amount": "BT-X-301",
                "percentage": "BT-X-300",
                "reason": "BT-X-303",
                "reason_code": "BT-X-314",
            },
        ),
    ] = ()


class LineVatInformation(Group, frozen=True):
    """BG-30: the VAT of the line."""

    category_code: Annotated[
        str | None, bt("BT-151", "Invoiced item VAT category code", "UNTDID 5305 code of the item's category.")
    ] = None
    rate: Annotated[Decimal | None, bt("BT-152", "Invoiced item VAT rate", "Rate in percent.")] = None
    exemption_reason_text: Annotated[
        str | None, bt("BT-X-96", "Item VAT exemption reason text", "Why no VAT is charged, in words.", FX)
    ] = None
    exemption_reason_code: Annotated[
        str | None, bt("BT-X-97", "Item VAT exemption reason code", "Why no VAT is charged: VATEX code.", FX)
    ] = None
    tax_amount: Annotated[Decimal | None, bt("BT-X-95", "Item VAT amount", "The VAT of the line.", FX)] = None
    tax_scheme_identifier: Annotated[
        str | None, bt("", "Tax scheme", "Which tax it is; absent for VAT, empty where none is named.", UBL)
    ] = None


class ItemAttribute(Group, frozen=True):
    """BG-32: a property of the item."""

    name: Annotated[str | None, bt("BT-160", "Item attribute name", "Which property, such as colour.")] = None
    value: Annotated[str | None, bt("BT-161", "Item attribute value", "Its value, such as black.")] = None
    type_code: Annotated[str | None, bt("BT-X-11", "Item attribute type code", "The property as a code.", FX)] = None
    value_measure: Annotated[Decimal | None, bt("BT-X-12", "Item attribute measure", "Its value as a number.", FX)] = (
        None
    )
    value_measure_unit_code: Annotated[
        str | None, bt("BT-X-12-0", "Item attribute measure unit", "Unit of that number.", FX)
    ] = None


class ItemClassification(Group, frozen=True):
    """BT-158: a class the item belongs to."""

    identifier: Annotated[
        Identifier | None,
        bt("BT-158", "Item classification identifier", "Code of the class; scheme UNTDID 7143, with its version."),
    ] = None
    name: Annotated[str | None, bt("BT-X-13", "Item classification name", "The class in words.", FX)] = None


class ItemInformation(Group, frozen=True):
    """BG-31: what the item is."""

    name: Annotated[str | None, bt("BT-153", "Item name", "Name of the item.")] = None
    description: Annotated[str | None, bt("BT-154", "Item description", "More about the item.")] = None
    sellers_identifier: Annotated[
        str | None, bt("BT-155", "Item Seller's identifier", "The seller's article number.")
    ] = None
    buyers_identifier: Annotated[str | None, bt("BT-156", "Item Buyer's identifier", "The buyer's article number.")] = (
        None
    )
    standard_identifier: Annotated[
        Identifier | None, bt("BT-157", "Item standard identifier", "A registered article number, such as a GTIN.")
    ] = None
    classifications: Annotated[
        tuple[ItemClassification, ...], bg("", "Item classifications", "Classes the item belongs to (BT-158).")
    ] = ()
    country_of_origin: Annotated[str | None, bt("BT-159", "Item country of origin", "ISO 3166-1 code.")] = None
    attributes: Annotated[tuple[ItemAttribute, ...], bg("BG-32", "ITEM ATTRIBUTES", "Properties of the item.")] = ()


class InvoiceLine(Group, frozen=True):
    """BG-25: one thing that is invoiced."""

    identifier: Annotated[
        str | None, bt("BT-126", "Invoice line identifier", "What tells this line from the others.")
    ] = None
    note: Annotated[str | None, bt("BT-127", "Invoice line note", "A remark on the line.")] = None
    object_identifier: Annotated[
        Identifier | None,
        bt("BT-128", "Invoice line object identifier", "What the line is for, such as a meter; scheme UNTDID 1153."),
    ] = None
    invoiced_quantity: Annotated[Decimal | None, bt("BT-129", "Invoiced quantity", "How much is invoiced.")] = None
    invoiced_quantity_unit_of_measure_code: Annotated[
        str | None,
        bt("BT-130", "Invoiced quantity unit of measure code", "Unit of the quantity: UN/ECE Rec. 20 or 21 code."),
    ] = None
    net_amount: Annotated[
        Decimal | None,
        bt("BT-131", "Invoice line net amount", "Amount of the line without VAT, allowances and charges in."),
    ] = None
    referenced_purchase_order_line_reference: Annotated[
        str | None, bt("BT-132", "Referenced purchase order line reference", "Line of the buyer's order.")
    ] = None
    buyer_accounting_reference: Annotated[
        str | None, bt("BT-133", "Invoice line Buyer accounting reference", "Where the buyer books the line.")
    ] = None
    period: Annotated[InvoiceLinePeriod | None, bg("BG-26", "INVOICE LINE PERIOD", "The period it is for.")] = None
    allowances: Annotated[
        tuple[InvoiceLineAllowance, ...], bg("BG-27", "INVOICE LINE ALLOWANCES", "Deductions from the line.")
    ] = ()
    charges: Annotated[
        tuple[InvoiceLineCharge, ...], bg("BG-28", "INVOICE LINE CHARGES", "Additions to the line.")
    ] = ()
    price_details: Annotated[PriceDetails | None, bg("BG-29", "PRICE DETAILS", "The price of the item.")] = None
    vat_information: Annotated[
        LineVatInformation | None, bg("BG-30", "LINE VAT INFORMATION", "The VAT of the line.")
    ] = None
    item_information: Annotated[ItemInformation | None, bg("BG-31", "ITEM INFORMATION", "What the item is.")] = None
    sub_lines: Annotated[
        tuple["InvoiceLine", ...], bg("BG-DEX-01", "SUB INVOICE LINE", "Lines that this line is made of.", XR)
    ] = ()
    extension: Annotated[
        LineExtension | None, bg("", "Invoice line, extension", "What lies outside EN 16931 at line level.", FX)
    ] = None
