# SPDX-License-Identifier: Apache-2.0
"""Somebody's printout becomes a PDF/A-3 page that an invoice can be put into, or it is refused with the clause.

What a page shows is never changed, except that fonts which the PDF does not carry are embedded. What is claimed in the
end was judged: level U where every character has a meaning in Unicode, else B; PDF/UA-1 where the source claims it and
nothing speaks against it. Source: ISO 19005-3.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, Stream, String, pdfa
from pikepdf.models.metadata import decode_pdf_date

from einvoice.errors import PdfError
from einvoice.pdf.accessible import MUTE, doubt
from einvoice.pdf.conformity import conformity, first
from einvoice.pdf.extensions import inspect
from einvoice.pdf.former import complete, former_invoices, indirect, take_out
from einvoice.pdf.names import shown
from einvoice.pdf.normalise import strip, tidy
from einvoice.pdf.obstacles import opened
from einvoice.pdf.packets import packet_of, unpacked
from einvoice.pdf.readable import readable
from einvoice.pdf.stand_ins import embed_missing
from einvoice.pdf.usage import usage
from einvoice.pdf.xmp import Packet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.pdf.tags import Doubt

_ICC: Final = 16_000_000
_UNZONED: Final = re.compile(r"D:\d{4,14}")
_WAYS: Final = (
    ("6.2.11", "let the program that made it embed all fonts"),
    ("6.2.4", "let the program that made it use RGB, or name the colour profile of its printer"),
    ("6.5", "print it again without scripts"),
    ("6.4", "print it to a new PDF, without fields"),
)
_WAY: Final = "let the program that made it write PDF/A-3, or print it to a new PDF"


class Page(Struct, frozen=True, kw_only=True):
    """A PDF/A-3 file that an invoice can be put into.

    Attributes:
        data: the file.
        claim: what it claims, such as ``PDF/A-3U``.
        accessible: whether it claims PDF/UA-1 too.
        told: what was repaired or taken out, in sentences.
        modified: when the printout was made or changed last, as it says; with a zone.
    """

    data: bytes
    claim: str
    accessible: bool
    told: tuple[str, ...] = ()
    modified: datetime | None = None


def repair(data: bytes, *, replace: bool = False) -> Page:
    """Make a PDF/A-3 page of a printout.

    Args:
        data: the printout.
        replace: whether an invoice that it carries already is taken out.

    Returns:
        The page; the same input gives the same bytes.

    Raises:
        PdfError: the printout is refused: ``PDF_DAMAGED``, ``PDF_ENCRYPTED``, ``PDF_VERSION``, ``PDF_SIGNED``,
            ``PDF_FORM``, ``PDF_PORTFOLIO``, ``PDF_EMPTY``, ``PDF_LIMIT`` or ``PDF_HYBRID``.
    """
    with opened(data) as pdf:
        indirect(pdf)
        former = _former(pdf, replace=replace)
        told = [f"took out the former invoice {shown(name)}" for name, _ in former]
        good = not former and conformity(data).verdict == "pass"
        before = packet_of(pdf)
        if former:
            take_out(pdf, former)
        if not good:
            told += _repaired(pdf)
        packet = Packet(packet_of(pdf))
        claim = "PDF/A-3U" if readable(usage(pdf)) else "PDF/A-3B"
        accessible = inspect(before).accessible
        against = _against(pdf, packet, claim) if accessible else None
        if against is not None:
            accessible = False
            told.append(
                f"took away the claim of PDF/UA-1 that the printout makes: {against[1]} (ISO 14289-1, {against[0]})"
            )
        _declare(pdf, packet, claim[-1], accessible=accessible)
        modified = _modified(pdf)
        return Page(
            data=_saved(pdf), claim=claim, accessible=accessible, told=tuple(dict.fromkeys(told)), modified=modified
        )


def confirm(data: bytes) -> None:
    """Refuse a file that is not what it claims to be, or of which that cannot be said.

    Args:
        data: the file as it is to be handed over.

    Raises:
        PdfError: it is no PDF/A-3 file (``PDF_NOT_PDFA3``); the message names the clause and the way out.
    """
    found = conformity(data)
    if found.verdict == "pass":
        return
    clause = found.breaches[0].clause if found.breaches else ""
    way = next((way for start, way in _WAYS if clause.startswith(start)), _WAY)
    raise PdfError(f"the PDF cannot become PDF/A-3: {first(found)}; {way}", code="PDF_NOT_PDFA3")


def _former(pdf: pikepdf.Pdf, *, replace: bool) -> list[tuple[str, Dictionary]]:
    found = former_invoices(pdf)
    if found and not replace:
        names = " and ".join(shown(name) for name, _ in found)
        raise PdfError(
            f"the PDF has {'an invoice' if len(found) == 1 else f'{len(found)} invoices'} already ({names}), and"
            " another one would leave open which of them counts (a demand of Factur-X, and no clause of"
            " ISO 19005-3); take it out with --replace, or embed into the page"
            " without it",
            code="PDF_HYBRID",
        )
    return found


def _repaired(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Repair what can be repaired, and say what a user should know."""
    tidy(pdf)
    told = strip(pdf)
    told += complete(pdf)
    for name in embed_missing(pdf):
        told.append(f"embedded a font in place of {name}, which the PDF did not carry (ISO 19005-3, 6.2.11.4.1)")
    _zone(pdf)
    intent, condition = _intent(pdf)
    try:
        done = pdfa.prepare(pdf, "3b", output_intent=intent, output_condition_identifier=condition)
    except ValueError:  # the profile that the file has cannot be used
        done = pdfa.prepare(pdf, "3b")
    if done.interpolation_removed:
        told.append("took out the wish to smooth pictures, which viewers may do as they like (ISO 19005-3, 6.2.8)")
    if done.annotations_removed:
        told.append(f"took out {sum(done.annotations_removed.values())} hidden annotations (ISO 19005-3, 6.3.2)")
    if done.alternate_presentations_removed:
        told.append("took out a slide show (ISO 19005-3, 6.10)")
    return iter(told)


def _zone(pdf: pikepdf.Pdf) -> None:
    """Read dates without a zone as UTC, so that the result does not depend on the machine."""
    information = pdf.trailer.get("/Info")
    if isinstance(information, Dictionary):
        for key in ("/CreationDate", "/ModDate"):
            if _UNZONED.fullmatch(str(information.get(key, ""))):
                information[key] = String(f"{information[key]!s}Z")


def _modified(pdf: pikepdf.Pdf) -> datetime | None:
    """When a document says that it was changed or made."""
    information = pdf.trailer.get("/Info")
    for key in ("/ModDate", "/CreationDate"):
        text = str(information.get(key, "")) if isinstance(information, Dictionary) else ""
        try:
            moment = decode_pdf_date(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _intent(pdf: pikepdf.Pdf) -> tuple[bytes | str | None, str | None]:
    """The colours that the file is meant for: its own, where it says so, else sRGB."""
    intents = pdf.Root.get("/OutputIntents")
    for intent in intents if isinstance(intents, Array) else ():
        profile = intent.get("/DestOutputProfile") if isinstance(intent, Dictionary) else None
        if isinstance(profile, Stream):
            try:
                name = str(intent.get("/OutputConditionIdentifier", "")) or None
                return unpacked(profile, _ICC), name
            except PdfError:
                continue
    return "sRGB", None


def _against(pdf: pikepdf.Pdf, packet: Packet, claim: str) -> Doubt | None:
    """What speaks against a claim of PDF/UA-1: beside level B, it is denied."""
    return doubt(pdf, packet) if claim == "PDF/A-3U" else MUTE


def _declare(pdf: pikepdf.Pdf, packet: Packet, level: str, *, accessible: bool) -> None:
    packet.declare(level, accessible=accessible)
    metadata = Stream(pdf, packet.bytes())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(
        target,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        recompress_flate=False,
        fix_metadata_version=False,
        force_version=max(pdf.pdf_version, "1.5") if pdf.pdf_version <= "1.7" else "1.7",
    )
    return target.getvalue()
