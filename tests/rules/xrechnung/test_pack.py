# SPDX-License-Identifier: Apache-2.0
"""The pack XRechnung: what the publisher has, what is judged here, where it stands, and when it is asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.rules import find_pack
from tests.rules.xrechnung.invoices import german, written
from tests.together import together

if TYPE_CHECKING:
    from einvoice.model import Syntax
    from einvoice.rules.element_rules import ElementRule
    from einvoice.rules.registry import Family

PACK = find_pack("xrechnung@2.5.0")
FAMILIES: tuple[Family, ...] = ("ubl", "cii")
FILES = {
    "br_de.py": r"BR-DE-(\d+|TMP-32)",
    "br_de_payment.py": r"BR-DE-(19|20|23-[ab]|24-[ab]|25-[ab]|30|31)",
    "br_de_cvd.py": r"BR-(DE|TMP)-CVD-\d+(-[ab])?",
    "br_dex.py": r"BR-DEX-\d+",
    "br_tmp.py": r"BR-TMP-\d",
    "peppol.py": r"PEPPOL-EN16931-R\d+",
    "peppol_cii.py": r"PEPPOL-EN16931-R\d+(-[12])?",
}
RULES = [
    pytest.param(rule, id=f"{family} {rule.id}")
    for family in FAMILIES
    for rule in PACK.structure[family].asked.values()
]


def test_the_publisher_has_so_many_rules() -> None:
    assert {family: len(ids) for family, ids in PACK.published().items()} == {"ubl": 76, "cii": 71}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_published_rule_is_judged_and_no_other(family: Family) -> None:
    assert PACK.not_implemented(family) == ()
    assert PACK.structure[family].lines.keys() == PACK.published()[family].keys()


def test_severities_are_those_that_are_published() -> None:
    severities = {family: PACK.published()[family] for family in FAMILIES}
    assert {i for i, s in severities["ubl"].items() if s == "information"} == {"BR-DE-TMP-32"}
    assert severities["ubl"]["PEPPOL-EN16931-R120"] == severities["cii"]["PEPPOL-EN16931-R120"] == "warning"
    assert severities["ubl"]["BR-DE-15"] == "fatal"


@together("rule", RULES)
def test_the_id_leads_to_the_file(rule: ElementRule) -> None:
    file = Path(rule.file)
    assert re.fullmatch(FILES[file.name], rule.id)
    assert 0 < rule.line <= len(file.read_text(encoding="utf-8").splitlines())


@together("rule", RULES)
def test_a_rule_has_a_sentence_of_its_own_words(rule: ElementRule) -> None:
    assert rule.sentence[0].isupper()
    assert rule.sentence.endswith(".")
    assert {"shall", "must", "muss"}.isdisjoint(rule.sentence.split())


def test_both_syntaxes_say_the_same_of_a_rule() -> None:
    ubl, cii = (PACK.structure[family].asked for family in FAMILIES)
    differ = {name for name in ubl.keys() & cii.keys() if ubl[name].sentence != cii[name].sentence}
    assert differ == {
        "PEPPOL-EN16931-R053",  # UBL counts breakdowns, CII totals
        "PEPPOL-EN16931-R054",
    }


@pytest.mark.parametrize("syntax", ["ubl-invoice", "ubl-creditnote", "cii"])
def test_an_invoice_that_names_xrechnung_is_judged_by_it(syntax: Syntax) -> None:
    report = validate(written(german(), syntax))
    assert [pack.id for pack in report.packs] == ["en16931", "xrechnung"]
    assert report.verdict == "valid"
    assert not any("judged by" in note for note in report.notes)


def test_an_invoice_that_never_was_xml_is_judged_as_it_would_stand_in_ubl() -> None:
    report = validate(german(buyer_reference=None), packs=["en16931@1.3.16", "xrechnung@2.5.0"])
    assert [(one.rule, one.terms) for one in report.findings] == [("BR-DE-15", ("BT-10",))]
    assert report.verdict == "invalid"
