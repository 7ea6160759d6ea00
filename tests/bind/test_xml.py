# SPDX-License-Identifier: Apache-2.0
"""The one XML parser: what it keeps, what it refuses, and what it costs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from einvoice.bind import xml
from einvoice.bind.xml import DEFAULT_LIMITS, Limits, parse
from einvoice.errors import EinvoiceError, FormatError, InputError, XmlError
from tests.counting import LINEAR, growth, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"


def invoice(lines: int) -> bytes:
    """A document in the shape of an invoice, about 640 bytes a line."""
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice xmlns="urn:x" xmlns:cbc="urn:y" xmlns:cac="urn:z">\n'
    line = (
        b"  <cac:InvoiceLine>\n    <cbc:ID>%d</cbc:ID>\n"
        b'    <cbc:InvoicedQuantity unitCode="C62">3</cbc:InvoicedQuantity>\n'
        b'    <cbc:LineExtensionAmount currencyID="EUR">300.00</cbc:LineExtensionAmount>\n'
        b"    <cac:Item>\n      <cbc:Description>Oak table, oiled, 180 x 90 cm</cbc:Description>\n"
        b"      <cbc:Name>Table</cbc:Name>\n      <cac:ClassifiedTaxCategory>\n        <cbc:ID>S</cbc:ID>\n"
        b"        <cbc:Percent>19</cbc:Percent>\n"
        b"        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>\n      </cac:ClassifiedTaxCategory>\n"
        b'    </cac:Item>\n    <cac:Price>\n      <cbc:PriceAmount currencyID="EUR">100.00</cbc:PriceAmount>\n'
        b"    </cac:Price>\n  </cac:InvoiceLine>\n"
    )
    return head + b"".join(line % number for number in range(lines)) + b"</Invoice>\n"


def refused(data: bytes, code: str, **limits: int) -> EinvoiceError:
    """Parse what must be refused, and return the error."""
    with pytest.raises(InputError) as caught:
        parse(data, limits=Limits(**limits), source="in.xml")
    error = caught.value
    assert error.code == code, str(error)
    assert error.source == "in.xml"
    return error


# ------------------------------------------------------------------------------------------------ what is kept


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<a>  two  words </a>", "  two  words "),
        (b"<a>  </a>", "  "),
        (b"<a> \r\n\r x</a>", " \n\n x"),
        (b"<a>  \r\n</a>", "  \n"),
        (b"<a> <!-- a comment --> x</a>", "  x"),
        (b"<a>x<!-- a comment -->y<?pi?>z</a>", "xyz"),
        (b"<a> <![CDATA[<b> & ]]> </a>", " <b> &  "),
        (b"<a>&#32;&amp;&lt;</a>", " &<"),
        (b"<a>&#13;</a>", "\r"),
        (b"<a/>", None),
    ],
)
def test_the_text_of_a_leaf_is_kept_to_the_letter(data: bytes, text: str | None) -> None:
    assert parse(data).text == text


def test_comments_and_processing_instructions_are_gone() -> None:
    root = parse(b"<?xml version='1.0'?><!-- x --><?y z?><a><!-- b --><c/><?d?></a><!-- e -->")
    assert [node.tag for node in root.iter()] == ["a", "c"]


@pytest.mark.parametrize("prolog", [b"<!-- title -->\n", b"<?xml version='1.0'?>\n<!-- a --> <?b c?>\n<!-- d -->"])
def test_a_title_before_the_root_does_not_keep_the_blanks_in_it(prolog: bytes) -> None:
    assert parse(prolog + b"<a>\n  <b>1</b>\n</a>").text is None


def test_blanks_between_elements_are_gone_where_that_is_safe() -> None:
    assert parse(b"<a>\r\n  <b>1</b>\r\n  <c> </c>\r\n</a>").text is None
    assert [node.tail for node in parse(b"<a>\n  <b>1</b>\n</a>")] == [None]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<a>\n  <!-- b --> <!-- ! -->\n  <b/> <!-- c > < --> \n</a> <!-- d -->", None),
        (b"<a>\n  <b/>\n  <!-- c -->\n</a>", None),
        (b"<a>\n  <b></b>\n  <!-- c -->\n</a>\n", None),
        (b"<a> <!-- the comment stands alone --> </a>", "  "),
        (b"<a>\n  <!-- b --> <?c d?> <b/></a>", "\n    "),
        (b"<a>\n" + b"<!-- b -->" * 20 + b"<b/>\n</a>", "\n"),
    ],
    ids=["between", "last", "behind a tag", "alone", "instruction", "many"],
)
def test_a_comment_keeps_blanks_where_it_can_stand_in_a_text(data: bytes, text: str | None) -> None:
    assert parse(data).text == text


_TEXT = st.text(st.sampled_from(" \t\n\rxy!?é€&<>"), max_size=6)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> bytes:
    """An element that holds either text or elements between blanks, perhaps with comments and CDATA."""
    if depth == 0 or draw(st.booleans()):
        parts = []
        for text in draw(st.lists(_TEXT, max_size=3)):
            escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            parts.append(draw(st.sampled_from([escaped, f"<![CDATA[{text}]]>", f"<!--{text}-->{escaped}"])))
        return f"<leaf>{''.join(parts)}</leaf>".encode()
    blank = draw(st.sampled_from(["", " ", "\n", "\r\n\t", "<?pi x?> ", "<!-- ! -->"])).encode()
    return b"<node>" + blank.join([b"", *draw(st.lists(trees(depth - 1), min_size=1, max_size=3)), b""]) + b"</node>"


_PROLOGS = st.lists(st.sampled_from([b"<!-- > <x/> -->", b"<?pi <!-- ?>", b"\n", b" <!-- <?x -->"]), max_size=3)


@given(st.builds(lambda prolog, tree: b"".join([*prolog, tree]), _PROLOGS, trees()))
def test_dropping_blanks_never_changes_a_leaf(data: bytes) -> None:
    """Every leaf reads as libxml2 reads it when it drops nothing."""
    plain = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True))

    def leaves(root: Any) -> list[tuple[str, str | None]]:  # noqa: ANN401 - lxml elements
        return [(node.tag, node.text) for node in root.iter() if node.tag == "leaf"]

    assert leaves(parse(data)) == leaves(plain)


# ---------------------------------------------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    "name",
    ["UTF-8", "utf8", "UTF-16", "ISO-8859-1", "latin1", "ISO-8859-15", "windows-1252", "cp1252", "US-ASCII"],
)
def test_allowed_encodings_are_read(name: str) -> None:
    text = f'<?xml version="1.0" encoding="{name}"?>\n<a>Müller &amp; Söhne</a>'
    data = text.encode(name, "xmlcharrefreplace")
    assert parse(data).text == "Müller & Söhne"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-8-sig", "utf-8", "utf-16"])
def test_without_a_declaration_the_bytes_tell(codec: str) -> None:
    assert parse("<a>Müller €</a>".encode(codec)).text == "Müller €"


@pytest.mark.parametrize(
    ("data", "line", "column", "says"),
    [
        (b'<?xml version="1.0"?>\n<a>\n  M\xfcller</a>', 3, 4, "0xfc is no UTF-8"),
        (b'<?xml version="1.0" encoding="windows-1252"?>\n<a>\x81</a>', 2, 4, "no windows-1252 text"),
        (b'<?xml version="1.0" encoding="US-ASCII"?>\n<a>\xe9</a>', 2, 4, "no US-ASCII text"),
        (b'<?xml version="1.0" encoding="KOI8-R"?><a/>', 1, 1, "'KOI8-R', which is not accepted"),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', 1, 1, "but its bytes are not"),
        ('<?xml version="1.0" encoding="utf-8"?><a/>'.encode("utf-16"), 1, 1, "but its bytes are UTF-16"),
        ("<a>x</a>".encode("utf-16")[:-1], 1, 8, "no UTF-16 text"),
    ],
)
def test_other_encodings_are_refused_at_their_place(data: bytes, line: int, column: int, says: str) -> None:
    error = refused(data, "XML_ENCODING")
    assert says in error.message
    assert (error.line, error.column) == (line, column)


# ------------------------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("limit", "allowed", "data", "says"),
    [
        ("bytes", 40, lambda n: b"<a>" + b"x" * (n - 7) + b"</a>", "bytes"),
        ("elements", 40, lambda n: b"<a>" + b"<b/>" * (n - 1) + b"</a>", "elements"),
        ("depth", 7, lambda n: b"<a>" * n + b"</a>" * n, "deep"),
        ("depth", 256, lambda n: b"<a>" * n + b"</a>" * n, "deeper"),
        ("depth", 900, lambda n: b"<a>" * n + b"</a>" * n, "deep"),
        (
            "attributes",
            30,
            lambda n: b"<r><a " + b" ".join(b'a%d="=>"' % i for i in range(n)) + b"/></r>",
            "attributes",
        ),
        ("attributes", 30, lambda n: b"<a " + b" ".join(b"xmlns:a%d='u'" % i for i in range(n)) + b"/>", "attributes"),
        ("total_attributes", 30, lambda n: b"<r>" + b'<a b="&#61;"/>' * n + b"</r>", "attributes"),
        ("text", 500, lambda n: b"<r><a>" + b"x" * n + b"</a></r>", "text in element a"),
        ("text", 500, lambda n: b"<r><a>" + b"<![CDATA[x]]>" * n + b"</a></r>", "text in element a"),
        ("text", 500, lambda n: b'<r><a b="' + b"x" * n + b'"/></r>', "text in element a"),
        ("text", 2000, lambda n: b"<r><!--" + b"x" * n + b"--></r>", "comment"),
        ("text", 2000, lambda n: b"<r><?" + b"p" * n + b"?></r>", "processing instruction"),
    ],
    ids=[
        "bytes",
        "elements",
        "depth",
        "libxml2-depth",
        "more-depth",
        "attributes",
        "namespaces",
        "total-attributes",
        "text",
        "cdata",
        "attribute-value",
        "comment",
        "pi",
    ],
)
def test_a_document_at_the_limit_is_read_and_one_beyond_it_refused(
    limit: str, allowed: int, data: Callable[[int], bytes], says: str
) -> None:
    parse(data(allowed), limits=Limits(**{limit: allowed}))
    error = refused(data(allowed + 1), "XML_LIMIT", **{limit: allowed})
    assert says in error.message
    assert f"{allowed:,}" in error.message


def test_end_tags_and_closing_markup_do_not_count_as_elements() -> None:
    data = b"<a>" + b"<!-- x --><?y z?><b></b>" * 20 + b"</a>"
    parse(data, limits=Limits(elements=21))
    refused(data, "XML_LIMIT", elements=20)


def test_equals_signs_in_a_text_are_no_attributes() -> None:
    text = "a=b " * 2000
    assert parse(f"<r c='1'>{text}</r>".encode(), limits=Limits(attributes=5, total_attributes=5)).text == text


@pytest.mark.parametrize(
    "name", [f"{{{CBC}}}EmbeddedDocumentBinaryObject", f"{{{RAM}}}AttachmentBinaryObject"], ids=["UBL", "CII"]
)
def test_an_attachment_may_be_as_long_as_the_document(name: str) -> None:
    """Eleven million characters, which libxml2 itself refuses unless told otherwise."""
    root = etree.Element("r")
    etree.SubElement(root, name).text = "QUJD" * 2_750_000
    read = parse(etree.tostring(root))
    assert len(read[0].text or "") == 11_000_000


def test_a_long_text_elsewhere_is_refused_with_its_line() -> None:
    data = b"<r>\n\n<a>" + b"x" * 11_000_000 + b"</a></r>"
    error = refused(data, "XML_LIMIT")
    assert error.line == 3
    assert "element a" in error.message


def test_a_large_document_keeps_the_depth_limit() -> None:
    """Beyond 10 MB libxml2's own limit is off, so ours has to hold."""
    filler = b"<b>" + b"x" * 1_000_000 + b"</b>"
    deep = b"<a>" * 256 + b"</a>" * 256
    parse(b"<r>" + filler * 11 + deep[3:-4] + b"</r>")
    refused(b"<r>" + filler * 11 + deep + b"</r>", "XML_LIMIT")


def test_limits_beyond_what_the_parser_can_hold_are_refused() -> None:
    with pytest.raises(EinvoiceError, match="no further"):
        Limits(depth=2049)


# ------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"<a>\n<b></a>", 2, "closed under another name"),
        (b"<a>\n<b>x", 2, "cut off"),
        (b"<a>x &amp y</a>", 1, "&amp;"),
        (b"<a>Tom & Jerry</a>", 1, "&amp;"),
        (b"<a>x&nbsp;y</a>", 1, "&nbsp;"),
        (b"<a/>\n<b/>", 2, "one root"),
        (b'\n<?xml version="1.0"?><a/>', 2, "very first thing"),
        (b"<a b=1/>", 1, "quotation marks"),
        (b"<a b='1' b='2'/>", 1, "given twice"),
        (b"<cbc:ID>1</cbc:ID>", 1, "declared nowhere"),
        (b"<a>\x01</a>", 1, "control character"),
        (b"<!-- only a comment -->", 1, "no element"),
    ],
)
def test_what_is_not_well_formed_is_explained(data: bytes, line: int, says: str) -> None:
    error = refused(data, "XML_SYNTAX")
    assert isinstance(error, XmlError)
    assert says in error.message
    assert error.line == line
    assert error.column is not None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"\n\n%PDF-1.4", "a PDF"),
        (b"PK\x03\x04\x14\0", "a ZIP archive"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b'{"number": "1"}', "JSON"),
        (b"\xef\xbb\xbf[1]", "JSON"),
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b"<HTML><body></HTML>", "an HTML page"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x"><html/>', "an HTML page"),
        (b"UNA:+.? 'UNB+UNOC:3", "EDIFACT"),
        (b"\xd0\xcf\x11\xe0\xa1", "Microsoft Office"),
        (b"0\x82\x1a\x33\x06\x09", "signed message"),
        (b"Invoice;Date;Total", "begins with 'Invoice;Date;Total', whereas"),
        (b"\0\0\0\0", "begins with the bytes 00 00 00 00"),
        (b'mapping = "a/1"\n', "a mapping for ERP exports"),
    ],
)
def test_what_is_no_xml_is_named(data: bytes, says: str) -> None:
    error = refused(data, "NOT_XML")
    assert isinstance(error, FormatError)
    assert says in error.message


@given(st.binary(max_size=60), st.integers(0, 700), st.binary(max_size=4))
def test_whatever_comes_there_is_a_tree_or_an_input_error(noise: bytes, at: int, patch: bytes) -> None:
    whole = invoice(1)
    for data in (noise, b"<" + noise, b"<?xml " + noise, whole[:at] + patch + whole[at + len(patch) :]):
        try:
            assert parse(data).tag
        except InputError as error:
            assert error.code  # noqa: PT017 - either way is right


# ------------------------------------------------------------------------------------------------------ its cost


def test_threads_do_not_disturb_each_other() -> None:
    with ThreadPoolExecutor(8) as pool:
        roots = list(pool.map(parse, [invoice(number) for number in range(1, 40)]))
    assert [len(root) for root in roots] == list(range(1, 40))


EXACT = ("_refuse_doctype", "_check_tag", "_deeper", "_long_text", "_place")


def test_an_ordinary_document_is_never_looked_at_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """For an invoice of 12 kB the cheap facts are enough, and its parser is there already."""
    data = invoice(19)
    assert 11_000 < len(data) < 14_000
    parse(data)
    for name in EXACT:
        monkeypatch.delattr(xml, name)
    monkeypatch.delattr(etree, "XMLParser")
    assert len(parse(data)) == 19
    assert steps(lambda: parse(data)) < 80


def test_the_steps_of_the_checks_grow_with_the_document_and_not_faster() -> None:
    def parsing(lines: int) -> Callable[[], object]:
        data = invoice(lines)
        return lambda: parse(data)

    assert growth(parsing, 1000) < LINEAR


def test_every_document_of_the_corpus_is_read(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    """Nothing real is refused by the default limits."""
    assert Limits() == DEFAULT_LIMITS
    for row in manifest:
        if row["path"].lower().endswith(".xml"):
            parse((corpus / row["path"]).read_bytes(), source=row["path"])
