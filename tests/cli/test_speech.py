# SPDX-License-Identifier: Apache-2.0
"""The command line speaks the user's language: to people by their locale, to programs only when it is asked to."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from einvoice.cli import main
from einvoice.cli import speech as module
from einvoice.cli.speech import Speech, chosen
from einvoice.rules.catalogue import LANGUAGES, catalogue
from tests.architecture.house import PACKAGE, ROOT, tree
from tests.service.sample import as_file, broken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHERS = [language for language in LANGUAGES if language != "en"]
BRACES = re.compile(r"\{(\w+)\}")
FORMATS = ("text", "json", "jsonl", "html", "sarif", "junit", "svrl")
MESSAGES = {"de": "Der fällige Betrag ist der Gesamtbetrag", "fr": "Le montant à payer est le total TTC"}


FLAGS = ("valid", "invalid", "undetermined", "unreadable", "fatal", "warning", "information")
_SPEAKING = {"speech": 0, "speech.row": 0, "_say": 1, "words.say": 1}
"""What is called to say something, and which of its arguments that is."""
MADE = {text for flag in FLAGS for text in (flag, f"1 {flag}", f"{{number}} {flag}")}
"""What is put together from a verdict or a severity."""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    return as_file(tmp_path, "wrong.xml", broken(), "cii")


# ---- who decides


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", OTHERS)
def test_every_format_is_in_the_language_that_is_asked_for(wrong: str, form: str, language: str) -> None:
    said = run("validate", wrong, "--format", form, "--language", language, "--rules", "en16931").stdout
    text = json.dumps(json.loads(said), ensure_ascii=False) if form == "sarif" else said
    assert MESSAGES[language] in text
    assert "The amount due is" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_people_are_spoken_to_by_their_locale_and_programs_are_not(
    wrong: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    said = run("validate", wrong, "--format", form, "--rules", "en16931").stdout
    assert (MESSAGES["fr"] in said) is (form in ("text", "html"))
    assert ("The amount due is" in said) is (form not in ("text", "html"))


def test_programs_get_the_same_names_in_every_language(wrong: str) -> None:
    answers = [
        json.loads(run("validate", wrong, "--format", "jsonl", "--language", language, "--rules", "en16931").stdout)
        for language in LANGUAGES
    ]
    for answer in answers:
        answer.pop("judged_at")
        for finding in answer["findings"]:
            finding.pop("message")
    assert answers[0] == answers[1] == answers[2]


def test_a_log_says_in_which_language_it_is(wrong: str) -> None:
    (log,) = json.loads(run("validate", wrong, "--format", "sarif", "--language", "de").stdout)["runs"]
    assert log["language"] == "de"


def test_junit_names_its_cases_alike_in_every_language(wrong: str) -> None:
    names = []
    for language in LANGUAGES:
        said = run("validate", wrong, "--format", "junit", "--language", language, "--rules", "en16931").stdout
        names.append([case.get("name") for case in etree.fromstring(said.encode()).iter("testcase")])
    assert names[0] == names[1] == names[2]


def test_what_the_user_says_goes_before_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert [chosen(None, people=True), chosen("de", people=True), chosen(None, people=False)] == ["fr", "de", "en"]
    assert run("explain", "BT-9").output.startswith("BT-9  Date d’échéance du paiement")
    assert run("explain", "BT-9", "--language", "en").output.startswith("BT-9  Payment due date")


# ---- what people read


def test_a_finding_is_told_in_german(wrong: str) -> None:
    lines = run("validate", wrong, "--language", "de", "--rules", "en16931").output.splitlines()
    start = next(number for number, line in enumerate(lines) if "Fehler BR-CO-15: " in line)
    assert lines[start + 3].startswith("    Stelle    /rsm:CrossIndustryInvoice/")
    assert lines[start + 3].endswith("(BT-112 Rechnungsgesamtbetrag mit Umsatzsteuer)")
    assert lines[start + 4 : start + 6] == ["    gefunden  37.89", "    erwartet  36.89"]
    assert lines[start + 6].startswith("    denn      ")
    assert lines[start + 7].startswith(
        "    zu tun    BT-112 berichtigen, oder das, woraus es folgt; mehr sagt einvoice"
    )
    assert lines[start + 8].startswith("    Folge     Fehler BR-CO-16 (Zeile ")
    assert lines[start + 8].endswith(" BT-115 ist 36.89, erwartet 37.89")
    assert lines[-1].endswith(": ungültig (Schema CII D22B eingehalten; en16931 1.3.16 ungültig (2 Fehler))")


def test_rules_are_listed_in_french() -> None:
    lines = run("rules", "list", "en16931@1.3.16", "--language", "fr").output.splitlines()
    assert lines[0] == "BR-01        UBL erreur, CII erreur La facture a un identifiant de spécification."
    assert not any("not use" in line for line in lines)
    assert "en vigueur depuis le 2026-04-10" in run("rules", "list", "--language", "fr").output


def test_rules_are_listed_for_programs_in_the_language_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    command = ("rules", "list", "en16931@1.3.16", "--format", "json")
    assert json.loads(run(*command).stdout)["rules"][1]["sentence"] == "The invoice has a number."
    german = json.loads(run(*command, "--language", "de").stdout)["rules"][1]
    assert german["sentence"] == "Die Rechnung hat eine Rechnungsnummer."


def test_a_conversion_that_is_refused_says_why_in_french(tmp_path: Path) -> None:
    source = as_file(tmp_path, "wrong.xml", broken("urn:cen.eu:en16931:2017"))
    result = run("convert", source, "--to", "cii", "--profile", "en16931", "-o", tmp_path / "x.xml", "--language", "fr")
    assert result.exit_code == 1
    assert "non écrit, car ce ne serait pas valide selon EN 16931" in result.stderr
    assert re.search(r"BR-CO-15 \(BT-112\): Le total TTC est .* Trouvé 37.89, attendu 36.89\.", result.stderr)


def test_losses_are_told_in_german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    result = run("convert", ROOT / "fixtures/rich-ubl/invoice.xml", "--to", "cii", "-o", tmp_path / "x.xml")
    assert "hat dort keinen Platz: " in result.output
    assert "weitere; --report FILE listet alle auf" in result.output


# ---- the words


def test_the_languages_of_the_option_are_those_there_are() -> None:
    assert module._LANGUAGES == LANGUAGES


@pytest.mark.parametrize("room", ["cli", "render/report", "service"])
@pytest.mark.parametrize("language", OTHERS)
def test_every_word_is_there_and_asked_for(room: str, language: str) -> None:
    said = {text for path in sorted((PACKAGE / room).glob("*.py")) for text in words(path)}
    known = catalogue(language).room(room).tables["words"].keys()
    missing = sorted(said - known)
    assert not missing, f"src/einvoice/{room}/{language}.toml lacks under [words]: {missing}"
    every = " ".join(path.read_text(encoding="utf-8") for path in sorted((PACKAGE / room).glob("*.py")))
    assert not [text for text in known - said - MADE if text not in every]


def words(path: Path) -> Iterator[str]:
    """The texts that a module says as they stand: the arguments of ``speech``, ``_say`` and ``say``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            place = _SPEAKING.get(ast.unparse(node.func).removeprefix("self."))
            spoken = node.args[place : place + 1] if place is not None else []
            if place != 1 or ast.unparse(node.func) == "_say" or _to_report(node):
                yield from (one.value for one in spoken if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _to_report(call: ast.Call) -> bool:
    return isinstance(call.args[0], ast.Constant) and call.args[0].value == "render/report"


@pytest.mark.parametrize("room", ["cli", "render/report", "service"])
@pytest.mark.parametrize("language", OTHERS)
def test_words_have_the_values_of_the_original(room: str, language: str) -> None:
    for english, text in catalogue(language).room(room).tables["words"].items():
        assert set(BRACES.findall(text)) == set(BRACES.findall(english)), english


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_of_a_report_are_aligned(language: str) -> None:
    labels = ("at", "found", "expected", "because", "to do", "follows")
    assert {len(Speech(language).row(label)) for label in labels} == {10}
    assert all(Speech(language).row(label).endswith(" ") for label in labels)
