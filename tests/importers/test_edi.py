# SPDX-License-Identifier: Apache-2.0
"""EDIFACT before EN 16931 and X12: read into trees and by their presets; compared with three other readers."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice.bind.edifact import open_interchange
from einvoice.errors import MappingError
from einvoice.importers import import_file, load_mapping, load_named, load_seller
from einvoice.importers.declaration import Party, Source
from einvoice.importers.edifact import read_edifact_tree
from einvoice.importers.x12 import read_x12_tree, segments
from einvoice.service.convert import Wish
from einvoice.service.export import Exports, convert_imported
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.importers import ImportedInvoice
    from einvoice.service.convert import Target

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "erp"
EDIFACT, X12 = FIXTURES / "edifact-d96a", FIXTURES / "x12"
EXPORTS = {EDIFACT: "export.edi", X12: "export.x12"}
MESSAGE = (EDIFACT / "export.edi").read_bytes()
SELLER = b"""
process_control.specification_identifier = "urn:cen.eu:en16931:2017"
payment_terms = "30 days"
seller.vat_identifier = "DE123456788"
"""
TRANSACTION = (X12 / "export.x12").read_bytes()


def imported(folder: Path, data: bytes | None = None, mapping: str = "mapping.toml") -> list[ImportedInvoice]:
    """The invoices of a fixture, or of something else by its mapping."""
    source = data if data is not None else (folder / EXPORTS[folder]).read_bytes()
    return list(import_file(source, load_mapping(folder / mapping), load_seller(folder / "seller.toml"), name="in"))


def preset(name: str, data: bytes) -> list[str]:
    """What a preset alone finds wrong."""
    found = import_file(data, load_named(name), load_seller(X12 / "seller.toml"), name="in")
    return [str(fault) for one in found for fault in one.faults]


@pytest.mark.parametrize("folder", EXPORTS, ids=lambda folder: str(folder.name))
@pytest.mark.parametrize("to", ["ubl", "cii"])
def test_an_export_becomes_the_golden_invoices(folder: Path, to: Target) -> None:
    exports = Exports(str(folder / "mapping.toml"), str(folder / "seller.toml"))
    wish = Wish(to=to, settings=Settings())
    found = {}
    for one in imported(folder):
        attempt = convert_imported(one, wish, "in", assumes=exports.assumes)
        assert attempt.error is None
        found[f"{one.number}.{to}.xml"] = attempt.output
    assert found == {path.name: path.read_bytes() for path in (folder / "expected").glob(f"*.{to}.xml")}


def test_each_value_of_a_message_names_its_segment() -> None:
    first, second = imported(EDIFACT)
    price = first.provenance["lines[0].price_details.item_net_price"]
    assert price.place() == "segment 24 (PRI)/5118 (line 25)"
    assert first.provenance["buyer.name"].place().startswith("[source.parties.4399902421386] of the mapping/name")
    assert second.invoice.type_code == "381"
    assert second.invoice.preceding_invoice_references[0].reference == "RE-2025-0999"


def test_numbers_and_days_are_read_as_the_message_writes_them() -> None:
    tree = read_edifact_tree(MESSAGE, Source(), "in")
    message = tree.root["messages"][0]
    assert message["LIN"][0]["MOA"]["5004"] == "389.70"
    assert message["DTM"][1]["2380"] == "2026-01-18"
    assert [item["7143"] for item in message["LIN"][0]["items"]] == ["EN", "SA", "IN"]
    assert message["UNS"]["MOA"][2] == {"5025": "86", "5004": "523.24"}


def test_a_gln_that_nobody_explains_is_told_with_its_segment() -> None:
    found = preset("edifact", MESSAGE)
    assert any("segment 13 (NAD)/unknown" in one and "[source.parties]" in one for one in found)


def test_a_gln_is_explained_by_the_mapping() -> None:
    source = Source(parties={"4399902421386": Party(name="Baumarkt")})
    buyer = read_edifact_tree(MESSAGE, source, "in").root["messages"][0]["NAD"][1]
    assert buyer["party"] == {"name": "Baumarkt"}
    assert "unknown" not in buyer


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"UNT+34", b"UNT+33", r"segment 36 \(UNT\) counts 33 segments, and there are 34"),
        (b"UNE+2", b"UNE+3", r"counts 3 messages"),
        (b"INVOIC:D:96A:UN:EAN008'\nBGM+380", b"ORDERS:D:96A:UN'\nBGM+380", "only INVOIC is read"),
        (b"UNZ+1+815'", b"", "was never closed by UNZ"),
        (b"ohne Verpackung", b"ohne 'Verpackung", "lacks its release character"),
    ],
    ids=["segments", "messages", "orders", "no UNZ", "no release"],
)
def test_a_damaged_interchange_is_refused_with_its_segment(old: bytes, new: bytes, what: str) -> None:
    with pytest.raises(MappingError, match=what):
        read_edifact_tree(MESSAGE.replace(old, new, 1), Source(), "in")


def test_implied_decimals_are_read_and_stated_ones_refused() -> None:
    root = read_x12_tree(TRANSACTION, Source(), "in").root
    assert root["transactions"][0]["total"]["01"] == "702.85"
    with pytest.raises(MappingError, match=r"segment 18 \(TDS\), element 01 is '702.85'") as caught:
        read_x12_tree(TRANSACTION.replace(b"70285", b"702.85"), Source(), "in")
    assert caught.value.code == "X12_N2"


def test_sales_tax_is_a_charge_and_no_vat() -> None:
    (one,) = imported(X12)
    (charge,) = one.invoice.document_level_charges
    assert (charge.amount, charge.vat_category_code, charge.reason) == (Decimal("33.35"), "G", "Sales tax")
    assert any("(BT-151): no row of [[vat]] applies" in fault for fault in preset("x12", TRANSACTION))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"ISA*00*  ", b"ISA*00*", r"segment 1 \(ISA\) has to be 106 characters wide"),
        (b"ISA", b"GS*", "begins with ISA"),
        (b"*P*>~", b"*P*>A", "letters and digits cannot separate"),
        (b"SE*19", b"SE*18", r"segment 21 \(SE\) counts 18 segments, and there are 19"),
        (b"GE*1", b"GE*2", "counts 2 transaction sets"),
        (b"IEA*1*000000815", b"IEA*1*000000816", "has the control number '000000816'"),
        (b"IEA*1*000000815~\n", b"", "is never closed"),
        (b"ST*810", b"ST*850", "only 810"),
        (b"CTT*2~\nSE*19*0001~\nGE*1*815~\nIEA*1*000000815~\n", b"CTT*2", "does not end"),
    ],
    ids=["width", "no ISA", "terminator", "segments", "sets", "control", "open", "order", "cut off"],
)
def test_a_damaged_x12_interchange_is_refused_with_its_segment(old: bytes, new: bytes, what: str) -> None:
    with pytest.raises(MappingError, match=what):
        read_x12_tree(TRANSACTION.replace(old, new, 1), Source(), "in")


def test_a_separator_of_its_own_is_told_by_the_width_of_isa() -> None:
    data = TRANSACTION.replace(b"*", b"|").replace(b"~", b"\x1c")
    assert segments(data, "in")[2].values == ("810", "0001")


@pytest.mark.peers
def test_pydifact_cuts_the_same_segments() -> None:
    """It stumbles over UNG groups when it builds messages, but cuts the same."""
    parser = pytest.importorskip("pydifact.parser")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = [one for one in parser.Parser().parse(MESSAGE.decode("latin-1")) if one.tag != "UNA"]
    ours = [segment for message in open_interchange(MESSAGE).messages for segment in message.segments]
    inside = [one for one in theirs if one.tag not in ("UNB", "UNG", "UNE", "UNZ")]
    assert [(one.tag, _flat(one.elements)) for one in inside] == [(one.tag, _flat(one.elements)) for one in ours]


@pytest.mark.peers
def test_mock_edi_reads_the_same_messages_and_transactions() -> None:
    edifact, x12 = pytest.importorskip("mockedi.edifact"), pytest.importorskip("mockedi.x12")
    theirs = [one for group in edifact.parse(MESSAGE.decode("latin-1")).groups for one in group.messages]
    ours = open_interchange(MESSAGE).messages
    for one, message in zip(theirs, ours, strict=True):
        body = [segment for segment in message.segments if segment.tag not in ("UNH", "UNT")]
        found = [segment for segment in one.segments if segment.tag not in ("UNH", "UNT")]
        assert [segment.tag for segment in found] == [segment.tag for segment in body]
    (transaction,) = [one for group in x12.parse(TRANSACTION.decode()).groups for one in group.messages]
    inside = [one for one in segments(TRANSACTION, "in") if one.tag not in ("ISA", "GS", "ST", "SE", "GE", "IEA")]
    found = [one for one in transaction.segments if one.tag not in ("ST", "SE")]
    assert [(one.tag, _flat(one.elements)) for one in found] == [(one.tag, _flat(one.values)) for one in inside]


@pytest.mark.peers
def test_ansi_x12_cuts_the_same_segments() -> None:
    tokenizer = pytest.importorskip("x12.core.tokenizer")
    theirs = tokenizer.tokenize_x12(TRANSACTION).segments
    ours = segments(TRANSACTION, "in")
    assert [one.tag for one in theirs] == [one.tag for one in ours]
    assert [tuple(part.decode().strip() for part in one.elements) for one in theirs] == [one.values for one in ours]


@pytest.mark.peers
@pytest.mark.parametrize("dialect", ["EDIFACT", "X12"])
def test_an_invoice_of_mock_edi_says_the_same_in_both_dialects(dialect: str) -> None:
    """A generator that is not ours writes one invoice as D.96A and as 810; the presets read the same from both."""
    transactions = pytest.importorskip("mockedi.transactions")
    line = {"line": "1", "sku": "A1", "upc": "4012345001235", "description": "Ware A", "uom": "EA", "price": "9.90"}
    body = transactions.write_invoice(
        dialect,
        transactions.Party(name="Muster GmbH", identifier="4012345000009", city="Ulm", postal="89077", country="DE"),
        {"id": "4304171000002", "name": "Kunden AG"},
        {"po_number": "PO-1", "ordered_on": "2026-01-05", "seller_order": "SO-1"},
        [line | {"quantity": "20", "shipped": "20", "invoiced": "20"}],
        {
            "invoice_number": "R-1",
            "invoiced_on": "2026-01-20",
            "currency": "EUR",
            "subtotal": "198.00",
            "tax": "37.62",
            "total": "235.62",
        },
        {"shipment_id": "S1", "bol": "B1", "shipped_on": "2026-01-18"},
        datetime(2026, 1, 20, 10, tzinfo=UTC),
    )
    name = "edifact" if dialect == "EDIFACT" else "x12"
    (one,) = import_file(_wrapped(name, body), load_named(name), load_seller(SELLER), name="in")
    invoice, (sold,) = one.invoice, one.invoice.lines
    assert invoice.seller is not None
    assert invoice.buyer is not None
    assert sold.item_information is not None
    assert sold.price_details is not None
    said = (invoice.number, str(invoice.issue_date), invoice.currency_code, invoice.purchase_order_reference)
    assert said == ("R-1", "2026-01-20", "EUR", "PO-1")
    assert (invoice.seller.name, invoice.buyer.name) == ("Muster GmbH", "Kunden AG")
    assert (sold.invoiced_quantity, sold.price_details.item_net_price) == (Decimal(20), Decimal("9.90"))
    assert (sold.item_information.name, sold.item_information.sellers_identifier) == ("Ware A", "A1")
    assert one.expected.invoice_total_amount_with_vat == Decimal("235.62")
    assert {fault.term for fault in one.faults} - {"BT-40"} == {"BT-55", "BT-151"}  # what such messages leave out


def _wrapped(name: str, body: object) -> bytes:
    """A message of mock-edi in its interchange."""
    peer = pytest.importorskip(f"mockedi.{name}")
    if name == "edifact":
        held = peer.wrap([peer.message("INVOIC", "1", body)], "A", "B", "1")
    else:
        held = peer.wrap([peer.message("810", "0001", body)], "A", "B", "1", "1", "IN")
    return bytes(peer.render(held), "latin-1")


def _flat(elements: Iterable[str | Iterable[str]]) -> list[str]:
    """All texts of a segment in a row, empty ones left out."""
    found: list[str] = []
    for element in elements:
        found += [element] if isinstance(element, str) else list(element)
    return [text for text in found if text]
