# SPDX-License-Identifier: Apache-2.0
"""On the corpus of real, official and mutated invoices the ids that fire are those that fire officially."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from einvoice.rules import find_pack, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.rules import Report

PACK = find_pack("en16931@1.3.16")
SETS = ("cen-ubl", "cen-cii")
AGREE = 0.998
"""The share of schema-valid documents on which all BR ids agree; what is missing are facts that a reading has no leaf
for: elements without content that have no place in the model."""


def is_valid(row: dict[str, Any]) -> bool:
    """Whether the official schema accepts the document."""
    own = row.get("xsd_valid")
    return bool(row.get("xsd", {}).get("cii-d22b", own) if row.get("syntax") == "CII" else own)


def judged(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> Iterator[tuple[str, set[str], Report]]:
    """Each schema-valid document: where it is, what fires officially, and our report."""
    from einvoice.bind import open_document

    for row in manifest:
        official = next((row["rules"][name] for name in SETS if isinstance(row.get("rules", {}).get(name), list)), None)
        data = (corpus / row["path"]).read_bytes() if official is not None and is_valid(row) else b"%PDF"
        if official is None or data.startswith(b"%PDF"):
            continue
        ids = {hit["id"] for hit in official if hit["id"].startswith("BR-")}
        yield row["path"], ids, run(open_document(data).reading(), [PACK])


@pytest.mark.slow
def test_the_ids_that_fire_are_the_official_ones(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    total, agree = 0, 0
    beyond: Counter[str] = Counter()
    for _, official, report in judged(corpus, manifest):
        ours = {finding.rule for finding in report.findings}
        total += 1
        agree += ours == official
        beyond.update(ours - official)
    assert total > 4000
    assert not beyond, "these fire here and not officially"
    assert agree / total >= AGREE
