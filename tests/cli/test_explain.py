# SPDX-License-Identifier: Apache-2.0
"""``einvoice explain`` and ``einvoice rules``: what is meant, and what is checked."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from einvoice.cli import main
from einvoice.rules import find_pack


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_term_is_explained_with_the_rules_that_read_it() -> None:
    result = run("explain", "bt-112")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "BT-112  Invoice total amount with VAT"
    assert any(line.startswith("    Rules of facturx about it: ") and "BR-CO-15" in line for line in lines)
    assert lines[-1] == "    Source: EN 16931-1:2017"


def test_a_rule_is_explained_for_each_syntax_that_tests_it_differently() -> None:
    result = run("explain", "BR-CO-15")
    assert "en16931@1.3.16, UBL: fatal" in result.output
    assert "en16931@1.3.16, CII: fatal" in result.output
    assert "        reads BT-109 Invoice total amount without VAT" in result.output


def test_a_published_rule_that_is_not_judged_says_so() -> None:
    (identifier, *_) = find_pack("en16931").not_implemented("ubl") or find_pack("en16931").published()["ubl"]
    expected = "not judged by einvoice yet" if find_pack("en16931").not_implemented("ubl") else "fatal"
    assert expected in run("explain", identifier).output


def test_several_names_are_explained_one_after_the_other() -> None:
    result = run("explain", "BG-23", "totals.paid_amount")
    first, second = result.output.split("\n\n")
    assert first.startswith("BG-23  VAT BREAKDOWN")
    assert second.startswith("BT-113  Paid amount")


def test_a_name_that_does_not_exist_is_wrong_usage() -> None:
    result = run("explain", "BT-9999")
    assert result.exit_code == 2
    assert result.stderr.startswith("einvoice: there is no rule, term or group 'BT-9999'")


def test_the_packs_are_listed_with_what_they_judge() -> None:
    pack = find_pack("en16931")
    published = len(pack.published()["ubl"])
    judged = published - len(pack.not_implemented("ubl"))
    output = run("rules", "list").output
    assert f"    UBL: {judged} of {published} published rules are judged" in output


def test_the_rules_of_a_pack_are_listed_with_every_published_id() -> None:
    published = find_pack("en16931").published()
    lines = run("rules", "list", "en16931").output.splitlines()
    assert [line.split()[0] for line in lines] == list(dict.fromkeys([*published["ubl"], *published["cii"]]))
    assert lines[0] == "BR-01        UBL fatal, CII fatal   The invoice has a specification identifier."


@pytest.mark.parametrize("name", ["nonsense", "auto"])
def test_what_is_no_pack_has_no_rules_to_list(name: str) -> None:
    assert run("rules", "list", name).exit_code == 2


def test_a_rule_that_another_release_calls_otherwise_is_told_with_both_names() -> None:
    output = run("explain", "BR-IG-05").output
    assert output.startswith("BR-AF-05  ")
    assert "en16931@1.3.17 as BR-IG-05, UBL: fatal" in output
    assert "en16931@1.3.17 (UBL) calls it BR-IG-05." in output


def test_a_rule_is_shown_broken_and_repaired() -> None:
    lines = run("explain", "BR-02").output.splitlines()
    at = lines.index("    Broken (-) and repaired (+) in UBL:")
    assert lines[at + 1 : at + 4] == [
        "        /Invoice/cbc:ID",
        "      - <cbc:ID/>",
        "      + <cbc:ID>2026-17</cbc:ID>",
    ]
    assert "      - (nothing)" in run("explain", "BR-03").output.splitlines()
