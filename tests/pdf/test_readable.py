# SPDX-License-Identifier: Apache-2.0
"""Text counts as readable only where every character that is shown has a meaning in Unicode."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from einvoice.pdf.glyphs import encoding, unicode_of
from einvoice.pdf.readable import readable
from einvoice.pdf.stand_ins import stand_in_for
from einvoice.pdf.usage import usage


def shows(contents: bytes, font: Dictionary, cmap: bytes | None = None) -> bool:
    """Whether a page with these contents and this font is readable."""
    pdf = pikepdf.new()
    if cmap is not None:
        font.ToUnicode = Stream(pdf, cmap)
    pdf.add_blank_page()
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    pdf.pages[0].Contents = Stream(pdf, contents)
    return readable(usage(pdf))


def wide() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type0, Encoding=Name("/Identity-H"))


def single(encoding: pikepdf.Object | None = None) -> Dictionary:
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType)
    if encoding is not None:
        font.Encoding = encoding
    return font


@pytest.mark.parametrize(
    ("cmap", "expected"),
    [
        (b"1 beginbfchar <0041> <0041> endbfchar", True),
        (b"1 beginbfchar <0041> <> endbfchar", False),
        (b"1 beginbfchar <0041> <0000> endbfchar", False),
        (b"1 beginbfchar <0041> <FEFF> endbfchar", False),
        (b"1 beginbfchar <0042> <0042> endbfchar", False),
        (b"1 beginbfrange <0040> <0042> <0061> endbfrange", True),
        (b"1 beginbfrange <0040> <0041> [<0061> <00660069>] endbfrange", True),
        (b"1 beginbfrange <0040> <0042> [<0061>] endbfrange", False),
        (b"2 beginbfrange <0000> <0001> [<0061> <0062>] <0041> <0041> <0041> endbfrange", True),
        (b"", False),
    ],
)
def test_a_font_of_glyphs_needs_a_meaning_for_each_that_is_shown(cmap: bytes, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert shows(b"BT /F 9 Tf <0041> Tj ET", wide(), cmap) is expected


def test_a_font_that_nothing_is_shown_with_does_not_count() -> None:
    assert shows(b"BT /F 9 Tf ET", wide())


def test_an_encoding_that_is_not_known_is_not_readable() -> None:
    font = wide()
    font.Encoding = Name("/UniJIS-UCS2-H")
    assert not shows(b"BT /F 9 Tf <0041> Tj ET", font, b"1 beginbfchar <0041> <0041> endbfchar")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Name.WinAnsiEncoding, True),
        (Name.MacRomanEncoding, True),
        (None, False),
        (Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=Array([65, Name("/Aogonek")])), True),
        (Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=Array([65, Name("/g17")])), False),
        (Dictionary(Differences=Array([65, Name("/A"), Name("/B")])), True),
    ],
)
def test_a_simple_font_may_name_its_glyphs(said: pikepdf.Object | None, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert shows(b"BT /F 9 Tf (A) Tj ET", single(said)) is expected


@pytest.mark.parametrize(
    "contents",
    [
        b"BT /F 9 Tf [(A) -20 (A)] TJ ET",
        b"q BT /F 9 Tf ET Q BT /F 9 Tf (A) ' ET",
        b'BT /F 9 Tf 0 0 (A) " ET',
    ],
)
def test_every_way_of_showing_text_is_seen(contents: bytes) -> None:
    assert not shows(contents, wide())


def test_text_in_forms_and_patterns_is_seen() -> None:
    pdf = pikepdf.new()
    inner = Dictionary(Font=Dictionary(F=pdf.make_indirect(wide())))
    form = Stream(pdf, b"BT /F 9 Tf <0041> Tj ET", Type=Name.XObject, Subtype=Name.Form, Resources=inner)
    pdf.add_blank_page()
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(X=pdf.make_indirect(form)))
    pdf.pages[0].Contents = Stream(pdf, b"/X Do")
    assert not readable(usage(pdf))
    pdf.pages[0].Resources = Dictionary(Pattern=Dictionary(X=pdf.make_indirect(form)))
    pdf.pages[0].Contents = Stream(pdf, b"/Pattern cs /X scn 0 0 9 9 re f")
    assert not readable(usage(pdf))


def test_text_without_a_font_is_not_known() -> None:
    assert not shows(b"BT (A) Tj ET", single(Name.WinAnsiEncoding))


def test_glyphs_have_names() -> None:
    assert (encoding("/WinAnsiEncoding")[0x80], encoding("/WinAnsiEncoding")[0xA0]) == ("Euro", "space")
    assert (encoding("/MacRomanEncoding")[0x80], encoding(None)[0x27]) == ("Adieresis", "quoteright")
    assert (unicode_of("Euro"), unicode_of("g17"), unicode_of("f_i")) == (0x20AC, None, None)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("/Helvetica", "Arimo-Regular"),
        ("/ABCDEF+Arial,BoldItalic", "Arimo-BoldItalic"),
        ("/ArialMT", "Arimo-Regular"),
        ("/Arial-BoldMT", "Arimo-Bold"),
        ("/TimesNewRomanPS-BoldItalicMT", "Tinos-BoldItalic"),
        ("/Times-Roman", "Tinos-Regular"),
        ("/Courier-Oblique", "Cousine-Italic"),
        ("/CourierNew", "Cousine-Regular"),
        ("/ZapfDingbats", None),
        ("/Symbol", None),
        ("/Verdana", None),
        ("/Arial-Black", None),
        ("/Helvetica-Narrow", None),
    ],
)
def test_a_font_has_a_stand_in_only_where_it_is_as_wide(name: str, file: str | None) -> None:
    assert stand_in_for(name) == file
