# SPDX-License-Identifier: Apache-2.0
"""BR-01 to BR-48: what an invoice must hold, and what its parts must say (EN 16931-1, 6.4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from einvoice.model import (
    BuyerPostalAddress,
    DeliverToAddress,
    DirectDebit,
    DocumentLevelAllowance,
    DocumentLevelCharge,
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    InvoiceLinePeriod,
    InvoicingPeriod,
    Payee,
    PaymentMeans,
    PrecedingInvoiceReference,
    Reading,
    Remark,
    Seller,
    SellerPostalAddress,
    SellerTaxRepresentative,
    SellerTaxRepresentativePostalAddress,
)
from einvoice.rules.en16931.date_texts import DateTexts
from einvoice.rules.en16931.vat_use import VatUse, without_category
from einvoice.rules.leaves import Leaves
from einvoice.rules.registry import Miss, rule
from einvoice.rules.rows import WHITE, require
from einvoice.rules.xpath import moment

if TYPE_CHECKING:
    from datetime import date

_PAYEE_CREDITOR: Final = "payment_instructions.direct_debit.payee_creditor_identifier"
_LINE_TAX: Final = " ".join(
    f"lines.extension.tax.parts.{name}"
    for name in ("taxable_amount", "tax_amount", "category_code", "rate", "tax_scheme_identifier")
)
_ENDS: Final = ("cbc:StartDate", "cbc:EndDate")
_PERIOD: Final = re.compile(
    r"/(?:Invoice|CreditNote)(?P<line>/cac:(?:Invoice|CreditNote)Line(?:\[(?P<number>\d+)\])?)?/cac:InvoicePeriod(?:\[1\])?"
)
_PAYEE_OF_TERMS: Final = "extension.payment_terms.payee"

REQUIRED = (
    require("BR-01", Invoice, "BT-24", "The invoice has a specification identifier.", blank=False),
    require("BR-02", Invoice, "BT-1", "The invoice has a number.", blank=False),
    require("BR-03", Invoice, "BT-2", "The invoice has an issue date.", blank=False, syntax="ubl"),
    require("BR-04", Invoice, "BT-3", "The invoice has a type code.", blank=False),
    require("BR-05", Invoice, "BT-5", "The invoice has a currency code.", blank=False),
    require("BR-06", Invoice, "BT-27", "The invoice names the seller.", blank=False),
    require("BR-07", Invoice, "BT-44", "The invoice names the buyer.", blank=False),
    require("BR-08", Invoice, "BG-5", "The invoice has the seller's postal address."),
    require("BR-09", SellerPostalAddress, "BT-40", "The seller's address has a country.", blank=False, syntax="ubl"),
    require("BR-09", Invoice, "BT-40", "The seller's address has a country.", blank=False, syntax="cii"),
    require("BR-10", Invoice, "BG-8", "The invoice has the buyer's postal address."),
    require("BR-11", BuyerPostalAddress, "BT-55", "The buyer's address has a country.", blank=False, syntax="ubl"),
    require("BR-11", Invoice, "BT-55", "The buyer's address has a country.", blank=False, syntax="cii"),
    require("BR-16", Invoice, "BG-25", "The invoice has at least one line."),
    require("BR-18", SellerTaxRepresentative, "BT-62", "The seller's tax representative is named.", blank=False),
    require("BR-19", SellerTaxRepresentative, "BG-12", "The seller's tax representative has a postal address."),
    require(
        "BR-20",
        SellerTaxRepresentativePostalAddress,
        "BT-69",
        "The tax representative's address has a country.",
        blank=False,
        syntax="ubl",
    ),
    require(
        "BR-20",
        SellerTaxRepresentative,
        "BT-69",
        "The tax representative's address has a country.",
        blank=False,
        syntax="cii",
    ),
    require("BR-21", InvoiceLine, "BT-126", "Each line has an identifier.", blank=False),
    require("BR-22", InvoiceLine, "BT-129", "Each line has an invoiced quantity."),
    require("BR-23", InvoiceLine, "BT-130", "Each invoiced quantity has a unit."),
    require("BR-24", InvoiceLine, "BT-131", "Each line has a net amount."),
    require("BR-25", InvoiceLine, "BT-153", "Each line names its item.", blank=False),
    require("BR-26", InvoiceLine, "BT-146", "Each line has the net price of its item."),
    require("BR-31", DocumentLevelAllowance, "BT-92", "Each document level allowance has an amount."),
    require("BR-33", DocumentLevelAllowance, "BT-97 BT-98", "Each document level allowance has a reason or its code."),
    require("BR-36", DocumentLevelCharge, "BT-99", "Each document level charge has an amount."),
    require("BR-38", DocumentLevelCharge, "BT-104 BT-105", "Each document level charge has a reason or its code."),
    require("BR-41", InvoiceLineAllowance, "BT-136", "Each allowance on a line has an amount."),
    require("BR-42", InvoiceLineAllowance, "BT-139 BT-140", "Each allowance on a line has a reason or its code."),
    require("BR-43", InvoiceLineCharge, "BT-141", "Each charge on a line has an amount."),
    require("BR-44", InvoiceLineCharge, "BT-144 BT-145", "Each charge on a line has a reason or its code."),
    require("BR-49", PaymentMeans, "BT-81", "Payment instructions say how to pay, by a code."),
    require("BR-55", PrecedingInvoiceReference, "BT-25", "Each preceding invoice has its number.", syntax="ubl"),
    require(
        "BR-55", PrecedingInvoiceReference, "BT-25", "Each preceding invoice has its number.", blank=False, syntax="cii"
    ),
    require("BR-56", SellerTaxRepresentative, "BT-63", "The tax representative has a VAT identifier.", syntax="ubl"),
    require(
        "BR-56",
        SellerTaxRepresentative,
        "BT-63",
        "The tax representative has a VAT identifier.",
        blank=False,
        syntax="cii",
    ),
    require("BR-57", DeliverToAddress, "BT-80", "Each delivery address has a country.", syntax="ubl"),
    require("BR-57", DeliverToAddress, "BT-80", "Each delivery address has a country.", blank=False, syntax="cii"),
)


@rule("BR-03", syntax="cii", reads="BT-2", unreadable="own")
def br_03_cii(reading: Reading, texts: DateTexts) -> Iterator[Miss]:
    """The invoice has an issue date. CII wants it in the format 102, and is content with any text in that format."""
    if not (texts.text("issue_date", reading.invoice.issue_date) or "").strip(WHITE):
        yield Miss("BT-2", texts.raw("issue_date"))


@rule("BR-17", syntax="ubl", reads=f"BT-59 BT-60 BT-28 BT-29 BT-90 {_PAYEE_CREDITOR}")
def br_17_ubl(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """A payee is named, and is another than the seller.

    UBL's test compares the payee's name with the seller's trading name (BT-28), and their identifiers, the creditor
    identifiers (BT-90) among them.
    """
    payee, seller, payment = invoice.payee, invoice.seller, invoice.payment_instructions
    debit = payment.direct_debit if payment is not None and payment.direct_debit is not None else DirectDebit()
    if payee is None or payee.name is None:
        if payee is not None or debit.payee_creditor_identifier is not None or leaves.within("/cac:PayeeParty/"):
            yield Miss("BT-59")
        return
    if seller is None:
        return
    if payee.name == seller.trading_name:
        yield Miss("BT-59", payee.name, why="the seller is called the same")
    payees = {one.value for one in payee.identifiers} | {debit.payee_creditor_identifier}
    sellers = {one.value for one in seller.identifiers} | {debit.bank_assigned_creditor_identifier}
    for same in (payees & sellers) - {None}:
        yield Miss("BT-60", same, why="the seller has the same identifier")


@rule("BR-17", syntax="cii", reads=f"BT-59 BT-60 BT-61 BT-27 BT-29 BT-30 {_PAYEE_OF_TERMS}.name BG-X-77")
def br_17_cii(invoice: Invoice) -> Iterator[Miss]:
    """A payee is named, and is another than the seller.

    CII's test compares the names (BT-59, BT-27), the identifiers without a scheme and the legal registrations. It
    also wants a name of the payees that payment terms may have.
    """
    for index, terms in enumerate(invoice.extension.payment_terms if invoice.extension is not None else ()):
        if terms.payee is not None and terms.payee.name is None:
            yield Miss(at=f"extension.payment_terms[{index}].payee.name")
    payee, seller = invoice.payee, invoice.seller
    if payee is None:
        return
    if payee.name is None:
        yield Miss("BT-59")
    elif seller is not None:
        yield from _same_party(payee, seller)


def _same_party(payee: Payee, seller: Seller) -> Iterator[Miss]:
    if payee.name == seller.name:
        yield Miss("BT-59", payee.name, why="the seller is called the same")
    payees, sellers = ({one.value for one in party.identifiers if one.scheme is None} for party in (payee, seller))
    if same := payees & sellers:
        yield Miss("BT-60", min(same), why="the seller has the same identifier")
    theirs, ours = payee.legal_registration_identifier, seller.legal_registration_identifier
    if theirs is not None and ours is not None and theirs.value == ours.value:
        yield Miss("BT-61", theirs.value, why="the seller has the same registration")


@rule(
    "BR-29",
    syntax="ubl",
    reads="BT-73 BT-74",
    unreadable="own",
    given="invoicing_period",
    about="cbc:StartDate cbc:EndDate",
)
def br_29_ubl(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """The invoicing period does not end before it starts."""
    period = invoice.invoicing_period
    if period is not None and _reversed(period):
        yield Miss("BT-74", period.end_date, why=f"it starts on {period.start_date}")
    yield from _reversed_again(invoice, leaves, in_lines=False)


@rule("BR-29", syntax="cii", reads="BG-14 BT-73 BT-74", unreadable="own", given="invoicing_period")
def br_29_cii(invoice: Invoice, texts: DateTexts) -> Iterator[Miss]:
    """The invoicing period does not end before it starts.

    CII's test compares texts, and fails if one of them is not in the format 102.
    """
    period = invoice.invoicing_period
    if period is not None and texts.reversed_("invoicing_period", period):
        yield Miss("BT-74", period.end_date, why=f"it starts on {period.start_date}")


@rule(
    "BR-30",
    syntax="ubl",
    reads="BT-134 BT-135",
    unreadable="own",
    given="lines.period",
    about="cbc:StartDate cbc:EndDate",
)
def br_30_ubl(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """The period of a line does not end before it starts."""
    for index, line in enumerate(invoice.lines):
        period = line.period
        if period is not None and _reversed(period):
            why = f"it starts on {period.start_date}"
            yield Miss(at=f"lines[{index}].period.end_date", found=period.end_date, why=why)
    yield from _reversed_again(invoice, leaves, in_lines=True)


def _reversed(period: InvoicingPeriod | InvoiceLinePeriod) -> bool:
    return period.start_date is not None and period.end_date is not None and period.end_date < period.start_date


def _reversed_again(invoice: Invoice, leaves: Leaves, *, in_lines: bool) -> Iterator[Miss]:
    """Periods that end before they start, as far as the model has no place for them: more of them, zones, far years."""
    said: dict[str, dict[str, Remark]] = {}
    for leaf in leaves.ending(*(f"cac:InvoicePeriod/{name}" for name in _ENDS)):
        if ("Line" in leaf.path) is in_lines:
            above, _, name = leaf.path.rpartition("/")
            said.setdefault(above, {})[name] = leaf
    for above, parts in said.items():
        period = _period_at(invoice, above)
        bound = dict(zip(_ENDS, (period.start_date, period.end_date), strict=True)) if period is not None else {}
        start, end = (parts[name].value if name in parts else _said(bound.get(name)) for name in _ENDS)
        if start is not None and end is not None and moment(end) < moment(start):
            yield Miss(found=end, why=f"it starts on {start}", leaf=next(iter(parts.values())))


def _said(day: date | None) -> str | None:
    return None if day is None else str(day)


def _period_at(invoice: Invoice, path: str) -> InvoicingPeriod | InvoiceLinePeriod | None:
    """The period that the model has of what stands at a path."""
    match = _PERIOD.fullmatch(path)
    if match is None:
        return None
    if not match["line"]:
        return invoice.invoicing_period
    place = int(match["number"] or 1) - 1
    return invoice.lines[place].period if place < len(invoice.lines) else None


@rule("BR-30", syntax="cii", reads="BG-26 BT-134 BT-135", unreadable="own", given="lines.period")
def br_30_cii(invoice: Invoice, texts: DateTexts) -> Iterator[Miss]:
    """The period of a line does not end before it starts.

    CII's test compares texts, and fails if one of them is not in the format 102.
    """
    for index, line in enumerate(invoice.lines):
        period = line.period
        if period is not None and texts.reversed_(f"lines[{index}].period", period):
            yield Miss(at=f"lines[{index}].period.end_date", found=period.end_date, why="it ends before it starts")


@rule(
    "BR-32",
    reads="BT-95 document_level_allowances.extension.tax_scheme_identifier",
    given="document_level_allowances",
)
def br_32(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each document level allowance has a VAT category."""
    for path in without_category(use.allowances):
        yield Miss(at=f"/{path}.vat_category_code")


@rule("BR-37", reads="BT-102 document_level_charges.extension.tax_scheme_identifier", given="document_level_charges")
def br_37(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each document level charge has a VAT category."""
    for path in without_category(use.charges):
        yield Miss(at=f"/{path}.vat_category_code")


@rule("BR-45", syntax="ubl", reads=f"BT-116 BT-118 {_LINE_TAX}")
def br_45_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each VAT breakdown has a taxable amount."""
    for one in use.subtotals:
        if one.amount is None:
            yield Miss(at=f"/{one.path}.taxable_amount")


@rule("BR-45", syntax="cii", reads="BT-118 BT-116 vat_breakdown.tax_scheme_identifier")
def br_45_cii(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each VAT breakdown has a taxable amount; CII does not ask those of categories L, M and O."""
    for one in use.breakdown_of_other_than_lmo:
        if one.amount is None:
            yield Miss(at=f"/{one.path}.taxable_amount")


@rule("BR-46", syntax="ubl", reads=f"BT-117 BT-118 {_LINE_TAX}")
def br_46_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each VAT breakdown has a tax amount."""
    for one in use.subtotals:
        if one.thing.tax_amount is None:
            yield Miss(at=f"/{one.path}.tax_amount")


@rule("BR-46", syntax="cii", reads="BT-118 BT-117 vat_breakdown.tax_scheme_identifier")
def br_46_cii(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each VAT breakdown has a tax amount; CII does not ask those of categories L, M and O."""
    for one in use.breakdown_of_other_than_lmo:
        if one.thing.tax_amount is None:
            yield Miss(at=f"/{one.path}.tax_amount")


@rule("BR-47", syntax="ubl", reads=f"BT-118 vat_breakdown.tax_scheme_identifier {_LINE_TAX}")
def br_47_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each VAT breakdown has a VAT category."""
    for one in use.subtotals:
        if one.code is None or not one.vat:
            yield Miss(at=f"/{one.path}.category_code")


@rule("BR-47", syntax="cii", reads="BT-118 vat_breakdown.tax_scheme_identifier")
def br_47_cii(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each VAT breakdown has a VAT category."""
    for one in use.breakdown:
        if one.code is None or not one.vat:
            yield Miss(at=f"/{one.path}.category_code")


@rule("BR-48", syntax="ubl", reads=f"BT-118 BT-119 vat_breakdown.tax_scheme_identifier {_LINE_TAX}")
def br_48_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each VAT breakdown has a rate, unless it is not subject to VAT (O)."""
    for one in use.subtotals:
        if not one.vat or (one.rate is None and one.code != "O"):
            yield Miss(at=f"/{one.path}.rate")


@rule("BR-48", syntax="cii", reads="BT-118 BT-119 vat_breakdown.tax_scheme_identifier")
def br_48_cii(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each VAT breakdown has a rate, unless it is not subject to VAT (O); CII does not ask categories L and M."""
    for one in use.breakdown_of_other_than_lmo:
        if not one.vat or one.rate is None:
            yield Miss(at=f"/{one.path}.rate")
