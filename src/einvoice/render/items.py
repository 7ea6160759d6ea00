# SPDX-License-Identifier: Apache-2.0
"""The invoice lines as rows of the page (BG-25 to BG-32)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from einvoice.render.further import details, sentence
from einvoice.render.sheet import Row, pairs
from einvoice.render.widths import ems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from einvoice.model import (
        Group,
        Invoice,
        InvoiceLine,
        InvoiceLineAllowance,
        InvoiceLineCharge,
        ItemAttribute,
        ItemInformation,
        LineVatInformation,
        PriceAllowance,
        PriceDetails,
    )
    from einvoice.render.words import Words

    Found = Iterator[tuple[str, ...]]

STANDARD_RATE = "S"
_NARROWEST = 25  # characters that a line of the narrowest column of descriptions holds
_HALF_A_PAGE = 30  # lines
_GROSS_BASIS = (
    "price_details.gross_price_base_quantity",
    "price_details.gross_price_base_quantity_unit_of_measure_code",
)
_DISCOUNT = (
    "item_price_discount",
    "discount_percentage",
    "discount_base_amount",
    "discount_reason",
    "discount_reason_code",
)
_HELD = frozenset({"parent_line_identifier"})  # shown by the indent, if the parent is an earlier line


def rows(words: Words, invoice: Invoice) -> tuple[Row, ...]:
    """All lines in their order, each followed by its sub lines.

    A line is nested if it stands within another (XRechnung extension) or names an earlier line as its parent
    (BT-X-304).
    """
    depths: dict[str, int] = {}
    shown = _rows(words, invoice.lines, invoice.currency_code, (0, "lines"), depths)
    return tuple(replace(row, ems=ems(row, words.page["colon"])) for row in shown)


def _rows(
    words: Words,
    lines: tuple[InvoiceLine, ...],
    currency: str | None,
    inside: tuple[int, str],
    depths: dict[str, int],
) -> Iterator[Row]:
    level, path = inside
    for index, line in enumerate(lines):
        here = f"{path}[{index}]"
        parent = line.extension.parent_line_identifier if line.extension else None
        depth = depths[parent] + 1 if parent and parent in depths else level
        is_shown = parent is not None and parent in depths
        depths[line.identifier or ""] = depth
        yield _row(words, line, currency, (depth, here), leave=_HELD if is_shown else frozenset())
        if line.sub_lines:
            yield from _rows(words, line.sub_lines, currency, (depth + 1, f"{here}.sub_lines"), depths)


def widest(shown: tuple[Row, ...]) -> dict[str, int]:
    """How many characters the columns of figures must hold, so that no figure runs over its neighbour."""
    return {
        "position": max((len(row.position) for row in shown), default=0),
        "quantity": max((len(part) for row in shown for part in row.quantity.split(" ")), default=0),
        "price": max((len(row.price) for row in shown), default=0),
        "amount": max((len(row.amount) for row in shown), default=0),
    }


def _row(words: Words, line: InvoiceLine, currency: str | None, inside: tuple[int, str], leave: frozenset[str]) -> Row:
    level, here = inside
    price, item = line.price_details, line.item_information
    said = (
        *_item(words, item),
        *_price(words, price, currency),
        *_adjustments(words, line, currency),
        *_references(words, line),
        *_exemption(words, line.vat_information, currency),
    )
    name = (item.name if item else None) or ""
    beyond = details(words, line.extension, currency, leave, f"{here}.extension")
    shown = (*pairs(said, f"{here}."), *beyond)
    return Row(
        level=level,
        position=line.identifier or "",
        name=name,
        details=shown,
        quantity=words.quantity(line.invoiced_quantity, line.invoiced_quantity_unit_of_measure_code),
        price=words.amount(price.item_net_price, currency) if price else "",
        price_basis=_basis(words, price, line.invoiced_quantity_unit_of_measure_code),
        vat=vat_rate(words, line.vat_information),
        amount=words.amount(line.net_amount, currency),
        tall=_lines(name) + sum(_lines(pair.label + pair.value) for pair in shown) > _HALF_A_PAGE,
        at=here,
    )


def _lines(text: str) -> int:
    """How many lines a text may take."""
    return sum(1 + len(line) // _NARROWEST for line in text.split("\n"))


def vat_rate(words: Words, vat: LineVatInformation | None) -> str:
    """The VAT of a line in a narrow column: rate, and the category's code where it is not the standard rate."""
    return short_vat(words, vat.category_code, vat.rate) if vat else ""


def short_vat(words: Words, category: str | None, rate: Decimal | None) -> str:
    """A VAT rate, with the code of its category (UNTDID 5305) where that is not the standard rate."""
    code = category if category and category != STANDARD_RATE else ""
    return " ".join(part for part in (words.percent(rate), code) if part)


def _item(words: Words, item: ItemInformation | None) -> Found:
    if item is None:
        return
    page, here = words.page, "item_information"
    yield "", item.description or "", f"{here}.description"
    yield page["sellers_item"], item.sellers_identifier or "", f"{here}.sellers_identifier"
    yield page["buyers_item"], item.buyers_identifier or "", f"{here}.buyers_identifier"
    yield page["standard_item"], words.identifier(item.standard_identifier), f"{here}.standard_identifier"
    for index, entry in enumerate(item.classifications):
        parts = (words.identifier(entry.identifier), entry.name)
        text = ", ".join(part for part in parts if part)
        yield page["classification"], text, *_fields(entry, f"{here}.classifications[{index}]")
    yield page["origin"], words.country(item.country_of_origin), f"{here}.country_of_origin"
    for index, attribute in enumerate(item.attributes):
        yield *_attribute(words, attribute), *_fields(attribute, f"{here}.attributes[{index}]")


def _fields(group: Group, here: str) -> Iterator[str]:
    """The paths of all that a group states."""
    return (f"{here}.{name}" for name in group.__struct_fields__ if getattr(group, name) not in (None, ()))


def _attribute(words: Words, attribute: ItemAttribute) -> tuple[str, str]:
    measure = words.quantity(attribute.value_measure, attribute.value_measure_unit_code)
    label = attribute.name or attribute.type_code or ""
    code = attribute.type_code if attribute.name else ""
    return label, ", ".join(part for part in (attribute.value, measure, code) if part)


def _price(words: Words, price: PriceDetails | None, currency: str | None) -> Found:
    if price is None:
        return
    page = words.page
    gross = words.money(price.item_gross_price, currency)
    per = _per(words, price.gross_price_base_quantity, price.gross_price_base_quantity_unit_of_measure_code)
    yield (
        page["gross_price"],
        " ".join(part for part in (gross, per) if part),
        "price_details.item_gross_price",
        *(_GROSS_BASIS if per else ()),
    )
    reason = price.discount_reason or words.code("allowance", price.discount_reason_code)
    code = words.code("allowance", price.discount_reason_code) if price.discount_reason else ""
    yield (
        page["price_discount"],
        _adjustment(
            words.money(price.item_price_discount, currency),
            words.percent(price.discount_percentage),
            words.money(price.discount_base_amount, currency),
            (reason, code),
            words,
        ),
        *(f"price_details.{name}" for name in _DISCOUNT if getattr(price, name) is not None),
    )
    further = (
        ("price_discount", "further_discounts", price.further_discounts),
        ("price_charge", "charges", price.charges),
    )
    for label, name, entries in further:
        for index, entry in enumerate(entries):
            yield page[label], _price_part(words, entry, currency), *_fields(entry, f"price_details.{name}[{index}]")


def _price_part(words: Words, part: PriceAllowance, currency: str | None) -> str:
    return _adjustment(
        words.money(part.amount, currency),
        words.percent(part.percentage),
        words.money(part.base_amount, currency),
        (part.reason, words.code("allowance", part.reason_code)),
        words,
    )


def _adjustment(amount: str, percentage: str, base: str, reasons: tuple[str | None, str | None], words: Words) -> str:
    """An allowance or charge in one run of text."""
    why = dict.fromkeys(reason for reason in reasons if reason)
    return ", ".join(part for part in (amount, share(words, percentage, base), *why) if part)


def share(words: Words, percentage: str, base: str) -> str:
    """What an amount was computed from: a percentage, a base, or one of the other."""
    return words.phrase("percent_of", percent=percentage, base=base) if percentage and base else percentage or base


def _adjustments(words: Words, line: InvoiceLine, currency: str | None) -> Found:
    groups: tuple[tuple[str, tuple[InvoiceLineAllowance | InvoiceLineCharge, ...]], ...] = (
        ("allowance", line.allowances),
        ("charge", line.charges),
    )
    for kind, entries in groups:
        for index, entry in enumerate(entries):
            said = _adjustment(
                words.money(entry.amount, currency),
                words.percent(entry.percentage),
                words.money(entry.base_amount, currency),
                (entry.reason, words.code(kind, entry.reason_code)),
                words,
            )
            beyond = sentence(words, entry.extension, currency)
            text = "; ".join(part for part in (said, beyond) if part)
            yield words.page[kind], text, *_fields(entry, f"{kind}s[{index}]")


def _references(words: Words, line: InvoiceLine) -> Found:
    page = words.page
    yield page["note"], line.note or "", "note"
    if line.period:
        period = words.period(line.period.start_date, line.period.end_date)
        yield page["period"], period, *_fields(line.period, "period")
    order_line = line.referenced_purchase_order_line_reference or ""
    yield page["order_line"], order_line, "referenced_purchase_order_line_reference"
    yield page["object"], words.identifier(line.object_identifier), "object_identifier"
    yield page["accounting_reference"], line.buyer_accounting_reference or "", "buyer_accounting_reference"


def _exemption(words: Words, vat: LineVatInformation | None, currency: str | None) -> Found:
    if vat is None:
        return
    said = exemption(words, vat.exemption_reason_text, vat.exemption_reason_code)
    reasons = ("exemption_reason_text", "exemption_reason_code")
    where = [f"vat_information.{name}" for name in reasons if getattr(vat, name)]
    yield words.page["exemption"], said, *where
    yield words.page["tax_scheme"], vat.tax_scheme_identifier or "", "vat_information.tax_scheme_identifier"
    yield words.page["line_vat"], words.money(vat.tax_amount, currency), "vat_information.tax_amount"


def exemption(words: Words, text: str | None, code: str | None) -> str:
    """Why no VAT is charged (BT-120, BT-121): the text, or the code in words; the code itself beside it."""
    said = text or words.exemption(code)
    return f"{said} ({code})" if said and code else said or code or ""


def _basis(words: Words, price: PriceDetails | None, unit: str | None) -> str:
    if price is None:
        return ""
    stated = price.item_price_base_quantity_unit_of_measure_code
    quantity = price.item_price_base_quantity
    if (quantity is None or quantity == 1) and stated in (None, unit):
        return ""
    return _per(words, quantity, stated or unit)


def _per(words: Words, quantity: Decimal | None, unit: str | None) -> str:
    if quantity is None and not unit:
        return ""
    shown = words.unit(unit, quantity) if quantity in (None, 1) else words.quantity(quantity, unit)
    return words.phrase("per", quantity=shown or words.number(quantity))
