# SPDX-License-Identifier: Apache-2.0
"""Every language of the report says everything, and nothing that no report asks for."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, get_args

import pytest
from msgspec import structs

from einvoice.errors import UnknownNameError
from einvoice.model import Reason, Remark
from einvoice.render.report import Occasion, html
from einvoice.render.report.words import Words, languages, words
from einvoice.rules import find_pack
from tests.render.report.records import ALL, OCCASION, OPEN, VALID, finding, pack, written

if TYPE_CHECKING:
    from einvoice.rules.record import Record

BRACES = re.compile(r"\{(\w+)\}")


def keys(language: str) -> dict[tuple[str, str], set[str]]:
    """Section and key of every phrase, with the names in its braces."""
    labels = words(language).labels
    return {(section, key): set(BRACES.findall(text)) for section in labels for key, text in labels[section].items()}


def test_there_is_english_german_and_french() -> None:
    assert languages() == ("de", "en", "fr")


@pytest.mark.parametrize("language", ["de", "fr"])
def test_a_language_has_the_keys_of_english_and_their_braces(language: str) -> None:
    assert keys(language) == keys("en")


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_no_phrase_is_empty_or_begins_or_ends_by_accident(language: str) -> None:
    texts = [text for section in words(language).labels.values() for text in section.values()]
    assert all(text.strip() for text in texts)


def test_every_phrase_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[tuple[str, str]] = set()
    say, known = Words.say, Words.known

    def saying(self: Words, section: str, key: str, **values: object) -> str:
        asked.add((section, key))
        return say(self, section, key, **values)

    def knowing(self: Words, section: str, key: str) -> str:
        asked.add((section, key))
        return known(self, section, key)

    monkeypatch.setattr(Words, "say", saying)
    monkeypatch.setattr(Words, "known", knowing)
    written("html", [*ALL, *_rare()])
    written("html", [VALID], Occasion(many=True))
    ended = structs.replace(find_pack("en16931"), valid_to=date(2026, 12, 31))
    monkeypatch.setattr(html, "pack_of", lambda _result: ended)
    written("html", [VALID], OCCASION)
    assert set(keys("en")) - asked == set()


def test_every_reason_of_a_remark_has_its_words() -> None:
    assert set(get_args(Reason)) - {"spelled"} <= set(words("en").labels["remarks"])


def _rare() -> list[Record]:
    """Documents that say what the others do not."""
    note = finding("BR-X-01", severity="information", effective="information", terms=("BT-1",), found="x", line=3)
    warning = finding("BR-X-02", severity="fatal", effective="warning")
    remarks = tuple(Remark(reason, "/x", "y") for reason in get_args(Reason))
    one = structs.replace(VALID, findings=(note, finding("BR-X-03")), error_class="business-rule", remarks=remarks)
    two = structs.replace(VALID, findings=(note, note, warning, warning), undetermined=OPEN.undetermined[:1])
    unused = finding("UBL-CR-001", severity="warning", effective="warning", terms=("BG-1",), found="x")
    three = structs.replace(VALID, findings=(unused,))
    nothing = structs.replace(VALID, profile=None, packs=(pack(not_implemented=("BR-B-01",)),))
    return [one, two, three, nothing, structs.replace(VALID, error_class="format")]


def test_an_unknown_language_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownNameError, match="'xx'; choose one of de, en, fr"):
        words("xx")


def test_names_are_listed_as_people_do() -> None:
    assert [words("en").listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_one_is_not_many() -> None:
    assert (words("de").count("warning", 1), words("de").count("warning", 2)) == ("1 Warnung", "2 Warnungen")
