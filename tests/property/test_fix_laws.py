# SPDX-License-Identifier: Apache-2.0
"""Laws of repairing, whatever the slips: it settles, it never makes worse, and it invents nothing."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec import structs

from einvoice import fix, validate
from einvoice.bind import open_document, write
from einvoice.model.calculate import calculate
from tests.service.sample import PEPPOL, invoice
from tests.service.slips import CII, UBL

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from einvoice.rules.findings import Report

CREDIT: Final = write(calculate(structs.replace(invoice(), type_code="381")).invoice, "ubl-creditnote").decode()
PEPPOLS: Final = write(calculate(invoice(PEPPOL)).invoice, "ubl").decode()
DOCUMENTS: Final = (UBL, CII, CREDIT, PEPPOLS)

CONSTANTS: Final = {"VAT", "VA", "EM", "0204", "102", "true", "false", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"}
"""What a syntax or a specification demands, and a scheme that a value proves."""
MOST: Final = Decimal("0.05")

SLIPS: Final[dict[str, Callable[[str], str]]] = {
    "lower": str.lower,
    "padded": lambda text: f"\u00a0{text} ",
    "comma": lambda text: text.replace(".", ","),
    "german": lambda text: f"1.{text.replace('.', ',')}",
    "zeros": lambda text: f"{text}000" if re.fullmatch(r"\d+\.\d+", text) else text,
    "digits": lambda text: f"{text}4" if re.fullmatch(r"\d+\.\d+", text) else text,
    "currency": lambda text: f"{text} EUR",
    "cent": lambda text: f"{Decimal(text) + Decimal('0.01')}" if re.fullmatch(r"\d+\.\d\d", text) else text,
    "much": lambda text: f"{Decimal(text) + 7}" if re.fullmatch(r"\d+\.\d\d", text) else text,
    "dotted": lambda text: ".".join(reversed(text.split("-"))) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text,
    "midnight": lambda text: f"{text}T00:00:00" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text,
    "bare": lambda text: text.replace("-", ""),
    "nothing": lambda _: "",
}


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A sound invoice with one to four slips anywhere in it."""
    root = etree.fromstring(draw(st.sampled_from(DOCUMENTS)).encode())
    for _ in range(draw(st.integers(1, 4))):
        spoil(draw, draw(st.sampled_from(list(root.iter()))))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def spoil(draw: st.DrawFn, element: _Element) -> None:
    """Make one slip in an element: in its text, in an attribute, in the order of its children, or by leaving it out."""
    parent = element.getparent()
    kinds = ["text"] if not len(element) else ["shuffle"]
    kinds += ["attribute", "no attribute"] if element.attrib else []
    kinds += ["gone"] if parent is not None and len(parent) > 1 else []
    match draw(st.sampled_from(kinds)):
        case "text":
            element.text = SLIPS[draw(st.sampled_from(sorted(SLIPS)))](element.text or "")
        case "shuffle":
            element[:] = draw(st.permutations(list(element)))
        case "attribute":
            name = draw(st.sampled_from(sorted(element.attrib)))
            element.set(name, SLIPS[draw(st.sampled_from(["lower", "padded", "nothing"]))](str(element.get(name))))
        case "no attribute":
            element.attrib.pop(draw(st.sampled_from(sorted(element.attrib))))
        case "gone" if parent is not None:
            parent.remove(element)


def problems(report: Report) -> Counter[tuple[str, str | None]]:
    """The findings of a report, by rule and place."""
    return Counter((one.rule, one.model_path or one.location) for one in report.findings)


def values(data: bytes) -> list[str]:
    """Every text and attribute of a document."""
    root = etree.fromstring(data)
    found = [str(value) for element in root.iter() for value in element.attrib.values()]
    return found + [element.text or "" for element in root.iter() if not len(element)]


def digits(text: str) -> str:
    """What is left of a number or a day without its notation."""
    return re.sub(r"\D", "", text)


def is_invented(value: str, stated: list[str], currency: str | None) -> bool:
    """Whether a value is neither stated, nor spelled anew, nor a constant, nor a total within a rounding."""
    if value in stated or value in CONSTANTS or value == currency:
        return False
    for one in stated:
        bare = one.strip(" \t\r\n\u00a0")
        if value.lower() == bare.lower() or (digits(value) and sorted(digits(value)) == sorted(digits(bare)[:8])):
            return False
        if digits(value) and digits(value) == digits(bare):
            return False
    amounts = [Decimal(one) for one in stated if re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", one)]
    amounts += [Decimal(f"{digits(one)}e-2") for one in stated if re.search(r"\d", one)]
    return not (re.fullmatch(r"-?\d+\.\d\d", value) and any(abs(Decimal(value) - one) <= MOST for one in amounts))


@given(spoiled())
@settings(max_examples=80)
def test_repairing_settles_never_makes_worse_and_tells_the_truth(data: bytes) -> None:
    fixed = fix(data, packs="en16931")
    assert not problems(fixed.after) - problems(fixed.before)
    assert fixed.after == validate(fixed.output, packs="en16931")
    again = fix(fixed.output, packs="en16931")
    assert again.output == fixed.output
    assert again.repairs == ()
    assert (fixed.output == data) == (not fixed.repairs)


@given(spoiled())
@settings(max_examples=80)
def test_no_value_is_invented(data: bytes) -> None:
    fixed = fix(data)
    stated = values(data)
    currency = open_document(fixed.output).reading().invoice.currency_code
    assert [value for value in values(fixed.output) if is_invented(value, stated, currency)] == []


@given(spoiled())
@settings(max_examples=40)
def test_every_change_that_is_told_is_made_and_no_other(data: bytes) -> None:
    fixed = fix(data)
    told = [change.after for repair in fixed.repairs if repair.id != "element-order" for change in repair.changes]
    new = Counter(values(fixed.output)) - Counter(values(data))
    assert not new - Counter(told)


def test_the_test_for_invented_values_can_find_one() -> None:
    stated = ["buyer@example.com", "36.89", "2026-03-02T00:00:00", "36,89 EUR", "eur"]
    assert not any(is_invented(value, stated, "EUR") for value in ("EM", "EUR", "36.89", "36.90", "2026-03-02"))
    assert all(is_invented(value, stated, "EUR") for value in ("0088", "37.89", "2026-03-03", "seller@example.com"))
