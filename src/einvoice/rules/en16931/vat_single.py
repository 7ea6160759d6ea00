# SPDX-License-Identifier: Apache-2.0
"""VAT rules that only one category has: BR-IC-11 and -12, BR-O-11 to -14, BR-B-01 and -02 (EN 16931-1, 6.4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from einvoice.model import Invoice
from einvoice.rules.en16931.mentions import Mentions, paths
from einvoice.rules.en16931.vat_rows import ALLOWANCES, BREAKDOWN, CHARGES, LINE_TAXES
from einvoice.rules.en16931.vat_use import VatUse
from einvoice.rules.leaves import Leaves
from einvoice.rules.places import counted
from einvoice.rules.registry import Miss, rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.model import Remark
    from einvoice.rules.en16931.vat_places import Use

_VAT = " ".join(BREAKDOWN)
_CATEGORIES = "BT-151 BT-95 BT-102 BT-118"
_ON_LINES = "lines.allowances.extension.vat_category_code lines.charges.extension.vat_category_code"
_LINE_TAXES = " ".join(LINE_TAXES)


@rule("BR-IC-11", syntax="ubl", reads=f"{_VAT} BT-72 BT-73 BT-74 BT-8 BT-X-264", unreadable="there", only=(VatUse, "K"))
def br_ic_11_ubl(invoice: Invoice, use: VatUse) -> Iterator[Miss]:
    """With an Intra-Community supply (K) in the VAT breakdown, the delivery date or the invoicing period is stated.

    UBL's test is content with any element in the period, also its description or the code of BT-8.
    """
    if not _listed(use, "K"):
        return
    delivery, period = invoice.delivery_information, invoice.invoicing_period
    if delivery is not None and delivery.actual_delivery_date is not None:
        return
    in_period = period is not None and (period.start_date or period.end_date or period.description is not None)
    if not in_period and invoice.value_added_tax_point_date_code is None:
        yield Miss("BT-72")


@rule("BR-IC-11", syntax="cii", reads=f"{_VAT} BT-72 BT-73 BT-74", unreadable="there", only=(VatUse, "K"))
def br_ic_11_cii(invoice: Invoice, use: VatUse) -> Iterator[Miss]:
    """With an Intra-Community supply (K) in the VAT breakdown, the delivery date or the invoicing period is stated."""
    if not _listed(use, "K"):
        return
    delivery, period = invoice.delivery_information, invoice.invoicing_period
    if delivery is not None and delivery.actual_delivery_date is not None:
        return
    if period is None or (period.start_date is None and period.end_date is None):
        yield Miss("BT-72")


@rule("BR-IC-12", syntax="ubl", reads=f"{_VAT} BT-80", only=(VatUse, "K"))
def br_ic_12_ubl(invoice: Invoice, use: VatUse) -> Iterator[Miss]:
    """With an Intra-Community supply (K) in the VAT breakdown, the country of delivery is stated."""
    if _listed(use, "K") and len(_delivery_country(invoice) or "") < 2:  # noqa: PLR2004 -- the test wants two letters
        yield Miss("BT-80", _delivery_country(invoice))


@rule("BR-IC-12", syntax="cii", reads=f"{_VAT} BT-80", only=(VatUse, "K"))
def br_ic_12_cii(invoice: Invoice, use: VatUse) -> Iterator[Miss]:
    """With an Intra-Community supply (K) in the VAT breakdown, the country of delivery is stated."""
    if _listed(use, "K") and _delivery_country(invoice) is None:
        yield Miss("BT-80")


def _listed(use: VatUse, code: str) -> bool:
    return any(one.vat for one in use.of_category("breakdown", code))


def _delivery_country(invoice: Invoice) -> str | None:
    delivery = invoice.delivery_information
    address = delivery.deliver_to_address if delivery is not None else None
    return address.country_code if address is not None else None


# ---- not subject to VAT: then nothing else is


@rule("BR-O-11", syntax="ubl", reads=_VAT, only=(VatUse, "O"))
def br_o_11_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """An invoice that is not subject to VAT (O) has no VAT breakdown of another category."""
    yield from _beside_o(use, use.breakdown)


@rule("BR-O-11", syntax="cii", reads=f"{_VAT} BT-151 lines.vat_information.tax_scheme_identifier", only=(VatUse, "O"))
def br_o_11_cii(_: Invoice, use: VatUse, leaves: Leaves) -> Iterator[Miss]:
    """An invoice that is not subject to VAT (O) has no VAT breakdown of another category.

    CII's test looks at the lines too, so that BR-O-11 and BR-O-12 always fire together.
    """
    yield from _beside_o_cii(use, [*use.breakdown, *use.lines], leaves, "ram:ApplicableTradeTax")


@rule("BR-O-12", syntax="ubl", reads=f"{_VAT} BT-151 lines.vat_information.tax_scheme_identifier", only=(VatUse, "O"))
def br_o_12_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """An invoice that is not subject to VAT (O) has no line of another category."""
    yield from _beside_o(use, [*use.lines, *use.sub_lines])


@rule("BR-O-12", syntax="cii", reads=f"{_VAT} BT-151 lines.vat_information.tax_scheme_identifier", only=(VatUse, "O"))
def br_o_12_cii(_: Invoice, use: VatUse, leaves: Leaves) -> Iterator[Miss]:
    """An invoice that is not subject to VAT (O) has no line of another category.

    CII's test looks at the VAT breakdown too, so that BR-O-11 and BR-O-12 always fire together.
    """
    yield from _beside_o_cii(use, [*use.lines, *use.breakdown], leaves, "ram:ApplicableTradeTax")


@rule("BR-O-13", syntax="ubl", reads=f"{_VAT} {' '.join(ALLOWANCES.code)}", only=(VatUse, "O"))
def br_o_13_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """An invoice that is not subject to VAT (O) has no allowance of another category."""
    yield from _beside_o(use, [*use.allowances, *use.line_allowances])


@rule("BR-O-13", syntax="cii", reads=f"{_VAT} BT-95 BT-102", only=(VatUse, "O"))
def br_o_13_cii(_: Invoice, use: VatUse, leaves: Leaves) -> Iterator[Miss]:
    """An invoice that is not subject to VAT (O) has no allowance of another category.

    CII's test looks at the charges too, so that BR-O-13 and BR-O-14 always fire together.
    """
    yield from _beside_o_cii(use, [*use.allowances, *use.charges], leaves, "ram:CategoryTradeTax")


@rule("BR-O-14", syntax="ubl", reads=f"{_VAT} {' '.join(CHARGES.code)}", only=(VatUse, "O"))
def br_o_14_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """An invoice that is not subject to VAT (O) has no charge of another category."""
    yield from _beside_o(use, [*use.charges, *use.line_charges])


@rule("BR-O-14", syntax="cii", reads=f"{_VAT} BT-95 BT-102", only=(VatUse, "O"))
def br_o_14_cii(_: Invoice, use: VatUse, leaves: Leaves) -> Iterator[Miss]:
    """An invoice that is not subject to VAT (O) has no charge of another category.

    CII's test looks at the allowances too, so that BR-O-13 and BR-O-14 always fire together.
    """
    yield from _beside_o_cii(use, [*use.charges, *use.allowances], leaves, "ram:CategoryTradeTax")


def _beside_o(use: VatUse, others: Iterable[Use]) -> Iterator[Miss]:
    if not _listed(use, "O"):
        return
    for one in others:
        if one.code != "O" and one.vat and (one.code is not None or one.stands):
            yield Miss(at=f"/{one.path}", found=one.code, expected="O")
            return


def _beside_o_cii(use: VatUse, others: Iterable[Use], leaves: Leaves, tax: str) -> Iterator[Miss]:
    """CII's tests look at every element of a name, and at any tax."""
    if not _listed(use, "O"):
        return
    for one in others:
        if one.code not in ("O", None):
            yield Miss(at=f"/{one.path}", found=one.code, expected="O")
            return
    for leaf in leaves.ending(f"{tax}/ram:CategoryCode"):
        if leaf.value != "O":
            yield Miss(found=leaf.value, expected="O", leaf=leaf)
            return


# ---- split payment, which only Italy has


@rule(
    "BR-B-01",
    syntax="ubl",
    reads=f"{_CATEGORIES} {_ON_LINES} {_LINE_TAXES} {paths('country_code', 'country_of_origin')}",
    only=(VatUse, "B"),
)
def br_b_01_ubl(_: Invoice, use: VatUse, mentions: Mentions) -> Iterator[Miss]:
    """An invoice with split payment (B) names no country but Italy.

    UBL's test looks at every country in the document, the countries of origin of the items among them.
    """
    if _first(use, "B", "sub_lines", "line_allowances", "line_charges", "line_taxes"):
        for path, country, leaf in mentions.named("country_code", "country_of_origin"):
            if country != "IT":
                yield Miss(at=f"/{path}", found=country, expected="IT", leaf=leaf)
                return


@rule(
    "BR-B-01",
    syntax="cii",
    reads=f"{_CATEGORIES} {_ON_LINES} {paths('country_code', 'location_country_code')}",
    only=(VatUse, "B"),
)
def br_b_01_cii(_: Invoice, use: VatUse, mentions: Mentions, leaves: Leaves) -> Iterator[Miss]:
    """An invoice with split payment (B) names no country but Italy in its addresses.

    CII's test looks for the code wherever a category stands, also that of a document or of a price.
    """
    if _anywhere(use, mentions, leaves, "B"):
        for path, country, leaf in mentions.named("country_code", "location_country_code"):
            if country != "IT":
                yield Miss(at=f"/{path}", found=country, expected="IT", leaf=leaf)
                return


@rule("BR-B-02", syntax="ubl", reads=_CATEGORIES, only=(VatUse, "B"))
def br_b_02_ubl(_: Invoice, use: VatUse) -> Iterator[Miss]:
    """An invoice with split payment (B) has nothing that is standard rated (S)."""
    split, standard = _first(use, "B", "sub_lines"), _first(use, "S", "sub_lines")
    if split and standard:
        yield Miss(at=f"/{standard.path}", found="S", expected="B", why=f"{counted(split.path)} is of category B")


@rule("BR-B-02", syntax="cii", reads=f"{_CATEGORIES} {_ON_LINES} {paths('category_code')}", only=(VatUse, "B"))
def br_b_02_cii(_: Invoice, use: VatUse, mentions: Mentions, leaves: Leaves) -> Iterator[Miss]:
    """An invoice with split payment (B) has nothing that is standard rated (S).

    CII's test looks for both codes wherever a category stands, also that of a document or of a price.
    """
    split = _anywhere(use, mentions, leaves, "B")
    standard = _anywhere(use, mentions, leaves, "S") if split else None
    if split and standard:
        why = f"{counted(split[0])} is of category B" if split[0] else ""
        yield Miss(at=f"/{standard[0]}" if standard[0] else "", found="S", expected="B", why=why, leaf=standard[1])


def _anywhere(use: VatUse, mentions: Mentions, leaves: Leaves, code: str) -> tuple[str, Remark | None] | None:
    """The first place in CII that states a code as a category of anything, in the model or beside it."""
    placed = _first(use, code, "sub_lines", "line_allowances", "line_charges")
    if placed:
        return placed.path, None
    beside = next((leaf for leaf in leaves.ending("ram:CategoryCode") if leaf.value == code), None)
    if beside or not use.has_taxes_beside:
        return ("", beside) if beside else None
    return next(((path, None) for path, text, _ in mentions.named("category_code") if text == code), None)


def _first(use: VatUse, code: str, *more: str) -> Use | None:
    """The first place that states a category, without white space around it."""
    parts = ("lines", "allowances", "charges", "breakdown", *more)
    return next((one for part in parts for one in use.of_category(part, code) if one.raw == code), None)
