# SPDX-License-Identifier: Apache-2.0
"""``einvoice convert``: invoices and ERP exports into UBL, CII, Factur-X or JSON, with a report of every loss."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from einvoice.cli.terminal import Footnotes, complain, cut, put, say, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.model import Remark
    from einvoice.service.changes import Computed
    from einvoice.service.conversions import Outcome
    from einvoice.service.convert import Target

_SHOWN = 10
_WIDTH = 80
_STEPS = 3
_REASONS = {
    "unbound": "has no term",
    "repeated": "stands once too often",
    "malformed": "is no value of its type",
    "no-place": "has no place there",
}


@click.command("convert")
@click.argument("sources", nargs=-1, metavar="SRC...")
@click.option(
    "--to", required=True, type=click.Choice(["ubl", "cii", "facturx", "json"]), help="The format of the result."
)
@click.option(
    "--profile",
    metavar="NAME",
    help="Let the result claim a specification (en16931, xrechnung, peppol, facturx-basic ...), and check it by that.",
)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="A file, or a folder if it is one, ends in a slash or there are several documents; - for standard output.",
)
@click.option("--lossless", is_flag=True, help="Make any loss an error, and write nothing then.")
@click.option("--map", "mapping", metavar="FILE", help="SRC is an ERP export; FILE says what its columns mean.")
@click.option("--seller", metavar="FILE", help="What an ERP never exports: the seller's name, address, VAT number ...")
@click.option("--report", metavar="FILE", help="Write one line of JSON a document: losses, computed values, errors.")
@click.option("--files-from", metavar="LIST", help="A file that lists further sources, one a line.")
@click.option("-v", "--verbose", is_flag=True, help="Print each computed value with its arithmetic.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
def command(
    *,
    sources: tuple[str, ...],
    files_from: str | None,
    output: str | None,
    to: Target,
    **options: Any,  # noqa: ANN401 - the values of the other options
) -> None:
    """Turn invoices and ERP exports into UBL, CII, Factur-X or JSON.

    SRC is an invoice in UBL, CII or JSON, a hybrid PDF, a folder, or - for standard input; with --map an ERP export.
    Every value that the result cannot carry is reported, and every value that it adds.

    Exit status: 0 done, 1 not valid or lossy, 2 wrong usage, 3 an input that cannot be read, 4 undetermined.
    """
    from einvoice.cli.progress import watched
    from einvoice.service.sources import STDIN, expand
    from einvoice.service.status import overall

    if not sources and files_from is None:
        raise click.UsageError("name at least one source, or --files-from LIST")
    if options["seller"] and not options["mapping"]:
        raise click.UsageError("--seller belongs to an ERP export: say with --map what its columns mean")
    named = expand(sources, files_from=files_from, every_file=options["mapping"] is not None)
    if output is None and named == [STDIN]:
        output = "-"
    run = _prepared(named, to, output, options)
    total = len(named) if options["mapping"] is None else None
    shown = _shown(watched(run.run(), total, "convert"), to_stdout=output == "-", verbose=options["verbose"])
    with _Report(options["report"], force=options["force"]) as report:
        sys.exit(overall(report.noted(shown)))


def _prepared(sources: list[str], to: Target, output: str | None, options: dict[str, Any]) -> Any:  # noqa: ANN401 - Conversions
    from einvoice import profiles
    from einvoice.service.conversions import Conversions
    from einvoice.service.convert import Wish
    from einvoice.service.settings import Settings

    profile = profiles.named(options["profile"]) if options["profile"] else None
    wish = Wish(to=to, profile=profile, lossless=options["lossless"], settings=Settings.from_environment())
    exports = None
    if options["mapping"] is not None:
        from einvoice.service.export import Exports

        exports = Exports(options["mapping"], options["seller"], profile)
    return Conversions(sources, wish, output=output, exports=exports, force=options["force"])


class _Report:
    """The report file: it is there when the run is over, and it is not there if it could not be written."""

    def __init__(self, path: str | None, *, force: bool) -> None:
        self.path, self.force = path, force
        self.lines: list[str] = []

    def __enter__(self) -> Self:
        if self.path is not None and not self.force and Path(self.path).is_file():
            raise click.UsageError(f"{visible(self.path)} exists already; use --force to overwrite it")
        return self

    def noted(self, outcomes: Iterable[Outcome]) -> Iterator[Any]:
        """Note each outcome, and pass its status on."""
        from einvoice.cli.answers import one_line

        for outcome in outcomes:
            if self.path is not None:
                self.lines.append(one_line(outcome.as_data()))
            yield outcome.attempt.status

    def __exit__(self, *exception: object) -> None:
        if self.path is not None:
            from einvoice.service.files import write_file

            write_file(Path(self.path), "".join(f"{line}\n" for line in self.lines).encode(), force=self.force)


def _shown(outcomes: Iterable[Outcome], *, to_stdout: bool, verbose: bool) -> Iterator[Outcome]:
    """Print what became of each document, and pass it on."""
    footnotes = Footnotes()
    for number, outcome in enumerate(outcomes):
        if to_stdout and outcome.attempt.output is not None:
            if number:
                raise click.UsageError("standard output takes one document; name a folder with -o")
            put(outcome.attempt.output)
        for line in _told(outcome, footnotes, verbose=verbose):
            say(line, to_stderr=to_stdout)
        _complain(outcome)
        yield outcome


def _complain(outcome: Outcome) -> None:
    """Say why there is no result: in one sentence, or reason by reason where there are several."""
    attempt = outcome.attempt
    if attempt.error is None:
        return
    if len(attempt.reasons) > 1:
        reasons = "".join(f"\n    {visible(reason)}" for reason in attempt.reasons)
        complain(f"{visible(outcome.source)}: {visible(attempt.lead)}:{reasons}")
    else:
        complain(str(attempt.error))


def _told(outcome: Outcome, footnotes: Footnotes, *, verbose: bool) -> Iterator[str]:
    attempt = outcome.attempt
    marks, fresh = footnotes.marked(attempt.notes)
    if outcome.path is not None:
        yield f"{visible(outcome.source)} -> {visible(_near(outcome.path))}{_counts(outcome)}{marks}"
    yield from map(_loss, attempt.losses[:_SHOWN])
    if len(attempt.losses) > _SHOWN:
        yield f"    lost      and {len(attempt.losses) - _SHOWN} more; --report FILE lists all"
    yield from (_change(one) for one in attempt.computed if verbose or one.was is not None)
    yield from fresh


def _loss(loss: Remark) -> str:
    """A loss in one line: what it was, and the end of its path; the report has the whole path."""
    terms = f" ({', '.join(loss.terms)})" if loss.terms else ""
    steps = loss.path.split("/")
    path = f"…/{'/'.join(steps[-_STEPS:])}" if len(steps) > _STEPS + 1 else loss.path
    return f"    lost      '{cut(visible(loss.value), _WIDTH)}'{terms}, {_REASONS[loss.reason]}: {visible(path)}"


def _change(one: Computed) -> str:
    value = cut(visible(one.value), _WIDTH)
    if one.was is not None:
        return f"    changed   {one.term}: {cut(visible(one.was), _WIDTH)} -> {value}"
    why = one.why if one.value in one.why else f"{value}{f', because {one.why}' if one.why else ''}"
    return f"    computed  {one.term} = {visible(why)}"


def _near(path: Path) -> str:
    """A path as a user in the current folder would write it; the report has it in full."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _counts(outcome: Outcome) -> str:
    attempt = outcome.attempt
    losses = f"{len(attempt.losses)} lost" if attempt.losses else "nothing lost"
    return f" ({losses}, {len(attempt.computed)} computed)" if attempt.computed else f" ({losses})"
