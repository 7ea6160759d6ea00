# SPDX-License-Identifier: Apache-2.0
"""For every official id the smallest change to a clean document that fires it, or the reason why nothing ever does.

Three sources, asked in this order: the cases of the rules themselves (``tests/rules``), written as documents; changes
that are read off the official expression; and what is written down here, where neither helps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tests.differential.bases import bases, written
from tests.differential.official import rules
from tests.differential.structural import SPACES, changes
from tests.differential.trees import Tree, drop
from tests.rules.en16931 import cases_codes, cases_vat
from tests.rules.en16931.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from einvoice.bind.order import Syntax
    from tests.differential.official import Family

assert cases_codes.CASES is CASES, "these modules enter their cases into one table"
assert cases_vat.FAMILIES

SYNTAXES: Final[dict[Family, tuple[Syntax, ...]]] = {"ubl": ("ubl-invoice", "ubl-creditnote"), "cii": ("cii",)}
_CLEAN: Final = ("clean", "full", "debited", "category E", "category L")

_ALWAYS_TRUE: Final = "its test is true()"
_SHADOWED: Final = "an earlier rule of its pattern takes every element that it is asked of"
_ELSEWHERE: Final = "it looks where no schema-valid document has anything"
NEVER: Final[dict[Family, dict[str, str]]] = {
    "ubl": {
        **dict.fromkeys(("BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08"), _ALWAYS_TRUE),
        **dict.fromkeys(("BR-DEC-13", "BR-DEC-15"), f"{_ELSEWHERE}: for the code of a currency inside an amount"),
    },
    "cii": {
        **dict.fromkeys(("BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "BR-AF-09", "BR-AG-09"), _ALWAYS_TRUE),
        **dict.fromkeys(("BR-AF-08", "BR-AG-08"), f"{_ELSEWHERE}: for the rate beside the breakdown, not inside"),
        **dict.fromkeys(("CII-DT-010", "CII-DT-011", "CII-DT-012"), _SHADOWED),
    },
}
"""Published ids that no document fires that the schema accepts, and why."""
DIES: Final[dict[Family, dict[str, str]]] = {
    "ubl": {"UBL-SR-09": "BR-06", "UBL-SR-15": "BR-07", "UBL-SR-22": "BR-18", "UBL-SR-27": "BR-49"},
    "cii": {
        "CII-SR-477": "BR-DEC-09",
        "CII-SR-478": "BR-DEC-11",
        "CII-SR-479": "BR-DEC-10",
        "CII-SR-480": "BR-DEC-12",
        "CII-SR-481": "BR-DEC-17",
        "CII-SR-482": "BR-DEC-14",
        "CII-SR-484": "BR-DEC-16",
        "CII-SR-487": "BR-DEC-18",
    },
}
"""Published ids of documents on which the official judge dies before it can say so, and the rule it dies in."""

_HEADER: Final = "//ram:ApplicableHeaderTradeSettlement"
_SUMS: Final = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_AGREEMENT: Final = "//ram:ApplicableHeaderTradeAgreement"
_GROSS: Final = "//ram:GrossPriceProductTradePrice"
_MEANS: Final = "//ram:SpecifiedTradeSettlementPaymentMeans"
_SECOND: Final = "cac:PartyLegalEntity[2]"
_SELLER: Final = "/*/cac:AccountingSupplierParty/cac:Party"
_BUYER: Final = "/*/cac:AccountingCustomerParty/cac:Party"
BY_HAND: Final[dict[Family, dict[str, str]]] = {
    "ubl": {
        "BR-15": "drop //cbc:PayableAmount",
        "BR-16": "drop //cac:InvoiceLine",
        "BR-22": "drop //cbc:InvoicedQuantity",
        "BR-26": "drop //cac:Price/cbc:PriceAmount",
        "BR-31": "drop /*/cac:AllowanceCharge[cbc:ChargeIndicator = 'false']/cbc:Amount",
        "BR-36": "drop /*/cac:AllowanceCharge[cbc:ChargeIndicator = 'true']/cbc:Amount",
        "BR-41": "drop //cac:InvoiceLine/cac:AllowanceCharge[cbc:ChargeIndicator = 'false']/cbc:Amount",
        "BR-43": "drop //cac:InvoiceLine/cac:AllowanceCharge[cbc:ChargeIndicator = 'true']/cbc:Amount",
        "BR-46": "drop //cac:TaxSubtotal/cbc:TaxAmount",
        "BR-49": "drop //cbc:PaymentMeansCode",
        "UBL-DT-01": "set //cbc:AllowanceTotalAmount = 10.000",
        "UBL-SR-07": "drop //cac:BillingReference/cac:InvoiceDocumentReference",
        "UBL-SR-09": f"twice {_SELLER}/cac:PartyLegalEntity",
        "UBL-SR-11": f"twice {_SELLER}/cac:PartyLegalEntity; drop {_SELLER}/{_SECOND}/cbc:RegistrationName",
        "UBL-SR-12": f"twice {_SELLER}/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID = 'VAT']",
        "UBL-SR-13": f"twice {_SELLER}/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID != 'VAT']",
        "UBL-SR-14": (
            f"put {_SELLER}/cac:PartyLegalEntity cbc:CompanyLegalForm; twice {_SELLER}/cac:PartyLegalEntity;"
            f" drop {_SELLER}/{_SECOND}/cbc:RegistrationName; drop {_SELLER}/{_SECOND}/cbc:CompanyID"
        ),
        "UBL-SR-15": f"twice {_BUYER}/cac:PartyLegalEntity",
        "UBL-SR-17": f"twice {_BUYER}/cac:PartyLegalEntity; drop {_BUYER}/{_SECOND}/cbc:RegistrationName",
        "UBL-SR-18": f"twice {_BUYER}/cac:PartyTaxScheme",
        "UBL-SR-20": "twice //cac:PayeeParty/cac:PartyIdentification",
        "UBL-SR-22": "twice //cac:TaxRepresentativeParty/cac:PartyName",
        "UBL-SR-27": "twice //cbc:PaymentMeansCode",
        "UBL-SR-29": (
            f"set {_SELLER}/cac:PartyIdentification/cbc:ID/@schemeID = SEPA; twice {_SELLER}/cac:PartyIdentification"
        ),
        "UBL-SR-42": f"twice {_SELLER}/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID != 'VAT']",
        "UBL-SR-43": "set //cac:AdditionalDocumentReference/cbc:DocumentTypeCode = 916",
        "UBL-SR-44": "put //cac:PaymentMeans[1] cbc:PaymentID; twice //cac:PaymentMeans; set (//cbc:PaymentID)[1] = Y",
        "UBL-SR-46": ("set //cbc:PaymentMeansCode/@name = A; twice //cac:PaymentMeans"),
        "UBL-SR-47": "twice //cac:PaymentMeans; set (//cbc:PaymentMeansCode)[1] = 31",
        "UBL-SR-53": "drop //cac:TaxRepresentativeParty/cac:PartyTaxScheme/cac:TaxScheme/cbc:ID",
        "UBL-CR-664": (
            "put //cac:PayeeFinancialAccount cac:FinancialInstitutionBranch/cac:FinancialInstitution/cbc:ID"
        ),
        "UBL-CR-665": "set (//cac:AdditionalDocumentReference)[last()]/cbc:ID/@schemeID = ABT",
        "UBL-DT-06": "strip //cbc:EmbeddedDocumentBinaryObject/@mimeCode",
        "UBL-DT-07": "strip //cbc:EmbeddedDocumentBinaryObject/@filename",
        "UBL-DT-18": "set /*/cbc:DocumentCurrencyCode/@name = Euro",
    },
    "cii": {
        "BR-22": "drop //ram:BilledQuantity",
        "BR-26": "drop //ram:NetPriceProductTradePrice/ram:ChargeAmount",
        "CII-SR-009": "drop //ram:GuidelineSpecifiedDocumentContextParameter",
        "CII-SR-010": "drop //ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
        "CII-SR-014": "drop //rsm:ExchangedDocument/ram:TypeCode",
        "CII-SR-046": "strip //ram:SpecifiedTradeProduct/ram:GlobalID/@schemeID",
        "CII-SR-119": f"put {_GROSS} ram:AppliedTradeAllowanceCharge/ram:ChargeIndicator/udt:Indicator",
        "CII-SR-470": "drop //ram:PayeePartyCreditorFinancialAccount",
        "CII-DT-037": "set //ram:CategoryTradeTax/ram:TypeCode = GST",
        "CII-DT-097": "set //ram:OccurrenceDateTime/udt:DateTimeString = 2026-04-01",
        "CII-SR-440": (
            f"put {_GROSS} ram:AppliedTradeAllowanceCharge/ram:ActualAmount;"
            " twice //ram:AppliedTradeAllowanceCharge/ram:ActualAmount"
        ),
        "CII-SR-449": "put //ram:ShipToTradeParty ram:ID",
        "CII-SR-450": "put //ram:BuyerTradeParty ram:ID",
        "CII-SR-451": "put //ram:PayeeTradeParty ram:ID",
        "CII-SR-455": "put //ram:SellerTradeParty ram:DefinedTradeContact; twice //ram:DefinedTradeContact",
        "CII-SR-456": "put //ram:BuyerTradeParty ram:DefinedTradeContact; twice //ram:DefinedTradeContact",
        "CII-SR-457": (
            f"set {_AGREEMENT}/ram:AdditionalReferencedDocument/ram:TypeCode = 50;"
            f" twice {_AGREEMENT}/ram:AdditionalReferencedDocument"
        ),
        "CII-SR-458": f"twice {_AGREEMENT}/ram:AdditionalReferencedDocument[ram:TypeCode = '130']",
        "CII-SR-462": (
            f"put {_HEADER}/ram:ApplicableTradeTax ram:DueDateTypeCode = 5; twice {_HEADER}/ram:ApplicableTradeTax;"
            " set (//ram:DueDateTypeCode)[1] = 72"
        ),
        "CII-SR-463": "drop //ram:ChargeIndicator",
        "CII-SR-465": (
            "put //ram:SellerTradeParty ram:DefinedTradeContact/ram:PersonName;"
            " put //ram:SellerTradeParty ram:DefinedTradeContact/ram:DepartmentName"
        ),
        "CII-SR-466": (
            "put //ram:BuyerTradeParty ram:DefinedTradeContact/ram:PersonName;"
            " put //ram:BuyerTradeParty ram:DefinedTradeContact/ram:DepartmentName"
        ),
        "CII-SR-467": f"twice {_MEANS}; set ({_MEANS})[1]/ram:TypeCode = 31",
        "CII-SR-468": (f"put {_MEANS} ram:Information; twice {_MEANS}; set (//ram:Information)[1] = Y"),
        "CII-SR-469": f"put {_HEADER} ram:PaymentReference; twice {_HEADER}/ram:PaymentReference",
        "CII-SR-474": (
            "twice //ram:SpecifiedLineTradeSettlement/ram:AdditionalReferencedDocument[ram:TypeCode = '130']"
        ),
        "CII-SR-475": (
            "put //ram:AdditionalReferencedDocument[ram:TypeCode = '916'] ram:Name;"
            " twice //ram:AdditionalReferencedDocument[ram:TypeCode = '916']/ram:Name"
        ),
        "CII-SR-476": "twice //ram:AdditionalReferencedDocument[ram:TypeCode = '916']/ram:AttachmentBinaryObject",
        **{
            f"CII-SR-{number}": f"twice {_SUMS}/ram:{name}"
            for number, name in (
                (477, "LineTotalAmount"),
                (478, "ChargeTotalAmount"),
                (479, "AllowanceTotalAmount"),
                (480, "TaxBasisTotalAmount"),
                (481, "RoundingAmount"),
                (482, "GrandTotalAmount"),
                (484, "TotalPrepaidAmount"),
                (487, "DuePayableAmount"),
            )
        },
        "CII-DT-033": "strip //ram:BilledQuantity/@unitCode",
    },
}
"""What to do with a clean document, step by step: ``drop``, ``twice``, ``set``, ``put`` (what into what), ``strip``."""

_STEP: Final = re.compile(r"(?P<verb>\w+) (?P<path>.+?)(?: (?P<child>[\w:/]+))??(?: = (?P<text>[^']*))?")


@dataclass(frozen=True)
class Change:
    """A document that should fire an id.

    Attributes:
        source: how it came about.
        syntax: its syntax.
        before: the clean document.
        data: the changed one.
    """

    source: str
    syntax: Syntax
    before: bytes
    data: bytes


def directed(family: Family, identifier: str) -> Iterator[Change]:
    """Documents that should fire an id, the most likely first.

    Args:
        family: ``ubl`` or ``cii``.
        identifier: the id.
    """
    for syntax in SYNTAXES[family]:
        yield from _cases(identifier, syntax)
    steps = BY_HAND[family].get(identifier)
    for name in _CLEAN:
        for syntax in SYNTAXES[family]:
            before = bases(syntax)[name]
            if steps is not None:
                data = _done(before, steps)
                yield from [Change(f"by hand, {name}", syntax, before, data)] if data else []
            for rule in rules(family)[identifier]:
                yield from (Change(f"{rule.test}, {name}", syntax, before, data) for data in changes(rule, before))


def _cases(identifier: str, syntax: Syntax) -> Iterator[Change]:
    family: Family = "cii" if syntax == "cii" else "ubl"
    before = bases(syntax)["clean"]
    aimed = [name for name in CASES if name.partition(" ")[0] == identifier]
    others = [name for name, case in CASES.items() if identifier in getattr(case, family) and name not in aimed]
    for name in (*aimed, *others):
        if identifier in getattr(CASES[name], family):
            yield Change(f"case {name}", syntax, before, _case(name, syntax))


@cache
def _case(name: str, syntax: Syntax) -> bytes:
    return written(CASES[name].invoice, syntax)


def _done(before: bytes, steps: str) -> bytes | None:
    """A document after a few steps; ``None`` if it has nothing that they speak of."""
    tree = Tree(before)
    credit = tree.order.syntax == "ubl-creditnote"
    for step in (steps.replace("InvoiceLine", "CreditNoteLine") if credit else steps).split("; "):
        match = _STEP.fullmatch(step)
        assert match is not None, step
        path, _, attribute = match["path"].partition("/@")
        hits: list[_Element] = tree.root.xpath(path, namespaces=SPACES)  # type: ignore[assignment]
        if not hits:
            return None
        _act(tree, hits, match["verb"], attribute or match["child"] or "", match["text"])
    return tree.bytes()


def _act(tree: Tree, hits: list[_Element], verb: str, name: str, text: str | None) -> None:
    if verb == "drop":
        for hit in hits:
            drop(hit)
    elif verb == "strip":
        for hit in hits:
            del hit.attrib[name]
    elif verb == "twice":
        tree.again(hits[0])
    elif verb == "put":
        new = tree.ensure(hits[0], name)
        new.text = text or new.text
    elif name:
        hits[0].set(name, text or "")
    else:
        hits[0].text = text
