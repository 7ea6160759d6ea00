# SPDX-License-Identifier: Apache-2.0
"""The file that ``attach`` writes, made with pikepdf (ISO 32000-1, 7.11.4; ISO 19005-3, 6.8 and annex E).

A module of its own because importing it needs the extra ``pdf``.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec
import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Stream, String

from einvoice.errors import OutputError, PdfError
from einvoice.pdf import streams
from einvoice.pdf.announcements import Announcement
from einvoice.pdf.claims import claims
from einvoice.pdf.enclosures import Enclosure, Metadata
from einvoice.pdf.names import is_well_known, shown
from einvoice.pdf.xmp import Packet, pdf_date

if TYPE_CHECKING:
    from collections.abc import Iterator

_METADATA_BYTES: Final = 2_000_000
_SIGNATURES_EXIST: Final = 1
_NAMESPACE: Final = uuid.UUID("6f0c1d3e-6a0b-5c59-9d3a-0b7f5a1b7c2e")  # ours, for identifiers made of content


class Order(msgspec.Struct, frozen=True):
    """What is to be embedded, and how it is announced."""

    announced: Announcement
    """The profile."""
    invoice: Enclosure
    """The XML."""
    further: tuple[Enclosure, ...]
    """Further files."""
    modified: datetime
    """The time of the change."""
    metadata: Metadata | None
    """What a viewer shows about the document."""


def embed(data: bytes, order: Order) -> bytes:
    """Embed an invoice into a PDF/A-3 file.

    Args:
        data: the page file.
        order: what to embed.

    Returns:
        The new file; the same input gives the same bytes.

    Raises:
        PdfError: the file cannot be taken.
        OutputError: a name is taken already, or the time has no zone.
    """
    stamp = pdf_date(order.modified)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            packet = _accept(pdf)
            for entry in (order.invoice, *order.further):
                _add(pdf, entry, stamp)
            _describe(pdf, packet, order, _instance(data, order))
            return _saved(pdf)
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except pikepdf.PdfError as error:
        raise PdfError(
            "the PDF is damaged: it cannot be opened (ISO 19005-3, 6.1.4); create the page again", code="PDF_DAMAGED"
        ) from error


# --------------------------------------------------------------------------------------- what is not taken


def _accept(pdf: pikepdf.Pdf) -> Packet:
    """Refuse what cannot become a Factur-X file as it is, and return its metadata."""
    if pdf.is_encrypted:
        raise _encrypted()
    if _is_signed(pdf):
        raise PdfError(
            "the PDF is signed, and any change breaks the signature (ISO 19005-3, 6.4.3); embed the invoice"
            " first and sign then",
            code="PDF_SIGNED",
        )
    metadata = pdf.Root.get("/Metadata")
    if not isinstance(metadata, Stream):
        raise _not_pdfa("it has no metadata")
    packet = _packet(metadata)
    _refuse_hybrid(pdf, packet)
    parsed = Packet(packet)
    part, level = parsed.pdfa()
    if part != "3":
        raise _not_pdfa(
            f"it claims to be PDF/A-{part}{(level or '').lower()}" if part else "it claims no part of PDF/A"
        )
    return parsed


def _packet(metadata: Stream) -> bytes:
    filters = metadata.get("/Filter", Array())
    names = filters if isinstance(filters, Array) else [filters]
    return streams.decode(metadata.read_raw_bytes(), [str(name).removeprefix("/") for name in names], _METADATA_BYTES)


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    flags = form.get("/SigFlags", 0) if isinstance(form, Dictionary) else 0
    return "/Perms" in pdf.Root or bool(isinstance(flags, int) and flags & _SIGNATURES_EXIST)


def _refuse_hybrid(pdf: pikepdf.Pdf, packet: bytes) -> None:
    name = next((name for name in _attached(pdf) if is_well_known(name)), None)
    announced = claims(packet)
    if name is None and announced.namespace is not None:
        name = announced.file_name or announced.namespace
    if name is not None:
        raise PdfError(
            f"the PDF has an invoice already ({shown(name)}), and a second one would leave open which of them counts"
            " (a demand of Factur-X, and no clause of ISO 19005-3); embed into the page without it",
            code="PDF_HYBRID",
        )


def _attached(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yield the names of the files attached to the document."""
    specifications = [*(_tree(pdf) or {}).values()]
    associated = pdf.Root.get("/AF")
    specifications += list(associated) if isinstance(associated, Array) else []
    yield from map(str, _tree(pdf) or ())
    for specification in specifications:
        if isinstance(specification, Dictionary):
            yield from (str(specification[key]) for key in ("/UF", "/F") if key in specification)


def _tree(pdf: pikepdf.Pdf) -> NameTree | None:
    names = pdf.Root.get("/Names")
    files = names.get("/EmbeddedFiles") if isinstance(names, Dictionary) else None
    return NameTree(files) if isinstance(files, Dictionary) else None


def _not_pdfa(why: str) -> PdfError:
    return PdfError(
        f"the invoice can be embedded into a PDF/A-3 file only, and {why} (ISO 19005-3, 6.6.4);"
        " create the page as PDF/A-3",
        code="PDF_NOT_PDFA3",
    )


def _encrypted() -> PdfError:
    return PdfError(
        "the PDF is encrypted, which PDF/A forbids (ISO 19005-3, 6.1.3); save it without encryption",
        code="PDF_ENCRYPTED",
    )


# ------------------------------------------------------------------------------------------- what is written


def _add(pdf: pikepdf.Pdf, entry: Enclosure, stamp: str) -> None:
    """Attach one file to the document: in the tree of names for viewers, in /AF for PDF/A-3."""
    tree = _tree(pdf)
    if tree is None:
        tree = NameTree.new(pdf)
        names = pdf.Root.get("/Names")
        if not isinstance(names, Dictionary):
            names = pdf.Root.Names = Dictionary()
        names.EmbeddedFiles = tree.obj
    if entry.name in set(_attached(pdf)):
        raise OutputError(f"the page file has an attachment {shown(entry.name)} already; rename one", code="PDF_NAME")
    content = Stream(pdf, zlib.compress(entry.content, 9))
    content.Type = Name.EmbeddedFile
    content.Subtype = Name(f"/{entry.mime}")
    content.Filter = Name.FlateDecode
    content.Params = Dictionary(
        Size=len(entry.content),
        ModDate=String(stamp),
        CheckSum=String(hashlib.md5(entry.content, usedforsecurity=False).digest()),  # 7.11.4.2 asks for MD5
    )
    name = String(entry.name)
    specification = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=name,
            UF=name,
            EF=Dictionary(F=content, UF=content),
            AFRelationship=Name(f"/{entry.relationship}"),
        )
    )
    if entry.description is not None:
        specification.Desc = String(entry.description)
    tree[entry.name] = specification
    associated = pdf.Root.get("/AF")
    if not isinstance(associated, Array):
        associated = pdf.Root.AF = Array()
    associated.append(specification)


def _describe(pdf: pikepdf.Pdf, packet: Packet, order: Order, instance: str) -> None:
    """Write the XMP and the document information, which say the same."""
    metadata = order.metadata or Metadata()
    packet.describe(metadata)
    packet.date(order.modified, instance)
    packet.announce(
        filename=order.invoice.name, version=order.announced.version, conformance=order.announced.conformance
    )
    stream = Stream(pdf, packet.bytes())
    stream.Type = Name.Metadata
    stream.Subtype = Name.XML
    pdf.Root.Metadata = stream
    information = pdf.docinfo
    information.ModDate = String(pdf_date(order.modified))
    values = (metadata.title, metadata.author, metadata.subject, metadata.keywords)
    for key, value in zip(("/Title", "/Author", "/Subject", "/Keywords"), values, strict=True):
        if value is not None:
            information[key] = String(value)


def _instance(data: bytes, order: Order) -> str:
    """Return an identifier of the new file that depends on everything that goes into it and on nothing else."""
    digest = hashlib.sha256(data)
    digest.update(msgspec.json.encode(order))
    return f"uuid:{uuid.uuid5(_NAMESPACE, digest.hexdigest())}"


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(
        target,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        fix_metadata_version=False,  # it would write the metadata anew
    )
    return target.getvalue()
