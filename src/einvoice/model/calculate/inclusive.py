# SPDX-License-Identifier: Apache-2.0
"""Amounts that include VAT, turned into amounts without it, so that what the customer was shown stays the total.

EN 16931 knows amounts without VAT only, rounds each of them, and computes the tax on their sum (BR-S-08, BR-CO-17).
Dividing every amount on its own therefore misses the shown total by some cents. The way here, per category and rate:

1. The shown amounts of lines, allowances and charges give the shown total T.
2. The taxable amount B is the one with B + round(B × rate) = T. There is none for about one T in six at 19 %, for
   then two neighbouring B give T - 1 cent and T + 1 cent; one of them is taken, so that such cents cancel each other
   out over the rates as far as they can.
3. Allowances and charges are divided and rounded. The lines share what is left of B by the largest remainder: each is
   rounded, and the cents that are still missing go to the lines whose rounding was furthest off.
4. The net price is the divided price, with as many decimals as it takes (four at least) for quantity times price to
   round to the line's amount; where a line took a cent, it follows from that amount.

What stays (step 2) is not hidden: it is a difference on BT-112, or the rounding amount BT-114 if that is asked for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from einvoice.model.calculate.arithmetic import EXACT, HUNDRED, ZERO, add, rounded
from einvoice.model.calculate.vat import Key, Part, parts_of
from einvoice.model.invoice import Invoice


class Group(NamedTuple):
    """What is shown for one category and rate, and what it becomes.

    Attributes:
        key: category and rate.
        parts: the lines, allowances and charges, with their amounts including VAT.
        shown: what they add up to, VAT included.
        taxable: the taxable amount (BT-116) that comes nearest to it.
    """

    key: Key
    parts: tuple[Part, ...]
    shown: Decimal
    taxable: Decimal


def groups_of(invoice: Invoice, decimals: int) -> tuple[Group, ...]:
    """Group the amounts of an invoice by VAT category and rate, and find each group's taxable amount.

    Args:
        invoice: the invoice with amounts that include VAT, each of them known.
        decimals: how many decimals an amount in its currency has.
    """
    parts: dict[Key, list[Part]] = {}
    for part in parts_of(invoice):
        if part.key is not None:
            parts.setdefault(part.key, []).append(part)
    found, missed = [], ZERO
    for key, members in parts.items():
        shown = add(part.amount or ZERO for part in members)
        taxable, miss = taxable_amount(shown, key[1] or ZERO, decimals, missed)
        missed = EXACT.add(missed, miss)
        found.append(Group(key, tuple(members), shown, taxable))
    return tuple(found)


def taxable_amount(shown: Decimal, rate: Decimal, decimals: int, missed: Decimal = ZERO) -> tuple[Decimal, Decimal]:
    """The taxable amount whose tax brings it nearest to an amount that includes VAT.

    Args:
        shown: the amount with VAT.
        rate: the rate in percent, above -100.
        decimals: how many decimals an amount in the currency has.
        missed: what earlier groups are short of what was shown; a miss that evens it out is preferred.

    Returns:
        The taxable amount, and how much it and its tax are short of ``shown``: nothing, or one cent up or down.
    """
    unit = Decimal(1).scaleb(-decimals, EXACT)
    nearest = rounded(divided(shown, rate), decimals)
    candidates = [EXACT.add(nearest, EXACT.multiply(unit, step)) for step in (Decimal(0), Decimal(-1), Decimal(1))]

    def miss(taxable: Decimal) -> Decimal:
        tax = rounded(EXACT.divide(EXACT.multiply(taxable, rate), HUNDRED), decimals)
        return EXACT.subtract(shown, EXACT.add(taxable, tax))

    best = min(
        candidates, key=lambda taxable: (miss(taxable).copy_abs(), EXACT.add(missed, miss(taxable)).copy_abs(), taxable)
    )
    return best, miss(best)


def divided(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount with VAT without it, not rounded."""
    return EXACT.divide(EXACT.multiply(amount, HUNDRED), EXACT.add(HUNDRED, rate))


def apportion(exact: tuple[Decimal, ...], target: Decimal, decimals: int) -> tuple[Decimal, ...]:
    """Round amounts so that they add up to a target, each as close to its exact value as that allows.

    Args:
        exact: the amounts before rounding.
        target: what they shall add up to, in whole units.
        decimals: how many decimals a unit has. An amount of 0 stays 0 as long as there are others.
    """
    unit = Decimal(1).scaleb(-decimals, EXACT)
    shares = [rounded(value, decimals) for value in exact]
    order = [index for index, value in enumerate(exact) if value] or list(range(len(exact)))
    if not order:
        return ()
    left = EXACT.divide(EXACT.subtract(target, add(shares)), unit)
    step = unit if left > 0 else EXACT.minus(unit)
    order.sort(key=lambda index: EXACT.multiply(EXACT.subtract(shares[index], exact[index]), step))
    everyone, some = divmod(int(left.copy_abs()), len(order))
    for turn, index in enumerate(order):
        steps = Decimal(everyone + (turn < some))
        shares[index] = EXACT.add(shares[index], EXACT.multiply(step, steps))
    return tuple(shares)
