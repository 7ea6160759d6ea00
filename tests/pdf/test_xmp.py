# SPDX-License-Identifier: Apache-2.0
"""The XMP packet keeps what the page file says and gains what Factur-X asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from lxml import etree

from einvoice.errors import OutputError, PdfError
from einvoice.pdf.claims import claims
from einvoice.pdf.enclosures import Metadata
from einvoice.pdf.xmp import FX, Packet, pdf_date, xmp_date

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NAMES = {
    "rdf": RDF,
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "mm": "http://ns.adobe.com/xap/1.0/mm/",
    "ext": "http://www.aiim.org/pdfa/ns/extension/",
    "schema": "http://www.aiim.org/pdfa/ns/schema#",
    "property": "http://www.aiim.org/pdfa/ns/property#",
    "fx": FX,
}
ELEMENTS = (
    "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance><dc:title><rdf:Alt>"
    "<rdf:li xml:lang='x-default'>Old</rdf:li></rdf:Alt></dc:title><own:keep>kept</own:keep>"
    "<xmpMM:InstanceID>old</xmpMM:InstanceID><xmp:CreateDate>2026-01-01T00:00:00Z</xmp:CreateDate>"
)
SPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' xmlns:own='urn:own'"
    " xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/'"
)
NOON = datetime(2026, 1, 5, 12, 0, 0, 999, tzinfo=UTC)


def packet(inside: str = ELEMENTS, attributes: str = "") -> Packet:
    """A packet with one description."""
    description = f"<rdf:Description rdf:about='' {SPACES} {attributes}>{inside}</rdf:Description>"
    rdf = f"<rdf:RDF xmlns:rdf='{RDF}'>{description}</rdf:RDF>"
    text = (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}</x:xmpmeta>'
    )
    return Packet(text.encode() + b"\n" + b" " * 2000 + b'<?xpacket end="w"?>')


def found(made: Packet, path: str) -> list[str]:
    """The texts of the elements at a path of the written packet."""
    root = etree.fromstring(made.bytes().removeprefix(b"\xef\xbb\xbf"))
    return [element.text or "" for element in root.iterfind(path, NAMES)]


def announced(made: Packet) -> Packet:
    """The packet with an announcement."""
    made.announce(filename="factur-x.xml", version="1.0", conformance="EN 16931")
    return made


def test_the_announcement_can_be_read_back() -> None:
    read = claims(announced(packet()).bytes())
    assert (read.namespace, read.document_type, read.file_name) == (FX, "INVOICE", "factur-x.xml")
    assert (read.version, read.level) == ("1.0", "EN 16931")


def test_every_announced_property_is_described_for_pdfa() -> None:
    made = announced(packet())
    used = [element.tag for element in etree.fromstring(made.bytes()).iter(f"{{{FX}}}*")]
    described = found(made, ".//property:name")
    assert sorted(used) == sorted(f"{{{FX}}}{name}" for name in described)
    assert found(made, ".//schema:prefix") == ["fx"]
    assert found(made, ".//schema:namespaceURI") == [FX]
    assert set(found(made, ".//property:valueType")) == {"Text"}
    assert set(found(made, ".//property:category")) == {"external"}
    assert all(found(made, ".//property:description"))


def test_a_list_of_schemas_that_exists_is_continued() -> None:
    schema = (
        f"<e:schemas xmlns:e='{NAMES['ext']}'><rdf:Bag><rdf:li rdf:parseType='Resource'>"
        f"<s:prefix xmlns:s='{NAMES['schema']}'>own</s:prefix></rdf:li></rdf:Bag></e:schemas>"
    )
    made = announced(packet(ELEMENTS + schema))
    assert found(made, ".//schema:prefix") == ["own", "fx"]
    assert len(found(made, ".//ext:schemas")) == 1


def test_what_the_source_says_is_kept() -> None:
    made = announced(packet())
    made.describe(Metadata())
    made.date(NOON, "uuid:1")
    assert b"<own:keep>kept</own:keep>" in made.bytes()
    assert found(made, ".//dc:title//rdf:li") == ["Old"]
    assert found(made, ".//xmp:CreateDate") == ["2026-01-01T00:00:00Z"]
    assert Packet(made.bytes()).pdfa() == ("3", "U")


def test_title_author_subject_and_keywords_replace_what_is_there() -> None:
    made = packet()
    made.describe(Metadata(title="New & <bold>", author="Ä", subject="S", keywords="k, l"))
    assert found(made, ".//dc:title/rdf:Alt/rdf:li") == ["New & <bold>"]
    assert found(made, ".//dc:creator/rdf:Seq/rdf:li") == ["Ä"]
    assert found(made, ".//dc:description/rdf:Alt/rdf:li") == ["S"]
    assert found(made, ".//pdf:Keywords") == ["k, l"]


def test_dates_and_instance_are_those_of_the_new_file() -> None:
    made = packet()
    made.date(NOON, "uuid:1")
    assert found(made, ".//xmp:ModifyDate") == found(made, ".//xmp:MetadataDate") == ["2026-01-05T12:00:00Z"]
    assert found(made, ".//mm:InstanceID") == ["uuid:1"]


def test_an_instance_is_not_invented() -> None:
    made = packet("<dc:format>application/pdf</dc:format>")
    made.date(NOON, "uuid:1")
    assert found(made, ".//mm:InstanceID") == []


def test_properties_written_as_attributes_are_understood_and_replaced() -> None:
    made = packet("", "pdfaid:part='3' pdfaid:conformance='B' xmp:ModifyDate='2020-01-01T00:00:00Z'")
    assert made.pdfa() == ("3", "B")
    made.date(NOON, "uuid:1")
    assert b"2020-01-01" not in made.bytes()


def test_the_written_packet_is_a_packet() -> None:
    data = announced(packet()).bytes()
    assert data.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta'.encode())
    assert data.endswith(b'</x:xmpmeta><?xpacket end="r"?>')


def test_a_packet_without_descriptions_is_filled() -> None:
    made = Packet(f"<rdf:RDF xmlns:rdf='{RDF}'/>".encode())
    made.date(NOON, "uuid:1")
    assert announced(made).pdfa() == (None, None)
    assert found(made, ".//xmp:ModifyDate") == ["2026-01-05T12:00:00Z"]


@pytest.mark.parametrize(
    "data", [b"", b"<x:xmpmeta", b"<other/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"%PDF-1.7", b"\xff\xfe"]
)
def test_what_is_no_xmp_is_refused(data: bytes) -> None:
    with pytest.raises(PdfError, match="no XMP") as caught:
        Packet(data)
    assert caught.value.code == "PDF_DAMAGED"


@pytest.mark.parametrize(
    ("zone", "xmp", "pdf"),
    [
        (UTC, "2026-01-05T12:00:00Z", "D:20260105120000Z"),
        (timezone(timedelta(hours=5, minutes=30)), "2026-01-05T12:00:00+05:30", "D:20260105120000+05'30'"),
        (timezone(timedelta(hours=-3, minutes=-30)), "2026-01-05T12:00:00-03:30", "D:20260105120000-03'30'"),
    ],
)
def test_dates_carry_their_zone(zone: timezone, xmp: str, pdf: str) -> None:
    moment = NOON.replace(tzinfo=zone)
    assert (xmp_date(moment), pdf_date(moment)) == (xmp, pdf)


@pytest.mark.parametrize("write", [xmp_date, pdf_date])
def test_a_date_without_zone_is_refused(write: object) -> None:
    assert callable(write)
    with pytest.raises(OutputError, match="time zone"):
        write(NOON.replace(tzinfo=None))
