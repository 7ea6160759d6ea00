# SPDX-License-Identifier: Apache-2.0
"""Where a syntax holds a term in another form than the model: pairs of functions, one each way.

``AFTER_READING`` works on the struct that was read, ``BEFORE_WRITING`` on the one to be written. Each pair is a law:
reading what was written gives the same struct.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from einvoice.bind.hooks_payment import first, once, one_account, other, which_account, with_each
from einvoice.model import (
    BuyerContact,
    CreditTransfer,
    DirectDebit,
    DocumentTotals,
    Invoice,
    InvoiceLine,
    InvoiceNote,
    ItemInformation,
    PaymentInstructions,
    PriceAllowance,
    PriceDetails,
    Seller,
    SellerContact,
    Syntax,
)
from einvoice.model.extensions import (
    Contact,
    InvoiceExtension,
    LineExtension,
    LineNote,
    Party,
    PartyExtension,
    PaymentTerms,
)

Hook = Callable[[Any], Any]

_SUBJECT = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)


# ---- notes: UBL writes the subject code into the text, "#AAI#..." (CEN/TS 16931-3-2, BT-21)


def split_note(note: InvoiceNote) -> InvoiceNote:
    """Take the subject code out of the text."""
    match = _SUBJECT.fullmatch(note.note or "")
    return InvoiceNote(match[1], match[2]) if match else note


def join_note(note: InvoiceNote) -> InvoiceNote:
    """Put the subject code into the text."""
    if note.subject_code is None:
        return note
    return InvoiceNote(None, f"#{note.subject_code}#{note.note or ''}", note.content_code)


# ---- what both syntaxes repeat on a line and EN 16931 has once: the first is the line's own


def first_of_line(line: InvoiceLine) -> InvoiceLine:
    """Make the first note BT-127 and the first object identifier BT-128; a note that says nothing is none."""
    extension = line.extension
    if extension is None or not (extension.additional_notes or extension.additional_object_identifiers):
        return line
    notes = tuple(note for note in extension.additional_notes if note != LineNote())
    note = notes[0] if notes else LineNote()
    objects = extension.additional_object_identifiers
    rest = replace(
        extension,
        additional_notes=notes[1:],
        note_subject_code=note.subject_code,
        note_content_code=note.content_code,
        additional_object_identifiers=objects[1:],
    )
    return replace(
        line,
        note=note.note,
        object_identifier=objects[0] if objects else None,
        extension=None if rest == LineExtension() else rest,
    )


def all_of_line(line: InvoiceLine) -> InvoiceLine:
    """Put BT-127 and BT-128 in front of the further notes and object identifiers."""
    extension = line.extension or LineExtension()
    own = LineNote(line.note, extension.note_subject_code, extension.note_content_code)
    if own == LineNote() and line.object_identifier is None:
        return line
    notes = () if own == LineNote() else (own,)
    objects = () if line.object_identifier is None else (line.object_identifier,)
    extension = replace(
        extension,
        additional_notes=(*notes, *extension.additional_notes),
        additional_object_identifiers=(*objects, *extension.additional_object_identifiers),
    )
    return replace(line, note=None, object_identifier=None, extension=extension)


# ---- price: CII lists discounts and charges on the gross price, EN 16931 has one discount (BT-147)


def first_discount(price: PriceDetails) -> PriceDetails:
    """Make the first discount BT-147; one that says nothing is none."""
    if not price.further_discounts:
        return price
    said = [discount for discount in price.further_discounts if discount != PriceAllowance()]
    first, *others = said or [PriceAllowance()]
    return replace(
        price,
        item_price_discount=first.amount,
        discount_base_amount=first.base_amount,
        discount_percentage=first.percentage,
        discount_reason=first.reason,
        discount_reason_code=first.reason_code,
        further_discounts=tuple(others),
    )


def all_discounts(price: PriceDetails) -> PriceDetails:
    """Put BT-147 in front of the further discounts."""
    first = _discount(price)
    if first == PriceAllowance():
        return price
    return replace(price, further_discounts=(first, *price.further_discounts))


def _discount(price: PriceDetails) -> PriceAllowance:
    return PriceAllowance(
        price.item_price_discount,
        price.discount_base_amount,
        price.discount_percentage,
        price.discount_reason,
        price.discount_reason_code,
    )


def stated_gross(price: PriceDetails) -> PriceDetails:
    """State BT-148 where CII demands it: ``ram:ChargeAmount`` beside a discount (BT-148 = BT-146 + BT-147)."""
    if price.item_gross_price is not None or price.item_net_price is None or price.item_price_discount is None:
        return price
    return replace(price, item_gross_price=price.item_net_price + price.item_price_discount)


def stated_discount(price: PriceDetails) -> PriceDetails:
    """State BT-147 where UBL demands it: ``cbc:Amount`` beside a gross price (BT-147 = BT-148 - BT-146)."""
    if price.item_price_discount is not None:
        return price
    if price.item_gross_price is None and _discount(price) == PriceAllowance():
        return price
    gross, net = price.item_gross_price, price.item_net_price
    difference = gross - net if gross is not None and net is not None else Decimal(0)
    return replace(price, item_price_discount=max(difference, Decimal(0)))


# ---- the document


def _terms_after(invoice: Invoice, *, cii: bool) -> Invoice:
    """Make the first payment terms BT-20 and, in CII, BT-9 and BT-89."""
    extension = invoice.extension
    if extension is None or not extension.payment_terms:
        return invoice
    first, *others = extension.payment_terms
    changes: dict[str, Any] = {"payment_terms": first.description}
    rest = replace(first, description=None)
    if cii:
        changes["payment_due_date"] = first.due_date
        if first.mandate_reference_identifier is not None:
            payment = invoice.payment_instructions or PaymentInstructions()
            debit = replace(
                payment.direct_debit or DirectDebit(), mandate_reference_identifier=first.mandate_reference_identifier
            )
            changes["payment_instructions"] = replace(payment, direct_debit=debit)
        rest = replace(rest, due_date=None, mandate_reference_identifier=None)
    terms = (rest, *others) if others or rest != PaymentTerms() else ()
    left = replace(extension, payment_terms=terms)
    return replace(invoice, extension=None if left == InvoiceExtension() else left, **changes)


def _terms_before(invoice: Invoice, *, cii: bool) -> Invoice:
    """Write BT-20 and, in CII, BT-9 and BT-89 into the first payment terms."""
    extension = invoice.extension or InvoiceExtension()
    first = extension.payment_terms[0] if extension.payment_terms else PaymentTerms()
    first = replace(first, description=invoice.payment_terms)
    if cii:
        payment = invoice.payment_instructions
        debit = payment.direct_debit if payment else None
        mandate = debit.mandate_reference_identifier if debit else None
        first = replace(first, due_date=invoice.payment_due_date, mandate_reference_identifier=mandate)
    if first == PaymentTerms() and not extension.payment_terms:
        return invoice
    return replace(invoice, extension=replace(extension, payment_terms=(first, *extension.payment_terms[1:])))


def after_cii(invoice: Invoice) -> Invoice:
    """Payment terms, and the tax point that CII says with each VAT breakdown (BT-7, BT-8)."""
    invoice = _terms_after(invoice, cii=True)
    day = next((b.tax_point_date for b in invoice.vat_breakdown if b.tax_point_date), None)
    code = first(b.tax_point_date_code for b in invoice.vat_breakdown)
    if day is None and code is None:
        return invoice
    breakdown = tuple(
        replace(
            b,
            tax_point_date=None if b.tax_point_date == day else b.tax_point_date,
            tax_point_date_code=other(b.tax_point_date_code, code),
        )
        for b in invoice.vat_breakdown
    )
    return replace(
        invoice, value_added_tax_point_date=day, value_added_tax_point_date_code=code, vat_breakdown=breakdown
    )


def before_cii(invoice: Invoice) -> Invoice:
    """Payment terms and means, and the tax point with each VAT breakdown."""
    invoice = _means_before(_terms_before(invoice, cii=True))
    payment = invoice.payment_instructions
    if payment is not None:
        means = tuple(
            replace(m, credit_transfers=tuple(which_account(t) for t in m.credit_transfers)) for m in payment.means
        )
        invoice = replace(invoice, payment_instructions=replace(payment, means=means))
    day, code = invoice.value_added_tax_point_date, invoice.value_added_tax_point_date_code
    if day is None and code is None:
        return invoice
    breakdown = tuple(
        replace(b, tax_point_date=b.tax_point_date or day, tax_point_date_code=b.tax_point_date_code or code)
        for b in invoice.vat_breakdown
    )
    return replace(invoice, vat_breakdown=breakdown)


def after_ubl(invoice: Invoice) -> Invoice:
    """Payment terms."""
    return _terms_after(invoice, cii=False)


def before_ubl(invoice: Invoice) -> Invoice:
    """Payment terms and means, and what UBL demands: a VAT total beside its breakdown, and at least one line."""
    invoice = _means_before(_terms_before(invoice, cii=False))
    totals = invoice.totals or DocumentTotals()
    taxes = [part.tax_amount for part in invoice.vat_breakdown if part.tax_amount is not None]
    if taxes and totals.invoice_total_vat_amount is None:  # BT-110 is the sum of BT-117 (BR-CO-14)
        invoice = replace(invoice, totals=replace(totals, invoice_total_vat_amount=sum(taxes, Decimal(0))))
    if not invoice.lines:  # Factur-X MINIMUM and BASIC WL have none
        line = InvoiceLine("", net_amount=Decimal(0), item_information=ItemInformation())
        invoice = replace(invoice, lines=(line,))
    return invoice


def _means_before(invoice: Invoice) -> Invoice:
    payment = invoice.payment_instructions
    return invoice if payment is None else replace(invoice, payment_instructions=with_each(payment))


def after_creditnote(invoice: Invoice) -> Invoice:
    """Payment terms, and the due date (BT-9) that a UBL credit note says with the payment means."""
    invoice = after_ubl(invoice)
    payment = invoice.payment_instructions
    day = next((m.payment_due_date for m in payment.means if m.payment_due_date), None) if payment else None
    if payment is None or day is None:
        return invoice
    means = tuple(
        replace(m, payment_due_date=None if m.payment_due_date == day else m.payment_due_date) for m in payment.means
    )
    return replace(invoice, payment_due_date=day, payment_instructions=replace(payment, means=means))


def before_creditnote(invoice: Invoice) -> Invoice:
    """Payment terms, and the due date with each payment means."""
    invoice = before_ubl(invoice)
    payment, day = invoice.payment_instructions, invoice.payment_due_date
    if payment is None or day is None:
        return invoice
    means = tuple(replace(m, payment_due_date=m.payment_due_date or day) for m in payment.means)
    return replace(invoice, payment_instructions=replace(payment, means=means))


# ---- parties


def contact_name(contact: Any) -> Any:  # noqa: ANN401 - three classes of the same shape
    """Write a department where UBL has one name for a person or a department."""
    if contact.contact_point is not None or contact.department_name is None:
        return contact
    return replace(contact, contact_point=contact.department_name)


def before_cii_line(line: InvoiceLine) -> InvoiceLine:
    """Notes, object identifiers and discounts."""
    line = all_of_line(line)
    return (
        line
        if line.price_details is None
        else replace(line, price_details=all_discounts(stated_gross(line.price_details)))
    )


def tax_number(party: Any) -> Any:  # noqa: ANN401 - parties of several classes
    """Say FC (fiscal number, UNTDID 1153) where UBL names a tax scheme of its own, or none is named."""
    number = party.tax_registration_identifier
    if number is None or number.scheme not in (None, "TAX", "LOC", "OTH", "GST"):
        return party
    return replace(party, tax_registration_identifier=replace(number, scheme="FC"))


_UBL_READ: dict[type, Hook] = {
    Invoice: after_ubl,
    InvoiceNote: split_note,
    InvoiceLine: first_of_line,
    PaymentInstructions: once,
}
_UBL_WRITE: dict[type, Hook] = {
    Invoice: before_ubl,
    InvoiceNote: join_note,
    InvoiceLine: all_of_line,
    PriceDetails: stated_discount,
    SellerContact: contact_name,
    BuyerContact: contact_name,
    Contact: contact_name,
}

AFTER_READING: dict[Syntax, dict[type, Hook]] = {
    "ubl-invoice": _UBL_READ,
    "ubl-creditnote": {**_UBL_READ, Invoice: after_creditnote},
    "cii": {
        Invoice: after_cii,
        InvoiceLine: first_of_line,
        PriceDetails: first_discount,
        PaymentInstructions: once,
        CreditTransfer: one_account,
    },
}
BEFORE_WRITING: dict[Syntax, dict[type, Hook]] = {
    "ubl-invoice": _UBL_WRITE,
    "ubl-creditnote": {**_UBL_WRITE, Invoice: before_creditnote},
    "cii": {
        Invoice: before_cii,
        InvoiceLine: before_cii_line,
        Seller: tax_number,
        Party: tax_number,
        PartyExtension: tax_number,
    },
}
