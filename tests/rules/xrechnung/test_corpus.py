# SPDX-License-Identifier: Apache-2.0
"""On the corpus of real, official and mutated invoices the ids that fire are those that fire officially."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from einvoice.bind import open_document
from einvoice.rules import find_pack
from tests.rules.en16931.test_corpus import is_valid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACK = find_pack("xrechnung@2.5.0")
SETS = ("xrechnung-ubl", "xrechnung-cii")
REFUSED = 0.95
"""The share of documents that the official schema refuses on which all ids agree."""


def judged(corpus: Path, manifest: tuple[dict[str, Any], ...], *, valid: bool) -> Iterator[tuple[set[str], set[str]]]:
    """The ids that fire officially on each document, and those that fire here."""
    for row in manifest:
        official = next((row["rules"][name] for name in SETS if isinstance(row.get("rules", {}).get(name), list)), None)
        data = (corpus / row["path"]).read_bytes() if official is not None and is_valid(row) is valid else b"%PDF"
        if official is None or data.startswith(b"%PDF"):
            continue
        document = open_document(data)
        hits = document.structure_hits(PACK.structure["cii" if document.syntax == "cii" else "ubl"].rows)
        yield {hit["id"] for hit in official}, {hit.row.rule for hit in hits if not hit.open}


@pytest.mark.slow
def test_the_ids_that_fire_are_the_official_ones(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    pairs = list(judged(corpus, manifest, valid=True))
    missed = Counter(identifier for official, ours in pairs for identifier in official - ours)
    beyond = Counter(identifier for official, ours in pairs for identifier in ours - official)
    assert len(pairs) > 1000
    assert not missed, "these fire officially and not here"
    assert not beyond, "these fire here and not officially"


@pytest.mark.slow
def test_they_are_where_the_schema_refuses_the_document_too(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    pairs = list(judged(corpus, manifest, valid=False))
    assert len(pairs) > 50
    assert sum(official == ours for official, ours in pairs) / len(pairs) >= REFUSED
