# SPDX-License-Identifier: Apache-2.0
"""What differs between two releases of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from einvoice.rules import find_pack, versions
from einvoice.rules.changes import Changes, compare, name_of, paired
from einvoice.rules.releases import Change, Delta, derived

if TYPE_CHECKING:
    from einvoice.rules import Pack

BASE = find_pack("en16931@1.3.16")


def told(older: Pack, newer: Pack) -> set[tuple[str, str, tuple[str, ...], str]]:
    return {(one.change, one.id, one.syntaxes, one.before) for one in compare(older, newer).rules}


def made(*changes: Change, **more: Any) -> Pack:  # noqa: ANN401 -- attributes of Pack
    return derived(BASE, Delta(BASE.published(), changes), version="9", **more)


@pytest.mark.parametrize("pack", versions("en16931"), ids=lambda pack: pack.version)
def test_a_release_does_not_differ_from_itself(pack: Pack) -> None:
    changes = compare(pack, pack)
    assert (changes.rules, changes.codes) == ((), ())


def test_a_rule_that_is_renamed_is_neither_gone_nor_new() -> None:
    new = find_pack("en16931@1.3.17")
    changes = told(BASE, new)
    assert ("renamed", "BR-IG-05", ("ubl",), "BR-AF-05") in changes
    assert {one[1] for one in changes if one[0] == "new"} == {"UBL-SR-57", "UBL-SR-58", "UBL-SR-59"}
    assert not [one for one in changes if one[0] not in ("new", "renamed")]
    assert paired(BASE, new, "ubl")["BR-AF-05"] == "BR-IG-05"


def test_the_other_way_round_what_is_new_is_gone() -> None:
    there, back = told(BASE, find_pack("en16931@1.3.17")), told(find_pack("en16931@1.3.17"), BASE)
    assert {(one[1], one[2]) for one in there if one[0] == "new"} == {(o[1], o[2]) for o in back if o[0] == "gone"}
    assert ("renamed", "BR-AF-05", ("ubl",), "BR-IG-05") in back


def test_codes_that_come_and_go_are_told_with_the_rules_that_look_for_them() -> None:
    (currencies,) = (one for one in compare(BASE, find_pack("en16931@1.3.17")).codes if one.name == "iso-4217")
    assert (currencies.added, currencies.removed) == (("STN",), ("STD",))
    assert currencies.rules == ("BR-CL-03", "BR-CL-04", "BR-CL-05")
    assert currencies.syntaxes == ("ubl", "cii")


def test_another_severity_is_told_with_both() -> None:
    softer = made(Change("severity", "BR-16", "ubl", "warning"))
    assert told(BASE, softer) == {("severity", "BR-16", ("ubl",), "fatal")}
    (change,) = compare(BASE, softer).rules
    assert change.severity == "warning"


def test_another_sentence_and_another_test_are_told() -> None:
    rule = next(rule for rule in BASE.rules if rule.id == "BR-CO-26")
    reworded = made(instead=[structs.replace(rule, sentence="Another sentence.")])
    assert told(BASE, reworded) == {("sentence", rule.id, ("ubl", "cii"), rule.sentence)}
    asking = structs.replace(rule.askings[0], check=lambda *_: ())
    mended = made(instead=[structs.replace(rule, askings=(asking,), syntax="cii")])
    assert told(BASE, mended) == {("test", rule.id, ("cii",), "")}


def test_a_rule_about_elements_differs_if_its_rows_do() -> None:
    rows = structs.replace(BASE.structure["ubl"], delta="deltas/1.3.17_ubl.csv", file="syntax_cii.csv")
    other = made(structure={**BASE.structure, "ubl": rows})
    assert "UBL-CR-001" in {one.id for one in compare(BASE, other).rules}


def test_what_is_not_known_of_a_release_is_said() -> None:
    changes: Changes = compare(BASE, find_pack("en16931@1.3.17"))
    assert any("not known" in note for note in changes.notes)
    assert (changes.older, changes.newer) == (name_of(BASE), "en16931@1.3.17")
