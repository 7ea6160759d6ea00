# SPDX-License-Identifier: Apache-2.0
"""The steps for what ERP systems do to texts, amounts and dates; the tables of words; rates that are known."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest

from einvoice.errors import MappingError
from einvoice.importers.erp_steps import scaled
from einvoice.importers.tables import tables, vat_rates
from einvoice.importers.transforms import Locale, compose
from tests.importers.stories import changed, said, small


@pytest.mark.parametrize(
    ("step", "text", "value"),
    [
        ("nohtml", "<p>Vielen&nbsp;Dank &amp; <b>Gruß</b></p><p>Zwei</p>", "Vielen Dank & Gruß\nZwei"),
        ("nohtml", "a < b and c > d", "a < b and c > d"),
        ("first_line", "Beratung\nJanuar", "Beratung"),
        ("further_lines", "Beratung\nJanuar\n\nFebruar", "Januar\nFebruar"),
        ("further_lines", "Beratung", ""),
        ("vat_id", "de 123.456-789", "DE123456789"),
        ("iban", "DE02 1203 0000 0000 2020 51 - DKB", "DE02120300000000202051"),
        ("address_street", "Hauptstr. 5<br>\n60311 Frankfurt<br>\nGermany<br>\n", "Hauptstr. 5"),
        ("address_street", "Haus B\nHauptstr. 5\n60311 Frankfurt", "Haus B, Hauptstr. 5"),
        ("address_post_code", "Hauptstr. 5\n60311 Frankfurt am Main\nGermany", "60311"),
        ("address_city", "Hauptstr. 5\n1012 AB Amsterdam\nNetherlands", "Amsterdam"),
        ("address_country", "Hauptstr. 5\nD-60311 Frankfurt\nGermany", "Germany"),
        ("address_country", "Hauptstr. 5\n60311 Frankfurt", ""),
    ],
)
def test_texts_are_made_plain(step: str, text: str, value: str) -> None:
    assert compose([step], Locale(), "text")(text) == value


@pytest.mark.parametrize(
    ("step", "text"),
    [("iban", "DE03120300000000202051"), ("iban", "cash"), ("address_city", "Hauptstr. 5\nFrankfurt\nGermany")],
)
def test_a_text_that_is_something_else_is_refused(step: str, text: str) -> None:
    with pytest.raises(MappingError):
        compose([step], Locale(), "text")(text)


@pytest.mark.parametrize(
    ("step", "text", "day"),
    [
        ("unix", "1737738363", dt.date(2025, 1, 24)),
        ("msdate", "/Date(1551916800000+0000)/", dt.date(2019, 3, 7)),
        ("msdate", "/Date(1551916800000-0100)/", dt.date(2019, 3, 6)),
        ("msdate", "/Date(-86400000)/", dt.date(1969, 12, 31)),
    ],
)
def test_times_become_days(step: str, text: str, day: dt.date) -> None:
    assert compose([step], Locale(), "date")(text) == day


@pytest.mark.parametrize(("step", "text"), [("unix", "2026-01-01"), ("unix", "-1"), ("msdate", "1551916800000")])
def test_what_is_no_such_time_is_refused(step: str, text: str) -> None:
    with pytest.raises(MappingError):
        compose([step], Locale(), "date")(text)


@pytest.mark.parametrize(
    ("step", "currency", "value"),
    [
        ("cents", "EUR", "119.00"),
        ("cents", "JPY", "11900"),
        ("cents", "TND", "11.900"),
        ("stripe_cents", "ISK", "119.00"),
        ("stripe_cents", "MGA", "11900"),
        ("stripe_cents", "KRW", "11900"),
    ],
)
def test_the_smallest_unit_depends_on_the_currency(step: str, currency: str, value: str) -> None:
    assert scaled(Decimal(11900), currency, step) == Decimal(value)


def test_an_amount_in_cents_needs_a_currency() -> None:
    mapping = changed(
        ('item_net_price = "Price"', 'item_net_price = { from = "Price", as = "cents" }'),
        ('currency_code = { constant = "EUR" }', 'currency_code = "Customer"'),
    )
    row = "A1;05.01.2026;;FR;Hammer;2;1050;N;19"
    assert any("means nothing without the currency" in fault for fault in said(small(row, mapping=mapping)[0]))
    (imported,) = small(row.replace(";;FR", ";EUR;FR"), mapping=mapping)
    price = imported.invoice.lines[0].price_details
    assert price is not None
    assert price.item_net_price == Decimal("10.50")


def test_html_of_any_shape_takes_little_time() -> None:
    for text in ("<" * 100_000, "<br" * 33_000, "&" * 100_000, "<p " * 33_000 + ">"):
        begin = time.process_time()
        compose(["nohtml"], Locale(), "text")(text)
        assert time.process_time() - begin < 20  # seconds; a quadratic one takes minutes


def test_words_mean_codes_in_six_languages() -> None:
    country, unit = tables()["@country"], tables()["@unit"]
    assert {country[word] for word in ("Germany", "deutschland", "ALLEMAGNE", "Duitsland", "Germania", "DE")} == {"DE"}
    assert {unit[word] for word in ("Std", "hours", "heures", "uur", "ore", "HUR")} == {"HUR"}


def test_a_code_that_is_a_word_in_capitals_means_nothing() -> None:
    unit = tables()["@unit"]
    assert unit["Stk"] == "C62"
    assert unit.get("STK") is None  # UNECE: a stick


def test_words_of_ones_own_come_before_those_that_are_known() -> None:
    mapping = changed(
        (
            'quantity_unit_of_measure_code = { constant = "C62" }',
            'quantity_unit_of_measure_code = { from = "Item", lookup = "@unit" }',
        )
    )
    (imported,) = small("A1;05.01.2026;B;FR;Rolle;2;1;N;19", mapping=mapping)
    assert said(imported) == ["row 2, column 'Item' (BT-130): 'Rolle' is not in [lookups.unit] of mapping.toml"]
    (imported,) = small("A1;05.01.2026;B;FR;Rolle;2;1;N;19", mapping=f'{mapping}\n[lookups.unit]\nRolle = "RO"\n')
    assert imported.invoice.lines[0].invoiced_quantity_unit_of_measure_code == "RO"


def test_a_rate_that_the_sellers_country_has_is_known_but_never_zero() -> None:
    assert vat_rates()["FR"] == ["20", "10", "5.5", "2.1"]
    mapping = changed(('mapping = "small/1"', 'mapping = "small/1"\nknown_rates = true'))
    row = "A1;05.01.2026;B;FR;Hammer;2;1;Z;{}"
    (imported,) = small(row.format("19"), mapping=mapping)
    assert said(imported) == []
    for rate in ("20", "0"):
        (fault,) = said(small(row.format(rate), mapping=mapping)[0])
        assert "no row of [[vat]] applies" in fault
