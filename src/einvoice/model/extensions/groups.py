# SPDX-License-Identifier: Apache-2.0
"""Groups that extensions add to the document and to its lines."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from datetime import date
from decimal import Decimal
from typing import Annotated

from einvoice.model.extensions.party import Party, party_numbers
from einvoice.model.terms import FX, UBL, XR, Group, bg, bt
from einvoice.model.values import Attachment


class DocumentReference(Group, frozen=True):
    """A reference to another document."""

    reference: Annotated[str | None, bt("", "Document reference", "Number of the document.", FX)] = None
    line_reference: Annotated[str | None, bt("", "Document line reference", "Line of the document.", FX)] = None
    issue_date: Annotated[date | None, bt("", "Document date", "Day the document was issued.", FX)] = None
    type_code: Annotated[str | None, bt("", "Document type code", "UNTDID 1001 code of the document.", FX)] = None


class SupportingDocument(Group, frozen=True):
    """A document that supports a line."""

    reference: Annotated[str | None, bt("BT-X-27", "Line document reference", "Identifier of the document.", FX)] = None
    description: Annotated[str | None, bt("BT-X-299", "Line document description", "What it is.", FX)] = None
    external_document_location: Annotated[str | None, bt("BT-X-28", "Line document location", "Its URL.", FX)] = None
    attached_document: Annotated[Attachment | None, bt("BT-X-31", "Line attached document", "The document.", FX)] = None
    line_reference: Annotated[str | None, bt("BT-X-29", "Line document line", "Line of that document.", FX)] = None
    type_code: Annotated[str | None, bt("BT-X-30", "Line document type code", "UNTDID 1001 code.", FX)] = None
    reference_type_code: Annotated[
        str | None, bt("BT-X-32", "Line document reference type", "UNTDID 1153 code.", FX)
    ] = None
    issue_date: Annotated[date | None, bt("BT-X-33", "Line document date", "Day it was issued.", FX)] = None


class AllowanceChargeExtension(Group, frozen=True):
    """What extensions add to an allowance or a charge."""

    sequence: Annotated[Decimal | None, bt("", "Calculation sequence", "In which order they are computed.", FX)] = None
    base_quantity: Annotated[Decimal | None, bt("", "Base quantity", "How many units it is granted for.", FX)] = None
    base_quantity_unit_code: Annotated[str | None, bt("", "Base quantity unit", "Unit of that quantity.", FX)] = None
    vat_exemption_reason: Annotated[str | None, bt("", "VAT exemption reason", "Why no VAT, in words.", FX)] = None
    vat_exemption_reason_code: Annotated[str | None, bt("", "VAT exemption reason code", "VATEX code.", FX)] = None
    vat_category_code: Annotated[str | None, bt("", "VAT category", "VAT category, stated at line level.", UBL)] = None
    vat_rate: Annotated[Decimal | None, bt("", "VAT rate", "VAT rate in percent, stated at line level.", UBL)] = None
    tax_scheme_identifier: Annotated[
        str | None, bt("", "Tax scheme", "Which tax it is; absent for VAT, empty where none is named.", UBL)
    ] = None


class PaymentCondition(Group, frozen=True):
    """What happens if one pays early (a discount, Skonto) or late (a penalty)."""

    basis_date: Annotated[date | None, bt("", "Reference date", "Day from which the period counts.", FX)] = None
    basis_period: Annotated[Decimal | None, bt("", "Period", "Length of the period.", FX)] = None
    basis_period_unit_code: Annotated[str | None, bt("", "Period unit", "Unit of the period, such as DAY.", FX)] = None
    basis_amount: Annotated[Decimal | None, bt("", "Base amount", "What the percentage is taken of.", FX)] = None
    percentage: Annotated[Decimal | None, bt("", "Percentage", "Discount or penalty in percent.", FX)] = None
    amount: Annotated[Decimal | None, bt("", "Amount", "Discount or penalty as an amount.", FX)] = None


def _condition(first: int) -> dict[str, str]:
    names = ("basis_date", "basis_period", "basis_period_unit_code", "basis_amount", "percentage", "amount")
    return {name: f"BT-X-{first + step}" for step, name in enumerate(names)}


class PaymentTerms(Group, frozen=True):
    """One set of payment terms. The first set's text, due date and mandate are BT-20, BT-9 and BT-89."""

    description: Annotated[str | None, bt("", "Payment terms", "These terms in words.", FX)] = None
    due_date: Annotated[date | None, bt("", "Payment due date", "Day by which to pay.", FX)] = None
    mandate_reference_identifier: Annotated[str | None, bt("", "Mandate reference", "The mandate.", FX)] = None
    partial_payment_amount: Annotated[
        Decimal | None, bt("BT-X-275", "Partial payment amount", "The instalment.", FX)
    ] = None
    discounts: Annotated[
        tuple[PaymentCondition, ...],
        bg("BG-X-44", "EARLY PAYMENT DISCOUNT TERMS", "What is taken off for paying early.", FX, _condition(282)),
    ] = ()
    penalties: Annotated[
        tuple[PaymentCondition, ...],
        bg("BG-X-43", "LATE PAYMENT PENALTY TERMS", "What is added for paying late.", FX, _condition(276)),
    ] = ()
    payee: Annotated[
        Party | None,
        bg(
            "BG-X-77",
            "PAYEE OF THE TERMS",
            "Who receives this instalment.",
            FX,
            party_numbers(
                identifier=506,
                name=504,
                role=511,
                registration=508,
                trading_name=505,
                legal_address=("BG-X-80", 525),
                contact=("BG-X-78", (512, 513, 514, 515, 516, 517)),
                address=("BG-X-79", 518),
                electronic_address=510,
                vat=509,
            ),
        ),
    ] = None


class AppliedTax(Group, frozen=True):
    """The VAT of a logistics charge or of an advance payment."""

    category_code: Annotated[str | None, bt("", "VAT category code", "UNTDID 5305 code.", FX)] = None
    rate: Annotated[Decimal | None, bt("", "VAT rate", "Rate in percent.", FX)] = None
    amount: Annotated[Decimal | None, bt("", "VAT amount", "The tax.", FX)] = None
    exemption_reason_text: Annotated[str | None, bt("", "VAT exemption reason", "Why no VAT, in words.", FX)] = None
    exemption_reason_code: Annotated[str | None, bt("", "VAT exemption reason code", "VATEX code.", FX)] = None
    tax_scheme_identifier: Annotated[
        str | None, bt("", "Tax scheme", "Which tax it is; absent for VAT, empty where none is named.", UBL)
    ] = None


class LogisticsServiceCharge(Group, frozen=True):
    """BG-X-42: freight, packing and the like, charged on the whole invoice."""

    description: Annotated[str | None, bt("BT-X-271", "Logistics charge description", "What is charged.", FX)] = None
    amount: Annotated[Decimal | None, bt("BT-X-272", "Logistics charge amount", "The charge, without VAT.", FX)] = None
    taxes: Annotated[
        tuple[AppliedTax, ...],
        bg(
            "",
            "Logistics charge VAT",
            "Its VAT.",
            FX,
            {
                "category_code": "BT-X-273",
                "rate": "BT-X-274",
                "exemption_reason_text": "BT-X-591",
                "exemption_reason_code": "BT-X-592",
            },
        ),
    ] = ()


class AdvancePayment(Group, frozen=True):
    """BG-X-45: a payment made in advance, with its VAT."""

    amount: Annotated[Decimal | None, bt("BT-X-291", "Advance payment amount", "What was paid, VAT in.", FX)] = None
    received_date: Annotated[date | None, bt("BT-X-292", "Advance payment date", "When it was received.", FX)] = None
    taxes: Annotated[
        tuple[AppliedTax, ...],
        bg(
            "BG-X-46",
            "Advance payment VAT",
            "VAT included in it.",
            FX,
            {
                "category_code": "BT-X-296",
                "rate": "BT-X-298",
                "amount": "BT-X-293",
                "exemption_reason_text": "BT-X-295",
                "exemption_reason_code": "BT-X-297",
            },
        ),
    ] = ()
    invoice: Annotated[
        DocumentReference | None,
        bg(
            "BG-X-85",
            "Advance payment invoice",
            "The invoice it was paid on.",
            FX,
            {"reference": "BT-X-558", "type_code": "BT-X-559", "issue_date": "BT-X-560"},
        ),
    ] = None


class ThirdPartyPayment(Group, frozen=True):
    """BG-DEX-09: an amount collected for somebody else, added to the amount due."""

    type: Annotated[str | None, bt("BT-DEX-001", "Third party payment type", "Which kind of amount it is.", XR)] = None
    amount: Annotated[Decimal | None, bt("BT-DEX-002", "Third party payment amount", "The amount, VAT in.", XR)] = None
    description: Annotated[str | None, bt("BT-DEX-003", "Third party payment description", "For what.", XR)] = None


class CurrencyExchange(Group, frozen=True):
    """BG-X-41: how the VAT total was brought into the accounting currency."""

    source_currency_code: Annotated[str | None, bt("BT-X-258", "Source currency", "ISO 4217 code.", FX)] = None
    target_currency_code: Annotated[str | None, bt("BT-X-259", "Target currency", "ISO 4217 code.", FX)] = None
    rate: Annotated[Decimal | None, bt("BT-X-260", "Exchange rate", "Target units for one source unit.", FX)] = None
    rate_date: Annotated[date | None, bt("BT-X-261", "Exchange rate date", "Day of the rate.", FX)] = None


class DeliveryTerms(Group, frozen=True):
    """BG-X-22: by which terms the goods were delivered (Incoterms)."""

    code: Annotated[str | None, bt("", "Delivery terms code", "UNTDID 4053 code, such as EXW.", FX)] = None
    location_country_code: Annotated[str | None, bt("", "Delivery terms country", "ISO 3166-1 code.", FX)] = None
    location_name: Annotated[str | None, bt("", "Delivery terms place", "The named place.", FX)] = None
