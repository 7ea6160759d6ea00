# SPDX-License-Identifier: Apache-2.0
"""What is asked of several elements and concerns what they stand in is told once, and where it was always told."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from einvoice.bind import open_document
from einvoice.rules import find_pack
from tests.rules.xrechnung.invoices import debited, german, written

if TYPE_CHECKING:
    from einvoice.model import Syntax

PACK = find_pack("xrechnung@2.5.0")
NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}


def element(root: etree._Element, name: str, *below: tuple[str, str]) -> etree._Element:
    """An element for a document, with children that say something."""
    prefix, _, local = name.partition(":")
    made = root.makeelement(f"{{{NAMESPACES[prefix]}}}{local}")
    for child, text in below:
        made.append(element(root, child))
        made[-1].text = text
    return made


def first(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path, NAMESPACES)
    assert found is not None
    return found


def told(root: etree._Element, rule: str) -> list[str]:
    """Where a rule finds something."""
    document = open_document(etree.tostring(root))
    rows = PACK.structure["cii" if document.syntax == "cii" else "ubl"].rows
    return [hit.path for hit in document.structure_hits(rows) if hit.row.rule == rule]


@pytest.mark.parametrize("rule", ["BR-DE-30", "BR-DE-31"])
@pytest.mark.parametrize("syntax", ["ubl-invoice", "ubl-creditnote", "cii"])
def test_a_direct_debit_tells_once_what_the_invoice_lacks(rule: str, syntax: Syntax) -> None:
    root = etree.fromstring(written(debited(), syntax))
    assert told(root, rule) == []
    for path in (".//{*}PaymentMandate/{*}PayerFinancialAccount", ".//{*}PayerPartyDebtorFinancialAccount"):
        for account in root.findall(path):
            account.getparent().remove(account)  # type: ignore[union-attr]
    for path in (".//{*}PartyIdentification/{*}ID[@schemeID='SEPA']", ".//{*}CreditorReferenceID"):
        for creditor in root.findall(path):
            creditor.getparent().remove(creditor)  # type: ignore[union-attr]
    mandate = next(root.iter("{*}PaymentMandate", "{*}DirectDebitMandateID"))
    mandate.addnext(copy.deepcopy(mandate))
    assert told(root, rule) == [f"/{'rsm:CrossIndustryInvoice' if syntax == 'cii' else root.tag.partition('}')[2]}"]


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
def test_the_documents_of_a_line_tell_once_that_none_is_an_object(syntax: Syntax) -> None:
    root = etree.fromstring(written(german(), syntax))
    if syntax == "cii":
        above, made = first(root, ".//ram:SpecifiedLineTradeSettlement"), "ram:AdditionalReferencedDocument"
    else:
        above, made = first(root, "cac:InvoiceLine"), "cac:DocumentReference"
    for old in above.findall(made, NAMESPACES):
        above.remove(old)
    above.extend([element(root, made), element(root, made)])
    assert [path.rpartition("/")[2] for path in told(root, "PEPPOL-EN16931-R101")] == [f"{made}[1]"]


def test_a_file_name_that_comes_again_is_told_where_it_does() -> None:
    root = etree.fromstring(written(german(), "cii"))
    agreement = first(root, ".//ram:ApplicableHeaderTradeAgreement")
    for old in agreement.findall("ram:AdditionalReferencedDocument", NAMESPACES):
        agreement.remove(old)
    for name in ("a.pdf", "b.pdf", "a.pdf"):
        one = element(root, "ram:AdditionalReferencedDocument", ("ram:AttachmentBinaryObject", "QQ=="))
        one[0].set("filename", name)
        agreement.append(one)
    place = "ram:AdditionalReferencedDocument[3]/ram:AttachmentBinaryObject/@filename"
    assert [path.partition("Agreement/")[2] for path in told(root, "BR-DE-22")] == [place]


def test_base_quantities_are_compared_line_by_line() -> None:
    root = etree.fromstring(written(german(), "cii"))
    for line in root.findall(".//ram:SpecifiedLineTradeAgreement", NAMESPACES)[1:]:
        for price, quantity in (("Gross", "1"), ("Net", "2")):
            there = first(line, f"ram:{price}PriceProductTradePrice")
            for old in there.findall("ram:BasisQuantity", NAMESPACES):
                there.remove(old)
            there.append(element(root, "ram:BasisQuantity"))
            there[-1].text = quantity
    assert ["TradeLineItem[2]" in path for path in told(root, "BR-TMP-3")] == [True]
