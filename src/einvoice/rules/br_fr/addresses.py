# SPDX-License-Identifier: Apache-2.0
"""Who an invoice is routed by: BR-FR-11 to -13, -21, -22 and BR-FR-CO-15."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.br_fr.notes import of_subject, treatment, treatment_later
from einvoice.rules.br_fr.parties import CII_LEGAL, UBL_IDS, UBL_LEGAL, URI, only, schemed
from einvoice.rules.br_fr.places import AGREEMENT, BUYER, CII, DOCUMENT, EXCHANGED, SELLER, Party
from einvoice.rules.br_fr.texts import codes, is_siren, says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked, of_document
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable

_B2B: Final = "B2B"
_SCHEME: Final = "0225"

# ---- addresses and the buyer's SIREN are there


def _addressed(document: Part, *, party: Party) -> Faults:
    path = f"{party.ubl}/cbc:EndpointID"
    return NO_FAULTS if says(document.one(path)) else [Fault(path)]


def _addressed_cii(document: Part, *, party: Party) -> Faults:
    """Whether there is an address; in CII a blank is one."""
    path = f"{party.cii}/{URI}"
    return NO_FAULTS if document.one(path) else [Fault(path)]


_BUYER: Final = "The buyer has an electronic address (BT-49)."
_SELLER: Final = "The seller has an electronic address (BT-34)."
THERE: Final = (
    asked("BR-FR-12_BT-49", DOCUMENT, partial(_addressed, party=BUYER), _BUYER),
    asked("BR-FR-12_BT-49", CII, partial(_addressed_cii, party=BUYER), _BUYER),
    asked("BR-FR-13_BT-34", DOCUMENT, partial(_addressed, party=SELLER), _SELLER),
    asked("BR-FR-13_BT-34", CII, partial(_addressed_cii, party=SELLER), _SELLER),
)


def _siren(document: Part, *, told: Callable[[Part], str]) -> Faults:
    if of_document(document, told) != _B2B:
        return NO_FAULTS
    path = f"{BUYER.ubl}/{UBL_LEGAL}"
    found = schemed(document, path, "0002")
    if is_siren(trimmed(only(found))):
        return NO_FAULTS
    return [Fault(part=found[0]) if found else Fault(path, why="no SIREN is stated")]


@about("BR-FR-11_BT-47", CII, version="cii")
def br_fr_11_bt_47_cii(document: Part) -> Faults:
    """Between French companies (BAR: B2B) the buyer states its SIREN (BT-47, scheme 0002), which has nine digits."""
    if _is_b2b(document):
        path = f"{BUYER.cii}/{CII_LEGAL}"
        found = schemed(document, path, "0002")
        if not is_siren(only(found)):
            yield Fault(part=found[0]) if found else Fault(path, why="no SIREN is stated")


def _is_b2b(document: Part) -> bool:
    return any(_B2B in note.texts("ram:Content") for note in of_subject(document, "BAR"))


# ---- addresses begin with the SIREN


def _is_self_billed(types: list[str]) -> bool:
    return not codes("self-billed").isdisjoint(types)


def _routed(document: Part, path: str, siren: str) -> Faults:
    """Whether an address begins with a SIREN and is of the scheme of the French directory."""
    if document.one(path).startswith(siren) and _SCHEME in document.texts(f"{path}/@schemeID"):
        return NO_FAULTS
    return [
        Fault(
            path, why=f"expected under scheme 0225, beginning with {siren}" if siren else "expected under scheme 0225"
        )
    ]


def _in_ubl(document: Part, *, party: Party, told: Callable[[Part], str], only_b2b: bool) -> Faults:
    stated = of_document(document, told)
    if stated != _B2B if only_b2b else not stated:
        return NO_FAULTS
    types = [*document.texts("cbc:InvoiceTypeCode"), *document.texts("cbc:CreditNoteTypeCode")]
    if _is_self_billed(types) is (party is BUYER):
        return NO_FAULTS
    siren = only(schemed(document, f"{party.ubl}/{UBL_LEGAL}", "0002"))
    return _routed(document, f"{party.ubl}/cbc:EndpointID", siren)


def _in_cii(document: Part, *, party: Party) -> Faults:
    if not _is_b2b(document) or _is_self_billed(document.texts(f"{EXCHANGED}/ram:TypeCode")) is (party is BUYER):
        return NO_FAULTS
    return _routed(document, f"{party.cii}/{URI}", document.one(f"{party.cii}/{CII_LEGAL}"))


_TO_BUYER: Final = (
    "Between French companies (BAR: B2B) the address of the buyer (BT-49) begins with its SIREN, under scheme 0225."
)
_TO_SELLER: Final = (
    "The address of a seller whose buyer bills itself (BT-34) begins with the seller's SIREN, under scheme 0225."
)
_NUMBERED: Final = (
    "Between French companies (BAR: B2B) the buyer states its SIREN (BT-47, scheme 0002), which has nine digits."
)


def _told(told: Callable[[Part], str], *, only_b2b: bool) -> tuple[ElementRule, ...]:
    """What depends on the treatment in UBL, by how the notes are read."""
    buyer = partial(_in_ubl, party=BUYER, told=told, only_b2b=True)
    seller = partial(_in_ubl, party=SELLER, told=told, only_b2b=only_b2b)
    return (
        asked("BR-FR-11_BT-47", DOCUMENT, partial(_siren, told=told), _NUMBERED),
        asked("BR-FR-21_BT-49", DOCUMENT, buyer, _TO_BUYER),
        asked("BR-FR-22_BT-34", DOCUMENT, seller, _TO_SELLER),
    )


ROUTED: Final = (
    *_told(treatment, only_b2b=False),
    asked("BR-FR-21_BT-49", CII, partial(_in_cii, party=BUYER), _TO_BUYER),
    asked("BR-FR-22_BT-34", CII, partial(_in_cii, party=SELLER), _TO_SELLER),
)
ROUTED_LATER: Final = _told(treatment_later, only_b2b=True)

# ---- VAT groups


def _represented(member: list[Part], numbers: list[Part], path: str) -> Faults:
    """Whether a member of a VAT group has a tax representative with a VAT identifier."""
    if not member or only(numbers):
        return NO_FAULTS
    return [Fault(path)]


@about("BR-FR-CO-15_BT-29-1", DOCUMENT, version="ubl")
def br_fr_co_15_bt_29_1_ubl(document: Part) -> Faults:
    """A seller who is a member of a VAT group (BT-29-1: 0231) states the VAT identifier of that group (BT-63)."""
    path = "cac:TaxRepresentativeParty/cac:PartyTaxScheme/cbc:CompanyID"
    return _represented(schemed(document, f"{SELLER.ubl}/{UBL_IDS}", "0231"), document.parts(path), path)


@about("BR-FR-CO-15_BT-29-1", CII, version="cii")
def br_fr_co_15_bt_29_1_cii(document: Part) -> Faults:
    """A seller who is a member of a VAT group (BT-29-1: 0231) states the VAT identifier of that group (BT-63)."""
    path = f"{AGREEMENT}/ram:SellerTaxRepresentativeTradeParty/ram:SpecifiedTaxRegistration/ram:ID"
    member = schemed(document, f"{SELLER.cii}/ram:GlobalID", "0231")
    return _represented(member, schemed(document, path, "VA"), path)
