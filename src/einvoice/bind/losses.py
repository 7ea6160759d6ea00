# SPDX-License-Identifier: Apache-2.0
"""What a conversion loses, and what it adds: the model before and after, compared value by value.

What was written is read again. A value that is not there any more had no place in the other syntax; a value that is
new was demanded by it. So nothing can be lost in silence, whatever the tables and hooks do.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.bind.remarks import Remarks
from einvoice.bind.values import (
    TIMING_READ,
    TIMING_WRITE,
    read_date,
    read_date_102,
    read_decimal,
    write_bytes,
    write_date_102,
    write_decimal,
)
from einvoice.model import Attachment, Identifier, terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from einvoice.model import Invoice, Remark


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


def says(text: str, value: str) -> bool:
    """Whether the text of a document says a value of the model.

    Args:
        text: the text, as it stands in the document.
        value: the value, as :func:`text_of` writes it.
    """
    if text == value:
        return True
    number = read_decimal(text)
    day = read_date(text) or read_date_102(text)
    return (number is not None and text_of(number) == value) or (day is not None and str(day) == value)


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


def unaccounted(source: _Element, written: _Element, named: list[Remark], *, same: bool) -> list[Remark]:
    """The last net: leaves of a source that are neither in what was written nor named as lost.

    In the same syntax a leaf counts with its path, in the other one by its value. What the tables and hooks account
    for never gets here; what they should ever miss is named here.

    Args:
        source: the root of the source.
        written: the root of what was written.
        named: the losses that are known.
        same: whether both are in the same syntax.
    """
    if same:
        there = Counter((path, text) for path, text, _ in _document(written))
        there.update((_bare(remark.path), normal(remark.value)) for remark in named)
        left = []
        for path, text, place in _document(source):
            if there[path, text]:
                there[path, text] -= 1
            else:
                left.append(place)
    else:
        known = {text for _, text, _ in _document(written)} | {normal(remark.value) for remark in named} | _DEMANDED
        known |= {part for text in known for part in _SUBJECT.split(text) if part}
        left = [place for _, text, place in _document(source) if not known & _spellings(text)]
    remarks = Remarks()
    for element, attribute in left:
        if attribute:
            remarks.attribute(element, attribute, "unbound" if same else "no-place")
        else:
            remarks.text(element, "unbound" if same else "no-place")
    return remarks.found


def _spellings(text: str) -> set[str]:
    """How the other syntax may write a text: without the subject code of a note, with the other code of BT-8."""
    return {text, _SUBJECT.sub("", text), _TIMING.get(text, text)}


def _document(root: _Element) -> Iterator[tuple[str, str, tuple[_Element, str]]]:
    """Each leaf of a document: its path without positions and prefixes, its normal text, its place."""
    stack: list[tuple[_Element, str]] = [(root, "")]
    while stack:
        element, above = stack.pop()
        path = f"{above}/{_local(str(element.tag))}"
        if not len(element) and (element.text or "").strip():
            yield path, normal(element.text or ""), (element, "")
        for name, value in element.items():
            if not str(name).startswith(_SCHEMA_INSTANCE) and str(value).strip():
                yield f"{path}/@{_local(str(name))}", normal(str(value)), (element, str(name))
        stack.extend((child, path) for child in reversed(element))


def normal(text: str) -> str:
    """A text such that spellings of one value are equal: white space, digits after the point, separators of a date.

    Args:
        text: the text of an element or attribute.
    """
    text = " ".join(text.split())
    day = read_date(text)
    if day is not None:
        return write_date_102(day)
    number = read_decimal(text)
    return text if number is None else text_of(number)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _bare(path: str) -> str:
    return re.sub(r"\[\d+\]|(?<=[/@])[^/@:]+:", "", path)


_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_SUBJECT = re.compile(r"^#([A-Z]{3})#")
_DEMANDED = frozenset({"102", "VAT", "VA", "FC", "916", "50", "true", "false"})  # what only one syntax needs to say
_TIMING = {**TIMING_READ, **TIMING_WRITE}


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
