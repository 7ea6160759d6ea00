# SPDX-License-Identifier: Apache-2.0
"""The sums of an invoice: BG-20 to BG-23. All amounts in the invoice currency (BT-5) unless said otherwise."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from datetime import date
from decimal import Decimal
from typing import Annotated

from einvoice.model.extensions import AllowanceChargeExtension
from einvoice.model.terms import EN, FX, UBL, Group, bg, bt


class DocumentLevelAllowance(Group, frozen=True):
    """BG-20: a deduction from the whole invoice."""

    amount: Annotated[Decimal | None, bt("BT-92", "Document level allowance amount", "The deduction, without VAT.")] = (
        None
    )
    base_amount: Annotated[
        Decimal | None, bt("BT-93", "Document level allowance base amount", "What the percentage is taken of.")
    ] = None
    percentage: Annotated[
        Decimal | None, bt("BT-94", "Document level allowance percentage", "Percent of the base amount.")
    ] = None
    vat_category_code: Annotated[
        str | None, bt("BT-95", "Document level allowance VAT category code", "VAT category of the deduction.")
    ] = None
    vat_rate: Annotated[Decimal | None, bt("BT-96", "Document level allowance VAT rate", "VAT rate in percent.")] = None
    reason: Annotated[str | None, bt("BT-97", "Document level allowance reason", "Why it is granted, in words.")] = None
    reason_code: Annotated[
        str | None, bt("BT-98", "Document level allowance reason code", "Why it is granted: UNTDID 5189 code.")
    ] = None
    extension: Annotated[
        AllowanceChargeExtension | None,
        bg(
            "",
            "Document level allowance, extension",
            "What Factur-X EXTENDED adds to an allowance.",
            FX,
            parts={
                "vat_exemption_reason": "BT-173",
                "vat_exemption_reason_code": "BT-174",
                "sequence": "BT-X-265",
                "base_quantity": "BT-X-266",
                "base_quantity_unit_code": "BT-X-267",
            },
        ),
    ] = None


class DocumentLevelCharge(Group, frozen=True):
    """BG-21: an addition to the whole invoice that is no tax."""

    amount: Annotated[Decimal | None, bt("BT-99", "Document level charge amount", "The addition, without VAT.")] = None
    base_amount: Annotated[
        Decimal | None, bt("BT-100", "Document level charge base amount", "What the percentage is taken of.")
    ] = None
    percentage: Annotated[
        Decimal | None, bt("BT-101", "Document level charge percentage", "Percent of the base amount.")
    ] = None
    vat_category_code: Annotated[
        str | None, bt("BT-102", "Document level charge VAT category code", "VAT category of the addition.")
    ] = None
    vat_rate: Annotated[Decimal | None, bt("BT-103", "Document level charge VAT rate", "VAT rate in percent.")] = None
    reason: Annotated[str | None, bt("BT-104", "Document level charge reason", "Why it is charged, in words.")] = None
    reason_code: Annotated[
        str | None, bt("BT-105", "Document level charge reason code", "Why it is charged: UNTDID 7161 code.")
    ] = None
    extension: Annotated[
        AllowanceChargeExtension | None,
        bg(
            "",
            "Document level charge, extension",
            "What Factur-X EXTENDED adds to a charge.",
            FX,
            parts={
                "vat_exemption_reason": "BT-175",
                "vat_exemption_reason_code": "BT-176",
                "sequence": "BT-X-268",
                "base_quantity": "BT-X-269",
                "base_quantity_unit_code": "BT-X-270",
            },
        ),
    ] = None


class DocumentTotals(Group, frozen=True):
    """BG-22: the sums over the whole invoice."""

    sum_of_invoice_line_net_amount: Annotated[
        Decimal | None, bt("BT-106", "Sum of Invoice line net amount", "All BT-131 added up.")
    ] = None
    sum_of_allowances_on_document_level: Annotated[
        Decimal | None, bt("BT-107", "Sum of allowances on document level", "All BT-92 added up.")
    ] = None
    sum_of_charges_on_document_level: Annotated[
        Decimal | None, bt("BT-108", "Sum of charges on document level", "All BT-99 added up.")
    ] = None
    invoice_total_amount_without_vat: Annotated[
        Decimal | None, bt("BT-109", "Invoice total amount without VAT", "Lines, less allowances, plus charges.")
    ] = None
    invoice_total_vat_amount: Annotated[
        Decimal | None, bt("BT-110", "Invoice total VAT amount", "All BT-117 added up.")
    ] = None
    invoice_total_vat_amount_in_accounting_currency: Annotated[
        Decimal | None,
        bt("BT-111", "Invoice total VAT amount in accounting currency", "The VAT total in the currency of BT-6."),
    ] = None
    invoice_total_amount_with_vat: Annotated[
        Decimal | None, bt("BT-112", "Invoice total amount with VAT", "Total without VAT plus VAT.")
    ] = None
    paid_amount: Annotated[Decimal | None, bt("BT-113", "Paid amount", "What has been paid in advance.")] = None
    rounding_amount: Annotated[
        Decimal | None, bt("BT-114", "Rounding amount", "What is added to round the amount due.")
    ] = None
    amount_due_for_payment: Annotated[
        Decimal | None, bt("BT-115", "Amount due for payment", "What remains to be paid.")
    ] = None


class VatBreakdown(Group, frozen=True):
    """BG-23: the VAT of one category and rate."""

    taxable_amount: Annotated[
        Decimal | None, bt("BT-116", "VAT category taxable amount", "What the tax is computed on.")
    ] = None
    tax_amount: Annotated[Decimal | None, bt("BT-117", "VAT category tax amount", "The tax of this category.")] = None
    category_code: Annotated[
        str | None, bt("BT-118", "VAT category code", "UNTDID 5305 code, such as S, Z, E, AE, K, G, O.")
    ] = None
    rate: Annotated[Decimal | None, bt("BT-119", "VAT category rate", "Rate in percent.")] = None
    exemption_reason_text: Annotated[
        str | None, bt("BT-120", "VAT exemption reason text", "Why no VAT is charged, in words.")
    ] = None
    exemption_reason_code: Annotated[
        str | None, bt("BT-121", "VAT exemption reason code", "Why no VAT is charged: VATEX code.")
    ] = None
    line_total_basis_amount: Annotated[
        Decimal | None, bt("BT-X-262", "Line total of the VAT category", "Share of the lines in BT-116.", FX)
    ] = None
    allowance_charge_basis_amount: Annotated[
        Decimal | None,
        bt("BT-X-263", "Allowances and charges of the VAT category", "Share of allowances and charges in BT-116.", FX),
    ] = None
    tax_point_date: Annotated[
        date | None, bt("", "Tax point date of the breakdown", "BT-7, where this breakdown states another.", EN)
    ] = None
    tax_point_date_code: Annotated[
        str | None, bt("", "Tax point date code of the breakdown", "BT-8, where this breakdown states another.", EN)
    ] = None
    tax_scheme_identifier: Annotated[
        str | None, bt("", "Tax scheme", "Which tax it is; absent for VAT, empty where none is named.", UBL)
    ] = None
