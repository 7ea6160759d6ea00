# SPDX-License-Identifier: Apache-2.0
"""Identifiers and electronic addresses of parties: BR-FR-09, -10, -23 to -26, -32, and BR-FR-CO-10.

A SIREN is nine digits and a SIRET fourteen that begin with it; their check digit is not computed, as the published
tests do not.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.rules.br_fr.places import AGREEMENT, BUYER, CII, LINE, PARTIES, SELLER, Party, cii, ubl
from einvoice.rules.br_fr.texts import SIREN, is_private, is_siren, is_siret_of
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

UBL_IDS: Final = "cac:PartyIdentification/cbc:ID"
UBL_LEGAL: Final = "cac:PartyLegalEntity/cbc:CompanyID"
CII_LEGAL: Final = "ram:SpecifiedLegalOrganization/ram:ID"
URI: Final = "ram:URIUniversalCommunication/ram:URIID"
_ADDRESS: Final = 125
_PRIVATE: Final = 100
_DIGITS: Final = 14


def schemed(part: Part, path: str, scheme: str) -> list[Part]:
    """The identifiers at a path that are of a scheme.

    Args:
        part: where the path begins.
        path: the path.
        scheme: the scheme.
    """
    return [one for one in part.parts(path) if one.get("schemeID") == scheme]


def only(found: list[Part]) -> str:
    """What the only one of some elements says; an empty text if there is none.

    Args:
        found: the elements.

    Raises:
        UnjudgeableError: there are several.
    """
    if len(found) > 1:
        raise UnjudgeableError(f"there are {len(found)} of {found[0].name}, and one can be compared")
    return found[0].text if found else ""


# ---- SIRET and SIREN


def _siret(part: Part, *, ids: str, legal: str, needed: bool, single: bool) -> Faults:
    sirets = schemed(part, ids, "0009")
    if not sirets:
        return NO_FAULTS
    stated = only(schemed(part, legal, "0002"))
    siren = stated or ("" if needed else (only(sirets) if single else sirets[0].text)[:SIREN])
    return NO_FAULTS if is_siret_of(sirets[0].text, siren) else [_no_siret(sirets[0], stated)]


def _no_siret(siret: Part, siren: str) -> Fault:
    """What is wrong with a SIRET: it has too many or too few digits, or it is not that of the party."""
    if len(siret.text) != _DIGITS:
        return Fault(part=siret, why=f"{len(siret.text)} characters")
    return Fault(part=siret, why=f"the SIREN is {siren}" if siren else "no SIREN is stated")


def _sirets(party: Party) -> Iterator[ElementRule]:
    """BR-FR-09 of a party; where it may state a SIRET alone, that says its SIREN."""
    identifier = f"BR-FR-09_{party.identifier}"
    sentence = f"The SIRET of {party.name} ({party.identifier}) has 14 digits and begins with its SIREN."
    ids = "cac:DeliveryLocation/cbc:ID" if party.place else UBL_IDS
    legal = f"cac:DeliveryParty/{UBL_LEGAL}" if party.place else UBL_LEGAL
    path = f"{party.ubl}/cac:DeliveryLocation" if party.ubl.startswith(LINE) else party.ubl
    in_ubl = partial(_siret, ids=ids, legal=legal, needed=party.legal, single=False)
    in_cii = partial(_siret, ids="ram:GlobalID", legal=CII_LEGAL, needed=party.legal, single=True)
    yield asked(identifier, ubl(path), in_ubl, sentence)
    yield asked(identifier, cii(party.cii), in_cii, sentence)


SIRETS: Final = tuple(rule for party in PARTIES for rule in _sirets(party))


@about("BR-FR-10_BT-30", "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity", version="ubl")
def br_fr_10_bt_30_ubl(entity: Part) -> Faults:
    """The seller states its SIREN (BT-30, scheme 0002), which has nine digits."""
    return _siren(entity, "cbc:CompanyID")


@about("BR-FR-10_BT-30", CII, version="cii")
def br_fr_10_bt_30_cii(document: Part) -> Faults:
    """The seller states its SIREN (BT-30, scheme 0002), which has nine digits."""
    return _siren(document, f"{AGREEMENT}/ram:SellerTradeParty/{CII_LEGAL}")


def _siren(part: Part, path: str) -> Faults:
    found = schemed(part, path, "0002")
    if is_siren(trimmed(only(found))):
        return NO_FAULTS
    return [Fault(part=found[0]) if found else Fault(path, why="no SIREN is stated")]


def _nine(identifier: Part, *, schemes: tuple[str, ...]) -> Faults:
    if identifier.get("schemeID") not in schemes or is_siren(trimmed(identifier.text)):
        return NO_FAULTS
    return [Fault()]


_LEGAL: Final = "A SIREN that is a legal registration (scheme 0002) has nine digits."
_OTHER: Final = "An identifier of a party under the schemes 0002 and 0231 is a SIREN: it has nine digits."
_BOTH: Final = ("0002", "0231")
SIRENS: Final = (
    asked("BR-FR-32-LEGALID", f"{UBL_LEGAL}", partial(_nine, schemes=("0002",)), _LEGAL),
    asked("BR-FR-32-LEGALID", CII_LEGAL, partial(_nine, schemes=("0002",)), _LEGAL),
    asked("BR-FR-32-ID", UBL_IDS, partial(_nine, schemes=_BOTH), _OTHER),
    asked("BR-FR-32-GLOBALID", "ram:GlobalID", partial(_nine, schemes=_BOTH), _OTHER),
)

# ---- electronic addresses and private identifiers


def _private(identifier: Part, *, scheme: str) -> Faults:
    return NO_FAULTS if identifier.get("schemeID") != scheme or is_private(identifier.text) else [Fault()]


def _short(identifier: Part, *, scheme: str, most: int) -> Faults:
    length = len(identifier.text)
    if length <= most or (scheme and identifier.get("schemeID") != scheme):
        return NO_FAULTS
    return [Fault(why=f"{length} characters")]


def _addresses(party: Party) -> Iterator[ElementRule]:
    signs = (
        f"The electronic address of {party.name} ({party.address}, scheme 0225) has letters, digits and + - _ . only."
    )
    length = f"The electronic address of {party.name} ({party.address}) has at most 125 characters."
    for context in (ubl(f"{party.ubl}/cbc:EndpointID"), cii(f"{party.cii}/{URI}")):
        yield asked(f"BR-FR-23_{party.address}", context, partial(_private, scheme="0225"), signs)
        yield asked(f"BR-FR-25_{party.address}", context, partial(_short, scheme="", most=_ADDRESS), length)


def _privates(party: Party) -> Iterator[ElementRule]:
    signs = (
        f"A private identifier of {party.name} ({party.identifier}, scheme 0224) has letters, digits and + - _ . only."
    )
    length = f"A private identifier of {party.name} ({party.identifier}, scheme 0224) has at most 100 characters."
    for context in (ubl(f"{party.ubl}/{UBL_IDS}"), cii(f"{party.cii}/ram:GlobalID")):
        yield asked(f"BR-FR-24_{party.identifier}", context, partial(_private, scheme="0224"), signs)
        yield asked(f"BR-FR-26_{party.identifier}", context, partial(_short, scheme="0224", most=_PRIVATE), length)


ADDRESSES: Final = tuple(rule for party in PARTIES if party.address for rule in _addresses(party))
PRIVATES: Final = tuple(rule for party in (SELLER, BUYER) for rule in _privates(party))

# ---- schemes


def _with_scheme(part: Part, *, ids: str) -> Faults:
    return [Fault("@schemeID", part=one) for one in part.parts(ids) if one.get("schemeID") is None] or NO_FAULTS


def _apart(part: Part, *, ids: str) -> Faults:
    seen: set[str] = set()
    for one in part.parts(ids):
        scheme = one.get("schemeID")
        if scheme is not None and scheme in seen:
            return [Fault("@schemeID", part=one)]
        seen.add(scheme or "")
    return NO_FAULTS


def _schemes(party: Party) -> Iterator[ElementRule]:
    """BR-FR-CO-10 of a party, asked wherever its elements stand."""
    named = f"Each identifier of {party.name} ({party.identifier}) states its scheme."
    apart = f"No two identifiers of {party.name} ({party.identifier}) are of the same scheme."
    place = ubl(f"{party.ubl}/cac:DeliveryLocation") if party.place else party.ubl
    for context, ids in ((place, "cbc:ID" if party.place else UBL_IDS), (party.cii, "ram:GlobalID")):
        yield asked(f"BR-FR-CO-10_{party.identifier}-1", context, partial(_with_scheme, ids=ids), named)
        yield asked(f"BR-FR-CO-10_{party.identifier}-2", context, partial(_apart, ids=ids), apart)


SCHEMES: Final = tuple(rule for party in PARTIES for rule in _schemes(party))
