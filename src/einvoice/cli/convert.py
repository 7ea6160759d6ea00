# SPDX-License-Identifier: Apache-2.0
"""``einvoice convert``: invoices and ERP exports into UBL, CII, Factur-X, JSON or EDIFACT, every loss told."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import click

from einvoice.cli.outcomes import Teller
from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import complain, put, say, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.service.conversions import Outcome
    from einvoice.service.convert import Target


@click.command("convert")
@click.argument("sources", nargs=-1, metavar="SRC...")
@click.option(
    "--to",
    required=True,
    type=click.Choice(["ubl", "cii", "facturx", "json", "edifact", "xlsx", "csv"]),
    help="The format of the result.",
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
@click.option("--lenient", is_flag=True, help="Read EDIFACT that counts its segments or messages wrongly, and say so.")
@click.option("--map", "mapping", metavar="NAME", help="SRC is an ERP export: a preset (xero ...) or your own file.")
@click.option("--seller", metavar="FILE", help="What an ERP never exports: the seller's name, address, VAT number ...")
@click.option(
    "--rows",
    type=click.Choice(["invoices", "lines", "vat"]),
    default="lines",
    show_default=True,
    help="What a row of --to csv is; --to xlsx has a sheet of each.",
)
@click.option("--report", metavar="FILE", help="Write one line of JSON a document: losses, computed values, errors.")
@click.option("--files-from", metavar="LIST", help="A file that lists further sources, one a line.")
@click.option("--attachment", metavar="NAME", help="The attachment that is the invoice, where a PDF holds several.")
@click.option("-v", "--verbose", is_flag=True, help="Print each computed value with its arithmetic.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@in_language
def command(
    *,
    sources: tuple[str, ...],
    files_from: str | None,
    output: str | None,
    to: Target | Literal["xlsx", "csv"],
    language: str | None,
    **options: Any,  # noqa: ANN401 - the values of the other options
) -> None:
    """Turn invoices and ERP exports into UBL, CII, Factur-X, JSON or EDIFACT, or list them in one table.

    SRC is an invoice in UBL, CII, JSON or EDIFACT (INVOIC D.14B), a hybrid PDF, a folder, or - for standard input;
    with --map an ERP export. Every value that the result cannot carry is reported, and every value that it adds.

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
    if to == "xlsx" or to == "csv":  # noqa: PLR1714 - which the type checker follows
        from einvoice.cli.tables import tabled

        sys.exit(tabled(named, to, output, chosen(language, people=True), options))
    run = _prepared(named, to, output, options)
    total = len(named) if options["mapping"] is None else None
    teller = Teller(Speech(chosen(language, people=True)), verbose=options["verbose"])
    shown = _shown(watched(run.run(), total, "convert"), teller, to_stdout=output == "-")
    with _Report(options["report"], force=options["force"]) as report:
        sys.exit(overall(report.noted(shown)))


def _prepared(sources: list[str], to: Target, output: str | None, options: dict[str, Any]) -> Any:  # noqa: ANN401 - Conversions
    from einvoice import profiles
    from einvoice.service.conversions import Conversions
    from einvoice.service.convert import Wish
    from einvoice.service.settings import Settings

    profile = profiles.named(options["profile"]) if options["profile"] else None
    settings = Settings.from_environment(attachment=options["attachment"], lenient=options["lenient"])
    wish = Wish(to=to, profile=profile, lossless=options["lossless"], settings=settings)
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


def _shown(outcomes: Iterable[Outcome], teller: Teller, *, to_stdout: bool) -> Iterator[Outcome]:
    """Print what became of each document, and pass it on."""
    for outcome in _alone(outcomes) if to_stdout else outcomes:
        if to_stdout and outcome.attempt.output is not None:
            put(outcome.attempt.output)
        for line in teller.told(outcome):
            say(line, to_stderr=to_stdout)
        if refusal := teller.refusal(outcome):
            complain(refusal)
        yield outcome


def _alone(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The only outcome: what is printed of several could be neither told apart nor taken back."""
    found = list(islice(outcomes, 2))
    if len(found) > 1:
        raise click.UsageError("standard output takes one document, and here are several; name a folder with -o")
    return found
