# SPDX-License-Identifier: Apache-2.0
"""Repairing an invoice: only what is certain, each repair shown, each proven by judging the result.

What the repairs of :mod:`einvoice.service.repairs` suggest is tried, and kept only if judging the result shows that a
finding is gone and that none is new. What brings a new finding with it is tried once more together with what can be
repaired after it; if that does not help either, it is taken back, and told. This goes on until nothing is left to
try, so that repairing a repaired document changes nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from einvoice.errors import EinvoiceError, FormatError
from einvoice.rules.catalogue import catalogue
from einvoice.rules.findings import Report
from einvoice.service.drafts import Draft, JsonDraft, XmlDraft, report_of
from einvoice.service.repairs import KINDS
from einvoice.service.repairs.sheet import Change, LeftAlone, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules.findings import Finding, Undetermined
    from einvoice.service.drafts import Judges
    from einvoice.service.intake import Intake
    from einvoice.service.repairs import Kind

Problem = tuple[str, str]

ROOM: Final = "service/repairs"
"""Where the sentences of the repairs have their translations."""
_PARTS: Final = 60
"""So many parts of a repair are tried at most, where its places cannot be repaired together."""
_TRIALS: Final = 2_000
"""A bound for documents that are broken beyond repair; others need a few dozen."""


class Repair(Struct, frozen=True, kw_only=True):
    """A repair that was made.

    Attributes:
        id: which one, such as ``element-order``.
        sentence: what it does.
        changes: each value that was changed, before and after.
        cures: the ids of the rules that a finding is gone of.
    """

    id: str
    sentence: str
    changes: tuple[Change, ...]
    cures: tuple[str, ...]


class TakenBack(Struct, frozen=True, kw_only=True):
    """A repair that was tried and not kept, since it would have brought other findings.

    Attributes:
        id: which one.
        sentence: what it does.
        changes: each value that would have been changed.
        brings: the ids of the rules that would have been broken then.
    """

    id: str
    sentence: str
    changes: tuple[Change, ...]
    brings: tuple[str, ...]


class Fixed(Struct, frozen=True, kw_only=True):
    """What repairing an invoice came to.

    Attributes:
        output: the bytes; those of the source if nothing was repaired.
        repairs: what was repaired, in the order in which it was done.
        taken_back: what was tried and not kept.
        left_alone: what looks like a slip and was not touched, with the reason.
        before: what judging the source says.
        after: what judging the output says.
    """

    output: bytes
    repairs: tuple[Repair, ...]
    taken_back: tuple[TakenBack, ...]
    left_alone: tuple[LeftAlone, ...]
    before: Report
    after: Report

    def in_language(self, language: str) -> Fixed:
        """The same in another language: sentences change, and nothing else.

        Args:
            language: one of :data:`~einvoice.rules.catalogue.LANGUAGES`.

        Raises:
            UnknownNameError: there is no such language.
        """
        words = catalogue(language)
        if language == "en":
            return self
        return structs.replace(
            self,
            repairs=tuple(structs.replace(one, sentence=words.told(one.sentence, ROOM)) for one in self.repairs),
            taken_back=tuple(structs.replace(one, sentence=words.told(one.sentence, ROOM)) for one in self.taken_back),
            left_alone=tuple(structs.replace(one, why=words.told(one.why, ROOM)) for one in self.left_alone),
            before=self.before.in_language(language),
            after=self.after.in_language(language),
        )


def repair(intake: Intake, judges: Judges) -> Fixed:
    """Repair an invoice that has been taken in.

    Args:
        intake: the invoice.
        judges: by what it is judged.

    Raises:
        FormatError: it lies in a PDF (``FIX_PDF``).
    """
    if intake.kind == "pdf":
        raise FormatError(
            "this is a PDF, and what is repaired is the invoice inside it: take that out first"
            " (einvoice convert FILE --to cii, or --to ubl), repair it, and make the PDF again",
            source=intake.source,
            code="FIX_PDF",
        )
    if intake.kind == "edifact":
        raise FormatError(
            "this is EDIFACT, in which nothing is repaired: convert it first (einvoice convert FILE --to ubl, cii or"
            " json), and repair that",
            source=intake.source,
            code="FIX_EDIFACT",
        )
    draft: Draft
    if intake.kind == "json":
        draft = JsonDraft(intake.data, intake.reading.invoice, judges, intake.source)
    else:
        draft = XmlDraft(intake.data, judges, intake.source)
    before = report_of(draft)
    bench = _Bench()
    done, repairs = bench.improved(draft, ahead=True)
    return Fixed(
        output=done.data,
        repairs=repairs,
        taken_back=tuple(bench.taken_back),
        left_alone=tuple(_worth_telling(done)),
        before=before,
        after=report_of(done),
    )


class _Trial(Struct, frozen=True):
    """What came of trying some suggestions of one repair.

    Attributes:
        draft: the invoice with them.
        repair: the repair, with what it cures.
        brings: what would be new.
        cured: what would be gone.
        places: where in the source what would be gone was.
    """

    draft: Draft
    repair: Repair
    brings: tuple[Problem, ...]
    cured: tuple[Problem, ...]
    places: frozenset[str]

    @property
    def is_good(self) -> bool:
        return bool(self.repair.cures) and not self.brings


class _Bench:
    """Where repairs are tried.

    Attributes:
        taken_back: what was tried last and not kept.
    """

    def __init__(self) -> None:
        self.taken_back: list[TakenBack] = []
        self._left = _TRIALS

    def improved(self, draft: Draft, *, ahead: bool) -> tuple[Draft, tuple[Repair, ...]]:
        """Make every repair that can be kept.

        Args:
            draft: the invoice.
            ahead: whether what brings new findings is tried together with what can be repaired after it.
        """
        repairs: list[Repair] = []
        while True:
            step = self._step(draft, ahead=ahead)
            if step is None:
                return draft, tuple(repairs)
            draft, made = step
            repairs += made

    def _step(self, draft: Draft, *, ahead: bool) -> tuple[Draft, tuple[Repair, ...]] | None:
        """The next repair that can be kept, or ``None``."""
        mixed: list[tuple[_Trial, Kind, list[Suggestion]]] = []
        for kind, together in _suggested(draft):
            trial = self._tried(draft, kind, together)
            if trial is None:
                continue
            if trial.is_good:
                kept = self._no_more_than_needed(draft, kind, together, trial)
                return kept.draft, (kept.repair,)
            if trial.brings:
                mixed.append((trial, kind, together))
        return (self._with_more(draft, mixed) if ahead else None) or self._in_part(draft, mixed, tell=ahead)

    def _no_more_than_needed(self, draft: Draft, kind: Kind, together: list[Suggestion], trial: _Trial) -> _Trial:
        """The same repair at those places alone that something was wrong with, if that cures as much."""
        needed = _about(together, trial.places)
        if not needed or len(needed) == len(together):
            return trial
        less = self._tried(draft, kind, needed)
        same = less is not None and less.is_good and len(less.cured) == len(trial.cured)
        return less if less is not None and same else trial

    def _with_more(
        self, draft: Draft, mixed: Iterable[tuple[_Trial, Kind, list[Suggestion]]]
    ) -> tuple[Draft, tuple[Repair, ...]] | None:
        """A repair that helps only together with what can be repaired after it."""
        for trial, _, _ in mixed:
            if trial.repair.cures:
                done, more = self.improved(trial.draft, ahead=False)
                if more and not _compared(draft, done)[0]:
                    return done, (trial.repair, *more)
        return None

    def _in_part(
        self, draft: Draft, mixed: Iterable[tuple[_Trial, Kind, list[Suggestion]]], *, tell: bool
    ) -> tuple[Draft, tuple[Repair, ...]] | None:
        """Places that can be repaired, though all of their kind together cannot; what cannot be is told."""
        taken_back = []
        for trial, kind, together in mixed:
            part = self._most(draft, kind, together)
            if part is not None:
                return part.draft, (part.repair,)
            brings = tuple(dict.fromkeys(rule for rule, _ in trial.brings))
            made = trial.repair
            taken_back.append(TakenBack(id=made.id, sentence=made.sentence, changes=made.changes, brings=brings))
        if tell:
            self.taken_back = taken_back
        return None

    def _most(self, draft: Draft, kind: Kind, together: list[Suggestion]) -> _Trial | None:
        """The places of one kind that can be repaired with each other, found by halving."""
        best: _Trial | None = None
        kept: list[Suggestion] = []
        left, trials = _halves(together), 0
        while left and trials < _PARTS:
            part, trials = left.pop(0), trials + 1
            trial = self._tried(draft, kind, [*kept, *part])
            if trial is not None and trial.is_good and (best is None or len(trial.cured) > len(best.cured)):
                best, kept = trial, [*kept, *part]
            else:
                left = _halves(part) + left
        return best

    def _tried(self, draft: Draft, kind: Kind, suggestions: list[Suggestion]) -> _Trial | None:
        """Make changes and judge the result; ``None`` if they cannot be made."""
        if not self._left:
            return None
        self._left -= 1
        try:
            after, changes = draft.with_changes(suggestions)
            brings, cured = _compared(draft, after)
        except EinvoiceError:
            return None
        cures = tuple(dict.fromkeys(rule for rule, _ in cured))
        made = Repair(id=kind.id, sentence=kind.sentence, changes=changes, cures=cures)
        return _Trial(after, made, brings, cured, _places(draft, cured)) if changes else None


def _suggested(draft: Draft) -> Iterator[tuple[Kind, list[Suggestion]]]:
    """What the repairs suggest: all of one repair and subject together."""
    sheet = draft.sheet
    if sheet is None or not (draft.report.findings or draft.report.undetermined):
        return
    for kind in KINDS:
        found: dict[str, list[Suggestion]] = {}
        for one in kind.suggest(sheet):
            if isinstance(one, Suggestion):
                found.setdefault(one.subject, []).append(one)
        for together in found.values():
            yield kind, together


def _halves(suggestions: list[Suggestion]) -> list[list[Suggestion]]:
    """The two halves of a list; none of a list that cannot be divided."""
    middle = len(suggestions) // 2
    return [suggestions[:middle], suggestions[middle:]] if middle else []


def _places(draft: Draft, problems: Iterable[Problem]) -> frozenset[str]:
    """Where in what the repairs look at problems are."""
    wanted = set(problems)
    report = draft.sheet.report if draft.sheet is not None else draft.report
    return frozenset(one.location for one in report.findings if _problem(one) in wanted and one.location)


def _about(suggestions: Iterable[Suggestion], places: frozenset[str]) -> list[Suggestion]:
    """Those that change a place, something in it, or what it lies in; the document as a whole is no such place."""
    inner = {place for place in places if place.count("/") > 1}
    above = {path for place in inner for path in _above(place)}

    def is_about(path: str) -> bool:
        return path in places or path in above or not inner.isdisjoint(_above(path))

    return [one for one in suggestions if any(is_about(change.location) for change in one.changes)]


def _above(path: str) -> Iterator[str]:
    """The paths of everything that a place lies in."""
    while path := path.rpartition("/")[0]:
        yield path


def _problem(one: Finding | Undetermined) -> Problem:
    return one.rule, one.model_path or one.location or ""


def _findings(report: Report) -> Counter[Problem]:
    return Counter(map(_problem, report.findings))


def _open(report: Report) -> Counter[Problem]:
    return Counter(map(_problem, report.undetermined))


def _compared(before: Draft, after: Draft) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """What a change brings, and what it cures, judged by the same packs.

    A rule that was open and now finds something brings a finding; one that found something and now is open cures
    nothing. A change can also change which packs judge, such as that of a country; then both are judged by those that
    judge after it.
    """
    packs = after.choice.packs
    was = before.report if before.choice.packs == packs else before.report_by(after.choice)
    found, doubted = _findings(was), _open(was)
    finds, doubts = _findings(after.report), _open(after.report)
    brings = (finds - found) + (doubts - (found + doubted))
    cures = (found + doubted) - (finds + doubts)
    return tuple(brings.elements()), tuple(cures.elements())


def _worth_telling(draft: Draft) -> Iterator[LeftAlone]:
    """What was left alone, where something is still wrong at that place or right above it."""
    sheet = draft.sheet
    if sheet is None:
        return
    places = {one.location for one in sheet.report.findings if one.location}
    places |= {one.location for one in sheet.report.undetermined if one.location}
    places |= {place.rpartition("/@")[0] for place in places if "/@" in place}
    for kind in KINDS:
        for one in kind.suggest(sheet):
            if isinstance(one, LeftAlone) and _concerned(one.location, places):
                yield draft.told(one)


def _concerned(location: str, places: set[str]) -> bool:
    return not places.isdisjoint({location, location.rpartition("/")[0]})
