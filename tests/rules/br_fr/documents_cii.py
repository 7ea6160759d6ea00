# SPDX-License-Identifier: Apache-2.0
"""A sound French invoice in CII, as a text that a case changes in one place."""

from __future__ import annotations

from typing import Final

from tests.rules.br_fr.documents import address, siren, siret

_CII: Final = "urn:un:unece:uncefact:data:standard"


def _party(
    element: str, party: str, *, legal: bool = False, private: str = "", tax: str = "", country: bool = False
) -> str:
    own = f'<ram:GlobalID schemeID="0224">{private}</ram:GlobalID>\n' if private else ""
    entity = (
        f'<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{siren(party)}</ram:ID>'
        "</ram:SpecifiedLegalOrganization>\n"
    )
    place = (
        "<ram:PostalTradeAddress><ram:PostcodeCode>69001</ram:PostcodeCode><ram:CityName>Lyon</ram:CityName>"
        "<ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>\n"
    )
    return (
        f'<ram:{element}>\n<ram:GlobalID schemeID="0009">{siret(party)}</ram:GlobalID>\n{own}'
        f"<ram:Name>The {party}</ram:Name>\n{entity if legal else ''}{place if country else ''}"
        f'<ram:URIUniversalCommunication><ram:URIID schemeID="0225">{address(party)}</ram:URIID>'
        f"</ram:URIUniversalCommunication>\n{tax}</ram:{element}>\n"
    )


def _date(element: str, day: str) -> str:
    return f'<ram:{element}><udt:DateTimeString format="102">{day}</udt:DateTimeString></ram:{element}>'


def _formatted(day: str) -> str:
    return (
        f'<ram:FormattedIssueDateTime><qdt:DateTimeString format="102">{day}</qdt:DateTimeString>'
        "</ram:FormattedIssueDateTime>"
    )


def _place(element: str, party: str) -> str:
    return f'<ram:{element}><ram:GlobalID schemeID="0009">{siret(party)}</ram:GlobalID></ram:{element}>\n'


def _note(subject: str, text: str) -> str:
    return (
        f"<ram:IncludedNote><ram:Content>{text}</ram:Content><ram:SubjectCode>{subject}</ram:SubjectCode>"
        "</ram:IncludedNote>\n"
    )


_REGISTERED: Final = (
    '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR83111111111</ram:ID></ram:SpecifiedTaxRegistration>\n'
)

CROSS: Final = f"""<rsm:CrossIndustryInvoice xmlns:rsm="{_CII}:CrossIndustryInvoice:100"
 xmlns:ram="{_CII}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{_CII}:UnqualifiedDataType:100"
 xmlns:qdt="{_CII}:QualifiedDataType:100">
<rsm:ExchangedDocumentContext>
<ram:BusinessProcessSpecifiedDocumentContextParameter>
<ram:ID>B1</ram:ID>
</ram:BusinessProcessSpecifiedDocumentContextParameter>
<ram:GuidelineSpecifiedDocumentContextParameter>
<ram:ID>urn:cen.eu:en16931:2017</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter>
</rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument>
<ram:ID>F-2026/17</ram:ID>
<ram:TypeCode>380</ram:TypeCode>
{_date("IssueDateTime", "20260901")}
{_note("PMT", "40 euros for recovery")}{_note("PMD", "Three times the legal rate")}\
{_note("AAB", "No discount for early payment")}{_note("BAR", "B2B")}</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct>
<ram:Name>Table</ram:Name>
<ram:ApplicableProductCharacteristic>
<ram:Description>Colour</ram:Description>
<ram:Value>Red</ram:Value>
</ram:ApplicableProductCharacteristic>
</ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement>
<ram:GrossPriceProductTradePrice>
<ram:ChargeAmount>100.002</ram:ChargeAmount>
<ram:AppliedTradeAllowanceCharge>
<ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
<ram:ActualAmount>10.001</ram:ActualAmount>
</ram:AppliedTradeAllowanceCharge>
</ram:GrossPriceProductTradePrice>
<ram:NetPriceProductTradePrice>
<ram:ChargeAmount>90.001</ram:ChargeAmount>
<ram:BasisQuantity unitCode="C62">2</ram:BasisQuantity>
</ram:NetPriceProductTradePrice>
</ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery>
<ram:BilledQuantity unitCode="C62">4</ram:BilledQuantity>
{_place("ShipToTradeParty", "line delivery")}<ram:ActualDeliverySupplyChainEvent>
{_date("OccurrenceDateTime", "20260821")}
</ram:ActualDeliverySupplyChainEvent>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement>
<ram:ApplicableTradeTax>
<ram:TypeCode>VAT</ram:TypeCode>
<ram:CategoryCode>S</ram:CategoryCode>
<ram:RateApplicablePercent>20.00</ram:RateApplicablePercent>
</ram:ApplicableTradeTax>
<ram:BillingSpecifiedPeriod>
{_date("StartDateTime", "20260802")}
{_date("EndDateTime", "20260830")}
</ram:BillingSpecifiedPeriod>
<ram:SpecifiedTradeAllowanceCharge>
<ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>
<ram:BasisAmount>200.02</ram:BasisAmount>
<ram:ActualAmount>20.02</ram:ActualAmount>
</ram:SpecifiedTradeAllowanceCharge>
<ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:LineTotalAmount>190.01</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:InvoiceReferencedDocument>
<ram:IssuerAssignedID>F-2026/15</ram:IssuerAssignedID>
<ram:TypeCode>380</ram:TypeCode>
{_formatted("20260804")}
</ram:InvoiceReferencedDocument>
<ram:AdditionalReferencedDocument>
<ram:IssuerAssignedID>L-1</ram:IssuerAssignedID>
<ram:TypeCode>130</ram:TypeCode>
<ram:ReferenceTypeCode>AVV</ram:ReferenceTypeCode>
</ram:AdditionalReferencedDocument>
</ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement>
{_party("SellerTradeParty", "seller", legal=True, private="S.1", tax=_REGISTERED, country=True)}\
{_party("BuyerTradeParty", "buyer", legal=True, private="B.1", country=True)}\
{_party("SalesAgentTradeParty", "seller's agent")}\
<ram:ContractReferencedDocument><ram:IssuerAssignedID>C-1</ram:IssuerAssignedID></ram:ContractReferencedDocument>
<ram:AdditionalReferencedDocument>
<ram:IssuerAssignedID>A-1</ram:IssuerAssignedID>
<ram:TypeCode>130</ram:TypeCode>
<ram:ReferenceTypeCode>AFL</ram:ReferenceTypeCode>
</ram:AdditionalReferencedDocument>
<ram:AdditionalReferencedDocument>
<ram:IssuerAssignedID>P-1</ram:IssuerAssignedID>
<ram:TypeCode>916</ram:TypeCode>
<ram:Name>LISIBLE</ram:Name>
</ram:AdditionalReferencedDocument>
{_party("BuyerAgentTradeParty", "buyer's agent")}</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery>
{_place("ShipToTradeParty", "delivery")}<ram:ActualDeliverySupplyChainEvent>
{_date("OccurrenceDateTime", "20260820")}
</ram:ActualDeliverySupplyChainEvent>
</ram:ApplicableHeaderTradeDelivery>
<ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
{_party("InvoicerTradeParty", "invoicer")}{_party("InvoiceeTradeParty", "invoicee")}\
{_party("PayeeTradeParty", "payee")}{_party("PayerTradeParty", "payer")}<ram:ApplicableTradeTax>
<ram:CalculatedAmount>36.01</ram:CalculatedAmount>
<ram:TypeCode>VAT</ram:TypeCode>
<ram:BasisAmount>180.01</ram:BasisAmount>
<ram:CategoryCode>S</ram:CategoryCode>
<ram:TaxPointDate><udt:DateString format="102">20260902</udt:DateString></ram:TaxPointDate>
<ram:RateApplicablePercent>20.0</ram:RateApplicablePercent>
</ram:ApplicableTradeTax>
<ram:BillingSpecifiedPeriod>
{_date("StartDateTime", "20260801")}
{_date("EndDateTime", "20260831")}
</ram:BillingSpecifiedPeriod>
<ram:SpecifiedTradeAllowanceCharge>
<ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
<ram:BasisAmount>200.00</ram:BasisAmount>
<ram:ActualAmount>20.00</ram:ActualAmount>
<ram:CategoryTradeTax>
<ram:TypeCode>VAT</ram:TypeCode>
<ram:CategoryCode>S</ram:CategoryCode>
<ram:RateApplicablePercent>20</ram:RateApplicablePercent>
</ram:CategoryTradeTax>
</ram:SpecifiedTradeAllowanceCharge>
<ram:SpecifiedTradePaymentTerms>
{_date("DueDateDateTime", "20261001")}
</ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:LineTotalAmount>190.00</ram:LineTotalAmount>
<ram:ChargeTotalAmount>10.00</ram:ChargeTotalAmount>
<ram:AllowanceTotalAmount>20.01</ram:AllowanceTotalAmount>
<ram:TaxBasisTotalAmount>180.00</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">36.00</ram:TaxTotalAmount>
<ram:RoundingAmount>0.01</ram:RoundingAmount>
<ram:GrandTotalAmount>216.00</ram:GrandTotalAmount>
<ram:TotalPrepaidAmount>16.00</ram:TotalPrepaidAmount>
<ram:DuePayableAmount>200.01</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:InvoiceReferencedDocument>
<ram:IssuerAssignedID>F-2026/16</ram:IssuerAssignedID>
<ram:TypeCode>386</ram:TypeCode>
{_formatted("20260803")}
</ram:InvoiceReferencedDocument>
</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
"""
"""An invoice between French companies."""
