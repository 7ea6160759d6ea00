# SPDX-License-Identifier: Apache-2.0
"""What a conversion loses, and what it adds: the model before and after, compared value by value.

What was written is read again. A value that is not there any more had no place in the other syntax; a value that is
new was demanded by it. So nothing can be lost in silence, whatever the tables and hooks do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.bind.values import write_bytes, write_decimal
from einvoice.model import Attachment, Identifier, terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import Invoice


class Leaf(Struct, frozen=True):
    """One value of the model.

    Attributes:
        path: where it stands, with indices.
        place: the same without indices.
        text: the value as text; numbers without exponent and trailing zeros.
    """

    path: str
    place: str
    text: str


def leaves(invoice: Invoice) -> Iterator[Leaf]:
    """Every value of an invoice, in the order of the model.

    Args:
        invoice: the invoice.
    """
    yield from _leaves(invoice, "", "")


def _leaves(group: Struct, path: str, place: str) -> Iterator[Leaf]:
    for name in group.__struct_fields__:
        value = getattr(group, name)
        if value is None or value == ():
            continue
        here, there = (f"{path}.{name}", f"{place}.{name}") if path else (name, name)
        if isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from _value(item, f"{here}[{index}]", there)
        else:
            yield from _value(value, here, there)


def _value(value: object, path: str, place: str) -> Iterator[Leaf]:
    if isinstance(value, Struct):
        yield from _leaves(value, path, place)
    else:
        yield Leaf(path, place, text_of(value))


def text_of(value: object) -> str:
    """A value as text, such that equal values give equal texts.

    Args:
        value: a text, number, date or bytes of the model.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return write_bytes(value)
    if hasattr(value, "normalize"):
        return write_decimal(value.normalize())
    return str(value)


class Difference(Struct, frozen=True):
    """What differs between an invoice and the one that was read back.

    Attributes:
        lost: values that are gone.
        added: values that are new.
    """

    lost: tuple[Leaf, ...]
    added: tuple[Leaf, ...]


def compare(before: Invoice, after: Invoice) -> Difference:
    """Compare two invoices value by value; the order of repeated groups does not matter.

    A value that stands at another place afterwards (a department written as a name) has moved; it is not lost.

    Args:
        before: the invoice that was written.
        after: the invoice that was read back.
    """
    if before == after:
        return Difference((), ())
    old, new = list(leaves(before)), list(leaves(after))
    there = Counter((leaf.place, leaf.text) for leaf in new)
    lost = _missing(old, there)
    here = Counter((leaf.place, leaf.text) for leaf in old)
    added = _missing(new, here)
    moved = Counter(leaf.text for leaf in added)
    stays, arrived = [], Counter[str]()
    for leaf in lost:
        if leaf.text and moved[leaf.text] > arrived[leaf.text]:
            arrived[leaf.text] += 1
        else:
            stays.append(leaf)
    return Difference(tuple(leaf for leaf in stays if leaf.text), tuple(_without(added, arrived)))


def _missing(some: list[Leaf], known: Counter[tuple[str, str]]) -> list[Leaf]:
    missing = []
    for leaf in some:
        key = (leaf.place, leaf.text)
        if known[key]:
            known[key] -= 1
        else:
            missing.append(leaf)
    return missing


def _without(added: list[Leaf], arrived: Counter[str]) -> Iterator[Leaf]:
    for leaf in added:
        if arrived[leaf.text]:
            arrived[leaf.text] -= 1
        else:
            yield leaf


def terms_at(place: str) -> tuple[str, ...]:
    """The number of the term at a place of the model.

    Args:
        place: a path without indices; the part of an identifier or an attachment belongs to the whole.
    """
    parts = place.split(".")
    if parts[-1] in _PARTS and len(parts) > 1 and place not in terms():
        parts.pop()
    shortened = [part for index, part in enumerate(parts) if part != "sub_lines" or index == len(parts) - 1]
    term = terms().get(".".join(shortened))
    return (term.id,) if term is not None and term.id.startswith("B") else ()


_PARTS = frozenset(Identifier.__struct_fields__ + Attachment.__struct_fields__)


def grouped(found: tuple[Leaf, ...]) -> dict[str, list[Leaf]]:
    """Leaves by their place.

    Args:
        found: the leaves.
    """
    groups: dict[str, list[Leaf]] = defaultdict(list)
    for leaf in found:
        groups[leaf.place].append(leaf)
    return groups
