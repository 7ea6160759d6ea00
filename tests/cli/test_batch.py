# SPDX-License-Identifier: Apache-2.0
"""``einvoice batch``, as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from einvoice.cli import main

if TYPE_CHECKING:
    from click.testing import Result

FIXTURES = Path(__file__).parents[2] / "fixtures"
GOOD = FIXTURES / "erp-csv"


def batch(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["batch", "-j", "1", *arguments])


def by_mapping(source: Path, folder: Path, *more: str) -> Result:
    mapping, seller = str(GOOD / "mapping.toml"), str(GOOD / "seller.toml")
    return batch(str(source), "--map", mapping, "--seller", seller, "--to", "ubl", "-o", str(folder), *more)


def test_a_batch_says_what_became_of_it_and_a_second_one_that_it_was_done(tmp_path: Path) -> None:
    first = by_mapping(GOOD / "export.csv", tmp_path)
    assert first.exit_code == 0
    assert "4 done (" in first.stdout
    assert len(list(tmp_path.glob("*.ubl.xml"))) == 4
    second = by_mapping(GOOD / "export.csv", tmp_path)
    assert (second.exit_code, second.stdout) == (0, f"{tmp_path}: 0 done, 4 done before\n")


def test_refusals_are_told_by_their_cause_with_the_column(tmp_path: Path) -> None:
    result = by_mapping(FIXTURES / "erp-csv-bad" / "export.csv", tmp_path)
    assert result.exit_code == 3
    assert ", column '" in result.stderr
    assert "refused" in result.stdout
    lines = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["status"] for line in lines if "document" in line} >= {"refused"}


def test_invoices_of_any_syntax_become_one(tmp_path: Path) -> None:
    edi = FIXTURES / "erp" / "edifact" / "invoic_d14b.edi"
    result = batch(str(edi), str(FIXTURES / "json" / "invoice.json"), "--to", "cii", "-o", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert (tmp_path / "out" / "RE-2026-0042.cii.xml").exists()


def test_the_summary_speaks_german(tmp_path: Path) -> None:
    result = by_mapping(GOOD / "export.csv", tmp_path, "--language", "de")
    assert "4 erledigt" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--to", "ubl", "-o", "out"], "name at least one source"),
        (["a.csv", "--to", "ubl", "-o", "out", "--seller", "s.toml"], "--seller belongs to an ERP export"),
        (["a.csv", "--to", "ubl"], "Missing option '-o'"),
        (["a.csv", "--to", "ubl", "-o", __file__], "name a folder with -o"),
    ],
    ids=["no source", "seller alone", "no folder", "a file"],
)
def test_wrong_usage_is_told(arguments: list[str], why: str) -> None:
    result = batch(*arguments)
    assert result.exit_code == 2
    assert why in result.stderr


def test_what_is_said_of_invoices_that_were_made_is_told_and_recorded(tmp_path: Path) -> None:
    """One seller profile with a wrong account would else send out a thousand invoices that nobody can pay."""
    seller = tmp_path / "seller.toml"
    seller.write_text((GOOD / "seller.toml").read_text().replace("202051", "202052"))
    result = batch(str(GOOD / "export.csv"), "--map", str(GOOD / "mapping.toml"), "--seller", str(seller), "--to",
                   "ubl", "--profile", "xrechnung", "-j", "1", "-o", str(tmp_path / "out"))  # fmt: skip
    assert "made all the same, 3 invoices: BR-DE-19 BT-84 Payment account identifier" in result.stderr
    lines = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    assert [line["warnings"][0][:2] for line in lines if line.get("status") == "done"] == [["BR-DE-19", "BT-84"]] * 3
