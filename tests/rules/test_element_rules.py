# SPDX-License-Identifier: Apache-2.0
"""Declaring rules about elements: what a declaration says, and what is refused."""

from __future__ import annotations

from types import ModuleType

import pytest
from msgspec import structs

from einvoice.bind import open_document
from einvoice.model.parts import Fault, Part
from einvoice.model.structure import Structure
from einvoice.rules.element_rules import (
    NO_FAULTS,
    ElementRule,
    Faults,
    about,
    asked,
    counted,
    gather,
    needs,
    sentences,
)
from einvoice.rules.registry import DeclarationError
from tests.rules.peppol.documents import AUSTRIAN, changed


@about("X-1", "/Invoice")
def x_1(document: Part) -> Faults:
    """An invoice has a number.

    Whatever the number is.
    """
    if not document.has("cbc:ID"):
        yield Fault("cbc:ID")


X_2 = asked("X-2", "/Invoice", lambda _: NO_FAULTS, "Nothing is asked.")
X_3 = needs("X-3", "/Invoice", "cbc:ID cbc:UUID", "An invoice has two numbers.")
X_4 = needs("X-4", "/Invoice", "cbc:ID", "An invoice has a number that says something.", filled=True)
X_5 = needs("X-5", "/Invoice", "cbc:UUID", "An invoice has an identifier of its own.")


def fired(rule: ElementRule, document: str) -> list[str]:
    return [hit.path for hit in open_document(document.encode()).structure_hits(Structure(rule.rows))]


def test_a_function_is_declared_with_its_sentence_and_its_place() -> None:
    assert (x_1.id, x_1.context) == ("X-1", "/Invoice")
    assert (x_1.sentence, x_1.text) == ("An invoice has a number.", "Whatever the number is.")
    assert x_1.file == __file__
    assert x_1.line > 0
    assert (x_1.rows[0].test, x_1.rows[0].context) == ("asked", "& /Invoice")


def test_a_row_stands_where_it_is_written() -> None:
    lines = [rule.line for rule in (X_2, X_3, X_4)]
    assert lines == list(range(lines[0], lines[0] + 3))
    assert {rule.file for rule in (X_2, X_3, X_4)} == {__file__}


def test_what_is_needed_is_missed_once_for_each_path() -> None:
    assert fired(X_3, AUSTRIAN) == ["/Invoice"]
    assert fired(x_1, AUSTRIAN) == []


def test_a_child_that_is_needed_is_counted() -> None:
    assert (X_5.rows[0].test, X_5.rows[0].path) == ("some", "cbc:UUID")
    assert fired(X_5, AUSTRIAN) == ["/Invoice"]
    assert fired(X_5, changed(AUSTRIAN, ("<cbc:IssueDate>", "<cbc:UUID/><cbc:IssueDate>"))) == []
    assert sentences([X_2, X_5]) == {("X-5", "some"): "An invoice has an identifier of its own."}


def test_a_child_that_has_to_say_something_is_counted_and_looked_at() -> None:
    rule = counted(structs.replace(X_2, context="/Invoice | /CreditNote"), "cbc:UUID", filled=True)
    assert [(row.test, row.context) for row in rule.rows] == [
        ("some", "& /Invoice | /CreditNote"),
        ("said", "& /Invoice/cbc:UUID | /CreditNote/cbc:UUID"),
    ]
    assert fired(rule, AUSTRIAN) == ["/Invoice"]
    assert fired(rule, changed(AUSTRIAN, ("<cbc:IssueDate>", "<cbc:UUID> </cbc:UUID><cbc:IssueDate>"))) == [
        "/Invoice/cbc:UUID"
    ]
    assert fired(rule, changed(AUSTRIAN, ("<cbc:IssueDate>", "<cbc:UUID>1</cbc:UUID><cbc:IssueDate>"))) == []


@pytest.mark.parametrize("path", ["cac:Party/cbc:ID", "cbc:ID/@schemeID", "cbc:ID cbc:UUID", "cbc:ID[.='1']", "."])
def test_what_is_more_than_a_child_is_asked(path: str) -> None:
    assert counted(X_2, path).rows[0].test == "asked"


def test_a_blank_text_is_there_and_says_nothing() -> None:
    blank = changed(AUSTRIAN, (">R-2026-17<", "> <"))
    assert fired(x_1, blank) == []
    assert fired(X_4, blank) == ["/Invoice/cbc:ID"]
    assert fired(X_4, AUSTRIAN) == []


def test_rules_are_gathered_from_names_and_tuples_once() -> None:
    module = ModuleType("rules")
    module.one, module.some, module.other = x_1, (X_2, x_1), "text"  # type: ignore[attr-defined]
    assert gather(module) == (x_1, X_2)


def test_a_function_of_another_name_is_refused() -> None:
    def wrong(_: Part) -> Faults:
        """A sentence."""
        return NO_FAULTS

    with pytest.raises(DeclarationError, match="has to be called x_5, not wrong"):
        about("X-5", "/Invoice")(wrong)


@pytest.mark.parametrize("sentence", ["", "no capital.", "No end"])
def test_what_is_no_sentence_is_refused(sentence: str) -> None:
    with pytest.raises(DeclarationError, match="is no sentence"):
        asked("X-6", "/Invoice", lambda _: NO_FAULTS, sentence)
