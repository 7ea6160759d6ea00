# SPDX-License-Identifier: Apache-2.0
"""``einvoice crosscheck``, and the options of ``einvoice validate`` that name an engine."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from einvoice.bind import write, xml
from einvoice.cli import main
from tests.official.making import failed
from tests.service.sample import invoice
from tests.service.test_engines import artefact

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound invoice, one with a currency that does not exist, and something that is none."""
    made = tmp_path / "d"
    made.mkdir()
    (made / "1-good.xml").write_bytes(write(invoice(), "ubl"))
    (made / "2-bad.xml").write_bytes(write(invoice(currency_code="EURO"), "ubl"))
    (made / "3-none.xml").write_text("nothing", encoding="utf-8")
    return made


def test_the_table_of_judges_that_agree(folder: Path) -> None:
    result = run("crosscheck", folder, "--rules", "en16931")
    lines = result.output.splitlines()
    assert lines[0].split() == [
        "pack",
        "einvoice",
        "official",
        "documents",
        "agree",
        "%",
        "undetermined",
        "not",
        "compared",
    ]
    assert lines[1].split() == ["en16931", "1.3.16", "1.3.16", "2", "2", "100.000", "0", "0"]
    assert lines[-1] == "3 documents, 1 of them could not be read"
    assert result.exit_code == 0


def test_the_ids_on_which_they_disagree_are_named_with_an_example(folder: Path, tmp_path: Path) -> None:
    rules = artefact(tmp_path / "r", failed("BR-99"))
    result = run("crosscheck", folder, "--rules", "en16931", "--artefacts", rules)
    assert f"  en16931: BR-99 missed 2x, such as {folder}/1-good.xml" in result.output
    assert f"  en16931: BR-CL-04 extra 1x, such as {folder}/2-bad.xml" in result.output
    assert result.exit_code == 1
    assert "missed" not in run("crosscheck", folder, "--artefacts", rules, "--show", 0).output


def test_json_is_the_table_and_jsonl_a_line_for_each_document(folder: Path) -> None:
    data = json.loads(run("crosscheck", folder, "--format", "json").output)
    assert [(row["pack"], row["documents"], row["agreeing"]) for row in data["rows"]] == [("en16931", 2, 2)]
    assert data["documents"] == 3
    lines = [json.loads(line) for line in run("crosscheck", folder, "--format", "jsonl").output.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in sorted(folder.iterdir())]
    assert lines[0]["packs"][0]["pack"] == "en16931"


def test_where_nothing_could_be_compared_the_status_says_so(folder: Path) -> None:
    result = run("crosscheck", folder / "1-good.xml", "--rules", "nlcius")
    assert "1 not compared: no official artefact of nlcius for UBL is at hand" in result.output
    assert result.exit_code == 4


def test_several_processes_give_the_same_table(folder: Path) -> None:
    one, two = (run("crosscheck", folder, "--rules", "en16931", "-j", jobs) for jobs in (1, 2))
    assert one.output == two.output


def test_something_is_to_be_named() -> None:
    result = run("crosscheck")
    assert "name at least one invoice" in result.output
    assert result.exit_code == 2


def test_validate_judges_by_the_artefact_and_says_so(folder: Path, tmp_path: Path) -> None:
    rules = artefact(tmp_path / "r", failed("BR-99", "Ours."))
    result = run("validate", folder / "1-good.xml", "--engine", "official", "--artefacts", rules)
    assert "fatal BR-99: Ours." in result.output
    assert "en16931 1.3.16 (official) invalid (1 fatal)" in result.output
    assert result.exit_code == 1


def test_validate_tells_a_disagreement(folder: Path, tmp_path: Path) -> None:
    rules = artefact(tmp_path / "r", failed("BR-99", "Ours.", flag="warning"))
    result = run("validate", folder / "1-good.xml", "--engine", "both", "--artefacts", rules)
    assert (
        "undetermined BR-99: the official artefact of en16931 1.3.16 fires this rule and einvoice does" in result.output
    )
    assert result.exit_code == 4


def test_jsonl_names_the_files_that_judged(folder: Path, tmp_path: Path) -> None:
    rules = artefact(tmp_path / "r")
    line = json.loads(
        run("validate", folder / "1-good.xml", "--engine", "official", "--artefacts", rules, "--format", "jsonl").output
    )
    (pack,) = line["packs"]
    assert (pack["engine"], pack["verdict"]) == ("official", "valid")
    assert pack["artefacts"][0]["name"].endswith("EN16931-UBL-validation.xslt")
    assert len(pack["artefacts"][0]["sha256"]) == 64


def test_artefacts_need_an_engine(folder: Path, tmp_path: Path) -> None:
    result = run("validate", folder, "--artefacts", artefact(tmp_path / "r"))
    assert "--artefacts needs --engine official or --engine both" in result.output
    assert result.exit_code == 2


def test_several_processes_judge_officially(folder: Path) -> None:
    one, two = (run("validate", folder, "--engine", "official", "-j", jobs).output for jobs in (1, 2))
    assert one == two
    assert "3 documents: 1 valid, 1 invalid, 1 unreadable" in one


@pytest.mark.parametrize("form", ["html", "sarif", "junit", "svrl"])
def test_every_report_names_the_files_that_judged_by_their_digest(form: str, folder: Path, tmp_path: Path) -> None:
    rules = artefact(tmp_path / "r", failed("BR-99", "Ours."))
    file = hashlib.sha256((rules / "EN16931-UBL-validation.xslt").read_bytes()).hexdigest()
    output = run("validate", folder, "--engine", "both", "--artefacts", rules, "--format", form).output
    assert output.count(file) == 2
    assert "BR-99" in output
    if form in {"junit", "svrl"}:
        assert xml.parse(output.encode()) is not None


def test_the_patterns_of_two_engines_are_told_apart_in_svrl(folder: Path) -> None:
    output = run("validate", folder / "1-good.xml", "--engine", "both", "--format", "svrl").output
    assert 'id="en16931"' in output
    assert 'id="en16931-official"' in output
