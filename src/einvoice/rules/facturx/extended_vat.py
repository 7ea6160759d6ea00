# SPDX-License-Identifier: Apache-2.0
"""EXTENDED, VAT breakdown: BR-FXEXT-S-08b and its sisters, give or take a cent for each amount that is added.

Each category has three tests: ``08ini`` adds what is of the category and rate, ``08rev`` what has the same reason for
not charging VAT besides, and ``08b`` is content if one of them is. The first two are warnings.
"""

from __future__ import annotations

import sys
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.arithmetic import HUNDRED, cents, equation, money, spelled
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about
from einvoice.rules.en16931.vat import AE, AF, AG, IC, E, G, O, S, Z
from einvoice.rules.facturx.ledger import CENT, Sums, Tax, amount_of, ledger, taxes
from einvoice.rules.xpath import EXACT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.rules.en16931.vat_rows import Category
    from einvoice.rules.facturx.ledger import Key

DOCUMENT: Final = "/rsm:CrossIndustryInvoice"
_BROKEN_DOWN: Final = "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode"
_NOTHING: Final = Sums()
_EACH: Final = "give or take one cent for each of them"


def _keys(tax: Tax, category: Category) -> tuple[Key, Key] | None:
    """What a breakdown adds up: with the reason for not charging VAT, and whatever that is; ``None`` without a rate."""
    if category.code == "O":
        return (category.code, tax.reason), (category.code,)
    if tax.rate is None:
        return None
    return (category.code, tax.rate, tax.reason), (category.code, tax.rate)


def _sums(top: Part, keys: tuple[Key, Key], chosen: int) -> Sums:
    """What a breakdown adds up: 0 with the reason, 1 without.

    Raises:
        UnjudgeableError: something has several reasons, and one is asked for.
    """
    known = top.recall(ledger)
    whatever = known.get(keys[1], _NOTHING)
    if chosen == 0 and whatever.open:
        raise UnjudgeableError(whatever.open)
    return whatever if chosen else known.get(keys[0], _NOTHING)


def _off(tax: Tax, sums: Sums) -> bool:
    """Whether a taxable amount is further from its sum than it may be."""
    with localcontext(EXACT):
        return tax.basis is None or abs(tax.basis - sums.total()) > sums.tolerance


def _fault(tax: Tax, sums: Sums) -> Fault:
    total = sums.total()
    parts = (sums.lines, -sums.allowances, sums.charges, sums.logistics)
    why = equation(spelled(part for part in parts if part), total)
    return Fault("ram:BasisAmount", expected=money(total), why=why, part=tax.part)


def _judged(category: Category, chosen: tuple[int, ...]) -> Callable[[Part], Faults]:
    """A test that is content if one of the chosen sums is near enough: 0 with the reason, 1 without."""

    def check(top: Part) -> Faults:
        stated = top.recall(taxes).get(category.code)
        return NO_FAULTS if stated is None else list(misses(top, stated))

    def misses(top: Part, stated: list[Tax]) -> Iterator[Fault]:
        for tax in stated:
            keys = _keys(tax, category)
            if not tax.vat:
                continue
            if keys is None:
                yield Fault("ram:RateApplicablePercent", part=tax.part)
                continue
            sums = [_sums(top, keys, one) for one in chosen]
            if all(_off(tax, one) for one in sums):
                yield _fault(tax, sums[-1])

    return check


def _family(category: Category, letters: str) -> tuple[ElementRule, ...]:
    """The three tests of a category."""
    start = f"The taxable amount of VAT category {category}"
    rate = "" if category.code == "O" else " at a rate"
    added = "is the sum of its lines, charges and logistics service charges, less its allowances"
    names = {
        f"BR-FXEXT-{letters}-08ini": ((1,), f"{start}{rate} {added}, {_EACH}."),
        f"BR-FXEXT-{letters}-08rev": ((0,), f"{start}{rate} and with a VAT exemption reason {added}, {_EACH}."),
        f"BR-FXEXT-{letters}{'' if letters == 'S' else '-'}08b": (
            (0, 1),
            f"{start}{rate}, with or without regard to the VAT exemption reason, {added}, {_EACH}.",
        ),
    }
    line = sys._getframe(1).f_lineno  # noqa: SLF001 -- the line of the row is where the rules stand
    return tuple(
        ElementRule(
            id=identifier,
            context=f"{DOCUMENT}[{_BROKEN_DOWN}='{category.code}']",
            check=_judged(category, chosen),
            sentence=sentence,
            file=__file__,
            line=line,
        )
        for identifier, (chosen, sentence) in names.items()
    )


STANDARD: Final = _family(S, "S")
ZERO_RATED: Final = _family(Z, "Z")
EXEMPT: Final = _family(E, "E")
REVERSE_CHARGE: Final = _family(AE, "AE")
INTRA_COMMUNITY: Final = _family(IC, "IC")
EXPORT: Final = _family(G, "G")
NOT_SUBJECT: Final = _family(O, "O")
CANARY_ISLANDS: Final = _family(AF, "AF")
CEUTA_AND_MELILLA: Final = _family(AG, "AG")


@about("BR-FXEXT-S-09b", DOCUMENT)
def br_fxext_s_09b(top: Part) -> Iterator[Fault]:
    """The tax of VAT category Standard rated (S) is its taxable amount times its rate, give or take one cent each.

    There is one cent for each line, allowance, charge and logistics service charge of the category and rate. The test
    asks a breakdown of another tax too.
    """
    for tax in top.recall(taxes).get("S", ()):
        amount = amount_of(tax.part, "ram:CalculatedAmount")
        if tax.rate is None or tax.basis is None or amount is None:
            yield Fault("ram:CalculatedAmount", part=tax.part)
            continue
        keys: tuple[Key, Key] = ("S", tax.rate, tax.reason), ("S", tax.rate)
        count = max(_sums(top, keys, one).count for one in (0, 1))
        with localcontext(EXACT):
            product = cents(tax.basis * (tax.rate / HUNDRED))
            off = abs(amount - product) > CENT * Decimal(count)
        if off:
            why = f"{money(tax.basis)} × {tax.rate:f} % = {money(product)}"
            yield Fault("ram:CalculatedAmount", expected=money(product), why=why, part=tax.part)
