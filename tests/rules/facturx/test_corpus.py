# SPDX-License-Identifier: Apache-2.0
"""On the corpus the ids of every profile that fire are those that fire officially."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from einvoice.rules import find_pack, run

if TYPE_CHECKING:
    from pathlib import Path

PROFILES = ("minimum", "basicwl", "basic", "en16931", "extended")
REFUSED = 0.95
"""The share of documents that the official schema refuses on which all ids agree."""


def judged(row: dict[str, Any], corpus: Path, profile: str) -> tuple[set[str], set[str]] | None:
    """The ids that fire officially on a document and those that fire here; ``None`` if there is no official verdict."""
    from einvoice.bind import open_document

    official = row.get("rules", {}).get(f"fx-{profile}")
    if not isinstance(official, list):
        return None
    data = (corpus / row["path"]).read_bytes()
    if data.startswith(b"%PDF"):
        return None
    pack, document = find_pack(f"facturx:{profile}@1.09.2"), open_document(data)
    report = run(document.reading(), [pack], {pack.key: document.structure_hits(pack.structure["cii"].rows)})
    named = {"FX-UNUSED" if hit["id"].startswith("unnamed:") else hit["id"] for hit in official}
    return named, {finding.rule for finding in report.findings}


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROFILES)
def test_the_ids_that_fire_are_the_official_ones(
    corpus: Path, manifest: tuple[dict[str, Any], ...], profile: str
) -> None:
    valid: list[tuple[set[str], set[str]]] = []
    refused: list[tuple[set[str], set[str]]] = []
    for row in manifest:
        pair = judged(row, corpus, profile)
        if pair is not None:
            (valid if row.get("xsd", {}).get("cii-d22b") else refused).append(pair)
    assert len(valid) > 30
    assert not Counter(one for official, ours in valid for one in official - ours), "these fire officially, not here"
    assert not Counter(one for official, ours in valid for one in ours - official), "these fire here, not officially"
    agreed = sum(official == ours for official, ours in refused)
    assert not refused or agreed / len(refused) >= REFUSED
