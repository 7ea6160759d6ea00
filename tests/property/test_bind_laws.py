# SPDX-License-Identifier: Apache-2.0
"""Laws of reading and writing, for whatever the model can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from einvoice.bind import losses, open_document, write
from einvoice.bind.losses import compare
from tests.strategies import invoices, plausible_invoices

if TYPE_CHECKING:
    from einvoice.model import Invoice

SYNTAXES = ("ubl-invoice", "ubl-creditnote", "cii")


def again(invoice: Invoice, syntax: str) -> Invoice:
    """The invoice as it is read back from a syntax."""
    return open_document(write(invoice, syntax)).reading().invoice


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(invoice=invoices())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_was_written_is_a_fixed_point(syntax: str, invoice: Invoice) -> None:
    """A second round changes nothing: whatever a syntax can carry, it carries again."""
    once = again(invoice, syntax)
    assert again(once, syntax) == once


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(invoice=plausible_invoices())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_ordinary_invoice_survives_in_every_syntax(syntax: str, invoice: Invoice) -> None:
    """EN 16931's own terms have a place in both syntaxes."""
    difference = compare(invoice, again(invoice, syntax))
    assert difference.lost == ()


@given(invoice=plausible_invoices())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_from_one_syntax_to_the_other_and_back(invoice: Invoice) -> None:
    """UBL to CII to UBL, and the report of the way there is empty of terms that the way back finds missing."""
    ubl = write(invoice, "ubl")
    document = open_document(ubl)
    cii = write(document.reading().invoice, "cii")
    report = losses(document, cii)
    back = again(open_document(cii).reading().invoice, document.syntax)
    named = {remark.value for remark in report.losses}
    assert {leaf.text for leaf in compare(document.reading().invoice, back).lost} <= named
