# SPDX-License-Identifier: Apache-2.0
"""The syntax rules: rows for every published id, and for each row the smallest documents that break and keep it."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import pytest
from lxml import etree

from einvoice.bind import open_document
from einvoice.bind.tree import NAMESPACES
from einvoice.rules import find_pack
from einvoice.rules.en16931.syntax import CII, SYNTAX, UBL
from tests.rules.en16931.syntax_examples import example
from tests.together import together

if TYPE_CHECKING:
    from einvoice.model.structure import StructureHit, StructureRow
    from einvoice.rules.registry import Family

PACK = find_pack("en16931@1.3.16")
FAMILIES: tuple[Family, ...] = ("ubl", "cii")
ROWS = [
    pytest.param(family, row, id=f"{family} {place} {row.rule}")
    for family in FAMILIES
    for place, row in enumerate(SYNTAX[family].rows.rows)
    if row.test != "asked"
]
SHADOWED = {"CII-DT-010", "CII-DT-011", "CII-DT-012"}
"""Published, and never asked: another context takes their elements."""


def broken(family: Family, document: bytes) -> tuple[StructureHit, ...]:
    return open_document(document).structure_hits(SYNTAX[family].rows)


def breaks(family: Family, row: StructureRow, document: bytes) -> bool:
    return any(hit.row == row for hit in broken(family, document))


# ---- the files


@cache
def fields(family: Family, name: str) -> list[list[str]]:
    text = (files("einvoice.rules.en16931") / f"{name}_{family}.csv").read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))


@pytest.mark.parametrize("name", ["syntax", "presence"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_file_says_where_it_is_from_and_what_its_columns_are(family: Family, name: str) -> None:
    head, columns, *rows = fields(family, name)
    assert head[0].startswith("# CEN/TC 434 EN 16931 validation artefacts")
    assert columns == ["id", "context", "test", "path", "unless"]
    assert {len(row) for row in rows} == {5}
    assert len({tuple(row) for row in rows}) == len(rows), "a row stands there twice"


@pytest.mark.parametrize("family", FAMILIES)
def test_there_are_rows_for_every_published_id_that_is_no_business_rule(family: Family) -> None:
    published = {identifier for identifier in PACK.published()[family] if not identifier.startswith("BR-")}
    assert {row[0] for row in fields(family, "syntax")[2:]} == published
    assert len(published) == {"ubl": 756, "cii": 583}[family]


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_asked_beside_belongs_to_rules_that_are_functions(family: Family) -> None:
    rows = fields(family, "presence")[2:]
    assert {row[0] for row in rows} <= {rule.id for rule in PACK.rules_for(family)}
    assert all(row[1].startswith("& ") for row in rows)


def test_sentences_of_their_own_are_those_of_rows() -> None:
    for family, sentences in (("ubl", UBL), ("cii", CII)):
        known = {(row.rule, row.test) for row in SYNTAX[cast("Family", family)].rows.rows}
        assert sentences.keys() <= known


@pytest.mark.parametrize("family", FAMILIES)
def test_a_row_says_in_words_what_it_demands(family: Family) -> None:
    for row in SYNTAX[family].rows.rows:
        sentence = SYNTAX[family].sentence(row)
        assert sentence[0].isupper(), row.rule
        assert sentence.endswith("."), row.rule
        assert set("[]{}|&*=!").isdisjoint(sentence), sentence
        assert {"shall", "must"}.isdisjoint(sentence.split()), f"{row.rule} speaks like the standard"


# ---- the rows


@together("family, row", ROWS)
def test_the_smallest_document_that_breaks_a_row_breaks_it(family: Family, row: StructureRow) -> None:
    documents = example(row, family)
    assert breaks(family, row, documents.broken) is (row.rule not in SHADOWED)
    assert not breaks(family, row, documents.mended)
    assert documents.excused is None or not breaks(family, row, documents.excused)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_hit_leads_to_one_element_of_the_document(family: Family) -> None:
    for row in (row for row in SYNTAX[family].rows.rows if row.test != "asked"):
        document = etree.fromstring(example(row, family).broken)
        for hit in broken(family, etree.tostring(document)):
            first, _, rest = hit.path[1:].partition("/")
            path = "/".join(["", first if ":" in first else "*", *([rest] if rest else [])])
            found = document.xpath(path, namespaces=NAMESPACES)
            assert len(cast("list[object]", found)) == 1, hit.path
            assert (hit.line, hit.open) == (1, "")
