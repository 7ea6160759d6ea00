# SPDX-License-Identifier: Apache-2.0
"""What a mapping reads: term by term with its source, what a sample fills of it, and what specifications still lack."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.errors import MappingError
from einvoice.importers import import_file, load_named, load_seller
from einvoice.importers.declaration import NESTED
from einvoice.importers.fields import FieldRule
from einvoice.importers.mapping import VAT_FIELDS, VatUse
from einvoice.importers.planner import columns_of
from einvoice.importers.targets import label, named
from einvoice.importers.wording import folded, shown
from einvoice.service.map_sample import look_at
from einvoice.service.map_terms import Need, lacking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.importers import ErpMapping, ImportedInvoice, SellerProfile
    from einvoice.importers.targets import Branch

_INDEX: Final = re.compile(r"\[[0-9]+\]")


class Row(Struct, frozen=True):
    """A term and where it comes from.

    Attributes:
        term: its number, such as ``BT-55``; empty if it has none of its own.
        name: its name.
        path: its path in the model.
        source: the column, path, constant or profile it comes from, in words.
        found: in how many invoices of the sample it was found; ``None`` without a sample.
        example: a value of the sample, as it stands there.
    """

    term: str
    name: str
    path: str
    source: str
    found: int | None = None
    example: str = ""


class Explained(Struct, frozen=True):
    """A mapping, explained.

    Attributes:
        id: name and version.
        description: what it says of itself.
        rows: its terms.
        lacks: for each specification what neither it nor the profile says.
        invoices: how many invoices the sample has; ``None`` without a sample.
        faults: what the sample cannot fill, each a sentence with its place.
        unused: the columns of a table that say something and that the mapping does not read.
    """

    id: str
    description: str
    rows: tuple[Row, ...]
    lacks: tuple[tuple[str, tuple[Need, ...]], ...]
    invoices: int | None = None
    faults: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def explained(mapping: str, sample: str | None = None, seller: str | None = None) -> Explained:
    """Explain a mapping.

    Args:
        mapping: a preset or a file.
        sample: an export to try it on.
        seller: a seller profile.

    Raises:
        EinvoiceError: one of them cannot be used.
    """
    loaded = load_named(mapping)
    profile = load_seller(seller) if seller is not None else None
    rows = [*_rows(loaded), *_profile_rows(profile)]
    said = {row.path for row in rows if not row.path.startswith("expect.")}
    lacks = tuple(lacking(said))
    if sample is None:
        return Explained(loaded.id, loaded.description, tuple(rows), lacks)
    try:
        invoices = list(import_file(sample, loaded, profile))
    except MappingError as error:
        return Explained(loaded.id, loaded.description, tuple(rows), lacks, 0, (str(error),))
    faults = tuple(f"{one.number}: {fault}" for one in invoices for fault in one.faults)
    filled = tuple(_filled(row, invoices) for row in rows)
    return Explained(loaded.id, loaded.description, filled, lacks, len(invoices), faults, _unused(loaded, sample))


def _unused(mapping: ErpMapping, sample: str) -> tuple[str, ...]:
    """The columns of a table that nothing reads."""
    if mapping.source.format in NESTED or mapping.source.header_row != 1:
        return ()
    read = {folded(name) for name in columns_of(mapping)}
    columns = look_at(Path(sample).read_bytes(), sample).columns
    return tuple(column.name for column in columns if column.values and folded(column.name) not in read)


def _rows(mapping: ErpMapping) -> Iterator[Row]:
    yield from _of_branch(mapping.invoice, "")
    yield from _of_branch(mapping.lines, "lines")
    for row in _of_branch(mapping.expect, "totals"):
        yield Row(row.term, row.name, f"expect.{row.path}", f"{row.source} (compared)")


def _of_branch(branch: Branch, path: str) -> Iterator[Row]:
    for name, leaf in branch.leaves.items():
        here = f"{path}.{name}" if path else name
        if isinstance(leaf.value, FieldRule):
            yield Row(label(here), named(here), here, _source(leaf.value))
    use = branch.special.get("vat")
    if isinstance(use, VatUse):
        yield from _of_vat(use, path)
    for name, instances in branch.groups.items():
        below = f"{path}.{name}" if path else name
        for instance in instances:
            yield from _of_branch(instance, below)


def _of_vat(use: VatUse, path: str) -> Iterator[Row]:
    parts = {"code": use.code, "rate": use.rate, "category": use.category}
    said = ", ".join(f"{name} {_source(rule)}" for name, rule in parts.items() if rule is not None)
    for field in VAT_FIELDS[path]:
        here = f"{path}.{field}"
        yield Row(label(here), named(here), here, f"table [[vat]] by {said}")


def _source(rule: FieldRule) -> str:
    if rule.constant is not None:
        return f"constant {shown(str(rule.constant))}"
    names = [name if rule.paths else repr(name) for name in rule.columns]
    listed = (" or " if rule.first else " + ").join(names[:6]) + (" or ..." if len(names) > 6 else "")  # noqa: PLR2004 - as many as a line holds
    return f"{listed}, else the position" if rule.count and names else listed or "the position of the line"


def _profile_rows(profile: SellerProfile | None) -> Iterator[Row]:
    if profile is None:
        return
    yield from _of_profile(profile.branch, "")


def _of_profile(branch: Branch, path: str) -> Iterator[Row]:
    for name, leaf in branch.leaves.items():
        here = f"{path}.{name}" if path else name
        yield Row(label(here), named(here), here, f"seller profile, {shown(str(leaf.value.value))}")
    for name, instances in branch.groups.items():
        for instance in instances:
            yield from _of_profile(instance, f"{path}.{name}" if path else name)


def _filled(row: Row, invoices: list[ImportedInvoice]) -> Row:
    """The row with what the sample says for it."""
    path = row.path.removeprefix("expect.")
    found, example = 0, ""
    for invoice in invoices:
        places = [place for place in invoice.provenance if _INDEX.sub("", place) == path]
        found += bool(places)
        if places and not example:
            example = invoice.provenance[places[0]].raw or ""
    return Row(row.term, row.name, row.path, row.source, found, example)
