# SPDX-License-Identifier: Apache-2.0
"""An invoice goes out as one Factur-X PDF where that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import einvoice
from einvoice.cli import main
from einvoice.pdf.extract import extract
from einvoice.service.intake import take_in
from einvoice.service.itinerary import as_hybrid
from einvoice.service.settings import Settings

pytest.importorskip("typst", reason="the extra pdf is not installed")

INVOICE = str(Path(__file__).parents[2] / "fixtures" / "page" / "german.json")


def test_the_page_is_drawn_and_holds_the_invoice(tmp_path: Path) -> None:
    plan = as_hybrid(take_in(INVOICE, Settings()), Settings())
    assert (plan.syntax, plan.document_type.value, plan.changed) == ("pdf", "factur-x", True)
    inside = einvoice.read(extract(plan.output).xml).invoice
    assert inside.number == einvoice.read(Path(INVOICE).read_bytes()).invoice.number
    (tmp_path / "there.pdf").write_bytes(plan.output)
    again = as_hybrid(take_in(str(tmp_path / "there.pdf"), Settings()), Settings())
    assert (again.output, again.changed) == (plan.output, False), "a PDF that is given goes as it is"


def test_the_same_invoice_is_the_same_file() -> None:
    first, second = (as_hybrid(take_in(INVOICE, Settings()), Settings()).output for _ in range(2))
    assert first == second


def test_a_network_whose_receivers_choose_is_refused(tmp_path: Path) -> None:
    settings = tmp_path / "a.toml"
    settings.write_text('[email]\nhost = "localhost"\nsender = "a@example.org"\n', encoding="utf-8")
    asked = ["send", INVOICE, "--to", "9915:b", "--as", "facturx", "--dry-run", "--settings", str(settings)]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 2
    assert "--as facturx is for email and folder" in done.output
