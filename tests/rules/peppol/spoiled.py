# SPDX-License-Identifier: Apache-2.0
"""Documents to be spoiled, and what may be done to each of their elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.bind import xml
from tests.rules import spoiling
from tests.rules.peppol import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from tests.rules.spoiling import Change

NAMES: Final = (
    "AUSTRIAN",
    "NORWEGIAN",
    "DANISH",
    "ITALIAN",
    "SWEDISH",
    "GREEK",
    "ICELANDIC",
    "DUTCH",
    "GERMAN",
)
TEXTS: Final = (
    "",
    " ",
    "x",
    "0",
    "-1",
    "1",
    "1.5",
    "1e2",
    "NaN",
    "INF",
    "\u0663\u0664",
    "\u00a0",
    "+1",
    "a|b",
    "#",
    "::",
    "false",
    "true",
    "TRUE",
    "1",
    "S",
    "E",
    "VAT",
    "TAX",
    "vat",
    " VAT ",
    "Foretaksregisteret",
    "ZZZ",
    "#a#",
    "a#b",
    "2026-08-15",
    "2026-10-01",
    "2026-12-31",
    "2026-02-30",
    "2026-08-01Z",
    "2025-01-01",
    "31/08/2026",
    "DE",
    "NO",
    "DK",
    "IS",
    "NL",
    "SE",
    "GR",
    "EL",
    "IT",
    "no",
    " DE",
    "GBP",
    "EUR",
    "XXX",
    "380",
    "384",
    "326",
    "389",
    "1",
    "9",
    "30",
    "31",
    "42",
    "48",
    "49",
    "50",
    "54",
    "56",
    "58",
    "59",
    "93",
    "97",
    " 30 ",
    "12345678",
    "1234",
    "01#",
    "04#1234567890123456",
    "71#123456789012345",
    "73#",
    "75#12",
    "130",
    "50",
    "##M.AR.K##",
    "##INVOICE|URL##",
    "EINDAGI",
    "SE:PLUSGIRO",
    "SE:BANKGIRO",
    "NL123456782B01",
    "NL12345678B01",
    "EL094259216",
    "NO923609016MVA",
    "#SKONTO#TAGE=14#PROZENT=2.00#\n",
    "#SKONTO#TAGE=14#PROZENT=2.00#",
    "#SKONTO#TAGE=x#\n",
    "a@b.example",
    "a@b",
    "DE02120300000000202051",
    "DE02120300000000202052",
    "DE02 1203 0000 0000 2020 51",
    "GB33bukb20201555555555",
    "https://a.example",
    "1:a",
    "GODK\u00c4ND F\u00d6R F-SKATT",
    "godk\u00e4nd  f\u00f6r f-skatt",
    "VATEX-EU-G",
    "vatex-eu-ae",
    "VATEX-EU-J",
)
SCHEMES: Final = (
    "0007 0088 0096 0106 0151 0184 0190 0192 0196 0198 0201 0208 0210 0211 0217 9907 9933 9944 SEPA".split()  # noqa: SIM905 -- read in a row
)
NUMBERS: Final = (
    "5790000435951",
    "5790000435950",
    "0",
    "7",
    "923609016",
    "923609017",
    "000000000",
    "974760673",
    "12345674",
    "1",
    "DK12345674",
    "DK1234567",
    "DKK2345674",
    "1234567890",
    "0123456749",
    "0202239951",
    "0202239952",
    "1202239951",
    "A1b2C3",
    "A1b2C",
    "A1b2C!",
    "RSSMRA80A01H501U",
    "RSSMRA8AA01H501U",
    "RSSMRA+1A01H501U",
    "00743110157",
    "+0743110157",
    "0074311015a",
    "IT00743110157",
    "IT00743110158",
    "IT0074311015",
    "it00743110157",
    "FR1",
    "IT-0743110157",
    "5560360793",
    "5560360794",
    "556036079",
    "55603607931",
    "556036079x",
    "1e00000000",
    "51824753556",
    "51824753557",
    "12345678",
    "123456789012",
    "00000001123456789000",
    "NL123456782B01",
    "NL12345678B01",
    "094259216",
    "094259217",
    "0942592161",
    " 5790000435951 ",
    "\u0665\u0665\u0666\u0660\u0663\u0666\u0660\u0667\u0669\u0663",
    "",
    "555\u0666036079",
)


def clean() -> dict[str, str]:
    """Sound documents by name: each country's invoice and credit note, and those of Self-Billing."""
    found = {}
    for name in NAMES:
        invoice = getattr(documents, name)
        found[name] = invoice
        found[f"{name} CREDIT"] = documents.as_credit_note(invoice)
    found["SELF_BILLED"] = documents.SELF_BILLED
    found["SELF_BILLED CREDIT"] = documents.as_self_billed(documents.as_credit_note(documents.AUSTRIAN))
    return found


def changes(element: _Element) -> Iterator[tuple[str, Change]]:
    """What may be done to an element.

    Args:
        element: the element.
    """
    if element.getparent() is not None:
        yield "dropped", spoiling.drop
        yield "twice", spoiling.twice
    if not len(element):
        old = element.text or ""
        for text in (*TEXTS, f" {old}", f"{old} ", f"{old}1", old[:-1], old.lower(), old.upper()):
            yield f"says {text!r}", spoiling.saying(text)
    for name, stated in map(_pair, element.attrib.items()):
        for value in ("", " ", "x", f" {stated}", "GBP", *SCHEMES[:4]):
            yield f"@{name} {value!r}", spoiling.having(name, value)
        yield f"without @{name}", spoiling.without(name)


def _pair(item: tuple[object, object]) -> tuple[str, str]:
    return str(item[0]), str(item[1])


def identifiers(document: str) -> Iterator[tuple[str, str]]:
    """Numbers under every scheme, where a party states one.

    Args:
        document: a sound document.

    Yields:
        What was done, and the changed document.
    """
    tree = xml.parse(document.encode())
    stated = [element for element in tree.iter() if str(element.tag).endswith(("}EndpointID", "}CompanyID"))]
    for scheme in SCHEMES:
        for number in NUMBERS:
            for element in stated[:2]:
                element.set("schemeID", scheme)
                element.text = number
            yield f"{scheme} {number!r}", spoiling.text(tree)
