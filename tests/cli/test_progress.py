# SPDX-License-Identifier: Apache-2.0
"""A bar for work that takes longer than a second, and nothing where nobody watches."""

from __future__ import annotations

import io
import re
import sys
import time
from typing import TYPE_CHECKING

import pytest

from einvoice.cli import progress
from einvoice.cli.progress import Bar, watched

if TYPE_CHECKING:
    from collections.abc import Iterator


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def slowly(count: int, seconds: float) -> Iterator[int]:
    for number in range(count):
        time.sleep(seconds)
        yield number


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal, watched by somebody of little patience."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    return stream


def test_items_are_passed_on_and_nothing_is_shown_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(watched(slowly(3, 0.01), 3, "validate")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_work_that_takes_long_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    assert list(watched(slowly(4, 0.1), 4, "validate")) == [0, 1, 2, 3]
    assert "validate" in terminal.getvalue()
    assert "/4" in terminal.getvalue()


def test_the_bar_says_how_much_is_left_and_is_gone_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    list(watched(slowly(4, 0.1), 4, "validate"))
    pictures = terminal.getvalue().split("\r")
    assert any(re.fullmatch(r"validate ━{20}─{20} 2/4 0:00:00", one) for one in pictures), pictures
    assert pictures[-1] == ""
    assert not pictures[-2].strip()


def test_a_total_that_nobody_knows_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    list(watched(slowly(3, 0.1), None, "read"))
    assert "read 2/?" in terminal.getvalue()
    assert "─" not in terminal.getvalue()


def test_what_is_printed_for_an_item_does_not_meet_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    monkeypatch.setattr(sys, "stdout", terminal)
    for number in watched(slowly(4, 0.1), 4, "validate"):
        terminal.write(f"file {number}\n")
    lines = [line.rsplit("\r", 1)[-1] for line in terminal.getvalue().split("\n")]
    assert lines[:4] == [f"file {number}" for number in range(4)]


def test_a_stream_that_has_no_lines_gets_signs_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    on_terminal(monkeypatch)
    monkeypatch.setattr(sys, "stderr", stream)
    bar = Bar()
    bar.show("batch", 0.5, "50%")
    time.sleep(0.2)
    bar.end()
    assert b"batch " + b"#" * 20 + b"-" * 20 + b" 50%" in raw.getvalue()


def test_quick_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    assert list(watched(range(3), 3, "validate")) == [0, 1, 2]
    time.sleep(0.1)
    assert terminal.getvalue() == ""


def test_a_bar_goes_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)

    def failing() -> Iterator[int]:
        yield from slowly(2, 0.1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(watched(failing(), 9, "convert"))
    shown = terminal.getvalue()
    time.sleep(0.1)
    assert terminal.getvalue() == shown
