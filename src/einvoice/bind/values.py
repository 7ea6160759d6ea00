# SPDX-License-Identifier: Apache-2.0
"""Texts of a document as values of the model, and back.

Numbers are ``xs:decimal``: white space around, an optional sign, ASCII digits, ``5.`` and ``.5`` allowed, at most 40
digits. Dates are ``xs:date`` in UBL and ``YYYYMMDD`` (format 102) in CII. A text that its type cannot hold gives
``None``; the reader remarks it as malformed and goes on.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from einvoice.model.decimals import decimal_of

if TYPE_CHECKING:
    from decimal import Decimal

MOST_DIGITS = 40
WHITE = " \t\r\n"
"""White space as XML knows it; a no-break space is none."""

_NUMBER = re.compile(r"[ \t\r\n]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))[ \t\r\n]*", re.ASCII)
_DATE = re.compile(r"[ \t\r\n]*([0-9]{4})-([0-9]{2})-([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?[ \t\r\n]*", re.ASCII)
_DATE_102 = re.compile(r"[ \t\r\n]*([0-9]{4})([0-9]{2})([0-9]{2})[ \t\r\n]*", re.ASCII)


@lru_cache(maxsize=8192)
def read_decimal(text: str) -> Decimal | None:
    """Read a number as ``xs:decimal`` defines it (XML Schema Part 2, 3.2.3).

    Args:
        text: the text of the element.
    """
    match = _NUMBER.fullmatch(text)
    if match is None or len(match[1]) > MOST_DIGITS + 2:
        return None
    number = decimal_of(match[1])
    return number if len(number.as_tuple().digits) <= MOST_DIGITS else None


@lru_cache(maxsize=8192)
def plain_decimal(text: str) -> Decimal | None:
    """Read a number that is written as :func:`write_decimal` writes it; nothing for another spelling of it.

    Args:
        text: the text of the element.
    """
    number = read_decimal(text)
    return number if number is not None and write_decimal(number) == text else None


def write_decimal(number: Decimal) -> str:
    """Write a number without an exponent, its trailing zeros kept.

    Args:
        number: a finite number.
    """
    text = str(number)
    return format(number, "f") if "E" in text else text


@lru_cache(maxsize=2048)
def read_date(text: str) -> date | None:
    """Read a day as ``xs:date`` defines it; a time zone does not change the day.

    Args:
        text: the text of the element, ``YYYY-MM-DD``.
    """
    return _day(_DATE.fullmatch(text))


@lru_cache(maxsize=2048)
def read_date_102(text: str) -> date | None:
    """Read a day as UNTDID 2379 code 102 writes it.

    Args:
        text: the text of the element, ``YYYYMMDD``.
    """
    return _day(_DATE_102.fullmatch(text))


def _day(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def write_date_102(day: date) -> str:
    """Write a day as UNTDID 2379 code 102 wants it, ``YYYYMMDD``."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


def read_bytes(text: str) -> bytes | None:
    """Read ``xs:base64Binary``; white space within is allowed.

    Args:
        text: the text of the element.
    """
    try:
        return b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def write_bytes(content: bytes) -> str:
    """Write bytes as ``xs:base64Binary``, in one line."""
    return b64encode(content).decode("ascii")


# BT-8: UBL writes UNTDID 2005 codes, CII UNTDID 2475 codes (CEN/TS 16931-3-2 and -3-3). The model holds the former.
TIMING_READ = {"5": "3", "29": "35", "72": "432"}
TIMING_WRITE = {there: here for here, there in TIMING_READ.items()}
