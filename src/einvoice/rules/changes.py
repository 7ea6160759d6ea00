# SPDX-License-Identifier: Apache-2.0
"""What differs between two releases of rules: the ids, what they demand, and the codes they take.

A rule that was only renamed is told as renamed, and not as gone and new. Whether a test differs is told from what
judges it here: another function, or other rows. Two functions can come to the same on every invoice; what is told is
that the publisher's tests differ, not that verdicts do.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct, structs

from einvoice.rules.explain import namesakes
from einvoice.rules.releases import code_lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules.registry import Family, Pack
    from einvoice.rules.rows import CodeList

Kind = Literal["new", "gone", "renamed", "severity", "sentence", "test"]
KINDS: Final[tuple[Kind, ...]] = ("new", "gone", "renamed", "severity", "sentence", "test")
"""Every kind of change, in the order in which they are told."""
FAMILIES: Final[tuple[Family, ...]] = ("ubl", "cii")


class RuleChange(Struct, frozen=True, kw_only=True):
    """What differs about a rule.

    Attributes:
        change: ``new``, ``gone``, ``renamed``, or what differs: the ``severity``, the ``sentence`` (what we say it
            demands), the ``test``. A rule can change in several ways.
        id: its id in the newer release; of a rule that is gone, in the older.
        syntaxes: the syntaxes concerned.
        severity: its severity in that release.
        sentence: what it demands there.
        before: the id, the severity or the sentence of the older release, where that is what differs.
    """

    change: Kind
    id: str
    syntaxes: tuple[Family, ...]
    severity: str
    sentence: str
    before: str = ""


class CodesChange(Struct, frozen=True, kw_only=True):
    """What differs about a code list.

    Attributes:
        name: the code list, such as ``iso-4217``.
        syntaxes: the syntaxes concerned.
        added: the codes that only the newer release takes.
        removed: the codes that only the older one takes.
        rules: the rules that look into it, as the newer release calls them.
    """

    name: str
    syntaxes: tuple[Family, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rules: tuple[str, ...]


class Changes(Struct, frozen=True, kw_only=True):
    """What differs between two releases.

    Attributes:
        older: the pack and version that is compared.
        newer: the pack and version that it is compared with.
        rules: what differs about rules.
        codes: what differs about code lists.
        notes: what is not known of either.
    """

    older: str
    newer: str
    rules: tuple[RuleChange, ...]
    codes: tuple[CodesChange, ...]
    notes: tuple[str, ...] = ()


class _Known(Struct, frozen=True):
    """A rule in one release and syntax, as far as it can be compared.

    Attributes:
        severity: its severity.
        sentence: what it demands.
        judges: the functions and rows that judge it.
        lists: the code lists that it looks into.
    """

    severity: str
    sentence: str
    judges: tuple[object, ...]
    lists: tuple[CodeList, ...]


def name_of(pack: Pack) -> str:
    """A pack, its profile and its version, as they are asked for.

    Args:
        pack: the pack.
    """
    return f"{pack.id}{f':{pack.profile}' if pack.profile else ''}@{pack.version}"


def compare(older: Pack, newer: Pack) -> Changes:
    """Say what differs between two releases.

    Args:
        older: a release.
        newer: the release to compare it with.
    """
    found: dict[tuple[object, ...], list[Family]] = {}
    codes: dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[list[Family], list[str]]] = {}
    for family in FAMILIES:
        before, after = _rules(older, family), _rules(newer, family)
        pairs = paired(older, newer, family)
        for change in _changed(before, after, pairs):
            found.setdefault(change, []).append(family)
        for old, new in pairs.items():
            for name, added, removed in _codes(before[old], after[new]):
                families, rules = codes.setdefault((name, added, removed), ([], []))
                families.append(family)
                rules.append(new)
    changed = [_change(key, tuple(families)) for key, families in found.items()]
    return Changes(
        older=name_of(older),
        newer=name_of(newer),
        rules=tuple(sorted(changed, key=lambda one: (KINDS.index(one.change), one.id, one.syntaxes))),
        codes=tuple(_codes_change(*key, *value) for key, value in sorted(codes.items())),
        notes=tuple(dict.fromkeys(note for pack in (older, newer) for note in pack.notes.values())),
    )


def paired(older: Pack, newer: Pack, family: Family) -> dict[str, str]:
    """The rules that two releases have both: id in the older -> id in the newer.

    Args:
        older: a release.
        newer: another one.
        family: the syntax.
    """
    before, after = older.published()[family], newer.published()[family]
    found = {name: name for name in before if name in after}
    for name in before:
        others = namesakes(name, (older, newer)) if name not in found else frozenset[str]()
        others = frozenset(other for other in others if other in after and other not in before)
        if len(others) == 1:
            found[name] = next(iter(others))
    return found


def _rules(pack: Pack, family: Family) -> dict[str, _Known]:
    """Every published rule of a release in a syntax."""
    functions = {rule.id: rule for rule in pack.rules_for(family)}
    rows = pack.structure.get(family)
    found = {}
    for name, severity in pack.published()[family].items():
        rule = functions.get(name)
        if rule is not None:
            judges: tuple[object, ...] = tuple(_plain(asking.check) for asking in rule.askings)
            found[name] = _Known(severity, rule.sentence, judges, code_lists(rule))
        elif rows is not None and name in rows.lines:
            judges = tuple(structs.replace(row, rule="") for row in rows.rows_of(name))
            found[name] = _Known(severity, rows.explained(name), judges, ())
        else:
            found[name] = _Known(severity, "", (), ())
    return found


def _plain(check: object) -> object:
    """A function, without the code lists that it is given."""
    return check.func if isinstance(check, partial) else check


def _changed(
    before: dict[str, _Known], after: dict[str, _Known], pairs: dict[str, str]
) -> Iterator[tuple[object, ...]]:
    """What differs in a syntax: kind, id, severity, sentence, what was before."""
    for name in before.keys() - pairs.keys():
        yield "gone", name, before[name].severity, before[name].sentence, ""
    for name in after.keys() - set(pairs.values()):
        yield "new", name, after[name].severity, after[name].sentence, ""
    for name, new in pairs.items():
        old, now = before[name], after[new]
        if name != new:
            yield "renamed", new, now.severity, now.sentence, name
        if old.severity != now.severity:
            yield "severity", new, now.severity, now.sentence, old.severity
        if old.sentence != now.sentence:
            yield "sentence", new, now.severity, now.sentence, old.sentence
        elif old.judges != now.judges:
            yield "test", new, now.severity, now.sentence, ""


def _change(key: tuple[object, ...], families: tuple[Family, ...]) -> RuleChange:
    change, name, severity, sentence, before = key
    return RuleChange(
        change=change,  # type: ignore[arg-type] # one of the kinds that _changed yields
        id=str(name),
        syntaxes=families,
        severity=str(severity),
        sentence=str(sentence),
        before=str(before),
    )


def _codes(before: _Known, after: _Known) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The lists of a rule that differ: name, codes added, codes removed."""
    then, now = _held(before.lists), _held(after.lists)
    for name in then.keys() & now.keys():
        if then[name] != now[name]:
            yield name, tuple(sorted(now[name] - then[name])), tuple(sorted(then[name] - now[name]))


def _held(lists: Iterable[CodeList]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one in lists:
        found[one.name] = found.get(one.name, frozenset()) | one.codes
    return found


def _codes_change(
    name: str, added: tuple[str, ...], removed: tuple[str, ...], families: list[Family], rules: list[str]
) -> CodesChange:
    return CodesChange(
        name=name,
        syntaxes=tuple(dict.fromkeys(families)),
        added=added,
        removed=removed,
        rules=tuple(sorted(set(rules))),
    )
