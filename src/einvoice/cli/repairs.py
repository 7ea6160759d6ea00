# SPDX-License-Identifier: Apache-2.0
"""What became of repaired documents, as text for people and as data for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from einvoice.cli.terminal import cut, styled, visible
from einvoice.rules.advice import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.findings import Finding, Report
    from einvoice.service.fix import Repair, TakenBack
    from einvoice.service.fixes import Outcome
    from einvoice.service.repairs.sheet import Change, LeftAlone

_SHOWN: Final = 10
_LONGEST: Final = 200
_COLOURS: Final = {"valid": "good", "invalid": "bad", "undetermined": "open"}


def as_text(outcome: Outcome) -> Iterator[str]:
    """What became of one document, as lines for people.

    Args:
        outcome: what became of it.

    Yields:
        Lines that are safe to print; none for a document without a result.
    """
    fixed = outcome.fixed
    if fixed is None:
        return
    name = visible(outcome.source)
    for repair in fixed.repairs:
        yield from _repaired(name, repair)
    for back in fixed.taken_back:
        yield from _taken_back(name, back)
    for left in fixed.left_alone:
        yield from _left_alone(name, left)
    if outcome.diff:
        yield from visible(outcome.diff, lines=True).split("\n")
    yield f"{name}: {_verdict(fixed.before)} -> {_verdict(fixed.after)}{_sum(outcome)}"
    fatal = dict.fromkeys(one.rule for one in fixed.after.findings if one.effective == "fatal")
    if fatal:
        more = f" and {len(fatal) - _SHOWN} more" if len(fatal) > _SHOWN else ""
        yield f"    still     {', '.join(list(fatal)[:_SHOWN])}{more}; einvoice validate says what and where"


def _repaired(name: str, repair: Repair) -> Iterator[str]:
    alike: dict[tuple[str | None, str], list[Change]] = {}
    for change in repair.changes:
        alike.setdefault((change.before, change.after), []).append(change)
    for first, *more in list(alike.values())[:_SHOWN]:
        yield f"{_place(name, first)}: {styled('repaired', 'good')} {repair.id}: {repair.sentence}"
        yield _at(first)
        yield from _values(first)
        if more:
            yield f"    and at    {_lines(more)}"
    if len(alike) > _SHOWN:
        yield f"    and       {len(alike) - _SHOWN} more values; --format json lists them all"
    yield f"    cures     {', '.join(repair.cures)}"


def _lines(changes: list[Change]) -> str:
    """Where else the same was repaired, in short."""
    places = [f"line {one.line}" if one.line is not None else visible(one.location) for one in changes]
    return ", ".join([*places[:_SHOWN], f"{len(places) - _SHOWN} more"] if len(places) > _SHOWN else places)


def _taken_back(name: str, repair: TakenBack) -> Iterator[str]:
    first = repair.changes[0]
    yield f"{_place(name, first)}: {styled('tried, not kept', 'open')} {repair.id}: {repair.sentence}"
    yield _at(first)
    yield from _values(first)
    if len(repair.changes) > 1:
        yield f"    and at    {_lines(list(repair.changes[1:]))}"
    yield f"    because   it would bring {', '.join(repair.brings)}"


def _left_alone(name: str, left: LeftAlone) -> Iterator[str]:
    yield f"{_place(name, left)}: {styled('left alone', 'open')}"
    yield _at(left)
    yield f"    found     {'nothing' if left.value is None else _quoted(left.value)}"
    yield f"    because   {_quoted(left.why)}"


def _place(name: str, one: Change | LeftAlone) -> str:
    return name if one.line is None else f"{name}:{one.line}"


def _at(one: Change | LeftAlone) -> str:
    named = [f"{term} {title}" if (title := name_of(term)) else term for term in one.terms]
    terms = f"  ({', '.join(named)})" if named else ""
    return styled(f"    at        {visible(one.location)}{terms}", "quiet")


def _values(change: Change) -> Iterator[str]:
    yield f"    before    {'nothing' if change.before is None else _quoted(change.before)}"
    yield f"    after     {_quoted(change.after)}"


def _quoted(text: str) -> str:
    shown = visible(text)
    return cut(f"'{shown}'" if shown != shown.strip() else shown, _LONGEST)


def _verdict(report: Report) -> str:
    fatal = sum(one.effective == "fatal" for one in report.findings)
    return styled(report.verdict, _COLOURS[report.verdict]) + (f" ({fatal} fatal)" if fatal else "")


def _sum(outcome: Outcome) -> str:
    count = sum(len(repair.changes) for repair in outcome.fixed.repairs) if outcome.fixed else 0
    done = f"; {count} {'value' if count == 1 else 'values'} repaired" if count else "; nothing repaired"
    if outcome.path is None:
        return done
    here = Path.cwd()
    path = outcome.path.relative_to(here) if outcome.path.is_relative_to(here) else outcome.path
    return f"{done} -> {visible(str(path))}"


# --------------------------------------------------------------------------------------------------------------- data


def as_data(outcome: Outcome) -> dict[str, Any]:
    """What became of one document, as plain data with the names of the contract.

    Args:
        outcome: what became of it.
    """
    fixed = outcome.fixed
    return {
        "source": outcome.source,
        "sha256": outcome.sha256,
        "output": str(outcome.path) if outcome.path is not None else None,
        "repairs": [{**_data(one), "cures": one.cures} for one in fixed.repairs] if fixed else [],
        "taken_back": [{**_data(one), "brings": one.brings} for one in fixed.taken_back] if fixed else [],
        "left_alone": [
            {"location": one.location, "line": one.line, "terms": one.terms, "value": one.value, "why": one.why}
            for one in (fixed.left_alone if fixed else ())
        ],
        "before": _report(fixed.before) if fixed else None,
        "after": _report(fixed.after) if fixed else None,
        "diff": outcome.diff or None,
        "error": str(outcome.error) if outcome.error is not None else None,
    }


def _data(one: Repair | TakenBack) -> dict[str, Any]:
    changes = [
        {
            "location": change.location,
            "line": change.line,
            "terms": change.terms,
            "before": change.before,
            "after": change.after,
        }
        for change in one.changes
    ]
    return {"repair": one.id, "sentence": one.sentence, "changes": changes}


def _report(report: Report) -> dict[str, Any]:
    return {
        "verdict": report.verdict,
        "findings": [_finding(finding) for finding in report.findings],
        "undetermined": [{"rule": one.rule, "location": one.location, "line": one.line} for one in report.undetermined],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "effective": finding.effective,
        "message": finding.message,
        "terms": finding.terms,
        "location": finding.location,
        "line": finding.line,
    }
