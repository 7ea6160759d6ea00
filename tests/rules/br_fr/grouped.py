# SPDX-License-Identifier: Apache-2.0
"""Sound documents with groups of lines: of several sellers (BT-23: M8), and both ways (M9)."""

from __future__ import annotations

from typing import Final

from tests.rules.br_fr.documents import INVOICE, as_credit_note, siren
from tests.rules.br_fr.documents_cii import CROSS
from tests.rules.peppol.documents import changed

_EXEMPT: Final = ("<cbc:Percent>20.00</cbc:Percent>", "<cbc:Percent>20.00</cbc:Percent>{reason}")


def _document(identifier: str, scheme: str) -> str:
    return (
        f'<cac:DocumentReference><cbc:ID schemeID="{scheme}">{identifier}</cbc:ID>'
        "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>\n"
    )


def _line(number: str, kind: str, parent: str, party: str, invoice: str, amount: str, vat: str) -> str:
    """A line in UBL: a head of a group if it has no parent."""
    above = f"<cac:BillingReferenceLine><cbc:ID>{parent}</cbc:ID></cac:BillingReferenceLine>\n" if parent else ""
    taxes = f'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{vat}</cbc:TaxAmount></cac:TaxTotal>\n' if vat else ""
    reason = f"<cbc:TaxExemptionReason>#{invoice}#</cbc:TaxExemptionReason>"
    return f"""<cac:InvoiceLine>
<cbc:ID>{number}</cbc:ID>
<cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">{amount}</cbc:LineExtensionAmount>
<cac:BillingReference>
<cac:InvoiceDocumentReference>
<cbc:ID>F-2026/17</cbc:ID>
<cbc:DocumentStatusCode>{kind}</cbc:DocumentStatusCode>
</cac:InvoiceDocumentReference>
{above}</cac:BillingReference>
{_document(invoice, "AFL")}{"" if parent else _document("M1", "AVV")}{taxes}<cac:Item>
<cbc:Name>Line {number}</cbc:Name>
<cac:ClassifiedTaxCategory>
<cbc:ID>S</cbc:ID>
<cbc:Percent>20</cbc:Percent>
{reason}
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:ClassifiedTaxCategory>
<cac:ManufacturerParty>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyLegalEntity>
<cbc:RegistrationName>The {party} of line {number}</cbc:RegistrationName>
<cbc:CompanyID schemeID="0002">{siren(party)}</cbc:CompanyID>
</cac:PartyLegalEntity>
</cac:ManufacturerParty>
</cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">1</cbc:PriceAmount></cac:Price>
</cac:InvoiceLine>
"""


def _breakdown(invoice: str, amount: str, vat: str) -> str:
    return f"""<cac:TaxSubtotal>
<cbc:TaxableAmount currencyID="EUR">{amount}</cbc:TaxableAmount>
<cbc:TaxAmount currencyID="EUR">{vat}</cbc:TaxAmount>
<cac:TaxCategory>
<cbc:ID>S</cbc:ID>
<cbc:Percent>20</cbc:Percent>
<cbc:TaxExemptionReason>#{invoice}#</cbc:TaxExemptionReason>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory>
</cac:TaxSubtotal>
"""


_LINES: Final = (
    ("1", "GROUP", "", "seller", "F-2026/17", "100.00", "20.00"),
    ("1.1", "DETAIL", "1", "seller", "F-2026/17", "60.00", ""),
    ("1.2", "DETAIL", "1", "seller", "F-2026/17", "40.00", ""),
    ("1.3", "INFORMATION", "1", "seller", "F-2026/17", "7.00", ""),
    ("2", "GROUP", "", "{other}", "G-9", "80.00", "16.00"),
    ("2.1", "DETAIL", "2", "{other}", "G-9", "80.00", ""),
)
"""Number, kind, line above, seller, invoice, net amount and VAT of a line."""


def _rows(other: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.format(other=other) for cell in row) for row in _LINES)


def _ubl(framework: str, code: str, other: str) -> str:
    lines = "".join(_line(*row) for row in _rows(other))
    start, end = INVOICE.index("<cac:InvoiceLine>"), INVOICE.index("</Invoice>")
    document = INVOICE[:start] + lines + INVOICE[end:]
    start, end = document.index("<cac:TaxSubtotal>"), document.index("</cac:TaxTotal>")
    breakdowns = _breakdown("F-2026/17", "100.00", "20.00") + _breakdown("G-9", "80.00", "16.00")
    document = document[:start] + breakdowns + document[end:]
    return changed(document, (">B1<", f">{framework}<"), (">380<", f">{code}<"))


SEVERAL: Final = _ubl("M8", "380", "payee")
BOTH: Final = _ubl("M9", "389", "buyer")
SEVERAL_CREDIT: Final = changed(
    as_credit_note(SEVERAL).replace(
        "</cac:BillingReference>\n<cac:DocumentReference>",
        "</cac:BillingReference>\n<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-2026/14</cbc:ID>"
        "<cbc:IssueDate>2026-08-05</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>\n"
        "<cac:DocumentReference>",
    ),
)
BOTH_CREDIT: Final = (
    SEVERAL_CREDIT.replace(">M8<", ">M9<")
    .replace(">381<", ">261<")
    .replace(siren("payee") + "</cbc:CompanyID>", siren("buyer") + "</cbc:CompanyID>")
)

# ---- CII


def _referenced(identifier: str, scheme: str) -> str:
    return (
        f"<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>{identifier}</ram:IssuerAssignedID>"
        f"<ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>{scheme}</ram:ReferenceTypeCode>"
        "</ram:AdditionalReferencedDocument>\n"
    )


def _item(number: str, kind: str, parent: str, party: str, invoice: str, amount: str, vat: str) -> str:
    """A line in CII."""
    above = f"<ram:ParentLineID>{parent}</ram:ParentLineID>\n" if parent else ""
    total = f"{float(amount) + float(vat):.2f}" if vat else ""
    taxes = (
        f'<ram:TaxTotalAmount currencyID="EUR">{vat}</ram:TaxTotalAmount>\n'
        f"<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount>\n"
        if vat
        else ""
    )
    return f"""<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument>
<ram:LineID>{number}</ram:LineID>
{above}<ram:LineStatusReasonCode>{kind}</ram:LineStatusReasonCode>
</ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>Line {number}</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement>
<ram:NetPriceProductTradePrice><ram:ChargeAmount>1</ram:ChargeAmount></ram:NetPriceProductTradePrice>
<ram:ItemSellerTradeParty>
<ram:Name>The {party} of line {number}</ram:Name>
<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{siren(party)}</ram:ID></ram:SpecifiedLegalOrganization>
<ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
</ram:ItemSellerTradeParty>
</ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery>
<ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement>
<ram:ApplicableTradeTax>
<ram:TypeCode>VAT</ram:TypeCode>
<ram:ExemptionReason>#{invoice}#</ram:ExemptionReason>
<ram:CategoryCode>S</ram:CategoryCode>
<ram:RateApplicablePercent>20</ram:RateApplicablePercent>
</ram:ApplicableTradeTax>
<ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:LineTotalAmount>{amount}</ram:LineTotalAmount>
{taxes}</ram:SpecifiedTradeSettlementLineMonetarySummation>
{_referenced(invoice, "AFL")}{"" if parent else _referenced("M1", "AVV")}</ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>
"""


def _tax(invoice: str, amount: str, vat: str) -> str:
    return f"""<ram:ApplicableTradeTax>
<ram:CalculatedAmount>{vat}</ram:CalculatedAmount>
<ram:TypeCode>VAT</ram:TypeCode>
<ram:ExemptionReason>#{invoice}#</ram:ExemptionReason>
<ram:BasisAmount>{amount}</ram:BasisAmount>
<ram:CategoryCode>S</ram:CategoryCode>
<ram:RateApplicablePercent>20</ram:RateApplicablePercent>
</ram:ApplicableTradeTax>
"""


def _distinct(rows: tuple[tuple[str, ...], ...]) -> str:
    """The lines, of which only the heads have a number that stands nowhere before."""
    return "".join(_item(*row) for row in rows)


def _cii(framework: str, code: str, other: str) -> str:
    start, end = (
        CROSS.index("<ram:IncludedSupplyChainTradeLineItem>"),
        CROSS.index("<ram:ApplicableHeaderTradeAgreement>"),
    )
    document = CROSS[:start] + _distinct(_rows(other)) + CROSS[end:]
    header = document.index("<ram:ApplicableHeaderTradeSettlement>")
    start, end = (
        document.index("<ram:ApplicableTradeTax>", header),
        document.index("<ram:BillingSpecifiedPeriod>", header),
    )
    taxes = _tax("F-2026/17", "100.00", "20.00") + _tax("G-9", "80.00", "16.00")
    document = document[:start] + taxes + document[end:]
    return changed(document, (">B1<", f">{framework}<"), (">380<", f">{code}<"))


CROSS_SEVERAL: Final = _cii("M8", "380", "payee")
CROSS_BOTH: Final = _cii("M9", "389", "buyer")
