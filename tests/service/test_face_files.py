# SPDX-License-Identifier: Apache-2.0
"""Pages, hybrid PDFs and ERP exports, used the way a program uses them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.errors import InputError, MappingError, PdfError, UnknownNameError
from tests.architecture.house import ROOT
from tests.service.sample import invoice

STORY = ROOT / "fixtures" / "erp-csv"


def test_a_page_of_html_shows_the_invoice_and_its_findings() -> None:
    page = einvoice.render_page(invoice(), "html", language="de", findings=True).decode()
    assert "INV-7" in page
    assert '<html lang="de"' in page


@pytest.mark.parametrize(
    "options", [{"to": "png"}, {"language": "tlh"}, {"findings": True}, {"template": "x.typ", "to": "html"}]
)
def test_a_page_that_there_is_not_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises((UnknownNameError, InputError)):
        einvoice.render_page(invoice(), **options)


def test_an_invoice_goes_into_its_printout_and_comes_out_again() -> None:
    pytest.importorskip("pikepdf")
    pytest.importorskip("typst")
    printout = einvoice.render_page(invoice())
    hybrid = einvoice.embed(einvoice.write(invoice(), "cii"), io.BytesIO(printout)).output
    (file,) = einvoice.extract(hybrid)
    assert (file.name, file.role, file.relationship) == ("factur-x.xml", "invoice", "Alternative")
    assert file.content == einvoice.write(invoice(), "cii"), "CII goes in as the bytes it is"
    assert [one.role for one in einvoice.extract(hybrid, everything=True)] == ["attachment"]
    with pytest.raises(PdfError, match="no attachments"):
        einvoice.extract(printout)
    with pytest.raises(InputError) as caught:
        einvoice.embed(b"nothing", printout)
    assert "einvoice-" not in str(caught.value), "where it was kept for a moment is nobody's concern"


def test_a_file_in_an_archive_is_not_the_one_on_the_disk_that_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pikepdf")
    pytest.importorskip("typst")
    monkeypatch.chdir(tmp_path)
    Path("invoice.xml").write_bytes(einvoice.write(invoice(), "cii"))
    meant = replace(invoice(), number="OTHER-9")
    with zipfile.ZipFile("in.zip", "w") as archive:
        archive.writestr("invoice.xml", einvoice.write(meant, "cii"))
    with zipfile.ZipFile("in.zip") as archive, archive.open("invoice.xml") as file:
        hybrid = einvoice.embed(file, einvoice.render_page(meant))
    assert einvoice.read(hybrid.output).invoice.number == "OTHER-9"


def test_an_export_becomes_invoices_one_by_one() -> None:
    files = {"mapping": STORY / "mapping.toml", "seller": STORY / "seller.toml"}
    data = (STORY / "export.csv").read_bytes().replace(b";EK-2026/118;", b";;", 1)
    made = list(einvoice.convert_export(data, to="ubl", profile="xrechnung", **files))  # type: ignore[arg-type] # two of three
    assert [one.number for one in made if one.conversion is None] == ["RE-2026-0101", "RE-2026-0103"]
    first = made[0]
    assert (first.refusals[0].rule, first.refusals[0].header) == ("BR-DE-15", "Ihr Zeichen")
    assert first.error is not None
    second = made[1].conversion
    assert second is not None
    assert einvoice.read(second.output).invoice.number == "RE-2026-0102"
    with pytest.raises(MappingError):
        einvoice.convert_export(b"", STORY / "mapping.toml", "ubl")
    with pytest.raises(UnknownNameError):
        einvoice.convert_export(data, STORY / "mapping.toml", "xls")  # type: ignore[arg-type] # what a user may try
