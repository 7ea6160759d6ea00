# SPDX-License-Identifier: Apache-2.0
"""The entries of the VAT breakdown (BG-23): which parts belong to which entry, and what the entry lacks.

A breakdown in which the source states no amount is completed, entries included. One that states amounts is taken as
all there is: what is missing within an entry is filled, an entry that is missing is reported.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from msgspec.structs import replace

from einvoice.model.calculate.arithmetic import EXACT, HUNDRED, ZERO, add, plain, rounded, usable, usable_all
from einvoice.model.calculate.figures import Difference, Figure, Ledger, Operand, Result, kept, rounding
from einvoice.model.calculate.vat import OUTSIDE, Key, Part, Reason, key_of, name_of, parts_of
from einvoice.model.invoice import Invoice
from einvoice.model.totals import VatBreakdown

NO_REASON: Final[Reason] = (None, None)
SIGNS: Final = {"BT-131": "+", "BT-92": "-", "BT-99": "+", "BT-X-272": "+"}


class Bucket(NamedTuple):
    """The parts that one entry is made of.

    Attributes:
        key: their category and rate.
        parts: the parts.
        reason: the exemption reason that they state; nothing if they state none, or several.
    """

    key: Key
    parts: tuple[Part, ...]
    reason: Reason


def settle_breakdown(invoice: Invoice, ledger: Ledger, decimals: int) -> Invoice:
    """Fill what the VAT breakdown lacks.

    Args:
        invoice: the invoice, its lines and its document level allowances and charges settled.
        ledger: where figures and differences are entered.
        decimals: how many decimals an amount in the invoice currency has.
    """
    parts = tuple(parts_of(invoice))
    stated = invoice.vat_breakdown
    # A document without lines (Factur-X MINIMUM, BASIC WL) states its breakdown and nothing that it could follow from.
    if any(part.terms[0] == "BT-131" for part in parts) and _all_known(parts, stated, ledger):
        entries = _settle_entries(stated, parts, ledger, decimals)
    else:
        entries = tuple(_settle_tax(entry, _path(index), ledger, decimals) for index, entry in enumerate(stated))
    return invoice if entries == stated else replace(invoice, vat_breakdown=entries)


def _all_known(parts: tuple[Part, ...], stated: tuple[VatBreakdown, ...], ledger: Ledger) -> bool:
    """Whether every part says how much it is and which entry it belongs to; if not, what is missing is said."""
    unknown = [part for part in parts if part.key is None]
    for part in () if _states_amounts(stated) else unknown:
        term = part.terms[1] if part.category is None else part.terms[2]
        why = f"{term} of {part.path} is missing, so the VAT breakdown (BG-23) cannot be computed."
        ledger.gap(term, part.path, why)
    return not unknown and usable_all(part.amount for part in parts) is not None


def _states_amounts(stated: tuple[VatBreakdown, ...]) -> bool:
    return any(entry.taxable_amount is not None or entry.tax_amount is not None for entry in stated)


def _path(index: int) -> str:
    return f"vat_breakdown[{index}]"


# ------------------------------------------------------------------------------------------ entries


def _settle_entries(
    stated: tuple[VatBreakdown, ...], parts: tuple[Part, ...], ledger: Ledger, decimals: int
) -> tuple[VatBreakdown, ...]:
    entries = list(stated)
    assigned, missing = _assign(stated, parts)
    for index, entry in enumerate(stated):
        if index in assigned:
            entries[index] = _settle_entry(entry, _path(index), assigned[index], ledger, decimals)
        else:
            _name_unassigned(entry, index, stated, parts, ledger)
            entries[index] = _settle_tax(entry, _path(index), ledger, decimals)
    for bucket in missing:
        if _states_amounts(stated):
            amount = add(part.amount or ZERO for part in bucket.parts)
            why = f"BG-23 has no entry for {name_of(bucket.key)}, which {plain(amount)} of the invoice belongs to."
            ledger.differences.append(Difference("BG-23", "vat_breakdown", None, amount, why))
        else:
            entries.append(_new_entry(_path(len(entries)), bucket, ledger, decimals))
    return tuple(entries)


def _assign(stated: tuple[VatBreakdown, ...], parts: tuple[Part, ...]) -> tuple[dict[int, Bucket], list[Bucket]]:
    """Which stated entry gets which parts, and the parts that no entry is stated for."""
    indices: dict[Key | None, list[int]] = {}
    for index, entry in enumerate(stated):
        indices.setdefault(key_of(entry.category_code, entry.rate), []).append(index)
    members: dict[Key, dict[Reason, list[Part]]] = {}
    for part in parts:
        if part.key is not None:
            members.setdefault(part.key, {}).setdefault(part.reason, []).append(part)
    assigned: dict[int, Bucket] = {}
    missing: list[Bucket] = []
    for key, by_reason in members.items():
        found = indices.get(key, [])
        if len(found) > 1:
            assigned |= _by_reason(key, by_reason, {_reason(stated[index]): index for index in found}, len(found))
        elif found:
            assigned[found[0]] = _together(key, by_reason)
        else:
            missing += _apart(key, by_reason)
    return assigned, missing


def _reason(entry: VatBreakdown) -> Reason:
    return entry.exemption_reason_text, entry.exemption_reason_code


def _by_reason(
    key: Key, by_reason: dict[Reason, list[Part]], entries: dict[Reason, int], stated: int
) -> dict[int, Bucket]:
    """Several entries of one category and rate are told apart by their reasons, or not at all."""
    if len(entries) < stated or not by_reason.keys() <= entries.keys():
        return {}
    return {index: Bucket(key, tuple(by_reason.get(reason, ())), reason) for reason, index in entries.items()}


def _together(key: Key, by_reason: dict[Reason, list[Part]]) -> Bucket:
    reasons = [reason for reason in by_reason if reason != NO_REASON]
    parts = tuple(part for parts in by_reason.values() for part in parts)
    return Bucket(key, parts, reasons[0] if len(reasons) == 1 else NO_REASON)


def _apart(key: Key, by_reason: dict[Reason, list[Part]]) -> list[Bucket]:
    """One bucket, unless the parts state different reasons: then one for each."""
    if len([reason for reason in by_reason if reason != NO_REASON]) <= 1:
        return [_together(key, by_reason)]
    return [Bucket(key, tuple(parts), reason) for reason, parts in by_reason.items()]


def _name_unassigned(
    entry: VatBreakdown, index: int, stated: tuple[VatBreakdown, ...], parts: tuple[Part, ...], ledger: Ledger
) -> None:
    """Say why the taxable amount of a stated entry was not held against anything."""
    key = key_of(entry.category_code, entry.rate)
    path = f"{_path(index)}.taxable_amount"
    if key is None:
        ledger.gap("BT-116", path, "BT-116 was not checked: the entry lacks its category (BT-118) or rate (BT-119).")
    elif any(part.key == key for part in parts):
        several = sum(key_of(other.category_code, other.rate) == key for other in stated)
        ledger.gap("BT-116", path, f"BT-116 was not checked: {several} entries of {name_of(key)} cannot be told apart.")
    else:
        why = f"BT-116: no line, allowance or charge has {name_of(key)}."
        computed = None if entry.taxable_amount is None else ZERO
        ledger.differences.append(Difference("BT-116", path, entry.taxable_amount, computed, why))


# ------------------------------------------------------------------------------------------ one entry


def _settle_entry(entry: VatBreakdown, path: str, bucket: Bucket, ledger: Ledger, decimals: int) -> VatBreakdown:
    result = _taxable(bucket.parts, decimals)
    taxable = ledger.settle("BT-116", f"{path}.taxable_amount", entry.taxable_amount, result)
    entry = replace(entry, taxable_amount=taxable)
    if entry.rate is None and bucket.key[1] is not None:
        entry = replace(entry, rate=_enter_rate(path, bucket, ledger))
    if _reason(entry) == NO_REASON and bucket.reason != NO_REASON:
        entry = _take_over_reason(entry, path, bucket.reason, ledger)
    return _settle_tax(entry, path, ledger, decimals)


def _new_entry(path: str, bucket: Bucket, ledger: Ledger, decimals: int) -> VatBreakdown:
    category = bucket.key[0]
    ledger.copy("BT-118", f"{path}.category_code", category, bucket.parts[0].terms[1])
    return _settle_entry(VatBreakdown(category_code=category), path, bucket, ledger, decimals)


def _enter_rate(path: str, bucket: Bucket, ledger: Ledger) -> Decimal:
    for part in bucket.parts:
        if part.rate is not None:
            ledger.copy("BT-119", f"{path}.rate", part.rate, part.terms[2])
            return part.rate
    ledger.enter(Figure("BT-119", f"{path}.rate", ZERO, f"the rate of category {bucket.key[0]}"))
    return ZERO


def _take_over_reason(entry: VatBreakdown, path: str, reason: Reason, ledger: Ledger) -> VatBreakdown:
    text, code = reason
    if text is not None:
        ledger.copy("BT-120", f"{path}.exemption_reason_text", text, "exemption reason of the parts")
    if code is not None:
        ledger.copy("BT-121", f"{path}.exemption_reason_code", code, "exemption reason code of the parts")
    return replace(entry, exemption_reason_text=text, exemption_reason_code=code)


def _taxable(parts: tuple[Part, ...], decimals: int) -> Result:
    """BT-116: what the parts add up to, allowances taken off."""
    formula, operands = "", []
    amounts: list[Decimal] = []
    for term, sign in SIGNS.items():
        values = tuple(part.amount for part in parts if part.terms[0] == term and part.amount is not None)
        if not values:
            continue
        name = f"sum of {term}"
        formula += f" {sign} {name}" if formula else ("-" if sign == "-" else "") + name
        operands.append(Operand(name, values if sign == "+" else tuple(EXACT.minus(value) for value in values)))
        amounts += values
    return rounding(add(amounts), kept(tuple(amounts), decimals), formula or "nothing", tuple(operands))


def _settle_tax(entry: VatBreakdown, path: str, ledger: Ledger, decimals: int) -> VatBreakdown:
    """BT-117: taxable amount times rate, rounded (BR-CO-17)."""
    taxable = usable(entry.taxable_amount)
    key = key_of(entry.category_code, entry.rate)
    rate = key[1] if key else usable(entry.rate)
    if taxable is None or (rate is None and entry.category_code != OUTSIDE):
        if entry.tax_amount is None:
            missing = "BT-116" if taxable is None else "BT-119"
            ledger.gap("BT-117", f"{path}.tax_amount", f"BT-117 cannot be computed: {missing} of {path} is missing.")
        return entry
    if rate is None:
        result = Result(rounded(ZERO, decimals), f"nothing for category {OUTSIDE}")
    else:
        exact = EXACT.divide(EXACT.multiply(taxable, rate), HUNDRED)
        operands = (Operand("BT-116", (taxable,)), Operand("BT-119", (rate,)))
        result = rounding(exact, decimals, "BT-116 × BT-119 / 100", operands)
    tax = ledger.settle("BT-117", f"{path}.tax_amount", entry.tax_amount, result)
    return entry if tax is entry.tax_amount else replace(entry, tax_amount=tax)
