# SPDX-License-Identifier: Apache-2.0
"""``einvoice extract``, and the option that names the invoice of a PDF with several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from einvoice.cli import main
from tests.pdf.making import CII, hybrid

if TYPE_CHECKING:
    from pathlib import Path

TWO = hybrid(("factur-x.xml", CII), ("zugferd-invoice.xml", CII.replace(b"R-2026-1", b"R-2026-2")))


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.pdf"
    path.write_bytes(TWO)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def test_each_file_is_told_with_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(hybrid(("factur-x.xml", CII), ("b.txt", b"x"), entries=b"/AFRelationship/Data"))
    done = run("extract", tmp_path / "a.pdf", "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert f"{tmp_path}/out/factur-x.xml (invoice, Data, {len(CII):,} bytes)" in done.output
    assert f"{tmp_path}/out/b.txt (attachment, Data, 1 bytes)" in done.output


def test_several_invoices_are_listed(two: Path, tmp_path: Path) -> None:
    done = run("extract", two, "-o", tmp_path / "out")
    assert (done.exit_code, "'factur-x.xml', 'zugferd-invoice.xml'" in done.output) == (3, True)


def test_standard_output_takes_the_invoice_as_it_is(two: Path) -> None:
    done = run("extract", two, "-o", "-", "--attachment", "factur-x.xml")
    assert (done.exit_code, done.stdout_bytes) == (0, CII)


def test_standard_output_takes_one_invoice(two: Path) -> None:
    assert run("extract", two, two, "-o", "-").exit_code == 2


def test_several_pdfs_get_a_folder_each(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.pdf").write_bytes(hybrid(("factur-x.xml", CII)))
    assert run("extract", tmp_path, "-o", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "a" / "factur-x.xml").is_file()
    assert (tmp_path / "out" / "b" / "factur-x.xml").is_file()


@pytest.mark.parametrize("command", [("validate",), ("show",), ("convert", "--to", "json", "-o", "-")])
def test_the_option_chooses_wherever_a_hybrid_is_read(two: Path, command: tuple[str, ...]) -> None:
    assert run(*command, two).exit_code == 3
    chosen = run(*command, two, "--attachment", "zugferd-invoice.xml")
    assert chosen.exit_code != 3
    assert "R-2026-2" in chosen.output or command == ("validate",)
