# SPDX-License-Identifier: Apache-2.0
"""``einvoice rules``: lists of rules, and what differs between two releases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from einvoice.bind import write
from einvoice.cli import main
from tests.rules.invoices import clean

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = "en16931@1.3.16", "en16931@1.3.17"


def run(*arguments: str) -> Result:
    return CliRunner(env={"LC_ALL": "C"}).invoke(main, ["rules", *arguments])


def invoice(folder: Path, name: str, old: str = "", new: str = "") -> str:
    text = write(clean(), "ubl").decode()
    path = folder / name
    path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return str(path)


def test_every_version_of_a_pack_is_listed_with_its_days() -> None:
    lines = run("list").output.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{NEW}  "))
    assert lines[at + 1].startswith("    judges only where it is named: its artefacts could not be looked at; https://")
    assert "    UBL: 982 of 982 published rules are judged" in lines
    assert any(line.strip().startswith("no invoice is valid by it: what release 1.3.17") for line in lines)


def test_a_list_is_narrowed_by_syntax_severity_and_whether_a_rule_is_judged() -> None:
    fatal = run("list", OLD, "--syntax", "ubl", "--severity", "fatal").output.splitlines()
    assert any(line.startswith("UBL-SR-54    UBL fatal ") for line in fatal)
    assert not any(line.startswith(("CII-", "UBL-CR-001")) or "CII" in line[13:36] for line in fatal)
    assert run("list", OLD, "--judged", "no").output == ""
    assert len(run("list", OLD, "--judged", "yes").output.splitlines()) == len(run("list", OLD).output.splitlines())


def test_a_list_for_programs_is_one_object() -> None:
    packs = json.loads(run("list", "--format", "json").output)["packs"]
    (old,) = (one for one in packs if one["pack"] == OLD)
    assert old["rules"]["ubl"] == {"published": 979, "judged": 979}
    assert old["code_lists"]["iso-4217"] == "CEN/TC 434 EN 16931 validation artefacts, 1.3.16, 2026-03-30"
    (new,) = (one for one in packs if one["pack"] == NEW)
    assert "1.3.17" in new["code_lists"]["iso-4217"]
    rules = json.loads(run("list", OLD, "--format", "json").output)["rules"]
    (currency,) = (one for one in rules if one["id"] == "BR-CL-04")
    assert currency["severities"] == {"ubl": "fatal", "cii": "fatal"}
    assert currency["code_lists"] == ["iso-4217"]


def test_a_narrowed_list_needs_a_pack() -> None:
    result = run("list", "--syntax", "ubl")
    assert result.exit_code == 2
    assert "name the pack" in result.stderr


def test_what_differs_between_two_releases_is_told() -> None:
    result = run("diff", OLD, NEW)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == f"{OLD} → {NEW}"
    assert "new (3)" in lines
    assert "renamed (20)" in lines
    assert any(line.startswith("    BR-AF-05 → BR-IG-05 UBL fatal ") for line in lines)
    at = lines.index("    iso-4217  (UBL and CII: BR-CL-03, BR-CL-04, BR-CL-05)")
    assert lines[at + 1 : at + 3] == ["        + STN", "        - STD"]
    assert run("diff", OLD, OLD).output.splitlines()[1] == "no rule and no code differs"


def test_what_differs_is_told_to_programs() -> None:
    told = json.loads(run("diff", OLD, NEW, "--format", "json").output)
    assert (told["older"], told["newer"]) == (OLD, NEW)
    assert {"change": "renamed", "id": "BR-IG-05", "before": "BR-AF-05"}.items() <= next(
        one for one in told["rules"] if one["id"] == "BR-IG-05"
    ).items()
    assert {one["name"] for one in told["codes"]} == {"eas", "iso-4217", "iso-6523", "vatex"}


def test_own_invoices_are_judged_by_both(tmp_path: Path) -> None:
    invoice(tmp_path, "worse.xml", 'schemeID="EM"', 'schemeID="0219"')
    invoice(tmp_path, "same.xml")
    result = run("diff", OLD, NEW, str(tmp_path))
    assert result.exit_code == 1
    assert "worse.xml: valid → invalid" in result.output
    assert "    + fatal BR-CL-25 (line " in result.output
    assert "same.xml" not in result.output
    assert f"documents judged by {OLD} and by {NEW}: 2; differently: 1" in result.output
    told = json.loads(run("diff", OLD, NEW, str(tmp_path), "--format", "json").output)
    assert [(one["before"], one["after"]) for one in told["documents"]] == [("valid", "valid"), ("valid", "invalid")]
    assert told["documents"][1]["shifts"][0]["rule"] == "BR-CL-25"


def test_what_gets_better_is_no_failure(tmp_path: Path) -> None:
    result = run("diff", OLD, NEW, invoice(tmp_path, "better.xml", "EUR", "STN"))
    assert result.exit_code == 0
    assert "    - fatal BR-CL-04" in result.output
    assert "1 invalid → valid" in result.output


def test_several_processes_tell_the_same_in_the_same_order(tmp_path: Path) -> None:
    for number in range(3):
        invoice(tmp_path, f"{number}.xml", 'schemeID="EM"', 'schemeID="0219"')
    assert run("diff", OLD, NEW, str(tmp_path), "-j", "2").output == run("diff", OLD, NEW, str(tmp_path)).output


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.xml").write_bytes(b"")
    result = run("diff", OLD, NEW, str(tmp_path / "empty.xml"))
    assert result.exit_code == 3
    assert "empty.xml: unreadable: " in result.output


def test_a_release_that_there_is_not_is_wrong_usage() -> None:
    assert run("diff", OLD, "en16931@9").exit_code == 2
    assert run("diff", OLD, "nonsense").exit_code == 2


def test_the_language_is_that_of_the_user(tmp_path: Path) -> None:
    lines = run("diff", OLD, NEW, "--language", "de").output.splitlines()
    assert "umbenannt (20)" in lines
    assert any(line.startswith("    iso-4217  (UBL und CII: ") for line in lines)
    worse = invoice(tmp_path, "worse.xml", 'schemeID="EM"', 'schemeID="0219"')
    output = run("diff", OLD, NEW, worse, "--language", "fr").output
    assert "valide → " in output
    assert f"documents jugés d’après {OLD} et d’après {NEW} : 1 ; autrement : 1" in output
