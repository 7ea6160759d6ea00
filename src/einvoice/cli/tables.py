# SPDX-License-Identifier: Apache-2.0
"""``einvoice convert --to xlsx`` and ``--to csv``: many invoices in one table for bookkeeping."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from einvoice.cli.terminal import complain, put, say, visible
from einvoice.errors import EinvoiceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.model import Invoice
    from einvoice.service.status import Status

FORMATS: Final = ("xlsx", "csv")


def tabled(sources: Sequence[str], to: str, output: str | None, language: str, options: dict[str, Any]) -> Status:
    """Write one table of all sources; what cannot be read is said, and the others go on.

    Args:
        sources: invoices, or ERP exports where there is a mapping.
        to: ``xlsx`` or ``csv``.
        output: the file, ``-`` for standard output; ``invoices.xlsx`` or ``invoices.csv`` if ``None``.
        language: that of the names of the columns.
        options: those of the command.

    Returns:
        The exit status.

    Raises:
        OutputError: the file cannot be written, or exists already.
        MissingExtraError: the extra that writes spreadsheets is not installed.
    """
    from einvoice.rules.catalogue import catalogue
    from einvoice.service.files import write_file
    from einvoice.service.status import overall

    seen: list[Status] = []
    names = catalogue(language).room("model").tables.get("names", {})
    found = _invoices(sources, options, seen)
    if to == "xlsx":
        from einvoice.service.workbook import written_xlsx

        data = written_xlsx(found, lambda name: names.get(name, name))
    else:
        from einvoice.service.tables import written_csv

        data = written_csv(found, options["rows"], lambda name: names.get(name, name))
    if output == "-":
        put(data)
    else:
        path = Path(output or f"invoices.{to}").absolute()
        write_file(path, data, force=options["force"])
        say(f"{len(sources)} -> {visible(str(path))}")
    return overall(seen)


def _invoices(sources: Sequence[str], options: dict[str, Any], seen: list[Status]) -> Iterator[tuple[str, Invoice]]:
    from einvoice.service.flat import invoices
    from einvoice.service.status import Status, status_of

    for source, one in invoices(sources, options):
        if isinstance(one, EinvoiceError):
            complain(str(one))
            seen.append(status_of(one))
        else:
            seen.append(Status.DONE)
            yield source, one
