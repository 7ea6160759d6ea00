# SPDX-License-Identifier: Apache-2.0
"""``einvoice map``: propose a mapping from a sample, say what one reads, and test that it still does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from einvoice.cli.terminal import complain, put, say, styled, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.service.map_cases import Verdict
    from einvoice.service.map_explain import Explained, Row

FAULTS_SHOWN = 20
WIDTH = 46


@click.group("map")
def command() -> None:
    """Propose, explain and test mappings: which column of an ERP export is which term of the invoice."""


@command.command("init")
@click.argument("sample", metavar="SAMPLE")
@click.option("-o", "--output", metavar="FILE", help="Write the mapping to a file instead of standard output.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
def map_init(sample: str, output: str | None, *, force: bool) -> None:
    """Propose a mapping from SAMPLE, an export in CSV, a spreadsheet, JSON or XML.

    Columns are recognised by what they are called in English, German, French, Dutch, Italian or Spanish and by what
    stands in them; each line says how sure it is. A proposal is to be read before it is used.

    Exit status: 0 done, 2 wrong usage or a file that exists already, 3 a sample that cannot be read.
    """
    from einvoice.service.files import write_file
    from einvoice.service.map_init import proposed

    text = proposed(sample)
    if output is None:
        put(text.encode())
        return
    write_file(Path(output), text.encode(), force=force)
    say(f"{visible(output)}: read it, complete it, then einvoice map explain {visible(output)} {visible(sample)}")


@command.command("explain")
@click.argument("mapping", metavar="MAP")
@click.argument("sample", required=False, metavar="[SAMPLE]")
@click.option("--seller", metavar="FILE", help="The seller profile that will be used with it.")
def map_explain(mapping: str, sample: str | None, seller: str | None) -> None:
    """Print what MAP reads, term by term, and which terms each specification still lacks.

    MAP is a preset or a file. With SAMPLE, an export, each term says in how many invoices it was found.

    Exit status: 0 done, 1 something of SAMPLE cannot be used, 2 wrong usage, 3 a file that cannot be read or used.
    """
    from einvoice.service.map_explain import explained

    made = explained(mapping, sample, seller)
    for line in _explained(made):
        say(line)
    sys.exit(1 if made.faults else 0)


@command.command("test")
@click.argument("folder", metavar="DIR")
@click.option("--update", is_flag=True, help="Make what is made now the expectation; then read what changed.")
def map_test(folder: str, *, update: bool) -> None:
    """Run the golden cases in DIR: exports whose invoices must come out as they did.

    A case is a folder with mapping.toml, export.* and perhaps seller.toml; expected/ holds what must come out of it.

    Exit status: 0 all as expected, 1 something is another, 3 no case there.
    """
    from einvoice.service.map_cases import find_cases, run_case

    wrong = 0
    for case in find_cases(folder):
        verdict = run_case(case, update=update)
        wrong += bool(verdict.differences)
        _tell(verdict, update=update)
    sys.exit(1 if wrong else 0)


def _tell(verdict: Verdict, *, update: bool) -> None:
    name = visible(str(verdict.folder))
    if not verdict.differences:
        say(f"{name}: {verdict.files} file{'s' if verdict.files != 1 else ''} {'written' if update else 'as expected'}")
        return
    complain(f"{name}:" + "".join(f"\n    {visible(line)}" for line in verdict.differences))


def _explained(made: Explained) -> Iterator[str]:
    yield styled(visible(made.id), "strong")
    if made.description:
        yield visible(made.description)
    yield ""
    for row in made.rows:
        yield _row(row, made.invoices)
    yield ""
    for name, needs in made.lacks:
        if needs:
            yield f"{name} lacks:"
            yield from (f"    {need}" for need in needs)
        else:
            yield f"{name}: every term it must have is said"
    if made.invoices is not None:
        yield ""
        yield f"{made.invoices} invoice{'s' if made.invoices != 1 else ''} in the sample"
        if made.unused:
            yield f"Not read: {visible(', '.join(made.unused))}"
        yield from (f"    {visible(fault)}" for fault in made.faults[:FAULTS_SHOWN])
        if len(made.faults) > FAULTS_SHOWN:
            yield f"    and {len(made.faults) - FAULTS_SHOWN} more"


def _row(row: Row, invoices: int | None) -> str:
    term = f"{row.term:<8} {row.name}" if row.term else row.name
    found = (
        "" if row.found is None else f"  [{row.found} of {invoices}{f': {row.example[:40]}' if row.example else ''}]"
    )
    return f"{visible(term):<{WIDTH}} <- {visible(row.source)}{visible(found)}"
