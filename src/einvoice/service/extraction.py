# SPDX-License-Identifier: Apache-2.0
"""Taking a PDF apart: the invoice and everything else that is attached to it, as files in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from einvoice.errors import InputError, OutputError
from einvoice.service.files import Target
from einvoice.service.sources import read_bytes

if TYPE_CHECKING:
    from einvoice.pdf.extract import Parcel
    from einvoice.service.settings import Settings

Role = Literal["invoice", "order", "attachment"]


class Taken(Struct, frozen=True, kw_only=True):
    """One file that was taken out of a PDF.

    Attributes:
        name: what it is called in the PDF.
        role: what it is.
        relationship: what the PDF says that it is to the page; ``None`` if nothing.
        size: its bytes.
        path: where it was written; ``None`` if it was not.
    """

    name: str
    role: Role
    relationship: str | None
    size: int
    path: Path | None = None


def invoice_of(source: str, settings: Settings) -> bytes:
    """The invoice inside a PDF, as its bytes were attached.

    Args:
        source: a path, or ``-``.
        settings: what it may cost, and which attachment is the invoice.

    Raises:
        InputError: it cannot be read, is no PDF, or holds no invoice or several.
    """
    parcel = _unpacked(source, settings, everything=False)
    return parcel.files[parcel.chosen or 0].content


def take_apart(
    source: str, folder: str, settings: Settings, *, everything: bool = False, force: bool = False
) -> list[Taken]:
    """Write what is attached to a PDF into a folder, under names that are harmless there.

    Args:
        source: a path, or ``-``.
        folder: where to write; it is made if it is missing.
        settings: what it may cost, and which attachment alone is wanted.
        everything: whether nothing has to be an invoice, and several invoices are welcome.
        force: whether files that exist may be overwritten.

    Returns:
        The files, in the order of the PDF.

    Raises:
        InputError: it cannot be read, is no PDF, or holds no invoice or several.
        OutputError: a file exists already or cannot be written; then none is written that comes after it.
    """
    if Path(folder).exists() and not Path(folder).is_dir():
        raise OutputError("is no folder; name one with -o", source=folder, code="NOT_WRITTEN")
    parcel = _unpacked(source, settings, everything=everything)
    target = Target(folder, several=True, force=force)
    paths = _paths(parcel, target)
    there = next((path for path in paths if path.exists()), None)
    if there is not None and not force:
        raise OutputError("exists already; use --force to overwrite it", source=str(there), code="EXISTS")
    return [_written(parcel, number, path, force=force) for number, path in enumerate(paths)]


def _paths(parcel: Parcel, target: Target) -> list[Path]:
    """Where to write the files; names that some systems take for one, such as a.csv and A.CSV, are told apart."""
    paths, taken = [], set[str]()
    for file in parcel.files:
        stem, dot, suffix = file.safe_name.rpartition(".")
        name = (stem if dot else suffix, f".{suffix}" if dot else "")
        path = target.name(*name)
        while path.name.casefold() in taken:
            path = target.name(*name)
        taken.add(path.name.casefold())
        paths.append(path)
    return paths


def _written(parcel: Parcel, number: int, path: Path, *, force: bool) -> Taken:
    from einvoice.service.files import write_file

    file = parcel.files[number]
    write_file(path, file.content, force=force)
    return Taken(
        name=file.name,
        role=_role(file.name) if number == parcel.chosen else "attachment",
        relationship=file.relationship,
        size=len(file.content),
        path=path,
    )


def _role(name: str) -> Role:
    from einvoice.pdf.names import is_order

    return "order" if is_order(name) else "invoice"


def _unpacked(source: str, settings: Settings, *, everything: bool) -> Parcel:
    from einvoice.bind import magic
    from einvoice.pdf.extract import unpack
    from einvoice.pdf.limits import PdfLimits

    size = settings.limits.bytes
    data = read_bytes(source, limit=size)
    if magic.kind(data) in {"xml", "json"}:
        raise InputError("is no PDF, so that nothing is attached to it", source=source, code="NOT_PDF")
    limits = PdfLimits(file_bytes=size, inflated_bytes=size)
    return unpack(data, limits=limits, attachment=settings.attachment, everything=everything, source=source)
