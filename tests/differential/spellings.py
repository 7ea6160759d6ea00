# SPDX-License-Identifier: Apache-2.0
"""Texts by chance: codes that are right and nearly right, numbers and dates in every spelling that a schema allows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from einvoice.codes import codes, editions
from tests.differential.values import CATEGORIES, LISTS, RATES, number_in, spoiled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_NUMBERS: Final = ("0", "1", "100", "100.00", "19", "19.00", "-1", "0.005", "1.005", "-0.0", "+1", ".5", "007", " 2 ")
_ODD_NUMBERS: Final = (
    "5.",
    "-.0",
    "+.5",
    "-0",
    "+0.00",
    "00.10",
    "\n1.00\t",
    "1.000",
    "1.0000000000",
    "-0.001",
    "0.4999",
)
_LONG: Final = (
    "123456789012345678901234567890",
    "0.1234567890123456789",
    "99999999999999999999.99",
    "1.00000000000000000000000000000000000000000000000001",
    "0." + "0" * 45 + "1",
    "1" + "0" * 45,
    "1" + "0" * 45 + ".01",
)
_DAYS: Final = (
    "2026-01-01",
    "2026-01-31",
    "2025-12-31Z",
    "2026-01-01+14:00",
    "2026-02-01-14:00",
    "-0001-01-01",
    "12026-01-01",
    " 2026-02-01",
    "2024-02-29",
    "2026-01-31\n",
)
_DAYS_102: Final = (
    "20260131",
    "20260230",
    "2026013",
    "202601",
    "2026-01-31",
    " 20260201\n",
    "00000000",
    "20240229",
    "1",
    "",
)
_FORMATS: Final = ("102", "102", "203", "610", "616", " 102", "")
"""Codes of UNTDID 2379 for how a date is written; CII states one with each."""
_TEXTS: Final = ("", " ", "\u00a0", "x", "130", "VAT", "EUR", "DE", "S", "B", "IT", "#AAA#", "30", "58", "0", "a b")
_TYPED: Final[dict[str, tuple[str, ...]]] = {
    "decimal": (*_NUMBERS, *RATES[:-1]),
    "date": _DAYS,
    "boolean": ("true", "false", "0", "1", " true ", "\n0", "1 "),
    "time": ("10:00:00", "10:00:00Z"),
    "dateTime": ("2026-01-01T10:00:00", "2026-01-31T24:00:00", "2026-01-01T10:00:00.5-14:00"),
    "base64Binary": ("YQ==", ""),
    "language": ("en",),
    "anyURI": ("urn:x", ""),
}
_WRONG: Final = ("", "1E2", "1e-2", "NaN", "INF", "1,5", "1 0", "-", "2026-02-30", "20260131", "TRUE", "yes", "\u0661")
"""Texts that the schema refuses where a number, a day or a truth value has to stand."""
_MIXED: Final = 0.08
_CODED: Final = 0.25
_KINDS: Final = (
    (("ID",), 2 * _MIXED, CATEGORIES),
    (("format",), _MIXED, _FORMATS),
    (("DateTimeString", "DateString"), _MIXED, _DAYS_102),
)
"""Names, how often one of some texts stands there, and these texts."""


def text_by_chance(chance: Random, odd: float, name: str, base: str, known: Sequence[str]) -> str:
    """A text that the schema allows.

    Args:
        chance: where it comes from.
        odd: how often it is an odd one.
        name: the element, or ``element@attribute``.
        base: the type of XML Schema.
        known: what sound documents say there.
    """
    if base == "decimal":
        return _number(chance, odd, known)
    if base in _TYPED:
        return chance.choice(known if known and chance.random() > odd * 3 else _TYPED[base])
    listed = _listed(chance, odd, name)
    if listed is not None:
        return listed
    if known and chance.random() > odd:
        return chance.choice(known)
    text = chance.choice((*known, *_TEXTS))
    return chance.choice((text, f" {text}", f"{text}\n", text.lower(), text.upper()))


def _listed(chance: Random, odd: float, name: str) -> str | None:
    """A text of those that are of interest in an element or attribute; often ``None``, or if none is."""
    last = name.rpartition("@")[2]
    for names, share, texts in _KINDS:
        if last in names and chance.random() < share:
            return chance.choice(texts)
    return _code(chance, odd, name) if chance.random() < _CODED else None


def wrong_by_chance(chance: Random) -> str:
    """A text that nobody expects there, and that the schema refuses in most of the elements that it knows.

    Args:
        chance: where it comes from.
    """
    return chance.choice((*_WRONG, *_TEXTS, *_ODD_NUMBERS, *_LONG, *_DAYS))


def _number(chance: Random, odd: float, known: Sequence[str]) -> str:
    if chance.random() < odd / 4:
        return chance.choice(_LONG)
    text = chance.choice(known if known and chance.random() > odd * 3 else (*_TYPED["decimal"], *_ODD_NUMBERS))
    return _spelled(chance, text) if chance.random() < odd else text


def _spelled(chance: Random, text: str) -> str:
    """The same number in other signs."""
    plain = text.strip()
    sign, digits = (plain[:1], plain[1:]) if plain[:1] in ("+", "-") else ("", plain)
    whole = digits if "." in digits else f"{digits}."
    bare = digits.rstrip("0").rstrip(".") if "." in digits else digits
    spellings = (
        f"{sign or '+'}{digits}",
        f" {plain} ",
        f"\n\t{plain}",
        f"{sign}00{digits}",
        f"{sign}{whole}0",
        f"{sign}{whole}{'0' * 50}",
        f"{sign}{'0' * 50}{digits}",
        f"{sign}{bare or '0'}",
        f"{sign}{digits.removeprefix('0') if digits.startswith('0.') and digits != '0.' else digits}",
        f"{sign}{whole}",
    )
    return chance.choice(spellings) if number_in(plain) is not None else text


def _code(chance: Random, odd: float, name: str) -> str | None:
    """A code of the list of an element or attribute, or nearly one; ``None`` if it has no list."""
    last = name.rpartition("@")[2]
    which = LISTS.get(name) or LISTS.get(last)
    if which is None and not last.endswith("Code"):
        return None
    code = chance.choice(_ever(which or chance.choice(sorted(LISTS.values()))))
    return chance.choice(spoiled(code)) if chance.random() < max(odd, _MIXED) else code


@cache
def _ever(which: str) -> tuple[str, ...]:
    """The codes that any edition of a list has."""
    return tuple(sorted(codes(which).union(*(codes(which, edition=one) for one in editions()))))
