# SPDX-License-Identifier: Apache-2.0
"""``einvoice validate``: the official schemas and rules, every mistake at once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from einvoice.cli.terminal import put, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from einvoice.service.check import Answer


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
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day whose rules count; today.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="Text for people, one JSON array, or one JSON object a line.",
)
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=1, metavar="N", help="Work in N processes.")
def command(
    *, paths: tuple[str, ...], files_from: str | None, rules: str, as_of: datetime | None, form: str, jobs: int
) -> None:
    """Check invoices against the official schemas and rules.

    PATH is an invoice in UBL, CII or JSON, a hybrid PDF, a folder (which is walked), or - for standard input.

    Exit status: 0 all valid, 1 fatal findings, 2 wrong usage, 3 an input that cannot be read, 4 undetermined; over
    several documents the first that applies of 3, 1, 4, 0.
    """
    from einvoice.cli.progress import watched
    from einvoice.service.check import Question
    from einvoice.service.packs import parse
    from einvoice.service.settings import Settings
    from einvoice.service.sources import expand
    from einvoice.service.status import overall

    if not paths and files_from is None:
        raise click.UsageError("name at least one invoice, folder or --files-from LIST")
    question = Question(packs=parse(rules), as_of=as_of.date() if as_of else None, settings=Settings.from_environment())
    sources = expand(paths, files_from=files_from)
    answers = watched(_answers(sources, question, jobs), len(sources), "validate")
    sys.exit(overall(_shown(answers, form)))


def _answers(sources: list[str], question: Any, jobs: int) -> Iterator[Answer]:  # noqa: ANN401 - a Question
    from einvoice.service.batch import Lost, run
    from einvoice.service.check import Answer, answer
    from einvoice.service.sources import STDIN

    processes = 1 if STDIN in sources else jobs
    results = run(answer, sources, question, processes=processes, deadline=question.settings.deadline)
    for source, result in zip(sources, results, strict=True):
        yield Answer(file=source, error=f"{source}: {result}") if isinstance(result, Lost) else result


def _shown(answers: Iterable[Answer], form: str) -> Iterator[Any]:
    """Print the answers as they come, and pass their statuses on."""
    from einvoice.cli.answers import as_json, as_text
    from einvoice.cli.terminal import Footnotes

    footnotes = Footnotes()
    verdicts: dict[str, int] = {}
    if form == "json":
        put(b"[")
    for number, one in enumerate(answers):
        if form == "text":
            say("\n".join(as_text(one, footnotes)))
        else:
            before = (",\n" if number else "\n") if form == "json" else ""
            put(f"{before}{as_json(one)}{'' if form == 'json' else chr(10)}".encode())
        verdicts[one.verdict] = verdicts.get(one.verdict, 0) + 1
        yield one.status
    if form == "json":
        put(b"\n]\n")
    elif form == "text" and sum(verdicts.values()) > 1:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
        say(f"{sum(verdicts.values())} documents: {counts}")
