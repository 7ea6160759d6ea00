# SPDX-License-Identifier: Apache-2.0
"""The text of a page is what somebody can read on it; the layer of a scanner stands for its picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from einvoice.errors import PdfError
from einvoice.pdf import grounds
from einvoice.pdf.limits import PdfLimits
from einvoice.pdf.paint import alike
from einvoice.pdf.reader import open_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.pdf.paint import Colour

SHOWN = b"BT /F 12 Tf 60 700 Td (Invoice R-2026-1 of 5 January 2026, total 9120,00) Tj ET\n"


WIDE = b"BT /W 12 Tf 60 600 Td "
"""A font with letters of half an em, which says so."""


def read(content: bytes, change: Callable[[pikepdf.Pdf], object] | None = None, **limits: int) -> str:
    """What is read on a page with this content."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    sheet = pdf.pages[0]
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    profile = pdf.make_indirect(Stream(pdf, b"", N=3))
    sheet.Resources = Dictionary(
        Font=Dictionary(F=font, W=_wide(), T=_composite(), D=_composite(Name("/Identity-V"))),
        ColorSpace=Dictionary(
            Three=Array([Name.ICCBased, profile]),
            Two=Array([Name.ICCBased, pdf.make_indirect(Stream(pdf, b"", N=2))]),
            Ink=Array([Name.Separation, Name.Gold, Name.DeviceRGB, Dictionary()]),
        ),
        ExtGState=Dictionary(
            Clear=Dictionary(ca=0), Faint=Dictionary(ca=0.2), Set=Dictionary(Font=Array([font, 12]))
        ),
        XObject=Dictionary(
            Form=_form(pdf, b"BT /F 12 Tf 10 10 Td (120,00) Tj ET", Resources=Dictionary(Font=Dictionary(F=font))),
            Picture=Stream(
                pdf, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8,
                ColorSpace=Name.DeviceGray,
            ),
        ),
    )  # fmt: skip
    sheet.Contents = Stream(pdf, content)
    if change is not None:
        change(pdf)
    target = io.BytesIO()
    pdf.save(target)
    with open_pdf(target.getvalue(), PdfLimits(**limits)) as document:
        return "\n".join(document.pages(12))


def _form(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> Stream:
    return Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 40]), **entries)


def _wide() -> Dictionary:
    widths = Array([500] * 256)
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Own"), Encoding=Name.WinAnsiEncoding, FirstChar=0,
        LastChar=255, Widths=widths,
    )  # fmt: skip


def _composite(encoding: Name = Name("/Identity-H")) -> Dictionary:  # noqa: B008 - names do not change
    below = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/Own"),
        DW=1000,
        W=Array([32, 40, 250, 48, [500] * 10]),
    )
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/Own"), Encoding=encoding, DescendantFonts=Array([below])
    )


def _apart(text: bytes, by: int) -> bytes:
    """The signs of a text, each followed by a distance."""
    return b"[" + b"".join(b"(%c) %d " % (sign, by) for sign in text) + b"] TJ"


HIDDEN = {
    "white, RGB": b"1 1 1 rg BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white, gray": b"1 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white, CMYK": b"0 0 0 0 k BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "nearly white": b"0.98 0.98 0.99 rg BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white, by a profile": b"/Three cs 1 1 1 sc BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "no ink": b"/Ink cs 0 scn BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white lines": b"1 1 1 RG 1 Tr BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white, in several parts": b"1 g BT /F 12 Tf 60 600 Td [(12) -20 (0,00)] TJ ET",
    "white, on the next line": b"1 g BT /F 12 Tf 14 TL 60 600 Td (120,00) ' ET",
    "white on white on black": b"0 g 50 590 200 30 re f 1 g 50 590 200 30 re f BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "black on black": b"0 g 50 590 200 30 re f BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "blue on blue lines": b"0 0 1 rg 50 590 m 250 590 l 250 620 l 50 620 l h f BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white beside black": b"0 g 300 590 200 30 re f 1 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white beside clipped black": b"q 300 590 9 9 re W n 0 0 595 842 re f Q 1 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "right of the page": b"BT /F 12 Tf 6000 600 Td (120,00) Tj ET",
    "left of the page": b"BT /F 12 Tf -200 600 Td (120,00) Tj ET",
    "below the page": b"BT /F 12 Tf 1 0 0 1 60 -40 Tm (120,00) Tj ET",
    "pushed away": b"BT /F 12 Tf 60 600 Td [-600000 (120,00)] TJ ET",
    "pushed away before": b"BT /F 12 Tf 60 600 Td [-600000] TJ (120,00) Tj ET",
    "raised away": b"BT /F 12 Tf 5000 Ts 60 600 Td (120,00) Tj ET",
    "moved away": b"q 1 0 0 1 0 5000 cm BT /F 12 Tf 60 600 Td (120,00) Tj ET Q",
    "clipped": b"q 300 300 50 50 re W n BT /F 12 Tf 60 600 Td (120,00) Tj ET Q",
    "not painted": b"BT 3 Tr /F 12 Tf 60 600 Td (120,00) Tj ET",
    "only a clip": b"BT 7 Tr /F 12 Tf 60 600 Td (120,00) Tj ET",
    "transparent": b"/Clear gs BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "tiny": b"BT /F 0.5 Tf 60 600 Td (120,00) Tj ET",
    "tiny by its matrix": b"BT /F 12 Tf 0.01 0 0 0.01 60 600 Tm (120,00) Tj ET",
    "white form": b"1 g q 1 0 0 1 60 600 cm /Form Do Q",
    "form outside": b"q 1 0 0 1 60 6000 cm /Form Do Q",
    "running out of the clip": b"q 50 590 40 30 re W n " + WIDE + b"(.          120,00) Tj ET Q",
    "running off the page": b"BT /W 12 Tf 570 600 Td (.      120,00) Tj ET",
    "after a text that ran off the page": b"BT /W 12 Tf 570 600 Td (.      ) Tj (120,00) Tj ET",
    "set apart off the page": b"BT /W 12 Tf 570 600 Td 40 Tc (.) Tj (120,00) Tj ET",
    "set apart by spaces": b"BT /W 12 Tf 570 600 Td 40 Tw (. ) Tj (120,00) Tj ET",
    "set apart by the operator": b'BT /W 12 Tf 570 600 Td 40 0 (. 120,00) " ET',
    "running off its ground": b"0 g 58 590 20 30 re f 1 g " + WIDE + b"(.       120,00) Tj ET",
    "running off, by glyph numbers": b"BT /T 12 Tf 570 600 Td <002e> Tj %s <003100320030002c00300030> Tj ET"
    % (b"<0020> Tj " * 30),
}
SEEN = {
    **{
        f"set close by {by}": b"q 50 590 200 30 re W n BT /%s 12 Tf 60 600 Td " % font + _apart(text, by) + b" ET Q"
        for font, text, by in (
            (b"F", b"Sum: 120,00", 278),
            (b"W", b"Sum: 120,00", 400),
            (b"F", b"To pay   120,00", 500),
        )
    },
    "white on black, set close": b"0 g 50 590 200 30 re f 1 g BT /F 12 Tf 60 600 Td "
    + _apart(b"Sum: 120,00", 300)
    + b" ET",
    "set back after a text": WIDE + b"(Sum:%s) Tj [20000 (120,00)] TJ ET" % (b" " * 40),
    "white, running onto black": b"0 g 110 590 200 30 re f 1 g " + WIDE + b"(Sum:      120,00) Tj ET",
    "white, running onto black, without widths": b"0 g 110 590 200 30 re f 1 g "
    b"BT /F 12 Tf 60 600 Td (Sum:      120,00) Tj ET",
    "a gray of no parts": b"0 0 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "no parts at all": b"g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "a space of two parts": b"/Two cs 0 0 sc BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "endless numbers": b"%s w BT %s Tr %s Tc /F 12 Tf 60 600 Td (120,00) Tj ET" % ((b"9" * 40,) * 3),
    "a mode that is none": b"BT 9 Tr /F 12 Tf 60 600 Td (120,00) Tj ET",
    "black": b"BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white on black": b"0 g 50 590 200 30 re f 1 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white on a shape": b"50 590 m 250 590 l 270 605 l 250 620 l 50 620 l f 1 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white on a thick line": b"30 w 50 605 m 250 605 l S 1 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white on a picture": b"q 300 0 0 300 0 500 cm /Picture Do Q 1 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white with black edges": b"1 g 0 G 2 Tr BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "white before": b"q 1 g Q BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "black in a black frame": b"0 g 40 580 300 60 re 50 590 280 40 re f* BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "on a long path": b"0 g 50 590 m " + b"60 590 l 250 620 l " * 99 + b"f 1 g BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "black beside clipped black": b"q 300 590 9 9 re W n 0 g 0 0 595 842 re f Q BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "black on a faint ground": b"q /Faint gs 0 g 50 590 200 30 re f Q BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "a full ink": b"/Ink cs 1 scn BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "an unknown space": b"/Nowhere cs 1 1 1 scn BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "small by font, large by matrix": b"BT /F 1 Tf 12 0 0 12 60 600 Tm (120,00) Tj ET",
    "upside down": b"BT /F 12 Tf -1 0 0 -1 160 600 Tm (120,00) Tj ET",
    "clipped beside": b"q 50 590 200 30 re W n BT /F 12 Tf 60 600 Td (120,00) Tj ET Q",
    "a form": b"q 1 0 0 1 60 600 cm /Form Do Q",
    "black after a white form": b"q 1 g /Form Do Q BT /F 12 Tf 60 600 Td (120,00) Tj ET",
    "broken operators": b"(x) w 1 cs (a) rg 1 re W f Q Q /x Do /y gs BT /F 12 Tf 60 600 Td (120,00) Tj ET",
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN)
def test_a_text_that_nobody_sees_is_not_read(content: bytes) -> None:
    found = read(SHOWN + content)
    assert "9120,00" in found
    assert "120,00" not in found.replace("9120,00", "")


@pytest.mark.parametrize("content", SEEN.values(), ids=SEEN)
def test_a_text_that_can_be_seen_is_read(content: bytes) -> None:
    assert "120,00" in read(SHOWN + content).replace("9120,00", "")


def test_the_box_that_viewers_cut_the_page_to_decides() -> None:
    def crop(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].CropBox = Array([0, 650, 595, 842])

    assert "120,00" not in read(SHOWN + SEEN["black"], crop).replace("9120,00", "")


@pytest.mark.parametrize("box", [[0, 0, 0, 0], [700, 900, 800, 1000]])
def test_a_page_that_is_cut_to_nothing_is_shown_whole(box: list[int]) -> None:
    def crop(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].CropBox = Array(box)

    assert "9120,00" in read(SHOWN, crop)


def test_what_is_written_downwards_is_read() -> None:
    assert len(read(b"BT /D 12 Tf 60 900 Td [<0031> 5000 <00320030>] TJ ET").strip()) >= len("120")


@pytest.mark.parametrize("painted", [b"50 590 1 1 re f 51 590 300 20 re f ", b"%d %d 1 1 re f "])
def test_comparing_texts_with_grounds_is_counted(painted: bytes) -> None:
    areas = b"".join(painted % (at, at) if b"%" in painted else painted for at in range(1_500))
    with pytest.raises(PdfError) as caught:
        read(b"0 g " + areas + b"BT /F 12 Tf 60 600 Td " + b"(a) Tj " * 1_500 + b"ET", work=150_000)
    assert caught.value.code == "PDF_LIMIT"


def test_no_text_is_compared_with_all_colours_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[object] = []

    def counting(one: Colour, two: Colour) -> bool:
        compared.append(one)
        return alike(one, two)

    monkeypatch.setattr(grounds, "alike", counting)
    colours = b"".join(b"0.%03d 0.%03d 0.9 rg 0 0 1 1 re f\n" % (at % 900, 100 + at // 2) for at in range(500))
    assert "a" in read(colours + b"0 g 9 9 1 1 re f BT /F 12 Tf 60 600 Td " + b"(a) Tj " * 500 + b"ET")
    assert 0 < len(compared) <= 2 * 500


def test_the_graphics_state_may_choose_the_font() -> None:
    assert "120,00" in read(b"BT /Set gs 60 600 Td (120,00) Tj ET")


def test_a_page_in_larger_units_shows_smaller_letters() -> None:
    def enlarge(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].UserUnit = 10

    assert "120,00" in read(SHOWN + HIDDEN["tiny"], enlarge).replace("9120,00", "")


LAYER = b"BT 3 Tr /F 10 Tf 60 600 Td (Invoice R-2026-1 of 5 January 2026) Tj 0 -20 Td (To pay 120,00) Tj ET"
PICTURE = b"q 595 0 0 842 0 0 cm /Picture Do Q\n"


@pytest.mark.parametrize("stamp", [b"", b"BT /F 8 Tf 20 20 Td (Received 6 Jan 2026) Tj ET\n"])
def test_the_layer_under_the_picture_of_a_scan_is_read(stamp: bytes) -> None:
    assert "120,00" in read(PICTURE + stamp + LAYER)


def test_a_layer_is_not_read_where_the_page_has_text_of_its_own() -> None:
    assert "To pay" not in read(PICTURE + 3 * SHOWN + LAYER)


def test_a_layer_on_an_empty_page_is_not_read() -> None:
    assert read(LAYER).strip() == ""


def test_looking_stays_within_the_work_that_is_allowed() -> None:
    with pytest.raises(PdfError) as caught:
        read(b"q Q " * 20_000, work=10_000)
    assert caught.value.code == "PDF_LIMIT"
