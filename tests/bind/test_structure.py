# SPDX-License-Identifier: Apache-2.0
"""Asking a document about its elements: the grammar of the rows, who is asked what, and what a hit says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.bind import open_document
from einvoice.bind.structure_plan import plan_of
from einvoice.model.structure import GrammarError, Section, Structure, StructureHit, StructureRow, condition, divided
from tests.counting import LINEAR, growth

if TYPE_CHECKING:
    from collections.abc import Callable

XMLNS = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:x="urn:example"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
ROOT = "/Invoice | /CreditNote"


def invoice(content: str) -> bytes:
    return f"<Invoice {XMLNS}>{content}</Invoice>".encode()


def asked(content: str, *rows: tuple[str, ...]) -> tuple[StructureHit, ...]:
    numbered = enumerate(rows, 1)
    structure = Structure(
        tuple(StructureRow(f"R-{n}", row[0], row[1], row[2], "".join(row[3:])) for n, row in numbered)
    )
    return open_document(invoice(content)).structure_hits(structure)


def rules(content: str, *rows: tuple[str, ...]) -> list[str]:
    return [hit.row.rule for hit in asked(content, *rows)]


# ---- what is asked


@pytest.mark.parametrize(
    ("test", "path", "broken", "kept"),
    [
        ("absent", "cbc:Note", "<cbc:Note/>", "<cbc:Name/>"),
        ("absent", "cac:Item/cbc:Name", "<cac:Item><cbc:Name/></cac:Item>", "<cbc:Name/><cac:Item/>"),
        ("absent", "cbc:ID/@schemeID", "<cbc:ID schemeID=''/>", "<cbc:ID schemeName='x'/>"),
        ("absent", "//cbc:Name", "<x:a><cac:Item><cbc:Name/></cac:Item></x:a>", "<cac:Item/>"),
        ("absent", "//@name", "<x:a><x:b name='1'/></x:a>", "<x:a x:name='1'/>"),
        ("absent", "(cac:Item|cac:Price)/cbc:Name", "<cac:Price><cbc:Name/></cac:Price>", "<cac:Party/>"),
        (
            "absent",
            "//cac:Item[cbc:ID='1']/cbc:Name",
            "<cac:Item><cbc:ID>1</cbc:ID><cbc:Name/></cac:Item>",
            "<cac:Item><cbc:Name/></cac:Item>",
        ),
        ("at most 1", "cbc:Note", "<cbc:Note/><cbc:Note/>", "<cbc:Note/>"),
        ("at most 1", "cac:Item/cbc:Name", "<cac:Item><cbc:Name/></cac:Item>" * 2, "<cac:Item/>" * 2),
        ("at most 1", "cbc:ID/@name", "<cbc:ID name='a'/><cbc:ID name='a'/>", "<cbc:ID name='a'/><cbc:ID/>"),
        ("exactly 1", "cbc:Note", "", "<cbc:Note/>"),
        ("exactly 1", "cbc:Note", "<cbc:Note/><cbc:Note/>", "<cbc:Note/>"),
        ("some", "cbc:Note", "<cbc:Name/>", "<cbc:Note/><cbc:Note/>"),
        (
            "alike",
            "//cbc:ID",
            "<cbc:ID>1</cbc:ID><x:a><cbc:ID> 1</cbc:ID></x:a>",
            "<cbc:ID>1</cbc:ID><cbc:ID>1</cbc:ID>",
        ),
        (
            "alike trimmed",
            "//cbc:ID",
            "<cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID>",
            "<cbc:ID>1</cbc:ID><cbc:ID> 1\n</cbc:ID>",
        ),
        ("true", "cbc:ID='a'|'b'", "<cbc:ID>c</cbc:ID>", "<cbc:ID>b</cbc:ID>"),
        ("true", "cbc:ID!='a'", "<cbc:ID>a</cbc:ID>", "<cbc:ID>a</cbc:ID><cbc:ID>b</cbc:ID>"),
        ("true", "cbc:ID!=cbc:Name", "<cbc:ID>a</cbc:ID>", "<cbc:ID>a</cbc:ID><cbc:Name>b</cbc:Name>"),
        (
            "true",
            "cbc:ID=cbc:Name",
            "<cbc:ID>a</cbc:ID><cbc:Name>b</cbc:Name>",
            "<cbc:ID>a</cbc:ID><cbc:Name>a</cbc:Name>",
        ),
        ("true", "upper(cbc:ID)='A'", "<cbc:ID>b</cbc:ID>", "<cbc:ID>a</cbc:ID>"),
        ("true", "code(cbc:ID)='A'", "<cbc:ID>b</cbc:ID>", "<cbc:ID> a </cbc:ID>"),
        ("true", "trim(cbc:ID)=''", "<cbc:ID>b</cbc:ID>", ""),
        ("true", "trim(cac:Item/cbc:ID)=''", "", "<cac:Item/>"),
        ("true", "cbc:ID=true", "<cbc:ID>0</cbc:ID>", "<cbc:ID> 1 </cbc:ID>"),
        ("true", "cbc:ID and !cbc:Name or cbc:Note", "<cbc:ID/><cbc:Name/>", "<cbc:ID/><cbc:Name/><cbc:Note/>"),
        ("true", "/Invoice/cbc:ID/@name", "<cbc:ID/>", "<cbc:ID name='x'/>"),
        ("true", "!self::*ice or cbc:ID", "", "<cbc:ID/>"),
    ],
)
def test_a_row_asks_what_it_says(test: str, path: str, broken: str, kept: str) -> None:
    assert rules(broken, (ROOT, test, path)) == ["R-1"]
    assert rules(kept, (ROOT, test, path)) == []


@pytest.mark.parametrize(
    ("test", "broken", "kept"),
    [
        ("decimals 2", "1.234", "1.23"),
        ("decimals 2", "1.23 ", "123456"),
        ("date 102", "20261301", "20261231"),
        ("date 102", "2026-12-31", " 20261231\n"),
    ],
)
def test_a_row_may_ask_what_a_text_looks_like(test: str, broken: str, kept: str) -> None:
    assert rules(f"<x:a><x:SomeAmount>{broken}</x:SomeAmount></x:a>", ("*Amount", test, ".")) == ["R-1"]
    assert rules(f"<x:a><x:SomeAmount>{kept}</x:SomeAmount></x:a>", ("*Amount", test, ".")) == []


def test_nothing_is_asked_where_a_condition_excuses() -> None:
    row = ("cac:Item", "absent", "cbc:Name", "cbc:ID='1' or ancestor::cac:InvoiceLine")
    assert rules("<cac:Item><cbc:Name/><cbc:ID>1</cbc:ID></cac:Item>", row) == []
    assert rules("<cac:InvoiceLine><x:a><cac:Item><cbc:Name/></cac:Item></x:a></cac:InvoiceLine>", row) == []
    assert rules("<cac:Item><cbc:Name/></cac:Item>", row) == ["R-1"]


def test_an_element_may_excuse_itself_by_its_text() -> None:
    row = ("cac:Item", "absent", "cbc:ID", "cbc:ID='1'|'2'")
    assert rules("<cac:Item><cbc:ID>2</cbc:ID></cac:Item>", row) == []
    assert rules("<cac:Item><cbc:ID>3</cbc:ID></cac:Item>", row) == ["R-1"]
    assert rules("<cac:Item><cbc:ID>3</cbc:ID><cbc:ID>1</cbc:ID></cac:Item>", row) == []


def test_content_is_asked_of_an_element_without_elements() -> None:
    assert rules("<cac:Item> text </cac:Item>", ("& cac:Item", "full", ".")) == ["R-1"]
    assert rules("<cac:Item><x:a/></cac:Item>", ("& cac:Item", "full", ".")) == []


# ---- who is asked


def test_each_element_of_a_name_is_asked_for_itself_wherever_it_stands() -> None:
    one = "<cac:Item><cbc:Name/></cac:Item>"
    content = f"{one}<x:a>{one}<cac:Item><cbc:Name/><cbc:Name/>{one}</cac:Item></x:a>"
    assert [hit.path for hit in asked(content, ("cac:Item", "at most 1", "cbc:Name"))] == [
        "/Invoice/x:a/cac:Item[2]/cbc:Name[2]"
    ]


def test_an_element_is_asked_by_the_first_context_that_fits_it() -> None:
    first = ("cac:Price/cbc:PriceAmount", "absent", "@name")
    second = ("cbc:*Amount", "absent", "@name")
    content = "<cac:Price><cbc:PriceAmount name='x'/><cbc:BaseAmount name='x'/></cac:Price>"
    assert rules(content, first, second) == ["R-1", "R-2"]
    assert rules(content, second, first) == ["R-1", "R-1"]


def test_a_context_with_a_condition_leaves_its_elements_to_the_others_too() -> None:
    first, second = ("cbc:ID[@name='x']", "absent", "@name"), ("*ID", "absent", "@name")
    assert rules("<cbc:ID name='x'/><cbc:ID name='y'/>", first, second) == ["R-1", "R-2", "R-2"]


def test_a_context_beside_the_others_takes_nothing_and_loses_nothing() -> None:
    rows = [("& cac:Item", "absent", "cbc:Name"), ("*Item", "absent", "cbc:Name"), ("& x*Item", "some", "cbc:ID")]
    assert rules("<cac:Item><cbc:Name/></cac:Item>", *rows[:2]) == ["R-1", "R-2"]
    assert rules("<cac:Item><cbc:Name/></cac:Item>", rows[1], rows[0]) == ["R-1", "R-2"]


def test_a_credit_note_is_not_an_invoice() -> None:
    structure = Structure((StructureRow("R-1", "/CreditNote", "absent", "cbc:ID"),))
    assert open_document(invoice("<cbc:ID/>")).structure_hits(structure) == ()
    other = invoice("<cbc:ID/>").replace(b"Invoice", b"CreditNote")
    assert len(open_document(other).structure_hits(structure)) == 1


# ---- what a hit says


def test_a_hit_says_where_what_and_about_which_term() -> None:
    lines = "\n".join(f"<cac:InvoiceLine><cbc:ID>{n}</cbc:ID></cac:InvoiceLine>" for n in "ab")
    (hit,) = asked(lines, ("cac:InvoiceLine", "absent", "cbc:ID", "cbc:ID='a'"))
    assert (hit.path, hit.line, hit.value) == ("/Invoice/cac:InvoiceLine[2]/cbc:ID", 2, "b")
    assert hit.terms == ("BT-126",)


def test_a_surplus_is_told_once_and_at_the_first_that_is_too_many() -> None:
    (hit,) = asked(
        "<cbc:Note>1</cbc:Note><cbc:Note>2</cbc:Note><cbc:Note>3</cbc:Note>", (ROOT, "at most 1", "cbc:Note")
    )
    assert (hit.path, hit.value) == ("/Invoice/cbc:Note[2]", "2")


def test_what_is_missing_is_told_by_its_place_and_its_term() -> None:
    row = ("cac:InvoiceLine", "exactly 1", "cac:Item/cac:ClassifiedTaxCategory")
    (hit,) = asked("<cac:InvoiceLine><cac:Item/></cac:InvoiceLine>", row)
    assert (hit.path, hit.value, hit.terms) == ("/Invoice/cac:InvoiceLine", None, ("BG-30",))


def test_an_attribute_is_told_by_its_name_and_value() -> None:
    (hit,) = asked('<cbc:ID schemeID="x">1</cbc:ID>', (ROOT, "absent", "cbc:ID/@schemeID"))
    assert (hit.path, hit.value, hit.terms) == ("/Invoice/cbc:ID/@schemeID", "x", ())


def test_an_element_with_elements_has_no_value_and_a_long_text_is_cut() -> None:
    (group,) = asked("<cac:Item><cbc:Name/></cac:Item>", (ROOT, "absent", "cac:Item"))
    (text,) = asked(f"<cbc:Note>{'x' * 5000}</cbc:Note>", (ROOT, "absent", "cbc:Note"))
    assert group.value is None
    assert text.value == "x" * 200 + "…"


@pytest.mark.parametrize(
    ("row", "content", "why"),
    [
        (("cac:Item", "absent", "cbc:Name", "cbc:ID=true"), "<cbc:Name/><cbc:ID>maybe</cbc:ID>", "'maybe' is neither"),
        (("cac:Item", "true", "upper(cbc:ID)='A'"), "<cbc:ID/><cbc:ID/>", "there are 2 of cbc:ID"),
        (("cac:Item", "absent", "cac:Price[trim(cbc:ID)='1']"), "<cac:Price><cbc:ID/><cbc:ID/></cac:Price>", "2 of"),
    ],
)
def test_a_comparison_that_cannot_be_made_leaves_the_row_open(row: tuple[str, ...], content: str, why: str) -> None:
    (hit,) = asked(f"<cac:Item>{content}</cac:Item>", row)
    assert why in hit.open


def test_a_context_whose_condition_cannot_be_compared_is_none() -> None:
    row = ("cac:Item[cbc:ID=true]", "absent", "cbc:Name")
    assert asked("<cac:Item><cbc:ID>maybe</cbc:ID><cbc:Name/></cac:Item>", row) == ()


# ---- the grammar


@pytest.mark.parametrize(
    "row",
    [
        (ROOT, "absent", "nothing:ID"),
        ("cac:Item[cbc:ID]/cbc:Name", "absent", "@name"),
        ("cac:Item[cbc:ID] | cac:Price", "absent", "@name"),
    ],
)
def test_a_row_that_does_not_follow_the_grammar_is_a_defect(row: tuple[str, ...]) -> None:
    with pytest.raises(GrammarError):
        asked("", row)


@pytest.mark.parametrize("text", ["", "cbc:ID=", "cbc:ID='a", "lower(cbc:ID)='a'", "cbc:ID='a' 'b'"])
def test_a_condition_that_does_not_follow_the_grammar_is_a_defect(text: str) -> None:
    with pytest.raises(GrammarError):
        condition(text)


def test_a_text_is_divided_outside_brackets_and_quotation_marks() -> None:
    assert divided("a/b[c/d='/']/e", "/") == ["a", "b[c/d='/']", "e"]
    assert divided("a='x or y' or b", " or ") == ["a='x or y'", "b"]


# ---- what it costs


def test_names_that_no_row_knows_are_remembered_within_a_limit() -> None:
    structure = Structure((StructureRow("R-1", ROOT, "absent", "cbc:ID"),))
    content = "".join(f"<x:a{number}/>" for number in range(2000))
    assert open_document(invoice(content)).structure_hits(structure) == ()
    (state,) = plan_of(structure).start.values()
    assert 0 < len(state) <= 512


def test_steps_grow_with_the_elements_and_not_faster_however_many_hits_there_are() -> None:
    structure = Structure(
        (
            StructureRow("R-1", "cac:InvoiceLine", "absent", "cbc:Note"),
            StructureRow("R-2", "cac:InvoiceLine", "absent", "cbc:ID/@name", "/Invoice/cac:InvoiceLine/cbc:UUID"),
            StructureRow("R-3", ROOT, "absent", "cac:InvoiceLine[cbc:Name]/cbc:ID"),
        )
    )

    def asking(lines: int) -> Callable[[], object]:
        line = "<cac:InvoiceLine><cbc:ID name='x'/><cbc:Note/></cac:InvoiceLine>"
        document = open_document(invoice(line * lines))
        return lambda: document.structure_hits(structure)

    assert growth(asking, 300) < LINEAR


# ---- several structures in one walk


def test_contexts_of_structures_along_each_other_take_nothing_from_each_other() -> None:
    first = Structure((StructureRow("A-1", "cac:Item", "absent", "cbc:Name"),))
    other = Structure(
        (
            StructureRow("B-1", "cac:Item", "absent", "cbc:Note"),
            StructureRow("B-2", f"{ROOT} | cac:Item", "absent", "cbc:Name"),
        )
    )
    both = Structure(first.rows, along=(other,))
    document = open_document(invoice("<cac:Item><cbc:Name/><cbc:Note/></cac:Item><cbc:Name/>"))
    found = [(hit.row.rule, hit.path) for hit in document.structure_hits(both)]
    alone = [hit for one in (first, other) for hit in document.structure_hits(one)]
    assert sorted(found) == sorted((hit.row.rule, hit.path) for hit in alone)
    assert sorted(rule for rule, _ in found) == ["A-1", "B-1", "B-2"]


def test_sections_of_a_structure_along_another_are_asked_where_they_apply() -> None:
    row = StructureRow("S-1", "cac:Item", "absent", "cbc:Note")
    named = Section(lambda top: top.has("cbc:Name"), (row,))
    both = Structure((StructureRow("A-1", ROOT, "absent", "cbc:ID"),), along=(Structure((), (named,)),))

    def found(content: str) -> list[str]:
        return [hit.row.rule for hit in open_document(invoice(content)).structure_hits(both)]

    assert found("<cbc:Name/><cac:Item><cbc:Note/></cac:Item>") == ["S-1"]
    assert found("<cac:Item><cbc:Note/></cac:Item>") == []
