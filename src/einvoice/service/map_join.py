# SPDX-License-Identifier: Apache-2.0
"""What belongs together in a sample: the sheet of the invoices and that of their lines, and records named by a key.

Only values tell: a key stands once in the records that it names, and what points at them holds nothing else.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.importers.tables import header_words
from einvoice.importers.wording import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Sheet = list[tuple[int, list[Any]]]

MOSTLY: Final = 0.8
"""How many of the values that point at records have to find one; a sample may be cut."""
_FEWEST: Final = 2
_SHORT: Final = 60
_KEYS: Final = {"id", "key", "number", "no", "code"}


class Pair(Struct, frozen=True):
    """The sheets that make invoices.

    Attributes:
        head: the sheet with a row for each invoice.
        lines: the sheet with a row for each line.
        column: the column that stands in both.
        why: what was seen, in words.
    """

    head: str
    lines: str
    column: str
    why: str


class Joined(Struct, frozen=True):
    """Records of a tree that stand elsewhere.

    Attributes:
        name: what paths call them.
        value: the path to their key in an invoice.
        records: the path to all of them.
        key: the path to the key in such a record.
        why: what was seen, in words.
        found: the records that the invoices name.
    """

    name: str
    value: str
    records: str
    key: str
    why: str
    found: list[dict[str, Any]]


def paired(sheets: Mapping[str, Sheet]) -> Pair | None:
    """The two sheets of a spreadsheet that belong together as invoices and lines.

    Args:
        sheets: the rows of each sheet, the first of them the names of its columns.

    Returns:
        The pair of which a column says the same things most often, one that is called like an invoice number first;
        ``None`` if no column says in one sheet what another names once.
    """
    found = [one for head, lines in permutations(sheets, 2) for one in _pairs(head, lines, sheets)]
    return max(found, key=lambda one: one[0])[1] if found else None


def _pairs(
    head: str, lines: str, sheets: Mapping[str, Sheet]
) -> Iterator[tuple[tuple[bool, float, int, int, int], Pair]]:
    above, below = _columns(sheets[head]), _columns(sheets[lines])
    words = {folded(word) for some in header_words()["lines"].values() for word in some}
    lines_more = sum(folded(name) in words for name in below) - sum(folded(name) in words for name in above)
    for at, (name, keys) in enumerate(above.items()):
        share = _share(keys, below.get(name, []))
        if share >= MOSTLY:
            used = below[name]
            why = f"{round(share * len(used))} of {len(used)} rows of {lines!r} name a row of {head!r} by it"
            yield (folded(name) in _numbers(), share, len(used), lines_more, -at), Pair(head, lines, name, why)


def _columns(rows: Sheet) -> dict[str, list[str]]:
    """What stands in the columns of a sheet, by their names."""
    names = [str(cell).strip() for cell in rows[0][1]]
    texts = [[str(cell).strip() for cell in cells] for _, cells in rows[1:]]
    return {
        name: [cells[at] for cells in texts if at < len(cells) and cells[at]] for at, name in enumerate(names) if name
    }


def _share(keys: Sequence[str], used: Sequence[str]) -> float:
    """How much of what points somewhere is found among the keys; nothing where a key stands twice."""
    known = set(keys)
    if not used or len(keys) < _FEWEST or len(known) < len(keys):
        return 0
    return sum(one in known for one in used) / len(used)


def _numbers() -> set[str]:
    return {folded(word) for word in header_words()["invoice"]["number"]}


def joined(root: Any, invoices: Sequence[dict[str, Any]], taken: str) -> Iterator[Joined]:  # noqa: ANN401 - any tree
    """The records beside the invoices that these name by a key.

    Args:
        root: the top of the tree.
        invoices: the invoices.
        taken: the path to the invoices.
    """
    if not isinstance(root, dict):
        return
    for name, value in root.items():
        records = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if f"{name}[*]" == taken or not records or not name.isidentifier() or not name.isascii():
            continue
        best = max(_keyed(_stem(name), records, invoices), default=None)
        if best is None:
            continue
        (share, *_), field, key = best
        keys = {_text(one.get(key)): one for one in records}
        used = [_text(one.get(field)) for one in invoices if _text(one.get(field))]
        why = f"{round(share * len(used))} of {len(used)} invoices name one of {name!r} by it"
        found = [keys[text] for text in used if text in keys]
        yield Joined(_named(name, invoices), field, f"{name}[*]", key, why, found)


def _stem(name: str) -> str:
    """What one of several is called."""
    return name.lower().removesuffix("s")


def _keyed(
    stem: str, records: Sequence[dict[str, Any]], invoices: Sequence[dict[str, Any]]
) -> Iterator[tuple[tuple[float, bool, bool, bool], str, str]]:
    """Which member of the invoices may name which member of the records.

    The best is the one that does so most often; then one that is called like the records, then any but what names the
    invoice itself: numbers that count from 1 are found among the keys of anything.
    """
    for key in records[0]:
        keys = [_text(one.get(key)) for one in records]
        if not all(keys):
            continue
        for field in invoices[0] if invoices else ():
            used = [_text(one.get(field)) for one in invoices]
            share = _share(keys, [text for text in used if text])
            if share >= MOSTLY and key.isidentifier() and field.isidentifier():
                own = field.lower() in _KEYS or folded(field) in _numbers()
                yield (share, field.lower().startswith(stem), not own, key.lower() in _KEYS), field, key


def _text(value: Any) -> str:  # noqa: ANN401 - any member
    """What a member says, if it is short enough to be a key."""
    text = "" if isinstance(value, dict | list | bool) or value is None else str(value).strip()
    return text if len(text) <= _SHORT else ""


def _named(name: str, invoices: Sequence[dict[str, Any]]) -> str:
    """One of several: without the plural, and not what a member of an invoice is called."""
    one = name[:-1] if name.endswith("s") and len(name) > 1 else f"{name}_record"
    return f"{one}_record" if any(one in invoice for invoice in invoices) else one
