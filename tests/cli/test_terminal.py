# SPDX-License-Identifier: Apache-2.0
"""What an invoice says cannot act on the terminal that shows it."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.cli.terminal import complain, cut, say, styled, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Ünïcode 名 🧾", "plain Ünïcode 名 🧾"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202egnp.exe", "a\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("line\nfeed\ttab", "line\\nfeed\\ttab"),
        ("\r\x00\x7f", "\\x0d\\x00\\x7f"),
        ("\udcff", "\\udcff"),
    ],
)
def test_control_characters_and_text_that_reorders_are_shown_as_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_line_ends_may_stay_where_a_text_has_several_lines() -> None:
    assert visible("a\nb\x1b", lines=True) == "a\nb\\x1b"


@given(st.text(st.characters(codec=None)))
def test_what_is_shown_is_one_line_without_control_characters(text: str) -> None:
    shown = visible(text)
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert shown.encode() is not None


def test_a_long_text_is_cut_and_says_so() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"


def test_a_complaint_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    complain("x.xml: \x1b[2J is bad")
    assert capsys.readouterr() == ("", "einvoice: x.xml: \\x1b[2J is bad\n")


def test_a_stream_that_cannot_hold_a_character_gets_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    say("Ü")
    stream.flush()
    assert raw.getvalue() == b"\\xdc\n"


@pytest.mark.parametrize(
    ("terminal", "no_color", "shown"),
    [("yes", "", "\x1b[1;31mx\x1b[0m"), ("yes", "1", "x"), ("", "", "x")],
)
def test_colours_are_for_terminals_that_want_them(
    monkeypatch: pytest.MonkeyPatch, terminal: str, no_color: str, shown: str
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: bool(terminal))
    monkeypatch.setenv("NO_COLOR", no_color)
    assert styled("x", "bad") == shown
