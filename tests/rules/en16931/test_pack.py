# SPDX-License-Identifier: Apache-2.0
"""The pack EN 16931: what the publisher has, what is judged here, and where it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice.rules import Rule, find_pack
from tests.together import together

if TYPE_CHECKING:
    from einvoice.rules.registry import Family

PACK = find_pack("en16931@1.3.16")
FAMILIES: tuple[Family, ...] = ("ubl", "cii")
FILES = {
    "br.py": r"BR-\d+",
    "br_prices.py": r"BR-2[78]",
    "br_49_65.py": r"BR-\d+",
    "br_co.py": r"BR-CO-\d+",
    "br_co_totals.py": r"BR-(CO-)?\d+",
    "br_dec.py": r"BR-DEC-\d+",
    "br_cl.py": r"BR-CL-\d+",
    "br_cl_lists.py": r"BR-CL-\d+",
    "vat.py": r"BR-(S|Z|E|AE|IC|G|O|AF|AG)-\d+",
    "vat_single.py": r"BR-(IC|O|B)-\d+",
}


def test_the_publisher_has_so_many_rules() -> None:
    assert {family: len(ids) for family, ids in PACK.published().items()} == {"ubl": 979, "cii": 806}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_published_business_rule_is_judged(family: Family) -> None:
    judged = {rule.id for rule in PACK.rules_for(family)}
    assert judged == {identifier for identifier in PACK.published()[family] if identifier.startswith("BR-")}
    assert len(judged) == 223


@pytest.mark.parametrize("family", FAMILIES)
def test_every_published_rule_is_judged(family: Family) -> None:
    assert PACK.not_implemented(family) == ()


def test_a_card_number_is_a_warning_in_ubl_alone() -> None:
    published = PACK.published()
    warnings = {
        family: {i for i, s in published[family].items() if i.startswith("BR-") and s != "fatal"} for family in FAMILIES
    }
    assert warnings == {"ubl": {"BR-51"}, "cii": set()}


@together("rule", [pytest.param(rule, id=f"{rule.id} {rule.syntax or ''}".strip()) for rule in PACK.rules])
def test_the_id_leads_to_the_file(rule: Rule) -> None:
    file = Path(rule.file)
    assert re.fullmatch(FILES[file.name], rule.id)
    around = "\n".join(file.read_text(encoding="utf-8").splitlines()[rule.line - 2 : rule.line + 6])
    assert f'"{rule.id}"' in around


def test_every_rule_has_a_sentence_of_its_own_words() -> None:
    for rule in PACK.rules:
        assert rule.sentence[0].isupper(), rule.id
        assert rule.sentence.endswith("."), rule.id
        assert "shall" not in rule.sentence.split(), f"{rule.id} speaks like the standard"


def test_ids_of_other_releases_lead_here() -> None:
    assert PACK.aliases["BR-IG-01"] == "BR-AF-01"
    assert PACK.aliases["BR-IP-10"] == "BR-AG-10"
    known = {identifier for ids in PACK.published().values() for identifier in ids}
    assert set(PACK.aliases.values()) <= known
    assert not set(PACK.aliases) & known
