# SPDX-License-Identifier: Apache-2.0
"""Checking a document says everything at once, and is never valid by omission."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import pytest

from einvoice.bind import write
from einvoice.rules import find_pack
from einvoice.service import engines
from einvoice.service.bench import Bench
from einvoice.service.check import Answer, Question, answer
from einvoice.service.packs import parse
from einvoice.service.settings import Settings
from einvoice.service.status import Status
from tests.service.sample import CORE, PEPPOL, as_file, broken, invoice

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = Settings()


def ask(source: str, rules: str = "auto", as_of: date | None = None) -> Answer:
    return answer(source, Question(bench=Bench(packs=parse(rules)), as_of=as_of, settings=SETTINGS))


def test_a_sound_invoice_is_valid(tmp_path: Path) -> None:
    path = as_file(tmp_path, "a.xml", invoice())
    found = ask(path)
    assert (found.verdict, found.schema_valid, found.syntax, found.profile) == ("valid", True, "ubl-invoice", CORE)
    assert found.sha256 == hashlib.sha256((tmp_path / "a.xml").read_bytes()).hexdigest()
    assert [(pack.id, pack.verdict) for pack in found.packs] == [("en16931", "valid")]
    assert (found.findings, found.undetermined, found.error, found.status) == ((), (), None, Status.DONE)


@pytest.mark.parametrize(("syntax", "place"), [("ubl", "cbc:TaxInclusiveAmount"), ("cii", "ram:GrandTotalAmount")])
def test_a_finding_shows_its_work_and_its_place(tmp_path: Path, syntax: str, place: str) -> None:
    path = as_file(tmp_path, "a.xml", broken(), syntax)
    found = ask(path)
    finding = next(one for one in found.findings if one.rule == "BR-CO-15")
    assert (found.verdict, found.status) == ("invalid", Status.FATAL)
    packs = ("en16931", "facturx") if syntax == "cii" else ("en16931",)
    assert (finding.packs, finding.effective, finding.terms) == (packs, "fatal", ("BT-112",))
    assert (finding.found, finding.expected) == ("37.89", "36.89")
    assert str(finding.location).endswith(place)
    text = (tmp_path / "a.xml").read_text().splitlines()
    assert "37.89" in text[(finding.line or 0) - 1]


def test_schema_and_rules_are_reported_together(tmp_path: Path) -> None:
    data = write(broken(), "ubl").replace(b">2026-03-02</cbc:IssueDate>", b">soon</cbc:IssueDate>")
    (tmp_path / "a.xml").write_bytes(data)
    found = ask(str(tmp_path / "a.xml"))
    rules = [finding.rule for finding in found.findings]
    assert rules[0] == "XSD"
    assert "BR-CO-15" in rules
    assert found.schema_valid is False
    assert found.findings[0].packs == ()
    assert found.findings[0].line is not None


def test_a_rule_that_needs_a_value_which_cannot_be_read_is_undetermined_and_no_other(tmp_path: Path) -> None:
    data = write(invoice(), "cii").replace(b">36.89</ram:GrandTotalAmount>", b">lots</ram:GrandTotalAmount>")
    (tmp_path / "a.xml").write_bytes(data)
    found = ask(str(tmp_path / "a.xml"))
    open_rules = {rule.rule: rule for rule in found.undetermined}
    assert "BR-CO-15" in open_rules
    assert "'lots'" in open_rules["BR-CO-15"].reason
    assert open_rules["BR-CO-15"].line is not None
    assert "BR-CO-10" not in open_rules


def test_what_cannot_be_read_is_unreadable_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>")
    found = ask(str(tmp_path / "a.xml"))
    assert (found.verdict, found.status) == ("unreadable", Status.UNREADABLE)
    assert found.sha256 == hashlib.sha256((tmp_path / "a.xml").read_bytes()).hexdigest()
    assert ask(str(tmp_path / "there-is-none.xml")).sha256 is None
    assert "document type" in str(found.error)
    assert str(tmp_path / "a.xml") in str(found.error)


def test_a_defect_of_einvoice_costs_one_document_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise ZeroDivisionError(str(len(arguments)))

    monkeypatch.setattr(engines, "judge", fail)
    path = as_file(tmp_path, "a.xml", invoice())
    found = ask(path)
    assert found.verdict == "unreadable"
    assert "defect of einvoice" in str(found.error)
    assert found.sha256 is not None
    monkeypatch.setenv("EINVOICE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        ask(path)


def test_a_pack_without_rules_for_the_syntax_is_undetermined_when_it_is_asked_for(tmp_path: Path) -> None:
    found = ask(as_file(tmp_path, "a.xml", invoice(PEPPOL), "cii"), "en16931,peppol@3.0.21")
    assert found.verdict == "undetermined"
    assert found.status is Status.UNDETERMINED
    missing = found.packs[1]
    assert (missing.id, missing.version, missing.verdict) == ("peppol", "3.0.21", "undetermined")
    assert missing.open == "Peppol BIS Billing has no rules for CII"


def test_a_fatal_finding_outweighs_a_pack_without_rules_for_the_syntax(tmp_path: Path) -> None:
    path = as_file(tmp_path, "a.xml", broken(specification=PEPPOL), "cii")
    assert ask(path, "en16931,peppol").verdict == "invalid"


def test_auto_judges_a_peppol_invoice_by_both_packs_and_has_nothing_to_add(tmp_path: Path) -> None:
    found = ask(as_file(tmp_path, "a.xml", invoice(PEPPOL)))
    assert [(pack.id, pack.verdict) for pack in found.packs] == [("en16931", "valid"), ("peppol", "invalid")]
    assert not found.notes


def test_auto_does_not_judge_a_specification_by_rules_that_are_not_its_own(tmp_path: Path) -> None:
    found = ask(as_file(tmp_path, "a.xml", invoice("urn:factur-x.eu:1p0:minimum"), "cii"))
    assert [(pack.id, pack.profile) for pack in found.packs] == [("facturx", "minimum")]
    assert {finding.rule for finding in found.findings} == {"FX-UNUSED", "FX-XSD"}


def test_auto_says_so_where_a_specification_is_unknown(tmp_path: Path) -> None:
    found = ask(as_file(tmp_path, "a.xml", invoice("urn:of:our:own")))
    assert found.verdict == "valid"
    assert any("no rules for the specification 'urn:of:our:own'" in note for note in found.notes)


def test_a_document_type_other_than_xml_has_no_schema_to_obey(tmp_path: Path) -> None:
    from einvoice.bind.json import write_json

    (tmp_path / "a.json").write_bytes(write_json(broken()))
    found = ask(str(tmp_path / "a.json"))
    assert (found.syntax, found.schema_valid, found.verdict) == (None, None, "invalid")
    assert "totals.invoice_total_amount_with_vat" in [finding.location for finding in found.findings]


def test_the_version_that_is_asked_for_is_the_one_that_judges(tmp_path: Path) -> None:
    version = find_pack("en16931").version
    found = ask(as_file(tmp_path, "a.xml", invoice()), f"en16931@{version}", date(2026, 11, 1))
    assert [pack.version for pack in found.packs] == [version]
