# SPDX-License-Identifier: Apache-2.0
"""What a document says to the rules about its elements, as findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from msgspec import structs

from einvoice.model.structure import StructureHit
from einvoice.rules.findings import Finding, Undetermined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.registry import Family, Pack, Severity

Hits = Mapping[str, Sequence[StructureHit]]
"""The hits of a document by the pack whose rows they answer (:attr:`~einvoice.rules.registry.Pack.key`)."""
_T = TypeVar("_T", Finding, Undetermined)


def left_to_elements(packs: Sequence[Pack], family: Family, hits: Hits, found: Sequence[_T]) -> tuple[_T, ...]:
    """What was found on the invoice, without the rules that a document's elements are asked instead.

    Args:
        packs: the packs to judge by.
        family: the syntax.
        hits: what the elements of the document say to their rules; one without a rule says that they are asked.
        found: what is broken by the invoice, or was left open.
    """
    asked = (pack for pack in packs if any(not one.row.rule for one in hits.get(pack.key, ())))
    gone = {pack.id: _elsewhere(pack, family) for pack in asked}
    if not gone:
        return tuple(found)
    kept = []
    for one in found:
        left = tuple(pack for pack in one.packs if one.rule not in gone.get(pack, ()))
        if left:
            kept.append(one if left == one.packs else structs.replace(one, packs=left))
    return tuple(kept)


def _elsewhere(pack: Pack, family: Family) -> frozenset[str]:
    anywhere = pack.structure[family].anywhere
    named = pack.structure[family].renamed
    return frozenset(named.get(one, one) for one in anywhere.ids) if anywhere is not None else frozenset()


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
    told = {(one.rule, pack) for one in known for pack in one.packs}
    found = _joined(
        one for pack in asked for one in _findings(pack, family, hits[pack.key]) if (one.rule, pack.id) not in told
    )
    unclear = _joined(
        one for pack in asked for one in _open(pack, family, hits[pack.key]) if (one.rule, pack.id) not in told
    )
    return _shared(known, found), unclear


def _shared(known: Sequence[Finding], found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings of the invoice, with the packs that say the same of its elements, and what only those say."""
    also: dict[tuple[str, Severity], list[str]] = {(one.rule, one.severity): [] for one in known}
    alone = []
    for one in found:
        others = also.get((one.rule, one.severity))
        if others is None:
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
    published, rules = pack.published()[family], pack.structure[family]
    own = _sentences(pack, family)
    for hit in hits:
        if not hit.open and hit.row.rule:
            rule = rules.renamed.get(hit.row.rule, hit.row.rule)
            severity = rules.severities.get((hit.row.rule, hit.row.context)) or published[rule]
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
