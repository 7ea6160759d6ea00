# SPDX-License-Identifier: Apache-2.0
"""Small lines to calculate with, and ways to look at what came out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from einvoice.model import (
    DocumentTotals,
    InvoiceLine,
    LineVatInformation,
    PriceDetails,
)

if TYPE_CHECKING:
    from einvoice.model.calculate import Calculation, Figure

D = Decimal


def line(quantity: str, price: str, rate: str | None = "19", category: str | None = "S") -> InvoiceLine:
    """A line of one item, by default at the German standard rate."""
    return InvoiceLine(
        invoiced_quantity=D(quantity),
        price_details=PriceDetails(item_net_price=D(price)),
        vat_information=LineVatInformation(category_code=category, rate=None if rate is None else D(rate)),
    )


def amount(value: str, rate: str | None = "19", category: str = "S") -> InvoiceLine:
    """A line that states only its amount."""
    vat = LineVatInformation(category_code=category, rate=None if rate is None else D(rate))
    return InvoiceLine(net_amount=D(value), vat_information=vat)


def totals(result: Calculation) -> DocumentTotals:
    """The totals that came out."""
    assert result.invoice.totals is not None
    return result.invoice.totals


def figure(result: Calculation, path: str) -> Figure:
    """The figure at a path."""
    (found,) = (entry for entry in result.figures if entry.path == path)
    return found


def explanations(result: Calculation) -> list[str]:
    """What the differences say."""
    return [entry.explanation for entry in result.differences]
