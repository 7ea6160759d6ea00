# SPDX-License-Identifier: Apache-2.0
"""Whole invoices, their totals and their currencies. All expected numbers were worked out by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from einvoice.errors import InputError
from einvoice.model import (
    DocumentLevelAllowance,
    DocumentLevelCharge,
    DocumentTotals,
    Invoice,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    VatBreakdown,
)
from einvoice.model.calculate import calculate
from einvoice.model.extensions import (
    AppliedTax,
    CurrencyExchange,
    InvoiceExtension,
    LogisticsServiceCharge,
    ThirdPartyPayment,
)
from tests.model.calculate.building import D, amount, explanations, figure, line, totals


def test_an_invoice_with_two_rates_allowances_and_a_prepayment() -> None:
    """12 × 99.95 = 1199.40 and 250 × 1.2345 = 308.625 -> 308.63; the rest follows."""
    invoice = Invoice(
        currency_code="EUR",
        lines=(
            replace(line("12", "99.95"), allowances=(InvoiceLineAllowance(base_amount=D("1199.40"), percentage=D(5)),)),
            replace(line("250", "1.2345", "7"), charges=(InvoiceLineCharge(amount=D("2.50")),)),
        ),
        document_level_allowances=(
            DocumentLevelAllowance(base_amount=D("1139.43"), percentage=D(2), vat_category_code="S", vat_rate=D(19)),
        ),
        document_level_charges=(DocumentLevelCharge(amount=D("8.90"), vat_category_code="S", vat_rate=D("7.0")),),
        totals=DocumentTotals(paid_amount=D("500.00"), rounding_amount=D("0.01")),
    )
    result = calculate(invoice)
    assert result.differences == ()
    assert [entry.net_amount for entry in result.invoice.lines] == [D("1139.43"), D("311.13")]
    assert result.invoice.lines[0].allowances[0].amount == D("59.97")
    assert result.invoice.document_level_allowances[0].amount == D("22.79")
    assert result.invoice.vat_breakdown == (
        VatBreakdown(category_code="S", rate=D(19), taxable_amount=D("1116.64"), tax_amount=D("212.16")),
        VatBreakdown(category_code="S", rate=D(7), taxable_amount=D("320.03"), tax_amount=D("22.40")),
    )
    assert totals(result) == DocumentTotals(
        sum_of_invoice_line_net_amount=D("1450.56"),
        sum_of_allowances_on_document_level=D("22.79"),
        sum_of_charges_on_document_level=D("8.90"),
        invoice_total_amount_without_vat=D("1436.67"),
        invoice_total_vat_amount=D("234.56"),
        invoice_total_amount_with_vat=D("1671.23"),
        paid_amount=D("500.00"),
        rounding_amount=D("0.01"),
        amount_due_for_payment=D("1171.24"),
    )


def test_an_empty_invoice_stays_empty_and_says_why() -> None:
    result = calculate(Invoice())
    assert result.invoice == Invoice()
    assert explanations(result) == ["BT-106 cannot be computed: no line counts towards it."]


def test_a_document_without_lines_keeps_what_it_states() -> None:
    """Factur-X MINIMUM has totals and no lines: nothing is computed, and nothing is held against nothing."""
    stated = DocumentTotals(
        invoice_total_amount_without_vat=D(100), invoice_total_vat_amount=D(19), invoice_total_amount_with_vat=D(119)
    )
    result = calculate(Invoice(totals=stated))
    assert result.differences == ()
    assert totals(result) == replace(stated, amount_due_for_payment=D("119.00"))


def test_a_breakdown_without_lines_is_completed_from_itself() -> None:
    """Factur-X BASIC WL: taxable amounts and rates are stated, and the taxes follow."""
    entry = VatBreakdown(category_code="S", rate=D(19), taxable_amount=D(100))
    result = calculate(Invoice(vat_breakdown=(entry,)))
    assert result.invoice.vat_breakdown == (replace(entry, tax_amount=D("19.00")),)


def test_logistics_charges_count_as_charges() -> None:
    """Factur-X EXTENDED, BR-FXEXT-CO-12 and BR-FXEXT-S-08."""
    freight = LogisticsServiceCharge(amount=D("4.90"), taxes=(AppliedTax(category_code="S", rate=D(19)),))
    charge = DocumentLevelCharge(amount=D("1.00"), vat_category_code="S", vat_rate=D(19))
    invoice = Invoice(
        lines=(amount("100"),),
        document_level_charges=(charge,),
        extension=InvoiceExtension(logistics_service_charges=(freight,)),
    )
    result = calculate(invoice)
    assert totals(result).sum_of_charges_on_document_level == D("5.90")
    assert figure(result, "totals.sum_of_charges_on_document_level").formula == "sum of BT-99 and BT-X-272"
    assert result.invoice.vat_breakdown[0].taxable_amount == D("105.90")
    assert totals(result).amount_due_for_payment == D("126.02")


def test_a_logistics_charge_without_an_amount_leaves_the_sums_open() -> None:
    extension = InvoiceExtension(logistics_service_charges=(LogisticsServiceCharge(),))
    result = calculate(Invoice(lines=(amount("100"),), extension=extension))
    assert totals(result) == DocumentTotals(sum_of_invoice_line_net_amount=D("100.00"))
    assert "BT-X-272 is missing, so the sum of charges (BT-108) cannot be computed." in explanations(result)


def test_amounts_collected_for_third_parties_are_due_too() -> None:
    """XRechnung, BR-DEX-09."""
    payments = (ThirdPartyPayment(amount=D("12.50")), ThirdPartyPayment(amount=D("1.00")))
    extension = InvoiceExtension(third_party_payments=payments)
    invoice = Invoice(lines=(amount("100"),), totals=DocumentTotals(paid_amount=D(19)), extension=extension)
    result = calculate(invoice)
    assert figure(result, "totals.amount_due_for_payment").sentence == (
        "BT-115 = BT-112 - BT-113 + sum of BT-DEX-002 = 119.00 - 19 + 13.50 = 113.50"
    )


def test_a_third_party_payment_without_an_amount_leaves_the_amount_due_open() -> None:
    extension = InvoiceExtension(third_party_payments=(ThirdPartyPayment(),))
    result = calculate(Invoice(lines=(amount("100"),), extension=extension))
    assert totals(result).amount_due_for_payment is None
    assert explanations(result) == ["BT-DEX-002 is missing, so BT-115 cannot be computed."]


def test_paid_and_rounding_amounts_are_never_invented() -> None:
    result = calculate(Invoice(lines=(amount("100"),)))
    assert totals(result).paid_amount is None
    assert totals(result).rounding_amount is None
    assert totals(result).sum_of_allowances_on_document_level is None
    assert totals(result).sum_of_charges_on_document_level is None


def test_every_stated_total_is_held_against_the_others() -> None:
    stated = DocumentTotals(
        sum_of_invoice_line_net_amount=D(101),
        sum_of_allowances_on_document_level=D(1),
        sum_of_charges_on_document_level=D(2),
        invoice_total_amount_without_vat=D(103),
        invoice_total_vat_amount=D(20),
        invoice_total_amount_with_vat=D(124),
        amount_due_for_payment=D(125),
    )
    result = calculate(Invoice(lines=(amount("100"),), totals=stated))
    assert totals(result) == stated
    assert [(entry.term, entry.computed) for entry in result.differences] == [
        ("BT-106", D(100)),
        ("BT-107", D(0)),
        ("BT-108", D(0)),
        ("BT-109", D(102)),
        ("BT-110", D(19)),
        ("BT-112", D(123)),
        ("BT-115", D(124)),
    ]
    assert explanations(result)[1] == "BT-107 is stated as 1, but sum of BT-92 = 0.00 (there is none)."


def test_the_sentence_of_a_total_shows_terms_and_numbers() -> None:
    invoice = Invoice(
        totals=DocumentTotals(invoice_total_amount_without_vat=D("1500.79"), invoice_total_vat_amount=D("284.15"))
    )
    found = figure(calculate(invoice), "totals.invoice_total_amount_with_vat")
    assert found.sentence == "BT-112 = BT-109 + BT-110 = 1500.79 + 284.15 = 1784.94"


def test_a_long_sum_is_abbreviated_in_the_sentence_only() -> None:
    result = calculate(Invoice(lines=tuple(amount(f"{number}.00") for number in range(1, 21))))
    found = figure(result, "totals.sum_of_invoice_line_net_amount")
    assert found.sentence == "BT-106 = sum of BT-131 = (1.00 + 2.00 + ... + 20.00, 20 values) = 210.00"
    assert len(found.operands[0].values) == 20


@pytest.mark.parametrize(
    ("currency", "net", "tax", "total"),
    [
        ("JPY", "1235", "124", "1359"),
        ("KWD", "1234.568", "123.457", "1358.025"),
        ("EUR", "1234.57", "123.46", "1358.03"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, net: str, tax: str, total: str) -> None:
    """3 × 411.5225 = 1234.5675, at 10 %."""
    result = calculate(Invoice(currency_code=currency, lines=(line("3", "411.5225", "10"),)))
    assert str(result.invoice.lines[0].net_amount) == net
    assert str(result.invoice.vat_breakdown[0].tax_amount) == tax
    assert str(totals(result).amount_due_for_payment) == total


def test_sums_keep_the_decimals_that_stated_amounts_have() -> None:
    """A sum of yen with sen is not rounded, or it would not be the sum any more (BR-CO-10)."""
    result = calculate(Invoice(currency_code="JPY", lines=(amount("10.50", "10"), amount("20", "10"))))
    assert str(totals(result).sum_of_invoice_line_net_amount) == "30.50"


def test_the_vat_total_is_also_given_in_the_accounting_currency() -> None:
    invoice = Invoice(currency_code="EUR", vat_accounting_currency_code="JPY", lines=(amount("100"),))
    result = calculate(invoice, exchange_rate=D("163.4567"))
    assert figure(result, "totals.invoice_total_vat_amount_in_accounting_currency").sentence == (
        "BT-111 = BT-110 × exchange rate = 19.00 × 163.4567 = 3106 (3105.677300 rounded half up to 0 decimals)"
    )


def test_the_rate_of_the_invoice_is_used_if_none_is_given() -> None:
    exchange = CurrencyExchange(source_currency_code="EUR", target_currency_code="SEK", rate=D("11.25"))
    invoice = Invoice(
        currency_code="EUR",
        vat_accounting_currency_code="SEK",
        lines=(amount("100"),),
        extension=InvoiceExtension(currency_exchange=exchange),
    )
    result = calculate(invoice)
    assert totals(result).invoice_total_vat_amount_in_accounting_currency == D("213.75")
    other = calculate(invoice, exchange_rate=D("11.30"))
    assert totals(other).invoice_total_vat_amount_in_accounting_currency == D("214.70")
    assert explanations(other) == ["BT-X-260 is stated as 11.25, but the exchange rate given for BT-111 is 11.30."]


@pytest.mark.parametrize(
    ("exchange", "why"),
    [
        (None, "there is no exchange rate from EUR to SEK"),
        (
            CurrencyExchange(source_currency_code="SEK", target_currency_code="EUR", rate=D("0.09")),
            "the exchange rate (BT-X-260) is from SEK to EUR, needed is EUR to SEK",
        ),
    ],
)
def test_without_a_rate_there_is_no_figure_and_it_is_said(exchange: CurrencyExchange | None, why: str) -> None:
    invoice = Invoice(
        currency_code="EUR",
        vat_accounting_currency_code="SEK",
        lines=(amount("100"),),
        extension=InvoiceExtension(currency_exchange=exchange),
    )
    result = calculate(invoice)
    assert totals(result).invoice_total_vat_amount_in_accounting_currency is None
    assert explanations(result) == [f"BT-111 cannot be computed: {why}."]


def test_the_same_currency_needs_no_second_vat_total() -> None:
    invoice = Invoice(currency_code="EUR", vat_accounting_currency_code="EUR", lines=(amount("100"),))
    assert totals(calculate(invoice)).invoice_total_vat_amount_in_accounting_currency is None


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", "1E+50"])
def test_an_exchange_rate_is_a_positive_number(rate: str) -> None:
    with pytest.raises(InputError, match="give a positive number"):
        calculate(Invoice(), exchange_rate=D(rate))


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E-999999"])
def test_values_that_are_no_amounts_are_left_alone(value: str) -> None:
    bad = D(value)
    invoice = Invoice(
        lines=(replace(line("1", "1"), net_amount=bad, invoiced_quantity=bad), replace(line("1", "1"), net_amount=bad)),
        totals=DocumentTotals(amount_due_for_payment=bad, paid_amount=bad),
    )
    result = calculate(invoice)
    assert str(result.invoice) == str(invoice)
