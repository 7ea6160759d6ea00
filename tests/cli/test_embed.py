# SPDX-License-Identifier: Apache-2.0
"""``einvoice embed``, as a user runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

import einvoice
from einvoice.cli import main
from einvoice.pdf.extract import extract
from tests.pdf.making import CII
from tests.pdf.printouts import REFUSED, reportlab_embedded
from tests.service.sample import invoice

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "invoice.xml").write_bytes(CII)
    (tmp_path / "rich.xml").write_bytes(einvoice.write(invoice(), "ubl"))
    (tmp_path / "print.pdf").write_bytes(reportlab_embedded())
    (tmp_path / "signed.pdf").write_bytes(REFUSED["signed"][0]())
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    named = [str(folder / one) if "." in one else one for one in arguments]
    return CliRunner().invoke(main, ["embed", *named])


def test_the_file_is_written_and_told_with_what_it_claims(folder: Path) -> None:
    done = run(folder, "invoice.xml", "print.pdf", "-o", "out.pdf")
    assert done.exit_code == 0, done.output
    assert "out.pdf (nothing lost)" in done.output
    assert "the file claims PDF/A-3U, and was judged as such" in done.output
    assert extract((folder / "out.pdf").read_bytes()).xml == CII


def test_what_exists_is_overwritten_only_by_force(folder: Path) -> None:
    assert run(folder, "invoice.xml", "print.pdf", "-o", "print.pdf").exit_code == 2
    assert (folder / "print.pdf").read_bytes() == reportlab_embedded()
    assert run(folder, "invoice.xml", "print.pdf", "-o", "print.pdf", "--force").exit_code == 0


def test_standard_output_takes_the_file(folder: Path) -> None:
    done = run(folder, "invoice.xml", "print.pdf", "-o", "-")
    assert extract(done.stdout_bytes).xml == CII


def test_a_refusal_is_one_sentence_and_leaves_nothing_behind(folder: Path) -> None:
    done = run(folder, "invoice.xml", "signed.pdf", "-o", "out.pdf")
    assert (done.exit_code, (folder / "out.pdf").exists()) == (3, False)
    assert "signed.pdf: the PDF is signed" in done.output
    assert "6.4.3" in done.output


def test_losses_are_reported(folder: Path) -> None:
    done = run(
        folder, "rich.xml", "print.pdf", "-o", "out.pdf", "--profile", "facturx-en16931", "--report", "losses.jsonl"
    )
    report = json.loads((folder / "losses.jsonl").read_text(encoding="utf-8"))
    assert report["output"] == str(folder / "out.pdf"), done.output
    assert report["error"] is None
