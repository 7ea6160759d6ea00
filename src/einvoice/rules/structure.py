# SPDX-License-Identifier: Apache-2.0
"""Rules about the elements of a document: rows of a pack, and what they demand.

The rows stand in a file per syntax, contexts in the publisher's order of precedence; their grammar is that of
:mod:`einvoice.model.structure`. They are asked of a document where documents are known, and not here. A rule of several
rows is broken if one of them is.

Another release of the same pack has a file with what differs, a column ``change`` in front: ``-`` for a rule whose rows
it does not have, ``+`` for a row that it has beside the others, ``&`` for such a row of the file beside.

A pack that publishes its own copies of another publisher's rules names that one's (``shared``) and those it has
(``kept``): their rows are the same objects, and only what differs stands in a file of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.parts import Fault, Part
from einvoice.model.structure import Section, Structure, StructureRow
from einvoice.rules.element_rules import ElementRule
from einvoice.rules.folders import folder_of
from einvoice.rules.wording import ENGLISH, Phrases, in_words

if TYPE_CHECKING:
    from einvoice.rules.registry import Severity

Applies = Callable[[Part], bool]
_TOP: Final = "& /Invoice | /CreditNote"
_APPLIES: Final = StructureRow("", _TOP, "asked", ".", question=lambda _: (Fault(),))
"""Says that a document is one that only its elements tell all of."""
HEAD: Final = 2
"""Lines above the rows: where they are from, and the names of the columns."""


class Anywhere(Struct, frozen=True, eq=False):
    """Rules that are asked of the elements of some documents, and then not of the invoice.

    Attributes:
        signs: rows that a document breaks if it states anything that the rules look for where the invoice has no place
            for it; they are no rules of anybody.
        rules: functions that ask its elements all that these rules demand.
    """

    signs: tuple[StructureRow, ...]
    rules: tuple[ElementRule, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the rules."""
        return _ids(self)

    def of(self, kept: frozenset[str]) -> Anywhere:
        """Those of some ids, for a pack that has copies of them.

        Args:
            kept: the ids.
        """
        return Anywhere(self.signs, tuple(one for one in self.rules if one.id in kept))

    @property
    def section(self) -> Section:
        """The rules as rows, and one that every document answers that is asked."""
        return Section(None, (_APPLIES, *_every(self.rules)), self.signs)


class StructureRules(Struct, frozen=True, eq=False):
    """The rules of a pack about the elements of documents in one syntax.

    Attributes:
        package: the package that has the rows.
        file: the name of the file they stand in; empty for none.
        beside: the name of the file with elements that break other rules of the pack if they have no content: these
            are judged on the invoice, in which such elements leave no trace. Empty for none.
        title: how people call what the rules are from: ``EN 16931``.
        sentences: rule and test -> what a row demands, where that can be said better than the row says it; without a
            test, what the rule demands as a whole.
        functions: rules that are functions, asked of every document.
        sections: rules that are functions, asked of some documents: which these are, and the rules.
        again: functions that ask elements for what a rule asks of the invoice, where the invoice cannot tell.
        anywhere: rules that are asked of the elements of some documents, and then not of the invoice.
        renamed: id of a function -> what this release calls it.
        delta: the name of the file with what differs in this release; empty for none.
        profile: the letter of the profile, where a file has the rows of several: a column in front names, with a letter
            each, those that have a row.
        shared: the rules of another publisher, some of which this one has too; ``None`` for none.
        kept: the ids of those.
        severities: rule and context -> the severity of a row that is published with another one than its rule.
    """

    package: str
    file: str
    beside: str
    title: str
    sentences: dict[tuple[str, str], str] = {}
    functions: tuple[ElementRule, ...] = ()
    sections: tuple[tuple[Applies, tuple[ElementRule, ...]], ...] = ()
    again: tuple[ElementRule, ...] = ()
    anywhere: Anywhere | None = None
    renamed: dict[str, str] = {}
    delta: str = ""
    profile: str = ""
    shared: StructureRules | None = None
    kept: frozenset[str] = frozenset()
    severities: dict[tuple[str, str], Severity] = {}

    @property
    def rows(self) -> Structure:
        """All the rows."""
        return _all(self)

    @property
    def lines(self) -> dict[str, int]:
        """The ids of the rules about elements, each with the first of its lines in its file."""
        rows = {identifier: places[0].line for identifier, places in _places(self).items()}
        return rows | {identifier: one.line for identifier, one in self.asked.items()}

    @property
    def asked(self) -> dict[str, ElementRule]:
        """Rule -> the function that judges it."""
        return _functions(self)

    def file_of(self, identifier: str) -> str:
        """The name of the file that a rule stands in.

        Args:
            identifier: the id of the rule.
        """
        function = self.asked.get(identifier)
        return Path(function.file if function is not None else _places(self)[identifier][0].file).name

    def sentence(self, row: StructureRow, phrases: Phrases = ENGLISH) -> str:
        """What a row demands.

        Args:
            row: the row.
            phrases: the language; a sentence of its own (``sentences``, or that of a function) is English in all.
        """
        if row.test == "asked":
            return self._function(row.rule).sentence
        return self.sentences.get((row.rule, row.test)) or in_words(row, self.title, phrases)

    def _function(self, identifier: str) -> ElementRule:
        """The function that asks elements."""
        some = (*self.again, *(self.anywhere.rules if self.anywhere is not None else ()))
        return self.asked.get(identifier) or next(one for one in some if one.id == identifier)

    def rows_of(self, identifier: str) -> tuple[StructureRow, ...]:
        """The rows of a rule about elements, in their order.

        Args:
            identifier: the id of the rule.
        """
        function = self.asked.get(identifier)
        found = tuple(place.row for place in _places(self).get(identifier, ()))
        return found if function is None else (*found, *function.rows)

    def explained(self, identifier: str) -> str:
        """What a rule demands, in a sentence for each of its rows.

        Args:
            identifier: the id of the rule.
        """
        whole = self.sentences.get((identifier, ""))
        return whole or " ".join(dict.fromkeys(self.sentence(row) for row in self.rows_of(identifier)))


class _Place(Struct, frozen=True):
    """A row, the file it stands in, and the line."""

    row: StructureRow
    file: str
    line: int


def _rows(rules: StructureRules) -> tuple[_Place, ...]:
    """The rows of the file, as the release has them, behind those of another publisher that it has too."""
    shared = _rows(rules.shared) if rules.shared is not None else ()
    own = _load(rules.package, rules.file, rules.delta, "+", rules.profile)
    return (*(place for place in shared if place.row.rule in rules.kept), *own)


def _beside(rules: StructureRules) -> tuple[_Place, ...]:
    """The rows of the file beside, as the release has them, behind those of another publisher that it has too."""
    shared = _beside(rules.shared) if rules.shared is not None else ()
    own = _load(rules.package, rules.beside, rules.delta, "&", "")
    return (*(place for place in shared if place.row.rule in rules.kept), *own)


@cache
def _load(package: str, name: str, delta: str, mark: str, profile: str) -> tuple[_Place, ...]:
    changes = _lines(package, delta)
    gone = {fields[1] for _, fields in changes if fields[0] == "-"}
    kept = [(name, line, fields) for line, fields in _lines(package, name, profile) if fields[0] not in gone]
    added = [(delta, line, fields[1:]) for line, fields in changes if fields[0] == mark]
    return tuple(_Place(StructureRow(*_five(fields)), file, line) for file, line, fields in (*kept, *added))


def _lines(package: str, name: str, profile: str = "") -> list[tuple[int, list[str]]]:
    """The lines of a file below its head, each with its number; of a file with several profiles, those of one."""
    if not name:
        return []
    text = (folder_of(package) / name).read_text(encoding="utf-8")
    lines = list(enumerate(csv.reader(text.splitlines()[HEAD:]), HEAD + 1))
    return [(line, fields[1:]) for line, fields in lines if profile in fields[0]] if profile else lines


def _five(fields: list[str]) -> tuple[str, str, str, str, str]:
    rule, context, test, path, unless = fields
    return rule, context, test, path, unless


@cache
def _all(rules: StructureRules) -> Structure:
    rows = [place.row for place in (*_rows(rules), *_beside(rules))]
    sections = [Section(applies, _every(some)) for applies, some in rules.sections]
    sections += [rules.anywhere.section] if rules.anywhere is not None else []
    return Structure((*rows, *_every((*rules.functions, *rules.again))), tuple(sections))


def _every(rules: Iterable[ElementRule]) -> tuple[StructureRow, ...]:
    """The rows of rules."""
    return tuple(row for one in rules for row in one.rows)


@cache
def _ids(anywhere: Anywhere) -> frozenset[str]:
    return frozenset(one.id for one in anywhere.rules)


@cache
def _functions(rules: StructureRules) -> dict[str, ElementRule]:
    every = [*rules.functions, *(one for _, some in rules.sections for one in some)]
    return {one.id: one for one in every}


@cache
def _places(rules: StructureRules) -> dict[str, list[_Place]]:
    """Rule -> its rows in the file, and where they stand."""
    found: dict[str, list[_Place]] = {}
    for place in _rows(rules):
        found.setdefault(place.row.rule, []).append(place)
    return found
