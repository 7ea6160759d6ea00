# SPDX-License-Identifier: Apache-2.0
"""einvoice: e-invoices by EN 16931, read, written, checked and converted.

::

    from einvoice import convert, read, validate

    reading = read("invoice.xml")
    print(reading.invoice.totals.amount_due_for_payment)
    print(validate("invoice.xml").verdict)
    result = convert("invoice.xml", "cii", lossless=True)

A name is imported when it is first asked for, so that ``import einvoice`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from einvoice.errors import EinvoiceError
    from einvoice.model import Invoice, Reading
    from einvoice.model.calculate import Calculation, calculate
    from einvoice.rules.explain import Explanation
    from einvoice.rules.findings import Finding, Report
    from einvoice.service.convert import Conversion
    from einvoice.service.face import convert, explain, fix, read, validate, write
    from einvoice.service.fix import Fixed, Repair

__version__ = "0.1.0"

_HOMES = {
    "Calculation": "model.calculate",
    "Conversion": "service.convert",
    "EinvoiceError": "errors",
    "Explanation": "rules.explain",
    "Finding": "rules.findings",
    "Fixed": "service.fix",
    "Invoice": "model",
    "Reading": "model",
    "Repair": "service.fix",
    "Report": "rules.findings",
    "calculate": "model.calculate",
    "convert": "service.face",
    "explain": "service.face",
    "fix": "service.face",
    "read": "service.face",
    "validate": "service.face",
    "write": "service.face",
}

__all__ = [
    "Calculation",
    "Conversion",
    "EinvoiceError",
    "Explanation",
    "Finding",
    "Fixed",
    "Invoice",
    "Reading",
    "Repair",
    "Report",
    "calculate",
    "convert",
    "explain",
    "fix",
    "read",
    "validate",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'einvoice' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"einvoice.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
