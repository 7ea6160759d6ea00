# SPDX-License-Identifier: Apache-2.0
"""What an invoice says, put into the order in which people read it: data for a page in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from einvoice import profiles
from einvoice.codes import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from decimal import Decimal

    from einvoice.model import Invoice, InvoiceLine, Reading

Row = tuple[str, str]


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


def summary(reading: Reading) -> Summary:
    """Put an invoice into the order in which people read it.

    Args:
        reading: the invoice and what reading it had to say.
    """
    invoice = reading.invoice
    return Summary(
        title=_title(invoice),
        facts=Section("", tuple(_facts(invoice, reading))),
        parties=tuple(_parties(invoice)),
        lines=tuple(_items(invoice.lines)),
        vat=tuple(_vat(invoice)),
        totals=Section("Totals", tuple(_totals(invoice))),
        payment=Section("Payment", tuple(_payment(invoice))),
        notes=tuple(note.note for note in invoice.notes if note.note),
        remarks=tuple(_remarks(reading)),
    )


def _title(invoice: Invoice) -> str:
    code = invoice.type_code or ""
    kind = name_of(code, "untdid-1001-invoice") or name_of(code, "untdid-1001-credit-note")
    return f"{kind or ('Document of type ' + code if code else 'Invoice')} {invoice.number or '(no number)'}"


def _pairs(*rows: tuple[str, object]) -> Iterator[Row]:
    """The rows that have something to say."""
    yield from ((label, str(value)) for label, value in rows if value not in (None, "", ()))


def _facts(invoice: Invoice, reading: Reading) -> Iterator[Row]:
    delivery, period, control = invoice.delivery_information, invoice.invoicing_period, invoice.process_control
    yield from _pairs(
        ("Issued", invoice.issue_date),
        ("Due", invoice.payment_due_date),
        ("Delivered", delivery and delivery.actual_delivery_date),
        ("Period", period and _span(period.start_date, period.end_date)),
        ("Tax point", invoice.value_added_tax_point_date),
        ("Buyer reference", invoice.buyer_reference),
        ("Order", invoice.purchase_order_reference),
        ("Sales order", invoice.sales_order_reference),
        ("Contract", invoice.contract_reference),
        ("Project", invoice.project_reference),
        ("Object", invoice.invoiced_object_identifier),
        *(("Preceding invoice", _reference(entry)) for entry in invoice.preceding_invoice_references),
        *(("Attached", _attached(entry)) for entry in invoice.additional_supporting_documents),
        ("Obeys", profiles.name_of(control.specification_identifier) if control else profiles.name_of(None)),
        (
            "Written in",
            {"ubl-invoice": "UBL 2.1 Invoice", "ubl-creditnote": "UBL 2.1 CreditNote", "cii": "CII"}.get(
                reading.syntax or "", ""
            ),
        ),
    )


def _span(start: date | None, end: date | None) -> str:
    return f"{start or '…'} to {end or '…'}" if start or end else ""


def _reference(entry: Any) -> str:  # noqa: ANN401 - a preceding invoice
    return " of ".join(str(part) for part in (entry.reference, entry.issue_date) if part)


def _attached(entry: Any) -> str:  # noqa: ANN401 - a supporting document
    document = entry.attached_document
    inside = f"{document.filename or 'file'}, {len(document.content or b''):,} bytes" if document else ""
    parts = (entry.reference, entry.description, inside, entry.external_document_location)
    return " · ".join(part for part in parts if part)


def _parties(invoice: Invoice) -> Iterator[Section]:
    yield from _party("Seller", invoice.seller)
    yield from _party("Buyer", invoice.buyer)
    yield from _party("Payee", invoice.payee)
    yield from _party("Seller's tax representative", invoice.seller_tax_representative)
    delivery = invoice.delivery_information
    if delivery is not None:
        name, address = delivery.deliver_to_party_name, delivery.deliver_to_address
        rows = tuple(_pairs(("", name), *(("", line) for line in _address(address))))
        yield from [Section("Delivered to", rows)] if rows else []


def _party(title: str, party: Any) -> Iterator[Section]:  # noqa: ANN401 - parties have no common type
    if party is None:
        return
    contact = getattr(party, "contact", None)
    rows: list[tuple[str, object]] = [
        ("", party.name or "(no name)"),
        ("Trading as", getattr(party, "trading_name", None)),
        *(("", line) for line in _address(getattr(party, "postal_address", None))),
        ("VAT", getattr(party, "vat_identifier", None)),
        ("Tax number", getattr(party, "tax_registration_identifier", None)),
        ("Register", getattr(party, "legal_registration_identifier", None)),
        *(("Identifier", identifier) for identifier in getattr(party, "identifiers", ())),
        ("Electronic address", getattr(party, "electronic_address", None)),
    ]
    if contact is not None:
        parts = (contact.contact_point, contact.telephone_number, contact.email_address)
        rows.append(("Contact", ", ".join(part for part in parts if part)))
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


def _items(lines: Iterable[InvoiceLine], level: int = 0) -> Iterator[Item]:
    for line in lines:
        item, vat, price = line.item_information, line.vat_information, line.price_details
        quantity = f"{amount(line.invoiced_quantity)} {_unit(line.invoiced_quantity_unit_of_measure_code)}".strip()
        period = line.period and _span(line.period.start_date, line.period.end_date)
        details = [
            item and item.description,
            item and item.sellers_identifier and f"article {item.sellers_identifier}",
            period,
            line.note,
            *(f"{amount(entry.amount)} off: {entry.reason or entry.reason_code or ''}" for entry in line.allowances),
            *(f"{amount(entry.amount)} added: {entry.reason or entry.reason_code or ''}" for entry in line.charges),
        ]
        yield Item(
            number=line.identifier or "",
            name=(item and item.name) or "",
            details=tuple(detail for detail in details if detail),
            quantity=quantity,
            price=_price(price),
            vat=_rate(vat.category_code, vat.rate) if vat else "",
            amount=amount(line.net_amount),
            level=level,
        )
        yield from _items(line.sub_lines, level + 1)


def _price(price: Any) -> str:  # noqa: ANN401 - PriceDetails or None
    if price is None:
        return ""
    base = price.item_price_base_quantity
    per = f" per {amount(base)}" if base is not None and base != 1 else ""
    return f"{amount(price.item_net_price)}{per}"


def _unit(code: str | None) -> str:
    name = name_of(code, "unece-rec20-21") if code else None
    return name.lower() if name else code or ""


def _rate(category: str | None, rate: Decimal | None) -> str:
    percent = "" if rate is None else f"{rate.normalize():f} %"
    return " ".join(part for part in (category, percent) if part)


def _vat(invoice: Invoice) -> Iterator[tuple[str, str, str, str]]:
    for entry in invoice.vat_breakdown:
        meaning = name_of(entry.category_code or "", "untdid-5305")
        kind = " · ".join(part for part in (_rate(entry.category_code, entry.rate), meaning) if part)
        reason = entry.exemption_reason_text or entry.exemption_reason_code or ""
        yield kind, amount(entry.taxable_amount), amount(entry.tax_amount), reason


def _totals(invoice: Invoice) -> Iterator[Row]:
    totals, currency = invoice.totals, invoice.currency_code
    for entry in invoice.document_level_allowances:
        yield f"Allowance: {entry.reason or entry.reason_code or ''}", amount(entry.amount, currency)
    for charge in invoice.document_level_charges:
        yield f"Charge: {charge.reason or charge.reason_code or ''}", amount(charge.amount, currency)
    if totals is None:
        return
    yield from _pairs(
        ("Sum of the lines", amount(totals.sum_of_invoice_line_net_amount, currency)),
        ("Without VAT", amount(totals.invoice_total_amount_without_vat, currency)),
        ("VAT", amount(totals.invoice_total_vat_amount, currency)),
        (
            "VAT in accounting currency",
            amount(totals.invoice_total_vat_amount_in_accounting_currency, invoice.vat_accounting_currency_code),
        ),
        ("With VAT", amount(totals.invoice_total_amount_with_vat, currency)),
        ("Paid in advance", amount(totals.paid_amount, currency)),
        ("Rounding", amount(totals.rounding_amount, currency)),
        ("To be paid", amount(totals.amount_due_for_payment, currency)),
    )


def _payment(invoice: Invoice) -> Iterator[Row]:
    how = invoice.payment_instructions
    for means in how.means if how else ():
        code = means.type_code or ""
        yield from _pairs(("Means", means.text or name_of(code, "untdid-4461") or code))
        for account in means.credit_transfers:
            parts = (
                account.payment_account_identifier,
                account.payment_service_provider_identifier,
                account.payment_account_name,
            )
            yield from _pairs(("Account", " · ".join(part for part in parts if part)))
        card = means.payment_card
        yield from _pairs(("Card", card and card.primary_account_number))
    debit = how.direct_debit if how else None
    yield from _pairs(
        ("Mandate", debit and debit.mandate_reference_identifier),
        ("Debited account", debit and debit.debited_account_identifier),
        ("Reference", how and how.remittance_information),
        ("Terms", (invoice.payment_terms or "").strip()),
    )


def _remarks(reading: Reading) -> Iterator[str]:
    yield from reading.notes
    words = {
        "unbound": "has no place in the invoice model",
        "repeated": "stands once too often",
        "malformed": "is no value of its type",
        "no-place": "cannot be carried over",
    }
    for remark in reading.lost:
        line = f"line {remark.line}: " if remark.line else ""
        yield f"{line}{remark.value!r} {words[remark.reason]} ({remark.path})"
