# SPDX-License-Identifier: Apache-2.0
"""Rules about the elements of a document: rows of a pack, and what they demand in words.

The rows stand in a file per syntax, contexts in the publisher's order of precedence; their grammar is that of
:mod:`einvoice.model.structure`. They are asked of a document where documents are known, and not here. A rule of several
rows is broken if one of them is.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

from einvoice.model.structure import Operand, Structure, StructureRow, Term, condition, divided, steps

HEAD: Final = 2
"""Lines above the rows: where they are from, and the names of the columns."""
_LINE: Final = "(cac:InvoiceLine|cac:CreditNoteLine)"
_SUBJECTS: Final = {
    "Invoice": "invoice",
    "CrossIndustryInvoice": "invoice",
    "InvoiceLine": "invoice line",
    "IncludedSupplyChainTradeLineItem": "invoice line",
}
_TWINS: Final = ("CreditNote", "cac:CreditNoteLine")
"""What UBL has twice, under two names."""
_NUMBERS: Final = ("no", "one", "two", "three")
_COUNTING: Final = ("at most", "exactly", "decimals")
_DEMANDS: Final = {
    "absent": "{title} does not use {path}{inside}",
    "at most": "Each {subject} has at most {number} {path}",
    "exactly": "Each {subject} has exactly {number} {path}",
    "some": "Each {subject} has {path}",
    "alike": "Every {path} says the same",
    "alike trimmed": "Every {path} says the same",
    "decimals": "Each {subject} has at most {number} decimals",
    "date": "Each {subject} is a date, written as year, month and day in eight digits",
    "true": "Of each {subject}, {condition}",
    "full": "Each {subject} has content",
}


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

    def sentence(self, row: StructureRow) -> str:
        """What a row demands.

        Args:
            row: the row.
        """
        return self.sentences.get((row.rule, row.test)) or in_words(row, self.title)

    def explained(self, identifier: str) -> str:
        """What a rule demands, in a sentence for each of its rows.

        Args:
            identifier: the id of the rule.
        """
        rows, places = _load(self.package, self.file), _places(self.package, self.file)
        return " ".join(dict.fromkeys(self.sentence(rows[place]) for place in places[identifier]))


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


def in_words(row: StructureRow, title: str) -> str:
    """What a row demands, as far as the row itself says it.

    Args:
        row: the row.
        title: how people call what the row is from.
    """
    subject, path = _subject(row.context.removeprefix("& ")), row.path.removeprefix("//")
    if path.startswith(f"{_LINE}/"):
        subject, path = "invoice line", path.removeprefix(f"{_LINE}/")
    where = _guards(path)
    path = re.sub(r"\[.*?\](?=/|$)", "", path)
    kind, _, number = row.test.rpartition(" ")
    demand = _DEMANDS[kind if number.isdigit() else row.test].format(
        title=title,
        subject=subject,
        number=_NUMBERS[int(number)] if kind in _COUNTING else "",
        path=path,
        inside="" if row.path.startswith("//") else f" in {_article(subject)}",
        condition=_words(row.path) if row.test == "true" else "",
    )
    return f"{demand}{where}{_unless(row.unless)}."


def _subject(context: str) -> str:
    """What a context is called: the last name of its pattern, its conditions behind."""
    names = []
    for pattern in divided(context, " | "):
        last = steps(pattern.removeprefix("/"))[-1]
        local = last.names[0].rpartition(":")[2]
        named = f"element whose name ends in {local.removeprefix('*')}" if local.startswith("*") else last.names[0]
        where = f" where {_words(last.condition)}" if last.condition else ""
        names.append(_SUBJECTS.get(local, named) + where)
    unique = [name for name in dict.fromkeys(names) if name not in _TWINS]
    return " or ".join(unique)


def _article(subject: str) -> str:
    return f"{'an' if subject.startswith(('invoice', 'element')) else 'a'} {subject}"


def _guards(path: str) -> str:
    """The conditions along a path."""
    words = [_words(step.condition) for step in steps(path) if step.condition]
    return f" where {' and '.join(words)}" if words else ""


def _unless(text: str) -> str:
    return f", unless {_words(text)}" if text else ""


def _words(text: str) -> str:
    """A condition in words."""
    return ", or ".join(" and ".join(map(_term, terms)) for terms in condition(text))


def _term(term: Term) -> str:
    name, no = _name(term.operand), "not " if term.negated is (term.operator != "!=") else ""
    if term.operand.axis in ("self::", "ancestor::"):
        within = "within " if term.operand.axis == "ancestor::" else ""
        return f"it is {no}{within}{_article(name)}"
    if term.operand.axis == "/" and len(term.operand.names) == 1 and not term.operand.attribute:
        return f"the document is {no}{_article(name)}"
    if not term.operator:
        return f"there is {'no ' if term.negated else ''}{name}"
    if term.other is not None:
        return f"{name} is {no}{_name(term.other)}"
    if term.truth is not None:
        return f"{name} is {no}{str(term.truth).lower()}"
    return f"{name} is {no}{' or '.join(term.values)}"


def _name(operand: Operand) -> str:
    """The last names of a path; those of one from the document are many."""
    names = operand.names[-2:] if operand.axis == "/" else operand.names
    if names and names[0].startswith(("*", "ram:*")):
        return f"element whose name ends in {names[0].rpartition('*')[2]}"
    return "/".join([*names, *([f"@{operand.attribute}"] if operand.attribute else [])])
