# SPDX-License-Identifier: Apache-2.0
"""The grammar of the binding tables: what a row says, and errors that name the line."""

from __future__ import annotations

import pytest

from einvoice.bind import table as tables
from einvoice.bind.table import Step, TableError, load, parse, steps
from einvoice.bind.tree import _Builder


def test_a_row_has_a_key_a_path_and_options() -> None:
    (row,) = parse("BT-31 cac:Scheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID as=date102 else=NA").rows
    assert (row.key, row.absolute, row.root, row.number) == ("BT-31", False, "", 1)
    assert row.options == {"as": "date102", "else": "NA"}
    assert row.steps == (
        Step("cac:Scheme", test=tables.Test(("cac:TaxScheme", "cbc:ID"), ("VAT",))),
        Step("cbc:CompanyID"),
    )


def test_indented_rows_belong_to_the_row_above_them() -> None:
    table = parse("BG-4 cac:Party\n  BT-27 cbc:Name\n  BG-5 cac:Address\n    BT-37 cbc:City\nBT-1 cbc:ID\n")
    assert [row.key for row in table.rows] == ["BG-4", "BT-1"]
    assert [row.key for row in table.rows[0].rows] == ["BT-27", "BG-5"]
    assert [row.key for row in table.rows[0].rows[1].rows] == ["BT-37"]


def test_comments_and_empty_lines_say_nothing() -> None:
    table = parse("# a comment\n\nBT-1 cbc:ID\n  \n# another\nBT-2 cbc:IssueDate\n")
    assert [(row.key, row.number) for row in table.rows] == [("BT-1", 3), ("BT-2", 6)]


def test_blocks_are_kept_apart_and_abbreviations_are_spelled_out() -> None:
    table = parse("S= cac:A/cac:B\ndefine line\n  BT-126 cbc:ID\nBT-5 {S}/cbc:Code\nBG-25 cac:Line* use=line\n")
    assert [row.key for row in table.blocks["line"]] == ["BT-126"]
    assert [step.name for step in table.rows[0].steps] == ["cac:A", "cac:B", "cbc:Code"]
    assert table.rows[1].options == {"use": "line"}
    assert table.rows[1].steps == (Step("cac:Line", star=True),)


def test_a_row_may_be_for_one_document_and_may_start_at_the_root() -> None:
    first, second, third = parse("Invoice: BT-9 cbc:DueDate\nCreditNote: BT-9 .\n'VAT' /cac:Tax/cbc:ID").rows
    assert (first.root, second.root, third.root) == ("Invoice", "CreditNote", "")
    assert second.steps == ()
    assert (third.key, third.absolute) == ("'VAT'", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[cbc:ID='VAT']", tables.Test(("cbc:ID",), ("VAT",))),
        ("[cbc:ID='false'|'0']", tables.Test(("cbc:ID",), ("false", "0"))),
        ("[!cac:TaxScheme/cbc:ID='VAT']", tables.Test(("cac:TaxScheme", "cbc:ID"), ("VAT",), negated=True)),
        ("[@currencyID~$BT-5]", tables.Test(("@currencyID",), (), term="BT-5", absent=True)),
        ("[cbc:TaxAmount/@currencyID=$BT-6]", tables.Test(("cbc:TaxAmount", "@currencyID"), (), term="BT-6")),
        ("[ram:TypeCode~'916']", tables.Test(("ram:TypeCode",), ("916",), absent=True)),
    ],
)
def test_a_condition_says_what_is_compared_with_what(text: str, expected: tables.Test) -> None:
    assert steps(f"cac:X{text}") == (Step("cac:X", test=expected),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("BT-1 cbc:ID\nBT-2", r"line 2: a row is KEY PATH \[OPTION=VALUE \.\.\.\]: BT-2"),
        ("BT-1 cbc:ID option", "line 1: a row is KEY PATH"),
        ("\n\nBT-1 cbc:ID//cbc:Name", "line 3: cannot read"),
        ("BT-1 cbc:ID[", "line 1: cannot read"),
        ("BT-1 cac:X,cbc:ID", "line 1: cannot read"),
        ("BT-1 cac:X[cbc:ID=VAT]/cbc:Y", r"line 1: cannot read the condition \[cbc:ID=VAT\]"),
        ("BT-1 cac:X[cbc:ID>'1']/cbc:Y", "line 1: cannot read the condition"),
        ("BG-4 cac:X\n  BT-1 -", "line 2: cannot read '-'"),
    ],
)
def test_a_row_that_breaks_the_grammar_is_an_error_that_names_the_line(text: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("BT-1 cbc:ID\nBT-999 cbc:UUID", "line 2: Invoice has no BT-999"),
        (".surprise cbc:UUID", "line 1: Invoice has no .surprise"),
        ("BG-4 cac:AccountingSupplierParty\n  BT-1 cbc:ID", "line 2: Seller has no BT-1"),
        ("BT-1 cbc:Surprise", "line 1: Invoice has no child cbc:Surprise in the schema"),
        ("BT-1 cac:OrderReference/cbc:Surprise", "line 1: cac:OrderReference has no child cbc:Surprise"),
        ("BT-1 cac:OrderReference[cbc:Surprise='1']/cbc:ID", "line 1: cac:OrderReference has no child cbc:Surprise"),
    ],
)
def test_a_row_that_names_what_does_not_exist_is_an_error_that_names_the_line(text: str, message: str) -> None:
    """The model decides which terms there are, the official schema which elements."""
    builder = _Builder("ubl-invoice")
    builder.table = parse(text)
    with pytest.raises(TableError, match=message):
        builder.build()


def test_the_tables_of_the_package_follow_the_grammar() -> None:
    assert len(load("ubl").rows) > 30
    assert set(load("cii").blocks) > {"line", "party", "address"}
