# SPDX-License-Identifier: Apache-2.0
"""A proposed mapping joins what belongs together: sheets by a column, records of a tree by their keys."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from einvoice.importers import import_file, load_mapping, load_seller
from einvoice.service.map_init import proposed
from einvoice.service.map_join import Sheet, joined, paired

if TYPE_CHECKING:
    from pathlib import Path

CUSTOMERS = [["Kundennummer", "Firma", "Ort"], ["K1", "Alpha GmbH", "Bonn"], ["K2", "Beta AG", "Ulm"]]
INVOICES = [
    ["Rechnungsnummer", "Rechnungsdatum", "Währung", "Kundennummer", "Kunde", "Land"],
    ["R-1", "2026-01-05", "EUR", "K1", "Alpha GmbH", "DE"],
    ["R-2", "2026-01-06", "EUR", "K2", "Beta AG", "DE"],
    ["R-3", "2026-01-07", "EUR", "K1", "Alpha GmbH", "DE"],
]
LINES = [
    ["Rechnungsnummer", "Position", "Bezeichnung", "Menge", "Einheit", "Einzelpreis", "MwSt %"],
    *([f"R-{number}", str(pos), f"Ware {pos}", "2", "C62", "10.50", "19"] for number in (1, 2, 3) for pos in (1, 2)),
]
MOVES: dict[str, Any] = {
    "partners": [{"id": 7, "company": "Alpha GmbH", "country": "DE"}, {"id": 9, "company": "Beta AG", "country": "AT"}],
    "moves": [
        {
            "invoice_number": f"R-{number}",
            "invoice_date": "2026-01-05",
            "currency": "EUR",
            "partner_id": partner,
            "lines": [
                {
                    "line_number": 1,
                    "item_name": "Ware",
                    "quantity": 2,
                    "unit": "C62",
                    "unit_price": 10.5,
                    "vat_rate": 19,
                }
            ],
        }
        for number, partner in ((1, 7), (2, 9), (3, 7))
    ],
}
SELLER = b"""
process_control.specification_identifier = "urn:cen.eu:en16931:2017"
[seller]
name = "Muster GmbH"
postal_address.country_code = "DE"
"""


def sheet(rows: list[list[str]]) -> Sheet:
    return list(enumerate(rows, 1))


def workbook(folder: Path, **sheets: list[list[str]]) -> str:
    """A spreadsheet with sheets in this order."""
    book = Workbook()
    book.remove(book.active or book["Sheet"])
    for name, rows in sheets.items():
        made = book.create_sheet(name)
        for row in rows:
            made.append(row)
    path = folder / "export.xlsx"
    book.save(path)
    return str(path)


def test_the_sheets_of_invoices_and_lines_are_told_by_their_values_and_not_by_their_order(tmp_path: Path) -> None:
    text = proposed(workbook(tmp_path, Kunden=CUSTOMERS, Positionen=LINES, Belege=INVOICES))
    source = tomllib.loads(text)["source"]
    assert (source["sheet"], source["lines_sheet"], source["group_by"]) == ("Belege", "Positionen", "Rechnungsnummer")
    assert (
        "# The column 'Rechnungsnummer' joins the sheets: 6 of 6 rows of 'Positionen' name a row of 'Belege' by it."
        in text
    )
    assert "# The sheet 'Kunden' is not used." in text


def test_a_proposal_for_two_sheets_reads_them(tmp_path: Path) -> None:
    sample = workbook(tmp_path, Positionen=LINES, Belege=INVOICES)
    text = proposed(sample).replace("[invoice]\n", '[invoice]\ntype_code = { constant = "380" }\n')
    mapping, seller = load_mapping(text.encode(), name="m"), load_seller(SELLER, name="s")
    found = list(import_file(sample, mapping, seller))
    assert [(one.number, len(one.invoice.lines)) for one in found] == [("R-1", 2), ("R-2", 2), ("R-3", 2)]
    assert [fault.message for one in found for fault in one.faults] == []


def test_sheets_without_a_common_column_say_what_is_needed(tmp_path: Path) -> None:
    renamed = [["Beleg", *LINES[0][1:]], *LINES[1:]]
    text = proposed(workbook(tmp_path, Belege=INVOICES, Positionen=renamed))
    assert tomllib.loads(text)["source"]["lines_sheet"] == "Positionen"
    assert "# No column says in one sheet what another names once: give that of the number the same name." in text


def test_a_key_that_stands_twice_joins_nothing() -> None:
    twice = [*INVOICES, INVOICES[1]]
    assert paired({"a": sheet(twice), "b": sheet(LINES)}) is None
    assert paired({"a": sheet(INVOICES), "b": sheet(LINES)}) is not None


def test_records_that_are_named_by_a_key_are_joined_and_their_members_mapped(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text(json.dumps(MOVES), encoding="utf-8")
    text = proposed(str(tmp_path / "export.json"))
    made = tomllib.loads(text)
    assert made["source"]["root"] == "moves[*]"
    assert made["joins"] == [{"name": "partner", "value": "partner_id", "records": "partners[*]", "key": "id"}]
    assert "[[joins]] # 3 of 3 invoices name one of 'partners' by it" in text
    said = text.replace("[invoice]\n", '[invoice]\ntype_code = { constant = "380" }\n')
    mapping, seller = load_mapping(said.encode(), name="m"), load_seller(SELLER, name="s")
    found = list(import_file(tmp_path / "export.json", mapping, seller))
    assert [fault.message for one in found for fault in one.faults] == []
    assert [one.invoice.buyer and one.invoice.buyer.name for one in found] == ["Alpha GmbH", "Beta AG", "Alpha GmbH"]


def test_records_that_hardly_any_invoice_names_are_not_joined() -> None:
    invoices = [{"partner": number} for number in range(10)]
    root = {"moves": invoices, "partners": [{"id": 0}, {"id": 1}]}
    assert list(joined(root, invoices, "moves[*]")) == []


def test_a_join_is_not_called_like_a_member_of_the_invoice() -> None:
    invoices = [{"partner": "a"}, {"partner": "b"}]
    root = {"moves": invoices, "partners": [{"id": "a"}, {"id": "b"}]}
    (one,) = joined(root, invoices, "moves[*]")
    assert (one.name, one.value, one.key) == ("partner_record", "partner", "id")


def test_numbers_that_count_from_one_do_not_make_the_invoice_its_own_customer() -> None:
    invoices = [{"id": 1, "buyer": 2}, {"id": 2, "buyer": 1}, {"id": 3, "buyer": 2}]
    root = {"moves": invoices, "customers": [{"id": 1}, {"id": 2}, {"id": 3}]}
    (one,) = joined(root, invoices, "moves[*]")
    assert (one.value, one.key) == ("buyer", "id")
    named = [{"account": 3, **each, "customer_id": each["buyer"]} for each in invoices]
    (one,) = joined(root | {"moves": named}, named, "moves[*]")
    assert one.value == "customer_id"


def test_where_every_invoice_has_one_line_the_headers_tell_which_sheet_has_the_lines() -> None:
    above = [["Invoice No", "Customer", "Date"], ["1", "A", "2026-01-05"], ["2", "B", "2026-01-06"]]
    below = [["Invoice No", "Description", "Quantity"], ["1", "Ware", "2"], ["2", "Ware", "1"]]
    for order in (("Positions", "Invoices"), ("Invoices", "Positions")):
        sheets = {"Positions": sheet(below), "Invoices": sheet(above)}
        pair = paired({name: sheets[name] for name in order})
        assert pair is not None
        assert (pair.head, pair.lines) == ("Invoices", "Positions")
