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
from einvoice.model.calculate.vat import OUTSIDE, Key, Part, Reason, key_of, parts_of
from einvoice.model.invoice import Invoice
from einvoice.model.totals import VatBreakdown

NO_REASON: Final[Reason] = (None, None)
_SIGNS: Final = (("", "BT-131"), (" - ", "BT-92"), (" + ", "BT-99"), (" + ", "BT-X-272"))


class Bucket(NamedTuple):
    """The parts that one entry is made of.

    Attributes:
        key: their category and rate.
        parts: the parts.
        reason: the exemption reason they share; nothing if they state none, or several.
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
    if not any(part.terms[0] == "BT-131" for part in parts) or not _known(parts, stated, ledger):
        entries = tuple(_settle_tax(entry, _path(index), ledger, decimals) for index, entry in enumerate(stated))
    else:
        entries = _Entries(stated, ledger, decimals).settle(parts)
    return invoice if entries == stated else replace(invoice, vat_breakdown=entries)


def _known(parts: tuple[Part, ...], stated: tuple[VatBreakdown, ...], ledger: Ledger) -> bool:
    """Whether every part says what it amounts to and which entry it belongs to; if not, why that matters is said."""
    unknown = [part for part in parts if part.key is None]
    for part in unknown if not _states_amounts(stated) else ():
        term = part.terms[1] if part.category is None else part.terms[2]
        why = f"{term} of {part.path} is missing, so the VAT breakdown (BG-23) cannot be computed."
        ledger.gap(term, part.path, why)
    return not unknown and usable_all(part.amount for part in parts) is not None


def _states_amounts(stated: tuple[VatBreakdown, ...]) -> bool:
    return any(entry.taxable_amount is not None or entry.tax_amount is not None for entry in stated)


def _path(index: int) -> str:
    return f"vat_breakdown[{index}]"


# ------------------------------------------------------------------------------------------ entries


class _Entries:
    """The entries of one breakdown while they are settled."""

    def __init__(self, stated: tuple[VatBreakdown, ...], ledger: Ledger, decimals: int) -> None:
        self.entries = list(stated)
        self.complete = _states_amounts(stated)
        self.ledger = ledger
        self.decimals = decimals

    def settle(self, parts: tuple[Part, ...]) -> tuple[VatBreakdown, ...]:
        """Give every entry its parts, and add the entries that are missing."""
        stated: dict[Key | None, list[int]] = {}
        for index, entry in enumerate(self.entries):
            stated.setdefault(key_of(entry.category_code, entry.rate), []).append(index)
        together: dict[Key, list[Part]] = {}
        for part in parts:
            if part.key is not None:
                together.setdefault(part.key, []).append(part)
        for key, members in together.items():
            self._settle_key(key, members, stated.pop(key, []))
        for indices in stated.values():
            for index in indices:
                self._settle_alone(index)
        return tuple(self.entries)

    def _settle_key(self, key: Key, parts: list[Part], indices: list[int]) -> None:
        by_reason: dict[Reason, list[Part]] = {}
        for part in parts:
            by_reason.setdefault(part.reason, []).append(part)
        reasons = [reason for reason in by_reason if reason != NO_REASON]
        if len(indices) > 1:
            self._settle_several(key, by_reason, indices)
        elif indices or len(reasons) < 2:  # noqa: PLR2004
            reason = reasons[0] if len(reasons) == 1 else NO_REASON
            self._settle_bucket(Bucket(key, tuple(parts), reason), indices[0] if indices else None)
        else:
            for reason, members in by_reason.items():
                self._settle_bucket(Bucket(key, tuple(members), reason), None)

    def _settle_several(self, key: Key, by_reason: dict[Reason, list[Part]], indices: list[int]) -> None:
        """Several entries are stated for one category and rate: told apart by their reasons, or only added up."""
        entries = {(entry.exemption_reason_text, entry.exemption_reason_code): index for index, entry in (
            (index, self.entries[index]) for index in indices
        )}
        if len(entries) == len(indices) and by_reason.keys() <= entries.keys():
            for reason, index in entries.items():
                self._settle_bucket(Bucket(key, tuple(by_reason.get(reason, ())), reason), index)
            return
        amounts = usable_all(self.entries[index].taxable_amount for index in indices)
        computed = add(part.amount or ZERO for parts in by_reason.values() for part in parts)
        if amounts is not None and add(amounts) != computed:
            why = f"the entries of {_name(key)} state {plain(add(amounts))} in all, but the invoice has {plain(computed)}."
            path = f"{_path(indices[0])}.taxable_amount"
            self.ledger.differences.append(Difference("BT-116", path, add(amounts), computed, f"BT-116: {why}"))
        for index in indices:
            self.entries[index] = _settle_tax(self.entries[index], _path(index), self.ledger, self.decimals)
