# SPDX-License-Identifier: Apache-2.0
"""What an invoice must be: rule packs, one pass over the invoice, and findings that show their work."""

from __future__ import annotations

from einvoice.rules.findings import Finding, PackResult, Report, Undetermined, Verdict
from einvoice.rules.packs import find_pack, pack_ids, versions
from einvoice.rules.registry import Miss, Pack, Rule, Severity
from einvoice.rules.report import run

__all__ = [
    "Finding",
    "Miss",
    "Pack",
    "PackResult",
    "Report",
    "Rule",
    "Severity",
    "Undetermined",
    "Verdict",
    "find_pack",
    "pack_ids",
    "run",
    "versions",
]
