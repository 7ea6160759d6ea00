# SPDX-License-Identifier: Apache-2.0
"""What counts for the verdict where a publisher weighs rules otherwise than they are published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from einvoice.rules import Finding, find_pack
from einvoice.rules.levels import levelled, scenario_of
from einvoice.rules.registry import Scenario
from tests.rules.invoices import at, clean, reading

if TYPE_CHECKING:
    from einvoice.model import Reading, Syntax

PROFILE = "urn:of:our:own"
CORE = find_pack("en16931@1.3.16")
PACK = structs.replace(
    CORE,
    id="own",
    needs=("en16931",),
    scenarios=(
        Scenario(PROFILE, "ubl-invoice", {"BR-01": "information", "OWN-1": "fatal"}),
        Scenario(PROFILE, "ubl-creditnote", {"BR-01": "warning"}),
    ),
)


def of(syntax: Syntax | None, profile: str = PROFILE, type_code: str = "380") -> Reading:
    invoice = at({"process_control.specification_identifier": profile, "type_code": type_code})(clean())
    return structs.replace(reading(invoice, syntax), profile=profile)


def finding(rule: str, *packs: str) -> Finding:
    return Finding(rule=rule, packs=packs, severity="warning", effective="warning", message="It is so.")


def levels(document: Reading, *findings: Finding) -> list[tuple[str, tuple[str, ...], str]]:
    return [(one.rule, one.packs, one.effective) for one in levelled(findings, [CORE, PACK], document)]


def test_a_scenario_weighs_the_rules_of_its_pack_and_of_those_it_builds_on() -> None:
    found = levels(of("ubl-invoice"), finding("OWN-1", "own"), finding("BR-01", "en16931"), finding("BR-02", "own"))
    assert found == [
        ("OWN-1", ("own",), "fatal"),
        ("BR-01", ("en16931",), "information"),
        ("BR-02", ("own",), "warning"),
    ]


def test_the_published_severity_stays() -> None:
    (one,) = levelled([finding("OWN-1", "own")], [PACK], of("ubl-invoice"))
    assert (one.severity, one.effective) == ("warning", "fatal")


def test_a_finding_of_another_pack_too_becomes_two() -> None:
    found = levels(of("ubl-invoice"), finding("BR-01", "en16931", "other"))
    assert found == [("BR-01", ("en16931",), "information"), ("BR-01", ("other",), "warning")]


def test_another_specification_and_another_syntax_have_no_scenario() -> None:
    assert levels(of("ubl-invoice", f"{PROFILE} "), finding("OWN-1", "own")) == [("OWN-1", ("own",), "warning")]
    assert levels(of("cii"), finding("OWN-1", "own")) == [("OWN-1", ("own",), "warning")]


def test_an_invoice_that_never_was_xml_counts_as_what_it_would_be_in_ubl() -> None:
    scenarios = [scenario_of(PACK, of(None, type_code=code)) for code in ("380", "381")]
    assert [one.syntax if one else None for one in scenarios] == ["ubl-invoice", "ubl-creditnote"]
