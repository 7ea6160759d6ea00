# SPDX-License-Identifier: Apache-2.0
"""What an amount is to be, in the rules that XRechnung takes over of Peppol: computed alike in both syntaxes."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault
from einvoice.rules.arithmetic import HUNDRED, ZERO, cents
from einvoice.rules.element_rules import NO_FAULTS
from einvoice.rules.xpath import EXACT, decimal, divided, trimmed
from einvoice.rules.xrechnung.readings import number, within

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import Faults

SLACK: Final = Decimal("0.02")
SLACK_OF_FORINTS: Final = Decimal("0.5")
TRUTH: Final = ("true", "false")
ONE: Final = Decimal(1)


def slack_in(currencies: list[str]) -> Decimal:
    """How far an amount may be from what it should be.

    Args:
        currencies: the currencies of the invoice (BT-5); there is one.
    """
    return SLACK_OF_FORINTS if "HUF" in currencies else SLACK


def percentage(allowance: Part, paths: tuple[str, str, str], slack: Decimal) -> Faults:
    """Whether an amount is a percentage of another (R040).

    Args:
        allowance: the allowance or charge.
        paths: the paths to the amount, the base amount and the percentage.
        slack: how far it may be from it.

    Raises:
        UnjudgeableError: something stands there that is no number.
    """
    amount, base, rate = (number(allowance, path) or ZERO for path in paths)
    computed = EXACT.divide(EXACT.multiply(base, rate), HUNDRED)
    if within(amount, computed, slack):
        return NO_FAULTS
    return (Fault(paths[0], expected=format(computed, "f"), why=f"{base} * {rate} / 100 = {computed:f}"),)


def net_price(at: str, net: Decimal | None, gross: Decimal | None, discount: Decimal | None) -> Fault | None:
    """Whether a net price is the gross price less the discount (R046); nothing if it is.

    Args:
        at: the path to it.
        net: the net price.
        gross: the gross price.
        discount: the discount.
    """
    if gross is None or discount is None:
        return Fault(at)
    computed = EXACT.subtract(gross, discount)
    if net is not None and net == computed:
        return None
    return Fault(at, expected=format(computed, "f"), why=f"{gross} - {discount} = {computed:f}")


class Line(Struct, frozen=True):
    """The amounts of a line.

    Attributes:
        net: what it comes to (BT-131).
        quantity: how much is invoiced (BT-129).
        price: the net price of the item (BT-146).
        base: the quantity that the price is for (BT-149); zero counts as none.
        charges: the sum of its charges.
        allowances: the sum of its allowances.
    """

    net: Decimal
    quantity: Decimal | None
    price: Decimal
    base: Decimal | None
    charges: Decimal
    allowances: Decimal


def net_amount(at: str, line: Line, slack: Callable[[], Decimal]) -> Faults:
    """Whether the net amount of a line is quantity times price, with charges and without allowances (R120).

    Args:
        at: the path to it.
        line: the amounts.
        slack: tells how far it may be from it; asked only of an amount that is not it.
    """
    quantity, base = ONE if line.quantity is None else line.quantity, line.base or ONE
    computed = EXACT.multiply(quantity, line.price if base == ONE else divided(line.price, base))
    if line.charges or line.allowances:
        computed = EXACT.subtract(EXACT.add(computed, line.charges), line.allowances)
    if computed == line.net or within(line.net, computed, slack()):
        return NO_FAULTS
    price = f"{quantity} * {line.price}" + (f" / {base}" if base != 1 else "")
    beside = (f" + {line.charges}" if line.charges else "") + (f" - {line.allowances}" if line.allowances else "")
    shown = computed.normalize(EXACT)
    return (Fault(at, expected=f"{shown:f}", why=f"{price}{beside} = {shown:f}"),)


def beside(allowances: list[Part], indicator: str, amount: str) -> tuple[Decimal, Decimal]:
    """The sums of the charges and of the allowances of a line, each rounded to two decimals.

    Args:
        allowances: the elements of both.
        indicator: the path to the word that tells which it is.
        amount: the path to the amount.

    Raises:
        UnjudgeableError: an amount is no number.
    """
    if not allowances:
        return ZERO, ZERO
    sums = dict.fromkeys(TRUTH, ZERO)
    for one in allowances:
        kind = trimmed(one.one(indicator))
        for text in one.texts(amount) if kind in sums else ():
            sums[kind] = EXACT.add(sums[kind], decimal(text))
    with localcontext(EXACT):
        return cents(sums["true"]), cents(sums["false"])


def same_sign(some: list[float], others: list[float]) -> bool:
    """Whether of each there is an amount of zero or less, or of each one of zero or more (R055).

    Args:
        some: amounts.
        others: other amounts.
    """
    down = any(amount <= 0 for amount in some) and any(amount <= 0 for amount in others)
    return down or (any(amount >= 0 for amount in some) and any(amount >= 0 for amount in others))
