# SPDX-License-Identifier: Apache-2.0
"""The PDF page of an invoice, drawn by Typst.

Typst runs inside this process. All that it reads is one template and one JSON text; it is given no network, no
system fonts and no folder but that of the templates.
"""

from __future__ import annotations

import os
import re
import threading
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from einvoice.errors import EinvoiceError, InputError, MissingExtraError, OutputError
from einvoice.model.terms import encode as model_json
from einvoice.render.compose import compose, encode
from einvoice.render.locate import place
from einvoice.render.logo import archivable, checked
from einvoice.render.words import words

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from types import ModuleType

    import typst

    from einvoice.model import Invoice
    from einvoice.render.sheet import Sheet

Language = Literal["en", "de", "fr", "nl", "it", "es"]

STANDARDS: list[typst.PDFStandard] = ["a-3u", "ua-1"]
"""What the PDF declares itself to be: PDF/A-3 level U (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)."""

_MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}|\\(.)")
_NAMED = 3

_local = threading.local()
_first_used_in: list[int] = []


def render_pdf(
    invoice: Invoice,
    *,
    language: Language = "en",
    timestamp: datetime,
    logo: bytes | None = None,
    template: Path | None = None,
) -> bytes:
    """Draw an invoice as a tagged PDF/A-3u and PDF/UA-1 file, fonts embedded.

    The page shows what the invoice states, nothing computed and nothing left out. The same arguments give the same
    bytes, as long as Typst and babel are the same. The file carries no attachment: ``einvoice.pdf`` adds the XML
    and the Factur-X metadata.

    Threads may call this side by side. Typst hangs in a process that was forked after Typst had run in its parent;
    that is refused here, so start worker processes with ``spawn`` (or before the first call). Typst cannot be
    interrupted: whoever needs a time limit runs this in a process that can be ended. Time grows with the number of
    lines, less than 1 ms for each.

    Args:
        invoice: the invoice, also one with errors.
        language: the language of words, numbers and dates.
        timestamp: the moment to state as creation date, with a time zone; to the second, kept as UTC.
        logo: a PNG, JPEG or SVG image of at most a megabyte, instead of the seller's name at the top.
        template: a Typst file to draw with instead of ours; it runs in a process of its own (docs/page.md).

    Returns:
        The PDF.

    Raises:
        OutputError: no font has a character of the invoice, the timestamp has no time zone, the process was forked.
        InputError: the logo or the template cannot be used.
        UnknownNameError: there are no labels for the language.
        MissingExtraError: the extra ``pdf`` is not installed.
    """
    sheet = compose(invoice, words(language))
    if logo is not None:
        sheet = with_logo(sheet, logo)
    return draw(sheet, invoice, timestamp) if template is None else _draw_with(template, sheet, invoice, timestamp)


def with_logo(sheet: Sheet, logo: bytes) -> Sheet:
    """Put a logo on a sheet.

    Args:
        sheet: the sheet.
        logo: a PNG, JPEG or SVG image.

    Raises:
        InputError: the logo is too large or of another kind.
    """
    checked(logo)
    text = " ".join(part for part in (sheet.words["logo"], sheet.sender) if part)
    return replace(sheet, logo=tuple(archivable(logo)), logo_text=text)


def draw(sheet: Sheet, invoice: Invoice, timestamp: datetime) -> bytes:
    """Let Typst draw a sheet.

    Args:
        sheet: what is shown.
        invoice: where it comes from, to name the term that a font cannot show.
        timestamp: the moment to state as creation date, with a time zone.

    Raises:
        OutputError: see :func:`render_pdf`.
        InputError: the logo is damaged.
    """
    moment = _seconds(timestamp)
    compiler = _compiler()
    import typst

    inputs = {"sheet": encode(sheet).decode()}
    try:
        return _bytes(compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=moment))
    except typst.TypstError as error:
        raise _explained(error.message, error.diagnostic, invoice, has_logo=bool(sheet.logo)) from error


def _draw_with(template: Path, sheet: Sheet, invoice: Invoice, timestamp: datetime) -> bytes:
    """The same by a template of the customer's own, which also gets the invoice itself, without attached files."""
    from einvoice.render import own_template

    _require_typst()
    documents = tuple(
        replace(document, attached_document=replace(document.attached_document, content=None))
        if document.attached_document
        else document
        for document in invoice.additional_supporting_documents
    )
    plain = model_json(replace(invoice, additional_supporting_documents=documents))
    inputs = {"sheet": encode(sheet).decode(), "invoice": plain.decode()}
    try:
        return own_template.draw_with(template, inputs, _seconds(timestamp), [*STANDARDS])
    except own_template.TypstRefusalError as error:
        if _MISSING.search(error.diagnostic):
            raise _explained(error.message, error.diagnostic, invoice, has_logo=False) from error
        raise own_template.blamed(error, template) from error


def _seconds(timestamp: datetime) -> int:
    if timestamp.tzinfo is None:
        raise OutputError("the timestamp of a PDF needs a time zone, such as datetime.now(UTC)", code="TIMESTAMP")
    return int(timestamp.timestamp())


def _bytes(drawn: object) -> bytes:
    if not isinstance(drawn, bytes):
        raise OutputError(f"Typst returned {type(drawn).__name__} where one PDF was expected", code="TYPST")
    return drawn


def _compiler() -> typst.Compiler:
    """The compiler of this thread: it keeps fonts and layouts, and cannot be shared."""
    _refuse_after_fork()
    engine = _require_typst()
    if not hasattr(_local, "compiler"):
        room = files("einvoice.render")
        # The form of a QR-bill demands Arial, Helvetica or a face of their measures; that room has one.
        folders = [str(room / "fonts"), str(files("einvoice") / "pdf" / "fonts")]
        fonts = engine.Fonts(include_system_fonts=False, font_paths=folders)
        templates = room / "templates"
        _local.compiler = engine.Compiler(
            input=str(templates / "invoice.typ"), root=str(templates), font_paths=fonts, ignore_system_fonts=True
        )
    compiler: typst.Compiler = _local.compiler
    return compiler


def _require_typst() -> ModuleType:
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("pdf", "rendering an invoice") from error
    return typst


def _refuse_after_fork() -> None:
    """The threads of Typst do not survive a fork, and the first call in the child would wait for them forever."""
    if not _first_used_in:
        _first_used_in.append(os.getpid())
    if _first_used_in[0] != os.getpid():
        raise OutputError(
            "this process was forked after its parent had drawn a PDF, and Typst hangs in such a process; "
            "start workers with multiprocessing.get_context('spawn')",
            code="FORKED",
        )


def _explained(message: str, diagnostic: str, invoice: Invoice, *, has_logo: bool) -> EinvoiceError:
    missing = dict.fromkeys(_unescaped(text) for text in _MISSING.findall(diagnostic))
    if missing:
        named = [f"{_character(text)} in {place(invoice, text)}" for text in missing]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        return OutputError(
            f"no font has {', '.join(named[:_NAMED])}{more}; the page can show Latin, Greek and Cyrillic letters, "
            "so write the term in these, keep the XML alone, or bring a template with a font that has it",
            code="GLYPH",
        )
    if has_logo and any(word in message for word in ("image", "SVG", "CMYK")):
        return InputError(f"the logo cannot be drawn: {message}; save it as an RGB image", code="LOGO_DAMAGED")
    return OutputError(f"Typst cannot draw the page: {message}", code="TYPST")


def _character(text: str) -> str:
    """A character as it looks and as Unicode numbers it."""
    return f"{text!r} ({' '.join(f'U+{ord(part):04X}' for part in text)})"


def _unescaped(text: str) -> str:
    """Undo the escapes with which Typst quotes a text in an error."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)
