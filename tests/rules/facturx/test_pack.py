# SPDX-License-Identifier: Apache-2.0
"""The pack: five profiles, every published id judged, and what is shared with EN 16931."""

from __future__ import annotations

import pytest

from einvoice import validate
from einvoice.bind import open_document, write
from einvoice.errors import UnknownNameError
from einvoice.rules import find_pack, run, versions
from einvoice.rules.explain import explain
from einvoice.rules.facturx.profiles import FUNCTIONS, LETTERS, SAME
from tests.rules.invoices import at, in_category, number
from tests.service.sample import broken, invoice

PUBLISHED = {"minimum": 56, "basicwl": 279, "basic": 386, "en16931": 434, "extended": 944}
"""How many ids each profile publishes, the reports without one counted as one."""


def test_there_are_five_profiles_those_that_ask_more_behind() -> None:
    assert [pack.profile for pack in versions("facturx") if not pack.by_name] == list(PUBLISHED)
    assert find_pack("facturx").profile == "extended"
    assert find_pack("facturx@1.09.2").profile == "extended"


@pytest.mark.parametrize(("profile", "count"), PUBLISHED.items())
def test_every_published_id_is_judged(profile: str, count: int) -> None:
    pack = find_pack(f"facturx:{profile}@1.09.2")
    assert (pack.profile, pack.version, pack.key) == (profile, "1.09.2", f"facturx:{profile}")
    assert len(pack.published()["cii"]) == count
    assert pack.not_implemented("cii") == ()
    known = {rule.id for rule in pack.rules} | pack.structure["cii"].lines.keys()
    assert known == pack.published()["cii"].keys()


def test_no_rule_is_judged_twice_within_a_profile() -> None:
    for pack in versions("facturx"):
        elements = pack.structure["cii"]
        rows = {row.rule for row in elements.rows.rows if row.test != "asked"}
        functions = {one.id for one in elements.functions}
        rules = {rule.id for rule in pack.rules}
        assert rows.isdisjoint(functions)
        assert rules.isdisjoint(rows | functions)


def test_a_function_of_the_room_belongs_to_a_profile() -> None:
    every = {identifier for pack in versions("facturx") for identifier in pack.published()["cii"]}
    assert {one.id for one in FUNCTIONS} <= every
    assert every >= SAME
    assert set(LETTERS) == set(PUBLISHED)


def test_a_profile_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UnknownNameError, match="there are minimum, basicwl, basic, en16931, extended"):
        find_pack("facturx:comfort")
    with pytest.raises(UnknownNameError, match="it has no profiles"):
        find_pack("en16931:basic")


def test_ubl_is_undetermined_and_says_why() -> None:
    document = open_document(write(invoice(), "ubl"))
    (result,) = run(document.reading(), [find_pack("facturx:basic")]).packs
    assert (result.verdict, result.open) == ("undetermined", "Factur-X has rules for CII only")


def test_a_rule_that_is_broken_on_the_invoice_and_on_its_elements_is_one_finding_of_both_packs() -> None:
    document = open_document(write(broken(), "cii"))
    packs = [find_pack("en16931@1.3.16"), find_pack("facturx:en16931")]
    hits = {pack.key: document.structure_hits(pack.structure["cii"].rows) for pack in packs}
    report = run(document.reading(), packs, hits)
    (found,) = (finding for finding in report.findings if finding.rule == "BR-CO-15")
    assert found.packs == ("en16931", "facturx")
    alone = run(document.reading(), [packs[1]], {packs[1].key: hits[packs[1].key]})
    assert [finding.packs for finding in alone.findings if finding.rule == "BR-CO-15"] == [("facturx",)]


def test_two_profiles_can_judge_one_document() -> None:
    document = open_document(write(invoice(), "cii"))
    packs = [find_pack("facturx:minimum"), find_pack("facturx:extended")]
    hits = {pack.key: document.structure_hits(pack.structure["cii"].rows) for pack in packs}
    report = run(document.reading(), packs, hits)
    assert [result.profile for result in report.packs] == ["minimum", "extended"]
    assert "Factur-X MINIMUM does not use" in " ".join(finding.message for finding in report.findings)


def test_a_rule_of_several_profiles_is_explained_once() -> None:
    (only,) = (one for one in explain("FX-SCH-A-000019").variants)
    assert only.pack == "facturx:extended@1.09.2"
    assert "facturx:minimum@1.09.2" in only.also
    assert explain("FX-UNUSED").title == "Elements and attributes that the profile does not use are absent."


@pytest.mark.parametrize("code", ["AE", "E", "G", "K", "Z"])
@pytest.mark.parametrize(("off", "breaks"), [("1", False), ("1.01", True), ("-0.99", False), ("-1", True)])
def test_a_taxable_amount_may_be_one_more_than_its_sum_and_not_one_less(code: str, off: str, *, breaks: bool) -> None:
    changed = in_category(code, "0", taxed=False)
    (part,) = changed.vat_breakdown
    assert part.taxable_amount is not None
    amount = part.taxable_amount + number(off)
    data = write(at({"vat_breakdown[0].taxable_amount": amount})(changed), "cii")
    rule = f"BR-{'IC' if code == 'K' else code}-08"
    for profile in ("basic", "en16931"):
        report = validate(data, packs=f"facturx:{profile}@1.09.2")
        assert (rule in {one.rule for one in report.findings}) is breaks
