# SPDX-License-Identifier: Apache-2.0
"""For every official id the smallest change that fires it, officially and here, and nothing that only one fires."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.rules import find_pack
from tests.differential.bases import written
from tests.differential.compare import Comparison, compared
from tests.differential.directed import BY_HAND, DIES, NEVER, SYNTAXES, directed
from tests.differential.official import PACK
from tests.rules.en16931.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.bind.order import Syntax
    from tests.differential.directed import Change
    from tests.differential.official import Family, Official

pytestmark = [pytest.mark.peers, pytest.mark.differential]

PUBLISHED = find_pack(PACK).published()
SERIES = sorted({(family, one.rpartition("-")[0]) for family, ids in PUBLISHED.items() for one in ids})
"""The ids in parcels: ``BR``, ``BR-CL``, ``UBL-CR`` ..."""


def ids(family: Family, series: str) -> list[str]:
    return [one for one in PUBLISHED[family] if one.rpartition("-")[0] == series]


def first(found: Iterable[tuple[Change, Comparison]]) -> tuple[Change, Comparison] | None:
    """The first that the schema accepts; if it accepts none, the first."""
    kept = None
    for change, comparison in found:
        if comparison.schema_valid:
            return change, comparison
        kept = kept or (change, comparison)
    return kept


@pytest.mark.parametrize(("family", "series"), SERIES, ids=[f"{family} {series}" for family, series in SERIES])
def test_the_smallest_change_fires_the_same_ids_in_both(official: Official, family: Family, series: str) -> None:
    faults = []
    for identifier in ids(family, series):
        if identifier in NEVER[family] or identifier in DIES[family]:
            continue
        judged = ((change, compared(official, family, change.data)) for change in directed(family, identifier))
        broken = first((change, one) for change, one in judged if identifier in one.official)
        if broken is None:
            faults.append(f"{identifier}: no change that is known here fires it; write one into BY_HAND")
        elif not broken[1].agrees:
            faults.append(f"{identifier} ({broken[0].source}): {broken[1].explained(broken[0].before)}")
    assert not faults, "\n\n".join(faults)


@pytest.mark.parametrize("family", SYNTAXES)
def test_where_the_official_judge_dies_we_do_not_say_valid(official: Official, family: Family) -> None:
    for identifier in DIES[family]:
        said = [compared(official, family, change.data) for change in directed(family, identifier)]
        assert said, identifier
        for one in said:
            assert isinstance(one.official, str) or identifier not in one.official, identifier
        assert any(isinstance(one.official, str) for one in said), identifier
        assert not any(one.falsely_green for one in said), identifier


@pytest.mark.parametrize("syntax", [syntax for family in SYNTAXES.values() for syntax in family])
def test_every_case_of_the_rules_is_judged_alike_as_a_document(official: Official, syntax: Syntax) -> None:
    family: Family = "cii" if syntax == "cii" else "ubl"
    judged = {name: compared(official, family, written(case.invoice, syntax)) for name, case in CASES.items()}
    assert not {name: one.signature for name, one in judged.items() if not one.agrees}


@pytest.mark.parametrize("family", SYNTAXES)
def test_what_never_fires_is_published_and_has_its_reason(family: Family) -> None:
    for listed in (NEVER[family], DIES[family]):
        assert PUBLISHED[family].keys() >= listed.keys()
        assert all(listed.values())
    assert NEVER[family].keys().isdisjoint(DIES[family])
    assert PUBLISHED[family].keys() >= BY_HAND[family].keys()
