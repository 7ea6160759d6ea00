# SPDX-License-Identifier: Apache-2.0
"""The VAT breakdown (BG-23): what is taxed, by category and rate.

Formulas: EN 16931-1:2017, BR-S-08 and its sisters for the taxable amount (BT-116), BR-CO-17 for the tax (BT-117).
Logistics service charges (BG-X-42) join as charges, and lines of one category that state different exemption reasons
have a breakdown each (Factur-X EXTENDED, BR-FXEXT-E-08 and its sisters).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from einvoice.model.calculate.arithmetic import EXACT, ZERO, plain, usable
from einvoice.model.calculate.lines import counts
from einvoice.model.calculate.totals import logistics_charges
from einvoice.model.extensions import AllowanceChargeExtension, AppliedTax
from einvoice.model.invoice import Invoice
from einvoice.model.lines import LineVatInformation

OUTSIDE: Final = "O"
UNTAXED: Final = frozenset({"Z", "E", "AE", "K", "G", OUTSIDE})  # their rate is 0 by definition, or there is none

_UNSAID: Final = LineVatInformation()

Reason = tuple[str | None, str | None]
Key = tuple[str, Decimal | None]


class Part(NamedTuple):
    """What one line, allowance or charge brings into the VAT breakdown.

    Attributes:
        path: where it stands in the model.
        terms: the terms of its amount, its VAT category and its VAT rate.
        amount: its amount, negative for an allowance.
        category: its VAT category.
        rate: its VAT rate in percent.
        reason: why no VAT is charged: text and code.
        key: category and rate, which decide on the breakdown it belongs to; ``None`` if they are not known.
    """

    path: str
    terms: tuple[str, str, str]
    amount: Decimal | None
    category: str | None
    rate: Decimal | None
    reason: Reason
    key: Key | None


def key_of(category: str | None, rate: Decimal | None) -> Key | None:
    """The breakdown that a category and a rate lead to; ``None`` if they do not say.

    Args:
        category: the VAT category, UNTDID 5305.
        rate: the rate in percent. Category O has none; the other categories without tax have 0 where none is given.
    """
    if category is None:
        return None
    if category == OUTSIDE:
        return category, None
    known = ZERO if rate is None and category in UNTAXED else usable(rate)
    return None if known is None else (category, known)


def name_of(key: Key) -> str:
    """Category and rate as people say them: ``S 19 %``."""
    category, rate = key
    return category if rate is None else f"{category} {plain(rate)} %"


# ------------------------------------------------------------------------------------------ parts


def parts_of(invoice: Invoice) -> Iterator[Part]:
    """Everything that is taxed: lines that count, document level allowances and charges, logistics charges."""
    for index, line in enumerate(invoice.lines):
        if counts(line):
            vat = line.vat_information or _UNSAID
            reason = (vat.exemption_reason_text, vat.exemption_reason_code)
            terms = ("BT-131", "BT-151", "BT-152")
            yield _part(f"lines[{index}]", terms, line.net_amount, vat.category_code, vat.rate, reason)
    for index, allowance in enumerate(invoice.document_level_allowances):
        amount = usable(allowance.amount)
        negative = None if amount is None else EXACT.minus(amount)
        path, terms = f"document_level_allowances[{index}]", ("BT-92", "BT-95", "BT-96")
        yield _part(
            path, terms, negative, allowance.vat_category_code, allowance.vat_rate, _reason_of(allowance.extension)
        )
    for index, charge in enumerate(invoice.document_level_charges):
        path, terms = f"document_level_charges[{index}]", ("BT-99", "BT-102", "BT-103")
        yield _part(path, terms, charge.amount, charge.vat_category_code, charge.vat_rate, _reason_of(charge.extension))
    for index, freight in enumerate(logistics_charges(invoice)):
        tax = freight.taxes[0] if len(freight.taxes) == 1 else AppliedTax()
        path, terms = f"extension.logistics_service_charges[{index}]", ("BT-X-272", "BT-X-273", "BT-X-274")
        reason = (tax.exemption_reason_text, tax.exemption_reason_code)
        yield _part(path, terms, freight.amount, tax.category_code, tax.rate, reason)


def _part(
    path: str,
    terms: tuple[str, str, str],
    amount: Decimal | None,
    category: str | None,
    rate: Decimal | None,
    reason: Reason,
) -> Part:
    return Part(path, terms, amount, category, rate, reason, key_of(category, rate))


def _reason_of(extension: AllowanceChargeExtension | None) -> Reason:
    return (extension.vat_exemption_reason, extension.vat_exemption_reason_code) if extension else (None, None)
