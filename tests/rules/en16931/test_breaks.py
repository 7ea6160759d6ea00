# SPDX-License-Identifier: Apache-2.0
"""The smallest change that breaks a rule fires exactly that rule, or exactly the ids that the official set fires."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.rules import find_pack, run
from tests.rules.en16931 import cases_codes, cases_vat
from tests.rules.invoices import clean, reading
from tests.together import together

if TYPE_CHECKING:
    from einvoice.model import Invoice, Syntax
    from einvoice.rules import Report

PACK = find_pack("en16931@1.3.16")
CASES = cases_codes.CASES
NEVER = {
    "ubl": {"BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "BR-DEC-13", "BR-DEC-15"},
    "cii": {"BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "BR-AF-08", "BR-AF-09", "BR-AG-08", "BR-AG-09"},
}
"""The published tests of these cannot fail."""


def judge(invoice: Invoice, syntax: Syntax | None) -> Report:
    return run(reading(invoice, syntax), [PACK], {PACK.id: ()})


@together("name", CASES)
def test_a_change_fires_in_ubl_what_it_fires_officially(name: str) -> None:
    case = CASES[name]
    report = judge(case.invoice, "ubl-invoice")
    assert {finding.rule for finding in report.findings} == case.ubl
    assert not report.undetermined


@together("name", CASES)
def test_a_change_fires_in_cii_what_it_fires_officially(name: str) -> None:
    case = CASES[name]
    report = judge(case.invoice, "cii")
    assert {finding.rule for finding in report.findings} == case.cii
    assert not report.undetermined


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii", None])
def test_nothing_is_wrong_with_a_clean_invoice(syntax: Syntax | None) -> None:
    report = judge(clean(), syntax)
    assert report.verdict == "valid"
    assert not report.findings


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
@pytest.mark.parametrize("family", cases_vat.FAMILIES)
def test_nothing_is_wrong_with_a_clean_invoice_of_any_category(family: str, syntax: Syntax) -> None:
    assert not judge(cases_vat.FAMILIES[family][0](), syntax).findings


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_every_rule_that_can_fire_is_broken_by_a_case(syntax: str) -> None:
    family = PACK.published()["ubl" if syntax == "ubl" else "cii"]
    fired = {rule for case in CASES.values() for rule in (case.ubl if syntax == "ubl" else case.cii)}
    assert {rule for rule in family if rule.startswith("BR-")} - fired == NEVER[syntax]


@together("name", CASES)
def test_a_finding_points_into_the_model_and_names_its_term(name: str) -> None:
    report = judge(CASES[name].invoice, None)
    for finding in report.findings:
        assert finding.model_path, finding
        assert finding.terms or "extension" in finding.model_path, finding
        assert finding.message.endswith(".")
