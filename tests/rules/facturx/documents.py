# SPDX-License-Identifier: Apache-2.0
"""Documents of CII with nothing but what a rule about sums looks at."""

from __future__ import annotations

from typing import NamedTuple

from einvoice.bind import open_document
from einvoice.rules.facturx.profiles import SYNTAX

_NAMESPACE = "urn:un:unece:uncefact:data:standard"
_HEAD = (
    f'<rsm:CrossIndustryInvoice xmlns:rsm="{_NAMESPACE}:CrossIndustryInvoice:100"'
    f' xmlns:ram="{_NAMESPACE}:ReusableAggregateBusinessInformationEntity:100"'
    f' xmlns:udt="{_NAMESPACE}:UnqualifiedDataType:100"><rsm:SupplyChainTradeTransaction>'
)


class Tax(NamedTuple):
    """A VAT category at a rate."""

    code: str = "S"
    rate: str = "19"
    reason: str = ""
    scheme: str = "VAT"

    def element(self, name: str, more: str = "") -> str:
        """As an element."""
        rate = f"<ram:RateApplicablePercent>{self.rate}</ram:RateApplicablePercent>" if self.rate else ""
        reason = f"<ram:ExemptionReason>{self.reason}</ram:ExemptionReason>" if self.reason else ""
        start = f"<ram:TypeCode>{self.scheme}</ram:TypeCode>{reason}"
        return f"<ram:{name}>{more}{start}<ram:CategoryCode>{self.code}</ram:CategoryCode>{rate}</ram:{name}>"


def line(
    amount: str = "", tax: Tax | None = None, *, own: str = "1", parent: str = "", status: str = "", more: str = ""
) -> str:
    """A line."""
    names = f"<ram:LineID>{own}</ram:LineID>" if own else ""
    names += f"<ram:ParentLineID>{parent}</ram:ParentLineID>" if parent else ""
    names += f"<ram:LineStatusReasonCode>{status}</ram:LineStatusReasonCode>" if status else ""
    total = f"<ram:LineTotalAmount>{amount}</ram:LineTotalAmount>" if amount else ""
    monetary = "SpecifiedTradeSettlementLineMonetarySummation"
    return (
        "<ram:IncludedSupplyChainTradeLineItem>"
        f"<ram:AssociatedDocumentLineDocument>{names}</ram:AssociatedDocumentLineDocument>{more}"
        f"<ram:SpecifiedLineTradeSettlement>{tax.element('ApplicableTradeTax') if tax else ''}"
        f"<ram:{monetary}>{total}</ram:{monetary}></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )


def addition(amount: str, tax: Tax | None = None, *, charge: bool) -> str:
    """An allowance or a charge of the document."""
    return (
        "<ram:SpecifiedTradeAllowanceCharge>"
        f"<ram:ChargeIndicator><udt:Indicator>{str(charge).lower()}</udt:Indicator></ram:ChargeIndicator>"
        f"<ram:ActualAmount>{amount}</ram:ActualAmount>{tax.element('CategoryTradeTax') if tax else ''}"
        "</ram:SpecifiedTradeAllowanceCharge>"
    )


def logistics(amount: str, tax: Tax | None = None) -> str:
    """A logistics service charge."""
    return (
        f"<ram:SpecifiedLogisticsServiceCharge><ram:AppliedAmount>{amount}</ram:AppliedAmount>"
        f"{tax.element('AppliedTradeTax') if tax else ''}</ram:SpecifiedLogisticsServiceCharge>"
    )


def breakdown(basis: str, amount: str, tax: Tax) -> str:
    """A VAT breakdown."""
    amounts = f"<ram:CalculatedAmount>{amount}</ram:CalculatedAmount>" if amount else ""
    basis = f"<ram:BasisAmount>{basis}</ram:BasisAmount>" if basis else ""
    return tax.element("ApplicableTradeTax", f"{amounts}{basis}")


def totals(**amounts: str) -> str:
    """The totals; ``TaxTotalAmount`` is in euro."""
    currency = {"TaxTotalAmount": ' currencyID="EUR"'}
    inner = "".join(f"<ram:{name}{currency.get(name, '')}>{text}</ram:{name}>" for name, text in amounts.items())
    name = "SpecifiedTradeSettlementHeaderMonetarySummation"
    return f"<ram:{name}>{inner}</ram:{name}>"


def text(*parts: str) -> str:
    """A document of lines and of what stands behind them."""
    lines = "".join(part for part in parts if part.startswith("<ram:Included"))
    rest = "".join(part for part in parts if not part.startswith("<ram:Included"))
    currency = "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
    settlement = f"<ram:ApplicableHeaderTradeSettlement>{currency}{rest}</ram:ApplicableHeaderTradeSettlement>"
    return f"{_HEAD}{lines}{settlement}</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"


def fired(*parts: str, profile: str = "extended") -> set[str]:
    """The functions that find a document wrong, or cannot judge it (marked by a question mark)."""
    hits = open_document(text(*parts).encode()).structure_hits(SYNTAX[profile].rows)
    return {f"{hit.row.rule}{'?' if hit.open else ''}" for hit in hits if hit.row.test == "asked"}
