# SPDX-License-Identifier: Apache-2.0
"""Text in columns: measured as terminals show it, wrapped between words, and never cut."""

from __future__ import annotations

import os
import sys
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from einvoice.cli.terminal import styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_USUAL_WIDTH: Final = 80
_GAP: Final = 2
"""Blanks between two columns."""
_NARROWEST: Final = 12
_WIDEST_RIGID: Final = 24
"""A column that may be wrapped is never narrower; one that may not be is wrapped where it would be wider."""
_JOINED: Final = range(0x1160, 0x1200)
"""Vowels and finals of Hangul, which are shown within the syllable that they follow."""


def page_width() -> int:
    """The columns of the terminal, or what ``COLUMNS`` says; 80 where nobody watches."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        watched = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
    except (OSError, ValueError):  # it is no terminal, or closed
        watched = 0
    return watched or _USUAL_WIDTH  # a terminal without a size says 0


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes: none for what is put upon a letter, two for a wide one.

    Args:
        text: one line. Unicode Standard Annex 11 says what is wide.
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf") or ord(letter) in _JOINED:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines, wrapped between words; a word that is longer than a line is broken.

    Args:
        text: any text; its own line ends stay, and what a paragraph is indented by is kept in all of its lines.
        width: the columns of a line.
    """
    lines: list[str] = []
    for paragraph in text.expandtabs(4).split("\n"):
        words = paragraph.lstrip(" ")
        indent = " " * min(len(paragraph) - len(words), max(width - _NARROWEST, 0))
        lines += (indent + line for line in _paragraph(words.rstrip(), max(width - len(indent), 1)))
    return lines


def _paragraph(text: str, width: int) -> Iterator[str]:
    line, taken = "", 0
    for word in text.split(" "):
        size = width_of(word)
        if line and taken + 1 + size <= width:
            line, taken = f"{line} {word}", taken + 1 + size
            continue
        if line:
            yield line.rstrip()
        *full, line = _broken(word, width) if size > width else [word]
        yield from full
        taken = width_of(line)
    yield line


def _broken(word: str, width: int) -> list[str]:
    """A word in pieces that fit; what is put upon a letter stays with it."""
    pieces, taken = [""], 0
    for letter in word:
        size = _columns(letter)
        if pieces[-1] and taken + size > width:
            pieces.append("")
            taken = 0
        pieces[-1] += letter
        taken += size
    return pieces


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        heading: what stands above it.
        right: whether it is flush right, as figures are.
        rigid: whether it is wrapped only if nothing else helps.
        style: a style of :func:`~einvoice.cli.terminal.styled`; empty for none.
    """

    heading: str = ""
    right: bool = False
    rigid: bool = False
    style: str = ""

    def shown(self, text: str, width: int, style: str) -> str:
        """One line of a cell, as wide as the column.

        Args:
            text: the line, safe to print.
            width: that of the column.
            style: a style; empty for none.
        """
        blanks = " " * (width - width_of(text))
        marked = styled(text, style) if style and text else text
        return blanks + marked if self.right else marked + blanks


class Table:
    """Rows in columns, no wider than the page where that can be helped.

    Args:
        columns: the columns.
        rows: the cells of each row, safe to print; a cell may have several lines.
        width: the columns of the page.

    Attributes:
        widths: how wide each column is.
    """

    def __init__(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> None:
        self.columns, self.rows = columns, rows
        cells = zip(*([column.heading for column in columns], *rows), strict=True)
        natural = [max(width_of(line) for cell in column for line in cell.split("\n")) for column in cells]
        self.widths = self._fitted(natural, width - _GAP * (len(columns) - 1))

    def _fitted(self, natural: list[int], width: int) -> list[int]:
        """The natural widths, of which those that may be wrapped share what the others leave, the narrow ones first."""
        if sum(natural) <= width:
            return natural
        fitted = [min(size, _WIDEST_RIGID) for size in natural]
        soft = sorted((at for at, column in enumerate(self.columns) if not column.rigid), key=natural.__getitem__)
        left = width - sum(size for at, size in enumerate(fitted) if at not in soft)
        for number, at in enumerate(soft):
            fitted[at] = min(natural[at], max(left // (len(soft) - number), _NARROWEST))
            left -= fitted[at]
        return fitted

    def heading(self) -> str:
        """The line with what stands above the columns."""
        return self._joined([column.heading for column in self.columns], ["strong"] * len(self.columns))

    def lines(self, row: Sequence[str]) -> Iterator[str]:
        """A row in lines.

        Args:
            row: one of the rows.
        """
        styles = [column.style for column in self.columns]
        cells = [wrapped(cell, size) for cell, size in zip(row, self.widths, strict=True)]
        for line in zip_longest(*cells, fillvalue=""):
            yield self._joined(line, styles)

    def _joined(self, line: Sequence[str], styles: Sequence[str]) -> str:
        parts = zip(self.columns, line, self.widths, styles, strict=True)
        return (" " * _GAP).join(column.shown(text, size, style) for column, text, size, style in parts).rstrip()

    def __iter__(self) -> Iterator[str]:
        for row in self.rows:
            yield from self.lines(row)


def beside(blocks: Sequence[Sequence[str]], width: int, gap: int = 4) -> Iterator[str]:
    """Blocks of lines, as many of them side by side as the page has room for; the first line of each is its title.

    Args:
        blocks: lines that are safe to print.
        width: the columns of the page.
        gap: blanks between two blocks.
    """
    left = [[part for line in block for part in wrapped(line, width)] for block in blocks]
    while left:
        sizes = [max(map(width_of, block)) for block in left]
        number = max((n for n in range(1, len(left) + 1) if sum(sizes[:n]) + gap * (n - 1) <= width), default=1)
        columns = [Column()] * number
        for place, line in enumerate(zip_longest(*left[:number], fillvalue="")):
            style = "" if place else "strong"
            parts = (column.shown(text, size, style) for column, text, size in zip(columns, line, sizes, strict=False))
            yield (" " * gap).join(parts).rstrip()
        left = left[number:]
        if left:
            yield ""
