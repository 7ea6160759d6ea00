# SPDX-License-Identifier: Apache-2.0
"""The shape of a document: the order of its elements, and what a syntax wants beside a value and nothing else can be.

None of it says anything of the business: the order carries no meaning, a VAT category of EN 16931 is one of VAT, and
an amount is in the currency of the invoice unless the document has a second one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.bind.edits import Fragment, Sort
from einvoice.codes import is_code
from einvoice.service.repairs.identifiers import added, is_vat_number
from einvoice.service.repairs.notations import BLANKS
from einvoice.service.repairs.sheet import Change, Suggestion, attribute_change, text_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.bind.parts import Part
    from einvoice.service.repairs.sheet import Sheet

_CATEGORIES: Final = {"cac:TaxCategory", "cac:ClassifiedTaxCategory"}
_TAXES: Final = {"ram:ApplicableTradeTax", "ram:CategoryTradeTax", "ram:AppliedTradeTax", "ram:IncludedTradeTax"}
_SCHEME: Final = Fragment("cbc:ID", "VAT")
_SHOWN: Final = 12


def element_order(sheet: Sheet) -> Iterator[Suggestion]:
    """Elements in the order of the official schema; those of one name keep theirs."""
    for part in sheet.parts.values():
        if len(part.children) < 2 or not part.type or sheet.order.type(part.type).choice:  # noqa: PLR2004 - a pair
            continue
        names = [sheet.parts[number].name for number in part.children]
        places = [sheet.order.position(part.type, name) for name in names]
        known = [place for place in places if place is not None]
        if len(known) < len(places) or known == sorted(known):
            continue
        order = tuple(sorted(range(len(known)), key=known.__getitem__))
        before, after = _moved(names, [names[index] for index in order])
        change = Change(location=part.path, line=part.line, terms=(), before=before, after=after)
        yield Suggestion(subject="order", edits=(Sort(part.number, order),), changes=(change,))


def _moved(before: list[str], after: list[str]) -> tuple[str, str]:
    """The part of two orders in which they differ."""
    pairs = list(zip(before, after, strict=True))
    differ = [index for index, (one, other) in enumerate(pairs) if one != other]
    first, last = differ[0], differ[-1] + 1
    return _list(before[first:last]), _list(after[first:last])


def _list(names: list[str]) -> str:
    """The names of elements in their order, each run of one name once."""
    runs = [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]
    more = f", and {len(runs) - _SHOWN} more" if len(runs) > _SHOWN else ""
    return ", ".join(runs[:_SHOWN]) + more


def vat_scheme(sheet: Sheet) -> Iterator[Suggestion]:
    """That a VAT category or a VAT number is one of VAT, as each syntax wants it to be said."""
    for part in sheet.parts.values():
        if part.name in _TAXES and sheet.is_cii:
            yield from _type_code(sheet, part)
        elif part.name in _CATEGORIES or (part.name == "cac:PartyTaxScheme" and _has_vat_number(sheet, part)):
            yield from _tax_scheme(sheet, part)


def _type_code(sheet: Sheet, part: Part) -> Iterator[Suggestion]:
    stated = sheet.children(part, "ram:TypeCode")
    if not stated:
        yield added(sheet, part, Fragment("ram:TypeCode", "VAT"), "VAT", (), "VAT")
    elif not stated[0].text.strip(BLANKS):
        yield text_change(stated[0], "VAT", "VAT")


def _tax_scheme(sheet: Sheet, part: Part) -> Iterator[Suggestion]:
    schemes = sheet.children(part, "cac:TaxScheme")
    stated = sheet.children(schemes[0], "cbc:ID") if schemes else []
    if not schemes:
        yield added(sheet, part, Fragment("cac:TaxScheme", children=(_SCHEME,)), "VAT", (), "VAT")
    elif not stated and not schemes[0].children:
        yield added(sheet, schemes[0], _SCHEME, "VAT", (), "VAT")
    elif stated and not stated[0].text.strip(BLANKS):
        yield text_change(stated[0], "VAT", "VAT")


def _has_vat_number(sheet: Sheet, part: Part) -> bool:
    numbers = sheet.children(part, "cbc:CompanyID")
    return len(numbers) == 1 and is_vat_number(numbers[0].text.strip(BLANKS))


def currency(sheet: Sheet) -> Iterator[Suggestion]:
    """The currency of an amount beside it, where the document has one currency that it can be."""
    own, other = sheet.invoice.currency_code, sheet.invoice.vat_accounting_currency_code
    if own is None or not is_code(own, "iso-4217"):
        return
    for part in sheet.parts.values():
        if part.attributes.get("currencyID", "").strip(BLANKS):
            continue
        if other is not None and other != own and part.name in ("cbc:TaxAmount", "ram:TaxTotalAmount"):
            continue  # it may be the VAT total in the accounting currency (BT-111)
        if part.type == "udt:AmountType" and (not sheet.is_cii or part.name == "ram:TaxTotalAmount"):
            yield attribute_change(part, "currencyID", own.strip(BLANKS), "currency")
