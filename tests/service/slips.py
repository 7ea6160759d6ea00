# SPDX-License-Identifier: Apache-2.0
"""One sound invoice in each format, and slips that people and programs make in it."""

from __future__ import annotations

from einvoice.bind import write
from einvoice.bind.json import write_json
from einvoice.model.calculate import calculate
from tests.service.sample import invoice

UBL = write(calculate(invoice()).invoice, "ubl").decode()
CII = write(calculate(invoice()).invoice, "cii").decode()
JSON = write_json(calculate(invoice()).invoice).decode()


def spoiled(text: str, *pairs: tuple[str, str]) -> bytes:
    """A document with texts replaced, each of which has to be there."""
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def allowance(indicator: str, amount: str) -> str:
    """An allowance on document level, and the start of what follows it."""
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        f"<cbc:AllowanceChargeReason>Bonus</cbc:AllowanceChargeReason>"
        f'<cbc:Amount currencyID="EUR">{amount}</cbc:Amount>'
        "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:TaxCategory></cac:AllowanceCharge><cac:TaxTotal>"
    )


UBL_SLIPS = {
    "code-case": [("EUR", "eur")],
    "white-space": [("<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>\u00a0EUR ")],
    "number-notation": [(">36.89</cbc:PayableAmount", ">36,89 EUR</cbc:PayableAmount")],
    "date-form": [("2026-03-02", "2026-03-02T00:00:00")],
    "scheme": [(' schemeID="EM"', "")],
    "currency": [(' currencyID="EUR">5.50', ">5.50")],
    "decimals": [("36.89", "36.8900")],
    "totals": [("36.89</cbc:TaxInclusiveAmount", "36.90</cbc:TaxInclusiveAmount")],
    "element-order": [
        ("  <cbc:ID>INV-7</cbc:ID>\n", ""),
        ("  <cbc:InvoiceTypeCode>", "  <cbc:ID>INV-7</cbc:ID>\n  <cbc:InvoiceTypeCode>"),
    ],
    "vat-scheme": [("<cac:TaxScheme>\n          <cbc:ID>VAT</cbc:ID>\n        </cac:TaxScheme>", "<cac:TaxScheme/>")],
    "specification": [("urn:cen.eu:en16931:2017", "URN:CEN.EU:EN16931:2017")],
}

CII_SLIPS = {
    "code-case": [("EUR", "Eur ")],
    "date-form": [(">20260302", ">2026-03-02")],
    "scheme": [(' schemeID="VA"', "")],
    "vat-scheme": [("<ram:TypeCode>VAT</ram:TypeCode>", "")],
    "totals": [(">36.89</ram:DuePayableAmount", ">36.88</ram:DuePayableAmount")],
}
