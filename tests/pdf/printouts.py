# SPDX-License-Identifier: Apache-2.0
"""Printouts as ERP systems make them, good and bad, made when a test needs them."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Final

import fpdf
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from reportlab.lib.colors import CMYKColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.architecture.house import ROOT
from tests.pdf.making import CII, page

if TYPE_CHECKING:
    from collections.abc import Callable

_FONTS: Final = ROOT / "src" / "einvoice" / "render" / "fonts"
_SIZE: Final = (595, 842)
LINES: Final = (
    "Invoice R-2026-1",
    "Date 05.01.2026",
    "Total 120,00 EUR: Größe, ß, é",
    "IBAN DE89 3704 0044 0532 0130 00",
)


def _canvas(font: str, *, change: Callable[[Canvas], object] | None = None) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=_SIZE, invariant=1)
    canvas.setTitle("Invoice R-2026-1")
    if change is not None:
        change(canvas)
    canvas.setFont(font, 12)
    for number, line in enumerate(LINES):
        canvas.drawString(60, 760 - 20 * number, line)
    canvas.bookmarkPage("top")
    canvas.addOutlineEntry("Invoice", "top")
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def reportlab_embedded() -> bytes:
    """A TrueType font, subset."""
    pdfmetrics.registerFont(TTFont("Noto", str(_FONTS / "NotoSans-Regular.ttf")))
    return _canvas("Noto")


def reportlab_standard() -> bytes:
    """The standard fonts, which are not embedded."""

    def others(canvas: Canvas) -> None:
        for number, name in enumerate(
            ("Times-Roman", "Times-BoldItalic", "Courier", "Courier-Bold", "Helvetica-Oblique")
        ):
            canvas.setFont(name, 10)
            canvas.drawString(60, 600 - 20 * number, f"{name}: äöü € 1.234,56")

    return _canvas("Helvetica", change=others)


def reportlab_symbol() -> bytes:
    """A standard font that has no stand-in."""

    def symbol(canvas: Canvas) -> None:
        canvas.setFont("ZapfDingbats", 10)
        canvas.drawString(60, 600, "4")

    return _canvas("Helvetica", change=symbol)


def reportlab_cmyk() -> bytes:
    """Colours of a printer, without its profile."""
    return _canvas("Helvetica", change=lambda canvas: canvas.setFillColor(CMYKColor(0, 0.5, 1, 0.2)))


def reportlab_form() -> bytes:
    """A form with a field."""
    return _canvas("Helvetica", change=lambda canvas: canvas.acroForm.textfield(name="note", x=60, y=400))


def fpdf_embedded() -> bytes:
    """fpdf2 with a TrueType font."""
    pdf = fpdf.FPDF()
    pdf.add_page()
    pdf.add_font("Noto", "", str(_FONTS / "NotoSans-Regular.ttf"))
    pdf.set_font("Noto", size=12)
    for line in LINES:
        pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def fpdf_standard() -> bytes:
    """fpdf2 with standard fonts."""
    pdf = fpdf.FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", style="B", size=12)
    for line in LINES:
        pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def changed(data: bytes, change: Callable[[pikepdf.Pdf], object], **saving: object) -> bytes:
    """A PDF after a change."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(target, fix_metadata_version=False, **saving)  # type: ignore[arg-type]  # passed through
    return target.getvalue()


def typst_plain() -> bytes:
    """Typst without any claim."""
    return page("1.7")


def typst_archive() -> bytes:
    """Typst, PDF/A-3U and PDF/UA-1."""
    return page("a-3u")


def typst_old_archive() -> bytes:
    """Typst, PDF/A-2U."""
    return page("a-2u")


def typst_tagged_archive() -> bytes:
    """Typst, PDF/A-3A and PDF/UA-1."""
    return page("a-3a")


def scan() -> bytes:
    """A picture of a page, and no text."""
    return _picture(smoothed=False)


def smoothed() -> bytes:
    """A picture that viewers are asked to smooth."""
    return _picture(smoothed=True)


def _picture(*, smoothed: bool) -> bytes:
    pdf = pikepdf.new()
    picture = Stream(pdf, bytes(range(256)) * 3 * 4)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 32, 32, 8
    picture.ColorSpace = Name.DeviceRGB
    if smoothed:
        picture.Interpolate = True
    pdf.add_blank_page(page_size=_SIZE)
    sheet = pdf.pages[0]
    sheet.Resources = Dictionary(XObject=Dictionary(Im0=picture))
    sheet.Contents = Stream(pdf, b"q 500 0 0 700 40 70 cm /Im0 Do Q")
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def scripted() -> bytes:
    """A script that runs when the file is opened, and one of the document."""

    def change(pdf: pikepdf.Pdf) -> None:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))
        pdf.Root.OpenAction = script
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(script)])))
        pdf.Root.AA = Dictionary(WC=script)

    return changed(reportlab_embedded(), change)


def with_attachment() -> bytes:
    """A time sheet that stays."""
    return changed(page("1.7"), lambda pdf: attached(pdf, "hours.csv", b"day;hours\n"))


def attached(pdf: pikepdf.Pdf, name: str, content: bytes) -> None:
    """Attach a file as most programs do: without saying what it is to the document."""
    stream = pdf.make_indirect(Stream(pdf, content))
    file = Dictionary(Type=Name.Filespec, F=String(name), EF=Dictionary(F=stream))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(name), file])))


def unzoned() -> bytes:
    """Dates without a zone, metadata that PDF/A does not know, a hidden annotation."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/CreationDate"] = String("D:20260105101500")
        pdf.Root.Metadata = Stream(
            pdf,
            b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            b'<rdf:Description rdf:about="" xmlns:erp="urn:erp"><erp:run>7</erp:run></rdf:Description></rdf:RDF>'
            b"</x:xmpmeta>",
        )
        pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), F=2)])

    return changed(reportlab_embedded(), change)


def false_claim() -> bytes:
    """A file that says PDF/A-3B and has fonts that are not embedded."""

    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["pdfaid:part"], meta["pdfaid:conformance"] = "3", "B"

    return changed(reportlab_standard(), change)


def junk_header() -> bytes:
    """Bytes in front of the file, as mail gateways leave them."""
    return b"X-Junk: 1\r\n\r\n" + page("1.7")


def hybrid() -> bytes:
    """A page with an invoice inside."""
    return changed(page("1.7"), lambda pdf: attached(pdf, "factur-x.xml", OLD))


OLD: Final = CII.replace(b"R-2026-1", b"R-OLD-77")

# ---------------------------------------------------------------------------------------------- refused


def encrypted() -> bytes:
    """Opens only with a password."""
    return changed(page("1.7"), lambda _: None, encryption=pikepdf.Encryption(owner="o", user="u"))


def owner_only() -> bytes:
    """Opens without a password; what may be done with it is restricted."""
    return changed(page("1.7"), lambda _: None, encryption=pikepdf.Encryption(owner="o", user=""))


def signed() -> bytes:
    """A signature field with a signature."""

    def change(pdf: pikepdf.Pdf) -> None:
        value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String(b"\0" * 16))
        field = Dictionary(FT=Name.Sig, T=String("Signature1"), V=pdf.make_indirect(value))
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]), SigFlags=3)

    return changed(page("1.7"), change)


def xfa() -> bytes:
    """A dynamic form."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(pdf, b"<xdp/>"))

    return changed(page("1.7"), change)


def portfolio() -> bytes:
    """Files in a cover."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)

    return changed(with_attachment(), change)


def version_two() -> bytes:
    """PDF 2.0."""
    return changed(page("1.7"), lambda _: None, force_version="2.0")


def truncated() -> bytes:
    """Half a file."""
    data = page("1.7")
    return data[: len(data) // 2]


def broken_table() -> bytes:
    """A cross-reference table that leads nowhere."""
    data = page("1.7")
    start = data.rindex(b"startxref")
    return data[:start] + b"startxref\n7\n%%EOF\n"


def no_pages() -> bytes:
    """A document without a page."""
    target = io.BytesIO()
    pikepdf.new().save(target, deterministic_id=True)
    return target.getvalue()


def bomb() -> bytes:
    """A page whose contents unpack to far more than any page has."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Contents = Stream(pdf, b" " * 70_000_000)

    return changed(page("1.7"), change, compress_streams=True)


GOOD: Final[dict[str, Callable[[], bytes]]] = {
    each.__name__: cache(each)
    for each in (
        reportlab_embedded,
        reportlab_standard,
        fpdf_embedded,
        fpdf_standard,
        typst_plain,
        typst_archive,
        typst_old_archive,
        typst_tagged_archive,
        scan,
        smoothed,
        scripted,
        with_attachment,
        unzoned,
        false_claim,
        junk_header,
    )
}
"""Printouts that become Factur-X files."""

REFUSED: Final[dict[str, tuple[Callable[[], bytes], str, str]]] = {
    "encrypted": (encrypted, "PDF_ENCRYPTED", "6.1.3"),
    "owner only": (owner_only, "PDF_ENCRYPTED", "6.1.3"),
    "signed": (signed, "PDF_SIGNED", "6.4.3"),
    "XFA": (xfa, "PDF_FORM", "6.4.2"),
    "form": (reportlab_form, "PDF_FORM", "6.4.1"),
    "portfolio": (portfolio, "PDF_PORTFOLIO", "ISO 32000-1, 12.3.5"),
    "version 2": (version_two, "PDF_VERSION", "6.1.2"),
    "truncated": (truncated, "PDF_DAMAGED", "6.1.4"),
    "broken table": (broken_table, "PDF_DAMAGED", "6.1.4"),
    "no pages": (no_pages, "PDF_EMPTY", "no page"),
    "bomb": (bomb, "PDF_LIMIT", "unpacks to more than"),
    "hybrid": (hybrid, "PDF_HYBRID", "--replace"),
    "symbol": (reportlab_symbol, "PDF_NOT_PDFA3", "6.2.11.4.1"),
    "CMYK": (reportlab_cmyk, "PDF_NOT_PDFA3", "6.2.4.3"),
}
"""Printouts that are refused: how they are made, the code, and what the sentence names."""
