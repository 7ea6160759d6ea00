# SPDX-License-Identifier: Apache-2.0
"""Checking an invoice: the official schema, then the rules; every mistake at once, each with its place."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from msgspec import Struct, structs

from einvoice import profiles
from einvoice.errors import EinvoiceError
from einvoice.rules.findings import Finding, PackResult, Report, Undetermined
from einvoice.rules.record import Record
from einvoice.service.bench import Bench
from einvoice.service.evidence import class_of_refusal, einvoice_version, error_class, pinned
from einvoice.service.intake import fingerprint, take_in_bytes
from einvoice.service.judging import by_rules_stepwise
from einvoice.service.schemas import profile_findings, schema_findings
from einvoice.service.settings import Settings
from einvoice.service.sources import read_bytes
from einvoice.service.status import Status
from einvoice.service.steps import ended

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from einvoice.service.intake import Intake, Places
    from einvoice.service.packs import Choice
    from einvoice.service.steps import Steps

T = TypeVar("T", Finding, Undetermined)

_STATUS: Final = {
    "valid": Status.DONE,
    "invalid": Status.FATAL,
    "undetermined": Status.UNDETERMINED,
    "unreadable": Status.UNREADABLE,
}


class Answer(Record, frozen=True, kw_only=True):
    """What checking one document says: one line of ``validate --format jsonl``. Its attributes are the record's."""

    @property
    def status(self) -> Status:
        """What this document contributes to the exit status."""
        return _STATUS[self.verdict]


class Question(Struct, frozen=True, kw_only=True):
    """What is asked of every document of a run.

    Attributes:
        bench: who judges, and by which packs.
        as_of: the day whose rules count; today if ``None``.
        judged_at: the time that the answers bear.
        page: whether the pages of a hybrid PDF are compared with the invoice inside.
        settings: what a document may cost.
    """

    bench: Bench = Bench()
    as_of: date | None = None
    judged_at: datetime | None = None
    page: bool = False
    settings: Settings


def answer(source: str, question: Question) -> Answer:
    """Check one document; whatever happens, there is an answer.

    Args:
        source: a path, or ``-``.
        question: what is asked.
    """
    sha256 = None
    try:
        data = read_bytes(source, limit=question.settings.limits.bytes)
        sha256 = fingerprint(data)
        intake = take_in_bytes(data, question.settings, source=source)
        report, schema_valid = _reported(intake, question)
        return _answered(source, sha256, question, intake, report, schema_valid=schema_valid)
    except EinvoiceError as error:
        why, kind = str(error), class_of_refusal(error)
    except Exception as error:  # one document must not take the others with it
        if os.environ.get("EINVOICE_DEBUG"):
            raise
        why, kind = defect(source, error), None
    return structs.replace(unanswered(source, why, question), sha256=sha256, error_class=kind)


def _reported(intake: Intake, question: Question) -> tuple[Report, bool | None]:
    from einvoice.service.engines import judged  # it builds on this module

    report, schema_valid = judged(intake, question.bench, question.settings, as_of=question.as_of)
    if intake.kind == "pdf" or question.page:
        from einvoice.service.container import Wanted, with_container

        wanted = Wanted(decides=not question.bench.packs, page=question.page, settings=question.settings)
        report = with_container(report, intake, wanted)
    return report, schema_valid


def unanswered(source: str, why: str, question: Question) -> Answer:
    """The answer for a document that could not be read.

    Args:
        source: the document as the user named it.
        why: the reason, in one sentence.
        question: what was asked.
    """
    return Answer(file=source, judged_at=question.judged_at, einvoice=einvoice_version(), error=why)


def _answered(
    source: str, sha256: str, question: Question, intake: Intake, report: Report, *, schema_valid: bool | None
) -> Answer:
    reading = intake.reading
    report, excerpts = pinned(report, intake.places)
    return Answer(
        file=source,
        sha256=sha256,
        judged_at=question.judged_at,
        einvoice=einvoice_version(),
        syntax=reading.syntax,
        profile=reading.profile,
        profile_name=profiles.name_of(reading.profile),
        verdict=report.verdict,
        schema_valid=schema_valid,
        error_class=error_class(report, reading.profile),
        packs=report.packs,
        findings=report.findings,
        undetermined=report.undetermined,
        remarks=tuple(remark for remark in reading.remarks if remark.reason != "spelled"),
        excerpts=excerpts,
        notes=report.notes,
    )


def defect(source: str, error: Exception) -> str:
    """What to say where einvoice itself failed on a document.

    Args:
        source: the document as the user named it.
        error: what happened.
    """
    return (
        f"{source}: einvoice failed on this document ({type(error).__name__}: {error}); that is a defect of einvoice,"
        " please report it with what EINVOICE_DEBUG=1 prints"
    )


def judge(intake: Intake, choice: Choice) -> tuple[Report, bool | None]:
    """Check an invoice that has been taken in.

    Args:
        intake: the invoice.
        choice: the packs that judge it.

    Returns:
        The report, violations of the schema among its findings, and whether the schema is obeyed (``None`` for an
        invoice that is no XML).
    """
    return ended(judge_stepwise(intake, choice))


def judge_stepwise(intake: Intake, choice: Choice) -> Steps[tuple[Report, bool | None]]:
    """The same in steps.

    Args:
        intake: see :func:`judge`.
        choice: see there.
    """
    document = intake.document
    report = yield from by_rules_stepwise(intake, choice.packs)
    yield
    refused = schema_findings(document, choice.packs) if document is not None else ()
    narrower = profile_findings(document, choice.packs, refused) if document is not None else ()
    findings = (*refused, *narrower, *_placed(report.findings, intake.places))
    packs = (*report.packs, *choice.missing)
    return (
        Report(
            verdict=verdict_of(findings, packs),
            packs=packs,
            findings=findings,
            undetermined=tuple(_placed(report.undetermined, intake.places)),
            notes=(*report.notes, *choice.notes),
        ),
        not refused if document is not None else None,
    )


def verdict_of(findings: Iterable[Finding], packs: Sequence[PackResult]) -> Literal["valid", "invalid", "undetermined"]:
    """The verdict over all: nothing that could not be judged is ever valid, nor is an invoice nobody judged.

    Args:
        findings: what is wrong.
        packs: what each pack says.
    """
    if any(finding.effective == "fatal" for finding in findings):
        return "invalid"
    judged = bool(packs) and all(pack.verdict == "valid" for pack in packs)
    return "valid" if judged else "undetermined"


def _placed(found: Iterable[T], document: Places | None) -> Iterator[T]:
    """The same, with their places: in the source, or in the model for an invoice that never was XML."""
    for one in found:
        if one.location is not None:
            yield one
        elif document is None:
            yield structs.replace(one, location=one.model_path or None)
        else:
            place = document.locate(one.model_path)
            yield structs.replace(one, location=place.path, line=place.line) if place else one
