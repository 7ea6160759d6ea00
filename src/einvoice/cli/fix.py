# SPDX-License-Identifier: Apache-2.0
"""``einvoice fix``: what can be repaired with certainty, each repair shown before and after."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import complain, put, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from einvoice.service.fixes import Outcome


@click.command("fix")
@click.argument("sources", nargs=-1, metavar="SRC...")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="A file, or a folder if it is one, ends in a slash or there are several documents; - for standard output.",
)
@click.option(
    "--rules",
    default="auto",
    show_default=True,
    metavar="auto|PACK[:PROFILE][@VERSION],...",
    help="The rule packs that judge; auto lets the specification identifier (BT-24) choose.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day whose rules count; today.")
@click.option("--dry-run", is_flag=True, help="Write nothing, and show the lines that would change.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="Text for people, JSON or JSON lines for programs.",
)
@in_language
@click.option("--files-from", metavar="LIST", help="A file that lists further sources, one a line.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
def command(
    *,
    sources: tuple[str, ...],
    output: str | None,
    as_of: datetime | None,
    form: str,
    language: str | None,
    files_from: str | None,
    **options: Any,  # noqa: ANN401 - the values of the other options
) -> None:
    """Repair what is certain: order, spelling, schemes, roundings; never what the invoice is about.

    SRC is an invoice in UBL, CII or JSON, a folder, or - for standard input. A repair is kept only if judging the
    result shows that something is cured and nothing is new; everything else stays as it is, to the byte.

    Exit status, of the results: 0 valid, 1 fatal findings left, 2 wrong usage, 3 an input that cannot be read,
    4 undetermined.
    """
    from einvoice.cli.progress import watched
    from einvoice.service.drafts import Judges
    from einvoice.service.fixes import STDOUT, Fixes
    from einvoice.service.packs import parse
    from einvoice.service.settings import Settings
    from einvoice.service.sources import STDIN, expand
    from einvoice.service.status import overall

    if not sources and files_from is None:
        raise click.UsageError("name at least one invoice, folder or --files-from LIST")
    judges = Judges(parse(options["rules"]), as_of.date() if as_of else None, Settings.from_environment())
    named = expand(sources, files_from=files_from)
    if output is None and named == [STDIN] and not options["dry_run"]:
        output = STDOUT
    if output == STDOUT and len(named) > 1:
        raise click.UsageError("standard output takes one document; name a folder with -o")
    run = Fixes(named, judges, output=output, dry=options["dry_run"], force=options["force"])
    outcomes = watched(run.run(), len(named), "fix")
    taken = output == STDOUT and not options["dry_run"]
    speech = Speech(chosen(language, people=form == "text"))
    sys.exit(overall([one.status for one in _shown(outcomes, form, speech, taken=taken)]))


def _shown(outcomes: Iterable[Outcome], form: str, speech: Speech, *, taken: bool) -> Iterator[Outcome]:
    """Print what became of each document, and pass it on; on standard error if the document takes the other."""
    if form == "text":
        return _as_text(outcomes, speech, taken=taken)
    return _as_json(outcomes, form, speech.language, taken=taken)


def _as_text(outcomes: Iterable[Outcome], speech: Speech, *, taken: bool) -> Iterator[Outcome]:
    from einvoice.cli.repairs import as_text

    for one in outcomes:
        if taken and one.fixed is not None:
            put(one.fixed.output)
        for line in as_text(one, speech):
            say(line, to_stderr=taken)
        if one.error is not None:
            complain(str(one.error))
        yield one


def _as_json(outcomes: Iterable[Outcome], form: str, language: str, *, taken: bool) -> Iterator[Outcome]:
    from einvoice.cli.answers import one_line
    from einvoice.cli.repairs import as_data

    before, between, after = ("[\n", ",\n", "\n]") if form == "json" else ("", "\n", "")
    parts = []
    for one in outcomes:
        if taken and one.fixed is not None:
            put(one.fixed.output)
        parts.append(one_line(as_data(one, language)))
        if form == "jsonl":
            say(parts.pop(), to_stderr=taken)
        yield one
    if form == "json":
        say(before + between.join(parts) + after, to_stderr=taken)
