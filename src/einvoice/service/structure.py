# SPDX-License-Identifier: Apache-2.0
"""Asking a document what the rule packs want to know of its elements."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.model.structure import Structure, StructureRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.bind import Document
    from einvoice.model.structure import StructureHit
    from einvoice.rules.registry import Pack


def structure(document: Document, packs: Sequence[Pack]) -> dict[str, tuple[StructureHit, ...]]:
    """What the elements of a document say to the rules about them, by the key of the pack.

    Args:
        document: the document.
        packs: the packs that judge it.

    Returns:
        The hits, of those packs that have such rules for its syntax.
    """
    family = "cii" if document.syntax == "cii" else "ubl"
    rules = {pack.key: pack.structure[family].rows for pack in packs if family in pack.structure}
    walk, alone = _together(tuple(rules.values()))
    found = {one: document.structure_hits(one) for one in alone}
    if walk is not None:
        hits = document.structure_hits(walk.structure)
        for place, own in walk.rows.items():
            found[place] = tuple(hit for hit in hits if hit.row in own)
    return {pack: found[structure] for pack, structure in rules.items()}


class _Walk(Struct, frozen=True, eq=False):
    """Rows of several packs that one walk over a document asks.

    Attributes:
        structure: all their rows.
        rows: the rows of each structure.
    """

    structure: Structure
    rows: dict[Structure, frozenset[StructureRow]]


@lru_cache(maxsize=64)
def _together(structures: tuple[Structure, ...]) -> tuple[_Walk | None, tuple[Structure, ...]]:
    """The walk that asks as many structures as can be asked together, and those that cannot.

    Contexts take elements from each other, but for those that ask beside: structures of which all do join any other.
    Others go along with it, unless they share rows that do not: whose contexts saw what they found could not be told.
    """
    beside = [one for one in structures if all(map(_is_beside, _rows(one)))]
    others = [one for one in structures if one not in beside]
    joined, others = [*others[:1], *beside], others[1:]
    along: list[Structure] = []
    alone: list[Structure] = []
    for one in others:
        known = {row for other in (*joined, *along) for row in _rows(other)}
        shared = known.intersection(_rows(one))
        (along if all(_is_beside(row) for row in shared) else alone).append(one)
    if len(joined) + len(along) < 2:  # noqa: PLR2004 -- nothing to put together
        return None, structures
    return _Walk(_walked(joined, along), {one: frozenset(_rows(one)) for one in (*joined, *along)}), tuple(alone)


def _walked(joined: Sequence[Structure], along: Sequence[Structure]) -> Structure:
    """The structure that asks each row once."""
    first = dict.fromkeys(row for one in joined for row in one.rows)
    known, others = set(first), []
    for one in along:
        others.append(Structure(tuple(row for row in one.rows if row not in known), one.sections))
        known.update(one.rows)
    sections = tuple(section for one in joined for section in one.sections)
    return Structure(tuple(first), sections, tuple(others))


def _is_beside(row: StructureRow) -> bool:
    return row.context.startswith("& ")


def _rows(structure: Structure) -> tuple[StructureRow, ...]:
    return (*structure.rows, *(row for section in structure.sections for row in section.rows))
