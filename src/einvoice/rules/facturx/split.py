# SPDX-License-Identifier: Apache-2.0
"""BR-B-01 and BR-B-02: split payment, which only Italy has.

Hardly any invoice has it: so the categories are asked, of which all but one are told apart by what they say, and not
the document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.element_rules import NO_FAULTS, Faults, about

if TYPE_CHECKING:
    from collections.abc import Iterable

_CATEGORY: Final = "ram:CategoryCode"
_SPLIT: Final = f"{_CATEGORY}[.='B']"


def _told(top: Part, wrong: Iterable[Part], expected: str) -> dict[Part, Faults]:
    """The first of what is wrong, by the first category that is split payment."""
    first = next(iter(wrong), None)
    if first is None:
        return {}
    category = next(one for one in top.anywhere(_CATEGORY) if one.text == "B")
    return {category: (Fault(part=first, found=first.text, expected=expected),)}


def _abroad(top: Part) -> dict[Part, Faults]:
    return _told(top, (one for one in top.anywhere("ram:CountryID") if one.text != "IT"), "IT")


def _standard(top: Part) -> dict[Part, Faults]:
    return _told(top, (one for one in top.anywhere(_CATEGORY) if one.text == "S"), "B")


@about("BR-B-01", _SPLIT, version="facturx")
def br_b_01_facturx(category: Part) -> Faults:
    """An invoice with split payment (B) names no country but Italy."""
    return category.recall(_abroad).get(category, NO_FAULTS)


@about("BR-B-02", _SPLIT, version="facturx")
def br_b_02_facturx(category: Part) -> Faults:
    """An invoice with split payment (B) has nothing that is standard rated (S)."""
    return category.recall(_standard).get(category, NO_FAULTS)
