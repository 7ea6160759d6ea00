# SPDX-License-Identifier: Apache-2.0
"""``einvoice validate``: the official schemas and rules, every mistake at once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import put, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from einvoice.service.check import Answer, Question

_PLAIN: Final = ("text", "json", "jsonl")
_PEOPLE: Final = ("text", "html")
"""The formats that people read; they follow the locale."""


@click.command("validate")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--files-from", metavar="LIST", help="A file that lists further paths, one a line; - for standard input.")
@click.option(
    "--rules",
    default="auto",
    show_default=True,
    metavar="auto|PACK[:PROFILE][@VERSION],...",
    help="The rule packs that judge; auto lets the specification identifier (BT-24) choose.",
)
@click.option(
    "--engine",
    type=click.Choice(["native", "official", "both"]),
    default="native",
    show_default=True,
    help="Who judges: the rules of einvoice, the publishers' own compiled Schematron (extra official), or both.",
)
@click.option(
    "--artefacts",
    multiple=True,
    metavar="PATH",
    help="Compiled Schematron to judge by: an XSLT file, a folder, a ZIP or JAR. May be given several times.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day whose rules count; today.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl", "html", "sarif", "junit", "svrl"]),
    default="text",
    show_default=True,
    help="Text or an HTML page for people; JSON, JSON lines, SARIF, JUnit XML or SVRL for programs.",
)
@in_language
@click.option(
    "--timestamp",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    metavar="TIME",
    help="The time that reports bear, such as 2026-03-31T14:00:00Z, and the day whose rules count; now.",
)
@click.option("--attachment", metavar="NAME", help="The attachment that is the invoice, where a PDF holds several.")
@click.option("--lenient", is_flag=True, help="Read EDIFACT that counts its segments or messages wrongly, and say so.")
@click.option("--page", is_flag=True, help="Compare what the pages of a hybrid PDF show with the invoice inside.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=1, metavar="N", help="Work in N processes.")
def command(
    *,
    paths: tuple[str, ...],
    files_from: str | None,
    form: str,
    language: str | None,
    jobs: int,
    **asked: Any,  # noqa: ANN401 - the options that say how to judge
) -> None:
    """Check invoices against the official schemas and rules.

    PATH is an invoice in UBL, CII, JSON or EDIFACT (INVOIC D.14B), a hybrid PDF, a folder (which is walked), or - for
    standard input.

    Exit status: 0 all valid, 1 fatal findings, 2 wrong usage, 3 an input that cannot be read, 4 undetermined; over
    several documents the first that applies of 3, 1, 4, 0.
    """
    from einvoice.cli.progress import watched
    from einvoice.service.sources import expand
    from einvoice.service.status import overall

    if not paths and files_from is None:
        raise click.UsageError("name at least one invoice, folder or --files-from LIST")
    question = _question(**asked)
    sources = expand(paths, files_from=files_from)
    speech = Speech(chosen(language, people=form in _PEOPLE))
    answers = _translated(watched(_answers(sources, question, jobs), len(sources), "validate"), speech)
    if form in _PLAIN:
        sys.exit(overall(_shown(answers, form, speech)))
    sys.exit(overall(_reported(answers, form, speech.language, question.judged_at, many=len(sources) > 1)))


def _question(
    *,
    rules: str,
    engine: str,
    artefacts: tuple[str, ...],
    as_of: datetime | None,
    timestamp: datetime | None,
    attachment: str | None,
    lenient: bool,
    page: bool,
) -> Question:
    """What is asked of every document."""
    from einvoice.service.bench import bench
    from einvoice.service.check import Question
    from einvoice.service.evidence import judging_time
    from einvoice.service.settings import Settings

    if artefacts and engine == "native":
        raise click.UsageError("--artefacts needs --engine official or --engine both")
    judged_at, day = judging_time(timestamp)
    return Question(
        bench=bench(engine, rules, artefacts),
        as_of=as_of.date() if as_of else day,
        judged_at=judged_at,
        page=page,
        settings=Settings.from_environment(attachment=attachment, lenient=lenient),
    )


def _answers(sources: list[str], question: Question, jobs: int) -> Iterator[Answer]:
    from einvoice.service.batch import Lost, run
    from einvoice.service.check import answer, unanswered
    from einvoice.service.sources import STDIN

    processes = 1 if STDIN in sources else jobs
    results = run(answer, sources, question, processes=processes, deadline=question.settings.deadline)
    for source, result in zip(sources, results, strict=True):
        yield unanswered(source, f"{source}: {result}", question) if isinstance(result, Lost) else result


def _translated(answers: Iterable[Answer], speech: Speech) -> Iterator[Answer]:
    if speech.language == "en":
        yield from answers
        return
    from einvoice.rules.languages import in_language as spoken

    for one in answers:
        yield spoken(one, speech.language)


def _reported(
    answers: Iterable[Answer], form: str, language: str, judged_at: datetime | None, *, many: bool
) -> list[Any]:
    """Print the answers as a report, and return their statuses."""
    from einvoice.render.report import Occasion, render
    from einvoice.service.evidence import einvoice_version

    statuses = []

    def noted() -> Iterator[Answer]:
        for one in answers:
            statuses.append(one.status)
            yield one

    occasion = Occasion(judged_at=judged_at, einvoice=einvoice_version(), language=language, many=many)
    for part in render(form, noted(), occasion):
        put(part.encode())
    return statuses


def _shown(answers: Iterable[Answer], form: str, speech: Speech) -> Iterator[Any]:
    """Print the answers as they come, and pass their statuses on."""
    from einvoice.cli.answers import as_json, as_text
    from einvoice.cli.terminal import Footnotes

    footnotes = Footnotes()
    verdicts: dict[str, int] = {}
    if form == "json":
        put(b"[")
    for number, one in enumerate(answers):
        if form == "text":
            say("\n".join(as_text(one, footnotes, speech)))
        else:
            before = (",\n" if number else "\n") if form == "json" else ""
            put(f"{before}{as_json(one)}{'' if form == 'json' else chr(10)}".encode())
        verdicts[one.verdict] = verdicts.get(one.verdict, 0) + 1
        yield one.status
    if form == "json":
        put(b"\n]\n")
    elif form == "text" and sum(verdicts.values()) > 1:
        counts = ", ".join(f"{count} {speech(verdict)}" for verdict, count in verdicts.items())
        say(speech("{number} documents: {counts}", number=sum(verdicts.values()), counts=counts))
