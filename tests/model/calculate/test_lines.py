# SPDX-License-Identifier: Apache-2.0
"""Prices, allowances and net amounts of lines. All expected numbers were worked out by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from einvoice.model import (
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    PriceAllowance,
    PriceDetails,
)
from einvoice.model.calculate import calculate
from einvoice.model.extensions import (
    LineExtension,
)
from tests.model.calculate.building import D, amount, explanations, figure, line, totals


def test_the_net_price_is_the_gross_price_without_its_discount() -> None:
    price = PriceDetails(item_gross_price=D("10.00"), item_price_discount=D("1.25"))
    result = calculate(Invoice(lines=(InvoiceLine(invoiced_quantity=D(4), price_details=price),)))
    assert result.invoice.lines[0].net_amount == D("35.00")
    assert (
        figure(result, "lines[0].price_details.item_net_price").sentence
        == "BT-146 = BT-148 - BT-147 = 10.00 - 1.25 = 8.75"
    )


def test_a_gross_price_without_a_discount_is_the_net_price() -> None:
    result = calculate(Invoice(lines=(InvoiceLine(price_details=PriceDetails(item_gross_price=D("7.5"))),)))
    assert figure(result, "lines[0].price_details.item_net_price").sentence == "BT-146 = BT-148 = 7.5"


def test_several_discounts_and_charges_lie_between_gross_and_net_price() -> None:
    price = PriceDetails(
        item_gross_price=D(100),
        discount_base_amount=D(100),
        discount_percentage=D("12.5"),
        further_discounts=(PriceAllowance(amount=D(3)), PriceAllowance(base_amount=D(80), percentage=D(5))),
        charges=(PriceAllowance(amount=D("1.50")),),
    )
    result = calculate(Invoice(lines=(InvoiceLine(price_details=price),)))
    settled = result.invoice.lines[0].price_details
    assert settled is not None
    assert settled.item_price_discount == D("12.5")
    assert settled.further_discounts[1].amount == D(4)
    assert settled.item_net_price == D(82)


def test_a_price_for_many_units_is_divided_by_them() -> None:
    """1234 pieces at 45.60 per 1000 = 56.2704."""
    price = PriceDetails(item_net_price=D("45.60"), item_price_base_quantity=D(1000))
    result = calculate(Invoice(lines=(InvoiceLine(invoiced_quantity=D(1234), price_details=price),)))
    assert figure(result, "lines[0].net_amount").sentence == (
        "BT-131 = BT-129 × BT-146 / BT-149 = 1234 × 45.60 / 1000 = 56.27 (56.2704 rounded half up to 2 decimals)"
    )


def test_the_base_quantity_of_the_gross_price_is_taken_over() -> None:
    price = PriceDetails(
        item_gross_price=D(50),
        gross_price_base_quantity=D(100),
        gross_price_base_quantity_unit_of_measure_code="C62",
    )
    result = calculate(Invoice(lines=(InvoiceLine(invoiced_quantity=D(30), price_details=price),)))
    settled = result.invoice.lines[0]
    assert settled.price_details == replace(
        price,
        item_net_price=D(50),
        item_price_base_quantity=D(100),
        item_price_base_quantity_unit_of_measure_code="C62",
    )
    assert settled.net_amount == D("15.00")


def test_a_gross_price_for_another_quantity_is_rescaled() -> None:
    """10 for 12 pieces is 0.8333333333 for one."""
    price = PriceDetails(item_gross_price=D(10), gross_price_base_quantity=D(12), item_price_base_quantity=D(1))
    result = calculate(Invoice(lines=(InvoiceLine(price_details=price),)))
    settled = result.invoice.lines[0].price_details
    assert settled is not None
    assert settled.item_net_price == D("0.8333333333")


def test_a_discounted_price_for_another_quantity_is_rescaled_as_a_whole() -> None:
    """(10 - 1) for 12 pieces is 75 for 100."""
    price = PriceDetails(
        item_gross_price=D(10),
        item_price_discount=D(1),
        gross_price_base_quantity=D(12),
        item_price_base_quantity=D(100),
    )
    result = calculate(Invoice(lines=(InvoiceLine(price_details=price),)))
    assert figure(result, "lines[0].price_details.item_net_price").sentence == (
        "BT-146 = (BT-148 - BT-147) × BT-149 / BT-149-1 = (10 - 1) × 100 / 12 = 75"
    )
    again = calculate(result.invoice)
    assert again.invoice == result.invoice


def test_a_price_for_no_units_is_not_rescaled() -> None:
    price = PriceDetails(item_gross_price=D(10), gross_price_base_quantity=D(0), item_price_base_quantity=D(1))
    result = calculate(Invoice(lines=(InvoiceLine(price_details=price),)))
    assert result.invoice.lines[0].price_details == price


def test_a_stated_net_price_that_is_not_gross_less_discount_is_a_difference() -> None:
    price = PriceDetails(item_gross_price=D(10), item_price_discount=D(1), item_net_price=D("9.50"))
    result = calculate(Invoice(lines=(InvoiceLine(invoiced_quantity=D(1), price_details=price),)))
    assert explanations(result)[0] == "BT-146 is stated as 9.50, but BT-148 - BT-147 = 10 - 1 = 9."
    assert result.invoice.lines[0].net_amount == D("9.50"), "the stated price is what counts"


@pytest.mark.parametrize(
    ("quantity", "price", "expected"),
    [
        ("1", "0.005", "0.01"),
        ("1", "0.0049999", "0.00"),
        ("-1", "0.005", "-0.01"),
        ("3", "0.335", "1.01"),
        ("0.333", "0.015015", "0.00"),
        ("-1", "0.004", "0.00"),
        ("0", "99", "0.00"),
        ("1000000000", "1.000000001", "1000000001.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(quantity: str, price: str, expected: str) -> None:
    result = calculate(Invoice(lines=(line(quantity, price),)))
    net = result.invoice.lines[0].net_amount
    assert str(net) == expected


def test_quantity_times_price_is_rounded_before_allowances_join() -> None:
    """0.005 -> 0.01 - 1.00 = -0.99; rounding at the end would give -1.00."""
    given = replace(line("1", "0.005"), allowances=(InvoiceLineAllowance(amount=D(1)),))
    assert calculate(Invoice(lines=(given,))).invoice.lines[0].net_amount == D("-0.99")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (InvoiceLine(), "BT-129 and BT-146 are missing"),
        (InvoiceLine(invoiced_quantity=D(1)), "BT-146 is missing"),
        (
            replace(line("1", "1"), price_details=PriceDetails(item_net_price=D(1), item_price_base_quantity=D(0))),
            "BT-149 is 0",
        ),
        (replace(line("1", "1"), charges=(InvoiceLineCharge(),)), "BT-141 is missing"),
        (
            replace(
                line("1", "1"),
                invoiced_quantity_unit_of_measure_code="KGM",
                price_details=PriceDetails(item_net_price=D(1), item_price_base_quantity_unit_of_measure_code="TNE"),
            ),
            "the quantity is in KGM (BT-130), the price for TNE (BT-150)",
        ),
    ],
)
def test_what_keeps_a_line_from_being_computed_is_named(given: InvoiceLine, missing: str) -> None:
    result = calculate(Invoice(lines=(given, amount("5.00"))))
    assert result.invoice.lines[0].net_amount is None
    assert f"BT-131 is missing and cannot be computed: {missing}." in explanations(result)
    assert result.invoice.totals is None, "no total is made up of the lines that happen to be known"
    assert result.invoice.vat_breakdown == ()


def test_a_stated_line_amount_is_kept_and_counts() -> None:
    result = calculate(Invoice(lines=(replace(line("3", "10"), net_amount=D("29.99")),)))
    assert explanations(result) == ["BT-131 is stated as 29.99, but BT-129 × BT-146 = 3 × 10 = 30.00."]
    assert totals(result).sum_of_invoice_line_net_amount == D("29.99")


def test_an_amount_that_is_not_its_percentage_is_a_difference() -> None:
    given = InvoiceLineAllowance(base_amount=D(200), percentage=D("7.5"), amount=D("14.99"))
    result = calculate(Invoice(lines=(replace(line("1", "200"), allowances=(given,)),)))
    (found,) = result.differences
    assert (found.term, found.path) == ("BT-136", "lines[0].allowances[0].amount")
    assert (found.stated, found.computed) == (D("14.99"), D("15.00"))
    assert result.invoice.lines[0].net_amount == D("185.01")


def test_a_percentage_without_a_base_is_of_the_price_where_the_caller_says_so() -> None:
    given = replace(line("3", "40"), allowances=(InvoiceLineAllowance(percentage=D(5)),))
    result = calculate(Invoice(lines=(given,)), percentages_of_price=True)
    (allowance,) = result.invoice.lines[0].allowances
    assert (allowance.base_amount, allowance.amount) == (D("120.00"), D("6.00"))
    assert result.invoice.lines[0].net_amount == D("114.00")
    assert "BT-137" in {figure.term for figure in result.figures}


def test_a_percentage_without_a_base_is_not_guessed() -> None:
    given = replace(line("1", "200"), allowances=(InvoiceLineAllowance(percentage=D(5)),))
    result = calculate(Invoice(lines=(given,)))
    assert result.invoice.lines[0] == given
    assert explanations(result)[0] == (
        "BT-136 is missing, and BT-137 and BT-138 to compute it from are not both given."
    )


def test_a_line_with_sub_lines_is_their_sum() -> None:
    """XRechnung, BR-DEX-02."""
    inner = replace(line("1", "1"), sub_lines=(line("2", "1.50"), line("1", "4")), price_details=None)
    outer = InvoiceLine(sub_lines=(inner, line("1", "10")), vat_information=inner.vat_information)
    result = calculate(Invoice(lines=(outer,)))
    assert result.invoice.lines[0].sub_lines[0].net_amount == D("7.00")
    assert result.invoice.lines[0].net_amount == D("17.00")
    assert totals(result).invoice_total_amount_without_vat == D("17.00"), "sub lines are not counted twice"
    assert figure(result, "lines[0].sub_lines[0].sub_lines[0].net_amount").value == D("3.00")


def test_only_detail_lines_count_in_factur_x_extended() -> None:
    """BR-FXEXT-CO-10 and BR-FXEXT-08: a group sums what is below it, information is no amount."""

    def extended(given: InvoiceLine, number: str, kind: str, parent: str | None = None) -> InvoiceLine:
        extension = LineExtension(status_reason_code=kind, parent_line_identifier=parent)
        return replace(given, identifier=number, extension=extension)

    lines = (
        extended(InvoiceLine(net_amount=D("31.00")), "1", "GROUP"),
        extended(line("1", "10"), "1.1", "DETAIL", "1"),
        extended(line("2", "10"), "1.2", "DETAIL", "1"),
        extended(InvoiceLine(net_amount=D("99.00")), "1.3", "INFORMATION", "1"),
        extended(InvoiceLine(), "2", "GROUP"),
    )
    result = calculate(Invoice(lines=lines))
    assert totals(result).sum_of_invoice_line_net_amount == D("30.00")
    assert explanations(result) == [
        "BT-131 is stated as 31.00, but sum of BT-131 of the lines below it = 10.00 + 20.00 = 30.00."
    ]
    assert result.invoice.lines[4].net_amount is None, "a group need not state an amount"
