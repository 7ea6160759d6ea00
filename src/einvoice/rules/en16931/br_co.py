# SPDX-License-Identifier: Apache-2.0
"""BR-CO: conditions between terms, and the arithmetic of the totals (EN 16931-1, 6.4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from einvoice.model import (
    DocumentLevelAllowance,
    DocumentLevelCharge,
    Invoice,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    InvoiceLinePeriod,
)
from einvoice.rules.en16931.date_texts import DateTexts
from einvoice.rules.en16931.mentions import Mentions, paths
from einvoice.rules.en16931.tax_totals import TaxTotals
from einvoice.rules.en16931.vat_use import VatUse, without_category
from einvoice.rules.leaves import Leaves
from einvoice.rules.registry import Miss, rule
from einvoice.rules.rows import CodeList, in_one_text, never, require

_TAX_POINTS = ("ram:TaxPointDate/udt:DateString", "ram:TaxPointDate/udt:Date")
_IN_BREAKDOWN = " ".join(
    f"vat_breakdown.{name}" for name in ("tax_point_date", "tax_point_date_code", "tax_scheme_identifier")
)
_REASON_OF_ALLOWANCE = "Reason and reason code of a document level allowance mean the same."
_REASON_OF_CHARGE = "Reason and reason code of a document level charge mean the same."

ROWS = (
    never("BR-CO-05", DocumentLevelAllowance, _REASON_OF_ALLOWANCE),
    never("BR-CO-06", DocumentLevelCharge, _REASON_OF_CHARGE),
    never("BR-CO-07", InvoiceLineAllowance, "Reason and reason code of an allowance on a line mean the same."),
    never("BR-CO-08", InvoiceLineCharge, "Reason and reason code of a charge on a line mean the same."),
    require(
        "BR-CO-20", InvoiceLinePeriod, "BT-134 BT-135", "The period of a line has a start or an end.", syntax="ubl"
    ),
    require(
        "BR-CO-21", DocumentLevelAllowance, "BT-97 BT-98", "Each document level allowance has a reason or its code."
    ),
    require("BR-CO-22", DocumentLevelCharge, "BT-104 BT-105", "Each document level charge has a reason or its code."),
    require("BR-CO-23", InvoiceLineAllowance, "BT-139 BT-140", "Each allowance on a line has a reason or its code."),
    require("BR-CO-24", InvoiceLineCharge, "BT-144 BT-145", "Each charge on a line has a reason or its code."),
)


@rule("BR-CO-03", syntax="ubl", reads="BT-7 BT-8", unreadable="there", given="value_added_tax_point_date")
def br_co_03_ubl(invoice: Invoice) -> Iterator[Miss]:
    """The tax point is stated as a date or as a code, not as both.

    Several periods may state a code, and a date may be too early or too late for the model: elements are asked too.
    """
    if invoice.value_added_tax_point_date is not None and invoice.value_added_tax_point_date_code is not None:
        yield Miss("BT-8", invoice.value_added_tax_point_date_code, why="BT-7 is stated too")


@rule("BR-CO-03", syntax="cii", reads=f"BT-7 BT-8 BT-118 {_IN_BREAKDOWN}", unreadable="own")
def br_co_03_cii(invoice: Invoice, use: VatUse, leaves: Leaves) -> Iterator[Miss]:
    """The tax point is stated as a date or as a code, not as both.

    CII states it with each VAT breakdown, and asks those of categories L, M and O nothing.
    """
    # A date that is none, and what lines state, is there too.
    days = [one.tax_point_date for one in invoice.vat_breakdown if one.tax_point_date is not None]
    if not (days or invoice.value_added_tax_point_date is not None or any(leaves.ending(*_TAX_POINTS))):
        return
    tokens = [invoice.value_added_tax_point_date_code, *(one.tax_point_date_code for one in invoice.vat_breakdown)]
    coded = any(token is not None for token in tokens) or any(leaves.ending("ram:DueDateTypeCode"))
    if coded and use.breakdown_of_other_than_lmo:
        yield Miss("BT-8", invoice.value_added_tax_point_date_code, why="BT-7 is stated too")


@rule("BR-CO-04", reads="BT-151 lines.vat_information.tax_scheme_identifier")
def br_co_04(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """Each line has a VAT category."""
    for path in without_category(use.lines):
        yield Miss(at=f"/{path}.vat_information.category_code")


_PREFIXES_UBL: Final = CodeList("vat-prefix", syntax="ubl")
_PREFIXES_CII: Final = CodeList("vat-prefix", syntax="cii")


@rule("BR-CO-09", syntax="ubl", reads=paths("vat_identifier"))
def br_co_09_ubl(_: Invoice, mentions: Mentions, *, prefixes: CodeList = _PREFIXES_UBL) -> Iterator[Miss]:
    """A VAT identifier starts with the code of the country that issued it (Greece: EL).

    UBL's test looks for the first two characters in one text of all codes and blanks, so that a single letter of a
    code passes, and no text at all.
    """
    known = in_one_text(prefixes.codes)
    for path, number, leaf in mentions.named("vat_identifier"):
        if number[:2] not in known:
            yield Miss(at=f"/{path}", found=number, why=f"{number[:2]} is no such code", leaf=leaf)


@rule("BR-CO-09", syntax="cii", reads=paths("vat_identifier"))
def br_co_09_cii(_: Invoice, mentions: Mentions, *, prefixes: CodeList = _PREFIXES_CII) -> Iterator[Miss]:
    """A VAT identifier starts with the code of the country that issued it (Greece: EL)."""
    known = prefixes.codes
    for path, number, leaf in mentions.named("vat_identifier"):
        if number[:2] not in known:
            yield Miss(at=f"/{path}", found=number, why=f"{number[:2]} is no such code", leaf=leaf)


@rule("BR-CO-18", syntax="ubl", reads="BG-23 BT-5 BT-6", unreadable="own")
def br_co_18_ubl(invoice: Invoice, totals: TaxTotals) -> Iterator[Miss]:
    """The invoice has at least one VAT breakdown.

    It may stand in any of several tax totals.
    """
    if not invoice.vat_breakdown and not any(total.parts for total in totals.beside):
        yield Miss("BG-23")


@rule("BR-CO-18", syntax="cii", reads="BG-23 BG-25")
def br_co_18_cii(invoice: Invoice) -> Iterator[Miss]:
    """The invoice has at least one VAT breakdown. CII's test is asked of lines: without a line it cannot fail."""
    if invoice.lines and not invoice.vat_breakdown:
        yield Miss("BG-23")


@rule("BR-CO-19", syntax="ubl", reads="BG-14 BT-73 BT-74 BT-8", unreadable="there", given="invoicing_period")
def br_co_19_ubl(invoice: Invoice) -> Iterator[Miss]:
    """The invoicing period has a start or an end.

    UBL holds the code of the tax point (BT-8) in the same element, which may then stand alone.
    """
    period = invoice.invoicing_period
    bare = period is not None and period.start_date is None and period.end_date is None
    if bare and invoice.value_added_tax_point_date_code is None:
        yield Miss("BT-73")


@rule("BR-CO-19", syntax="cii", reads="BG-14 BT-73 BT-74", unreadable="own", given="invoicing_period")
def br_co_19_cii(invoice: Invoice, texts: DateTexts) -> Iterator[Miss]:
    """The invoicing period has a start or an end."""
    if invoice.invoicing_period is not None and texts.bare("invoicing_period", invoice.invoicing_period):
        yield Miss("BT-73")


@rule("BR-CO-20", syntax="cii", reads="BG-26 BT-134 BT-135", unreadable="own", given="lines.period")
def br_co_20_cii(invoice: Invoice, texts: DateTexts) -> Iterator[Miss]:
    """The period of a line has a start or an end."""
    for index, line in enumerate(invoice.lines):
        if line.period is not None and texts.bare(f"lines[{index}].period", line.period):
            yield Miss(at=f"lines[{index}].period.start_date")


@rule("BR-CO-26", reads="BG-4 BT-29 BT-30 BT-31", unreadable="there")
def br_co_26(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """The seller can be told by an identifier, a legal registration or a VAT identifier.

    A creditor identifier (BT-90) is none of these.
    """
    seller = invoice.seller
    if seller is None:
        if leaves.within("/cac:AccountingSupplierParty/"):
            yield Miss("BT-29")
        return
    registered = seller.legal_registration_identifier
    known = registered is not None and registered.value is not None
    if not (known or seller.vat_identifier is not None or seller.identifiers):
        yield Miss("BT-29")
