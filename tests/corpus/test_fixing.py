# SPDX-License-Identifier: Apache-2.0
"""Repairing the invalid invoices of the corpus: no crash, nothing gets worse, and some of them are valid afterwards."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from einvoice import fix
from einvoice.errors import EinvoiceError
from tests.corpus.documents import SYNTAXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice import Report

PARTS = 8
EVERY = 24
"""Every so many documents is repaired by one part; all of them would take minutes."""
MOST_BYTES = 200_000


def broken(corpus: Path, manifest: tuple[dict[str, Any], ...], part: int) -> Iterator[bytes]:
    """A sample of the XML documents that break the schema or a rule of EN 16931."""
    rows = [
        row
        for row in manifest
        if row["syntax"] in SYNTAXES and row["path"].endswith(".xml") and row["bytes"] < MOST_BYTES and fires(row)
    ]
    for row in rows[part * EVERY // PARTS :: EVERY]:
        yield (corpus / row["path"]).read_bytes()


def fires(row: dict[str, Any]) -> bool:
    """Whether the official verdict on a document is that it breaks something."""
    judged = (found for name, found in row["rules"].items() if name.startswith("cen"))
    return row["xsd_valid"] is False or any(found for found in judged if isinstance(found, list))


def problems(report: Report) -> Counter[tuple[str, str | None]]:
    """The findings of a report, by rule and place."""
    return Counter((one.rule, one.model_path or one.location) for one in report.findings)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_repair_never_makes_worse_and_settles(corpus: Path, manifest: tuple[dict[str, Any], ...], part: int) -> None:
    cured = 0
    for data in broken(corpus, manifest, part):
        try:
            fixed = fix(data, packs="en16931")
        except EinvoiceError:
            continue  # it cannot be read at all
        assert not problems(fixed.after) - problems(fixed.before)
        assert fix(fixed.output, packs="en16931").output == fixed.output
        assert (fixed.output == data) == (not fixed.repairs)
        assert all(repair.cures for repair in fixed.repairs)
        cured += fixed.before.verdict != "valid" and fixed.after.verdict == "valid"
    assert cured > 0
