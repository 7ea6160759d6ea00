# SPDX-License-Identifier: Apache-2.0
"""How texts look that the French rules know: numbers, days, identifiers, and the codes of their lists.

Digits are those of any script, as the published expressions have them. Codes stand in ``lists.csv``.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

from einvoice.rules.xpath import WHITE, trimmed

SIREN: Final = 9
"""Digits of a SIREN, with which a SIRET begins."""
_SIREN: Final = re.compile(r"\d{9}")
_SIRET: Final = re.compile(r"\d{14}")
_INVOICE: Final = re.compile(r"[A-Za-z0-9+\-_/]+")
_PRIVATE: Final = re.compile(r"[A-Za-z0-9+\-_.]+")
_MONTH: Final = r"(0[1-9]|1[0-2])"
_DATE: Final = re.compile(rf"20(\d\d)-{_MONTH}-(0[1-9]|[12]\d|3[01])")
_DATE_102: Final = re.compile(rf"20(\d\d){_MONTH}(0[1-9]|[12]\d|3[01])")
_LENGTH_102: Final = 8
_DAYS: Final = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}
_FEBRUARY: Final = 2
_HEAD: Final = 2


class Form(Struct, frozen=True):
    """How a number is written.

    Attributes:
        pattern: its form.
        most: the signs that it has at most, the point not counted.
    """

    pattern: re.Pattern[str]
    most: int

    def fits(self, text: str) -> bool:
        """Whether a text is such a number.

        Args:
            text: the text, without white space around it.
        """
        return self.pattern.fullmatch(text) is not None and len(text) - text.count(".") <= self.most


AMOUNT: Final = Form(re.compile(r"-?\d{1,19}(\.\d{1,2})?"), 19)
QUANTITY: Final = Form(re.compile(r"-?\d{1,19}(\.\d{1,4})?"), 19)
PRICE: Final = Form(re.compile(r"\d{1,19}(\.\d{1,6})?"), 19)
SIGNED_PRICE: Final = Form(re.compile(r"-?\d{1,19}(\.\d{1,6})?"), 19)
RATE: Final = Form(re.compile(r"\d{1,4}(\.\d{1,2})?"), 4)


def is_siren(text: str) -> bool:
    """Whether a text is nine digits.

    Args:
        text: the text.
    """
    return _SIREN.fullmatch(text) is not None


def is_siret_of(text: str, siren: str) -> bool:
    """Whether a text is fourteen digits, the first of which are a SIREN.

    Args:
        text: the text.
        siren: the SIREN.
    """
    return _SIRET.fullmatch(text) is not None and text[:SIREN] == siren


def is_invoice_number(text: str) -> bool:
    """Whether a text is letters, digits and ``+ - _ /`` only; other white space than blanks may stand around them.

    Args:
        text: the text.
    """
    return " " not in text and _INVOICE.fullmatch(text.strip(WHITE)) is not None


def is_private(text: str) -> bool:
    """Whether a text is letters, digits and ``+ - _ .`` only.

    Args:
        text: the text.
    """
    return _PRIVATE.fullmatch(text) is not None


def is_day(text: str) -> bool:
    """Whether a text is a day between 2000 and 2099, as UBL writes it.

    Args:
        text: the text.
    """
    return _exists(_DATE.fullmatch(text))


def is_day_102(text: str) -> bool:
    """Whether a text begins with a day between 2000 and 2099, as CII writes it; what follows may be a time.

    Args:
        text: the text.
    """
    return _exists(_DATE_102.fullmatch(text[:_LENGTH_102]))


def _exists(match: re.Match[str] | None) -> bool:
    if match is None or not match[3].isascii():
        return False
    year, month, day = match[1], int(match[2]), int(match[3])
    leap = year.isascii() and int(year) % 4 == 0
    return day <= (29 if month == _FEBRUARY and leap else _DAYS.get(month, 31))


@cache
def codes(name: str) -> frozenset[str]:
    """The codes of a list.

    Args:
        name: its name in ``lists.csv``.
    """
    return frozenset(in_order(name))


@cache
def in_order(name: str) -> tuple[str, ...]:
    """The codes of a list, in the publisher's order.

    Args:
        name: its name in ``lists.csv``.
    """
    text = files(__package__).joinpath("lists.csv").read_text(encoding="utf-8")
    return tuple(code for one, code, _ in csv.reader(text.splitlines()[_HEAD:]) if one == name)


def between(text: str, sign: str) -> str:
    """What stands behind a sign in a text, up to the next ``#``; an empty text without the sign.

    Args:
        text: the text.
        sign: the sign, such as ``#BAR#``.
    """
    return text.partition(sign)[2].partition("#")[0]


def says(text: str) -> bool:
    """Whether a text is more than white space.

    Args:
        text: the text.
    """
    return trimmed(text) != ""
