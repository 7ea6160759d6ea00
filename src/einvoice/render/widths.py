# SPDX-License-Identifier: Apache-2.0
"""How wide a text is at most, set in the font of the page.

Typst learns the height of a row by laying out all of its cells, and lays them out again to draw them. A template that
knows that each text fits on its line knows the height itself.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from einvoice.render.text import LONGEST_WORD, breakable

if TYPE_CHECKING:
    from einvoice.render.sheet import Row


def width(text: str) -> int | None:
    """How wide a text is at most on one line of Noto Sans, regular or semi-bold, without what kerning adds.

    Args:
        text: the text, as the invoice states it.

    Returns:
        Thousandths of the size of the text; ``None`` where a character is a line end, or one whose width is not known,
        and where a word is so long that it gets places to break.
    """
    table = _table()
    if len(text) > LONGEST_WORD and breakable(text) != text:
        return None
    try:
        return sum(map(table.__getitem__, text))
    except KeyError:
        return None


def widths(*texts: str) -> tuple[int, ...]:
    """How wide some texts are at most; nothing where one of them has no known width.

    Args:
        texts: the texts.
    """
    known = tuple(found for found in map(width, texts) if found is not None)
    return known if len(known) == len(texts) else ()


def ems(row: Row, colon: str) -> tuple[int, ...]:
    """The widths of the texts of a row; nothing where one is not known.

    Args:
        row: the row.
        colon: what stands between a label and its value.

    Returns:
        Thousandths of the size of position, name, widest detail, quantity, price, basis of the price, VAT, amount.
    """
    details = widths(*(pair.label + colon + pair.value if pair.label else pair.value for pair in row.details))
    known = widths(row.position, row.name, row.quantity, row.price, row.price_basis, row.vat, row.amount)
    if not known or len(details) < len(row.details):
        return ()
    return (*known[:2], max(details, default=0), *known[2:])


@cache
def _table() -> dict[str, int]:
    listed: dict[str, str] = tomllib.loads(files("einvoice.render").joinpath("widths.toml").read_text("utf-8"))[
        "widths"
    ]
    return {letter: int(thousandths) for thousandths, letters in listed.items() for letter in letters}
