# SPDX-License-Identifier: Apache-2.0
"""Numbers, days and truth values as people write them, turned into what the schemas take, where there is one reading.

``1.234`` is a number already, and stays; ``1,234`` is one thousand or one and a bit, and stays too. ``03.04.2026`` is a
day in April or in March; ``31.03.2026`` can only be one day.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

BLANKS: Final = " \t\r\n\u00a0\u2007\u202f\u2009\u200b\ufeff\u3000"
"""White space, blanks that do not break, and characters that nobody sees."""

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_CURRENCY: Final = re.compile(
    rf"(?:(?P<left>[A-Z]{{3}}|[€£])[{BLANKS}]*)?(?P<number>[-+0-9].*?)(?:[{BLANKS}]*(?P<right>[A-Z]{{3}}|[€£]))?"
)
_SYMBOLS: Final = {"€": "EUR", "£": "GBP"}
_GROUP: Final = "[ \u00a0\u202f\u2009'\u2019]"
_FORMS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(rf"[+-]?[0-9]{{1,3}}(?:{_GROUP}[0-9]{{3}})+(?:\.[0-9]+)?"), ""),
    (re.compile(rf"[+-]?[0-9]{{1,3}}(?:{_GROUP}[0-9]{{3}})+,[0-9]+"), ","),
    (re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+"), ","),
    (re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"), "."),
    (re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}"), "no point"),
    (re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}"), "."),
    (re.compile(r"[+-]?(?:0|[0-9]{4,}),[0-9]+"), ","),
    (re.compile(r"[+-]?[0-9]{1,3},(?:[0-9]{1,2}|[0-9]{4,})"), ","),
)
"""How a number may be written, and which sign stands before its decimals."""
_EITHER: Final = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")

_ISO: Final = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})")
_MIDNIGHT: Final = re.compile(r"T00:00(?::00(?:\.0+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_SHORT: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_YEARS: Final = range(1900, 2200)

_TRUTH: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}

Doubt = Literal["ambiguous"]


def is_number(text: str) -> bool:
    """Whether a text is a number as ``xs:decimal`` writes it, white space around included.

    Args:
        text: the text of an element.
    """
    return _NUMBER.fullmatch(text.strip(" \t\r\n")) is not None


def number(text: str, currencies: tuple[str, ...] = (), *, percent: bool = False) -> str | Doubt | None:
    """The number that a text can only mean.

    Args:
        text: such as ``1.234,56`` or ``12.00 EUR``.
        currencies: the codes that may stand beside it, since the document states them.
        percent: whether a percent sign may stand behind it.

    Returns:
        The number as the schemas write it; ``ambiguous`` if there are two readings, ``None`` if there is none.
    """
    bare = _without_unit(text.strip(BLANKS), currencies, percent=percent)
    if bare is None:
        return None
    if _NUMBER.fullmatch(bare):
        return bare
    if _EITHER.fullmatch(bare):
        return "ambiguous"
    for form, point in _FORMS:
        if form.fullmatch(bare):
            return _written(bare, point)
    return None


def _without_unit(text: str, currencies: tuple[str, ...], *, percent: bool) -> str | None:
    if percent and text.endswith("%"):
        return text[:-1].rstrip(BLANKS)
    match = _CURRENCY.fullmatch(text)
    if match is None:
        return text
    stated = [_SYMBOLS.get(code, code) for code in (match["left"], match["right"]) if code]
    return match["number"] if all(code in currencies for code in stated) else None


def _written(text: str, point: str) -> str:
    kept = re.sub(_GROUP, "", text)
    if point == ",":
        return kept.replace(".", "").replace(",", ".")
    if point == ".":
        return kept.replace(",", "")
    return kept.replace(".", "") if point else kept


def day(text: str) -> date | Doubt | None:
    """The day that a text can only mean.

    Args:
        text: such as ``2026-03-31T00:00:00``, ``20260331`` or ``31.03.2026``.

    Returns:
        The day; ``ambiguous`` if there are two readings, ``None`` if there is none.
    """
    bare = text.strip(BLANKS)
    head, _, time = bare.partition("T")
    if time and not _MIDNIGHT.fullmatch(f"T{time}"):
        return None
    match = _ISO.fullmatch(head)
    if match is not None and (found := _day(match[1], match[3], match[4])):
        return found
    match = _SHORT.fullmatch(bare)
    if match is None:
        return None
    readings = {_day(match[4], match[3], match[1]), _day(match[4], match[1], match[3])} - {None}
    return "ambiguous" if len(readings) > 1 else next(iter(readings), None)


def _day(year: str, month: str, number_of_day: str) -> date | None:
    if int(year) not in _YEARS:
        return None
    try:
        return date(int(year), int(month), int(number_of_day))
    except ValueError:
        return None


def truth(text: str) -> str | None:
    """``true`` or ``false`` for a text that says one of them in another way.

    Args:
        text: such as ``TRUE`` or ``0``.
    """
    return _TRUTH.get(text.strip(BLANKS).lower())
