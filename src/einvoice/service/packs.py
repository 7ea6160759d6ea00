# SPDX-License-Identifier: Apache-2.0
"""Which rule packs judge an invoice: what was asked for, or what its specification identifier asks for.

A pack that this version of einvoice does not have is never passed over in silence. Asked for by name, it is
undetermined and says so. Chosen by ``auto``, the packs that exist judge, and a sentence says how far the verdict
reaches; where none of them exists, the verdict is undetermined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice import profiles
from einvoice.errors import UnknownNameError
from einvoice.rules import find_pack, pack_ids
from einvoice.rules.findings import PackResult
from einvoice.rules.registry import Pack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from einvoice.model import Reading

AUTO: Final = "auto"
PLANNED: Final = {
    "peppol": "Peppol BIS Billing 3",
    "peppol-selfbilling": "Peppol BIS Self-Billing 3",
    "facturx": "Factur-X",
    "br-fr": "the French reform (BR-FR)",
    "extended-ctc-fr": "EXTENDED-CTC-FR",
}
"""Packs that have a name and no rules here yet."""
FACTURX: Final = ("minimum", "basicwl", "basic", "en16931", "extended")


class Asked(Struct, frozen=True):
    """One pack as it was asked for: ``PACK[:PROFILE][@VERSION]``.

    Attributes:
        id: the pack.
        profile: the profile it is forced to; ``None`` to take that of the document.
        version: the version; ``None`` for the one whose validity covers the day.
    """

    id: str
    profile: str | None = None
    version: str | None = None

    def __str__(self) -> str:
        return self.id + (f":{self.profile}" if self.profile else "") + (f"@{self.version}" if self.version else "")


class Choice(Struct, frozen=True):
    """The packs that judge one invoice.

    Attributes:
        packs: those that exist here.
        missing: the results of those that do not: undetermined, with the reason.
        notes: how far the verdict reaches.
    """

    packs: tuple[Pack, ...]
    missing: tuple[PackResult, ...] = ()
    notes: tuple[str, ...] = ()


def parse(text: str | Sequence[str]) -> tuple[Asked, ...]:
    """Read what ``--rules`` says; nothing for ``auto``.

    Args:
        text: ``auto``, or packs divided by commas; or a list of packs.

    Raises:
        UnknownNameError: there is no such pack, profile or version; the message lists those that exist.
    """
    entries = text.split(",") if isinstance(text, str) else list(text)
    names = [entry.strip() for entry in entries if entry.strip()]
    if AUTO in names and len(names) > 1:
        raise UnknownNameError("'auto' chooses the packs; it cannot stand beside others", code="UNKNOWN_PACK")
    if not names:
        raise UnknownNameError(f"no pack is named; there are auto, {_known()}", code="UNKNOWN_PACK")
    return () if names == [AUTO] else tuple(_asked(name) for name in names)


def _asked(name: str) -> Asked:
    rest, _, version = name.partition("@")
    pack, _, profile = rest.partition(":")
    if pack not in PLANNED and pack not in pack_ids():
        raise UnknownNameError(f"there is no pack {pack!r}; there are auto, {_known()}", code="UNKNOWN_PACK")
    if profile and (pack != "facturx" or profile not in FACTURX):
        there = f"facturx has {', '.join(FACTURX)}" if pack == "facturx" else f"{pack} has no profiles"
        raise UnknownNameError(f"there is no profile {profile!r} of the pack {pack}: {there}", code="UNKNOWN_PACK")
    if version and pack in pack_ids():
        find_pack(f"{pack}@{version}")
    return Asked(pack, profile or None, version or None)


def _known() -> str:
    return ", ".join(dict.fromkeys([*pack_ids(), *PLANNED]))


def choose(asked: Sequence[Asked], reading: Reading, *, as_of: date | None = None) -> Choice:
    """The packs for one invoice.

    Args:
        asked: what was asked for; nothing for ``auto``.
        reading: the invoice.
        as_of: the day whose rules count; today if ``None``.
    """
    found = [(one, find(one, as_of)) for one in asked or _automatic(reading)]
    packs = tuple(dict.fromkeys(pack for _, pack in found if pack is not None))
    missing = tuple(_missing(one) for one, pack in found if pack is None)
    if asked:
        return Choice(packs, missing)
    reach = _reach(reading, packs, [one for one, pack in found if pack is None])
    return Choice(packs, () if packs else missing, reach)


def _automatic(reading: Reading) -> tuple[Asked, ...]:
    """What a specification identifier asks for; nothing in it is unknown, so nothing is refused."""
    names = list(profiles.packs_for(reading.profile, reading.syntax))
    seller, buyer = reading.invoice.seller, reading.invoice.buyer
    at_home = seller.postal_address.country_code if seller and seller.postal_address else None
    abroad = buyer.postal_address.country_code if buyer and buyer.postal_address else None
    if profiles.french(at_home, abroad) and "br-fr" not in names:
        names.append("br-fr")
    return tuple(_asked(name) for name in names)


def find(asked: Asked, as_of: date | None) -> Pack | None:
    """The pack that was asked for, or ``None`` if it has no rules here yet.

    Args:
        asked: what was asked for.
        as_of: the day whose rules count; today if ``None``.
    """
    if asked.id not in pack_ids():
        return None
    name = f"{asked.id}@{asked.version}" if asked.version else asked.id
    return find_pack(name, as_of=as_of)


def _missing(asked: Asked) -> PackResult:
    why = f"the rules of {PLANNED[asked.id]} are not part of this version of einvoice yet"
    return PackResult(id=asked.id, version=asked.version or "", profile=asked.profile, verdict="undetermined", open=why)


def _reach(reading: Reading, packs: Sequence[Pack], without: Sequence[Asked]) -> tuple[str, ...]:
    """How far the verdict of ``auto`` reaches, in one sentence, or none if it reaches all the way."""
    if not packs:
        return ()
    judged = " and ".join(f"{pack.id} {pack.version}" for pack in packs)
    if without:
        rest = " and ".join(dict.fromkeys(PLANNED[one.id] for one in without))
        return (f"judged by {judged} only: the rules of {rest} are not part of this version of einvoice yet",)
    row = profiles.find(reading.profile)
    if row is None or not row.key:
        return (f"judged by {judged} only: einvoice has no rules for {profiles.name_of(reading.profile)}",)
    return ()
