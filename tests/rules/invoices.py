# SPDX-License-Identifier: Apache-2.0
"""Invoices to judge: clean ones, and the means to change one thing about them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import structs

from einvoice.model import (
    AdditionalSupportingDocument,
    Attachment,
    Buyer,
    BuyerPostalAddress,
    CreditTransfer,
    DeliverToAddress,
    DeliveryInformation,
    DocumentLevelAllowance,
    DocumentLevelCharge,
    DocumentTotals,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    InvoiceLinePeriod,
    InvoiceNote,
    InvoicingPeriod,
    ItemAttribute,
    ItemClassification,
    ItemInformation,
    LineVatInformation,
    Payee,
    PaymentCardInformation,
    PaymentInstructions,
    PaymentMeans,
    PrecedingInvoiceReference,
    PriceDetails,
    ProcessControl,
    Reading,
    Remark,
    Seller,
    SellerPostalAddress,
    SellerTaxRepresentative,
    SellerTaxRepresentativePostalAddress,
    Syntax,
    VatBreakdown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def at(values: dict[str, Any]) -> Callable[[Invoice], Invoice]:
    """A change of terms by their model paths, such as ``lines[0].net_amount``."""

    def change(invoice: Invoice) -> Invoice:
        for path, value in values.items():
            invoice = _replaced(invoice, path, value)
        return invoice

    return change


def _replaced(struct: Any, path: str, value: Any) -> Any:  # noqa: ANN401 -- any struct of the model
    first, _, rest = path.partition(".")
    match = _STEP.fullmatch(first)
    assert match is not None, path
    name, index = match[1], match[2]
    old = getattr(struct, name)
    if index is None:
        new = _replaced(old, rest, value) if rest else value
    else:
        items = list(old)
        items[int(index)] = _replaced(items[int(index)], rest, value) if rest else value
        new = tuple(item for item in items if item is not None)
    return structs.replace(struct, **{name: new})


def number(text: str) -> Decimal:
    return Decimal(text)


LINE = InvoiceLine(
    identifier="1",
    invoiced_quantity=number("10"),
    invoiced_quantity_unit_of_measure_code="C62",
    net_amount=number("100.00"),
    object_identifier=Identifier("M-7", "ABT"),
    period=InvoiceLinePeriod(start_date=date(2026, 3, 1), end_date=date(2026, 3, 31)),
    allowances=(
        InvoiceLineAllowance(amount=number("5.00"), base_amount=number("50.00"), reason="Rebate", reason_code="95"),
    ),
    charges=(
        InvoiceLineCharge(amount=number("5.00"), base_amount=number("50.00"), reason="Packing", reason_code="PC"),
    ),
    price_details=PriceDetails(
        item_net_price=number("10.00"),
        item_gross_price=number("11.00"),
        item_price_base_quantity=number("1"),
        item_price_base_quantity_unit_of_measure_code="C62",
    ),
    vat_information=LineVatInformation(category_code="S", rate=number("19")),
    item_information=ItemInformation(
        name="Bolt",
        standard_identifier=Identifier("4012345001235", "0160"),
        classifications=(ItemClassification(Identifier("31161600", "TST")),),
        country_of_origin="DE",
        attributes=(ItemAttribute(name="Colour", value="Black"),),
    ),
)


def clean() -> Invoice:
    """An invoice with something of almost everything, and nothing wrong."""
    return Invoice(
        number="2026-17",
        issue_date=date(2026, 4, 1),
        type_code="380",
        currency_code="EUR",
        invoiced_object_identifier=Identifier("P-1", "ABT"),
        tender_or_lot_reference="LOT-3",
        notes=(InvoiceNote(subject_code="AAI", note="Thank you"),),
        process_control=ProcessControl(specification_identifier="urn:cen.eu:en16931:2017"),
        preceding_invoice_references=(PrecedingInvoiceReference(reference="2026-16"),),
        seller=_seller(),
        buyer=_buyer(),
        payee=Payee("Factor Bank", (Identifier("4000001000005", "0088"),), Identifier("HRB 9", "0002")),
        seller_tax_representative=SellerTaxRepresentative(
            "Fiscal Rep", "FR23334175221", SellerTaxRepresentativePostalAddress(country_code="FR")
        ),
        delivery_information=DeliveryInformation(
            deliver_to_location_identifiers=(Identifier("4000001000012", "0088"),),
            actual_delivery_date=date(2026, 3, 31),
            deliver_to_address=DeliverToAddress(country_code="DE"),
        ),
        invoicing_period=InvoicingPeriod(start_date=date(2026, 3, 1), end_date=date(2026, 3, 31)),
        payment_instructions=PaymentInstructions(means=(_means(),)),
        document_level_allowances=(_allowance(),),
        document_level_charges=(_charge(),),
        totals=_totals(),
        vat_breakdown=(VatBreakdown(number("210.00"), number("39.90"), "S", number("19")),),
        additional_supporting_documents=(
            AdditionalSupportingDocument(
                reference="timesheet", attached_document=Attachment(b"a;b", "text/csv", "timesheet.csv")
            ),
        ),
        lines=(LINE, structs.replace(LINE, identifier="2")),
    )


def _seller() -> Seller:
    return Seller(
        name="Bolt & Nut GmbH",
        trading_name="B&N",
        identifiers=(Identifier("4000001123452", "0088"),),
        legal_registration_identifier=Identifier("HRB 1", "0002"),
        vat_identifier="DE123456789",
        tax_registration_identifier=Identifier("201/113/40209", "FC"),
        electronic_address=Identifier("bn@example.com", "EM"),
        postal_address=SellerPostalAddress(city="Berlin", country_code="DE"),
    )


def _buyer() -> Buyer:
    return Buyer(
        name="Fixing SARL",
        identifiers=(Identifier("4000001987658", "0088"),),
        legal_registration_identifier=Identifier("78467169500087", "0009"),
        vat_identifier="FR11123456782",
        electronic_address=Identifier("78467169500087", "0009"),
        postal_address=BuyerPostalAddress(city="Lyon", country_code="FR"),
    )


def _means() -> PaymentMeans:
    return PaymentMeans(
        type_code="30",
        credit_transfers=(CreditTransfer("DE02120300000000202051", "Bolt & Nut GmbH"),),
        payment_card=PaymentCardInformation(primary_account_number="1234"),
    )


def _allowance() -> DocumentLevelAllowance:
    return DocumentLevelAllowance(
        amount=number("10.00"),
        base_amount=number("200.00"),
        vat_category_code="S",
        vat_rate=number("19"),
        reason="Loyalty",
        reason_code="95",
    )


def _charge() -> DocumentLevelCharge:
    return DocumentLevelCharge(
        amount=number("20.00"),
        base_amount=number("200.00"),
        vat_category_code="S",
        vat_rate=number("19"),
        reason="Freight",
        reason_code="FC",
    )


def _totals() -> DocumentTotals:
    return DocumentTotals(
        sum_of_invoice_line_net_amount=number("200.00"),
        sum_of_allowances_on_document_level=number("10.00"),
        sum_of_charges_on_document_level=number("20.00"),
        invoice_total_amount_without_vat=number("210.00"),
        invoice_total_vat_amount=number("39.90"),
        invoice_total_amount_with_vat=number("249.90"),
        paid_amount=number("50.00"),
        rounding_amount=number("0.10"),
        amount_due_for_payment=number("200.00"),
    )


def in_category(code: str, rate: str | None = None, *, taxed: bool = False) -> Invoice:
    """The clean invoice with everything in one VAT category, and what that category demands.

    Args:
        code: the category.
        rate: the rate in percent; ``None`` for none.
        taxed: whether there is a tax amount (of 19 % on 210.00).
    """
    percent = None if rate is None else number(rate)
    tax, total = (number("39.90"), number("249.90")) if taxed else (number("0.00"), number("210.00"))
    reasons: dict[str, Any] = {} if taxed or code == "Z" else {"exemption_reason_text": "Because"}
    due = number("200.00") if taxed else number("160.10")
    vat = LineVatInformation(category_code=code, rate=percent)
    invoice = clean()
    return structs.replace(
        invoice,
        lines=tuple(structs.replace(line, vat_information=vat) for line in invoice.lines),
        document_level_allowances=(structs.replace(_allowance(), vat_category_code=code, vat_rate=percent),),
        document_level_charges=(structs.replace(_charge(), vat_category_code=code, vat_rate=percent),),
        vat_breakdown=(VatBreakdown(number("210.00"), tax, code, percent, **reasons),),
        totals=structs.replace(
            _totals(), invoice_total_vat_amount=tax, invoice_total_amount_with_vat=total, amount_due_for_payment=due
        ),
    )


def not_subject() -> Invoice:
    """An invoice that is not subject to VAT: without rates, and without VAT identifiers."""
    bare = at({"seller.vat_identifier": None, "buyer.vat_identifier": None, "seller_tax_representative": None})
    return bare(in_category("O"))


def italian() -> Invoice:
    """An Italian invoice with split payment."""
    italy = at(
        {
            "seller.postal_address.country_code": "IT",
            "buyer.postal_address.country_code": "IT",
            "seller_tax_representative": None,
            "delivery_information.deliver_to_address.country_code": "IT",
            "lines[0].item_information.country_of_origin": "IT",
            "lines[1].item_information.country_of_origin": "IT",
        }
    )
    return italy(in_category("B", "19", taxed=True))


def reading(invoice: Invoice, syntax: Syntax | None, *remarks: Remark) -> Reading:
    """The invoice as if it had been read."""
    return Reading(invoice, syntax, remarks=remarks)
