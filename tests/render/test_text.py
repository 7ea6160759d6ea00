# SPDX-License-Identifier: Apache-2.0
"""Text that comes from strangers stays what it says, and stays inside its column."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.render.text import BREAK, LONGEST_TITLE, LONGEST_WORD, breakable, printable, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("  around\n", "around"),
        ("a\r\nb\rc\u2028d\x85e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a b"),
        ("bell\x07 and \x7f and \x9b", "bell\ufffd and \ufffd and \ufffd"),
        ("half \ud800 none \uffff", "half \ufffd none \ufffd"),
        ("pay \u202e00.1\u202c", "pay 00.1"),
        ("iso\u2066late\u2069, mark\ufeff", "isolate, mark"),
        ("join\u200dand\u00adsoft", "join\u200dand\u00adsoft"),
        ("#panic() *b* $x$ <a> {{ x }}", "#panic() *b* $x$ <a> {{ x }}"),
        ("עברית العربية", "עברית العربية"),
    ],
)
def test_text_becomes_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_printable_text_has_no_control_characters_and_stays_as_it_is(text: str) -> None:
    shown = printable(text)
    assert all(character == "\n" or unicodedata.category(character) not in {"Cc", "Cs"} for character in shown)
    assert printable(shown) == shown


def test_a_word_that_fits_is_left_alone() -> None:
    text = "Every word of this sentence is " + "w" * LONGEST_WORD
    assert breakable(text) == text


def test_a_long_word_breaks_after_punctuation_first() -> None:
    assert (
        breakable("https://example.com/a-path/to/a/file.pdf")
        == "https://\u200bexample.\u200bcom/\u200ba-\u200bpath/\u200bto/\u200ba/\u200bfile.\u200bpdf"
    )


def test_a_long_word_without_punctuation_breaks_anywhere() -> None:
    assert breakable("W" * (LONGEST_WORD + 1)) == BREAK.join("W" * (LONGEST_WORD + 1))


def test_a_mark_is_not_torn_from_its_letter() -> None:
    assert breakable("e\u0301" * 20) == BREAK.join(["e\u0301"] * 20)


@given(st.text(st.sampled_from("ab/.- \u0301\n"), max_size=200) | st.text())
def test_breaks_change_nothing_but_where_lines_may_end(text: str) -> None:
    shown = printable(text)
    broken = breakable(shown)
    assert broken.replace(BREAK, "") == shown
    for word in broken.replace(BREAK, " ").split():
        letters = [character for character in word if not unicodedata.category(character).startswith("M")]
        assert len(letters) <= LONGEST_WORD


def test_a_title_that_is_too_long_ends_in_dots() -> None:
    assert shortened("t" * LONGEST_TITLE) == "t" * LONGEST_TITLE
    assert shortened("t" * (LONGEST_TITLE + 1)) == "t" * (LONGEST_TITLE - 1) + "…"
    assert shortened("one two", 5) == "one…"
