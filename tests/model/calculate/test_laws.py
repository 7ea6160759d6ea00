# SPDX-License-Identifier: Apache-2.0
"""What holds for every calculation: it is final, it overwrites nothing, and it explains every change."""

from __future__ import annotations

import ast
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

import einvoice.model.calculate
from einvoice.model import (
    DocumentLevelAllowance,
    DocumentLevelCharge,
    DocumentTotals,
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    LineVatInformation,
    PriceAllowance,
    PriceDetails,
    VatBreakdown,
    fields_of,
    terms,
)
from einvoice.model.calculate import calculate
from einvoice.model.extensions import (
    AppliedTax,
    CurrencyExchange,
    InvoiceExtension,
    LineExtension,
    LogisticsServiceCharge,
    ThirdPartyPayment,
)
from tests.strategies import invoices, plausible_invoices

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

D = Decimal
NUMBERS = st.integers(-2_000, 2_000).map(lambda units: D(units) / 100)
BY_NAME: dict[str, SearchStrategy[Any]] = {
    "category_code": st.sampled_from(["S", "S", "S", "E", "Z", "O", "AE"]),
    "vat_category_code": st.sampled_from(["S", "S", "E", "O"]),
    "rate": st.sampled_from([D(19), D("19.0"), D(7), D(0)]),
    "vat_rate": st.sampled_from([D(19), D(7), D(0)]),
    "currency_code": st.sampled_from(["EUR", "JPY", "KWD"]),
    "vat_accounting_currency_code": st.sampled_from(["SEK", "JPY", "EUR"]),
    "status_reason_code": st.sampled_from(["DETAIL", "GROUP", "INFORMATION"]),
    "identifier": st.sampled_from(["1", "2", "1.1"]),
    "parent_line_identifier": st.sampled_from(["1", "2", "1.1"]),
}
REASONS = st.sampled_from(["training", "health"])
SUMMED = (
    Invoice, InvoiceLine, PriceDetails, PriceAllowance, InvoiceLineAllowance, InvoiceLineCharge, LineVatInformation,
    DocumentLevelAllowance, DocumentLevelCharge, DocumentTotals, VatBreakdown, InvoiceExtension, LineExtension,
    LogisticsServiceCharge, AppliedTax, ThirdPartyPayment, CurrencyExchange,
)  # fmt: skip


@st.composite
def sums(draw: DrawFn, cls: type[msgspec.Struct] = Invoice, depth: int = 0) -> Any:  # noqa: ANN401 - one of many structs
    """Invoices of nothing but what is calculated with, each term there or not, right or wrong."""
    given_fields = {}
    for name, info in fields_of(cls).items():
        if info.is_group and (info.value_type not in SUMMED or depth > 3):
            continue
        if not draw(st.booleans()):
            continue
        one: SearchStrategy[Any] | None = None
        if info.is_group:
            one = sums(info.value_type, depth + 1)
        elif info.value_type is Decimal:
            one = BY_NAME.get(name, NUMBERS)
        elif info.value_type is str:
            one = REASONS if "exemption" in name else BY_NAME.get(name)
        if one is not None:
            value = draw(st.lists(one, max_size=2).map(tuple) if info.repeats else one)
            given_fields[name] = value
    return cls(**given_fields)


def leaves(value: object, path: str = "") -> dict[str, object]:
    """Every value of an invoice by its path; groups that are there but empty count as values."""
    found: dict[str, object] = {}
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            found |= leaves(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            found |= leaves(item, f"{path}[{index}]")
    elif value is not None:
        found[path] = value
    return found


ANY = st.one_of(invoices(), sums(), plausible_invoices())


@given(ANY, st.booleans())
def test_the_result_is_final(invoice: Invoice, included: bool) -> None:  # noqa: FBT001 - drawn
    result = calculate(invoice, prices_include_vat=included)
    assume(not included or result.figures)  # amounts that could not be turned still include VAT
    again = calculate(result.invoice)
    assert again.invoice == result.invoice
    assert again.figures == ()


@given(ANY)
def test_what_is_stated_is_never_changed_and_what_is_new_is_explained(invoice: Invoice) -> None:
    result = calculate(invoice)
    before, after = leaves(invoice), leaves(result.invoice)
    assert {path: after.get(path) for path in before} == before
    assert {path: value for path, value in after.items() if path not in before} == {
        figure.path: figure.value for figure in result.figures
    }


@given(ANY)
def test_turning_amounts_explains_every_change(invoice: Invoice) -> None:
    result = calculate(invoice, prices_include_vat=True)
    before, after = leaves(invoice), leaves(result.invoice)
    figures = {figure.path: figure.value for figure in result.figures}
    changed = {path: value for path, value in after.items() if before.get(path) != value}
    assert before.keys() <= after.keys()
    assert {path: figures.get(path) for path in changed} == changed
    assert {path: after[path] for path in figures} == figures


@given(ANY, st.booleans())
def test_figures_and_differences_name_a_term_where_it_stands(invoice: Invoice, included: bool) -> None:  # noqa: FBT001 - drawn
    result = calculate(invoice, prices_include_vat=included)
    known = {path: term.id for path, term in terms().items()}
    for figure in result.figures:
        path = "".join(part.partition("]")[2] if "]" in part else part for part in figure.path.split("["))
        while ".sub_lines" in path:
            path = path.replace(".sub_lines", "", 1)
        assert known[path] == figure.term
        assert figure.sentence.startswith(f"{figure.term} = ")
    for difference in result.differences:
        assert difference.explanation.endswith(".")
        if difference.stated is not None and difference.computed is not None:
            assert difference.stated != difference.computed


@given(plausible_invoices())
def test_what_is_taken_away_is_put_back(invoice: Invoice) -> None:
    """Without its computed figures, an invoice is computed to be what it was."""
    stated = invoice.totals or DocumentTotals()
    bare = replace(
        invoice,
        lines=tuple(replace(line, net_amount=None) for line in invoice.lines),
        totals=DocumentTotals(paid_amount=stated.paid_amount, rounding_amount=stated.rounding_amount),
        vat_breakdown=tuple(
            replace(entry, taxable_amount=None, tax_amount=None, rate=None)
            for entry in invoice.vat_breakdown
            if entry.exemption_reason_code
        ),
    )
    rate = D("11.4321") if invoice.vat_accounting_currency_code else None
    result = calculate(bare, exchange_rate=rate)
    assert result.differences == ()
    assert result.invoice.totals == stated
    assert result.invoice.lines == invoice.lines
    assert set(result.invoice.vat_breakdown) == set(invoice.vat_breakdown)


@given(plausible_invoices())
def test_totals_agree_with_fractions(invoice: Invoice) -> None:
    """The same sums by another arithmetic."""

    def exact(value: Decimal | None) -> Fraction:
        return Fraction(value or 0)

    totals = invoice.totals or DocumentTotals()
    lines = sum((exact(line.net_amount) for line in invoice.lines), Fraction(0))
    allowances = sum((exact(entry.amount) for entry in invoice.document_level_allowances), Fraction(0))
    charges = sum((exact(entry.amount) for entry in invoice.document_level_charges), Fraction(0))
    unit = Fraction(1) if invoice.currency_code == "JPY" else Fraction(1, 100)
    assert exact(totals.invoice_total_amount_without_vat) == lines - allowances + charges
    assert (
        sum((exact(entry.taxable_amount) for entry in invoice.vat_breakdown), Fraction(0))
        == lines - allowances + charges
    )
    for entry in invoice.vat_breakdown:
        tax = exact(entry.taxable_amount) * exact(entry.rate) / 100
        assert abs(exact(entry.tax_amount) - tax) <= unit / 2
    for line in invoice.lines:
        price = line.price_details or PriceDetails()
        product = (
            exact(line.invoiced_quantity) * exact(price.item_net_price) / (exact(price.item_price_base_quantity) or 1)
        )
        less = sum((exact(entry.amount) for entry in line.allowances), Fraction(0))
        more = sum((exact(entry.amount) for entry in line.charges), Fraction(0))
        assert abs(exact(line.net_amount) - (product - less + more)) <= unit / 2


@given(sums())
def test_the_decimal_context_of_the_caller_does_not_matter(invoice: Invoice) -> None:
    expected = calculate(invoice)
    with localcontext(prec=2, rounding="ROUND_DOWN", Emax=3, Emin=-3):
        assert calculate(invoice) == expected


def test_no_figure_passes_through_binary_floating_point() -> None:
    for path in Path(einvoice.model.calculate.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.Name) and node.id == "float"), path
