# SPDX-License-Identifier: Apache-2.0
"""What an import hands over: the invoice, where its values came from, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from einvoice.importers.origin import ImportFault, Provenance
from einvoice.importers.targets import label
from einvoice.model import DocumentTotals, Invoice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal


class ImportedInvoice(Struct, frozen=True):
    """One invoice of an export, before anything is computed.

    Attributes:
        number: the invoice number, as the export groups by it.
        invoice: the invoice as far as it could be built. Line amounts, VAT breakdown and totals are there only as far
            as the export has to state them; ``einvoice.model.calculate`` computes the rest.
        provenance: where every value came from.
        expected: the totals that the export states, to be compared with the computed ones.
        faults: why it cannot be used as it stands; empty if it can.
        rows: the first and the last row it was made of.
        mapping: name and version of the mapping.
        prices_include_vat: whether prices and amounts include VAT, as the mapping declares.
        percentages_of_price: whether percentages of lines without a base are of quantity times price.
    """

    number: str
    invoice: Invoice
    provenance: Provenance
    expected: DocumentTotals
    faults: tuple[ImportFault, ...]
    rows: tuple[int, int]
    mapping: str
    prices_include_vat: bool = False
    percentages_of_price: bool = False

    def differences(self, calculated: Invoice) -> tuple[ImportFault, ...]:
        """Compare the totals that the export states with computed ones.

        Args:
            calculated: this invoice with its totals.

        Returns:
            A fault for each total that the export states and that is missing or another one in ``calculated``.
        """
        return tuple(_differences(self, calculated.totals or DocumentTotals()))


def _differences(imported: ImportedInvoice, totals: DocumentTotals) -> Iterator[ImportFault]:
    for name in DocumentTotals.__struct_fields__:
        stated: Decimal | None = getattr(imported.expected, name)
        computed: Decimal | None = getattr(totals, name)
        if stated is not None and stated != computed:
            path = f"totals.{name}"
            found = "nothing" if computed is None else f"{computed:f}"
            message = f"the export states {stated:f}, computed is {found}"
            yield ImportFault("EXPECTED", message, imported.provenance[path], label(path), path)
