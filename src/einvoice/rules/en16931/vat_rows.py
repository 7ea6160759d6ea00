# SPDX-License-Identifier: Apache-2.0
"""The kinds of rules that every VAT category has, as rows (EN 16931-1, 6.4.2): numbers 01 to 07 of each family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from einvoice.rules.en16931.tax_ids import TaxIds
from einvoice.rules.en16931.vat_use import VatUse
from einvoice.rules.places import counted
from einvoice.rules.registry import NOTHING, Miss
from einvoice.rules.rows import row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.model import Invoice
    from einvoice.rules.en16931.vat_demands import Demand, Rate
    from einvoice.rules.en16931.vat_places import Use
    from einvoice.rules.registry import Family, Rule


class Category(Struct, frozen=True):
    """A VAT category.

    Attributes:
        code: its code (UNTDID 5305).
        name: what it is called in a sentence.
    """

    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


def family(category: Category, *rules: Rule) -> tuple[Rule, ...]:
    """The rules of a category, which are asked only where something is of that category.

    Args:
        category: the VAT category.
        rules: the rules.
    """
    only = (VatUse, category.code)
    return tuple(
        structs.replace(rule, askings=tuple(structs.replace(asking, only=only) for asking in rule.askings))
        for rule in rules
    )


class Spot(Struct, frozen=True):
    """Where a category can be stated.

    Attributes:
        parts: the attributes of :class:`VatUse` to look into.
        noun: what it is called in a sentence.
        code: the paths of the category and of the tax scheme.
        rate: the paths of the rate.
    """

    parts: tuple[str, ...]
    noun: str
    code: tuple[str, ...]
    rate: tuple[str, ...]

    def uses(self, use: VatUse, code: str) -> list[Use]:
        """The places that state a category whose tax is VAT.

        Args:
            use: the VAT categories of the invoice.
            code: the category.
        """
        return [one for part in self.parts for one in use.of_category(part, code) if one.vat]


def _on_line(field: str, name: str) -> str:
    return f"lines.{field}.extension.{name}"


_SCHEME: Final = "extension.tax_scheme_identifier"
LINES: Final = Spot(
    ("lines", "sub_lines"), "line", ("BT-151", "lines.vat_information.tax_scheme_identifier"), ("BT-152",)
)
DOCUMENT_ALLOWANCES: Final = Spot(
    ("allowances",), "document level allowance", ("BT-95", f"document_level_allowances.{_SCHEME}"), ("BT-96",)
)
DOCUMENT_CHARGES: Final = Spot(
    ("charges",), "document level charge", ("BT-102", f"document_level_charges.{_SCHEME}"), ("BT-103",)
)
ALLOWANCES: Final = Spot(
    ("allowances", "line_allowances"),
    "allowance",
    (*DOCUMENT_ALLOWANCES.code, _on_line("allowances", "vat_category_code"), f"lines.allowances.{_SCHEME}"),
    ("BT-96", _on_line("allowances", "vat_rate")),
)
CHARGES: Final = Spot(
    ("charges", "line_charges"),
    "charge",
    (*DOCUMENT_CHARGES.code, _on_line("charges", "vat_category_code"), f"lines.charges.{_SCHEME}"),
    ("BT-103", _on_line("charges", "vat_rate")),
)
ITEMS: Final = (*LINES.code, *ALLOWANCES.code, *CHARGES.code)
AMOUNTS: Final = ("BT-151", "BT-131", "BT-95", "BT-92", "BT-102", "BT-99")
RATES: Final = ("BT-152", "BT-96", "BT-103")
ON_LINES: Final = tuple(
    _on_line(kind, name) for kind in ("allowances", "charges") for name in ("vat_category_code", "vat_rate")
)
LINE_TAXES: Final = tuple(f"lines.extension.tax.parts.{name}" for name in ("category_code", "tax_scheme_identifier"))
BREAKDOWN: Final = ("BT-118", "vat_breakdown.tax_scheme_identifier")


# ---- 01: a category that is used has its breakdown


def broken_down_iff_used(
    identifier: str,
    category: Category,
    *,
    syntax: Family,
    vat: bool = True,
    bare: bool = False,
    vat_if_used: bool = True,
) -> Rule:
    """There is a breakdown of the category if and only if something is of it.

    Args:
        identifier: the official id.
        category: the VAT category.
        syntax: the syntax that tests so.
        vat: whether only VAT counts as tax.
        bare: whether, where something is of the category, white space around that of the breakdown is not overlooked.
        vat_if_used: whether then only VAT counts as tax.
    """

    def check(_: Invoice, use: VatUse) -> Iterable[Miss]:
        used, listed = _counts(use, category.code, vat=vat)
        if used and bare:
            asked = use.of_category("breakdown", category.code)
            listed = sum(one.thing.category_code == category.code and (one.vat or not vat_if_used) for one in asked)
        return NOTHING if bool(used) == bool(listed) else _unmatched(category, used, listed)

    return row(
        identifier,
        check,
        (*ITEMS, *BREAKDOWN),
        f"There is a VAT breakdown of category {category} if something is of that category, and only then.",
        syntax,
        VatUse,
    )


def broken_down_once(
    identifier: str,
    category: Category,
    *,
    syntax: Family,
    used_too: bool = False,
    unlisted: bool = False,
    vat: bool = True,
) -> Rule:
    """There is exactly one breakdown of the category if anything is of it.

    Args:
        identifier: the official id.
        category: the VAT category.
        syntax: the syntax that tests so.
        used_too: whether a breakdown of a category that nothing else is of is wrong as well.
        unlisted: whether the test passes where there is no breakdown at all of the category.
        vat: whether only VAT counts as tax.
    """

    def check(_: Invoice, use: VatUse) -> Iterable[Miss]:
        used, listed = _counts(use, category.code, vat=vat)
        used += use.unplaced(category.code)
        if syntax == "ubl":
            used += _count(use, category.code, ("line_taxes",), vat=vat)
        if (not listed and (unlisted or not used)) or (listed == 1 and (used or not used_too)):
            return NOTHING
        return _unmatched(category, used, listed)

    return row(
        identifier,
        check,
        (*ITEMS, *BREAKDOWN, *(LINE_TAXES if syntax == "ubl" else ())),
        f"There is exactly one VAT breakdown of category {category} if anything is of that category.",
        syntax,
        VatUse,
    )


def broken_down_somehow(identifier: str, category: Category) -> Rule:
    """CII's test of categories with several rates: it counts, and two lines without a breakdown satisfy it.

    Args:
        identifier: the official id.
        category: the VAT category.
    """

    def check(_: Invoice, use: VatUse) -> Iterable[Miss]:
        listed = len(use.of_category("breakdown", category.code))
        on_lines = len(use.of_category("lines", category.code))
        beside = _count(use, category.code, (*ALLOWANCES.parts, *CHARGES.parts), vat=False) + use.unplaced(
            category.code
        )
        enough = (not on_lines or on_lines + listed > 1) and (not beside or beside + listed > 1)
        return NOTHING if enough else _unmatched(category, on_lines + beside, listed)

    return row(
        identifier,
        check,
        (*ITEMS, *BREAKDOWN),
        f"There is a VAT breakdown of category {category} if something is of that category.",
        "cii",
        VatUse,
    )


def _counts(use: VatUse, code: str, *, vat: bool) -> tuple[int, int]:
    parts = (*LINES.parts, *ALLOWANCES.parts, *CHARGES.parts)
    return _count(use, code, parts, vat=vat), _count(use, code, ("breakdown",), vat=vat)


def _count(use: VatUse, code: str, parts: Iterable[str], *, vat: bool) -> int:
    found = 0
    for part in parts:
        for one in use.of_category(part, code):
            found += one.vat or not vat
    return found


def _unmatched(category: Category, used: int, listed: int) -> Iterable[Miss]:
    why = f"{used} lines, allowances and charges and {listed} breakdowns are of category {category.code}"
    return (Miss("BG-23", listed, why=why),)


# ---- 02 to 04: who is known by which number


def known_by(identifier: str, category: Category, spot: Spot, demand: Demand, *, syntax: Family | None = None) -> Rule:
    """Where a category is used, the parties are known by the tax numbers it demands.

    Args:
        identifier: the official id.
        category: the VAT category.
        spot: where it is used.
        demand: the tax numbers.
        syntax: ``ubl`` or ``cii`` for a twin.
    """

    def check(_: Invoice, use: VatUse, ids: TaxIds) -> Iterable[Miss]:
        uses = spot.uses(use, category.code)
        if not uses or demand.met(ids):
            return NOTHING
        return (Miss(demand.term, why=f"{counted(uses[0].path)} is of category {category.code}"),)

    return row(
        identifier,
        check,
        (*spot.code, *demand.reads),
        known_sentence(category, spot, demand),
        syntax,
        VatUse,
        TaxIds,
    )


def known_sentence(category: Category, spot: Spot, demand: Demand) -> str:
    """What :func:`known_by` demands.

    Args:
        category: the VAT category.
        spot: where it is used.
        demand: the tax numbers.
    """
    return f"If {_a(spot)} is of VAT category {category}, {demand.text}."


def rate_sentence(category: Category, spot: Spot, demand: Rate) -> str:
    """What :func:`rate` demands.

    Args:
        category: the VAT category.
        spot: where the rate stands.
        demand: what it must be.
    """
    return f"Each {spot.noun} of VAT category {category} {demand.text}."


def _a(spot: Spot) -> str:
    return f"an {spot.noun}" if spot.noun[0] in "ai" else f"a {spot.noun}"


def known_by_on_any_tax(identifier: str, category: Category, demand: Demand) -> Rule:
    """UBL's test of BR-S-02: it fails where lines of the category exist, but none whose tax is VAT.

    Args:
        identifier: the official id.
        category: the VAT category.
        demand: the tax numbers.
    """

    def check(_: Invoice, use: VatUse, ids: TaxIds) -> Iterable[Miss]:
        uses = [*use.of_category("lines", category.code), *use.of_category("sub_lines", category.code)]
        if not uses or (demand.met(ids) and any(one.vat for one in uses)):
            return NOTHING
        return (Miss(demand.term, why=f"{counted(uses[0].path)} is of category {category.code}"),)

    sentence = f"If a line is of VAT category {category}, {demand.text}."
    return row(identifier, check, (*LINES.code, *demand.reads), sentence, "ubl", VatUse, TaxIds)


# ---- 05 to 07: which rate a category has


def rate(identifier: str, category: Category, spot: Spot, demand: Rate, *, syntax: Family | None = None) -> Rule:
    """The rate fits the category.

    Args:
        identifier: the official id.
        category: the VAT category.
        spot: where the rate stands.
        demand: what it must be.
        syntax: ``ubl`` or ``cii`` for a twin.
    """
    field = {
        "lines": "vat_information.rate",
        "line_allowances": "extension.vat_rate",
        "line_charges": "extension.vat_rate",
    }

    def check(_: Invoice, use: VatUse) -> Iterable[Miss]:
        return [
            Miss(at=f"/{one.path}.{field.get(part, 'vat_rate')}", found=one.rate, expected=demand.expected)
            for part in spot.parts
            if part != "sub_lines"  # their rates are asked nothing
            for one in use.of_category(part, category.code)
            if one.vat and not demand.met(one.rate)
        ]

    return row(
        identifier,
        check,
        (*spot.code, *spot.rate),
        rate_sentence(category, spot, demand),
        syntax,
        VatUse,
    )
