# SPDX-License-Identifier: Apache-2.0
"""Where in the model the texts of a sheet stand, and which terms they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from einvoice.render.sheet import Adjustment, Block, Pair, Party, Row, Sheet, VatRow

_INDEX: Final = re.compile(r"\[[0-9]+\]")
_SUB: Final = ".sub_lines"

HEAD: Final = {
    "heading": ("type_code",),
    "number": ("number",),
    "currency": ("currency_code",),
}
ROW: Final = {
    "position": ("identifier",),
    "name": ("item_information.name",),
    "quantity": ("invoiced_quantity", "invoiced_quantity_unit_of_measure_code"),
    "price": ("price_details.item_net_price",),
    "price_basis": (
        "price_details.item_price_base_quantity",
        "price_details.item_price_base_quantity_unit_of_measure_code",
    ),
    "vat": ("vat_information.rate", "vat_information.category_code"),
    "amount": ("net_amount",),
}
ADJUSTMENT: Final = {
    "reason": ("reason", "reason_code", "description", "extension", "taxes[0]"),
    "basis": ("percentage", "base_amount"),
    "vat": ("vat_rate", "vat_category_code", "taxes[0]"),
    "amount": ("amount",),
}
VAT: Final = {
    "category": ("category_code",),
    "rate": ("rate",),
    "taxable": ("taxable_amount",),
    "tax": ("tax_amount",),
}


def term_of(path: str) -> tuple[str, str]:
    """The number and the name of the term at a path of the model.

    A part of a term, such as the scheme of an identifier, belongs to the whole.

    Args:
        path: such as ``lines[2].item_information.name``.

    Returns:
        Such as ``("BT-153", "Item name")``; the number is empty where the publisher gives none, and both are for a
        path that leads nowhere.
    """
    known, bare = terms(), _INDEX.sub("", path).replace(_SUB, "")
    while bare and bare not in known:
        bare = bare.rpartition(".")[0]
    term = known.get(bare)
    return (term.id if term.id != bare else "", term.name) if term else ("", "")


def cell(kind: Mapping[str, tuple[str, ...]], name: str, at: str) -> tuple[str, ...]:
    """Where the text in a column stands.

    Args:
        kind: :data:`ROW`, :data:`ADJUSTMENT` or :data:`VAT`.
        name: the column.
        at: the path of the row.
    """
    return tuple(f"{at}.{path}" for path in kind[name])


def texts(sheet: Sheet) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every text of a sheet that says something of the invoice, and where it stands, in the order of the page.

    Args:
        sheet: the sheet.
    """
    for name, at in HEAD.items():
        yield getattr(sheet, name), at
    for party in (*sheet.parties, *sheet.further_parties):
        yield from _party(party)
    yield from _pairs((*sheet.facts, *sheet.references))
    for row in sheet.rows:
        yield from _cells(ROW, row)
        yield from _pairs(row.details)
    for adjustment in sheet.adjustments:
        yield from _cells(ADJUSTMENT, adjustment)
    for total in sheet.totals:
        yield f"{total.label} {total.value}", total.at
    for vat in sheet.vat:
        yield from _cells(VAT, vat)
        yield from _pairs(vat.details)
    yield from _blocks(sheet.payment)
    yield from zip(sheet.terms, sheet.terms_at, strict=True)
    yield from _pairs(sheet.notes)
    yield from _blocks(sheet.attachments)
    yield from _pairs(sheet.further)


def _party(party: Party) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield party.name, party.name_at
    yield from zip(party.address, party.address_at, strict=True)
    yield from _pairs(party.details)


def _cells(
    kind: Mapping[str, tuple[str, ...]], row: Row | Adjustment | VatRow
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in kind:
        yield getattr(row, name), cell(kind, name, row.at)


def _blocks(blocks: Iterable[Block]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for block in blocks:
        yield block.title, block.at
        yield from _pairs(block.pairs)


def _pairs(pairs: Iterable[Pair]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pair in pairs:
        yield f"{pair.label} {pair.value}", pair.at
