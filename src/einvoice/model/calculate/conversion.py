# SPDX-License-Identifier: Apache-2.0
"""A whole invoice whose amounts include VAT, turned into one whose amounts do not. The method is in ``inclusive``."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from einvoice.model.calculate.arithmetic import EXACT, ZERO, add, plain, usable, usable_all
from einvoice.model.calculate.figures import Difference, Figure, Ledger, Operand
from einvoice.model.calculate.inclusive import Group, apportion, divided, groups_of
from einvoice.model.calculate.lines import DOCUMENT_ALLOWANCE, DOCUMENT_CHARGE, counts, group_totals
from einvoice.model.calculate.netting import Netting, Rate, Share, rate_of
from einvoice.model.calculate.parts import settle_parts
from einvoice.model.calculate.totals import logistics_charges
from einvoice.model.calculate.vat import key_of, name_of, parts_of
from einvoice.model.extensions import LogisticsServiceCharge
from einvoice.model.invoice import Invoice
from einvoice.model.lines import InvoiceLine
from einvoice.model.totals import DocumentLevelAllowance, DocumentLevelCharge, DocumentTotals

NESTED_GROUPS: Final = 32


def without_vat(invoice: Invoice, ledger: Ledger, decimals: int) -> tuple[Invoice, Decimal] | None:
    """The invoice without VAT in its amounts, and the total that was shown.

    Args:
        invoice: the invoice with amounts that include VAT.
        ledger: where the figures are entered.
        decimals: how many decimals an amount in the invoice currency has.

    Returns:
        ``None`` if an amount or a VAT rate is not known; the ledger then says which.
    """
    scratch = Ledger()
    gross = settle_parts(invoice, scratch, decimals)
    if not _all_known(gross, scratch, ledger):
        return None
    netting = Netting(ledger, decimals, {figure.path: figure for figure in scratch.figures})
    groups = groups_of(gross, decimals)
    net = _charges_without_vat(gross, netting)
    net = replace(net, lines=_lines_without_vat(net, groups, netting))
    net = replace(net, lines=_groups_without_vat(gross, net, netting))
    turned = {figure.path for figure in ledger.figures}
    ledger.figures[:0] = [figure for figure in scratch.figures if figure.path not in turned]
    return net, add(group.shown for group in groups)


def _all_known(gross: Invoice, scratch: Ledger, ledger: Ledger) -> bool:
    """Whether every amount and every rate that the totals rest on is known; if not, what is missing is said."""
    known = True
    for part in parts_of(gross):
        if part.key is None or (part.key[1] or ZERO) < 0:
            term = part.terms[1] if part.category is None else part.terms[2]
            why = f"{term} of {part.path} says no VAT rate, so its amounts cannot be turned into amounts without VAT."
            ledger.gap(term, part.path, why)
            known = False
        known = known and usable(part.amount) is not None
    if not known:
        ledger.differences += [found for found in scratch.differences if found.computed is None]
    return known


# ------------------------------------------------------------------------------------------ document level


def _rate(term: str, category: str | None, percent: Decimal | None) -> Rate:
    key = key_of(category, percent)
    return Rate(term, (key[1] if key else None) or ZERO)


def _charges_without_vat(invoice: Invoice, netting: Netting) -> Invoice:
    def allowance(index: int, item: DocumentLevelAllowance) -> DocumentLevelAllowance:
        rate = _rate("BT-96", item.vat_category_code, item.vat_rate)
        return netting.allowance(item, f"document_level_allowances[{index}]", DOCUMENT_ALLOWANCE, rate)

    def charge(index: int, item: DocumentLevelCharge) -> DocumentLevelCharge:
        rate = _rate("BT-103", item.vat_category_code, item.vat_rate)
        return netting.allowance(item, f"document_level_charges[{index}]", DOCUMENT_CHARGE, rate)

    def freight(index: int, item: LogisticsServiceCharge) -> LogisticsServiceCharge:
        rate = _rate("BT-X-274", item.taxes[0].category_code, item.taxes[0].rate)
        path = f"extension.logistics_service_charges[{index}].amount"
        return replace(item, amount=netting.amount("BT-X-272", path, item.amount or ZERO, rate))

    invoice = replace(
        invoice,
        document_level_allowances=tuple(allowance(*item) for item in enumerate(invoice.document_level_allowances)),
        document_level_charges=tuple(charge(*item) for item in enumerate(invoice.document_level_charges)),
    )
    logistics = tuple(freight(*item) for item in enumerate(logistics_charges(invoice)))
    if invoice.extension is None or not logistics:
        return invoice
    return replace(invoice, extension=replace(invoice.extension, logistics_service_charges=logistics))


# ------------------------------------------------------------------------------------------ lines


def _lines_without_vat(net: Invoice, groups: tuple[Group, ...], netting: Netting) -> tuple[InvoiceLine, ...]:
    """The lines, each with its share of the taxable amount that is left after allowances and charges."""
    amounts = {part.path: part.amount or ZERO for part in parts_of(net)}
    shares: dict[str, Share] = {}
    for group in groups:
        lines = [part for part in group.parts if part.terms[0] == "BT-131"]
        others = add(amounts[part.path] for part in group.parts if part.terms[0] != "BT-131")
        exact = tuple(divided(part.amount or ZERO, group.key[1] or ZERO) for part in lines)
        parts = apportion(exact, EXACT.subtract(group.taxable, others), netting.decimals)
        reason = f"so that {name_of(group.key)} has the taxable amount {plain(group.taxable)}"
        shares |= {part.path: Share(amount, reason) for part, amount in zip(lines, parts, strict=True)}
    turned = []
    for index, line in enumerate(net.lines):
        path = f"lines[{index}]"
        if not counts(line) and not _groups(line) and rate_of(line) is None and line.net_amount is not None:
            _name_left(path, netting)
        turned.append(netting.line(replace(line, net_amount=None) if _groups(line) else line, path, shares.get(path)))
    return tuple(turned)


def _name_left(path: str, netting: Netting) -> None:
    netting.ledger.gap("BT-152", path, f"{path} says no VAT rate, so its amounts still include VAT.")


def _groups(line: InvoiceLine) -> bool:
    return line.extension is not None and line.extension.status_reason_code == "GROUP"


def _groups_without_vat(gross: Invoice, net: Invoice, netting: Netting) -> tuple[InvoiceLine, ...]:
    """Grouping lines that state an amount get the sum of the lines below them, the innermost first."""
    lines = list(net.lines)
    todo = {index for index, line in enumerate(gross.lines) if _groups(line) and line.net_amount is not None}
    for _ in range(NESTED_GROUPS):
        totals = group_totals(tuple(lines), netting.decimals) if todo else {}
        found = {index: totals[index] for index in sorted(todo & totals.keys())}
        for index, result in found.items():
            lines[index] = replace(
                lines[index], net_amount=netting.enter("BT-131", f"lines[{index}].net_amount", result)
            )
        todo -= found.keys()
        if not found:
            break
    for index in sorted(todo):
        stated, rate = gross.lines[index].net_amount, rate_of(gross.lines[index])
        if rate is not None and usable(stated) is not None:
            stated = netting.amount("BT-131", f"lines[{index}].net_amount", stated or ZERO, rate)
        else:
            _name_left(f"lines[{index}]", netting)
        lines[index] = replace(lines[index], net_amount=stated)
    return tuple(lines)


# ------------------------------------------------------------------------------------------ what remains


def place_remainder(invoice: Invoice, shown: Decimal, ledger: Ledger, *, as_rounding: bool) -> Invoice:
    """Account for what the total with VAT (BT-112) is short of the total that was shown.

    Args:
        invoice: the invoice, settled up to BT-112.
        shown: what the amounts with VAT add up to.
        ledger: where a figure or a difference is entered.
        as_rounding: whether the remainder becomes the rounding amount (BT-114), if none is stated.
    """
    totals = invoice.totals or DocumentTotals()
    sums = usable_all((totals.invoice_total_amount_without_vat, totals.invoice_total_vat_amount))
    given = usable(totals.rounding_amount or ZERO)
    reached = add(sums or ())
    if given is None or not sums or reached != totals.invoice_total_amount_with_vat:
        return invoice  # BT-112 is open, or stated otherwise: then that is reported already
    remainder = EXACT.subtract(shown, reached)
    if remainder in (ZERO, given):
        return invoice
    if as_rounding and totals.rounding_amount is None:
        name = "total of the amounts with VAT"
        operands = (Operand(name, (shown,)), Operand("BT-112", (reached,)))
        ledger.enter(Figure("BT-114", "totals.rounding_amount", remainder, f"{name} - BT-112", operands))
        return replace(invoice, totals=replace(totals, rounding_amount=remainder))
    why = (
        f"The amounts with VAT add up to {plain(shown)}, but BT-112 is {plain(reached)}: "
        f"an amount and its rounded tax do not come to every total, and {plain(remainder)} remains."
    )
    path = "totals.invoice_total_amount_with_vat"
    ledger.differences.append(Difference("BT-112", path, shown, reached, why))
    return invoice
