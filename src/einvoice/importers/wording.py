# SPDX-License-Identifier: Apache-2.0
"""How names and values of an export appear in a message."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN: Final = 80
_SIGNS: Final = re.compile(r"[^\w%]+|_")
_ALPHABET: Final = 26


def column_name(cell: str) -> str:
    """The name of a column, in the one form in which names are compared.

    Args:
        cell: the name as a header or a mapping writes it. White space around it does not count, nor does it whether
            an accent is a character of its own.
    """
    return unicodedata.normalize("NFC", cell.strip())


def folded(name: str) -> str:
    """The name of a column as it is recognised: without capitals, accents and the signs between words.

    Args:
        name: as a header or a list of words has it; ``USt-IdNr.`` and ``ust idnr`` are the same.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    return " ".join(_SIGNS.sub(" ", "".join(sign for sign in plain if not unicodedata.combining(sign))).split())


def letters(column: int) -> str:
    """The letters by which a spreadsheet calls a column.

    Args:
        column: its number, from 1; 1 is ``A``, 27 is ``AA``.
    """
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, _ALPHABET)
        name = chr(ord("A") + rest) + name
    return name


def shown(text: str) -> str:
    """Quote a value: at most 80 characters, and with control characters made visible."""
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def nearest(name: str, known: Iterable[str]) -> str:
    """The tail of a message about an unknown name: what was probably meant.

    Args:
        name: the unknown name.
        known: the names that exist.

    Returns:
        ``; did you mean 'a' or 'b'?``, or nothing if none is near. Case does not matter.
    """
    folded = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(name.casefold(), folded, n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(folded[word]) for word in near)}?" if near else ""


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in a row, cut after a few.

    Args:
        names: the names.
        most: how many are written out.
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
