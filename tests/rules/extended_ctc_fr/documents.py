# SPDX-License-Identifier: Apache-2.0
"""Sound documents of EXTENDED-CTC-FR in each syntax, and single changes to them."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from einvoice.bind import write
from einvoice.bind.tree import NAMESPACES
from tests.rules.invoices import at, clean, in_category, not_subject, number

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.model import Invoice, Syntax
    from einvoice.rules.registry import Family

Edit = Callable[["_Element"], None]

EXTENDED: Final = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
SYNTAXES: Final[dict[Syntax, Family]] = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}
RATES: Final = {"S": "19", "Z": "0", "E": "0", "AE": "0", "K": "0", "G": "0", "L": "7", "M": "4"}
"""Category -> a rate that it may have; O has none."""
_NAME: Final = re.compile(r"<[\w:]+")
_NAMES: Final = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items() if prefix)


# ---- changes


def _found(root: _Element, path: str) -> list[_Element]:
    found = cast("list[_Element]", root.xpath(path, namespaces={k: v for k, v in NAMESPACES.items() if k}))
    assert found, path
    return found


def says(path: str, text: str) -> Edit:
    """Let elements say something else."""

    def edit(root: _Element) -> None:
        for element in _found(root, path):
            element.text = text

    return edit


def gone(path: str) -> Edit:
    """Take elements away."""

    def edit(root: _Element) -> None:
        for element in _found(root, path):
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)

    return edit


def put(path: str, xml: str) -> Edit:
    """Put an element before those at a path."""

    def edit(root: _Element) -> None:
        for element in _found(root, path):
            element.addprevious(_element(xml))

    return edit


def inside(path: str, xml: str) -> Edit:
    """Put an element into those at a path, behind all others."""

    def edit(root: _Element) -> None:
        for element in _found(root, path):
            element.append(_element(xml))

    return edit


def named(path: str, attribute: str, value: str | None) -> Edit:
    """Give an attribute a value, or take it away."""

    def edit(root: _Element) -> None:
        for element in _found(root, path):
            if value is None:
                del element.attrib[attribute]
            else:
                element.set(attribute, value)

    return edit


def again(path: str) -> Edit:
    """Let the first element at a path stand twice."""

    def edit(root: _Element) -> None:
        element = _found(root, path)[0]
        element.addnext(copy.deepcopy(element))

    return edit


def _element(xml: str) -> _Element:
    return etree.fromstring(_NAME.sub(rf"\g<0> {_NAMES}", xml, count=1))


def changed(data: bytes, *edits: Edit) -> bytes:
    """A document with changes.

    Args:
        data: the document.
        edits: the changes, in their order.
    """
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True))
    for edit in edits:
        edit(root)
    return etree.tostring(root)


# ---- documents

_FRENCH: Final = at({"process_control.specification_identifier": EXTENDED, "payment_terms": "30 days"})


def _written(invoice: Invoice, syntax: Syntax) -> bytes:
    kind = at({"type_code": "381"}) if syntax == "ubl-creditnote" else at({})
    return write(kind(_FRENCH(invoice)), syntax)


@cache
def sound(syntax: Syntax) -> bytes:
    """A document with something of almost everything, and nothing wrong."""
    return _written(clean(), syntax)


@cache
def taxed(code: str, syntax: Syntax) -> bytes:
    """A document whose lines, allowances and charges are of one VAT category, with nothing wrong."""
    if code == "O":
        return _written(not_subject(), syntax)
    invoice = in_category(code, RATES[code], taxed=code == "S")
    if code not in "LM":
        return _written(invoice, syntax)
    return _written(at({"vat_breakdown[0].exemption_reason_text": None, **_taxes(RATES[code])})(invoice), syntax)


def _taxes(rate: str) -> dict[str, object]:
    tax = f"{210 * int(rate) / 100:.2f}"
    total = f"{210 + float(tax):.2f}"
    return {
        "vat_breakdown[0].tax_amount": number(tax),
        "totals.invoice_total_vat_amount": number(tax),
        "totals.invoice_total_amount_with_vat": number(total),
        "totals.amount_due_for_payment": number(f"{float(total) - 50 + 0.1:.2f}"),
    }


_REFERENCE: Final = (
    "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>2026-17</cbc:ID>"
    "<cbc:DocumentStatusCode>{status}</cbc:DocumentStatusCode></cac:InvoiceDocumentReference>"
    "<cac:BillingReferenceLine><cbc:ID>{parent}</cbc:ID></cac:BillingReferenceLine></cac:BillingReference>"
)
_CII_LINE: Final = "//ram:IncludedSupplyChainTradeLineItem"
_ROLES: Final = {"1": ("GROUP", ""), "2": ("DETAIL", "1"), "3": ("DETAIL", "1"), "4": ("GROUP", "1")}
"""Line -> what it is, and the line it belongs to: the last groups nothing, and comes to nothing."""


@cache
def grouped(syntax: Syntax) -> bytes:
    """A document with a line that groups two others and an empty group, with nothing wrong."""
    return changed(sound(syntax), _group_cii if syntax == "cii" else _group_ubl)


def _copies(lines: list[_Element]) -> list[_Element]:
    """A line in front of the two that there are, and one behind them."""
    first, last = copy.deepcopy(lines[0]), copy.deepcopy(lines[0])
    lines[0].addprevious(first)
    lines[-1].addnext(last)
    return [first, *lines, last]


def _group_ubl(root: _Element) -> None:
    lines = _copies(_found(root, "cac:InvoiceLine | cac:CreditNoteLine"))
    for line, (name, (status, parent)) in zip(lines, _ROLES.items(), strict=True):
        xml = _REFERENCE.format(status=status, parent=parent)
        says("cbc:ID", name)(line)
        put("cac:DocumentReference", xml)(line)
        if not parent:
            gone("cac:BillingReference/cac:BillingReferenceLine")(line)
    says("cbc:LineExtensionAmount", "200.00")(lines[0])
    says("cbc:LineExtensionAmount", "0.00")(lines[3])


def _group_cii(root: _Element) -> None:
    lines = _copies(_found(root, _CII_LINE))
    for line, (name, (status, parent)) in zip(lines, _ROLES.items(), strict=True):
        says("ram:AssociatedDocumentLineDocument/ram:LineID", name)(line)
        if parent:
            inside("ram:AssociatedDocumentLineDocument", f"<ram:ParentLineID>{parent}</ram:ParentLineID>")(line)
        inside("ram:AssociatedDocumentLineDocument", f"<ram:LineStatusReasonCode>{status}</ram:LineStatusReasonCode>")(
            line
        )
    says(".//ram:LineTotalAmount", "200.00")(lines[0])
    says(".//ram:LineTotalAmount", "0.00")(lines[3])
