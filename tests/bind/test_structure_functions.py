# SPDX-License-Identifier: Apache-2.0
"""Functions that are asked of elements: what they can read, what becomes of what they find, and which are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.bind import open_document
from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.model.structure import Question, Section, Structure, StructureHit, StructureRow

if TYPE_CHECKING:
    from collections.abc import Iterable

XMLNS = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
LINES = "& cac:InvoiceLine"


def row(question: Question, context: str = LINES, rule: str = "R-1") -> StructureRow:
    return StructureRow(rule, context, "asked", ".", question=question)


def asked(content: str, *rows: StructureRow, sections: tuple[Section, ...] = ()) -> tuple[StructureHit, ...]:
    document = open_document(f"<Invoice {XMLNS}>{content}</Invoice>".encode())
    return document.structure_hits(Structure(rows, sections))


def read(content: str, question: Question) -> None:
    """Ask the document, and let what a question asserts be seen."""
    hits = asked(content, row(question, "& /Invoice"))
    assert [hit.open for hit in hits] == []


def test_a_function_is_asked_of_every_element_of_its_context() -> None:
    seen: list[str] = []

    def look(line: Part) -> Iterable[Fault]:
        seen.append(line.one("cbc:ID"))
        return ()

    asked(
        "<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine><cac:InvoiceLine><cbc:ID>2</cbc:ID></cac:InvoiceLine>",
        row(look),
    )
    assert seen == ["1", "2"]


def test_it_reads_elements_texts_and_attributes() -> None:
    def look(top: Part) -> Iterable[Fault]:
        party = top.parts("cac:PayeeParty/cac:PartyName")[0]
        assert (party.name, party.text, party.get("x")) == ("cac:PartyName", "ab", None)
        assert party.above is not None
        assert party.above.name == "cac:PayeeParty"
        assert party.top.name == "Invoice"
        assert party.top.above is None
        assert top.texts("cac:PayeeParty/cac:PartyName/cbc:Name") == ["a", "b"]
        assert top.texts("cbc:ID/@schemeID") == ["s"]
        assert top.one("cbc:UUID") == ""
        assert top.has("cbc:ID")
        assert top.has("cbc:ID/@schemeID")
        assert not top.has("cbc:ID/@schemeName")
        assert not top.has("cac:PayeeParty/cbc:ID")
        assert [one.text for one in top.anywhere("cbc:Name")] == ["a", "b"]
        return ()

    name = (
        "<cac:PayeeParty><cac:PartyName><cbc:Name>a</cbc:Name><cbc:Name>b</cbc:Name></cac:PartyName></cac:PayeeParty>"
    )
    read(f"<cbc:ID schemeID='s'>1</cbc:ID>{name}", look)


def test_a_text_of_its_own_is_told_from_that_of_its_children() -> None:
    def look(top: Part) -> Iterable[Fault]:
        assert top.own("cbc:Note") == "a"
        assert top.one("cbc:Note") == "ab"
        assert top.own("cbc:ID") == ""
        return ()

    read("<cbc:Note>a<cbc:Name>b</cbc:Name></cbc:Note><cbc:ID/>", look)


@pytest.mark.parametrize(
    "read_one", [lambda part: part.one("cbc:Note"), lambda part: part.own("cbc:Note")], ids=["one", "own"]
)
def test_two_where_one_can_be_compared_leave_the_rule_open(read_one: Question) -> None:
    (hit,) = asked("<cac:InvoiceLine><cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note></cac:InvoiceLine>", row(read_one))
    assert hit.open == "there are 2 of cbc:Note, and one can be compared"
    assert hit.path == "/Invoice/cac:InvoiceLine"


def test_an_error_of_a_function_concerns_that_function_only() -> None:
    def fails(_: Part) -> Iterable[Fault]:
        raise ZeroDivisionError

    hits = asked("<cac:InvoiceLine/>", row(fails), row(lambda _: [Fault()], rule="R-2"))
    assert [(hit.row.rule, hit.open) for hit in hits] == [("R-1", "ZeroDivisionError: "), ("R-2", "")]


def test_what_is_found_has_a_place_a_line_terms_and_the_arithmetic() -> None:
    fault = Fault("cbc:LineExtensionAmount", expected="2.00", why="1.00 + 1.00 = 2.00")
    content = (
        "\n<cac:InvoiceLine><cbc:LineExtensionAmount currencyID='EUR'>3.00</cbc:LineExtensionAmount></cac:InvoiceLine>"
    )
    (hit,) = asked(content, row(lambda _: [fault]))
    assert (hit.path, hit.line) == ("/Invoice/cac:InvoiceLine/cbc:LineExtensionAmount", 2)
    assert (hit.value, hit.expected, hit.why, hit.terms) == ("3.00", "2.00", "1.00 + 1.00 = 2.00", ("BT-131",))


def test_what_is_missing_is_told_by_its_term_at_the_place_where_it_is_missing() -> None:
    (hit,) = asked("<cac:InvoiceLine><cbc:Note>1</cbc:Note></cac:InvoiceLine>", row(lambda _: [Fault("cbc:ID")]))
    assert (hit.path, hit.terms, hit.value) == ("/Invoice/cac:InvoiceLine", ("BT-126",), None)


def test_an_attribute_and_another_element_can_be_what_is_wrong() -> None:
    def look(line: Part) -> Iterable[Fault]:
        return [Fault("@x"), Fault(part=line.top.parts("cbc:ID")[0]), Fault("cbc:ID/@schemeID", part=line.top)]

    hits = asked("<cbc:ID schemeID='s'>7</cbc:ID><cac:InvoiceLine x='y'><cbc:ID/></cac:InvoiceLine>", row(look))
    assert [(hit.path, hit.value) for hit in hits] == [
        ("/Invoice/cac:InvoiceLine/@x", "y"),
        ("/Invoice/cbc:ID", "7"),
        ("/Invoice/cbc:ID/@schemeID", "s"),
    ]


def test_a_fact_is_found_out_once() -> None:
    calls: list[str] = []

    def fact(top: Part) -> str:
        calls.append(top.name)
        return "known"

    def look(line: Part) -> Iterable[Fault]:
        return () if line.recall(fact) == "known" else [Fault()]

    assert asked("<cac:InvoiceLine/><cac:InvoiceLine/>", row(look)) == ()
    assert calls == ["Invoice"]


def test_a_fact_that_cannot_be_found_out_leaves_every_rule_open_that_needs_it() -> None:
    def fact(top: Part) -> str:
        return top.one("cbc:Note")

    def look(line: Part) -> Iterable[Fault]:
        return [Fault()] if line.recall(fact) else ()

    hits = asked("<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note><cac:InvoiceLine/><cac:InvoiceLine/>", row(look))
    assert [hit.open for hit in hits] == ["there are 2 of cbc:Note, and one can be compared"] * 2


def test_a_section_is_asked_of_the_documents_that_it_applies_to() -> None:
    german = Section(lambda top: top.one("cbc:Note") == "DE", (row(lambda _: [Fault()], rule="DE-1"),))
    french = Section(lambda top: top.one("cbc:Note") == "FR", (row(lambda _: [Fault()], rule="FR-1"),))
    for note, rules in {"DE": ["DE-1"], "FR": ["FR-1"], "IT": []}.items():
        content = f"<cbc:Note>{note}</cbc:Note><cac:InvoiceLine/>"
        assert [hit.row.rule for hit in asked(content, sections=(german, french))] == rules


def test_a_section_of_which_nobody_can_say_whether_it_applies_is_not_asked() -> None:
    def applies(_: Part) -> bool:
        raise UnjudgeableError

    assert asked("<cac:InvoiceLine/>", sections=(Section(applies, (row(lambda _: [Fault()]),)),)) == ()


@pytest.mark.parametrize(
    ("content", "hits"),
    [
        ("<cbc:ID/>", 1),
        ("<cbc:ID> \t\n</cbc:ID>", 1),
        ("<cbc:ID>\u00a0</cbc:ID>", 0),
        ("<cac:Item><cbc:ID>1</cbc:ID></cac:Item>", 0),
        ("<cac:Item/>", 1),
        ("", 1),
    ],
)
def test_an_element_without_a_text_says_nothing(content: str, hits: int) -> None:
    rows = StructureRow("R-1", "& *", "said", ".")
    assert len(asked(content, rows)) == hits


@pytest.mark.parametrize(
    ("condition", "asked_ids"),
    [
        ("@schemeID='a'", ["1", "3"]),
        ("@schemeID='a'|'b'", ["1", "2", "3"]),
        ("@schemeID='a' and @schemeName", ["3"]),
        ("@schemeID!='a'", ["2"]),
        ("!@schemeID", ["4"]),
    ],
)
def test_a_function_is_asked_of_the_elements_that_meet_its_condition(condition: str, asked_ids: list[str]) -> None:
    seen: list[str] = []

    def look(identifier: Part) -> Iterable[Fault]:
        seen.append(identifier.text)
        return ()

    content = (
        "<cbc:ID schemeID='a'>1</cbc:ID><cbc:ID schemeID='b'>2</cbc:ID>"
        "<cbc:ID schemeID='a' schemeName='x'>3</cbc:ID><cbc:ID>4</cbc:ID>"
    )
    asked(content, row(look, f"& cbc:ID[{condition}]"))
    assert seen == asked_ids


def test_a_condition_may_compare_what_a_function_makes_of_a_text() -> None:
    seen: list[str] = []

    def look(line: Part) -> Iterable[Fault]:
        seen.append(line.get("x") or "")
        return ()

    codes = {"1": " 30 ", "2": "30", "3": "31", "4": "58"}
    lines = "".join(f"<cac:InvoiceLine x='{x}'><cbc:ID>{code}</cbc:ID></cac:InvoiceLine>" for x, code in codes.items())
    several = "<cac:InvoiceLine x='5'><cbc:ID>30</cbc:ID><cbc:ID>30</cbc:ID></cac:InvoiceLine>"
    hits = asked(f"{lines}{several}<cac:InvoiceLine x='6'/>", row(look, f"{LINES}[trim(cbc:ID)='30'|'58']"))
    assert (seen, hits) == (["1", "2", "4"], ())


def test_what_may_not_be_there_is_told_where_it_stands_by_what_its_context_says() -> None:
    absent = StructureRow("R-1", f"{LINES}[cbc:ID='a']", "absent", "cbc:Note")
    notes = "<cbc:Note>x</cbc:Note><cbc:Note>y</cbc:Note>"
    lines = [f"<cac:InvoiceLine><cbc:ID>{code}</cbc:ID>{notes}</cac:InvoiceLine>" for code in "ab"]
    hits = asked(f"{''.join(lines)}<cac:InvoiceLine><cbc:ID>a</cbc:ID></cac:InvoiceLine>", absent)
    assert [(hit.path, hit.value) for hit in hits] == [("/Invoice/cac:InvoiceLine[1]/cbc:Note[1]", "x")]


def test_a_condition_that_cannot_be_compared_is_not_met() -> None:
    hits = asked("<cbc:ID>x</cbc:ID>", row(lambda _: [Fault()], "& /Invoice[cbc:ID=true]"))
    assert hits == ()
