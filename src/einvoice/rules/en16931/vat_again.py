# SPDX-License-Identifier: Apache-2.0
"""VAT categories that a line, an allowance or a charge states beside its first: both schemas let it repeat them.

The model has one category there. The others are among the remarks of the reading, and are put together here.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    from einvoice.model import Reading, Remark

_LINE: Final = re.compile(
    r"(?:/(?:Invoice|CreditNote)/cac:(?:Invoice|CreditNote)Line(?P<ubl>\[\d+\])?/cac:Item"
    r"/cac:ClassifiedTaxCategory(?P<first>\[\d+\])?"
    r"|/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem(?P<cii>\[\d+\])?"
    r"/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax(?P<second>\[\d+\])?)/(?P<field>.+)"
)
_DOCUMENT: Final = re.compile(r"document_level_(?P<kind>allowances|charges)\[(?P<index>\d+)\]\.")
_CATEGORY: Final = re.compile(r"(?P<element>.+/(?:cac:TaxCategory|ram:CategoryTradeTax)\[\d+\])/(?P<field>.+)")
_FIELDS: Final = {
    "cbc:ID": "code",
    "cbc:Percent": "rate",
    "cac:TaxScheme/cbc:ID": "scheme",
    "ram:CategoryCode": "code",
    "ram:RateApplicablePercent": "rate",
    "ram:TypeCode": "scheme",
}


class Stated(Struct):
    """A category that is stated beside the first.

    Attributes:
        spot: ``lines``, ``allowances`` or ``charges``.
        index: which of them.
        said: what it says, by ``code``, ``rate`` and ``scheme``.
    """

    spot: str
    index: int
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def rate(self) -> Decimal | None:
        """Its rate in percent."""
        try:
            return Decimal(self.said["rate"].strip()) if "rate" in self.said else None
        except InvalidOperation:
            return None


def stated_again(reading: Reading) -> list[Stated]:
    """The categories beside the first ones.

    Args:
        reading: what was read.
    """
    found: dict[str, Stated] = {}
    for remark in reading.remarks:
        if remark.reason == "repeated":
            _enter(found, remark)
    return list(found.values())


def _enter(found: dict[str, Stated], remark: Remark) -> None:
    match = _LINE.fullmatch(remark.path)
    if match is not None:
        key = f"{match['ubl'] or match['cii']} {match['first'] or match['second']}"
        stated = found.setdefault(key, Stated("lines", _index(match["ubl"] or match["cii"])))
    else:
        match, taken = _CATEGORY.fullmatch(remark.path), _DOCUMENT.match(remark.model_path)
        if match is None or taken is None:
            return
        stated = found.setdefault(match["element"], Stated(taken["kind"], int(taken["index"])))
    if match["field"] in _FIELDS:
        stated.said.setdefault(_FIELDS[match["field"]], remark.value)


def _index(position: str | None) -> int:
    return 0 if position is None else int(position[1:-1]) - 1
