# SPDX-License-Identifier: Apache-2.0
"""Real hybrid PDFs: no false alarm about the file or its page, ZUGFeRD 1.0 read, an invoice put in anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

import einvoice
from einvoice.errors import PdfError
from einvoice.pdf.attach import attach
from einvoice.pdf.conformity import conformity
from einvoice.pdf.consistency import compare
from einvoice.pdf.container import look
from einvoice.pdf.extract import extract, unpack
from einvoice.pdf.repair import confirm, repair
from tests.pdf.making import CII
from tests.peers.judges import verapdf

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.corpus, pytest.mark.slow]

NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)


@pytest.fixture
def files(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> list[Path]:
    """Every tenth hybrid of the corpus: all of them take minutes."""
    return [corpus / row["path"] for row in manifest if row["path"].endswith(".pdf")][::10]


def test_the_pages_show_what_the_invoices_say(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    """One published sample shows another total than its XML states; no other differs."""
    wrong = []
    for row in [row for row in manifest if row["path"].endswith(".pdf") and row["syntax"] == "CII"][::2]:
        data = (corpus / row["path"]).read_bytes()
        found = compare(look(data, pages=True).text, einvoice.read(data).invoice)
        wrong += [(row["path"], one.what) for one in found.differences]
    assert [what for _, what in wrong] in ([], ["TOTAL"]), wrong


def test_zugferd_1_is_read(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    """Only what is spoiled on purpose has no number; a name of a bank and the like are all that is lost."""
    read = 0
    for row in [row for row in manifest if row["syntax"] == "ZUGFeRD1" and "invalid" not in row["path"].casefold()]:
        data = (corpus / row["path"]).read_bytes()
        if row["path"].endswith(".pdf"):
            found = unpack(data, everything=True).files
            data = next(file.content for file in found if b"CrossIndustryDocument" in file.content[:9000])
        reading = einvoice.read(data)
        assert reading.invoice.number, row["path"]
        assert len(reading.lost) <= 6, (row["path"], reading.lost)
        read += 1
    assert read


@pytest.mark.peers
def test_verapdf_agrees_with_each_judgement_and_passes_what_is_made_anew(files: list[Path], tmp_path: Path) -> None:
    said = {}
    for number, path in enumerate(files):
        data = path.read_bytes()
        (tmp_path / f"{number}.pdf").write_bytes(data)
        said[f"{number}.pdf"] = conformity(data).verdict
        try:
            made = attach(repair(data, replace=True).data, CII, profile="minimum", modified=NOON)
            confirm(made)
        except PdfError as error:
            assert error.code == "PDF_NOT_PDFA3"  # noqa: PT017 - a refusal is one of two right answers
        else:
            (tmp_path / f"{number}-new.pdf").write_bytes(made)
            said[f"{number}-new.pdf"] = "pass"
            assert extract(made).xml == CII
    judged = verapdf(sorted(tmp_path.iterdir()))
    held = {
        name: not any(failed for claim, failed in claims.items() if "PDF/A" in claim) for name, claims in judged.items()
    }
    sure = {name: verdict == "pass" for name, verdict in said.items() if verdict != "not checked"}
    assert {name: right for name, right in sure.items() if right != held[name]} == {}
