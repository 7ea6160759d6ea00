# SPDX-License-Identifier: Apache-2.0
"""Every language says everything, and figures are written as its readers write them."""

from __future__ import annotations

import string
import sys
import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from einvoice.codes import codes
from einvoice.errors import MissingExtraError, UnknownNameError
from einvoice.model import Group, Identifier, Invoice, fields_of
from einvoice.model.extensions import InvoiceExtension, Party
from einvoice.render.references import ELSEWHERE
from einvoice.render.words import Words, languages, words
from tests.strategies import decimals

if TYPE_CHECKING:
    from msgspec import Struct

LABELS: dict[str, dict[str, Any]] = {
    name: tomllib.loads((files("einvoice.render") / "labels" / f"{name}.toml").read_text(encoding="utf-8"))
    for name in languages()
}


def flat(table: dict[str, Any], path: str = "") -> dict[str, str]:
    """Every phrase of a label file by its dotted key; the forms of a plural together."""
    found: dict[str, str] = {}
    for key, value in table.items():
        here = f"{path}.{key}".lstrip(".")
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            found |= flat(value, here)
        else:
            found[here] = value if isinstance(value, str) else value["other"]
    return found


def holes(phrase: str) -> set[str]:
    """The names in the braces of a phrase."""
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_the_languages_of_the_contract_are_there() -> None:
    assert set(languages()) == {"de", "en", "es", "fr", "it", "nl"}


@pytest.mark.parametrize("language", sorted(set(LABELS) - {"en"}))
def test_a_language_has_the_keys_and_the_holes_of_english(language: str) -> None:
    ours, theirs = flat(LABELS[language]), flat(LABELS["en"])
    assert set(ours) == set(theirs)
    assert {key: holes(phrase) for key, phrase in ours.items()} == {
        key: holes(phrase) for key, phrase in theirs.items()
    }


@pytest.mark.parametrize("language", sorted(LABELS))
def test_no_phrase_is_empty_but_where_the_label_says_it_already(language: str) -> None:
    assert {key for key, phrase in flat(LABELS[language]).items() if not phrase.strip()} == {"scheme.FC", "scheme.VA"}


@pytest.mark.parametrize("language", sorted(LABELS))
@pytest.mark.parametrize(
    ("section", "lists"),
    [
        ("means", ("untdid-4461",)),
        ("vat", ("untdid-5305",)),
        ("allowance", ("untdid-5189",)),
        ("charge", ("untdid-7161",)),
        ("document", ("untdid-1001-invoice", "untdid-1001-credit-note")),
        ("tax_point", ("untdid-2005", "untdid-2475")),
    ],
)
def test_every_code_of_a_list_has_words(language: str, section: str, lists: tuple[str, ...]) -> None:
    known = words(language).labels[section]
    assert not {code for name in lists for code in codes(name)} - set(known)


@pytest.mark.parametrize("language", sorted(LABELS))
def test_every_reason_of_exemption_and_every_country_has_words(language: str) -> None:
    chosen = words(language)
    assert not [code for code in codes("vatex") if not chosen.exemption(code)]
    assert not [code for code in codes("iso-3166-1") if chosen.country(code) == code]


@pytest.mark.parametrize("language", sorted(LABELS))
def test_units_that_people_invoice_have_words_or_signs(language: str) -> None:
    units = words(language).labels["unit"]
    often = """C62 H87 EA HUR DAY MON ANN WEE MIN KGM GRM TNE LTR MLT MTR CMT MMT KMT MTK MTQ KWH MWH NAR NPR SET P1 LS
        E48 E49 E51 E54 LH IE ROM NMP PR DZN RM LO LN MIL CEN HEA U2 5B KWT KVR K3 GWH SM3 BAR CEL FOT INH LBR GLL YRD
        XPP XPK XBX XCT XPX XBG XBO XRO XCR XDR XUN XPA XPC XST XSA XBE XBJ XTU XZZ ZZ"""
    assert not set(often.split()) - set(units)
    assert len(units) >= 200
    assert set(units) - codes("unece-rec20-21") == {"HAR", "KTM", "NPR"}, "earlier editions had these"


def test_every_term_of_the_further_details_has_a_label_and_every_label_a_term() -> None:
    needed: set[tuple[str, str]] = set()
    seen: set[type] = set()

    def walk(kind: type[Struct]) -> None:
        leave = ELSEWHERE if kind is InvoiceExtension else frozenset[str]()
        seen.add(kind)
        for name, info in fields_of(kind).items():
            if name in leave:
                continue
            needed.add((kind.__name__, name))
            below = info.value_type
            if issubclass(below, Group) and not issubclass(below, Party) and below not in seen:
                walk(below)

    named = {kind: group for kind, group in groups(Invoice).items() if kind in LABELS["en"]["term"]}
    for group in named.values():
        walk(group)
    assert needed == {(kind, name) for kind, names in LABELS["en"]["term"].items() for name in names}


def groups(root: type[Struct], found: dict[str, type[Struct]] | None = None) -> dict[str, type[Struct]]:
    """All groups of the model by the names of their classes."""
    found = {} if found is None else found
    found[root.__name__] = root
    for info in fields_of(root).values():
        if issubclass(info.value_type, Group) and info.value_type.__name__ not in found:
            groups(info.value_type, found)
    return found


@pytest.mark.parametrize(
    ("language", "number", "amount", "percent", "day"),
    [
        ("en", "\u22121,234,567.5", "EUR\u00a01,234.50", "7.5%", "5\u00a0Mar\u00a02026"),
        ("de", "\u22121.234.567,5", "1.234,50\u00a0EUR", "7,5\u00a0%", "05.03.2026"),
        ("nl", "\u22121.234.567,5", "EUR\u00a01.234,50", "7,5%", "5\u00a0mrt\u00a02026"),
        ("it", "\u22121.234.567,5", "1.234,50\u00a0EUR", "7,5%", "5\u00a0mar\u00a02026"),
        ("es", "\u22121.234.567,5", "1.234,50\u00a0EUR", "7,5\u00a0%", "5\u00a0mar\u00a02026"),
        ("fr", "\u22121\u202f234\u202f567,5", "1\u202f234,50\u00a0EUR", "7,5\u202f%", "5\u00a0mars\u00a02026"),
    ],
)
def test_figures_are_written_as_readers_write_them(
    language: str, number: str, amount: str, percent: str, day: str
) -> None:
    chosen = words(language)
    assert chosen.number(Decimal("-1234567.50")) == number
    assert chosen.money(Decimal("1234.5"), "EUR") == amount
    assert chosen.percent(Decimal("7.50")) == percent
    assert chosen.date(date(2026, 3, 5)) == day


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("100", "EUR", "100.00"),
        ("100.005", "EUR", "100.005"),
        ("100.5000", "EUR", "100.50"),
        ("1000.00", "JPY", "1,000"),
        ("1.5", "KWD", "1.500"),
        ("-0.00", "EUR", "0.00"),
        ("1E+3", None, "1,000.00"),
        ("12345678901234567890123456789012345.67", "EUR", "12,345,678,901,234,567,890,123,456,789,012,345.67"),
        ("1E+999999", "EUR", "1E+999999"),
        ("NaN", "EUR", "NaN"),
    ],
)
def test_an_amount_keeps_every_digit_that_it_states(value: str, currency: str | None, shown: str) -> None:
    assert words("en").amount(Decimal(value), currency) == shown


@given(decimals())
def test_a_number_can_be_read_back(value: Decimal) -> None:
    for language, group, point in (("en", ",", "."), ("de", ".", ","), ("fr", "\u202f", ",")):
        shown = words(language).number(value)
        assert Decimal(shown.replace(group, "").replace(point, ".").replace("\u2212", "-")) == value


@pytest.mark.parametrize(
    ("language", "value", "unit", "shown"),
    [
        ("en", "1", "HUR", "1 hour"),
        ("en", "2", "HUR", "2 hours"),
        ("en", "0", "H87", "0 pieces"),
        ("de", "1.5", "DAY", "1,5 Tage"),
        ("fr", "1.5", "DAY", "1,5 jour"),
        ("fr", "1000000", "H87", "1\u202f000\u202f000 pièces"),
        ("de", "3", "KGM", "3 kg"),
        ("en", "3", "X?Z", "3 X?Z"),
        ("en", "NaN", "HUR", "NaN hour"),
    ],
)
def test_a_quantity_has_its_unit_in_words(language: str, value: str, unit: str, shown: str) -> None:
    assert words(language).quantity(Decimal(value), unit) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("VATEX-EU-AE", "Reverse charge"),
        ("VATEX-FR-AE", "Reverse charge"),
        ("VATEX-EU-132-1FA", "exempt under Article 132(1)(fa) of Directive 2006/112/EC"),
        ("VATEX-EU-79-C", "exempt under Article 79(c) of Directive 2006/112/EC"),
        ("VATEX-EU-309", "exempt under Article 309 of Directive 2006/112/EC"),
        ("VATEX-FR-CGI261D-1BIS", "exempt under Article 261 D-1 bis of the French tax code"),
        ("VATEX-FR-CGI295", "exempt under Article 295 of the French tax code"),
        ("VATEX-FR-298SEXDECIESA", "exempt under Article 298 sexdecies A of the French tax code"),
        ("vatex-eu-132-1a", "exempt under Article 132(1)(a) of Directive 2006/112/EC"),
        ("VATEX-XX-1", ""),
        (None, ""),
    ],
)
def test_a_reason_of_exemption_is_said_by_its_article(code: str | None, shown: str) -> None:
    assert words("en").exemption(code) == shown


def test_absent_values_are_empty() -> None:
    chosen = words("de")
    assert (chosen.number(None), chosen.money(None, "EUR"), chosen.percent(None)) == ("", "", "")
    assert (chosen.quantity(None, None), chosen.date(None), chosen.country(None)) == ("", "", "")
    assert (chosen.identifier(None), chosen.code("means", None), chosen.period(None, None)) == ("", "", "")


def test_a_period_may_be_open() -> None:
    start, end = date(2026, 1, 1), date(2026, 1, 31)
    chosen = words("de")
    assert chosen.period(start, end) == "01.01.2026 – 31.01.2026"
    assert chosen.period(start, None) == "ab 01.01.2026"
    assert chosen.period(None, end) == "bis 31.01.2026"


@pytest.mark.parametrize(
    ("identifier", "shown"),
    [
        (Identifier("4012345000009", "0088"), "GLN 4012345000009"),
        (Identifier("12/345", "FC"), "12/345"),
        (Identifier("X1", "9999"), "9999 X1"),
        (Identifier("X1", ""), "X1"),
        (Identifier("43211503", "TSP", "19"), "TSP (19) 43211503"),
    ],
)
def test_an_identifier_names_its_scheme(identifier: Identifier, shown: str) -> None:
    assert words("en").identifier(identifier) == shown


@pytest.mark.parametrize(("language", "name"), [("en", "Germany"), ("de", "Deutschland"), ("fr", "Allemagne")])
def test_a_country_is_called_by_its_name(language: str, name: str) -> None:
    assert words(language).country("DE") == name
    assert words(language).country("QQ") == "QQ"


def test_an_unknown_language_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownNameError, match="'xx'; choose one of de, en, es, fr, it, nl"):
        words("xx")


def test_without_babel_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(MissingExtraError, match=r"einvoice\[pdf\]"):
        Words("de")
