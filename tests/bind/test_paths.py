# SPDX-License-Identifier: Apache-2.0
"""The XPath of an element: short, with standard prefixes, and found without counting the sisters for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from einvoice.bind import losses, open_document, write
from einvoice.bind.paths import Paths, path_of
from einvoice.bind.xml import Limits
from einvoice.errors import OutputError, XmlError
from tests.bind.documents import INVOICE
from tests.counting import LINEAR, growth

if TYPE_CHECKING:
    from collections.abc import Callable

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LINE = """<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:UUID>lost</cbc:UUID>
  <cac:Item><cbc:Surprise>?</cbc:Surprise></cac:Item>
  <cac:Price><cbc:PriceAmount currencyID="EUR">1</cbc:PriceAmount></cac:Price></cac:InvoiceLine>"""


@pytest.mark.parametrize("folder", ["rich-ubl", "rich-cii"])
def test_paths_found_together_are_those_found_one_by_one(folder: str) -> None:
    root = etree.fromstring((FIXTURES / folder / "invoice.xml").read_bytes())
    paths = Paths()
    found = {element: paths.of(element) for element in reversed(list(root.iter("*")))}
    assert found == {element: path_of(element) for element in root.iter("*")}
    assert len(set(found.values())) == len(found)


def reporting(lines: int) -> Callable[[], None]:
    """Read, write and report, where every line has leaves to remark and to report."""
    data = INVOICE.replace("</Invoice>", f"{LINE * lines}</Invoice>").encode()

    def work() -> None:
        document = open_document(data)
        report = losses(document, write(document.reading().invoice, "cii"))
        assert len(report.losses) >= 2 * lines

    return work


def test_a_report_of_many_lines_takes_no_more_steps_for_each() -> None:
    """They would grow with the square of the lines if anything counted its sisters."""
    assert growth(reporting, 400) < LINEAR


def nested(depth: int) -> bytes:
    """A document whose lines stand in each other."""
    inside = "<cac:Item/>"
    for number in range(depth):
        inside = f"""<cac:Item><cbc:Name>{number}</cbc:Name></cac:Item><cac:SubInvoiceLine><cbc:ID>{number}</cbc:ID>
          <cbc:LineExtensionAmount currencyID="EUR">1</cbc:LineExtensionAmount>{inside}</cac:SubInvoiceLine>"""
    return INVOICE.replace("<cac:Item/>", inside).encode()


def test_lines_as_deep_as_the_usual_limit_allows_are_read_written_found_and_reported() -> None:
    document = open_document(nested(200))
    again = open_document(write(document.reading().invoice, "ubl"))
    assert again.reading().invoice == document.reading().invoice
    place = document.locate(f"lines[0]{'.sub_lines[0]' * 200}.identifier")
    assert place is not None
    assert (place.value, place.exact) == ("0", True)
    named = {loss.value for loss in losses(document, write(document.reading().invoice, "cii")).losses}
    assert {str(number) for number in range(200)} <= named


def test_lines_deeper_than_the_stack_are_refused_with_a_sentence() -> None:
    document = open_document(nested(900), limits=Limits(depth=2_000))
    with pytest.raises((XmlError, OutputError), match="too deep within each other"):
        write(document.reading().invoice, "ubl")
