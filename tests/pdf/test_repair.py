# SPDX-License-Identifier: Apache-2.0
"""Printouts of all kinds become PDF/A-3 pages that show what they showed, or are refused with the clause."""

from __future__ import annotations

import ast
import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from pypdf import PdfReader

from einvoice.errors import PdfError
from einvoice.pdf.attach import attach
from einvoice.pdf.conformity import conformity
from einvoice.pdf.extract import extract, unpack
from einvoice.pdf.repair import confirm, repair
from einvoice.rules.catalogue import catalogue
from tests.architecture.house import PACKAGE, tree
from tests.pdf.making import CII, page
from tests.pdf.printouts import (
    GOOD,
    OLD,
    REFUSED,
    attached,
    changed,
    hybrid,
    reportlab_standard,
    typst_archive,
    typst_plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)
UNCHANGED = sorted(GOOD.keys() - {"reportlab_standard", "fpdf_standard", "false_claim"})


def made(data: bytes, *, replace: bool = False) -> bytes:
    """The printout with an invoice inside."""
    return attach(repair(data, replace=replace).data, CII, profile="minimum", modified=NOON)


def texts(data: bytes) -> list[str]:
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages]


def everything(data: bytes) -> bytes:
    """All objects of a file, unpacked."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [item.unparse(resolved=True) for item in pdf.objects]
        return b"\n".join(found + [item.read_bytes() for item in pdf.objects if isinstance(item, Stream)])


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_printout_becomes_a_factur_x_file_with_the_same_text(name: str) -> None:
    source = GOOD[name]()
    result = made(source)
    confirm(result)
    assert texts(result) == texts(source)
    assert extract(result).xml == CII
    assert made(source) == result, "the same input gives the same bytes"


@pytest.mark.parametrize("name", UNCHANGED)
def test_what_the_pages_draw_is_not_touched(name: str) -> None:
    source = GOOD[name]()
    with pikepdf.open(io.BytesIO(source)) as before, pikepdf.open(io.BytesIO(made(source))) as after:
        for old, new in zip(before.pages, after.pages, strict=True):
            old.contents_coalesce()
            new.contents_coalesce()
            assert new.Contents.read_bytes() == old.Contents.read_bytes()
            assert new.MediaBox == old.MediaBox


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_printout_that_cannot_be_taken_is_refused_with_its_clause(name: str) -> None:
    make, code, named = REFUSED[name]
    with pytest.raises(PdfError) as caught:
        confirm(made(make()))
    assert (caught.value.code, named in str(caught.value)) == (code, True), caught.value
    assert "\n" not in str(caught.value)
    assert re.search(r"ISO (19005-3|32000-1), \d|no clause of ISO 19005-3", str(caught.value)), caught.value
    assert ";" in str(caught.value) or "," in str(caught.value), "there is a way out"


@pytest.mark.parametrize("module", ["obstacles", "repair", "embed", "limits", "xmp"])
def test_no_refusal_is_written_without_a_clause(module: str) -> None:
    """What a refusal says, in the code: a clause, that no clause says it, or what the judgement found."""
    calls = [node for node in ast.walk(tree(PACKAGE / "pdf" / f"{module}.py")) if isinstance(node, ast.Call)]
    said = [
        ast.unparse(call.args[0]) for call in calls if isinstance(call.func, ast.Name) and "PdfError" in call.func.id
    ]
    assert said
    assert [text for text in said if "ISO " not in text and "{first(found)}" not in text] == []


@pytest.mark.parametrize("language", ["de", "fr"])
def test_refusals_and_repairs_are_told_in_every_language(language: str) -> None:
    words = catalogue(language)
    said = [told for name in ("scripted", "unzoned", "smoothed") for told in repair(GOOD[name]()).told]
    said += repair(changed(typst_archive(), lambda pdf: setattr(pdf.Root, "Lang", String("xx yy")))).told
    for make, *_ in REFUSED.values():
        with pytest.raises(PdfError) as caught:
            confirm(repair(make()).data)
        said.append(str(caught.value))
    assert [text for text in said if not words.knows(text, "pdf")] == []


def test_no_byte_of_the_former_invoice_stays() -> None:
    source = hybrid()
    assert b"R-OLD-77" in everything(source)
    result = made(source, replace=True)
    assert b"R-OLD-77" not in everything(result)
    assert extract(result).xml == CII


def test_a_former_invoice_is_found_and_taken_out_wherever_it_hangs() -> None:
    def hide(pdf: pikepdf.Pdf) -> None:
        attached(pdf, "data.xml", OLD)  # no well-known name
        file = Dictionary(
            Type=Name.Filespec, F=String("x.xml"), EF=Dictionary(F=pdf.make_indirect(Stream(pdf, OLD + b" ")))
        )
        pdf.pages[0].AF = Array([file])
        note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=file, F=4)
        pdf.pages[0].Annots = Array([pdf.make_indirect(note)])

    source = changed(page("1.7"), hide)
    with pytest.raises(PdfError, match="--replace"):
        repair(source)
    result = made(source, replace=True)
    assert b"R-OLD-77" not in everything(result)
    assert [file.content for file in unpack(result, everything=True).files] == [CII]


def test_replacing_again_does_not_grow_the_file() -> None:
    once = made(page("1.7"))
    twice = made(once, replace=True)
    assert len(made(twice, replace=True)) <= len(once) + 200


def test_attachments_that_stay_get_what_the_archive_asks_of_them() -> None:
    result = made(GOOD["with_attachment"]())
    files = {file.name: file for file in unpack(result, everything=True).files}
    assert (files["hours.csv"].content, files["hours.csv"].mime, files["hours.csv"].relationship) == (
        b"day;hours\n",
        "text/csv",
        "Unspecified",
    )


def test_a_claim_of_accessibility_that_goes_is_told_with_its_clause() -> None:
    found = repair(changed(typst_archive(), lambda pdf: setattr(pdf.Root, "Lang", String("xx yy"))))
    assert (found.accessible, conformity(found.data).accessible) == (False, False)
    assert found.told == (
        (
            "took away the claim of PDF/UA-1 that the printout makes: its language is not stated as languages are"
            " (ISO 14289-1, 7.2)"
        ),
    )


def _gradient(pdf: pikepdf.Pdf, **changes: object) -> None:
    """A gradient along a line, chosen as a pattern and painted as it is."""
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0]), C1=Array([0, 0, 1]), N=1)
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 9, 9]), Function=function)
    shading.update(changes)
    resources = pdf.pages[0].obj.Resources
    resources.Shading = Dictionary(S0=shading)
    resources.Pattern = Dictionary(P0=Dictionary(Type=Name.Pattern, PatternType=2, Shading=pdf.make_indirect(shading)))
    pdf.pages[0].contents_add(b"q 9 9 9 9 re W n /S0 sh Q /Pattern cs /P0 scn 0 0 9 9 re f")


def test_gradients_in_colours_of_the_screen_are_taken_as_they_are() -> None:
    found = repair(changed(typst_plain(), _gradient))
    assert conformity(found.data).verdict == "pass"
    with pikepdf.open(io.BytesIO(found.data)) as pdf:
        assert int(pdf.pages[0].obj.Resources.Shading.S0.ShadingType) == 2


def _calibrated() -> Array:
    return Array([Name.CalRGB, Dictionary(WhitePoint=Array([1, 1, 1]))])


def _recoloured(pdf: pikepdf.Pdf) -> None:
    _gradient(pdf)
    pdf.pages[0].obj.Resources.ColorSpace.DefaultRGB = _calibrated()


def _with_state(pdf: pikepdf.Pdf) -> None:
    _gradient(pdf)
    pdf.pages[0].obj.Resources.Pattern.P0.ExtGState = Dictionary()


def _tiled(pdf: pikepdf.Pdf) -> None:
    """A pattern of tiles."""
    tile = Stream(pdf, b"0 0 5 5 re f", PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 9, 9]))
    tile.XStep, tile.YStep, tile.Resources = 9, 9, Dictionary()
    pdf.pages[0].obj.Resources.Pattern = Dictionary(P0=pdf.make_indirect(tile))
    pdf.pages[0].contents_add(b"/Pattern cs /P0 scn 0 0 9 9 re f")


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: _gradient(pdf, **{"/ColorSpace": Name.DeviceCMYK}),
        lambda pdf: _gradient(pdf, **{"/Strange": 1}),
        lambda pdf: _gradient(pdf, **{"/ShadingType": 9}),
        _recoloured,
        _with_state,
        _tiled,
    ],
    ids=["of a printer", "with more to it", "of no kind", "in other colours", "with a state", "of tiles"],
)
def test_other_gradients_and_patterns_are_refused_by_name(change: Callable[[pikepdf.Pdf], object]) -> None:
    with pytest.raises(PdfError, match=r"a gradient or a pattern .* \(ISO 19005-3, 6\.2\.4\.3\); let the program"):
        confirm(repair(changed(typst_plain(), change)).data)


def _drawn_mask(pdf: pikepdf.Pdf, space: Name) -> None:
    """A picture whose mask is drawn as a picture too."""
    keys = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8}
    mask = pdf.make_indirect(Stream(pdf, b"\xff" * 3, ColorSpace=space, **keys))
    picture = pdf.make_indirect(Stream(pdf, b"abc", ColorSpace=Name.DeviceRGB, SMask=mask, ColorTransform=0, **keys))
    pdf.pages[0].obj.Resources.XObject = Dictionary(A=mask, B=picture)
    pdf.pages[0].contents_add(b"/A Do /B Do")


def test_what_browsers_write_into_pictures_and_masks_is_taken() -> None:
    found = repair(changed(typst_plain(), lambda pdf: _drawn_mask(pdf, Name.DeviceGray)))
    assert conformity(found.data).verdict == "pass"
    with pikepdf.open(io.BytesIO(found.data)) as pdf:
        assert "/ColorTransform" not in pdf.pages[0].obj.Resources.XObject.B
    with pytest.raises(PdfError, match="already checked"):
        confirm(repair(changed(typst_plain(), lambda pdf: _drawn_mask(pdf, Name.DeviceRGB))).data)


def test_a_link_that_sends_a_form_is_not_forbidden() -> None:
    def send(pdf: pikepdf.Pdf) -> None:
        action = Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String("https://example.org")))
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), F=4, A=action)
        pdf.pages[0].Annots = Array([pdf.make_indirect(link)])

    data = repair(changed(typst_plain(), send)).data
    assert conformity(data).verdict == "pass"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.pages[0].obj.Annots[0].A.S) == "/SubmitForm"


@pytest.mark.parametrize("archive", [True, False])
def test_a_reference_to_a_file_outside_is_taken_out(archive: bool) -> None:  # noqa: FBT001 - a parameter
    def refer(pdf: pikepdf.Pdf) -> None:
        file = Dictionary(Type=Name.Filespec, F=String("https://example.org/x"), FS=Name.URL)
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("x"), file])))
        pdf.pages[0].AF = Array([file])
        pdf.Root.AF = Array([pdf.make_indirect(file)])

    found = repair(changed(typst_archive() if archive else typst_plain(), refer))
    assert found.told == ("took out a reference to a file that is not inside the PDF (ISO 19005-3, 6.8)",)
    assert conformity(found.data).breaches == ()


def test_an_archive_whose_attachment_lacks_what_it_needs_is_repaired() -> None:
    """The file specification stands in the tree of names itself, where a look at the objects alone misses it."""
    found = repair(changed(typst_archive(), lambda pdf: attached(pdf, "hours.csv", b"day;hours\n")))
    assert conformity(found.data).verdict == "pass"
    with pikepdf.open(io.BytesIO(found.data)) as pdf:
        assert (str(pdf.Root.AF[0].UF), str(pdf.Root.AF[0].EF.F.Subtype)) == ("hours.csv", "/text/csv")


@pytest.mark.parametrize(
    ("level", "claim", "accessible"), [("a-3u", "U", True), ("a-3a", "U", True), ("a-2u", "U", False)]
)
def test_what_holds_is_claimed(level: Literal["a-3u", "a-3a", "a-2u"], claim: str, accessible: bool) -> None:  # noqa: FBT001 - a parameter
    found = repair(page(level))
    assert (found.claim, found.accessible) == (f"PDF/A-3{claim}", accessible)
    assert conformity(made(page(level))).claim == f"PDF/A-3{claim}"


def test_text_without_a_meaning_takes_the_claim_of_level_u_and_of_accessibility_away() -> None:
    def mute(pdf: pikepdf.Pdf) -> None:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and "/ToUnicode" in item:
                del item["/ToUnicode"]

    found = repair(changed(typst_archive(), mute))
    assert (found.claim, found.accessible) == ("PDF/A-3B", False)


@pytest.mark.parametrize("key", ["/MarkInfo", "/Lang", "/StructTreeRoot"])
def test_what_speaks_against_accessibility_takes_its_claim_away(key: str) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[key]

    assert repair(changed(typst_archive(), change)).accessible is False


@pytest.mark.parametrize(
    "painting", [b"0 0 10 10 re f", b"0 0 m 9 9 l S", b"BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI", b"BT ET (A) Tj"]
)
def test_untagged_painting_takes_the_claim_of_accessibility_away(painting: bytes) -> None:
    def paint(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(Stream(pdf, painting))

    assert repair(changed(typst_archive(), paint)).accessible is False


def test_tags_outlines_language_and_destinations_stay() -> None:
    def outlined(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root.insert(0, pikepdf.OutlineItem("Top", 0))
        pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String("t"), Array([pdf.pages[0].obj, Name.Fit])])))

    source = changed(typst_archive(), outlined)
    with pikepdf.open(io.BytesIO(made(source))) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.StructTreeRoot.K) > 0
        assert str(pdf.Root.Outlines.First.Title) == "Top"
        assert str(pdf.Root.Names.Dests.Names[0]) == "t"
        assert isinstance(pdf.Root.Names.EmbeddedFiles, Dictionary)


def test_what_a_user_might_miss_is_told() -> None:
    told = " ".join(repair(GOOD["scripted"]()).told)
    assert all(word in told for word in ("JavaScript", "when the file is opened", "6.5.1", "in place of Helvetica"))
    assert "took out 1 hidden annotations (ISO 19005-3, 6.3.2)" in repair(GOOD["unzoned"]()).told


def test_the_smoothing_of_pictures_is_taken_out_and_told() -> None:
    assert any("6.2.8" in told for told in repair(GOOD["smoothed"]()).told)
    assert repair(GOOD["scan"]()).told == ()


def test_a_stand_in_is_as_wide_as_the_font_it_stands_for() -> None:
    source, result = reportlab_standard(), made(reportlab_standard())
    places = []
    for data in (source, result):
        found: list[tuple[str, int]] = []
        sheet = PdfReader(io.BytesIO(data)).pages[0]
        sheet.extract_text(visitor_text=lambda text, _, matrix, *__: found.append((text.strip(), round(matrix[4]))))  # noqa: B023 - used at once
        places.append(found)
    assert places[0] == places[1]
    with pikepdf.open(io.BytesIO(result)) as pdf:
        fonts = [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/Type") == Name.Font]
        names = {re.sub(r"^/[A-Z]{6}\+", "", str(font.BaseFont)) for font in fonts}
        assert names == {
            "Arimo-Regular",
            "Arimo-Italic",
            "Tinos-Regular",
            "Tinos-BoldItalic",
            "Cousine-Regular",
            "Cousine-Bold",
        }
        helvetica = next(font for font in fonts if str(font.BaseFont).endswith("Arimo-Regular"))
        widths = [int(str(helvetica.Widths[code])) for code in b"AWi"]
        assert widths == [667, 944, 222]


def test_dates_do_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    found = repair(GOOD["unzoned"]())
    assert found.modified is not None
    assert found.modified.utcoffset() is not None
