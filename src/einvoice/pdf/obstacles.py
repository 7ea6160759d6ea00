# SPDX-License-Identifier: Apache-2.0
"""What stands in the way of putting an invoice into somebody's PDF, found before anything is changed.

Each obstacle is an error of one sentence: what the file is, the clause that forbids it, and the way out. Sources: ISO
19005-3 (PDF/A-3), ISO 32000-1 (PDF).
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from itertools import chain, islice
from math import prod
from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from einvoice.errors import PdfError
from einvoice.pdf import streams
from einvoice.pdf.limits import DEFAULT_LIMITS, PdfLimits, over

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER: Final = re.compile(rb"%PDF-(\d+)\.(\d+)")
_HEAD: Final = 1024
_REBUILT: Final = ("xref", "trailer", "recover", "reconstruct", "expected endstream", "EOF")
_STREAM: Final = 64_000_000
_STREAMS: Final = 256_000_000
_TEXT: Final = frozenset({"FlateDecode", "ASCII85Decode", "ASCIIHexDecode"})
_WORST: Final = {"FlateDecode": 1_032, "LZWDecode": 1_500, "RunLengthDecode": 64}  # what one byte can become
_MOST_FILTERS: Final = 4
# What takes memory when contents are parsed: every operator that paints, or chooses what to paint with (ISO 32000-1,
# annex A), with nothing beside it that would make it part of a name, a number or another operator.
_OPERATOR: Final = re.compile(
    rb"(?<![A-Za-z0-9*'\"._/-])(?:q|Q|[fFBbSs]\*?|sh|EI|T[jJ]|'|\"|BDC|BMC|EMC|rg|RG|g|G|k|K|Tf|gs|Do|cs|CS|scn|SCN|BI|ID)"
    rb"(?![A-Za-z0-9*._-])"
)
_BETWEEN: Final = b" \t\r\n\f\0()<>[]/"
_FEW: Final = 4_000  # places between words, of which about each fourth is an operator, and that need no counting
_ON_ONE: Final = 5  # so many streams at least must share the operators that a file may have
_KEPT_PACKED: Final = frozenset({Name.Image, Name.EmbeddedFile})
_BY_ROLE: Final = frozenset(
    {"/Contents", "/ToUnicode", "/FontFile", "/FontFile2", "/FontFile3", "/Metadata", "/CIDSet"}
)
_DEPTH: Final = 200
_EXISTS: Final = 1
_HELP: Final = "print it to a new PDF, or let the program that made it write one"


@contextmanager
def opened(data: bytes, limits: PdfLimits = DEFAULT_LIMITS) -> Iterator[pikepdf.Pdf]:
    """Open a PDF that an invoice is to be put into.

    Args:
        data: the file.
        limits: what it may cost.

    Yields:
        The open document.

    Raises:
        PdfError: ``PDF_DAMAGED``, ``PDF_ENCRYPTED``, ``PDF_VERSION``, ``PDF_SIGNED``, ``PDF_FORM``,
            ``PDF_PORTFOLIO``, ``PDF_EMPTY`` or ``PDF_LIMIT``.
    """
    _look(data, limits)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            _refuse(pdf, limits)
            yield pdf
    except pikepdf.PasswordError as error:
        raise _encrypted("opens only with a password") from error
    except pikepdf.PdfError as error:
        raise _damaged("it cannot be opened") from error


def _look(data: bytes, limits: PdfLimits) -> None:
    """What the bytes say before anything is parsed."""
    if len(data) > limits.file_bytes:
        raise over(f"it has {len(data):,} bytes, and at most {limits.file_bytes:,} are read", "file_bytes")
    header = _HEADER.search(data, 0, _HEAD)
    if header is None:
        raise PdfError(
            "this is not a PDF: it does not begin with %PDF (ISO 19005-3, 6.1.2); name the invoice first and the"
            " printout second",
            code="PDF_DAMAGED",
        )
    if int(header[1]) > 1:
        raise PdfError(
            f"the PDF is of version {header[0].decode()[5:]}, and PDF/A-3 is built on PDF 1.7 (ISO 19005-3, 6.1.2);"
            " let the program that made it write PDF 1.7 or PDF/A-3",
            code="PDF_VERSION",
        )
    if b"%%EOF" not in data[-2048:]:
        raise _damaged("its end is missing")


def _refuse(pdf: pikepdf.Pdf, limits: PdfLimits) -> None:
    if pdf.is_encrypted:
        raise _encrypted("is protected by an owner's password, which PDF/A would lift")
    warnings = " ".join(pdf.get_warnings())
    if any(word in warnings for word in _REBUILT):
        raise _damaged("its cross-reference table or the end of a stream is broken")
    catalog = pdf.Root
    version = catalog.get("/Version")
    if version is not None and str(version) > "/1.7":
        raise PdfError(
            f"the PDF is of version {str(version)[1:]}, and PDF/A-3 is built on PDF 1.7 (ISO 19005-3, 6.1.2);"
            " let the program that made it write PDF 1.7 or PDF/A-3",
            code="PDF_VERSION",
        )
    _refuse_forms(catalog)
    if "/Collection" in catalog:
        raise PdfError(
            "the PDF is a portfolio: its page is only the cover of the files inside (ISO 32000-1, 12.3.5), and the"
            " invoice belongs to a page that shows it; take the printout out of it with extract --all, and embed there",
            code="PDF_PORTFOLIO",
        )
    if len(pdf.pages) == 0:
        raise PdfError(
            "the PDF has no page to put an invoice into (ISO 32000-1, 7.7.3); print it again", code="PDF_EMPTY"
        )
    bounded(pdf, limits)


def _refuse_forms(catalog: pikepdf.Object) -> None:
    form = catalog.get("/AcroForm")
    form = form if isinstance(form, Dictionary) else Dictionary()
    flags = form.get("/SigFlags", 0)
    fields = form.get("/Fields")
    signed = isinstance(flags, int) and bool(flags & _EXISTS)
    if "/Perms" in catalog or signed or _any_signature(fields):
        raise PdfError(
            "the PDF is signed, and any change breaks the signature (ISO 19005-3, 6.4.3); embed the invoice into the"
            " PDF before it is signed, and sign the result",
            code="PDF_SIGNED",
        )
    if "/XFA" in form or catalog.get("/NeedsRendering", False):
        raise PdfError(
            f"the PDF is an XFA form, which PDF/A forbids (ISO 19005-3, 6.4.2); {_HELP}",
            code="PDF_FORM",
        )
    if isinstance(fields, Array) and len(fields):
        raise PdfError(
            "the PDF has form fields, whose values could change after the invoice was embedded (ISO 19005-3, 6.4.1);"
            f" {_HELP}",
            code="PDF_FORM",
        )


def _any_signature(fields: object, depth: int = 0) -> bool:
    if not isinstance(fields, Array) or depth > _DEPTH:
        return False
    for field in fields:
        if isinstance(field, Dictionary):
            if field.get("/FT") == Name.Sig and "/V" in field:
                return True
            if _any_signature(field.get("/Kids"), depth + 1):
                return True
    return False


def bounded(pdf: pikepdf.Pdf, limits: PdfLimits) -> None:
    """Refuse a bomb: everything but pictures and attachments is unpacked later, so it is weighed now.

    Args:
        pdf: the document.
        limits: what it may cost.

    Raises:
        PdfError: ``PDF_LIMIT``.
    """
    if len(pdf.objects) > limits.objects:
        raise over(f"it has more than {limits.objects:,} objects", "objects")
    if len(pdf.pages) > limits.pages:
        raise over(f"it has more than {limits.pages:,} pages", "pages")
    attached = sum(1 for item in pdf.objects if isinstance(item, Dictionary) and "/EF" in item)
    if attached > limits.attachments:
        raise over(f"it has more than {limits.attachments:,} attachments", "attachments")
    total = operators = 0
    for item in _weighed(pdf, limits.objects // _ON_ONE):
        size, found = _weight(item, limits.operators // _ON_ONE)
        total, operators = total + size, operators + found
        if total > _STREAMS:
            raise over(f"its contents unpack to more than {_STREAMS:,} bytes", "inflated_bytes")
        if operators > limits.operators:
            raise over(f"its pages have more than {limits.operators:,} operators", "operators")


def _weighed(pdf: pikepdf.Pdf, longest: int) -> Iterator[Stream]:
    """All streams but pictures and attachments, also those that only say that they are one of these."""
    roles: set[tuple[int, int]] = set()
    packed: list[Stream] = []
    for item in chain(pdf.Root.values(), pdf.objects):
        if isinstance(item, Array) and len(item) > longest:
            raise over(f"an array of it has more than {longest:,} entries", "objects")
        for key in _BY_ROLE.intersection(item.keys()) if isinstance(item, (Dictionary, Stream)) else ():
            held = item[key]
            roles.update(one.objgen for one in (held if isinstance(held, Array) else [held]) if isinstance(one, Stream))
        if not isinstance(item, Stream):
            continue
        if {item.get("/Subtype"), item.get("/Type")} & _KEPT_PACKED:
            packed.append(item)
        else:
            yield item
    yield from (item for item in packed if item.objgen in roles)


def _weight(stream: Stream, most: int) -> tuple[int, int]:
    """The size of a stream unpacked, and its operators; damaged ones are looked at by whoever needs them."""
    filters = stream.get("/Filter", Array())
    names = [str(name)[1:] for name in (list(filters) if isinstance(filters, Array) else [filters])]
    if len(names) > _MOST_FILTERS:
        raise over(f"a part of it is packed {len(names)} times over", "inflated_bytes")
    data = stream.read_raw_bytes()
    if not set(names) <= _TEXT:
        return len(data) * prod(_WORST.get(name, 1) for name in names), 0
    try:
        plain = streams.decode(data, names, _STREAM)
    except PdfError as error:
        if error.code == "PDF_LIMIT":
            raise over(f"a part of it unpacks to more than {_STREAM:,} bytes", "inflated_bytes") from error
        return len(data), 0
    return len(plain), _operators(plain, most)


def _operators(data: bytes, most: int) -> int:
    """How many operators contents have, about."""
    places = len(data) - len(data.translate(None, _BETWEEN))
    if places < _FEW:
        return places // 4
    found = sum(1 for _ in islice(_OPERATOR.finditer(data), most + 1))
    if found > most:
        raise over(f"a part of it has more than {most:,} operators", "operators")
    return found


def _encrypted(why: str) -> PdfError:
    return PdfError(
        f"the PDF is encrypted, which PDF/A forbids (ISO 19005-3, 6.1.3): it {why}; save it without protection",
        code="PDF_ENCRYPTED",
    )


def _damaged(why: str) -> PdfError:
    return PdfError(
        f"the PDF is damaged: {why} (ISO 19005-3, 6.1.4); transfer it again, or print it again", code="PDF_DAMAGED"
    )
