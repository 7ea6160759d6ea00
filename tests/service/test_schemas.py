# SPDX-License-Identifier: Apache-2.0
"""The schema of a profile of Factur-X: asked where the pack is, told beside the verdict of the rules."""

from __future__ import annotations

import pytest

from einvoice import validate
from einvoice.bind import open_document, write
from einvoice.rules.bmf import class_of
from einvoice.rules.findings import Finding, PackResult, Report
from einvoice.service.schemas import PROFILE_SCHEMA, SCHEMA, profile_findings, schema_findings
from tests.service.sample import invoice

SOUND = write(invoice(), "cii")
PACK = "facturx:en16931@1.09.2"
AGENT = b"<ram:SalesAgentTradeParty><ram:Name>Agent</ram:Name></ram:SalesAgentTradeParty>"


def outside() -> bytes:
    """A document that holds what CII knows and Factur-X does not, where no rule of Factur-X looks."""
    assert b"</ram:BuyerTradeParty>" in SOUND
    return SOUND.replace(b"</ram:BuyerTradeParty>", b"</ram:BuyerTradeParty>" + AGENT)


def of_schema(report: Report, rule: str = PROFILE_SCHEMA) -> list[Finding]:
    return [one for one in report.findings if one.rule == rule]


def test_a_sound_document_obeys_the_schema_of_its_profile() -> None:
    assert not of_schema(validate(SOUND, packs=PACK))


def test_what_a_profile_refuses_is_told_with_its_place_and_leaves_the_verdict_to_the_rules() -> None:
    report = validate(outside(), packs=PACK)
    (found,) = of_schema(report)
    assert (found.severity, found.effective, found.packs) == ("fatal", "warning", ())
    assert "SalesAgentTradeParty" in found.message
    assert "Factur-X EN 16931" in found.message
    assert str(found.location).endswith("/ram:SalesAgentTradeParty")
    assert found.line
    assert class_of(found) is None
    rules = {one.rule for one in validate(SOUND, packs=PACK).findings}
    assert {one.rule for one in report.findings} - rules == {PROFILE_SCHEMA}
    assert not of_schema(report, SCHEMA), "the schema of CII knows the element"


@pytest.mark.parametrize(("packs", "count"), [("en16931", 0), (f"en16931,{PACK}", 1), ("facturx:extended@1.09.2", 0)])
def test_only_the_profile_that_is_asked_is_asked_for_its_schema(packs: str, count: int) -> None:
    assert len(of_schema(validate(outside(), packs=packs))) == count


def test_what_both_schemas_refuse_at_a_place_is_told_once() -> None:
    data = outside().replace(b"<ram:Name>Agent</ram:Name>", b"<ram:Name>Agent</ram:Name><ram:Nonsense/>")
    report = validate(data, packs=PACK)
    assert [str(one.location).rpartition("/")[2] for one in of_schema(report, SCHEMA)] == ["ram:Nonsense"]
    assert [str(one.location).rpartition("/")[2] for one in of_schema(report)] == ["ram:SalesAgentTradeParty"]
    twice = SOUND.replace(b"</ram:BuyerTradeParty>", b"<ram:Nonsense/></ram:BuyerTradeParty>")
    report = validate(twice, packs=PACK)
    assert len(of_schema(report, SCHEMA)) == 1
    assert not of_schema(report)


def test_a_document_in_ubl_has_no_profile() -> None:
    document = open_document(write(invoice(), "ubl"))
    pack = PackResult(id="facturx", version="1.09.2", profile="en16931")
    assert not list(profile_findings(document, [pack]))
    assert not schema_findings(document)


def test_a_pack_that_an_artefact_judged_by_is_asked_for_its_schema_too() -> None:
    document = open_document(outside())
    profiled = PackResult(id="facturx", version="1.09", profile="en16931", engine="official")
    other = PackResult(id="en16931", version="1.3.16")
    assert [one.rule for one in profile_findings(document, [other, profiled])] == [PROFILE_SCHEMA]
