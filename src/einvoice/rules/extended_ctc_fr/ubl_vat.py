# SPDX-License-Identifier: Apache-2.0
"""UBL, VAT breakdown: BR-FREXT-S-01, BR-FREXT-S-08 and their sisters, and BR-FREXT-S-09.

Each category has three tests of its taxable amount: ``08ini`` adds what is of the category and rate, ``08rev`` what has
the same reason for not charging VAT besides, and ``08`` is content if one of them is. The first two are warnings.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.arithmetic import HUNDRED, cents, money
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about
from einvoice.rules.extended_ctc_fr.families import listed_iff_used, taxable
from einvoice.rules.extended_ctc_fr.numbers import difference, exactly, near, only, shown, summed
from einvoice.rules.extended_ctc_fr.ubl_lines import AMOUNT, TAX, counted, counts, is_vat, vat_categories
from einvoice.rules.extended_ctc_fr.ubl_totals import indicated
from einvoice.rules.xpath import EXACT, divided, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.en16931.vat_rows import Category

Key = tuple[str | Decimal | None, ...]
DOCUMENT: Final = "/Invoice | /CreditNote"
_BREAKDOWN: Final = "cac:TaxTotal/cac:TaxSubtotal"
_CATEGORY: Final = "cac:TaxCategory"


# ---- which categories there are


class Categories(NamedTuple):
    """The VAT categories of a document.

    Attributes:
        used: those of lines that count, of allowances and of charges.
        listed: those of the VAT breakdown.
    """

    used: frozenset[str]
    listed: frozenset[str]


def categories(top: Part) -> Categories:
    """The VAT categories of a document.

    Args:
        top: the document.
    """
    lines = [one for name in ("cac:InvoiceLine", "cac:CreditNoteLine") for one in top.parts(name) if counts(one)]
    used = vat_categories(category for line in lines for category in line.parts(TAX))
    added = vat_categories(top.parts(f"cac:AllowanceCharge/{_CATEGORY}"))
    return Categories(used | added, vat_categories(top.parts(f"{_BREAKDOWN}/{_CATEGORY}")))


def _listed_iff_used(category: Category, top: Part) -> Faults:
    known = top.recall(categories)
    if (category.code in known.used) is (category.code in known.listed):
        return NO_FAULTS
    return [Fault(f"{_BREAKDOWN}/{_CATEGORY}/cbc:ID", expected=category.code if category.code in known.used else None)]


# ---- what is taxed


class Taxed(Struct):
    """What is taxed alike.

    Attributes:
        lines: net amounts of lines (BT-131), as texts.
        allowances: amounts of document level allowances (BT-92).
        charges: amounts of document level charges (BT-99).
        count: how many of them there are.
    """

    lines: list[str] = []
    allowances: list[str] = []
    charges: list[str] = []
    count: int = 0


class Ledger(Struct):
    """What is taxed, by category and rate, and by both with the reason for not charging VAT.

    Attributes:
        taxed: by key.
        open: why what is of a category and a rate cannot be added up; without a rate, what is of the category.
    """

    taxed: dict[Key, Taxed] = {}
    open: dict[Key, str] = {}


def ledger(top: Part) -> Ledger:
    """What is taxed.

    Args:
        top: the document.
    """
    found = Ledger()
    for line in top.recall(counted).lines:
        amounts = line.texts(AMOUNT)
        for taxed in _entries(found, line.parts(TAX), len(amounts)):
            taxed.lines += amounts
    for one in top.parts("cac:AllowanceCharge"):
        amounts, charge = one.texts("cbc:Amount"), indicated(one)
        for taxed in _entries(found, one.parts(_CATEGORY), len(amounts)):
            taxed.allowances += amounts if False in charge else []
            taxed.charges += amounts if True in charge else []
    return found


def _entries(found: Ledger, parts: list[Part], count: int) -> Iterator[Taxed]:
    """What something of some categories belongs to, each once."""
    keys: dict[Key, None] = {}
    for category in parts:
        key: Key = (trimmed(category.one("cbc:ID")),)
        try:
            key = (*key, None if key == ("O",) else only(category, "cbc:Percent"))
            if key[1] is not None or key[0] == "O":
                keys |= {key: None, (*key, *_reason(category)): None}
        except UnjudgeableError as error:
            found.open.setdefault(key, str(error))
    for key in keys:
        taxed = found.taxed.setdefault(key, Taxed())
        taxed.count += count
        yield taxed


def _reason(category: Part) -> tuple[str, str]:
    return trimmed(category.one("cbc:TaxExemptionReasonCode")), trimmed(category.one("cbc:TaxExemptionReason"))


# ---- the breakdown


def breakdowns(top: Part) -> dict[str, list[Part]]:
    """The VAT breakdowns by their category: their ``cac:TaxCategory``.

    Args:
        top: the document.
    """
    found: dict[str, list[Part]] = {}
    for category in top.parts(f"{_BREAKDOWN}/{_CATEGORY}"):
        try:
            if is_vat(category):
                found.setdefault(trimmed(category.one("cbc:ID")), []).append(category)
        except UnjudgeableError:  # a pattern that cannot be compared fits nothing
            continue
    return found


def _taxed(category: Part, code: str) -> tuple[Taxed, Taxed]:
    """What a breakdown adds up: with the reason for not charging VAT, and whatever that is."""
    known, nothing = category.recall(ledger), Taxed()
    rate = None if code == "O" else only(category, "cbc:Percent")
    key: Key = (code, rate)
    for one in ((code,), key):
        if one in known.open:
            raise UnjudgeableError(known.open[one])
    if key not in known.taxed or (code != "O" and rate is None):  # the reason, which may repeat, is not looked at then
        return nothing, nothing
    return known.taxed.get((*key, *_reason(category)), nothing), known.taxed[key]


def _judged(category: Category, chosen: tuple[int, ...], top: Part) -> Faults:
    """A test that is content if one of the chosen sums is near enough: 0 with the reason, 1 without."""
    return [
        fault for one in top.recall(breakdowns).get(category.code, ()) for fault in _misses(one, category.code, chosen)
    ] or NO_FAULTS


def _misses(category: Part, code: str, chosen: tuple[int, ...]) -> Iterator[Fault]:
    subtotal = category.above or category
    stated, both = only(subtotal, "cbc:TaxableAmount"), _taxed(category, code)
    sums = [both[one] for one in chosen]
    if not any(near(_off(stated, one), one.count) for one in sums):
        last = sums[-1]
        total = float(summed(last.lines)) - float(summed(last.allowances)) + float(summed(last.charges))
        why = f"{last.count} amounts are added, one cent each is tolerated"
        yield Fault("cbc:TaxableAmount", expected=shown(round(total, 2)), why=why, part=subtotal)


def _off(stated: Decimal | None, taxed: Taxed) -> Decimal | float | None:
    allowances, charges = exactly(summed(taxed.allowances)), exactly(summed(taxed.charges))
    return difference(stated, summed(taxed.lines), allowances.copy_negate(), charges)


LISTED: Final[tuple[ElementRule, ...]] = listed_iff_used(DOCUMENT, _listed_iff_used)
TAXABLE: Final[tuple[ElementRule, ...]] = taxable(DOCUMENT, "BR-FREXT", _judged, logistics=False)


@about("BR-FREXT-S-09", DOCUMENT)
def br_frext_s_09(top: Part) -> Iterator[Fault]:
    """The tax of VAT category Standard rated (S) is its taxable amount times its rate, give or take one cent each.

    There is one cent for each line, allowance and charge of the category, the rate and the VAT exemption reason.
    """
    for category in top.recall(breakdowns).get("S", ()):
        subtotal = category.above or category
        rate, basis = only(category, "cbc:Percent"), only(subtotal, "cbc:TaxableAmount")
        stated, (taxed, _) = only(subtotal, "cbc:TaxAmount"), _taxed(category, "S")
        if rate is None or basis is None:
            yield Fault("cbc:TaxAmount", part=subtotal)
            continue
        product = tax_of(basis, rate)
        if not near(difference(stated, product), taxed.count):
            why = f"{money(basis)} × {rate:f} % = {money(product)}"
            yield Fault("cbc:TaxAmount", expected=money(product), why=why, part=subtotal)


def tax_of(basis: Decimal, rate: Decimal) -> Decimal:
    """``round($basis * $rate div 100 * 100) div 100``.

    Args:
        basis: the taxable amount (BT-116).
        rate: the rate in percent (BT-119).
    """
    return cents(divided(EXACT.multiply(basis, rate), HUNDRED))
