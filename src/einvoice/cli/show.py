# SPDX-License-Identifier: Apache-2.0
"""``einvoice show``: what an invoice says, readable for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from einvoice.cli.layout import Column, Table, beside, page_width, wrapped
from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import complain, say, styled, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.service.show import Item, Section, Summary


@click.command("show")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--attachment", metavar="NAME", help="The attachment that is the invoice, where a PDF holds several.")
@in_language
def command(paths: tuple[str, ...], attachment: str | None, language: str | None) -> None:
    """Show what invoices say: parties, lines, totals, VAT, payment, remarks.

    PATH is an invoice in UBL, CII or JSON, a hybrid PDF, a folder, or - for standard input. Nothing is judged: see
    validate for that.

    Exit status: 0 done, 2 wrong usage, 3 an input that cannot be read.
    """
    from einvoice.errors import EinvoiceError
    from einvoice.service.intake import take_in
    from einvoice.service.settings import Settings
    from einvoice.service.show import summary
    from einvoice.service.sources import expand
    from einvoice.service.status import Status, overall, status_of

    settings = Settings.from_environment(attachment=attachment)
    speech, width = Speech(chosen(language, people=True)), page_width()
    seen = []
    for source in expand(paths):
        try:
            reading = take_in(source, settings).reading
        except EinvoiceError as error:
            complain(str(error))
            seen.append(status_of(error))
            continue
        for line in _page(summary(reading, speech.language), speech, width):
            say(line)
        seen.append(Status.DONE)
    sys.exit(overall(seen))


def _page(page: Summary, speech: Speech, width: int) -> Iterator[str]:
    """An invoice in lines that are safe to print."""
    yield from (styled(line, "strong") for line in wrapped(visible(page.title), width))
    yield from _rows(page.facts, width)
    if page.parties:
        yield ""
        yield from beside([[visible(line) for line in _party(party, speech)] for party in page.parties], width)
    if page.lines:
        yield from _titled(speech("Lines"))
        yield from _lines(page.lines, speech, width)
    if page.vat:
        yield from _titled(speech("VAT"))
        yield from _vat(page.vat, speech, width)
    for section in (page.totals, page.payment):
        if section.rows:
            yield from _titled(section.title)
            yield from _rows(section, width, figures=section is page.totals)
    for title, texts in ((speech("Notes"), page.notes), (speech("Remarks of the reader"), page.remarks)):
        if texts:
            yield from _titled(title)
            yield from (line for text in texts for line in wrapped(visible(text, lines=True), width))
    yield ""


def _titled(title: str) -> tuple[str, str]:
    return "", styled(title, "strong")


def _rows(section: Section, width: int, *, figures: bool = False) -> Iterator[str]:
    columns = (Column(style="quiet"), Column(right=figures, rigid=figures))
    yield from Table(columns, [(visible(label), visible(value, lines=True)) for label, value in section.rows], width)


def _party(party: Section, speech: Speech) -> Iterator[str]:
    yield party.title
    for label, value in party.rows:
        yield speech("{label}: {value}", label=label, value=value) if label else value


def _lines(lines: tuple[Item, ...], speech: Speech, width: int) -> Iterator[str]:
    """The table of the lines; what else is said of an item stands below it, up to the edge of the page."""
    columns = (
        Column(speech("No."), style="quiet"),
        Column(speech("Item")),
        Column(speech("Quantity"), right=True),
        *(Column(speech(heading), right=True, rigid=True) for heading in ("Price", "VAT", "Net")),
    )
    cells = [
        tuple(map(visible, (one.number, "  " * one.level + one.name, one.quantity, one.price, one.vat, one.amount)))
        for one in lines
    ]
    table = Table(columns, cells, width)
    yield table.heading()
    for line, row in zip(lines, cells, strict=True):
        yield from table.lines(row)
        indent = " " * (table.widths[0] + 2 + 2 * line.level)
        for detail in line.details:
            yield from (styled(part, "quiet") for part in wrapped(indent + visible(detail), width))


def _vat(rows: tuple[tuple[str, str, str, str], ...], speech: Speech, width: int) -> Iterator[str]:
    amounts = (Column(speech(heading), right=True, rigid=True) for heading in ("Taxable amount", "Tax"))
    columns = (Column(speech("Category")), *amounts, Column(speech("Reason")))
    table = Table(columns, [tuple(map(visible, row)) for row in rows], width)
    yield table.heading()
    yield from table
