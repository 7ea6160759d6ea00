# SPDX-License-Identifier: Apache-2.0
"""Dates, references, notes and supporting documents (BT-1 to BT-19, BG-1, BG-3, BG-13, BG-14, BG-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.model.extensions import DocumentReference, InvoiceExtension
from einvoice.render.further import attachment_text, details
from einvoice.render.parties import EXTENSION_PARTIES
from einvoice.render.sheet import Block, Pair, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from einvoice.model import AdditionalSupportingDocument, Group, Invoice, InvoiceNote
    from einvoice.render.words import Words

    Found = Iterator[tuple[str, ...]]

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

# References that may be dated, in the order in which they stand, and what the model calls them.
_DATED = {
    "order": "purchase_order",
    "sales_order": "sales_order",
    "contract": "contract",
    "despatch_advice": "despatch_advice",
    "receiving_advice": "receiving_advice",
}


def facts(words: Words, invoice: Invoice) -> tuple[Pair, ...]:
    """What a reader looks for first: number and dates."""
    return pairs(_facts(words, invoice))


def _facts(words: Words, invoice: Invoice) -> Found:
    page = words.page
    yield page["number"], invoice.number or "", "number"
    yield page["issue_date"], words.date(invoice.issue_date), "issue_date"
    yield page["due_date"], words.date(invoice.payment_due_date), "payment_due_date"
    delivery, period = invoice.delivery_information, invoice.invoicing_period
    delivered = words.date(delivery.actual_delivery_date) if delivery else ""
    yield page["delivery_date"], delivered, "delivery_information.actual_delivery_date"
    if period:
        parts = (words.period(period.start_date, period.end_date), period.description)
        yield page["period"], _joined(*parts), *_stated(period, "invoicing_period", *period.__struct_fields__)
    yield page["tax_point_date"], words.date(invoice.value_added_tax_point_date), "value_added_tax_point_date"
    tax_point = words.code("tax_point", invoice.value_added_tax_point_date_code)
    yield page["tax_point"], tax_point, "value_added_tax_point_date_code"
    yield page["accounting_currency"], invoice.vat_accounting_currency_code or "", "vat_accounting_currency_code"


def _stated(group: Group, here: str, *names: str) -> list[str]:
    """The paths of those fields of a group that say something."""
    return [f"{here}.{name}" for name in names if getattr(group, name) not in (None, ())]


def references(words: Words, invoice: Invoice) -> tuple[Pair, ...]:
    """What the invoice refers to."""
    return pairs((*_references(words, invoice), *_preceding(words, invoice)))


def _references(words: Words, invoice: Invoice) -> Found:
    page, beyond = words.page, invoice.extension or InvoiceExtension()
    yield page["buyer_reference"], invoice.buyer_reference or "", "buyer_reference"
    for label, name in _DATED.items():
        reference, day = getattr(invoice, f"{name}_reference"), getattr(beyond, f"{name}_date")
        kind = beyond.contract_type_code if label == "contract" else None
        where = (f"{name}_reference", *_stated(beyond, "extension", f"{name}_date"))
        beside = _stated(beyond, "extension", "contract_type_code") if kind else ()
        yield page[label], _joined(_dated(words, reference, day), kind), *where, *beside
        if label == "contract":
            project = _joined(invoice.project_reference, beyond.project_name)
            yield page["project"], project, "project_reference", *_stated(beyond, "extension", "project_name")
    yield page["delivery_note"], _document(words, beyond.delivery_note), "extension.delivery_note"
    yield page["quotation"], _document(words, beyond.quotation), "extension.quotation"
    for index, order in enumerate(beyond.ultimate_customer_orders):
        yield page["customer_order"], _document(words, order), f"extension.ultimate_customer_orders[{index}]"
    yield page["tender"], invoice.tender_or_lot_reference or "", "tender_or_lot_reference"
    yield page["object"], words.identifier(invoice.invoiced_object_identifier), "invoiced_object_identifier"
    kind = beyond.buyer_accounting_reference_type_code
    beside = _stated(beyond, "extension", "buyer_accounting_reference_type_code")
    accounting = _joined(invoice.buyer_accounting_reference, kind)
    yield page["accounting_reference"], accounting, "buyer_accounting_reference", *beside


def _preceding(words: Words, invoice: Invoice) -> Found:
    for index, entry in enumerate(invoice.preceding_invoice_references):
        kind = words.code("document", entry.type_code)
        where = _stated(entry, f"preceding_invoice_references[{index}]", *entry.__struct_fields__)
        yield words.page["preceding_invoice"], _joined(_dated(words, entry.reference, entry.issue_date), kind), *where


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
    shown = (_note(words, note, f"notes[{index}]") for index, note in enumerate(invoice.notes))
    return tuple(pair for pair in shown if pair.label or pair.value)


def _note(words: Words, note: InvoiceNote, here: str) -> Pair:
    where = tuple(_stated(note, here, "note", "content_code", "subject_code"))
    return Pair(words.code("subject", note.subject_code), _joined(note.note, note.content_code), where)


def attachments(words: Words, invoice: Invoice) -> tuple[Block, ...]:
    """The supporting documents (BG-24): what they are, not what is in them."""
    name = "additional_supporting_documents"
    return tuple(
        _attachment(words, document, f"{name}[{index}].")
        for index, document in enumerate(invoice.additional_supporting_documents)
    )


def _attachment(words: Words, document: AdditionalSupportingDocument, here: str) -> Block:
    found = (
        ("", document.description or "", "description"),
        (words.page["file"], attachment_text(words, document.attached_document), "attached_document"),
        (words.page["location"], document.external_document_location or "", "external_document_location"),
        (words.page["issue_date"], words.date(document.issue_date), "issue_date"),
        (words.page["document_type"], words.code("document", document.type_code), "type_code"),
    )
    return Block(document.reference or "", pairs(found, here), (f"{here}reference",))


def further(words: Words, invoice: Invoice) -> tuple[Pair, ...]:
    """Whatever has no other place on the page."""
    currency = invoice.currency_code
    beyond = details(words, invoice.extension, currency, ELSEWHERE, "extension")
    return beyond + details(words, invoice.process_control, currency, here="process_control")
