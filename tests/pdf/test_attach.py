# SPDX-License-Identifier: Apache-2.0
"""A page becomes a Factur-X file, keeps everything it had, and is read back by readers that are not ours."""

from __future__ import annotations

import hashlib
import io
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import facturx
import pikepdf
import pytest
from pypdf import PdfReader

from einvoice.errors import OutputError, PdfError, ProfileError
from einvoice.pdf.announcements import ANNOUNCEMENTS
from einvoice.pdf.attach import attach
from einvoice.pdf.claims import claims
from einvoice.pdf.enclosures import Enclosure, Metadata
from einvoice.pdf.extract import extract
from einvoice.pdf.xmp import Packet
from tests.architecture.house import ROOT
from tests.pdf.making import CII, UBL, document, page, stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.profiles import Level

NOON = datetime(2026, 1, 6, 12, 0, 0, tzinfo=UTC)
SHEET = Enclosure(name="Stunden ä.pdf", content=b"%PDF-1.7 sheet", mime="application/pdf", description="Time sheet")


def made(pdf: bytes | None = None, xml: bytes = CII, **options: Any) -> bytes:  # noqa: ANN401 -- passed through
    """A hybrid PDF; of the usual page, if no other is given."""
    chosen = {"profile": "minimum", "modified": NOON, **options}
    return attach(page() if pdf is None else pdf, xml, **chosen)


def changed(change: Callable[[pikepdf.Pdf], object], pdf: bytes | None = None, **saving: Any) -> bytes:  # noqa: ANN401
    """The usual page after a change."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(page() if pdf is None else pdf)) as opened:
        change(opened)
        opened.save(target, fix_metadata_version=False, **saving)
    return target.getvalue()


def enclose(pdf: pikepdf.Pdf, name: str) -> None:
    """Attach a file the way pikepdf does."""
    pdf.attachments[name] = pikepdf.AttachedFileSpec(
        pdf, b"old", description="", filename=name, mime_type="text/plain", creation_date="", mod_date=""
    )


def code(pdf: bytes) -> str | None:
    """The code of the error with which a page is refused."""
    with pytest.raises(PdfError) as caught:
        made(pdf)
    return caught.value.code


def metadata(pdf: bytes) -> bytes:
    """The XMP packet as it stands in the file."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/Filter" not in opened.Root.Metadata, "readers that search the file do not find it compressed"
        return opened.Root.Metadata.read_raw_bytes()


# ------------------------------------------------------------------------------------------- read back


def test_factur_x_reads_it_back_and_finds_it_valid(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    name, xml = facturx.get_xml_from_pdf(made(), check_xsd=True, check_schematron=False)
    assert (name, xml) == ("factur-x.xml", CII)


def test_pypdf_reads_it_back() -> None:
    reader = PdfReader(io.BytesIO(made(attachments=[SHEET])))
    assert {name: data for name, (data,) in reader.attachments.items()} == {
        "factur-x.xml": CII,
        SHEET.name: SHEET.content,
    }


def test_our_own_reader_reads_it_back() -> None:
    found = extract(made(attachments=[SHEET]))
    assert (found.name, found.xml, found.relationship) == ("factur-x.xml", CII, "Data")
    assert (found.mime, found.level) == ("text/xml", "MINIMUM")
    assert [(other.name, other.relationship, other.mime) for other in found.others] == [
        (SHEET.name, "Supplement", "application/pdf")
    ]


@pytest.mark.parametrize("profile", ANNOUNCEMENTS)
def test_every_profile_is_announced_as_the_standard_says(profile: Level) -> None:
    result = made(profile=profile)
    found, claimed, level = extract(result), claims(metadata(result)), ANNOUNCEMENTS[profile]
    assert (found.name, found.relationship) == (level.filename, level.relationship)
    assert (claimed.file_name, claimed.version, claimed.level) == (found.name, level.version, level.conformance)


def test_the_table_of_profiles_is_that_of_the_standard() -> None:
    assert {
        name: (level.conformance, level.relationship, level.filename, level.version)
        for name, level in ANNOUNCEMENTS.items()
    } == {
        "minimum": ("MINIMUM", "Data", "factur-x.xml", "1.0"),
        "basicwl": ("BASIC WL", "Data", "factur-x.xml", "1.0"),
        "basic": ("BASIC", "Alternative", "factur-x.xml", "1.0"),
        "en16931": ("EN 16931", "Alternative", "factur-x.xml", "1.0"),
        "extended": ("EXTENDED", "Alternative", "factur-x.xml", "1.0"),
        "xrechnung": ("XRECHNUNG", "Alternative", "xrechnung.xml", "3.0"),
    }


def test_the_version_of_xrechnung_is_that_of_the_invoice() -> None:
    xml = CII.replace(
        b"urn:factur-x.eu:1p0:minimum", b"urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_2.3"
    )
    assert claims(metadata(made(xml=xml, profile="xrechnung"))).version == "2.3"


def test_name_and_relationship_can_be_chosen() -> None:
    found = extract(made(profile="en16931", filename="zugferd-invoice.xml", relationship="Source"))
    assert (found.name, found.relationship) == ("zugferd-invoice.xml", "Source")


# --------------------------------------------------------------------------------------- how it is written


def test_the_attachment_is_written_as_the_standards_say() -> None:
    with pikepdf.open(io.BytesIO(made())) as pdf:
        (spec,) = pdf.Root.AF
        stream = spec.EF.F
        assert spec.objgen == pdf.Root.Names.EmbeddedFiles.Names[1].objgen
        assert str(pdf.Root.Names.EmbeddedFiles.Names[0]) == "factur-x.xml"
        assert (str(spec.F), str(spec.UF), str(spec.Type)) == ("factur-x.xml", "factur-x.xml", "/Filespec")
        assert str(spec.Desc)
        assert spec.EF.UF.objgen == stream.objgen
        assert (str(stream.Subtype), str(stream.Type)) == ("/text/xml", "/EmbeddedFile")
        assert stream.Params.Size == len(CII)
        assert str(stream.Params.ModDate) == "D:20260106120000Z"
        assert bytes(stream.Params.CheckSum) == hashlib.md5(CII, usedforsecurity=False).digest()


def test_the_same_input_gives_the_same_bytes() -> None:
    assert made(attachments=[SHEET]) == made(attachments=[SHEET])


@pytest.mark.parametrize(
    "options",
    [{"modified": NOON + timedelta(seconds=1)}, {"xml": CII + b"\n"}, {"attachments": [SHEET]}, {"profile": "basic"}],
)
def test_another_input_is_another_instance(options: dict[str, Any]) -> None:
    def instance(pdf: bytes) -> tuple[bytes, bytes]:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return bytes(opened.trailer.ID[1]), metadata(pdf).partition(b"<xmpMM:InstanceID>")[2][:41]

    first, second = instance(made()), instance(made(**options))
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_the_file_is_not_larger_than_it_must_be() -> None:
    assert len(made()) < len(page()) + len(CII)


# -------------------------------------------------------------------------------------------- what is kept


def test_everything_the_page_has_is_kept() -> None:
    result = made()
    with pikepdf.open(io.BytesIO(page())) as old, pikepdf.open(io.BytesIO(result)) as new:
        assert set(old.Root.keys()) | {"/AF", "/Names"} == set(new.Root.keys())
        for key in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
            assert old.Root[key] == new.Root[key]
        assert len(old.Root.Outlines.First.keys()) == len(new.Root.Outlines.First.keys())
        assert len(old.Root.StructTreeRoot.K) == len(new.Root.StructTreeRoot.K)
        assert (
            old.Root.OutputIntents[0].DestOutputProfile.read_bytes()
            == new.Root.OutputIntents[0].DestOutputProfile.read_bytes()
        )
        assert [entry.Contents.read_bytes() for entry in old.pages] == [
            entry.Contents.read_bytes() for entry in new.pages
        ]
        assert bytes(old.trailer.ID[0]) == bytes(new.trailer.ID[0])
    text = [PdfReader(io.BytesIO(pdf)).pages[0].extract_text() for pdf in (page(), result)]
    assert "Größe, 120.00 €" in text[0]
    assert text[0] == text[1]


@pytest.mark.parametrize("level", ["a-3a", "a-3b", "a-3u"])
def test_the_level_of_pdfa_is_kept(level: Any) -> None:  # noqa: ANN401 -- one of a few literals
    assert Packet(metadata(made(page(level)))).pdfa() == ("3", level[-1].upper())


def test_the_claim_of_accessibility_is_kept() -> None:
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata(made())


def test_attachments_and_destinations_of_the_page_are_kept() -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        enclose(pdf, "old.txt")
        pdf.Root.AF = pikepdf.Array([pdf.attachments["old.txt"].obj])
        pdf.Root.Names.Dests = pikepdf.Dictionary(Names=pikepdf.Array(["top", pikepdf.Array([0, pikepdf.Name.Fit])]))

    result = made(changed(add))
    assert [other.name for other in extract(result).others] == ["old.txt"]
    with pikepdf.open(io.BytesIO(result)) as pdf:
        assert str(pdf.Root.Names.Dests.Names[0]) == "top"
        assert len(pdf.Root.AF) == 2


def test_metadata_and_information_say_the_same() -> None:
    given = Metadata(title="Rechnung R-2026-1 – Ä", author="Seller GmbH", subject="Invoice", keywords="a, b")
    result = made(metadata=given)
    packet = metadata(result).decode()
    with pikepdf.open(io.BytesIO(result)) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
    assert info["/Title"] == given.title
    assert info["/Author"] == given.author
    assert (info["/Subject"], info["/Keywords"]) == (given.subject, given.keywords)
    assert (info["/ModDate"], info["/CreationDate"]) == ("D:20260106120000Z", "D:20260105000000Z")
    assert all(f">{value}<" in packet for value in (given.title, given.author, given.subject, given.keywords))
    assert "<xmp:ModifyDate>2026-01-06T12:00:00Z</xmp:ModifyDate>" in packet
    assert "<xmp:CreateDate>2026-01-05T00:00:00Z</xmp:CreateDate>" in packet


def test_metadata_that_are_not_given_stay() -> None:
    with pikepdf.open(io.BytesIO(made())) as pdf:
        assert str(pdf.docinfo.Title) == "Invoice R-2026-1"
    assert b">Invoice R-2026-1<" in metadata(made())


# ------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("level", "says"), [("1.7", "no metadata|no part of PDF/A"), ("a-2u", "PDF/A-2u"), ("a-1a", "PDF/A-1a")]
)
def test_a_page_that_is_no_pdfa_3_is_refused(level: Any, says: str) -> None:  # noqa: ANN401 -- one of a few literals
    with pytest.raises(PdfError, match=says) as caught:
        made(page(level))
    assert caught.value.code == "PDF_NOT_PDFA3"


def test_a_page_without_metadata_is_refused() -> None:
    assert code(document(b"")) == "PDF_NOT_PDFA3"


def test_a_page_with_broken_metadata_is_refused() -> None:
    assert code(document(b"/Metadata 10 0 R", {10: stream(b"<x>", b"/Type/Metadata")})) == "PDF_DAMAGED"


def test_a_page_with_metadata_like_a_bomb_is_refused() -> None:
    def swell(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Metadata = pikepdf.Stream(pdf, b"<x>" + b" " * 3_000_000, Type=pikepdf.Name.Metadata)

    assert code(changed(swell)) == "PDF_LIMIT"


def test_a_hybrid_is_refused() -> None:
    with pytest.raises(PdfError, match=r"has an invoice already \('factur-x.xml'\)") as caught:
        made(made())
    assert caught.value.code == "PDF_HYBRID"


def test_an_invoice_that_is_only_associated_is_noticed() -> None:
    def associate(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AF = pikepdf.Array([pikepdf.Dictionary(F="ZUGFeRD-invoice.xml")])

    assert code(changed(associate)) == "PDF_HYBRID"


def test_a_page_that_only_claims_to_be_a_hybrid_is_refused() -> None:
    def strip(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.AF
        del pdf.Root.Names

    assert code(changed(strip, made())) == "PDF_HYBRID"


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_page_is_refused(user: str) -> None:
    lock = pikepdf.Encryption(user=user, owner="o", R=6)
    assert code(changed(lambda _: None, encryption=lock)) == "PDF_ENCRYPTED"


@pytest.mark.parametrize(
    ("key", "value"),
    [("/AcroForm", pikepdf.Dictionary(SigFlags=3, Fields=pikepdf.Array())), ("/Perms", pikepdf.Dictionary())],
)
def test_a_signed_page_is_refused(key: str, value: pikepdf.Object) -> None:
    def sign(pdf: pikepdf.Pdf) -> None:
        pdf.Root[key] = value

    assert code(changed(sign)) == "PDF_SIGNED"


@pytest.mark.parametrize("data", [b"", b"<a/>", page()[:3_000]])
def test_a_damaged_page_is_refused(data: bytes) -> None:
    assert code(data) == "PDF_DAMAGED"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"xml": UBL}, "begins with Invoice; convert it to CII"),
        ({"xml": b""}, "no element"),
        ({"filename": "invoice.xml"}, "'invoice.xml'; take one of"),
        ({"relationship": "Supplement"}, "not 'Supplement'"),
        ({"attachments": [SHEET, SHEET]}, "two attachments"),
        ({"attachments": [Enclosure(name="factur-x.xml", content=b"", mime="text/xml")]}, "two attachments"),
        ({"modified": NOON.replace(tzinfo=None)}, "time zone"),
    ],
)
def test_what_cannot_be_written_is_refused(options: dict[str, Any], says: str) -> None:
    with pytest.raises(OutputError, match=says):
        made(**options)


def test_a_name_that_the_page_has_taken_is_refused() -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        enclose(pdf, SHEET.name)

    with pytest.raises(OutputError, match="already; rename one"):
        made(changed(add), attachments=[SHEET])


def test_an_unknown_profile_is_refused_with_a_list() -> None:
    with pytest.raises(
        ProfileError, match="'comfort'; there are: minimum, basicwl, basic, en16931, extended, xrechnung"
    ):
        made(profile="comfort")


# ------------------------------------------------------------------------------------------ other engines


NEUTRAL = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    b' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>3</pdfaid:part>'
    b'<pdfaid:conformance>B</pdfaid:conformance></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


def findings(pdf: bytes) -> set[tuple[str, str]]:
    """What pikepdf has to say about a file as PDF/A-3b, its metadata aside: it knows no extension schemas."""
    try:
        from pikepdf import pdfa
    except ImportError:
        pytest.skip("this pikepdf does not judge PDF/A: pip install 'pikepdf[pdfa]>=10.17'")

    def neutralise(opened: pikepdf.Pdf) -> None:
        opened.Root.Metadata = pikepdf.Stream(opened, NEUTRAL, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        del opened.trailer.Info

    with pikepdf.open(io.BytesIO(changed(neutralise, pdf))) as opened:
        report = pdfa.check(opened, "3b")
        return {(finding.rule, str(finding.kind)) for finding in report.findings}


def test_embedding_adds_no_finding_in_the_judgment_of_pikepdf() -> None:
    before = findings(page())
    assert {rule for rule, _ in before} <= {"pikepdf:font-program", "pikepdf:schema-OutlineItem"}
    assert findings(made(attachments=[SHEET])) == before


def test_without_pikepdf_reading_works_and_writing_names_the_extra() -> None:
    program = """
import sys
sys.modules["pikepdf"] = None
from datetime import UTC, datetime
from einvoice.errors import MissingExtraError
from einvoice.pdf.attach import attach
from einvoice.pdf.extract import extract
from tests.pdf.making import CII, hybrid
assert extract(hybrid(("factur-x.xml", CII))).xml == CII
try:
    attach(b"", CII, profile="minimum", modified=datetime.now(UTC))
except MissingExtraError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "pip install 'einvoice[pdf]'" in done.stdout
