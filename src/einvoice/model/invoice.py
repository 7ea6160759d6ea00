# SPDX-License-Identifier: Apache-2.0
"""The invoice itself: the terms at document level, and the groups below it."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from datetime import date
from typing import Annotated

from einvoice.model.delivery import DeliveryInformation, InvoicingPeriod
from einvoice.model.extensions import InvoiceExtension
from einvoice.model.lines import InvoiceLine
from einvoice.model.parties import Buyer, Payee, Seller, SellerTaxRepresentative
from einvoice.model.payment import PaymentInstructions
from einvoice.model.terms import FX, UBL, Group, bg, bt
from einvoice.model.totals import DocumentLevelAllowance, DocumentLevelCharge, DocumentTotals, VatBreakdown
from einvoice.model.values import Attachment, Identifier


class InvoiceNote(Group, frozen=True):
    """BG-1: a remark on the whole invoice."""

    subject_code: Annotated[
        str | None, bt("BT-21", "Invoice note subject code", "What the note is about: UNTDID 4451 code.")
    ] = None
    note: Annotated[str | None, bt("BT-22", "Invoice note", "The remark in words.")] = None
    content_code: Annotated[str | None, bt("BT-X-5", "Invoice note content code", "The remark as a code.", FX)] = None


class ProcessControl(Group, frozen=True):
    """BG-2: by which process and which rules the invoice was made."""

    business_process_type: Annotated[
        str | None, bt("BT-23", "Business process type", "The process the invoice is part of.")
    ] = None
    specification_identifier: Annotated[
        str | None, bt("BT-24", "Specification identifier", "The specification (CIUS, profile) the invoice obeys.")
    ] = None


class PrecedingInvoiceReference(Group, frozen=True):
    """BG-3: an earlier invoice this one refers to."""

    reference: Annotated[str | None, bt("BT-25", "Preceding Invoice reference", "Number of the earlier invoice.")] = (
        None
    )
    issue_date: Annotated[
        date | None, bt("BT-26", "Preceding Invoice issue date", "Day the earlier invoice was issued.")
    ] = None
    type_code: Annotated[
        str | None, bt("BT-X-555", "Preceding Invoice type code", "Kind of the earlier invoice.", FX)
    ] = None


class AdditionalSupportingDocument(Group, frozen=True):
    """BG-24: a document that supports the invoice."""

    reference: Annotated[str | None, bt("BT-122", "Supporting document reference", "Identifier of the document.")] = (
        None
    )
    description: Annotated[str | None, bt("BT-123", "Supporting document description", "What the document is.")] = None
    external_document_location: Annotated[
        str | None, bt("BT-124", "External document location", "URL at which the document can be found.")
    ] = None
    attached_document: Annotated[
        Attachment | None, bt("BT-125", "Attached document", "The document itself, with MIME code and file name.")
    ] = None
    issue_date: Annotated[
        date | None, bt("BT-X-149", "Supporting document date", "Day the document was issued.", FX)
    ] = None
    type_code: Annotated[
        str | None, bt("", "Supporting document type code", "Kind of the document, as UBL states it.", UBL)
    ] = None


class Invoice(Group, frozen=True):
    """An invoice or credit note: every term of EN 16931-1:2017, and extensions beside it.

    Any invoice fits in, also a bad one: each field is optional and nothing is judged here (``einvoice.rules``
    judges). BG-14 stands beside BG-13 instead of inside it, because both syntaxes have it there.
    """

    number: Annotated[str | None, bt("BT-1", "Invoice number", "The number that identifies the invoice.")] = None
    issue_date: Annotated[date | None, bt("BT-2", "Invoice issue date", "Day the invoice was issued.")] = None
    type_code: Annotated[
        str | None, bt("BT-3", "Invoice type code", "Kind of document: UNTDID 1001 code, such as 380 or 381.")
    ] = None
    currency_code: Annotated[
        str | None, bt("BT-5", "Invoice currency code", "ISO 4217 code of the currency of all amounts but BT-111.")
    ] = None
    vat_accounting_currency_code: Annotated[
        str | None, bt("BT-6", "VAT accounting currency code", "ISO 4217 code of the currency of BT-111.")
    ] = None
    value_added_tax_point_date: Annotated[
        date | None, bt("BT-7", "Value added tax point date", "Day on which the VAT becomes due.")
    ] = None
    value_added_tax_point_date_code: Annotated[
        str | None,
        bt(
            "BT-8",
            "Value added tax point date code",
            "Which day makes the VAT due, as UNTDID 2005 code: 3 issue date, 35 delivery, 432 payment.",
        ),
    ] = None
    payment_due_date: Annotated[date | None, bt("BT-9", "Payment due date", "Day by which to pay.")] = None
    buyer_reference: Annotated[
        str | None, bt("BT-10", "Buyer reference", "What the buyer routes the invoice by, such as a Leitweg-ID.")
    ] = None
    project_reference: Annotated[str | None, bt("BT-11", "Project reference", "The project the invoice is for.")] = None
    contract_reference: Annotated[str | None, bt("BT-12", "Contract reference", "The contract behind it.")] = None
    purchase_order_reference: Annotated[
        str | None, bt("BT-13", "Purchase order reference", "Order number issued by the buyer.")
    ] = None
    sales_order_reference: Annotated[
        str | None, bt("BT-14", "Sales order reference", "Order number issued by the seller.")
    ] = None
    receiving_advice_reference: Annotated[
        str | None, bt("BT-15", "Receiving advice reference", "The buyer's advice of what was received.")
    ] = None
    despatch_advice_reference: Annotated[
        str | None, bt("BT-16", "Despatch advice reference", "The seller's advice of what was sent.")
    ] = None
    tender_or_lot_reference: Annotated[
        str | None, bt("BT-17", "Tender or lot reference", "The call for tenders or lot the invoice is for.")
    ] = None
    invoiced_object_identifier: Annotated[
        Identifier | None,
        bt("BT-18", "Invoiced object identifier", "What is invoiced, such as a meter; scheme UNTDID 1153."),
    ] = None
    buyer_accounting_reference: Annotated[
        str | None, bt("BT-19", "Buyer accounting reference", "Where the buyer books it.")
    ] = None
    payment_terms: Annotated[str | None, bt("BT-20", "Payment terms", "The terms of payment in words.")] = None
    notes: Annotated[tuple[InvoiceNote, ...], bg("BG-1", "INVOICE NOTE", "Remarks on the whole invoice.")] = ()
    process_control: Annotated[
        ProcessControl | None, bg("BG-2", "PROCESS CONTROL", "By which process and rules the invoice was made.")
    ] = None
    preceding_invoice_references: Annotated[
        tuple[PrecedingInvoiceReference, ...],
        bg("BG-3", "PRECEDING INVOICE REFERENCE", "Earlier invoices this one refers to."),
    ] = ()
    seller: Annotated[Seller | None, bg("BG-4", "SELLER", "The party that sells.")] = None
    buyer: Annotated[Buyer | None, bg("BG-7", "BUYER", "The party that buys.")] = None
    payee: Annotated[Payee | None, bg("BG-10", "PAYEE", "The party to be paid, where it is not the seller.")] = None
    seller_tax_representative: Annotated[
        SellerTaxRepresentative | None,
        bg("BG-11", "SELLER TAX REPRESENTATIVE PARTY", "Who represents the seller before the tax authority."),
    ] = None
    delivery_information: Annotated[
        DeliveryInformation | None, bg("BG-13", "DELIVERY INFORMATION", "When and where it was delivered.")
    ] = None
    invoicing_period: Annotated[
        InvoicingPeriod | None, bg("BG-14", "INVOICING PERIOD", "The period the invoice is for.")
    ] = None
    payment_instructions: Annotated[
        PaymentInstructions | None, bg("BG-16", "PAYMENT INSTRUCTIONS", "How the invoice is to be paid.")
    ] = None
    document_level_allowances: Annotated[
        tuple[DocumentLevelAllowance, ...], bg("BG-20", "DOCUMENT LEVEL ALLOWANCES", "Deductions from the whole.")
    ] = ()
    document_level_charges: Annotated[
        tuple[DocumentLevelCharge, ...], bg("BG-21", "DOCUMENT LEVEL CHARGES", "Additions to the whole.")
    ] = ()
    totals: Annotated[DocumentTotals | None, bg("BG-22", "DOCUMENT TOTALS", "The sums over the invoice.")] = None
    vat_breakdown: Annotated[
        tuple[VatBreakdown, ...], bg("BG-23", "VAT BREAKDOWN", "The VAT by category and rate.")
    ] = ()
    additional_supporting_documents: Annotated[
        tuple[AdditionalSupportingDocument, ...],
        bg("BG-24", "ADDITIONAL SUPPORTING DOCUMENTS", "Documents that support the invoice."),
    ] = ()
    lines: Annotated[tuple[InvoiceLine, ...], bg("BG-25", "INVOICE LINE", "What is invoiced.")] = ()
    extension: Annotated[
        InvoiceExtension | None, bg("", "Invoice, extension", "What lies outside EN 16931 at document level.", FX)
    ] = None
