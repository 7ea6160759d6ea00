# SPDX-License-Identifier: Apache-2.0
"""UBL documents that state something where an invoice has no place for it, each one change away from a clean one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from tests.differential.bases import written
from tests.rules.invoices import clean

_LINE: Final = "</cac:InvoiceLine>"
_ITEM: Final = "<cac:Item>"
_PRICE: Final = "</cac:Price>"
_DOCUMENT: Final = "<cbc:CustomizationID>"
_PERIOD: Final = "<cac:InvoicePeriod>"
_OBJECT: Final = "<cac:DocumentReference>"
_SCHEME: Final = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
_CARD: Final = (
    "<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode><cac:CardAccount><cbc:PrimaryAccountNumberID>"
    "123456789012</cbc:PrimaryAccountNumberID><cbc:NetworkID>V</cbc:NetworkID></cac:CardAccount></cac:PaymentMeans>"
)


def amount(name: str, text: str = "0", currency: str = "EUR") -> str:
    return f'<cbc:{name} currencyID="{currency}">{text}</cbc:{name}>'


def category(code: str, more: str = "", kind: str = "TaxCategory") -> str:
    return f"<cac:{kind}><cbc:ID>{code}</cbc:ID>{more}{_SCHEME}</cac:{kind}>"


def allowance(more: str = "", *, charge: bool = False, code: str = "95") -> str:
    flag = str(charge).lower()
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{flag}</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>{code}"
        f"</cbc:AllowanceChargeReasonCode>{amount('Amount')}{more}</cac:AllowanceCharge>"
    )


def total(code: str, currency: str = "EUR") -> str:
    part = f"<cac:TaxSubtotal>{amount('TaxAmount')}{category(code)}</cac:TaxSubtotal>"
    return f"<cac:TaxTotal>{amount('TaxAmount', currency=currency)}{part}</cac:TaxTotal>"


def extension(content: str) -> str:
    return (
        '<ext:UBLExtensions xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">'
        '<ext:UBLExtension><ext:ExtensionContent><x:X xmlns:x="urn:example:x">'
        f"{content}</x:X></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>"
    )


@dataclass(frozen=True)
class Odd:
    """A change, and the rules of EN 16931 that it breaks, without those about elements alone.

    Attributes:
        anchor: the text in front of which, at its first place, something is put.
        text: what is put there.
        breaks: the ids.
    """

    anchor: str
    text: str
    breaks: str = ""

    @property
    def data(self) -> bytes:
        """The document."""
        before, anchor, after = base().partition(self.anchor)
        assert anchor, self.anchor
        return (before + self.text + anchor + after).encode()


@cache
def base() -> str:
    """The clean document."""
    return written(clean(), "ubl-invoice").decode()


_LINE_IN_EXTENSION: Final = (
    f"<cac:InvoiceLine><cbc:ID>1</cbc:ID>{amount('LineExtensionAmount', '5')}<cac:Item/></cac:InvoiceLine>"
)
_DESPATCH: Final = (
    "<cac:DespatchLineReference><cbc:LineID>1</cbc:LineID><cac:DocumentReference>"
    '<cbc:ID schemeID="0001">1</cbc:ID>{}</cac:DocumentReference></cac:DespatchLineReference>'
)
_ITEM_END: Final = "</cac:Item>"
_LOT: Final = (
    "<cac:ItemInstance><cac:LotIdentification><cac:AdditionalItemProperty>{}</cac:AdditionalItemProperty>"
    "</cac:LotIdentification></cac:ItemInstance>"
)
_ZERO: Final = "<cbc:Percent>0</cbc:Percent>"

ODD: Final[dict[str, Odd]] = {
    "a line in an extension": Odd(
        _DOCUMENT, extension(_LINE_IN_EXTENSION), "BR-22 BR-23 BR-25 BR-26 BR-27 BR-CO-04 BR-CO-10"
    ),
    "an allowance in an extension": Odd(_DOCUMENT, extension(allowance(code="11x")), "BR-CL-19"),
    "a charge in an extension": Odd(_DOCUMENT, extension(allowance(code="11x", charge=True)), "BR-CL-20"),
    "a category in an extension": Odd(_DOCUMENT, extension(category("Z", kind="ClassifiedTaxCategory")), "BR-Z-01"),
    "a card in an extension": Odd(_DOCUMENT, extension(_CARD), "BR-51"),
    "a representative in an extension": Odd(_DOCUMENT, extension("<cac:TaxRepresentativeParty/>"), "BR-18 BR-19 BR-56"),
    "totals in an extension": Odd(
        _DOCUMENT,
        extension(f"<cac:LegalMonetaryTotal>{amount('PayableAmount')}</cac:LegalMonetaryTotal>"),
        "BR-12 BR-13 BR-14 BR-CO-10 BR-CO-13 BR-CO-16",
    ),
    "a type in an extension": Odd(_DOCUMENT, extension("<cbc:InvoiceTypeCode>381</cbc:InvoiceTypeCode>"), "BR-CL-01"),
    "the type of a credit note in an extension": Odd(
        _DOCUMENT, extension("<cbc:CreditNoteTypeCode>380</cbc:CreditNoteTypeCode>"), "BR-CL-01"
    ),
    "types that are right in an extension": Odd(
        _DOCUMENT,
        extension(
            "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode><cbc:InvoiceTypeCode> 380 </cbc:InvoiceTypeCode>"
        ),
    ),
    "a currency in an extension": Odd(
        _DOCUMENT, extension("<cbc:DocumentCurrencyCode>eur</cbc:DocumentCurrencyCode>"), "BR-CL-04"
    ),
    "a VAT currency in an extension": Odd(_DOCUMENT, extension("<cbc:TaxCurrencyCode/>"), "BR-CL-05"),
    "a property of a lot without a value": Odd(_ITEM_END, _LOT.format("<cbc:Name>x</cbc:Name>"), "BR-54"),
    "a property of a lot": Odd(_ITEM_END, _LOT.format("<cbc:Name>x</cbc:Name><cbc:Value>x</cbc:Value>")),
    "a category in a price": Odd(_PRICE, allowance(category("Z", _ZERO)), "BR-Z-01"),
    "a rate in a price": Odd(_PRICE, allowance(category("S", _ZERO)), "BR-S-06"),
    "a charge in a price": Odd(_PRICE, allowance(category("S", _ZERO), charge=True, code="FC"), "BR-S-07"),
    "a tax total in an allowance on a line": Odd(_ITEM, allowance(total("S")), "BR-45 BR-48"),
    "a tax total in a price": Odd(_PRICE, allowance(total("S")), "BR-45 BR-48"),
    "a card in an allowance": Odd(_ITEM, allowance(_CARD), "BR-51"),
    "an empty period before the period": Odd(_PERIOD, "<cac:InvoicePeriod/>", "BR-CO-19"),
    "the VAT currency in a line": Odd(_ITEM, f"<cac:TaxTotal>{amount('TaxAmount', currency='USD')}</cac:TaxTotal>", ""),
    "a despatch of another type": Odd(_OBJECT, _DESPATCH.format(""), ""),
    "a despatch of type 130": Odd(
        _OBJECT, _DESPATCH.format("<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>"), "BR-CL-07"
    ),
    "a line within a line": Odd(
        _LINE,
        f"<cac:SubInvoiceLine><cbc:ID>1</cbc:ID>{amount('LineExtensionAmount', currency='xx')}"
        f"<cac:Item>{category('E', kind='ClassifiedTaxCategory')}</cac:Item></cac:SubInvoiceLine>",
        "BR-CL-03 BR-E-01",
    ),
    "a period in the year 12026": Odd(
        _PERIOD,
        "<cac:InvoicePeriod><cbc:StartDate>12026-01-01</cbc:StartDate><cbc:EndDate>2026-01-31</cbc:EndDate>"
        "</cac:InvoicePeriod>",
        "BR-29",
    ),
}
"""The documents by what is odd about them."""
