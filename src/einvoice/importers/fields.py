# SPDX-License-Identifier: Apache-2.0
"""How the value of one term is got: from columns, as a declared constant, or by counting the lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from einvoice.errors import MappingError
from einvoice.importers.declaration import NESTED, Field, Source, convert, texts
from einvoice.importers.erp_steps import MINOR
from einvoice.importers.paths import parse_path
from einvoice.importers.tables import MARK, tables
from einvoice.importers.transforms import Kind, Locale, Step, compose
from einvoice.importers.tree import Broken, Exact
from einvoice.importers.wording import column_name, listed, nearest, shown

ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""


class FieldRule(Struct, frozen=True):
    """Where one value comes from.

    Attributes:
        key: the key as the user wrote it.
        columns: the columns it is read from; none for a constant or a count.
        first: whether the first column that is not empty counts; else they are joined.
        join: what stands between joined columns.
        constant: the declared value; ``None`` if there is none.
        count: whether it is the position of the line.
        remove: texts taken out first.
        empty: texts that mean an empty cell.
        step: turns the text into the value.
        paths: whether the columns are paths in a tree.
        typed: whether cells know that they are numbers or dates.
        minor: the step that gives an amount in the smallest unit of the currency, if one does.
    """

    key: str
    columns: tuple[str, ...] = ()
    first: bool = False
    join: str = " "
    constant: Any = None
    count: bool = False
    remove: tuple[str, ...] = ()
    empty: frozenset[str] = frozenset()
    step: Step = str.strip
    paths: bool = False
    typed: bool = False
    minor: str = ""

    def reader(self, positions: Sequence[int]) -> Callable[[Sequence[str]], str]:
        """A function from the cells of a record to what they say before any transform; nothing if they are empty.

        Args:
            positions: which of the cells are the columns of this rule.
        """
        if self.paths:
            return self._by_paths(positions)
        if len(positions) == 1:
            position = positions[0]
            if self.empty == {""} and not self.remove and not self.typed:
                return lambda cells: cells[position].strip()
            return lambda cells: self._cell(cells[position])

        def several(cells: Sequence[str]) -> str:
            said = [part for position in positions if (part := self._cell(cells[position]))]
            return (said[0] if said else "") if self.first else self.join.join(said)

        return several

    def parts(self, positions: Sequence[int]) -> Callable[[Any], tuple[str, ...]]:
        """A function from the cells of a record to everything that the columns say, one by one; empty texts left out.

        Args:
            positions: which of the cells are the columns of this rule.
        """

        def each(cells: Any) -> tuple[str, ...]:  # noqa: ANN401 - cells, or a place in a tree
            found = [text for at in positions for text in (cells.texts(at) if self.paths else (cells[at],))]
            return tuple(part for text in found if (part := self._cell(text)))

        return each

    def _by_paths(self, positions: Sequence[int]) -> Callable[[Any], str]:
        """The same for a record of a tree, where a path may find several values."""

        def several(cells: Any) -> str:  # noqa: ANN401 - a place in a tree, which answers for its paths
            said = [part for at in positions for text in cells.texts(at) if (part := self._cell(text))]
            return said[0] if said and (self.first or len(said) == 1) else self.join.join(said)

        return several

    def _cell(self, cell: str) -> str:
        if type(cell) is Exact:
            return "" if cell in self.empty else cell
        if type(cell) is Broken:
            raise MappingError(f"this cell cannot be used: it holds {cell}", code="SOURCE")
        cell = cell.strip()
        if cell in self.empty:
            return ""
        for part in self.remove:
            cell = cell.replace(part, "").strip()
        return cell


class Reader(Struct, frozen=True):
    """What reading a field needs to know of the rest of the mapping.

    Attributes:
        file: the mapping file.
        source: how the export is written.
        lookups: the tables that translate texts.
        counts: whether a line can be counted here.
    """

    file: str
    source: Source
    lookups: Mapping[str, Mapping[str, str]]
    counts: bool = False

    def rule(self, value: object, key: str, kind: Kind) -> FieldRule:
        """Read what stands behind a key.

        Args:
            value: a column name, or a table.
            key: the key, for messages.
            kind: the kind of value that is needed.

        Raises:
            MappingError: the table cannot be used; the message names the key.
        """
        if isinstance(value, str):
            value = {"from": value}
        if not isinstance(value, dict):
            raise self.error(key, 'write the name of a column, or a table such as { constant = "EUR" }')
        field = convert(value, Field, self.file, key)
        given = [name for name in ("from", "any", "constant", "count") if name in value]
        if given in (["from", "count"], ["any", "count"]) and self.counts and field.count and kind == "text":
            return replace(self.columns(field, key, kind), count=True)
        if len(given) != 1:
            raise self.error(key, "write exactly one of 'from', 'any', 'constant' and 'count'")
        if given == ["constant"]:
            return FieldRule(key, constant=self.constant(field, value, key, kind))
        if given == ["count"]:
            return self.counted(field, value, key, kind)
        return self.columns(field, key, kind)

    def columns(self, field: Field, key: str, kind: Kind) -> FieldRule:
        """A rule that reads columns."""
        names = tuple(map(column_name, texts(field.source) if field.any is None else field.any))
        if not all(names) or not names:
            raise self.error(key, "name at least one column")
        nested = self.source.format in NESTED
        for name in names if nested else ():
            self.path(name, key)
        return FieldRule(
            key,
            columns=names,
            first=field.any is not None,
            join=field.join,
            remove=tuple(part for part in texts(field.remove) if part),
            empty=frozenset({"", *texts(self.source.empty), *texts(field.empty)}),
            step=self.step(field, key, kind),
            paths=nested,
            typed=self.source.format == "xlsx",
            minor=next((name for name in texts(field.steps) if name in MINOR), ""),
        )

    def path(self, text: str, key: str) -> None:
        """Refuse what is no path."""
        try:
            parse_path(text)
        except MappingError as error:
            raise self.error(key, error.message) from None

    def step(self, field: Field, key: str, kind: Kind) -> Step:
        """The transforms and the lookup of a field as one step, closed by the check that XML can hold the text."""
        locale = Locale(
            decimal=field.decimal or self.source.decimal,
            thousands=self.source.thousands if field.thousands is None else field.thousands,
            dates=field.dates or self.source.dates,
        )
        if locale.decimal == locale.thousands:
            raise self.error(key, "the signs before the fraction and between thousands are the same")
        try:
            if field.lookup is None:
                return _legal(compose(texts(field.steps), locale, kind), kind)
            before, after = compose(texts(field.steps), locale, "text"), compose((), Locale(), kind)
        except MappingError as error:
            raise self.error(key, error.message) from None
        return self.looked_up(field.lookup, key, before, _legal(after, kind))

    def looked_up(self, name: str, key: str, before: Step, after: Step) -> Step:
        """A step that translates a text by a table; no match is an error.

        A name with ``@`` is a table of the program, before which the mapping's own table of that name counts.
        """
        shared: Mapping[str, str] = tables().get(name, {})
        own = name.removeprefix(MARK)
        if not shared and own not in self.lookups:
            raise self.error(key, f"there is no table [lookups.{name}]{nearest(name, {**self.lookups, **tables()})}")
        table = self.lookups.get(own, {})
        near = cache(lambda value: nearest(value, (*table, *shared)) or ("" if shared else _has(table)))

        def step(value: str) -> object:
            value = before(value)
            found = table.get(value) or shared.get(value)
            if found is None:
                raise MappingError(
                    f"{shown(value)} is not in [lookups.{own}] of {self.file}{near(value)}", code="LOOKUP"
                )
            return after(found)

        return step

    def constant(self, field: Field, value: dict[str, Any], key: str, kind: Kind) -> object:
        """The value of a constant, of the kind that is needed."""
        if len(value) > 1:
            raise self.error(key, "a constant stands alone: no transform or lookup applies to it")
        return typed(field.constant, kind, key, self.file)

    def counted(self, field: Field, value: dict[str, Any], key: str, kind: Kind) -> FieldRule:
        """A rule that counts the lines."""
        if not (field.count and self.counts and kind == "text" and len(value) == 1):
            raise self.error(key, "'count = true' stands alone, and below [lines]")
        return FieldRule(key, count=True)

    def error(self, key: str, message: str) -> MappingError:
        """An error that names the key."""
        return MappingError(f"key {key!r}: {message}", source=self.file, code="MAPPING_KEY")


def typed(value: object, kind: Kind, key: str, file: str) -> str | Decimal | dt.date:
    """A value written in TOML, as the kind of value that a term needs.

    Args:
        value: text, a whole number, or a date; a fraction arrives as text.
        kind: the kind that is needed.
        key: the key, for messages.
        file: the file, for messages.

    Raises:
        MappingError: it is of another kind, empty, or XML cannot hold it.
    """
    made: str | Decimal | dt.date | None = None
    if kind == "date":
        made = _date(value)
    elif kind == "number" and isinstance(value, str | int) and not isinstance(value, bool):
        made = _number(str(value))
    elif kind == "text" and isinstance(value, str) and not ILLEGAL.search(value):
        made = value.strip() or None
    if made is None:
        needs = {"text": "a text that is not empty", "number": "a number", "date": "a date such as 2026-01-31"}
        raise MappingError(f"key {key!r}: {value!r} is not {needs[kind]}", source=file, code="MAPPING_KEY")
    return made


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.date) else None


def _number(value: str) -> Decimal | None:
    return Decimal(value) if re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,20})?", value) else None


def _has(table: Mapping[str, str]) -> str:
    return f"; it has {listed(sorted(table))}"


def _legal(step: Step, kind: Kind) -> Step:
    if kind != "text":
        return step

    def checked(value: str) -> str:
        made: str = step(value)
        if not made.isprintable() and (found := ILLEGAL.search(made)):
            raise MappingError(f"an invoice cannot hold the character {found.group()!r} in {shown(made)}", code="TEXT")
        return made

    return checked
