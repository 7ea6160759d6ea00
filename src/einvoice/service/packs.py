# SPDX-License-Identifier: Apache-2.0
"""Which rule packs judge an invoice: what was asked for, or what its specification identifier asks for.

A pack that cannot be asked, since the document does not say which of its profiles is meant, is never passed over in
silence: it is undetermined and says so. Where the packs that ``auto`` chooses are not all that the specification
identifier asks for, a sentence says how far the verdict reaches.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from einvoice import profiles
from einvoice.errors import UnknownNameError
from einvoice.rules import find_pack, pack_ids
from einvoice.rules.findings import PackResult
from einvoice.rules.registry import Pack

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from einvoice.model import Reading

AUTO: Final = "auto"
_NAME: Final = re.compile(r"[a-z][a-z0-9.-]*")
OFFICIALLY: Final = "with --engine official and --artefacts"
NO_PROFILE: Final = "the document states no profile of Factur-X (BT-24); say which one is meant, such as facturx:basic"
UNNAMED: Final = "the document names no specification (BT-24)"
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
        packs: those that are asked.
        missing: the results of those that cannot be: undetermined, with the reason.
        notes: how far the verdict reaches.
    """

    packs: tuple[Pack, ...]
    missing: tuple[PackResult, ...] = ()
    notes: tuple[str, ...] = ()


def parse(text: str | Sequence[str], *, official: Collection[str] = (), free: bool = False) -> tuple[Asked, ...]:
    """Read what ``--rules`` says; nothing for ``auto``.

    Args:
        text: ``auto``, or packs divided by commas; or a list of packs.
        official: packs that a publisher's artefact judges, in whatever version it has.
        free: whether a name that nobody knows is that of an artefact which nothing recognises.

    Raises:
        UnknownNameError: there is no such pack, profile or version; the message lists those that exist.
    """
    entries = text.split(",") if isinstance(text, str) else list(text)
    names = [entry.strip() for entry in entries if entry.strip()]
    if AUTO in names and len(names) > 1:
        raise UnknownNameError("'auto' chooses the packs; it cannot stand beside others", code="UNKNOWN_PACK")
    if not names:
        raise UnknownNameError(f"no pack is named; there are auto, {_known(official)}", code="UNKNOWN_PACK")
    if names == [AUTO]:
        return ()
    if official or free:
        return tuple([_asked(name, official, free=free) for name in names])
    return tuple(map(_native, names))


@lru_cache(maxsize=256)
def _native(name: str) -> Asked:
    """A pack that is judged by the rules of this package: a program asks for the same ones again and again."""
    return _asked(name)


def _named(name: str) -> Asked:
    rest, _, version = name.partition("@")
    pack, _, profile = rest.partition(":")
    return Asked(pack, profile or None, version or None)


def _asked(name: str, official: Collection[str] = (), *, free: bool = False) -> Asked:
    asked = _named(name)
    pack, profile, version = asked.id, asked.profile, asked.version
    if pack not in pack_ids() and pack not in official and not (free and _NAME.fullmatch(pack)):
        raise UnknownNameError(f"there is no pack {pack!r}; there are auto, {_known(official)}", code="UNKNOWN_PACK")
    if profile and (pack != "facturx" or profile not in FACTURX):
        there = f"facturx has {', '.join(FACTURX)}" if pack == "facturx" else f"{pack} has no profiles"
        raise UnknownNameError(f"there is no profile {profile!r} of the pack {pack}: {there}", code="UNKNOWN_PACK")
    if version and pack in pack_ids() and not official:
        find_pack(f"{pack}@{version}")
    return asked


def _known(official: Collection[str]) -> str:
    return ", ".join(dict.fromkeys([*pack_ids(), *sorted(official)]))


def choose(asked: Sequence[Asked], reading: Reading, *, as_of: date | None = None) -> Choice:
    """The packs for one invoice.

    Args:
        asked: what was asked for; nothing for ``auto``.
        reading: the invoice.
        as_of: the day whose rules count; today if ``None``.
    """
    wanted = [of_document(one, reading) for one in asked or automatic(reading)]
    found = [(one, find(one, as_of)) for one in wanted]
    packs = tuple(dict.fromkeys(pack for _, pack in found if pack is not None))
    missing = tuple(_missing(one) for one, pack in found if pack is None)
    return Choice(packs, missing, () if asked else _reach(reading, packs))


def automatic(reading: Reading) -> tuple[Asked, ...]:
    """What a specification identifier asks for; nothing in it is unknown, so nothing is refused.

    Args:
        reading: the invoice.
    """
    names = list(profiles.packs_for(reading.profile, reading.syntax))
    seller, buyer = reading.invoice.seller, reading.invoice.buyer
    at_home = seller.postal_address.country_code if seller and seller.postal_address else None
    abroad = buyer.postal_address.country_code if buyer and buyer.postal_address else None
    if profiles.french(at_home, abroad) and "br-fr" not in names:
        names.append("br-fr")
    return tuple(map(_named, names))


def find(asked: Asked, as_of: date | None) -> Pack | None:
    """The pack that was asked for, or ``None`` if it cannot be asked without a profile.

    Args:
        asked: what was asked for.
        as_of: the day whose rules count; today if ``None``.
    """
    if asked.id not in pack_ids() or (asked.id == "facturx" and asked.profile is None):
        return None
    return find_pack(str(asked), as_of=as_of)


def of_document(asked: Asked, reading: Reading) -> Asked:
    """What was asked for, with the profile that the document states where none is forced.

    Args:
        asked: what was asked for.
        reading: the document.
    """
    if asked.id != "facturx" or asked.profile is not None:
        return asked
    row = profiles.find(reading.profile)
    return structs.replace(asked, profile=row.facturx) if row is not None and row.facturx in FACTURX else asked


def _missing(asked: Asked) -> PackResult:
    """The result of a pack that has profiles where none is known, or of one that only a publisher's artefact judges."""
    why = NO_PROFILE if asked.id in pack_ids() else f"einvoice has no rules for {asked.id}"
    return PackResult(id=asked.id, version=asked.version or "", profile=asked.profile, verdict="undetermined", open=why)


def _reach(reading: Reading, packs: Sequence[Pack]) -> tuple[str, ...]:
    """How far the verdict of ``auto`` reaches, in one sentence, or none if it reaches all the way."""
    if not packs:
        return ()
    judged = " and ".join(f"{pack.id} {pack.version}" for pack in packs)
    if not (reading.profile or "").strip():
        return (f"judged by {judged} only: {UNNAMED}",)
    row = profiles.find(reading.profile)
    name = profiles.name_of(reading.profile)
    if profiles.official_packs_for(reading.profile):
        return (f"judged by {judged} only: the rules of {name} are judged by their publisher's files, {OFFICIALLY}",)
    if row is None or not row.key:
        return (f"judged by {judged} only: einvoice has no rules for {name}",)
    return ()
