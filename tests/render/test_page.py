# SPDX-License-Identifier: Apache-2.0
"""The page: a PDF/A-3u and PDF/UA-1 file that shows the invoice, whatever strangers wrote into it."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from datetime import date, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from pypdf import PdfReader

from einvoice.errors import OutputError
from einvoice.model import (
    DocumentLevelAllowance,
    Invoice,
    InvoiceNote,
    ItemInformation,
    PaymentInstructions,
    PaymentMeans,
    PriceDetails,
    Seller,
)
from einvoice.render import Language, page, render_pdf
from tests.render.making import NOON, Everything, invoice, line, png
from tests.strategies import invoices, plausible_invoices

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("typst", reason="the extra pdf is not installed")
pikepdf = pytest.importorskip("pikepdf", reason="the extra pdf is not installed")

LONG = "x" * 40_000
LANGUAGES: tuple[Language, ...] = get_args(Language)


def draw(shown: Invoice, language: Language = "en", **more: Any) -> bytes:  # noqa: ANN401 - any argument
    return render_pdf(shown, language=language, timestamp=NOON, **more)


def text_of(pdf: bytes) -> str:
    """The text of all pages, as a program extracts it, with plain spaces."""
    return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages).replace("\u00a0", " ")


def noted(*notes: str) -> Invoice:
    return invoice(notes=tuple(InvoiceNote(note=note) for note in notes))


# ------------------------------------------------------------------------------------------ what it claims


def test_it_claims_pdfa_3u_and_pdfua_1_and_is_tagged() -> None:
    with pikepdf.open(io.BytesIO(draw(invoice(), "de"))) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in metadata
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "de"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == "Rechnung 2026-0042"
        assert str(pdf.docinfo.Author) == "Nordwind Werkzeuge GmbH"
        assert str(pdf.docinfo.CreationDate).startswith("D:20260115120000")


# What pikepdf says of a page that veraPDF passes. The first four are things that its list of known good does not
# hold, the others things that it does not look into.
EXPLAINED = {
    "ISO_19005_3:6.6.2.3.1-1": "XMP properties that need an extension schema, which is there",
    "ISO_19005_3:6.6.2.3.1-2": "structured XMP properties",
    "ISO_19005_3:6.6.4-3": "it knows level B only, and the page claims level U",
    "pikepdf:schema-OutlineItem": "bookmarks that point to their place by reference",
    "ISO_19005_3:6.2.11.4.2-2": "CIDSet, which PDF/A-3 leaves optional",
    "pikepdf:font-program": "the matrices of OpenType fonts",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pikepdf_finds_no_fault_but_those_that_are_explained(language: Language) -> None:
    pdfa = pytest.importorskip("pikepdf.pdfa", reason="pikepdf[pdfa] is not installed")
    drawn = draw(Everything().invoice, language, logo=png())
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        report = pdfa.check(pdf, "3b")
        assert {finding.rule for finding in report.findings} <= set(EXPLAINED), report.summary()


def test_pikepdf_would_notice_a_fault() -> None:
    pdfa = pytest.importorskip("pikepdf.pdfa", reason="pikepdf[pdfa] is not installed")
    with pikepdf.open(io.BytesIO(draw(invoice()))) as pdf:
        del pdf.Root.OutputIntents
        assert not {finding.rule for finding in pdfa.check(pdf, "3b").findings} <= set(EXPLAINED)


def test_all_fonts_are_embedded_and_ours_are_used() -> None:
    fonts = {
        str(font.BaseFont).partition("+")[2]: font
        for one in PdfReader(io.BytesIO(draw(noted("Ελληνικά Русский ґ ẞ ŵ")))).pages
        for font in [entry.get_object() for entry in one["/Resources"]["/Font"].values()]  # type: ignore[index]
        for font in [_Font(font)]
    }
    assert set(fonts) == {"NotoSans-Regular", "NotoSans-SemiBold"}
    assert all(font.embedded for font in fonts.values())


class _Font:
    """A font of a page, as far as the test asks."""

    def __init__(self, font: Any) -> None:  # noqa: ANN401 - pypdf's dictionaries
        descendant = font["/DescendantFonts"][0].get_object()
        self.BaseFont = font["/BaseFont"]
        self.embedded = "/FontFile2" in descendant["/FontDescriptor"] and "/ToUnicode" in font


def test_the_lines_are_a_table_with_headers_and_the_logo_has_a_text() -> None:
    with pikepdf.open(io.BytesIO(draw(invoice(), logo=png()))) as pdf:
        kinds = [(str(node.get("/S")), node) for node in _structure(pdf.Root.StructTreeRoot)]
        names = [name for name, _ in kinds]
        assert names.count("/H1") == 1
        assert names.count("/Table") == 3  # lines, totals, VAT
        assert names.count("/TH") == 6 + 4
        assert [str(node.Alt) for name, node in kinds if name == "/Figure"] == [
            "Logo Nordwind Werkzeuge GmbH",
            (
                "European payment code: EUR\u00a01,234,506.09 to Nordwind, account DE89 3704 0044 0532 0130 00,"
                " reference 2026-0042"
            ),
        ]


def _structure(node: Any) -> Iterator[Any]:  # noqa: ANN401 - pikepdf's objects
    """Every element of the structure tree."""
    below = node.get("/K")
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from _structure(child)


# --------------------------------------------------------------------------------------------- what it shows


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_what_the_sheet_says(language: Language) -> None:
    """Every term of the model, after layout, fonts and line breaks."""
    everything = Everything()
    shown = "".join(text_of(draw(everything.invoice, language)).split())
    values = [value for value in everything.values.values() if isinstance(value, str)]
    assert [value for value in values if value not in shown] == []


def test_the_template_is_drawn_without_warnings() -> None:
    from einvoice.render.compose import compose, encode
    from einvoice.render.words import words

    sheet = encode(compose(Everything().invoice, words("fr"))).decode()
    drawn, warnings = page._compiler().compile_with_warnings(format="pdf", sys_inputs={"sheet": sheet})
    assert isinstance(drawn, bytes)
    assert [str(warning) for warning in warnings] == []


def test_every_page_says_whose_it_is_and_how_many_there_are() -> None:
    pages = PdfReader(io.BytesIO(draw(invoice(count=60), "fr"))).pages
    assert len(pages) >= 3
    for number, one in enumerate(pages, start=1):
        shown = one.extract_text().replace("\u00a0", " ")
        assert f"Page {number} sur {len(pages)}" in shown
        assert "Facture 2026-0042" in shown
        assert ("Nordwind Werkzeuge GmbH" in shown) or number == 1
        assert "Désignation" in shown or number == len(pages)


def test_a_plain_invoice_fits_one_page() -> None:
    assert len(PdfReader(io.BytesIO(draw(invoice()))).pages) == 1


def test_totals_stand_together_below_the_last_line() -> None:
    """Wherever the lines end: all totals are on one page, and the last line is on it too, under the titles."""
    for count in (*range(13, 21), *range(40, 47)):
        pages = [one.extract_text() for one in PdfReader(io.BytesIO(draw(invoice(count)))).pages]
        shown = next(page for page in pages if "Sum of lines" in page)
        above, _, below = shown.partition("Sum of lines")
        assert "Already paid" in below, count
        assert f"Steel bracket {count}\n" in above, count
        assert above.count("Description") == 1, count


def test_totals_stand_below_the_last_allowance() -> None:
    granted = (DocumentLevelAllowance(Decimal(1), None, None, "S", Decimal(19), "For the early order"),)
    for count in range(12, 19):
        pages = [
            one.extract_text()
            for one in PdfReader(io.BytesIO(draw(invoice(count, document_level_allowances=granted)))).pages
        ]
        assert "For the early order" in next(page for page in pages if "Sum of lines" in page), count


def test_totals_follow_a_line_that_fills_a_page() -> None:
    long = line("1", note="A long story. " * 400)
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(draw(invoice(lines=(long,))))).pages]
    assert len(pages) >= 3
    assert "".join(pages).count("Sum of lines") == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "#panic()",
        '#import "x.typ": *',
        "*bold* _it_ `raw` $x^2$ <label> @ref // comment /* comment */",
        "= Heading",
        "]#panic()[",
        "\\u{41} \\ ~ -- --- ...",
        '"quotes" \'and\' "more"',
        "{{ jinja }} <script>alert(1)</script> &amp;",
        "עברית 123",
        "العربية",
    ],
)
def test_hostile_text_stays_text(hostile: str) -> None:
    shown = text_of(draw(msgspec.structs.replace(noted(hostile), number=hostile)))
    expected = set(hostile.split())
    missing = {word for word in expected if word not in shown and word[::-1] not in shown}
    assert missing == set()


def test_control_characters_are_shown_as_such() -> None:
    assert "bell\ufffd" in text_of(draw(noted("bell\x07, \x00, \x9f, \ufffe, \ud800")))


def test_a_character_that_reverses_the_order_is_left_out() -> None:
    assert "pay 00.1 now" in text_of(draw(noted("pay \u202e00.1\u202c now")))


def test_words_without_end_stay_in_their_column() -> None:
    """Nothing is drawn outside of the page, and copied text has no breaks inside."""
    word = "W" * 300
    item = ItemInformation(name=word, description="/".join(["x" * 30] * 20))
    drawn = draw(invoice(number="N" * 120, buyer_reference=word, lines=(line("L" * 60, item_information=item),)))
    assert word in "".join(text_of(drawn).split())
    assert "\u200b" not in text_of(drawn)
    edges: list[float] = []
    for one in PdfReader(io.BytesIO(drawn)).pages:
        one.extract_text(visitor_text=lambda text, cm, tm, *_: edges.append(tm[4] * cm[0] + cm[4]) if text else None)
    assert max(edges) < 595 - 51


def test_wide_figures_leave_room_for_the_descriptions() -> None:
    """Figures of fifteen digits are smaller, and no amount runs over the column beside it."""
    wide = line(
        "1234567890123",
        net_amount=Decimal("123456789012345.67"),
        price_details=PriceDetails(item_net_price=Decimal("-999999999999999.9999")),
        invoiced_quantity=Decimal("-123456789012.345"),
    )
    granted = DocumentLevelAllowance(Decimal("123456789012345.12"), None, None, "S", Decimal(19), "Early")
    drawn = draw(invoice(lines=(wide, line("2")), document_level_allowances=(granted,)))
    shown = PdfReader(io.BytesIO(drawn)).pages[0].extract_text()
    assert "Steel bracket 1234567890123" in shown, "on one line"
    assert len(PdfReader(io.BytesIO(drawn)).pages) == 1
    placed: list[tuple[str, float, float]] = []
    PdfReader(io.BytesIO(drawn)).pages[0].extract_text(
        visitor_text=lambda text, cm, tm, *_: placed.append(
            (text.strip(), tm[4] * cm[0] + cm[4], round(tm[5] * cm[3] + cm[5]))
        )
    )
    ((at, height),) = [(x, y) for text, x, y in placed if text == "\u2212123,456,789,012,345.12"]
    ((rate, _),) = [(x, y) for text, x, y in placed if text == "19%" and y == height]
    assert rate + 18 < at, "points: the width of the rate"


def test_very_long_texts_are_drawn() -> None:
    drawn = draw(noted("word " * 20_000, "y" * 40_000, "\n" * 500))
    assert len(PdfReader(io.BytesIO(drawn)).pages) > 10


@pytest.mark.parametrize(
    "changes",
    [
        {"number": LONG},
        {"type_code": LONG},
        {"currency_code": LONG},
        {"seller": Seller(name=LONG)},
        {"payment_instructions": PaymentInstructions(means=(PaymentMeans(LONG),))},
        {"lines": (line(LONG, invoiced_quantity_unit_of_measure_code=LONG),)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_term_of_any_length_is_drawn(changes: dict[str, Any]) -> None:
    """Also where it is part of a title, a running head or the name of a column (PDF limits those to 32,767 bytes)."""
    assert draw(invoice(**changes)).startswith(b"%PDF-1.7")


def test_a_figure_of_any_size_is_drawn() -> None:
    strange = line("1", net_amount=Decimal("1E+30"), invoiced_quantity=Decimal("NaN"))
    assert "1,000,000,000,000,000,000,000,000,000,000.00" in "".join(text_of(draw(invoice(lines=(strange,)))).split())


@settings(max_examples=25)
@given(invoices())
def test_any_invoice_in_latin_letters_is_drawn(drawn: Invoice) -> None:
    """Whatever the terms hold, and however absurd the figures are."""
    plain = msgspec.to_builtins(drawn, builtin_types=(Decimal, date, bytes))
    assert draw(msgspec.convert(_latin(plain), Invoice)).startswith(b"%PDF-1.7")


def _latin(value: Any) -> Any:  # noqa: ANN401 - JSON has no common type
    if isinstance(value, str):
        return "".join(character if character < "\u0250" else "x" for character in value)
    if isinstance(value, dict):
        return {key: _latin(entry) for key, entry in value.items()}
    return [_latin(entry) for entry in value] if isinstance(value, list | tuple) else value


@settings(max_examples=10)
@given(invoices())
def test_any_invoice_is_drawn_or_refused_by_its_character(drawn: Invoice) -> None:
    try:
        assert draw(drawn).startswith(b"%PDF-1.7")
    except OutputError as error:
        assert error.code == "GLYPH"  # noqa: PT017 - the other outcome is no exception


@settings(max_examples=10)
@given(plausible_invoices())
def test_a_plausible_invoice_shows_its_number_and_what_to_pay(drawn: Invoice) -> None:
    shown = text_of(draw(drawn))
    assert drawn.number is not None
    assert drawn.number in shown
    assert drawn.totals is not None
    due = drawn.totals.amount_due_for_payment
    assert due is not None
    # The page writes as many decimals as the currency has; the digits that count are these.
    assert f"{due.normalize():,f}".replace("-", "\u2212") in shown


# ------------------------------------------------------------------------------------------------ same bytes


def test_the_same_invoice_gives_the_same_bytes() -> None:
    first = draw(invoice(), "de", logo=png())
    draw(noted("something else in between"))
    assert draw(invoice(), "de", logo=png()) == first
    local = NOON.astimezone(timezone(timedelta(hours=5)))
    assert render_pdf(invoice(), language="de", timestamp=local, logo=png()) == first
    assert render_pdf(invoice(), language="de", timestamp=NOON + timedelta(seconds=1), logo=png()) != first


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import sys; from tests.render.making import NOON, invoice; from einvoice.render import render_pdf;"
        "sys.stdout.buffer.write(render_pdf(invoice(), language='fr', timestamp=NOON))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == draw(invoice(), "fr")


def test_threads_draw_side_by_side() -> None:
    expected = {number: draw(invoice(number=str(number))) for number in range(4)}
    drawn: dict[int, bytes] = {}

    def work(number: int) -> None:
        drawn[number] = draw(invoice(number=str(number)))

    threads = [threading.Thread(target=work, args=(number,)) for number in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == expected
