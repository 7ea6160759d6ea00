# SPDX-License-Identifier: Apache-2.0
"""A file is judged as PDF/A-3: right ones pass, wrong ones fail with their clause, the rest is an open question."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from einvoice.pdf.attach import attach
from einvoice.pdf.conformity import conformity
from einvoice.pdf.syntax import slips
from einvoice.pdf.tokens import excesses
from tests.pdf.making import CII, document, page
from tests.pdf.printouts import changed, encrypted, false_claim, reportlab_cmyk, typst_archive, typst_plain

if TYPE_CHECKING:
    from collections.abc import Callable


def hybrid() -> bytes:
    """A sound Factur-X file."""
    return attach(typst_archive(), CII, profile="minimum", modified=datetime(2026, 1, 6, tzinfo=UTC))


def clauses(data: bytes) -> set[str]:
    return {one.clause for one in conformity(data).breaches}


def spoiled(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    return changed(hybrid(), change)


def test_a_sound_file_passes_with_what_it_claims() -> None:
    found = conformity(hybrid())
    assert (found.verdict, found.claim, found.accessible, found.breaches, found.open) == (
        "pass",
        "PDF/A-3U",
        True,
        (),
        (),
    )


def _packet(change: Callable[[bytes], bytes]) -> Callable[[pikepdf.Pdf], object]:
    def apply(pdf: pikepdf.Pdf) -> None:
        stream = Stream(pdf, change(pdf.Root.Metadata.read_bytes()))
        stream.Type, stream.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = stream

    return apply


def _files(change: Callable[[pikepdf.Object], object]) -> Callable[[pikepdf.Pdf], object]:
    def apply(pdf: pikepdf.Pdf) -> None:
        change(pdf.Root.AF[0])

    return apply


def _drop(*keys: str) -> Callable[[pikepdf.Object], object]:
    def apply(item: pikepdf.Object) -> None:
        for key in keys:
            del item[key]

    return apply


def _inlined(*gone: str) -> Callable[[pikepdf.Pdf], object]:
    """The file specification stands in the tree of names itself, without some entries, and in no list."""

    def apply(pdf: pikepdf.Pdf) -> None:
        names = pdf.Root.Names.EmbeddedFiles.Names
        names[1] = Dictionary({key: value for key, value in names[1].items() if key not in gone})
        del pdf.Root["/AF"]

    return apply


def _listed(item: Dictionary) -> Callable[[pikepdf.Pdf], object]:
    return lambda pdf: pdf.pages[0].obj.__setitem__("/AF", Array([pdf.make_indirect(item)]))


def _named(item: Dictionary) -> Callable[[pikepdf.Pdf], object]:
    return lambda pdf: pdf.Root.Names.EmbeddedFiles.Names.extend([String("z"), pdf.make_indirect(item)])


BREACHES: list[tuple[str, Callable[[pikepdf.Pdf], object]]] = [
    ("6.6.4-1", _packet(lambda xmp: xmp.replace(b"pdfaid:part>3<", b"pdfaid:part><"))),
    ("6.6.4-2", _packet(lambda xmp: xmp.replace(b"pdfaid:part>3<", b"pdfaid:part>2<"))),
    ("6.6.4-3", _packet(lambda xmp: xmp.replace(b"conformance>U<", b"conformance>X<"))),
    ("6.6.2.1-4", _packet(lambda xmp: xmp[:-200])),
    ("6.6.2.3.1-1", _packet(lambda xmp: xmp.replace(b":name>Version<", b":name>Another<"))),
    ("6.6.2.3.3-2", _packet(lambda xmp: xmp.replace(b"Schema:prefix>fx<", b"Schema:prefix><"))),
    ("6.6.2.3.3-4", _packet(lambda xmp: xmp.replace(b">Kind of the hybrid document<", b"><"))),
    ("6.6.2.3.3-11", _packet(lambda xmp: xmp.replace(b"category>external<", b"category>other<"))),
    ("6.8-1", _files(lambda file: _drop("/Subtype")(file.EF.F))),
    ("6.8-2", _files(_drop("/UF"))),
    ("6.8-3", _files(_drop("/AFRelationship"))),
    ("6.8-4", lambda pdf: _drop("/AF")(pdf.Root)),
    ("6.8-1", _files(lambda file: setattr(file.EF.F, "Subtype", Name("/text/xml;charset=utf-8")))),
    ("6.8-1", lambda pdf: setattr(pdf.Root.AF[0].EF, "DOS", Stream(pdf, b"x"))),
    ("6.8-3", _inlined("/AFRelationship")),
    ("6.8-2", _inlined("/UF")),
    ("6.8-4", _inlined()),
    ("6.8-4", lambda pdf: setattr(pdf.Root, "AF", pdf.Root.AF[0])),
    ("6.8-3", _listed(Dictionary(Type=Name.Filespec, F=String("https://example.org"), FS=Name.URL))),
    ("6.8-3", _named(Dictionary(F=String("https://example.org"), FS=Name.URL))),
    ("6.8-4", lambda pdf: setattr(pdf.pages[0], "PieceInfo", Dictionary(X=Dictionary(Type=Name.Filespec)))),
    ("6.4.1-3", lambda pdf: setattr(pdf.Root, "AcroForm", Dictionary(Fields=Array(), NeedAppearances=True))),
    ("6.6.2.1-1", lambda pdf: _drop("/Subtype")(pdf.Root.Metadata)),
    ("6.1.7.1-3", _files(lambda file: setattr(file.EF.F, "F", String("outside.bin")))),
    ("6.1.13-1", _files(lambda file: file.__setitem__("/X", 2**31))),
    ("6.1.13-3", _files(lambda file: setattr(file, "Desc", String("a" * 32_768)))),
    ("6.1.13-4", _files(lambda file: file.__setitem__("/X", Array([Name("/" + "a" * 128)])))),
    ("6.1.13-3", lambda pdf: setattr(pdf.Root.MarkInfo, "Type", String("a" * 32_768))),
    ("6.5.1-1", lambda pdf: setattr(pdf.Root, "OpenAction", Dictionary(S=Name.JavaScript, JS="app.alert(1)"))),
]


@pytest.mark.parametrize(
    ("clause", "change"), BREACHES, ids=[f"{clause} ({number})" for number, (clause, _) in enumerate(BREACHES)]
)
def test_a_breach_is_named_with_its_clause(clause: str, change: Callable[[pikepdf.Pdf], object]) -> None:
    found = conformity(spoiled(change))
    assert found.verdict == "fail" or (clause == "6.5.1-1" and found.open), found
    assert clause in {one.clause for one in found.breaches} or clause == "6.5.1-1"


@pytest.mark.parametrize(
    ("number", "breaches"), [(2**31 - 1, set()), (-(2**31), set()), (2**31, {"6.1.13-1"}), (-(2**31) - 1, {"6.1.13-1"})]
)
def test_whole_numbers_are_those_of_32_bits(number: int, breaches: set[str]) -> None:
    """From -2147483648 to 2147483647 (ISO 19005-3, 6.1.13)."""
    with pikepdf.new() as pdf:
        pdf.Root.X = Array([number])
        assert dict(excesses(pdf)).keys() == breaches


def test_fonts_and_colours_fail_with_their_clauses() -> None:
    assert any(clause.startswith("6.2.11.4.1") for clause in clauses(false_claim()))
    assert "6.6.4-1" in clauses(typst_plain())
    assert "6.6.2.1-1" in clauses(reportlab_cmyk()), "it has no metadata at all"


def test_an_encrypted_file_fails() -> None:
    assert clauses(encrypted()) == {"6.1.3-2"}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n%%EOF", b"\0" * 2000, document(b"/Names 7 0 R")])
def test_whatever_comes_there_is_an_answer(data: bytes) -> None:
    assert conformity(data).verdict in {"fail", "not checked"}


def test_level_a_is_never_said_to_be_checked() -> None:
    found = conformity(page("a-3a"))
    assert (found.verdict, found.claim) == ("pass", "PDF/A-3A")
    assert any("tags of level A" in one for one in found.open)


def test_a_claim_of_level_u_without_meanings_is_open() -> None:
    def mute(pdf: pikepdf.Pdf) -> None:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and "/ToUnicode" in item:
                del item["/ToUnicode"]

    found = conformity(spoiled(mute))
    assert (found.verdict, any("6.2.11.7.2" in one for one in found.open)) == ("not checked", True)


def test_a_file_that_a_picture_or_a_font_says_is_its_own_is_an_open_question() -> None:
    """Only what hangs at the catalog or at a page is certainly a part of the document."""

    def move(pdf: pikepdf.Pdf) -> None:
        element = next(item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/S") == Name.P)
        element.AF = pdf.Root.AF
        del pdf.Root["/AF"]

    found = conformity(spoiled(move))
    assert (found.verdict, any("associated with a part" in one for one in found.open)) == ("not checked", True)


def test_metadata_of_a_font_are_an_open_question() -> None:
    def describe(pdf: pikepdf.Pdf) -> None:
        for item in pdf.objects:
            for key in ("/FontFile2", "/FontFile3") if isinstance(item, Dictionary) else ():
                if key in item:
                    item[key].Metadata = Stream(pdf, b"junk", Type=Name.Metadata, Subtype=Name.XML)

    found = conformity(spoiled(describe))
    assert (found.verdict, any("6.6.2.1" in one for one in found.open)) == ("not checked", True)


@pytest.mark.parametrize(
    ("clause", "old", "new"),
    [
        ("6.1.2-1", b"%PDF-1.", b"%PDX-1."),
        ("6.1.3-3", b"%%EOF\n", b"%%EOF\nmore"),
    ],
)
def test_the_raw_syntax_is_looked_at(clause: str, old: bytes, new: bytes) -> None:
    data = hybrid()
    data = data if data.endswith(b"\n") else data + b"\n"
    assert list(slips(data)) == []
    assert clause in dict(slips(data.replace(old, new)))


def test_a_stream_has_the_length_that_it_states() -> None:
    head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Length 5>>\nstream"
    assert list(slips(head + b"\nabcde\nendstream\nendobj\n%%EOF\n")) == []
    assert dict(slips(head + b"\nabcd \nendstream\nendobj\n%%EOF\n")) == {}
    assert "6.1.7.1-1" in dict(slips(head + b"\nabcd\nendstream\nendobj\n%%EOF\n"))
    assert "6.1.7.1-2" in dict(slips(head + b"\rabcde\nendstream\nendobj\n%%EOF\n"))


def test_the_input_is_not_changed_by_judging() -> None:
    data = hybrid()
    before = bytes(data)
    conformity(data)
    assert data == before
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert isinstance(pdf.Root.AF, Array)
