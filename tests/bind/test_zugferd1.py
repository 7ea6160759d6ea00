# SPDX-License-Identifier: Apache-2.0
"""ZUGFeRD 1.0 is read into the model, every leaf that has no place is told, and it can be written as Factur-X."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import einvoice
from einvoice.bind import open_document
from einvoice.bind.order import load
from einvoice.bind.zugferd1 import NOTE, _table

LINE = """<ram:IncludedSupplyChainTradeLineItem>
  <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
  <ram:SpecifiedSupplyChainTradeAgreement>
   <ram:NetPriceProductTradePrice><ram:ChargeAmount currencyID="EUR">50.0000</ram:ChargeAmount>
   </ram:NetPriceProductTradePrice></ram:SpecifiedSupplyChainTradeAgreement>
  <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="C62">2</ram:BilledQuantity>
  </ram:SpecifiedSupplyChainTradeDelivery>
  <ram:SpecifiedSupplyChainTradeSettlement>
   <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
    <ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
   <ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount currencyID="EUR">100.00</ram:LineTotalAmount>
   </ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
  <ram:SpecifiedTradeProduct><ram:Name>Chair</ram:Name></ram:SpecifiedTradeProduct>
 </ram:IncludedSupplyChainTradeLineItem>"""
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
<rsm:SpecifiedExchangedDocumentContext>
 <ram:TestIndicator><udt:Indicator>false</udt:Indicator></ram:TestIndicator>
 <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:comfort</ram:ID>
 </ram:GuidelineSpecifiedDocumentContextParameter>
</rsm:SpecifiedExchangedDocumentContext>
<rsm:HeaderExchangedDocument><ram:ID>R-7</ram:ID><ram:Name>RECHNUNG</ram:Name><ram:TypeCode>380</ram:TypeCode>
 <ram:IssueDateTime><udt:DateTimeString format="102">20140305</udt:DateTimeString></ram:IssueDateTime>
</rsm:HeaderExchangedDocument>
<rsm:SpecifiedSupplyChainTradeTransaction>
 <ram:ApplicableSupplyChainTradeAgreement>
  <ram:SellerTradeParty><ram:Name>Seller</ram:Name>
   <ram:PostalTradeAddress><ram:PostcodeCode>10115</ram:PostcodeCode><ram:LineOne>Weg 1</ram:LineOne>
    <ram:CityName>Berlin</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
   <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456788</ram:ID></ram:SpecifiedTaxRegistration>
  </ram:SellerTradeParty>
  <ram:BuyerTradeParty><ram:Name>Buyer</ram:Name>
   <ram:PostalTradeAddress><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress></ram:BuyerTradeParty>
  <ram:BuyerOrderReferencedDocument><ram:IssueDateTime>2014-03-01T00:00:00</ram:IssueDateTime><ram:ID>O-3</ram:ID>
  </ram:BuyerOrderReferencedDocument>
 </ram:ApplicableSupplyChainTradeAgreement>
 <ram:ApplicableSupplyChainTradeDelivery>
  <ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime>
   <udt:DateTimeString format="102">20140304</udt:DateTimeString></ram:OccurrenceDateTime>
  </ram:ActualDeliverySupplyChainEvent>
 </ram:ApplicableSupplyChainTradeDelivery>
 <ram:ApplicableSupplyChainTradeSettlement>
  <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
  <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>
   <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE89370400440532013000</ram:IBANID>
   </ram:PayeePartyCreditorFinancialAccount>
   <ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>COBADEFFXXX</ram:BICID><ram:Name>Bank</ram:Name>
   </ram:PayeeSpecifiedCreditorFinancialInstitution></ram:SpecifiedTradeSettlementPaymentMeans>
  <ram:ApplicableTradeTax><ram:CalculatedAmount currencyID="EUR">19.00</ram:CalculatedAmount>
   <ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount currencyID="EUR">100.00</ram:BasisAmount>
   <ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
  <ram:SpecifiedTradePaymentTerms><ram:Description>30 days</ram:Description>
   <ram:DueDateDateTime><udt:DateTimeString format="102">20140404</udt:DateTimeString></ram:DueDateDateTime>
  </ram:SpecifiedTradePaymentTerms>
  <ram:SpecifiedTradeSettlementMonetarySummation>
   <ram:LineTotalAmount currencyID="EUR">100.00</ram:LineTotalAmount>
   <ram:ChargeTotalAmount currencyID="EUR">0.00</ram:ChargeTotalAmount>
   <ram:AllowanceTotalAmount currencyID="EUR">0.00</ram:AllowanceTotalAmount>
   <ram:TaxBasisTotalAmount currencyID="EUR">100.00</ram:TaxBasisTotalAmount>
   <ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount>
   <ram:GrandTotalAmount currencyID="EUR">119.00</ram:GrandTotalAmount>
   <ram:DuePayableAmount currencyID="EUR">119.00</ram:DuePayableAmount>
  </ram:SpecifiedTradeSettlementMonetarySummation>
 </ram:ApplicableSupplyChainTradeSettlement>
 {LINE}
</rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>
"""


def lost(xml: str) -> set[str]:
    return {remark.value for remark in einvoice.read(xml.encode()).lost}


def test_the_terms_are_read() -> None:
    found = einvoice.read(XML.encode())
    invoice = found.invoice
    assert (found.syntax, found.profile) == ("cii", "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort")
    assert (invoice.number, invoice.issue_date, invoice.payment_due_date) == ("R-7", date(2014, 3, 5), date(2014, 4, 4))
    assert (invoice.purchase_order_reference, len(invoice.lines)) == ("O-3", 1)
    assert invoice.totals is not None
    assert (invoice.totals.invoice_total_amount_with_vat, invoice.totals.invoice_total_vat_amount) == (
        Decimal("119.00"),
        Decimal("19.00"),
    )
    assert [tax.rate for tax in invoice.vat_breakdown] == [Decimal("19.00")]
    assert invoice.lines[0].net_amount == Decimal("100.00")
    assert NOTE in found.notes


def test_what_has_no_place_is_told() -> None:
    assert lost(XML) == {"false", "RECHNUNG", "Bank"}


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("2014-03-01T00:00:00", "1 March", "1 March"),
        ('<ram:GrandTotalAmount currencyID="EUR">', '<ram:GrandTotalAmount currencyID="USD">', "USD"),
        ("<rsm:HeaderExchangedDocument>", "<rsm:HeaderExchangedDocument><ram:Else>7</ram:Else>", "7"),
    ],
)
def test_what_is_not_understood_is_told_too(old: str, new: str, value: str) -> None:
    assert value in lost(XML.replace(old, new, 1))


def test_a_title_that_says_more_is_kept() -> None:
    assert "Teilrechnung" not in lost(XML.replace("RECHNUNG", "Teilrechnung"))


def test_it_is_judged_by_its_own_schema() -> None:
    assert open_document(XML.encode()).schema_violations() == []
    wrong = XML.replace("HeaderExchangedDocument", "HederExchangedDocument").encode()
    found = open_document(wrong).schema_violations()[0]
    assert "HederExchangedDocument" in found.message


DATED = "<ram:IssueDateTime>2014-03-01T00:00:00</ram:IssueDateTime>"


@pytest.mark.parametrize(("profile", "xml"), [("en16931", XML.replace(DATED, "")), ("facturx-extended", XML)])
def test_it_can_be_written_as_its_successor(profile: str, xml: str) -> None:
    done = einvoice.convert(xml.encode(), "cii", profile=profile)
    again = einvoice.read(done.output)
    assert again.lost == ()
    assert again.invoice.totals == einvoice.read(xml.encode()).invoice.totals
    assert {loss.value for loss in done.losses} == {"false", "RECHNUNG", "Bank"}


def test_the_table_names_what_cii_has() -> None:
    order = load("cii")
    known = {child.name for type_ in order._types for child in order.children(type_)} | {order.root}
    assert set(_table().values()) <= known


def test_a_place_has_its_line_in_the_source() -> None:
    number = 1 + XML[: XML.index("<ram:Name>Bank")].count("\n")
    (remark,) = [remark for remark in einvoice.read(XML.encode()).lost if remark.value == "Bank"]
    assert remark.line == number
