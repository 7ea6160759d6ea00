# SPDX-License-Identifier: Apache-2.0
"""On the corpus the ids that fire are those that fire officially."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from einvoice.rules import find_pack, run

if TYPE_CHECKING:
    from pathlib import Path

PACK = find_pack("extended-ctc-fr@1.4.0.03")
REFUSED = 0.95
"""The share of documents that the official schema refuses on which all ids agree."""


def judged(row: dict[str, Any], corpus: Path) -> tuple[dict[str, str], dict[str, str]] | None:
    """What fires officially on a document, and what fires here, with severities; ``None`` without a verdict."""
    from einvoice.bind import open_document

    family = "cii" if row.get("syntax") == "CII" else "ubl"
    official = row.get("rules", {}).get(f"ext-ctc-fr-{family}")
    if not isinstance(official, list):
        return None
    document = open_document((corpus / row["path"]).read_bytes())
    hits = {PACK.key: document.structure_hits(PACK.structure[family].rows)}  # type: ignore[index] # a literal
    report = run(document.reading(), [PACK], hits)
    named = {"FX-UNUSED" if hit["id"].startswith("unnamed:") else hit["id"]: hit["flag"] for hit in official}
    return named, {finding.rule: finding.severity for finding in report.findings}


@pytest.mark.corpus
@pytest.mark.slow
def test_the_ids_that_fire_are_the_official_ones(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    agreed, refused = 0, []
    for row in manifest:
        pair = judged(row, corpus)
        if pair is None:
            continue
        official, ours = pair
        if row.get("xsd", {}).get("cii-d22b", row.get("xsd_valid")):
            assert ours == official, row["path"]
            agreed += 1
        else:
            refused.append(ours == official)
    assert agreed > 150
    assert sum(refused) / len(refused) >= REFUSED
