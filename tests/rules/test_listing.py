# SPDX-License-Identifier: Apache-2.0
"""A rule that is broken at more places than anybody reads is reported at the first of them, and the report says so."""

from __future__ import annotations

from contextvars import ContextVar
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import structs

from einvoice import fix, validate, write
from einvoice.model import InvoiceLine, listing
from einvoice.model.listing import LISTED
from einvoice.rules import find_pack, run
from einvoice.rules.languages import in_language
from tests.rules.invoices import clean, reading

if TYPE_CHECKING:
    import pytest

PACK = find_pack("en16931@1.3.16")


def test_a_rule_is_reported_at_so_many_places_and_no_more() -> None:
    lines = (*clean().lines, *[InvoiceLine()] * (LISTED + 50))
    report = run(reading(structs.replace(clean(), lines=lines), "ubl-invoice"), [PACK])
    assert sum(one.rule == "BR-24" for one in report.findings) == LISTED
    assert {"BR-21", "BR-22", "BR-CO-04"} <= {one.rule for one in report.findings}
    assert f"BR-24 is reported at its first {LISTED} places; there are more" in report.notes
    assert report.verdict == "invalid"


def test_as_many_places_as_are_reported_are_all_there_are() -> None:
    lines = (*clean().lines, *[InvoiceLine()] * LISTED)
    report = run(reading(structs.replace(clean(), lines=lines), "ubl-invoice"), [PACK])
    assert sum(one.rule == "BR-24" for one in report.findings) == LISTED
    assert not report.notes


def test_so_it_is_with_rules_about_elements() -> None:
    lines = tuple(structs.replace(clean().lines[0], net_amount=Decimal("1.005")) for _ in range(LISTED + 50))
    report = validate(write(structs.replace(clean(), lines=lines), "ubl"), packs="en16931")
    assert sum(one.rule == "UBL-DT-01" for one in report.findings) == LISTED
    assert "UBL-DT-01 is reported at its first 1000 places; there are more" in report.notes
    assert any("UBL-DT-01 wird an den ersten 1000 Stellen gemeldet" in note for note in in_language(report, "de").notes)


def test_a_repair_sees_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_MOST", ContextVar("few", default=5))
    lines = tuple(
        structs.replace(clean().lines[0], identifier=str(number), net_amount=Decimal("2.001")) for number in range(12)
    )
    data = write(structs.replace(clean(), lines=lines), "ubl")
    assert sum(one.rule == "UBL-DT-01" for one in validate(data, packs="en16931").findings) == 5
    repaired = fix(data, packs="en16931")
    assert [len(repair.changes) for repair in repaired.repairs if "UBL-DT-01" in repair.cures] == [12]
    assert "UBL-DT-01" not in {one.rule for one in repaired.after.findings}
