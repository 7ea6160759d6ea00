# SPDX-License-Identifier: Apache-2.0
"""Odd and hostile PDFs that strangers could send, each made by a few lines."""

from __future__ import annotations

import io
import random
import zlib
from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.pdf.making import CII, UBL, document, flate, hybrid, object_stream, page, spec, stream, write

if TYPE_CHECKING:
    from collections.abc import Callable

FILE: Final = {10: spec("factur-x.xml", 11), 11: flate(CII, b"/Type/EmbeddedFile/Subtype/text#2Fxml")}
OTHER: Final = CII.replace(b"120.00", b"999.00")
BIG: Final = 101_000_000
CATALOG: Final = b"<</Type/Catalog/Pages 2 0 R>>"


def deflated(size: int, times: int = 1, filler: bytes = b" ") -> bytes:
    """So many bytes of nothing, packed over and over."""
    data = filler * (size // len(filler))
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def changed(*changes: Callable[[pikepdf.Pdf], object], encryption: pikepdf.Encryption | None = None) -> bytes:
    """A good page after somebody changed it."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(page("1.7"))) as pdf:
        for change in changes:
            change(pdf)
        if encryption is not None:
            pdf.save(target, encryption=encryption)
        else:
            pdf.save(target, static_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return target.getvalue()


def _attach(pdf: pikepdf.Pdf, *files: tuple[str, bytes]) -> None:
    tree = Array()
    for number, (name, content) in enumerate(files):
        body = pdf.make_indirect(Stream(pdf, content, Type=Name.EmbeddedFile, Subtype=Name("/text/xml")))
        entry = Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), EF=Dictionary(F=body))
        tree.extend([String(f"{number:06}"), pdf.make_indirect(entry)])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=tree))


def _with(*files: tuple[str, bytes]) -> bytes:
    return changed(lambda pdf: _attach(pdf, *files))


def _metadata(packet: bytes, filters: bytes = b"") -> bytes:
    return document(
        b"/Metadata 20 0 R/AF[10 0 R]", {**FILE, 20: stream(packet, b"/Type/Metadata/Subtype/XML" + filters)}
    )


def _packet(inside: str) -> bytes:
    return ('<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>' + inside + '<?xpacket end="w"?>').encode()


def _laughs() -> bytes:
    rows = "".join(
        f'<!ENTITY e{n} "{"&e" + str(n - 1) + ";" if n else "ha"}{"&e" + str(n - 1) + ";" if n else ""}">'
        for n in range(30)
    )
    return _packet(f"<!DOCTYPE x [{rows}]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&e29;</x:xmpmeta>")


def _update(first: bytes, objects: dict[int, bytes], size: int = 12) -> bytes:
    """A file with an incremental update."""
    out, at = bytearray(first), {}
    before = int(first[first.rindex(b"startxref") + 9 :].split()[0])
    for number, body in objects.items():
        at[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (number, where) for number, where in at.items())
    out += b"trailer<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, before, table)
    return bytes(out)


def _previous_loop() -> bytes:
    first = document(b"/AF[10 0 R]", FILE)
    table = int(first[first.rindex(b"startxref") + 9 :].split()[0])
    return first.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % table)


def _length(stated: int) -> bytes:
    body = b"<</Type/EmbeddedFile/Subtype/text#2Fxml/Length %d>>stream\n%b\nendstream" % (stated, CII)
    return document(b"/AF[10 0 R]", {10: spec("factur-x.xml", 11), 11: body})


def _length_loop() -> bytes:
    body = b"<</Length 11 0 R>>stream\n%b\nendstream" % CII
    return document(b"/AF[10 0 R]", {10: spec("factur-x.xml", 11), 11: body})


def _long_names(count: int) -> bytes:
    names = b"".join(b"(%06d) %d 0 R " % (n, n + 100) for n in range(count))
    files = {n + 100: spec(f"f{n}.txt", n + 50_000) for n in range(count)}
    contents = dict.fromkeys(range(50_000, 50_000 + count), stream(b"x"))
    objects = {**FILE, 98: b"<</Names[%b(z) 10 0 R]>>" % names, **files, **contents}
    return document(b"/Names<</EmbeddedFiles 98 0 R>>", objects)


def _page_tree(width: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(100, 100 + width))
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return write(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/AF[10 0 R]>>",
            2: b"<</Type/Pages/Count %d/Kids[%b]>>" % (width, kids),
            **FILE,
            **dict.fromkeys(range(100, 100 + width), leaf),
        }
    )


def _deep_pages(depth: int) -> bytes:
    chain = {n: b"<</Type/Pages/Count 1/Kids[%d 0 R]/Parent %d 0 R>>" % (n + 1, n - 1) for n in range(100, 100 + depth)}
    last = {100 + depth: b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % (99 + depth)}
    return write({1: b"<</Type/Catalog/Pages 100 0 R/AF[10 0 R]>>", **FILE, **chain, **last})


def _stream_in_itself() -> bytes:
    """An object stream that is said to be inside itself."""
    body = object_stream(zlib.compress(b"1 0 " + CATALOG))
    return body.replace(b"/Type/ObjStm", b"/Extends 5 0 R/Type/ObjStm")


def _outline_loop(pdf: pikepdf.Pdf) -> None:
    entry = pdf.make_indirect(Dictionary(Title=String("a")))
    entry.Next, entry.First, entry.Parent = entry, entry, entry
    pdf.Root.Outlines = Dictionary(First=entry, Last=entry, Count=1)


def _tag_loop(pdf: pikepdf.Pdf) -> None:
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P))
    element.K, element.P = Array([element, element]), element
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=element)


def _drawn(body: bytes, *filters: str) -> Callable[[pikepdf.Pdf], object]:
    def change(pdf: pikepdf.Pdf) -> None:
        names = Array([Name(f"/{one}") for one in filters])
        pdf.pages[0].Contents = Stream(pdf, body, Filter=names) if filters else Stream(pdf, body)

    return change


def _picture(pdf: pikepdf.Pdf, **entries: object) -> None:
    picture = Stream(pdf, b"\x97JB2\r\n\x1a\n" + bytes(200))
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    for key, value in entries.items():
        picture[f"/{key}"] = value
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Im=pdf.make_indirect(picture)))
    pdf.pages[0].Contents = Stream(pdf, b"/Im Do")


def _disguised(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = Stream(
        pdf, deflated(60_000_000, filler=b"q Q "), Filter=Name.FlateDecode, Subtype=Name.Image, Type=Name.EmbeddedFile
    )


def _huge_picture(pdf: pikepdf.Pdf) -> None:
    _picture(
        pdf, Width=2_000_000, Height=2_000_000, BitsPerComponent=1, ColorSpace=Name.DeviceGray, Filter=Name.JBIG2Decode
    )


def _predicted(pdf: pikepdf.Pdf) -> None:
    """A picture whose rows are as wide as the sea."""
    parameters = Dictionary(Predictor=15, Columns=2_000_000_000, Colors=32, BitsPerComponent=16)
    _picture(
        pdf,
        Width=9,
        Height=9,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
        Filter=Name.FlateDecode,
        DecodeParms=parameters,
    )


def _font(pdf: pikepdf.Pdf) -> None:
    """A font program that is a bomb."""
    program = pdf.make_indirect(Stream(pdf, deflated(BIG), Filter=Name.FlateDecode, Length1=BIG))
    described = Dictionary(Type=Name.FontDescriptor, FontName=Name.Bomb, Flags=4, FontFile2=program)
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Bomb, FontDescriptor=described)
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    pdf.pages[0].Contents = Stream(pdf, b"BT /F 9 Tf (x) Tj ET")


def _meanings(pdf: pikepdf.Pdf) -> None:
    """A table of meanings for every letter there is, a thousand times."""
    ranges = b"1 beginbfrange <0000> <FFFF> <0000> endbfrange\n" * 5_000
    table = pdf.make_indirect(Stream(pdf, zlib.compress(ranges, 9), Filter=Name.FlateDecode))
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.A, Encoding=Name("/Identity-H"), ToUnicode=table
    )
    font.DescendantFonts = Array([Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.A)])
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    pdf.pages[0].Contents = Stream(pdf, b"BT /F 9 Tf <0001> Tj ET")


def _numbered() -> bytes:
    """Numbers that no machine has."""
    huge = b"9" * 100_000
    return document(b"/AF[10 0 R]/X " + huge + b"/Y -" + huge + b" 0 R/Z 1e400", FILE)


def _names_in_names() -> bytes:
    nodes = {n: b"<</Kids[%d 0 R]>>" % (n + 1) for n in range(100, 5_100)}
    return document(b"/Names<</EmbeddedFiles 100 0 R>>", {**FILE, **nodes, 5_100: b"<</Names[(a) 10 0 R]>>"})


def _mixed_tables() -> bytes:
    """A table whose rows point into the middle of other objects."""
    good = bytearray(document(b"/AF[10 0 R]", FILE))
    start = good.rindex(b"xref\n0") + 9
    for row in range(1, 5):
        good[start + 20 * row : start + 20 * row + 10] = b"%010d" % (row * 7)
    return bytes(good)


GOOD: Final = hybrid(("factur-x.xml", CII), ("notes.txt", b"hello"))
PDFS: Final[dict[str, Callable[[], bytes]]] = {
    "garbage before": lambda: random.Random(1).randbytes(900) + GOOD,  # noqa: S311 - no secret
    "much garbage before": lambda: bytes(50_000) + GOOD,
    "garbage after": lambda: GOOD + random.Random(2).randbytes(90_000),  # noqa: S311 - no secret
    "cut in half": lambda: GOOD[: len(GOOD) // 2],
    "one byte short": lambda: GOOD[:-7],
    "only a head": lambda: b"%PDF-1.7\n",
    "nothing": lambda: b"",
    "zeros": lambda: bytes(100_000),
    "two PDFs in one": lambda: GOOD + document(b""),
    "lines ended for another machine": lambda: GOOD.replace(b"\n", b"\r\n"),
    "Length too small": lambda: _length(10),
    "Length too large": lambda: _length(10_000_000),
    "Length below zero": lambda: _length(-5),
    "Length that is itself": _length_loop,
    "a table that is its own predecessor": _previous_loop,
    "rows into the middle": _mixed_tables,
    "no table": lambda: GOOD.replace(b"xref", b"xxxx"),
    "no catalog": lambda: GOOD.replace(b"/Root 1 0 R", b"/Root 77 0 R"),
    "a catalog that is a number": lambda: write({1: b"42", 2: b"<</Type/Pages/Kids[]/Count 0>>"}),
    "an object stream in itself": _stream_in_itself,
    "many pages": lambda: _page_tree(20_000),
    "pages below pages": lambda: _deep_pages(5_000),
    "two billion pages": lambda: GOOD.replace(b"/Count 1>>", b"/Count 2147483647>>"),
    "names below names": _names_in_names,
    "ten thousand attachments": lambda: _long_names(10_000),
    "numbers that no machine has": _numbered,
    "ten times packed": lambda: document(
        b"/AF[10 0 R]", {**FILE, 11: stream(deflated(BIG, 10), b"/Filter[%b]" % (b"/FlateDecode" * 10))}
    ),
    "a hundred filters": lambda: document(
        b"/AF[10 0 R]", {**FILE, 11: stream(CII, b"/Filter[%b]" % (b"/ASCIIHexDecode" * 100))}
    ),
    "runs without end": lambda: document(
        b"/AF[10 0 R]", {**FILE, 11: stream(b"\x81 " * 4_000_000, b"/Filter/RunLengthDecode")}
    ),
    "a predicted attachment": lambda: document(
        b"/AF[10 0 R]", {**FILE, 11: flate(CII, b"/DecodeParms<</Predictor 12/Columns 2000000000>>")}
    ),
    "an attachment of a filter that nobody knows": lambda: document(
        b"/AF[10 0 R]", {**FILE, 11: stream(CII, b"/Filter/Rot13Decode")}
    ),
    "a hundred bombs": lambda: hybrid(*((f"a{n}.txt", bytes(15_000_000)) for n in range(20)), ("factur-x.xml", CII)),
    "names that climb": lambda: _with(
        ("factur-x.xml", CII), ("../../../etc/cron.d/evil", b"a"), ("C:\\Windows\\x.dll", b"b")
    ),
    "names that deceive": lambda: _with(
        ("factur-x.xml", CII), ("invoice\u202efdp.exe", b"a"), ("a\x00b.txt", b"b"), ("CON", b"c")
    ),
    "a very long name": lambda: _with(("factur-x.xml", CII), ("n" * 60_000 + ".txt", b"a")),
    "names that are one name": lambda: _with(("factur-x.xml", CII), ("A.txt", b"a"), ("a.TXT", b"b"), ("a.txt", b"c")),
    "an empty name": lambda: _with(("", CII), (".", b"a"), ("..", b"b"), ("/", b"c")),
    "two invoices of one name": lambda: _with(("factur-x.xml", CII), ("factur-x.xml", OTHER)),
    "two invoices": lambda: _with(("factur-x.xml", CII), ("xrechnung.xml", UBL)),
    "an invoice that is an archive": lambda: _with(("factur-x.xml", b"PK\x03\x04" + bytes(200))),
    "an empty invoice": lambda: _with(("factur-x.xml", b"")),
    "an invoice with entities": lambda: _with(
        ("factur-x.xml", CII.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', 1))
    ),
    "an update that swaps the invoice": lambda: _update(document(b"/AF[10 0 R]", FILE), {11: flate(OTHER)}),
    "an update that takes the invoice": lambda: _update(document(b"/AF[10 0 R]", FILE), {1: CATALOG}),
    "metadata that laugh": lambda: _metadata(_laughs()),
    "metadata that are a bomb": lambda: _metadata(deflated(BIG), b"/Filter/FlateDecode"),
    "metadata as deep as the sea": lambda: _metadata(_packet("<a>" * 100_000)),
    "metadata with a million properties": lambda: _metadata(
        _packet(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
            + "<r:Description r:about=''/>" * 300_000
            + "</r:RDF></x:xmpmeta>"
        )
    ),
    "metadata that are no XML": lambda: _metadata(b"\xff\xfe\x00garbage" * 100),
    "a bomb on the page": lambda: changed(_drawn(deflated(BIG), "FlateDecode")),
    "a bomb of operators on the page": lambda: changed(_drawn(deflated(60_000_000, filler=b"q Q "), "FlateDecode")),
    "a bomb that says it is a picture": lambda: changed(_disguised),
    "ten filters on the page": lambda: changed(_drawn(deflated(BIG, 10), *["FlateDecode"] * 10)),
    "a page of unclosed brackets": lambda: changed(_drawn(b"[" * 500_000)),
    "a page of unclosed dictionaries": lambda: changed(_drawn(b"<<" * 500_000)),
    "a page that is no content": lambda: changed(_drawn(random.Random(3).randbytes(300_000))),  # noqa: S311 - no secret
    "a picture as wide as the sea": lambda: changed(_huge_picture),
    "a picture with a predictor": lambda: changed(_predicted),
    "a font that is a bomb": lambda: changed(_font),
    "meanings without end": lambda: changed(_meanings),
    "outlines in a circle": lambda: changed(_outline_loop),
    "tags in a circle": lambda: changed(_tag_loop),
    "encrypted without a password": lambda: changed(
        lambda pdf: _attach(pdf, ("factur-x.xml", CII)), encryption=pikepdf.Encryption(owner="secret", user="")
    ),
    "encrypted with a password": lambda: changed(
        lambda pdf: _attach(pdf, ("factur-x.xml", CII)), encryption=pikepdf.Encryption(owner="secret", user="mine")
    ),
    "encrypted by a handler that nobody knows": lambda: document(
        b"/AF[10 0 R]", FILE, b"/Encrypt<</Filter/Strange/V 99/R 99>>/ID[(a)(b)]"
    ),
    "encrypted with nonsense": lambda: document(
        b"/AF[10 0 R]", FILE, b"/Encrypt<</Filter/Standard/V 5/R 6/O(x)/U(y)/P -1/OE()/UE()>>/ID[(a)(b)]"
    ),
    "version 9.9": lambda: GOOD.replace(b"%PDF-1.7", b"%PDF-9.9"),
    "a version in the catalog": lambda: document(b"/Version/99/AF[10 0 R]", FILE),
    "a million comments": lambda: GOOD.replace(b"%PDF-1.7\n", b"%PDF-1.7\n" + b"%\n" * 1_000_000),
    "a million names": lambda: document(b"/AF[10 0 R]/X[%b]" % (b"/a" * 1_000_000), FILE),
    "a million strings": lambda: document(b"/AF[10 0 R]/X[%b]" % (b"(\\000)" * 500_000), FILE),
    "brackets in a string": lambda: document(b"/AF[10 0 R]/X(" + b"(" * 200_000 + b")" * 200_000 + b")", FILE),
}
"""Files by what is odd about them."""
