# SPDX-License-Identifier: Apache-2.0
"""Every term of the model can be mapped, but for those that are computed or decided."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.importers import import_file, load_mapping
from einvoice.importers.mapping import STATED_TOTALS
from einvoice.model import FieldInfo, Identifier, Invoice, InvoiceLine, fields_of
from tests.importers.stories import ROWS, export

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_MAPPED: Final = ("lines", "vat_breakdown", "sub_lines", "attached_document")
CONSTANTS: Final = {str: '"x"', Decimal: "7", dt.date: "2026-01-31", Identifier: '"x"'}
VALUES: Final = {str: "x", Decimal: Decimal(7), dt.date: dt.date(2026, 1, 31), Identifier: Identifier("x")}


def values(cls: type[msgspec.Struct], path: str = "", seen: tuple[type, ...] = ()) -> Iterator[tuple[str, FieldInfo]]:
    """Every value below a class that a mapping may say, with its path."""
    for name, info in fields_of(cls).items():
        here = f"{path}.{name}" if path else name
        if name in NOT_MAPPED or (path == "totals" and here not in STATED_TOTALS):
            continue
        if info.value_type in CONSTANTS:
            yield here, info
        elif info.is_group and info.value_type not in seen:
            yield from values(info.value_type, here, (*seen, info.value_type))


def section(cls: type[msgspec.Struct]) -> str:
    said = [f'"{path}" = {{ constant = {CONSTANTS[info.value_type]} }}' for path, info in values(cls)]
    return "\n".join(said)


def test_every_term_can_be_mapped_to_a_value_of_its_type() -> None:
    said = section(Invoice).replace('"number" = { constant = "x" }', '"number" = "No"')
    mapping = load_mapping(f'mapping = "all/1"\n[invoice]\n{said}\n[lines]\n{section(InvoiceLine)}\n'.encode())
    (imported,) = import_file(export(ROWS[0].replace("A1", "x")), mapping)
    assert not imported.faults
    invoice = imported.invoice
    assert msgspec.convert(msgspec.to_builtins(invoice), Invoice) == invoice
    for root, cls in ((invoice, Invoice), (invoice.lines[0], InvoiceLine)):
        paths = list(values(cls))
        assert len(paths) > 100
        for path, info in paths:
            value: object = root
            for name in path.split("."):
                value = getattr(value, name)
                value = value[0] if isinstance(value, tuple) else value
            assert value == VALUES[info.value_type], path
