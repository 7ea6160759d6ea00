# SPDX-License-Identifier: Apache-2.0
"""Elements within delivery terms and exchange rates that EXTENDED-CTC-FR does not use, in UBL and in CII.

EN 16931 uses neither group; EXTENDED-CTC-FR uses some of what is in them, and its tests name that.
"""

from __future__ import annotations

from typing import Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.element_rules import NO_FAULTS, Faults, about

_CII: Final = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
_UBL_TERMS: Final = (frozenset(["cbc:ID", "cac:DeliveryLocation"]), "cac:DeliveryLocation", "cbc:Name")
_CII_PLACE: Final = "ram:RelevantTradeLocation"
_CII_TERMS: Final = (frozenset(["ram:DeliveryTypeCode", _CII_PLACE]), _CII_PLACE, "ram:Name")
_UBL_RATE: Final = frozenset(["SourceCurrencyCode", "TargetCurrencyCode", "CalculationRate", "Date"])
_CII_RATE: Final = frozenset(["SourceCurrencyCode", "TargetCurrencyCode", "ConversionRate", "ConversionRateDateTime"])


def _beside(above: Part, path: str, used: tuple[frozenset[str], str, str]) -> Faults:
    """What delivery terms hold beside a code and the name of a place."""
    if not above.has(path):
        return NO_FAULTS
    names, place, name = used
    found = [child for terms in above.parts(path) for child in terms.children if child.name not in names]
    places = above.parts(f"{path}/{place}")
    found += [child for one in places for child in one.children if child.name != name]
    return [Fault(part=child) for child in found[:1]]


def _rates(above: Part, path: str, used: frozenset[str]) -> Faults:
    """What an exchange rate holds beside two currencies, the rate and its date."""
    if not above.has(path):
        return NO_FAULTS
    children = [child for rate in above.parts(path) for child in rate.children]
    return [Fault(part=child) for child in children if child.written.rpartition(":")[2] not in used][:1]


@about("UBL-FREXT-CR-410", "/Invoice | /CreditNote")
def ubl_frext_cr_410(document: Part) -> Faults:
    """Delivery terms hold a code (EXT-FR-FE-26) and the name of a place (EXT-FR-FE-27), and nothing else."""
    return _beside(document, "cac:DeliveryTerms", _UBL_TERMS)


@about("UBL-FREXT-CR-645", "/Invoice | /CreditNote")
def ubl_frext_cr_645(document: Part) -> Faults:
    """Delivery terms of a line hold a code and the name of a place, and nothing else."""
    lines = [line for name in ("cac:InvoiceLine", "cac:CreditNoteLine") for line in document.parts(name)]
    return [fault for line in lines for fault in _beside(line, "cac:DeliveryTerms", _UBL_TERMS)][:1]


@about("CII-FREXT-CR-490", "/Invoice | /CreditNote")
def cii_frext_cr_490(document: Part) -> Faults:
    """The exchange rate of the VAT accounting currency holds the two currencies, the rate and its date."""
    return _rates(document, "cac:TaxExchangeRate", _UBL_RATE)


@about("CII-FREXT-SR-106", f"{_CII}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeAgreement")
def cii_frext_sr_106(agreement: Part) -> Faults:
    """Delivery terms of a line hold a code and the name of a place, and nothing else."""
    return _beside(agreement, "ram:ApplicableTradeDeliveryTerms", _CII_TERMS)


@about("CII-FREXT-SR-293", f"{_CII}/ram:ApplicableHeaderTradeAgreement")
def cii_frext_sr_293(agreement: Part) -> Faults:
    """Delivery terms hold a code (EXT-FR-FE-26) and the name of a place (EXT-FR-FE-27), and nothing else."""
    return _beside(agreement, "ram:ApplicableTradeDeliveryTerms", _CII_TERMS)


@about("CII-FREXT-SR-366", f"{_CII}/ram:ApplicableHeaderTradeSettlement")
def cii_frext_sr_366(settlement: Part) -> Faults:
    """The exchange rate of the VAT accounting currency holds the two currencies, the rate and its date."""
    return _rates(settlement, "ram:TaxApplicableTradeCurrencyExchange", _CII_RATE)
