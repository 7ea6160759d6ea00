# SPDX-License-Identifier: Apache-2.0
"""Which packs there are, and which version of one is meant."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from time import localtime
from typing import TYPE_CHECKING, Final

from einvoice.errors import UnknownNameError
from einvoice.rules.releases import Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.registry import Pack
    from einvoice.rules.structure import StructureRules

_ROOMS: Final = {
    "en16931": "einvoice.rules.en16931",
    "peppol": "einvoice.rules.peppol",
    "peppol-selfbilling": "einvoice.rules.peppol",
    "xrechnung": "einvoice.rules.xrechnung",
    "facturx": "einvoice.rules.facturx",
    "extended-ctc-fr": "einvoice.rules.extended_ctc_fr",
    "br-fr": "einvoice.rules.br_fr",
}


def pack_ids() -> tuple[str, ...]:
    """The ids of the packs that can be asked for."""
    return tuple(_ROOMS)


def versions(identifier: str) -> tuple[Pack, ...]:
    """The versions of a pack, the newest last.

    Args:
        identifier: the pack, such as ``en16931``.

    Raises:
        UnknownNameError: there is no such pack.
    """
    return tuple(one.pack for one in _offered(identifier))


@cache
def _offered(identifier: str) -> tuple[Release, ...]:
    """The versions of a pack, not put together yet."""
    room = _ROOMS.get(identifier)
    if room is None:
        raise UnknownNameError(
            f"there is no rule pack {identifier!r}; there are {', '.join(_ROOMS)}", code="UNKNOWN_PACK"
        )
    module = import_module(room)
    known: tuple[Release, ...] = getattr(module, "RELEASES", ()) or tuple(map(Release.of, module.PACKS))
    return tuple(one for one in known if one.id == identifier)


def room_of(identifier: str) -> str:
    """The folder of a pack below the package, such as ``rules/en16931``.

    Args:
        identifier: the pack, one of :func:`pack_ids`.
    """
    return "/".join(_ROOMS[identifier].split(".")[1:])


def releases(identifier: str) -> Iterator[Pack]:
    """The versions of a pack, first that of today: most questions need no other.

    Args:
        identifier: the pack, one of :func:`pack_ids`.
    """
    today = find_pack(identifier)
    yield today
    yield from (pack for pack in reversed(versions(identifier)) if pack is not today)


def elements(pack: Pack, rule: str) -> Iterator[StructureRules]:
    """The rules about elements of those syntaxes in which a pack has a rule.

    Args:
        pack: the pack.
        rule: the id of the rule.
    """
    yield from (rules for family, rules in pack.structure.items() if rule in pack.published()[family])


def find_pack(asked: str, *, as_of: date | None = None) -> Pack:
    """The pack that is asked for.

    Args:
        asked: ``PACK[:PROFILE][@VERSION]``, such as ``en16931@1.3.16`` or ``facturx:basic``. Of a pack with profiles
            and none named, the one that asks most.
        as_of: the day whose rules are meant, if no version is named; today if ``None``. A day before the first
            version that is known here gets the first one; a version that judges only by its name
            (:attr:`~einvoice.rules.registry.Pack.by_name`) is passed over.

    Raises:
        UnknownNameError: there is no such pack, or not in this version.
    """
    return _found(asked, None if "@" in asked else as_of or date(*localtime()[:3]))


@lru_cache(maxsize=256)
def _found(asked: str, day: date | None) -> Pack:
    """The version that is named; without a name, that of a day."""
    named, _, version = asked.partition("@")
    identifier, _, profile = named.partition(":")
    known = _offered(identifier)
    if profile:
        known = tuple(one for one in known if one.profile == profile) or _no_profile(profile, known)
    if day is None:
        found = [one for one in known if one.version == version]
        if not found:
            names = ", ".join(one.version for one in known)
            raise UnknownNameError(
                f"there is no version {version!r} of {identifier}; there are {names}", code="UNKNOWN_VERSION"
            )
        return found[-1].pack
    chosen = [one for one in known if one.profile == known[-1].profile and not one.by_name]
    return next((one for one in reversed(chosen) if one.valid_from <= day), chosen[0]).pack


def _no_profile(profile: str, known: tuple[Release, ...]) -> tuple[Release, ...]:
    names = list(dict.fromkeys(one.profile for one in known if one.profile))
    there = f"there are {', '.join(names)}" if names else "it has no profiles"
    raise UnknownNameError(f"there is no profile {profile!r} of the pack {known[0].id}: {there}", code="UNKNOWN_PACK")
