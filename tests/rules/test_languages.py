# SPDX-License-Identifier: Apache-2.0
"""Reports and explanations in another language: sentences change, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from einvoice.errors import UnknownNameError
from einvoice.rules import Report, find_pack
from einvoice.rules.advice import advice, name_of
from einvoice.rules.catalogue import LANGUAGES, Template, catalogue
from einvoice.rules.explain import explain
from einvoice.rules.findings import Finding, PackResult, Undetermined
from einvoice.rules.languages import demanded, explained_in, in_language, rooms, user_language
from einvoice.rules.places import counted
from einvoice.rules.record import Record
from tests.rules.en16931.syntax_examples import example

if TYPE_CHECKING:
    from collections.abc import Mapping

FINDING = Finding(
    rule="BR-29",
    packs=("en16931",),
    severity="fatal",
    effective="fatal",
    message="The invoicing period does not end before it starts.",
    terms=("BT-74",),
    found="2026-01-01",
    why="it starts on 2026-02-01",
    location="/Invoice/cac:InvoicePeriod/cbc:EndDate",
    line=7,
)
REPORT = Report(
    verdict="invalid",
    packs=(PackResult(id="en16931", version="1.3.16", verdict="undetermined", open="some rules could not be judged"),),
    findings=(FINDING,),
    undetermined=(Undetermined(rule="BR-CO-15", packs=("en16931",), reason="BT-112 is 'lots', which cannot be read"),),
    notes=("the invoice was taken out of a StandardBusinessDocument (SBDH); the envelope is not judged",),
)


def test_a_report_is_translated_sentence_by_sentence() -> None:
    german = REPORT.in_language("de")
    (finding,) = german.findings
    assert finding.message == "Der Abrechnungszeitraum endet nicht, bevor er beginnt."
    assert finding.why == "er beginnt am 2026-02-01"
    assert german.undetermined[0].reason == "BT-112 ist 'lots'; das ist nicht lesbar"
    assert german.packs[0].open == "einige Regeln konnten nicht geprüft werden"
    assert german.notes[0].startswith("die Rechnung wurde einem StandardBusinessDocument (SBDH) entnommen")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_sentence_stays(language: str) -> None:
    spoken = REPORT.in_language(language)
    said = {"message": FINDING.message, "why": FINDING.why}
    assert structs.replace(spoken.findings[0], **said) == FINDING
    assert (spoken.verdict, spoken.packs[0].verdict, spoken.packs[0].id) == ("invalid", "undetermined", "en16931")


def test_english_is_what_was_said() -> None:
    assert REPORT.in_language("en") is REPORT


def test_what_nobody_has_said_stays_as_it_is() -> None:
    strange = structs.replace(REPORT, findings=(structs.replace(FINDING, message="Hats are worn.", why="of the rain"),))
    assert strange.in_language("fr").findings == strange.findings


def test_an_unknown_language_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownNameError, match="'it'; choose one of en, de, fr"):
        REPORT.in_language("it")


def test_a_row_about_elements_is_worded_anew() -> None:
    sentence = "EN 16931 does not use cac:StatementDocumentReference in an invoice."
    finding = structs.replace(FINDING, rule="UBL-CR-077", message=sentence, why="")
    spoken = {language: _one(finding, language) for language in LANGUAGES}
    assert spoken == {
        "en": sentence,
        "de": "EN 16931 verwendet cac:StatementDocumentReference in einer Rechnung nicht.",
        "fr": "L’EN 16931 n’utilise pas cac:StatementDocumentReference dans une facture.",
    }


def _one(finding: Finding, language: str) -> str:
    return in_language(structs.replace(REPORT, findings=(finding,)), language).findings[0].message


@pytest.mark.parametrize(
    ("error", "german"),
    [
        ("in.xml: cannot be read: Permission denied", "in.xml: nicht lesbar: Zugriff verweigert"),
        ("in.xml:3:7: this is not an XML document: it is empty", "in.xml:3:7: dies ist kein XML-Dokument: es ist leer"),
        ("elsewhere: something else", "elsewhere: something else"),
    ],
)
def test_the_place_in_front_of_a_refusal_stays(error: str, german: str) -> None:
    assert in_language(Record(file="in.xml", error=error), "de").error == german


@pytest.mark.parametrize(
    ("path", "english", "german"),
    [
        ("lines[0]", "invoice line 1", "Rechnungsposition 1"),
        ("document_level_charges[2]", "document level charge 3", "Zuschlag auf Dokumentenebene 3"),
        ("lines[0].sub_lines[1]", "lines[0].sub_lines[1]", "lines[0].sub_lines[1]"),
    ],
)
def test_lines_are_counted_as_people_count_them(path: str, english: str, german: str) -> None:
    assert counted(path) == english
    why = f"{counted(path)} is of category S"
    assert catalogue("de").told(why, *rooms(("en16931",))) == f"{german} ist von der Kategorie S"


# ---- the locale


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR@euro"}, "fr"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de", "LC_ALL": ""}, "de"),
        ({"LANG": "it_IT.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LC_ALL": "FR-ca"}, "fr"),
    ],
)
def test_the_locale_says_the_language(environment: Mapping[str, str], language: str) -> None:
    assert user_language(environment) == language


# ---- explanations


def test_a_rule_is_explained_with_its_terms() -> None:
    found = explained_in(explain("BR-CO-10"), "fr")
    assert found.title == "La somme des montants nets des lignes est le total de ces lignes, arrondi au centime."
    terms = {term.id: term.name for variant in found.variants for term in variant.terms}
    assert terms["BT-106"] == "Somme des montants nets des lignes de facture"
    assert any("virgule flottante" in variant.text for variant in found.variants)


def test_a_term_is_explained_with_its_meaning() -> None:
    found = explained_in(explain("BT-9"), "de")
    assert (found.title, found.text) == ("Fälligkeitsdatum der Zahlung", "Tag, bis zu dem zu zahlen ist.")
    assert name_of("BT-9", "de") == "Fälligkeitsdatum der Zahlung"
    assert (name_of("BT-9"), name_of("BT-999", "de")) == ("Payment due date", "")


def test_a_rule_of_elements_is_explained_row_by_row() -> None:
    pack = find_pack("en16931@1.3.16")
    sentence = pack.structure["ubl"].explained("UBL-SR-54")
    assert demanded(pack, "UBL-SR-54", sentence, "de") == (
        "Jede Rechnung hat höchstens ein cac:PaymentMeans/cac:CardAccount."
    )
    assert demanded(pack, "UBL-SR-54", sentence, "en") == sentence


def test_other_names_of_a_rule_are_told() -> None:
    assert "heißt" in explained_in(explain("BR-66"), "de").note
    assert explained_in(explain("BR-66"), "en").note == explain("BR-66").note


# ---- advice


def test_what_may_not_be_there_is_to_be_removed() -> None:
    there = structs.replace(FINDING, rule="UBL-CR-077", terms=("BT-1",), found=None, why="")
    assert advice(there) == "remove"
    assert advice(structs.replace(there, rule="BR-02")) == "state"


# ---- templates


@pytest.mark.parametrize(
    ("template", "text", "values"),
    [
        ("it starts on {date}", "it starts on 2026-01-01", {"date": "2026-01-01"}),
        ("{a} is {b}, not {c}", "x is y is z, not w", {"a": "x", "b": "y is z", "c": "w"}),
        ("{number} decimals", "3 decimals", {"number": "3"}),
        ("{code} is no such code", " is no such code", {"code": ""}),
        ("{number} decimals", "decimals", None),
        ("it starts on {date}", "it ends on 2026-01-01", None),
        ("x{a}x", "x", None),
    ],
)
def test_a_text_is_known_by_what_stands_around_its_values(
    template: str, text: str, values: dict[str, str] | None
) -> None:
    assert Template(template, "").values(text) == values


@given(st.lists(st.text(), min_size=2, max_size=2))
def test_whatever_its_values_are_a_text_is_known(values: list[str]) -> None:
    found = Template("{first}, which is {last}.", "").values(f"{values[0]}, which is {values[1]}.")
    assert found is not None
    assert f"{found['first']}, which is {found['last']}." == f"{values[0]}, which is {values[1]}."


def test_a_value_is_translated_where_the_translation_says_so() -> None:
    text = "cbc:ID has the value 'a number', which is not a number; write digits only"
    assert catalogue("de").told(text, "bind") == (
        "cbc:ID hat den Wert 'a number', hier muss aber eine Zahl stehen; nur Ziffern schreiben"
    )


def test_english_reads_no_catalogue() -> None:
    program = (
        "import sys; from einvoice.rules.findings import Report; Report(verdict='valid').in_language('en');"
        " from einvoice.rules.advice import name_of; name_of('BT-1'); sys.exit('tomllib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# ---- what documents get to hear


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
@pytest.mark.parametrize("family", ["ubl", "cii"])
def test_no_finding_of_a_broken_document_is_left_in_english(family: str, language: str) -> None:
    from einvoice import validate

    rows = find_pack("en16931@1.3.16").structure["cii" if family == "cii" else "ubl"].rows.rows
    for row in rows[:: len(rows) // 12]:
        report = validate(example(row, "cii" if family == "cii" else "ubl").broken, packs=["en16931"])
        spoken = report.in_language(language)
        for before, after in zip(report.findings, spoken.findings, strict=True):
            assert before.message != after.message, before.message
