# SPDX-License-Identifier: Apache-2.0
"""Over the whole corpus: from one syntax into the other and back, and nothing is lost in silence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from einvoice.bind import Document, losses, open_document, write
from einvoice.bind.losses import compare
from tests.corpus.accounting import unanswered_elsewhere
from tests.corpus.documents import PARTS, valid

if TYPE_CHECKING:
    from pathlib import Path

Manifest = tuple[dict[str, Any], ...]


def no_date(document: Document) -> bool:
    """Whether the document states no date of issue, or one that is none ("Dies ist kein Datum").

    CII accepts any text there. UBL demands an ``xs:date``, and none can be made up.
    """
    return document.reading().invoice.issue_date is None


@pytest.mark.parametrize("part", range(PARTS))
def test_a_converted_invoice_is_valid_and_complete(corpus: Path, manifest: Manifest, part: int) -> None:
    """The other schema accepts it, and each leaf stands in it or in the report."""
    seen, broken = 0, []
    for path, data in valid(corpus, manifest, part):
        document = open_document(data)
        written = write(document.reading().invoice, "ubl" if document.syntax == "cii" else "cii")
        violations = open_document(written).schema_violations()
        if no_date(document) and document.syntax == "cii":
            assert all("cbc:IssueDate" in violation.message for violation in violations)
        else:
            broken += [f"{path}: {violation.message}" for violation in violations]
        missing = unanswered_elsewhere(data, written, losses(document, written).losses)
        broken += [f"{path}: {leaf.path} = {leaf.value!r} is lost in silence" for leaf in missing]
        seen += 1
    assert not broken, "\n".join(broken)
    assert seen > 200


@pytest.mark.parametrize("part", range(PARTS))
def test_there_and_back_again(corpus: Path, manifest: Manifest, part: int) -> None:
    """UBL to CII to UBL and CII to UBL to CII: the same invoice, but for what the report of the way there names."""
    broken = []
    for path, data in valid(corpus, manifest, part):
        document = open_document(data)
        invoice = document.reading().invoice
        there = write(invoice, "ubl" if document.syntax == "cii" else "cii")
        named = {loss.model_path for loss in losses(document, there).losses}
        back = open_document(write(open_document(there).reading().invoice, document.syntax)).reading().invoice
        lost = [leaf for leaf in compare(invoice, back).lost if leaf.path not in named]
        broken += [f"{path}: {leaf.path} = {leaf.text!r} did not come back" for leaf in lost]
    assert not broken, "\n".join(broken)


def test_the_examples_of_the_standard_are_carried_over_whole(corpus: Path, manifest: Manifest) -> None:
    """The report is not a way out: of what EN 16931's own examples state, three kinds of values have no place.

    The name a UBL document gives the tax scheme of BT-32 (TAX; CII says FC there), and the base quantity of the gross
    price with its unit, which CII states apart from that of the net price; and the version of UBL.
    """
    lost = set()
    for row in manifest:
        if row["suite"] == "cen-examples" and row.get("xsd_valid"):
            document = open_document((corpus / row["path"]).read_bytes())
            written = write(document.reading().invoice, "ubl" if document.syntax == "cii" else "cii")
            found = losses(document, written).losses
            lost |= {re.sub(r"\[\d+\]", "", loss.model_path) for loss in found if loss.reason == "no-place"}
    assert lost == {
        "seller.tax_registration_identifier.scheme",
        "lines.price_details.gross_price_base_quantity",
        "lines.price_details.gross_price_base_quantity_unit_of_measure_code",
        "extension.ubl_version_identifier",
    }
