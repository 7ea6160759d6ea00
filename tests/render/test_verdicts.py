# SPDX-License-Identifier: Apache-2.0
"""What we draw is PDF/A-3u and PDF/UA-1 in the judgment of veraPDF, in every language and at every length."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING, get_args

import pikepdf
import pytest

from einvoice.model import Invoice, InvoiceNote
from einvoice.render import Language, render_pdf
from tests.peers.judges import verapdf
from tests.render.making import NOON, Everything, invoice, png
from tests.render.samples import NAMES, TEMPLATE, sample

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.peers

CLEAN: dict[str, list[str]] = {"PDF/A-3u": [], "PDF/UA-1": []}
SCRIPTS = "Ελληνικά Русский ґ Łódź ẞ ½ ✓ → № ☎ עברית العربية \ue000 \x07"


def test_verapdf_passes_every_page_that_we_draw(tmp_path: Path) -> None:
    shown = {
        "empty": Invoice(),
        "everything": Everything().invoice,
        "one": invoice(1),
        "long": invoice(2_000),
        "scripts": invoice(number="A" * 200, notes=(InvoiceNote(note=SCRIPTS), InvoiceNote(note="w" * 20_000))),
    }
    for name, drawn in shown.items():
        (tmp_path / f"{name}.pdf").write_bytes(render_pdf(drawn, timestamp=NOON))
    for language, name in zip(get_args(Language), itertools.cycle(NAMES)):  # tools/pages.py draws all by all
        page = render_pdf(sample(name), language=language, timestamp=NOON, logo=png())
        (tmp_path / f"{language}-{name}.pdf").write_bytes(page)
    (tmp_path / "own.pdf").write_bytes(render_pdf(sample("german"), timestamp=NOON, template=TEMPLATE))
    verdicts = verapdf(sorted(tmp_path.iterdir()))
    assert verdicts == dict.fromkeys((path.name for path in tmp_path.iterdir()), CLEAN)


def test_verapdf_would_notice_a_page_that_is_not_tagged(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(render_pdf(invoice(), timestamp=NOON))) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(tmp_path / "bad.pdf")
    assert verapdf([tmp_path / "bad.pdf"])["bad.pdf"]["PDF/UA-1"] != []
