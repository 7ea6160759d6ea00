# SPDX-License-Identifier: Apache-2.0
"""What fires here is what OpenPeppol's compiled Schematron fires: on every case, and on sound documents spoiled."""

from __future__ import annotations

import hashlib
import os
import random
import zipfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from einvoice.bind import open_document
from einvoice.rules import find_pack
from tests.architecture.house import ROOT
from tests.differential.official import MissingError, Official
from tests.rules.peppol.cases import BASE, SELF_BILLING
from tests.rules.peppol.cases_national import NATIONAL
from tests.rules.peppol.spoiled import changes, clean, identifiers
from tests.rules.spoiling import apart, at_random, each
from tests.together import together

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.peers, pytest.mark.no_cover]  # test_breaks reaches the same

PACKS: Final = {"billing": find_pack("peppol@3.0.21"), "self-billing": find_pack("peppol-selfbilling@3.0.2")}
VARIABLE: Final = "EINVOICE_PUBLISHERS"
ARCHIVE: Final = "phive-rules-peppol-4.3.7.jar"
SHA256: Final = "c82aaeda5ca16166034421393d160ec6cf77460b16e027eecc4bb5fe67a552ce"
FOLDER: Final = "external/schematron/openpeppol/2026.5/xslt"
SHEETS: Final = {"billing": "PEPPOL-EN16931-UBL.xslt", "self-billing": "PEPPOL-EN16931-UBL-SB.xslt"}
STEP, MORE, APART = apart(499), 10, 5
"""Every so many-th single change of a document is tried, so many combined ones, and every so many-th number."""


@pytest.fixture(scope="module")
def official() -> Iterator[Official]:
    """OpenPeppol's stylesheets, one process for the module."""
    archive = Path(os.environ.get(VARIABLE) or ROOT / "build" / "peers") / ARCHIVE
    if not archive.is_file():
        pytest.skip(f"{archive} is not there; `python tools/artefacts.py` fetches it, and {VARIABLE} names its folder")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == SHA256, archive
    with zipfile.ZipFile(archive) as opened:
        sheets = {name: opened.read(f"{FOLDER}/{file}").decode() for name, file in SHEETS.items()}
    try:
        judge = Official(sheets)
    except MissingError as error:
        pytest.skip(str(error))
    with judge:
        yield judge


def compare(official: Official, sheet: str, text: str, what: str = "") -> None:
    """Assert that both say the same of a document, and that what the official judge dies of is not valid here."""
    pack = PACKS[sheet]
    found = open_document(text.encode()).structure_hits(pack.structure["ubl"].rows)
    fired = official.ask(sheet, text)
    published = pack.published()["ubl"]
    ours = {hit.row.rule: published[hit.row.rule] for hit in found if not hit.open}
    unclear = {hit.row.rule: hit.open for hit in found if hit.open}
    if isinstance(fired, str):
        assert unclear or "fatal" in ours.values(), f"{what}: the official judge died: {fired}"
        return
    assert ours == fired, what
    assert not unclear, what


@together("name", BASE | NATIONAL)
def test_a_case_fires_what_it_says(official: Official, name: str) -> None:
    compare(official, "billing", (BASE | NATIONAL)[name].document)


@together("name", SELF_BILLING)
def test_a_case_of_self_billing_fires_what_it_says(official: Official, name: str) -> None:
    compare(official, "self-billing", SELF_BILLING[name].document)


@pytest.mark.slow
@pytest.mark.parametrize("name", clean())
def test_a_spoiled_document_fires_the_same(official: Official, name: str) -> None:
    sheet = "self-billing" if name.startswith("SELF") else "billing"
    start = list(clean()).index(name)
    for what, text in each(clean()[name], changes, start, STEP):
        compare(official, sheet, text, f"{name}: {what}")
    chance = random.Random(name)  # noqa: S311 -- the same documents every time
    for _ in range(MORE):
        what, text = at_random(clean()[name], changes, chance)
        compare(official, sheet, text, f"{name}: {what}")


@pytest.mark.slow
@pytest.mark.parametrize("sheet", SHEETS)
def test_a_number_under_any_scheme_fires_the_same(official: Official, sheet: str) -> None:
    document = clean()["AUSTRIAN" if sheet == "billing" else "SELF_BILLED"]
    for what, text in islice(identifiers(document), 0, None, APART):
        compare(official, sheet, text, what)
