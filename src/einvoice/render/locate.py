# SPDX-License-Identifier: Apache-2.0
"""Where in an invoice a text stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.model import fields_of, terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import Invoice


def place(invoice: Invoice, text: str) -> str:
    """Name the first term that holds a text.

    Args:
        invoice: the invoice.
        text: a part of the value of a term.

    Returns:
        Such as ``BT-153 Item name (lines[2].item_information.name)``.
    """
    for path, bare, value in _texts(invoice, "", ""):
        if text in value:
            return f"{_term(bare.replace('.sub_lines', ''))} ({path})".lstrip()
    return "the words of the page"


def _term(bare: str) -> str:
    """The number and name of the term at a path; a part of an identifier or attachment belongs to the whole."""
    term = terms().get(bare) or terms().get(bare.rpartition(".")[0])
    return f"{term.id} {term.name}" if term and term.id != bare else term.name if term else ""


def _texts(group: Struct, path: str, bare: str) -> Iterator[tuple[str, str, str]]:
    """Every text below a group: its path, the path without indices, the text."""
    for name, info in fields_of(type(group)).items():
        value = getattr(group, name)
        if value in (None, ()):
            continue
        below = f"{bare}.{name}" if bare else name
        for index, one in enumerate(value if info.repeats else (value,)):
            here = f"{path}.{name}" if path else name
            numbered = f"{here}[{index}]" if info.repeats else here
            if isinstance(one, Struct):
                yield from _texts(one, numbered, below)
            elif isinstance(one, str):
                yield numbered, below, one
