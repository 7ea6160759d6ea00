# SPDX-License-Identifier: Apache-2.0
"""Printouts of other programs, with an invoice put inside: veraPDF passes each claim, and no page looks different.

What a program prints is made here; a program that is not installed is left out, and the rest is judged.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest
from pypdf import PdfReader

from einvoice.errors import PdfError
from einvoice.pdf.attach import attach
from einvoice.pdf.conformity import conformity
from einvoice.pdf.repair import confirm, repair
from tests.pdf.making import CII
from tests.pdf.printouts import GOOD, REFUSED
from tests.peers.judges import mustang, verapdf

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.peers, pytest.mark.slow]

NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)
HTML: Final = """<html lang="de"><head><meta charset="utf-8"><title>Rechnung R-2026-1</title></head><body>
<h1>Rechnung R-2026-1</h1><p>Datum 05.01.2026, Größe ß, 120,00 €</p><table border="1"><tr><th>Pos<th>Text<th>Betrag
</tr><tr><td>1<td>Stuhl<td>100,00</tr></table><p><a href="https://example.org">Konto</a> DE89 3704 0044 0532 0130 00</p>
</body></html>"""
EXPORT: Final = "pdf:writer_web_pdf_Export"
OPTION: Final = '{"%s":{"type":"%s","value":"%s"},"UseTaggedPDF":{"type":"boolean","value":"true"}}'
FONTS: Final = {"reportlab_standard", "reportlab_embedded", "fpdf_standard", "false_claim", "scripted", "unzoned"}
"""Printouts with fonts that they do not carry: what a viewer draws in their place is its own choice."""
SMOOTHED: Final = {"smoothed"}
"""Pictures that a viewer is asked to smooth, which PDF/A forbids (6.2.8)."""


def _run(folder: Path, *command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=180)
    return done.returncode == 0


def _office(folder: Path, name: str, options: str = "") -> None:
    """A page by LibreOffice, which names its result after the source."""
    target = f"{EXPORT}:{options}" if options else EXPORT
    profile = f"-env:UserInstallation=file://{folder}/office"
    if _run(folder, "soffice", profile, "--headless", "--convert-to", target, "--outdir", "office", "page.html"):
        (folder / "office" / "page.pdf").rename(folder / f"{name}.pdf")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What each program prints, and the printouts that are made without one."""
    folder = tmp_path_factory.mktemp("printed")
    (folder / "page.html").write_text(HTML, encoding="utf-8")
    browser = next((name for name in ("chromium", "google-chrome", "chrome") if shutil.which(name)), "chromium")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--print-to-pdf=chromium.pdf")
    _run(folder, browser, *flags, f"file://{folder}/page.html")
    _run(folder, "wkhtmltopdf", "-q", "page.html", "wkhtmltopdf.pdf")
    _office(folder, "office")
    _office(folder, "office-pdfa", OPTION % ("SelectPdfVersion", "long", "3"))
    _office(folder, "office-ua", OPTION % ("PDFUACompliance", "boolean", "true"))
    if (folder / "chromium.pdf").exists():
        ghost = ("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite")
        _run(folder, *ghost, "-o", "ghostscript.pdf", "chromium.pdf")
        _run(folder, *ghost, "-sColorConversionStrategy=CMYK", "-o", "ghostscript-cmyk.pdf", "chromium.pdf")
    found = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.pdf"))}
    return {**found, **{name: make() for name, make in GOOD.items()}}


def _made(data: bytes, *, replace: bool = False) -> bytes:
    result = attach(repair(data, replace=replace).data, CII, profile="minimum", modified=NOON)
    confirm(result)
    return result


@pytest.fixture(scope="module")
def hybrids(printed: dict[str, bytes]) -> dict[str, bytes]:
    """What became of them; a refusal has its clause."""
    found, refused = {}, {}
    for name, data in printed.items():
        try:
            found[name] = _made(data)
        except PdfError as error:
            refused[name] = "6.2.4.3" in str(error)
    assert refused in ({}, {"ghostscript-cmyk": True})
    found["replaced"] = _made(REFUSED["hybrid"][0](), replace=True)
    return found


def test_verapdf_denies_no_claim(hybrids: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in hybrids.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
    judged = verapdf(sorted(tmp_path.glob("*.pdf")))
    assert {name: claims for name, claims in judged.items() if not claims or any(claims.values())} == {}
    assert set(judged) == {f"{name}.pdf" for name in hybrids}
    for name, data in hybrids.items():
        assert ("PDF/UA-1" in judged[f"{name}.pdf"]) == conformity(data).accessible


def test_no_page_looks_different(printed: dict[str, bytes], hybrids: dict[str, bytes], tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("there is no pdftoppm to draw pages with")
    wrong = []
    for name in sorted((hybrids.keys() & printed.keys()) - FONTS - SMOOTHED):
        pictures = []
        for stage, data in (("before", printed[name]), ("after", hybrids[name])):
            (tmp_path / f"{stage}.pdf").write_bytes(data)
            done = subprocess.run(
                ["pdftoppm", "-r", "72", f"{stage}.pdf"], cwd=tmp_path, capture_output=True, check=True, timeout=60
            )
            pictures.append(done.stdout)
        if pictures[0] != pictures[1] or not pictures[0]:
            wrong.append(name)
    assert not wrong


def test_text_stays(printed: dict[str, bytes], hybrids: dict[str, bytes]) -> None:
    import io

    for name in hybrids.keys() & printed.keys():
        before, after = (PdfReader(io.BytesIO(data)) for data in (printed[name], hybrids[name]))
        assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages], name
        assert ("/StructTreeRoot" in after.root_object) == ("/StructTreeRoot" in before.root_object), name


def test_mustang_accepts_what_was_made_of_a_printout(hybrids: dict[str, bytes], tmp_path: Path) -> None:
    names = [name for name in ("chromium", "reportlab_standard") if name in hybrids]
    for name in names:
        (tmp_path / f"{name}.pdf").write_bytes(hybrids[name])
    assert mustang([tmp_path / f"{name}.pdf" for name in names]) == ["valid valid valid"] * len(names)
