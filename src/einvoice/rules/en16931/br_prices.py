# SPDX-License-Identifier: Apache-2.0
"""BR-27 and BR-28: prices are not negative (EN 16931-1, 6.4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from einvoice.model import Invoice, InvoiceLine
from einvoice.rules.arithmetic import not_below_zero
from einvoice.rules.en16931.tax_totals import number
from einvoice.rules.leaves import Leaves
from einvoice.rules.registry import Miss, rule

if TYPE_CHECKING:
    from einvoice.model import Remark

_AGREED: Final = "ram:SpecifiedLineTradeAgreement"


@rule("BR-27", syntax="ubl", reads="BT-146")
def br_27_ubl(line: InvoiceLine) -> Iterator[Miss]:
    """The net price of an item is not negative.

    The test also fails where there is no price (BR-26).
    """
    price = line.price_details.item_net_price if line.price_details is not None else None
    if price is None or not not_below_zero(price):
        yield Miss("BT-146", price, ">= 0")


@rule("BR-27", syntax="cii", reads="BT-146 BG-25")
def br_27_cii(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """The net price of an item is not negative.

    The test also fails where there is no price (BR-26). Of several prices, which the schema allows, one will do.
    """
    prices = [one.price_details.item_net_price if one.price_details is not None else None for one in invoice.lines]
    wrong = [n for n, price in enumerate(prices) if price is None or not not_below_zero(price)]
    for n in _unless_again(wrong, leaves, f"{_AGREED}/ram:NetPriceProductTradePrice/ram:ChargeAmount"):
        yield Miss(at=f"lines[{n}].price_details.item_net_price", found=prices[n], expected=">= 0")


def _unless_again(wrong: list[int], leaves: Leaves, end: str) -> list[int]:
    """The lines that do not state another price that is not negative."""
    if not wrong:
        return wrong

    def right(leaf: Remark) -> bool:
        price = number(leaf.value)
        return price is not None and not_below_zero(price)

    again = leaves.in_lines(end, right)
    return [n for n in wrong if n not in again]


@rule("BR-28", syntax="ubl", reads="BT-148 lines.price_details.charges.base_amount")
def br_28_ubl(line: InvoiceLine) -> Iterator[Miss]:
    """The gross price of an item is not negative.

    UBL's test is content if one of several allowances or charges on the price has such a base amount.
    """
    price = line.price_details
    if price is None:
        return
    amounts = [price.item_gross_price, *(charge.base_amount for charge in price.charges)]
    stated = [amount for amount in amounts if amount is not None]
    if stated and not any(not_below_zero(amount) for amount in stated):
        yield Miss("BT-148", stated[0], ">= 0")


@rule("BR-28", syntax="cii", reads="BT-148 BG-25", given="lines.price_details.item_gross_price")
def br_28_cii(invoice: Invoice, leaves: Leaves) -> Iterator[Miss]:
    """The gross price of an item is not negative.

    Of several prices, which the schema allows, one will do.
    """
    prices = [one.price_details.item_gross_price if one.price_details is not None else None for one in invoice.lines]
    wrong = [n for n, price in enumerate(prices) if price is not None and not not_below_zero(price)]
    for n in _unless_again(wrong, leaves, f"{_AGREED}/ram:GrossPriceProductTradePrice/ram:ChargeAmount"):
        yield Miss(at=f"lines[{n}].price_details.item_gross_price", found=prices[n], expected=">= 0")
