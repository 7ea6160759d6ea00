# SPDX-License-Identifier: Apache-2.0
"""The amounts of a VAT category and its reason, as rows (EN 16931-1, 6.4.2): numbers 08 to 10 of each family."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from einvoice.rules.arithmetic import HUNDRED, ZERO, cents, double_round, equation, is_zero, money, same
from einvoice.rules.en16931.tax_totals import number
from einvoice.rules.en16931.vat_places import Use
from einvoice.rules.en16931.vat_rows import AMOUNTS, BREAKDOWN, ON_LINES, RATES
from einvoice.rules.en16931.vat_sums import Amounts
from einvoice.rules.en16931.vat_use import VatUse
from einvoice.rules.leaves import Leaves
from einvoice.rules.registry import Miss
from einvoice.rules.rows import row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from einvoice.model import Invoice
    from einvoice.rules.en16931.vat_rows import Category
    from einvoice.rules.registry import Family, Rule

    Agrees = Callable[[Decimal, Amounts], bool]

ONE: Final = Decimal(1)
_EVEN: Final = Decimal(10) ** 12
"""Below it a binary floating point number is so near to what it stands for that equal amounts are within one."""


# ---- 08: the taxable amount is that of the lines, charges and allowances of the category


def taxable(
    identifier: str,
    category: Category,
    agrees: Agrees,
    *,
    syntax: Family,
    any_tax: bool = False,
) -> Rule:
    """The taxable amount of a category is what its lines and charges come to, less its allowances.

    Args:
        identifier: the official id.
        category: the VAT category.
        agrees: whether a taxable amount agrees with the amounts, as the syntax's test computes.
        syntax: the syntax.
        any_tax: whether a breakdown of another tax than VAT is asked too.
    """

    def check(invoice: Invoice, use: VatUse) -> Iterable[Miss]:
        for one in use.of_category("breakdown", category.code):
            if any_tax or one.vat:
                amounts = use.taxable(category.code)
                lines = syntax == "cii" or bool(invoice.lines)
                if not lines or one.amount is None or not agrees(one.amount, amounts):
                    yield _taxable_miss(one, amounts)

    return row(identifier, check, (*BREAKDOWN, "BT-116", "BG-25", *AMOUNTS), taxable_sentence(category), syntax, VatUse)


def taxable_at_rate(
    identifier: str,
    category: Category,
    agrees: Agrees,
    *,
    syntax: Family,
    used: bool = False,
    any_tax: bool = False,
) -> Rule:
    """The same for a category with several rates: for each of them. A breakdown without a rate is not asked.

    Args:
        identifier: the official id.
        category: the VAT category.
        agrees: whether a taxable amount agrees with the amounts, as the syntax's test computes.
        syntax: the syntax.
        used: whether something must have the category at that rate.
        any_tax: whether a breakdown of another tax than VAT is asked too.
    """
    right = _right_if_used if used else _right_if_lines if syntax == "ubl" else _right

    def check(invoice: Invoice, use: VatUse) -> Iterable[Miss]:
        for one in use.of_category("breakdown", category.code):
            at = one.rate
            if at is not None and (any_tax or one.vat) and not right(invoice, use, one, agrees):
                yield _taxable_miss(one, use.taxable(category.code, at))

    reads = (*BREAKDOWN, "BT-116", "BT-119", "BG-25", *AMOUNTS, *RATES, *(ON_LINES if used else ()))
    return row(identifier, check, reads, taxable_sentence(category, "For each rate, the"), syntax, VatUse)


def _right(_: Invoice, use: VatUse, one: Use, agrees: Agrees) -> bool:
    """Whether the taxable amount of a breakdown with a rate is what it should be."""
    if one.amount is None or one.code is None or one.rate is None:
        return False
    return agrees(one.amount, use.taxable(one.code, one.rate))


def _right_if_lines(invoice: Invoice, use: VatUse, one: Use, agrees: Agrees) -> bool:
    return bool(invoice.lines) and _right(invoice, use, one, agrees)


def _right_if_used(invoice: Invoice, use: VatUse, one: Use, agrees: Agrees) -> bool:
    """The same, and something has the category at that rate.

    The test looks first at the lines of invoices, then at those of credit notes, and a document has but one of them.
    An allowance or a charge of that rate will do both times, so that the sum without lines is right there, too.
    """
    code, at = one.code, one.rate
    if one.amount is None or code is None or at is None:
        return False
    beside = use.rated_beside_lines(code, at)
    if (beside or use.rated_on_lines(code, at)) and _right(invoice, use, one, agrees):
        return True
    return beside and agrees(one.amount, use.taxable(code, at)._replace(lines=ZERO))


def taxable_sentence(category: Category, start: str = "The") -> str:
    """What number 08 of a family demands.

    Args:
        category: the VAT category.
        start: how the sentence begins.
    """
    return (
        f"{start} taxable amount of VAT category {category} is the sum of the net amounts of its lines and its "
        "document level charges, less its document level allowances."
    )


def _taxable_miss(one: Use, amounts: Amounts) -> Miss:
    total = amounts.lines + amounts.charges - amounts.allowances
    why = equation(amounts.spelled, total)
    return Miss(at=f"/{one.path}.taxable_amount", found=one.amount, expected=cents(total), why=why)


def exactly(amount: Decimal, amounts: Amounts) -> bool:
    """UBL: equal, as decimals.

    Args:
        amount: the stated taxable amount.
        amounts: what it should be the sum of.
    """
    return amount == amounts.lines + amounts.charges - amounts.allowances


def within_one(amount: Decimal, amounts: Amounts) -> bool:
    """UBL: less than one unit apart. The test subtracts from an untyped text, hence in binary floating point.

    Args:
        amount: the stated taxable amount.
        amounts: what it should be the sum of.
    """
    total = amounts.lines + amounts.charges - amounts.allowances
    if amount == total and -_EVEN < amount < _EVEN:
        return True
    stated = float(amount)
    return Decimal(stated - 1) < total < Decimal(stated + 1)


def rounded_within_one(amount: Decimal, amounts: Amounts) -> bool:
    """CII: less than one unit apart, each sum rounded, compared as binary floating point numbers.

    Args:
        amount: the stated taxable amount.
        amounts: what it should be the sum of.
    """
    total = float(cents(amounts.lines) + cents(amounts.charges) - cents(amounts.allowances))
    return float(amount) - 1 < total < float(amount) + 1


def rounded(amount: Decimal, amounts: Amounts) -> bool:
    """CII: equal, each sum rounded, compared as binary floating point numbers.

    Args:
        amount: the stated taxable amount.
        amounts: what it should be the sum of.
    """
    return same(amount, float(cents(amounts.lines) + cents(amounts.charges) - cents(amounts.allowances)))


# ---- 09: the tax amount


def tax_is_product(identifier: str, category: Category, *, syntax: Family) -> Rule:
    """The tax amount is the taxable amount times the rate, less than one unit apart.

    Args:
        identifier: the official id.
        category: the VAT category.
        syntax: the syntax; CII's test rounds the product to a whole number of hundredths in binary floating point.
    """
    close = _close if syntax == "ubl" else _close_in_doubles

    def check(_: Invoice, use: VatUse) -> Iterable[Miss]:
        for one in use.of_category("breakdown", category.code):
            if not (syntax == "cii" or one.vat):
                continue
            taxed, at, tax = one.amount, one.rate, one.thing.tax_amount
            if taxed is None or at is None or tax is None:
                yield Miss(at=f"/{one.path}.tax_amount", found=tax)
            elif not close(tax, taxed, at):
                product = cents(taxed * at / HUNDRED)
                why = f"{money(taxed)} × {at:f} % = {money(product)}"
                yield Miss(at=f"/{one.path}.tax_amount", found=tax, expected=product, why=why)

    reads = (*BREAKDOWN, "BT-116", "BT-117", "BT-119")
    return row(identifier, check, reads, product_sentence(category), syntax, VatUse)


def product_sentence(category: Category) -> str:
    """What number 09 of a family with a rate demands.

    Args:
        category: the VAT category.
    """
    return f"The tax amount of VAT category {category} is its taxable amount times its rate."


def _close(tax: Decimal, taxed: Decimal, at: Decimal) -> bool:
    product = cents(abs(taxed) * (at / HUNDRED))
    return abs(tax) - ONE < product < abs(tax) + ONE


def _close_in_doubles(tax: Decimal, taxed: Decimal, at: Decimal) -> bool:
    product = double_round(float(abs(taxed)) * float(at)) / 100
    return float(abs(tax) - ONE) < product < float(abs(tax) + ONE)


def tax_is_zero(identifier: str, category: Category, *, syntax: Family, any_tax: bool = False) -> Rule:
    """The tax amount is zero. CII's test compares an untyped text, hence in binary floating point.

    Args:
        identifier: the official id.
        category: the VAT category.
        syntax: ``ubl`` or ``cii`` for a twin.
        any_tax: whether a breakdown of another tax than VAT is asked too.
    """

    def check(_: Invoice, use: VatUse, leaves: Leaves) -> Iterable[Miss]:
        wrong = [
            Miss(at=f"/{one.path}.tax_amount", found=one.thing.tax_amount, expected=ZERO)
            for one in use.of_category("breakdown", category.code)
            if (any_tax or one.vat) and not _is_zero(one.thing.tax_amount, untyped=syntax == "cii")
        ]
        if wrong and syntax == "cii":
            known = _zero_again(leaves)
            return [miss for miss in wrong if miss.at not in known]
        return wrong

    sentence = f"The tax amount of VAT category {category} is zero."
    return row(identifier, check, (*BREAKDOWN, "BT-117"), sentence, syntax, VatUse, Leaves)


def _zero_again(leaves: Leaves) -> set[str]:
    """The tax amounts beside which CII states another one that is zero: one that is suffices."""
    found = set()
    for leaf in leaves.ending("ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CalculatedAmount"):
        tax = number(leaf.value)
        if tax is not None and is_zero(tax):
            _, _, position = leaf.path.rpartition("/")[0].rpartition("/ram:ApplicableTradeTax")
            found.add(f"/vat_breakdown[{int(position[1:-1]) - 1 if position else 0}].tax_amount")
    return found


def _is_zero(tax: Decimal | None, *, untyped: bool) -> bool:
    return tax is not None and (is_zero(tax) if untyped else tax == 0)


# ---- 10: the reason for not charging VAT


def reason(
    identifier: str, category: Category, *, wanted: bool, syntax: Family | None = None, any_tax: bool = False
) -> Rule:
    """A breakdown says why no VAT is charged, or does not.

    Args:
        identifier: the official id.
        category: the VAT category.
        wanted: whether a reason must be there, as a text or as a code; else none may be.
        syntax: ``ubl`` or ``cii`` for a twin.
        any_tax: whether a breakdown of another tax than VAT is asked too.
    """

    def check(_: Invoice, use: VatUse) -> Iterable[Miss]:
        for one in use.of_category("breakdown", category.code):
            text, code = one.thing.exemption_reason_text, one.thing.exemption_reason_code
            if (any_tax or one.vat) and (text is not None or code is not None) is not wanted:
                yield Miss(at=f"/{one.path}.exemption_reason_text", found=text if text is not None else code)

    verb = "has a VAT exemption reason, as a text or as a code" if wanted else "has no VAT exemption reason"
    return row(
        identifier,
        check,
        (*BREAKDOWN, "BT-120", "BT-121"),
        f"The VAT breakdown of category {category} {verb}.",
        syntax,
        VatUse,
    )
