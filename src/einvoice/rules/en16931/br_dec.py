# SPDX-License-Identifier: Apache-2.0
"""BR-DEC: amounts have at most two decimals (EN 16931-1, 6.5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from einvoice.model import (
    DocumentLevelAllowance,
    DocumentLevelCharge,
    DocumentTotals,
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    Reading,
    VatBreakdown,
)
from einvoice.model.extensions import LineTaxPart
from einvoice.rules.arithmetic import double_round, same
from einvoice.rules.en16931.tax_totals import VatTotals
from einvoice.rules.en16931.vat_use import VatUse
from einvoice.rules.registry import Miss, rule
from einvoice.rules.rows import decimals, never, spelled_long

MOST: Final = 2
"""How many decimals an amount may have."""

_MOST: Final = "has at most two decimals."
_TAXABLE: Final = f"The taxable amount of a VAT category {_MOST}"
_TAX: Final = f"The tax amount of a VAT category {_MOST}"

ROWS = (
    decimals("BR-DEC-01", DocumentLevelAllowance, "BT-92", f"The amount of a document level allowance {_MOST}"),
    decimals("BR-DEC-02", DocumentLevelAllowance, "BT-93", f"The base amount of a document level allowance {_MOST}"),
    decimals("BR-DEC-05", DocumentLevelCharge, "BT-99", f"The amount of a document level charge {_MOST}"),
    decimals("BR-DEC-06", DocumentLevelCharge, "BT-100", f"The base amount of a document level charge {_MOST}"),
    decimals("BR-DEC-09", DocumentTotals, "BT-106", f"The sum of line net amounts {_MOST}"),
    decimals("BR-DEC-10", DocumentTotals, "BT-107", f"The sum of document level allowances {_MOST}"),
    decimals("BR-DEC-11", DocumentTotals, "BT-108", f"The sum of document level charges {_MOST}"),
    decimals("BR-DEC-12", DocumentTotals, "BT-109", f"The total without VAT {_MOST}"),
    never("BR-DEC-13", DocumentTotals, f"The VAT total {_MOST}", syntax="ubl"),
    decimals("BR-DEC-14", DocumentTotals, "BT-112", f"The total with VAT {_MOST}"),
    never("BR-DEC-15", DocumentTotals, f"The VAT total in the accounting currency {_MOST}", syntax="ubl"),
    decimals("BR-DEC-16", DocumentTotals, "BT-113", f"The paid amount {_MOST}"),
    decimals("BR-DEC-17", DocumentTotals, "BT-114", f"The rounding amount {_MOST}"),
    decimals("BR-DEC-18", DocumentTotals, "BT-115", f"The amount due for payment {_MOST}"),
    decimals("BR-DEC-19", VatBreakdown, "BT-116", _TAXABLE, syntax="ubl", more=(LineTaxPart,)),
    decimals("BR-DEC-20", VatBreakdown, "BT-117", _TAX, syntax="ubl", more=(LineTaxPart,)),
    decimals("BR-DEC-23", InvoiceLine, "BT-131", f"The net amount of a line {_MOST}"),
    decimals("BR-DEC-24", InvoiceLineAllowance, "BT-136", f"The amount of an allowance on a line {_MOST}"),
    decimals("BR-DEC-25", InvoiceLineAllowance, "BT-137", f"The base amount of an allowance on a line {_MOST}"),
    decimals("BR-DEC-27", InvoiceLineCharge, "BT-141", f"The amount of a charge on a line {_MOST}"),
    decimals("BR-DEC-28", InvoiceLineCharge, "BT-142", f"The base amount of a charge on a line {_MOST}"),
)


@rule("BR-DEC-13", syntax="cii", reads="BT-5 BT-6 BT-110 BT-111 BG-22")
def br_dec_13_cii(invoice: Invoice, vat: VatTotals) -> Iterator[Miss]:
    """The VAT total has at most two decimals.

    CII's test compares the number with itself rounded, so that trailing zeros pass; and it is content if another VAT
    total is there, in another currency or in none.
    """
    amounts = vat.amounts(invoice.currency_code)
    if amounts and len(amounts) == len(vat.stated) and not any(map(_is_rounded, amounts)):
        yield Miss("BT-110", amounts[0])


@rule("BR-DEC-15", syntax="cii", reads="BT-5 BT-6 BT-110 BT-111 BG-22")
def br_dec_15_cii(invoice: Invoice, vat: VatTotals) -> Iterator[Miss]:
    """The VAT total in the accounting currency has at most two decimals.

    CII's test also fails if there is an accounting currency and only VAT totals in others (beside BR-53).
    """
    if invoice.vat_accounting_currency_code is None or not vat.stated:
        return
    amounts = vat.amounts(invoice.vat_accounting_currency_code)
    if not any(map(_is_rounded, amounts)):
        yield Miss("BT-111", amounts[0] if amounts else None)


def _is_rounded(amount: Decimal) -> bool:
    return same(amount, double_round(float(amount) * 100) / 100)


@rule("BR-DEC-19", syntax="cii", reads="BT-116 BT-118 vat_breakdown.tax_scheme_identifier")
def br_dec_19_cii(reading: Reading, use: VatUse) -> Iterator[Miss]:
    """The taxable amount of a VAT category has at most two decimals; CII does not ask categories L, M and O."""
    for one in use.breakdown_of_other_than_lmo:
        yield from _too_many(reading, one.amount, f"{one.path}.taxable_amount")


@rule("BR-DEC-20", syntax="cii", reads="BT-117 BT-118 vat_breakdown.tax_scheme_identifier")
def br_dec_20_cii(reading: Reading, use: VatUse) -> Iterator[Miss]:
    """The tax amount of a VAT category has at most two decimals; CII does not ask categories L, M and O."""
    for one in use.breakdown_of_other_than_lmo:
        yield from _too_many(reading, one.thing.tax_amount, f"{one.path}.tax_amount")


def _too_many(reading: Reading, amount: Decimal | None, path: str) -> Iterator[Miss]:
    """An amount with more than two decimals, or with white space behind them, which the tests count too."""
    if (behind := _decimals(amount)) > MOST:
        yield Miss(at=f"/{path}", found=amount, why=f"{behind} decimals")
    for remark in reading.remarks:
        if remark.reason == "spelled" and remark.model_path == path and spelled_long(remark.value, MOST):
            yield Miss(leaf=remark, found=remark.value, why="white space behind the decimals")


def _decimals(amount: Decimal | None) -> int:
    return 0 if amount is None else -int(amount.as_tuple().exponent)
