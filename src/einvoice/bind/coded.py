# SPDX-License-Identifier: Apache-2.0
"""Which elements and attributes of UBL and CII take codes of which list (CEN/TS 16931-3-2, -3-3).

A place is the name of an element, ``PARENT/ELEMENT`` where the name alone does not say it, and ``@NAME`` for an
attribute. The longest one that fits counts.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from einvoice.codes import codes

if TYPE_CHECKING:
    from einvoice.model import Syntax

_FIXED: Final = {"=VAT": frozenset({"VAT"}), "=VA|FC": frozenset({"VA", "FC"}), "=102": frozenset({"102"})}
"""Codes that a syntax demands at a place, of which there is no list."""

_BOTH: Final = {"@currencyID": "iso-4217", "@unitCode": "unece-rec20-21", "@mimeCode": "mime"}

UBL: Final = _BOTH | {
    "cbc:DocumentCurrencyCode": "iso-4217",
    "cbc:TaxCurrencyCode": "iso-4217",
    "cbc:SourceCurrencyCode": "iso-4217",
    "cbc:TargetCurrencyCode": "iso-4217",
    "cbc:InvoiceTypeCode": "untdid-1001-invoice",
    "cbc:CreditNoteTypeCode": "untdid-1001-credit-note",
    "cac:InvoicePeriod/cbc:DescriptionCode": "untdid-2005",
    "cac:Country/cbc:IdentificationCode": "iso-3166-1",
    "cac:OriginCountry/cbc:IdentificationCode": "iso-3166-1",
    "cac:TaxCategory/cbc:ID": "untdid-5305",
    "cac:ClassifiedTaxCategory/cbc:ID": "untdid-5305",
    "cac:TaxScheme/cbc:ID": "=VAT",
    "cbc:TaxExemptionReasonCode": "vatex",
    "cbc:AllowanceChargeReasonCode": "untdid-5189 untdid-7161",
    "cac:PaymentMeans/cbc:PaymentMeansCode": "untdid-4461",
    "cbc:EndpointID/@schemeID": "eas",
    "cac:PartyIdentification/cbc:ID/@schemeID": "iso-6523",
    "cac:PartyLegalEntity/cbc:CompanyID/@schemeID": "iso-6523",
    "cac:DeliveryLocation/cbc:ID/@schemeID": "iso-6523",
    "cac:StandardItemIdentification/cbc:ID/@schemeID": "iso-6523",
    "cac:AdditionalDocumentReference/cbc:ID/@schemeID": "untdid-1153",
    "cac:DocumentReference/cbc:ID/@schemeID": "untdid-1153",
    "cbc:ItemClassificationCode/@listID": "untdid-7143",
}

CII: Final = _BOTH | {
    "rsm:ExchangedDocument/ram:TypeCode": "untdid-1001-invoice untdid-1001-credit-note",
    "ram:InvoiceCurrencyCode": "iso-4217",
    "ram:TaxCurrencyCode": "iso-4217",
    "ram:SourceCurrencyCode": "iso-4217",
    "ram:TargetCurrencyCode": "iso-4217",
    "ram:DueDateTypeCode": "untdid-2475",
    "ram:CountryID": "iso-3166-1",
    "ram:OriginTradeCountry/ram:ID": "iso-3166-1",
    "ram:CategoryCode": "untdid-5305",
    "ram:ApplicableTradeTax/ram:TypeCode": "=VAT",
    "ram:CategoryTradeTax/ram:TypeCode": "=VAT",
    "ram:AppliedTradeTax/ram:TypeCode": "=VAT",
    "ram:IncludedTradeTax/ram:TypeCode": "=VAT",
    "ram:ExemptionReasonCode": "vatex",
    "ram:ReasonCode": "untdid-5189 untdid-7161",
    "ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode": "untdid-4461",
    "ram:SubjectCode": "untdid-4451",
    "ram:ReferenceTypeCode": "untdid-1153",
    "ram:URIID/@schemeID": "eas",
    "ram:GlobalID/@schemeID": "iso-6523",
    "ram:SpecifiedLegalOrganization/ram:ID/@schemeID": "iso-6523",
    "ram:SpecifiedTaxRegistration/ram:ID/@schemeID": "=VA|FC",
    "ram:ClassCode/@listID": "untdid-7143",
    "udt:DateTimeString/@format": "=102",
    "udt:DateString/@format": "=102",
    "qdt:DateTimeString/@format": "=102",
}


@cache
def codes_at(syntax: Syntax, name: str, above: str, attribute: str = "") -> frozenset[str]:
    """The codes that a place takes; none if no list is named for it.

    Args:
        syntax: the syntax.
        name: the element, with its standard prefix.
        above: the element that holds it.
        attribute: the attribute; empty for the text of the element.
    """
    table, family = (CII, "cii") if syntax == "cii" else (UBL, "ubl")
    places: tuple[str, ...]
    if attribute:
        places = (f"{above}/{name}/@{attribute}", f"{name}/@{attribute}", f"@{attribute}")
    else:
        places = (f"{above}/{name}", name)
    lists = next((table[place] for place in places if place in table), "")
    return frozenset(code for one in lists.split() for code in _FIXED.get(one) or codes(one, family))
