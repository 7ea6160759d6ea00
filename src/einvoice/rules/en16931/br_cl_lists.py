# SPDX-License-Identifier: Apache-2.0
"""BR-CL: codes come from the lists that EN 16931-1 names (6.4.3), one row per list.

The published tests look at every element of a name, wherever it stands; so do these, in the core, in the extensions
and in the leaves that have no place in the model.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from einvoice.codes import codes
from einvoice.model import (
    AdditionalSupportingDocument,
    Buyer,
    DeliveryInformation,
    DocumentLevelAllowance,
    DocumentLevelCharge,
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    InvoiceNote,
    ItemClassification,
    ItemInformation,
    LineVatInformation,
    Payee,
    PaymentMeans,
    PriceDetails,
    Seller,
    VatBreakdown,
    fields_of,
)
from einvoice.model.extensions import (
    AllowanceChargeExtension,
    AppliedTax,
    DeliveryTerms,
    InvoiceExtension,
    LineExtension,
    LineNote,
    LineTaxPart,
    Party,
    PartyExtension,
    PaymentTerms,
    SupportingDocument,
)
from einvoice.rules.places import places
from einvoice.rules.rows import CodeList, coded


def _having(field: str) -> dict[type[Struct], str]:
    """The classes of the model that have a field of a name."""
    return {cls: field for cls in places() if field in fields_of(cls)}


def _parties(cls: type[Struct], below: str, *, without: str = "") -> str:
    """Paths from a class to what its parties hold."""
    infos = fields_of(cls).values()
    return " ".join(f"{info.name}.{below}" for info in infos if info.value_type is Party and info.name != without)


_ICD: Final = CodeList("iso-6523")
_TAX_POINT: Final = "The tax point is coded: issue date, delivery or payment (UNTDID 2005; in CII UNTDID 2475)."
_ICD_OR_NONE: Final = CodeList("iso-6523", may_be_empty=True)
_CURRENCIES: Final = CodeList("iso-4217")
_EAS: Final = CodeList("eas")
_REFERENCES: Final = CodeList("untdid-1153")
_CATEGORIES: Final = CodeList("untdid-5305")
_ALLOWANCES: Final = CodeList("untdid-5189")
_CHARGES: Final = CodeList("untdid-7161")
_UNITS: Final = CodeList("unece-rec20-21")
_VATEX: Final = CodeList("vatex", upper=True)
_COUNTRIES_UBL: Final = CodeList("iso-3166-1", syntax="ubl")
_COUNTRIES_CII: Final = CodeList("iso-3166-1", syntax="cii")

_IDENTIFIED: Final[dict[type[Struct], str]] = {
    InvoiceExtension: _parties(InvoiceExtension, "identifiers.scheme"),
    LineExtension: _parties(LineExtension, "identifiers.scheme", without="ship_to"),
    PaymentTerms: "payee.identifiers.scheme",
    PartyExtension: "identifiers.scheme",
}
_REGISTERED: Final[dict[type[Struct], str]] = dict.fromkeys(
    (Seller, Buyer, Payee, Party, PartyExtension), "legal_registration_identifier.scheme"
)
_REACHED: Final[dict[type[Struct], str]] = dict.fromkeys(
    (Seller, Buyer, Party, PartyExtension), "electronic_address.scheme"
)
_EXEMPTED: Final[dict[type[Struct], str]] = {
    VatBreakdown: "exemption_reason_code",
    LineVatInformation: "exemption_reason_code",
    AllowanceChargeExtension: "vat_exemption_reason_code",
    AppliedTax: "exemption_reason_code",
}

CODED = (
    coded("BR-CL-04", _CURRENCIES, {Invoice: "currency_code"}, "The invoice currency is a code of ISO 4217."),
    coded(
        "BR-CL-05",
        _CURRENCIES,
        {Invoice: "vat_accounting_currency_code"},
        "The VAT accounting currency is a code of ISO 4217.",
    ),
    coded(
        "BR-CL-06",
        CodeList("untdid-2005"),
        {Invoice: "value_added_tax_point_date_code"},
        _TAX_POINT,
        syntax="ubl",
        also=("cac:InvoicePeriod/cbc:DescriptionCode",),
    ),
    coded(
        "BR-CL-06",
        CodeList("untdid-2005", extra=codes("untdid-2475")),  # what the model holds, and what the document says
        {Invoice: "value_added_tax_point_date_code", VatBreakdown: "tax_point_date_code"},
        _TAX_POINT,
        syntax="cii",
        also=("ram:DueDateTypeCode",),
    ),
    coded(
        "BR-CL-07",
        _REFERENCES,
        {
            Invoice: "invoiced_object_identifier.scheme",
            InvoiceLine: "object_identifier.scheme",
            LineExtension: "additional_object_identifiers.scheme",
        },
        "The scheme of an invoiced object is a code of UNTDID 1153.",
        syntax="ubl",
        also=("cac:AdditionalDocumentReference/cbc:ID/@schemeID", "cac:DocumentReference/cbc:ID/@schemeID"),
        placed=True,
    ),
    coded(
        "BR-CL-07",
        _REFERENCES,
        {
            Invoice: "invoiced_object_identifier.scheme",
            InvoiceLine: "object_identifier.scheme",
            LineExtension: "additional_object_identifiers.scheme",
            InvoiceExtension: "contract_type_code",
            SupportingDocument: "reference_type_code",
        },
        "The scheme of an invoiced object, as of every reference, is a code of UNTDID 1153.",
        syntax="cii",
        also=("ram:ReferenceTypeCode",),
    ),
    coded(
        "BR-CL-08",
        CodeList("untdid-4451", syntax="cii"),
        {InvoiceNote: "subject_code", LineExtension: "note_subject_code", LineNote: "subject_code"},
        "The subject of a note is a code of UNTDID 4451.",
        syntax="cii",
        also=("ram:SubjectCode",),
    ),
    coded(
        "BR-CL-10",
        _ICD_OR_NONE,
        {Seller: "identifiers.scheme", Buyer: "identifiers.scheme", Payee: "identifiers.scheme", **_IDENTIFIED},
        "The scheme of a party's global identifier is a code of ISO 6523.",
        syntax="cii",
        also=("ram:GlobalID/@schemeID",),
        but="/ram:SpecifiedTradeProduct/ /ram:ShipToTradeParty/",
    ),
    coded(
        "BR-CL-11",
        _ICD,
        _REGISTERED,
        "The scheme of a legal registration is a code of ISO 6523.",
        syntax="ubl",
        also=("cac:PartyLegalEntity/cbc:CompanyID/@schemeID",),
    ),
    coded(
        "BR-CL-11",
        _ICD,
        _REGISTERED,
        "The scheme of a legal registration, as of every other identifier, is a code of ISO 6523.",
        syntax="cii",
        also=("ram:ID/@schemeID",),
        but="/ram:SpecifiedTaxRegistration/",
    ),
    coded(
        "BR-CL-13",
        CodeList("untdid-7143"),
        {ItemClassification: "identifier.scheme"},
        "The scheme of an item's class is a code of UNTDID 7143.",
        also=("cac:CommodityClassification/cbc:ItemClassificationCode/@listID", "ram:ClassCode/@listID"),
    ),
    coded(
        "BR-CL-14",
        _COUNTRIES_UBL,
        _having("country_code"),
        "Every country is a code of ISO 3166-1.",
        syntax="ubl",
        also=("cac:Country/cbc:IdentificationCode",),
    ),
    coded(
        "BR-CL-14",
        _COUNTRIES_CII,
        {**_having("country_code"), DeliveryTerms: "location_country_code"},
        "Every country is a code of ISO 3166-1.",
        syntax="cii",
        also=("ram:CountryID",),
    ),
    coded(
        "BR-CL-15",
        _COUNTRIES_UBL,
        {ItemInformation: "country_of_origin"},
        "The country of origin of an item is a code of ISO 3166-1.",
        syntax="ubl",
        also=("cac:OriginCountry/cbc:IdentificationCode",),
    ),
    coded(
        "BR-CL-16",
        CodeList("untdid-4461"),
        {PaymentMeans: "type_code"},
        "The means of payment is a code of UNTDID 4461.",
        also=(
            "cac:PaymentMeans/cbc:PaymentMeansCode",
            "ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode",
        ),
    ),
    coded(
        "BR-CL-17",
        _CATEGORIES,
        {
            DocumentLevelAllowance: "vat_category_code",
            DocumentLevelCharge: "vat_category_code",
            AllowanceChargeExtension: "vat_category_code",
            VatBreakdown: "category_code",
            LineTaxPart: "category_code",
        },
        "The VAT category of a VAT breakdown, an allowance or a charge is a code of UNTDID 5305.",
        syntax="ubl",
        also=("cac:TaxCategory/cbc:ID",),
    ),
    coded(
        "BR-CL-17",
        _CATEGORIES,
        {DocumentLevelAllowance: "vat_category_code", DocumentLevelCharge: "vat_category_code"},
        "The VAT category of an allowance or a charge is a code of UNTDID 5305.",
        syntax="cii",
        also=("ram:CategoryTradeTax/ram:CategoryCode",),
    ),
    coded(
        "BR-CL-18",
        _CATEGORIES,
        {LineVatInformation: "category_code"},
        "The VAT category of a line is a code of UNTDID 5305.",
        syntax="ubl",
        also=("cac:ClassifiedTaxCategory/cbc:ID",),
    ),
    coded(
        "BR-CL-18",
        _CATEGORIES,
        {LineVatInformation: "category_code", VatBreakdown: "category_code"},
        "The VAT category of a line or a VAT breakdown is a code of UNTDID 5305.",
        syntax="cii",
        also=("ram:ApplicableTradeTax/ram:CategoryCode",),
    ),
    coded(
        "BR-CL-19",
        _ALLOWANCES,
        {
            DocumentLevelAllowance: "reason_code",
            InvoiceLineAllowance: "reason_code",
            PriceDetails: "discount_reason_code",
        },
        "The reason of an allowance is a code of UNTDID 5189.",
        syntax="ubl",
    ),
    coded(
        "BR-CL-19",
        _ALLOWANCES,
        {DocumentLevelAllowance: "reason_code", InvoiceLineAllowance: "reason_code"},
        "The reason of an allowance is a code of UNTDID 5189.",
        syntax="cii",
    ),
    coded(
        "BR-CL-20",
        _CHARGES,
        {DocumentLevelCharge: "reason_code", InvoiceLineCharge: "reason_code", PriceDetails: "charges.reason_code"},
        "The reason of a charge is a code of UNTDID 7161.",
        syntax="ubl",
    ),
    coded(
        "BR-CL-20",
        _CHARGES,
        {DocumentLevelCharge: "reason_code", InvoiceLineCharge: "reason_code"},
        "The reason of a charge is a code of UNTDID 7161.",
        syntax="cii",
    ),
    coded(
        "BR-CL-21",
        _ICD_OR_NONE,
        {ItemInformation: "standard_identifier.scheme"},
        "The scheme of an item's standard identifier is a code of ISO 6523.",
        also=("cac:StandardItemIdentification/cbc:ID/@schemeID", "ram:SpecifiedTradeProduct/ram:GlobalID/@schemeID"),
    ),
    coded(
        "BR-CL-22",
        _VATEX,
        _EXEMPTED,
        "The reason for not charging VAT is a code of the VATEX list.",
        also=("cbc:TaxExemptionReasonCode", "ram:ExemptionReasonCode"),
    ),
    coded(
        "BR-CL-23",
        _UNITS,
        {
            InvoiceLine: "invoiced_quantity_unit_of_measure_code",
            PriceDetails: (
                "item_price_base_quantity_unit_of_measure_code gross_price_base_quantity_unit_of_measure_code"
            ),
            AllowanceChargeExtension: "base_quantity_unit_code",
        },
        "The unit of a quantity is a code of UN/ECE Recommendation 20 or 21.",
        also=(
            "cbc:InvoicedQuantity/@unitCode",
            "cbc:CreditedQuantity/@unitCode",
            "cbc:BaseQuantity/@unitCode",
            "ram:BilledQuantity/@unitCode",
            "ram:BasisQuantity/@unitCode",
        ),
    ),
    coded(
        "BR-CL-24",
        CodeList("mime", exact=True),
        {
            AdditionalSupportingDocument: "attached_document.mime_code",
            SupportingDocument: "attached_document.mime_code",
        },
        "An attached document is of a type that EN 16931 allows: PDF, PNG, JPEG, CSV or a spreadsheet.",
        also=("cbc:EmbeddedDocumentBinaryObject/@mimeCode", "ram:AttachmentBinaryObject/@mimeCode"),
    ),
    coded(
        "BR-CL-25",
        _EAS,
        _REACHED,
        "The scheme of an electronic address is a code of the EAS list.",
        also=("cbc:EndpointID/@schemeID", "ram:URIUniversalCommunication/ram:URIID/@schemeID"),
    ),
    coded(
        "BR-CL-26",
        _ICD,
        {DeliveryInformation: "deliver_to_location_identifiers.scheme", LineExtension: "ship_to.identifiers.scheme"},
        "The scheme of a place of delivery is a code of ISO 6523.",
        syntax="ubl",
        also=("cac:DeliveryLocation/cbc:ID/@schemeID",),
    ),
    coded(
        "BR-CL-26",
        _ICD_OR_NONE,
        {DeliveryInformation: "deliver_to_location_identifiers.scheme"},
        "The scheme of a place of delivery is a code of ISO 6523.",
        syntax="cii",
        also=("ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:GlobalID/@schemeID",),
    ),
)
