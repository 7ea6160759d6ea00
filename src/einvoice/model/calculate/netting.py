# SPDX-License-Identifier: Apache-2.0
"""Lines, prices, allowances and charges written without VAT in place of those that include it.

Which amounts they come to is decided in ``inclusive``; here they are written, and each is entered as a figure.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from msgspec.structs import replace

from einvoice.model.calculate.arithmetic import EXACT, ZERO, add, decimals_of, plain, rounded, usable, usable_all
from einvoice.model.calculate.figures import Figure, Ledger, Operand, Result, rounding
from einvoice.model.calculate.inclusive import apportion, divided
from einvoice.model.calculate.lines import (
    LINE_ALLOWANCE,
    LINE_CHARGE,
    PRICE_CHARGE,
    PRICE_DISCOUNT,
    Numbers,
    net_amount,
    percent_of,
)
from einvoice.model.calculate.vat import key_of
from einvoice.model.lines import (
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    LineVatInformation,
    PriceAllowance,
    PriceDetails,
)
from einvoice.model.totals import DocumentLevelAllowance, DocumentLevelCharge

A = TypeVar("A", InvoiceLineAllowance, InvoiceLineCharge, DocumentLevelAllowance, DocumentLevelCharge, PriceAllowance)

PRICE_DECIMALS: Final = 4
TRIES: Final = 4
LONGEST_PRICE: Final = 30


class Rate(NamedTuple):
    """A VAT rate in percent, and the term that states it."""

    term: str
    percent: Decimal


class Share(NamedTuple):
    """What a line comes to without VAT, where that is more than a matter of its own rounding.

    Attributes:
        amount: the amount.
        reason: what it serves, such as ``so that S 19 % comes to 119.00 with VAT``.
    """

    amount: Decimal
    reason: str


def rate_of(line: InvoiceLine) -> Rate | None:
    """The VAT rate that the amounts of a line include; ``None`` if the line does not say."""
    vat = line.vat_information or LineVatInformation()
    key = key_of(vat.category_code, vat.rate)
    return Rate("BT-152", key[1] or ZERO) if key else None


class Netting:
    """Writes amounts without VAT, and enters each as a figure.

    Args:
        ledger: where the figures are entered.
        decimals: how many decimals an amount in the invoice currency has.
        before: the figures by which amounts with VAT were filled in before, by path.
    """

    def __init__(self, ledger: Ledger, decimals: int, before: dict[str, Figure]) -> None:
        self.ledger = ledger
        self.decimals = decimals
        self.before = before

    def enter(self, term: str, path: str, result: Result) -> Decimal:
        """Enter an amount as a figure, and return it."""
        self.ledger.enter(Figure(term, path, result.value, result.formula, result.operands, result.rounding))
        return result.value

    def amount(self, term: str, path: str, gross: Decimal, rate: Rate, places: int | None = None) -> Decimal:
        """One amount without its VAT, rounded to the decimals of the currency, or to so many places."""
        if not rate.percent:
            return gross
        return self.enter(term, path, _divided(term, gross, rate, self.decimals if places is None else places))

    # ----------------------------------------------------------------------- allowances and charges

    def allowances(
        self, items: tuple[A, ...], path: str, numbers: Numbers, rate: Rate, places: int | None = None
    ) -> tuple[A, ...]:
        """Allowances or charges without VAT; parts of a price where ``places`` is given."""
        return tuple(
            self.allowance(item, f"{path}[{index}]", numbers, rate, places) for index, item in enumerate(items)
        )

    def allowance(self, item: A, path: str, numbers: Numbers, rate: Rate, places: int | None = None) -> A:
        """One of them."""
        if not rate.percent:
            return item
        paths = (f"{path}.amount", f"{path}.base_amount")
        stated = (item.amount, item.base_amount, item.percentage)
        amount, base = self._percentage(numbers, paths, stated, rate, places)
        return replace(item, amount=amount, base_amount=base)

    def _percentage(
        self,
        numbers: Numbers,
        paths: tuple[str, str],
        stated: tuple[Decimal | None, Decimal | None, Decimal | None],
        rate: Rate,
        places: int | None,
    ) -> tuple[Decimal | None, Decimal | None]:
        """Amount and base without VAT. An amount that was the percentage of its base still is."""
        gross, gross_base, percentage = (usable(value) for value in stated)
        base = stated[1]
        if gross_base is not None:
            base = self.amount(numbers.base, paths[1], gross_base, rate, places)
        decimals = self.decimals if places is None else None
        if gross is None:
            return stated[0], base
        if gross_base is not None and base is not None and percentage is not None:
            follows = percent_of(gross_base, percentage, numbers, decimals).value == gross
            if follows:
                return self.enter(numbers.amount, paths[0], percent_of(base, percentage, numbers, decimals)), base
        return self.amount(numbers.amount, paths[0], gross, rate, places), base

    # ----------------------------------------------------------------------- lines

    def line(self, line: InvoiceLine, path: str, share: Share | None = None) -> InvoiceLine:
        """A line without VAT.

        Args:
            line: the line with VAT, its amounts settled.
            path: where it stands in the model.
            share: the amount it has to come to; without it, its amount is divided and rounded.
        """
        rate, gross = rate_of(line), line
        if rate is None:
            return line
        line = replace(line, sub_lines=self._sub_lines(line, path, rate, share))
        if not rate.percent:
            return line
        line = replace(
            line,
            allowances=self.allowances(line.allowances, f"{path}.allowances", LINE_ALLOWANCE, rate),
            charges=self.allowances(line.charges, f"{path}.charges", LINE_CHARGE, rate),
        )
        amount = usable(line.net_amount)
        if amount is not None:
            line = replace(line, net_amount=self._net_amount(path, amount, rate, share))
        if line.price_details:
            line = replace(line, price_details=self._price(line, gross, line.price_details, path, rate))
        return line

    def _net_amount(self, path: str, gross: Decimal, rate: Rate, share: Share | None) -> Decimal:
        path = f"{path}.net_amount"
        result = _divided("BT-131", gross, rate, self.decimals)
        notes = [result.rounding] if result.rounding else []
        if share is not None and share.amount != result.value:
            exact = plain(divided(gross, rate.percent))
            notes = [f"{exact} rounded to {plain(share.amount)} instead of {plain(result.value)}, {share.reason}"]
        if path in self.before:
            notes.append(f"with VAT it is {self.before[path].arithmetic}")
        value = result.value if share is None else share.amount
        return self.enter("BT-131", path, Result(value, result.formula, result.operands, "; ".join(notes)))

    def _sub_lines(self, line: InvoiceLine, path: str, rate: Rate, share: Share | None) -> tuple[InvoiceLine, ...]:
        """Sub lines share what their line comes to, if they are taxed like it."""
        shares: tuple[Share | None, ...] = (None,) * len(line.sub_lines)
        amounts = usable_all(sub.net_amount for sub in line.sub_lines)
        if share is not None and amounts and all(rate_of(sub) == rate for sub in line.sub_lines):
            exact = tuple(divided(amount, rate.percent) for amount in amounts)
            parts = apportion(exact, share.amount, self.decimals)
            shares = tuple(Share(part, f"so that the sub lines add up to {plain(share.amount)}") for part in parts)
        return tuple(
            self.line(sub, f"{path}.sub_lines[{index}]", shares[index]) for index, sub in enumerate(line.sub_lines)
        )

    # ----------------------------------------------------------------------- prices

    def _price(
        self, line: InvoiceLine, gross_line: InvoiceLine, price: PriceDetails, path: str, rate: Rate
    ) -> PriceDetails:
        path = f"{path}.price_details"
        gross = usable(price.item_net_price)
        places = PRICE_DECIMALS
        if gross is not None:
            result = self._net_price(line, gross_line, gross, rate)
            places = max(places, decimals_of(result.value))
            price = replace(price, item_net_price=self.enter("BT-146", f"{path}.item_net_price", result))
        discount_paths = (f"{path}.item_price_discount", f"{path}.discount_base_amount")
        stated = (price.item_price_discount, price.discount_base_amount, price.discount_percentage)
        numbers = Numbers("BT-147", "BT-X-35", "BT-X-34")
        discount, base = self._percentage(numbers, discount_paths, stated, rate, places)
        further = self.allowances(price.further_discounts, f"{path}.further_discounts", PRICE_DISCOUNT, rate, places)
        charges = self.allowances(price.charges, f"{path}.charges", PRICE_CHARGE, rate, places)
        price = replace(
            price,
            item_price_discount=discount,
            discount_base_amount=base,
            further_discounts=further,
            charges=charges,
        )
        return self._gross_price(price, path, rate, places)

    def _gross_price(self, price: PriceDetails, path: str, rate: Rate, places: int) -> PriceDetails:
        """The price before the discount (BT-148): net price and discount together, where they are for as many units."""
        stated, net = usable(price.item_gross_price), price.item_net_price
        if stated is None:
            return price
        path = f"{path}.item_gross_price"
        per = price.item_price_base_quantity or 1
        parts = [("+", "BT-147", price.item_price_discount)]
        parts += [("+", "further discounts", part.amount) for part in price.further_discounts]
        parts += [("-", "BT-X-302", part.amount) for part in price.charges]
        given = [part for part in parts if part[2] is not None]
        values = usable_all(value for *_, value in given)
        if net is None or values is None or price.gross_price_base_quantity not in (None, per):
            return replace(price, item_gross_price=self.amount("BT-148", path, stated, rate, places))
        signed = [value if part[0] == "+" else EXACT.minus(value) for part, value in zip(given, values, strict=True)]
        formula = "BT-146" + "".join(f" {sign} {term}" for sign, term, _ in given)
        operands = [Operand(term, (value,)) for (_, term, _), value in zip(given, values, strict=True)]
        result = Result(add([net, *signed]), formula, (Operand("BT-146", (net,)), *operands))
        return replace(price, item_gross_price=self.enter("BT-148", path, result))

    def _net_price(self, line: InvoiceLine, gross_line: InvoiceLine, gross: Decimal, rate: Rate) -> Result:
        """The net price with as many decimals as it takes for quantity times price to come to the line's amount."""
        start = max(PRICE_DECIMALS, decimals_of(gross))
        usual = _divided("BT-146", gross, rate, start)
        before = net_amount(gross_line, self.decimals)
        if isinstance(before, str) or before.value != gross_line.net_amount or not line.invoiced_quantity:
            return usual
        for places in range(start, start + TRIES):
            result = _divided("BT-146", gross, rate, places)
            if self._comes_to_its_amount(line, result.value):
                return result
        return self._price_from_amount(line, start) or usual

    def _comes_to_its_amount(self, line: InvoiceLine, price: Decimal) -> bool:
        details = replace(line.price_details or PriceDetails(), item_net_price=price)
        result = net_amount(replace(line, price_details=details), self.decimals)
        return isinstance(result, Result) and result.value == line.net_amount

    def _price_from_amount(self, line: InvoiceLine, start: int) -> Result | None:
        """The net price that follows from the line's amount, where that took or gave a cent."""
        amount, quantity = line.net_amount or ZERO, line.invoiced_quantity or ZERO
        per = (line.price_details or PriceDetails()).item_price_base_quantity
        formula, operands = "BT-131", [Operand("BT-131", (amount,))]
        for sign, name, items in (("+", "sum of BT-136", line.allowances), ("-", "sum of BT-141", line.charges)):
            values = usable_all(item.amount for item in items)
            if values:
                formula += f" {sign} {name}"
                operands.append(Operand(name, values))
                amount = (EXACT.add if sign == "+" else EXACT.subtract)(amount, add(values))
        formula = (f"({formula})" if len(operands) > 1 else formula) + (" × BT-149" if per else "") + " / BT-129"
        operands += [Operand("BT-149", (per,))] if per else []
        operands.append(Operand("BT-129", (quantity,)))
        exact = EXACT.divide(EXACT.multiply(amount, per or Decimal(1)), quantity)
        for places in range(start, LONGEST_PRICE):
            if self._comes_to_its_amount(line, rounded(exact, places)):
                return rounding(exact, places, formula, tuple(operands))
        return None


def _divided(term: str, gross: Decimal, rate: Rate, decimals: int) -> Result:
    operands = (Operand(f"{term} with VAT", (gross,)), Operand(rate.term, (rate.percent,)))
    formula = f"{term} with VAT / (1 + {rate.term} / 100)"
    return rounding(divided(gross, rate.percent), decimals, formula, operands)
