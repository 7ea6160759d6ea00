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
    from einvoice.model import Invoice, Reading, Remark
    from einvoice.model.calculate import Calculation, calculate
    from einvoice.rules.explain import Explanation
    from einvoice.rules.findings import Finding, Report
    from einvoice.service.causes import Refusal
    from einvoice.service.convert import Conversion, Target
    from einvoice.service.face import convert, explain, fix, read, validate, write
    from einvoice.service.face_files import Exported, Extracted, convert_export, embed, extract, render_page
    from einvoice.service.fix import Fixed, Repair
    from einvoice.service.given import Source

__version__ = "0.1.0"

_HOMES = {
    "Calculation": "model.calculate",
    "Conversion": "service.convert",
    "EinvoiceError": "errors",
    "Explanation": "rules.explain",
    "Exported": "service.face_files",
    "Extracted": "service.face_files",
    "Finding": "rules.findings",
    "Fixed": "service.fix",
    "Invoice": "model",
    "Reading": "model",
    "Refusal": "service.causes",
    "Remark": "model",
    "Repair": "service.fix",
    "Report": "rules.findings",
    "Source": "service.given",
    "Target": "service.convert",
    "calculate": "model.calculate",
    "convert": "service.face",
    "convert_export": "service.face_files",
    "embed": "service.face_files",
    "explain": "service.face",
    "extract": "service.face_files",
    "fix": "service.face",
    "read": "service.face",
    "render_page": "service.face_files",
    "validate": "service.face",
    "write": "service.face",
}

__all__ = [
    "Calculation",
    "Conversion",
    "EinvoiceError",
    "Explanation",
    "Exported",
    "Extracted",
    "Finding",
    "Fixed",
    "Invoice",
    "Reading",
    "Refusal",
    "Remark",
    "Repair",
    "Report",
    "Source",
    "Target",
    "calculate",
    "convert",
    "convert_export",
    "embed",
    "explain",
    "extract",
    "fix",
    "read",
    "render_page",
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
