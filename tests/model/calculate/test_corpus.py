# SPDX-License-Identifier: Apache-2.0
"""Invoices of other people: what their own figures give when they are computed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from einvoice.bind.document import open_document
from einvoice.bind.json import read_json, write_json
from einvoice.model import DocumentTotals, Invoice
from einvoice.model.calculate import calculate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = dict[str, Any]

pytestmark = [pytest.mark.corpus, pytest.mark.slow]


def invoices(corpus: Path, manifest: tuple[Row, ...], *, clean: bool) -> Iterator[tuple[str, Invoice]]:
    """The invoices of the corpus that have a schema-valid XML file of their own.

    Args:
        corpus: the folder of the corpus.
        manifest: its rows.
        clean: leave out documents that break a rule or were mutated.
    """
    for row in manifest:
        if row["syntax"] == "ZUGFeRD1" or not row["xsd_valid"] or row["path"].endswith(".pdf"):
            continue
        if clean and (
            row.get("mutation")
            or any(found != [] and not str(found).startswith("same-as") for found in row["rules"].values())
        ):
            continue
        document = open_document((corpus / row["path"]).read_bytes())
        yield row["path"], document.reading().invoice


def bare(invoice: Invoice) -> Invoice:
    """The invoice without its computed figures."""
    totals = invoice.totals or DocumentTotals()
    kept = ("paid_amount", "rounding_amount", "invoice_total_vat_amount_in_accounting_currency")
    return replace(
        invoice,
        lines=tuple(replace(line, net_amount=None) for line in invoice.lines),
        vat_breakdown=tuple(replace(entry, taxable_amount=None, tax_amount=None) for entry in invoice.vat_breakdown),
        totals=DocumentTotals(**{name: getattr(totals, name) for name in kept}),
    )


def amounts(totals: DocumentTotals | None) -> dict[str, object]:
    """The totals; a stated 0 and none at all mean the same."""
    return {name: getattr(totals, name) or 0 for name in DocumentTotals.__struct_fields__}


def test_clean_invoices_are_computed_to_be_what_they_state(corpus: Path, manifest: tuple[Row, ...]) -> None:
    """Of those whose own figures fit together to the cent; the official rules let some others pass."""
    agreeing, wrong = 0, []
    for path, invoice in invoices(corpus, manifest, clean=True):
        if calculate(invoice).differences:
            continue
        result = calculate(bare(invoice))
        agreeing += 1
        if amounts(result.invoice.totals) != amounts(calculate(invoice).invoice.totals):
            wrong.append(path)
    assert wrong == []
    assert agreeing > 100


def test_every_invoice_is_calculated_and_goes_through_json(corpus: Path, manifest: tuple[Row, ...]) -> None:
    for path, invoice in invoices(corpus, manifest, clean=False):
        result = calculate(invoice)
        assert calculate(result.invoice).invoice == result.invoice, path
        assert read_json(write_json(result.invoice)) == result.invoice, path
