# SPDX-License-Identifier: Apache-2.0
"""Pages say the findings of EN 16931 in their language, and of any other that it is in English."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from einvoice.render import Language, render_html
from einvoice.render.words import languages, words
from einvoice.rules.catalogue import LANGUAGES, Catalogue
from einvoice.rules.findings import Finding, Report
from einvoice.rules.packs import find_pack
from tests.render.making import invoice

OTHERS: tuple[Language, ...] = ("nl", "it", "es")
ENGLISH = re.compile(r"\b(the|and|are|has|have|with|which|not|each|every|this|that|from|by|unless|there|than)\b")
PLACEHOLDER = re.compile(r"\{\w+(?:!t)?\}")


def judged(*messages: str) -> Report:
    found = (
        Finding(rule=f"BR-{number}", packs=("en16931",), severity="fatal", effective="fatal", message=message)
        for number, message in enumerate(messages)
    )
    return Report(verdict="invalid", findings=tuple(found))


def test_there_are_sentences_where_there_is_no_catalogue() -> None:
    assert set(OTHERS) == set(languages()) - set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_every_business_rule_is_said(language: Language) -> None:
    catalogue = Catalogue(language)
    sentences = [rule.sentence for rule in find_pack("en16931").rules if rule.id.startswith("BR-")]
    assert len(sentences) > 180
    missing = [sentence for sentence in sentences if not catalogue.knows(sentence, "render/sentences")]
    assert not missing
    said = [catalogue.told(sentence, "render/sentences") for sentence in sentences]
    assert not [text for text in said if ENGLISH.search(text) or "{" in text]


@pytest.mark.parametrize("language", OTHERS)
def test_the_files_have_the_same_sentences(language: Language) -> None:
    def texts(name: str) -> dict[str, dict[str, str]]:
        file = files("einvoice.render") / "sentences" / f"{name}.toml"
        return tomllib.loads(file.read_text(encoding="utf-8"))

    mine = texts(language)
    assert {name: list(table) for name, table in mine.items()} == {
        name: list(table) for name, table in texts("nl").items()
    }
    for english, text in mine["sentences"].items():
        holes = [sorted(hole.replace("!t", "") for hole in PLACEHOLDER.findall(one)) for one in (english, text)]
        assert holes[0] == holes[1], english


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "De factuur heeft een nummer."),
        ("it", "La fattura ha un numero."),
        ("es", "La factura tiene un número."),
    ],
)
def test_a_finding_is_said_in_the_language_of_the_page(language: Language, said: str) -> None:
    page = render_html(invoice(), language=language, report=judged("The invoice has a number.")).decode()
    assert f'<span lang="{language}">{said}</span>' in page
    assert words(language).labels["screen"]["in_english"] not in page


@pytest.mark.parametrize("language", [*OTHERS, "de", "fr"])
def test_what_is_said_in_english_is_marked_and_announced(language: Language) -> None:
    page = render_html(invoice(), language=language, report=judged("Nobody has said this before.")).decode()
    is_spoken = language in LANGUAGES
    assert f'<span lang="{language if is_spoken else "en"}">Nobody has said this before.</span>' in page
    assert (words(language).labels["screen"]["in_english"] in page) is not is_spoken
