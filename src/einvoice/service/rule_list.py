# SPDX-License-Identifier: Apache-2.0
"""What einvoice checks: the packs, and every rule that their publishers have, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from einvoice.codes import source_of
from einvoice.rules.changes import FAMILIES, name_of
from einvoice.rules.registry import Family, Severity
from einvoice.rules.releases import code_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.registry import Pack


class Entry(Struct, frozen=True, kw_only=True):
    """A published rule.

    Attributes:
        id: its id.
        severities: its severity in each syntax that has it.
        judged: the syntaxes in which it is judged here.
        sentence: what it demands; empty if it is judged nowhere here.
        code_lists: the code lists that it looks into.
    """

    id: str
    severities: dict[Family, Severity]
    judged: tuple[Family, ...]
    sentence: str
    code_lists: tuple[str, ...] = ()


class Wanted(Struct, frozen=True, kw_only=True):
    """Which rules are asked for; everything left open is all of them.

    Attributes:
        syntax: those of a syntax.
        severity: those of a severity.
        judged: those that are judged here, or those that are not.
    """

    syntax: Family | None = None
    severity: Severity | None = None
    judged: Literal["yes", "no"] | None = None


def entries(pack: Pack, wanted: Wanted) -> Iterator[Entry]:
    """The rules of a pack: those of UBL in the order of their ids, then those that CII alone has.

    Args:
        pack: the pack.
        wanted: which of them.
    """
    families = [family for family in FAMILIES if wanted.syntax in (None, family)]
    published = {family: pack.published()[family] for family in families}
    missing = {family: frozenset(pack.not_implemented(family)) for family in families}
    sentences, lists = _sentences(pack), _lists(pack)
    for identifier in dict.fromkeys(name for ids in published.values() for name in ids):
        found = {
            family: ids[identifier]
            for family, ids in published.items()
            if identifier in ids
            and wanted.severity in (None, ids[identifier])
            and wanted.judged in (None, "no" if identifier in missing[family] else "yes")
        }
        if found:
            yield Entry(
                id=identifier,
                severities=found,
                judged=tuple(family for family in found if identifier not in missing[family]),
                sentence=sentences.get(identifier, ""),
                code_lists=lists.get(identifier, ()),
            )


def _sentences(pack: Pack) -> dict[str, str]:
    found: dict[str, str] = {}
    for rules in pack.structure.values():
        found |= {identifier: rules.explained(identifier) for identifier in rules.lines}
    return found | {rule.id: rule.sentence for rule in reversed(pack.rules)}


def _lists(pack: Pack) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for rule in pack.rules:
        names = (*found.get(rule.id, ()), *(one.name for one in code_lists(rule)))
        found[rule.id] = tuple(dict.fromkeys(names))
    return found


def about(pack: Pack) -> dict[str, Any]:
    """A pack as plain data.

    Args:
        pack: the pack.
    """
    counts = {}
    for family in FAMILIES:
        published = len(pack.published()[family])
        counts[family] = {"published": published, "judged": published - len(pack.not_implemented(family))}
    return {
        "pack": name_of(pack),
        "id": pack.id,
        "version": pack.version,
        "profile": pack.profile,
        "title": pack.title,
        "source": pack.source,
        "valid_from": pack.valid_from.isoformat(),
        "valid_to": pack.valid_to.isoformat() if pack.valid_to else None,
        "by_name": pack.by_name or None,
        "unknown": pack.unknown,
        "rules": counts,
        "code_lists": {one.name: source_of(one.name, one.edition) for rule in pack.rules for one in code_lists(rule)},
    }
