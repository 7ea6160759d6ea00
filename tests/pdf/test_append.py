# SPDX-License-Identifier: Apache-2.0
"""An invoice that is appended to our page is as well attached as one that is written into it anew."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pikepdf
import pytest

from einvoice.errors import OutputError, ProfileError
from einvoice.pdf import append as module
from einvoice.pdf.announcements import ANNOUNCEMENTS
from einvoice.pdf.append import append
from einvoice.pdf.attach import attach
from einvoice.pdf.extract import extract
from einvoice.render import render_pdf
from tests.pdf.making import CII, page
from tests.peers.judges import mustang, verapdf
from tests.render.making import NOON, invoice

if TYPE_CHECKING:
    from pathlib import Path

LATER = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)


def drawn() -> bytes:
    return render_pdf(invoice(2), timestamp=NOON)


def appended(profile: str = "en16931") -> bytes:
    return append(drawn(), CII, profile=profile, modified=LATER)  # type: ignore[arg-type]


def test_the_page_stays_byte_for_byte() -> None:
    assert appended().startswith(drawn())


@pytest.mark.parametrize("profile", ANNOUNCEMENTS)
def test_the_attachment_is_the_one_that_attach_makes(profile: str) -> None:
    ours, theirs = appended(profile), attach(drawn(), CII, profile=profile, modified=LATER)  # type: ignore[arg-type]
    with pikepdf.open(io.BytesIO(ours)) as one, pikepdf.open(io.BytesIO(theirs)) as other:
        mine, its = one.Root.AF[0], other.Root.AF[0]
        for key in ("/F", "/UF", "/AFRelationship", "/Desc"):
            assert str(mine[key]) == str(its[key])
        assert mine.EF.F.read_bytes() == its.EF.F.read_bytes() == CII
        assert mine.EF.F.Params == its.EF.F.Params
        assert mine.EF.F.Subtype == its.EF.F.Subtype
        assert str(one.docinfo.ModDate) == str(other.docinfo.ModDate)
        packets = [pdf.Root.Metadata.read_bytes() for pdf in (one, other)]
        parts = [packet.partition(b"<xmpMM:InstanceID>") for packet in packets]
        assert parts[0][0] == parts[1][0]
        assert one.check_pdf_syntax() == []


def test_the_invoice_is_read_back() -> None:
    found = extract(appended())
    assert (found.xml, found.safe_name) == (CII, "factur-x.xml")


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert appended() == appended()
    assert appended() != append(drawn(), CII, profile="en16931", modified=NOON)


def test_a_page_of_another_shape_is_left_to_attach() -> None:
    """Written anew, cut into object streams, or with an attachment: the result has the invoice all the same."""
    other = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn())) as pdf:
        pdf.save(other, object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False)
    for shape in (other.getvalue(), page()):
        assert extract(append(shape, CII, profile="basic", modified=LATER)).xml == CII


def test_a_large_page_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 1_000)
    assert len(append(drawn(), CII, profile="basic", modified=LATER)) < len(drawn())


def test_what_cannot_be_embedded_is_refused() -> None:
    with pytest.raises(OutputError, match="convert it to CII"):
        append(drawn(), b"<Invoice/>", profile="basic", modified=LATER)
    with pytest.raises(ProfileError):
        append(drawn(), CII, profile="unheard-of", modified=LATER)  # type: ignore[arg-type]
    with pytest.raises(OutputError):
        append(drawn(), CII, profile="basic", modified=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


@pytest.mark.peers
def test_verapdf_and_mustang_pass_what_is_appended(tmp_path: Path) -> None:
    for profile in ("minimum", "en16931"):
        (tmp_path / f"{profile}.pdf").write_bytes(appended(profile))
    files = sorted(tmp_path.iterdir())
    assert verapdf(files) == {path.name: {"PDF/A-3u": [], "PDF/UA-1": []} for path in files}
    assert mustang([tmp_path / "minimum.pdf"]) == ["valid valid valid"]
