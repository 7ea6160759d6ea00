# SPDX-License-Identifier: Apache-2.0
"""What a rule demands, and what a term means: the declarations themselves, as data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from einvoice.errors import UnknownNameError
from einvoice.model import terms
from einvoice.rules.examples import Example, examples_of
from einvoice.rules.packs import find_pack, pack_ids, versions
from einvoice.rules.places import by_number, paths_of, terms_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.rules.registry import Family, Pack, Rule, Severity


class TermName(Struct, frozen=True):
    """A term by its number and name.

    Attributes:
        id: the number, such as ``BT-112``; the model path where the source gives none.
        name: the name the source gives it.
    """

    id: str
    name: str


class Variant(Struct, frozen=True, kw_only=True):
    """One rule in one pack and syntax, or in both syntaxes.

    Attributes:
        pack: the pack, its profile and its version, such as ``en16931@1.3.16``.
        id: what the rule is called there.
        also: other versions of the pack that say the same, and other profiles of it, such as ``facturx:basic@1.09.2``.
        syntaxes: the syntaxes it judges.
        severity: the severity as published there; ``None`` where the publisher has no such rule.
        sentence: what it demands.
        text: what else is to be said about it.
        terms: what it reads.
        implemented: whether it is judged here.
        file: the file that declares it; empty if it is not implemented.
        line: the line in that file.
    """

    pack: str
    id: str
    syntaxes: tuple[str, ...]
    also: tuple[str, ...] = ()
    severity: str | None = None
    sentence: str = ""
    text: str = ""
    terms: tuple[TermName, ...] = ()
    implemented: bool = True
    file: str = ""
    line: int = 0


class Readers(Struct, frozen=True):
    """The rules of a pack that are about a term.

    Attributes:
        pack: the pack.
        rules: their ids.
    """

    pack: str
    rules: tuple[str, ...]


class Explanation(Struct, frozen=True, kw_only=True):
    """What a name means.

    Attributes:
        id: the rule's id, or the number of the term or group.
        kind: ``rule``, ``term`` or ``group``.
        title: the rule's sentence, or the name the source gives the term.
        text: what else is to be said, or what the term says.
        source: the document that defines it.
        variants: the rule in its packs and syntaxes.
        model_paths: where the term stands in the model.
        rules: the rules of all packs that are about the term.
        readers: the same, pack by pack.
        examples: what breaks the rule, and what repairs that, by syntax.
        note: a remark, such as that the rule was renamed.
    """

    id: str
    kind: str
    title: str
    text: str = ""
    source: str = ""
    variants: tuple[Variant, ...] = ()
    model_paths: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    readers: tuple[Readers, ...] = ()
    examples: tuple[Example, ...] = ()
    note: str = ""


def explain(rule_or_term: str) -> Explanation:
    """Explain a rule by its id, or a term or group by its number (or its path in the model).

    Args:
        rule_or_term: such as ``BR-CO-15``, ``BT-112``, ``BG-23`` or ``totals.paid_amount``; in any case of letters.

    Raises:
        UnknownNameError: there is no such rule, term, group or path.
    """
    name = rule_or_term.strip()
    packs = _packs()
    found = _rule(name.upper(), packs) or _term(name.upper(), packs) or _term(name, packs)
    if found is None:
        raise UnknownNameError(
            f"there is no rule, term or group {name!r}; examples are BR-CO-15, BT-112 and BG-23", code="UNKNOWN_NAME"
        )
    return found


def _packs() -> list[Pack]:
    """Every version of every pack, first of each that of today."""
    found: list[Pack] = []
    for identifier in pack_ids():
        today = find_pack(identifier)
        found += [today, *(pack for pack in reversed(versions(identifier)) if pack is not today)]
    return found


def _rule(name: str, packs: list[Pack]) -> Explanation | None:
    names = namesakes(name, packs)
    variants = _alike([variant for pack in packs for one in sorted(names) for variant in _variants(one, pack)])
    if not variants:
        return None
    first = variants[0]
    return Explanation(
        id=first.id,
        kind="rule",
        title=first.sentence or "This rule is published, and not judged here yet.",
        text=first.text,
        source=next(pack.title for pack in packs if f"{pack.key}@{pack.version}" == first.pack),
        variants=variants,
        examples=next(filter(None, map(examples_of, (first.id, *sorted(names)))), ()),
        note=_elsewhere(names, first.id, variants),
    )


def namesakes(name: str, packs: Iterable[Pack]) -> frozenset[str]:
    """The ids that a rule has in the releases of its pack, itself among them.

    Args:
        name: the id in any release.
        packs: the packs whose releases count.
    """
    pairs = [pair for pack in packs for pair in pack.aliases.items()]
    found, before = {name}, 0
    while len(found) > before:
        before = len(found)
        found |= {one for pair in pairs if not found.isdisjoint(pair) for one in pair}
    return frozenset(found)


def _alike(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """Variants, those that differ in the version or in the profile only told once."""
    found: dict[tuple[str, Variant], Variant] = {}
    for variant in variants:
        identifier, _, version = variant.pack.partition("@")
        key = (identifier.partition(":")[0], structs.replace(variant, pack="", line=0))
        known = found.get(key)
        if known is None:
            found[key] = variant
        else:
            other = version if known.pack.partition("@")[0] == identifier else variant.pack
            found[key] = structs.replace(known, also=(*known.also, other))
    return tuple(found.values())


def _elsewhere(names: frozenset[str], shown: str, variants: tuple[Variant, ...]) -> str:
    """Which releases call the rule otherwise."""
    told = []
    for name in sorted(names - {shown}):
        releases = [variant for variant in variants if variant.id == name]
        where = " and ".join(dict.fromkeys(_releases(variant) for variant in releases))
        told.append(f"{where or 'Other releases'} {'calls' if len(releases) == 1 else 'call'} it {name}.")
    return " ".join(told)


def _releases(variant: Variant) -> str:
    return (
        ", ".join([variant.pack, *variant.also]) + f" ({' and '.join(family.upper() for family in variant.syntaxes)})"
    )


def _variants(identifier: str, pack: Pack) -> list[Variant]:
    stated = {family: ids[identifier] for family, ids in pack.published().items() if identifier in ids}
    found = [_variant(rule, pack, stated) for rule in pack.rules if rule.id == identifier]
    found += [
        _of_elements(identifier, pack, family, severity)
        for family, severity in stated.items()
        if family in pack.structure and identifier in pack.structure[family].lines
    ]
    judged = {family for variant in found for family in variant.syntaxes}
    open_ = tuple(family for family in stated if family not in judged)
    if open_:
        name = f"{pack.key}@{pack.version}"
        found.append(Variant(pack=name, id=identifier, syntaxes=open_, severity=stated[open_[0]], implemented=False))
    return found


def _variant(rule: Rule, pack: Pack, stated: dict[Family, Severity]) -> Variant:
    families = tuple(family for family in stated if rule.syntax in (None, family))
    severities = sorted({stated[family] for family in families})
    return Variant(
        pack=f"{pack.key}@{pack.version}",
        id=rule.id,
        syntaxes=families,
        severity=" or ".join(severities) or None,
        sentence=rule.sentence,
        text=rule.text,
        terms=_names(rule),
        file=Path(rule.file).name,
        line=rule.line,
    )


def _of_elements(identifier: str, pack: Pack, family: Family, severity: Severity) -> Variant:
    rules = pack.structure[family]
    return Variant(
        pack=f"{pack.key}@{pack.version}",
        id=identifier,
        syntaxes=(family,),
        severity=severity,
        sentence=rules.explained(identifier),
        text=rules.asked[identifier].text if identifier in rules.asked else "",
        file=rules.file_of(identifier),
        line=rules.lines[identifier],
    )


def _names(rule: Rule) -> tuple[TermName, ...]:
    """What a rule reads, each term once; a path without a number by its name in the model."""
    known = terms()
    found: dict[str, str] = {}
    for path in (path for name in rule.reads for path in paths_of(name)):
        number = next(iter(terms_at(path)), path)
        term = known.get(path) or known.get(by_number()[number][0].path if number in by_number() else "")
        found.setdefault(number, term.name if term is not None else path)
    return tuple(TermName(identifier, title) for identifier, title in found.items())


def _term(name: str, packs: list[Pack]) -> Explanation | None:
    places = by_number().get(name) or tuple(term for term in terms().values() if term.path == name)
    if not places:
        return None
    first = places[0]
    paths = {place.path for place in places}
    readers = _readers(first.id, paths, packs)
    return Explanation(
        id=first.id,
        kind="group" if first.id.startswith("BG-") else "term",
        title=first.name,
        text=first.meaning,
        source=first.source,
        model_paths=tuple(place.path for place in places),
        rules=tuple(sorted({rule for one in readers for rule in one.rules})),
        readers=readers,
    )


def _readers(number: str, paths: set[str], packs: list[Pack]) -> tuple[Readers, ...]:
    """Which rules are about a term: what they declare to read says it, or that their id or sentence names it.

    A rule about elements declares no terms. It is about those that it names, and about what a rule of the same id in
    another pack reads: publishers copy rules with their ids.
    """
    named = re.compile(rf"(?<![A-Z-]){re.escape(number)}(?!\d)")
    declared = {rule.id for pack in packs for rule in pack.rules if not paths.isdisjoint(rule.paths)}
    found: dict[str, set[str]] = {}
    for pack in packs:
        published = {identifier for ids in pack.published().values() for identifier in ids}
        about = published & declared | {identifier for identifier in published if named.search(identifier)}
        for rules in pack.structure.values():
            about |= {one.id for one in rules.asked.values() if named.search(f"{one.sentence} {one.text}")}
        found.setdefault(pack.id, set()).update(about)
    return tuple(Readers(pack, tuple(sorted(rules))) for pack, rules in found.items() if rules)
