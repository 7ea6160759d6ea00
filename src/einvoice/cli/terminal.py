# SPDX-License-Identifier: Apache-2.0
"""Text for a terminal. What an invoice says is never trusted to be only text."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from einvoice.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

_HOSTILE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, with which a terminal can be made to do things
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"  # what reorders or hides text
    "\u2028\u2029\ud800-\udfff]"  # other line ends; bytes of a file name that are no text
)
_STYLES: Final = {"good": "32", "bad": "1;31", "open": "33", "quiet": "2", "strong": "1"}
_ALSO_LINES: Final = re.compile(r"[\t\n]")
CLOSED: Final = 141
"""The exit status where who reads the output wants no more, as of any program that SIGPIPE ends: no verdict."""


def visible(text: str, *, lines: bool = False) -> str:
    """A text from outside, with everything that is not plain text made visible as an escape.

    Args:
        text: what an invoice, a file name or an error says.
        lines: whether line ends and tabs may stay.
    """
    shown = _HOSTILE.sub(_escape, text)
    return shown if lines else _ALSO_LINES.sub(lambda match: "\\n" if match[0] == "\n" else "\\t", shown)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - the width of an escape


def cut(text: str, width: int) -> str:
    """A text cut to a width, with a sign that it was cut.

    Args:
        text: any text.
        width: the number of characters at most.
    """
    return text if len(text) <= width else f"{text[: width - 1]}…"


def styled(text: str, style: str) -> str:
    """A text in a colour, where standard output is a terminal that shows colours.

    Args:
        text: a text that is safe already.
        style: ``good``, ``bad``, ``open``, ``quiet`` or ``strong``.
    """
    if sys.stdout is None or not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


@contextmanager
def standard_output() -> Iterator[None]:
    """Writing to standard output: a reader who has gone ends the program, a full disk is an error.

    Raises:
        OutputError: nothing more can be written (``NOT_WRITTEN``).
    """
    try:
        yield
    except BrokenPipeError:
        _mute(sys.stdout)
        sys.exit(CLOSED)
    except OSError as error:
        _mute(sys.stdout)
        message = f"cannot be written: {error.strerror or error}; what is there is not all, so make room and run again"
        raise OutputError(message, source="standard output", code="NOT_WRITTEN") from error


def flush() -> None:
    """Write what is still on its way to standard output, so that nobody takes half of it for all.

    Raises:
        OutputError: it cannot be written.
    """
    if sys.stdout is None:
        return
    with standard_output():
        sys.stdout.flush()


def _mute(stream: IO[str]) -> None:
    """Let what is still on its way go nowhere: the interpreter would try again at its end, and fail aloud."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def complain(text: str) -> None:
    """Print one error on standard error.

    Args:
        text: the sentence; it may quote from outside.
    """
    _noted(f"einvoice: {visible(text, lines=True)}")


def _noted(text: str) -> None:
    """Print on standard error; where that cannot be written, the exit status says what there is to say."""
    if sys.stderr is None:  # print would take standard output
        return
    try:
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the command line
    except OSError:
        _mute(sys.stderr)


def say(text: str = "", *, to_stderr: bool = False) -> None:
    """Print a text that is safe already; where the stream is closed (``>&-``), nobody wants to read it.

    Args:
        text: what to print.
        to_stderr: whether standard output is taken by data.

    Raises:
        OutputError: standard output cannot be written.
    """
    stream = sys.stderr if to_stderr else sys.stdout
    if stream is None:
        return
    encoding = stream.encoding or "utf-8"
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    if to_stderr:
        _noted(text)
        return
    with standard_output():
        print(text)  # noqa: T201 - this is the command line


def put(data: bytes) -> None:
    """Write bytes to standard output as they are.

    Args:
        data: a document, or lines of JSON.

    Raises:
        OutputError: standard output cannot be written, or is closed: a document must not get lost in silence.
    """
    if sys.stdout is None:
        what = "is closed, and a document was to go there; name a file, or leave it open"
        raise OutputError(what, source="standard output", code="NOT_WRITTEN")
    with standard_output():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


class Footnotes:
    """Notes that several documents have in common: printed in full once, referred to by number after that."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._told = 0

    def marked(self, notes: Iterable[str]) -> tuple[str, list[str]]:
        """The marks for notes, and lines for those that have not been printed before.

        Args:
            notes: sentences, as they come.

        Returns:
            The marks, such as `` [1] [2]``, and the new notes as lines.
        """
        marks, fresh = "", []
        for note in dict.fromkeys(notes):
            number = self._numbers.setdefault(note, len(self._numbers) + 1)
            marks += f" [{number}]"
            if number > self._told:
                self._told = number
                fresh.append(f"    [{number}] {visible(note)}")
        return marks, fresh
