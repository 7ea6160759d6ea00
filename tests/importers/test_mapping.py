# SPDX-License-Identifier: Apache-2.0
"""A mapping is checked when it is loaded; what is wrong is named with its key and what was probably meant."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from einvoice.errors import MappingError
from einvoice.importers import load_mapping
from einvoice.importers.targets import by_number
from einvoice.model import terms
from tests.importers.stories import EXPORTS, FIXTURES, MAPPING, changed

if TYPE_CHECKING:
    from pathlib import Path


def refusal(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        load_mapping(text.encode(), name="m.toml")
    assert caught.value.source == "m.toml"
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_the_mappings_of_the_stories_load(name: str) -> None:
    mapping = load_mapping(FIXTURES / name / "mapping.toml")
    assert mapping.id.endswith("/1")
    assert mapping.file == str(FIXTURES / name / "mapping.toml")


def test_a_number_and_a_path_are_two_spellings_of_one_place() -> None:
    by_path = load_mapping(MAPPING.encode())
    numbers = (("number =", "BT-1 ="), ("buyer.name =", "BT-44 ="), ("price_details.item_net_price =", "BT-146 ="))
    numbered = load_mapping(changed(*numbers).encode())
    assert numbered.invoice.leaves["number"].value.columns == by_path.invoice.leaves["number"].value.columns
    assert numbered.invoice.groups["buyer"][0].leaves["name"].value.columns == ("Customer",)
    assert numbered.lines.groups["price_details"][0].leaves["item_net_price"].value.columns == ("Price",)


def test_every_number_leads_to_the_term_that_carries_it() -> None:
    for number, term in by_number().items():
        assert term.id == number
        assert terms()[term.path] is term


@pytest.mark.parametrize("written", ["2026-01-05", '"2026-01-05"'])
def test_a_constant_date_is_a_date(written: str) -> None:
    mapping = load_mapping(changed(('issue_date = "Date"', f"issue_date = {{ constant = {written} }}")).encode())
    assert mapping.invoice.leaves["issue_date"].value.constant == dt.date(2026, 1, 5)


def test_a_dotted_key_may_stand_in_quotes() -> None:
    mapping = load_mapping(changed(("buyer.name =", '"buyer.name" =')).encode())
    assert mapping.invoice.groups["buyer"][0].leaves["name"].value.columns == ("Customer",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('mapping = "small/1"', 'mapping = "small"', "key 'mapping'"),
        ('mapping = "small/1"', "", "the key 'mapping' is missing"),
        ('decimal = ","', 'decmal = ","', "key 'source.decmal': there is no such key; did you mean 'decimal'?"),
        ('decimal = ","', 'decimal = ";"', "';' is not one of ',', '.'"),
        ('decimal = ","', 'decimal = ","\nthousands = ","', "are the same"),
        ('decimal = ","', 'decimal = ","\nencoding = "latin"', "'latin' is not one of 'utf-8', 'cp1252'"),
        ("dd.mm.yyyy", "dd.mm", "key 'source.dates'"),
        (
            'number = "No"',
            'numbr = "No"',
            "key 'invoice.numbr': the invoice has no term 'numbr'; did you mean 'number'",
        ),
        ('number = "No"', 'BT-999 = "No"', "there is no term BT-999"),
        ('number = "No"', 'BT-129 = "No"', "the terms of a line stand below [lines]"),
        ('number = "No"', 'number = "No"\nBT-1 = "No"', "says again what 'invoice.number' says"),
        ('number = "No"', 'number = { from = "No", as = "txt" }', "no transform 'txt'; did you mean 'text'"),
        ('number = "No"', 'number = { from = "No", lookup = "x" }', "there is no table [lookups.x]"),
        ('number = "No"', 'number = { from = "No", upper = true }', "key 'invoice.number.upper'"),
        ('number = "No"', 'number = { from = "No", any = ["A"] }', "exactly one of"),
        ('number = "No"', "number = 7", "write the name of a column"),
        ('number = "No"', 'number = ""', "name at least one column"),
        ('number = "No"', "number = { count = true }", "below [lines]"),
        ('number = "No"', 'number.x = "No"', "there is no such key"),
        ('buyer.name = "Customer"', 'BT-44 = "Customer"\npayee = "Customer"', "'payee' is a group"),
        ('buyer.name = "Customer"', 'buyer.nam = "Customer"', "BG-7 BUYER has no term 'nam'; did you mean 'name'"),
        ('buyer.name = "Customer"', 'buyer.name.value = "Customer"', "there is no such key"),
        ('{ constant = "EUR" }', "{ constant = 7 }", "7 is not a text that is not empty"),
        ('{ constant = "EUR" }', '{ constant = " " }', "is not a text that is not empty"),
        ('{ constant = "EUR" }', '{ constant = "EUR", as = "upper" }', "a constant stands alone"),
        ('issue_date = "Date"', 'issue_date = { constant = "5.1.26" }', "is not a date such as"),
        ('issue_date = "Date"', 'issue_date = { constant = "2026-02-30" }', "is not a date such as"),
        ('issue_date = "Date"', "issue_date = { constant = 2026-01-05T10:00:00 }", "is not a date such as"),
        ('issue_date = "Date"', "lines.note = 'x'", "the terms of a line stand below [lines]"),
        ('issue_date = "Date"', "totals.amount_due_for_payment = 'x'", "BT-115 Amount due for payment is computed"),
        ('issue_date = "Date"', "BT-118 = 'x'", "the VAT breakdown is computed"),
        ('issue_date = "Date"', "BT-125.mime_code = 'x'", "a cell cannot hold a document"),
        ('item_information.name = "Item"', 'BT-44 = "x"', "BT-44 (Buyer name) belongs below [invoice]"),
        ('item_information.name = "Item"', "sub_lines = []", "rows of a table cannot say"),
        ('item_information.name = "Item"', 'item_information.BT-153 = "x"', "write BT-153 right below [lines]"),
        ('rate = "Rate" }', 'rat = "Rate" }', "key 'lines.vat.rat': there is no such key; did you mean 'rate' or"),
        ("vat = {", 'BT-151 = "C"\nvat = {', "but the table decides it"),
        ('code = "N" }', 'cod = "N" }', "key 'vat[0].when.cod'"),
        ('category = "S"', 'category = "Q"', "'Q' is not one of 'S', 'Z'"),
        ("[lines]", "[line]", "key 'line': there is no such key; did you mean 'lines'"),
    ],
)
def test_a_mistake_is_named_with_its_key(old: str, new: str, message: str) -> None:
    assert message in refusal(changed((old, new)))


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ('[rows]\nby = "K"\nlines = "L"\nskip = ["S", "L"]', "'L' stands below 'rows.lines' already"),
        ('[rows]\nby = "K"\nlines = "L"\ndocument_level_charges = "C"', "[[invoice.document_level_charges]]"),
        ("[expect]\nBT-113 = 'x'", "BT-113 Paid amount is taken from the export"),
        ("[expect]\nBT-1 = 'x'", "BT-1 (Invoice number) belongs below [invoice]"),
        ("[lookups]\nx = 1", "key 'lookups"),
    ],
)
def test_a_mistake_in_an_added_table_is_named(added: str, message: str) -> None:
    assert message in refusal(f"{MAPPING}\n{added}\n")


def test_vat_columns_without_a_table_are_refused() -> None:
    head, _, _ = MAPPING.partition("[[vat]]")
    assert "there is no table [[vat]]" in refusal(head)


def test_a_repeating_group_is_an_array_and_another_is_not() -> None:
    refused = refusal(changed(("buyer.name =", 'seller.contact = [{ contact_point = "x" }]\nbuyer.name =')))
    assert "stands once in an invoice" in refused
    twice = 'notes = [{ note = "a" }, { note = "b" }]\nBT-22 = "c"\nbuyer.name ='
    assert "array of tables already" in refusal(changed(("buyer.name =", twice)))
    assert "says again" in refusal(changed(("buyer.name =", 'BT-22 = "c"\nnotes = [{ note = "a" }]\nbuyer.name =')))
    assert "write a table" in refusal(changed(("buyer.name =", 'notes = ["a"]\nbuyer.name =')))


def test_what_is_not_toml_is_refused_with_its_place() -> None:
    assert "this is not TOML" in refusal("mapping = ")
    assert "stands in quotes" in refusal("Österreich = 1")
    with pytest.raises(MappingError, match="written in UTF-8"):
        load_mapping(b"a = '\xe4'")


def test_a_huge_mapping_is_refused() -> None:
    assert "at most" in refusal("#" * 1_000_001)


def test_deep_nesting_is_refused() -> None:
    assert "this is not TOML" in refusal("a = " + "[" * 100_000)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="the mapping cannot be read") as caught:
        load_mapping(tmp_path / "none.toml")
    assert caught.value.source == str(tmp_path / "none.toml")


def test_yaml_is_refused_by_its_name() -> None:
    with pytest.raises(MappingError, match=r"this is not TOML: .*; YAML is not read, where NO is false"):
        load_mapping(b"source:\n  format: csv\n", name="mine.yaml")
