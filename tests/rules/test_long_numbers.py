# SPDX-License-Identifier: Apache-2.0
"""Numbers of more digits than an invoice keeps are judged as the published tests judge them."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from lxml import etree
from msgspec import structs

from einvoice import validate
from einvoice.bind import open_document
from einvoice.rules.long_numbers import LONGEST, with_long_numbers
from tests.differential.bases import bases
from tests.differential.invented import Inventor, typed
from tests.differential.run import SHARES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.bind.order import Syntax
    from einvoice.rules import Report

PACK: Final = "en16931@1.3.16"
_DUE: Final[dict[Syntax, str]] = {
    "ubl-invoice": "PayableAmount",
    "ubl-creditnote": "PayableAmount",
    "cii": "DuePayableAmount",
}


def judged(data: bytes) -> tuple[set[tuple[str, str]], str]:
    """What is broken and where; the verdict."""
    report = validate(data, packs=PACK)
    assert not report.undetermined
    return {(one.rule, one.model_path) for one in report.findings}, report.verdict


def due(syntax: Syntax, text: str) -> Report:
    """The verdict on a clean document that says so of the amount due."""
    root = etree.fromstring(bases(syntax)["sample"])
    found = root.find(f".//{{*}}{_DUE[syntax]}")
    assert found is not None
    found.text = text
    return validate(etree.tostring(root), packs=PACK)


def numbers(syntax: Syntax) -> Iterator[tuple[str, bytes, bytes]]:
    """Each number of a document: its name; the document where it is a third more; and that with zeros in front."""
    root = etree.fromstring(bases(syntax)["sample"])
    for element, kind in typed(Inventor(syntax, Random(0)), root, holding=False):  # noqa: S311 -- no secret
        if kind.base == "decimal":
            text = element.text or ""
            plain = f"{Decimal(text) * 4 / 3 + 1:.3f}"
            element.text = plain
            short = etree.tostring(root)
            element.text = f"\n{'0' * 60}{plain} "
            yield str(element.tag), short, etree.tostring(root)
            element.text = text


@pytest.mark.parametrize("syntax", SHARES)
def test_zeros_in_front_of_a_number_change_nothing(syntax: Syntax) -> None:
    seen = 0
    for name, short, long in numbers(syntax):
        assert judged(short) == judged(long), name
        seen += 1
    assert seen > 10


@pytest.mark.parametrize("syntax", SHARES)
def test_every_digit_counts(syntax: Syntax) -> None:
    clean = due(syntax, "36.89" + "0" * (LONGEST - 4))
    assert {one.rule for one in clean.findings} == {"BR-DEC-18"} | ({"UBL-DT-01"} if syntax != "cii" else set())
    wrong = due(syntax, "36.89" + "0" * (LONGEST - 5) + "1")
    assert {one.rule for one in wrong.findings} == {one.rule for one in clean.findings} | {"BR-CO-16"}
    assert not wrong.undetermined


def test_a_number_without_end_is_left_open() -> None:
    report = due("ubl-invoice", "1" * (LONGEST + 1))
    assert report.verdict == "undetermined"
    assert "BR-CO-16" in {one.rule for one in report.undetermined}


def test_what_is_no_number_stays_as_it_was_read() -> None:
    report = due("ubl-invoice", "1E50")
    assert "BR-CO-16" in {one.rule for one in report.undetermined}


def test_the_invoice_that_users_get_keeps_its_digits() -> None:
    """A number that is judged is still one that no conversion can carry."""
    data = bases("ubl-invoice")["sample"].replace(b">36.89<", b">" + b"0" * 60 + b"36.89<")
    reading = open_document(data).reading()
    assert {one.reason for one in reading.remarks} == {"malformed"}
    seen = with_long_numbers(reading)
    assert reading.invoice.totals is not None
    assert reading.invoice.totals.amount_due_for_payment is None
    assert seen.invoice.totals is not None
    assert seen.invoice.totals.amount_due_for_payment == Decimal("36.89")
    assert {one.reason for one in seen.remarks} == {"spelled"}
    written = structs.replace(reading, syntax=None)  # of an export; what is written of it would lack the number
    assert with_long_numbers(written) is written


def test_a_reading_without_such_a_number_is_the_one_that_it_was() -> None:
    data = bases("ubl-invoice")["sample"].replace(b">31.00<", b"> 31.00 <").replace(b"2026-03-02<", b"2026-02-30<")
    reading = open_document(data).reading()
    assert {one.reason for one in reading.remarks} == {"spelled", "malformed"}
    assert with_long_numbers(reading) is reading


def test_a_total_of_vat_in_another_currency_is_told_by_its_currency() -> None:
    total = b'<cbc:TaxAmount currencyID="EUR">5.89<'
    data = bases("ubl-invoice")["sample"]
    assert total in data
    long = total.replace(b"5.89", b"0" * 60 + b"5.89")
    assert judged(data.replace(total, long, 1)) == judged(data)
    other = data.replace(total, total.replace(b"EUR", b"USD"), 1)
    assert judged(data.replace(total, long.replace(b"EUR", b"USD"), 1)) == judged(other)
    assert "BR-CO-15" in {rule for rule, _ in judged(other)[0]}


@pytest.mark.parametrize(("first", "second"), [("-1", "0" * 60 + "1"), ("0" * 60 + "1", "-1"), ("0" * 60, "1" * 50)])
def test_a_number_that_cii_states_again_counts_whichever_is_long(first: str, second: str) -> None:
    """One price that is not negative will do."""
    before, tag, after = bases("cii")["sample"].partition(b"<ram:NetPriceProductTradePrice>")
    head, stated, tail = after.partition(b"<ram:ChargeAmount>")
    rest = tail.partition(b"</ram:ChargeAmount>")[2]
    both = b"".join(b"<ram:ChargeAmount>%b</ram:ChargeAmount>" % text.encode() for text in (first, second))
    report = validate(before + tag + head + both + rest, packs=PACK)
    assert stated
    assert "BR-27" not in {one.rule for one in report.findings} | {one.rule for one in report.undetermined}
