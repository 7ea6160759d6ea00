# SPDX-License-Identifier: Apache-2.0
"""A text is found in the invoice and named by its term and its path."""

from __future__ import annotations

from typing import Any

import pytest

from einvoice.model import Identifier, InvoiceLine, ItemInformation
from einvoice.model.extensions import InvoiceExtension, Party
from einvoice.render.locate import place
from tests.render.making import invoice, line


def test_a_text_is_named_by_its_term_and_its_path() -> None:
    odd = InvoiceLine(item_information=ItemInformation(name="Kanji 漢"))
    assert place(invoice(lines=(line("1"), odd)), "漢") == "BT-153 Item name (lines[1].item_information.name)"


def test_a_sub_line_is_named_by_the_same_term() -> None:
    odd = line("1", sub_lines=(InvoiceLine(note="漢"),))
    assert place(invoice(lines=(odd,)), "漢") == "BT-127 Invoice line note (lines[0].sub_lines[0].note)"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (
            {"invoiced_object_identifier": Identifier("漢")},
            "BT-18 Invoiced object identifier (invoiced_object_identifier.value)",
        ),
        ({"extension": InvoiceExtension(invoicee=Party(name="漢"))}, "BT-X-226 Party name (extension.invoicee.name)"),
        ({}, "the words of the page"),
    ],
)
def test_a_text_is_found_wherever_it_stands(changes: dict[str, Any], named: str) -> None:
    assert named in place(invoice(**changes), "漢")
