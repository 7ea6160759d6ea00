# SPDX-License-Identifier: Apache-2.0
"""The smallest changes of sound documents, with the ids that fire officially: rules that every document is asked."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from tests.rules.peppol.documents import AUSTRIAN, BILLING, SELF_BILLED, as_credit_note, as_self_billed, changed

PEPPOL: Final = "PEPPOL-EN16931-"
COMMON: Final = "PEPPOL-COMMON-"


class Case(Struct, frozen=True):
    """A document with one fault.

    Attributes:
        document: the document.
        fires: the ids that fire.
        sound: the document before.
    """

    document: str
    fires: frozenset[str]
    sound: str


def case(document: str, fires: str, *changes: tuple[str, str]) -> Case:
    """A document with a fault.

    Args:
        document: a sound document.
        fires: the ids that fire, divided by blanks.
        changes: what stands there, and what shall.
    """
    return Case(changed(document, *changes), frozenset(fires.split()), document)


SELLER_ID: Final = ">S-1<"
"""The identifier of the seller, which may be of any scheme."""
CREDIT: Final = as_credit_note(AUSTRIAN)
ADDED: Final = " <cac:AccountingSupplierParty>"
REFERENCE: Final = (
    " <cac:AdditionalDocumentReference><cbc:ID>{id}</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode>"
    "</cac:AdditionalDocumentReference>\n"
)
FILE: Final = (
    " <cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
    '<cbc:EmbeddedDocumentBinaryObject mimeCode="{mime}" filename="{name}">QQ==</cbc:EmbeddedDocumentBinaryObject>'
    "</cac:Attachment></cac:AdditionalDocumentReference>\n"
)
PROFILE: Final = "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>"
NO_TAX: Final = (
    ' <cac:TaxTotal>\n  <cbc:TaxAmount currencyID="{currency}">{amount}</cbc:TaxAmount>\n </cac:TaxTotal>\n'
    " <cac:LegalMonetaryTotal>"
)
CURRENCY: Final = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
BREAKDOWN: Final = AUSTRIAN[AUSTRIAN.index(" <cac:TaxTotal>") : AUSTRIAN.index(" <cac:LegalMonetaryTotal>")]
OBJECT: Final = (
    "  <cac:DocumentReference><cbc:ID>1</cbc:ID><cbc:DocumentTypeCode>{code}</cbc:DocumentTypeCode>"
    "</cac:DocumentReference>\n"
)
IN_LINE: Final = "  <cac:AllowanceCharge>\n   <cbc:ChargeIndicator>true"
EXEMPT: Final = (
    "<cbc:Percent>20</cbc:Percent>",
    "<cbc:Percent>20</cbc:Percent><cbc:TaxExemptionReasonCode>{}</cbc:TaxExemptionReasonCode>",
)


def _scheme(number: str, scheme: str, at: str = SELLER_ID) -> tuple[str, str]:
    return at, f' schemeID="{scheme}">{number}<'


def _exempt(code: str, fires: str) -> Case:
    return case(AUSTRIAN, fires, (EXEMPT[0], EXEMPT[1].format(code)))


DOCUMENT: Final = {
    "R001": case(AUSTRIAN, f"{PEPPOL}R001 {PEPPOL}R007", (f" {PROFILE}\n", "")),
    "R002": case(AUSTRIAN, f"{PEPPOL}R002", ("<cbc:Note>", "<cbc:Note>First.</cbc:Note><cbc:Note>")),
    "R003": case(
        AUSTRIAN,
        f"{PEPPOL}R003",
        (" <cbc:BuyerReference>4711</cbc:BuyerReference>\n", ""),
        (" <cac:OrderReference><cbc:ID>O-1</cbc:ID></cac:OrderReference>\n", ""),
    ),
    "R004": case(AUSTRIAN, f"{PEPPOL}R004", (BILLING, "urn:cen.eu:en16931:2017")),
    "R004, two colons": case(AUSTRIAN, f"{PEPPOL}R004", (BILLING, f"{BILLING}::x")),
    "R005": case(
        AUSTRIAN,
        f"{PEPPOL}R005",
        (CURRENCY, f"{CURRENCY}<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>"),
        (" <cac:LegalMonetaryTotal>", NO_TAX.format(currency="EUR", amount="36.00")),
    ),
    "R007": case(AUSTRIAN, f"{PEPPOL}R007", ("billing:01:1.0", "billing:99:1.0")),
    "R008": case(AUSTRIAN, f"{PEPPOL}R008", (">Discount<", "> <")),
    "R010": case(AUSTRIAN, f"{PEPPOL}R010", ('   <cbc:EndpointID schemeID="9915">B-1</cbc:EndpointID>\n', "")),
    "R020": case(AUSTRIAN, f"{PEPPOL}R020", ('   <cbc:EndpointID schemeID="9914">ATU12345678</cbc:EndpointID>\n', "")),
    "R053": case(AUSTRIAN, f"{PEPPOL}R053", (BREAKDOWN, BREAKDOWN * 2)),
    "R054": case(
        AUSTRIAN,
        f"{PEPPOL}R054",
        (" <cac:LegalMonetaryTotal>", NO_TAX.format(currency="EUR", amount="36.00")),
    ),
    "R055": case(
        AUSTRIAN,
        f"{PEPPOL}R055",
        (CURRENCY, f"{CURRENCY}<cbc:TaxCurrencyCode>GBP</cbc:TaxCurrencyCode>"),
        (" <cac:LegalMonetaryTotal>", NO_TAX.format(currency="GBP", amount="-1.00")),
    ),
    "R061": case(AUSTRIAN, f"{PEPPOL}R061", (">58<", ">59<")),
    "R080": case(CREDIT, f"{PEPPOL}R080", (ADDED, REFERENCE.format(id=1) + REFERENCE.format(id=2) + ADDED)),
}
AMOUNTS: Final = {
    "R040": case(AUSTRIAN, f"{PEPPOL}R040", (">20.00<", ">20.03<")),
    "R040, two cents are granted": case(AUSTRIAN, "", (">20.00<", ">20.02<")),
    "R041": case(AUSTRIAN, f"{PEPPOL}R041", ('  <cbc:BaseAmount currencyID="EUR">200.00</cbc:BaseAmount>\n', "")),
    "R042": case(AUSTRIAN, f"{PEPPOL}R042", ("  <cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>\n", "")),
    "R043": case(AUSTRIAN, f"{PEPPOL}R043", (">false<", ">0<")),
    "R044": case(
        AUSTRIAN,
        f"{PEPPOL}R044",
        (
            "<cbc:ChargeIndicator>false</cbc:ChargeIndicator>\n    <cbc:Amount",
            "<cbc:ChargeIndicator>true</cbc:ChargeIndicator>\n    <cbc:Amount",
        ),
    ),
    "R046": case(AUSTRIAN, f"{PEPPOL}R046", (">100.00<", ">100.01<")),
    "R051": case(AUSTRIAN, f"{PEPPOL}R051", ('"EUR">20.00<', '"GBP">20.00<')),
    "R100": case(AUSTRIAN, f"{PEPPOL}R100", (IN_LINE, OBJECT.format(code=130) + OBJECT.format(code=130) + IN_LINE)),
    "R101": case(AUSTRIAN, f"{PEPPOL}R101", (IN_LINE, OBJECT.format(code=916) + IN_LINE)),
    "R110": case(AUSTRIAN, f"{PEPPOL}R110", (">2026-08-01<", ">2026-08-02<")),
    "R111": case(AUSTRIAN, f"{PEPPOL}R111", (">2026-08-31<", ">2026-08-30<")),
    "R120": case(AUSTRIAN, f"{PEPPOL}R120", ('"C62">4<', '"C62">4.001<')),
    "R121": case(
        AUSTRIAN,
        f"{PEPPOL}R121",
        ('"C62">4<', '"C62">-4<'),
        ('<cbc:BaseQuantity unitCode="C62">2<', '<cbc:BaseQuantity unitCode="C62">-2<'),
    ),
    "R121, zero counts as one in R120": case(
        AUSTRIAN,
        f"{PEPPOL}R121",
        ('"C62">4<', '"C62">2<'),
        ('<cbc:BaseQuantity unitCode="C62">2<', '<cbc:BaseQuantity unitCode="C62">0<'),
    ),
    "R130": case(AUSTRIAN, f"{PEPPOL}R130", ('<cbc:BaseQuantity unitCode="C62"', '<cbc:BaseQuantity unitCode="H87"')),
}
CODES: Final = {
    "CL001": case(AUSTRIAN, f"{PEPPOL}CL001", (ADDED, FILE.format(mime="text/plain", name="a") + ADDED)),
    "CL002": case(AUSTRIAN, f"{PEPPOL}CL002", (">95<", ">99<")),
    "CL003": case(AUSTRIAN, f"{PEPPOL}CL003", (">FC<", ">95<")),
    "CL006": case(
        AUSTRIAN,
        f"{PEPPOL}CL006",
        ("2026-08-31</cbc:EndDate>", "2026-08-31</cbc:EndDate><cbc:DescriptionCode>5</cbc:DescriptionCode>"),
    ),
    "CL007": case(AUSTRIAN, f"{PEPPOL}CL007", *[("EUR", "STD")] * AUSTRIAN.count("EUR")),
    "CL008": case(AUSTRIAN, f"{PEPPOL}CL008", ('"9915"', '"0037"')),
    "F001": case(AUSTRIAN, f"{PEPPOL}F001", (">2026-10-01<", ">2026-10-01Z<")),
    "P0100": case(AUSTRIAN, f"{PEPPOL}P0100", (">380<", ">389<")),
    "P0101": case(CREDIT, f"{PEPPOL}P0101", (">381<", ">261<")),
    "P0104": _exempt("VATEX-EU-G", f"{PEPPOL}P0104"),
    "P0105": _exempt("VATEX-EU-O", f"{PEPPOL}P0105"),
    "P0106": _exempt("vatex-eu-ic", f"{PEPPOL}P0106"),
    "P0107": _exempt("VATEX-EU-AE", f"{PEPPOL}P0107"),
    "P0108": _exempt("VATEX-EU-D", f"{PEPPOL}P0108"),
    "P0109": _exempt("VATEX-EU-F", f"{PEPPOL}P0109"),
    "P0110": _exempt("VATEX-EU-I", f"{PEPPOL}P0110"),
    "P0111": _exempt("VATEX-EU-J", f"{PEPPOL}P0111"),
    "P0112": case(AUSTRIAN, f"{PEPPOL}P0112", (">380<", ">384<")),
}
IDENTIFIERS: Final = {
    "R040": case(AUSTRIAN, f"{COMMON}R040", _scheme("5790000435950", "0088")),
    "R041": case(AUSTRIAN, f"{COMMON}R041", _scheme("923609017", "0192")),
    "R042": case(AUSTRIAN, f"{COMMON}R042", _scheme("1234567", "0184")),
    "R043": case(AUSTRIAN, f"{COMMON}R043", _scheme("0202239952", "0208")),
    "R044": case(AUSTRIAN, f"{COMMON}R044", _scheme("A1b2C", "0201")),
    "R045": case(AUSTRIAN, f"{COMMON}R045", _scheme("RSSMRA80A01H501", "0210")),
    "R046": case(AUSTRIAN, f"{COMMON}R046 {PEPPOL}CL008", ('"9914">ATU12345678<', '"9907">RSSMRA80A01H501<')),
    "R047": case(AUSTRIAN, f"{COMMON}R047", _scheme("IT00743110158", "0211")),
    "R049": case(AUSTRIAN, f"{COMMON}R049", _scheme("5560360794", "0007")),
    "R050": case(AUSTRIAN, f"{COMMON}R050", _scheme("51824753557", "0151")),
    "R052": case(AUSTRIAN, f"{COMMON}R052", _scheme("123456789", "0096")),
    "R053": case(AUSTRIAN, f"{COMMON}R053", _scheme("12345674", "0198")),
    "R054": case(AUSTRIAN, f"{COMMON}R054", _scheme("1234567", "0106")),
    "R055": case(AUSTRIAN, f"{COMMON}R055", _scheme("1234567890123456789", "0190")),
    "R056-1": case(AUSTRIAN, f"{COMMON}R056-1", _scheme("NL12345678B01", "9944")),
    "R056-2": case(AUSTRIAN, f"{COMMON}R056-2", (">ATU12345678</cbc:CompanyID>", ">NL12345678B01</cbc:CompanyID>")),
    "R056-2, a scheme of its own": case(
        AUSTRIAN,
        f"{COMMON}R054",
        (">ATU12345678</cbc:CompanyID>", ' schemeID="0106">NL12345678B01</cbc:CompanyID>'),
    ),
    "R057": case(AUSTRIAN, f"{COMMON}R057", _scheme("12345678901", "0217")),
    "R057, a VAT number first": case(
        AUSTRIAN,
        f"{COMMON}R056-2",
        (">ATU12345678</cbc:CompanyID>", ' schemeID="0217">NL12345678B01</cbc:CompanyID>'),
    ),
}


def self_billed(one: Case) -> Case:
    """The same fault in a self-billed document.

    Args:
        one: a fault.
    """
    return Case(as_self_billed(one.document), one.fires, as_self_billed(one.sound))


BASE: Final = {
    **{f"{PEPPOL}{name}": one for part in (DOCUMENT, AMOUNTS, CODES) for name, one in part.items()},
    **{f"{COMMON}{name}": one for name, one in IDENTIFIERS.items()},
}
OWN_RULES: Final = frozenset(f"{PEPPOL}{name}" for name in ("R004", "R007", "R051", "P0100", "P0101", "P0112"))
"""What Self-Billing has in its own way, or not at all."""
CREDITED: Final = as_self_billed(CREDIT)
SELF_BILLING: Final = {
    **{name: self_billed(one) for name, one in BASE.items() if name.partition(",")[0] not in OWN_RULES},
    f"{PEPPOL}R004": case(SELF_BILLED, f"{PEPPOL}R004", ("poacc:selfbilling:3.0", "poacc:billing:3.0")),
    f"{PEPPOL}R007": case(SELF_BILLED, f"{PEPPOL}R007", ("selfbilling:01:1.0", "billing:01:1.0")),
    f"{PEPPOL}R051": case(SELF_BILLED, f"{PEPPOL}R051", ('"EUR">20.00<', '"GBP">20.00<')),
    f"{PEPPOL}P0100": case(SELF_BILLED, f"{PEPPOL}P0100", (">389<", ">380<")),
    f"{PEPPOL}P0101": case(CREDITED, f"{PEPPOL}P0101", (">261<", ">381<")),
    f"{PEPPOL}R051, not in a breakdown": case(
        SELF_BILLED,
        "",
        ('"EUR">36.00</cbc:TaxAmount>\n   <cac:TaxCategory>', '"GBP">36.00</cbc:TaxAmount>\n   <cac:TaxCategory>'),
    ),
}
