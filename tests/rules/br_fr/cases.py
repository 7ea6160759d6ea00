# SPDX-License-Identifier: Apache-2.0
"""The smallest changes of sound UBL documents, with the ids that fire officially."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from tests.rules.br_fr.documents import CREDIT, INVOICE, address, behind, siren, siret
from tests.rules.br_fr.grouped import BOTH, BOTH_CREDIT, SEVERAL, SEVERAL_CREDIT
from tests.rules.peppol.documents import changed

Change = tuple[str, str]


class Case(Struct, frozen=True):
    """A document with one fault.

    Attributes:
        document: the document.
        fires: the ids that fire.
        sound: the document before.
        malformed: whether the schema refuses it, as the element that is asked has no place in it.
    """

    document: str
    fires: frozenset[str]
    sound: str
    malformed: bool = False


def case(document: str, fires: str, *changes: Change, malformed: bool = False) -> Case:
    """A document with a fault.

    Args:
        document: a sound document.
        fires: the ids that fire, without ``BR-FR-`` in front, divided by blanks.
        changes: what stands there, and what shall.
        malformed: see :class:`Case`.
    """
    ids = frozenset(f"BR-FR-{identifier}" for identifier in fires.split())
    return Case(changed(document, *changes), ids, document, malformed)


TERMS: Final = {
    "seller": ("BT-29", "BT-34"),
    "buyer": ("BT-46", "BT-49"),
    "payee": ("BT-60", "EXT-FR-FE-29"),
    "buyer's agent": ("EXT-FR-FE-06", "EXT-FR-FE-12"),
    "payer": ("EXT-FR-FE-46", "EXT-FR-FE-52"),
    "seller's agent": ("EXT-FR-FE-69", "EXT-FR-FE-75"),
    "invoicee": ("EXT-FR-FE-92", "EXT-FR-FE-98"),
    "invoicer": ("EXT-FR-FE-115", "EXT-FR-FE-121"),
}
"""Party -> the terms of its identifier and of its electronic address."""


def _identified(party: str, scheme: str, number: str) -> Change:
    """One more identifier of a party."""
    first = f'<cac:PartyIdentification><cbc:ID schemeID="0009">{siret(party)}</cbc:ID></cac:PartyIdentification>'
    more = f'<cac:PartyIdentification><cbc:ID schemeID="{scheme}">{number}</cbc:ID></cac:PartyIdentification>'
    return first, first + more


def _of_party(party: str) -> dict[str, Case]:
    term, route = TERMS[party]
    return {
        f"09_{term}": case(INVOICE, f"09_{term}", (f">{siret(party)}<", f">{siret(party)[:-1]}<")),
        f"23_{route}": case(INVOICE, f"23_{route}", (f">{address(party)}<", f">{siren(party)} x<")),
        f"25_{route}": case(INVOICE, f"25_{route}", (f">{address(party)}<", f">{siren(party)}{'x' * 117}<")),
        f"CO-10_{term}-1": case(INVOICE, f"CO-10_{term}-1", (f' schemeID="0009">{siret(party)}<', f">{siret(party)}<")),
        f"CO-10_{term}-2": case(INVOICE, f"CO-10_{term}-2", _identified(party, "0009", siret(party))),
    }


PLACE: Final = f'<cbc:ID schemeID="0009">{siret("delivery")}</cbc:ID>'
LINE_PLACE: Final = f'<cbc:ID schemeID="0009">{siret("line delivery")}</cbc:ID>'
WITHIN: Final = '<cac:DeliveryLocation><cbc:ID schemeID="0009">1</cbc:ID></cac:DeliveryLocation>'
PRIVATE: Final = {"BT-29": "S.1", "BT-46": "B.1"}
PARTIES: Final = {name: one for party in TERMS for name, one in _of_party(party).items()} | {
    "09_BT-71": case(INVOICE, "09_BT-71", (PLACE, PLACE.replace("99<", "9<"))),
    "CO-10_BT-71-1": case(INVOICE, "CO-10_BT-71-1", (PLACE, PLACE.replace(' schemeID="0009"', ""))),
    "CO-10_BT-71-2": case(INVOICE, "CO-10_BT-71-2", (PLACE, PLACE * 2), malformed=True),
    "09_EXT-FR-FE-146": case(INVOICE, "09_EXT-FR-FE-146", (LINE_PLACE, LINE_PLACE + WITHIN), malformed=True),
    "CO-10_EXT-FR-FE-146-1": case(
        INVOICE, "CO-10_EXT-FR-FE-146-1", (LINE_PLACE, LINE_PLACE.replace(' schemeID="0009"', ""))
    ),
    "CO-10_EXT-FR-FE-146-2": case(INVOICE, "CO-10_EXT-FR-FE-146-2", (LINE_PLACE, LINE_PLACE * 2), malformed=True),
    **{f"24_{term}": case(INVOICE, f"24_{term}", (f">{old}<", ">S/1<")) for term, old in PRIVATE.items()},
    **{f"26_{term}": case(INVOICE, f"26_{term}", (f">{old}<", f">{'S' * 101}<")) for term, old in PRIVATE.items()},
}

SELLER_LEGAL: Final = (f' schemeID="0002">{siren("seller")}<', f">{siren('seller')}<")
BUYER_LEGAL: Final = (f' schemeID="0002">{siren("buyer")}<', f">{siren('buyer')}<")
BUYER_ADDRESS: Final = f'<cbc:EndpointID schemeID="0225">{address("buyer")}</cbc:EndpointID>\n'
SELLER_ADDRESS: Final = f'<cbc:EndpointID schemeID="0225">{address("seller")}</cbc:EndpointID>\n'
SELF_BILLED: Final = ("cbc:InvoiceTypeCode>380<", "cbc:InvoiceTypeCode>389<")
REPRESENTED: Final = (
    "<cac:Delivery>",
    (
        "<cac:TaxRepresentativeParty>{}<cac:PartyTaxScheme><cbc:CompanyID>FR83111111111</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>{}</cac:TaxRepresentativeParty>\n"
        "<cac:Delivery>"
    ),
)
ENTITY: Final = '<cac:PartyLegalEntity><cbc:CompanyID schemeID="0002">11111111</cbc:CompanyID></cac:PartyLegalEntity>'
MEMBER: Final = _identified("seller", "0231", siren("seller"))
TXD: Final = ("#BAR#B2B</cbc:Note>", "#BAR#B2B</cbc:Note><cbc:Note>#TXD#MEMBRE_ASSUJETTI_UNIQUE</cbc:Note>")


def _represented(entity: str = "") -> Change:
    return REPRESENTED[0], REPRESENTED[1].format("", entity)


ROUTES: Final = {
    "10_BT-30": case(INVOICE, "10_BT-30 09_BT-29", SELLER_LEGAL),
    "11_BT-47": case(INVOICE, "11_BT-47 09_BT-46", BUYER_LEGAL),
    "12_BT-49": case(INVOICE, "12_BT-49 21_BT-49", (BUYER_ADDRESS, "")),
    "13_BT-34": case(INVOICE, "13_BT-34", (SELLER_ADDRESS, "")),
    "21_BT-49": case(INVOICE, "21_BT-49", (f'"0225">{address("buyer")}', f'"0088">{address("buyer")}')),
    "22_BT-34": case(INVOICE, "22_BT-34", SELF_BILLED, (f'"0225">{address("seller")}', f'"0088">{address("seller")}')),
    "32-LEGALID": case(INVOICE, "32-LEGALID", _represented(ENTITY)),
    "32-ID": case(INVOICE, "32-ID", _identified("payee", "0002", "33333333")),
    "CO-14_BT-29-1": case(INVOICE, "CO-14_BT-29-1", MEMBER, _represented()),
    "CO-15_BT-29-1": case(INVOICE, "CO-15_BT-29-1", MEMBER, TXD),
}


def _number(term: str, old: str) -> dict[str, Case]:
    long = case(INVOICE, f"01_{term}-1", (f">{old}<", f">{'F' * 36}<"))
    blank = case(INVOICE, f"01_{term}-2 02_{term}", (f">{old}<", f">{old.replace('/', ' ')}<"))
    return {f"01_{term}-1": long, f"01_{term}-2": blank, f"02_{term}": blank}


PRECEDING: Final = INVOICE[INVOICE.index("<cac:BillingReference>") : INVOICE.index("<cac:ContractDocumentReference>")]
UNDATED: Final = (
    ("<cbc:IssueDate>2026-08-03</cbc:IssueDate>\n", ""),
    ("<cbc:IssueDate>2026-08-04</cbc:IssueDate>\n", ""),
)
CONTRACT: Final = "<cac:ContractDocumentReference><cbc:ID>C-1</cbc:ID></cac:ContractDocumentReference>\n"
LEGIBLE: Final = "<cbc:DocumentDescription>LISIBLE</cbc:DocumentDescription>\n</cac:AdditionalDocumentReference>\n"
AGAIN: Final = LEGIBLE + "<cac:AdditionalDocumentReference>\n<cbc:ID>P-2</cbc:ID>\n" + LEGIBLE
AFL: Final = '<cbc:ID schemeID="AFL">A-1</cbc:ID>'
AVV: Final = '<cbc:ID schemeID="AVV">L-1</cbc:ID>'
PROPERTY: Final = (
    "</Invoice>",
    (
        "<cac:Item><cac:AdditionalItemProperty>{}<cbc:Value>1</cbc:Value></cac:AdditionalItemProperty></cac:Item>"
        "</Invoice>"
    ),
)


def _property(content: str) -> Change:
    return PROPERTY[0], PROPERTY[1].format(content)


REFERENCES: Final = {
    **_number("BT-1", "F-2026/17"),
    **_number("BT-25", "F-2026/16"),
    **_number("EXT-FR-FE-136", "F-2026/15"),
    "17_BT-123": case(INVOICE, "17_BT-123", (">LISIBLE<", ">READABLE<")),
    "18_BT-123": case(INVOICE, "18_BT-123", (LEGIBLE, AGAIN)),
    "29_BT-18": case(INVOICE, "29_BT-18", (AFL, AFL * 2), malformed=True),
    "29_AFL": case(INVOICE, "29_AFL", (AFL, AFL.replace("A-1", " "))),
    "29_AVV": case(INVOICE, "29_AVV", (AFL, AFL.replace("A-1", " ").replace("AFL", "AVV"))),
    "30_BT-128": case(INVOICE, "30_BT-128", (AVV, AVV * 2), malformed=True),
    "30_AFL": case(INVOICE, "30_AFL", (AVV, AVV.replace("L-1", " ").replace("AVV", "AFL"))),
    "30_AVV": case(INVOICE, "30_AVV", (AVV, AVV.replace("L-1", " "))),
    "27_BG-32": case(INVOICE, "27_BG-32", _property(""), malformed=True),
    "27_BT-160": case(INVOICE, "27_BT-160", _property("<cbc:Name> </cbc:Name>"), malformed=True),
    "27_EXT-FR-FE-159": case(
        INVOICE, "27_EXT-FR-FE-159", _property("<cbc:Name>A</cbc:Name><cbc:NameCode> </cbc:NameCode>"), malformed=True
    ),
    "28-Value": case(INVOICE, "28-Value", ("<cbc:Value>Red</cbc:Value>", "")),
    "28-Value, both": case(
        INVOICE,
        "28-Value",
        ("Red</cbc:Value>", 'Red</cbc:Value><cbc:ValueQuantity unitCode="C62">1</cbc:ValueQuantity>'),
    ),
    "28-Value, a measure": case(
        INVOICE, "", ("<cbc:Value>Red</cbc:Value>", '<cbc:ValueQuantity unitCode="C62">1</cbc:ValueQuantity>')
    ),
    "CO-03_BT-3": case(CREDIT, "CO-03_BT-3", (">381<", ">262<"), (CONTRACT, "")),
    "CO-04_BT-3": case(
        INVOICE, "CO-04_BT-3", ("cbc:InvoiceTypeCode>380<", "cbc:InvoiceTypeCode>384<"), (PRECEDING, "")
    ),
    "CO-05_BT-3": case(CREDIT, "CO-05_BT-3", *UNDATED),
    "CO-05_BT-3, the line refers": case(CREDIT, "", UNDATED[0]),
}

DATES: Final = {
    f"03_{term}": case(INVOICE, f"03_{term}", (old, new))
    for term, old, new in (
        ("BT-2", ">2026-09-01<", ">1999-09-01<"),
        ("BT-7", ">2026-09-02<", ">2126-09-02<"),
        ("BT-9", ">2026-10-01<", ">2126-10-01<"),
        ("BT-26", ">2026-08-03<", ">1999-08-03<"),
        ("BT-72", ">2026-08-20<", ">2126-08-20<"),
        ("BT-73", ">2026-08-01<", ">1999-08-01<"),
        ("BT-74", ">2026-08-31<", ">2126-08-31<"),
        ("EXT-FR-FE-138", ">2026-08-04<", ">1999-08-04<"),
        ("EXT-FR-FE-158", ">2026-08-21<", ">2126-08-21<"),
        ("BT-134", ">2026-08-02<", ">1999-08-02<"),
        ("BT-135", ">2026-08-30<", ">2126-08-30<"),
    )
} | {
    "CO-07_BT-9": case(INVOICE, "CO-07_BT-9", (">2026-10-01<", ">2026-08-31<")),
    "CO-07_BT-9, a prepayment": case(INVOICE, "", (">2026-10-01<", ">2026-08-31<"), (">380<", ">386<")),
}

NOTES: Final = {
    **{
        f"05_BT-22-{number}": case(INVOICE, f"05_BT-22-{number}", (f"#{subject}#", "#ABL#"))
        for number, subject in enumerate(("PMT", "PMD", "AAB"), 1)
    },
    **{
        f"06_BT-21-{number}": case(INVOICE, f"06_BT-21-{number}", ("#BAR#B2B<", f"#BAR#B2B#{subject}#{more}<"))
        for number, (subject, more) in enumerate((("PMT", ""), ("PMD", ""), ("AAB", ""), ("TXD", "x#TXD#")), 1)
    },
    "20_BT-21": case(INVOICE, "20_BT-21", ("#BAR#B2B<", "#BAR#B3B<")),
    "30_BT-21": case(INVOICE, "30_BT-21", ("#BAR#B2B<", "#BAR#B2B#BAR#B2C<")),
}

PAID: Final = ((">B1<", ">B2<"), (">16.00<", ">216.00<"), (">200.01<", ">0.00<"))
CODES: Final = {
    "04_BT-3": case(INVOICE, "04_BT-3", ("cbc:InvoiceTypeCode>380<", "cbc:InvoiceTypeCode>326<")),
    "04_EXT-FR-FE-02": case(INVOICE, "04_EXT-FR-FE-02", (">386<", ">326<")),
    "04_EXT-FR-FE-137": case(INVOICE, "04_EXT-FR-FE-137", ("DocumentTypeCode>380<", "DocumentTypeCode>326<")),
    "08_BT-23": case(INVOICE, "08_BT-23", (">B1<", ">X1<")),
    "08_BT-23, absent": case(INVOICE, "08_BT-23", ("<cbc:ProfileID>B1</cbc:ProfileID>\n", "")),
    "CO-08_BT-23": case(INVOICE, "CO-08_BT-23", (">B1<", ">B4<"), (">380<", ">386<")),
    "CO-09_BT-23-1": case(INVOICE, "CO-09_BT-23-1", *PAID, (">216.00<", ">216.01<")),
    "CO-09_BT-23-2": case(INVOICE, "CO-09_BT-23-2", *PAID, (">0.00<", ">0.02<")),
    "CO-09_BT-23-3": case(INVOICE, "CO-09_BT-23-3", *PAID, ("<cbc:DueDate>2026-10-01</cbc:DueDate>\n", "")),
    "CO-12_BT-5": case(INVOICE, "CO-12_BT-5", (">EUR</cbc:DocumentCurrencyCode>", ">GBP</cbc:DocumentCurrencyCode>")),
    **{
        f"15_{term}-1": case(INVOICE, f"15_{term}-1", (f"<cbc:ID>S</cbc:ID>\n<cbc:Percent>{rate}<", f"{kept}{rate}<"))
        for kept in ("<cbc:ID>B</cbc:ID>\n<cbc:Percent>",)
        for term, rate in (("BT-95_BT-102", "20"), ("BT-118", "20.0"), ("BT-151", "20.00"))
    },
    **{
        f"{other}": case(
            INVOICE, f"15_{term}-1 {other}", (f"<cbc:ID>S</cbc:ID>\n<cbc:Percent>{rate}<", f"{kept}{rate}<")
        )
        for kept in ("<cbc:ID>L</cbc:ID>\n<cbc:Percent>",)
        for term, rate, other in (
            ("BT-95_BT-102", "20", "15_BT-95_BT-102-2"),
            ("BT-118", "20.0", "15_BT-118-2"),
            ("BT-151", "20.00", "08_BT-151-2"),
        )
    },
    **{
        f"16_{term}": case(
            INVOICE, f"16_{term}", (f">{rate}</cbc:Percent>", f">{rate.replace('20', '19')}</cbc:Percent>")
        )
        for term, rate in (("BT-96", "20"), ("BT-119", "20.0"), ("BT-152", "20.00"))
    },
}

AMOUNTS: Final = {
    **{
        f"DEC-01_{term}": case(INVOICE, f"DEC-01_{term}", (f'"EUR">{amount}<', f'"EUR">{amount}1<'))
        for term, amount in (
            ("BT-92_BT-99", "20.00"),
            ("BT-93_BT-100", "200.00"),
            ("BT-106", "190.00"),
            ("BT-107", "20.01"),
            ("BT-108", "10.00"),
            ("BT-109", "180.00"),
            ("BT-110", "36.00"),
            ("BT-112", "216.00"),
            ("BT-113", "16.00"),
            ("BT-114", "0.01"),
            ("BT-115", "200.01"),
            ("BT-116", "180.01"),
            ("BT-117", "36.01"),
            ("BT-131", "190.01"),
            ("BT-136_BT-141", "20.02"),
            ("BT-137_BT-142", "200.02"),
        )
    },
    "DEC-02_BT-129": case(INVOICE, "DEC-02_BT-129", (">4</cbc:InvoicedQuantity>", ">4.00001</cbc:InvoicedQuantity>")),
    "DEC-02_BT-149": case(INVOICE, "DEC-02_BT-149", (">2</cbc:BaseQuantity>", ">2.00001</cbc:BaseQuantity>")),
    "DEC-03_BT-146": case(INVOICE, "DEC-03_BT-146", (">90.001<", ">-90.001<")),
    "DEC-03_BT-147": case(INVOICE, "DEC-03_BT-147", (">10.001<", ">-10.001<")),
    "DEC-03_BT-148": case(INVOICE, "DEC-03_BT-148", (">100.002<", ">-100.002<")),
    "DEC-03_BT-146, both ways": case(BOTH, "", (">1</cbc:PriceAmount>", ">-1</cbc:PriceAmount>")),
    **{
        f"DEC-04_{term}": case(
            INVOICE, f"DEC-04_{term} 16_{alone}", (f">{rate}</cbc:Percent>", ">020.00</cbc:Percent>")
        )
        for term, alone, rate in (
            ("BT-96_BT-103", "BT-96", "20"),
            ("BT-119", "BT-119", "20.0"),
            ("BT-152", "BT-152", "20.00"),
        )
    },
}

MAKER: Final = "\n</cac:PartyLegalEntity>\n</cac:ManufacturerParty>"
HEAD: Final = f'<cbc:CompanyID schemeID="0002">{siren("seller")}</cbc:CompanyID>{MAKER}'
NUMBER: Final = '<cbc:ID schemeID="AFL">F-2026/17</cbc:ID>'
TAX: Final = '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount></cac:TaxTotal>\n'
COUNTRY: Final = (
    "<cac:ManufacturerParty>\n<cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR<",
    "<cac:ManufacturerParty>\n<cac:PostalAddress><cac:Country><cbc:IdentificationCode> <",
)
ACCOUNTED: Final = (
    ">EUR</cbc:DocumentCurrencyCode>",
    ">EUR</cbc:DocumentCurrencyCode>\n<cbc:TaxCurrencyCode>GBP</cbc:TaxCurrencyCode>",
)
NET: Final = '<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>'
GROSS: Final = (
    NET + '<cbc:TaxInclusiveLineExtensionAmount currencyID="EUR">120.03</cbc:TaxInclusiveLineExtensionAmount>'
)
EARLIER: Final = (
    "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-2026/14</cbc:ID>"
    "<cbc:IssueDate>2026-08-05</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>\n"
)
EARLIER_DATE: Final = "<cbc:IssueDate>2026-08-05</cbc:IssueDate>"
HEAD_KIND: Final = "<cbc:DocumentStatusCode>GROUP<"
ALL_DETAILS: Final = (HEAD_KIND, "<cbc:DocumentStatusCode>DETAIL<")
BUYERS_LINE: Final = f'<cbc:CompanyID schemeID="0002">{siren("buyer")}</cbc:CompanyID>{MAKER}'


def _sold(document: str, legal: str, party: str) -> str:
    """The same, where all lines of a seller are sold by somebody else."""
    return document.replace(legal, legal.replace(siren(party), siren("payee")))


GROUPS: Final = {
    "MV-01_EXT-FR-FE-163": case(SEVERAL, "MV-01_EXT-FR-FE-163", (">DETAIL<", "> <")),
    "MV-02_EXT-FR-FE-163": case(SEVERAL, "MV-02_EXT-FR-FE-163", ALL_DETAILS, ALL_DETAILS),
    "MV-03_EXT-FR-FE-164": case(SEVERAL, "MV-03_EXT-FR-FE-164", (">The seller of line 1<", "> <")),
    "MV-03_EXT-FR-FE-167": case(
        SEVERAL, "MV-03_EXT-FR-FE-167 MV-06_EXT-FR-FE-167", (HEAD, HEAD.replace(' schemeID="0002">111111111', "> "))
    ),
    "MV-03_EXT-FR-FE-177": case(SEVERAL, "MV-03_EXT-FR-FE-177", COUNTRY),
    "MV-03_EXT-FR-FE-181": case(
        SEVERAL, "MV-03_EXT-FR-FE-181 MV-09_EXT-FR-FE-181", (TAX, TAX.replace('"EUR"', '"GBP"'))
    ),
    "MV-03_EXT-FR-FE-182": case(SEVERAL, "MV-03_EXT-FR-FE-182", ACCOUNTED),
    "MV-03_BT-128_AFL": case(
        SEVERAL,
        "MV-03_BT-128_AFL MV-07_BT-128 MV-09_EXT-FR-FE-181 MV-11_BT-128",
        (NUMBER, NUMBER.replace("AFL", "ABC")),
    ),
    "MV-03_BT-128_AVV": case(SEVERAL, "MV-03_BT-128_AVV", ('"AVV">M1<', '"AVV">M8<')),
    "MV-05_EXT-FR-FE-BG-12": case(SEVERAL, "MV-05_EXT-FR-FE-BG-12", (">60.00<", ">60.03<")),
    "MV-05_EXT-FR-FE-BG-12, two cents": case(SEVERAL, "", (">60.00<", ">60.01<")),
    "MV-06_EXT-FR-FE-167": case(
        behind(SEVERAL, "of line 1.3", (siren("seller"), siren("payee"))), "MV-06_EXT-FR-FE-167"
    ),
    "MV-07_BT-128": case(behind(SEVERAL, "<cbc:ID>1.3<", ('"AFL">F-2026/17<', '"AFL">G-5<')), "MV-07_BT-128"),
    "MV-08_BT-128": case(behind(SEVERAL, ">Line 2.1<", (">#G-9#<", ">G-9<")), "MV-08_BT-128"),
    "MV-09_EXT-FR-FE-181": case(SEVERAL, "MV-09_EXT-FR-FE-181", (TAX, TAX.replace("20.00", "20.02"))),
    "MV-10_EXT-FR-FE-184": case(SEVERAL, "MV-10_EXT-FR-FE-184", (NET, GROSS), malformed=True),
    "MV-11_BT-128": case(
        SEVERAL.replace("F-2026/17</cbc:ID><cbc:DocumentTypeCode>", "G-7</cbc:ID><cbc:DocumentTypeCode>").replace(
            "#F-2026/17#", "#G-7#"
        ),
        "MV-11_BT-128",
    ),
    "MV-12_BT-128": case(
        SEVERAL.replace(">G-9<", ">F-2026/17<").replace("#G-9#", "#F-2026/17#"), "MV-12_BT-128 MV-09_EXT-FR-FE-181"
    ),
    "MV-13_BT-3": case(SEVERAL, "MV-13_BT-3", SELF_BILLED),
    "MV-14-EXT-FR-FE-136": case(SEVERAL_CREDIT, "MV-14-EXT-FR-FE-136 MV-14-EXT-FR-FE-138", (EARLIER, "")),
    "MV-14-EXT-FR-FE-138": case(SEVERAL_CREDIT, "MV-14-EXT-FR-FE-138", (EARLIER_DATE, "")),
    "BD-02_EXT-FR-FE-163": case(BOTH, "BD-02_EXT-FR-FE-163 BD-02_BT-30", ALL_DETAILS),
    "BD-02_BT-30": case(_sold(BOTH, HEAD, "seller"), "BD-02_BT-30"),
    "BD-02_BT-47": case(_sold(BOTH, BUYERS_LINE, "buyer"), "BD-02_BT-47"),
    "MV-BD_BT-3": case(BOTH, "MV-BD_BT-3", ("Code>389<", "Code>380<")),
    "BD-14-EXT-FR-FE-136": case(BOTH_CREDIT, "BD-14-EXT-FR-FE-136 BD-14-EXT-FR-FE-138", (EARLIER, "")),
    "BD-14-EXT-FR-FE-138": case(BOTH_CREDIT, "BD-14-EXT-FR-FE-138", (EARLIER_DATE, "")),
}

UBL: Final = PARTIES | ROUTES | REFERENCES | DATES | NOTES | CODES | AMOUNTS | GROUPS
"""Id without ``BR-FR-``, or that and what is special -> the case."""
