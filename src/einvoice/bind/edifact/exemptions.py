# SPDX-License-Identifier: Apache-2.0
"""Why no VAT is charged (BT-120, BT-121): INVOIC says it once for the message (FTX+AGM), the model in each category.

One reason is meant for every category without tax. As many reasons as there are such categories belong to them in
their order. Anything else cannot be told apart, and is remarked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.model import Invoice, VatBreakdown

WITHOUT_TAX: Final = frozenset({"E", "AE", "K", "G", "O"})
"""The VAT categories (UNTDID 5305) that need a reason (EN 16931-1, BR-E-10 and its sisters)."""


class Exemption(Struct, frozen=True):
    """A reason why no VAT is charged.

    Attributes:
        code: BT-121.
        text: BT-120.
    """

    code: str | None = None
    text: str | None = None


def of_invoice(invoice: Invoice) -> tuple[Exemption, ...]:
    """The reasons as the message states them.

    Args:
        invoice: the invoice.
    """
    needing = _needing(invoice.vat_breakdown)
    reasons = [Exemption(one.exemption_reason_code, one.exemption_reason_text) for one in needing]
    if len(set(reasons)) == 1:
        reasons = reasons[:1]
    return tuple(reasons) if any(reason != Exemption() for reason in reasons) else ()


def _needing(breakdown: Sequence[VatBreakdown]) -> list[VatBreakdown]:
    return [one for one in breakdown if one.category_code in WITHOUT_TAX]


def assigned(invoice: Invoice, reasons: Sequence[Exemption]) -> Invoice | None:
    """The invoice with the reasons in its VAT categories.

    Args:
        invoice: the invoice.
        reasons: what the message states.

    Returns:
        The invoice; ``None`` if it cannot be told which reason belongs to which category.
    """
    needing = _needing(invoice.vat_breakdown)
    if len(reasons) == 1:
        reasons = [reasons[0]] * len(needing)
    if not needing or len(reasons) != len(needing):
        return None
    left = iter(reasons)
    breakdown = []
    for one in invoice.vat_breakdown:
        if one.category_code in WITHOUT_TAX:
            reason = next(left)
            breakdown.append(structs.replace(one, exemption_reason_code=reason.code, exemption_reason_text=reason.text))
        else:
            breakdown.append(one)
    return structs.replace(invoice, vat_breakdown=tuple(breakdown))
