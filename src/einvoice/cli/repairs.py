# SPDX-License-Identifier: Apache-2.0
"""What became of repaired documents, as text for people and as data for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from einvoice.cli.terminal import cut, styled, visible
from einvoice.rules.advice import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.cli.speech import Speech
    from einvoice.rules.findings import Finding, Report
    from einvoice.service.fix import Fixed, Repair, TakenBack
    from einvoice.service.fixes import Outcome
    from einvoice.service.repairs.sheet import Change, LeftAlone

_SHOWN: Final = 10
_LONGEST: Final = 200
_COLOURS: Final = {"valid": "good", "invalid": "bad", "undetermined": "open"}


def as_text(outcome: Outcome, speech: Speech) -> Iterator[str]:
    """What became of one document, as lines for people.

    Args:
        outcome: what became of it.
        speech: the language.

    Yields:
        Lines that are safe to print; none for a document without a result.
    """
    if outcome.fixed is None:
        return
    fixed = outcome.fixed.in_language(speech.language)
    name = visible(outcome.source)
    tell = _Teller(name, speech)
    for repair in fixed.repairs:
        yield from tell.repaired(repair)
    for back in fixed.taken_back:
        yield from tell.taken_back(back)
    for left in fixed.left_alone:
        yield from tell.left_alone(left)
    if outcome.diff:
        yield from visible(outcome.diff, lines=True).split("\n")
    verdicts = f"{_verdict(fixed.before, speech)} -> {_verdict(fixed.after, speech)}"
    yield f"{name}: {verdicts}{_sum(fixed, outcome.path, speech)}"
    fatal = dict.fromkeys(one.rule for one in fixed.after.findings if one.effective == "fatal")
    if fatal:
        rules = _some(list(fatal), speech)
        yield f"    {speech.row('still')}{speech('{rules}; einvoice validate says what and where', rules=rules)}"


class _Teller:
    """Tells of the repairs of one document, in one language."""

    def __init__(self, name: str, speech: Speech) -> None:
        self.name, self.speech = name, speech

    def repaired(self, repair: Repair) -> Iterator[str]:
        alike: dict[tuple[str | None, str], list[Change]] = {}
        for change in repair.changes:
            alike.setdefault((change.before, change.after), []).append(change)
        for first, *more in list(alike.values())[:_SHOWN]:
            yield self._headed(first, "repaired", repair)
            yield from self._values(first, more)
        if len(alike) > _SHOWN:
            left = len(alike) - _SHOWN
            yield self._row("and", self.speech("{number} more values; --format json lists them all", number=left))
        yield self._row("cures", ", ".join(repair.cures))

    def taken_back(self, repair: TakenBack) -> Iterator[str]:
        first, *more = repair.changes
        yield self._headed(first, "tried, not kept", repair)
        yield from self._values(first, more)
        rules = _some(repair.brings, self.speech)
        yield self._row("because", self.speech("it would bring {rules}", rules=rules))

    def left_alone(self, left: LeftAlone) -> Iterator[str]:
        yield f"{self._place(left)}: {styled(self.speech('left alone'), 'open')}"
        yield self._at(left)
        yield self._row("found", self._value(left.value))
        yield self._row("because", _quoted(left.why))

    def _headed(self, first: Change, what: str, repair: Repair | TakenBack) -> str:
        done = styled(self.speech(what), "good" if what == "repaired" else "open")
        return f"{self._place(first)}: {done} {repair.id}: {repair.sentence}"

    def _values(self, first: Change, more: list[Change]) -> Iterator[str]:
        yield self._at(first)
        yield self._row("before", self._value(first.before))
        yield self._row("after", _quoted(first.after))
        if more:
            places = [
                self.speech("line {number}", number=one.line) if one.line is not None else visible(one.location)
                for one in more
            ]
            yield self._row("and at", _some(places, self.speech))

    def _row(self, label: str, text: str) -> str:
        return f"    {self.speech.row(label)}{text}"

    def _value(self, value: str | None) -> str:
        return self.speech("nothing") if value is None else _quoted(value)

    def _place(self, one: Change | LeftAlone) -> str:
        return self.name if one.line is None else f"{self.name}:{one.line}"

    def _at(self, one: Change | LeftAlone) -> str:
        titles = {term: name_of(term, self.speech.language) for term in one.terms}
        named = [f"{term} {title}" if title else term for term, title in titles.items()]
        terms = f"  ({', '.join(named)})" if named else ""
        return styled(self._row("at", f"{visible(one.location)}{terms}"), "quiet")


def _some(names: Sequence[str], speech: Speech) -> str:
    """The first names of a list, and how many more there are."""
    more = [speech("{number} more", number=len(names) - _SHOWN)] if len(names) > _SHOWN else []
    return ", ".join([*names[:_SHOWN], *more])


def _quoted(text: str) -> str:
    shown = visible(text)
    return cut(f"'{shown}'" if shown != shown.strip() else shown, _LONGEST)


def _verdict(report: Report, speech: Speech) -> str:
    fatal = sum(one.effective == "fatal" for one in report.findings)
    count = speech("1 fatal") if fatal == 1 else speech("{number} fatal", number=fatal)
    return styled(speech(report.verdict), _COLOURS[report.verdict]) + (f" ({count})" if fatal else "")


def _sum(fixed: Fixed, path: Path | None, speech: Speech) -> str:
    count = sum(len(repair.changes) for repair in fixed.repairs)
    if count:
        done = speech("1 value repaired") if count == 1 else speech("{number} values repaired", number=count)
    else:
        done = speech("nothing repaired")
    if path is None:
        return f"; {done}"
    here = Path.cwd()
    return f"; {done} -> {visible(str(path.relative_to(here) if path.is_relative_to(here) else path))}"


# --------------------------------------------------------------------------------------------------------------- data


def as_data(outcome: Outcome, language: str = "en") -> dict[str, Any]:
    """What became of one document, as plain data with the names of the contract.

    Args:
        outcome: what became of it.
        language: the language of its sentences.
    """
    fixed = outcome.fixed.in_language(language) if outcome.fixed else None
    return {
        "source": outcome.source,
        "sha256": outcome.sha256,
        "output": str(outcome.path) if outcome.path is not None else None,
        "repairs": [{**_data(one), "cures": one.cures} for one in fixed.repairs] if fixed else [],
        "taken_back": [{**_data(one), "brings": one.brings} for one in fixed.taken_back] if fixed else [],
        "left_alone": [_left(one) for one in fixed.left_alone] if fixed else [],
        "before": _report(fixed.before) if fixed else None,
        "after": _report(fixed.after) if fixed else None,
        "diff": outcome.diff or None,
        "error": str(outcome.error) if outcome.error is not None else None,
    }


def _left(one: LeftAlone) -> dict[str, Any]:
    return {
        "location": one.location,
        "line": one.line,
        "terms": one.terms,
        "value": one.value,
        "why": one.why,
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
