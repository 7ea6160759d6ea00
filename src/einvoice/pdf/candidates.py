# SPDX-License-Identifier: Apache-2.0
"""Which attachment of a PDF is the invoice.

It is never chosen in silence: two different invoices in one PDF are an error, because two readers could take
different ones and the page can show only one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Final

from einvoice.errors import PdfError
from einvoice.pdf import streams
from einvoice.pdf.names import is_order, is_well_known, shown
from einvoice.pdf.reader import unreadable
from einvoice.pdf.sniff import SNIFFED, root_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.pdf.attachments import Attached
    from einvoice.pdf.reader import Document

_ROOTS: Final = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument", "Invoice", "CreditNote"})
_ORDER: Final = "SCRDMCCBDACIOMessageStructure"
_LISTED: Final = 10
_DIGITS: Final = 6


def choose(document: Document, found: Sequence[Attached], wanted: str | None = None) -> Attached:
    """Choose the invoice among the attachments.

    One with a well-known name is the invoice; where there is none, an XML attachment whose root element is that of an
    invoice; where there is none of these either, the order of an Order-X file. Copies of one file count as one.

    Args:
        document: the open PDF.
        found: its attachments.
        wanted: the name of the attachment to take, whatever it holds; or its number among all, where none bears it as
            a name.

    Returns:
        The one that is meant.

    Raises:
        PdfError: there is none (``PDF_NO_INVOICE``, or ``PDF_DAMAGED`` if parts of the PDF could not be read) or more
            than one (``PDF_AMBIGUOUS``).
    """
    if wanted is not None:
        candidates = [entry for entry in found if wanted in (*entry.names, entry.safe_name)] or _numbered(found, wanted)
    else:
        candidates = [entry for entry in found if any(is_well_known(name) for name in entry.names)]
        candidates = candidates or [entry for entry in found if _is_xml(entry) and _root(document, entry) in _ROOTS]
        candidates = candidates or [entry for entry in found if _is_order(document, entry)]
    if not candidates:
        raise none_found(document, found, wanted)
    if _are_several(document, candidates):
        raise PdfError(
            f"the PDF holds {len(candidates)} invoices, and nothing says which one counts: {_told(found, candidates)};"
            f" name the one to take (--attachment {'NUMBER' if _is_double(candidates) else 'NAME'}), or ask the sender"
            " which one is meant",
            code="PDF_AMBIGUOUS",
        )
    return candidates[0]


def _is_xml(entry: Attached) -> bool:
    named = any(name.casefold().endswith(".xml") for name in entry.names)
    return named or entry.mime in {"text/xml", "application/xml"}


def _is_order(document: Document, entry: Attached) -> bool:
    named = any(is_order(name) for name in entry.names)
    return named or (_is_xml(entry) and _root(document, entry) == _ORDER)


def _root(document: Document, entry: Attached) -> str:
    try:
        raw, filters = document.packing(entry.stream)
    except PdfError:
        return ""
    return root_name(streams.head(raw, filters, SNIFFED))


def _numbered(found: Sequence[Attached], wanted: str) -> list[Attached]:
    """The attachment of a number, counted from one."""
    place = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) <= _DIGITS else 0
    return list(found[place - 1 : place]) if place else []


def _are_several(document: Document, candidates: Sequence[Attached]) -> bool:
    """Tell several files from copies of one: by their packed bytes, and unpacked where those differ."""
    if len({_packed(document, entry) for entry in candidates}) <= 1:
        return False
    left, seen = document.limits.inflated_bytes, set[bytes]()
    for entry in candidates:
        try:
            content = document.content(entry.stream, left)
        except PdfError:
            return True
        left -= len(content)
        seen.add(hashlib.sha256(content).digest())
        if len(seen) > 1:
            return True
    return False


def _packed(document: Document, entry: Attached) -> object:
    try:
        raw, filters = document.packing(entry.stream)
    except PdfError:
        return id(entry)
    return raw, tuple(filters)


def _is_double(entries: Sequence[Attached]) -> bool:
    """Whether a name does not tell which of them is meant."""
    names = Counter(name for entry in entries for name in {*entry.names, entry.safe_name})
    return any(all(names[name] > 1 for name in (*entry.names, entry.safe_name)) for entry in entries)


def _told(found: Sequence[Attached], candidates: Sequence[Attached]) -> str:
    """The candidates by name, and by number where a name does not tell them apart."""
    if not _is_double(candidates):
        return _listed(candidates)
    places = [f"{found.index(entry) + 1}: {shown(entry.name)}" for entry in candidates[:_LISTED]]
    return ", ".join(places) + (f" and {len(candidates) - _LISTED} more" if len(candidates) > _LISTED else "")


def none_found(document: Document, found: Sequence[Attached], wanted: str | None) -> PdfError:
    """Return the error for a PDF without what is looked for; a damaged one says that it is damaged.

    Args:
        document: the open PDF.
        found: its attachments.
        wanted: the name that was asked for.
    """
    if document.trouble is not None:
        return unreadable(document.trouble)
    what = "no invoice" if wanted is None else f"no attachment {shown(wanted)}"
    has = f"only these attachments: {_listed(found)}" if found else "no attachments at all"
    return PdfError(
        f"the PDF holds {what}, it has {has}; ask the sender for the Factur-X or ZUGFeRD file, or for the XML",
        code="PDF_NO_INVOICE",
    )


def _listed(entries: Sequence[Attached]) -> str:
    names = ", ".join(shown(entry.name) for entry in entries[:_LISTED])
    return names if len(entries) <= _LISTED else f"{names} and {len(entries) - _LISTED} more"
