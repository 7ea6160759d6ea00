# SPDX-License-Identifier: Apache-2.0
"""BR-12 to BR-15, BR-CO-10 to BR-CO-17: the totals, their arithmetic and the VAT breakdown (EN 16931-1, 6.4.1).

Missing operands are treated as the published tests treat them: a comparison with nothing is false, so that BR-CO-10
fails beside BR-12 where BT-106 is absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from einvoice.model import DocumentTotals, Invoice
from einvoice.model.parts import UnjudgeableError
from einvoice.rules.arithmetic import (
    HUNDRED,
    ZERO,
    cents,
    double_cents,
    double_sum,
    equation,
    is_zero,
    money,
    same,
    spelled,
    whole,
)
from einvoice.rules.en16931.tax_totals import Monetary, TaxTotals, VatTotals, number
from einvoice.rules.en16931.vat_places import Use
from einvoice.rules.en16931.vat_use import VatUse
from einvoice.rules.leaves import Leaves
from einvoice.rules.places import below
from einvoice.rules.registry import NOTHING, Miss, rule
from einvoice.rules.rows import require, row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.rules.registry import Rule

ONE: Final = Decimal(1)
_BREAKDOWN: Final = "ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"

_LINE_TAX: Final = " ".join(
    f"lines.extension.tax.parts.{name}"
    for name in ("taxable_amount", "tax_amount", "category_code", "rate", "tax_scheme_identifier")
)


def differs(term: str, found: Decimal | None, expected: Decimal, why: str) -> Miss:
    """What is wrong with a figure that was computed.

    Args:
        term: its number.
        found: what is stated.
        expected: what it comes to.
        why: how that is computed.
    """
    return Miss(term, found, expected, equation(why, expected))


def _stated(identifier: str, term: str, sentence: str) -> Rule:
    """A total that must be there in UBL, where the element with the totals is there."""
    path = below(DocumentTotals, term)

    def check(invoice: Invoice, monetary: Monetary) -> Iterable[Miss]:
        missing = monetary.there and getattr(invoice.totals, path) is None
        return (Miss(term),) if missing else NOTHING

    return row(identifier, check, (term,), sentence, "ubl", Monetary, unreadable="there")


_LINES: Final = "The totals have the sum of the line net amounts."
_WITHOUT: Final = "The totals have the total without VAT."
_WITH: Final = "The totals have the total with VAT."
_DUE: Final = "The totals have the amount due for payment."

STATED: Final = (
    _stated("BR-12", "BT-106", _LINES),
    require("BR-12", DocumentTotals, "BT-106", _LINES, syntax="cii"),
    _stated("BR-13", "BT-109", _WITHOUT),
    require("BR-13", DocumentTotals, "BT-109", _WITHOUT, syntax="cii"),
    _stated("BR-14", "BT-112", _WITH),
    require("BR-14", DocumentTotals, "BT-112", _WITH, syntax="cii"),
    _stated("BR-15", "BT-115", _DUE),
    require("BR-15", DocumentTotals, "BT-115", _DUE, syntax="cii"),
)

# ---- sums over lines, allowances, charges


@rule("BR-CO-10", syntax="ubl", reads="BT-131 BT-106")
def br_co_10_ubl(invoice: Invoice, monetary: Monetary) -> Iterator[Miss]:
    """The sum of line net amounts is what the lines add up to, rounded to cents."""
    totals = invoice.totals
    if monetary.there and totals is not None:
        amounts = [line.net_amount for line in invoice.lines if line.net_amount is not None]
        expected, stated = cents(sum(amounts, ZERO)), totals.sum_of_invoice_line_net_amount
        if stated != expected:
            yield differs("BT-106", stated, expected, spelled(amounts))


@rule("BR-CO-10", syntax="cii", reads="BT-106 BT-131 BG-22")
def br_co_10_cii(invoice: Invoice) -> Iterator[Miss]:
    """The sum of line net amounts is what the lines add up to, rounded to cents.

    CII's test adds untyped texts, hence in binary floating point, and takes the exact value of that sum.
    """
    if invoice.totals is not None:
        amounts = [line.net_amount for line in invoice.lines if line.net_amount is not None]
        expected, stated = cents(Decimal(double_sum(amounts))), invoice.totals.sum_of_invoice_line_net_amount
        if stated != expected:
            yield differs("BT-106", stated, expected, spelled(amounts))


_ALLOWED: Final = "document_level_allowances totals.sum_of_allowances_on_document_level"
_CHARGED: Final = "document_level_charges totals.sum_of_charges_on_document_level"


@rule("BR-CO-11", syntax="ubl", reads="BT-92 BG-20 BT-107", given=_ALLOWED)
def br_co_11_ubl(invoice: Invoice, monetary: Monetary) -> Iterator[Miss]:
    """The sum of document level allowances is what they add up to, rounded to cents."""
    totals = invoice.totals
    if monetary.there and totals is not None:
        amounts = [one.amount for one in invoice.document_level_allowances]
        yield from _sum("BT-107", totals.sum_of_allowances_on_document_level, amounts)


@rule("BR-CO-11", syntax="cii", reads="BT-107 BT-92 BG-20 BG-22", given=_ALLOWED)
def br_co_11_cii(invoice: Invoice) -> Iterator[Miss]:
    """The sum of document level allowances is what they add up to, rounded to cents.

    CII's test computes in binary floating point.
    """
    if invoice.totals is not None:
        amounts = [one.amount for one in invoice.document_level_allowances]
        yield from _double_sum("BT-107", invoice.totals.sum_of_allowances_on_document_level, amounts)


@rule("BR-CO-12", syntax="ubl", reads="BT-99 BG-21 BT-108", given=_CHARGED)
def br_co_12_ubl(invoice: Invoice, monetary: Monetary) -> Iterator[Miss]:
    """The sum of document level charges is what they add up to, rounded to cents."""
    totals = invoice.totals
    if monetary.there and totals is not None:
        amounts = [one.amount for one in invoice.document_level_charges]
        yield from _sum("BT-108", totals.sum_of_charges_on_document_level, amounts)


@rule("BR-CO-12", syntax="cii", reads="BT-108 BT-99 BG-21 BG-22", given=_CHARGED)
def br_co_12_cii(invoice: Invoice) -> Iterator[Miss]:
    """The sum of document level charges is what they add up to, rounded to cents.

    CII's test computes in binary floating point.
    """
    if invoice.totals is not None:
        amounts = [one.amount for one in invoice.document_level_charges]
        yield from _double_sum("BT-108", invoice.totals.sum_of_charges_on_document_level, amounts)


def _sum(term: str, stated: Decimal | None, amounts: list[Decimal | None]) -> Iterator[Miss]:
    expected = cents(sum((amount for amount in amounts if amount is not None), ZERO))
    if stated != expected and (stated is not None or amounts):
        yield differs(term, stated, expected, spelled(amounts))


def _double_sum(term: str, stated: Decimal | None, amounts: list[Decimal | None]) -> Iterator[Miss]:
    if stated is None and not amounts:
        return
    expected, right = _double_total(stated, [amount for amount in amounts if amount is not None])
    if not right:
        yield differs(term, stated, Decimal(repr(expected)), spelled(amounts))


def _double_total(stated: Decimal | None, amounts: list[Decimal]) -> tuple[float, bool]:
    """What amounts come to, and whether that is stated: the sum of none is the whole number 0."""
    expected = double_cents(double_sum(amounts))
    return expected, stated is not None and (same(stated, expected) if amounts else is_zero(stated))


# ---- totals


@rule("BR-CO-13", syntax="ubl", reads="BT-106 BT-107 BT-108 BT-109")
def br_co_13_ubl(invoice: Invoice, monetary: Monetary) -> Iterator[Miss]:
    """The total without VAT is the sum of the lines, less allowances, plus charges.

    Without allowances and charges UBL's test does not round.
    """
    totals = invoice.totals
    if totals is None or not monetary.there:
        return
    lines, stated = totals.sum_of_invoice_line_net_amount, totals.invoice_total_amount_without_vat
    less, plus = totals.sum_of_allowances_on_document_level, totals.sum_of_charges_on_document_level
    if lines is None or stated is None:
        yield Miss("BT-109", stated)
        return
    exact = lines + (plus or 0) - (less or 0)
    expected = exact if less is None and plus is None else cents(exact)
    if stated != expected:
        yield differs("BT-109", stated, expected, spelled((lines, _minus(less), plus)))


@rule("BR-CO-13", syntax="cii", reads="BT-106 BT-107 BT-108 BT-109")
def br_co_13_cii(totals: DocumentTotals) -> Iterator[Miss]:
    """The total without VAT is the sum of the lines, less allowances, plus charges, rounded to cents."""
    lines, stated = totals.sum_of_invoice_line_net_amount, totals.invoice_total_amount_without_vat
    less, plus = totals.sum_of_allowances_on_document_level, totals.sum_of_charges_on_document_level
    if lines is None or stated is None:
        yield Miss("BT-109", stated)
        return
    expected = cents(lines + (plus or 0) - (less or 0))
    if stated != expected:
        yield differs("BT-109", stated, expected, spelled((lines, _minus(less), plus)))


def _minus(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


@rule("BR-CO-14", syntax="ubl", reads="BT-5 BT-6 BT-110 BT-117 BG-23 BG-22")
def br_co_14_ubl(invoice: Invoice, totals: TaxTotals) -> Iterator[Miss]:
    """The VAT total is what the VAT breakdown adds up to, rounded to cents; so is every other tax total.

    The model has one breakdown. Where a document has several VAT totals in one currency, its elements are asked to
    which of them a part belongs.
    """
    stated = invoice.totals.invoice_total_vat_amount if invoice.totals is not None else None
    apart = any(total.amount is not None and not total.parts for total in totals.beside)
    if stated is None and invoice.vat_breakdown and not totals.beside:
        yield Miss("BT-110")
    if stated is not None and invoice.vat_breakdown and not apart:
        taxes = [one.tax_amount for one in invoice.vat_breakdown if one.tax_amount is not None]
        expected = cents(sum(taxes, ZERO))
        if stated != expected:
            yield differs("BT-110", stated, expected, spelled(taxes))
    for total in totals.beside:
        amount = total.amount
        if amount is None and total.currency is None and any("tax_amount" in part for part in total.parts.values()):
            amount = (invoice.totals or DocumentTotals()).invoice_total_vat_amount_in_accounting_currency
        taxes = [one.tax_amount for one in total.breakdown if one.tax_amount is not None]
        if total.parts and amount is not None and amount != cents(sum(taxes, ZERO)):
            yield differs("BT-110", amount, cents(sum(taxes, ZERO)), spelled(taxes))


@rule("BR-CO-14", syntax="cii", reads="BT-110 BT-111 BT-117 BG-22 BT-5 BT-6")
def br_co_14_cii(invoice: Invoice, vat: VatTotals, leaves: Leaves) -> Iterator[Miss]:
    """The VAT total is what the VAT breakdown adds up to, rounded to cents.

    CII's test computes in binary floating point, and looks at VAT totals in the currency of the invoice only.
    """
    again = [number(leaf.value) for leaf in leaves.ending(f"{_BREAKDOWN}/ram:CalculatedAmount")]
    for stated in vat.amounts(invoice.currency_code):
        taxes = [one for one in (*(part.tax_amount for part in invoice.vat_breakdown), *again) if one is not None]
        expected, right = _double_total(stated, taxes)
        if not right:
            yield differs("BT-110", stated, Decimal(repr(expected)), spelled(taxes))


@rule("BR-CO-15", syntax="ubl", reads="BT-5 BT-6 BT-109 BT-110 BT-111 BT-112 BG-22")
def br_co_15_ubl(invoice: Invoice, tax: TaxTotals) -> Iterator[Miss]:
    """The total with VAT is the total without VAT plus the VAT total, which is stated once in the invoice currency."""
    if invoice.currency_code is None:
        return
    totals = invoice.totals or DocumentTotals()
    without, stated = totals.invoice_total_amount_without_vat, totals.invoice_total_amount_with_vat
    amounts = tax.amounts(invoice.currency_code)
    meant = amounts or tax.in_any_currency()
    if len(meant) == 1 and without is not None and stated not in (None, cents(without + meant[0])):
        # whatever currency the one VAT total names
        yield differs("BT-112", stated, cents(without + meant[0]), spelled((without, meant[0])))
    elif len(amounts) != 1:
        why = f"{len(amounts)} VAT totals are stated in {invoice.currency_code}"
        yield Miss("BT-110", totals.invoice_total_vat_amount, why=why)
    elif without is None or stated is None:
        yield Miss("BT-112", stated)


@rule("BR-CO-15", syntax="cii", reads="BT-5 BT-6 BT-109 BT-110 BT-111 BT-112 BG-22")
def br_co_15_cii(invoice: Invoice, tax: VatTotals) -> Iterator[Miss]:
    """The total with VAT is the total without VAT plus the VAT total, which is stated once in the invoice currency.

    CII's test is also content with a total with VAT that equals the total without, whatever the VAT total says.
    """
    if invoice.currency_code is None:
        return
    totals = invoice.totals or DocumentTotals()
    without, amounts = totals.invoice_total_amount_without_vat, tax.amounts(invoice.currency_code)
    vat = amounts[0] if len(amounts) == 1 else None
    stated = totals.invoice_total_amount_with_vat
    if without is None or stated is None:
        yield Miss("BT-112", stated)
    elif stated != without and (vat is None or stated != cents(without + vat)):
        yield differs("BT-112", stated, cents(without + (vat or 0)), spelled((without, vat)))


@rule("BR-CO-16", syntax="ubl", reads="BT-112 BT-113 BT-114 BT-115")
def br_co_16_ubl(invoice: Invoice, monetary: Monetary) -> Iterator[Miss]:
    """The amount due is the total with VAT, less what is paid, plus rounding.

    Where an amount is paid or rounded, UBL's test rounds both sides to cents.
    """
    totals = invoice.totals
    if totals is None or not monetary.there:
        return
    total, due = totals.invoice_total_amount_with_vat, totals.amount_due_for_payment
    paid, rounding = totals.paid_amount, totals.rounding_amount
    if total is None or due is None:
        yield Miss("BT-115", due)
        return
    left = due if rounding is None else cents(due - rounding)
    right = total if paid is None else cents(total - paid)
    if left != right:
        yield differs("BT-115", due, right + (rounding or 0), spelled((total, _minus(paid), rounding)))


@rule("BR-CO-16", syntax="cii", reads="BT-112 BT-113 BT-114 BT-115")
def br_co_16_cii(totals: DocumentTotals) -> Iterator[Miss]:
    """The amount due is the total with VAT, less what is paid, plus rounding."""
    total, due = totals.invoice_total_amount_with_vat, totals.amount_due_for_payment
    paid, rounding = totals.paid_amount, totals.rounding_amount
    if total is None or due is None:
        yield Miss("BT-115", due)
        return
    expected = total - (paid or 0) + (rounding or 0)
    if due != expected:
        yield differs("BT-115", due, expected, spelled((total, _minus(paid), rounding)))


# ---- VAT breakdown


@rule("BR-CO-17", syntax="ubl", reads=f"BT-116 BT-117 BT-118 BT-119 vat_breakdown.tax_scheme_identifier {_LINE_TAX}")
def br_co_17_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """The tax of a VAT category is its taxable amount times its rate, less than one unit apart.

    UBL asks breakdowns within lines too, which EN 16931 does not know.
    """
    for one in use.subtotals:
        product = _product(one)
        tax = one.thing.tax_amount
        if tax is None or not _is_tax(tax, one.rate if one.vat else None, product, inclusive=False):
            yield _tax_miss(one, product)


@rule("BR-CO-17", syntax="cii", reads="BT-116 BT-117 BT-118 BT-119 vat_breakdown.tax_scheme_identifier")
def br_co_17_cii(_: Invoice, use: VatUse, leaves: Leaves) -> Iterator[Miss]:
    """The tax of a VAT category is its taxable amount times its rate, at most one unit apart.

    CII does not ask breakdowns of categories L, M and O.
    """
    again = _amounts_again(leaves)
    for one in use.breakdown_of_other_than_lmo:
        if (term := again.get(one.path)) is not None:
            raise UnjudgeableError(f"{term} is stated again")
        product = _product(one)
        tax = one.thing.tax_amount
        if tax is None or not _is_tax(tax, one.rate if one.trimmed_vat else None, product, inclusive=True):
            yield _tax_miss(one, product)


def _amounts_again(leaves: Leaves) -> dict[str, str]:
    """The VAT breakdowns that state an amount again, as the schema of CII lets them do, and its term."""
    found: dict[str, str] = {}
    for term, name in (("BT-116", "BasisAmount"), ("BT-117", "CalculatedAmount")):
        for leaf in leaves.ending(f"{_BREAKDOWN}/ram:{name}"):
            _, _, position = leaf.path.rpartition("/")[0].rpartition("/ram:ApplicableTradeTax")
            place = int(position[1:-1]) - 1 if position else 0
            found.setdefault(f"vat_breakdown[{place}]", term)
    return found


def _product(one: Use) -> Decimal | None:
    if one.amount is None or one.rate is None or not one.trimmed_vat:
        return None
    return cents(abs(one.amount) * (one.rate / HUNDRED))


def _is_tax(tax: Decimal, rate: Decimal | None, product: Decimal | None, *, inclusive: bool) -> bool:
    """A rate that rounds to zero, or none, wants a tax that rounds to zero."""
    if rate is None or whole(rate) == 0:
        return whole(tax) == 0
    if product is None:
        return False
    low, high = abs(tax) - ONE, abs(tax) + ONE
    return low <= product <= high if inclusive else low < product < high


def _tax_miss(one: Use, product: Decimal | None) -> Miss:
    tax = one.thing.tax_amount
    why = "" if product is None or one.amount is None else f"{money(one.amount)} × {one.rate:f} % = {money(product)}"
    return Miss(at=f"/{one.path}.tax_amount", found=tax, expected=product, why=why)
