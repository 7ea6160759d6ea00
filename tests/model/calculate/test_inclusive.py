# SPDX-License-Identifier: Apache-2.0
"""Prices that include VAT: the customer pays what was shown. All expected numbers were worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from einvoice.model import (
    DocumentLevelAllowance,
    DocumentLevelCharge,
    DocumentTotals,
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    PriceAllowance,
    PriceDetails,
)
from einvoice.model.calculate import Calculation, calculate
from einvoice.model.calculate.inclusive import apportion, taxable_amount
from einvoice.model.extensions import AppliedTax, InvoiceExtension, LineExtension, LogisticsServiceCharge
from tests.model.calculate.building import D, amount, explanations, figure, line, totals


def inclusive(*lines: InvoiceLine, **fields: object) -> Calculation:
    """The calculation of an invoice whose prices include VAT; it has to be final."""
    result = calculate(replace(Invoice(lines=lines), **fields), prices_include_vat=True)
    again = calculate(result.invoice)
    assert again.invoice == result.invoice
    assert again.figures == ()
    return result


def nets(result: Calculation) -> list[str]:
    """The net amounts of the lines."""
    return [str(entry.net_amount) for entry in result.invoice.lines]


# ------------------------------------------------------------------------------------------ the total


def test_the_shown_price_is_what_is_due() -> None:
    """119.00 with 19 % is 100.00 and 19.00."""
    result = inclusive(line("1", "119.00"))
    assert result.differences == ()
    assert nets(result) == ["100.00"]
    assert totals(result).amount_due_for_payment == D("119.00")
    assert figure(result, "lines[0].net_amount").sentence == (
        "BT-131 = BT-131 with VAT / (1 + BT-152 / 100) = 119.00 / (1 + 19 / 100) = 100.00 "
        "(with VAT it is BT-129 × BT-146 = 1 × 119.00 = 119.00)"
    )


def test_a_cent_goes_to_the_line_whose_rounding_was_furthest_off() -> None:
    """Three times 1.99 at 19 %: 5.97 is 5.02 + 0.95, but 1.99 / 1.19 = 1.6722... -> 1.67 each is 5.01 in all."""
    result = inclusive(line("1", "1.99"), line("1", "1.99"), line("1", "1.99"))
    assert result.differences == ()
    assert nets(result) == ["1.68", "1.67", "1.67"]
    assert totals(result).amount_due_for_payment == D("5.97")


def test_each_rate_comes_to_what_was_shown_for_it() -> None:
    """At 19 %, 1.99 + 3.98 = 5.97 is 5.02 + 0.95; at 7 %, 10.70 is 10.00 + 0.70."""
    result = inclusive(line("1", "1.99"), line("1", "10.70", "7"), line("2", "1.99"))
    assert [(entry.taxable_amount, entry.tax_amount) for entry in result.invoice.vat_breakdown] == [
        (D("5.02"), D("0.95")),
        (D("10.00"), D("0.70")),
    ]
    assert nets(result) == ["1.67", "10.00", "3.35"], "3.3445 lost more to rounding than 1.6722"
    assert totals(result).invoice_total_amount_with_vat == D("16.67")


def test_a_total_that_no_net_amount_comes_to_is_a_difference() -> None:
    """0.03 at 19 %: 0.02 comes to 0.02, 0.03 comes to 0.04."""
    result = inclusive(line("1", "0.03"))
    (found,) = result.differences
    assert (found.term, found.stated, found.computed) == ("BT-112", D("0.03"), D("0.02"))
    assert found.explanation.endswith("and 0.01 remains.")
    assert totals(result).rounding_amount is None


def test_the_remainder_becomes_the_rounding_amount_if_asked() -> None:
    result = calculate(Invoice(lines=(line("1", "0.03"),)), prices_include_vat=True, remainder_as_rounding=True)
    assert result.differences == ()
    assert figure(result, "totals.rounding_amount").sentence == (
        "BT-114 = total of the amounts with VAT - BT-112 = 0.03 - 0.02 = 0.01"
    )
    assert totals(result).amount_due_for_payment == D("0.03")


def test_a_stated_rounding_amount_is_not_replaced() -> None:
    invoice = Invoice(lines=(line("1", "0.03"),), totals=DocumentTotals(rounding_amount=D("0.05")))
    result = calculate(invoice, prices_include_vat=True, remainder_as_rounding=True)
    assert totals(result).rounding_amount == D("0.05")
    assert [entry.term for entry in result.differences] == ["BT-112"]


def test_a_stated_rounding_amount_where_nothing_remains_is_no_matter() -> None:
    """The amount due may be rounded for reasons of its own."""
    result = inclusive(line("1", "119"), totals=DocumentTotals(rounding_amount=D("0.01")))
    assert result.differences == ()
    assert totals(result).amount_due_for_payment == D("119.01")


def test_remainders_of_two_rates_cancel_each_other_out() -> None:
    """0.03 at 19 % and 0.03 at 20 % are both out of reach: one falls short by a cent, the other exceeds by one."""
    assert taxable_amount(D("0.03"), D(19), 2) == (D("0.02"), D("0.01"))
    result = inclusive(line("1", "0.03"), line("1", "0.03", "20"))
    assert totals(result).invoice_total_amount_with_vat == D("0.06")
    assert result.differences == ()


def test_without_tax_nothing_is_turned() -> None:
    result = inclusive(line("3", "9.99", "0", "Z"), line("1", "5.00", None, "O"))
    assert nets(result) == ["29.97", "5.00"]
    assert figure(result, "lines[0].net_amount").formula == "BT-129 × BT-146"


# ------------------------------------------------------------------------------------------ prices


def test_the_price_has_the_decimals_that_its_amount_needs() -> None:
    """9.99 / 1.19 = 8.394957...: three times 8.3950 would round to 25.19, three times 8.39496 to 25.18."""
    result = inclusive(line("3", "9.99"))
    price = result.invoice.lines[0].price_details
    assert price is not None
    assert str(price.item_net_price) == "8.39496"
    assert nets(result) == ["25.18"]


def test_the_price_of_a_line_that_took_a_cent_follows_from_its_amount() -> None:
    result = inclusive(line("1", "1.99"), line("1", "1.99"), line("1", "1.99"))
    price = figure(result, "lines[0].price_details.item_net_price")
    assert price.sentence == "BT-146 = BT-131 / BT-129 = 1.68 / 1 = 1.6800"
    taken = figure(result, "lines[0].net_amount")
    assert "rounded to 1.68 instead of 1.67, so that S 19 % has the taxable amount 5.02" in taken.sentence


def test_gross_price_and_discount_are_turned_together() -> None:
    """23.80 - 11.90 = 11.90 with VAT is 20.00 - 10.00 = 10.00 without."""
    price = PriceDetails(
        item_gross_price=D("23.80"),
        item_price_discount=D("11.90"),
        further_discounts=(PriceAllowance(amount=D("1.19")),),
        charges=(PriceAllowance(amount=D("1.19")),),
    )
    result = inclusive(replace(line("2", "0"), price_details=price))
    assert result.differences == ()
    settled = result.invoice.lines[0].price_details
    assert settled == PriceDetails(
        item_net_price=D(10),
        item_gross_price=D(20),
        item_price_discount=D(10),
        further_discounts=(PriceAllowance(amount=D(1)),),
        charges=(PriceAllowance(amount=D(1)),),
    )
    assert nets(result) == ["20.00"]


def test_a_discount_in_percent_stays_one() -> None:
    price = PriceDetails(item_gross_price=D(119), discount_base_amount=D(119), discount_percentage=D(10))
    result = inclusive(replace(line("1", "0"), price_details=price))
    assert result.differences == ()
    settled = result.invoice.lines[0].price_details
    assert settled is not None
    assert (settled.discount_base_amount, settled.item_price_discount) == (D(100), D(10))
    assert (settled.item_gross_price, settled.item_net_price) == (D(100), D(90))


def test_a_price_for_another_quantity_than_the_gross_price_is_turned_on_its_own() -> None:
    price = PriceDetails(
        item_gross_price=D(119),
        gross_price_base_quantity=D(10),
        item_net_price=D("11.90"),
        item_price_base_quantity=D(1),
    )
    settled = inclusive(replace(line("1", "0"), price_details=price)).invoice.lines[0].price_details
    assert settled is not None
    assert (settled.item_gross_price, settled.item_net_price) == (D(100), D(10))


def test_a_line_amount_that_is_not_quantity_times_price_stays_a_difference() -> None:
    result = inclusive(replace(line("2", "11.90"), net_amount=D("11.90")))
    assert nets(result) == ["10.00"]
    assert explanations(result) == ["BT-131 is stated as 10.00, but BT-129 × BT-146 = 2 × 10.0000 = 20.00."]


# ------------------------------------------------------------------------------------------ allowances, charges


def test_allowances_and_charges_are_turned_and_the_lines_take_the_cents() -> None:
    """Shown: 100.00 - 10.00 + 5.95 + 1.19 = 97.14, that is 81.63 + 15.51."""
    freight = LogisticsServiceCharge(amount=D("1.19"), taxes=(AppliedTax(category_code="S", rate=D(19)),))
    result = inclusive(
        line("1", "100.00"),
        document_level_allowances=(
            DocumentLevelAllowance(base_amount=D(100), percentage=D(10), vat_category_code="S", vat_rate=D(19)),
        ),
        document_level_charges=(DocumentLevelCharge(amount=D("5.95"), vat_category_code="S", vat_rate=D(19)),),
        extension=InvoiceExtension(logistics_service_charges=(freight,)),
    )
    assert result.differences == ()
    allowance = result.invoice.document_level_allowances[0]
    assert (allowance.base_amount, allowance.amount) == (D("84.03"), D("8.40"))
    assert result.invoice.document_level_charges[0].amount == D("5.00")
    assert result.invoice.extension is not None
    assert result.invoice.extension.logistics_service_charges[0].amount == D("1.00")
    assert nets(result) == ["84.03"]
    assert totals(result).amount_due_for_payment == D("97.14")


def test_an_allowance_on_a_line_is_turned_at_the_rate_of_the_line() -> None:
    """107.00 - 10.70 = 96.30 at 7 % is 100.00 - 10.00 = 90.00."""
    given = replace(line("1", "107.00", "7"), allowances=(InvoiceLineAllowance(amount=D("10.70")),))
    result = inclusive(given)
    assert result.invoice.lines[0].allowances[0].amount == D("10.00")
    assert nets(result) == ["90.00"]


def test_charges_of_a_rate_that_no_line_has_are_turned_on_their_own() -> None:
    """5.95 at 19 % is 5.00 + 0.95; outside the scope of VAT nothing is turned."""
    freight = LogisticsServiceCharge(amount=D("3.00"), taxes=(AppliedTax(category_code="Z", rate=D(0)),))
    result = inclusive(
        line("1", "10.70", "7"),
        document_level_charges=(DocumentLevelCharge(amount=D("5.95"), vat_category_code="S", vat_rate=D(19)),),
        extension=InvoiceExtension(logistics_service_charges=(freight,)),
    )
    assert result.differences == ()
    assert [entry.taxable_amount for entry in result.invoice.vat_breakdown] == [D("10.00"), D("5.00"), D("3.00")]
    assert totals(result).amount_due_for_payment == D("19.65")


def test_a_line_may_state_its_amount_and_no_price() -> None:
    given = replace(amount("119.00"), price_details=PriceDetails(item_price_discount=D("11.90")))
    result = inclusive(given)
    settled = result.invoice.lines[0]
    assert settled.net_amount == D("100.00")
    assert settled.price_details == PriceDetails(item_price_discount=D("10.0000"))


def test_the_price_from_an_amount_counts_allowances_charges_and_base_quantity() -> None:
    """Three lines of 5.97 in all, of which the first takes the cent: (1.68 + 1.00 - 2.00) × 10 / 2 = 3.40."""
    first = replace(
        line("2", "4.00"),
        price_details=PriceDetails(item_net_price=D("4.00"), item_price_base_quantity=D(10)),
        allowances=(InvoiceLineAllowance(amount=D("1.19")),),
        charges=(InvoiceLineCharge(amount=D("2.38")),),
    )
    result = inclusive(first, line("1", "1.99"), line("1", "1.99"))
    assert nets(result) == ["1.68", "1.67", "1.67"]
    assert figure(result, "lines[0].price_details.item_net_price").sentence == (
        "BT-146 = (BT-131 + sum of BT-136 - sum of BT-141) × BT-149 / BT-129 = (1.68 + 1.00 - 2.00) × 10 / 2 = 3.4000"
    )


# ------------------------------------------------------------------------------------------ lines in lines


def test_sub_lines_add_up_to_their_line() -> None:
    subs = tuple(line("1", "1.99") for _ in range(3))
    result = inclusive(InvoiceLine(vat_information=subs[0].vat_information, sub_lines=subs))
    assert result.differences == ()
    assert [str(sub.net_amount) for sub in result.invoice.lines[0].sub_lines] == ["1.68", "1.67", "1.67"]
    assert nets(result) == ["5.02"]


def test_grouping_lines_get_the_sum_of_the_lines_below_them() -> None:
    def extended(given: InvoiceLine, number: str, kind: str, parent: str | None = None) -> InvoiceLine:
        extension = LineExtension(status_reason_code=kind, parent_line_identifier=parent)
        return replace(given, identifier=number, extension=extension)

    result = inclusive(
        extended(InvoiceLine(net_amount=D("5.97")), "1", "GROUP"),
        extended(InvoiceLine(net_amount=D("5.97")), "1.1", "GROUP", "1"),
        *(extended(line("1", "1.99"), f"1.1.{number}", "DETAIL", "1.1") for number in (1, 2, 3)),
        extended(amount("11.90"), "2", "INFORMATION"),
        extended(amount("23.80"), "3", "GROUP"),
    )
    assert result.differences == ()
    assert nets(result) == ["5.02", "5.02", "1.68", "1.67", "1.67", "10.00", "20.00"]


def test_an_informing_line_without_a_rate_is_said_to_be_left() -> None:
    extension = LineExtension(status_reason_code="INFORMATION")
    result = inclusive(line("1", "119"), InvoiceLine(net_amount=D(5), extension=extension))
    assert nets(result) == ["100.00", "5"]
    assert explanations(result) == ["lines[1] says no VAT rate, so its amounts still include VAT."]


# ------------------------------------------------------------------------------------------ what is missing


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (
            amount("5", None),
            "BT-152 of lines[1] says no VAT rate, so its amounts cannot be turned into amounts without VAT.",
        ),
        (
            amount("5", "-100"),
            "BT-152 of lines[1] says no VAT rate, so its amounts cannot be turned into amounts without VAT.",
        ),
        (
            replace(line("1", "1"), invoiced_quantity=None),
            "BT-131 is missing and cannot be computed: BT-129 is missing.",
        ),
    ],
)
def test_all_or_nothing(bad: InvoiceLine, why: str) -> None:
    """An invoice whose amounts partly include VAT would be worse than one that lacks figures."""
    invoice = Invoice(lines=(line("1", "119"), bad))
    result = calculate(invoice, prices_include_vat=True)
    assert result.invoice == invoice
    assert result.figures == ()
    assert why in explanations(result)


# ------------------------------------------------------------------------------------------ laws

money = st.integers(0, 10**7).map(lambda cents: Decimal(cents).scaleb(-2))


@given(money, st.integers(0, 400).map(lambda quarters: Decimal(quarters) / 4))
def test_the_taxable_amount_misses_by_a_cent_at_most(shown: Decimal, rate: Decimal) -> None:
    taxable, miss = taxable_amount(shown, rate, 2)
    tax = (taxable * rate / 100).quantize(D("0.01"), "ROUND_HALF_UP")
    assert taxable + tax + miss == shown
    assert abs(miss) <= D("0.01")
    if miss:
        for other in (taxable - D("0.01"), taxable + D("0.01")):
            assert other + (other * rate / 100).quantize(D("0.01"), "ROUND_HALF_UP") != shown


@given(st.lists(st.decimals(-1000, 1000, places=6), min_size=1, max_size=20), st.integers(-3, 3))
def test_shares_add_up_and_are_close_to_what_they_should_be(exact: list[Decimal], extra: int) -> None:
    target = sum(exact, D(0)).quantize(D("0.01")) + D(extra) / 100
    shares = apportion(tuple(exact), target, 2)
    assert sum(shares, D(0)) == target
    assert all(abs(share - value) <= D("0.01") * (2 + abs(extra)) for share, value in zip(shares, exact, strict=True))


@given(st.lists(st.tuples(st.integers(1, 20), money, st.sampled_from(["19", "7", "0"])), min_size=1, max_size=8))
def test_what_is_due_is_what_was_shown(rows: list[tuple[int, Decimal, str]]) -> None:
    """Up to one cent per rate, and then a difference says so."""
    lines = [line(str(quantity), str(price), rate, "S" if rate != "0" else "Z") for quantity, price, rate in rows]
    shown = sum((quantity * price for quantity, price, _ in rows), D(0))
    result = inclusive(*lines)
    due = totals(result).amount_due_for_payment or D(0)
    assert abs(shown - due) <= D("0.02")
    assert [entry.term for entry in result.differences] == ([] if due == shown else ["BT-112"])
    rounded = calculate(Invoice(lines=tuple(lines)), prices_include_vat=True, remainder_as_rounding=True)
    assert totals(rounded).amount_due_for_payment == shown
    assert rounded.differences == ()
