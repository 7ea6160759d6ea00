# SPDX-License-Identifier: Apache-2.0
"""``einvoice show``: what an invoice says, readable for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from einvoice.cli.terminal import complain, visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from einvoice.service.show import Item, Section, Summary


@click.command("show")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--attachment", metavar="NAME", help="The attachment that is the invoice, where a PDF holds several.")
def command(paths: tuple[str, ...], attachment: str | None) -> None:
    """Show what invoices say: parties, lines, totals, VAT, payment, remarks.

    PATH is an invoice in UBL, CII or JSON, a hybrid PDF, a folder, or - for standard input. Nothing is judged: see
    validate for that.
    """
    from rich.console import Console

    from einvoice.errors import EinvoiceError
    from einvoice.service.intake import take_in
    from einvoice.service.settings import Settings
    from einvoice.service.show import summary
    from einvoice.service.sources import expand
    from einvoice.service.status import Status, overall, status_of

    settings = Settings.from_environment(attachment=attachment)
    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=False)
    seen = []
    for source in expand(paths):
        try:
            reading = take_in(source, settings).reading
        except EinvoiceError as error:
            complain(str(error))
            seen.append(status_of(error))
            continue
        _print(console, summary(reading))
        seen.append(Status.DONE)
    sys.exit(overall(seen))


def _print(console: Console, page: Summary) -> None:
    from rich.text import Text

    console.print(Text(visible(page.title), style="bold"))
    console.print(_rows(page.facts))
    if page.parties:
        console.print(_parties(page.parties))
    if page.lines:
        console.print(_lines(page.lines))
    if page.vat:
        console.print(_vat(page.vat))
    for section in (page.totals, page.payment):
        if section.rows:
            console.print(Text(f"\n{section.title}", style="bold"))
            console.print(_rows(section, numbers=section is page.totals))
    _texts(console, "Notes", page.notes)
    _texts(console, "Remarks of the reader", page.remarks)
    console.print()


def _rows(section: Section, *, numbers: bool = False) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(justify="right" if numbers else "left", overflow="fold")
    for label, value in section.rows:
        table.add_row(visible(label), visible(value, lines=True))
    return table


def _parties(parties: tuple[Section, ...]) -> RenderableType:
    from rich.columns import Columns
    from rich.table import Table

    shown = []
    for party in parties:
        table = Table.grid()
        table.add_row(f"\n{party.title}", style="bold")
        for label, value in party.rows:
            table.add_row(visible(f"{label}: {value}" if label else value))
        shown.append(table)
    return Columns(shown, padding=(0, 4))


def _lines(lines: tuple[Item, ...]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, title="\nLines", title_justify="left", title_style="bold")
    table.add_column("No.", style="dim")
    table.add_column("Item", overflow="fold", ratio=1)
    for heading in ("Quantity", "Price", "VAT", "Net"):
        table.add_column(heading, justify="right", no_wrap=heading != "Quantity")
    for line in lines:
        item = Text(visible("  " * line.level + line.name))
        for detail in line.details:
            item.append(f"\n{'  ' * line.level}{visible(detail)}", style="dim")
        table.add_row(visible(line.number), item, *map(visible, (line.quantity, line.price, line.vat, line.amount)))
    return table


def _vat(rows: tuple[tuple[str, str, str, str], ...]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title="\nVAT", title_justify="left", title_style="bold")
    table.add_column("Category")
    table.add_column("Taxable amount", justify="right", no_wrap=True)
    table.add_column("Tax", justify="right", no_wrap=True)
    table.add_column("Reason", overflow="fold")
    for row in rows:
        table.add_row(*map(visible, row))
    return table


def _texts(console: Console, title: str, texts: tuple[str, ...]) -> None:
    from rich.text import Text

    if texts:
        console.print(Text(f"\n{title}", style="bold"))
        for text in texts:
            console.print(Text(visible(text, lines=True)))
