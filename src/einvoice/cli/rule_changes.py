# SPDX-License-Identifier: Apache-2.0
"""What differs between two releases of rules, as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.cli.terminal import cut, styled, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.cli.speech import Speech
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


def told(changes: Changes, speech: Speech) -> Iterator[str]:
    """What differs between two releases.

    Args:
        changes: what differs.
        speech: the language.
    """
    yield styled(f"{changes.older} → {changes.newer}", "strong")
    for kind, head in _HEADS.items():
        found = [one for one in changes.rules if one.change == kind]
        if found:
            yield f"{speech(head)} ({len(found)})"
            yield from (_rule(one, speech) for one in found)
    if changes.codes:
        yield speech("codes ({number} lists)", number=len(changes.codes))
        for one in changes.codes:
            yield from _codes(one, speech)
    if not changes.rules and not changes.codes:
        yield speech("no rule and no code differs")
    yield from (speech("note: {note}", note=note) for note in changes.notes)


def _rule(one: RuleChange, speech: Speech) -> str:
    severity = speech(one.severity)
    if one.change == "severity":
        severity = f"{speech(one.before)} → {severity}"
    name = f"{one.before} → {one.id}" if one.change == "renamed" else one.id
    line = f"    {name:12} {f'{_syntaxes(one.syntaxes, speech)} {severity}':18} {one.sentence}"
    return f"{line}\n    {'':12} {speech('before'):18} {one.before}" if one.change == "sentence" else line


def _codes(one: CodesChange, speech: Speech) -> Iterator[str]:
    yield f"    {one.name}  ({_syntaxes(one.syntaxes, speech)}: {', '.join(one.rules)})"
    if one.added:
        yield f"        + {' '.join(one.added)}"
    if one.removed:
        yield f"        - {' '.join(one.removed)}"


def _syntaxes(families: Iterable[str], speech: Speech) -> str:
    return speech(" and ").join(family.upper() for family in families)


def told_of(result: Rejudged, speech: Speech) -> Iterator[str]:
    """What changes for one document; nothing if nothing does.

    Args:
        result: what two releases say of it.
        speech: the language.
    """
    name, after = visible(result.file), speech(result.after)
    if result.error is not None:
        yield f"{name}: {styled(after, 'bad')}: {visible(result.error.removeprefix(f'{result.file}: '))}"
    elif result.changes:
        verdict = after if result.before == result.after else f"{speech(result.before)} → {after}"
        yield f"{name}: {styled(verdict, 'strong')}"
        yield from (_shift(one, speech) for one in result.shifts)


def _shift(one: Shift, speech: Speech) -> str:
    mark, colour = _MARKS[one.change]
    severity = f"{speech(one.before)} → {speech(one.severity)}" if one.before else speech(one.severity)
    line = speech(" (line {line})", line=one.line) if one.line is not None else ""
    found = f" ({speech('found')}: {cut(visible(one.found), _LONGEST)})" if one.found is not None else ""
    return f"    {styled(mark, colour)} {severity} {one.rule}{line}: {visible(one.message)}{found}"


def summary(results: Iterable[Rejudged], changes: Changes, speech: Speech) -> Iterator[str]:
    """How much changes over all documents.

    Args:
        results: what two releases say of them.
        changes: what the releases differ in.
        speech: the language.
    """
    from einvoice.service.rule_diff import tally

    every = list(results)
    verdicts, rules = tally(every)
    yield speech(
        "documents judged by {older} and by {newer}: {number}; differently: {changed}",
        number=len(every),
        older=changes.older,
        newer=changes.newer,
        changed=sum(one.changes for one in every),
    )
    for (before, after), count in sorted(verdicts.items()):
        yield f"    {count} {speech(before)} → {speech(after)}"
    for (change, rule), count in sorted(rules.items(), key=lambda one: (-one[1], one[0])):
        yield speech("    {mark} {rule} in {count}", mark=_MARKS[change][0], rule=rule, count=count)
    yield from (speech("note: {note}", note=note) for note in changes.notes)
