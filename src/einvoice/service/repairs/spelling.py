# SPDX-License-Identifier: Apache-2.0
"""Values that mean the right thing and are spelled in another way than the syntaxes and code lists write it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from stdnum import iban

from einvoice.bind.coded import codes_at
from einvoice.bind.edits import Write
from einvoice.bind.values import read_date
from einvoice.service.repairs.identifiers import is_vat_number
from einvoice.service.repairs.notations import BLANKS, day, is_number, number, truth
from einvoice.service.repairs.sheet import Change, LeftAlone, Suggestion, attribute_change, left_alone, text_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.bind.parts import Part
    from einvoice.service.repairs.sheet import Sheet

Found = Suggestion | LeftAlone

_ACCOUNTS: Final = {
    ("cac:PayeeFinancialAccount", "cbc:ID"),
    ("cac:PayerFinancialAccount", "cbc:ID"),
    ("ram:PayeePartyCreditorFinancialAccount", "ram:IBANID"),
    ("ram:PayerPartyDebtorFinancialAccount", "ram:IBANID"),
}
_VAT_NUMBERS: Final = {("cac:PartyTaxScheme", "cbc:CompanyID"), ("ram:SpecifiedTaxRegistration", "ram:ID")}
_DAYS: Final = {"udt:DateTimeString", "udt:DateString", "qdt:DateTimeString"}
_PERCENT: Final = ("Percent", "MultiplierFactorNumeric")
_IDENTIFIERS: Final = ("IdentifierType", "IDType", "CodeType")

NUMBER_DOUBT: Final = "it can be read as a thousand or as a fraction; einvoice does not choose"
DAY_DOUBT: Final = "day and month can be read in two ways; einvoice does not choose"


def code_case(sheet: Sheet) -> Iterator[Found]:
    """Codes in the letters that their list writes; VAT numbers in capitals."""
    for part, attribute, value in _values(sheet):
        code = _listed(sheet, part, attribute, value)
        if code is not None and code != value.strip(BLANKS):
            yield _written(part, attribute, code, f"{value} {code}")
    for part in sheet.parts.values():
        upper = part.text.upper()
        if (part.above, part.name) in _VAT_NUMBERS and upper != part.text and is_vat_number(upper):
            yield text_change(part, upper, "VAT number")


def white_space(sheet: Sheet) -> Iterator[Found]:
    """Codes, identifiers, numbers, days and account numbers without blanks around them, or in an account number."""
    for part, attribute, value in _values(sheet):
        code = _listed(sheet, part, attribute, value)
        if code is not None and code == value.strip(BLANKS):
            yield _written(part, attribute, code, part.name)
    for part in sheet.parts.values():
        bare = _bare(part)
        if bare and bare != part.text:
            yield text_change(part, bare, part.name)


def _bare(part: Part) -> str | None:
    """A text without its needless blanks; nothing for a text in which blanks may mean something."""
    bare = part.text.strip(BLANKS)
    if (part.above, part.name) in _ACCOUNTS:
        account = "".join(bare.split())
        return account if iban.is_valid(account) else bare
    if part.content == "decimal":
        return bare if is_number(bare) and not is_number(part.text) else None
    if part.content == "date" or part.name in _DAYS or part.type.endswith(_IDENTIFIERS):
        return bare
    return None


def _values(sheet: Sheet) -> Iterator[tuple[Part, str, str]]:
    for part in sheet.parts.values():
        if part.text.strip(BLANKS):
            yield part, "", part.text
        for name, value in part.attributes.items():
            yield part, name, value


def _listed(sheet: Sheet, part: Part, attribute: str, value: str) -> str | None:
    """The one code of the list that differs in case and blanks only; nothing if the value is on the list."""
    known = codes_at(sheet.syntax, part.name, part.above, attribute)
    if not known or value in known:
        return None
    bare = value.strip(BLANKS)
    if bare in known:
        return bare
    found = _by_letters(known).get(bare.lower(), ())
    return found[0] if len(found) == 1 else None


@cache
def _by_letters(known: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The codes of a list by their letters, large or small."""
    found: dict[str, tuple[str, ...]] = {}
    for code in known:
        found[code.lower()] = (*found.get(code.lower(), ()), code)
    return found


def _written(part: Part, attribute: str, value: str, subject: str) -> Suggestion:
    if attribute:
        return attribute_change(part, attribute, value, subject)
    return text_change(part, value, subject)


def number_notation(sheet: Sheet) -> Iterator[Found]:
    """Numbers as people write them, where there is one reading."""
    for part in sheet.parts.values():
        if part.content != "decimal" or not part.text.strip(BLANKS) or is_number(part.text):
            continue
        currencies = (part.attributes.get("currencyID"), sheet.invoice.currency_code)
        found = number(part.text, tuple(code for code in currencies if code), percent=part.name.endswith(_PERCENT))
        if found == "ambiguous":
            yield left_alone(part, part.text, NUMBER_DOUBT)
        elif found is not None and found != part.text.strip(BLANKS):
            yield text_change(part, found, "numbers")


def date_form(sheet: Sheet) -> Iterator[Found]:
    """Days as the syntax writes them, where there is one reading; in CII with the code of that form."""
    for part in sheet.parts.values():
        if part.content == "date" and read_date(part.text) is None:
            yield from _day(part, "%Y-%m-%d")
        elif part.name in _DAYS and sheet.is_cii:
            yield from _day_102(part)


def _day(part: Part, form: str) -> Iterator[Found]:
    found = day(part.text)
    if found == "ambiguous":
        yield left_alone(part, part.text, DAY_DOUBT)
    elif isinstance(found, date) and found.strftime(form) != part.text.strip(BLANKS):
        yield text_change(part, found.strftime(form), "days")


def _day_102(part: Part) -> Iterator[Found]:
    """A day of CII: the text and the attribute that says its form go together."""
    form = part.attributes.get("format", "").strip(BLANKS)
    if form not in ("", "102"):
        return
    for found in _day(part, "%Y%m%d"):
        if isinstance(found, LeftAlone) or form == "102":
            yield found
        else:
            yield _with_form(found, part)
    text = part.text.strip(BLANKS)
    if not form and isinstance(known := day(text), date) and known.strftime("%Y%m%d") == text:
        yield attribute_change(part, "format", "102", "form")


def _with_form(found: Suggestion, part: Part) -> Suggestion:
    change = Change(location=f"{part.path}/@format", line=part.line, terms=part.terms, before=None, after="102")
    edits = (*found.edits, Write(part.number, "102", "format"))
    return Suggestion(subject=found.subject, edits=edits, changes=(*found.changes, change))


def truth_value(sheet: Sheet) -> Iterator[Found]:
    """``true`` and ``false`` as the schemas write them."""
    for part in sheet.parts.values():
        if part.content == "boolean" and part.text not in ("true", "false") and (found := truth(part.text)):
            yield text_change(part, found, "truth values")
