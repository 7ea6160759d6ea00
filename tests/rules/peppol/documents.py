# SPDX-License-Identifier: Apache-2.0
"""Sound Peppol documents, as texts that a case changes in one place.

The countries of seller and buyer decide which national rules are asked, so there is one document for each country that
has rules; all are made from the one here.
"""

from __future__ import annotations

from typing import Final

_CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
BILLING: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
SELF_BILLING: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0"

AUSTRIAN: Final = f"""<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="{_CAC}"
 xmlns:cbc="{_CBC}">
 <cbc:CustomizationID>{BILLING}</cbc:CustomizationID>
 <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
 <cbc:ID>R-2026-17</cbc:ID>
 <cbc:IssueDate>2026-09-01</cbc:IssueDate>
 <cbc:DueDate>2026-10-01</cbc:DueDate>
 <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:Note>Thank you for your order.</cbc:Note>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cbc:BuyerReference>4711</cbc:BuyerReference>
 <cac:InvoicePeriod>
  <cbc:StartDate>2026-08-01</cbc:StartDate>
  <cbc:EndDate>2026-08-31</cbc:EndDate>
 </cac:InvoicePeriod>
 <cac:OrderReference><cbc:ID>O-1</cbc:ID></cac:OrderReference>
 <cac:AccountingSupplierParty>
  <cac:Party>
   <cbc:EndpointID schemeID="9914">ATU12345678</cbc:EndpointID>
   <cac:PartyIdentification><cbc:ID>S-1</cbc:ID></cac:PartyIdentification>
   <cac:PartyName><cbc:Name>Alpenholz</cbc:Name></cac:PartyName>
   <cac:PostalAddress>
    <cbc:StreetName>Am Graben 1</cbc:StreetName>
    <cbc:CityName>Graz</cbc:CityName>
    <cbc:PostalZone>8010</cbc:PostalZone>
    <cac:Country><cbc:IdentificationCode>AT</cbc:IdentificationCode></cac:Country>
   </cac:PostalAddress>
   <cac:PartyTaxScheme>
    <cbc:CompanyID>ATU12345678</cbc:CompanyID>
    <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
   </cac:PartyTaxScheme>
   <cac:PartyLegalEntity>
    <cbc:RegistrationName>Alpenholz GmbH</cbc:RegistrationName>
    <cbc:CompanyID>123456a</cbc:CompanyID>
   </cac:PartyLegalEntity>
   <cac:Contact>
    <cbc:Name>Sales</cbc:Name>
    <cbc:Telephone>+43 316 123456</cbc:Telephone>
    <cbc:ElectronicMail>sales@alpenholz.example</cbc:ElectronicMail>
   </cac:Contact>
  </cac:Party>
 </cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty>
  <cac:Party>
   <cbc:EndpointID schemeID="9915">B-1</cbc:EndpointID>
   <cac:PartyIdentification><cbc:ID>C-1</cbc:ID></cac:PartyIdentification>
   <cac:PartyName><cbc:Name>Tischlerei</cbc:Name></cac:PartyName>
   <cac:PostalAddress>
    <cbc:StreetName>Ring 7</cbc:StreetName>
    <cbc:CityName>Wels</cbc:CityName>
    <cbc:PostalZone>4600</cbc:PostalZone>
    <cac:Country><cbc:IdentificationCode>LI</cbc:IdentificationCode></cac:Country>
   </cac:PostalAddress>
   <cac:PartyLegalEntity>
    <cbc:RegistrationName>Tischlerei OG</cbc:RegistrationName>
    <cbc:CompanyID>98765b</cbc:CompanyID>
   </cac:PartyLegalEntity>
  </cac:Party>
 </cac:AccountingCustomerParty>
 <cac:Delivery>
  <cbc:ActualDeliveryDate>2026-08-20</cbc:ActualDeliveryDate>
  <cac:DeliveryLocation>
   <cac:Address>
    <cbc:CityName>Linz</cbc:CityName>
    <cbc:PostalZone>4020</cbc:PostalZone>
    <cac:Country><cbc:IdentificationCode>AT</cbc:IdentificationCode></cac:Country>
   </cac:Address>
  </cac:DeliveryLocation>
 </cac:Delivery>
 <cac:PaymentMeans>
  <cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>
  <cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount>
 </cac:PaymentMeans>
 <cac:PaymentTerms><cbc:Note>30 days net</cbc:Note></cac:PaymentTerms>
 <cac:AllowanceCharge>
  <cbc:ChargeIndicator>false</cbc:ChargeIndicator>
  <cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode>
  <cbc:AllowanceChargeReason>Discount</cbc:AllowanceChargeReason>
  <cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>
  <cbc:Amount currencyID="EUR">20.00</cbc:Amount>
  <cbc:BaseAmount currencyID="EUR">200.00</cbc:BaseAmount>
  <cac:TaxCategory>
   <cbc:ID>S</cbc:ID>
   <cbc:Percent>20</cbc:Percent>
   <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
  </cac:TaxCategory>
 </cac:AllowanceCharge>
 <cac:TaxTotal>
  <cbc:TaxAmount currencyID="EUR">36.00</cbc:TaxAmount>
  <cac:TaxSubtotal>
   <cbc:TaxableAmount currencyID="EUR">180.00</cbc:TaxableAmount>
   <cbc:TaxAmount currencyID="EUR">36.00</cbc:TaxAmount>
   <cac:TaxCategory>
    <cbc:ID>S</cbc:ID>
    <cbc:Percent>20</cbc:Percent>
    <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
   </cac:TaxCategory>
  </cac:TaxSubtotal>
 </cac:TaxTotal>
 <cac:LegalMonetaryTotal>
  <cbc:LineExtensionAmount currencyID="EUR">200.00</cbc:LineExtensionAmount>
  <cbc:TaxExclusiveAmount currencyID="EUR">180.00</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">216.00</cbc:TaxInclusiveAmount>
  <cbc:AllowanceTotalAmount currencyID="EUR">20.00</cbc:AllowanceTotalAmount>
  <cbc:PayableAmount currencyID="EUR">216.00</cbc:PayableAmount>
 </cac:LegalMonetaryTotal>
 <cac:InvoiceLine>
  <cbc:ID>1</cbc:ID>
  <cbc:InvoicedQuantity unitCode="C62">4</cbc:InvoicedQuantity>
  <cbc:LineExtensionAmount currencyID="EUR">200.00</cbc:LineExtensionAmount>
  <cac:InvoicePeriod>
   <cbc:StartDate>2026-08-01</cbc:StartDate>
   <cbc:EndDate>2026-08-31</cbc:EndDate>
  </cac:InvoicePeriod>
  <cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>
  <cac:AllowanceCharge>
   <cbc:ChargeIndicator>true</cbc:ChargeIndicator>
   <cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>
   <cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>
   <cbc:Amount currencyID="EUR">20.00</cbc:Amount>
  </cac:AllowanceCharge>
  <cac:Item>
   <cbc:Name>Table</cbc:Name>
   <cac:CommodityClassification>
    <cbc:ItemClassificationCode listID="TST" listVersionID="26.08.01">56101519</cbc:ItemClassificationCode>
   </cac:CommodityClassification>
   <cac:ClassifiedTaxCategory>
    <cbc:ID>S</cbc:ID>
    <cbc:Percent>20</cbc:Percent>
    <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
   </cac:ClassifiedTaxCategory>
  </cac:Item>
  <cac:Price>
   <cbc:PriceAmount currencyID="EUR">90.00</cbc:PriceAmount>
   <cbc:BaseQuantity unitCode="C62">2</cbc:BaseQuantity>
   <cac:AllowanceCharge>
    <cbc:ChargeIndicator>false</cbc:ChargeIndicator>
    <cbc:Amount currencyID="EUR">10.00</cbc:Amount>
    <cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount>
   </cac:AllowanceCharge>
  </cac:Price>
 </cac:InvoiceLine>
</Invoice>
"""
"""Of a country without rules of its own to another."""


def changed(document: str, *changes: tuple[str, str]) -> str:
    """A document with some of its texts replaced, each where it stands first.

    Args:
        document: the document.
        changes: what stands there, and what shall.
    """
    for old, new in changes:
        assert old in document, f"the document does not say {old!r}"
        document = document.replace(old, new, 1)
    return document


def extended(document: str, inner: str) -> str:
    """A document with something in an extension.

    Args:
        document: the document.
        inner: what stands in the extension.
    """
    extension = (
        '<e:UBLExtensions xmlns:e="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">'
        f'<e:UBLExtension><e:ExtensionContent><x:Thing xmlns:x="urn:example:x">{inner}</x:Thing>'
        "</e:ExtensionContent></e:UBLExtension></e:UBLExtensions>"
    )
    return changed(document, ("<cbc:CustomizationID>", f"{extension}<cbc:CustomizationID>"))


def as_credit_note(invoice: str) -> str:
    """The same as a credit note.

    Args:
        invoice: the invoice.
    """
    date = invoice.partition("<cbc:DueDate>")[2].partition("<")[0]
    credit = invoice.replace(f" <cbc:DueDate>{date}</cbc:DueDate>\n", "") if date else invoice
    for old, new in (
        ("<Invoice ", "<CreditNote "),
        ("xsd:Invoice-2", "xsd:CreditNote-2"),
        ("</Invoice>", "</CreditNote>"),
        ("cbc:InvoiceTypeCode>380<", "cbc:CreditNoteTypeCode>381<"),
        ("/cbc:InvoiceTypeCode>", "/cbc:CreditNoteTypeCode>"),
        ("cac:InvoiceLine>", "cac:CreditNoteLine>"),
        ("cbc:InvoicedQuantity", "cbc:CreditedQuantity"),
    ):
        credit = credit.replace(old, new)
    return credit


def as_self_billed(document: str) -> str:
    """The same as the buyer writes it for the seller.

    Args:
        document: an invoice or a credit note.
    """
    for old, new in (
        ("poacc:billing", "poacc:selfbilling"),
        ("cbc:InvoiceTypeCode>380<", "cbc:InvoiceTypeCode>389<"),
        ("cbc:CreditNoteTypeCode>381<", "cbc:CreditNoteTypeCode>261<"),
    ):
        document = document.replace(old, new)
    return document


def _of(country: str, *changes: tuple[str, str]) -> str:
    """The document as a seller of a country writes it."""
    return changed(AUSTRIAN, (">AT<", f">{country}<"), *changes)


NORWEGIAN: Final = _of(
    "NO",
    (">ATU12345678</cbc:CompanyID>", ">NO923609016MVA</cbc:CompanyID>"),
    (
        "   <cac:PartyLegalEntity>",
        (
            "   <cac:PartyTaxScheme>\n    <cbc:CompanyID>Foretaksregisteret</cbc:CompanyID>\n"
            "    <cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme>\n   </cac:PartyTaxScheme>\n"
            "   <cac:PartyLegalEntity>"
        ),
    ),
)
DANISH: Final = _of(
    "DK",
    (">LI<", ">DK<"),
    (">S-1<", ' schemeID="0088">5790000435951<'),
    (">C-1<", ' schemeID="0184">12345674<'),
    (">123456a<", ' schemeID="0184">12345674<'),
    (">98765b<", ' schemeID="0184">12345674<'),
)
ITALIAN: Final = _of(
    "IT",
    (">ATU12345678</cbc:CompanyID>", ">IT00743110157</cbc:CompanyID>"),
    (
        "   <cac:PartyLegalEntity>",
        (
            "   <cac:PartyTaxScheme>\n    <cbc:CompanyID>00743110157</cbc:CompanyID>\n"
            "    <cac:TaxScheme><cbc:ID>LOC</cbc:ID></cac:TaxScheme>\n   </cac:PartyTaxScheme>\n"
            "   <cac:PartyLegalEntity>"
        ),
    ),
)
SWEDISH: Final = _of(
    "SE",
    (">LI<", ">SE<"),
    (">ATU12345678</cbc:CompanyID>", ">SE556036079301</cbc:CompanyID>"),
    (">123456a<", ">5560360793<"),
    (
        "   <cac:PartyLegalEntity>",
        (
            "   <cac:PartyTaxScheme>\n    <cbc:CompanyID>Godkänd för F-skatt</cbc:CompanyID>\n"
            "    <cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme>\n   </cac:PartyTaxScheme>\n"
            "   <cac:PartyLegalEntity>"
        ),
    ),
    (">58<", ">30<"),
    (
        "<cbc:ID>DE02120300000000202051</cbc:ID>",
        (
            "<cbc:ID>1234567</cbc:ID><cac:FinancialInstitutionBranch><cbc:ID>SE:BANKGIRO</cbc:ID>"
            "</cac:FinancialInstitutionBranch>"
        ),
    ),
    ("<cbc:Percent>20<", "<cbc:Percent>25<"),
    ("<cbc:Percent>20<", "<cbc:Percent>25<"),
    ("<cbc:Percent>20<", "<cbc:Percent>25<"),
)
GREEK: Final = _of(
    "GR",
    (">LI<", ">GR<"),
    (">R-2026-17<", ">094259216|01/09/2026|1|1.1|A|17<"),
    (">ATU12345678</cbc:CompanyID>", ">EL094259216</cbc:CompanyID>"),
    ('schemeID="9914">ATU12345678<', 'schemeID="9933">094259216<'),
    ('schemeID="9915">B-1<', 'schemeID="9933">094259216<'),
    (
        " <cac:AccountingSupplierParty>",
        (
            " <cac:AdditionalDocumentReference><cbc:ID>400001</cbc:ID>"
            "<cbc:DocumentDescription>##M.AR.K##</cbc:DocumentDescription></cac:AdditionalDocumentReference>\n"
            " <cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID>"
            "<cbc:DocumentDescription>##INVOICE|URL##</cbc:DocumentDescription>"
            "<cac:Attachment><cac:ExternalReference><cbc:URI>https://tax.example/1</cbc:URI></cac:ExternalReference>"
            "</cac:Attachment></cac:AdditionalDocumentReference>\n <cac:AccountingSupplierParty>"
        ),
    ),
    (
        "<cbc:RegistrationName>Tischlerei OG",
        "<cbc:RegistrationName>Xylo",
    ),
    (
        (
            "    <cac:Country><cbc:IdentificationCode>GR</cbc:IdentificationCode></cac:Country>\n"
            "   </cac:PostalAddress>\n"
            "   <cac:PartyLegalEntity>"
        ),
        (
            "    <cac:Country><cbc:IdentificationCode>GR</cbc:IdentificationCode></cac:Country>\n"
            "   </cac:PostalAddress>\n"
            "   <cac:PartyTaxScheme>\n    <cbc:CompanyID>EL094259216</cbc:CompanyID>\n"
            "    <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>\n   </cac:PartyTaxScheme>\n"
            "   <cac:PartyLegalEntity>"
        ),
    ),
)
ICELANDIC: Final = _of(
    "IS",
    (">LI<", ">IS<"),
    (">123456a<", ' schemeID="0196">4502131234<'),
    (">98765b<", ' schemeID="0196">4502131234<'),
    (">58<", ">42<"),
    (">DE02120300000000202051<", ">013326123456<"),
    (
        " <cac:AccountingSupplierParty>",
        (
            " <cac:AdditionalDocumentReference><cbc:ID>2026-10-15</cbc:ID>"
            "<cbc:DocumentDescription>EINDAGI</cbc:DocumentDescription></cac:AdditionalDocumentReference>\n"
            " <cac:AccountingSupplierParty>"
        ),
    ),
)
DUTCH: Final = _of(
    "NL",
    (">LI<", ">NL<"),
    (">ATU12345678</cbc:CompanyID>", ">NL123456782B01</cbc:CompanyID>"),
    (">123456a<", ' schemeID="0106">12345678<'),
    (">98765b<", ' schemeID="0190">00000001123456789000<'),
    (
        " <cac:Delivery>",
        (
            " <cac:TaxRepresentativeParty>\n  <cac:PartyName><cbc:Name>Fiscus</cbc:Name></cac:PartyName>\n"
            "  <cac:PostalAddress><cbc:StreetName>Dam 1</cbc:StreetName><cbc:CityName>Delft</cbc:CityName>"
            "<cbc:PostalZone>2611</cbc:PostalZone><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode>"
            "</cac:Country></cac:PostalAddress>\n  <cac:PartyTaxScheme><cbc:CompanyID>NL123456782B02</cbc:CompanyID>"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>\n </cac:TaxRepresentativeParty>\n"
            " <cac:Delivery>"
        ),
    ),
)
GERMAN: Final = _of(
    "DE",
    (">LI<", ">DE<"),
    (">ATU12345678</cbc:CompanyID>", ">DE123456788</cbc:CompanyID>"),
    (
        " <cac:AccountingSupplierParty>",
        (
            " <cac:AdditionalDocumentReference><cbc:ID>A1</cbc:ID><cac:Attachment><cac:ExternalReference>"
            "<cbc:URI>https://docs.example/a1</cbc:URI></cac:ExternalReference></cac:Attachment>"
            "</cac:AdditionalDocumentReference>\n <cac:AccountingSupplierParty>"
        ),
    ),
)
SELF_BILLED: Final = as_self_billed(AUSTRIAN)
