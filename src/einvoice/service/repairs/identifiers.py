# SPDX-License-Identifier: Apache-2.0
"""Schemes that follow from a value with certainty, and spellings of identifiers of which there is one right one.

A number of 13 digits with a right check digit may be a GLN (0088) or another key of GS1 (0209): two schemes, so none
is written. An e-mail address, a Leitweg-ID with its check digits and a VAT number with its own are told by themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stdnum.eu import vat
from stdnum.iso7064 import mod_97_10

from einvoice import profiles
from einvoice.bind.edits import Fragment, Insert
from einvoice.codes import codes
from einvoice.service.repairs.notations import BLANKS
from einvoice.service.repairs.sheet import Change, LeftAlone, Suggestion, attribute_change, left_alone, text_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.bind.parts import Part
    from einvoice.profiles import Profile
    from einvoice.service.repairs.sheet import Sheet

Found = Suggestion | LeftAlone

_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_LEITWEG: Final = re.compile(r"(?:0[1-9]|1[0-6]|99)[0-9]{0,10}(?:-[0-9A-Za-z]{1,30})?-[0-9]{2}")
_ADDRESSES: Final = {("cac:Party", "cbc:EndpointID"), ("ram:URIUniversalCommunication", "ram:URIID")}
_PROCESS: Final = "ram:BusinessProcessSpecifiedDocumentContextParameter"
_NO_PROCESS: Final = "no process of any specification"

ADDRESS_DOUBT: Final = "the scheme does not follow from the value with certainty; ask the party for it"
TAX_DOUBT: Final = "the value does not tell a VAT number (VA) from a tax number (FC) with certainty"


def is_vat_number(value: str) -> bool:
    """Whether a value is a VAT number of a member state, country prefix, form and check digits included.

    Args:
        value: the value, without blanks.
    """
    return value == value.strip(BLANKS) and value.isalnum() and value[:2] in _prefixes() and vat.is_valid(value)


def _prefixes() -> frozenset[str]:
    return frozenset(code for code in codes("vat-prefix") if code.isalpha())


def scheme(sheet: Sheet) -> Iterator[Found]:
    """The scheme of an electronic address or of a tax registration, where the value can only have one."""
    for part in sheet.parts.values():
        stated = part.attributes.get("schemeID", "").strip(BLANKS)
        if (part.above, part.name) in _ADDRESSES and not stated and part.text.strip(BLANKS):
            yield _address(part)
        elif (part.above, part.name) == ("ram:SpecifiedTaxRegistration", "ram:ID") and stated in ("", "VAT"):
            yield _registration(part)


def _address(part: Part) -> Found:
    value = part.text.strip(BLANKS)
    if _MAIL.fullmatch(value):
        return attribute_change(part, "schemeID", "EM", "e-mail address")
    if _LEITWEG.fullmatch(value) and mod_97_10.is_valid(value.replace("-", "").upper()):
        return attribute_change(part, "schemeID", "0204", "Leitweg-ID")
    return left_alone(part, part.text, ADDRESS_DOUBT)


def _registration(part: Part) -> Found:
    if is_vat_number(part.text.strip(BLANKS)):
        return attribute_change(part, "schemeID", "VA", "VAT number")
    return left_alone(part, part.text, TAX_DOUBT)


# ------------------------------------------------------------------------------ specification and process


def specification(sheet: Sheet) -> Iterator[Found]:
    """The specification identifier (BT-24) in the spelling of its publisher."""
    part = _specification(sheet)
    if part is None:
        return
    bare = part.text.strip(BLANKS)
    same = [row for row in profiles.PROFILES if row.key and bare.lower() in _spellings(row)]
    if len(same) == 1 and same[0].identifier != part.text:
        yield text_change(part, same[0].identifier, "specification")


def _spellings(row: Profile) -> set[str]:
    return {spelling.lower() for spelling in (row.identifier, *row.aliases)}


def process(sheet: Sheet) -> Iterator[Found]:
    """The business process (BT-23), where it is not stated and the specification has only one."""
    row = profiles.find(sheet.document.specification_identifier)
    if row is None or row.process is None or re.fullmatch(row.process.accepted, _NO_PROCESS):
        return
    if sheet.document.business_process is None:
        yield from _process(sheet, row.process.default)


def _process(sheet: Sheet, value: str) -> Iterator[Found]:
    """State the process: in the element that stands there empty, or in a new one."""
    name = "ram:ID" if sheet.is_cii else "cbc:ProfileID"
    empty = [
        part for part in sheet.parts.values() if part.name == name and part.above in (_PROCESS, "Invoice", "CreditNote")
    ]
    if empty:
        yield text_change(empty[0], value, "process")
        return
    holder = _holder(sheet, "rsm:ExchangedDocumentContext") if sheet.is_cii else next(iter(sheet.parts.values()))
    if holder is None:
        return
    fragment = Fragment(_PROCESS, children=(Fragment(name, value),)) if sheet.is_cii else Fragment(name, value)
    yield added(sheet, holder, fragment, value, ("BT-23",), "process")


def _specification(sheet: Sheet) -> Part | None:
    above = "ram:GuidelineSpecifiedDocumentContextParameter"
    if sheet.is_cii:
        return next((part for part in sheet.parts.values() if (part.above, part.name) == (above, "ram:ID")), None)
    return _holder(sheet, "cbc:CustomizationID")


def _holder(sheet: Sheet, name: str) -> Part | None:
    return next((part for part in sheet.parts.values() if part.name == name), None)


def added(
    sheet: Sheet, holder: Part, fragment: Fragment, value: str, terms: tuple[str, ...], subject: str
) -> Suggestion:
    """The suggestion to add an element at its place.

    Args:
        sheet: the document.
        holder: the element that it is added to.
        fragment: the element.
        value: what it says.
        terms: the terms that it states.
        subject: see :class:`Suggestion`.
    """
    name, inner = fragment.name, fragment
    while inner.children:
        inner = inner.children[0]
        name += f"/{inner.name}"
    change = Change(location=f"{holder.path}/{name}", line=holder.line, terms=terms, before=None, after=value)
    edit = Insert(holder.number, sheet.place_for(holder, fragment.name), fragment)
    return Suggestion(subject=subject, edits=(edit,), changes=(change,))
