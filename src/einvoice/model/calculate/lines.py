# SPDX-License-Identifier: Apache-2.0
"""The figures of a line: prices (BG-29), allowances and charges (BG-27, BG-28), the net amount (BT-131).

Formulas: EN 16931-1:2017, BG-25 and BG-29, with the quantity times price rounded on its own before allowances and
charges join (Peppol BIS Billing 3.0 spells this out). Sub lines: XRechnung, BR-DEX-02. Grouping lines: Factur-X
EXTENDED, BR-FXEXT-08.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from msgspec.structs import replace

from einvoice.model.calculate.arithmetic import (
    EXACT,
    HUNDRED,
    ZERO,
    add,
    decimals_of,
    plain,
    rounded,
    usable,
    usable_all,
)
from einvoice.model.calculate.figures import Ledger, Operand, Result, rounding, total
from einvoice.model.lines import InvoiceLine, InvoiceLineAllowance, InvoiceLineCharge, PriceAllowance, PriceDetails
from einvoice.model.totals import DocumentLevelAllowance, DocumentLevelCharge

A = TypeVar("A", InvoiceLineAllowance, InvoiceLineCharge, DocumentLevelAllowance, DocumentLevelCharge, PriceAllowance)

PRICE_DECIMALS: Final = 10
_NO_PRICE: Final = PriceDetails()


class Numbers(NamedTuple):
    """The terms of an allowance or charge: its amount, its base, its percentage."""

    amount: str
    base: str
    percentage: str


LINE_ALLOWANCE: Final = Numbers("BT-136", "BT-137", "BT-138")
LINE_CHARGE: Final = Numbers("BT-141", "BT-142", "BT-143")
_DISCOUNT: Final = "lines.price_details.further_discounts"
PRICE_DISCOUNT: Final = Numbers(*(f"{_DISCOUNT}.{name}" for name in ("amount", "base_amount", "percentage")))
PRICE_CHARGE: Final = Numbers("BT-X-302", "BT-X-301", "BT-X-300")
DOCUMENT_ALLOWANCE: Final = Numbers("BT-92", "BT-93", "BT-94")
DOCUMENT_CHARGE: Final = Numbers("BT-99", "BT-100", "BT-101")


def counts(line: InvoiceLine) -> bool:
    """Whether the line is part of the sums.

    Factur-X EXTENDED knows lines that only group others or only inform (BT-X-8); all sums leave them out.
    """
    return line.extension is None or line.extension.status_reason_code in (None, "DETAIL")


def settle_allowances(
    items: tuple[A, ...], path: str, numbers: Numbers, ledger: Ledger, decimals: int | None
) -> tuple[A, ...]:
    """Fill the amounts of allowances or charges from base amount and percentage.

    Args:
        items: the allowances or charges.
        path: where they stand in the model.
        numbers: their terms.
        ledger: where figures and differences are entered.
        decimals: to how many decimals amounts are rounded; ``None`` for parts of prices, which are not.
    """
    if not items:
        return items
    return tuple(
        _settle_allowance(item, f"{path}[{index}]", numbers, ledger, decimals) for index, item in enumerate(items)
    )


def _settle_allowance(item: A, path: str, numbers: Numbers, ledger: Ledger, decimals: int | None) -> A:
    base, percentage = usable(item.base_amount), usable(item.percentage)
    if base is None or percentage is None:
        if item.amount is None:
            given = f"{numbers.base} and {numbers.percentage} to compute it from are not both given"
            ledger.gap(numbers.amount, f"{path}.amount", f"{numbers.amount} is missing, and {given}.")
        return item
    result = percent_of(base, percentage, numbers, decimals)
    amount = ledger.settle(numbers.amount, f"{path}.amount", item.amount, result)
    return item if amount is item.amount else replace(item, amount=amount)


def percent_of(base: Decimal, percentage: Decimal, numbers: Numbers, decimals: int | None) -> Result:
    """The amount of an allowance or charge: base times percentage."""
    exact = EXACT.divide(EXACT.multiply(base, percentage), HUNDRED)
    operands = (Operand(numbers.base, (base,)), Operand(numbers.percentage, (percentage,)))
    formula = f"{numbers.base} × {numbers.percentage} / 100"
    return Result(exact, formula, operands) if decimals is None else rounding(exact, decimals, formula, operands)


# ------------------------------------------------------------------------------------------ prices


def settle_price(price: PriceDetails, path: str, ledger: Ledger) -> PriceDetails:
    """Fill the net price (BT-146) from the gross price (BT-148) and what lies between the two."""
    price = _settle_parts(price, path, ledger)
    gross = usable(price.item_gross_price)
    if gross is None:
        return price
    parts = usable_all(
        (price.item_price_discount or ZERO, *(part.amount for part in (*price.further_discounts, *price.charges)))
    )
    if parts is None:
        return price
    if price.item_net_price is None:
        price = _take_over_base(price, path, ledger)
    result = _net_price(price, gross, parts)
    if result is None:
        return price
    net = ledger.settle("BT-146", f"{path}.item_net_price", price.item_net_price, result)
    return price if net is price.item_net_price else replace(price, item_net_price=net)


def _settle_parts(price: PriceDetails, path: str, ledger: Ledger) -> PriceDetails:
    further = settle_allowances(price.further_discounts, f"{path}.further_discounts", PRICE_DISCOUNT, ledger, None)
    charges = settle_allowances(price.charges, f"{path}.charges", PRICE_CHARGE, ledger, None)
    base, percentage = usable(price.discount_base_amount), usable(price.discount_percentage)
    discount = price.item_price_discount
    if base is not None and percentage is not None:
        result = percent_of(base, percentage, Numbers("BT-147", "BT-X-35", "BT-X-34"), None)
        discount = ledger.settle("BT-147", f"{path}.item_price_discount", discount, result)
    if (further, charges, discount) == (price.further_discounts, price.charges, price.item_price_discount):
        return price
    return replace(price, further_discounts=further, charges=charges, item_price_discount=discount)


def _take_over_base(price: PriceDetails, path: str, ledger: Ledger) -> PriceDetails:
    """Where only the gross price says how many units it is for, the net price is for as many."""
    quantity = price.gross_price_base_quantity
    if price.item_price_base_quantity is not None or quantity is None:
        return price
    ledger.copy("BT-149", f"{path}.item_price_base_quantity", quantity, "BT-149-1")
    price = replace(price, item_price_base_quantity=quantity)
    unit = price.gross_price_base_quantity_unit_of_measure_code
    if price.item_price_base_quantity_unit_of_measure_code is not None or unit is None:
        return price
    ledger.copy("BT-150", f"{path}.item_price_base_quantity_unit_of_measure_code", unit, "BT-150-1")
    return replace(price, item_price_base_quantity_unit_of_measure_code=unit)


def _net_price(price: PriceDetails, gross: Decimal, parts: tuple[Decimal, ...]) -> Result | None:
    count = 1 + len(price.further_discounts)
    discounts, charges = add(parts[:count]), add(parts[count:])
    formula, operands = "BT-148", [Operand("BT-148", (gross,))]
    if price.item_price_discount is not None:
        formula += " - BT-147"
        operands.append(Operand("BT-147", (price.item_price_discount,)))
    if count > 1:
        formula += " - further discounts"
        operands.append(Operand("further discounts", parts[1:count]))
    if price.charges:
        formula += " + sum of BT-X-302"
        operands.append(Operand("sum of BT-X-302", parts[count:]))
    value = EXACT.add(EXACT.subtract(gross, discounts), charges)
    if price.gross_price_base_quantity is None:
        return Result(value, formula, tuple(operands))
    per = Decimal(1) if price.item_price_base_quantity is None else usable(price.item_price_base_quantity)
    gross_per = usable(price.gross_price_base_quantity)
    if per == gross_per:
        return Result(value, formula, tuple(operands))
    # A quotient need not end, so a stated price is not held against it.
    return None if price.item_net_price is not None else _rescaled(value, per, gross_per, formula, operands)


def _rescaled(
    value: Decimal, per: Decimal | None, gross_per: Decimal | None, formula: str, operands: list[Operand]
) -> Result | None:
    """The price for the base quantity of the net price, where the gross price is for another quantity."""
    if not per or not gross_per:
        return None
    exact = EXACT.divide(EXACT.multiply(value, per), gross_per)
    formula = f"{formula} × BT-149 / BT-149-1" if len(operands) == 1 else f"({formula}) × BT-149 / BT-149-1"
    operands = [*operands, Operand("BT-149", (per,)), Operand("BT-149-1", (gross_per,))]
    if decimals_of(exact) <= PRICE_DECIMALS:
        return Result(exact, formula, tuple(operands))
    return rounding(exact, PRICE_DECIMALS, formula, tuple(operands))


# ------------------------------------------------------------------------------------- net amounts


def settle_line(line: InvoiceLine, path: str, ledger: Ledger, decimals: int) -> InvoiceLine:
    """Fill what a line lacks: net price, amounts of allowances and charges, net amount; sub lines first.

    Args:
        line: the line; one that only groups or informs is returned as it is.
        path: where it stands in the model, such as ``lines[0]``.
        ledger: where figures and differences are entered.
        decimals: how many decimals an amount in the invoice currency has.
    """
    if not counts(line):
        return line
    price = settle_price(line.price_details, f"{path}.price_details", ledger) if line.price_details else None
    if price is not line.price_details or line.allowances or line.charges or line.sub_lines:
        line = replace(
            line,
            price_details=price,
            allowances=settle_allowances(line.allowances, f"{path}.allowances", LINE_ALLOWANCE, ledger, decimals),
            charges=settle_allowances(line.charges, f"{path}.charges", LINE_CHARGE, ledger, decimals),
            sub_lines=tuple(
                settle_line(sub, f"{path}.sub_lines[{index}]", ledger, decimals)
                for index, sub in enumerate(line.sub_lines)
            ),
        )
    subs = usable_all(sub.net_amount for sub in line.sub_lines if counts(sub))
    result = total("sum of BT-131 of the sub lines", subs, decimals) if subs else net_amount(line, decimals)
    if isinstance(result, Result):
        settled = ledger.settle("BT-131", f"{path}.net_amount", line.net_amount, result)
        return line if settled is line.net_amount else replace(line, net_amount=settled)
    if line.net_amount is None:
        ledger.gap("BT-131", f"{path}.net_amount", f"BT-131 is missing and cannot be computed: {result}.")
    return line


def with_bases(lines: tuple[InvoiceLine, ...], ledger: Ledger, decimals: int) -> tuple[InvoiceLine, ...]:
    """Fill the base of allowances and charges of lines that state a percentage and nothing else: quantity times price.

    Args:
        lines: the lines.
        ledger: where figures are entered.
        decimals: to how many decimals a base is rounded.
    """
    return tuple(_with_bases(line, f"lines[{index}]", ledger, decimals) for index, line in enumerate(lines))


def _with_bases(line: InvoiceLine, path: str, ledger: Ledger, decimals: int) -> InvoiceLine:
    if not (any(map(_is_bare, line.allowances)) or any(map(_is_bare, line.charges))):
        return line
    whole = net_amount(replace(line, allowances=(), charges=()), decimals)
    if not isinstance(whole, Result):
        return line
    allowances, charges = list(line.allowances), list(line.charges)
    for at, allowance in enumerate(allowances):
        if _is_bare(allowance):
            base = ledger.settle("BT-137", f"{path}.allowances[{at}].base_amount", None, whole)
            allowances[at] = replace(allowance, base_amount=base)
    for at, charge in enumerate(charges):
        if _is_bare(charge):
            base = ledger.settle("BT-142", f"{path}.charges[{at}].base_amount", None, whole)
            charges[at] = replace(charge, base_amount=base)
    return replace(line, allowances=tuple(allowances), charges=tuple(charges))


def _is_bare(item: InvoiceLineAllowance | InvoiceLineCharge) -> bool:
    return item.amount is None and item.base_amount is None and usable(item.percentage) is not None


def net_amount(line: InvoiceLine, decimals: int) -> Result | str:
    """The net amount of a line by its price (BT-131), or what is missing for it.

    Args:
        line: the line, its price and its allowances and charges settled.
        decimals: to how many decimals it is rounded.
    """
    missing = _missing(line)
    if missing:
        return missing
    price = line.price_details or _NO_PRICE
    quantity, net = line.invoiced_quantity or ZERO, price.item_net_price or ZERO
    per = price.item_price_base_quantity
    formula = "BT-129 × BT-146"
    operands = [Operand("BT-129", (quantity,)), Operand("BT-146", (net,))]
    product = EXACT.multiply(quantity, net)
    if per is not None:
        formula += " / BT-149"
        operands.append(Operand("BT-149", (per,)))
        product = EXACT.divide(product, per)
    amount = rounded(product, decimals)
    note = "" if amount == product else f"{plain(product)} rounded half up to {decimals} decimals"
    for sign, name, items in (("-", "sum of BT-136", line.allowances), ("+", "sum of BT-141", line.charges)):
        values = usable_all(item.amount for item in items) if items else ()
        if values:
            formula += f" {sign} {name}"
            operands.append(Operand(name, values))
            amount = (EXACT.subtract if sign == "-" else EXACT.add)(amount, add(values))
    return Result(rounded(amount, decimals), formula, tuple(operands), note)


def _missing(line: InvoiceLine) -> str:
    """What keeps BT-131 from being computed; empty if nothing does."""
    price = line.price_details or _NO_PRICE
    missing = ["BT-129"] if usable(line.invoiced_quantity) is None else []
    missing += ["BT-146"] if usable(price.item_net_price) is None else []
    missing += ["BT-136"] if line.allowances and usable_all(item.amount for item in line.allowances) is None else []
    missing += ["BT-141"] if line.charges and usable_all(item.amount for item in line.charges) is None else []
    if missing:
        return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    if price.item_price_base_quantity is not None and not usable(price.item_price_base_quantity):
        return f"BT-149 is {plain(price.item_price_base_quantity)}"
    unit, per_unit = line.invoiced_quantity_unit_of_measure_code, price.item_price_base_quantity_unit_of_measure_code
    if unit and per_unit and unit != per_unit:
        return f"the quantity is in {unit} (BT-130), the price for {per_unit} (BT-150)"
    return ""


def check_groups(lines: tuple[InvoiceLine, ...], ledger: Ledger, decimals: int) -> None:
    """Hold the stated amount of every grouping line against the sum of the lines right below it."""
    for index, result in group_totals(lines, decimals).items():
        stated = lines[index].net_amount
        if stated is not None:
            ledger.settle("BT-131", f"lines[{index}].net_amount", stated, result)


def group_totals(lines: tuple[InvoiceLine, ...], decimals: int) -> dict[int, Result]:
    """What the grouping lines (BT-X-8 is GROUP) amount to, by their index, as far as that can be said."""
    below: dict[str, list[Decimal | None]] = {}
    for line in lines:
        extension = line.extension
        if extension and extension.parent_line_identifier and extension.status_reason_code != "INFORMATION":
            below.setdefault(extension.parent_line_identifier, []).append(line.net_amount)
    totals: dict[int, Result] = {}
    for index, line in enumerate(lines):
        if line.extension and line.extension.status_reason_code == "GROUP":
            values = usable_all(below.get(line.identifier or "", ()))
            if values:
                totals[index] = total("sum of BT-131 of the lines below it", values, decimals)
    return totals
