# SPDX-License-Identifier: Apache-2.0
"""Which artefact a file is: by where it lies, by what it says, or by its SHA-256. The table is ``known.toml``."""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORT = 12


class Identity(Struct, frozen=True, kw_only=True):
    """What a file is.

    Attributes:
        pack: the pack, in the spelling of ``--rules``.
        version: the publisher's version; ``sha256:...`` where nothing tells it.
        syntax: what it judges: ``ubl``, ``ubl-invoice``, ``ubl-creditnote`` or ``cii``; ``""`` for anything.
        profile: the profile of the pack, where it has several.
        title: how people call it.
        part: which stylesheet of the pack it is, where there are several.
        needs: the parts without which the pack cannot judge.
    """

    pack: str
    version: str
    syntax: str
    profile: str | None = None
    title: str = ""
    part: str = ""
    needs: tuple[str, ...] = ()


class _Row(Struct, frozen=True, dict=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the table; its file says what the fields mean."""

    pack: str
    title: str
    syntax: str
    path: str
    text: str = ""
    part: str = ""
    needs: tuple[str, ...] = ()
    profile: str | None = None
    inexact: bool = False
    releases: dict[str, str] = {}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|/){self.path}$", re.IGNORECASE)


class _Digest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that is known by its SHA-256."""

    pack: str
    syntax: str
    version: str
    profile: str | None = None


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    known: tuple[_Row, ...]
    digests: dict[str, _Digest]


@cache
def _table() -> _Table:
    text = Path(__file__).with_name("known.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table)


def packs() -> dict[str, str]:
    """The packs of the table that have one name, with how people call them."""
    return {row.pack: row.title for row in reversed(_table().known) if "{" not in row.pack}


def title_of(pack: str) -> str:
    """How people call a pack; its id if the table does not say.

    Args:
        pack: the pack.
    """
    return packs().get(pack, pack)


def by_digest(data: bytes) -> Identity | None:
    """Recognise a file by its content alone.

    Args:
        data: the file.
    """
    found = _table().digests.get(hashlib.sha256(data).hexdigest())
    if found is None:
        return None
    return Identity(
        pack=found.pack,
        version=found.version,
        syntax=found.syntax,
        profile=found.profile,
        title=title_of(found.pack),
    )


def recognise(path: str, read: Callable[[], bytes]) -> Identity | None:
    """Recognise a file by where it lies; its content is read only where the path does not say enough.

    Args:
        path: its path inside the folder or archive, with ``/``.
        read: gives its content.

    Returns:
        What it is; ``None`` for a file that the table does not have.
    """
    for row in _table().known:
        match = row.pattern.search(path)
        if match is not None and (version := _version(row, match, read)):
            groups = {name: text or "" for name, text in match.groupdict().items()}
            own = groups.get("billing", "").lower() == "selfbilling" or groups.get("sb")
            groups["billing"] = "-selfbilling" if own else ""
            return Identity(
                pack=row.pack.format_map(groups).lower(),
                version=version,
                syntax=row.syntax,
                profile=row.profile,
                title=row.title,
                part=row.part,
                needs=row.needs,
            )
    return None


def _version(row: _Row, match: re.Match[str], read: Callable[[], bytes]) -> str:
    """The version; nothing for a release that the row does not have."""
    stated = match.groupdict()
    if "release" in stated:
        return row.releases.get(stated["release"], "")
    if stated.get("version") and not row.inexact:
        return str(stated["version"])
    data = read()
    known = by_digest(data)
    if known is not None:
        return known.version
    if row.text and (said := re.search(row.text, data.decode("utf-8", "replace"))):
        return str(said["version"])
    return stated.get("version") or unnamed_version(data)


def unnamed_version(data: bytes) -> str:
    """What stands for the version of a file that does not say it.

    Args:
        data: the file.
    """
    return f"sha256:{hashlib.sha256(data).hexdigest()[:_SHORT]}"


def order(version: str) -> tuple[int, ...]:
    """What versions are ordered by; one that is not known comes first.

    Args:
        version: a version.
    """
    if version.startswith("sha256:"):
        return ()
    return tuple(int(number) for number in re.findall(r"\d+", version))
