# SPDX-License-Identifier: Apache-2.0
"""The rules of EN 16931-1 as CEN/TC 434 publishes them for UBL and CII.

Where the published tests of the two syntaxes differ, so do the rules here; a docstring says how.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from einvoice.rules.en16931 import (
    br,
    br_49_65,
    br_cl,
    br_cl_lists,
    br_co,
    br_co_totals,
    br_dec,
    vat,
    vat_single,
)
from einvoice.rules.en16931.releases import after, before
from einvoice.rules.en16931.syntax import SYNTAX
from einvoice.rules.registry import Pack, collect
from einvoice.rules.releases import Release, published_in

if TYPE_CHECKING:
    from einvoice.rules.registry import Family, Severity

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

CURRENT: Final = Pack(
    id="en16931",
    version="1.3.16",
    title="EN 16931-1:2017, CEN validation artefacts 1.3.16",
    source="https://github.com/ConnectingEurope/eInvoicing-EN16931/releases/tag/validation-1.3.16",
    valid_from=date(2026, 4, 10),
    rules=collect(br, br_49_65, br_co, br_co_totals, br_dec, br_cl, br_cl_lists, vat, vat_single),
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
