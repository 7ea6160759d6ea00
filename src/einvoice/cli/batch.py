# SPDX-License-Identifier: Apache-2.0
"""``einvoice batch``: very many invoices on all cores, resumable, with a summary of what has to be put right."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import complain, say, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.service.batch_run import Batch, Progress
    from einvoice.service.batch_tally import Cluster

_SHOWN: Final = 20


@click.command("batch")
@click.argument("sources", nargs=-1, metavar="IN...")
@click.option(
    "--to", required=True, type=click.Choice(["ubl", "cii", "facturx", "json", "edifact"]), help="The format."
)
@click.option("-o", "--output", required=True, metavar="OUT", help="The folder of the results and of their record.")
@click.option("--map", "mapping", metavar="FILE", help="IN are ERP exports; FILE (or a preset) says what they mean.")
@click.option("--seller", metavar="FILE", help="What an ERP never exports: the seller's name, address, VAT number ...")
@click.option("--profile", metavar="NAME", help="Let the results claim a specification, and check them by that.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Work in N processes; as many as cores.")
@click.option("--lossless", is_flag=True, help="Refuse an invoice of which anything would be lost.")
@click.option("--lenient", is_flag=True, help="Read EDIFACT that counts its segments or messages wrongly.")
@click.option("--force", is_flag=True, help="Replace results, also by another invoice of the same number.")
@click.option("--files-from", metavar="LIST", help="A file that lists further sources, one a line.")
@in_language
def command(
    *,
    sources: tuple[str, ...],
    output: str,
    files_from: str | None,
    language: str | None,
    **options: Any,  # noqa: ANN401
) -> None:
    """Convert very many invoices on all cores, and go on where it stopped.

    IN is a file or a folder: ERP exports with --map, else invoices in UBL, CII, JSON, EDIFACT or PDF. Results go to the
    folder OUT, which also gets results.jsonl (a line for each invoice) and quarantine/ (what was refused). Run again,
    it leaves alone what is done.

    Exit status: 0 all done, 1 some are not valid, 2 wrong usage, 3 an input that cannot be read, 4 undetermined.
    """
    from einvoice.service.batch_run import Batch
    from einvoice.service.sources import expand
    from einvoice.service.status import overall

    if not sources and files_from is None:
        raise click.UsageError("name at least one source, or --files-from LIST")
    if options["seller"] and not options["mapping"]:
        raise click.UsageError("--seller belongs to an ERP export: say with --map what its columns mean")
    if Path(output).exists() and not Path(output).is_dir():
        raise click.UsageError(f"{visible(output)} is a file; name a folder with -o")
    named = list(dict.fromkeys(expand(sources, files_from=files_from, every_file=options["mapping"] is not None)))
    batch = Batch([one for one in named if not _is_inside(one, output)], output, _wanted(options))
    begun = time.monotonic()
    _watched(batch.run())
    _told(batch, time.monotonic() - begun, Speech(chosen(language, people=True)))
    sys.exit(overall(batch.summary.statuses))


def _wanted(options: dict[str, Any]) -> Any:  # noqa: ANN401 - Wanted
    from einvoice.service.batch_run import Wanted
    from einvoice.service.settings import Settings

    jobs = options.pop("jobs") or os.cpu_count() or 1
    return Wanted(processes=jobs, deadline=Settings.from_environment().deadline, **options)


def _is_inside(source: str, folder: str) -> bool:
    """Whether a source is a result of this very batch."""
    return Path(source).absolute().is_relative_to(Path(folder).absolute())


def _watched(steps: Iterator[Progress]) -> None:
    """Do the work, with a bar on standard error where a person looks."""
    if sys.stderr is None or not sys.stderr.isatty():
        for _ in steps:
            pass
        return
    from einvoice.cli.progress import Bar

    bar = Bar()
    try:
        for step in steps:
            bar.show(f"{step.done:,} done, {step.refused:,} refused", step.fraction, f"{step.fraction:.0%}")
    finally:
        bar.end()


def _told(batch: Batch, seconds: float, speech: Speech) -> None:
    """The summary: what was done, and what has to be put right, the most frequent first."""
    summary = batch.summary
    for cluster in summary.clusters[:_SHOWN]:
        complain(_cause(cluster, speech))
    if len(summary.clusters) > _SHOWN:
        complain(speech("and {number} more reasons; see results.jsonl", number=len(summary.clusters) - _SHOWN))
    for cluster in summary.warned[:_SHOWN]:
        complain(speech("made all the same, {cause}", cause=_cause(cluster, speech)))
    parts = [
        speech("{number} done", number=f"{summary.done:,}"),
        speech("{number} done before", number=f"{summary.before:,}") if summary.before else "",
        speech("{number} said twice", number=f"{summary.same:,}") if summary.same else "",
        speech("{number} refused", number=f"{summary.refused:,}") if summary.refused else "",
        speech("{number} values lost", number=f"{summary.lost:,}") if summary.lost else "",
    ]
    rate = f" ({summary.done / seconds:,.0f}/s)" if summary.done and seconds else ""
    say(f"{visible(str(batch.folder))}: {', '.join(part for part in parts if part)}{rate}")


def _cause(cluster: Cluster, speech: Speech) -> str:
    cause = cluster.cause
    from einvoice.service.batch_item import NOTE

    parts = ("" if cause.code == NOTE else cause.code, cause.term, _term(cause.term))
    what = " ".join(part for part in parts if part)
    what = f"{what}{f', {cause.place}' if cause.place else ''}: " if what else ""
    number = speech("{number} invoices", number=f"{cluster.count:,}") if cluster.count > 1 else speech("1 invoice")
    return visible(f"{number}: {what}{cause.text}")


def _term(number: str) -> str:
    """The name of a term; empty for none."""
    from einvoice.model import terms

    return next((term.name for term in terms().values() if term.id == number), "") if number else ""
