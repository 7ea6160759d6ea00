# SPDX-License-Identifier: Apache-2.0
"""The tax of an allowance: one that is not named is read as such, and a second one is remarked with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.bind import open_document, write
from tests.differential.bases import written
from tests.differential.trees import Tree
from tests.rules.invoices import clean

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.model import Syntax

TAXES: dict[Syntax, tuple[str, str]] = {
    "ubl-invoice": ("TaxCategory", "TaxScheme"),
    "cii": ("CategoryTradeTax", "TypeCode"),
}
PLACE = "document_level_allowances[0].extension.tax_scheme_identifier"


def tax_of(tree: Tree, syntax: Syntax) -> _Element:
    return next(tree.root.iter(f"{{*}}{TAXES[syntax][0]}"))


@pytest.mark.parametrize("syntax", TAXES)
def test_a_tax_that_is_vat_leaves_no_trace(syntax: Syntax) -> None:
    allowance = open_document(written(clean(), syntax)).reading().invoice.document_level_allowances[0]
    assert allowance.extension is None


@pytest.mark.parametrize("syntax", TAXES)
def test_a_tax_that_is_not_named_is_read_as_an_empty_name(syntax: Syntax) -> None:
    tree = Tree(written(clean(), syntax))
    tax = tax_of(tree, syntax)
    tax.remove(next(tax.iter(f"{{*}}{TAXES[syntax][1]}")))
    reading = open_document(tree.bytes()).reading()
    extension = reading.invoice.document_level_allowances[0].extension
    assert extension is not None
    assert extension.tax_scheme_identifier == ""
    assert open_document(write(reading.invoice, syntax)).reading().invoice == reading.invoice


@pytest.mark.parametrize("syntax", TAXES)
def test_a_second_tax_is_remarked_and_changes_nothing(syntax: Syntax) -> None:
    tree = Tree(written(clean(), syntax))
    before = open_document(tree.bytes()).reading().invoice
    tree.again(tax_of(tree, syntax))
    reading = open_document(tree.bytes()).reading()
    assert reading.invoice == before
    leaves = [remark for remark in reading.remarks if f"{TAXES[syntax][0]}[2]/" in remark.path]
    assert len(leaves) == 3
    assert {(remark.reason, remark.model_path) for remark in leaves} == {("repeated", PLACE)}
