# SPDX-License-Identifier: Apache-2.0
"""``einvoice fix`` as users and scripts meet it."""

from __future__ import annotations

import inspect
import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from einvoice.cli import main, repairs
from einvoice.rules.catalogue import catalogue
from einvoice.service.fix import ROOM
from einvoice.service.repairs import KINDS, amounts, identifiers, spelling
from tests.service.slips import CII, JSON, UBL, spoiled

if TYPE_CHECKING:
    from pathlib import Path

EURO = ("EUR", "eur")
LABELS = ("repaired", "tried, not kept", "still", "valid", "invalid", "undetermined")
TOO_MUCH = ("36.89", "37.90")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with nothing in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    """Run the command, by the rules of EN 16931 alone."""
    return CliRunner().invoke(main, ["fix", "--rules", "en16931", *arguments], input=stdin)


def test_the_repaired_invoice_is_written_and_each_repair_shown(here: Path) -> None:
    (here / "wrong.xml").write_bytes(spoiled(UBL, EURO))
    done = run("wrong.xml", "-o", "right.xml")
    assert done.exit_code == 0
    assert (here / "right.xml").read_text(encoding="utf-8") == UBL
    lines = done.stdout.splitlines()
    assert lines[0].startswith("wrong.xml:8: repaired code-case: ")
    assert lines[1] == "    at        /Invoice/cbc:DocumentCurrencyCode  (BT-5 Invoice currency code)"
    assert lines[2:4] == ["    before    eur", "    after     EUR"]
    assert lines[4].startswith("    and at    line 59, line 61, ")
    assert lines[5] == "    cures     BR-CL-03, BR-CL-04"
    assert lines[-1] == "wrong.xml: invalid (2 fatal) -> valid; 12 values repaired -> right.xml"


def test_fatal_findings_that_are_left_are_status_1_and_named(here: Path) -> None:
    (here / "wrong.xml").write_bytes(spoiled(UBL, EURO, TOO_MUCH))
    done = run("wrong.xml")
    assert done.exit_code == 1
    assert (here / "wrong.fixed.xml").is_file()
    assert "wrong.xml:75: left alone" in done.stdout
    assert "because   BT-112 is stated as 37.90" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("    still     BR-CO-15; ")


def test_a_sound_invoice_is_copied(here: Path) -> None:
    (here / "right.xml").write_text(CII, encoding="utf-8")
    done = run("right.xml", "-o", "out/")
    assert (done.exit_code, done.stdout) == (
        0,
        "right.xml: valid -> valid; nothing repaired -> out/right.fixed.xml\n",
    )
    assert (here / "out" / "right.fixed.xml").read_text(encoding="utf-8") == CII


def test_a_file_that_exists_is_overwritten_with_force_alone(here: Path) -> None:
    (here / "wrong.xml").write_bytes(spoiled(UBL, EURO))
    kept = (here / "wrong.xml").read_bytes()
    done = run("wrong.xml", "-o", "wrong.xml")
    assert done.exit_code == 2
    assert "use --force" in done.stderr
    assert (here / "wrong.xml").read_bytes() == kept
    assert run("wrong.xml", "-o", "wrong.xml", "--force").exit_code == 0
    assert (here / "wrong.xml").read_text(encoding="utf-8") == UBL
    assert sorted(path.name for path in here.iterdir()) == ["wrong.xml"]


def test_a_dry_run_writes_nothing_and_shows_the_lines(here: Path) -> None:
    (here / "wrong.xml").write_bytes(spoiled(UBL, EURO))
    done = run("wrong.xml", "--dry-run", "-o", "right.xml")
    assert done.exit_code == 0
    assert "-  <cbc:DocumentCurrencyCode>eur</cbc:DocumentCurrencyCode>" in done.stdout
    assert "+  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>" in done.stdout
    assert [path.name for path in here.iterdir()] == ["wrong.xml"]


def test_a_document_in_one_line_is_shown_tag_by_tag(here: Path) -> None:
    text = "".join(line.strip() for line in spoiled(UBL, EURO).decode().replace("\n", " \n").splitlines())
    (here / "wrong.xml").write_text(text, encoding="utf-8")
    done = run("wrong.xml", "--dry-run")
    assert "\n-<cbc:DocumentCurrencyCode>eur</cbc:DocumentCurrencyCode>\n" in done.stdout


def test_standard_input_goes_to_standard_output(here: Path) -> None:
    done = run("-", stdin=spoiled(UBL, EURO))
    assert done.exit_code == 0
    assert done.stdout == UBL
    assert "-: invalid (2 fatal) -> valid; 12 values repaired" in done.stderr
    assert not list(here.iterdir())


def test_standard_output_takes_one_document(here: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (here / name).write_text(UBL, encoding="utf-8")
    done = run("a.xml", "b.xml", "-o", "-")
    assert done.exit_code == 2
    assert "standard output takes one document" in done.stderr


def test_several_documents_go_into_a_folder_and_the_worst_decides(here: Path) -> None:
    (here / "in").mkdir()
    (here / "in" / "a.xml").write_bytes(spoiled(UBL, EURO))
    (here / "in" / "b.json").write_bytes(spoiled(JSON, ('"EUR"', '"eur"')))
    (here / "in" / "c.xml").write_text("<a/>", encoding="utf-8")
    done = run("in", "-o", "out")
    assert done.exit_code == 3
    assert sorted(path.name for path in (here / "out").iterdir()) == ["a.fixed.xml", "b.fixed.json"]
    assert json.loads((here / "out" / "b.fixed.json").read_bytes()) == json.loads(JSON)
    assert "c.xml" in done.stderr


def test_json_lines_tell_everything_that_the_text_tells(here: Path) -> None:
    (here / "wrong.xml").write_bytes(spoiled(UBL, EURO, ("36.89", "36.90"), ("2026-04-01", "03.04.2026")))
    done = run("wrong.xml", "--format", "jsonl", "-o", "out.xml")
    told = json.loads(done.stdout)
    assert (told["source"], told["output"]) == ("wrong.xml", str(here / "out.xml"))
    assert [repair["repair"] for repair in told["repairs"]] == ["code-case", "totals"]
    assert told["repairs"][1]["cures"] == ["BR-CO-15"]
    assert told["repairs"][1]["changes"][0] == {
        "location": "/Invoice/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
        "line": 75,
        "terms": ["BT-112"],
        "before": "36.90",
        "after": "36.89",
    }
    assert [left["value"] for left in told["left_alone"]] == ["03.04.2026"]
    assert (told["before"]["verdict"], told["after"]["verdict"], told["error"]) == ("invalid", "invalid", None)
    assert [finding["rule"] for finding in told["after"]["findings"]] == ["XSD"]


def test_json_is_one_array_and_names_what_could_not_be_read(here: Path) -> None:
    (here / "wrong.xml").write_text("<a/>", encoding="utf-8")
    (here / "sound.xml").write_text(UBL, encoding="utf-8")
    done = run("wrong.xml", "sound.xml", "--format", "json", "--dry-run")
    first, second = json.loads(done.stdout)
    assert done.exit_code == 3
    assert "wrong.xml" in first["error"]
    assert (first["after"], second["after"]["verdict"], second["diff"]) == (None, "valid", None)


def test_a_repair_that_was_taken_back_is_told(here: Path) -> None:
    (here / "wrong.xml").write_bytes(spoiled(UBL, ("<cbc:ID>S</cbc:ID>", "<cbc:ID>o</cbc:ID>")))
    done = run("wrong.xml", "--dry-run")
    assert "tried, not kept code-case" in done.stdout
    assert "because   it would bring BR-O-" in done.stdout


def test_nothing_to_repair_is_wrong_usage() -> None:
    assert run().exit_code == 2


def test_what_an_invoice_says_cannot_act_on_the_terminal(here: Path) -> None:
    bad = "\u202e36,89 EUR"
    (here / "wrong.xml").write_bytes(spoiled(UBL, ("36.89</cbc:PayableAmount", f"{bad}</cbc:PayableAmount")))
    done = run("wrong.xml", "--dry-run")
    assert "\u202e" not in done.stdout


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            ["repariert code-case: Einen Code so", "vorher    eur", "behebt    BR-CL-03", "nicht angerührt", "gültig"],
        ),
        (
            "fr",
            ["réparé code-case: Écrire un code", "avant     eur", "corrige   BR-CL-03", "laissé tel quel", "valide"],
        ),
    ],
)
def test_people_read_their_language(here: Path, language: str, words: list[str]) -> None:
    (here / "wrong.xml").write_bytes(spoiled(UBL, EURO, TOO_MUCH))
    done = run("wrong.xml", "--dry-run", "--language", language)
    assert [word for word in words if word not in done.stdout] == []
    told = json.loads(run("wrong.xml", "--dry-run", "--language", language, "--format", "jsonl").stdout)
    assert told["left_alone"][0]["why"] != "BT-112 is stated as 37.90"
    assert "That is" not in told["left_alone"][0]["why"]


@pytest.mark.parametrize("language", ["de", "fr"])
def test_everything_that_is_said_of_repairs_has_a_translation(language: str) -> None:
    doubts = (spelling.NUMBER_DOUBT, spelling.DAY_DOUBT, identifiers.ADDRESS_DOUBT, identifiers.TAX_DOUBT)
    said = [*(kind.sentence for kind in KINDS), *doubts, amounts.DECIMALS_DOUBT]
    assert [text for text in said if not catalogue(language).knows(text, ROOM)] == []
    words = catalogue(language).room("cli").tables["words"]
    spoken = re.findall(r'(?:speech|row)\("([^"]+)"', inspect.getsource(repairs))
    assert len(spoken) > len(LABELS)
    assert [word for word in [*spoken, *LABELS] if word not in words] == []
