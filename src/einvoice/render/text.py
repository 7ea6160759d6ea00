# SPDX-License-Identifier: Apache-2.0
"""Text that is fit for a page: it stays what it says, cannot lie about its order, and can be broken into lines.

Nothing here escapes anything: a template receives text as data, and data is never code.
"""

from __future__ import annotations

import re
import unicodedata

BREAK = "\u200b"
"""Marks where a word may be broken. A template turns it into a break without a character (or into ``<wbr>``)."""

LONGEST_WORD = 24
"""A word of more characters than this gets places to break, so that it cannot run over its neighbours."""

LONGEST_TITLE = 120

_SHOWN_AS_REPLACEMENT = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    r"\ud800-\udfff"  # halves of characters
    r"\ufdd0-\ufdef\ufffe\uffff"  # never characters
)
_REPLACED = re.compile(f"[{_SHOWN_AS_REPLACEMENT}]")
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Embeddings, overrides and isolates make a reader see another order than a program reads.
_DROPPED = re.compile(r"[\u200b\ufeff\u202a-\u202e\u2066-\u2069]")
_LONG_WORD = re.compile(rf"[^\s\u2007]{{{LONGEST_WORD + 1},}}")
_UNPRINTABLE = re.compile(
    rf"[{_SHOWN_AS_REPLACEMENT}\r\t\x0b\x0c\x85\u2028\u2029\u200b\ufeff\u202a-\u202e\u2066-\u2069]"
)
_AFTER_PUNCTUATION = re.compile(r"(?<=[-/._?&=:@,;|#])(?=[^-/._?&=:@,;|#])")
_STEPS = ((200, 1), (4_000, 6))
_COARSE = 40


def printable(text: str) -> str:
    """Make a text printable: one kind of line end, a visible mark for what is no character, no hidden order.

    The mark is U+FFFD. Line ends of every kind become a line feed, tabulators a space; the characters that
    override the direction of writing (Unicode Standard Annex 9, 2.1 to 2.5) are left out.

    Args:
        text: any text.
    """
    if not _UNPRINTABLE.search(text):
        return text.strip()
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    return _REPLACED.sub("\ufffd", _DROPPED.sub("", text)).strip()


def shortened(text: str, most: int = LONGEST_TITLE) -> str:
    """A text for a title or a running head, which have room for a line or two, with dots for what does not fit.

    Args:
        text: a printable text.
        most: how many characters fit.
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def breakable(text: str) -> str:
    """Mark places to break in words that are too long for a column.

    Args:
        text: a printable text.
    """
    if len(text) <= LONGEST_WORD:
        return text
    return _LONG_WORD.sub(lambda match: _split(match.group()), text)


def _split(word: str) -> str:
    """Break a word after its punctuation, and only parts that are still too long anywhere."""
    parts = _AFTER_PUNCTUATION.split(word)
    return BREAK.join(part if len(part) <= LONGEST_WORD else _chop(part) for part in parts)


def _chop(part: str) -> str:
    """Break between characters; in very long words, which nobody reads, less often: each place takes time."""
    step = next((step for limit, step in _STEPS if len(part) <= limit), _COARSE)
    pieces = [part[start : start + step] for start in range(0, len(part), step)]
    return "".join(piece if not index or _joins(piece[0]) else BREAK + piece for index, piece in enumerate(pieces))


def _joins(character: str) -> bool:
    """Whether a character belongs to the one before it."""
    return unicodedata.category(character).startswith("M") or character == "\u200d"
