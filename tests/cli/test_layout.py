# SPDX-License-Identifier: Apache-2.0
"""Text in columns: what a terminal shows is as wide as it was measured, and nothing is lost on the way."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.cli.layout import Column, Table, beside, page_width, width_of, wrapped

TEXTS = st.text(st.sampled_from("ab cdé-\u0301名한🧾"), max_size=60)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("plain", 5), ("Größe", 5), ("Gro\u0308ße", 5), ("名前", 4), ("\u1112\u1161\u11ab", 2), ("🧾", 2)],
)
def test_a_text_is_as_wide_as_terminals_show_it(text: str, width: int) -> None:
    assert width_of(text) == width


@given(TEXTS, st.integers(4, 30))
def test_wrapped_text_fits_and_keeps_every_letter(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_text_is_wrapped_between_words_and_only_a_word_that_is_too_long_is_broken() -> None:
    assert wrapped("to be or not", 6) == ["to be", "or not"]
    assert wrapped("a supercalifragilistic b", 8) == ["a", "supercal", "ifragili", "stic b"]
    assert wrapped("one\ntwo", 20) == ["one", "two"]
    assert wrapped("    indented text that goes on", 18) == ["    indented text", "    that goes on"]


def test_a_mark_stays_with_its_letter() -> None:
    assert wrapped("e\u0301" * 5, 2) == ["e\u0301e\u0301", "e\u0301e\u0301", "e\u0301"]


def test_a_table_is_as_narrow_as_its_cells() -> None:
    table = Table((Column("No."), Column("Net", right=True)), [("1", "10.00"), ("12", "7")], 80)
    assert [table.heading(), *table] == ["No.    Net", "1    10.00", "12       7"]


def test_what_may_be_wrapped_makes_room_and_figures_stay_whole() -> None:
    columns = (Column("Item"), Column("Net", right=True, rigid=True))
    table = Table(columns, [("a long name of something that is sold", "1,234,567.00")], 30)
    assert list(table) == ["a long name of    1,234,567.00", "something that", "is sold"]


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4), st.integers(40, 100))
def test_no_table_is_wider_than_the_page_if_its_columns_may_be_wrapped(
    rows: list[tuple[str, str, str]], width: int
) -> None:
    table = Table((Column("A"), Column("B", right=True), Column("C")), rows, width)
    assert all(width_of(line) <= width for line in (table.heading(), *table))


def test_even_a_figure_is_wrapped_where_it_would_fill_the_page() -> None:
    table = Table((Column(), Column(right=True, rigid=True)), [("name", "9" * 500)], 60)
    assert max(map(width_of, table)) <= 60


def test_wide_letters_do_not_shift_what_stands_beside_them() -> None:
    table = Table((Column(), Column()), [("名前", "x"), ("ab", "y")], 80)
    assert list(table) == ["名前  x", "ab    y"]


def test_blocks_stand_side_by_side_where_there_is_room() -> None:
    blocks = [["Seller", "Ann"], ["Buyer", "Bob", "Bonn"]]
    assert list(beside(blocks, 40)) == ["Seller    Buyer", "Ann       Bob", "          Bonn"]
    assert list(beside(blocks, 12)) == ["Seller", "Ann", "", "Buyer", "Bob", "Bonn"]


def test_a_block_that_is_wider_than_the_page_is_wrapped() -> None:
    assert list(beside([["Seller", "a name of many words"]], 12)) == ["Seller", "a name of", "many words"]


def test_the_width_of_the_page_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "123")
    assert page_width() == 123


def test_a_terminal_that_does_not_know_its_size_is_as_wide_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("os.get_terminal_size", lambda *_: os.terminal_size((0, 0)))
    assert page_width() == 80
