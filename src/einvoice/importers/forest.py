# SPDX-License-Identifier: Apache-2.0
"""A tree becomes documents: which of its records are invoices, and what is found there by path.

To everything behind it a place in a tree is a record like the row of a table; its "cells" are what paths find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from einvoice.errors import MappingError
from einvoice.importers.origin import Origin, Record
from einvoice.importers.paths import Path, Way, parse_path
from einvoice.importers.rows import Document, Survey
from einvoice.importers.tree import Cursor, Joined, follow, records, root_of
from einvoice.importers.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.importers.declaration import Join
    from einvoice.importers.origin import OriginKind, Trace
    from einvoice.importers.tree import Tree

LINES: Final = "lines"
INVOICE: Final = "invoice"


class Forest:
    """A tree, ready to be asked for invoices.

    Args:
        tree: the source.
        root: the path to its invoices.
        lines: the path from an invoice to its lines.
        joins: what is to be looked up elsewhere in the tree.
        headers: the paths that the mapping names; what is found by them are the cells of a record.
        blank: texts that say nothing.

    Attributes:
        file: the name of the source.
        headers: see above.
    """

    def __init__(
        self,
        tree: Tree,
        root: str,
        lines: str,
        *,
        joins: Sequence[Join] = (),
        headers: Sequence[str] = (),
        blank: frozenset[str] = frozenset({""}),
    ) -> None:
        self.tree = tree
        self.file = tree.file
        self.root, self.lines = parse_path(root), parse_path(lines)
        self.headers = tuple(headers)
        self.paths = [parse_path(header) for header in headers]
        self.blank = blank
        self.joins = {place: {join.name: join for join in joins if join.at == place} for place in (INVOICE, LINES)}
        self._indices: dict[tuple[str, str], dict[str, list[Cursor]]] = {}

    def documents(self, number: int) -> Iterator[Document]:
        """The invoices, in the order of the source.

        Args:
            number: which of the headers is the invoice number.

        Raises:
            MappingError: there is none, or the path to the lines cannot be followed.
        """
        found = records(self.root, root_of(self.tree))
        if not found:
            message = f"there is no invoice at {shown(self.root.text)}: key 'source.root' says where they stand"
            raise MappingError(message, source=self.file, code="SOURCE_EMPTY")
        for count, cursor in enumerate(found, 1):
            header = Place(self, cursor, None, self.joins[INVOICE], count)
            faults: list[tuple[Record, str]] = []
            lines: list[Place] = []
            try:
                lines = header.below(self.lines.text, self.joins[LINES])
            except MappingError as error:
                faults.append((header, f"{self.lines.text}: {error.message}"))
            if bare := [line for line in lines if not isinstance(line.cursor.value, dict)]:
                message = "no records stand here: the lines are not in this file, fetch the invoice together with them"
                lines, faults = [], [(bare[0], message)]
            said = header.texts_or_none(number) or (f"no. {count}",)
            yield Document(said[0], header, tuple(lines), {}, count, 1, tuple(faults))

    def index(self, join: Join) -> dict[str, list[Cursor]]:
        """The records that a join looks among, by what their key says."""
        name = (join.records, join.key)
        if name not in self._indices:
            made: dict[str, list[Cursor]] = {}
            key = parse_path(join.key)
            for cursor in records(parse_path(join.records), root_of(self.tree)):
                for way in key.ways:
                    for said in follow(way, cursor, many=True):
                        if said.there:
                            made.setdefault(said.text().strip(), []).append(cursor)
            self._indices[name] = made
        return self._indices[name]


def forest_survey(found: Sequence[Document]) -> Survey:
    """Which numbers stand at more than one invoice.

    Args:
        found: the invoices.
    """
    places: dict[str, list[int]] = {}
    for document in found:
        places.setdefault(document.number, []).append(document.last)
    return Survey(len(found), {number: tuple(at) for number, at in places.items() if len(at) > 1})


class Place(Record):
    """A record of a tree: an invoice, a line, or a group below them.

    Args:
        forest: the tree it belongs to.
        cursor: where it stands.
        top: the invoice it is part of; ``None`` for an invoice.
        joins: what is looked up for it.
        row: the position of the invoice, from 1.
    """

    __slots__ = ("_found", "cursor", "forest", "joins", "top")

    def __init__(self, forest: Forest, cursor: Cursor, top: Place | None, joins: dict[str, Join], row: int) -> None:
        # What is asked of the cells of a row is asked of the place itself here: it follows the paths when asked.
        super().__init__(cast("Sequence[str]", self), row, cursor.line or 0)
        self.forest = forest
        self.cursor = cursor
        self.top = top or self
        self.joins = joins
        self._found: dict[int, list[Cursor]] = {}

    def texts(self, position: int) -> tuple[str, ...]:
        """What a path says here; nothing if there is nothing, or only a word that means nothing.

        Args:
            position: which of the paths.

        Raises:
            MappingError: it leads to a group of values, or to several where one is wanted.
        """
        said = []
        for cursor in self.found(position):
            text = cursor.text()
            if text.strip() not in self.forest.blank:
                said.append(text)
        return tuple(said)

    def texts_or_none(self, position: int) -> tuple[str, ...]:
        """The same, where what cannot be followed says nothing."""
        try:
            return self.texts(position)
        except MappingError:
            return ()

    def found(self, position: int) -> list[Cursor]:
        """Where a path leads: to the values of the first alternative that says something, else to where one belongs."""
        known = self._found.get(position)
        if known is None:
            known = self._found[position] = self._follow(self.forest.paths[position])
        return known

    def _follow(self, path: Path) -> list[Cursor]:
        first: list[Cursor] = []
        refused: MappingError | None = None
        for way in path.ways:
            try:
                found = self._way(way)
            except MappingError as error:
                refused = refused or error
                continue
            if any(self._says(cursor) for cursor in found):
                return found
            first = first or found
        if refused is not None:
            raise refused
        return first

    def _says(self, cursor: Cursor) -> bool:
        value = cursor.value
        if not cursor.there or value is None:
            return False
        return isinstance(value, dict | list) or cursor.text().strip() not in self.forest.blank

    def _way(self, way: Way) -> list[Cursor]:
        start, rest = self._start(way)
        return follow(rest, start)

    def _start(self, way: Way) -> tuple[Cursor, Way]:
        """Where a path begins: here, at the top of the invoice, or at what a join finds."""
        owner = self.top if way.top else self
        name = way.steps[0] if way.steps else None
        if isinstance(name, str) and name in owner.joins:
            return owner.join(owner.joins[name]), Way(way.top, way.steps[1:], way.many)
        return owner.cursor, way

    def join(self, join: Join) -> Cursor:
        """The records that a join finds for this one.

        Raises:
            MappingError: the key says something that no record has.
        """
        index = self.forest.index(join)
        made = Joined()
        keys = [cursor for cursor in self._follow(parse_path(join.value)) if self._says(cursor)]
        for cursor in keys:
            key = cursor.text().strip()
            if key not in index:
                message = f"no record of {join.records} has {join.key} {shown(key)}, which {self.words(cursor)} names"
                raise MappingError(message, code="LOOKUP")
            made.extend(index[key])
        return Cursor(made, (*self.cursor.steps, join.name), self.cursor.place, self.cursor.line, there=bool(made))

    def below(self, path: str, joins: dict[str, Join] | None = None) -> list[Place]:
        """The records that a path finds below this one.

        Args:
            path: the path.
            joins: what is looked up for each of them.
        """
        for way in parse_path(path).ways:
            start, rest = self._start(way)
            if found := records(Path(path, (rest,)), start):
                return [Place(self.forest, cursor, self.top, joins or {}, self.row) for cursor in found]
        return []

    def words(self, cursor: Cursor) -> str:
        """A place in words."""
        return self.forest.tree.naming(cursor.place, cursor.steps) or "the document"

    def origin(self, file: str, headers: Sequence[str], trace: Trace) -> Origin:
        """Name what was found by paths, or where it would stand."""
        if not trace.positions:
            return self.here(file, trace.kind, trace.key)
        where: Cursor | None = None
        raw: list[str] = []
        for position in trace.positions:
            try:
                found = self.found(position)
            except MappingError:
                return self.astray(file, headers[position], trace)
            said = self.texts_or_none(position)
            if found and (where is None or (said and not raw)):
                where = found[0]
            raw += said
            if said and trace.first:
                break
        where = where or self.cursor
        return Origin(
            file,
            trace.kind,
            line=where.line,
            path=self.words(where),
            raw=" + ".join(raw),
            key=trace.key,
        )

    def astray(self, file: str, path: str, trace: Trace) -> Origin:
        """Name a path that cannot be followed, and where it begins."""
        where = f"{self.words(self.cursor)}, path {path}"
        return Origin(file, trace.kind, line=self.cursor.line, path=where, key=trace.key)

    def here(self, file: str, kind: OriginKind = "row", key: str | None = None) -> Origin:
        """Name the record as a whole."""
        return Origin(file, kind, line=self.cursor.line, path=self.words(self.cursor), key=key)
