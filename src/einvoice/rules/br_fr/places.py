# SPDX-License-Identifier: Apache-2.0
"""Where the French rules look: the parts of a document in both syntaxes, and the parties of an invoice.

A context of UBL is one of invoices and one of credit notes. Terms that EN 16931 does not have are called as in the
French standard XP Z12-012, ``EXT-FR-FE-136``.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

LINE: Final = "cac:InvoiceLine"
"""A line in UBL; :func:`ubl` makes that of a credit note of it."""
DOCUMENT: Final = "Invoice | CreditNote"
CII: Final = "rsm:CrossIndustryInvoice"
TRADE: Final = "rsm:SupplyChainTradeTransaction"
ITEM: Final = f"{TRADE}/ram:IncludedSupplyChainTradeLineItem"
AGREEMENT: Final = f"{TRADE}/ram:ApplicableHeaderTradeAgreement"
DELIVERY: Final = f"{TRADE}/ram:ApplicableHeaderTradeDelivery"
SETTLEMENT: Final = f"{TRADE}/ram:ApplicableHeaderTradeSettlement"
TOTALS: Final = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
LINE_SETTLEMENT: Final = "ram:SpecifiedLineTradeSettlement"
EXCHANGED: Final = "rsm:ExchangedDocument"
FRAMEWORK: Final = "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
"""Where CII states the invoicing framework (BT-23)."""


def ubl(path: str) -> str:
    """The elements at a path, in invoices and credit notes.

    Args:
        path: from the document; a line in it is that of an invoice.
    """
    return f"Invoice/{path} | CreditNote/{path.replace(LINE, 'cac:CreditNoteLine')}"


def cii(path: str) -> str:
    """The elements at a path from the document in CII.

    Args:
        path: the path.
    """
    return f"{CII}/{path}"


class Party(Struct, frozen=True):
    """A party of an invoice, where both syntaxes have it.

    Attributes:
        name: how it is called in a sentence.
        identifier: the term of its identifier, in the ids of rules.
        ubl: where UBL has it.
        cii: where CII has it.
        address: the term of its electronic address; empty where the rules know none.
        legal: whether its SIREN has to be there, if it states a SIRET.
        place: whether it is a place of delivery rather than a party in UBL.
    """

    name: str
    identifier: str
    ubl: str
    cii: str
    address: str = ""
    legal: bool = False
    place: bool = False


_SELLER: Final = "cac:AccountingSupplierParty/cac:Party"
_BUYER: Final = "cac:AccountingCustomerParty/cac:Party"
SELLER: Final = Party("the seller", "BT-29", _SELLER, f"{AGREEMENT}/ram:SellerTradeParty", "BT-34", legal=True)
BUYER: Final = Party("the buyer", "BT-46", _BUYER, f"{AGREEMENT}/ram:BuyerTradeParty", "BT-49", legal=True)
PARTIES: Final = (
    SELLER,
    BUYER,
    Party("the payee", "BT-60", "cac:PayeeParty", f"{SETTLEMENT}/ram:PayeeTradeParty", "EXT-FR-FE-29"),
    Party(
        "the buyer's agent",
        "EXT-FR-FE-06",
        f"{_BUYER}/cac:AgentParty",
        f"{AGREEMENT}/ram:BuyerAgentTradeParty",
        "EXT-FR-FE-12",
    ),
    Party(
        "the payer",
        "EXT-FR-FE-46",
        "cac:PaymentMeans/cac:PaymentMandate/cac:PayerParty",
        f"{SETTLEMENT}/ram:PayerTradeParty",
        "EXT-FR-FE-52",
    ),
    Party(
        "the seller's agent",
        "EXT-FR-FE-69",
        f"{_SELLER}/cac:AgentParty",
        f"{AGREEMENT}/ram:SalesAgentTradeParty",
        "EXT-FR-FE-75",
    ),
    Party(
        "the invoicee",
        "EXT-FR-FE-92",
        f"{_BUYER}/cac:ServiceProviderParty/cac:Party",
        f"{SETTLEMENT}/ram:InvoiceeTradeParty",
        "EXT-FR-FE-98",
    ),
    Party(
        "the invoicer",
        "EXT-FR-FE-115",
        f"{_SELLER}/cac:ServiceProviderParty/cac:Party",
        f"{SETTLEMENT}/ram:InvoicerTradeParty",
        "EXT-FR-FE-121",
    ),
    Party("the place of delivery", "BT-71", "cac:Delivery", f"{DELIVERY}/ram:ShipToTradeParty", place=True),
    Party(
        "the place of delivery of a line",
        "EXT-FR-FE-146",
        f"{LINE}/cac:Delivery",
        f"{ITEM}/ram:SpecifiedLineTradeDelivery/ram:ShipToTradeParty",
        place=True,
    ),
)
"""The parties whose identifiers are looked at, in the publisher's order."""
