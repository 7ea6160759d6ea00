# SPDX-License-Identifier: Apache-2.0
"""The smallest changes of sound CII documents, with the ids that fire officially."""

from __future__ import annotations

from typing import Final

from tests.rules.br_fr.cases import PRIVATE, TERMS, Case, Change, case
from tests.rules.br_fr.documents import address, behind, siren, siret
from tests.rules.br_fr.documents_cii import CROSS
from tests.rules.br_fr.grouped import CROSS_BOTH, CROSS_SEVERAL


def _identified(party: str, *numbers: tuple[str, str]) -> Change:
    """More identifiers of a party, each with its scheme."""
    first = f'<ram:GlobalID schemeID="0009">{siret(party)}</ram:GlobalID>'
    return first, first + "".join(f'<ram:GlobalID schemeID="{one}">{number}</ram:GlobalID>' for one, number in numbers)


def _schemes(party: str, term: str) -> dict[str, Case]:
    """What is asked of the schemes of identifiers, and of a SIRET."""
    return {
        f"09_{term}": case(CROSS, f"09_{term}", (f">{siret(party)}<", f">{siret(party)[:-1]}<")),
        f"CO-10_{term}-1": case(CROSS, f"CO-10_{term}-1", (f' schemeID="0009">{siret(party)}<', f">{siret(party)}<")),
        f"CO-10_{term}-2": case(CROSS, f"CO-10_{term}-2", _identified(party, ("0088", "1"), ("0088", "2"))),
    }


def _routes(party: str, term: str) -> dict[str, Case]:
    return {
        f"23_{term}": case(CROSS, f"23_{term}", (f">{address(party)}<", f">{siren(party)} x<")),
        f"25_{term}": case(CROSS, f"25_{term}", (f">{address(party)}<", f">{siren(party)}{'x' * 117}<")),
    }


PLACES: Final = {"delivery": "BT-71", "line delivery": "EXT-FR-FE-146"}
PARTIES: Final = {
    **{name: one for party, (term, _) in TERMS.items() for name, one in _schemes(party, term).items()},
    **{name: one for party, (_, term) in TERMS.items() for name, one in _routes(party, term).items()},
    **{name: one for place, term in PLACES.items() for name, one in _schemes(place, term).items()},
    **{f"24_{term}": case(CROSS, f"24_{term}", (f">{old}<", ">S/1<")) for term, old in PRIVATE.items()},
    **{f"26_{term}": case(CROSS, f"26_{term}", (f">{old}<", f">{'S' * 101}<")) for term, old in PRIVATE.items()},
}


def _route(party: str) -> str:
    return (
        f'<ram:URIUniversalCommunication><ram:URIID schemeID="0225">{address(party)}</ram:URIID>'
        "</ram:URIUniversalCommunication>\n"
    )


BILLED: Final = ("<ram:TypeCode>380<", "<ram:TypeCode>389<")
MEMBER: Final = _identified("seller", ("0231", siren("seller")))
TXD: Final = (
    "<ram:IncludedNote><ram:Content>B2B<",
    (
        "<ram:IncludedNote><ram:Content>MEMBRE_ASSUJETTI_UNIQUE</ram:Content><ram:SubjectCode>TXD</ram:SubjectCode>"
        "</ram:IncludedNote>\n<ram:IncludedNote><ram:Content>B2B<"
    ),
)
REPRESENTED: Final = (
    "<ram:ContractReferencedDocument>",
    (
        "<ram:SellerTaxRepresentativeTradeParty><ram:SpecifiedTaxRegistration>"
        '<ram:ID schemeID="VA">FR83111111111</ram:ID></ram:SpecifiedTaxRegistration>'
        "</ram:SellerTaxRepresentativeTradeParty>\n<ram:ContractReferencedDocument>"
    ),
)
ORGANISED: Final = (
    "<ram:ContractReferencedDocument>",
    (
        "<ram:SellerTaxRepresentativeTradeParty><ram:SpecifiedLegalOrganization>"
        '<ram:ID schemeID="0002">11111111</ram:ID></ram:SpecifiedLegalOrganization>'
        "</ram:SellerTaxRepresentativeTradeParty>\n<ram:ContractReferencedDocument>"
    ),
)
ROUTES: Final = {
    "10_BT-30": case(CROSS, "10_BT-30 09_BT-29", (f' schemeID="0002">{siren("seller")}<', f">{siren('seller')}<")),
    "11_BT-47": case(CROSS, "11_BT-47 09_BT-46", (f' schemeID="0002">{siren("buyer")}<', f">{siren('buyer')}<")),
    "12_BT-49": case(CROSS, "12_BT-49 21_BT-49", (_route("buyer"), "")),
    "13_BT-34": case(CROSS, "13_BT-34", (_route("seller"), "")),
    "21_BT-49": case(CROSS, "21_BT-49", (f'"0225">{address("buyer")}', f'"0088">{address("buyer")}')),
    "22_BT-34": case(CROSS, "22_BT-34", BILLED, (f'"0225">{address("seller")}', f'"0088">{address("seller")}')),
    "32-LEGALID": case(CROSS, "32-LEGALID", ORGANISED),
    "32-GLOBALID": case(CROSS, "32-GLOBALID", _identified("payee", ("0002", "33333333"))),
    "CO-14_BT-29-1": case(CROSS, "CO-14_BT-29-1", MEMBER, REPRESENTED),
    "CO-15_BT-29-1": case(CROSS, "CO-15_BT-29-1", MEMBER, TXD),
}


def _number(term: str, old: str) -> dict[str, Case]:
    return {
        f"01_{term}": case(CROSS, f"01_{term}", (f">{old}<", f">{'F' * 36}<")),
        f"02_{term}": case(CROSS, f"02_{term}", (f">{old}<", f">{old.replace('/', ' ')}<")),
    }


CONTRACT: Final = (
    "<ram:ContractReferencedDocument><ram:IssuerAssignedID>C-1</ram:IssuerAssignedID>"
    "</ram:ContractReferencedDocument>\n"
)
LEGIBLE: Final = CROSS[
    CROSS.index("<ram:AdditionalReferencedDocument>\n<ram:IssuerAssignedID>P-1") : CROSS.index(
        "<ram:BuyerAgentTradeParty>"
    )
]
OBJECT: Final = CROSS[
    CROSS.index("<ram:AdditionalReferencedDocument>\n<ram:IssuerAssignedID>A-1") : CROSS.index(LEGIBLE)
]
PRECEDING: Final = CROSS[
    CROSS.index("<ram:InvoiceReferencedDocument>\n<ram:IssuerAssignedID>F-2026/16") : CROSS.index(
        "</ram:ApplicableHeaderTradeSettlement>"
    )
]
LINE_PRECEDING: Final = "<ram:IssuerAssignedID>F-2026/15</ram:IssuerAssignedID>\n"
OF_LINE: Final = (
    "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>{}</ram:IssuerAssignedID>"
    "<ram:ReferenceTypeCode>{}</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>\n"
)


def _direct(number: str, scheme: str, times: int = 1) -> Change:
    """Objects that stand directly in a line, where the schema has no place for them."""
    end = "</ram:IncludedSupplyChainTradeLineItem>"
    return end, OF_LINE.format(number, scheme) * times + end


REFERENCES: Final = {
    **_number("BT-1", "F-2026/17"),
    **_number("BT-25", "F-2026/16"),
    **_number("EXT-FR-FE-136", "F-2026/15"),
    "17_BT-123": case(CROSS, "17_BT-123", (">LISIBLE<", ">READABLE<")),
    "18_BT-123": case(CROSS, "18_BT-123", (LEGIBLE, LEGIBLE * 2)),
    "29_BT-18": case(CROSS, "29_BT-18", (OBJECT, OBJECT * 2)),
    "29_AFL": case(CROSS, "29_AFL", (">A-1<", "> <")),
    "29_AVV": case(CROSS, "29_AVV", (OBJECT, OBJECT.replace("A-1", " ").replace("AFL", "AVV"))),
    "30_BT-128": case(CROSS, "30_BT-128", _direct("1", "AFL", 2), malformed=True),
    "30_AFL": case(CROSS, "30_AFL", _direct(" ", "AFL"), malformed=True),
    "30_AVV": case(CROSS, "30_AVV", _direct(" ", "AVV"), malformed=True),
    "27_BG-32": case(CROSS, "27_BG-32", ("<ram:Description>Colour</ram:Description>\n", "")),
    "27_BT-160": case(CROSS, "27_BT-160", (">Colour<", "> <")),
    "27_EXT-FR-FE-159": case(
        CROSS,
        "27_EXT-FR-FE-159",
        ("<ram:Description>Colour<", "<ram:TypeCode> </ram:TypeCode><ram:Description>Colour<"),
    ),
    "28-Value": case(CROSS, "28-Value", ("<ram:Value>Red</ram:Value>\n", "")),
    "CO-03_BT-3": case(CROSS, "CO-03_BT-3", (">380<", ">262<"), (CONTRACT, "")),
    "CO-04_BT-4": case(CROSS, "CO-04_BT-4", (">380<", ">384<"), (PRECEDING, "")),
    "CO-05_BT-3": case(CROSS, "CO-05_BT-3", (">380<", ">381<"), (PRECEDING, ""), (LINE_PRECEDING, "")),
    "CO-05_BT-3, the line refers": case(CROSS, "", (">380<", ">381<"), (PRECEDING, "")),
}

DATES: Final = {
    f"03_{term}": case(CROSS, f"03_{term}", (old, new))
    for term, old, new in (
        ("BT-2", ">20260901<", ">19990901<"),
        ("BT-7", ">20260902<", ">21260902<"),
        ("BT-9", ">20261001<", ">20261032<"),
        ("BT-26", ">20260803<", ">19990803<"),
        ("BT-72", ">20260820<", ">20260832<"),
        ("BT-73", ">20260801<", ">20260229<"),
        ("BT-74", ">20260831<", ">20260931<"),
        ("EXT-FR-FE-138", ">20260804<", ">2026080<"),
        ("EXT-FR-FE-158", ">20260821<", ">20261321<"),
        ("EXT-FR-FE-134", ">20260802<", ">19990802<"),
        ("EXT-FR-FE-135", ">20260830<", ">21260830<"),
    )
} | {
    "03_BT-2, with a time": case(CROSS, "", (">20260901<", ">202609011200<")),
    "CO-07_BT-9": case(CROSS, "CO-07_BT-9", (">20261001<", ">20260831<")),
    "CO-07_BT-9, a prepayment": case(CROSS, "", (">20261001<", ">20260831<"), (">380<", ">386<")),
}

AGAIN: Final = (
    "<ram:IncludedNote><ram:Content>B2C</ram:Content><ram:SubjectCode>BAR</ram:SubjectCode></ram:IncludedNote>"
)
SUBJECTS: Final = ("PMT", "PMD", "AAB")
NOTES: Final = {
    **{f"05_BT-22_{one}": case(CROSS, f"05_BT-22_{one}", (f">{one}<", ">ABL<")) for one in SUBJECTS},
    **{
        f"06_BT-21_{one}": case(
            CROSS,
            f"06_BT-21_{one}",
            (
                "</rsm:ExchangedDocument>",
                f"<ram:IncludedNote><ram:Content>x</ram:Content><ram:SubjectCode>{one}</ram:SubjectCode>"
                "</ram:IncludedNote>" * (2 if one == "TXD" else 1) + "</rsm:ExchangedDocument>",
            ),
        )
        for one in (*SUBJECTS, "TXD")
    },
    "20_BT-21": case(CROSS, "20_BT-21", (">B2B<", ">B3B<")),
    "31_BT-21": case(CROSS, "31_BT-21", ("</rsm:ExchangedDocument>", f"{AGAIN}</rsm:ExchangedDocument>")),
}

PAID: Final = ((">B1<", ">B2<"), (">16.00<", ">216.00<"), (">200.01<", ">0.00<"))
CATEGORY: Final = "<ram:CategoryCode>S</ram:CategoryCode>\n<ram:RateApplicablePercent>{}<"
POINT: Final = "<ram:CategoryCode>S</ram:CategoryCode>\n<ram:TaxPointDate>"
DUE: Final = CROSS[
    CROSS.index("<ram:SpecifiedTradePaymentTerms>") : CROSS.index(
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
    )
]
TAXES: Final = {
    "95_BT-102": CATEGORY.format("20<")[:-1],
    "95_BT-118": POINT,
    "95_BT-151": CATEGORY.format("20.00"),
}
"""Terms -> how a category stands there."""


def _coded(term: str, code: str) -> Change:
    return TAXES[term], TAXES[term].replace(">S<", f">{code}<")


CODES: Final = {
    "04_BT-3": case(CROSS, "04_BT-3", ("<ram:TypeCode>380<", "<ram:TypeCode>326<")),
    "04_EXT-FR-FE-02": case(CROSS, "04_EXT-FR-FE-02", (">386<", ">326<")),
    "04_EXT-FR-FE-137": case(
        CROSS, "04_EXT-FR-FE-137", (f"{LINE_PRECEDING}<ram:TypeCode>380<", f"{LINE_PRECEDING}<ram:TypeCode>326<")
    ),
    "08_BT-23": case(CROSS, "08_BT-23", (">B1<", ">X1<")),
    "CO-08_BT-23": case(CROSS, "CO-08_BT-23", (">B1<", ">B4<"), (">380<", ">386<")),
    "CO-09_BT-23-1": case(CROSS, "CO-09_BT-23-1", *PAID, (">216.00<", ">216.01<")),
    "CO-09_BT-23-2": case(CROSS, "CO-09_BT-23-2", *PAID, (">0.00<", ">0.02<")),
    "CO-09_BT-23-3": case(CROSS, "CO-09_BT-23-3", *PAID, (DUE, "")),
    "CO-12_BT-5": case(CROSS, "CO-12_BT-5", (">EUR<", ">GBP<")),
    **{f"15_BT-{term}": case(CROSS, f"15_BT-{term}", _coded(term, "B")) for term in TAXES},
    **{f"15_BT-{term}_LM": case(CROSS, f"15_BT-{term} 15_BT-{term}_LM", _coded(term, "L")) for term in TAXES},
    **{
        f"16_{term}": case(CROSS, f"16_{term}", (f"Percent>{rate}<", f"Percent>{rate.replace('20', '19')}<"))
        for term, rate in (("BT-96_BT-103", "20"), ("BT-119", "20.0"), ("BT-152", "20.00"))
    },
}

AMOUNTS: Final = {
    **{
        f"DEC-01_{term}": case(CROSS, f"DEC-01_{term}", (f"Amount{currency}>{amount}<", f"Amount{currency}>{amount}1<"))
        for term, amount, currency in (
            ("BT-92_BT-99", "20.00", ""),
            ("BT-93_BT-100", "200.00", ""),
            ("BT-106", "190.00", ""),
            ("BT-107", "20.01", ""),
            ("BT-108", "10.00", ""),
            ("BT-109", "180.00", ""),
            ("BT-110", "36.00", ' currencyID="EUR"'),
            ("BT-112", "216.00", ""),
            ("BT-113", "16.00", ""),
            ("BT-114", "0.01", ""),
            ("BT-115", "200.01", ""),
            ("BT-116", "180.01", ""),
            ("BT-117", "36.01", ""),
            ("BT-131", "190.01", ""),
            ("BT-136_BT-141", "20.02", ""),
            ("BT-137_BT-142", "200.02", ""),
        )
    },
    "DEC-02_BT-129": case(CROSS, "DEC-02_BT-129", (">4</ram:BilledQuantity>", ">4.00001</ram:BilledQuantity>")),
    "DEC-02_BT-149": case(CROSS, "DEC-02_BT-149", (">2</ram:BasisQuantity>", ">2.00001</ram:BasisQuantity>")),
    "DEC-03_BT-146": case(CROSS, "DEC-03_BT-146", (">90.001<", ">-90.001<")),
    "DEC-03_BT-147": case(CROSS, "DEC-03_BT-147", (">10.001<", ">-10.001<")),
    "DEC-03_BT-148": case(CROSS, "DEC-03_BT-148", (">100.002<", ">-100.002<")),
    "DEC-03_BT-146, both ways": case(CROSS_BOTH, "", (">1</ram:ChargeAmount>", ">-1</ram:ChargeAmount>")),
    **{
        f"DEC-04_{term}": case(CROSS, f"DEC-04_{term} 16_{term}", (f"Percent>{rate}<", "Percent>020.00<"))
        for term, rate in (("BT-96_BT-103", "20"), ("BT-119", "20.0"), ("BT-152", "20.00"))
    },
}

SOLD: Final = (
    f'<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{siren("seller")}</ram:ID>'
    "</ram:SpecifiedLegalOrganization>\n"
    "<ram:PostalTradeAddress><ram:CountryID>"
)
BOUGHT: Final = SOLD.replace(siren("seller"), siren("buyer"))
NUMBER: Final = "<ram:IssuerAssignedID>F-2026/17</ram:IssuerAssignedID><ram:TypeCode>130<"
TAX: Final = '<ram:TaxTotalAmount currencyID="EUR">20.00<'
EARLIER: Final = (
    "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F-2026/14</ram:IssuerAssignedID>{}"
    "</ram:InvoiceReferencedDocument>\n<ram:AdditionalReferencedDocument>"
)
EARLIER_DATE: Final = (
    '<ram:FormattedIssueDateTime><qdt:DateTimeString format="102">20260805</qdt:DateTimeString>'
    "</ram:FormattedIssueDateTime>"
)
ALL_DETAILS: Final = (">GROUP<", ">DETAIL<")


def _corrected(document: str, code: str, date: str) -> str:
    """The document as a correction, whose groups refer to a preceding invoice."""
    settled = "</ram:SpecifiedTradeSettlementLineMonetarySummation>\n"
    referring = document.replace(f"{settled}<ram:AdditionalReferencedDocument>", settled + EARLIER.format(date))
    return referring.replace("<ram:TypeCode>380<", f"<ram:TypeCode>{code}<").replace(
        "<ram:TypeCode>389<", f"<ram:TypeCode>{code}<"
    )


GROUPS: Final = {
    "MV-01_EXT-FR-FE-163": case(CROSS_SEVERAL, "MV-01_EXT-FR-FE-163", (">DETAIL<", "> <")),
    "MV-02_EXT-FR-FE-163": case(CROSS_SEVERAL, "MV-02_EXT-FR-FE-163", ALL_DETAILS, ALL_DETAILS),
    "MV-03_EXT-FR-FE-164": case(CROSS_SEVERAL, "MV-03_EXT-FR-FE-164", (">The seller of line 1<", "> <")),
    "MV-03_EXT-FR-FE-167": case(
        CROSS_SEVERAL,
        "MV-03_EXT-FR-FE-167 MV-06_EXT-FR-FE-167",
        (SOLD, SOLD.replace(' schemeID="0002">111111111', "> ")),
    ),
    "MV-03_EXT-FR-FE-177": case(CROSS_SEVERAL, "MV-03_EXT-FR-FE-177", (f"{SOLD}FR<", f"{SOLD} <")),
    "MV-03_EXT-FR-FE-181": case(
        CROSS_SEVERAL,
        "MV-03_EXT-FR-FE-181 MV-09_EXT-FR-FE-181 MV-10_EXT-FR-FE-184",
        (TAX, TAX.replace('"EUR"', '"GBP"')),
    ),
    "MV-03_EXT-FR-FE-182": case(
        CROSS_SEVERAL,
        "MV-03_EXT-FR-FE-182",
        ("<ram:InvoiceCurrencyCode>", "<ram:TaxCurrencyCode>GBP</ram:TaxCurrencyCode>\n<ram:InvoiceCurrencyCode>"),
    ),
    "MV-03_BT-128_AFL": case(
        CROSS_SEVERAL,
        "MV-03_BT-128_AFL MV-07_BT-128 MV-09_EXT-FR-FE-181 MV-11_BT-128",
        (NUMBER, NUMBER.replace(">130<", ">50<")),
    ),
    "MV-03_BT-128_AVV": case(CROSS_SEVERAL, "MV-03_BT-128_AVV", (">M1<", ">M8<")),
    "MV-05_EXT-FR-FE-BG-12": case(CROSS_SEVERAL, "MV-05_EXT-FR-FE-BG-12", (">60.00<", ">60.03<")),
    "MV-05_EXT-FR-FE-BG-12, two cents": case(CROSS_SEVERAL, "", (">60.00<", ">60.01<")),
    "MV-06_EXT-FR-FE-167": case(
        behind(CROSS_SEVERAL, "of line 1.3", (siren("seller"), siren("payee"))), "MV-06_EXT-FR-FE-167"
    ),
    "MV-07_BT-128": case(behind(CROSS_SEVERAL, "of line 1.3", (">F-2026/17<", ">G-5<")), "MV-07_BT-128"),
    "MV-08_BT-128": case(
        CROSS_SEVERAL, "MV-08_BT-128", (">#F-2026/17#<", ">F-2026/17<"), (">#F-2026/17#<", ">F-2026/17<")
    ),
    "MV-09_EXT-FR-FE-181": case(
        CROSS_SEVERAL, "MV-09_EXT-FR-FE-181", (TAX, TAX.replace("20.00", "20.02")), (">120.00<", ">120.02<")
    ),
    "MV-10_EXT-FR-FE-184": case(CROSS_SEVERAL, "MV-10_EXT-FR-FE-184", (">120.00<", ">120.03<")),
    "MV-11_BT-128": case(
        CROSS_SEVERAL.replace(NUMBER, NUMBER.replace("F-2026/17", "G-7")).replace("#F-2026/17#", "#G-7#"),
        "MV-11_BT-128",
    ),
    "MV-12_BT-128": case(CROSS_SEVERAL, "MV-12_BT-128 MV-07_BT-128 MV-09_EXT-FR-FE-181", (">G-9<", ">F-2026/17<")),
    "MV-13_BT-3": case(CROSS_SEVERAL, "MV-13_BT-3", BILLED),
    "MV-14-EXT-FR-FE-136": case(
        _corrected(CROSS_SEVERAL, "384", EARLIER_DATE).replace(
            "<ram:IssuerAssignedID>F-2026/14</ram:IssuerAssignedID>", ""
        ),
        "MV-14-EXT-FR-FE-136",
    ),
    "MV-14-EXT-FR-FE-138": case(_corrected(CROSS_SEVERAL, "384", ""), "MV-14-EXT-FR-FE-138"),
    "BD-02_EXT-FR-FE-163": case(CROSS_BOTH, "BD-02_EXT-FR-FE-163 BD-02_BT-31", ALL_DETAILS),
    "BD-02_BT-31": case(CROSS_BOTH.replace(SOLD, SOLD.replace(siren("seller"), siren("payee"))), "BD-02_BT-31"),
    "BD-02_BT-47": case(CROSS_BOTH.replace(BOUGHT, BOUGHT.replace(siren("buyer"), siren("payee"))), "BD-02_BT-47"),
    "BD-13_BT-3": case(CROSS_BOTH, "BD-13_BT-3", (">389<", ">380<")),
    "BD-14-EXT-FR-FE-136": case(
        _corrected(CROSS_BOTH, "261", EARLIER_DATE).replace(
            "<ram:IssuerAssignedID>F-2026/14</ram:IssuerAssignedID>", ""
        ),
        "BD-14-EXT-FR-FE-136",
    ),
    "BD-14-EXT-FR-FE-138": case(_corrected(CROSS_BOTH, "261", ""), "BD-14-EXT-FR-FE-138"),
}

CII: Final = PARTIES | ROUTES | REFERENCES | DATES | NOTES | CODES | AMOUNTS | GROUPS
"""Id without ``BR-FR-``, or that and what is special -> the case."""
