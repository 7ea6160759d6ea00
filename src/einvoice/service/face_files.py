# SPDX-License-Identifier: Apache-2.0
"""What ``from einvoice import ...`` offers beside invoices in XML: pages, PDFs with an invoice inside, ERP exports."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct

from einvoice import profiles
from einvoice.errors import EinvoiceError, InputError, UnknownNameError
from einvoice.model import Invoice
from einvoice.service.causes import Refusal
from einvoice.service.convert import TARGETS, Conversion, Target, Wish, handed_over
from einvoice.service.given import Source, bytes_of, content, named_path, paths_of, taken, typed
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.importers import ImportedInvoice
    from einvoice.render import Language
    from einvoice.service.export import Exports

Role = Literal["invoice", "attachment"]


class Extracted(Struct, frozen=True, kw_only=True):
    """One file that was attached to a PDF.

    Attributes:
        name: its name, made harmless for a disk.
        content: its bytes, as they were attached.
        role: ``invoice`` for the invoice, ``attachment`` for everything else.
        relationship: what the PDF says that it is to the page, such as ``Alternative``; ``None`` if nothing.
    """

    name: str
    content: bytes
    role: Role
    relationship: str | None = None


class Exported(Struct, frozen=True, kw_only=True):
    """What became of one invoice of an ERP export.

    Attributes:
        number: its number (BT-1), as the export has it.
        conversion: the result; ``None`` if there is none.
        error: why there is none.
        refusals: the reasons one by one, each with its cell.
    """

    number: str
    conversion: Conversion | None = None
    error: EinvoiceError | None = None
    refusals: tuple[Refusal, ...] = ()


def render_page(
    source: Source | Invoice,
    to: Literal["pdf", "html"] = "pdf",
    *,
    language: Language | None = None,
    logo: bytes | None = None,
    template: str | PathLike[str] | None = None,
    findings: bool = False,
) -> bytes:
    """Draw an invoice as people read it: PDF/A-3u (extra ``pdf``) or one page of HTML.

    Args:
        source: bytes, a path, an open binary file, or an invoice.
        to: ``pdf`` or ``html``.
        language: that of the page, such as ``de``; ``None`` for the one that the invoice states, else that of the
            buyer's country.
        logo: a PNG, JPEG or SVG image for the top of the page, at most a megabyte.
        template: a Typst file that draws the PDF in place of the built-in one.
        findings: whether the invoice is judged and the findings stand beside its values; HTML only.

    Raises:
        InputError: the source, the logo or the template cannot be used.
        UnknownNameError: there is no such form or language.
        OutputError: the page cannot show what the invoice says.
        MissingExtraError: the extra ``pdf`` is not installed.
    """
    from einvoice.render import Language as Known
    from einvoice.service.render import FORMS, Look, page

    _known(to, FORMS, "page")
    if language is not None:
        _known(language, get_args(Known), "language")
    if (findings and to != "html") or (template is not None and to != "pdf"):
        raise InputError("findings are for to='html', and a template is for to='pdf'", code="FORM")
    settings = Settings.from_environment()
    drawn = Path(named_path(template, "template")) if template is not None else None
    image = bytes_of(logo, "logo") if logo is not None else None
    look = Look(form=to, language=language, template=drawn, logo=image, findings=findings, settings=settings)
    return page(taken(source, settings), look)


def embed(
    source: Source | Invoice,
    printout: Source,
    *,
    profile: str | None = None,
    attach: str | PathLike[str] | Sequence[str | PathLike[str]] = (),
    replace: bool = False,
) -> Conversion:
    """Put an invoice into the PDF that shows it: a Factur-X file that is PDF/A-3, or the reason why it cannot be one.

    Args:
        source: the invoice: bytes, a path, an open binary file, or an ``Invoice``; CII goes in as the bytes it is.
        printout: the PDF.
        profile: the specification that the invoice shall claim; ``None`` to keep what it claims.
        attach: paths of further files to go with it.
        replace: whether an invoice that the PDF carries already is taken out.

    Raises:
        InputError: the invoice or the PDF cannot be used.
        UnknownNameError: there is no such profile.
        ProfileError: what the invoice claims does not exist inside a PDF, or it would not be valid by it.
        OutputError: the official schema refuses the invoice.
        MissingExtraError: the extra ``pdf`` is not installed.
    """
    from einvoice.service import embedding

    settings = Settings.from_environment()
    with TemporaryDirectory(prefix="einvoice-") as folder:
        request = embedding.Request(
            invoice=_on_disk(source, Path(folder) / "invoice", settings),
            printout=_on_disk(printout, Path(folder) / "printout.pdf", settings),
            profile=profiles.named(profile) if profile is not None else None,
            attach=tuple(paths_of(attach, "attach")),
            replace=replace,
            settings=settings,
        )
        attempt = embedding.embed(request)
    if attempt.error is not None and (attempt.error.source or "").startswith(folder):
        attempt.error.source = None
    return handed_over(attempt)


def extract(source: Source, *, attachment: str | None = None, everything: bool = False) -> tuple[Extracted, ...]:
    """Take the invoice and everything else that is attached out of a PDF.

    Args:
        source: the PDF: bytes, a path, or an open binary file.
        attachment: the name of the only attachment that is wanted.
        everything: whether nothing has to be an invoice, and several invoices are welcome; none is told apart then.

    Raises:
        InputError: it cannot be read, is no PDF, has no such attachment, or holds no invoice or several.
    """
    from einvoice.pdf.extract import unpack
    from einvoice.pdf.limits import PdfLimits

    size = Settings.from_environment().limits.bytes
    data, name = content(source, size)
    limits = PdfLimits(file_bytes=size, inflated_bytes=size)
    parcel = unpack(data, limits=limits, attachment=attachment, everything=everything, source=name)
    return tuple(
        Extracted(
            name=file.safe_name,
            content=file.content,
            role="invoice" if number == parcel.chosen else "attachment",
            relationship=file.relationship,
        )
        for number, file in enumerate(parcel.files)
    )


def convert_export(
    source: Source,
    mapping: str | PathLike[str],
    to: Target,
    *,
    seller: str | PathLike[str] | None = None,
    profile: str | None = None,
    lossless: bool = False,
) -> Iterator[Exported]:
    """Make e-invoices of an ERP export: calculated, compared with the totals it states, judged, and only then written.

    Args:
        source: the export: bytes, a path, or an open binary file.
        mapping: the file that says what its columns mean, or the id of a preset, such as ``xero``.
        to: as for :func:`einvoice.convert`.
        seller: the file with what the export does not say.
        profile: the specification that the invoices shall claim.
        lossless: whether a loss is an error.

    Returns:
        What became of each invoice, in the order of the export; one that is refused keeps no other from being made.

    Raises:
        InputError: the export cannot be read or does not fit the mapping, or these cannot be used.
        UnknownNameError: there is no such format or profile.
    """
    from einvoice.importers import import_file
    from einvoice.service.export import Exports

    _known(to, TARGETS, "format")
    claimed = profiles.named(profile) if profile is not None else None
    settings = Settings.from_environment()
    wish = Wish(to=to, profile=claimed, lossless=lossless, settings=settings)
    facts = named_path(seller, "seller") if seller is not None else None
    exports = Exports(named_path(mapping, "mapping"), facts, claimed)
    size = settings.limits.bytes
    data, name = content(source, size)
    found = import_file(data, exports.mapping, exports.seller, name=name, max_bytes=size)
    return (_exported(one, wish, name or "<export>", exports) for one in found)


def _known(name: str, names: Sequence[str], what: str) -> None:
    if name not in names:
        code = f"UNKNOWN_{what.upper()}"
        raise UnknownNameError(f"there is no {what} {name!r}; there are {', '.join(names)}", code=code)


def _exported(imported: ImportedInvoice, wish: Wish, source: str, exports: Exports) -> Exported:
    from einvoice.service.export import convert_imported

    attempt = convert_imported(imported, wish, source, assumes=exports.assumes)
    if attempt.error is not None:
        return Exported(number=imported.number, error=attempt.error, refusals=attempt.refusals)
    return Exported(number=imported.number, conversion=handed_over(attempt))


def _on_disk(source: Source | Invoice, place: Path, settings: Settings) -> str:
    """The path of what a program gives; what is none is written to a place.

    The name of an open file is not taken for its path: one inside an archive may be called as another on the disk is.
    """
    if isinstance(source, Invoice):
        from einvoice.bind.json import write_json

        place.write_bytes(write_json(typed(source)))
        return str(place)
    data, name = content(source, settings.limits.bytes)
    if name is not None and isinstance(source, str | PathLike) and Path(name).is_file():
        return name
    place.write_bytes(data)
    return str(place)
