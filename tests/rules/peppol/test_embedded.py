# SPDX-License-Identifier: Apache-2.0
"""What stands in an extension of an invoice: single elements are asked by some rules, whole documents by more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.bind.order import UBL_ROOTS
from tests.rules.peppol.documents import AUSTRIAN, DANISH, ICELANDIC, as_credit_note, extended
from tests.rules.xrechnung.invoices import invoices, written

if TYPE_CHECKING:
    from einvoice import Finding

SINGLE = {
    "line": "<cac:InvoiceLine><cac:Item><cac:CommodityClassification>"
    '<cbc:ItemClassificationCode listID="TST">1</cbc:ItemClassificationCode>'
    "</cac:CommodityClassification></cac:Item></cac:InvoiceLine>",
    "seller": "<cac:AccountingSupplierParty><cac:Party><cac:PartyIdentification><cbc:ID>1</cbc:ID>"
    "</cac:PartyIdentification></cac:Party></cac:AccountingSupplierParty>",
    "buyer": "<cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity><cbc:CompanyID>1</cbc:CompanyID>"
    "</cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>",
}
EMPTY = f"<Invoice xmlns='{UBL_ROOTS['Invoice']}'/>"
NEGATIVE = (
    f"<CreditNote xmlns='{UBL_ROOTS['CreditNote']}'><cac:LegalMonetaryTotal><cbc:PayableAmount>-1</cbc:PayableAmount>"
    "</cac:LegalMonetaryTotal></CreditNote>"
)
PERIODS = (
    f"<Invoice xmlns='{UBL_ROOTS['Invoice']}'>"
    "<cac:InvoicePeriod><cbc:StartDate>2020-01-01</cbc:StartDate></cac:InvoicePeriod>"
    "<cac:InvoiceLine><cac:InvoicePeriod><cbc:StartDate>{}</cbc:StartDate></cac:InvoicePeriod></cac:InvoiceLine>"
    "</Invoice>"
)
WHOLE = frozenset(["PEPPOL-EN16931-R001", "PEPPOL-EN16931-R053"])
"""Rules that every document is asked, and that one without anything breaks."""


def broken(document: str, inner: str, pack: str = "peppol@3.0.21") -> dict[str, Finding]:
    """The rules of a pack that are broken within an extension; the schema looks there too."""
    report = validate(extended(document, inner).encode(), packs=pack)
    return {one.rule: one for one in report.findings if one.packs and "UBLExtensions" in str(one.location)}


@pytest.mark.parametrize("inner", SINGLE.values(), ids=SINGLE)
def test_danish_rules_do_not_ask_what_stands_alone_in_an_extension(inner: str) -> None:
    assert not {one for one in broken(DANISH, inner) if one.startswith("DK-")}


@pytest.mark.parametrize(
    ("document", "own"),
    [(AUSTRIAN, []), (DANISH, ["DK-R-002"]), (ICELANDIC, ["IS-R-001", "IS-R-002", "IS-R-003"])],
    ids=["AUSTRIAN", "DANISH", "ICELANDIC"],
)
def test_a_whole_document_in_an_extension_is_asked_what_documents_are_asked(document: str, own: list[str]) -> None:
    found = broken(document, EMPTY)
    assert found.keys() >= WHOLE
    assert [one for one in sorted(found) if not one.startswith("PEPPOL")] == own


def test_a_negative_credit_note_is_asked_where_the_document_itself_is_one() -> None:
    assert "DK-R-016" in broken(as_credit_note(DANISH), NEGATIVE)
    assert "DK-R-016" not in broken(DANISH, NEGATIVE)


@pytest.mark.parametrize("pack", ["peppol@3.0.21", "xrechnung@2.5.0"])
def test_a_line_within_an_extension_has_the_period_of_the_document_that_it_stands_in(pack: str) -> None:
    assert "PEPPOL-EN16931-R110" not in broken(AUSTRIAN, PERIODS.format("2020-01-01"), pack)
    assert "PEPPOL-EN16931-R110" in broken(AUSTRIAN, PERIODS.format("2019-12-31"), pack)


def test_xrechnung_asks_a_whole_document_in_an_extension_its_rules_of_peppol_and_no_others() -> None:
    found = broken(written(next(iter(invoices().values())), "ubl-invoice").decode(), EMPTY, "xrechnung@2.5.0")
    assert found.keys() >= WHOLE
    assert not {one for one in found if not one.startswith("PEPPOL")}
