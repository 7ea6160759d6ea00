# SPDX-License-Identifier: Apache-2.0
"""On the corpus of real, official and mutated invoices the ids that fire are those that fire officially."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from einvoice.bind import open_document
from einvoice.rules import find_pack

if TYPE_CHECKING:
    from pathlib import Path

PACKS: Final = {"peppol-ubl": find_pack("peppol@3.0.21"), "peppol-sb-ubl": find_pack("peppol-selfbilling@3.0.2")}


@pytest.mark.slow
@pytest.mark.parametrize("ruleset", PACKS)
def test_the_ids_and_severities_are_the_official_ones(
    corpus: Path, manifest: tuple[dict[str, Any], ...], ruleset: str
) -> None:
    pack, seen, wrong = PACKS[ruleset], 0, []
    for row in manifest:
        official = row.get("rules", {}).get(ruleset)
        if isinstance(official, list):
            hits = open_document((corpus / row["path"]).read_bytes()).structure_hits(pack.structure["ubl"].rows)
            ours = {hit.row.rule: pack.published()["ubl"][hit.row.rule] for hit in hits if not hit.open}
            seen += 1
            if ours != {hit["id"]: hit["flag"] for hit in official} or any(hit.open for hit in hits):
                wrong.append(row["path"])
    assert seen > 150
    assert not wrong
