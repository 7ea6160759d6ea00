# SPDX-License-Identifier: Apache-2.0
"""The documents that are changed to compare the packs beside EN 16931: our own, with what each pack is about."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from einvoice import validate
from einvoice.bind import write
from tests.architecture.house import ROOT
from tests.differential.bases import bases
from tests.differential.trees import Tree, drop, full
from tests.rules.peppol.cases import BASE, SELF_BILLING
from tests.rules.peppol.cases_national import NATIONAL
from tests.rules.peppol.spoiled import clean as peppol_documents
from tests.rules.xrechnung.cases import CASES as XRECHNUNG
from tests.rules.xrechnung.invoices import invoices, written
from tests.service.sample import invoice as sample

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.bind.order import Syntax

Documents = dict[str, bytes]
"""Documents by what to call them."""

GUIDELINES: Final = {
    "minimum": "urn:factur-x.eu:1p0:minimum",
    "basicwl": "urn:factur-x.eu:1p0:basicwl",
    "basic": "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    "en16931": "urn:cen.eu:en16931:2017",
    "extended": "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
}
_LEFT_OUT: Final = "FX-UNUSED"
_LONG: Final = 1_000
"""Characters of an attached file that is made short."""


def _of(syntax: Syntax, found: Iterable[tuple[str, bytes]]) -> Documents:
    roots = {"ubl-invoice": "Invoice", "ubl-creditnote": "CreditNote", "cii": "CrossIndustryInvoice"}
    return {name: data for name, data in found if etree.QName(etree.fromstring(data)).localname == roots[syntax]}


@cache
def peppol(syntax: Syntax) -> Documents:
    """Sound documents of every country that has rules, and each of them broken in one place.

    Args:
        syntax: ``ubl-invoice`` or ``ubl-creditnote``.
    """
    sound = [(name, text) for name, text in peppol_documents().items() if not name.startswith("SELF")]
    broken = [(name, case.document) for name, case in (BASE | NATIONAL).items()]
    return _of(syntax, ((name, text.encode()) for name, text in (*sound, *broken)))


@cache
def self_billing(syntax: Syntax) -> Documents:
    """Sound documents of Self-Billing, and broken ones.

    Args:
        syntax: ``ubl-invoice`` or ``ubl-creditnote``.
    """
    sound = [(name, text) for name, text in peppol_documents().items() if name.startswith("SELF")]
    broken = [(name, case.document) for name, case in SELF_BILLING.items()]
    return _of(syntax, ((name, text.encode()) for name, text in (*sound, *broken)))


@cache
def xrechnung(syntax: Syntax) -> Documents:
    """Invoices of the CIUS, its extension and CVD, and each of them broken in one place.

    Args:
        syntax: the syntax.
    """
    found = {name: written(invoice, syntax) for name, invoice in invoices().items()}
    if syntax != "ubl-creditnote":
        found |= {name: case.document(syntax) for name, case in XRECHNUNG.items() if case.fires(syntax) is not None}
    return found


@cache
def facturx(profile: str) -> Documents:
    """Invoices with all that a profile of Factur-X uses, and plain ones.

    Args:
        profile: the profile.
    """
    plain = {"sample": write(sample(), "cii")} | {
        name: bases("cii")[name] for name in ("full", "category E", "Italian")
    }
    return {name: reduced(data, profile) for name, data in (plain | {"broad": broad()}).items()}


@cache
def broad() -> bytes:
    """The invoice that uses every term of CII and its extensions, with one of everything that may repeat."""
    tree = Tree((ROOT / "fixtures" / "rich-cii" / "invoice.xml").read_bytes())
    for element in tree.elements():
        before = element.getprevious()
        if before is not None and before.tag == element.tag:
            drop(element)
        elif len(element.text or "") > _LONG:
            element.text = "UERG"
    return tree.bytes()


@cache
def reduced(data: bytes, profile: str) -> bytes:
    """A document without what a profile of Factur-X does not use.

    Args:
        data: the document.
        profile: the profile, which the document then names.
    """
    tree = Tree(data)
    for guideline in tree.root.iter(full("ram:GuidelineSpecifiedDocumentContextParameter")):
        tree.ensure(guideline, "ram:ID").text = GUIDELINES[profile]
    while unused := _unused(tree, profile):
        for element, attribute in unused:
            if attribute:
                element.attrib.pop(attribute)
            elif element.getparent() is not None:
                drop(element)
    return tree.bytes()


def _unused(tree: Tree, profile: str) -> list[tuple[etree._Element, str]]:
    """The elements and attributes that the profile does not use."""
    report = validate(tree.bytes(), packs=f"facturx:{profile}@1.09.2")
    spaces = {str(prefix): uri for prefix, uri in tree.root.nsmap.items() if prefix}
    found = []
    for finding in report.findings:
        if finding.rule == _LEFT_OUT and finding.location:
            path, _, attribute = finding.location.partition("/@")
            hits = cast("list[etree._Element]", tree.root.xpath(path, namespaces=spaces))
            found += [(hit, attribute) for hit in hits]
    return found


@cache
def french(pack: str, syntax: Syntax) -> Documents:
    """Invoices between two French firms.

    Args:
        pack: ``br-fr`` or ``extended-ctc-fr``.
        syntax: the syntax.
    """
    from tests.differential import french_bases

    return french_bases.documents(pack, syntax)
