# SPDX-License-Identifier: Apache-2.0
"""``einvoice crosscheck``: the rules of einvoice against a publisher's artefact, over a folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from einvoice.cli.terminal import put, say, styled, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from einvoice.service.crosscheck import Errand, Outcome, Row, Table

_AGREED, _DISAGREED, _NOTHING = 0, 1, 4


@click.command("crosscheck")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--files-from", metavar="LIST", help="A file that lists further paths, one a line; - for standard input.")
@click.option(
    "--artefacts",
    multiple=True,
    metavar="PATH",
    help="Compiled Schematron to compare with: an XSLT file, a folder, a ZIP or JAR. May be given several times.",
)
@click.option(
    "--rules",
    default="auto",
    show_default=True,
    metavar="auto|PACK[:PROFILE][@VERSION],...",
    help="The packs that are compared; auto lets the specification identifier (BT-24) choose.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day whose rules count; today.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="The table as text or JSON; jsonl gives one object a document instead.",
)
@click.option(
    "--show", type=click.IntRange(min=0), default=15, show_default=True, metavar="N", help="Ids named for each row."
)
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=1, metavar="N", help="Work in N processes.")
def command(
    *,
    paths: tuple[str, ...],
    files_from: str | None,
    form: str,
    show: int,
    jobs: int,
    **asked: Any,  # noqa: ANN401 - the options that say what is compared
) -> None:
    """Compare the rules of einvoice with a publisher's compiled Schematron on invoices.

    A disagreement is an id that only one of both fires, or that they fire with different severities. Documents that
    break their schema have rows of their own.

    Exit status: 0 both always say the same, 1 they disagree, 4 nothing could be compared.
    """
    from einvoice.cli.progress import watched
    from einvoice.service.bench import bench
    from einvoice.service.crosscheck import Errand, table
    from einvoice.service.settings import Settings
    from einvoice.service.sources import expand

    if not paths and files_from is None:
        raise click.UsageError("name at least one invoice, folder or --files-from LIST")
    day: datetime | None = asked["as_of"]
    errand = Errand(
        bench=bench("both", asked["rules"], asked["artefacts"]),
        as_of=day.date() if day else None,
        settings=Settings.from_environment(),
    )
    sources = expand(paths, files_from=files_from)
    made = table(_noted(watched(_outcomes(sources, errand, jobs), len(sources), "crosscheck"), form))
    if form == "json":
        put(msgspec.json.format(msgspec.json.encode(made)) + b"\n")
    elif form == "text":
        say("\n".join(_as_text(made, show)))
    compared = any(row.documents for row in made.rows)
    sys.exit(_DISAGREED if not made.perfect else _AGREED if compared else _NOTHING)


def _outcomes(sources: list[str], errand: Errand, jobs: int) -> Iterator[Outcome]:
    from einvoice.service.batch import Lost, run
    from einvoice.service.crosscheck import Outcome, compare

    results = run(compare, sources, errand, processes=jobs, deadline=errand.settings.deadline)
    for source, result in zip(sources, results, strict=True):
        yield Outcome(source, error=f"{source}: {result}", failed=True) if isinstance(result, Lost) else result


def _noted(outcomes: Iterator[Outcome], form: str) -> Iterator[Outcome]:
    for one in outcomes:
        if form == "jsonl":
            put(msgspec.json.encode(one) + b"\n")
        yield one


# --------------------------------------------------------------------------------------------------------------- text

_HEADS: Final = ("pack", "einvoice", "official", "documents", "agree", "%", "undetermined", "not compared")


def _as_text(made: Table, show: int) -> Iterator[str]:
    """The table, then the ids on which the judges disagree."""
    lines = [_HEADS, *(_cells(row) for row in made.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    for line in lines:
        cells = [
            cell.ljust(width) if column < 3 else cell.rjust(width)  # noqa: PLR2004 - three columns of names
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
    for row in made.rows:
        yield from _told(row, show)
    for file, why in list(made.unread.items())[:show]:
        yield f"  not read: {visible(why.removeprefix(f'{file}: '))}: {visible(file)}"
    count = len(made.unread)
    yield f"{made.documents} documents" + (f", {count} of them could not be read" if count else "")


def _cells(row: Row) -> tuple[str, ...]:
    return (
        _name(row),
        row.native or "-",
        row.official or "-",
        str(row.documents),
        str(row.agreeing),
        "-" if row.share is None else f"{row.share:.3f}",
        str(row.undetermined),
        str(sum(row.left.values())),
    )


def _name(row: Row) -> str:
    return row.pack if row.obeyed else f"{row.pack} (schema broken)"


def _told(row: Row, show: int) -> Iterator[str]:
    for one in row.worst[:show]:
        how = styled(f"{one.rule} {one.how}", "bad")
        yield f"  {_name(row)}: {how} {one.documents}x, such as {visible(one.example)}"
    for why, count in sorted(row.left.items(), key=lambda pair: -pair[1])[:show]:
        yield f"  {_name(row)}: {count} not compared: {visible(why)}"
