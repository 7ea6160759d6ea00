# SPDX-License-Identifier: Apache-2.0
"""Every published id that the corpus never fires has a document of ours that fires it, or a reason why none can.

``EINVOICE_UNFIRED`` says how many of the documents are judged: every so many-th, 1 for all of them.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest

from einvoice.official.engine import Engine
from einvoice.rules import find_pack
from tests.differential.official import MissingError
from tests.differential.pack_run import compared
from tests.differential.packs import TARGETS, artefact, family_of
from tests.differential.witness import Unfired, document, table

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP: Final = int(os.environ.get("EINVOICE_UNFIRED", "17"))
WITNESSED: Final = [one for one in table() if not one.why]
REFUSED: Final = [one for one in table() if one.why and one.witness]
VERDICTS: Final = {
    "peppol-ubl": "peppol",
    "peppol-sb-ubl": "peppol-selfbilling",
    "xrechnung-ubl": "xrechnung",
    "xrechnung-cii": "xrechnung",
    **{f"fx-{profile}": f"facturx:{profile}" for profile in ("minimum", "basicwl", "basic", "en16931", "extended")},
}
"""The key of the corpus under which a document has its official verdict -> the pack."""
NAMELESS: Final = "FX-UNUSED"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The official engine, for the module."""
    found = Engine()
    yield found
    found.close()


def needed(told: Unfired) -> None:
    """Skip a test whose stylesheet is not there."""
    try:
        artefact(TARGETS[told.pack], told.syntax)
    except MissingError as error:
        pytest.skip(str(error))


def named(told: Unfired) -> str:
    return f"{told.pack} {told.syntax} {told.id}"


def test_the_table_names_published_ids_once_and_gives_a_document_or_a_reason() -> None:
    assert len(table()) > 1_100
    assert set(Counter((one.pack, family_of(one.syntax), one.id) for one in table()).values()) == {1}
    for one in table():
        assert one.id in find_pack(TARGETS[one.pack].pack).published()[family_of(one.syntax)], one
        assert one.witness or one.why, one


@pytest.mark.peers
@pytest.mark.differential
@pytest.mark.slow
@pytest.mark.parametrize("told", WITNESSED[::STEP], ids=named)
def test_an_id_that_the_corpus_never_fires_is_fired_by_a_document_of_ours(engine: Engine, told: Unfired) -> None:
    needed(told)
    said = compared(engine, TARGETS[told.pack], told.syntax, document(told))
    assert isinstance(said.official, dict)
    assert told.id in said.official
    assert told.id in said.ours


@pytest.mark.peers
@pytest.mark.differential
@pytest.mark.slow
@pytest.mark.parametrize("told", REFUSED[::STEP], ids=named)
def test_where_the_official_judge_gives_up_we_say_what_it_cannot(engine: Engine, told: Unfired) -> None:
    needed(told)
    said = compared(engine, TARGETS[told.pack], told.syntax, document(told))
    assert isinstance(said.official, str)
    assert told.id in said.ours
    assert said.verdict == "invalid"


def test_the_table_has_all_that_the_corpus_never_fires(manifest: tuple[dict[str, Any], ...]) -> None:
    fired: dict[str, set[str]] = {key: set() for key in VERDICTS}
    for row in manifest:
        for key, hits in row.get("rules", {}).items():
            if key in fired and isinstance(hits, list):
                fired[key].update(hit["id"] for hit in hits)
    for key, pack in VERDICTS.items():
        family = "ubl" if key.endswith("ubl") else "cii"
        published = find_pack(TARGETS[pack].pack).published()["ubl" if family == "ubl" else "cii"]
        known = {one.id for one in table() if one.pack == pack and family_of(one.syntax) == family}
        assert known == published.keys() - fired[key] - {NAMELESS}, key
