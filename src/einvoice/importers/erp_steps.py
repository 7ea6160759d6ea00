# SPDX-License-Identifier: Apache-2.0
"""The named steps for what ERP systems and their programming interfaces do to texts, amounts and dates."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import TYPE_CHECKING, Final

from stdnum import iban as _iban

from einvoice.codes.currencies import currency_decimals
from einvoice.errors import MappingError
from einvoice.importers.transforms import Locale, Step, decimal, named_step
from einvoice.importers.wording import shown

if TYPE_CHECKING:
    from decimal import Decimal

MAX_TEXT: Final = 100_000
STRIPE: Final = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Currencies that Stripe counts otherwise than ISO 4217: stripe.com/docs/currencies, special cases."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MS: Final = re.compile(r"/Date\((-?[0-9]{1,15})(?:([+-])([0-9]{2})([0-9]{2}))?\)/")
_BREAK: Final = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[A-Za-z!][^<>]{0,2000}>")
_CITY: Final = re.compile(
    r"(?:[A-Z]{1,3}-)?(?P<code>[0-9]{3} [0-9]{2}|[0-9]{4} [A-Z]{2}|[0-9]{4,6}|[0-9]{2}-[0-9]{3}) +(?P<city>.+)"
)
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}")


# ------------------------------------------------------------------------------------------------- text to text


@named_step("text", "text")
def nohtml(_locale: Locale) -> Step:
    """Without the tags of HTML: paragraphs and `<br>` become line breaks, `&amp;` becomes `&`."""
    return _plain


@named_step("text", "text")
def first_line(_locale: Locale) -> Step:
    """The first line of several."""
    return lambda value: next((line.strip() for line in value.splitlines() if line.strip()), "")


@named_step("text", "text")
def further_lines(_locale: Locale) -> Step:
    """What comes after the first line; nothing if there is only one."""
    return lambda value: "\n".join([line.strip() for line in value.splitlines() if line.strip()][1:])


@named_step("text", "text")
def vat_id(_locale: Locale) -> Step:
    """A VAT identifier without spaces, dots and dashes, in capitals: `de 123 456 789` becomes `DE123456789`."""
    return lambda value: re.sub(r"[\s.\-/]", "", value).upper()


@named_step("text", "text")
def iban(_locale: Locale) -> Step:
    """The IBAN that a text begins with: `DE02 1203 0000 0000 2020 51 - DKB` becomes `DE02120300000000202051`."""

    def step(value: str) -> str:
        found = _IBAN.match(value.strip().upper())
        made = re.sub(r"\s", "", found.group()) if found else ""
        while made and not _iban.is_valid(made):
            made = made[:-1] if len(made) > 15 else ""  # noqa: PLR2004 - the shortest IBAN (Norway)
        if not made:
            raise MappingError(
                f"{shown(value)} does not begin with an IBAN whose length and check digits are right", code="TEXT"
            )
        return made

    return step


@named_step("text", "text")
def address_street(_locale: Locale) -> Step:
    """Of an address in one text: its lines above that of the city, joined by a comma."""
    return lambda value: ", ".join(_address(value)[0])


@named_step("text", "text")
def address_post_code(_locale: Locale) -> Step:
    """Of an address in one text: the post code of the line `10115 Berlin`."""
    return lambda value: _address(value)[1]


@named_step("text", "text")
def address_city(_locale: Locale) -> Step:
    """Of an address in one text: the city of the line `10115 Berlin`."""
    return lambda value: _address(value)[2]


@named_step("text", "text")
def address_country(_locale: Locale) -> Step:
    """Of an address in one text: its last line, below that of the city."""
    return lambda value: _address(value)[3]


# --------------------------------------------------------------------------------------------- text to number


@named_step("text", "number")
def cents(locale: Locale) -> Step:
    """An amount in the smallest unit of the invoice's currency (ISO 4217): `11900` is 119.00 EUR, and 11900 JPY."""
    return decimal(locale)


@named_step("text", "number")
def stripe_cents(locale: Locale) -> Step:
    """The same as Stripe counts: as `cents`, but ISK and UGX in hundredths and MGA in whole units."""
    return decimal(locale)


MINOR: Final = frozenset({"cents", "stripe_cents"})
"""The steps whose result is scaled by the currency of the invoice, which is known only when the invoice is built."""


def scaled(value: Decimal, currency: str | None, step: str) -> Decimal:
    """An amount in the smallest unit of a currency, in its unit.

    Args:
        value: the amount.
        currency: the currency of the invoice (BT-5).
        step: ``cents`` or ``stripe_cents``.

    Raises:
        MappingError: the currency is not known.
    """
    if not currency:
        raise MappingError("an amount in the smallest unit means nothing without the currency (BT-5)", code="NUMBER")
    decimals = (
        STRIPE.get(currency, currency_decimals(currency)) if step == "stripe_cents" else currency_decimals(currency)
    )
    return value.scaleb(-decimals)


# ----------------------------------------------------------------------------------------------- text to date


@named_step("text", "date")
def unix(_locale: Locale) -> Step:
    """The day (UTC) of a time in seconds since 1970: `1737738363` becomes 2025-01-24."""

    def step(value: str) -> dt.date:
        if not re.fullmatch(r"[0-9]{1,11}", value):
            raise MappingError(f"{shown(value)} is not a time in seconds since 1970", code="DATE")
        return (_EPOCH + dt.timedelta(seconds=int(value))).date()

    return step


@named_step("text", "date")
def msdate(_locale: Locale) -> Step:
    """The day of a date as older Microsoft interfaces write it: `/Date(1551916800000+0000)/` becomes 2019-03-07."""

    def step(value: str) -> dt.date:
        found = _MS.fullmatch(value)
        if found is None:
            raise MappingError(f"{shown(value)} is not a date such as /Date(1551916800000+0000)/", code="DATE")
        minutes = int(found[3] or 0) * 60 + int(found[4] or 0)
        offset = dt.timedelta(minutes=-minutes if found[2] == "-" else minutes)
        try:
            return (_EPOCH + dt.timedelta(milliseconds=int(found[1])) + offset).date()
        except OverflowError:
            raise MappingError(f"{shown(value)} is not a day of the calendar", code="DATE") from None

    return step


@named_step("text", "date")
def day(_locale: Locale) -> Step:
    """The day of a time in ISO 8601 or in the form of `msdate`: `2019-03-07T00:00:00Z` becomes 2019-03-07."""
    from_ms = msdate(_locale)

    def step(value: str) -> dt.date:
        if value.startswith("/Date("):
            made: dt.date = from_ms(value)
            return made
        found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T][0-9:.]{5,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?", value)
        try:
            return dt.date.fromisoformat(found[1] if found else "")
        except ValueError:
            raise MappingError(f"{shown(value)} is not a day such as 2026-01-31T10:00:00", code="DATE") from None

    return step


# ---------------------------------------------------------------------------------------------------- details


def _plain(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise MappingError(f"a text of more than {MAX_TEXT} characters", code="TEXT")
    text = _TAG.sub("", _BREAK.sub("\n", value))
    lines = [" ".join(line.split()) for line in html.unescape(text).splitlines()]
    return "\n".join(line for line in lines if line)


def _address(value: str) -> tuple[list[str], str, str, str]:
    """The parts of an address: the lines above the city, the post code, the city, the country."""
    lines = [line.strip(" ,") for line in _plain(value).splitlines() if line.strip(" ,")]
    places = [at for at, line in enumerate(lines) if _CITY.fullmatch(line)]
    if len(places) != 1 or places[0] < len(lines) - 2:
        raise MappingError(
            f"{shown(value)} cannot be split: one line of it, the last or the one before the country, has to be such as"
            " '10115 Berlin'",
            code="TEXT",
        )
    at = places[0]
    found = _CITY.fullmatch(lines[at])
    assert found is not None  # noqa: S101 - just matched
    return lines[:at], found["code"], found["city"], "".join(lines[at + 1 :])
