# SPDX-License-Identifier: Apache-2.0
"""The packs of Peppol: what the publisher has, what is judged here, where it stands, and when it is asked."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.bind import write
from einvoice.rules import find_pack
from einvoice.rules.peppol import denmark, germany, greece, iceland, italy, netherlands, norway, sweden
from tests.rules.peppol.documents import AUSTRIAN, GERMAN, SELF_BILLED, changed
from tests.service.sample import PEPPOL, invoice
from tests.together import together

if TYPE_CHECKING:
    from types import ModuleType

    from einvoice.rules import Pack
    from einvoice.rules.element_rules import ElementRule

BILLING = find_pack("peppol@3.0.21")
SELF = find_pack("peppol-selfbilling@3.0.2")
PACKS = [pytest.param(pack, id=pack.id) for pack in (BILLING, SELF)]
FILES = {
    "base.py": r"PEPPOL-EN16931-R0\d\d",
    "amounts.py": r"PEPPOL-EN16931-R(04|1\d)\d",
    "code_lists.py": r"PEPPOL-EN16931-(CL0|P01|F0)\d+",
    "identifiers.py": r"PEPPOL-COMMON-R0\d\d(-\d)?",
    "norway.py": r"NO-R-\d+",
    "denmark.py": r"DK-R-\d+",
    "italy.py": r"IT-R-\d+",
    "sweden.py": r"SE-R-\d+",
    "greece.py": r"GR-[RS]-\d+(-\d)?",
    "iceland.py": r"IS-R-\d+",
    "netherlands.py": r"NL-R-\d+",
    "germany.py": r"DE-R-(\d+(-\d)?|T02)",
}
RULES = [
    pytest.param(rule, id=f"{pack.id} {rule.id}")
    for pack in (BILLING, SELF)
    for rule in pack.structure["ubl"].asked.values()
]


def test_the_publisher_has_so_many_rules() -> None:
    assert len(BILLING.published()["ubl"]) == 165
    assert len(SELF.published()["ubl"]) == 62
    assert not BILLING.published()["cii"]


@pytest.mark.parametrize("pack", PACKS)
def test_every_published_rule_is_judged_and_no_other(pack: Pack) -> None:
    assert pack.not_implemented("ubl") == ()
    assert pack.structure["ubl"].lines.keys() == pack.published()["ubl"].keys()


def test_severities_are_those_that_are_published() -> None:
    published = BILLING.published()["ubl"]
    warnings = {identifier for identifier, severity in published.items() if severity == "warning"}
    assert set(published.values()) == {"fatal", "warning"}
    assert {"NO-R-002", "GR-S-011", "DE-R-017", "SE-R-011", "PEPPOL-COMMON-R044"} <= warnings
    assert published["DK-R-003"] == "fatal"


@together("rule", RULES)
def test_the_id_leads_to_the_file(rule: ElementRule) -> None:
    file = Path(rule.file)
    assert re.fullmatch(FILES[file.name], rule.id)
    assert 0 < rule.line <= len(file.read_text(encoding="utf-8").splitlines())


@together("rule", RULES)
def test_a_rule_has_a_sentence_of_its_own_words(rule: ElementRule) -> None:
    assert {"shall", "must", "MUST", "SHALL"}.isdisjoint(rule.sentence.split())
    assert len(rule.sentence) < 130


def test_self_billing_has_no_rules_of_countries() -> None:
    assert not SELF.structure["ubl"].sections
    assert not {"DE", "DK", "GR", "IS", "IT", "NL", "NO", "SE"} & {one[:2] for one in SELF.published()["ubl"]}


@pytest.mark.parametrize(
    "country", [norway, denmark, italy, sweden, greece, iceland, netherlands, germany], ids=lambda one: one.__name__
)
def test_a_country_asks_nothing_of_others(country: ModuleType) -> None:
    from einvoice.bind import open_document
    from einvoice.bind.structure_inquiry import Below, Inquiry
    from einvoice.bind.structure_parts import TreePart

    root = open_document(AUSTRIAN.encode())._element
    top = TreePart(root, Inquiry(root, set(), Below()))
    assert [applies(top) for applies, _ in country.SECTIONS] == [False] * len(country.SECTIONS)


def test_it_is_asked_of_what_names_it() -> None:
    assert [pack.id for pack in validate(AUSTRIAN.encode()).packs] == ["en16931", "peppol"]
    assert [pack.id for pack in validate(SELF_BILLED.encode()).packs] == ["en16931", "peppol-selfbilling"]


def test_a_sound_invoice_is_valid_by_both_packs() -> None:
    report = validate(AUSTRIAN.encode(), as_of=date(2026, 9, 1))
    assert {pack.id: pack.verdict for pack in report.packs} == {"en16931": "valid", "peppol": "valid"}
    assert report.verdict == "valid"


def test_a_warning_leaves_an_invoice_valid() -> None:
    report = validate(changed(GERMAN, (">+43 316 123456<", ">call 12<")).encode(), packs=["peppol"])
    assert [(finding.rule, finding.severity) for finding in report.findings] == [("DE-R-027", "warning")]
    assert report.verdict == "valid"


@pytest.mark.parametrize("pack", ["peppol", "peppol-selfbilling"])
def test_cii_is_undetermined_and_says_why(pack: str) -> None:
    report = validate(write(invoice(PEPPOL), "cii"), packs=[pack])
    (result,) = report.packs
    assert result.verdict == report.verdict == "undetermined"
    assert result.open.endswith("has no rules for CII")


def test_an_amount_that_is_no_number_leaves_its_rules_open_and_no_others() -> None:
    document = changed(AUSTRIAN, ('"EUR">90.00<', '"EUR">ninety<'))
    report = validate(document.encode(), packs=["peppol"])
    assert {one.rule for one in report.undetermined} == {"PEPPOL-EN16931-R120", "PEPPOL-EN16931-R046"}
    assert all(one.reason == "'ninety' is no number" for one in report.undetermined)


def test_an_invoice_that_never_was_xml_is_judged_as_it_would_be_written() -> None:
    report = validate(invoice(PEPPOL), packs=["peppol"])
    rules = {finding.rule for finding in report.findings}
    assert rules == {"PEPPOL-EN16931-R001", "PEPPOL-EN16931-R007", "PEPPOL-EN16931-CL008"}
    assert {finding.terms for finding in report.findings if finding.rule.endswith("R001")} == {("BT-23",)}
