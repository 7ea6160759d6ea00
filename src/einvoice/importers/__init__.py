# SPDX-License-Identifier: Apache-2.0
"""ERP exports become invoices, by a mapping that anyone can read.

::

    mapping = load_mapping("mapping.toml")
    seller = load_seller("seller.toml")
    for imported in import_file("export.csv", mapping, seller):
        if imported.faults:
            ...  # each names row, column and business term
        else:
            calculate(imported.invoice)

A value of an imported invoice is in the export, declared as a constant in the mapping, or in the seller profile; its
provenance says which. Nothing is invented: what is missing is a fault with the cell to fill in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.errors import MappingError
from einvoice.importers.build import Builder
from einvoice.importers.csv import read_table
from einvoice.importers.declaration import texts
from einvoice.importers.edifact import read_edifact_tree
from einvoice.importers.forest import Forest, forest_survey
from einvoice.importers.imported import ImportedInvoice
from einvoice.importers.json import read_json_tree
from einvoice.importers.kinds import mistaken
from einvoice.importers.mapping import ErpMapping, load_mapping, load_named, read_bytes
from einvoice.importers.origin import ImportFault, Origin, Provenance
from einvoice.importers.planner import columns_of, compile_plan
from einvoice.importers.rows import documents, survey
from einvoice.importers.seller import SellerProfile, load_seller
from einvoice.importers.sheets import read_book
from einvoice.importers.tree import Exact, Node, Tree, elements, pointer
from einvoice.importers.x12 import read_x12_tree
from einvoice.importers.xml import read_xml_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

    from einvoice.importers.declaration import Source
    from einvoice.importers.plan import Plan
    from einvoice.importers.rows import Document, Survey, Table
    from einvoice.importers.sheets import Book

__all__ = [
    "ErpMapping",
    "Exact",
    "ImportFault",
    "ImportedInvoice",
    "Node",
    "Origin",
    "Provenance",
    "SellerProfile",
    "Tree",
    "elements",
    "import_file",
    "import_tree",
    "load_mapping",
    "load_named",
    "load_seller",
    "pointer",
]

MAX_BYTES: Final = 100_000_000
PROGRESS_ROWS: Final = 256

TREES: Final[dict[str, Callable[[bytes, Source, str], Tree]]] = {
    "json": read_json_tree,
    "xml": read_xml_tree,
    "edifact": read_edifact_tree,
    "x12": read_x12_tree,
}
"""How each format that is a tree is opened: format of the mapping -> reader of (bytes, [source], file name)."""


def import_file(
    source: bytes | str | PathLike[str],
    mapping: ErpMapping,
    seller: SellerProfile | None = None,
    *,
    name: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    max_bytes: int = MAX_BYTES,
    skip: Callable[[int], bool] | None = None,
) -> Iterator[ImportedInvoice]:
    """Import an ERP export.

    The whole file is read and checked before this returns; the invoices are built one by one as they are asked for.

    Args:
        source: the path of the export, or its bytes.
        mapping: which column is which term.
        seller: what the export does not say.
        name: what messages call the export; the path if not given.
        progress: called now and then with the number of rows that are done and the number of all rows.
        max_bytes: the largest export that is read.
        skip: asked with the place of each invoice, from 0; one that it wants left out is not built.

    Returns:
        The invoices; those that cannot be used carry their faults.

    Raises:
        MappingError: the export cannot be read, or does not have the columns that the mapping names.
    """
    data, file = read_bytes(source, name, "export")
    if len(data) > max_bytes:
        raise MappingError(f"the export has more than {max_bytes} bytes", source=file, code="CSV_SIZE")
    try:
        return _imported(data, file, mapping, seller, progress, skip)
    except MappingError as error:
        other = None if (error.code or "").startswith("MAPPING") else mistaken(data, mapping, file)
        if other is None:
            raise
        raise other from error


def _imported(
    data: bytes,
    file: str,
    mapping: ErpMapping,
    seller: SellerProfile | None,
    progress: Callable[[int, int], None] | None,
    skip: Callable[[int], bool] | None,
) -> Iterator[ImportedInvoice]:
    """Read an export in the format that the mapping names."""
    if mapping.source.format in TREES:
        tree = TREES[mapping.source.format](data, mapping.source, file)
        return import_tree(tree, mapping, seller, progress=progress, skip=skip)
    if mapping.source.format == "xlsx":
        return _import_book(read_book(data, mapping.source, file), mapping, seller, progress, skip)
    table = read_table(data, mapping.source, list(columns_of(mapping)), file)
    return _import_table(table, mapping, seller, progress, skip)


def _import_table(
    table: Table,
    mapping: ErpMapping,
    seller: SellerProfile | None,
    progress: Callable[[int, int], None] | None,
    skip: Callable[[int], bool] | None,
) -> Iterator[ImportedInvoice]:
    plan = compile_plan(mapping, seller, table.headers, table.file)
    seen = _filled(survey(table, plan.grouping), table.file)
    return _invoices(plan, table, documents(table, plan.grouping), seen, progress, skip)


def _import_book(
    book: Book,
    mapping: ErpMapping,
    seller: SellerProfile | None,
    progress: Callable[[int, int], None] | None,
    skip: Callable[[int], bool] | None = None,
) -> Iterator[ImportedInvoice]:
    plan = compile_plan(mapping, seller, book.headers, book.file)
    if book.lines is None:
        table = book.table()
        seen = _filled(survey(table, plan.grouping), book.file)
        return _invoices(plan, table, documents(table, plan.grouping), seen, progress, skip)
    found, seen = book.documents(plan.grouping)
    return _invoices(plan, book, iter(found), _filled(seen, book.file), progress, skip)


def _filled(seen: Survey, file: str) -> Survey:
    """What a table was found to have: one without a row is no success, but an export that went wrong."""
    if not seen.rows:
        message = "the export has column names and no row below them: export it again, with the invoices"
        raise MappingError(message, source=file, code="SOURCE_EMPTY")
    return seen


def import_tree(
    tree: Tree,
    mapping: ErpMapping,
    seller: SellerProfile | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    skip: Callable[[int], bool] | None = None,
) -> Iterator[ImportedInvoice]:
    """Import a source that a reader has turned into a tree.

    Args:
        tree: the tree; ``einvoice.importers.tree`` says how one is made.
        mapping: which path is which term.
        seller: what the source does not say.
        progress: see :func:`import_file`.
        skip: see :func:`import_file`.

    Raises:
        MappingError: the tree has no invoice where the mapping says.
    """
    plan = compile_plan(mapping, seller, (), tree.file)
    forest = Forest(
        tree,
        mapping.source.root,
        mapping.each_line,
        joins=mapping.joins,
        headers=tuple(columns_of(mapping)),
        blank=frozenset({"", *texts(mapping.source.empty)}),
    )
    found = list(forest.documents(plan.grouping.number))
    return _invoices(plan, forest, iter(found), forest_survey(found), progress, skip)


def _invoices(
    plan: Plan,
    table: Table | Forest | Book,
    found: Iterator[Document],
    seen: Survey,
    progress: Callable[[int, int], None] | None,
    skip: Callable[[int], bool] | None = None,
) -> Iterator[ImportedInvoice]:
    done, said = 0, 0
    for place, document in enumerate(found):
        if skip is None or not skip(place):
            yield Builder(plan, table, document).build(seen.starts.get(document.number, ()))
        done += document.size
        if progress is not None and (done - said >= PROGRESS_ROWS or done == seen.rows):
            said = done
            progress(done, seen.rows)
