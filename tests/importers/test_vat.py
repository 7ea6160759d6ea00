# SPDX-License-Identifier: Apache-2.0
"""The VAT table decides by what is declared, and never by a rate of 0 alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from einvoice.errors import MappingError
from einvoice.importers.declaration import VatRow, VatWhen
from einvoice.importers.vat import EU, VatFacts, VatTable

STANDARD = VatRow(VatWhen(code="N"), "S")
INTRA = VatRow(VatWhen(rate=0, delivery_country="other-EU"), "K", exemption_reason_code="VATEX-EU-IC")
EXPORT = VatRow(VatWhen(rate=0, delivery_country="non-EU"), "G", exemption_reason_code="VATEX-EU-G")
EXEMPT = VatRow(VatWhen(rate=0, delivery_country="domestic"), "E", exemption_reason_text="Exempt")
OUTSIDE = VatRow(VatWhen(code="O"), "O", exemption_reason_text="Not subject to VAT")


def table(*rows: VatRow) -> VatTable:
    return VatTable(rows, "m.toml")


def facts(code: str | None = None, rate: str | None = None, buyer: str = "DE", delivery: str | None = None) -> VatFacts:
    return VatFacts(code, None if rate is None else Decimal(rate), None, "DE", buyer, delivery)


@pytest.mark.parametrize(
    ("given", "category"),
    [
        (facts("N", "19"), "S"),
        (facts(rate="0", buyer="FR"), "K"),
        (facts(rate="0.00", buyer="US"), "G"),
        (facts(rate="0"), "E"),
        (facts(rate="0", buyer="US", delivery="AT"), "K"),  # goods go where they go, whoever pays
    ],
)
def test_the_pair_of_countries_decides(given: VatFacts, category: str) -> None:
    assert table(STANDARD, INTRA, EXPORT, EXEMPT).decide(given).category == category


def test_a_decision_carries_the_reason_and_the_row() -> None:
    decision = table(STANDARD, INTRA).decide(facts(rate="0", buyer="FR"))
    assert (decision.reason_code, decision.reason_text, decision.row) == ("VATEX-EU-IC", None, 2)


def test_no_row_is_an_error_that_says_what_is_known() -> None:
    with pytest.raises(
        MappingError, match="applies \\(code Q, rate 0, seller country DE, buyer country DE\\); add one"
    ):
        table(STANDARD).decide(facts("Q", "0"))


def test_two_rows_that_differ_are_an_error() -> None:
    both = table(STANDARD, VatRow(VatWhen(code="N", buyer_country="FR"), "Z"))
    assert both.decide(facts("N", "19")).category == "S"
    with pytest.raises(MappingError, match="rows 1 and 2"):
        both.decide(facts("N", "0", buyer="FR"))


def test_two_rows_that_say_the_same_are_not() -> None:
    assert table(STANDARD, VatRow(VatWhen(rate=19), "S")).decide(facts("N", "19")).category == "S"


def test_a_rate_of_the_table_fills_one_that_the_export_does_not_state() -> None:
    rated = table(VatRow(VatWhen(code="N"), "S", rate="5.5"))
    assert rated.decide(facts("N")).rate == Decimal("5.5")


def test_a_rate_of_the_table_never_overwrites_one_of_the_export() -> None:
    rated = table(VatRow(VatWhen(code="N"), "S", rate=19))
    with pytest.raises(MappingError, match="the export states rate 16, but row 1"):
        rated.decide(facts("N", "16"))


def test_categories_without_tax_have_rate_zero_and_outside_has_none() -> None:
    assert table(INTRA, VatRow(VatWhen(code="I"), "K", exemption_reason_code="VATEX-EU-IC")).decide(
        facts("I", buyer="FR")
    ).rate == Decimal(0)
    assert table(OUTSIDE).decide(facts("O", "0")).rate is None
    with pytest.raises(MappingError, match="the export states rate 7, but row 1"):
        table(OUTSIDE).decide(facts("O", "7"))


def test_no_rate_anywhere_is_an_error() -> None:
    with pytest.raises(MappingError, match="neither the export nor row 1"):
        table(STANDARD).decide(facts("N"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (VatRow(VatWhen(rate=0), "Z"), "does not tell Z, E, AE, K, G and O apart"),
        (VatRow(VatWhen(rate=[19, 0]), "S"), "does not tell"),
        (VatRow(VatWhen(), "S"), "does not tell"),
        (VatRow(VatWhen(code="X"), "E"), "needs exemption_reason_code or exemption_reason_text"),
        (VatRow(VatWhen(code="X"), "S", exemption_reason_text="why"), "has no exemption reason"),
        (VatRow(VatWhen(code="X"), "K", rate=19, exemption_reason_code="C"), "has no rate but 0"),
        (VatRow(VatWhen(code="X", buyer_country="Germany"), "S"), "neither a country code nor one of"),
        (VatRow(VatWhen(rate="x"), "S"), "'x' is not a number"),
    ],
)
def test_a_table_that_would_guess_or_lie_is_refused(row: VatRow, message: str) -> None:
    with pytest.raises(MappingError, match=message) as caught:
        table(row)
    assert caught.value.code in {"MAPPING_VAT", "MAPPING_KEY"}
    assert "vat[0]" in str(caught.value)


def test_the_union_has_its_members() -> None:
    assert len(EU) == 27
    assert not EU & {"GB", "CH", "NO", "EL", "XI"}
