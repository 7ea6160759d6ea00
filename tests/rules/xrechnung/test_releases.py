# SPDX-License-Identifier: Apache-2.0
"""Release 2.6.0, as far as it is known: what it changes, and that it calls nothing valid."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.model import Identifier
from einvoice.rules import find_pack
from tests.rules.xrechnung.cases import CASES
from tests.rules.xrechnung.invoices import extended, german, written

if TYPE_CHECKING:
    from einvoice.model import Syntax
    from einvoice.rules import Report

NEW = find_pack("xrechnung@2.6.0")


def judged(data: bytes, version: str = "2.6.0") -> Report:
    return validate(data, packs=[f"xrechnung@{version}"])


def fired(report: Report) -> dict[str, str]:
    return {one.rule: one.severity for one in report.findings}


def test_it_judges_by_its_name_only() -> None:
    assert find_pack("xrechnung").version == "2.5.0"
    assert find_pack("xrechnung", as_of=date(2026, 12, 1)).version == "2.5.0"


def test_it_has_three_rules_more() -> None:
    old = find_pack("xrechnung@2.5.0").published()
    for family, more in (("ubl", {"BR-TMP-6"}), ("cii", {"BR-TMP-4", "BR-TMP-5"})):
        assert NEW.published()[family].keys() - old[family].keys() == more  # type: ignore[index]
        assert NEW.not_implemented(family) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
def test_it_calls_nothing_valid(syntax: Syntax) -> None:
    report = judged(written(german(), syntax))
    assert not report.findings
    assert report.verdict == "undetermined"
    assert "is not" in report.packs[0].open


def test_a_relative_address_is_fatal() -> None:
    data = CASES["BR-TMP-2"].document("ubl-invoice")
    assert fired(judged(data, "2.5.0")) == {"BR-TMP-2": "warning"}
    assert fired(judged(data)) == {"BR-TMP-2": "fatal"}


@pytest.mark.parametrize("day", ["2026-04-01Z", "2026-04-01+02:00", "22026-04-01"])
def test_a_date_has_four_digits_of_a_year_and_no_zone(day: str) -> None:
    data = written(german(), "ubl-invoice").replace(b">2026-04-01<", f">{day}<".encode(), 1)
    assert fired(judged(data)) == {"BR-TMP-6": "warning"}
    assert not fired(judged(data, "2.5.0"))


@pytest.mark.parametrize(
    ("rule", "element"),
    [("BR-TMP-4", "<ram:Name>A</ram:Name>"), ("BR-TMP-5", '<ram:AttachmentBinaryObject mimeCode="text/csv">YQ==')],
)
def test_a_supporting_document_has_one_description_and_one_file(rule: str, element: str) -> None:
    element += "" if element.endswith("Name>") else "</ram:AttachmentBinaryObject>"
    mark = "<ram:TypeCode>916</ram:TypeCode>"
    data = written(german(), "cii").decode()
    once, twice = (data.replace(mark, mark + element * count, 1).encode() for count in (1, 2))
    assert rule not in fired(judged(once if rule == "BR-TMP-4" else data.encode()))
    assert rule in fired(judged(twice))


def test_the_extension_knows_the_codes_of_en_16931_1_3_16() -> None:
    invoice = extended(buyer__identifiers=(Identifier("1", "0245"),), buyer__electronic_address=Identifier("1", "0245"))
    data = written(invoice, "cii")
    assert fired(judged(data, "2.5.0")) == {"BR-DEX-04": "fatal", "BR-DEX-07": "fatal"}
    assert not fired(judged(data))
