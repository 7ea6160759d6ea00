# SPDX-License-Identifier: Apache-2.0
"""``einvoice render``: invoices as pages, PDF for the archive or HTML for the screen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import Footnotes, complain, put, say, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from einvoice.service.render import Form, Look, Rendered
    from einvoice.service.status import Status

_LANGUAGES: Final = ("en", "de", "fr", "nl", "it", "es")
"""Those of :data:`einvoice.render.Language`, which help needs not import."""


@click.command("render")
@click.argument("sources", nargs=-1, metavar="INVOICE...")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="out.pdf, out.html, or a folder if it is one, ends in a slash or there are several; - for standard output.",
)
@click.option("--to", type=click.Choice(["pdf", "html"]), help="The form, where the name of the output does not say.")
@click.option(
    "--lang",
    type=click.Choice(_LANGUAGES),
    help="The language of the page; without it, what the invoice states, else that of the buyer's country.",
)
@click.option("--template", metavar="FILE", help="Draw the PDF with a Typst template of your own (docs/page.md).")
@click.option("--logo", metavar="FILE", help="A PNG, JPEG or SVG image for the top of the page.")
@click.option("--findings", is_flag=True, help="Judge the invoice, and show each finding beside its value (HTML).")
@click.option("--attachment", metavar="NAME", help="The attachment that is the invoice, where a PDF holds several.")
@click.option("--files-from", metavar="LIST", help="A file that lists further invoices, one a line.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@in_language
def command(
    *,
    sources: tuple[str, ...],
    files_from: str | None,
    output: str | None,
    language: str | None,
    **options: Any,  # noqa: ANN401 - the values of the other options
) -> None:
    """Draw invoices as pages that people read: PDF/A-3u with PDF/UA-1, or HTML.

    INVOICE is an invoice in UBL, CII or JSON, a hybrid PDF, a folder, or - for standard input. The page shows what the
    invoice states. For a PDF with the invoice inside, see convert --to facturx.

    Exit status: 0 done, 1 a page that cannot be drawn, 2 wrong usage, 3 an input that cannot be read.
    """
    from einvoice.cli.progress import watched
    from einvoice.service.render import Renderings
    from einvoice.service.sources import STDIN, expand
    from einvoice.service.status import overall

    if not sources and files_from is None:
        raise click.UsageError("name at least one invoice, or --files-from LIST")
    named = expand(sources, files_from=files_from)
    if output is None and named == [STDIN]:
        output = "-"
    if output == "-" and len(named) > 1:
        raise click.UsageError("standard output takes one page; name a folder with -o")
    run = Renderings(named, _look(output, options), output=output, force=options["force"])
    speech = Speech(chosen(language, people=True))
    done = watched(run.run(), len(named), "render")
    sys.exit(overall(_shown(done, speech, to_stdout=output == "-")))


def _look(output: str | None, options: dict[str, Any]) -> Look:
    from pathlib import Path

    from einvoice.service.render import Look, form_of, logo_from
    from einvoice.service.settings import Settings

    form: Form = form_of(None if output == "-" else output, options["to"])
    if options["findings"] and form != "html":
        raise click.UsageError("--findings belongs to HTML: a PDF is what is sent, and shows the invoice alone")
    if options["template"] is not None and form != "pdf":
        raise click.UsageError("--template is a Typst template, and draws PDF")
    return Look(
        form=form,
        language=options["lang"],
        template=Path(options["template"]) if options["template"] is not None else None,
        logo=logo_from(options["logo"]),
        findings=options["findings"],
        settings=Settings.from_environment(attachment=options["attachment"]),
    )


def _shown(done: Iterable[Rendered], speech: Speech, *, to_stdout: bool) -> Iterator[Status]:
    """Print what became of each document, and pass its status on."""
    from einvoice.rules.catalogue import catalogue
    from einvoice.rules.languages import rooms

    spoken, footnotes = catalogue(speech.language), Footnotes()
    for one in done:
        marks, fresh = footnotes.marked(spoken.told(note, *rooms(())) for note in one.notes)
        if one.error is not None:
            complain(_refused(one.source, str(one.error), speech.language))
        elif to_stdout and one.page is not None:
            put(one.page)
            say(f"{visible(one.source)}{marks}", to_stderr=True)
        elif one.path is not None:
            say(f"{visible(one.source)} -> {visible(_near(one.path))}{marks}")
        for line in fresh:
            say(line, to_stderr=to_stdout)
        yield one.status


def _refused(source: str, error: str, language: str) -> str:
    from einvoice.rules.languages import in_language as spoken_in
    from einvoice.rules.record import Record

    return spoken_in(Record(file=source, error=error), language).error or error


def _near(path: Path) -> str:
    """A path as a user in the current folder would write it."""
    here = path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
