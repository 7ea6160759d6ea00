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
from einvoice.importers.imported import ImportedInvoice
from einvoice.importers.mapping import ErpMapping, load_mapping, read_bytes
from einvoice.importers.origin import ImportFault, Origin, Provenance
from einvoice.importers.planner import columns_of, compile_plan
from einvoice.importers.rows import Survey, Table, documents, survey
from einvoice.importers.seller import SellerProfile, load_seller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

    from einvoice.importers.plan import Plan

__all__ = [
    "ErpMapping",
    "ImportFault",
    "ImportedInvoice",
    "Origin",
    "Provenance",
    "SellerProfile",
    "import_file",
    "load_mapping",
    "load_seller",
]

MAX_BYTES: Final = 100_000_000
PROGRESS_ROWS: Final = 256

READERS: Final = {"csv": read_table}
"""How each format is opened: format of the mapping -> reader."""


def import_file(
    source: bytes | str | PathLike[str],
    mapping: ErpMapping,
    seller: SellerProfile | None = None,
    *,
    name: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    max_bytes: int = MAX_BYTES,
) -> Iterator[ImportedInvoice]:
    """Import an ERP export.

    The whole file is read and its shape checked before this returns; the invoices are built one by one as they are
    asked for, in the order of the export.

    Args:
        source: the path of the export, or its bytes.
        mapping: which column is which term.
        seller: what the export does not say.
        name: what messages call the export; the path if not given.
        progress: called now and then with the number of rows that are done and the number of all rows.
        max_bytes: the largest export that is read.

    Returns:
        The invoices; those that cannot be used carry their faults.

    Raises:
        MappingError: the export cannot be read, its rows do not fit its header, or it does not have the columns that
            the mapping names.
    """
    data, file = read_bytes(source, name, "export")
    if len(data) > max_bytes:
        raise MappingError(f"the export has more than {max_bytes} bytes", source=file, code="CSV_SIZE")
    wanted = list(columns_of(mapping))
    table = READERS[mapping.source.format](data, mapping.source, wanted, file)
    plan = compile_plan(mapping, seller, table.headers, file)
    return _invoices(plan, table, survey(table, plan.grouping), progress)


def _invoices(
    plan: Plan, table: Table, seen: Survey, progress: Callable[[int, int], None] | None
) -> Iterator[ImportedInvoice]:
    done, said = 0, 0
    for document in documents(table, plan.grouping):
        yield Builder(plan, table, document).build(seen.starts.get(document.number, ()))
        done += document.size
        if progress is not None and (done - said >= PROGRESS_ROWS or done == seen.rows):
            said = done
            progress(done, seen.rows)
