# SPDX-License-Identifier: Apache-2.0
"""A bar for work that takes longer than a second, and nothing where nobody watches."""

from __future__ import annotations

import io
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from einvoice.cli import progress
from einvoice.cli.progress import watched

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
    """Make standard error a terminal, watched by somebody of little patience; what draws the bar is loaded already."""
    import_module("rich.progress")
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_items_are_passed_on_and_nothing_is_shown_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(watched(slowly(3, 0.01), 3, "validate")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_work_that_takes_long_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    assert list(watched(slowly(4, 0.1), 4, "validate")) == [0, 1, 2, 3]
    assert "validate" in terminal.getvalue()
    assert "/4" in terminal.getvalue()


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
