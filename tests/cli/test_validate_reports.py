# SPDX-License-Identifier: Apache-2.0
"""``einvoice validate --format``: the same judgement in every format, and the same bytes at the same stated time."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from lxml import etree

from einvoice.bind import write
from einvoice.cli import main
from einvoice.render.report import FORMATS
from tests.service.sample import as_file, broken, invoice

if TYPE_CHECKING:
    from pathlib import Path

TIME = ("--timestamp", "2026-11-22T09:30:00Z")
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound invoice, a wrong one in each syntax, an open one and an unreadable one."""
    as_file(tmp_path, "d/1-good.xml", invoice())
    as_file(tmp_path, "d/2-wrong.xml", broken(), "cii")
    as_file(tmp_path, "d/3-wrong.xml", broken())
    data = write(invoice(), "ubl").replace(b">36.89</cbc:TaxInclusiveAmount>", b">lots</cbc:TaxInclusiveAmount>")
    (tmp_path / "d/4-schema.xml").write_bytes(data)
    (tmp_path / "d/5-unreadable.xml").write_text("<a>")
    return tmp_path / "d"


def run(*arguments: object, status: int | None = None) -> str:
    """What the command prints."""
    result = CliRunner().invoke(main, ["validate", *map(str, arguments)])
    assert status is None or result.exit_code == status, result.output
    return result.stdout


def fired(folder: Path) -> list[tuple[str, ...]]:
    """The rules that each document breaks, by the JSON."""
    lines = run(folder, "--format", "jsonl", *TIME).splitlines()
    return [tuple(one["rule"] for one in json.loads(line)["findings"]) for line in lines]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("name", "status"), [("1-good", 0), ("2-wrong", 1), ("5-unreadable", 3)])
def test_the_exit_status_does_not_depend_on_the_format(folder: Path, form: str, name: str, status: int) -> None:
    assert run(folder / f"{name}.xml", "--format", form, status=status)


@pytest.mark.parametrize("form", [*FORMATS, "json", "jsonl"])
def test_the_same_input_at_the_same_time_gives_the_same_bytes(folder: Path, form: str) -> None:
    first = run(folder, "--format", form, *TIME, status=3)
    assert run(folder, "--format", form, *TIME, "-j", 2) == first
    assert "2026-11-22T09:30:00" in first


def test_source_date_epoch_states_the_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795339800")
    (line,) = run(folder / "1-good.xml", "--format", "jsonl").splitlines()
    assert json.loads(line)["judged_at"] == "2026-11-22T09:30:00Z"


def test_a_source_date_epoch_that_is_none_is_wrong_usage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    run(folder, status=2)


def test_sarif_has_the_findings_of_the_json(folder: Path) -> None:
    (log,) = json.loads(run(folder, "--format", "sarif", *TIME))["runs"]
    found: list[list[str]] = [[] for _ in log["artifacts"]]
    for one in log["results"]:
        if one.get("kind", "fail") == "fail" and one["ruleId"] != "UNREADABLE":
            where = one["locations"][0]["physicalLocation"]["artifactLocation"]["index"]
            found[where].append(one["ruleId"])
    assert [tuple(rules) for rules in found] == fired(folder)


def test_junit_and_svrl_have_the_rules_of_the_json(folder: Path) -> None:
    expected = [set(rules) for rules in fired(folder)[:4]]
    suites = etree.fromstring(run(folder, "--format", "junit", *TIME).encode())
    failures: list[set[Any]] = [
        {case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None} for suite in suites
    ]
    assert failures[:4] == [rules - {"PEPPOL-EN16931-R008"} for rules in expected]  # a warning is no failure
    outputs = etree.fromstring(run(folder, "--format", "svrl", *TIME).encode())
    flags = ("fatal", "warning", "information")
    asserts: list[set[Any]] = [
        {one.get("id") for one in output.iter(f"{SVRL}failed-assert") if one.get("flag") in flags} for output in outputs
    ]
    assert asserts[:4] == expected


def test_one_document_is_an_svrl_of_its_own(folder: Path) -> None:
    output = etree.fromstring(run(folder / "2-wrong.xml", "--format", "svrl").encode())
    assert output.tag == f"{SVRL}schematron-output"


def test_the_page_speaks_the_language_that_is_asked_for(folder: Path) -> None:
    page = run(folder, "--format", "html", "--language", "de", *TIME)
    assert '<html lang="de">' in page
    assert "Geschäftsregelfehler" in page
    assert len(re.findall('<section class="document"', page)) == 5


def test_what_follows_stands_under_its_cause_in_text(tmp_path: Path) -> None:
    data = write(invoice(), "ubl").replace(b">31.00</cbc:LineExtensionAmount>", b">31.94</cbc:LineExtensionAmount>")
    (tmp_path / "a.xml").write_bytes(data)
    lines = run(tmp_path / "a.xml", status=1).splitlines()
    told = [line for line in lines if " fatal BR-CO-" in line]
    assert [line.split("fatal ")[1][:8] for line in told] == ["BR-CO-10", "BR-CO-13"]
    assert told[1].startswith("    follows   fatal BR-CO-13 (line ")
    assert told[1].endswith("BT-109 is 31.00, expected 31.94")


def test_a_long_line_is_shown_around_the_place(tmp_path: Path) -> None:
    data = b"".join(part.strip() for part in write(broken(), "ubl").splitlines())
    (tmp_path / "a.xml").write_bytes(data)
    lines = run(tmp_path / "a.xml", status=1).splitlines()
    number = next(at for at, line in enumerate(lines) if "fatal BR-CO-15" in line)
    shown, carets = lines[number + 1], lines[number + 2]
    start, end = carets.index("^"), len(carets)
    assert shown[start:end] == '<cbc:TaxInclusiveAmount currencyID="EUR">37.89</cbc:TaxInclusiveAmount>'
    assert len(shown) < 170
