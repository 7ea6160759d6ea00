# SPDX-License-Identifier: Apache-2.0
"""What an invoice says, put into the order in which people read it: data for a page in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice import profiles
from einvoice.codes import name_of
from einvoice.render.words import labels
from einvoice.rules.catalogue import catalogue
from einvoice.rules.languages import rooms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from decimal import Decimal

    from einvoice.model import Invoice, InvoiceLine, Reading

Row = tuple[str, str]
_SINGULAR_BELOW: Final = {"fr": 2}
"""Languages that count other numbers than one as one, and up to where (Unicode CLDR, plural rules)."""


class Section(Struct, frozen=True):
    """A heading and what stands below it.

    Attributes:
        title: the heading.
        rows: labels and values; a row without a label continues the one above.
    """

    title: str
    rows: tuple[Row, ...]


class Item(Struct, frozen=True):
    """One invoice line, each column as text."""

    number: str
    name: str
    details: tuple[str, ...]
    quantity: str
    price: str
    vat: str
    amount: str
    level: int = 0


class Summary(Struct, frozen=True):
    """An invoice for people.

    Attributes:
        title: what it is, such as ``Commercial invoice 471102``.
        facts: dates, references and what the document claims to obey.
        parties: who is involved.
        lines: what is invoiced; lines of lines follow theirs with a higher level.
        vat: one row per category: category and rate, taxable amount, tax, reason.
        totals: the sums.
        payment: how to pay.
        notes: remarks of the seller.
        remarks: what could not be read, or what is to be known about the document.
    """

    title: str
    facts: Section
    parties: tuple[Section, ...]
    lines: tuple[Item, ...]
    vat: tuple[tuple[str, str, str, str], ...]
    totals: Section
    payment: Section
    notes: tuple[str, ...]
    remarks: tuple[str, ...]


class _Speech:
    """The words of the page in one language.

    Args:
        language: one of :data:`~einvoice.rules.catalogue.LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = catalogue(language)

    def __call__(self, text: str, **values: object) -> str:
        return self._catalogue.say("service", text, **values)

    def told(self, text: str) -> str:
        """What another room said, in the language."""
        return self._catalogue.told(text, *rooms(()))

    def code(self, section: str, code: str | None, *lists: str) -> str:
        """A code in words: those of the page that is drawn, or those of the code list; empty where there are none."""
        if not code:
            return ""
        known = None if self.language == "en" else labels(self.language)[section].get(code)
        return known or next((name for name in (name_of(code, one) for one in lists) if name), "")

    def unit(self, code: str | None, number: Decimal | None) -> str:
        """A unit in words, in the form that goes with a number, or its code."""
        if self.language == "en" or not code:
            name = name_of(code, "unece-rec20-21") if code else None
            return name.lower() if name else code or ""
        known = labels(self.language)["unit"].get(code, code)
        if isinstance(known, str):
            return known
        below = _SINGULAR_BELOW.get(self.language)
        single = number == 1 if below is None else number is not None and abs(number) < below
        return str(known["one" if single else "other"])


def summary(reading: Reading, language: str = "en") -> Summary:
    """Put an invoice into the order in which people read it.

    Args:
        reading: the invoice and what reading it had to say.
        language: that of what is not the invoice's own words, one of :data:`~einvoice.rules.catalogue.LANGUAGES`.

    Raises:
        UnknownNameError: there is no such language.
    """
    invoice, speech = reading.invoice, _Speech(language)
    return Summary(
        title=_title(invoice, speech),
        facts=Section("", tuple(_facts(invoice, reading, speech))),
        parties=tuple(_parties(invoice, speech)),
        lines=tuple(_items(invoice.lines, speech)),
        vat=tuple(_vat(invoice, speech)),
        totals=Section(speech("Totals"), tuple(_totals(invoice, speech))),
        payment=Section(speech("Payment"), tuple(_payment(invoice, speech))),
        notes=tuple(note.note for note in invoice.notes if note.note),
        remarks=tuple(_remarks(reading, speech)),
    )


def _title(invoice: Invoice, speech: _Speech) -> str:
    code = invoice.type_code or ""
    kind = speech.code("document", code, "untdid-1001-invoice", "untdid-1001-credit-note")
    kind = kind or (speech("Document of type {code}", code=code) if code else speech("Invoice"))
    return f"{kind} {invoice.number or speech('(no number)')}"


def _pairs(*rows: tuple[str, object]) -> Iterator[Row]:
    """The rows that have something to say."""
    yield from ((label, str(value)) for label, value in rows if value not in (None, "", ()))


def _facts(invoice: Invoice, reading: Reading, speech: _Speech) -> Iterator[Row]:
    delivery, period, control = invoice.delivery_information, invoice.invoicing_period, invoice.process_control
    yield from _pairs(
        (speech("Issued"), invoice.issue_date),
        (speech("Due"), invoice.payment_due_date),
        (speech("Delivered"), delivery and delivery.actual_delivery_date),
        (speech("Period"), period and _span(period.start_date, period.end_date, speech)),
        (speech("Tax point"), invoice.value_added_tax_point_date),
        (speech("Buyer reference"), invoice.buyer_reference),
        (speech("Order"), invoice.purchase_order_reference),
        (speech("Sales order"), invoice.sales_order_reference),
        (speech("Contract"), invoice.contract_reference),
        (speech("Project"), invoice.project_reference),
        (speech("Object"), invoice.invoiced_object_identifier),
        *((speech("Preceding invoice"), _reference(entry, speech)) for entry in invoice.preceding_invoice_references),
        *((speech("Attached"), _attached(entry, speech)) for entry in invoice.additional_supporting_documents),
        (speech("Obeys"), speech.told(profiles.name_of(control.specification_identifier if control else None))),
        (
            speech("Written in"),
            {"ubl-invoice": "UBL 2.1 Invoice", "ubl-creditnote": "UBL 2.1 CreditNote", "cii": "CII"}.get(
                reading.syntax or "", ""
            ),
        ),
    )


def _span(start: date | None, end: date | None, speech: _Speech) -> str:
    return speech("{start} to {end}", start=start or "…", end=end or "…") if start or end else ""


def _reference(entry: Any, speech: _Speech) -> str:  # noqa: ANN401 - a preceding invoice
    if entry.reference and entry.issue_date:
        return speech("{reference} of {date}", reference=entry.reference, date=entry.issue_date)
    return str(entry.reference or entry.issue_date or "")


def _attached(entry: Any, speech: _Speech) -> str:  # noqa: ANN401 - a supporting document
    document = entry.attached_document
    inside = ""
    if document:
        name, size = document.filename or speech("file"), f"{len(document.content or b''):,}"
        inside = speech("{name}, {number} bytes", name=name, number=size)
    parts = (entry.reference, entry.description, inside, entry.external_document_location)
    return " · ".join(part for part in parts if part)


def _parties(invoice: Invoice, speech: _Speech) -> Iterator[Section]:
    yield from _party(speech("Seller"), invoice.seller, speech)
    yield from _party(speech("Buyer"), invoice.buyer, speech)
    yield from _party(speech("Payee"), invoice.payee, speech)
    yield from _party(speech("Seller's tax representative"), invoice.seller_tax_representative, speech)
    delivery = invoice.delivery_information
    if delivery is not None:
        name, address = delivery.deliver_to_party_name, delivery.deliver_to_address
        rows = tuple(_pairs(("", name), *(("", line) for line in _address(address))))
        yield from [Section(speech("Delivered to"), rows)] if rows else []


def _party(title: str, party: Any, speech: _Speech) -> Iterator[Section]:  # noqa: ANN401 - parties have no common type
    if party is None:
        return
    contact = getattr(party, "contact", None)
    rows: list[tuple[str, object]] = [
        ("", party.name or speech("(no name)")),
        (speech("Trading as"), getattr(party, "trading_name", None)),
        *(("", line) for line in _address(getattr(party, "postal_address", None))),
        (speech("VAT identifier"), getattr(party, "vat_identifier", None)),
        (speech("Tax number"), getattr(party, "tax_registration_identifier", None)),
        (speech("Register"), getattr(party, "legal_registration_identifier", None)),
        *((speech("Identifier"), identifier) for identifier in getattr(party, "identifiers", ())),
        (speech("Electronic address"), getattr(party, "electronic_address", None)),
    ]
    if contact is not None:
        parts = (contact.contact_point, contact.telephone_number, contact.email_address)
        rows.append((speech("Contact"), ", ".join(part for part in parts if part)))
    yield Section(title, tuple(_pairs(*rows)))


def _address(address: Any) -> Iterator[str]:  # noqa: ANN401 - addresses have no common type
    if address is None:
        return
    town = " ".join(part for part in (address.post_code, address.city) if part)
    country = address.country_code and (name_of(address.country_code, "iso-3166-1") or address.country_code)
    parts = (address.address_line_1, address.address_line_2, address.address_line_3, town, address.country_subdivision)
    yield from (part for part in (*parts, country) if part)


def amount(value: Decimal | None, currency: str | None = None) -> str:
    """An amount as text, with every decimal that the invoice states.

    Args:
        value: the amount; nothing becomes an empty text.
        currency: the ISO 4217 code to put behind it.
    """
    return "" if value is None else f"{value:,f}{f' {currency}' if currency else ''}"


def _items(lines: Iterable[InvoiceLine], speech: _Speech, level: int = 0) -> Iterator[Item]:
    for line in lines:
        item, vat, price = line.item_information, line.vat_information, line.price_details
        code = line.invoiced_quantity_unit_of_measure_code
        quantity = f"{amount(line.invoiced_quantity)} {speech.unit(code, line.invoiced_quantity)}".strip()
        period = line.period and _span(line.period.start_date, line.period.end_date, speech)
        details = [
            item and item.description,
            item and item.sellers_identifier and speech("article {number}", number=item.sellers_identifier),
            period,
            line.note,
            *(speech("{amount} off: {reason}", **_why(entry)) for entry in line.allowances),
            *(speech("{amount} added: {reason}", **_why(entry)) for entry in line.charges),
        ]
        yield Item(
            number=line.identifier or "",
            name=(item and item.name) or "",
            details=tuple(detail for detail in details if detail),
            quantity=quantity,
            price=_price(price, speech),
            vat=_rate(vat.category_code, vat.rate) if vat else "",
            amount=amount(line.net_amount),
            level=level,
        )
        yield from _items(line.sub_lines, speech, level + 1)


def _why(entry: Any) -> dict[str, str]:  # noqa: ANN401 - an allowance or a charge
    return {"amount": amount(entry.amount), "reason": entry.reason or entry.reason_code or ""}


def _price(price: Any, speech: _Speech) -> str:  # noqa: ANN401 - PriceDetails or None
    if price is None:
        return ""
    shown, base = amount(price.item_net_price), price.item_price_base_quantity
    return speech("{price} per {number}", price=shown, number=amount(base)) if base is not None and base != 1 else shown


def _rate(category: str | None, rate: Decimal | None) -> str:
    percent = "" if rate is None else f"{rate.normalize():f} %"
    return " ".join(part for part in (category, percent) if part)


def _vat(invoice: Invoice, speech: _Speech) -> Iterator[tuple[str, str, str, str]]:
    for entry in invoice.vat_breakdown:
        meaning = speech.code("vat", entry.category_code, "untdid-5305")
        kind = " · ".join(part for part in (_rate(entry.category_code, entry.rate), meaning) if part)
        reason = entry.exemption_reason_text or entry.exemption_reason_code or ""
        yield kind, amount(entry.taxable_amount), amount(entry.tax_amount), reason


def _totals(invoice: Invoice, speech: _Speech) -> Iterator[Row]:
    totals, currency = invoice.totals, invoice.currency_code
    for entry in invoice.document_level_allowances:
        yield speech("Allowance: {reason}", reason=_why(entry)["reason"]), amount(entry.amount, currency)
    for charge in invoice.document_level_charges:
        yield speech("Charge: {reason}", reason=_why(charge)["reason"]), amount(charge.amount, currency)
    if totals is None:
        return
    yield from _pairs(
        (speech("Sum of the lines"), amount(totals.sum_of_invoice_line_net_amount, currency)),
        (speech("Without VAT"), amount(totals.invoice_total_amount_without_vat, currency)),
        (speech("VAT"), amount(totals.invoice_total_vat_amount, currency)),
        (
            speech("VAT in accounting currency"),
            amount(totals.invoice_total_vat_amount_in_accounting_currency, invoice.vat_accounting_currency_code),
        ),
        (speech("With VAT"), amount(totals.invoice_total_amount_with_vat, currency)),
        (speech("Paid in advance"), amount(totals.paid_amount, currency)),
        (speech("Rounding"), amount(totals.rounding_amount, currency)),
        (speech("To be paid"), amount(totals.amount_due_for_payment, currency)),
    )


def _payment(invoice: Invoice, speech: _Speech) -> Iterator[Row]:
    how = invoice.payment_instructions
    for means in how.means if how else ():
        code = means.type_code or ""
        yield from _pairs((speech("Means"), means.text or speech.code("means", code, "untdid-4461") or code))
        for account in means.credit_transfers:
            parts = (
                account.payment_account_identifier,
                account.payment_service_provider_identifier,
                account.payment_account_name,
            )
            yield from _pairs((speech("Account"), " · ".join(part for part in parts if part)))
        card = means.payment_card
        yield from _pairs((speech("Card"), card and card.primary_account_number))
    debit = how.direct_debit if how else None
    yield from _pairs(
        (speech("Mandate"), debit and debit.mandate_reference_identifier),
        (speech("Debited account"), debit and debit.debited_account_identifier),
        (speech("Reference"), how and how.remittance_information),
        (speech("Terms"), (invoice.payment_terms or "").strip()),
    )


def _remarks(reading: Reading, speech: _Speech) -> Iterator[str]:
    yield from map(speech.told, reading.notes)
    words = {
        "unbound": speech("{value} has no place in the invoice model ({path})"),
        "repeated": speech("{value} stands once too often ({path})"),
        "malformed": speech("{value} is no value of its type ({path})"),
        "no-place": speech("{value} cannot be carried over ({path})"),
    }
    for remark in reading.lost:
        line = speech("line {number}: ", number=remark.line) if remark.line else ""
        yield line + words[remark.reason].format(value=repr(remark.value), path=remark.path)
