# SPDX-License-Identifier: Apache-2.0
"""``einvoice embed``: an invoice into the PDF that shows it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from einvoice.cli.outcomes import Teller
from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import complain, put, say

if TYPE_CHECKING:
    from einvoice.service.convert import Attempt
    from einvoice.service.embedding import Request


@click.command("embed")
@click.argument("invoice", metavar="INVOICE")
@click.argument("printout", metavar="PRINTOUT.pdf")
@click.option("-o", "--output", metavar="PATH", help="The file, or a folder; - for standard output.", required=True)
@click.option(
    "--profile", metavar="NAME", help="Let the invoice claim a specification (en16931, xrechnung, facturx-basic ...)."
)
@click.option(
    "--attach", multiple=True, metavar="FILE", help="A further file to go with it; several times for several."
)
@click.option("--replace", is_flag=True, help="Take out an invoice that the PDF carries already.")
@click.option("--attachment", metavar="NAME", help="The attachment that is the invoice, where INVOICE is a PDF.")
@click.option("--report", metavar="FILE", help="Write a line of JSON: losses, computed values, the error.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@in_language
def command(
    *,
    invoice: str,
    printout: str,
    output: str,
    report: str | None,
    force: bool,
    language: str | None,
    **asked: Any,  # noqa: ANN401 - the options that say what is to be put together
) -> None:
    """Put an invoice into the PDF that shows it: a Factur-X file.

    INVOICE is UBL, CII, JSON or a hybrid PDF; CII goes in as the bytes it is, any other is converted, and what that
    loses is reported. PRINTOUT.pdf is what an ERP printed; it is repaired to PDF/A-3 without changing what it shows, or
    refused with the clause that forbids it.

    Exit status: 0 done, 1 not valid or lossy, 2 wrong usage, 3 an input that cannot be used, 4 undetermined.
    """
    from einvoice.cli.answers import one_line
    from einvoice.service.conversions import Outcome
    from einvoice.service.embedding import embed
    from einvoice.service.files import write_file

    attempt = embed(_request(invoice, printout, **asked))
    outcome = Outcome(invoice, attempt, _written(attempt, invoice, output, force=force))
    if report is not None:
        write_file(Path(report), f"{one_line(outcome.as_data())}\n".encode(), force=force)
    teller = Teller(Speech(chosen(language, people=True)), verbose=False)
    for line in teller.told(outcome):
        say(line, to_stderr=output == "-")
    if refusal := teller.refusal(outcome):
        complain(refusal)
    sys.exit(attempt.status)


def _request(
    invoice: str, printout: str, *, profile: str | None, attach: tuple[str, ...], replace: bool, attachment: str | None
) -> Request:
    """What is to be put together."""
    from einvoice import profiles
    from einvoice.service.embedding import Request
    from einvoice.service.settings import Settings

    return Request(
        invoice=invoice,
        printout=printout,
        profile=profiles.named(profile) if profile else None,
        attach=attach,
        replace=replace,
        settings=Settings.from_environment(attachment=attachment),
    )


def _written(attempt: Attempt, invoice: str, output: str, *, force: bool) -> Path | None:
    """Where the result went; nowhere if there is none, or on standard output."""
    from einvoice.service.files import Target
    from einvoice.service.sources import stem

    if attempt.error is not None:
        attempt.error.at(invoice)
    if attempt.output is None:
        return None
    if output == "-":
        put(attempt.output)
        return None
    return Target(output, several=False, force=force).write(stem(invoice), ".pdf", attempt.output)
