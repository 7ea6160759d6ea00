# SPDX-License-Identifier: Apache-2.0
"""The schema-valid invoices of the corpus, dealt out to tests that run side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARTS = 16
SYNTAXES = ("UBL-Invoice", "UBL-CreditNote", "CII")


class Instance(NamedTuple):
    """One document of the corpus."""

    path: str
    data: bytes


def valid(corpus: Path, manifest: tuple[dict[str, Any], ...], part: int) -> Iterator[Instance]:
    """Every sixteenth XML document in UBL or CII that its official schema accepts.

    Args:
        corpus: the folder.
        manifest: its rows.
        part: which sixteenth, from 0.
    """
    rows = [
        row for row in manifest if row.get("xsd_valid") and row["syntax"] in SYNTAXES and row["path"].endswith(".xml")
    ]
    for row in rows[part::PARTS]:
        yield Instance(row["path"], (corpus / row["path"]).read_bytes())
