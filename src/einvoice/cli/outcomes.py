# SPDX-License-Identifier: Apache-2.0
"""What became of converted documents, as lines for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from einvoice.cli.terminal import Footnotes, cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.cli.speech import Speech
    from einvoice.model import Remark
    from einvoice.rules.findings import Finding
    from einvoice.service.causes import Warned
    from einvoice.service.changes import Computed
    from einvoice.service.conversions import Outcome
    from einvoice.service.convert import Attempt

_SHOWN: Final = 10
_WIDTH: Final = 80
_STEPS: Final = 3
_REASONS: Final = {
    "unbound": "has no term",
    "repeated": "stands once too often",
    "malformed": "is no value of its type",
    "no-place": "has no place there",
}


class Teller:
    """Tells of the documents of one run, in one language.

    Args:
        speech: the language.
        verbose: whether each computed value is told.
    """

    def __init__(self, speech: Speech, *, verbose: bool) -> None:
        self.speech = speech
        self.verbose = verbose
        self._footnotes = Footnotes()

    def told(self, outcome: Outcome) -> Iterator[str]:
        """What became of a document, in lines that are safe to print.

        Args:
            outcome: what became of it.
        """
        attempt = outcome.attempt
        marks, fresh = self._footnotes.marked(self._spoken(note) for note in attempt.notes)
        if outcome.path is not None:
            yield f"{visible(outcome.source)} -> {visible(_near(outcome.path))}{self._counts(attempt)}{marks}"
        if attempt.error is None:
            yield from self._result(attempt)
        yield from fresh

    def _result(self, attempt: Attempt) -> Iterator[str]:
        """What the result lacks, has more, and what judging says of it; without a result there is nothing to tell."""
        yield from self._most("lost", list(map(self._loss, attempt.losses)))
        yield from (self._change(one) for one in attempt.computed if self.verbose or one.was is not None)
        yield from self._most("warning", list(map(self._warning, attempt.warnings)))

    def _most(self, label: str, lines: list[str]) -> Iterator[str]:
        yield from lines[:_SHOWN]
        if len(lines) > _SHOWN:
            more = self.speech("and {number} more; --report FILE lists all", number=len(lines) - _SHOWN)
            yield f"    {self.speech.row(label)}{more}"

    def refusal(self, outcome: Outcome) -> str:
        """Why there is no result: in one sentence, or reason by reason where there are several; empty if there is one.

        Args:
            outcome: what became of a document.
        """
        attempt = outcome.attempt
        if attempt.error is None:
            return ""
        if not attempt.reasons or (len(attempt.reasons) == 1 and self.speech.language == "en"):
            return self._refused(outcome.source, str(attempt.error))
        start, reasons = f"{visible(outcome.source)}: {visible(self._spoken(attempt.lead))}:", self._reasons(attempt)
        if len(reasons) == 1:
            return f"{start} {visible(reasons[0])}"
        return start + "".join(f"\n    {visible(reason)}" for reason in reasons)

    def _refused(self, source: str, error: str) -> str:
        from einvoice.rules.languages import in_language
        from einvoice.rules.record import Record

        return in_language(Record(file=source, error=error), self.speech.language).error or error

    def _reasons(self, attempt: Attempt) -> list[str]:
        """The reasons one by one; each finding is told in the language, behind its place in the source."""
        from einvoice.service.causes import told

        if self.speech.language == "en" or len(attempt.findings) != len(attempt.reasons):
            return [self._spoken(reason) for reason in attempt.reasons]
        pairs = zip(attempt.reasons, attempt.findings, strict=True)
        return [reason.removesuffix(told(finding)) + self._finding(finding) for reason, finding in pairs]

    def _warning(self, one: Warned) -> str:
        """What judging says of a document that was written all the same."""
        place = f"{one.place}: " if one.place else ""
        label = self.speech.row(one.finding.effective)
        space = "" if label.endswith(" ") else " "
        return f"    {label}{space}{visible(place + self._finding(one.finding))}"

    def _finding(self, finding: Finding) -> str:
        from einvoice.rules.findings import Report
        from einvoice.rules.languages import in_language
        from einvoice.service.causes import shown

        (spoken,) = in_language(Report(verdict="invalid", findings=(finding,)), self.speech.language).findings
        terms = f" ({', '.join(finding.terms)})" if finding.terms else ""
        values = ""
        if finding.expected is not None:
            found = self.speech("nothing") if finding.found is None else finding.found
            values = self.speech(" Found {found}, expected {expected}.", found=found, expected=finding.expected)
        elif finding.found:
            values = self.speech(" Found {found}.", found=shown(finding.found))
        return f"{finding.rule}{terms}: {spoken.message}{values}"

    def _spoken(self, text: str) -> str:
        from einvoice.rules.catalogue import catalogue
        from einvoice.rules.languages import rooms

        return catalogue(self.speech.language).told(text, *rooms(()))

    def _loss(self, loss: Remark) -> str:
        """A loss in one line: what it was, and the end of its path; the report has the whole path."""
        terms = f" ({', '.join(loss.terms)})" if loss.terms else ""
        steps = loss.path.split("/")
        path = f"…/{'/'.join(steps[-_STEPS:])}" if len(steps) > _STEPS + 1 else loss.path
        said = f"'{cut(visible(loss.value), _WIDTH)}'{terms}, {self.speech(_REASONS[loss.reason])}"
        return f"    {self.speech.row('lost')}{said}: {visible(path)}"

    def _change(self, one: Computed) -> str:
        value = cut(visible(one.value), _WIDTH)
        if one.was is not None:
            return f"    {self.speech.row('changed')}{one.term}: {cut(visible(one.was), _WIDTH)} -> {value}"
        because = self.speech("{value}, because {why}", value=value, why=one.why) if one.why else value
        return f"    {self.speech.row('computed')}{one.term} = {visible(one.why if one.value in one.why else because)}"

    def _counts(self, attempt: Attempt) -> str:
        number = len(attempt.losses)
        losses = self.speech("{number} lost", number=number) if number else self.speech("nothing lost")
        if not attempt.computed:
            return f" ({losses})"
        return f" ({losses}, {self.speech('{number} computed', number=len(attempt.computed))})"


def _near(path: Path) -> str:
    """A path as a user in the current folder would write it; the report has it in full."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
