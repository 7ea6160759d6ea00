# SPDX-License-Identifier: Apache-2.0
"""An invoice of any syntax goes into the printout of it; what cannot be is told in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import einvoice
from einvoice import profiles
from einvoice.pdf.claims import claims
from einvoice.pdf.conformity import conformity
from einvoice.pdf.extract import extract, unpack
from einvoice.service.embedding import Request, embed
from einvoice.service.settings import Settings
from einvoice.service.status import Status
from tests.pdf.making import CII
from tests.pdf.printouts import GOOD, REFUSED, hybrid, reportlab_embedded
from tests.service.sample import invoice

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.service.convert import Attempt


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an invoice in each syntax, and a printout."""
    (tmp_path / "invoice.ubl.xml").write_bytes(einvoice.write(invoice(), "ubl"))
    (tmp_path / "invoice.cii.xml").write_bytes(einvoice.write(invoice(), "cii"))
    (tmp_path / "invoice.json").write_bytes(einvoice.write(invoice(), "json"))
    (tmp_path / "minimum.xml").write_bytes(CII)
    (tmp_path / "print.pdf").write_bytes(reportlab_embedded())
    return tmp_path


def put(folder: Path, name: str, **options: Any) -> Attempt:  # noqa: ANN401 - passed through
    printout = options.pop("printout", "print.pdf")
    request = Request(
        invoice=str(folder / name), printout=str(folder / printout), **{"settings": Settings(), **options}
    )
    return embed(request)


def output(attempt: Attempt) -> bytes:
    assert attempt.error is None, attempt.error
    assert attempt.output is not None
    return attempt.output


def test_an_invoice_in_cii_goes_in_as_the_bytes_it_is(folder: Path) -> None:
    done = put(folder, "minimum.xml")
    found = extract(output(done))
    assert (found.xml, found.relationship, found.level) == (CII, "Data", "MINIMUM")
    assert "the file claims PDF/A-3U, and was judged as such" in done.notes


@pytest.mark.parametrize("name", ["invoice.ubl.xml", "invoice.json"])
def test_any_other_is_converted(folder: Path, name: str) -> None:
    found = extract(output(put(folder, name, profile=profiles.named("en16931"))))
    assert (found.relationship, found.level) == ("Alternative", "EN 16931")
    assert einvoice.read(found.xml).invoice.number == invoice().number


def test_a_profile_changes_the_claim_of_cii_too(folder: Path) -> None:
    before = einvoice.read(folder / "invoice.cii.xml")
    found = extract(output(put(folder, "invoice.cii.xml", profile=profiles.named("facturx-extended"))))
    assert einvoice.read(found.xml).profile != before.profile
    assert found.level == "EXTENDED"


def test_the_invoice_of_a_hybrid_is_put_into_another_page(folder: Path) -> None:
    (folder / "hybrid.pdf").write_bytes(output(put(folder, "minimum.xml")))
    assert extract(output(put(folder, "hybrid.pdf"))).xml == CII


def test_a_claim_that_does_not_exist_inside_a_pdf_is_refused_with_the_way_out(folder: Path) -> None:
    identifier = profiles.named("peppol").identifier
    assert identifier is not None
    known = einvoice.read(folder / "invoice.ubl.xml").profile
    assert known is not None
    (folder / "peppol.xml").write_bytes(
        (folder / "invoice.ubl.xml").read_bytes().replace(known.encode(), identifier.encode())
    )
    done = put(folder, "peppol.xml")
    assert done.output is None
    assert "--profile" in str(done.error)


def test_what_the_schema_refuses_is_not_embedded(folder: Path) -> None:
    (folder / "bad.xml").write_bytes(CII.replace(b"<ram:TypeCode>380</ram:TypeCode>", b"<ram:Wrong/>"))
    done = put(folder, "bad.xml")
    assert (done.output, done.status) == (None, Status.FATAL)
    assert "schema" in str(done.error)


def test_further_files_go_with_it(folder: Path) -> None:
    (folder / "hours.csv").write_bytes(b"a;b")
    done = put(folder, "minimum.xml", attach=(str(folder / "hours.csv"),))
    files = {one.name: (one.mime, one.relationship, one.content) for one in unpack(output(done)).files}
    assert files["hours.csv"] == ("text/csv", "Supplement", b"a;b")
    assert conformity(output(done)).verdict == "pass"


def test_the_former_invoice_is_replaced_only_where_that_is_asked_for(folder: Path) -> None:
    (folder / "old.pdf").write_bytes(hybrid())
    refused = put(folder, "minimum.xml", printout="old.pdf")
    assert (refused.status, "--replace" in str(refused.error)) == (Status.UNREADABLE, True)
    done = put(folder, "minimum.xml", printout="old.pdf", replace=True)
    assert extract(output(done)).xml == CII
    assert "took out the former invoice 'factur-x.xml'" in done.notes


@pytest.mark.parametrize("name", ["CMYK", "signed", "truncated"])
def test_a_refusal_names_the_printout(folder: Path, name: str) -> None:
    (folder / "bad.pdf").write_bytes(REFUSED[name][0]())
    done = put(folder, "minimum.xml", printout="bad.pdf")
    assert done.output is None
    assert str(done.error).startswith(str(folder / "bad.pdf"))


def test_the_same_input_gives_the_same_bytes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "print.pdf").write_bytes(GOOD["unzoned"]())
    first = output(put(folder, "minimum.xml"))
    assert output(put(folder, "minimum.xml")) == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767571200")
    assert b"2026-01-05T00:00:00Z" in output(put(folder, "minimum.xml"))


def test_a_printout_of_another_invoice_is_told(folder: Path) -> None:
    (folder / "other.xml").write_bytes(CII.replace(b"R-2026-1", b"R-2026-2").replace(b"120.00", b"130.00"))
    notes = put(folder, "other.xml").notes
    assert "look at the page: the invoice says R-2026-2 (BT-1), and the page shows nothing like it" in notes
    assert [note for note in notes if "130.00 (BT-112)" in note and "120,00" in note]
    assert not any("look at the page" in note for note in put(folder, "minimum.xml").notes)


def test_the_metadata_announce_the_invoice_once(folder: Path) -> None:
    from einvoice.pdf.extract import packet as _metadata
    from einvoice.pdf.limits import DEFAULT_LIMITS
    from einvoice.pdf.reader import open_pdf

    with open_pdf(output(put(folder, "minimum.xml")), DEFAULT_LIMITS) as document:
        packet = _metadata(document)
    assert claims(packet).file_name == "factur-x.xml"
    assert packet.count(b"ConformanceLevel>MINIMUM<") == 1
