# SPDX-License-Identifier: Apache-2.0
"""The invoice as one HTML page: for the screen, light and dark, and for the printer.

The page needs nothing but itself and permits nothing else: no script at all, the one style sheet that it carries (by
its digest), and the logo that it carries. What the invoice says is text, whatever it looks like.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from einvoice.errors import MissingExtraError
from einvoice.render.compose import compose
from einvoice.render.logo import checked
from einvoice.render.places import ADJUSTMENT, HEAD, ROW, VAT
from einvoice.render.text import printable
from einvoice.render.words import words as words_of
from einvoice.rules.catalogue import LANGUAGES, Catalogue
from einvoice.rules.languages import in_language

if TYPE_CHECKING:
    from einvoice.model import Invoice
    from einvoice.render.page import Language
    from einvoice.render.sheet import Sheet
    from einvoice.render.words import Words
    from einvoice.rules.findings import Report

_SPOKEN: Final = frozenset(LANGUAGES)
"""The languages that all findings can be said in; the others say those of EN 16931, and the rest in English."""
_SENTENCES: Final = "render/sentences"


def render_html(
    invoice: Invoice, *, language: Language = "en", report: Report | None = None, logo: bytes | None = None
) -> bytes:
    """Write an invoice as an HTML page, with its findings if it was judged.

    Every value says which term it is (a tooltip, and an anchor such as ``#BT-112`` where a term stands first). The
    same arguments give the same bytes.

    Args:
        invoice: the invoice, also one with errors.
        language: the language of words, numbers and dates.
        report: what judging it said, in English; ``None`` where nobody judged it.
        logo: a PNG, JPEG or SVG image of at most a megabyte, instead of the seller's name at the top.

    Returns:
        The page, UTF-8.

    Raises:
        InputError: the logo cannot be used.
        UnknownNameError: there are no labels for the language.
        MissingExtraError: the extra ``pdf`` is not installed.
    """
    said = _said(report, language) if report is not None else (None, ())
    return _written(compose(invoice, words_of(language)), words_of(language), said, logo)


def _said(report: Report, language: str) -> tuple[Report, tuple[str, ...]]:
    """A report in the language of a page, and the language of each finding: what has no translation is in English."""
    if language in _SPOKEN:
        return in_language(report, language), (language,) * len(report.findings)
    words = Catalogue(language)
    knows = [words.knows(one.message, _SENTENCES) for one in report.findings]
    findings = tuple(replace(one, message=words.told(one.message, _SENTENCES)) for one in report.findings)
    return replace(report, findings=findings), tuple(language if known else "en" for known in knows)


def _written(sheet: Sheet, words: Words, said: tuple[Report | None, tuple[str, ...]], logo: bytes | None) -> bytes:
    template, (report, tongues) = _template(), said
    from einvoice.render.annotations import Annotations

    spoken = sheet.language if sheet.language in _SPOKEN else "en"
    notes = Annotations(sheet, report.findings if report else (), spoken)
    style, digest = _style()
    values: dict[str, Any] = {
        "sheet": sheet,
        "words": sheet.words,
        "screen": words.labels["screen"],
        "page": words.page,
        "notes": notes,
        "report": report,
        "spoken": spoken,
        "tongues": tongues,
        "style": style,
        "policy": _POLICY.format(digest),
        "logo": _image(logo) if logo is not None else "",
        "square": sheet.code or (sheet.slip.code if sheet.slip else None),
    }
    text: str = template.render(values | _COLUMNS, v=notes.value, p=printable)
    return text.encode()


_POLICY: Final = "default-src 'none'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'"
_COLUMNS: Final = {"HEAD": HEAD, "ROW": ROW, "ADJUSTMENT": ADJUSTMENT, "VAT": VAT}


@cache
def _template() -> Any:  # noqa: ANN401 - jinja2 is imported when it is needed
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("pdf", "rendering an invoice") from error
    environment = Environment(
        loader=PackageLoader("einvoice.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("invoice.html.jinja")


@cache
def _style() -> tuple[Any, str]:
    """The style sheet, and the digest by which the page permits it."""
    from markupsafe import Markup

    text = (files("einvoice.render") / "templates" / "invoice.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"  # noqa: S704 - a file of this package


def _image(logo: bytes) -> str:
    return f"data:{checked(logo)};base64,{base64.b64encode(logo).decode()}"
