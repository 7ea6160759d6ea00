# SPDX-License-Identifier: Apache-2.0
"""BR-FR-MV and BR-FR-BD in CII, where a line itself says what it is and which line is above it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.br_fr import group_sentences as said
from einvoice.rules.br_fr.group_lines import Layout, Line
from einvoice.rules.br_fr.group_sums import BINARY, EXACT, sums
from einvoice.rules.br_fr.groups import (
    a_group,
    number_of_seller,
    of_heads,
    of_lines,
    one_group_of,
    one_of,
    reason_of_detail,
    same_number,
    same_seller,
    stated,
    two_groups,
)
from einvoice.rules.br_fr.groups_ubl import CORRECTED, SELF_BILLED_CORRECTED
from einvoice.rules.br_fr.parties import CII_LEGAL
from einvoice.rules.br_fr.places import EXCHANGED, ITEM, LINE_SETTLEMENT, SELLER, TRADE, cii
from einvoice.rules.br_fr.references import DATED, REFERRED
from einvoice.rules.br_fr.texts import codes, in_order, says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, asked
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from einvoice.rules.br_fr.group_lines import Link

_LINE: Final = "ram:IncludedSupplyChainTradeLineItem"
_ABOUT: Final = "ram:AssociatedDocumentLineDocument"
_PARTY: Final = "ram:SpecifiedLineTradeAgreement/ram:ItemSellerTradeParty"
_SELLER: Final = f"{_PARTY}/{CII_LEGAL}"
_TOTALS: Final = f"{LINE_SETTLEMENT}/ram:SpecifiedTradeSettlementLineMonetarySummation"
_HEADER: Final = "ram:ApplicableHeaderTradeSettlement"
_AGREEMENT: Final = "ram:ApplicableHeaderTradeAgreement"
_DOCUMENTS: Final = f"{LINE_SETTLEMENT}/ram:AdditionalReferencedDocument"
_NUMBER: Final = "ram:IssuerAssignedID"
_OBJECT: Final = "130"


def own(top: Part) -> frozenset[str]:
    """The number of the invoice.

    Args:
        top: the document.
    """
    return frozenset(top.texts(f"{EXCHANGED}/ram:ID"))


def _links(line: Part) -> list[Link]:
    return [(line.texts(f"{_ABOUT}/ram:LineStatusReasonCode"), line.texts(f"{_ABOUT}/ram:ParentLineID"))]


def _is_number(document: Part) -> bool:
    """Whether a document that a line refers to is the invoice that it belongs to."""
    return "AFL" in document.texts("ram:ReferenceTypeCode") and _OBJECT in document.texts("ram:TypeCode")


def _numbers(line: Part) -> list[Part]:
    documents = [one for one in line.parts(_DOCUMENTS) if _is_number(one)]
    return [number for one in documents for number in one.parts(_NUMBER)]


def _sold(line: Part) -> list[str]:
    return line.texts(_SELLER)


LAYOUT: Final = Layout(
    context=cii(ITEM),
    lines=(_LINE,),
    links=_links,
    line=f"{_ABOUT}/ram:LineID",
    numbers=_numbers,
    seller=_SELLER,
    sold=_sold,
    net=f"{_TOTALS}/ram:LineTotalAmount",
    vat=f"{_TOTALS}/ram:TaxTotalAmount",
    gross=f"{_TOTALS}/ram:GrandTotalAmount",
    reason=f"{LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:ExemptionReason",
    currency=f"{_HEADER}/ram:InvoiceCurrencyCode",
    breakdowns=f"{_HEADER}/ram:ApplicableTradeTax",
    tax=("ram:TypeCode", "ram:ExemptionReason", "ram:CalculatedAmount"),
    sellers=f"{SELLER.cii}/{CII_LEGAL}",
    own=own,
)

# ---- lines and groups say what they have to


def _kind(code: Part) -> Faults:
    return NO_FAULTS if says(code.text) else [Fault()]


def _vat(layout: Layout, line: Line) -> Faults:
    """MV-03: a group states its VAT in the invoice currency."""
    return _amount(layout, line, layout.currencies(line))


def _vat_accounted(layout: Layout, line: Line) -> Faults:
    """MV-03: a group states its VAT in the accounting currency, where there is one."""
    holder = layout.around(line.part)
    currencies = layout.within(holder).keep("accounting", lambda: holder.texts(f"{_HEADER}/ram:TaxCurrencyCode"))
    if not currencies:
        return NO_FAULTS
    return _amount(layout, line, currencies if any(currencies) else [])


def _amount(layout: Layout, line: Line, currencies: list[str]) -> Faults:
    found = [one.text for one in layout.taxes(line.part, currencies)]
    if found and says(one_of(found)):
        return NO_FAULTS
    return [Fault(why=f"no amount in {', '.join(currencies)}")]


def _numbered(_: Layout, line: Line) -> Faults:
    """MV-03: a document of the scheme AFL is an invoiced object with a number."""
    for document in _documents(line.part, "AFL"):
        if _OBJECT not in document.texts("ram:TypeCode") or not says(document.one(_NUMBER)):
            yield Fault(_NUMBER, part=document)


def _framed(_: Layout, line: Line) -> Faults:
    """MV-03: a document of the scheme AVV is an invoiced object with a framework, which is not of several sellers."""
    for document in _documents(line.part, "AVV"):
        if "AFL" in document.texts("ram:ReferenceTypeCode"):
            continue  # of both schemes, it is looked at as the number of an invoice
        framework = document.one(_NUMBER) if _OBJECT in document.texts("ram:TypeCode") else ""
        if not says(framework) or framework in codes("several-sellers"):
            yield Fault(_NUMBER, part=document)


def _documents(line: Part, scheme: str) -> list[Part]:
    return [one for one in line.parts(_DOCUMENTS) if scheme in one.texts("ram:ReferenceTypeCode")]


GROUPED: Final = (
    asked("BR-FR-MV-01_EXT-FR-FE-163", cii(f"{ITEM}/{_ABOUT}/ram:LineStatusReasonCode"), _kind, said.KIND),
    of_heads("BR-FR-MV-03_EXT-FR-FE-164", LAYOUT, partial(stated, path=f"{_PARTY}/ram:Name"), said.NAME),
    of_heads("BR-FR-MV-03_EXT-FR-FE-167", LAYOUT, partial(stated, path=_SELLER), said.LEGAL),
    of_heads(
        "BR-FR-MV-03_EXT-FR-FE-177",
        LAYOUT,
        partial(stated, path=f"{_PARTY}/ram:PostalTradeAddress/ram:CountryID"),
        said.COUNTRY,
    ),
    of_heads("BR-FR-MV-03_EXT-FR-FE-181", LAYOUT, _vat, said.VAT),
    of_heads("BR-FR-MV-03_EXT-FR-FE-182", LAYOUT, _vat_accounted, said.VAT_ACCOUNTED),
    of_heads("BR-FR-MV-03_BT-128_AFL", LAYOUT, _numbered, said.NUMBERED),
    of_heads("BR-FR-MV-03_BT-128_AVV", LAYOUT, _framed, said.FRAMED),
    of_lines("BR-FR-MV-06_EXT-FR-FE-167", LAYOUT, same_seller, said.SAME_SELLER),
    of_lines("BR-FR-MV-07_BT-128", LAYOUT, same_number, said.SAME_NUMBER),
    of_lines("BR-FR-MV-08_BT-128", LAYOUT, reason_of_detail, said.REASON),
)

# ---- the number of the invoice is that of one group


def _of_seller(top: Part) -> int:
    """How many documents, of groups of the seller, have the number of the invoice."""
    theirs, numbers = frozenset(top.texts(LAYOUT.sellers)), top.recall(own)
    heads = [line for line in map(LAYOUT.of, top.anywhere(_LINE)) if line.heads]
    lines = [line.part for line in heads if not theirs.isdisjoint(_sold(line.part))]
    documents = [one for line in lines for one in line.parts(_DOCUMENTS) if _is_number(one)]
    return sum(not numbers.isdisjoint(one.texts(_NUMBER)) for one in documents)


def _first(top: Part) -> dict[str, Part]:
    """Number of a document of any kind -> where it first stands."""
    found: dict[str, Part] = {}
    for number in top.anywhere(_NUMBER):
        found.setdefault(number.text, number)
    return found


def _apart(trade: Part) -> Faults:
    """MV-12: the numbers of groups stand nowhere before, not even as that of another document."""
    first = trade.recall(_first)
    for line in LAYOUT.within(trade).heads:
        again = [one for one in line.numbers if first[one.text] != one]
        if again:
            return [Fault(part=again[0])]
    return NO_FAULTS


NUMBERED: Final = (
    of_heads("BR-FR-MV-11_BT-128", LAYOUT, partial(number_of_seller, count=_of_seller), said.OF_SELLER),
    asked("BR-FR-MV-12_BT-128", cii(TRADE), _apart, said.APART),
)
SUMS: Final = tuple(sums(LAYOUT, BINARY))
SUMS_LATER: Final = tuple(sums(LAYOUT, EXACT))

# ---- what depends on the framework


def _not_self_billed(code: Part) -> Faults:
    return NO_FAULTS if says(code.text) and code.text not in codes("self-billed") else [Fault()]


def _self_billed(code: Part) -> Faults:
    if trimmed(code.text) in codes("self-billed"):
        return NO_FAULTS
    return [Fault(expected=", ".join(in_order("self-billed")))]


def _preceded(_: Layout, line: Line, *, types: frozenset[str], path: str) -> Faults:
    """MV-14 and BD-14: the group of a corrected invoice refers to a preceding one, by number or with its date."""
    if types.isdisjoint(line.part.top.texts(f"{EXCHANGED}/ram:TypeCode")):
        return NO_FAULTS
    at = f"{LINE_SETTLEMENT}/{REFERRED}/{path}"
    return NO_FAULTS if line.part.has(at) else [Fault(at)]


def _preceding(prefix: str, types: frozenset[str], number: str, date: str) -> tuple[ElementRule, ...]:
    return (
        of_heads(f"{prefix}-EXT-FR-FE-136", LAYOUT, partial(_preceded, types=types, path=_NUMBER), number),
        of_heads(f"{prefix}-EXT-FR-FE-138", LAYOUT, partial(_preceded, types=types, path=DATED), date),
    )


_TYPE: Final = cii(f"{EXCHANGED}/ram:TypeCode")
SEVERAL: Final = (
    asked("BR-FR-MV-02_EXT-FR-FE-163", cii(TRADE), partial(a_group, LAYOUT), said.A_GROUP),
    asked("BR-FR-MV-13_BT-3", _TYPE, _not_self_billed, said.NOT_SELF_BILLED),
    *_preceding("BR-FR-MV-14", CORRECTED, said.PRECEDED, said.PRECEDED_DATED),
)
_SELLERS: Final = f"{_AGREEMENT}/ram:SellerTradeParty/{CII_LEGAL}"
_BUYERS: Final = f"{_AGREEMENT}/ram:BuyerTradeParty/{CII_LEGAL}"
BOTH_WAYS: Final = (
    asked("BR-FR-BD-02_EXT-FR-FE-163", cii(TRADE), partial(two_groups, LAYOUT), said.TWO_GROUPS),
    asked("BR-FR-BD-02_BT-31", cii(TRADE), partial(one_group_of, LAYOUT, party=_SELLERS), said.OWN_GROUP),
    asked("BR-FR-BD-02_BT-47", cii(TRADE), partial(one_group_of, LAYOUT, party=_BUYERS), said.BUYERS_GROUP),
    asked("BR-FR-BD-13_BT-3", _TYPE, _self_billed, said.SELF_BILLED),
    *_preceding("BR-FR-BD-14", SELF_BILLED_CORRECTED, said.PRECEDED_BOTH, said.PRECEDED_BOTH_DATED),
)
