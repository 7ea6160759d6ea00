# SPDX-License-Identifier: Apache-2.0
"""Validation against the official XML schemas, in the user's words.

libxml2 does the work; a schema is compiled once per process, after its files were compared with the catalog
(:mod:`einvoice.bind.catalog`). What it finds is translated by :mod:`einvoice.bind.schema_messages`.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, Literal, cast

import msgspec
from lxml import etree

from einvoice.bind import catalog, order
from einvoice.bind.paths import name_of as element_name
from einvoice.bind.paths import path_of
from einvoice.bind.schema_errors import Compiled, Kind, SchemaError, collect
from einvoice.bind.schema_sources import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.etree import _Element, _ElementTree

    from einvoice.bind.schema_messages import Scene

DocumentType = Literal[
    "ubl-invoice",
    "ubl-creditnote",
    "cii",
    "facturx:minimum",
    "facturx:basicwl",
    "facturx:basic",
    "facturx:en16931",
    "facturx:extended",
    "zugferd-1.0",
]

_LIMIT: Final = 1000
_ORDERS: Final[dict[str, order.Syntax]] = {"ubl-invoice": "ubl-invoice", "ubl-creditnote": "ubl-creditnote"}


class SchemaViolation(msgspec.Struct, frozen=True):
    """One place where a document breaks the official schema.

    Attributes:
        message: what is wrong and what to do, in the user's words.
        original: libxml2's own words, shortened if they are long.
        kind: ``unexpected``, ``missing``, ``attribute``, ``value``, ``content`` or ``other``.
        path: where it is, as an XPath with standard prefixes; empty if the document is too large to say.
        element: the name of the element concerned; empty if there is none.
        line: its line in the source, counted from 1; None if unknown.
        column: its column; libxml2 does not know it, so None.
    """

    message: str
    original: str
    kind: Kind = "other"
    path: str = ""
    element: str = ""
    line: int | None = None
    column: int | None = None


def validate(
    root_or_tree: _Element | _ElementTree,
    document_type: DocumentType,
    *,
    name_of: Callable[[str], str | None] | None = None,
    limit: int = _LIMIT,
) -> list[SchemaViolation]:
    """Compare a document with the official schema of its type.

    Args:
        root_or_tree: the element that is the document, or its tree.
        document_type: which schema.
        name_of: gives the business term that stands at a path, such as ``BT-112``, or None.
        limit: how many violations are listed; a last one says if there are more.

    Returns:
        The violations in the order of the document; none if the document is valid.

    Raises:
        UnknownNameError: there is no such document type.
        EinvoiceError: the schema is not installed, or not the one that einvoice was made for.
    """
    root = root_or_tree.getroot() if isinstance(root_or_tree, etree._ElementTree) else root_or_tree  # noqa: SLF001
    found, complete = collect(compiled(document_type), root, limit)
    if not found:
        return []
    return _told(found, root, document_type, name_of or _nameless, limit, complete=complete)


def compiled(document_type: str) -> Compiled:
    """Return the compiled schema of a document type; it is verified and compiled once per process."""
    schema = _COMPILED.get(document_type)
    if schema is None:
        with _COMPILING:
            schema = _COMPILED.get(document_type) or Compiled(schema_of(document_type))
            _COMPILED[document_type] = schema
    return schema


_COMPILED: Final[dict[str, Compiled]] = {}
_COMPILING: Final = threading.Lock()


def _nameless(path: str) -> None:
    del path


def _told(
    found: Sequence[SchemaError],
    root: _Element,
    document_type: DocumentType,
    name_of: Callable[[str], str | None],
    limit: int,
    *,
    complete: bool,
) -> list[SchemaViolation]:
    """The violations in words, which are imported where there are any."""
    from einvoice.bind.schema_messages import Scene  # noqa: PLC0415 - most documents obey

    scene = Scene(
        order=order.load(_ORDERS.get(document_type, "cii")) if document_type != "zugferd-1.0" else None,
        title=catalog.entry_of(document_type).title,
        whole=not document_type.startswith("facturx:"),
        name_of=name_of,
    )
    violations = [_violation(error, scene) for error in found[:limit]]
    if not complete or len(found) > limit:
        many = f"there are more violations of the schema than the {len(violations)} that are listed; repair these first"
        violations.append(
            SchemaViolation(message=many, original="", path=path_of(root, root), element=element_name(root))
        )
    return violations


def _violation(error: SchemaError, scene: Scene) -> SchemaViolation:
    from einvoice.bind.schema_messages import brief, explain  # noqa: PLC0415 - as above

    path = "" if error.element is None else path_of(error.element, error.top)
    kind, message, attribute = explain(error, scene, path)
    if error.element is None:
        return SchemaViolation(message=message, original=brief(error.message), kind=kind)
    return SchemaViolation(
        message=message,
        original=brief(error.message),
        kind=kind,
        path=f"{path}/@{attribute}" if attribute else path,
        element=element_name(error.element),
        line=cast("int | None", error.element.sourceline),
    )
