# SPDX-License-Identifier: Apache-2.0
"""The pack of the French rules: what the publisher has, what is judged here, where it stands, and when it is asked."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from einvoice import explain, validate
from einvoice.rules import find_pack, versions
from einvoice.rules.br_fr import texts
from einvoice.rules.languages import in_language
from tests.rules.br_fr.cases import UBL
from tests.rules.br_fr.documents import INVOICE
from tests.rules.br_fr.documents_cii import CROSS
from tests.together import together

if TYPE_CHECKING:
    from einvoice.rules.element_rules import ElementRule
    from einvoice.rules.registry import Family

PACK: Final = find_pack("br-fr@1.4.0.03")
FILES: Final = {
    "parties.py": r"BR-FR-(09|10|23|24|25|26|32|CO-10)[-_].+",
    "references.py": r"BR-FR-(01|02|17|18|29|30|CO-0[345])_.+",
    "dates.py": r"BR-FR-(03|CO-07)_.+",
    "notes.py": r"BR-FR-(05|06|20|30|31|CO-14)_.+",
    "addresses.py": r"BR-FR-(11|12|13|21|22|CO-15)_.+",
    "coded.py": r"BR-FR-(04|08|15|16|27|28|CO-08)[-_].+",
    "amounts.py": r"BR-FR-DEC-0\d_.+",
    "totals.py": r"BR-FR-CO-(09|12)_.+",
    "groups_ubl.py": r"BR-FR-(MV|BD)-.+",
    "groups_cii.py": r"BR-FR-(MV|BD)-.+",
}
RULES: Final = [
    pytest.param(rule, id=f"{family} {rule.id}")
    for family, rules in PACK.structure.items()
    for rule in rules.asked.values()
]


def test_the_publisher_has_so_many_rules() -> None:
    assert {family: len(ids) for family, ids in PACK.published().items()} == {"ubl": 175, "cii": 171}
    assert {severity for ids in PACK.published().values() for severity in ids.values()} == {"fatal"}


@pytest.mark.parametrize("number", range(len(versions("br-fr"))))
@pytest.mark.parametrize("family", ["ubl", "cii"])
def test_every_published_rule_is_judged_and_no_other(family: Family, number: int) -> None:
    pack = versions("br-fr")[number]
    assert pack.not_implemented(family) == ()
    assert pack.structure[family].lines.keys() == pack.published()[family].keys()


@together("rule", RULES)
def test_the_id_leads_to_the_file(rule: ElementRule) -> None:
    file = Path(rule.file)
    assert re.fullmatch(FILES[file.name], rule.id)
    assert 0 < rule.line <= len(file.read_text(encoding="utf-8").splitlines())


@together("rule", RULES)
def test_a_rule_has_a_sentence_of_its_own_words(rule: ElementRule) -> None:
    assert {"shall", "must", "MUST", "SHALL"}.isdisjoint(rule.sentence.split())
    assert len(rule.sentence) < 130


def test_a_day_chooses_the_edition_with_a_number() -> None:
    assert find_pack("br-fr", as_of=date(2027, 1, 1)).version == "1.4.0.03"
    assert versions("br-fr")[-1].by_name


@pytest.mark.parametrize("document", [INVOICE, CROSS], ids=["ubl", "cii"])
def test_it_is_asked_of_a_french_seller_with_a_french_or_unknown_buyer(document: str) -> None:
    ids = [pack.id for pack in validate(document.encode()).packs]
    assert "br-fr" in ids
    if document is INVOICE:
        country = "<cbc:IdentificationCode>FR</cbc:IdentificationCode>"
        foreign = document.replace(country, country.replace("FR", "BE")).replace(
            country.replace("FR", "BE"), country, 1
        )
        assert "br-fr" not in [pack.id for pack in validate(foreign.encode()).packs]


def test_a_sound_invoice_is_valid_by_both_packs() -> None:
    report = validate(INVOICE.encode(), packs=["br-fr"])
    assert report.verdict == "valid"
    assert not report.findings


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Der Rechnungsrahmen (BT-23) ist angegeben und ein Code der französischen Liste."),
        ("fr", "Le cadre de facturation (BT-23) est indiqué et est un code de la liste française."),
    ],
)
def test_a_finding_speaks_german_and_french(language: str, sentence: str) -> None:
    report = validate(UBL["08_BT-23"].document.encode(), packs=["br-fr"])
    (finding,) = in_language(report, language).findings
    assert finding.message == sentence


def test_a_rule_says_how_the_standard_calls_it() -> None:
    assert "BR-FR-31" in explain("BR-FR-30_BT-21").text


# ---- texts


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2026-02-28", True),
        ("2026-02-29", False),
        ("2024-02-29", True),
        ("2000-02-29", True),
        ("2026-04-31", False),
        ("2099-12-31", True),
        ("2100-01-01", False),
        (" 2026-01-01", False),
        ("2026-01-01Z", False),
        ("2026-01-0\u0663", False),
        ("20\u0662\u0666-01-01", True),
    ],
)
def test_a_day_exists_between_2000_and_2099(text: str, *, fits: bool) -> None:
    assert texts.is_day(text) is fits
    assert texts.is_day_102(text.replace("-", "")) is (fits or text.endswith("Z"))


@pytest.mark.parametrize(
    ("form", "text", "fits"),
    [
        (texts.AMOUNT, "-12345678901234567.8", True),
        (texts.AMOUNT, "-12345678901234567.89", False),
        (texts.AMOUNT, "1.005", False),
        (texts.AMOUNT, "+1", False),
        (texts.AMOUNT, "1.", False),
        (texts.QUANTITY, "1.0005", True),
        (texts.PRICE, "-1", False),
        (texts.SIGNED_PRICE, "-1.000001", True),
        (texts.RATE, "19.60", True),
        (texts.RATE, "100.00", False),
    ],
)
def test_a_number_has_so_many_digits_and_decimals(form: texts.Form, text: str, *, fits: bool) -> None:
    assert form.fits(text) is fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [("F-2026_17+/", True), ("F 1", False), ("\tF1\n", True), (" F1", False), ("", False), ("É", False)],
)
def test_an_invoice_number_has_few_signs(text: str, *, fits: bool) -> None:
    assert texts.is_invoice_number(text) is fits


def test_a_list_has_the_codes_in_the_order_of_the_publisher() -> None:
    assert texts.in_order("treatment") == ("B2B", "B2BINT", "B2C", "B2CINT", "OUTOFSCOPE", "ARCHIVEONLY")
    assert texts.codes("self-billed") < texts.codes("type")
    assert {"8.5", "1.05", "5.50"} < texts.codes("rate")
