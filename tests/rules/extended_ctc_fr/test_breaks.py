# SPDX-License-Identifier: Apache-2.0
"""The smallest change that breaks a rule fires what it fires officially; what EN 16931 has too, its own cases break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.bind import open_document
from einvoice.rules import find_pack, run
from einvoice.rules.extended_ctc_fr import TWINS
from tests.rules.extended_ctc_fr.case import LETTERS
from tests.rules.extended_ctc_fr.cases import CASES, EACH
from tests.rules.extended_ctc_fr.documents import RATES, SYNTAXES, again, changed, grouped, sound, taxed
from tests.together import together

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model import Syntax
    from einvoice.rules import Report
    from einvoice.rules.registry import Family

PACK = find_pack("extended-ctc-fr@1.4.0.03")
BASE = find_pack("en16931@1.3.16")
NEVER = {"BR-EXT-CL-07"}
"""The published test asks a scheme whether it is a contract, and always passes."""
DOCUMENTS: dict[str, Callable[[Syntax], bytes]] = {"sound": sound, "grouped": grouped}


def judged(data: bytes) -> Report:
    document = open_document(data)
    family: Family = "cii" if document.syntax == "cii" else "ubl"
    return run(document.reading(), [PACK], {PACK.key: document.structure_hits(PACK.structure[family].rows)})


@together("name", EACH)
def test_a_change_fires_what_it_fires_officially(name: str) -> None:
    case, syntax = EACH[name]
    report = judged(case.document(syntax))
    assert {finding.rule for finding in report.findings} == case.expected(syntax)
    assert not report.undetermined


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_wrong_with_a_sound_document(name: str, syntax: Syntax) -> None:
    report = judged(DOCUMENTS[name](syntax))
    assert report.verdict == "valid"
    assert not report.findings


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("code", [*RATES, "O"])
def test_a_sound_document_of_any_category_is_valid(code: str, syntax: Syntax) -> None:
    report = judged(taxed(code, syntax))
    assert report.verdict == "valid"
    assert {finding.severity for finding in report.findings} <= {"warning"}


@pytest.mark.parametrize("family", ["ubl", "cii"])
def test_every_rule_that_is_not_that_of_en_16931_has_a_case(family: Family) -> None:
    own = PACK.published()[family].keys() - BASE.published()[family].keys() | TWINS[family]
    fired = {identifier for case in CASES[family].values() for identifier in case.fired}
    assert own - fired == (NEVER if family == "cii" else set())


@together("name", EACH)
def test_a_finding_says_where_and_in_a_sentence(name: str) -> None:
    case, syntax = EACH[name]
    for finding in judged(case.document(syntax)).findings:
        assert finding.location or finding.model_path, finding
        assert finding.message[0].isupper()
        assert finding.message.endswith(".")


def test_a_cent_for_each_amount_is_the_exact_value_of_a_binary_number() -> None:
    binary, cent = (CASES["ubl"][f"BR-FREXT-CO-11 {name}"] for name in ("binary", "cent"))
    assert binary.expected("ubl-invoice") == {"BR-FREXT-CO-11"}
    assert not cent.expected("ubl-invoice")


@pytest.mark.parametrize("name", ["LineTotal", "ChargeTotal", "TaxBasisTotal", "GrandTotal", "DuePayable"])
def test_an_amount_that_cii_states_again_leaves_open_what_its_publisher_cannot_compare(name: str) -> None:
    report = judged(changed(sound("cii"), again(f"//ram:ApplicableHeaderTradeSettlement//ram:{name}Amount")))
    assert report.verdict != "valid"
    assert {one.rule for one in report.undetermined if "stated again" in one.reason}


def test_letters_lead_to_the_categories_that_the_pack_has() -> None:
    ids = PACK.published()["ubl"]
    assert all(f"BR-FREXT-{letters}-08" in ids for letters in LETTERS)
    assert sum(identifier.endswith("-08ini") for identifier in ids) == len(LETTERS)
