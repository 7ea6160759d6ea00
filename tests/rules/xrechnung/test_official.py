# SPDX-License-Identifier: Apache-2.0
"""What fires here is what KoSIT's compiled Schematron fires, on every case and on changes of them."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lxml import etree

from einvoice.bind import open_document
from einvoice.rules import find_pack
from tests.architecture.house import ROOT
from tests.differential.mutations import mutants
from tests.differential.official import MissingError, Official
from tests.differential.sweep import changed
from tests.rules.spoiling import apart
from tests.rules.xrechnung.cases import CASES
from tests.rules.xrechnung.invoices import SYNTAXES, invoices, written
from tests.together import together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import Syntax
    from einvoice.rules.registry import Family
    from tests.differential.mutations import Mutant

pytestmark = [pytest.mark.peers, pytest.mark.no_cover]  # test_breaks reaches the same

PACK = find_pack("xrechnung@2.5.0")
VARIABLE: Final = "EINVOICE_PUBLISHERS"
ARCHIVE: Final = "phive-rules-xrechnung-4.2.3.jar"
SHA256: Final = "7a7903c18b8c7f4ffef20c45d0deb6b8d79f76ba13aff00b415f4a7e334025bb"
FAMILIES: Final = ("ubl", "cii")
MUTANTS: Final = 60
CALM: Final[dict[str, Any]] = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
STEP: Final = apart(199)
"""Every so many-th change is tried; all of them take minutes."""


@pytest.fixture(scope="module")
def official() -> Iterator[Official]:
    """KoSIT's stylesheets, one process for the module."""
    archive = Path(os.environ.get(VARIABLE) or ROOT / "build" / "peers") / ARCHIVE
    if not archive.is_file():
        pytest.skip(f"{archive} is not there; `python tools/artefacts.py` fetches it, and {VARIABLE} names its folder")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == SHA256, archive
    with zipfile.ZipFile(archive) as opened:
        sheets = {
            family: opened.read(f"external/schematron/3.0.2/XRechnung-{family.upper()}-validation.xslt").decode()
            for family in FAMILIES
        }
    try:
        judge = Official(sheets)
    except MissingError as error:
        pytest.skip(str(error))
    with judge:
        yield judge


def compare(official: Official, data: bytes) -> None:
    """Assert that both say the same of a document, and that what only one of them can say is open here."""
    document = open_document(data)
    family: Family = "cii" if document.syntax == "cii" else "ubl"
    hits = document.structure_hits(PACK.structure[family].rows)
    fired = official.ask(family, etree.tostring(etree.fromstring(data), encoding="unicode"))
    ours = {hit.row.rule: PACK.published()[family][hit.row.rule] for hit in hits if not hit.open}
    unclear = {hit.row.rule for hit in hits if hit.open}
    if isinstance(fired, str):
        assert unclear or ours, f"the official judge died: {fired}"
        return
    assert ours == fired
    assert not unclear or document.schema_violations()


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
@together("name", CASES)
def test_a_case_fires_what_it_says(official: Official, name: str, syntax: Syntax) -> None:
    if CASES[name].fires(syntax) is not None:
        compare(official, CASES[name].document(syntax))


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", invoices())
def test_a_changed_invoice_fires_the_same(official: Official, name: str, syntax: Syntax) -> None:
    before = written(invoices()[name], syntax)
    compare(official, before)
    for mutant in changed(name, before, step=STEP):
        compare(official, mutant.data)


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_invoices_that_were_spoiled_at_random_fire_the_same(official: Official, syntax: Syntax) -> None:
    own = {name: written(invoice, syntax) for name, invoice in invoices().items()}

    compared = 0

    @settings(max_examples=MUTANTS, phases=[Phase.generate], derandomize=True, **CALM)
    @given(mutants(syntax, own))
    def judge(mutant: Mutant) -> None:
        nonlocal compared
        if not open_document(mutant.data).schema_violations():  # of others, not every rule can be judged
            compare(official, mutant.data)
            compared += 1

    judge()
    assert compared > MUTANTS // 4
