# SPDX-License-Identifier: Apache-2.0
"""The dates on a page, in figures and in words of six languages, and which of them are a day to pay by."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

_CENTURY: Final = 2000
_YEAR: Final = 1000
_MONTHS: Final = (
    "january januar jänner jaenner janvier januari gennaio enero jan janv gen ene",
    "february februar février fevrier februari febbraio febrero feb févr fevr",
    "march märz maerz mars maart marzo mar mär mrt",
    "april avril aprile abril apr avr abr",
    "may mai mei maggio mayo mag",
    "june juni juin giugno junio jun giu",
    "july juli juillet luglio julio jul juil lug",
    "august août aout augustus agosto aug ago",
    "september septembre settembre septiembre sep sept set",
    "october oktober octobre ottobre octubre okt oct ott",
    "november novembre noviembre nov",
    "december dezember décembre decembre dicembre diciembre dec dez déc dic",
)
_MONTH: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES: Final = "|".join(sorted(_MONTH, key=len, reverse=True))
_BETWEEN: Final = r"(?:[\s.,]|de){0,6}"
_DAY: Final = r"(\d{1,2})(?:er|st|nd|rd|th|º)?"
_DATE: Final = re.compile(
    r"(?<!\d)(?:"
    r"(\d{1,4})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{2,4})"
    rf"|{_DAY}{_BETWEEN}-?({_NAMES})\.?-?{_BETWEEN}(\d{{4}}|\d\d(?![.,]\d))"
    rf"|(?<![^\W\d_])({_NAMES})\.?{_BETWEEN}{_DAY}{_BETWEEN}(\d{{4}}|\d\d(?![.,]\d))"
    r")(?!\d)",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"(?<!über)fällig|zahlbar (?:bis|spätestens|am)|zu zahlen bis|zahlen sie (?:bitte )?bis|zahlungsziel|zahlungsfrist"
    r"|(?<!amount )(?<!balance )(?<!total )\bdue\b|\bdue (?:date|by|on)|\bpayable by|please pay by"
    r"|échéance|echeance|(?:payer|payable|règlement|régler) avant le"
    r"|vervaldatum|vervaldag|(?:betalen|voldoen) (?:voor|vóór)|uiterste betaaldatum"
    r"|scadenza|(?:pagare|pagamento) entro|vencimiento|(?:pagar|pagadero) (?:antes del|hasta)",
    re.IGNORECASE,
)
_BESIDE: Final = re.compile(r"(?!.*[.;!?]\s)(?:[^\d\n]{0,40}|[^\d\n]{0,25}\n\s{0,9})\Z")
_WITHIN: Final = 100  # characters between two dates of one sentence
_ENDS: Final = re.compile(r"[.;!?]\s|\n\s*[^\W\d_a-zà-öø-ÿ]|\n\s*\n")
_TERMS: Final = re.compile(
    r"skonto|netto|\bnet\b|discount|escompte|sconto|descuento|korting|abzug|abzüglich", re.IGNORECASE
)


class Written(Struct, frozen=True):
    """A date as a page writes it.

    Attributes:
        text: as it stands there.
        days: the days that it may mean: 05/01/2026 is one in Paris and another in Boston.
        start: where it begins in the text.
        end: where it ends.
    """

    text: str
    days: frozenset[date]
    start: int
    end: int


def dates(text: str) -> list[Written]:
    """Every date of a text, in the order of the text.

    Args:
        text: the text of a page.
    """
    found = (Written(" ".join(one[0].split()), _days(one), *one.span()) for one in _DATE.finditer(text))
    return [one for one in found if one.days]


def days_to_pay(text: str) -> list[Written]:
    """The dates that a page names as a day to pay by: those of one sentence with a word for it, or below it.

    A sentence may name several: one with a discount, and one without.

    Args:
        text: the text of a page.
    """
    written = dates(text)
    found: dict[int, Written] = {}
    position = 0
    for label in _LABEL.finditer(text):
        while position < len(written) and written[position].start < label.end():
            position += 1
        found |= {one.start: one for one in _sentence(text, label.end(), written, position)}
    return list(found.values())


def _sentence(text: str, start: int, written: list[Written], position: int) -> Iterator[Written]:
    """The dates that follow a word for the day to pay by, until the sentence ends."""
    first = True
    for one in written[position : position + 6]:
        gap = text[start : one.start] if one.start - start <= _WITHIN else "\n\n"
        follows = _BESIDE.match(gap) if first else not _ENDS.search(gap) or _TERMS.search(gap)
        if not follows:
            return
        yield one
        first, start = False, one.end


def _days(found: re.Match[str]) -> frozenset[date]:
    first, second, third, day, name, year, other_name, other_day, other_year = found.groups()
    if first is None:
        month = _MONTH[(name or other_name).casefold()]
        return frozenset(_valid([(int(year or other_year), month, int(day or other_day))]))
    if len(first) == len("2026"):
        return frozenset(_valid([(int(first), int(second), int(third))]))
    year, day, month = int(third), int(first), int(second)
    return frozenset(_valid([(year, month, day), (year, day, month)]))


def _valid(parts: list[tuple[int, int, int]]) -> Iterator[date]:
    for year, month, day in parts:
        try:
            yield date(year if year >= _YEAR else year + _CENTURY, month, day)
        except ValueError:
            continue
