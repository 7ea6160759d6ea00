# SPDX-License-Identifier: Apache-2.0
"""The words, numbers and dates of one language.

Words come from ``labels/<language>.toml``, one file a language; numbers, dates, plural forms and the names of
countries come from the Unicode CLDR by way of babel.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from einvoice.errors import MissingExtraError, UnknownNameError

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from einvoice.model import Identifier

NO_BREAK = "\u00a0"
MINUS = "\u2212"
# VATEX codes that name an article: of Directive 2006/112/EC, or of the French tax code (CGI).
_DIRECTIVE = re.compile(r"VATEX-EU-([0-9]{2,3})(?:-([0-9]+)?([A-Z]{1,2})?)?")
_FRENCH = re.compile(r"VATEX-FR-(?:CGI)?([0-9]{3})(SEXDECIES)?([A-Z]?)(?:-([0-9]+)(BIS)?)?")
_MOST_DIGITS = 40
_USUAL_DIGITS = 2


@cache
def languages() -> tuple[str, ...]:
    """The languages there are labels for, as ISO 639 codes."""
    folder = files("einvoice.render") / "labels"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def labels(language: str) -> dict[str, dict[str, Any]]:
    """The file of a language, loaded once, with the signs that all languages share; it needs no extra.

    Args:
        language: one of :func:`languages`.
    """
    folder = files("einvoice.render")
    found = tomllib.loads((folder / "labels" / f"{language}.toml").read_text(encoding="utf-8"))
    found["unit"] |= tomllib.loads((folder / "signs.toml").read_text(encoding="utf-8"))
    return found


@cache
def words(language: str) -> Words:
    """The words of a language, loaded once.

    Args:
        language: an ISO 639 code, such as ``de``.

    Raises:
        UnknownNameError: there are no labels for this language.
        MissingExtraError: babel is not installed.
    """
    if language not in languages():
        raise UnknownNameError(
            f"there are no labels for the language {language!r}; choose one of {', '.join(languages())}",
            code="UNKNOWN_LANGUAGE",
        )
    return Words(language)


class Words:
    """The words of one language. Immutable once made, so that threads can share it.

    Args:
        language: an ISO 639 code that ``labels/`` has a file for.
    """

    def __init__(self, language: str) -> None:
        try:
            from babel import Locale
            from babel.numbers import get_decimal_symbol, get_group_symbol
        except ImportError as error:
            raise MissingExtraError("pdf", "rendering an invoice") from error
        self.language = language
        self.labels = labels(language)
        self.page: dict[str, str] = self.labels["page"]
        self._locale = Locale.parse(self.labels["language"]["locale"])
        separators = {",": get_group_symbol(self._locale), ".": get_decimal_symbol(self._locale), "-": MINUS}
        self._separators = str.maketrans(separators)

    @property
    def region(self) -> str:
        """The ISO 3166 code of the locale, or an empty string."""
        return str(self._locale.territory or "")

    def phrase(self, key: str, **values: str) -> str:
        """A phrase with values in it.

        Args:
            key: its key in the section ``page``.
            values: what stands in its braces.
        """
        return self.page[key].format(**values)

    def code(self, codes: str, code: str | None) -> str:
        """A code in words, or the code itself where there are none.

        Args:
            codes: the section of the label file, such as ``means``.
            code: the code.
        """
        return str(self.labels[codes].get(code, code)) if code else ""

    def known(self, codes: str, code: str | None) -> str:
        """A code in words, or an empty string where there are none."""
        return str(self.labels[codes].get(code, "")) if code else ""

    def exemption(self, code: str | None) -> str:
        """Why no VAT is charged (VATEX code) in words: the usual ones by name, the others by their article of law."""
        if not code:
            return ""
        code = code.upper().replace("VATEX-FR-AE", "VATEX-EU-AE")
        known = self.known("exemption", code)
        directive, french = _DIRECTIVE.fullmatch(code), _FRENCH.fullmatch(code)
        if directive and not known:
            article, section, letter = directive.groups()
            parts = (article, f"({section})" if section else "", f"({letter.lower()})" if letter else "")
            return self.phrase("exempt_eu", article="".join(parts))
        if french and not known:
            article, latin, letter, number, bis = french.groups()
            latin, bis = (f" {word.lower()}" if word else "" for word in (latin, bis))
            named = (article, latin, f" {letter}" if letter else "", f"-{number}" if number else "", bis)
            return self.phrase("exempt_fr", article="".join(named))
        return known

    def country(self, code: str | None) -> str:
        """The name of a country, or its code where there is none (ISO 3166-1, as CLDR names it)."""
        return (self.known("country", code) or str(self._locale.territories.get(code, code))) if code else ""

    def date(self, day: dt.date | None) -> str:
        """A day as people write it."""
        from babel.dates import format_date

        return format_date(day, "medium", locale=self._locale).replace(" ", NO_BREAK) if day else ""

    def period(self, start: dt.date | None, end: dt.date | None) -> str:
        """A period, open on either side."""
        if start and end:
            return self.phrase("period_both", start=self.date(start), end=self.date(end))
        if start:
            return self.phrase("period_from", start=self.date(start))
        return self.phrase("period_to", end=self.date(end)) if end else ""

    def number(self, value: Decimal | None, least: int = 0) -> str:
        """A number with all the digits it states; trailing zeros only up to the least number of decimals.

        Args:
            value: the number.
            least: how many decimals are shown at least.
        """
        if value is None:
            return ""
        if not value.is_finite() or (value and abs(value.adjusted()) > _MOST_DIGITS):
            return str(value)
        whole, _, decimals = f"{value or abs(value):,f}".partition(".")
        decimals = decimals.rstrip("0").ljust(least, "0")
        return (f"{whole}.{decimals}" if decimals else whole).translate(self._separators)

    def amount(self, value: Decimal | None, currency: str | None) -> str:
        """An amount without its currency, with at least the decimals that the currency has (ISO 4217)."""
        return self.number(value, _decimals(currency) if currency else _USUAL_DIGITS) if value is not None else ""

    def money(self, value: Decimal | None, currency: str | None) -> str:
        """An amount with its currency."""
        shown = self.amount(value, currency)
        return self.phrase("money", amount=shown, currency=currency) if shown and currency else shown

    def percent(self, value: Decimal | None) -> str:
        """A rate in percent, such as ``7.5 %``."""
        return self.phrase("percent", number=self.number(value)) if value is not None else ""

    def quantity(self, value: Decimal | None, unit: str | None) -> str:
        """A quantity with its unit in words (UN/ECE Recommendation 20 and 21), or with the code of the unit."""
        parts = (self.number(value), self.unit(unit, value))
        return " ".join(part for part in parts if part)

    def unit(self, code: str | None, value: Decimal | None = None) -> str:
        """A unit in words, in the plural form that goes with a number."""
        word = self.labels["unit"].get(code, code) if code else ""
        if not isinstance(word, dict):
            return str(word)
        finite = value is not None and value.is_finite()
        form = self._locale.plural_form(abs(value)) if value is not None and finite else "one"
        return str(word.get(form, word["other"]))

    def identifier(self, identifier: Identifier | None) -> str:
        """An identifier, with the name of its scheme where it states one."""
        if identifier is None:
            return ""
        scheme = self.code("scheme", identifier.scheme)
        version = f"({identifier.scheme_version})" if identifier.scheme_version else ""
        return " ".join(part for part in (scheme, version, identifier.value) if part)

    def term(self, group: str, field: str) -> str:
        """The name of a term that only the list of further details shows, or an empty string.

        Args:
            group: the name of its class in the model.
            field: its field there.
        """
        return str(self.labels["term"].get(group, {}).get(field, ""))


@cache
def _decimals(currency: str) -> int:
    """How many decimals a currency has; CLDR is asked once."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))
