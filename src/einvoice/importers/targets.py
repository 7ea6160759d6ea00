# SPDX-License-Identifier: Apache-2.0
"""What a key of a mapping or of a seller profile means: a place in the model.

A key is the path of a term (``seller.postal_address.city``) or its number (``BT-37``). Tables of TOML nest, so that a
group can be written as one table; an array of tables gives several instances of a group that repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from msgspec import Struct, field

from einvoice.errors import MappingError
from einvoice.importers.transforms import KINDS, Kind
from einvoice.importers.wording import nearest
from einvoice.model import FieldInfo, Identifier, Term, fields_of, terms

LINES: Final = "lines"


class Leaf(Struct, frozen=True):
    """A key that stands for one value.

    Attributes:
        key: the key as the user wrote it, with the keys above it.
        info: the field of the model.
        value: what stands behind the key.
    """

    key: str
    info: FieldInfo
    value: Any


class Branch(Struct):
    """The keys of one instance of a group.

    Attributes:
        cls: the group's class in the model.
        path: its path in the model, without indices; empty for the invoice.
        key: the key that opened it.
        leaves: its own values, by the name of the field.
        groups: the groups below, by the name of the field; several where the group repeats.
        special: the keys that are no terms, such as ``vat``.
    """

    cls: type[Struct]
    path: str
    key: str
    leaves: dict[str, Leaf] = field(default_factory=dict)
    groups: dict[str, list[Branch]] = field(default_factory=dict)
    special: dict[str, Any] = field(default_factory=dict)


class Grammar(Struct, frozen=True):
    """What the keys of a section may be.

    Attributes:
        section: the name of the section, such as ``invoice``.
        leaf_words: a table with one of these keys stands for one value; any other table for a group.
        constant: the key that gives a value as it stands, inside such a table.
        read: turns what stands behind a key into what the section keeps of it.
        refuse: gives the reason why a path may not be written in this section, or nothing.
        special: keys that are no terms: key -> the paths of the groups that may have it; ``None``: all.
    """

    section: str
    leaf_words: frozenset[str]
    constant: str
    read: Callable[[Any, str, Kind], Any]
    refuse: Callable[[str], str]
    special: Mapping[str, frozenset[str] | None] = {}

    def takes(self, word: str, path: str) -> bool:
        """Whether a key that is no term may stand in the group at a path."""
        where = self.special.get(word, frozenset())
        return where is None or path in where

    def is_group(self, value: object) -> bool:
        """Whether a piece of TOML is the table of a group."""
        return isinstance(value, dict) and not self.leaf_words & value.keys()


@cache
def by_number() -> dict[str, Term]:
    """Every term and group that has a number of its own, by that number."""
    numbered = [term for term in terms().values() if term.id != term.path]
    once = {term.id: term for term in reversed(numbered)}
    return {number: once[number] for number in sorted(once)}


def label(path: str) -> str:
    """The number of the term at a path, or of the group it belongs to; empty if neither has one.

    Args:
        path: a model path without indices; the parts of an identifier count as the identifier.
    """
    while path:
        term = terms().get(path)
        if term is not None and term.id != path:
            return term.id
        path = path.rpartition(".")[0]
    return ""


def named(path: str) -> str:
    """The name of a term, such as ``Buyer country code``; of a part of an identifier, the name of the identifier."""
    term = terms().get(path) or terms().get(path.rpartition(".")[0])
    return term.name if term is not None else path


def described(path: str) -> str:
    """A term in words, such as ``BT-55 Buyer country code``."""
    term = terms().get(path)
    return f"{term.id} {term.name}" if term is not None and term.id != path else path


def parse(table: Mapping[str, Any], cls: type[Struct], path: str, grammar: Grammar, file: str) -> Branch:
    """Turn the tables of a section into branches and leaves.

    Args:
        table: the section, as TOML gives it.
        cls: the class of the model it speaks of.
        path: where that class stands in the model.
        grammar: what the section may hold.
        file: the file, for messages.

    Raises:
        MappingError: a key is unknown, does not belong here, or says again what another has said.
    """
    root = Branch(cls, path, grammar.section)
    _Parser(grammar, file, path).fill(root, table)
    return root


class _Parser:
    """Fills branches from tables."""

    def __init__(self, grammar: Grammar, file: str, base: str) -> None:
        self.grammar = grammar
        self.file = file
        self.base = base

    def fill(self, branch: Branch, table: Mapping[str, Any]) -> None:
        for word, value in table.items():
            key = f"{branch.key}.{word}"
            if self.grammar.takes(word, branch.path):
                branch.special[word] = value
                continue
            at = branch
            names = self.names(word, branch, key)
            for name in names[:-1]:
                at = self.enter(at, self.info(at, name, key), key)
            self.put(at, self.info(at, names[-1], key), value, key)

    def names(self, word: str, branch: Branch, key: str) -> list[str]:
        if not word.startswith(("BT-", "BG-")):
            return word.split(".")
        if branch.path != self.base:
            raise self.error(key, f"write {word} right below [{self.grammar.section}]")
        term = by_number().get(word)
        if term is None:
            raise self.error(key, f"there is no term {word}{nearest(word, by_number())}")
        inside = f"{self.base}." if self.base else ""
        if term.path == LINES or not term.path.startswith(inside):
            where = "lines" if term.path.startswith(f"{LINES}.") else "invoice"
            raise self.error(key, f"{word} ({term.name}) belongs below [{where}]")
        return term.path.removeprefix(inside).split(".")

    def info(self, branch: Branch, name: str, key: str) -> FieldInfo:
        known = fields_of(branch.cls)
        path = f"{branch.path}.{name}" if branch.path else name
        if name not in known:
            raise self.error(key, f"{_place(branch)} has no term {name!r}{nearest(name, _offers(branch))}")
        if reason := self.grammar.refuse(path):
            raise self.error(key, reason)
        return known[name]

    def enter(self, branch: Branch, info: FieldInfo, key: str) -> Branch:
        if not info.is_group:
            raise self.error(key, f"{info.name!r} is a value and holds no terms")
        there = branch.groups.setdefault(info.name, [])
        if not there:
            there.append(_below(branch, info, key))
        if len(there) > 1:
            raise self.error(key, f"{info.name!r} is written as an array of tables already: put this term into one")
        return there[0]

    def put(self, branch: Branch, info: FieldInfo, value: Any, key: str) -> None:  # noqa: ANN401 - from TOML
        if not info.is_group:
            if info.name in branch.leaves:
                raise self.error(key, f"says again what {branch.leaves[info.name].key!r} says")
            branch.leaves[info.name] = Leaf(key, info, self.grammar.read(value, key, KINDS[info.value_type]))
        elif isinstance(value, list):
            self.several(branch, info, value, key)
        else:
            self.instance(self.enter(branch, info, key), info, value, key)

    def instance(self, branch: Branch, info: FieldInfo, value: Any, key: str) -> None:  # noqa: ANN401 - from TOML
        if self.grammar.is_group(value):
            self.fill(branch, value)
        elif info.value_type is Identifier:
            self.identifier(branch, value, key)
        else:
            raise self.error(key, f"{info.name!r} is a group: write a table with its terms")

    def several(self, branch: Branch, info: FieldInfo, values: list[Any], key: str) -> None:
        if not info.repeats:
            raise self.error(key, f"{info.name!r} stands once in an invoice: write a table, not an array of tables")
        if info.name in branch.groups:
            raise self.error(key, f"says again what {branch.groups[info.name][0].key!r} says")
        for count, value in enumerate(values):
            new = _below(branch, info, f"{key}[{count}]")
            branch.groups.setdefault(info.name, []).append(new)
            self.instance(new, info, value, new.key)

    def identifier(self, branch: Branch, value: Any, key: str) -> None:  # noqa: ANN401 - from TOML
        """Read the short form of an identifier: its value, and beside it its scheme."""
        parts = fields_of(Identifier)
        if isinstance(value, dict):
            value = dict(value)
            for name in ("scheme", "scheme_version"):
                if name in value:
                    self.put(branch, parts[name], {self.grammar.constant: value.pop(name)}, f"{key}.{name}")
        self.put(branch, parts["value"], value, key)

    def error(self, key: str, message: str) -> MappingError:
        return MappingError(f"key {key!r}: {message}", source=self.file, code="MAPPING_KEY")


def _below(branch: Branch, info: FieldInfo, key: str) -> Branch:
    return Branch(info.value_type, f"{branch.path}.{info.name}" if branch.path else info.name, key)


def _place(branch: Branch) -> str:
    term = terms().get(branch.path)
    return f"{term.id} {term.name}" if term is not None else "the invoice"


def _offers(branch: Branch) -> Iterator[str]:
    """The names a user may have meant: those of this group, then the paths below it that end in the same way."""
    yield from fields_of(branch.cls)
    inside = f"{branch.path}." if branch.path else ""
    yield from (path.removeprefix(inside) for path in terms() if path.startswith(inside))
