# SPDX-License-Identifier: Apache-2.0
"""On every invoice of the corpus the French rules fire the ids that the official rules fire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from einvoice.bind import open_document
from einvoice.rules import find_pack

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.rules.registry import Family


@pytest.mark.corpus
@pytest.mark.parametrize("family", ["ubl", "cii"])
def test_the_corpus_fires_what_it_fires_officially(
    family: Family, corpus: Path, manifest: list[dict[str, Any]]
) -> None:
    pack = find_pack("br-fr@1.4.0.03")
    published = pack.published()[family]
    seen, wrong = 0, []
    for row in manifest:
        official = row["rules"].get(f"br-fr-{family}") if row.get("rules") else None
        if not isinstance(official, list) or row["path"].endswith(".pdf"):
            continue
        seen += 1
        hits = open_document((corpus / row["path"]).read_bytes()).structure_hits(pack.structure[family].rows)
        ours = {hit.row.rule: published[hit.row.rule] for hit in hits if not hit.open}
        if ours != {hit["id"]: hit["flag"] for hit in official} or any(hit.open for hit in hits):
            wrong.append(row["path"])
    assert seen > 200
    assert not wrong
