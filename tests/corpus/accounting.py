# SPDX-License-Identifier: Apache-2.0
"""Bookkeeping over documents: which leaves one has, and which of them another document or a report answers for.

It shares no code with ``einvoice.bind.losses``, which it judges: it looks at the bytes of two documents and at the
report, and knows neither the tables nor the model.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from einvoice.model import Remark

NUMERIC = ("Amount", "Quantity", "Percent", "Rate", "Numeric", "Measure")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d\d:\d\d)?")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
SUBJECT = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"

# What only one of the syntaxes has to say: the end of a path, and the texts that mean nothing of their own there.
CONSTANTS = {
    "/@format": {"102"},
    "/TaxScheme/ID": {"VAT"},
    "Tax/TypeCode": {"VAT"},
    "/SpecifiedTaxRegistration/ID/@schemeID": {"VA"},
    "/AdditionalReferencedDocument/TypeCode": {"50", "130", "916"},
    "/AdditionalDocumentReference/DocumentTypeCode": {"50", "130"},
    "/DocumentReference/DocumentTypeCode": {"130"},
    "/ChargeIndicator": {"true", "false", "1", "0"},
    "/ChargeIndicator/Indicator": {"true", "false", "1", "0"},
    "/PartyIdentification/ID/@schemeID": {"SEPA"},
    "/SpecifiedProcuringProject/Name": {"Project"},
    "/OrderReference/ID": {"NA"},
    "/OrderLineReference/LineID": {"NA"},
    "/CardAccount/NetworkID": {"NA"},
}
# BT-8: UNTDID 2005 in UBL, UNTDID 2475 in CII.
TIMING = {"3": "5", "35": "29", "432": "72"}


class Leaf(NamedTuple):
    """A text or an attribute: its path without positions and prefixes, and its value as it would be compared."""

    path: str
    value: str


def local(name: str) -> str:
    """A name without namespace or prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def canonical(path: str, text: str) -> str:
    """A text such that two spellings of one value are equal: white space, digits after the point, dates."""
    text = " ".join(text.split())
    day = DAY.fullmatch(text)
    if day:
        return "".join(day.groups())
    if path.endswith(NUMERIC) and NUMBER.fullmatch(text):
        number = Decimal(text)
        return format(number.normalize(), "f") if number else "0"
    return text


def leaves(document: bytes) -> Counter[Leaf]:
    """The leaves of a document; empty texts, and what only helps a schema processor, are none."""
    found: Counter[Leaf] = Counter()
    _collect(etree.fromstring(document, etree.XMLParser(remove_comments=True, remove_pis=True)), "", found)
    return found


def _collect(element: _Element, above: str, found: Counter[Leaf]) -> None:
    path = f"{above}/{local(str(element.tag))}"
    if not len(element) and (element.text or "").strip():
        found[Leaf(path, canonical(path, element.text or ""))] += 1
    for name, value in element.items():
        if str(value).strip() and not str(name).startswith(INSTANCE):
            here = f"{path}/@{local(str(name))}"
            found[Leaf(here, canonical(here, str(value)))] += 1
    for child in element:
        _collect(child, path, found)


def reported(losses: Iterable[Remark]) -> Counter[Leaf]:
    """The leaves that a report names."""
    named: Counter[Leaf] = Counter()
    for loss in losses:
        steps = [step.partition("[")[0] for step in loss.path.split("/")[1:]]
        path = "".join(f"/@{local(step[1:])}" if step.startswith("@") else f"/{local(step)}" for step in steps)
        named[Leaf(path, canonical(path, loss.value))] += 1
    return named


def unanswered(source: bytes, written: bytes, losses: Iterable[Remark]) -> list[Leaf]:
    """Leaves of a document that, rewritten in its own syntax, neither stand at their place nor in the report."""
    return list((leaves(source) - leaves(written) - reported(losses)).elements())


def unanswered_elsewhere(source: bytes, written: bytes, losses: Iterable[Remark]) -> list[Leaf]:
    """Leaves of a document whose value neither stands anywhere in the other syntax nor in the report."""
    values = {value for _, value in leaves(written)} | {value for _, value in reported(losses)}
    for value in list(values):
        match = SUBJECT.fullmatch(value)
        if match:
            values |= set(match.groups())
    return [leaf for leaf in leaves(source) if not _is_constant(leaf) and values.isdisjoint(_spellings(leaf))]


def _is_constant(leaf: Leaf) -> bool:
    return any(leaf.path.endswith(end) and leaf.value in texts for end, texts in CONSTANTS.items())


def _spellings(leaf: Leaf) -> set[str]:
    spelled = {leaf.value}
    match = SUBJECT.fullmatch(leaf.value)
    if match:
        spelled.add(match[2].strip())
    for here, there in TIMING.items():
        if leaf.path.endswith("/DescriptionCode") and leaf.value == here:
            spelled.add(there)
        if leaf.path.endswith("/DueDateTypeCode") and leaf.value == there:
            spelled.add(here)
    return spelled
