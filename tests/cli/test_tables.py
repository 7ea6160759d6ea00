# SPDX-License-Identifier: Apache-2.0
"""``einvoice convert --to csv`` and ``--to xlsx``, as a user calls them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from click.testing import CliRunner

from einvoice.cli import main

FIXTURES = Path(__file__).parents[2] / "fixtures"
EDI = str(FIXTURES / "erp" / "edifact" / "invoic_d14b.edi")


def test_many_invoices_become_one_table_and_one_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad.edi"
    bad.write_text("UNB+UNOC:3+A'", encoding="utf-8")
    out = tmp_path / "all.xlsx"
    result = CliRunner().invoke(main, ["convert", EDI, str(bad), EDI, "--to", "xlsx", "-o", str(out)])
    assert result.exit_code == 3
    assert "bad.edi" in result.stderr
    assert openpyxl.load_workbook(out)["invoices"].max_row == 3


def test_the_columns_speak_the_language_of_the_reader() -> None:
    result = CliRunner().invoke(main, ["convert", EDI, "--to", "csv", "--rows", "vat", "-o", "-", "--language", "de"])
    assert result.exit_code == 0
    assert "Rechnungsnummer (BT-1)" in result.stdout.splitlines()[0]
    assert result.stdout.splitlines()[1].endswith("VATEX-EU-AE")


def test_an_export_goes_into_a_table_without_becoming_files(tmp_path: Path) -> None:
    folder = FIXTURES / "erp-csv"
    out = tmp_path / "lines.csv"
    arguments = ["convert", str(folder / "export.csv"), "--map", str(folder / "mapping.toml")]
    arguments += ["--seller", str(folder / "seller.toml"), "--to", "csv", "-o", str(out)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert out.read_text(encoding="utf-8-sig").count("RE-2026-0101") == 3
