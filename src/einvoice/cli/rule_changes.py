# SPDX-License-Identifier: Apache-2.0
"""What differs between two releases of rules, as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.cli.terminal import cut, styled, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules.changes import Changes, CodesChange, RuleChange
    from einvoice.service.rule_diff import Rejudged, Shift

_LONGEST: Final = 200
_HEADS: Final = {
    "new": "new",
    "gone": "gone",
    "renamed": "renamed",
    "severity": "another severity",
    "sentence": "another demand",
    "test": "another test of the same demand",
}
_MARKS: Final = {"appears": ("+", "bad"), "vanishes": ("-", "good"), "severity": ("~", "open")}


def told(changes: Changes) -> Iterator[str]:
    """What differs between two releases.

    Args:
        changes: what differs.
    """
    yield styled(f"{changes.older} → {changes.newer}", "strong")
    for kind, head in _HEADS.items():
        found = [one for one in changes.rules if one.change == kind]
        if found:
            yield f"{head} ({len(found)})"
            yield from (_rule(one) for one in found)
    if changes.codes:
        yield f"codes ({len(changes.codes)} lists)"
        for one in changes.codes:
            yield from _codes(one)
    if not changes.rules and not changes.codes:
        yield "no rule and no code differs"
    yield from (f"note: {note}" for note in changes.notes)


def _rule(one: RuleChange) -> str:
    where = f"{_syntaxes(one.syntaxes)} {one.severity}"
    name = f"{one.before} → {one.id}" if one.change == "renamed" else one.id
    if one.change == "severity":
        where = f"{_syntaxes(one.syntaxes)} {one.before} → {one.severity}"
    line = f"    {name:12} {where:18} {one.sentence}"
    return f"{line}\n    {'':12} {'before':18} {one.before}" if one.change == "sentence" else line


def _codes(one: CodesChange) -> Iterator[str]:
    where = f"{_syntaxes(one.syntaxes)}: {', '.join(one.rules)}"
    yield f"    {one.name}  ({where})"
    if one.added:
        yield f"        + {' '.join(one.added)}"
    if one.removed:
        yield f"        - {' '.join(one.removed)}"


def _syntaxes(families: Iterable[str]) -> str:
    return " and ".join(family.upper() for family in families)


def told_of(result: Rejudged) -> Iterator[str]:
    """What changes for one document; nothing if nothing does.

    Args:
        result: what two releases say of it.
    """
    name = visible(result.file)
    if result.error is not None:
        yield f"{name}: {styled('unreadable', 'bad')}: {visible(result.error.removeprefix(f'{result.file}: '))}"
    elif result.changes:
        verdict = result.after if result.before == result.after else f"{result.before} → {result.after}"
        yield f"{name}: {styled(verdict, 'strong')}"
        yield from (_shift(one) for one in result.shifts)


def _shift(one: Shift) -> str:
    mark, colour = _MARKS[one.change]
    severity = f"{one.before} → {one.severity}" if one.before else one.severity
    line = f" (line {one.line})" if one.line is not None else ""
    found = f": found {cut(visible(one.found), _LONGEST)}" if one.found is not None else ""
    return f"    {styled(mark, colour)} {severity} {one.rule}{line}: {visible(one.message)}{found}"


def summary(results: Iterable[Rejudged], older: str, newer: str) -> Iterator[str]:
    """How much changes over all documents.

    Args:
        results: what two releases say of them.
        older: the older release.
        newer: the newer.
    """
    from einvoice.service.rule_diff import tally

    every = list(results)
    verdicts, rules = tally(every)
    changed = sum(one.changes for one in every)
    yield f"{len(every)} documents by {older} and by {newer}: {changed or 'none'} judged differently"
    for (before, after), count in sorted(verdicts.items()):
        yield f"    {count} {before} → {after}"
    for (change, rule), count in sorted(rules.items(), key=lambda one: (-one[1], one[0])):
        yield f"    {_MARKS[change][0]} {rule} in {count}"
