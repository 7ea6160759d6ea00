# SPDX-License-Identifier: Apache-2.0
"""The invoices that go into a table: read from documents, or built from ERP exports and calculated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from einvoice.errors import EinvoiceError, MappingError
from einvoice.service.intake import take_in
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from einvoice.model import Invoice
    from einvoice.service.export import Exports


def invoices(sources: Sequence[str], options: Mapping[str, Any]) -> Iterator[tuple[str, Invoice | EinvoiceError]]:
    """The invoices of sources, each with its source; what cannot be used is an error.

    Args:
        sources: the files.
        options: ``mapping`` and ``seller`` for ERP exports, ``attachment`` and ``lenient`` for documents.
    """
    settings = Settings.from_environment(attachment=options["attachment"], lenient=options["lenient"])
    exports: Exports | None = None
    if options["mapping"] is not None:
        from einvoice.service.export import Exports

        exports = Exports(options["mapping"], options["seller"])
    for source in sources:
        try:
            if exports is None:
                yield source, take_in(source, settings).reading.invoice
            else:
                yield from _exported(source, exports, settings)
        except EinvoiceError as error:
            yield source, error.at(source)


def _exported(source: str, exports: Exports, settings: Settings) -> Iterator[tuple[str, Invoice | EinvoiceError]]:
    from einvoice.model.calculate import calculate

    for imported in exports.read(source, limit=settings.limits.bytes):
        if imported.faults:
            reasons = "; ".join(map(str, imported.faults[:5]))
            yield (
                source,
                MappingError(f"invoice {imported.number} is not in the table: {reasons}", source=source, code="IMPORT"),
            )
        else:
            yield source, calculate(imported.invoice, prices_include_vat=imported.prices_include_vat).invoice
