# SPDX-License-Identifier: Apache-2.0
"""The VAT breakdown. All expected numbers were worked out by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from einvoice.model import (
    DocumentLevelAllowance,
    DocumentLevelCharge,
    Invoice,
    InvoiceLine,
    LineVatInformation,
    VatBreakdown,
)
from einvoice.model.calculate import calculate
from einvoice.model.extensions import (
    AllowanceChargeExtension,
)
from tests.model.calculate.building import D, amount, explanations, figure, line, totals


def test_every_category_and_rate_has_one_breakdown() -> None:
    lines = (
        amount("100", "19"),
        amount("50", "7"),
        amount("10", "19.00"),
        amount("5", "0", "Z"),
        amount("4", "0", "E"),
        amount("3", None, "AE"),
        amount("2", "0", "AE"),
    )
    result = calculate(Invoice(lines=lines))
    assert [
        (entry.category_code, entry.rate, entry.taxable_amount, entry.tax_amount)
        for entry in result.invoice.vat_breakdown
    ] == [
        ("S", D(19), D("110.00"), D("20.90")),
        ("S", D(7), D("50.00"), D("3.50")),
        ("Z", D(0), D("5.00"), D("0.00")),
        ("E", D(0), D("4.00"), D("0.00")),
        ("AE", D(0), D("5.00"), D("0.00")),
    ]


def test_outside_the_scope_of_vat_there_is_no_rate() -> None:
    result = calculate(Invoice(lines=(amount("100", None, "O"), amount("20", "0", "O"))))
    assert result.invoice.vat_breakdown == (
        VatBreakdown(category_code="O", taxable_amount=D("120.00"), tax_amount=D("0.00")),
    )
    assert totals(result).invoice_total_vat_amount == D("0.00")


def test_the_tax_is_rounded_once_per_breakdown() -> None:
    """Three times 0.33 at 19 % is 0.1881 -> 0.19; line by line it would be 0.18."""
    result = calculate(Invoice(lines=(amount("0.33"), amount("0.33"), amount("0.33"))))
    assert result.invoice.vat_breakdown[0].tax_amount == D("0.19")


def test_the_tax_of_a_negative_invoice_mirrors_the_positive_one() -> None:
    """2.50 at 19 % is 0.475 -> 0.48, and -0.48 for -2.50."""
    assert calculate(Invoice(lines=(amount("2.50"),))).invoice.vat_breakdown[0].tax_amount == D("0.48")
    assert calculate(Invoice(lines=(amount("-2.50"),))).invoice.vat_breakdown[0].tax_amount == D("-0.48")


def test_reasons_are_taken_from_the_lines() -> None:
    given = replace(
        amount("10", "0", "E"),
        vat_information=LineVatInformation(
            category_code="E", rate=D(0), exemption_reason_text="Training", exemption_reason_code="VATEX-EU-132-1I"
        ),
    )
    result = calculate(Invoice(lines=(given, amount("5", "0", "E"))))
    (entry,) = result.invoice.vat_breakdown
    assert entry.taxable_amount == D("15.00")
    assert (entry.exemption_reason_text, entry.exemption_reason_code) == ("Training", "VATEX-EU-132-1I")
    assert figure(result, "vat_breakdown[0].exemption_reason_code").value == "VATEX-EU-132-1I"


def test_different_reasons_have_a_breakdown_each() -> None:
    """Factur-X EXTENDED, BR-FXEXT-E-08."""

    def exempt(value: str, reason: str | None) -> InvoiceLine:
        vat = LineVatInformation(category_code="E", rate=D(0), exemption_reason_text=reason)
        return InvoiceLine(net_amount=D(value), vat_information=vat)

    charge = DocumentLevelCharge(
        amount=D(1),
        vat_category_code="E",
        vat_rate=D(0),
        extension=AllowanceChargeExtension(vat_exemption_reason="health"),
    )
    lines = (exempt("10", "health"), exempt("20", "school"), exempt("3", None))
    result = calculate(Invoice(lines=lines, document_level_charges=(charge,)))
    assert [(entry.exemption_reason_text, entry.taxable_amount) for entry in result.invoice.vat_breakdown] == [
        ("health", D("11.00")),
        ("school", D("20.00")),
        (None, D("3.00")),
    ]
    assert calculate(result.invoice).differences == ()


def test_a_breakdown_that_only_says_why_is_completed() -> None:
    """An ERP may state the reason for an exemption and leave the sums to us."""
    reason = VatBreakdown(category_code="E", exemption_reason_code="VATEX-EU-O")
    result = calculate(Invoice(lines=(amount("100"), amount("10", "0", "E")), vat_breakdown=(reason,)))
    assert result.differences == ()
    assert result.invoice.vat_breakdown == (
        replace(reason, rate=D(0), taxable_amount=D("10.00"), tax_amount=D("0.00")),
        VatBreakdown(category_code="S", rate=D(19), taxable_amount=D("100.00"), tax_amount=D("19.00")),
    )


def test_a_breakdown_that_states_amounts_is_held_against_the_lines() -> None:
    stated = (
        VatBreakdown(category_code="S", rate=D(19), taxable_amount=D(90), tax_amount=D("17.10")),
        VatBreakdown(category_code="Z", rate=D(0), taxable_amount=D(1), tax_amount=D(0)),
    )
    result = calculate(Invoice(lines=(amount("100"), amount("10", "7")), vat_breakdown=stated))
    assert result.invoice.vat_breakdown == stated
    assert explanations(result) == [
        "BT-116 is stated as 90, but sum of BT-131 = 100.00.",
        "BT-116: no line, allowance or charge has Z 0 %.",
        "BG-23 has no entry for S 7 %, which 10 of the invoice belongs to.",
    ]


def test_entries_that_cannot_be_told_apart_are_said_to_be_unchecked() -> None:
    stated = VatBreakdown(category_code="S", rate=D(19), taxable_amount=D(50))
    result = calculate(Invoice(lines=(amount("100"),), vat_breakdown=(stated, stated)))
    assert explanations(result) == 2 * ["BT-116 was not checked: 2 entries of S 19 % cannot be told apart."]
    assert [entry.tax_amount for entry in result.invoice.vat_breakdown] == [D("9.50"), D("9.50")]


@pytest.mark.parametrize(("given", "term"), [(amount("1", None), "BT-152"), (line("1", "1", category=None), "BT-151")])
def test_a_line_without_category_or_rate_leaves_the_breakdown_open(given: InvoiceLine, term: str) -> None:
    result = calculate(Invoice(lines=(amount("5"), given)))
    assert result.invoice.vat_breakdown == ()
    assert explanations(result) == [f"{term} of lines[1] is missing, so the VAT breakdown (BG-23) cannot be computed."]
    assert totals(result).invoice_total_amount_without_vat == D("6.00")
    assert totals(result).invoice_total_amount_with_vat is None


def test_a_category_without_tax_has_the_rate_zero_where_none_is_stated() -> None:
    result = calculate(Invoice(lines=(amount("10", None, "AE"),)))
    assert result.invoice.vat_breakdown[0].rate == D(0)
    assert figure(result, "vat_breakdown[0].rate").sentence == "BT-119 = the rate of category AE = 0"


def test_an_entry_that_says_too_little_is_said_to_be_unchecked() -> None:
    stated = VatBreakdown(category_code="S", taxable_amount=D(100), tax_amount=D(19))
    result = calculate(Invoice(lines=(amount("100"),), vat_breakdown=(stated,)))
    assert result.invoice.vat_breakdown == (stated,)
    assert explanations(result) == [
        "BT-116 was not checked: the entry lacks its category (BT-118) or rate (BT-119).",
        "BG-23 has no entry for S 19 %, which 100 of the invoice belongs to.",
    ]


def test_a_tax_that_cannot_be_computed_is_named() -> None:
    result = calculate(Invoice(vat_breakdown=(VatBreakdown(category_code="S", rate=D(19)),)))
    assert explanations(result)[0] == "BT-117 cannot be computed: BT-116 of vat_breakdown[0] is missing."


def test_an_allowance_alone_is_taxed_negatively() -> None:
    """A bonus on goods of another rate than those on the invoice."""
    bonus = DocumentLevelAllowance(amount=D(10), vat_category_code="S", vat_rate=D(7))
    result = calculate(Invoice(lines=(amount("100"),), document_level_allowances=(bonus,)))
    assert figure(result, "vat_breakdown[1].taxable_amount").sentence == "BT-116 = -sum of BT-92 = -10 = -10.00"
    assert result.invoice.vat_breakdown[1].tax_amount == D("-0.70")
