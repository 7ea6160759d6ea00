# SPDX-License-Identifier: Apache-2.0
"""A binding table, the model and the official element order, joined into one tree of elements per syntax.

The tree is what the reader walks along, what the writer writes from, and what finds the place of a finding. Each
element says which term its text or its attributes hold, or which group of the model it opens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from einvoice.bind import order as orders
from einvoice.bind import table as tables
from einvoice.model import Attachment, FieldInfo, Identifier, Invoice, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msgspec import Struct

    from einvoice.bind.table import Row, Step, Table, Test
    from einvoice.model import Syntax

NAMESPACES = {**orders.UBL_NAMESPACES, **orders.CII_NAMESPACES}


@dataclass(slots=True, eq=False, repr=False)
class Target:
    """Where in the model a text, an attribute or a group goes.

    Attributes:
        info: the field that takes it.
        anchor: the element whose group the way starts at.
        chain: the fields from that group to the one that has the field: groups without an element of their own.
        options: the row's options.
        terms: the number of the term, for remarks.
        up: how many groups above the current one the anchor's group is (set when the tree is complete).
        from_root: whether the way starts at the invoice instead, since the anchor is not above the element.
    """

    info: FieldInfo
    anchor: Element
    chain: tuple[FieldInfo, ...]
    options: dict[str, str]
    terms: tuple[str, ...]
    up: int = 0
    from_root: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Element:
    """One element of a syntax, at one place, under one condition.

    Attributes:
        name: prefix and local name.
        parent: the element above; ``None`` for the root.
        schema_type: its type in the official schema.
        most: how often it may occur; ``None`` for any number.
        test: what it must say to be the one that is meant.
        group: the group of the model that it opens.
        cls: the class of that group (also for the root).
        text: the term its text holds.
        attributes: the terms its attributes hold.
        constant: texts that the syntax demands here; the first is written.
        constant_attributes: attributes that the syntax demands: text, or ``$`` and the term that says it.
        fallback: what is written where the schema demands the element and the term is absent.
        children: the elements below, in the order of the schema.
        deferred: whether terms outside the element belong to its group too.
        foreign: whether terms inside the element belong to other groups too.
    """

    name: str
    parent: Element | None
    schema_type: str
    most: int | None = 1
    test: Test | None = None
    group: Target | None = None
    cls: type[Struct] | None = None
    text: Target | None = None
    attributes: dict[str, Target] = field(default_factory=dict)
    constant: tuple[str, ...] = ()
    constant_attributes: dict[str, str] = field(default_factory=dict)
    fallback: str = ""
    children: list[Element] = field(default_factory=list)
    deferred: bool = False
    foreign: bool = False
    shares: Element | None = None

    @property
    def tag(self) -> str:
        """The name as lxml writes it, with the namespace in braces."""
        prefix, _, local = self.name.rpartition(":")
        if not prefix:
            return f"{{{orders.UBL_ROOTS[local]}}}{local}"
        return f"{{{NAMESPACES[prefix]}}}{local}"

    def below(self) -> Iterator[Element]:
        """This element and all below it, each once."""
        yield self
        if self.shares is None:
            for child in self.children:
                yield from child.below()


@dataclass(slots=True)
class _Scope:
    """Whose fields the rows name, and where their paths start."""

    cls: type[Struct]
    element: Element
    anchor: Element
    chain: tuple[FieldInfo, ...]
    parts: dict[str, str]
    inside: str = ""
    terms: tuple[str, ...] = ()
    blocks: tuple[tuple[str, Element], ...] = ()


@cache
def tree(syntax: Syntax) -> Element:
    """The tree of a syntax, built once per process.

    Args:
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.

    Raises:
        TableError: the table names a field or an element that does not exist.
    """
    return _Builder(syntax).build()


class _Builder:
    def __init__(self, syntax: Syntax) -> None:
        self.order = orders.load(syntax)
        self.table: Table = tables.load("cii" if syntax == "cii" else "ubl")
        self.document = {"ubl-invoice": "Invoice", "ubl-creditnote": "CreditNote"}.get(syntax, "")

    def build(self) -> Element:
        root = Element(self.order.root, None, self.order.root_type, cls=Invoice)
        self.root = root
        self._rows(self.table.rows, _Scope(Invoice, root, root, (), {}))
        for element in root.below():
            self._finish(element)
        return root

    def _rows(self, rows: list[Row], scope: _Scope) -> None:
        for row in rows:
            if row.root in ("", self.document):
                self._row(row, scope)

    def _row(self, row: Row, scope: _Scope) -> None:
        start = self.root if row.absolute else scope.element
        if row.key.startswith("'"):
            self._step(start, row.steps, row).constant = (row.key.strip("'"),)
            return
        info = self._field(row, scope)
        target = Target(info, scope.anchor, scope.chain, row.options, self._terms(info, scope) or scope.terms)
        if not info.is_group:
            self._leaf(start, row, target)
            return
        parts, inside = _parts(info, scope)
        terms = target.terms if issubclass(info.value_type, Identifier | Attachment) else ()
        below = _Scope(info.value_type, start, scope.anchor, (*scope.chain, info), parts, inside, terms, scope.blocks)
        if row.steps:
            element = self._step(start, row.steps, row)
            element.group, element.cls = target, info.value_type
            below.element, below.anchor, below.chain = element, element, ()
        self._below(row, below)

    def _below(self, row: Row, scope: _Scope) -> None:
        if issubclass(scope.cls, Identifier | Attachment):
            self._rows(_value_rows(row, scope.cls), scope)
            return
        block = row.options.get("use")
        if block:
            outer = next((e for name, e in scope.blocks if name == block), None)
            if outer is not None:
                scope.element.shares = outer
                return
            scope.blocks = (*scope.blocks, (block, scope.element))
            self._rows(self.table.blocks[block], scope)
        self._rows(row.rows, scope)

    def _leaf(self, start: Element, row: Row, target: Target) -> None:
        attribute = row.steps[-1].name if row.steps and row.steps[-1].name.startswith("@") else ""
        element = self._step(start, row.steps[:-1] if attribute else row.steps, row)
        if attribute:
            element.attributes[attribute[1:]] = target
        else:
            element.text = target
        if row.options.get("as") == "date102":
            element.constant_attributes["format"] = "102"
        element.fallback = row.options.get("else") or row.options.get("default") or element.fallback

    def _field(self, row: Row, scope: _Scope) -> FieldInfo:
        known = fields_of(scope.cls)
        if row.key.startswith("."):
            found = known.get(row.key[1:])
        else:
            found = next((info for info in known.values() if self._terms(info, scope)[:1] == (row.key,)), None)
        if found is None:
            raise tables.TableError(f"line {row.number}: {scope.cls.__name__} has no {row.key}")
        return found

    @staticmethod
    def _terms(info: FieldInfo, scope: _Scope) -> tuple[str, ...]:
        inside = f"{scope.inside}.{info.name}" if scope.inside else info.name
        number = scope.parts.get(inside) or info.id
        return (number,) if number else ()

    def _step(self, start: Element, steps: tuple[Step, ...], row: Row) -> Element:
        element = start
        for step in steps:
            element = self._child(element, step, row)
        return element

    def _child(self, parent: Element, step: Step, row: Row) -> Element:
        for child in parent.children:
            if child.name == step.name and child.test == step.test:
                return child
        known = self.order.child(parent.schema_type, step.name)
        if known is None:
            raise tables.TableError(f"line {row.number}: {parent.name} has no child {step.name} in the schema")
        child = Element(step.name, parent, known.type, known.max, step.test)
        parent.children.append(child)
        if step.test is not None and not step.test.negated:
            self._constant(child, step.test, row)
        return child

    def _constant(self, element: Element, test: Test, row: Row) -> None:
        *path, last = test.path
        names = path if last.startswith("@") else [*path, last]
        for name in names:
            element = self._child(element, tables.Step(name), row)
        if last.startswith("@"):
            element.constant_attributes[last[1:]] = f"${test.term}" if test.term else test.values[0]
        else:
            element.constant = test.values

    def _finish(self, element: Element) -> None:
        if element.shares is not None:
            element.children = element.shares.children
        else:
            places = {row.name: place for place, row in enumerate(self.order.children(element.schema_type))}
            element.children.sort(key=lambda child: places[child.name])
        if element.group is not None:
            self._way(element.group, element.parent)
        for target in (element.text, *element.attributes.values()):
            if target is not None:
                self._way(target, element)
        required = any(
            child.required for child in self.order.type(element.schema_type).attributes if child.name == "currencyID"
        )
        if required and "currencyID" not in element.constant_attributes:
            element.constant_attributes["currencyID"] = "$BT-5"

    def _way(self, target: Target, place: Element | None) -> None:
        """Count the groups between the anchor and the place; without the anchor above, go from the invoice."""
        between = []
        while place is not None and place is not target.anchor:
            if place.group is not None:
                between.append(place)
            place = place.parent
        if place is not None:
            target.up = len(between)
            for element in between:
                element.foreign = True
            return
        chain = target.chain
        anchor: Element | None = target.anchor
        while anchor is not None and anchor.group is not None:
            anchor.deferred = True
            chain = (*anchor.group.chain, anchor.group.info, *chain)
            anchor = anchor.group.anchor
        target.from_root, target.chain = True, chain


def _parts(info: FieldInfo, scope: _Scope) -> tuple[dict[str, str], str]:
    """Which numbers hold below a group, and the path that they are counted from."""
    if info.parts:
        return info.parts, ""
    return scope.parts, (f"{scope.inside}.{info.name}" if scope.inside else info.name) if scope.parts else ""


def _value_rows(row: Row, cls: type[Struct]) -> list[Row]:
    """The rows of an identifier or an attachment: its parts stand in the element, unless the options say where."""
    if issubclass(cls, Identifier):
        places = {"value": row.options.get("value", ".")}
        if row.options.get("when") != "!scheme":
            places["scheme"] = row.options.get("scheme", "@schemeID")
        if "version" in row.options:
            places["scheme_version"] = row.options["version"]
    else:
        places = {"content": ".", "mime_code": "@mimeCode", "filename": "@filename"}
    rows = []
    for name, path in places.items():
        options = {"else": row.options["else"]} if name == "scheme" and "else" in row.options else {}
        rows.append(
            tables.Row(
                f".{name}", tables.steps(path, row.number), absolute=False, root="", options=options, number=row.number
            )
        )
    return rows


def is_constant(element: Element) -> bool:
    """Whether an element says only what the syntax demands."""
    if element.text or element.attributes or element.group or element.shares:
        return False
    if element.constant:
        return True
    return bool(element.children) and all(is_constant(child) for child in element.children)
