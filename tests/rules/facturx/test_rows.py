# SPDX-License-Identifier: Apache-2.0
"""The rows of Factur-X: the file, and for each row the smallest documents that break and keep it."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import pytest
from lxml import etree
from msgspec import structs

from einvoice.bind import open_document
from einvoice.bind.tree import NAMESPACES
from einvoice.codes import codes
from einvoice.model.structure import Structure, StructureRow, coded
from einvoice.rules.facturx.profiles import LETTERS, SYNTAX
from einvoice.rules.facturx.sentences import UNUSED
from tests.rules.en16931.syntax_examples import example
from tests.together import together

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

LINES = (files("einvoice.rules.facturx") / "rows.csv").read_text(encoding="utf-8").splitlines()
ROWS = {
    row: profile for profile, rules in SYNTAX.items() for row in rules.rows.rows if row.test != "asked"
}  # each once, of the largest profile that has it
ELSEWHERE = "../"
"""In a context: whether it is one is told by an element above it. The examples have none; the corpus does."""
EXAMPLES = [row for row in ROWS if ELSEWHERE not in row.context + row.path and row.context != "& *"]


def numbered(rows: list[StructureRow]) -> list[ParameterSet]:
    """The rows as parameters, each with a name of its own."""
    return [pytest.param(row, id=f"{place} {row.rule}") for place, row in enumerate(rows)]


def breaks(row: StructureRow, document: bytes) -> bool:
    return any(hit.row == row for hit in open_document(document).structure_hits(Structure((row,))))


def test_the_file_says_where_it_is_from_and_what_its_columns_are() -> None:
    head, columns, *rest = list(csv.reader(LINES))
    assert head[0].startswith("# Factur-X 1.09.2")
    assert columns == ["profiles", "id", "context", "test", "path", "unless"]
    assert len({tuple(row) for row in rest}) == len(rest), "a row stands there twice"
    assert {letter for row in rest for letter in row[0]} == set(LETTERS.values())


def test_every_row_belongs_to_a_profile_and_its_line_is_known() -> None:
    assert len(ROWS) > 1600
    for rules in SYNTAX.values():
        for identifier, number in rules.lines.items():
            if identifier not in rules.asked:
                assert LINES[number - 1].split(",")[1] == identifier


COUNTED = [
    row
    for row in EXAMPLES
    if row.test.split()[0] in ("exactly", "at", "some", "absent")
    and "[" not in row.context
    and "=/rsm:" not in row.path
]


def test_most_rows_have_an_example() -> None:
    assert len(COUNTED) + len(CODED) > 1300


@together("row", numbered(COUNTED))
def test_a_row_that_counts_is_broken_and_kept_by_its_smallest_examples(row: StructureRow) -> None:
    found = example(row, "cii")
    assert breaks(row, found.broken)
    assert not breaks(row, found.mended)


CODED = [row for row in EXAMPLES if coded(row.test) and "[" not in row.context]


@together("row", numbered(CODED))
def test_a_row_of_codes_takes_its_codes_and_no_others(row: StructureRow) -> None:
    wanted = coded(row.test)
    assert wanted is not None
    known = codes(wanted.name, "cii") if wanted.name else frozenset()
    taken = sorted(known.union(wanted.more).difference(wanted.less))
    assert breaks(row, spoken(row, "no code"))
    assert not breaks(row, spoken(row, ""))
    assert not breaks(row, spoken(row, taken[0]))
    assert not breaks(row, spoken(row, taken[-1]))
    assert all(breaks(row, spoken(row, code)) for code in wanted.less)


def spoken(row: StructureRow, text: str) -> bytes:
    """The smallest document in which something stands where a row looks for a code."""
    above, _, name = row.context.rpartition("/")
    there = structs.replace(row, test="absent", **({"context": above, "path": name} if row.path == "." else {}))
    document = example(there, "cii").broken
    (hit,) = open_document(document).structure_hits(Structure((there,)))
    tree = etree.fromstring(document)
    path, _, attribute = hit.path.partition("/@")
    (element,) = cast("list[etree._Element]", tree.xpath(path, namespaces=NAMESPACES))
    if attribute:
        element.set(attribute, text)
    else:
        element.text = text
    return etree.tostring(tree)


def test_what_a_profile_does_not_use_is_told_by_its_name() -> None:
    row = next(row for row in SYNTAX["minimum"].rows.rows if row.rule == UNUSED and "/" not in row.path)
    assert SYNTAX["minimum"].sentence(row).startswith("Factur-X MINIMUM does not use")


@pytest.mark.parametrize(
    ("currencies", "broken"),
    [
        (("EUR", "XXX"), {"FX-SCH-A-000192"}),
        (("EUR", "EUR"), {"FX-SCH-A-000042", "FX-SCH-A-000192"}),
        (("EUR", "USD"), set()),
    ],
)
def test_tax_totals_are_told_apart_by_their_currency(currencies: tuple[str, str], broken: set[str]) -> None:
    invoiced, accounting = "EUR", "EUR" if broken and currencies[1] == "EUR" else currencies[1]
    totals = "".join(f'<ram:TaxTotalAmount currencyID="{one}">1</ram:TaxTotalAmount>' for one in currencies)
    if currencies[1] == "XXX":
        totals += '<ram:TaxTotalAmount currencyID="XXX">1</ram:TaxTotalAmount>'
    text = (
        f"<ram:TaxCurrencyCode>{accounting}</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>{invoiced}</ram:InvoiceCurrencyCode>"
        f"<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{totals}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
    )
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _prefixes().items())
    document = (
        f"<rsm:CrossIndustryInvoice {names}><rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeSettlement>"
        f"{text}</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    )
    hits = open_document(document.encode()).structure_hits(SYNTAX["extended"].rows)
    assert {hit.row.rule for hit in hits} & {"FX-SCH-A-000042", "FX-SCH-A-000192"} == broken


def _prefixes() -> dict[str, str]:
    start = "urn:un:unece:uncefact:data:standard"
    return {
        "rsm": f"{start}:CrossIndustryInvoice:100",
        "ram": f"{start}:ReusableAggregateBusinessInformationEntity:100",
    }
