# SPDX-License-Identifier: Apache-2.0
"""The smallest change that breaks a rule fires exactly that rule, or exactly the ids that the official set fires."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.bind import open_document
from einvoice.rules import find_pack
from tests.rules.peppol.cases import BASE, SELF_BILLING
from tests.rules.peppol.cases_national import NATIONAL
from tests.rules.peppol.spoiled import clean
from tests.together import together

if TYPE_CHECKING:
    from einvoice.model.structure import StructureHit
    from einvoice.rules import Pack
    from tests.rules.peppol.cases import Case

PEPPOL = find_pack("peppol@3.0.21")
SELF = find_pack("peppol-selfbilling@3.0.2")
BILLING = BASE | NATIONAL


def hits(pack: Pack, document: str) -> tuple[StructureHit, ...]:
    return open_document(document.encode()).structure_hits(pack.structure["ubl"].rows)


def fires_what_it_says(pack: Pack, case: Case) -> None:
    found = hits(pack, case.document)
    assert {hit.row.rule for hit in found} == case.fires
    assert not [hit for hit in found if hit.open]
    assert not open_document(case.document.encode()).schema_violations()


@together("name", BILLING)
def test_a_change_of_an_invoice_fires_what_it_fires_officially(name: str) -> None:
    fires_what_it_says(PEPPOL, BILLING[name])


@together("name", SELF_BILLING)
def test_a_change_of_a_self_billed_invoice_fires_what_it_fires_officially(name: str) -> None:
    fires_what_it_says(SELF, SELF_BILLING[name])


@pytest.mark.parametrize("name", [name for name in clean() if not name.startswith("SELF")])
def test_nothing_is_wrong_with_a_sound_document(name: str) -> None:
    fired = {hit.row.rule for hit in hits(PEPPOL, clean()[name])}
    assert fired == {"ICELANDIC CREDIT": {"IS-R-009", "IS-R-010"}, "DUTCH CREDIT": {"NL-R-001"}}.get(name, set())


@pytest.mark.parametrize("name", [name for name in clean() if name.startswith("SELF")])
def test_nothing_is_wrong_with_a_sound_self_billed_document(name: str) -> None:
    assert not hits(SELF, clean()[name])


def test_every_published_rule_is_broken_by_a_case_of_its_name() -> None:
    for pack, cases in ((PEPPOL, BILLING), (SELF, SELF_BILLING)):
        aimed = {name.partition(",")[0] for name, case in cases.items() if name.partition(",")[0] in case.fires}
        assert aimed == pack.published()["ubl"].keys()


@together("name", [name for name in BILLING if "," not in name and " " not in name])
def test_a_finding_says_what_is_demanded_and_where(name: str) -> None:
    report = validate(BILLING[name].document.encode(), packs=["peppol"])
    finding, *_ = (one for one in report.findings if one.rule == name)
    assert finding.message.endswith(".")
    assert finding.location
    assert finding.location.startswith(("/Invoice", "/CreditNote"))
    assert finding.line
    assert finding.packs == ("peppol",)
    assert finding.severity == finding.effective == PEPPOL.published()["ubl"][name]


def test_a_finding_shows_the_arithmetic() -> None:
    report = validate(BILLING["PEPPOL-EN16931-R120"].document.encode(), packs=["peppol"])
    (finding,) = report.findings
    assert (finding.found, finding.expected, finding.terms) == ("200.00", "200.0450", ("BT-131",))
    assert finding.why == "4.001 × 90.00 / 2 + 20.00 = 200.0450"


def test_a_missing_term_is_named() -> None:
    report = validate(BILLING["DE-R-009"].document.encode(), packs=["peppol"])
    (finding,) = report.findings
    assert finding.terms == ("BT-53",)
    assert finding.location == "/Invoice/cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"
