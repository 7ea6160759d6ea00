# SPDX-License-Identifier: Apache-2.0
"""Hostile numbers and dates: they are violations of the schema, named in short words, and never a refusal."""

from __future__ import annotations

import pytest

from einvoice.bind.schema import validate
from einvoice.bind.xml import parse
from tests.bind.documents import INVOICE, spoiled


@pytest.mark.parametrize(
    "number", ["-0.00", "+5", ".5", "5.", " 5 ", "0" * 40, "1." + "3" * 30, "9" * 1000], ids=lambda text: text[:8]
)
def test_unusual_numbers_of_xml_schema_are_accepted(number: str) -> None:
    """A bad value never refuses a document, and these are not even bad."""
    assert validate(parse(spoiled(INVOICE, "119.00", number)), "ubl-invoice") == []


@pytest.mark.parametrize(
    "number", ["1E400", "NaN", "INF", "1_000", "\uff11\uff12", "\u0661\u0662", "1,000.00", "", "-"]
)
def test_what_is_no_number_is_a_violation_and_no_refusal(number: str) -> None:
    (found,) = validate(parse(spoiled(INVOICE, "119.00", number)), "ubl-invoice")
    assert found.kind == "value"
    assert found.path == "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount"


@pytest.mark.parametrize("date", ["2026-02-28", "9999-12-31", "2026-01-05+14:00", "2026-01-05Z", "2024-02-29"])
def test_dates_of_xml_schema_are_accepted(date: str) -> None:
    assert validate(parse(spoiled(INVOICE, "2026-03-31", date)), "ubl-invoice") == []


@pytest.mark.parametrize(
    "date", ["2026-02-30", "2026-02-29", "20260105", "2026-W01-1", "0000-01-01", "26-01-05", "2026-01-05+15:00", ""]
)
def test_what_is_no_date_is_a_violation_and_no_refusal(date: str) -> None:
    (found,) = validate(parse(spoiled(INVOICE, "2026-03-31", date)), "ubl-invoice")
    assert found.element == "cbc:IssueDate"
    assert "a date" in found.message


def test_an_error_message_stays_short_and_printable() -> None:
    """Whatever stands in a value: 80 characters of it are shown, and no control characters."""
    nasty = "\u202e\x9b[31m" + "x" * 100_000
    (found,) = validate(parse(spoiled(INVOICE, "119.00", nasty)), "ubl-invoice")
    assert len(found.message) < 400
    assert found.message.isprintable()
