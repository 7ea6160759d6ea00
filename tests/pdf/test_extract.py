# SPDX-License-Identifier: Apache-2.0
"""The invoice of a hybrid PDF is found wherever it hangs, and never chosen in silence."""

from __future__ import annotations

import hashlib
import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from einvoice.errors import PdfError
from einvoice.pdf.extract import Attachment, Embedded, extract
from einvoice.pdf.limits import PdfLimits
from tests.pdf.making import CII, ORDER, PAGES, UBL, document, flate, hybrid, spec, stream, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILE = {10: spec("factur-x.xml", 11), 11: flate(CII)}


def code(data: bytes, **options: Any) -> str | None:  # noqa: ANN401 -- passed through
    """The code of the error that extraction raises."""
    with pytest.raises(PdfError) as caught:
        extract(data, **options)
    return caught.value.code


def encrypted(data: bytes, **options: Any) -> bytes:  # noqa: ANN401 -- passed through
    """The same PDF, encrypted."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(**options))
    return target.getvalue()


# ------------------------------------------------------------------------------------------ where it hangs


def test_everything_about_the_invoice_is_reported() -> None:
    packet = (
        b"<x xmlns:fx='urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#'>"
        b"<fx:ConformanceLevel>MINIMUM</fx:ConformanceLevel></x>"
    )
    objects = {
        10: spec("factur-x.xml", 11, b"/AFRelationship/Data"),
        11: flate(CII, b"/Subtype/text#2Fxml"),
        12: spec("../time sheet.pdf", 13, b"/AFRelationship/Supplement"),
        13: stream(b"%PDF", b"/Subtype/application#2Fpdf"),
        14: stream(packet, b"/Type/Metadata"),
    }
    tree = b"/Names<</EmbeddedFiles<</Names[(a) 10 0 R(b) 12 0 R]>>>>/Metadata 14 0 R"
    sheet = Attachment(
        name="../time sheet.pdf", safe_name="time sheet.pdf", relationship="Supplement", mime="application/pdf"
    )
    assert extract(document(tree, objects)) == Embedded(
        name="factur-x.xml",
        safe_name="factur-x.xml",
        relationship="Data",
        mime="text/xml",
        xml=CII,
        level="MINIMUM",
        others=(sheet,),
    )


@pytest.mark.parametrize(
    "catalog",
    [
        b"/Names<</EmbeddedFiles<</Names[(a) 10 0 R]>>>>",
        b"/Names<</EmbeddedFiles<</Kids[<</Kids[<</Names[(a) 10 0 R]>>]>>]>>>>",
        b"/AF[10 0 R]",
        b"/AF 10 0 R",
        b"/AF[10 0 R 10 0 R]/Names<</EmbeddedFiles<</Names[(a) 10 0 R(b) 10 0 R]>>>>",
    ],
)
def test_an_invoice_is_found_in_the_catalog(catalog: bytes) -> None:
    assert extract(document(catalog, FILE)).xml == CII


@pytest.mark.parametrize(
    "entries",
    [b"/AF[10 0 R]", b"/Annots[<</Subtype/FileAttachment/FS 10 0 R>>]", b"/Annots[<</Subtype/Link>> 10 0 R]/AF 10 0 R"],
)
def test_an_invoice_is_found_on_a_page(entries: bytes) -> None:
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", **PAGES, **FILE, 3: b"<</Type/Page%b>>" % entries}
    assert extract(write(objects)).xml == CII


def test_the_unicode_name_is_preferred() -> None:
    objects = {
        10: spec("old.dat", 11, b"/UF<FEFF" + "Größe.xml".encode("utf-16-be").hex().encode() + b">"),
        11: flate(UBL),
    }
    assert extract(document(b"/AF[10 0 R]", objects)).name == "Größe.xml"


def test_any_of_its_names_makes_a_well_known_invoice() -> None:
    objects = {10: spec("x", 11), 11: flate(CII)}
    found = extract(document(b"/Names<</EmbeddedFiles<</Names[(ZUGFeRD-invoice.xml) 10 0 R]>>>>", objects))
    assert found.name == "x"


@pytest.mark.parametrize(
    "name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml", "CII.XML"]
)
def test_a_well_known_name_needs_no_look_inside(name: str) -> None:
    assert extract(hybrid((name, b"anything"), ("other.xml", UBL))).xml == b"anything"


@pytest.mark.parametrize("content", [CII, UBL, b"<CreditNote/>", b"<r:CrossIndustryDocument xmlns:r='u'/>"])
def test_another_name_will_do_if_an_invoice_is_inside(content: bytes) -> None:
    assert extract(hybrid(("4711.XML", content), ("data.xml", b"<data/>"))).xml == content


def test_another_name_will_do_by_its_media_type() -> None:
    assert extract(hybrid(("4711", UBL))).xml == UBL


def test_a_name_in_no_known_encoding_is_read_as_latin_1() -> None:
    objects = {10: b"<</F<8f9d902e786d6c>/EF<</F 11 0 R>>>>", 11: flate(UBL)}
    assert extract(document(b"/AF[10 0 R]", objects)).xml == UBL


def test_bytes_before_and_after_the_pdf_do_not_matter() -> None:
    plain = hybrid(("factur-x.xml", CII))
    assert extract(b"HTTP/1.1 200 OK\r\n\r\n" + plain).xml == CII
    assert extract(plain + b"\n" * 5_000).xml == CII


def test_objects_in_object_streams_are_read() -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(hybrid(("factur-x.xml", CII)))) as pdf:
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/ObjStm" in target.getvalue()
    assert extract(target.getvalue()).xml == CII


def test_a_stream_that_stands_where_only_a_reference_may_stand_is_read() -> None:
    objects = {10: b"<</F(factur-x.xml)/EF<</F %b>>>>" % stream(CII, b"/Type/EmbeddedFile")}
    found = extract(document(b"/AF[10 0 R]/Names<</EmbeddedFiles<</Names[(a) 10 0 R]>>>>", objects))
    assert (found.xml, found.others) == (CII, ())


def test_trees_that_contain_themselves_are_walked_once() -> None:
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 20 0 R>>>>",
        2: b"<</Type/Pages/Kids[2 0 R 3 0 R 3 0 R]/Count 1>>",
        3: b"<</Type/Page/Annots 21 0 R>>",
        **FILE,
        20: b"<</Kids[20 0 R 22 0 R]>>",
        21: b"[23 0 R 23 0 R]",
        22: b"<</Names[(a) 10 0 R]/Kids[20 0 R]>>",
        23: b"<</Subtype/FileAttachment/FS 10 0 R>>",
    }
    assert extract(write(objects)).others == ()


# ---------------------------------------------------------------------------------------------- which one


def test_two_invoices_are_refused_and_listed() -> None:
    with pytest.raises(PdfError, match=r"2 invoices.*'factur-x\.xml', 'xrechnung\.xml'") as caught:
        extract(hybrid(("factur-x.xml", CII), ("xrechnung.xml", UBL)), source="a.pdf")
    assert (caught.value.code, caught.value.source) == ("PDF_AMBIGUOUS", "a.pdf")


def test_two_unnamed_invoices_are_refused() -> None:
    assert code(hybrid(("a.xml", CII), ("b.xml", UBL))) == "PDF_AMBIGUOUS"


def test_one_specification_with_two_different_streams_is_refused() -> None:
    objects = {10: b"<</F(factur-x.xml)/EF<</F 11 0 R/UF 12 0 R>>>>", 11: flate(CII), 12: flate(UBL)}
    assert code(document(b"/AF[10 0 R]", objects)) == "PDF_AMBIGUOUS"


def test_an_invoice_that_cannot_be_unpacked_still_counts() -> None:
    broken = stream(b"", b"/DecodeParms<</Predictor 12>>")
    objects = {10: b"<</F(factur-x.xml)/EF<</F 11 0 R/UF 12 0 R>>>>", 11: flate(CII), 12: broken}
    assert code(document(b"/AF[10 0 R]", objects)) == "PDF_AMBIGUOUS"


def test_an_xml_that_cannot_be_unpacked_is_no_candidate() -> None:
    broken = stream(b"", b"/DecodeParms<</Predictor 12>>")
    objects = {10: b"<</F(a.xml)/EF<</F 11 0 R/UF 12 0 R>>>>", 11: flate(CII), 12: broken}
    assert extract(document(b"/AF[10 0 R]", objects)).xml == CII


def test_copies_of_one_invoice_are_one() -> None:
    objects = {10: b"<</F(factur-x.xml)/EF<</F 11 0 R/UF 12 0 R>>>>", 11: flate(CII), 12: flate(CII)}
    assert extract(document(b"/AF[10 0 R]", objects)).xml == CII


def test_copies_that_are_packed_differently_are_one() -> None:
    objects = {10: b"<</F(factur-x.xml)/EF<</F 11 0 R/UF 12 0 R>>>>", 11: flate(CII), 12: stream(CII)}
    assert extract(document(b"/AF[10 0 R]", objects)).xml == CII


def test_two_invoices_of_one_name_are_numbered_and_a_number_chooses() -> None:
    data = hybrid(("hours.csv", b"a;b"), ("factur-x.xml", CII), ("factur-x.xml", UBL))
    with pytest.raises(PdfError, match=r"2: 'factur-x\.xml', 3: 'factur-x\.xml'; .*--attachment NUMBER"):
        extract(data)
    with pytest.raises(PdfError, match=r"2: 'factur-x\.xml', 3: 'factur-x\.xml'; .*--attachment NUMBER"):
        extract(data, attachment="factur-x.xml")
    assert [extract(data, attachment=number).xml for number in ("2", "3")] == [CII, UBL]
    for number in ("0", "4", "-1", "٢", "9" * 30):
        assert code(data, attachment=number) == "PDF_NO_INVOICE"


def test_a_name_goes_before_a_number() -> None:
    data = hybrid(("factur-x.xml", CII), ("1", UBL))
    assert extract(data, attachment="1").xml == UBL


def test_one_stream_reached_by_two_ways_is_one() -> None:
    objects = {**FILE, 12: spec("factur-x.xml", 11)}
    found = extract(document(b"/AF[12 0 R]/Names<</EmbeddedFiles<</Names[(a) 10 0 R]>>>>", objects))
    assert (found.xml, found.others) == (CII, ())


def test_the_user_can_name_the_attachment() -> None:
    data = hybrid(("factur-x.xml", CII), ("xrechnung.xml", UBL), ("notes.txt", b"hello"))
    assert extract(data, attachment="xrechnung.xml").xml == UBL
    assert extract(data, attachment="notes.txt").xml == b"hello"
    with pytest.raises(PdfError, match=r"no attachment 'x'.*'factur-x\.xml'"):
        extract(data, attachment="x")


# ------------------------------------------------------------------------------------------------- none at all


def test_a_pdf_without_attachments_says_so() -> None:
    with pytest.raises(PdfError, match="no attachments at all; ask the sender") as caught:
        extract(document(b""), source="plain.pdf")
    assert str(caught.value).startswith("plain.pdf: ")
    assert caught.value.code == "PDF_NO_INVOICE"


def test_a_pdf_without_invoice_lists_what_it_has() -> None:
    with pytest.raises(PdfError, match=r"only these attachments: 'other\.xml', 'notes.txt'") as caught:
        extract(hybrid(("other.xml", b"<other/>"), ("notes.txt", b"x")))
    assert caught.value.code == "PDF_NO_INVOICE"


@pytest.mark.parametrize("name", ["order-x.xml", "purchase.xml"])
def test_an_order_is_taken_where_there_is_no_invoice(name: str) -> None:
    assert extract(hybrid((name, ORDER), ("notes.txt", b"x"))).xml == ORDER


def test_an_invoice_beside_an_order_is_the_one_that_is_taken() -> None:
    assert extract(hybrid(("order-x.xml", ORDER), ("a.xml", CII))).xml == CII


def test_many_attachments_are_not_all_listed() -> None:
    with pytest.raises(PdfError, match="and 5 more"):
        extract(hybrid(*((f"{number}.txt", b"") for number in range(15))))


def test_a_link_to_a_file_outside_is_no_attachment() -> None:
    assert code(document(b"/AF[<</F(factur-x.xml)>>]")) == "PDF_NO_INVOICE"


# --------------------------------------------------------------------------------------------- unreadable


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"<Invoice/>", "it is XML"),
        (b"MZ\x90", "begins with b'MZ"),
        (b'{"a": 1}', "JSON"),
        (hybrid(("factur-x.xml", CII))[:400], "cut off"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (document(b"").replace(b"/Catalog", b"/Cat").replace(b"/Pages", b"/P"), "damaged"),
        (document(b"/AF[10 0 R]", {10: b"<</F(factur-x.xml)/EF<</F 11 0 R>>>>", 11: b"<</Broken"}), "damaged"),
        (document(b"/AF[10 0 R]", {**FILE, 11: stream(b"xxx", b"/Filter/FlateDecode")}), "broken"),
        (document(b"/AF[10 0 R]", {**FILE, 11: stream(b"xxx", b"/Filter/DCTDecode")}), "DCTDecode"),
        (document(b"/AF[10 0 R]", {**FILE, 11: stream(b"", b"/DecodeParms<</Predictor 12>>")}), "predictor"),
        (document(b"/AF[10 0 R]", {**FILE, 11: stream(b"", b"/Filter[7]")}), "an unnamed filter"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, says: str) -> None:
    with pytest.raises(PdfError, match=says) as caught:
        extract(data)
    assert caught.value.code == "PDF_DAMAGED"


def test_a_broken_part_elsewhere_does_not_hide_the_invoice() -> None:
    objects = {**FILE, 12: b"<</Broken", 13: b"[("}
    assert extract(document(b"/Metadata 13 0 R/AF[12 0 R 10 0 R]", objects)).xml == CII


def test_broken_metadata_do_not_hide_the_invoice() -> None:
    objects = {**FILE, 12: stream(b"xxx", b"/Filter/FlateDecode")}
    assert extract(document(b"/Metadata 12 0 R/AF[10 0 R]", objects)).level is None


def test_a_wrong_table_of_objects_is_repaired() -> None:
    data = hybrid(("factur-x.xml", CII))
    start = data.rindex(b"startxref\n") + 10
    assert extract(data[:start] + b"7\n%%EOF\n").xml == CII


def test_the_size_that_the_file_states_is_not_believed() -> None:
    objects = {**FILE, 11: flate(CII, b"/Params<</Size 3>>")}
    assert extract(document(b"/AF[10 0 R]", objects)).xml == CII


# ------------------------------------------------------------------------------------------------ encrypted


def test_a_pdf_that_needs_a_password_is_refused() -> None:
    data = encrypted(hybrid(("factur-x.xml", CII)), user="u", owner="o", R=3, aes=False, metadata=False)
    with pytest.raises(PdfError, match="password") as caught:
        extract(data)
    assert caught.value.code == "PDF_ENCRYPTED"


def test_a_pdf_that_only_protects_rights_is_opened() -> None:
    data = encrypted(hybrid(("factur-x.xml", CII)), user="", owner="o", R=3, aes=False, metadata=False)
    assert extract(data).xml == CII


def test_aes_is_opened_or_the_missing_package_is_named() -> None:
    data = encrypted(hybrid(("factur-x.xml", CII)), user="", owner="o", R=6)
    if find_spec("cryptography") is None:
        with pytest.raises(PdfError, match="pip install cryptography") as caught:
            extract(data)
        assert caught.value.code == "PDF_ENCRYPTED"
    else:
        assert extract(data).xml == CII


# --------------------------------------------------------------------------------------------------- limits


def _many_attachments() -> bytes:
    return hybrid(*((f"{number}.txt", b"") for number in range(12)))


def _deep_tree() -> bytes:
    objects = {number: b"<</Kids[%d 0 R]>>" % (number + 1) for number in range(20, 30)}
    return document(b"/Names<</EmbeddedFiles 20 0 R>>", {**FILE, **objects, 30: b"<</Names[(a) 10 0 R]>>"})


@pytest.mark.parametrize(
    ("limits", "build"),
    [
        ({"file_bytes": 500}, lambda: hybrid(("factur-x.xml", CII))),
        ({"inflated_bytes": 100}, lambda: hybrid(("factur-x.xml", CII))),
        ({"attachments": 10}, _many_attachments),
        ({"depth": 9}, _deep_tree),
        ({"work": 200}, lambda: hybrid(("factur-x.xml", CII))),
    ],
)
def test_every_limit_can_be_set(limits: Mapping[str, int], build: Callable[[], bytes]) -> None:
    with pytest.raises(PdfError, match=next(iter(limits))) as caught:
        extract(build(), limits=PdfLimits(**limits))
    assert caught.value.code == "PDF_LIMIT"


def test_a_deep_tree_within_the_limit_is_read() -> None:
    assert extract(_deep_tree(), limits=PdfLimits(depth=10)).xml == CII


# --------------------------------------------------------------------------------------------------- corpus


def test_the_invoices_of_the_corpus_are_found_byte_for_byte(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    rows = [row for row in manifest if row["path"].endswith(".pdf")]
    assert rows
    wrong = []
    for row in rows:
        names = [entry["name"] for entry in row["pdf"]["attachments"]]
        data = (corpus / row["path"]).read_bytes()
        if sum(name.casefold() in {"factur-x.xml", "zugferd-invoice.xml"} for name in names) > 1:
            assert code(data) == "PDF_AMBIGUOUS"
            data_found = extract(data, attachment=row["pdf"]["attachment"])
        else:
            data_found = extract(data)
        digest = hashlib.sha256(data_found.xml).hexdigest()
        if digest != row["pdf"]["attachment_sha256"] or len(data_found.others) != len(names) - 1:
            wrong.append(row["path"])
    assert not wrong
