# SPDX-License-Identifier: Apache-2.0
"""What we embed is PDF/A-3, PDF/UA-1 and Factur-X in the judgment of veraPDF and Mustang."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pikepdf
import pytest

from einvoice.pdf.announcements import ANNOUNCEMENTS
from einvoice.pdf.attach import attach
from einvoice.pdf.enclosures import Enclosure, Metadata
from tests.pdf.making import CII, page
from tests.peers.judges import mustang, verapdf

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.peers

NOON = datetime(2026, 1, 6, 12, 0, 0, tzinfo=UTC)
SHEET = Enclosure(name="Stunden ä.pdf", content=b"%PDF-1.7 sheet", mime="application/pdf", description="Time sheet")


def test_verapdf_passes_every_claim_that_the_page_makes(tmp_path: Path) -> None:
    """PDF/A-3u and 3a with PDF/UA-1, and plain 3b; each profile; with and without metadata and further files."""
    metadata = Metadata(title="Rechnung – Ä", author="Seller", subject="Invoice", keywords="a, b")
    for profile in ANNOUNCEMENTS:
        (tmp_path / f"{profile}.pdf").write_bytes(attach(page(), CII, profile=profile, modified=NOON))
    full = attach(page(), CII, profile="en16931", modified=NOON, metadata=metadata, attachments=[SHEET])
    (tmp_path / "full.pdf").write_bytes(full)
    for level in ("a-3a", "a-3b"):
        (tmp_path / f"{level}.pdf").write_bytes(attach(page(level), CII, profile="basic", modified=NOON))
    accessible: dict[str, list[str]] = {"PDF/A-3u": [], "PDF/UA-1": []}
    expected = {f"{name}.pdf": accessible for name in (*ANNOUNCEMENTS, "full")}
    expected["a-3a.pdf"] = {"PDF/A-3a": [], "PDF/UA-1": []}
    expected["a-3b.pdf"] = {"PDF/A-3b": []}
    assert verapdf(sorted(tmp_path.iterdir())) == expected


def test_verapdf_would_notice_a_fault_of_ours(tmp_path: Path) -> None:
    """A missing relationship and properties without a schema are found: the test above could fail."""
    good = attach(page(), CII, profile="minimum", modified=NOON)
    with pikepdf.open(io.BytesIO(good)) as pdf:
        del pdf.Root.AF[0].AFRelationship
        packet = pdf.Root.Metadata.read_bytes().replace(b"URI>urn:factur-x:", b"URI>urn:other:")
        pdf.Root.Metadata.write(packet)
        pdf.save(tmp_path / "bad.pdf", fix_metadata_version=False)
    failed = verapdf([tmp_path / "bad.pdf"])["bad.pdf"]["PDF/A-3u"]
    assert any(clause.startswith("6.8-") for clause in failed)
    assert any(clause.startswith("6.6.2.3.") for clause in failed)


def test_mustang_finds_the_hybrid_valid(tmp_path: Path) -> None:
    path = tmp_path / "minimum.pdf"
    path.write_bytes(attach(page(), CII, profile="minimum", modified=NOON))
    assert mustang([path]) == ["valid valid valid"]
