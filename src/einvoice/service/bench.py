# SPDX-License-Identifier: Apache-2.0
"""Who judges: which engine, by which packs and artefacts. What a user asks for is read and refused here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from msgspec import Struct

from einvoice.errors import UnknownNameError
from einvoice.rules import pack_ids
from einvoice.service.packs import Asked, parse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

EngineName = Literal["native", "official", "both"]
VARIABLE: Final = "EINVOICE_ARTEFACTS"
"""Names artefacts for runs that name none, divided as in ``PATH``."""


class Bench(Struct, frozen=True, kw_only=True):
    """Who judges, and by what.

    Attributes:
        engine: the engine.
        packs: the packs asked for; nothing for ``auto``.
        artefacts: stylesheets, folders and archives that the user names.
        named: the pack that a stylesheet is which nothing recognises; empty if there is none.
    """

    engine: EngineName = "native"
    packs: tuple[Asked, ...] = ()
    artefacts: tuple[str, ...] = ()
    named: str = ""


def bench(engine: str, rules: str | Sequence[str], artefacts: Sequence[str] = ()) -> Bench:
    """Read what a user asks for, and refuse what cannot be met.

    Args:
        engine: ``native``, ``official`` or ``both``.
        rules: as ``--rules`` takes them.
        artefacts: as ``--artefacts`` takes them.

    Raises:
        UnknownNameError: there is no such engine, pack, profile or version; or a stylesheet is not recognised, and
            nothing says what it is.
        InputError: an artefact cannot be read.
        MissingExtraError: SaxonC is needed and not installed.
    """
    if engine not in get_args(EngineName):
        raise UnknownNameError(
            f"there is no engine {engine!r}; there are {', '.join(get_args(EngineName))}", code="UNKNOWN_ENGINE"
        )
    if engine == "native" and artefacts:
        raise UnknownNameError("artefacts are for the engines official and both; name one of these", code="ARTEFACT")
    if engine == "native":
        return Bench(packs=parse(rules))
    from einvoice.official.engine import required
    from einvoice.official.recognise import packs as recognised
    from einvoice.service.official import library_of

    required()
    sources = tuple(artefacts) or tuple(filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)))
    library = library_of(sources)
    strangers = [sheet.name for sheet in library.unnamed]
    known = {*recognised(), *library.packs()}
    packs = parse(rules, official=known, free=bool(strangers))
    named = _named(packs, known, strangers) if strangers else ""
    return Bench(engine=cast("EngineName", engine), packs=packs, artefacts=sources, named=named)


def _named(packs: Sequence[Asked], known: Collection[str], strangers: Sequence[str]) -> str:
    """The pack that unrecognised stylesheets are: the one that has no other artefact."""
    free = [asked.id for asked in packs if asked.id not in {*known, *pack_ids()}] or [asked.id for asked in packs]
    if len(free) == 1:
        return free[0]
    raise UnknownNameError(
        f"{strangers[0]} is no artefact that einvoice recognises: say with --rules NAME which pack it is, and name that"
        " pack alone",
        code="ARTEFACT",
    )
