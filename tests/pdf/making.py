# SPDX-License-Identifier: Apache-2.0
"""PDFs written by hand, object by object, so that a test can put anything anywhere."""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING, Literal

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

CII = b"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
    xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext>
    <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID>
    </ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>R-2026-1</ram:ID>
    <ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20260105</udt:DateTimeString></ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty>
        <ram:Name>Seller</ram:Name>
        <ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR32123456789</ram:ID></ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Buyer</ram:Name></ram:BuyerTradeParty>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>120.00</ram:GrandTotalAmount>
        <ram:DuePayableAmount>120.00</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
"""
UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
ORDER = b'<rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="urn:order"/>'

PAGES = {2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"}

_TYPST = """
#set document(title: "Invoice R-2026-1", author: "Seller", date: datetime(year: 2026, month: 1, day: 5))
#set text(lang: "en")
= Invoice R-2026-1 <top>
#link(<top>)[Sold] to Buyer: Größe, 120.00 €.
#table(columns: 2, table.header([Item], [Amount]), [Chair], [120.00])
"""


def stream(body: bytes, entries: bytes = b"") -> bytes:
    """A stream object with its dictionary."""
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(body), body)


def flate(body: bytes, entries: bytes = b"") -> bytes:
    """A compressed stream object."""
    return stream(zlib.compress(body, 9), entries + b"/Filter/FlateDecode")


def spec(name: str, number: int, entries: bytes = b"") -> bytes:
    """A file specification whose stream is the object of that number."""
    return b"<</Type/Filespec/F(%b)/EF<</F %d 0 R>>%b>>" % (name.encode(), number, entries)


def write(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first of which is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    offsets: dict[int, int] = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n" % size
    for number in range(size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    out += b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def document(catalog: bytes, objects: Mapping[int, bytes] | None = None, trailer: bytes = b"") -> bytes:
    """A PDF of one empty page, with these entries in its catalog and these further objects (from number 10)."""
    return write({1: b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog, **PAGES, **(objects or {})}, trailer)


def hybrid(*files: tuple[str, bytes], entries: bytes = b"") -> bytes:
    """A PDF with these files in its tree of names; ``entries`` go into every file specification."""
    objects: dict[int, bytes] = {}
    names = b""
    for number, (name, content) in enumerate(files):
        objects[10 + 2 * number] = spec(name, 11 + 2 * number, entries)
        objects[11 + 2 * number] = flate(content, b"/Type/EmbeddedFile/Subtype/text#2Fxml")
        names += b"(%b) %d 0 R " % (name.encode(), 10 + 2 * number)
    return document(b"/Names<</EmbeddedFiles<</Names[%b]>>>>" % names, objects)


def object_stream(data: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """A PDF whose catalog is object 1 in an object stream: ``data`` is that stream, packed as ``filters`` say."""
    out = bytearray(b"%PDF-1.7\n")
    at: dict[int, int] = {}
    header = b"/Type/ObjStm/N 1/First 4/Filter[%b]" % filters
    for number, body in {2: b"<</Type/Pages/Kids[]/Count 0>>", 5: stream(data, header)}.items():
        at[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    rows = {0: (0, 0), 1: (2, 5), 2: (1, at[2]), 3: (0, 0), 4: (0, 0), 5: (1, at[5]), 6: (1, start)}
    table = b"".join(bytes([kind]) + where.to_bytes(4, "big") + b"\0\0" for kind, where in rows.values())
    out += b"6 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        stream(table, b"/Type/XRef/Size 7/W[1 4 2]/Root 1 0 R"),
        start,
    )
    return bytes(out)


@cache
def page(level: Literal["a-1a", "a-2u", "a-3a", "a-3b", "a-3u", "1.7"] = "a-3u") -> bytes:
    """A tagged page made by Typst: PDF/UA-1 where the level of PDF/A (or the version) allows it."""
    return typst.compile(
        _TYPST.encode(),
        format="pdf",
        pdf_standards=["ua-1", level] if level in {"a-3a", "a-3u"} else [level],
        ignore_system_fonts=True,
        timestamp=1_767_571_200,
    )
