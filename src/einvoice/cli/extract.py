# SPDX-License-Identifier: Apache-2.0
"""``einvoice extract``: the invoice and all other attachments out of a hybrid PDF."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import complain, put, say, visible

if TYPE_CHECKING:
    from einvoice.service.extraction import Taken
    from einvoice.service.settings import Settings
    from einvoice.service.status import Status


@click.command("extract")
@click.argument("paths", nargs=-1, required=True, metavar="PDF...")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    default=".",
    help="The folder for the files, this one by default; - prints the invoice on standard output.",
)
@click.option("--attachment", metavar="NAME", help="Take this attachment only, where the PDF holds several invoices.")
@click.option("--all", "everything", is_flag=True, help="Take every attachment, whether or not one is an invoice.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@in_language
def command(
    *,
    paths: tuple[str, ...],
    output: str,
    attachment: str | None,
    everything: bool,
    force: bool,
    language: str | None,
) -> None:
    """Take the invoice and everything else that is attached out of hybrid PDFs.

    PDF is a Factur-X, ZUGFeRD 1.0 or 2, XRechnung or Order-X file, a folder of them, or - for standard input. Several
    PDFs get a folder each. Names inside a PDF become names that are harmless on a disk.

    Exit status: 0 done, 2 wrong usage, 3 a PDF that cannot be read or holds no invoice, or several.
    """
    from einvoice.service.settings import Settings
    from einvoice.service.sources import expand
    from einvoice.service.status import overall

    settings = Settings.from_environment(attachment=attachment)
    sources = [path for path in expand(paths) if path in paths or path.lower().endswith(".pdf")]
    if output == "-":
        sys.exit(_printed(sources, settings, everything=everything))
    speech = Speech(chosen(language, people=True))
    several = len(sources) > 1
    run = (_apart(path, output, settings, speech, (everything, force, several)) for path in sources)
    sys.exit(overall(list(run)))


def _printed(sources: list[str], settings: Settings, *, everything: bool) -> Status:
    """Print the invoice of one PDF as it is."""
    from einvoice.service.extraction import invoice_of
    from einvoice.service.status import Status

    if len(sources) != 1 or everything:
        raise click.UsageError("standard output takes one invoice; name a folder with -o")
    put(invoice_of(sources[0], settings))
    return Status.DONE


def _apart(source: str, output: str, settings: Settings, speech: Speech, how: tuple[bool, bool, bool]) -> Status:
    """Take one PDF apart, and say what came out of it."""
    from einvoice.errors import EinvoiceError
    from einvoice.service.extraction import take_apart
    from einvoice.service.sources import stem
    from einvoice.service.status import Status, status_of

    everything, force, several = how
    folder = str(Path(output) / stem(source)) if several else output
    try:
        taken = take_apart(source, folder, settings, everything=everything, force=force)
    except EinvoiceError as error:
        complain(str(error.at(source)))
        return status_of(error)
    for one in taken:
        say(_line(source, one, speech))
    return Status.DONE


def _line(source: str, one: Taken, speech: Speech) -> str:
    facts = [speech(one.role), *([one.relationship] if one.relationship else ())]
    size = speech("{number} bytes", number=f"{one.size:,}")
    return f"{visible(source)} -> {visible(str(one.path))} ({visible(', '.join(facts))}, {size})"
