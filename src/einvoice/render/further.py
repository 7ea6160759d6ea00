# SPDX-License-Identifier: Apache-2.0
"""Terms without a place of their own on the page: each is listed by its name, so that nothing is left out.

What an extension adds is shown here until somebody gives it a better place.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from einvoice.model import Attachment, Group, Identifier, fields_of
from einvoice.model.extensions import Party
from einvoice.render.parties import party_text
from einvoice.render.sheet import Pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.render.words import Words

_UNIT = "_unit_code"
_RATES = {"percentage", "vat_rate", "AppliedTax.rate", "LineTaxPart.rate"}
_AMOUNT_ENDINGS = ("amount", "total")
_CODES = {
    "category_code": "vat",
    "vat_category_code": "vat",
    "subject_code": "subject",
    "note_subject_code": "subject",
    "exemption_reason_code": "exemption",
    "vat_exemption_reason_code": "exemption",
}


def details(
    words: Words, group: Group | None, currency: str | None, leave: frozenset[str] = frozenset(), here: str = ""
) -> tuple[Pair, ...]:
    """What a group says: one pair for each value; a group within the group is one pair.

    A term that has no label yet is called by the English name that the model gives it.

    Args:
        words: the words of the language.
        group: a group of the model.
        currency: the currency of its amounts (ISO 4217).
        leave: fields that stand elsewhere on the page.
        here: where the group stands in the model.
    """
    if not group:
        return ()
    return tuple(
        Pair(label, text, tuple(f"{here}.{place}" if here else place for place in places))
        for label, text, *places in _values(words, group, currency, leave)
    )


def sentence(words: Words, group: Group | None, currency: str | None, leave: frozenset[str] = frozenset()) -> str:
    """The same in one run of text, for a place where there is no room for a list."""
    colon = words.page["colon"]
    return "; ".join(f"{pair.label}{colon}{pair.value}" for pair in details(words, group, currency, leave))


def _values(words: Words, group: Group, currency: str | None, leave: frozenset[str]) -> Iterator[tuple[str, ...]]:
    fields = fields_of(type(group))
    for name, info in fields.items():
        value = getattr(group, name)
        is_unit = name.endswith(_UNIT) and name.removesuffix(_UNIT) in fields
        if value is None or name in leave or (is_unit and getattr(group, name.removesuffix(_UNIT)) is not None):
            continue
        for index, one in enumerate(value if info.repeats else (value,)):
            text = _text(words, group, name, one, currency)
            if text:
                place = f"{name}[{index}]" if info.repeats else name
                unit = (f"{name}{_UNIT}",) if f"{name}{_UNIT}" in fields else ()
                yield words.term(type(group).__name__, name) or info.title, text, place, *unit


def _text(words: Words, group: Group, name: str, value: object, currency: str | None) -> str:
    if isinstance(value, Group):
        return party_text(words, value) if isinstance(value, Party) else sentence(words, value, currency)
    if isinstance(value, Decimal):
        return _number(words, group, name, value, currency)
    if isinstance(value, date):
        return words.date(value)
    if isinstance(value, Identifier):
        return words.identifier(value)
    if isinstance(value, Attachment):
        return attachment_text(words, value)
    return _code(words, name, str(value))


def _number(words: Words, group: Group, name: str, value: Decimal, currency: str | None) -> str:
    unit = getattr(group, f"{name}{_UNIT}", None)
    if unit:
        return words.quantity(value, unit)
    if name in _RATES or f"{type(group).__name__}.{name}" in _RATES:
        return words.percent(value)
    return words.money(value, currency) if name.endswith(_AMOUNT_ENDINGS) else words.number(value)


def _code(words: Words, name: str, value: str) -> str:
    if name.endswith("country_code"):
        return words.country(value)
    if name.endswith(_UNIT):
        return words.unit(value)
    if _CODES.get(name) == "exemption":
        return words.exemption(value) or value
    return words.code(_CODES[name], value) if name in _CODES else value


def attachment_text(words: Words, attachment: Attachment | None) -> str:
    """The file name, type and size of an attached document (BT-125)."""
    if attachment is None:
        return ""
    size = words.phrase("bytes", number=words.number(Decimal(len(attachment.content)))) if attachment.content else ""
    return ", ".join(part for part in (attachment.filename, attachment.mime_code, size) if part)
