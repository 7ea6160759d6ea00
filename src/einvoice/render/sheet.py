# SPDX-License-Identifier: Apache-2.0
"""The sheet: what stands on the page, ready to be read, in the language of the reader.

A sheet says *what* is shown and in which words; a template says *where*. Everything in it is text that is already
localised, so that a template needs no knowledge of invoices and each kind of page (PDF, HTML) shows the same.
The JSON form of :class:`Sheet` is what a Typst template receives as ``sys.inputs.sheet``, without the places.

``at`` says where in the model a text comes from: paths such as ``lines[2].net_amount``, several where a text is made
of several terms. Where all texts of an entry lie below one path, ``at`` is that path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Pair(Struct, frozen=True):
    """A value and what it is. The label may be empty where the value speaks for itself."""

    label: str
    value: str
    at: tuple[str, ...] = ()


def pairs(found: Iterable[tuple[str, ...]], prefix: str = "") -> tuple[Pair, ...]:
    """Those of some values that are there, as pairs.

    Args:
        found: for each value its label, the value, and the paths where it stands.
        prefix: what to put before every path, with its dot.
    """
    return tuple(
        Pair(label, value, tuple(prefix + path for path in at) if prefix else tuple(at))
        for label, value, *at in found
        if value
    )


class Block(Struct, frozen=True):
    """Some pairs under one title: references, one way to pay, one instalment."""

    title: str
    pairs: tuple[Pair, ...] = ()
    at: tuple[str, ...] = ()


class Party(Struct, frozen=True):
    """A party as it would stand on a letter, and the numbers it is known by."""

    title: str
    name: str
    address: tuple[str, ...] = ()
    details: tuple[Pair, ...] = ()
    name_at: tuple[str, ...] = ()
    address_at: tuple[tuple[str, ...], ...] = ()


class Row(Struct, frozen=True):
    """One invoice line.

    Attributes:
        level: how deep the line is nested; 0 for a line of the invoice itself.
        position: its identifier (BT-126).
        name: what is invoiced.
        details: everything else that is said about it.
        quantity: the quantity with its unit in words.
        price: the net price.
        price_basis: how many units the price is for, in words; empty if for one.
        vat: rate, and the category where it is not the standard rate.
        amount: the net amount.
        tall: whether it may need more than half a page and so may be split between pages.
        ems: how wide its texts are at most, in thousandths of their size: position, name, the widest of the details,
            quantity, price, basis of the price, VAT, amount (:mod:`einvoice.render.widths`); nothing if unknown.
    """

    level: int
    position: str
    name: str
    details: tuple[Pair, ...]
    quantity: str
    price: str
    price_basis: str
    vat: str
    amount: str
    tall: bool = False
    at: str = ""
    ems: tuple[int, ...] = ()


class Adjustment(Struct, frozen=True):
    """An allowance (its amount with a minus) or a charge on the whole invoice."""

    kind: str
    reason: str
    basis: str
    vat: str
    amount: str
    at: str = ""


class Total(Struct, frozen=True):
    """One line of the totals; the one to pay is strong. ``ems`` are the widths of label and value, as in a row."""

    label: str
    value: str
    strong: bool = False
    at: tuple[str, ...] = ()
    ems: tuple[int, ...] = ()


class VatRow(Struct, frozen=True):
    """The VAT of one category and rate, with the reason where none is charged.

    ``ems`` are the widths of the four texts, as in a row, where there are no details.
    """

    category: str
    rate: str
    taxable: str
    tax: str
    details: tuple[Pair, ...] = ()
    at: str = ""
    ems: tuple[int, ...] = ()


class Code(Struct, frozen=True):
    """A square that a banking app reads.

    Attributes:
        title: what it is for, such as ``Pay by app``.
        image: the square as SVG, black on white, with its quiet zone.
        text: what it says, for those who cannot see it.
    """

    title: str
    image: str
    text: str


class Slip(Struct, frozen=True):
    """The payment part and the receipt of a Swiss QR-bill.

    Attributes:
        words: the titles that the form demands, by name.
        language: the language of these words; the form exists in four.
        code: the square, with the Swiss cross.
        account: the account and who is paid, line by line.
        reference: the reference, in groups; empty if there is none.
        information: what is said in words; empty if nothing is.
        payer: who pays, line by line; empty to be filled in by hand.
        currency: CHF or EUR.
        amount: the amount as the form demands it, such as ``1 234.50``.
    """

    words: dict[str, str]
    language: str
    code: Code
    account: tuple[str, ...]
    reference: str
    information: str
    payer: tuple[str, ...]
    currency: str
    amount: str


class Sheet(Struct, frozen=True):
    """Everything on the page.

    Attributes:
        language: ISO 639 code of the words on the page.
        region: ISO 3166 code that goes with it, or an empty string.
        words: the words that a template puts between the data (headings, columns), by name.
        title: kind of document and number, such as ``Invoice 2026-0042``.
        heading: kind of document, such as ``Credit note``.
        number: number of the document (BT-1).
        currency: currency of all amounts (BT-5).
        sender: the name for the top of the page.
        parties: seller and buyer.
        further_parties: payee, tax representative, recipient of the delivery and the like.
        facts: the dates and numbers a reader looks for first.
        references: what the invoice refers to.
        rows: the invoice lines, sub lines after the line they belong to.
        adjustments: allowances and charges on the whole.
        totals: the sums.
        vat: the VAT breakdown.
        payment: how to pay.
        terms: the terms of payment in words.
        notes: remarks; the label is what a remark is about.
        attachments: supporting documents.
        further: terms that have no other place on the page.
        widest: the number of characters that a column of the lines must hold without a break, by its name.
        code: the square for a banking app, where the invoice asks for a transfer in euro.
        slip: the payment part of a QR-bill, where it asks for one to a Swiss account.
        logo: the bytes of the logo as numbers, or nothing.
        logo_text: what the logo says, for those who cannot see it.
    """

    language: str
    region: str
    words: dict[str, str]
    title: str
    heading: str
    number: str
    currency: str
    sender: str
    parties: tuple[Party, ...] = ()
    further_parties: tuple[Party, ...] = ()
    facts: tuple[Pair, ...] = ()
    references: tuple[Pair, ...] = ()
    rows: tuple[Row, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    totals: tuple[Total, ...] = ()
    vat: tuple[VatRow, ...] = ()
    payment: tuple[Block, ...] = ()
    terms: tuple[str, ...] = ()
    notes: tuple[Pair, ...] = ()
    attachments: tuple[Block, ...] = ()
    further: tuple[Pair, ...] = ()
    widest: dict[str, int] = msgspec.field(default_factory=dict)
    terms_at: tuple[tuple[str, ...], ...] = ()
    code: Code | None = None
    slip: Slip | None = None
    logo: tuple[int, ...] = ()
    logo_text: str = ""
