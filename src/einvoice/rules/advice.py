# SPDX-License-Identifier: Apache-2.0
"""What to do about a finding, as a kind that every view puts into its own words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from einvoice.rules.catalogue import catalogue
from einvoice.rules.causes import SCHEMA
from einvoice.rules.packs import elements, pack_ids, releases
from einvoice.rules.places import by_number

if TYPE_CHECKING:
    from einvoice.rules.findings import Finding

Advice = Literal["state", "correct", "trace", "remove", "message"]


def advice(finding: Finding) -> Advice:
    """What to do about a finding.

    Args:
        finding: the finding.

    Returns:
        ``state`` the term, which is missing; ``correct`` it; ``trace`` it: correct it, or what it is computed from;
        ``remove`` it, which may not be there; ``message``, for what the message of the finding says already.
    """
    if not finding.terms or not finding.packs or finding.rule in SCHEMA:
        return "message"  # what belongs to no pack has nothing more to be explained
    if finding.expected is not None:
        return "trace"
    if _unwanted(finding):
        return "remove"
    return "state" if finding.found is None and not finding.why else "correct"


def _unwanted(finding: Finding) -> bool:
    """Whether the rule is about an element that may not be there at all."""
    return any(_absent(pack, finding.rule) for pack in finding.packs if pack in pack_ids())


@lru_cache(maxsize=2048)
def _absent(identifier: str, rule: str) -> bool:
    """Whether rows of a pack say that what a rule is about is absent; of its releases, the first that has rows says."""
    for pack in releases(identifier):
        if any(one.id == rule for one in pack.rules):
            return False
        tests = {row.test for rules in elements(pack, rule) for row in rules.rows_of(rule)}
        if tests:
            return tests == {"absent"}
    return False


def name_of(term: str, language: str = "en") -> str:
    """The name that the standard gives a term or group, or an empty string.

    Args:
        term: its number, such as ``BT-112``.
        language: one of :data:`~einvoice.rules.catalogue.LANGUAGES`.
    """
    places = by_number().get(term)
    return catalogue(language).told(places[0].name, "model") if places else ""
