# SPDX-License-Identifier: Apache-2.0
"""ZUGFeRD 1.0, the forerunner of Factur-X, read as the CII that came of it.

ZUGFeRD 1.0 is a draft of CII with other names for some elements. ``zugferd1.txt`` has them; the tree is renamed in
place before it is read, so that the table of CII, the report of losses and the lines of the source serve for both. A
date of a document that is referred to stood there as text and is a formatted date since; the currency of the invoice
stood on every amount.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind.order import CII_NAMESPACES

if TYPE_CHECKING:
    from lxml.etree import _Element

NOTE: Final = (
    "the document is ZUGFeRD 1.0, the forerunner of Factur-X; its schema is that of ZUGFeRD 1.0,"
    " and it was read as CII, whose names the places have"
)

_ROOT: Final = "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument"
_UNECE: Final = "urn:un:unece:uncefact:data:standard:"
_FORMER: Final = {
    "urn:ferd:CrossIndustryDocument:invoice:1p0": "rsm",
    f"{_UNECE}ReusableAggregateBusinessInformationEntity:12": "ram",
    f"{_UNECE}UnqualifiedDataType:15": "udt",
    f"{_UNECE}QualifiedDataType:12": "qdt",
}
_TITLES: Final = frozenset({"rechnung", "gutschrift", "invoice", "credit note", "facture", "avoir"})
_DAY: Final = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(?:T00:00:00(?:\.0+)?(?:Z|[+-]00:00)?)?\s*")
_RAM: Final = f"{{{CII_NAMESPACES['ram']}}}"
_FORMATTED: Final = f"{_RAM}FormattedIssueDateTime"
_STRING: Final = f"{{{CII_NAMESPACES['qdt']}}}DateTimeString"


def is_zugferd1(root: _Element) -> bool:
    """Whether a document is ZUGFeRD 1.0.

    Args:
        root: its root element.
    """
    return root.tag == _ROOT


def modernise(root: _Element) -> None:
    """Rename the elements of ZUGFeRD 1.0 to those of CII, in place; what has no name in CII keeps its own.

    Args:
        root: the root element.
    """
    table = _table()
    names = [(element, _former_name(element)) for element in root.iter("*")]
    former = dict(names)
    for element, name in names:
        above = element.getparent()
        path = f"{former[above]}/{name}" if above is not None else name
        new = table.get(path) or table.get(name) or name
        prefix, _, local = new.partition(":")
        if prefix in CII_NAMESPACES and not _says_nothing(element, path):
            element.tag = f"{{{CII_NAMESPACES[prefix]}}}{local}"
    for element in root.iter(_FORMATTED):
        _format(element)
    _without_currency(root)


def _says_nothing(element: _Element, path: str) -> bool:
    """Whether an element is there because ZUGFeRD 1.0 demands it, and says nothing more.

    That it is no test, and that an invoice is called one. It is told as lost, and keeps no profile from being written.
    """
    if path == "rsm:SpecifiedExchangedDocumentContext/ram:TestIndicator":
        return "".join(map(str, element.itertext())).strip() == "false"
    return path == "rsm:HeaderExchangedDocument/ram:Name" and (element.text or "").strip().casefold() in _TITLES


def _former_name(element: _Element) -> str:
    name = etree.QName(element)
    return f"{_FORMER.get(name.namespace or '', '')}:{name.localname}"


def _format(element: _Element) -> None:
    """Say a day as CII does; another text stays, and is remarked when it is read."""
    day = _DAY.fullmatch(element.text or "") if len(element) == 0 else None
    if day is not None:
        element.text = None
        etree.SubElement(element, _STRING, {"format": "102"}).text = "".join(day.groups())


def _without_currency(root: _Element) -> None:
    """Take the currency of the invoice off its amounts: CII demands it on the total of VAT only."""
    currency = root.findtext(f".//{_RAM}InvoiceCurrencyCode")
    for element in root.iter("*"):
        if element.get("currencyID") == currency and element.tag != f"{_RAM}TaxTotalAmount":
            element.attrib.pop("currencyID", "")


@cache
def _table() -> dict[str, str]:
    text = Path(__file__).with_name("zugferd1.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {row[0]: row[1] for row in rows}
