# SPDX-License-Identifier: Apache-2.0
"""Which VAT categories an invoice uses, where, and for which amounts: computed once, asked by all VAT rules.

One walk over the lines serves every category and rate, so that judging takes time in proportion to the lines and not
to lines times VAT rates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Self

from einvoice.rules.arithmetic import ZERO
from einvoice.rules.en16931.mentions import Mentions
from einvoice.rules.en16931.tax_totals import TaxTotals
from einvoice.rules.en16931.vat_again import stated_again
from einvoice.rules.en16931.vat_places import AgainUse, BreakdownUse, LineTaxUse, LineUse, OnLineUse, Use
from einvoice.rules.en16931.vat_sums import Amounts, Sums, sums, sums_by_rate, sums_of_several, sums_of_several_by_rate
from einvoice.rules.once import once

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from einvoice.model import InvoiceLine, Reading, Remark
    from einvoice.rules.en16931.vat_again import Stated


_CODE: Final = "/ram:CategoryCode"
_UNPLACED: Final = re.compile(rf"/ram:CategoryTradeTax(?:\[\d+\])?{_CODE}$")


class VatUse:
    """The VAT categories of an invoice (a view, see ``rules.registry``); each part is computed when it is needed.

    UBL's tests compare the code without the white space around it, CII's compare it as it stands.
    """

    def __init__(self, reading: Reading) -> None:
        self._invoice = reading.invoice
        self._exact = reading.syntax == "cii"
        self._reading = reading
        self._groups: dict[str, dict[str | None, list[Use]]] = {}

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Look through an invoice.

        Args:
            reading: what was read.
        """
        return cls(reading)

    @once
    def lines(self) -> list[Use]:
        """What the lines state (BT-151)."""
        found: list[Use] = []
        for index, line in enumerate(self._invoice.lines):
            vat = line.vat_information
            found.append(self._use(LineUse, f"lines[{index}]", None if vat is None else vat.category_code, line))
        return self._with_again("lines", found)

    @once
    def allowances(self) -> list[Use]:
        """What document level allowances state (BT-95)."""
        some = enumerate(self._invoice.document_level_allowances)
        found = [self._use(Use, f"document_level_allowances[{n}]", one.vat_category_code, one) for n, one in some]
        return self._with_again("allowances", found)

    @once
    def charges(self) -> list[Use]:
        """What document level charges state (BT-102)."""
        some = enumerate(self._invoice.document_level_charges)
        found = [self._use(Use, f"document_level_charges[{n}]", one.vat_category_code, one) for n, one in some]
        return self._with_again("charges", found)

    @once
    def _again(self) -> list[Stated]:
        return stated_again(self._reading) if self._reading.remarks else []

    def _with_again(self, spot: str, found: list[Use]) -> list[Use]:
        """The places of one kind, those that state a category beside their first behind."""
        again = [one for one in self._again if one.spot == spot and one.index < len(found)]
        if not again:
            return found
        return found + [
            AgainUse(found[one.index], one.said.get("code"), one.rate, one.said.get("scheme", "")) for one in again
        ]

    @once
    def breakdown(self) -> list[Use]:
        """What the VAT breakdown states (BT-118)."""
        some = enumerate(self._invoice.vat_breakdown)
        found = [self._use(BreakdownUse, f"vat_breakdown[{n}]", one.category_code, one) for n, one in some]
        beside = TaxTotals.of(self._reading).breakdown if self._reading.remarks else ()
        return found + [self._use(BreakdownUse, "vat_breakdown", one.category_code, one) for one in beside]

    @once
    def line_taxes(self) -> list[Use]:
        """What tax totals within lines state."""
        if self._flat and all(line.extension is None for line in self._invoice.lines):
            return []
        return [
            self._use(LineTaxUse, f"{path}.extension.tax.parts[{n}]", one.category_code, one)
            for path, line in self._all_lines
            if line.extension is not None and line.extension.tax is not None
            for n, one in enumerate(line.extension.tax.parts)
        ]

    @once
    def subtotals(self) -> list[Use]:
        """What UBL's general rules on a VAT breakdown are asked of: those of the document, and those of lines."""
        return self.breakdown + self.line_taxes

    @once
    def breakdown_of_other_than_lmo(self) -> list[Use]:
        """The VAT breakdowns that CII's general rules are asked of.

        Of the rules that match an element, Schematron asks the first. CII gives the breakdowns of categories L, M and
        O to rules of their own, and so BR-45 to BR-48, BR-CO-03, BR-CO-17, BR-DEC-19 and BR-DEC-20 never see them.
        """
        return [one for one in self.breakdown if one.code not in ("L", "M", "O") or not one.vat]

    @once
    def _flat(self) -> bool:
        """Whether no line has lines within it."""
        return not any(line.sub_lines for line in self._invoice.lines)

    @once
    def _all_lines(self) -> list[tuple[str, InvoiceLine]]:
        """The lines, and those within them, with their paths."""
        found = [(f"lines[{n}]", line) for n, line in enumerate(self._invoice.lines)]
        for path, line in found:  # grows while it is walked
            if line.sub_lines:
                found += [(f"{path}.sub_lines[{n}]", below) for n, below in enumerate(line.sub_lines)]
        return found

    @once
    def sub_lines(self) -> list[Use]:
        """What lines within lines state: UBL's tests that look for a category anywhere see it there too."""
        if self._flat:
            return []
        return [
            self._use(LineUse, path, None if line.vat_information is None else line.vat_information.category_code, line)
            for path, line in self._all_lines[len(self._invoice.lines) :]
        ]

    @once
    def line_allowances(self) -> list[Use]:
        """What allowances on lines state."""
        if self._flat and not any(line.allowances for line in self._invoice.lines):
            return []
        return [
            self._use(OnLineUse, f"{path}.allowances[{n}]", one.extension.vat_category_code, one)
            for path, line in self._all_lines
            for n, one in enumerate(line.allowances)
            if one.extension is not None
        ]

    @once
    def line_charges(self) -> list[Use]:
        """What charges on lines state."""
        if self._flat and not any(line.charges for line in self._invoice.lines):
            return []
        return [
            self._use(OnLineUse, f"{path}.charges[{n}]", one.extension.vat_category_code, one)
            for path, line in self._all_lines
            for n, one in enumerate(line.charges)
            if one.extension is not None
        ]

    @once
    def _codes(self) -> frozenset[str | None]:
        """Every category that is stated anywhere."""
        on_lines = (self.lines, self.sub_lines, self.line_allowances, self.line_charges, self.line_taxes)
        parts = (*on_lines, self.allowances, self.charges, self.breakdown)
        placed = {use.code for part in parts for use in part}
        if self._exact:
            placed.update(remark.value for remark in self._reading.remarks if _CODE in remark.path)
            if self.has_taxes_beside:
                placed.update(text for _, text, _ in Mentions.of(self._reading).named("category_code"))
        return frozenset(placed)

    @once
    def has_taxes_beside(self) -> bool:
        """Whether taxes may be stated that only those tests of CII see which look anywhere.

        They are included in prices, or belong to logistics and to advance payments.
        """
        more = self._invoice.extension
        if more is not None and (more.logistics_service_charges or more.advance_payments):
            return True
        lines = self._invoice.lines if self._flat else [line for _, line in self._all_lines]
        return any(line.extension is not None and line.extension.included_tax is not None for line in lines)

    def among(self, keys: Iterable[str]) -> list[str]:
        """The categories that anything in the invoice is of.

        Args:
            keys: the categories that are asked for.
        """
        known = self._codes
        return [key for key in keys if key in known]

    @once
    def _unplaced(self) -> list[Remark]:
        return [
            one
            for one in self._reading.remarks
            if one.path.endswith(_CODE) and _UNPLACED.search(one.path) and one.reason == "unbound"
        ]

    def unplaced(self, code: str) -> int:
        """How many allowances and charges on lines state a category in CII, where the model has no place for it.

        Args:
            code: the category.
        """
        return sum(remark.value == code for remark in self._unplaced)

    def first_unplaced(self, code: str) -> Remark | None:
        """The first of them.

        Args:
            code: the category.
        """
        return next((remark for remark in self._unplaced if remark.value == code), None)

    def _use(self, kind: type[Use], path: str, code: str | None, thing: object) -> Use:
        return kind(path, code, thing, exact=self._exact)

    def of_category(self, spot: str, code: str) -> Sequence[Use]:
        """The places of one kind that state a category.

        Args:
            spot: ``lines``, ``sub_lines``, ``allowances``, ``charges`` (those of the document), ``line_allowances``,
                ``line_charges``, ``line_taxes`` or ``breakdown``.
            code: the category.
        """
        groups = self._groups.get(spot)
        if groups is None:
            groups = self._groups[spot] = {}
            for use in getattr(self, spot):
                groups.setdefault(use.code, []).append(use)
        return groups.get(code, ())

    @once
    def _by_code(self) -> tuple[Sums, Sums, Sums]:
        parts = (self.lines, self.charges, self.allowances)
        lines, charges, allowances = map(sums_of_several if self._again else sums, parts)
        return lines, charges, allowances

    @once
    def _by_rate(self) -> tuple[Sums, Sums, Sums]:
        parts = (self.lines, self.charges, self.allowances)
        lines, charges, allowances = map(sums_of_several_by_rate if self._again else sums_by_rate, parts)
        return lines, charges, allowances

    def taxable(self, code: str, rate: Decimal | None = None) -> Amounts:
        """The amounts of a category, of one rate if it is given.

        Args:
            code: the category.
            rate: the rate in percent.
        """
        key = code if rate is None else (code, rate)
        lines, charges, allowances = self._by_code if rate is None else self._by_rate
        return Amounts(lines.get(key, ZERO), charges.get(key, ZERO), allowances.get(key, ZERO))

    def rated_on_lines(self, code: str, rate: Decimal) -> bool:
        """Whether a line has this category at this rate, also one within a line.

        Args:
            code: the category.
            rate: the rate in percent.
        """
        return (code, rate) in self._by_rate[0] or _rated(self.sub_lines, code, rate)

    def rated_beside_lines(self, code: str, rate: Decimal) -> bool:
        """Whether an allowance or a charge has this category at this rate, also one on a line.

        Args:
            code: the category.
            rate: the rate in percent.
        """
        if any((code, rate) in sums for sums in self._by_rate[1:]):
            return True
        return _rated(self.line_allowances, code, rate) or _rated(self.line_charges, code, rate)


def _rated(uses: Iterable[Use], code: str, rate: Decimal) -> bool:
    return any(use.code == code and use.rate == rate for use in uses)


def without_category(uses: list[Use]) -> Iterable[str]:
    """Where no VAT category is stated, whatever else is.

    Args:
        uses: the places of one kind.
    """
    without = [one.path for one in uses if one.code is None or not one.vat]
    known = {one.path for one in uses if one.code is not None and one.vat} if without else set()
    return dict.fromkeys(path for path in without if path not in known)
