# SPDX-License-Identifier: Apache-2.0
"""Releases of a pack beside each other: one is written down, another one is what differs from it.

What differs between two releases of a publisher is little: some rules are new, gone or renamed, some tests are mended,
the code lists have grown. A release is therefore derived from its neighbour. A rule that both have is the same object
in both, unless its name or its code lists differ; so nothing is compiled, explained or tested twice.
"""

from __future__ import annotations

import csv
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from msgspec import Struct, structs

from einvoice.rules.folders import folder_of
from einvoice.rules.registry import DeclarationError, Pack, Rule
from einvoice.rules.rows import CodeList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from einvoice.rules.demands import Demand
    from einvoice.rules.registry import Check, Family, Severity

Published = dict["Family", dict[str, "Severity"]]
_HEAD = 2


class Release(Struct, frozen=True, eq=False, kw_only=True):
    """A version of a pack that is put together when it is first asked for: what tells it from others, and how.

    Attributes:
        id: the pack.
        version: the version.
        valid_from: the day from which it is the one to use.
        profile: the profile, where the pack has several.
        by_name: see :class:`~einvoice.rules.registry.Pack`.
        make: puts it together.
    """

    id: str
    version: str
    valid_from: date
    profile: str | None = None
    by_name: str = ""
    make: Callable[[], Pack]

    @classmethod
    def of(cls, pack: Pack) -> Self:
        """The release that a pack is.

        Args:
            pack: the pack.
        """
        return cls(
            id=pack.id,
            version=pack.version,
            valid_from=pack.valid_from,
            profile=pack.profile,
            by_name=pack.by_name,
            make=lambda: pack,
        )

    @property
    def pack(self) -> Pack:
        """The pack, the same each time."""
        return _made(self)


@cache
def _made(release: Release) -> Pack:
    return release.make()


class Change(Struct, frozen=True):
    """What a release does to a published id in one syntax.

    Attributes:
        change: ``new``, ``gone``, ``renamed``, or ``severity``.
        id: the id in the release; of one that is gone, what it was.
        syntax: ``ubl`` or ``cii``.
        severity: the severity in the release; empty of one that is gone.
        was: what a renamed id was.
    """

    change: Literal["new", "gone", "renamed", "severity"]
    id: str
    syntax: Family
    severity: str = ""
    was: str = ""


class Delta(Struct, frozen=True, eq=False):
    """What a release does to the ids of its neighbour.

    Attributes:
        base: the ids of the neighbour.
        changes: what differs.
    """

    base: Published
    changes: tuple[Change, ...]

    def published(self) -> Published:
        """Every rule of the release: syntax -> id -> severity."""
        return _published(self)

    @property
    def renamed(self) -> dict[tuple[str, Family], str]:
        """Id of the neighbour and syntax -> the id in the release."""
        return {(one.was, one.syntax): one.id for one in self.changes if one.change == "renamed"}

    @property
    def gone(self) -> frozenset[tuple[str, Family]]:
        """Ids of the neighbour that the release does not have, each with its syntax."""
        return frozenset((one.id, one.syntax) for one in self.changes if one.change == "gone")

    @property
    def new(self) -> frozenset[tuple[str, Family]]:
        """Ids that the release has and its neighbour has not, each with its syntax."""
        return frozenset((one.id, one.syntax) for one in self.changes if one.change == "new")


@cache
def published_in(package: str, name: str = "published.csv") -> Published:
    """Every rule of a publisher, as a file lists them: syntax -> id -> severity.

    Args:
        package: the package that has the file.
        name: the file: where it is from, the names of the columns, then id, syntax and severity a line.
    """
    found: Published = {"ubl": {}, "cii": {}}
    lines = (folder_of(package) / name).read_text(encoding="utf-8").splitlines()
    for identifier, syntax, severity in csv.reader(lines[_HEAD:]):
        found[cast("Family", syntax)][identifier] = cast("Severity", severity)
    return found


def delta_of(package: str, name: str, base: Published) -> Delta:
    """Read what a release does to the ids of its neighbour.

    Args:
        package: the package that has the file.
        name: the file: where it is from, the names of the columns, then a :class:`Change` a line.
        base: the ids of the neighbour.
    """
    lines = (folder_of(package) / name).read_text(encoding="utf-8").splitlines()
    rows = csv.reader(lines[_HEAD:])
    return Delta(base, tuple(Change(*cast("Any", fields)) for fields in rows))


@cache
def _published(delta: Delta) -> Published:
    found = {family: dict(ids) for family, ids in delta.base.items()}
    for one in delta.changes:
        ids = found[one.syntax]
        known = one.was or one.id
        if (known in ids) is (one.change == "new"):
            raise DeclarationError(
                f"{one.id} cannot be {one.change} in {one.syntax}: what it is made from says otherwise"
            )
        ids.pop(known, None)
        if one.change != "gone":
            ids[one.id] = cast("Severity", one.severity)
    return {family: dict(sorted(ids.items())) for family, ids in found.items()}


def derived(
    base: Pack,
    delta: Delta,
    *,
    edition: str = "",
    instead: Iterable[Rule] = (),
    **more: Any,  # noqa: ANN401 -- attributes of Pack
) -> Pack:
    """A release, from its neighbour and what differs.

    Args:
        base: the neighbour.
        delta: what it does to the ids.
        edition: the edition of its code lists; empty for that of the neighbour.
        instead: rules that stand for those of the same id and syntax, or are new; in the edition that they name.
        more: what else differs, such as ``version``.

    Raises:
        DeclarationError: the release publishes a rule of the neighbour under no id.
    """
    own = tuple(instead)
    own_ids = {(rule.id, family) for rule in own for family in _families(rule)}
    found = [new for rule in base.rules for new in _carried(rule, delta, own_ids)]
    rules = (*(in_edition(rule, edition) if edition else rule for rule in found), *own)
    aliases = {old: new for old, new in base.aliases.items() if new not in {was for was, _ in delta.renamed}}
    aliases |= {was: new for (was, _), new in delta.renamed.items()}
    published = delta.published()
    known = {identifier for ids in published.values() for identifier in ids}
    aliases = {old: new for old, new in aliases.items() if old not in known and new in known}
    return structs.replace(base, rules=rules, published=delta.published, aliases=aliases, **more)


def _families(rule: Rule) -> tuple[Family, ...]:
    return ("ubl", "cii") if rule.syntax is None else (rule.syntax,)


def _carried(rule: Rule, delta: Delta, own: set[tuple[str, Family]]) -> Iterator[Rule]:
    """A rule of the neighbour as the release has it: the same, renamed, in one syntax only, or not at all."""
    names = {
        family: delta.renamed.get((rule.id, family), rule.id)
        for family in _families(rule)
        if (rule.id, family) not in delta.gone
    }
    left = {family: name for family, name in names.items() if (name, family) not in own}
    if len(left) == len(_families(rule)) and len(set(left.values())) == 1:
        (name,) = set(left.values())
        yield rule if name == rule.id else structs.replace(rule, id=name)
    else:
        for family, name in left.items():
            yield structs.replace(rule, id=name, syntax=family)


def code_lists(rule: Rule) -> tuple[CodeList, ...]:
    """The code lists that a rule looks into, each once.

    Args:
        rule: the rule.
    """
    found = [one for asking in rule.askings for one in _lists(asking.check).values()]
    return tuple(dict.fromkeys(found))


def in_edition(rule: Rule, edition: str) -> Rule:
    """The same rule, judging by another edition of its code lists; itself if none of them differs.

    Args:
        rule: the rule.
        edition: the edition, see :mod:`einvoice.codes`.
    """
    changed = {one: structs.replace(one, edition=edition) for one in code_lists(rule)}
    if all(new.codes == old.codes for old, new in changed.items()):
        return rule
    askings = tuple(
        structs.replace(
            asking,
            check=_with(asking.check, {n: changed[one] for n, one in _lists(asking.check).items()}),
            demand=_demanding(asking.demand, changed),
        )
        for asking in rule.askings
    )
    return structs.replace(rule, askings=askings)


def _lists(check: Check) -> dict[str, CodeList]:
    """The code lists of a function: keyword parameters with a list for default."""
    stated = check.keywords if isinstance(check, partial) else getattr(check, "__kwdefaults__", None) or {}
    return {name: one for name, one in stated.items() if isinstance(one, CodeList)}


def _with(check: Check, lists: dict[str, CodeList]) -> Check:
    return partial(check, **lists) if lists else check


def _demanding(demand: Demand | None, lists: dict[CodeList, CodeList]) -> Demand | None:
    """The same demand, of other lists."""
    if demand is None or not isinstance(demand.codes, CodeList):
        return demand
    return structs.replace(demand, codes=lists[demand.codes])
