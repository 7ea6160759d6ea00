# SPDX-License-Identifier: Apache-2.0
"""BR-FR-MV and BR-FR-BD in UBL.

A line belongs to a group by a reference to the invoice that it stands in: ``cac:BillingReference`` with the number of
that invoice, what the line is, and the line above it.
"""

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
from einvoice.rules.br_fr.parties import UBL_LEGAL, only, schemed
from einvoice.rules.br_fr.places import BUYER, LINE, SELLER, ubl
from einvoice.rules.br_fr.texts import codes, in_order, says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, asked, of_document
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from einvoice.rules.br_fr.group_lines import Link

_MAKER: Final = "cac:Item/cac:ManufacturerParty"
_ITEM: Final = "cac:Item"
_SELLER: Final = f"{_MAKER}/{UBL_LEGAL}"
_KINDS: Final = "cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
_IDS: Final = "cac:InvoiceDocumentReference/cbc:ID"
_OBJECT: Final = "130"
_LINES: Final = (LINE, "cac:CreditNoteLine")
_TYPES: Final = "Invoice/cbc:InvoiceTypeCode"
_CREDIT_TYPES: Final = "/CreditNote/cbc:CreditNoteTypeCode"
_DOCUMENT: Final = "Invoice | /CreditNote"
"""The published contexts tie credit notes to the top, and invoices not."""
CORRECTED: Final = frozenset(["384", "472", "381", "396", "503"])
SELF_BILLED_CORRECTED: Final = frozenset(["261", "471", "473", "502"])


def own(top: Part) -> frozenset[str]:
    """The number of the invoice.

    Args:
        top: the document.
    """
    return frozenset(top.texts("cbc:ID"))


def _linked(line: Part) -> list[Part]:
    """The references of a line to the invoice that it stands in."""
    numbers = line.recall(own)
    return [one for one in line.parts("cac:BillingReference") if not numbers.isdisjoint(one.texts(_IDS))]


def _links(line: Part) -> list[Link]:
    return [(one.texts(_KINDS), one.texts("cac:BillingReferenceLine/cbc:ID")) for one in _linked(line)]


def _objects(line: Part, scheme: str) -> list[Part]:
    """The identifiers of invoiced objects (BT-128) of a scheme."""
    objects = [one for one in line.parts("cac:DocumentReference") if _OBJECT in one.texts("cbc:DocumentTypeCode")]
    return [identifier for one in objects for identifier in schemed(one, "cbc:ID", scheme)]


def _numbers(line: Part) -> list[Part]:
    return _objects(line, "AFL")


def _sold(line: Part) -> list[str]:
    return [trimmed(line.one(_SELLER))]


LAYOUT: Final = Layout(
    context=ubl(LINE),
    lines=_LINES,
    links=_links,
    line="cbc:ID",
    numbers=_numbers,
    seller=_SELLER,
    sold=_sold,
    net="cbc:LineExtensionAmount",
    vat="cac:TaxTotal/cbc:TaxAmount",
    gross="cbc:TaxInclusiveLineExtensionAmount",
    reason="cac:Item/cac:ClassifiedTaxCategory/cbc:TaxExemptionReason",
    currency="cbc:DocumentCurrencyCode",
    breakdowns="cac:TaxTotal/cac:TaxSubtotal",
    tax=("cac:TaxCategory/cac:TaxScheme/cbc:ID", "cac:TaxCategory/cbc:TaxExemptionReason", "cbc:TaxAmount"),
    sellers=f"{SELLER.ubl}/{UBL_LEGAL}",
    own=own,
)

# ---- lines and groups say what they have to


def _kind(line: Part) -> Faults:
    """MV-01: a line says what it is in its group."""
    kinds = [text for one in _linked(line) for text in one.texts(_KINDS)]
    if kinds and says(one_of(kinds)):
        return NO_FAULTS
    return [Fault("cac:BillingReference")]


def _countries(top: Part) -> dict[Part, list[str]]:
    """Line -> the countries of the sellers of all items in it."""
    found: dict[Part, list[str]] = {}
    for item in top.anywhere(_ITEM):
        texts = item.texts("cac:ManufacturerParty/cac:PostalAddress/cac:Country/cbc:IdentificationCode")
        above = item.above
        while above is not None:
            found.setdefault(above, []).extend(texts)
            above = above.above
    return found


def _country(_: Layout, line: Line) -> Faults:
    found = line.part.recall(_countries).get(line.part, [])
    if found and says(one_of(found)):
        return NO_FAULTS
    return [Fault(f"{_MAKER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode")]


def _vat(layout: Layout, line: Line) -> Faults:
    """MV-03: a group states its VAT in the invoice currency."""
    return _amount(layout, line, layout.currencies(line))


def _accounting(top: Part) -> list[str]:
    """The accounting currency, wherever it stands."""
    return [one.text for one in top.anywhere("cbc:TaxCurrencyCode")]


def _vat_accounted(layout: Layout, line: Line) -> Faults:
    """MV-03: a group states its VAT in the accounting currency, where there is one."""
    currencies = line.part.recall(_accounting)
    if not currencies:
        return NO_FAULTS
    return _amount(layout, line, currencies if any(currencies) else [])


def _amount(layout: Layout, line: Line, currencies: list[str]) -> Faults:
    found = [one.text for one in layout.taxes(line.part, currencies)]
    if found and says(one_of(found)):
        return NO_FAULTS
    return [Fault(why=f"no amount in {', '.join(currencies)}")]


def _numbered(_: Layout, line: Line) -> Faults:
    return NO_FAULTS if line.number() else [Fault("cac:DocumentReference", why="no number of an invoice (AFL)")]


def _framed(_: Layout, line: Line) -> Faults:
    """MV-03: a group states its own framework, which is not of several sellers."""
    found = _objects(line.part, "AVV")
    if not says(only(found)):
        return [Fault("cac:DocumentReference", why="no invoicing framework (AVV)")]
    return [Fault(part=found[0])] if found[0].text in codes("several-sellers") else NO_FAULTS


GROUPED: Final = (
    asked("BR-FR-MV-01_EXT-FR-FE-163", "cac:InvoiceLine | cac:CreditNoteLine", _kind, said.KIND),
    of_heads(
        "BR-FR-MV-03_EXT-FR-FE-164",
        LAYOUT,
        partial(stated, path=f"{_MAKER}/cac:PartyLegalEntity/cbc:RegistrationName"),
        said.NAME,
    ),
    of_heads("BR-FR-MV-03_EXT-FR-FE-167", LAYOUT, partial(stated, path=_SELLER), said.LEGAL),
    of_heads("BR-FR-MV-03_EXT-FR-FE-177", LAYOUT, _country, said.COUNTRY),
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
    """How many groups of the seller have the number of the invoice."""
    theirs, numbers = frozenset(top.texts(LAYOUT.sellers)), top.recall(own)
    lines = [line for line in LAYOUT.within(top).heads if not theirs.isdisjoint(_sold(line.part))]
    return sum(any(one.text in numbers for one in line.numbers) for line in lines)


def _first(top: Part) -> dict[str, Part]:
    """Number of an invoice -> the first reference in the document that has it."""
    found: dict[str, Part] = {}
    for reference in top.anywhere("cac:DocumentReference"):
        if _OBJECT in reference.texts("cbc:DocumentTypeCode"):
            for identifier in schemed(reference, "cbc:ID", "AFL"):
                found.setdefault(identifier.text, reference)
    return found


def _apart(document: Part) -> Faults:
    """MV-12: the numbers of groups occur once."""
    first = document.recall(_first)
    for line in LAYOUT.within(document).heads:
        again = [one for one in line.numbers if first[one.text] != one.above]
        if again:
            return [Fault(part=again[0])]
    return NO_FAULTS


NUMBERED: Final = (
    of_heads("BR-FR-MV-11_BT-128", LAYOUT, partial(number_of_seller, count=_of_seller), said.OF_SELLER),
    asked("BR-FR-MV-12_BT-128", _DOCUMENT, _apart, said.APART),
)
SUMS: Final = tuple(sums(LAYOUT, BINARY))
SUMS_LATER: Final = tuple(sums(LAYOUT, EXACT))

# ---- what depends on the framework


def _not_self_billed(code: Part) -> Faults:
    kind = trimmed(code.text)
    return NO_FAULTS if kind and kind not in codes("self-billed") else [Fault()]


def _self_billed(code: Part) -> Faults:
    if trimmed(code.text) in codes("self-billed"):
        return NO_FAULTS
    return [Fault(expected=", ".join(in_order("self-billed")))]


def _preceded(_: Layout, line: Line, *, types: frozenset[str], path: str) -> Faults:
    """MV-14 and BD-14: the group of a corrected invoice refers to another invoice, by number or with its date."""
    if types.isdisjoint(of_document(line.part.above or line.part, _types)):
        return NO_FAULTS
    numbers = line.part.recall(own)
    others = [
        one
        for one in line.part.parts("cac:BillingReference")
        if any(text != own_ for text in one.texts(_IDS) for own_ in numbers)
    ]
    if any(one.has(f"cac:InvoiceDocumentReference/{path}") for one in others):
        return NO_FAULTS
    return [Fault("cac:BillingReference", why="no preceding invoice")]


def _types(document: Part) -> list[str]:
    """The type of the invoice."""
    return [*document.texts("cbc:InvoiceTypeCode"), *document.texts("cbc:CreditNoteTypeCode")]


def _preceding(prefix: str, types: frozenset[str], number: str, date: str) -> tuple[ElementRule, ...]:
    by_number = partial(_preceded, types=types, path="cbc:ID")
    by_date = partial(_preceded, types=types, path="cbc:IssueDate")
    return (
        of_heads(f"{prefix}-EXT-FR-FE-136", LAYOUT, by_number, number),
        of_heads(f"{prefix}-EXT-FR-FE-138", LAYOUT, by_date, date),
    )


SEVERAL: Final = (
    asked("BR-FR-MV-02_EXT-FR-FE-163", _DOCUMENT, partial(a_group, LAYOUT), said.A_GROUP),
    asked("BR-FR-MV-13_BT-3", f"{_TYPES} | {_CREDIT_TYPES}", _not_self_billed, said.NOT_SELF_BILLED),
    *_preceding("BR-FR-MV-14", CORRECTED, said.PRECEDED, said.PRECEDED_DATED),
)
BOTH_WAYS: Final = (
    asked("BR-FR-BD-02_EXT-FR-FE-163", _DOCUMENT, partial(two_groups, LAYOUT), said.TWO_GROUPS),
    asked("BR-FR-BD-02_BT-30", _DOCUMENT, partial(one_group_of, LAYOUT, party=LAYOUT.sellers), said.OWN_GROUP),
    asked(
        "BR-FR-BD-02_BT-47",
        _DOCUMENT,
        partial(one_group_of, LAYOUT, party=f"{BUYER.ubl}/{UBL_LEGAL}"),
        said.BUYERS_GROUP,
    ),
    asked("BR-FR-MV-BD_BT-3", f"{_TYPES} | {_CREDIT_TYPES}", _self_billed, said.SELF_BILLED),
    *_preceding("BR-FR-BD-14", SELF_BILLED_CORRECTED, said.PRECEDED_BOTH, said.PRECEDED_BOTH_DATED),
)
