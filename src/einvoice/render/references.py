# SPDX-License-Identifier: Apache-2.0
"""Dates, references, notes and supporting documents (BT-1 to BT-19, BG-1, BG-3, BG-13, BG-14, BG-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.model.extensions import DocumentReference, InvoiceExtension
from einvoice.render.further import attachment_text, details
from einvoice.render.parties import EXTENSION_PARTIES
from einvoice.render.sheet import Block, Pair

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from einvoice.model import AdditionalSupportingDocument, Invoice, InvoiceNote
    from einvoice.render.words import Words

    Found = Iterator[tuple[str, str]]

# Fields of the extension that stand beside the reference, the party or the sum that they belong to.
ELSEWHERE = frozenset(EXTENSION_PARTIES) | {
    "buyer_accounting_reference_type_code",
    "contract_date",
    "contract_type_code",
    "delivery_note",
    "despatch_advice_date",
    "logistics_service_charges",
    "payment_terms",
    "project_name",
    "purchase_order_date",
    "quotation",
    "receiving_advice_date",
    "sales_order_date",
    "third_party_payments",
    "ultimate_customer_orders",
}


def facts(words: Words, invoice: Invoice) -> tuple[Pair, ...]:
    """What a reader looks for first: number and dates."""
    return tuple(Pair(label, value) for label, value in _facts(words, invoice) if value)


def _facts(words: Words, invoice: Invoice) -> Found:
    page = words.page
    yield page["number"], invoice.number or ""
    yield page["issue_date"], words.date(invoice.issue_date)
    yield page["due_date"], words.date(invoice.payment_due_date)
    delivery, period = invoice.delivery_information, invoice.invoicing_period
    yield page["delivery_date"], words.date(delivery.actual_delivery_date) if delivery else ""
    if period:
        parts = (words.period(period.start_date, period.end_date), period.description)
        yield page["period"], ", ".join(part for part in parts if part)
    yield page["tax_point_date"], words.date(invoice.value_added_tax_point_date)
    yield page["tax_point"], words.code("tax_point", invoice.value_added_tax_point_date_code)
    yield page["accounting_currency"], invoice.vat_accounting_currency_code or ""


def references(words: Words, invoice: Invoice) -> tuple[Pair, ...]:
    """What the invoice refers to."""
    found = (*_references(words, invoice), *_preceding(words, invoice))
    return tuple(Pair(label, value) for label, value in found if value)


def _references(words: Words, invoice: Invoice) -> Found:
    page, beyond = words.page, invoice.extension or InvoiceExtension()
    yield page["buyer_reference"], invoice.buyer_reference or ""
    yield page["order"], _dated(words, invoice.purchase_order_reference, beyond.purchase_order_date)
    yield page["sales_order"], _dated(words, invoice.sales_order_reference, beyond.sales_order_date)
    contract = _dated(words, invoice.contract_reference, beyond.contract_date)
    yield page["contract"], _joined(contract, beyond.contract_type_code)
    yield page["project"], _joined(invoice.project_reference, beyond.project_name)
    yield page["despatch_advice"], _dated(words, invoice.despatch_advice_reference, beyond.despatch_advice_date)
    yield page["receiving_advice"], _dated(words, invoice.receiving_advice_reference, beyond.receiving_advice_date)
    yield page["delivery_note"], _document(words, beyond.delivery_note)
    yield page["quotation"], _document(words, beyond.quotation)
    for order in beyond.ultimate_customer_orders:
        yield page["customer_order"], _document(words, order)
    yield page["tender"], invoice.tender_or_lot_reference or ""
    yield page["object"], words.identifier(invoice.invoiced_object_identifier)
    accounting = (invoice.buyer_accounting_reference, beyond.buyer_accounting_reference_type_code)
    yield page["accounting_reference"], _joined(*accounting)


def _preceding(words: Words, invoice: Invoice) -> Found:
    for entry in invoice.preceding_invoice_references:
        kind = words.code("document", entry.type_code)
        yield words.page["preceding_invoice"], _joined(_dated(words, entry.reference, entry.issue_date), kind)


def _document(words: Words, document: DocumentReference | None) -> str:
    if document is None:
        return ""
    kind = words.code("document", document.type_code)
    return _joined(_dated(words, document.reference, document.issue_date), document.line_reference, kind)


def _dated(words: Words, reference: str | None, day: date | None) -> str:
    if reference and day:
        return words.phrase("dated", reference=reference, date=words.date(day))
    return reference or words.date(day)


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def notes(words: Words, invoice: Invoice) -> tuple[Pair, ...]:
    """The remarks on the whole invoice (BG-1), each with what it is about."""
    return tuple(pair for pair in (_note(words, note) for note in invoice.notes) if pair.label or pair.value)


def _note(words: Words, note: InvoiceNote) -> Pair:
    return Pair(words.code("subject", note.subject_code), _joined(note.note, note.content_code))


def attachments(words: Words, invoice: Invoice) -> tuple[Block, ...]:
    """The supporting documents (BG-24): what they are, not what is in them."""
    return tuple(_attachment(words, document) for document in invoice.additional_supporting_documents)


def _attachment(words: Words, document: AdditionalSupportingDocument) -> Block:
    found = (
        ("", document.description or ""),
        (words.page["file"], attachment_text(words, document.attached_document)),
        (words.page["location"], document.external_document_location or ""),
        (words.page["issue_date"], words.date(document.issue_date)),
        (words.page["document_type"], words.code("document", document.type_code)),
    )
    return Block(document.reference or "", tuple(Pair(label, value) for label, value in found if value))


def further(words: Words, invoice: Invoice) -> tuple[Pair, ...]:
    """Whatever has no other place on the page."""
    currency = invoice.currency_code
    return details(words, invoice.extension, currency, ELSEWHERE) + details(words, invoice.process_control, currency)
