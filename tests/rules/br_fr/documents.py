# SPDX-License-Identifier: Apache-2.0
"""Sound French documents, as texts that a case changes in one place.

Every party states a SIRET and an address of the French directory whose digits are its own: those of the seller are
ones, those of the buyer twos, and so on.
"""

from __future__ import annotations

from typing import Final

from tests.rules.peppol.documents import changed

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd"
NUMBERS: Final = {
    "seller": "1",
    "buyer": "2",
    "payee": "3",
    "buyer's agent": "4",
    "payer": "5",
    "seller's agent": "6",
    "invoicee": "7",
    "invoicer": "8",
    "delivery": "9",
    "line delivery": "0",
}
"""Party -> its digit."""


def siren(party: str) -> str:
    """The SIREN of a party.

    Args:
        party: the party, one of :data:`NUMBERS`.
    """
    return NUMBERS[party] * 9


def siret(party: str) -> str:
    """The SIRET of a party.

    Args:
        party: the party.
    """
    return f"{siren(party)}00{NUMBERS[party] * 3}"


def address(party: str) -> str:
    """The electronic address of a party.

    Args:
        party: the party.
    """
    return f"{siren(party)}_{NUMBERS[party]}.x"


# ---- UBL


def _ids(party: str) -> str:
    return (
        f'<cbc:EndpointID schemeID="0225">{address(party)}</cbc:EndpointID>\n'
        f'<cac:PartyIdentification><cbc:ID schemeID="0009">{siret(party)}</cbc:ID></cac:PartyIdentification>\n'
    )


def _legal(party: str) -> str:
    return (
        f"<cac:PartyLegalEntity>\n<cbc:RegistrationName>The {party}</cbc:RegistrationName>\n"
        f'<cbc:CompanyID schemeID="0002">{siren(party)}</cbc:CompanyID>\n</cac:PartyLegalEntity>\n'
    )


_ADDRESS: Final = (
    "<cac:PostalAddress><cbc:CityName>Lyon</cbc:CityName><cbc:PostalZone>69001</cbc:PostalZone>"
    "<cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>\n"
)
_TAX: Final = (
    "<cac:PartyTaxScheme><cbc:CompanyID>FR83111111111</cbc:CompanyID>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>\n"
)


def _trader(element: str, party: str, agent: str, provider: str, private: str, tax: str) -> str:
    return f"""<cac:{element}>
<cac:Party>
{_ids(party)}<cac:PartyIdentification><cbc:ID schemeID="0224">{private}</cbc:ID></cac:PartyIdentification>
<cac:PartyName><cbc:Name>The {party}</cbc:Name></cac:PartyName>
{_ADDRESS}{tax}{_legal(party)}<cac:AgentParty>
{_ids(agent)}</cac:AgentParty>
<cac:ServiceProviderParty>
<cac:Party>
{_ids(provider)}</cac:Party>
</cac:ServiceProviderParty>
</cac:Party>
</cac:{element}>
"""


INVOICE: Final = f"""<Invoice xmlns="{_UBL}:Invoice-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2"
 xmlns:cbc="{_UBL}:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
<cbc:ProfileID>B1</cbc:ProfileID>
<cbc:ID>F-2026/17</cbc:ID>
<cbc:IssueDate>2026-09-01</cbc:IssueDate>
<cbc:DueDate>2026-10-01</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:Note>#PMT#40 euros for recovery</cbc:Note>
<cbc:Note>#PMD#Three times the legal rate</cbc:Note>
<cbc:Note>#AAB#No discount for early payment</cbc:Note>
<cbc:Note>#BAR#B2B</cbc:Note>
<cbc:TaxPointDate>2026-09-02</cbc:TaxPointDate>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:InvoicePeriod><cbc:StartDate>2026-08-01</cbc:StartDate><cbc:EndDate>2026-08-31</cbc:EndDate></cac:InvoicePeriod>
<cac:BillingReference>
<cac:InvoiceDocumentReference>
<cbc:ID>F-2026/16</cbc:ID>
<cbc:IssueDate>2026-08-03</cbc:IssueDate>
<cbc:DocumentTypeCode>386</cbc:DocumentTypeCode>
</cac:InvoiceDocumentReference>
</cac:BillingReference>
<cac:ContractDocumentReference><cbc:ID>C-1</cbc:ID></cac:ContractDocumentReference>
<cac:AdditionalDocumentReference>
<cbc:ID schemeID="AFL">A-1</cbc:ID>
<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>
</cac:AdditionalDocumentReference>
<cac:AdditionalDocumentReference>
<cbc:ID>P-1</cbc:ID>
<cbc:DocumentDescription>LISIBLE</cbc:DocumentDescription>
</cac:AdditionalDocumentReference>
{_trader("AccountingSupplierParty", "seller", "seller's agent", "invoicer", "S.1", _TAX)}\
{_trader("AccountingCustomerParty", "buyer", "buyer's agent", "invoicee", "B.1", "")}<cac:PayeeParty>
{_ids("payee")}<cac:PartyName><cbc:Name>The payee</cbc:Name></cac:PartyName>
</cac:PayeeParty>
<cac:Delivery>
<cbc:ActualDeliveryDate>2026-08-20</cbc:ActualDeliveryDate>
<cac:DeliveryLocation><cbc:ID schemeID="0009">{siret("delivery")}</cbc:ID></cac:DeliveryLocation>
</cac:Delivery>
<cac:PaymentMeans>
<cbc:PaymentMeansCode>59</cbc:PaymentMeansCode>
<cac:PaymentMandate>
<cbc:ID>M-1</cbc:ID>
<cac:PayerParty>
{_ids("payer")}</cac:PayerParty>
</cac:PaymentMandate>
</cac:PaymentMeans>
<cac:AllowanceCharge>
<cbc:ChargeIndicator>false</cbc:ChargeIndicator>
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
<cbc:TaxableAmount currencyID="EUR">180.01</cbc:TaxableAmount>
<cbc:TaxAmount currencyID="EUR">36.01</cbc:TaxAmount>
<cac:TaxCategory>
<cbc:ID>S</cbc:ID>
<cbc:Percent>20.0</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory>
</cac:TaxSubtotal>
</cac:TaxTotal>
<cac:LegalMonetaryTotal>
<cbc:LineExtensionAmount currencyID="EUR">190.00</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">180.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">216.00</cbc:TaxInclusiveAmount>
<cbc:AllowanceTotalAmount currencyID="EUR">20.01</cbc:AllowanceTotalAmount>
<cbc:ChargeTotalAmount currencyID="EUR">10.00</cbc:ChargeTotalAmount>
<cbc:PrepaidAmount currencyID="EUR">16.00</cbc:PrepaidAmount>
<cbc:PayableRoundingAmount currencyID="EUR">0.01</cbc:PayableRoundingAmount>
<cbc:PayableAmount currencyID="EUR">200.01</cbc:PayableAmount>
</cac:LegalMonetaryTotal>
<cac:InvoiceLine>
<cbc:ID>1</cbc:ID>
<cbc:InvoicedQuantity unitCode="C62">4</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">190.01</cbc:LineExtensionAmount>
<cac:InvoicePeriod><cbc:StartDate>2026-08-02</cbc:StartDate><cbc:EndDate>2026-08-30</cbc:EndDate></cac:InvoicePeriod>
<cac:BillingReference>
<cac:InvoiceDocumentReference>
<cbc:ID>F-2026/15</cbc:ID>
<cbc:IssueDate>2026-08-04</cbc:IssueDate>
<cbc:DocumentTypeCode>380</cbc:DocumentTypeCode>
</cac:InvoiceDocumentReference>
</cac:BillingReference>
<cac:DocumentReference>
<cbc:ID schemeID="AVV">L-1</cbc:ID>
<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>
</cac:DocumentReference>
<cac:Delivery>
<cbc:ActualDeliveryDate>2026-08-21</cbc:ActualDeliveryDate>
<cac:DeliveryLocation><cbc:ID schemeID="0009">{siret("line delivery")}</cbc:ID></cac:DeliveryLocation>
</cac:Delivery>
<cac:AllowanceCharge>
<cbc:ChargeIndicator>true</cbc:ChargeIndicator>
<cbc:Amount currencyID="EUR">20.02</cbc:Amount>
<cbc:BaseAmount currencyID="EUR">200.02</cbc:BaseAmount>
</cac:AllowanceCharge>
<cac:Item>
<cbc:Name>Table</cbc:Name>
<cac:ClassifiedTaxCategory>
<cbc:ID>S</cbc:ID>
<cbc:Percent>20.00</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:ClassifiedTaxCategory>
<cac:AdditionalItemProperty><cbc:Name>Colour</cbc:Name><cbc:Value>Red</cbc:Value></cac:AdditionalItemProperty>
</cac:Item>
<cac:Price>
<cbc:PriceAmount currencyID="EUR">90.001</cbc:PriceAmount>
<cbc:BaseQuantity unitCode="C62">2</cbc:BaseQuantity>
<cac:AllowanceCharge>
<cbc:ChargeIndicator>false</cbc:ChargeIndicator>
<cbc:Amount currencyID="EUR">10.001</cbc:Amount>
<cbc:BaseAmount currencyID="EUR">100.002</cbc:BaseAmount>
</cac:AllowanceCharge>
</cac:Price>
</cac:InvoiceLine>
</Invoice>
"""
"""An invoice between French companies."""


def behind(document: str, mark: str, *changes: tuple[str, str]) -> str:
    """A document with some of its texts replaced, each where it stands first behind a mark.

    Args:
        document: the document.
        mark: the mark.
        changes: what stands there, and what shall.
    """
    before, found, after = document.partition(mark)
    assert found, f"the document does not say {mark!r}"
    return before + found + changed(after, *changes)


def as_credit_note(invoice: str) -> str:
    """The same as a credit note.

    Args:
        invoice: the invoice.
    """
    due = "<cbc:DueDate>2026-10-01</cbc:DueDate>\n"
    point = "<cbc:TaxPointDate>2026-09-02</cbc:TaxPointDate>\n"
    credit = invoice.replace(due, point if point in invoice else "").replace(f"</cbc:Note>\n{point}", "</cbc:Note>\n")
    for old, new in (
        ("<Invoice ", "<CreditNote "),
        (":Invoice-2", ":CreditNote-2"),
        ("</Invoice>", "</CreditNote>"),
        ("cbc:InvoiceTypeCode>380<", "cbc:CreditNoteTypeCode>381<"),
        ("cbc:InvoiceTypeCode>389<", "cbc:CreditNoteTypeCode>261<"),
        ("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode"),
        ("cac:InvoiceLine>", "cac:CreditNoteLine>"),
        ("cbc:InvoicedQuantity", "cbc:CreditedQuantity"),
    ):
        credit = credit.replace(old, new)
    return credit


CREDIT: Final = as_credit_note(INVOICE)
