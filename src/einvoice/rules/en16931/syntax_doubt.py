# SPDX-License-Identifier: Apache-2.0
"""Whether the syntax rules, which are not judged here yet, could find anything fatal in a document.

UBL-SR, UBL-CR, UBL-DT, CII-SR and CII-DT speak about elements and attributes that EN 16931 does not use, and about
elements that stand more often than it allows. Such a leaf is among the remarks of a reading, or it is in a part of
the model that EN 16931 does not have. What is in neither place cannot offend them. A document that gives no reason
for doubt is valid; another one, if nothing else is wrong, is undetermined, and the first reason is said.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.model import Invoice, InvoiceLine, PaymentMeans, Reading, Remark, fields_of
from einvoice.model.extensions import InvoiceExtension, LineExtension, Party

if TYPE_CHECKING:
    from collections.abc import Iterable

Doubt = Callable[[Invoice], bool]

CREDIT_TRANSFERS: Final = ("30", "58")


def doubt(reading: Reading) -> str:
    """The first thing in a document that a syntax rule may call fatal; an empty text if there is none.

    Args:
        reading: what was read. An invoice that never was XML has no syntax to offend.
    """
    if reading.syntax is None:
        return ""
    suspect = _CII_ELEMENTS if reading.syntax == "cii" else _UBL_ELEMENTS
    remark = next((one for one in reading.remarks if _may_offend(one, suspect)), None)
    if remark is not None:
        return f"{remark.path} has no place in EN 16931; the rules about such elements are not judged yet"
    doubts = _CII if reading.syntax == "cii" else _UBL
    found = next((sentence for sentence, is_there in doubts if is_there(reading.invoice)), "")
    return f"{found}; the rules about that are not judged yet" if found else ""


def _means(invoice: Invoice) -> tuple[PaymentMeans, ...]:
    payment = invoice.payment_instructions
    return payment.means if payment is not None else ()


def _several(values: Iterable[object]) -> bool:
    """Whether there are different values among those that are there."""
    return len({value for value in values if value is not None}) > 1


def _used(group: Struct | None, but: Iterable[str]) -> bool:
    """Whether a group says anything beside some fields."""
    if group is None:
        return False
    names = set(group.__struct_fields__).difference(but)
    return any(getattr(group, name) not in (None, ()) for name in names)


def _extended(invoice: Invoice, header: frozenset[str], line: frozenset[str]) -> bool:
    """Whether the extensions of document and lines say more than some harmless fields."""
    return _used(invoice.extension, header) or any(_used(one.extension, line) for one in invoice.lines)


def _long(amounts: Iterable[Any]) -> bool:
    return any(isinstance(one, Decimal) and int(one.as_tuple().exponent) < -2 for one in amounts)  # noqa: PLR2004


def _long_vat_total(invoice: Invoice) -> bool:
    totals = invoice.totals
    if totals is None:
        return False
    return _long((totals.invoice_total_vat_amount, totals.invoice_total_vat_amount_in_accounting_currency))


def _bare_attachment(invoice: Invoice) -> bool:
    files = (one.attached_document for one in invoice.additional_supporting_documents)
    return any(one is not None and (one.mime_code is None or one.filename is None) for one in files)


def _odd_payee(invoice: Invoice) -> bool:
    payee, seller = invoice.payee, invoice.seller
    if payee is None:
        return False
    return len(payee.identifiers) > 1 or (seller is not None and payee.name == seller.name)


def _two_creditors(invoice: Invoice) -> bool:
    debit = invoice.payment_instructions.direct_debit if invoice.payment_instructions is not None else None
    return debit is not None and None not in (debit.bank_assigned_creditor_identifier, debit.payee_creditor_identifier)


def _tax_number_without_scheme(invoice: Invoice) -> bool:
    number = invoice.seller.tax_registration_identifier if invoice.seller is not None else None
    return number is not None and not (number.scheme and number.value)


def _price_charges(invoice: Invoice) -> bool:
    return any(one.price_details is not None and one.price_details.charges for one in invoice.lines)


def _bank_without_account(invoice: Invoice) -> bool:
    return any(one.type_code in CREDIT_TRANSFERS and not one.credit_transfers for one in _means(invoice))


def _tax_points(invoice: Invoice) -> bool:
    several = len(invoice.vat_breakdown) > 1 and invoice.value_added_tax_point_date is not None
    return several or any(_used(one, _BREAKDOWN) for one in invoice.vat_breakdown)


def _several_means(invoice: Invoice) -> bool:
    means = _means(invoice)
    stated = (("type_code",), ("text",), ("payment_due_date",), ("remittance_information",))
    cards = sum(one.payment_card is not None for one in means)
    mandates = sum(one.mandate_reference_identifier is not None for one in means)
    repeated = any(_several(getattr(one, name) for one in means) for (name,) in stated)
    return repeated or cards > 1 or mandates > 0


def _foreign_tax(invoice: Invoice) -> bool:
    lines = (one.vat_information for one in invoice.lines)
    return any(one is not None and one.tax_scheme_identifier is not None for one in chain(lines, invoice.vat_breakdown))


_BREAKDOWN: Final = frozenset(
    {
        *("taxable_amount", "tax_amount", "category_code", "rate"),
        *("exemption_reason_text", "exemption_reason_code", "tax_scheme_identifier"),
    }
)

# ---- what the rules of severity fatal speak about; about everything else there are warnings only, or no rule

_UBL_ELEMENTS: Final = (
    *("cac:PartyTaxScheme", "cac:AdditionalDocumentReference", "cac:DocumentReference", "BinaryObject", "Amount"),
    *("cac:AllowanceCharge", "cac:TaxCategory", "cac:ClassifiedTaxCategory", "cac:PaymentMeans", "cac:Delivery"),
    *("cac:TaxTotal", "cac:PartyIdentification"),
)
_CII_ELEMENTS: Final = (
    *("/@", "ReferencedDocument", "ram:BillingSpecifiedPeriod", "ram:PostalTradeAddress", "ram:TypeCode", "udt:"),
    *("MonetarySummation", "AllowanceCharge", "TradeTax", "SettlementPaymentMeans", "Amount", "Quantity"),
)
_UBL_HEADER: Final = frozenset(
    {
        *("ubl_version_identifier", "profile_execution_identifier", "uuid", "issue_time", "copy_indicator"),
        *("purchase_order_date", "contract_date", "despatch_advice_date", "receiving_advice_date"),
        *("currency_exchange", "language_code"),
    }
)
_UBL_LINE: Final = frozenset(
    {
        *("purchase_order_reference", "purchase_order_date", "despatch_advice", "receiving_advice"),
        *("preceding_invoices", "actual_delivery_date", "brand_name", "model_name", "item_instances"),
    }
)
_CII_HEADER: Final = frozenset(
    {
        *("test_indicator", "document_name", "copy_indicator", "language_code", "seller_reference", "project_name"),
        *("contractual_due_date", "transport_mode_codes", "delivery_terms", "payment_terms", "advance_payments"),
        *("logistics_service_charges", "currency_exchange", "buyer_accounting_reference_type_code"),
        *(info.name for info in fields_of(InvoiceExtension).values() if info.value_type is Party),
    }
)
_CII_LINE: Final = frozenset(
    {
        *("note_subject_code", "note_content_code", "additional_notes", "parent_line_identifier", "status_code"),
        *("status_reason_code", "item_identifier", "industry_item_identifier", "model_identifier", "brand_name"),
        *("model_name", "batch_identifiers", "item_instances", "actual_delivery_date", "ship_to", "ultimate_ship_to"),
        *("buyer_accounting_reference_type_code", "delivery_terms"),
    }
)


def _may_offend(remark: Remark, elements: tuple[str, ...]) -> bool:
    """Whether a rule of severity fatal may speak about a leaf."""
    if remark.reason in ("repeated", "malformed"):
        return True
    return remark.reason == "unbound" and any(part in remark.path for part in elements)


def unknown_fields() -> list[str]:
    """Fields named above that the extensions do not have; the lists must not outlive the model."""
    header = (_UBL_HEADER | _CII_HEADER).difference(InvoiceExtension.__struct_fields__)
    line = (_UBL_LINE | _CII_LINE).difference(LineExtension.__struct_fields__)
    return sorted(header | line)


def _sub_lines(lines: tuple[InvoiceLine, ...]) -> bool:
    return any(one.sub_lines for one in lines)


_UBL: Final[tuple[tuple[str, Doubt], ...]] = (
    ("the document uses an extension of EN 16931", lambda one: _extended(one, _UBL_HEADER, _UBL_LINE)),
    ("the invoice has sub lines", lambda one: _sub_lines(one.lines)),
    ("a VAT total has more than two decimals", _long_vat_total),
    ("an attached document has no type or no file name", _bare_attachment),
    ("the buyer has several identifiers", lambda one: one.buyer is not None and len(one.buyer.identifiers) > 1),
    ("the payee is called like the seller, or has several identifiers", _odd_payee),
    ("seller and payee both have a creditor identifier", _two_creditors),
    ("the seller's tax number has no scheme", _tax_number_without_scheme),
    ("payment means differ", _several_means),
    ("a price has charges", _price_charges),
)
_CII: Final[tuple[tuple[str, Doubt], ...]] = (
    ("the document uses an extension of EN 16931", lambda one: _extended(one, _CII_HEADER, _CII_LINE)),
    ("payment means differ", lambda one: _several(m.type_code for m in _means(one))),
    ("payment means differ", lambda one: _several(m.text for m in _means(one))),
    ("a credit transfer names no account", _bank_without_account),
    ("VAT breakdowns state a tax point", _tax_points),
    ("a tax is not VAT", _foreign_tax),
    ("the invoicing period is described", lambda one: _used(one.invoicing_period, ("start_date", "end_date"))),
    (
        "a preceding invoice has a type",
        lambda one: any(past.type_code is not None for past in one.preceding_invoice_references),
    ),
    (
        "a supporting document has a date",
        lambda one: any(paper.issue_date is not None for paper in one.additional_supporting_documents),
    ),
)
