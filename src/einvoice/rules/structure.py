# SPDX-License-Identifier: Apache-2.0
"""Rules about the elements of a document: rows of a pack, and what they demand.

The rows stand in a file per syntax, contexts in the publisher's order of precedence; their grammar is that of
:mod:`einvoice.model.structure`. They are asked of a document where documents are known, and not here. A rule of several
rows is broken if one of them is.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

from einvoice.model.structure import Structure, StructureRow
from einvoice.rules.wording import ENGLISH, Phrases, in_words

HEAD: Final = 2
"""Lines above the rows: where they are from, and the names of the columns."""


class StructureRules(Struct, frozen=True, eq=False):
    """The rules of a pack about the elements of documents in one syntax.

    Attributes:
        package: the package that has the rows.
        file: the name of the file they stand in.
        beside: the name of the file with elements that break other rules of the pack if they have no content: these
            are judged on the invoice, in which such elements leave no trace.
        title: how people call what the rules are from: ``EN 16931``.
        sentences: rule and test -> what a row demands, where that can be said better than the row says it.
    """

    package: str
    file: str
    beside: str
    title: str
    sentences: dict[tuple[str, str], str] = {}

    @property
    def rows(self) -> Structure:
        """All the rows."""
        return _all(self.package, self.file, self.beside)

    @property
    def lines(self) -> dict[str, int]:
        """The ids of the rules about elements, each with the first of its lines in the file."""
        return {identifier: numbers[0] + HEAD + 1 for identifier, numbers in _places(self.package, self.file).items()}

    def sentence(self, row: StructureRow, phrases: Phrases = ENGLISH) -> str:
        """What a row demands.

        Args:
            row: the row.
            phrases: the language; a sentence of its own (``sentences``) is English in all of them.
        """
        return self.sentences.get((row.rule, row.test)) or in_words(row, self.title, phrases)

    def rows_of(self, identifier: str) -> tuple[StructureRow, ...]:
        """The rows of a rule about elements, in their order.

        Args:
            identifier: the id of the rule.
        """
        rows, places = _load(self.package, self.file), _places(self.package, self.file)
        return tuple(rows[place] for place in places.get(identifier, ()))

    def explained(self, identifier: str) -> str:
        """What a rule demands, in a sentence for each of its rows.

        Args:
            identifier: the id of the rule.
        """
        return " ".join(dict.fromkeys(self.sentence(row) for row in self.rows_of(identifier)))


@cache
def _load(package: str, name: str) -> tuple[StructureRow, ...]:
    lines = (files(package) / name).read_text(encoding="utf-8").splitlines()
    return tuple(StructureRow(*fields) for fields in csv.reader(lines[HEAD:]))


@cache
def _all(package: str, *names: str) -> Structure:
    return Structure(tuple(row for name in names for row in _load(package, name)))


@cache
def _places(package: str, name: str) -> dict[str, list[int]]:
    """Rule -> where its rows are among those of a file."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(_load(package, name)):
        found.setdefault(row.rule, []).append(place)
    return found
