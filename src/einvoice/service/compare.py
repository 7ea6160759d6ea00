# SPDX-License-Identifier: Apache-2.0
"""Where two invoices differ, leaf by leaf: how a written invoice is proven to say what it should."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.model import terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import Invoice

Leaf = str | Decimal | date | bytes

_INDEX = re.compile(r"\[\d+\]")
_NESTED = re.compile(r"(\.sub_lines)+(?=\.|$)")


class Difference(Struct, frozen=True):
    """A leaf that two invoices do not have in common.

    Attributes:
        path: where in the model, such as ``lines[2].net_amount``; indices count from 0.
        term: the business term, such as ``BT-131``; the path without indices where it has no number.
        before: its value in the first invoice; ``None`` if it is absent there.
        after: its value in the second.
    """

    path: str
    term: str
    before: Leaf | None
    after: Leaf | None

    def __str__(self) -> str:
        return f"{self.term} ({self.path}): {said(self.before)} became {said(self.after)}"


def said(leaf: Leaf | None) -> str:
    """A leaf as text, for a sentence or a report.

    Args:
        leaf: a value of the model.
    """
    if leaf is None:
        return "nothing"
    return f"{len(leaf):,} bytes" if isinstance(leaf, bytes) else str(leaf)


def differences(before: Invoice, after: Invoice) -> list[Difference]:
    """Where two invoices differ; empty groups and absent groups are the same.

    Args:
        before: one invoice.
        after: the other.
    """
    if before == after:
        return []
    first, second = dict(leaves(before)), dict(leaves(after))
    paths = [*first, *(path for path in second if path not in first)]
    return [
        Difference(path, term_of(path), first.get(path), second.get(path))
        for path in paths
        if first.get(path) != second.get(path)
    ]


def leaves(value: object, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every value of a part of the model with its path, in the order of the model.

    Args:
        value: an invoice, or a part of one.
        path: where that part stands.

    Yields:
        The path, such as ``seller.identifiers[0].scheme``, and the value there.
    """
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from leaves(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for number, entry in enumerate(value):
            yield from leaves(entry, f"{path}[{number}]")
    elif isinstance(value, Leaf):
        yield path, value


def term_of(path: str) -> str:
    """The number of the term at a path of the model, or of the nearest group around it that has one.

    Args:
        path: such as ``lines[2].net_amount`` or ``seller.identifiers[0].scheme``.
    """
    known = terms()
    bare = _NESTED.sub(".sub_lines", _INDEX.sub("", path)).replace("lines.sub_lines.", "lines.")
    here = bare
    while here:
        if here in known:
            return known[here].id
        here = here.rpartition(".")[0]
    return bare
