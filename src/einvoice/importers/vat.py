# SPDX-License-Identifier: Apache-2.0
"""The VAT table of a mapping: it decides the category of a line, an allowance or a charge.

An export says a rate and perhaps a tax code; EN 16931 wants the category (BT-151, UNTDID 5305), and for most
categories without tax the reason (BT-120, BT-121). A rate of 0 alone may mean Z, E, AE, K, G or O, so nothing is ever
guessed from it: the user declares which tax code, rate and countries mean which category, and exactly one row of that
declaration must apply.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.errors import MappingError
from einvoice.importers.declaration import Number, VatRow, VatWhen, texts
from einvoice.importers.fields import typed
from einvoice.importers.tables import vat_rates

if TYPE_CHECKING:
    from collections.abc import Sequence

# The VAT territory of the Union: Directive 2006/112/EC, article 5. Northern Ireland (for goods) is not in the list.
# fmt: off
EU: Final = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
))
# fmt: on

PRESET: Final = "preset "
"""How the file of a preset is called in messages."""

RATELESS: Final = "O"
WITHOUT_TAX: Final = frozenset({"Z", "E", "AE", "K", "G"})
WITH_REASON: Final = frozenset({"E", "AE", "K", "G", "O"})
COUNTRY_WORDS: Final = ("domestic", "other-EU", "EU", "non-EU")


class VatFacts(Struct, frozen=True):
    """What is known about the VAT of a line, an allowance or a charge; ``None`` where the export says nothing.

    Attributes:
        code: the tax code of the ERP.
        rate: the rate in percent.
        category: the category that the export states.
        seller: country of the seller (BT-40).
        buyer: country of the buyer (BT-55).
        delivery: country of the delivery (BT-80).
    """

    code: str | None = None
    rate: Decimal | None = None
    category: str | None = None
    seller: str | None = None
    buyer: str | None = None
    delivery: str | None = None

    def __str__(self) -> str:
        known = {
            "code": self.code,
            "rate": self.rate,
            "category": self.category,
            "seller country": self.seller,
            "buyer country": self.buyer,
            "delivery country": self.delivery,
        }
        said = [f"{name} {value}" for name, value in known.items() if value is not None]
        if self.code is None and self.rate is None and self.category is None:
            said.insert(0, "no tax code, no rate")
        return ", ".join(said)


class VatDecision(Struct, frozen=True):
    """What the table decides.

    Attributes:
        category: the VAT category code (BT-151, BT-95, BT-102).
        rate: the rate (BT-152 ...); ``None`` for what is outside the scope of VAT.
        reason_code: the exemption reason code (BT-121).
        reason_text: the exemption reason text (BT-120).
        row: the row of the table, from 1.
    """

    category: str
    rate: Decimal | None
    reason_code: str | None
    reason_text: str | None
    row: int


class _Row(Struct, frozen=True):
    number: int
    codes: frozenset[str]
    categories: frozenset[str]
    rates: frozenset[Decimal]
    seller: frozenset[str]
    buyer: frozenset[str]
    delivery: frozenset[str]
    result: VatRow
    rate: Decimal | None

    def fits(self, facts: VatFacts) -> bool:
        """Whether everything that the row asks for holds."""
        return (
            (not self.codes or facts.code in self.codes)
            and (not self.categories or facts.category in self.categories)
            and (not self.rates or facts.rate in self.rates)
            and _is_in(facts.seller, self.seller, facts.seller)
            and _is_in(facts.buyer, self.buyer, facts.seller)
            and _is_in(facts.delivery or facts.buyer, self.delivery, facts.seller)
        )


def _is_in(country: str | None, wanted: frozenset[str], seller: str | None) -> bool:
    if not wanted or country in wanted:
        return True
    if country is None:
        return False
    return (
        ("EU" in wanted and country in EU)
        or ("non-EU" in wanted and country not in EU)
        or ("domestic" in wanted and country == seller)
        or ("other-EU" in wanted and country in EU and seller is not None and country != seller)
    )


class VatTable:
    """The declared table, ready to decide.

    Args:
        rows: the table as declared.
        known_rates: whether a rate above zero that the seller's country has means category S where no row applies.
        file: the mapping file, for messages.

    Raises:
        MappingError: a row decides by a rate of 0 alone, misses or has a reason against EN 16931, or has a rate that
            its category cannot have.
    """

    def __init__(self, rows: Sequence[VatRow], file: str, *, known_rates: bool = False) -> None:
        self.file = file
        self.known_rates = known_rates
        self.rows = [_compile(row, number, file) for number, row in enumerate(rows, start=1)]
        self._decided: dict[VatFacts, VatDecision] = {}

    def __bool__(self) -> bool:
        return bool(self.rows) or self.known_rates

    def decide(self, facts: VatFacts) -> VatDecision:
        """Decide the category.

        Args:
            facts: what is known.

        Raises:
            MappingError: no row applies, several do and differ, or a row and the export state different rates.
        """
        if facts not in self._decided:
            self._decided[facts] = self._decide(facts)
        return self._decided[facts]

    def _decide(self, facts: VatFacts) -> VatDecision:
        fitting = [row for row in self.rows if row.fits(facts)]
        if not fitting and self.known_rates and (known := _standard(facts)):
            return known
        if not fitting:
            preset = self.file.removeprefix(PRESET)
            where = f"a mapping that extends it (extends = '{preset}')" if preset != self.file else self.file
            raise self._error(f"no row of [[vat]] applies ({facts}); add one to {where}")
        first = fitting[0]
        for other in fitting[1:]:
            if _outcome(other) != _outcome(first):
                rows = f"rows {first.number} and {other.number}"
                raise self._error(f"{rows} of [[vat]] both apply ({facts}) and differ: make one stricter")
        return VatDecision(
            first.result.category,
            self._rate(first, facts),
            first.result.exemption_reason_code,
            first.result.exemption_reason_text,
            first.number,
        )

    def _rate(self, row: _Row, facts: VatFacts) -> Decimal | None:
        category = row.result.category
        implied = Decimal(0) if category in WITHOUT_TAX or category == RATELESS else row.rate
        declared = implied if row.rate is None else row.rate
        if facts.rate is not None and declared is not None and facts.rate != declared:
            says = f"row {row.number} of [[vat]] ({category}) has rate {declared}"
            raise self._error(f"the export states rate {facts.rate}, but {says}")
        if category == RATELESS:
            return None
        rate = facts.rate if facts.rate is not None else declared
        if rate is None:
            raise self._error(f"neither the export nor row {row.number} of [[vat]] states the rate")
        return rate

    def _error(self, message: str) -> MappingError:
        return MappingError(message, source=self.file, code="VAT")


def _standard(facts: VatFacts) -> VatDecision | None:
    """Category S for a rate that the seller's country has; an export that states a category has to have a row."""
    rate = facts.rate
    if not rate or facts.category is not None or facts.seller is None:
        return None
    if not any(rate == Decimal(known) for known in vat_rates().get(facts.seller, ())):
        return None
    return VatDecision("S", rate, None, None, 0)


def _outcome(row: _Row) -> tuple[str, Decimal | None, str | None, str | None]:
    return row.result.category, row.rate, row.result.exemption_reason_code, row.result.exemption_reason_text


def _compile(row: VatRow, number: int, file: str) -> _Row:
    key = f"vat[{number - 1}]"
    when = row.when
    _check(row, key, file)
    made = _Row(
        number=number,
        codes=frozenset(texts(when.code)),
        categories=frozenset(texts(when.category)),
        rates=frozenset(_percent(rate, f"{key}.when.rate", file) for rate in _numbers(when)),
        seller=_countries(when.seller_country, f"{key}.when.seller_country", file),
        buyer=_countries(when.buyer_country, f"{key}.when.buyer_country", file),
        delivery=_countries(when.delivery_country, f"{key}.when.delivery_country", file),
        result=row,
        rate=None if row.rate is None else _percent(row.rate, f"{key}.rate", file),
    )
    asked = made.codes or made.categories or made.seller or made.buyer or made.delivery
    if not asked and (not made.rates or Decimal(0) in made.rates):
        raise _fault(
            f"{key}.when",
            "a rate of 0 does not tell Z, E, AE, K, G and O apart: add the tax code or the countries",
            file,
        )
    if made.rate and row.category in WITHOUT_TAX | {RATELESS}:
        raise _fault(f"{key}.rate", f"category {row.category} has no rate but 0", file)
    return made


def _check(row: VatRow, key: str, file: str) -> None:
    reason = row.exemption_reason_code or row.exemption_reason_text
    if row.category in WITH_REASON and not reason:
        raise _fault(key, f"category {row.category} needs exemption_reason_code or exemption_reason_text", file)
    if row.category not in WITH_REASON and reason:
        raise _fault(key, f"category {row.category} has no exemption reason", file)


def _numbers(when: VatWhen) -> list[Number]:
    return [] if when.rate is None else when.rate if isinstance(when.rate, list) else [when.rate]


def _percent(value: Number, key: str, file: str) -> Decimal:
    rate = typed(value, "number", key, file)
    assert isinstance(rate, Decimal)  # noqa: S101 - what `typed` gives for a number
    return rate


def _countries(value: str | list[str] | None, key: str, file: str) -> frozenset[str]:
    for word in texts(value):
        if word not in COUNTRY_WORDS and not re.fullmatch("[A-Z]{2}", word):
            raise _fault(key, f"{word!r} is neither a country code nor one of {', '.join(COUNTRY_WORDS)}", file)
    return frozenset(texts(value))


def _fault(key: str, message: str, file: str) -> MappingError:
    return MappingError(f"key {key!r}: {message}", source=file, code="MAPPING_VAT")
