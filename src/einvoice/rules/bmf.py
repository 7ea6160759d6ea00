# SPDX-License-Identifier: Apache-2.0
"""The classes of errors of the German Ministry of Finance (BMF, letter of 2025-10-15 on e-invoices, VAT).

- A *format error* makes a file no e-invoice: its syntax or its structure is not what EN 16931 permits.
- A *business rule error* leaves it an e-invoice whose statements are incomplete or contradict each other.
- A *content error* is a statement that is not true or that VAT law demands and that is missing. Whether a service was
  rendered as invoiced no validator can know; that remains to be checked by people.

Warnings and hints of a publisher are in no class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.rules.findings import Finding

ErrorClass = Literal["format", "business-rule"]

_FORMAT: Final = frozenset({"XSD", "FX-XSD"})


def class_of(finding: Finding) -> ErrorClass | None:
    """The class of a finding, or ``None`` for one that is not fatal.

    Args:
        finding: the finding.
    """
    if finding.effective != "fatal":
        return None
    return "format" if finding.rule in _FORMAT else "business-rule"


def gravest(findings: Iterable[Finding]) -> ErrorClass | None:
    """The class of a document by what was found in it; ``None`` where no error was found.

    Args:
        findings: the findings.
    """
    classes = {class_of(finding) for finding in findings}
    if "format" in classes:
        return "format"
    return "business-rule" if "business-rule" in classes else None
