# SPDX-License-Identifier: Apache-2.0
"""What a document says to the rules about its elements, as findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from msgspec import structs

from einvoice.model.structure import StructureHit, StructureRow
from einvoice.rules.findings import Finding, Undetermined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules.registry import Family, Pack, Severity

Hits = Mapping[str, Sequence[StructureHit]]
"""The hits of a document by the pack whose rows they answer (:attr:`~einvoice.rules.registry.Pack.key`)."""
Locate = Callable[[str], str | None]
"""Says where a place of the model stands in a document, as an XPath; ``None`` where nobody knows."""
_Broken = tuple[str, str, "Severity"]
"""A pack by its id, a rule of it, and the severity that it is broken with."""
_T = TypeVar("_T", Finding, Undetermined)


def left_to_elements(packs: Sequence[Pack], family: Family, hits: Hits, found: Sequence[_T]) -> tuple[_T, ...]:
    """What was found on the invoice, without the rules that a document's elements are asked instead.

    Args:
        packs: the packs to judge by.
        family: the syntax.
        hits: what the elements of the document say to their rules; one without a rule says that they are asked.
        found: what is broken by the invoice, or was left open.
    """
    gone = _gone(packs, family, hits)
    return _without(found, gone, {}) if gone else tuple(found)


def met(
    packs: Sequence[Pack], family: Family, hits: Hits, found: Sequence[Finding], locate: Locate | None = None
) -> tuple[tuple[Finding, ...], Hits]:
    """What was found on the invoice and by the elements that are asked instead, each place once.

    The elements decide what is broken. Where the invoice found the same, it is the one to tell: it knows the place in
    the model, what is expected, and why; what elements expect otherwise, and can say why, is what is expected.

    Args:
        packs: the packs to judge by.
        family: the syntax.
        hits: what the elements of the document say to their rules.
        found: what is broken by the invoice.
        locate: says where a place of the model stands in the document; without it, what the invoice and the elements
            each found once is taken to be the same.

    Returns:
        The findings that stay, and the hits that are left.
    """
    gone = _gone(packs, family, hits)
    if not gone:
        return tuple(found), hits
    asked = [pack for pack in packs if pack.id in gone and pack.key in hits]
    keyed = {
        pack.key: [(_broken(pack, family, hit, gone[pack.id]), hit) for hit in _once(pack, family, hits[pack.key])]
        for pack in asked
    }
    places: dict[_Broken, dict[str, StructureHit]] = {}
    for key, hit in (pair for pairs in keyed.values() for pair in pairs):
        if key is not None:
            places.setdefault(key, {}).setdefault(hit.path, hit)
    same = _same(found, places, locate)
    found = [
        _as_elements_say(one, (places[key][path] for key, path in same.get(n, {}).items()))
        for n, one in enumerate(found)
    ]
    said = {pair for some in same.values() for pair in some.items()}
    rest = {pack: [hit for key, hit in pairs if (key, hit.path) not in said] for pack, pairs in keyed.items()}
    staying = {number: frozenset(pack for pack, _, _ in some) for number, some in same.items()}
    return _without(found, gone, staying), {**hits, **rest}


def _as_elements_say(finding: Finding, hits: Iterable[StructureHit]) -> Finding:
    """What the invoice found, with what its elements expect there, where that is something else."""
    for hit in hits:
        if hit.expected is not None and hit.why and hit.expected != finding.expected:
            return structs.replace(finding, expected=hit.expected, why=hit.why)
    return finding


def _without(
    found: Sequence[_T], gone: Mapping[str, frozenset[str]], staying: Mapping[int, frozenset[str]]
) -> tuple[_T, ...]:
    """What was found, without the rules that are gone from a pack, but for the packs for which it stays, by number."""
    kept = []
    for number, one in enumerate(found):
        stays = staying.get(number, ())
        left = tuple(pack for pack in one.packs if pack in stays or one.rule not in gone.get(pack, ()))
        if left:
            kept.append(one if left == one.packs else structs.replace(one, packs=left))
    return tuple(kept)


def _gone(packs: Sequence[Pack], family: Family, hits: Hits) -> dict[str, frozenset[str]]:
    """The packs whose rules the elements of the document are asked, and which rules these are."""
    asked = (pack for pack in packs if any(not one.row.rule for one in hits.get(pack.key, ())))
    return {pack.id: _elsewhere(pack, family) for pack in asked}


def _elsewhere(pack: Pack, family: Family) -> frozenset[str]:
    anywhere = pack.structure[family].anywhere
    named = pack.structure[family].renamed
    return frozenset(named.get(one, one) for one in anywhere.ids) if anywhere is not None else frozenset()


def _once(pack: Pack, family: Family, hits: Sequence[StructureHit]) -> list[StructureHit]:
    """The hits without those on an element that holds none, where a function says the same of it."""
    anywhere = pack.structure[family].anywhere
    ids = anywhere.ids if anywhere is not None else frozenset()
    told = {(hit.row.rule, hit.path) for hit in hits if hit.row.test != "full" and not hit.open}
    return [
        hit for hit in hits if not (hit.row.test == "full" and hit.row.rule in ids and (hit.row.rule, hit.path) in told)
    ]


def _severity(pack: Pack, family: Family, row: StructureRow) -> Severity:
    rules = pack.structure[family]
    own = rules.severities.get((row.rule, row.context))
    return own or pack.published()[family][rules.renamed.get(row.rule, row.rule)]


def _broken(pack: Pack, family: Family, hit: StructureHit, rules: frozenset[str]) -> _Broken | None:
    """What a hit says is broken, if it is one of some rules and not open."""
    rule = pack.structure[family].renamed.get(hit.row.rule, hit.row.rule)
    return None if hit.open or rule not in rules else (pack.id, rule, _severity(pack, family, hit.row))


def _same(
    found: Sequence[Finding], places: Mapping[_Broken, Mapping[str, StructureHit]], locate: Locate | None
) -> dict[int, dict[_Broken, str]]:
    """The findings, by number, that elements have too: of which packs, and at which path."""
    number_of = Counter((pack, one.rule, one.severity) for one in found for pack in one.packs)
    same: dict[int, dict[_Broken, str]] = {}
    for number, one in enumerate(found):
        theirs = [key for pack in one.packs if (key := (pack, one.rule, one.severity)) in places]
        if not theirs:
            continue
        here = one.location or (locate(one.model_path) if locate is not None else None)
        for key in theirs:
            path = here if here in places[key] else _only(places[key], here) if number_of[key] == 1 else None
            if path is not None:
                same.setdefault(number, {})[key] = path
    return same


def _only(places: Iterable[str], here: str | None) -> str | None:
    """The one place of elements, if it is not elsewhere than that of the invoice: one may stand in the other."""
    path, *others = places
    if others:
        return None
    apart = here is not None and not f"{path}/".startswith(f"{here}/") and not f"{here}/".startswith(f"{path}/")
    return None if apart else path


def structural(
    packs: Sequence[Pack], family: Family, hits: Hits, known: Sequence[Finding]
) -> tuple[tuple[Finding, ...], tuple[Undetermined, ...]]:
    """All findings, those that hits are among them, and the rules that hits leave open.

    A rule that another pack found broken on the invoice is one finding, of both packs.

    Args:
        packs: the packs to judge by.
        family: the syntax.
        hits: what the elements of the document say to their rules.
        known: what is broken by the invoice itself, with more to say about it than its elements.
    """
    asked = [pack for pack in packs if hits.get(pack.key) and family in pack.structure]
    if not asked:
        return tuple(known), ()
    gone = _gone(packs, family, hits)
    told = {(one.rule, pack) for one in known for pack in one.packs if one.rule not in gone.get(pack, ())}
    found = _joined(
        one for pack in asked for one in _findings(pack, family, hits[pack.key]) if (one.rule, pack.id) not in told
    )
    unclear = _joined(
        one for pack in asked for one in _open(pack, family, hits[pack.key]) if (one.rule, pack.id) not in told
    )
    return _shared(known, found), unclear


def _shared(known: Sequence[Finding], found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings of the invoice, with the packs that say the same of its elements, and what only those say.

    A pack that found a rule on the invoice and has hits of it nevertheless has them of other places.
    """
    also: dict[tuple[str, Severity], list[str]] = {(one.rule, one.severity): [] for one in known}
    owned = {(one.rule, one.severity, pack) for one in known for pack in one.packs}
    alone = []
    for one in found:
        others = also.get((one.rule, one.severity))
        if others is None or any((one.rule, one.severity, pack) in owned for pack in one.packs):
            alone.append(one)
        else:
            others += [pack for pack in one.packs if pack not in others]
    shared = [
        structs.replace(one, packs=(*one.packs, *more)) if (more := also[one.rule, one.severity]) else one
        for one in known
    ]
    return (*shared, *alone)


@cache
def _sentences(pack: Pack, family: Family) -> dict[str, str]:
    """What the rules of a pack demand that are asked of the invoice too."""
    return {rule.id: rule.sentence for rule in pack.rules_for(family)}


def _findings(pack: Pack, family: Family, hits: Sequence[StructureHit]) -> Iterator[Finding]:
    rules = pack.structure[family]
    own = _sentences(pack, family)
    for hit in hits:
        if not hit.open and hit.row.rule:
            rule = rules.renamed.get(hit.row.rule, hit.row.rule)
            severity = _severity(pack, family, hit.row)
            yield Finding(
                rule=rule,
                packs=(pack.id,),
                severity=severity,
                effective=severity,
                message=own.get(rule) or rules.sentence(hit.row),
                terms=hit.terms,
                found=hit.value,
                expected=hit.expected,
                why=hit.why,
                location=hit.path or None,
                line=hit.line,
            )


def _open(pack: Pack, family: Family, hits: Sequence[StructureHit]) -> Iterator[Undetermined]:
    for hit in hits:
        if hit.open:
            yield Undetermined(
                rule=pack.structure[family].renamed.get(hit.row.rule, hit.row.rule),
                packs=(pack.id,),
                reason=hit.open,
                terms=hit.terms,
                location=hit.path or None,
                line=hit.line,
            )


def _joined(found: Iterator[_T]) -> tuple[_T, ...]:
    """Each once, with all the packs that say so, where it is said first."""
    known: dict[object, tuple[_T, list[str]]] = {}
    for one in found:
        _, packs = known.setdefault(structs.replace(one, packs=()), (one, []))
        packs.extend(pack for pack in one.packs if pack not in packs)
    return tuple(structs.replace(one, packs=tuple(packs)) for one, packs in known.values())
