# SPDX-License-Identifier: Apache-2.0
"""The smallest changes of sound documents of a country, each with the ids that fire officially."""

from __future__ import annotations

from typing import Final

from tests.rules.peppol.cases import FILE, Case, case
from tests.rules.peppol.documents import (
    DANISH,
    DUTCH,
    GERMAN,
    GREEK,
    ICELANDIC,
    ITALIAN,
    NORWEGIAN,
    SWEDISH,
    as_credit_note,
    changed,
)

STREET: Final = ("    <cbc:StreetName>Am Graben 1</cbc:StreetName>\n", "")
CITY: Final = ("    <cbc:CityName>Graz</cbc:CityName>\n", "")
ZONE: Final = ("    <cbc:PostalZone>8010</cbc:PostalZone>\n", "")
BUYER_STREET: Final = ("    <cbc:StreetName>Ring 7</cbc:StreetName>\n", "")
BUYER_CITY: Final = ("    <cbc:CityName>Wels</cbc:CityName>\n", "")
BUYER_ZONE: Final = ("    <cbc:PostalZone>4600</cbc:PostalZone>\n", "")
MEANS: Final = DANISH[DANISH.index(" <cac:PaymentMeans>") : DANISH.index(" <cac:PaymentTerms>")]
SUPPLIER: Final = " <cac:AccountingSupplierParty>"
MANDATE: Final = (
    "<cac:PaymentMandate><cbc:ID>M</cbc:ID><cac:PayerFinancialAccount><cbc:ID>{}</cbc:ID></cac:PayerFinancialAccount>"
    "</cac:PaymentMandate>"
)
CARD: Final = (
    "<cac:CardAccount><cbc:PrimaryAccountNumberID>1234</cbc:PrimaryAccountNumberID><cbc:NetworkID>V</cbc:NetworkID>"
    "</cac:CardAccount>"
)


def _means(code: str, payment: str = "", account: str = "", more: str = "") -> tuple[str, str]:
    """Other means of payment; a card stands before the account, a mandate behind it."""
    number = f"  <cbc:PaymentID>{payment}</cbc:PaymentID>\n" if payment else ""
    to = f"<cac:PayeeFinancialAccount><cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount>" if account else ""
    below = more + to if more == CARD else to + more
    code = f"  <cbc:PaymentMeansCode>{code}</cbc:PaymentMeansCode>\n"
    return MEANS, f" <cac:PaymentMeans>\n{code}{number}{below}\n </cac:PaymentMeans>\n"


NORWAY: Final = {
    "NO-R-001": case(NORWEGIAN, "NO-R-001", (">NO923609016MVA<", ">NO923609017MVA<")),
    "NO-R-002": case(NORWEGIAN, "NO-R-002", (">Foretaksregisteret<", ">Registeret<")),
}
ZZZ: Final = (">95<", ">ZZZ<")
DENMARK: Final = {
    "DK-R-002": case(DANISH, "DK-R-002", ('    <cbc:CompanyID schemeID="0184">12345674</cbc:CompanyID>\n', "")),
    "DK-R-003": case(DANISH, "DK-R-003", ('"26.08.01"', '"08.05.01"')),
    "DK-R-004": case(DANISH, "DK-R-004 PEPPOL-EN16931-CL002", ZZZ),
    "DK-R-004, four digits": case(DANISH, "PEPPOL-EN16931-CL002", ZZZ, (">Discount<", ">1234<")),
    "DK-R-004, a text": case(DANISH, "PEPPOL-EN16931-CL002", ZZZ, (">Discount<", ">a#b<")),
    "DK-R-005": case(DANISH, "DK-R-005", _means("30", account="1")),
    "DK-R-006": case(DANISH, "DK-R-006", _means("42", account="1")),
    "DK-R-007": case(
        DANISH, "DK-R-007", _means("49", more="<cac:PaymentMandate><cbc:ID>M</cbc:ID></cac:PaymentMandate>")
    ),
    "DK-R-008": case(DANISH, "DK-R-008", _means("50", "01#", "123456")),
    "DK-R-009": case(DANISH, "DK-R-009", _means("50", "04#1", "1234567")),
    "DK-R-010": case(DANISH, "DK-R-010", _means("93", "73#", "1234567")),
    "DK-R-011": case(DANISH, "DK-R-011", _means("93", "71#1", "12345678")),
    "DK-R-013": case(DANISH, "DK-R-013", (' schemeID="0088">5790000435951<', ">5790000435951<")),
    "DK-R-014": case(
        DANISH,
        "DK-R-014",
        ('<cbc:CompanyID schemeID="0184">', '<cbc:CompanyID schemeID="0088">'),
        (">12345674<", ">5790000435951<"),
    ),
    "DK-R-016": case(
        as_credit_note(DANISH), "DK-R-016", ('"EUR">216.00</cbc:PayableAmount>', '"EUR">-1</cbc:PayableAmount>')
    ),
    "DK-R-017": case(
        DANISH,
        "DK-R-017",
        (
            '<cbc:RegistrationName>Tischlerei OG</cbc:RegistrationName>\n    <cbc:CompanyID schemeID="0184">',
            "<cbc:RegistrationName>Tischlerei OG</cbc:RegistrationName>\n    <cbc:CompanyID>",
        ),
    ),
}
ITALY: Final = {
    "IT-R-001": case(ITALIAN, "IT-R-001", (">00743110157<", ">0743110157<")),
    "IT-R-002": case(ITALIAN, "IT-R-002", STREET),
    "IT-R-003": case(ITALIAN, "IT-R-003", CITY),
    "IT-R-004": case(ITALIAN, "IT-R-004", ZONE),
}
PLUSGIRO: Final = (">SE:BANKGIRO<", ">SE:PLUSGIRO<")
SWEDEN: Final = {
    "SE-R-001": case(SWEDISH, "SE-R-001", (">SE556036079301<", ">SE55603607930<")),
    "SE-R-002": case(SWEDISH, "SE-R-002", (">SE556036079301<", ">SE55603607930X<")),
    "SE-R-003": case(SWEDISH, "SE-R-003 SE-R-013", (">5560360793<", ">556036079X<")),
    "SE-R-004": case(SWEDISH, "SE-R-004", (">5560360793<", ">55603607931<")),
    "SE-R-005": case(SWEDISH, "SE-R-005", (">Godkänd för F-skatt<", ">F-skatt<")),
    "SE-R-006": case(SWEDISH, "SE-R-006", ("<cbc:Percent>25<", "<cbc:Percent>20<")),
    "SE-R-007": case(SWEDISH, "SE-R-007", PLUSGIRO, (">1234567<", ">12-34567<")),
    "SE-R-008": case(SWEDISH, "SE-R-008", (">1234567<", ">123-4567<")),
    "SE-R-009": case(SWEDISH, "SE-R-009", (">1234567<", ">123456<")),
    "SE-R-010": case(SWEDISH, "SE-R-010", PLUSGIRO, (">1234567<", ">123456789<")),
    "SE-R-011": case(SWEDISH, "SE-R-011", (">30<", ">56<")),
    "SE-R-012": case(SWEDISH, "SE-R-012", (">30<", ">31<")),
    "SE-R-013": case(SWEDISH, "SE-R-013", (">5560360793<", ">5560360794<")),
}
NUMBER: Final = "094259216|01/09/2026|1|1.1|A|17"
URL: Final = GREEK[GREEK.index(" <cac:AdditionalDocumentReference><cbc:ID>1<") : GREEK.index(SUPPLIER)]


def _number(fires: str, number: str) -> Case:
    return case(GREEK, fires, (NUMBER, number))


GREECE: Final = {
    "GR-R-001-1": _number("GR-R-001-1", f"{NUMBER}|x"),
    "GR-R-001-2": _number("GR-R-001-2", "094259217|01/09/2026|1|1.1|A|17"),
    "GR-R-001-3": _number("GR-R-001-3", "094259216|02/09/2026|1|1.1|A|17"),
    "GR-R-001-4": _number("GR-R-001-4", "094259216|01/09/2026|-1|1.1|A|17"),
    "GR-R-001-5": _number("GR-R-001-5", "094259216|01/09/2026|1|1.2|A|17"),
    "GR-R-001-6": _number("GR-R-001-6", "094259216|01/09/2026|1|1.1||17"),
    "GR-R-001-7": _number("GR-R-001-7", "094259216|01/09/2026|1|1.1|A|"),
    "GR-R-002": case(GREEK, "GR-R-002", ("   <cac:PartyName><cbc:Name>Alpenholz</cbc:Name></cac:PartyName>\n", "")),
    "GR-R-003": case(
        GREEK, "GR-R-003 GR-S-011 GR-R-001-2", (">EL094259216</cbc:CompanyID>", ">EL094259217</cbc:CompanyID>")
    ),
    "GR-R-004-1": case(GREEK, "GR-R-004-1", (">##M.AR.K##<", ">MARK<")),
    "GR-R-004-2": case(GREEK, "GR-R-004-2", (">400001<", ">0<")),
    "GR-R-005": case(GREEK, "GR-R-005", ("   <cac:PartyName><cbc:Name>Tischlerei</cbc:Name></cac:PartyName>\n", "")),
    "GR-R-006": case(
        GREEK,
        "GR-R-006",
        (
            "   <cac:PartyTaxScheme>\n    <cbc:CompanyID>EL094259216</cbc:CompanyID>",
            "   <cac:PartyTaxScheme>\n    <cbc:CompanyID>@</cbc:CompanyID>",
        ),
        (
            "   <cac:PartyTaxScheme>\n    <cbc:CompanyID>EL094259216</cbc:CompanyID>",
            "   <cac:PartyTaxScheme>\n    <cbc:CompanyID>EL094259217</cbc:CompanyID>",
        ),
        (">@<", ">EL094259216<"),
    ),
    "GR-R-008-2": case(GREEK, "GR-R-008-2 GR-S-008-1", (URL, URL * 2)),
    "GR-R-008-3": case(GREEK, "GR-R-008-3 PEPPOL-EN16931-R008", (">https://tax.example/1<", "><")),
    "GR-R-009": case(GREEK, "GR-R-009", ('"9933">094259216<', '"9933">094259217<')),
    "GR-R-010": case(
        GREEK, "GR-R-010", ('"9933">094259216<', '"@">094259216<'), ('"9933">', '"9914">'), ('"@"', '"9933"')
    ),
    "GR-S-008-1": case(GREEK, "GR-S-008-1", (">##INVOICE|URL##<", ">URL<")),
    "GR-S-011": case(GREEK, "GR-S-011 GR-R-003", (">EL094259216</cbc:CompanyID>", ">GR094259216</cbc:CompanyID>")),
}
ICELAND: Final = {
    "IS-R-001": case(ICELANDIC, "IS-R-001", (">380<", ">393<")),
    "IS-R-002": case(ICELANDIC, "IS-R-002", (' schemeID="0196"', ' schemeID="0002"')),
    "IS-R-003": case(ICELANDIC, "IS-R-003", STREET),
    "IS-R-004": case(
        ICELANDIC, "IS-R-004", (' schemeID="0196"', ' schemeID="@"'), (' schemeID="0196"', ""), ('"@"', '"0196"')
    ),
    "IS-R-005": case(ICELANDIC, "IS-R-005", BUYER_ZONE),
    "IS-R-006": case(ICELANDIC, "IS-R-006", (">42<", ">9<"), (">013326123456<", ">0133<")),
    "IS-R-007": case(ICELANDIC, "IS-R-007", (">013326123456<", ">0133<")),
    "IS-R-008": case(ICELANDIC, "IS-R-008", (">2026-10-15<", ">2026-10-32<")),
    "IS-R-009": case(ICELANDIC, "IS-R-009 IS-R-010", (" <cbc:DueDate>2026-10-01</cbc:DueDate>\n", "")),
    "IS-R-010": case(ICELANDIC, "IS-R-010", (">2026-10-15<", ">2026-09-30<")),
}
DUTCH_CREDIT: Final = changed(
    as_credit_note(DUTCH),
    (
        " <cac:AccountingSupplierParty>",
        (
            " <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>R-1</cbc:ID></cac:InvoiceDocumentReference>"
            "</cac:BillingReference>\n <cac:AccountingSupplierParty>"
        ),
    ),
)
NETHERLANDS: Final = {
    "a credit note that refers to its invoice": case(DUTCH_CREDIT, ""),
    "NL-R-001": case(as_credit_note(DUTCH), "NL-R-001"),
    "NL-R-002": case(DUTCH, "NL-R-002", STREET),
    "NL-R-003": case(DUTCH, "NL-R-003", ('"0106"', '"0088"'), (">12345678<", ">5790000435951<")),
    "NL-R-004": case(DUTCH, "NL-R-004", BUYER_CITY),
    "NL-R-005": case(DUTCH, "NL-R-005", ('"0190">00000001123456789000<', '"0088">5790000435951<')),
    "NL-R-006": case(DUTCH, "NL-R-006", ("<cbc:CityName>Delft</cbc:CityName>", "")),
    "NL-R-007": case(DUTCH, "NL-R-007", (MEANS, "")),
    "NL-R-008": case(DUTCH, "NL-R-008", (">58<", ">31<")),
    "NL-R-009": case(DUTCH, "NL-R-009", (" <cac:OrderReference><cbc:ID>O-1</cbc:ID></cac:OrderReference>\n", "")),
}
SKONTO: Final = ">30 days net<"
DEBIT: Final = _means("59", more=MANDATE.format("DE02120300000000202051"))
SEPA: Final = ("<cbc:ID>S-1<", '<cbc:ID schemeID="SEPA">S-1<')
GERMANY: Final = {
    "a direct debit": case(GERMAN, "", DEBIT, SEPA),
    "a cash discount": case(GERMAN, "", (SKONTO, ">#SKONTO#TAGE=14#PROZENT=2.00#\n<")),
    "DE-R-001": case(GERMAN, "DE-R-001", (MEANS, "")),
    "DE-R-002": case(
        GERMAN, "DE-R-002", (GERMAN[GERMAN.index("   <cac:Contact>") : GERMAN.index("  </cac:Party>")], "")
    ),
    "DE-R-003": case(GERMAN, "DE-R-003", CITY),
    "DE-R-004": case(GERMAN, "DE-R-004", ZONE),
    "DE-R-005": case(GERMAN, "DE-R-005", ("    <cbc:Name>Sales</cbc:Name>\n", "")),
    "DE-R-006": case(GERMAN, "DE-R-006 DE-R-027", ("    <cbc:Telephone>+43 316 123456</cbc:Telephone>\n", "")),
    "DE-R-007": case(
        GERMAN, "DE-R-007 DE-R-028", ("    <cbc:ElectronicMail>sales@alpenholz.example</cbc:ElectronicMail>\n", "")
    ),
    "DE-R-008": case(GERMAN, "DE-R-008", BUYER_CITY),
    "DE-R-009": case(GERMAN, "DE-R-009", BUYER_ZONE),
    "DE-R-010": case(GERMAN, "DE-R-010", ("    <cbc:CityName>Linz</cbc:CityName>\n", "")),
    "DE-R-011": case(GERMAN, "DE-R-011", ("    <cbc:PostalZone>4020</cbc:PostalZone>\n", "")),
    "DE-R-014": case(
        GERMAN,
        "DE-R-014",
        (
            "   <cac:TaxCategory>\n    <cbc:ID>S</cbc:ID>\n    <cbc:Percent>20</cbc:Percent>\n",
            "   <cac:TaxCategory>\n    <cbc:ID>S</cbc:ID>\n",
        ),
    ),
    "DE-R-015": case(GERMAN, "DE-R-015", (" <cbc:BuyerReference>4711</cbc:BuyerReference>\n", "")),
    "DE-R-016": case(
        GERMAN,
        "DE-R-016",
        (GERMAN[GERMAN.index("   <cac:PartyTaxScheme>") : GERMAN.index("   <cac:PartyLegalEntity>")], ""),
    ),
    "DE-R-017": case(GERMAN, "DE-R-017", (">380<", ">393<")),
    "DE-R-018": case(GERMAN, "DE-R-018", (SKONTO, ">#SKONTO#TAGE=14#PROZENT=2#\n<")),
    "DE-R-018, no line break": case(GERMAN, "DE-R-018", (SKONTO, ">#SKONTO#TAGE=14#PROZENT=2.00#<")),
    "DE-R-019": case(GERMAN, "DE-R-019", (">DE02120300000000202051<", ">DE02120300000000202052<")),
    "DE-R-020": case(GERMAN, "DE-R-020", _means("59", more=MANDATE.format("DE1")), SEPA),
    "DE-R-022": case(GERMAN, "DE-R-022", (SUPPLIER, FILE.format(mime="image/png", name="a") * 2 + SUPPLIER)),
    "DE-R-023-1": case(GERMAN, "DE-R-023-1", _means("30")),
    "DE-R-023-2": case(GERMAN, "DE-R-023-2", _means("58", account="DE02120300000000202051", more=CARD)),
    "DE-R-024-1": case(GERMAN, "DE-R-024-1", _means("48")),
    "DE-R-024-2": case(GERMAN, "DE-R-024-2", _means("54", account="1", more=CARD)),
    "DE-R-025-1": case(GERMAN, "DE-R-025-1 DE-R-020 PEPPOL-EN16931-R061", _means("59")),
    "DE-R-025-2": case(
        GERMAN, "DE-R-025-2", _means("59", account="1", more=MANDATE.format("DE02120300000000202051")), SEPA
    ),
    "DE-R-026": case(GERMAN, "DE-R-026", (">380<", ">384<")),
    "DE-R-027": case(GERMAN, "DE-R-027", (">+43 316 123456<", ">call 12<")),
    "DE-R-028": case(GERMAN, "DE-R-028", (">sales@alpenholz.example<", ">sales@alpenholz<")),
    "DE-R-030": case(GERMAN, "DE-R-030", DEBIT),
    "DE-R-031": case(
        GERMAN,
        "DE-R-031 DE-R-020",
        _means("59", more="<cac:PaymentMandate><cbc:ID>M</cbc:ID></cac:PaymentMandate>"),
        SEPA,
    ),
    "DE-R-T02": case(GERMAN, "DE-R-T02", (">https://docs.example/a1<", ">docs.example/a1<")),
}
NATIONAL: Final = {
    name: one
    for country in (NORWAY, DENMARK, ITALY, SWEDEN, GREECE, ICELAND, NETHERLANDS, GERMANY)
    for name, one in country.items()
}
