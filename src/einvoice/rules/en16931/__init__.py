# SPDX-License-Identifier: Apache-2.0
"""The rules of EN 16931-1 as CEN/TC 434 publishes them for UBL and CII.

Where the published tests of the two syntaxes differ, so do the rules here; a docstring says how.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.rules.en16931 import (
    br,
    br_49_65,
    br_cl,
    br_cl_lists,
    br_co,
    br_co_totals,
    br_dec,
    br_prices,
    vat,
    vat_single,
)
from einvoice.rules.en16931.releases import after, before
from einvoice.rules.en16931.syntax import SYNTAX
from einvoice.rules.registry import Pack, collect
from einvoice.rules.releases import Release, published_in

if TYPE_CHECKING:
    from einvoice.rules.registry import Family, Rule, Severity

__all__ = ["CURRENT", "RELEASES"]


def published() -> dict[Family, dict[str, Severity]]:
    """Every rule of the publisher: syntax -> id -> severity, from ``published.csv``."""
    return published_in(__package__)


_RENAMED: Final = {
    **{f"BR-IG-{number:02}": f"BR-AF-{number:02}" for number in range(1, 11)},
    **{f"BR-IP-{number:02}": f"BR-AG-{number:02}" for number in range(1, 11)},
    "BR-66": "UBL-SR-54",
    "BR-67": "UBL-SR-55",
}
"""Ids of other releases: 1.3.15 and 1.3.17 call the rules of L and M after IGIC and IPSI."""

_ONCE: Final[dict[Family, dict[str, str]]] = {"cii": {"BT-153": "BR-25", "BT-131": "BR-DEC-23", "BT-63": "BR-56"}}
"""Elements that the schema of CII lets repeat, and of which the tests can compare one."""

_ADDED: Final = (
    "BR-31 BR-32 BR-33 BR-36 BR-37 BR-38 BR-41 BR-42 BR-43 BR-44 BR-CO-21 BR-CO-22 BR-CO-23 BR-CO-24 BR-DEC-01"
    " BR-DEC-02 BR-DEC-05 BR-DEC-06 BR-DEC-24 BR-DEC-25 BR-DEC-27 BR-DEC-28"
)
_WORDED: Final = frozenset(_ADDED.split())
"""Rules of allowances and charges whose contexts in CII compare the text of ``udt:Indicator``."""


def _worded(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(structs.replace(one, worded=True) if one.id in _WORDED else one for one in rules)


CURRENT: Final = Pack(
    id="en16931",
    version="1.3.16",
    title="EN 16931-1:2017, CEN validation artefacts 1.3.16",
    source="https://github.com/ConnectingEurope/eInvoicing-EN16931/releases/tag/validation-1.3.16",
    valid_from=date(2026, 4, 10),
    rules=_worded(collect(br, br_prices, br_49_65, br_co, br_co_totals, br_dec, br_cl, br_cl_lists, vat, vat_single)),
    published=published,
    aliases=_RENAMED,
    structure=SYNTAX,
    once=_ONCE,
)

"""The version that the others are derived from."""
RELEASES: Final = (before(CURRENT), Release.of(CURRENT), after(CURRENT))
"""The versions of this pack, the newest last."""


def __getattr__(name: str) -> tuple[Pack, ...]:
    """``PACKS``: all versions, put together."""
    if name == "PACKS":
        return tuple(one.pack for one in RELEASES)
    raise AttributeError(name)
