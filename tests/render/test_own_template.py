# SPDX-License-Identifier: Apache-2.0
"""A template of the customer's own draws what it likes, reads its folder only, and is told where it is wrong."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from einvoice.errors import InputError, OutputError
from einvoice.model import InvoiceNote
from einvoice.render import own_template, render_pdf
from tests.render.making import NOON, invoice
from tests.render.samples import TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("typst", reason="the extra pdf is not installed")

HEAD = '#set document(title: "x")\n'


def drawn(folder: Path, text: str) -> str:
    template = folder / "own.typ"
    template.write_text(text, encoding="utf-8")
    return shown(render_pdf(invoice(1), timestamp=NOON, template=template))


def shown(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def refused(folder: Path, text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        drawn(folder, text)
    return caught.value


def test_the_example_draws_a_letter_in_the_language_of_the_reader() -> None:
    text = shown(render_pdf(invoice(2), language="nl", timestamp=NOON, template=TEMPLATE))
    assert all(part in text for part in ("Factuur 2026-0042", "Steel bracket 2", "Te betalen", "Ponts de l’Est SARL"))


def test_a_template_gets_the_sheet_and_the_invoice_as_data(tmp_path: Path) -> None:
    text = drawn(tmp_path, f"{HEAD}#json(bytes(sys.inputs.sheet)).title / #json(bytes(sys.inputs.invoice)).number")
    assert "Invoice 2026-0042 / 2026-0042" in text


def test_text_that_looks_like_code_stays_text() -> None:
    hostile = invoice(1, number="#panic() *b* $x$", notes=(InvoiceNote(note="#read('x')"),))
    assert "#panic() *b* $x$" in shown(render_pdf(hostile, timestamp=NOON, template=TEMPLATE))


def test_files_of_its_folder_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "slogan.txt").write_text("We pump.", encoding="utf-8")
    assert "We pump." in drawn(tmp_path, f'{HEAD}#read("parts/slogan.txt")')


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.txt", "../../../../../../etc/passwd"])
def test_nothing_outside_its_folder_can_be_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    assert refused(folder, f'{HEAD}#read("{path}")').code == "TEMPLATE"


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "inside.txt").symlink_to(tmp_path / "secret.txt")
    error = refused(folder, f'{HEAD}#read("inside.txt")')
    assert (error.code, "inside.txt" in str(error)) == ("TEMPLATE_FOLDER", True)


@pytest.mark.parametrize("package", ['"@preview/cetz:0.3.0"', '("@pre" + "view/cetz:0.3.0")'])
def test_a_package_is_not_fetched(tmp_path: Path, package: str) -> None:
    error = refused(tmp_path, f"{HEAD}#import {package}: *")
    assert "a template has no network" in error.message
    assert (error.line, error.column) == (2, 8)


def test_an_error_names_file_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "part.typ").write_text("\n#let x =\n", encoding="utf-8")
    error = refused(tmp_path, f'{HEAD}\n#include "part.typ"')
    assert str(error).startswith(f"{tmp_path / 'part.typ'}:2:8: Typst refuses the template: expected expression")


def test_a_page_that_would_not_be_accessible_is_refused(tmp_path: Path) -> None:
    assert "missing document title" in str(refused(tmp_path, "Hello"))


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.typ: there is no such template"):
        render_pdf(invoice(1), timestamp=NOON, template=tmp_path / "nowhere.typ")


def test_a_template_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_template, "DEADLINE", 0.2)
    loop = "#for a in range(100000) { for b in range(100000) { let c = a * b } }"
    (tmp_path / "loop.typ").write_text(loop, encoding="utf-8")
    with pytest.raises(OutputError, match="did not come to an end"):
        render_pdf(invoice(1), timestamp=NOON, template=tmp_path / "loop.typ")


def test_a_character_without_a_font_is_named_with_its_term(tmp_path: Path) -> None:
    template = tmp_path / "own.typ"
    template.write_text(f"{HEAD}#json(bytes(sys.inputs.sheet)).number", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        render_pdf(invoice(1, number="東"), timestamp=NOON, template=template)
    assert "(U+6771) in BT-1 Invoice number" in str(caught.value)
