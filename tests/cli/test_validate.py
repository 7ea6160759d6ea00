# SPDX-License-Identifier: Apache-2.0
"""``einvoice validate``: what scripts rely on, and what people read."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from einvoice.bind import write
from einvoice.cli import main
from tests.service.sample import CORE, PEPPOL, as_file, broken, invoice

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound, a wrong and an unreadable invoice, and one by a specification without rules for its syntax."""
    as_file(tmp_path, "d/1-good.xml", invoice())
    as_file(tmp_path, "d/2-wrong.xml", broken(), "cii")
    (tmp_path / "d/3-unreadable.xml").write_text("<a>")
    as_file(tmp_path, "d/4-open.xml", invoice("urn:factur-x.eu:1p0:minimum"))
    return tmp_path / "d"


def test_a_sound_invoice_is_one_line(folder: Path) -> None:
    result = run(folder / "1-good.xml")
    assert result.exit_code == 0
    assert result.output == f"{folder}/1-good.xml: valid (schema UBL 2.1 obeyed; en16931 1.3.16 valid)\n"


def test_a_finding_is_told_like_a_compiler_tells_it(folder: Path) -> None:
    result = run(folder / "2-wrong.xml")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    start = next(number for number, line in enumerate(lines) if "BR-CO-15" in line)
    source = (folder / "2-wrong.xml").read_text().splitlines()
    line = next(number for number, text in enumerate(source, 1) if "37.89</ram:GrandTotalAmount>" in text)
    column = source[line - 1].index("<") + 1
    assert lines[start].startswith(f"{folder}/2-wrong.xml:{line}:{column}: fatal BR-CO-15: ")
    assert lines[start + 1] == f"    {line} | {source[line - 1].strip()}"
    assert lines[start + 2] == f"    {' ' * len(str(line))} | {'^' * len(source[line - 1].strip())}"
    assert lines[start + 3].startswith("    at        /rsm:CrossIndustryInvoice/")
    assert lines[start + 3].endswith("(BT-112 Invoice total amount with VAT)")
    assert lines[start + 4 : start + 6] == ["    found     37.89", "    expected  36.89"]
    assert lines[start + 6].startswith("    because   ")
    assert lines[start + 7].startswith("    to do     correct BT-112")
    assert lines[start + 8].startswith("    follows   fatal BR-CO-16 (line ")
    assert lines[start + 8].endswith(" BT-115 is 36.89, expected 37.89")
    packs = "en16931 1.3.16 invalid (2 fatal); facturx:en16931 1.09.2 invalid (2 fatal, 1 warning)"
    assert f"{folder}/2-wrong.xml: invalid (schema CII D22B obeyed; {packs})" in lines


def test_an_unreadable_document_says_why(folder: Path) -> None:
    result = run(folder / "3-unreadable.xml")
    assert result.exit_code == 3
    assert result.output.startswith(f"{folder}/3-unreadable.xml: unreadable: {folder}/3-unreadable.xml:1:")


def test_an_undetermined_document_says_why(folder: Path) -> None:
    result = run(folder / "4-open.xml")
    assert result.exit_code == 4
    assert "facturx: Factur-X has rules for CII only" in result.output


@pytest.mark.parametrize(
    ("names", "status"),
    [("1", 0), ("14", 4), ("124", 1), ("1234", 3), ("13", 3)],
)
def test_the_exit_status_is_the_first_of_3_1_4_0_that_applies(folder: Path, names: str, status: int) -> None:
    paths = [path for path in sorted(folder.iterdir()) if path.name[0] in names]
    assert run(*paths).exit_code == status


def test_a_folder_is_walked_and_the_verdicts_are_counted(folder: Path) -> None:
    result = run(folder)
    assert result.output.endswith("4 documents: 1 valid, 1 invalid, 1 unreadable, 1 undetermined\n")


def test_jsonl_has_one_object_a_line_with_the_fields_of_the_contract(folder: Path) -> None:
    result = run(folder, "--format", "jsonl")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in sorted(folder.iterdir())]
    assert [line["verdict"] for line in lines] == ["valid", "invalid", "unreadable", "undetermined"]
    fields = ("file", "sha256", "syntax", "profile", "verdict", "schema_valid", "packs", "findings", "undetermined")
    evidence = ("judged_at", "einvoice", "error_class", "remarks")
    assert all(tuple(line) == (*fields, "error", "notes", *evidence) for line in lines)
    good, wrong, unreadable, _ = lines
    assert good["sha256"] == hashlib.sha256((folder / "1-good.xml").read_bytes()).hexdigest()
    assert (good["syntax"], good["profile"], good["schema_valid"], good["error"]) == ("ubl-invoice", CORE, True, None)
    (pack,) = good["packs"]
    assert {key: pack[key] for key in ("id", "version", "profile", "engine", "verdict")} == {
        "id": "en16931", "version": "1.3.16", "profile": None, "engine": "native", "verdict": "valid"
    }  # fmt: skip
    assert isinstance(pack["not_implemented"], list)
    finding = next(one for one in wrong["findings"] if one["rule"] == "BR-CO-15")
    assert (finding["packs"], finding["severity"], finding["effective"]) == (["en16931", "facturx"], "fatal", "fatal")
    assert (finding["terms"], finding["found"], finding["expected"]) == (["BT-112"], "37.89", "36.89")
    assert finding["location"].endswith("/ram:GrandTotalAmount")
    assert isinstance(finding["line"], int)
    assert unreadable["sha256"] == hashlib.sha256((folder / "3-unreadable.xml").read_bytes()).hexdigest()
    assert (unreadable["syntax"], unreadable["schema_valid"]) == (None, None)
    assert "closing tag" in unreadable["error"] or str(folder) in unreadable["error"]


def test_undetermined_rules_stand_in_jsonl_with_their_place(tmp_path: Path) -> None:
    data = write(invoice(), "ubl").replace(b">36.89</cbc:TaxInclusiveAmount>", b">lots</cbc:TaxInclusiveAmount>")
    (tmp_path / "a.xml").write_bytes(data)
    found = json.loads(run(tmp_path / "a.xml", "--format", "jsonl").stdout)
    rule = next(one for one in found["undetermined"] if one["rule"] == "BR-CO-15")
    assert (rule["packs"], rule["location"][-22:]) == (["en16931"], "cbc:TaxInclusiveAmount")
    assert isinstance(rule["line"], int)
    assert "lots" in rule["reason"]


def test_json_is_one_array(folder: Path) -> None:
    found = json.loads(run(folder, "--format", "json").stdout)
    assert [one["verdict"] for one in found] == ["valid", "invalid", "unreadable", "undetermined"]


def test_several_processes_give_the_same_answer_in_the_same_order(folder: Path) -> None:
    arguments = (folder, "--format", "jsonl", "--timestamp", "2026-11-22T09:30:00Z")
    assert run(*arguments, "-j", 2).stdout == run(*arguments).stdout


def test_packs_can_be_asked_for(tmp_path: Path) -> None:
    path = as_file(tmp_path, "a.xml", invoice(PEPPOL), "cii")
    result = run(path, "--rules", "en16931@1.3.16,peppol@3.0.21", "--format", "jsonl")
    assert result.exit_code == 4
    packs = json.loads(result.stdout)["packs"]
    assert [(pack["id"], pack["version"], pack["verdict"]) for pack in packs] == [
        ("en16931", "1.3.16", "valid"),
        ("peppol", "3.0.21", "undetermined"),
    ]
    assert packs[1]["open"] == "Peppol BIS Billing has no rules for CII"


def test_how_far_the_verdict_reaches_is_said_once(tmp_path: Path) -> None:
    paths = [as_file(tmp_path, f"{name}.xml", invoice("urn:example:own-usage")) for name in "ab"]
    lines = run(*paths).output.splitlines()
    assert lines[0].endswith("valid) [1]")
    assert lines[1].startswith("    [1] judged by en16931 1.3.16 only: einvoice has no rules for")
    assert lines[2].endswith("valid) [1]")
    assert len(lines) == 4


def test_standard_input_is_read(folder: Path) -> None:
    result = run("-", "--format", "jsonl", stdin=(folder / "1-good.xml").read_bytes())
    assert result.exit_code == 0
    assert json.loads(result.stdout)["file"] == "-"


def test_the_list_of_files_may_be_long_and_keeps_its_order(folder: Path, tmp_path: Path) -> None:
    paths = [str(folder / "1-good.xml"), str(folder / "4-open.xml")] * 20
    (tmp_path / "list").write_text("\n".join(paths))
    result = run("--files-from", tmp_path / "list", "--format", "jsonl")
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == paths


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "name at least one invoice"),
        (["x.xml", "--rules", "nonsense"], "there is no pack 'nonsense'"),
        (["x.xml", "--rules", "en16931@0.1"], "there is no version '0.1'"),
        (["x.xml", "--format", "pdf"], "'pdf' is not one of"),
        (["x.xml", "--language", "xx"], "'xx' is not one of"),
        (["x.xml", "--timestamp", "noon"], "does not match the formats"),
        (["x.xml", "--as-of", "yesterday"], "does not match the format"),
        (["x.xml", "-j", "0"], "not in the range"),
    ],
)
def test_wrong_usage_is_told_from_a_wrong_invoice(arguments: list[str], why: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, why in result.stderr) == (2, True)


def test_a_wrong_setting_is_wrong_usage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINVOICE_LIMIT_BYTES", "many")
    result = run(folder)
    assert result.exit_code == 2
    assert "EINVOICE_LIMIT_BYTES" in result.stderr


def test_a_limit_of_the_environment_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINVOICE_LIMIT_BYTES", "100")
    result = run(folder / "1-good.xml")
    assert result.exit_code == 3
    assert "larger than the 100 bytes" in result.output


def test_a_folder_without_invoices_is_not_a_success(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 3
    assert "holds no XML, JSON, PDF or EDIFACT file" in result.stderr


def test_hostile_text_does_not_reach_the_terminal(tmp_path: Path) -> None:
    hostile = "\u202e\x9b31m"
    data = write(broken(), "ubl").replace(b">EUR<", f">{hostile}<".encode())
    (tmp_path / f"{hostile}.xml").write_bytes(data)
    for form in ("text", "json", "jsonl", "html", "sarif", "junit", "svrl"):
        output = run(tmp_path, "--format", form).stdout
        assert not set(output) & set(hostile[:2])
