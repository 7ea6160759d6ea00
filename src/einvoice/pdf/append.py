# SPDX-License-Identifier: Apache-2.0
"""The invoice appended to a page that we drew: the page's bytes stay, what is new stands behind them.

An incremental update (ISO 32000-1, 7.5.6) of four objects: the attached XML, its specification, the metadata and the
catalog, and the document information for its date. It takes a tenth of the time of writing the file anew, which
``attach`` does for pages of any origin and any size, and gives the same names, relationship and metadata.
"""

from __future__ import annotations

import hashlib
import re
import uuid
import zlib
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.errors import OutputError
from einvoice.pdf.announcements import announcement
from einvoice.pdf.attach import attach
from einvoice.pdf.sniff import SNIFFED, root_name
from einvoice.pdf.xmp import Packet, pdf_date

if TYPE_CHECKING:
    from datetime import datetime

    from einvoice.profiles import Level

_TAIL: Final = re.compile(
    rb"trailer\s*<</Size (\d+)/Root (\d+) 0 R/Info (\d+) 0 R/ID\[(\([^()\\]+\))\([^()\\]+\)\]>>"
    rb"\s*startxref\s+(\d+)\s+%%EOF\s*$"
)
_TAIL_BYTES: Final = 1_000
LARGEST: Final = 500_000
"""Bytes of a page above which it is written anew: what that compresses is then worth the time."""

_METADATA: Final = re.compile(rb"/Metadata (\d+) 0 R")
_LENGTH: Final = re.compile(rb"/Length (\d+)[/>]")
_DATE: Final = re.compile(rb"/ModDate\([^()]*\)")
_DESCRIPTION: Final = "Invoice data in XML (Factur-X)"
_OURS: Final = uuid.UUID("6f0c1d3e-6a0b-5c59-9d3a-0b7f5a1b7c2e")


class _Page(Struct, frozen=True):
    """What an update needs to know of a page.

    Attributes:
        size: the number of objects.
        start: where the table of objects begins.
        identity: the first identifier of the file, as it stands.
        catalog: the number of the catalog, and its content.
        metadata: the number of the metadata, and the packet.
        information: the number of the document information, and its content.
    """

    size: int
    start: int
    identity: bytes
    catalog: tuple[int, bytes]
    metadata: tuple[int, bytes]
    information: tuple[int, bytes]


def append(page: bytes, xml: bytes, *, profile: Level, modified: datetime) -> bytes:
    """Embed an invoice into a page that ``einvoice.render`` drew; a page of another shape is left to ``attach``.

    The same arguments give the same bytes.

    Args:
        page: the page, a PDF/A-3 file.
        xml: the invoice in CII.
        profile: the Factur-X profile that the invoice follows.
        modified: the time to write as that of the last change, with its zone.

    Raises:
        PdfError: see ``attach``.
        ProfileError: there is no such profile.
        OutputError: the XML is no CII invoice, or the time has no zone.
        MissingExtraError: the page has another shape, and pikepdf is not installed.
    """
    announced = announcement(profile, xml)
    known = _examined(page) if len(page) <= LARGEST else None
    if known is None:
        return attach(page, xml, profile=profile, modified=modified)
    if root_name(xml[:SNIFFED]) != "CrossIndustryInvoice":
        raise OutputError("a Factur-X PDF carries an invoice in CII; convert it to CII", code="PDF_NOT_CII")
    digest = hashlib.sha256(page + xml + profile.encode() + modified.isoformat().encode()).hexdigest()
    packet = Packet(known.metadata[1])
    packet.date(modified, f"uuid:{uuid.uuid5(_OURS, digest)}")
    packet.announce(filename=announced.filename, version=announced.version, conformance=announced.conformance)
    specification = known.size + 1
    objects = {
        known.information[0]: _DATE.sub(f"/ModDate({pdf_date(modified)})".encode(), known.information[1]),
        known.metadata[0]: _stream(b"/Type/Metadata/Subtype/XML", packet.bytes()),
        known.catalog[0]: _linked(known.catalog[1], announced.filename, specification),
        known.size: _stream(_embedded(xml, modified), zlib.compress(xml)),
        specification: _specification(announced.filename, announced.relationship, known.size),
    }
    return _updated(page, known, objects, digest[:32].encode())


def _examined(page: bytes) -> _Page | None:
    """A page in the shape in which Typst writes it; ``None`` for any other."""
    tail = _TAIL.search(page, max(0, len(page) - _TAIL_BYTES))
    if tail is None:
        return None
    size, root, information, start = int(tail[1]), int(tail[2]), int(tail[3]), int(tail[5])
    catalog, about = _object(page, root), _object(page, information)
    metadata = _METADATA.search(catalog)
    if not catalog or not about or metadata is None or b"/Names" in catalog or b"/AF" in catalog:
        return None
    packet = _object(page, int(metadata[1]))
    length, _, body = packet.partition(b"stream\n")
    stated = _LENGTH.search(length)
    if stated is None or b"/Filter" in length or not _DATE.search(about):
        return None
    return _Page(
        size, start, tail[4], (root, catalog), (int(metadata[1]), body[: int(stated[1])]), (information, about)
    )


def _object(page: bytes, number: int) -> bytes:
    """The content of an object; it is among the last ones of the file, so it is looked for from the end."""
    start = page.rfind(b"\n%d 0 obj\n" % number)
    end = page.find(b"\nendobj", start)
    return page[start + len(b"\n%d 0 obj\n" % number) : end] if start >= 0 and end >= 0 else b""


def _linked(catalog: bytes, name: str, specification: int) -> bytes:
    link = f"/AF[{specification} 0 R]/Names<</EmbeddedFiles<</Names[({name}){specification} 0 R]>>>>>>"
    return catalog.rstrip().removesuffix(b">>") + link.encode()


def _embedded(xml: bytes, modified: datetime) -> bytes:
    digest = hashlib.md5(xml, usedforsecurity=False).hexdigest()  # 7.11.4.2 asks for MD5
    return (
        f"/Type/EmbeddedFile/Subtype/text#2Fxml/Filter/FlateDecode"
        f"/Params<</Size {len(xml)}/ModDate({pdf_date(modified)})/CheckSum<{digest}>>>"
    ).encode()


def _specification(name: str, relationship: str, content: int) -> bytes:
    return (
        f"<</Type/Filespec/F({name})/UF({name})/EF<</F {content} 0 R/UF {content} 0 R>>"
        f"/AFRelationship/{relationship}/Desc({_DESCRIPTION})>>"
    ).encode()


def _stream(entries: bytes, body: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(body), body)


def _updated(page: bytes, known: _Page, objects: dict[int, bytes], identity: bytes) -> bytes:
    """The page, the objects behind it, and a table of these (7.5.4: one section for each run of numbers)."""
    out = bytearray(page if page.endswith(b"\n") else page + b"\n")
    places: dict[int, int] = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n"
    numbers = sorted(places)
    while numbers:
        run = [numbers.pop(0)]
        while numbers and numbers[0] == run[-1] + 1:
            run.append(numbers.pop(0))
        out += b"%d %d\n" % (run[0], len(run))
        out += b"".join(b"%010d 00000 n \n" % places[number] for number in run)
    trailer = b"<</Size %d/Root %d 0 R/Info %d 0 R/ID[%b<%b>]/Prev %d>>" % (
        known.size + 2, known.catalog[0], known.information[0], known.identity, identity, known.start
    )  # fmt: skip
    out += b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)
    return bytes(out)
