# SPDX-License-Identifier: Apache-2.0
"""The rules that every VAT category has: -01, and the three tests of its taxable amount."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from einvoice.model.parts import Part
from einvoice.rules.element_rules import ElementRule, Faults, asked
from einvoice.rules.en16931.vat import AE, AF, AG, IC, E, G, O, S, Z
from einvoice.rules.en16931.vat_rows import Category

Listed = Callable[[Category, Part], Faults]
Judged = Callable[[Category, tuple[int, ...], Part], Faults]
CATEGORIES: Final = {"S": S, "Z": Z, "E": E, "AE": AE, "IC": IC, "G": G, "O": O, "AF": AF, "AG": AG}
"""The letters in the ids -> the category."""
_EACH: Final = "give or take one cent for each of them"


def listed_iff_used(document: str, listed: Listed) -> tuple[ElementRule, ...]:
    """The rule -01 of every category.

    Args:
        document: the document, as a context.
        listed: whether a category is in the breakdown where it is used, and only then.
    """
    return tuple(
        asked(f"BR-FREXT-{letters}-01", document, partial(listed, category), _listed(category))
        for letters, category in CATEGORIES.items()
    )


def taxable(document: str, prefix: str, judged: Judged, *, logistics: bool) -> tuple[ElementRule, ...]:
    """The three tests of the taxable amount of every category.

    Args:
        document: the document, as a context.
        prefix: what the ids begin with.
        judged: whether a taxable amount is near enough to one of the chosen sums: 0 with the reason, 1 without.
        logistics: whether logistics service charges are added too.
    """
    return tuple(
        asked(f"{prefix}-{letters}-{name}", document, partial(judged, category, chosen), sentence)
        for letters, category in CATEGORIES.items()
        for name, (chosen, sentence) in _taxable(category, logistics=logistics).items()
    )


def _listed(category: Category) -> str:
    used = "a line, an allowance or a charge is of that category"
    return f"There is a VAT breakdown of category {category} if {used}, and only then."


def _taxable(category: Category, *, logistics: bool) -> dict[str, tuple[tuple[int, ...], str]]:
    start = f"The taxable amount of VAT category {category}"
    rate = "" if category.code == "O" else " at a rate"
    what = "lines, charges and logistics service charges" if logistics else "lines and charges"
    added = f"is the sum of its {what}, less its allowances"
    return {
        "08ini": ((1,), f"{start}{rate} {added}, {_EACH}."),
        "08rev": ((0,), f"{start}{rate} and with a VAT exemption reason {added}, {_EACH}."),
        "08": ((0, 1), f"{start}{rate}, with or without regard to the VAT exemption reason, {added}, {_EACH}."),
    }
