# SPDX-License-Identifier: Apache-2.0
"""Everything that einvoice says of a document is there in every language; a test that fails names the file to edit."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from einvoice.model import terms
from einvoice.rules import pack_ids, versions
from einvoice.rules.catalogue import ELEMENTS, LANGUAGES, catalogue
from einvoice.rules.languages import HOUSE, demand, rooms
from einvoice.rules.packs import room_of
from einvoice.rules.wording import Phrases
from tests.architecture.house import PACKAGE, name, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHERS = [language for language in LANGUAGES if language != "en"]
PACKS = [pack for identifier in pack_ids() for pack in versions(identifier)]
IDS = [f"{pack.id}{f'-{pack.profile}' if pack.profile else ''}@{pack.version}" for pack in PACKS]
FILES = sorted(path for language in OTHERS for path in PACKAGE.rglob(f"{language}.toml") if "labels" not in path.parts)
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|has|have|with|which|not|must|shall|each|every|this|that|these|from|by|unless|where|there"
    r"|they|their|other|than|what|who|how|why|been|one)\b"
)
PLACEHOLDER = re.compile(r"\{(\w+)(?:!t)?\}")


def told(text: str, folders: tuple[str, ...], language: str) -> bool:
    return catalogue(language).knows(text, *folders)


# ---- rules


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("number", range(len(PACKS)), ids=IDS)
def test_every_rule_has_its_sentence(number: int, language: str) -> None:
    pack = PACKS[number]
    own = [rule.sentence for rule in pack.rules]
    for rules in pack.structure.values():
        own += [*rules.sentences.values(), *(one.sentence for one in rules.asked.values())]
    missing = [sentence for sentence in dict.fromkeys(own) if not told(sentence, rooms((pack.id,)), language)]
    assert not missing, f"src/einvoice/{room_of(pack.id)}/{language}.toml lacks under [sentences]: {missing}"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("number", range(len(PACKS)), ids=IDS)
def test_what_else_is_to_be_said_about_a_rule_is_said(number: int, language: str) -> None:
    pack = PACKS[number]
    texts = [rule.text for rule in pack.rules]
    texts += [one.text for rules in pack.structure.values() for one in rules.asked.values()]
    texts += [pack.by_name, *pack.unknown.values(), *pack.notes.values()]
    flat = dict.fromkeys(" ".join(text.split()) for text in texts)
    missing = [text for text in flat if not told(text, rooms((pack.id,)), language)]
    assert not missing, f"src/einvoice/{room_of(pack.id)}/{language}.toml lacks under [texts]: {missing}"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("number", range(len(PACKS)), ids=IDS)
def test_a_row_about_elements_is_a_sentence(number: int, language: str) -> None:
    words = catalogue(language)
    for rules in PACKS[number].structure.values():
        for row in rules.rows.rows:
            sentence = demand(rules, row, words)
            assert sentence != rules.sentence(row), row.rule
            assert sentence[0].isupper(), sentence
            assert re.search(r"[^.,]\.$", sentence), sentence
            assert not re.search(r"[{}\[\]]|,,|, ,|  ", sentence), sentence
            assert not ENGLISH.search(re.sub(r"[\w*]+:[\w*/:@]+|@\w+", "", sentence)), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_filled_in_by_name(language: str) -> None:
    phrases = catalogue(language).phrases
    if language != "en":  # where a phrase has a default, that is English
        assert catalogue(language).room("rules").tables[ELEMENTS].keys() == set(Phrases.__struct_fields__)
    assert len(phrases.numbers) == 4
    assert all(getattr(phrases, kind).count("|") == 2 for kind in ("invoice", "line", "element", "ending", "anything"))
    for kind in ("absent", "anywhere", "at_most", "exactly", "some", "alike", "decimals", "date", "full", "said"):
        assert "{unless}" in getattr(phrases, kind), kind


# ---- reasons


def reasons(path: Path) -> Iterator[str]:
    """The texts that a module gives as the reason of a finding, as templates with empty braces."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.keyword(arg="why", value=value) | ast.Assign(targets=[ast.Name(id="why")], value=value):
                yield from templates(value)
            case ast.Call(func=ast.Name(id="Miss"), args=[_, _, _, value]):
                yield from templates(value)


def templates(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
        return ["".join(parts)]
    if isinstance(node, ast.IfExp):
        return templates(node.body) + templates(node.orelse)
    return []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("room", sorted({"rules", *map(room_of, pack_ids())}))
def test_every_reason_is_there(room: str, language: str) -> None:
    known = {
        PLACEHOLDER.sub("{}", text)
        for folder in dict.fromkeys([room, "rules", *map(room_of, pack_ids())])
        for text in catalogue(language).room(folder).tables.get("reasons", {})
    }
    given = {text for path in sorted((PACKAGE / room).glob("*.py")) for text in reasons(path)}
    worded = {text for text in given if re.search("[A-Za-z]", text.replace("{}", "")) and text != "{} × {} % = {}"}
    missing = sorted(text for text in worded if text not in known)
    assert not missing, f"src/einvoice/{room}/{language}.toml lacks under [reasons]: {missing}"


# ---- what other rooms say

SPEAKING = {
    "bind": (
        "schema_messages",
        "xml_messages",
        "xml_encoding",
        "magic",
        "foreign",
        "detect",
        "json",
        "structure_paths",
        "structure_conditions",
    ),
    "service": ("packs", "intake", "official", "disagreement", "engines"),
    "official": ("judge", "engine", "worker", "stylesheet", "library", "svrl"),
    "pdf": ("reader", "candidates", "streams", "limits"),
}
UNSAID = re.compile(
    r"there is no (pack|profile|value)|no pack is named|'auto' chooses|has no profiles|facturx has"
    r"|the official engine$|^import json"
    r"|http://|EBCDIC$|has no known prefix|^required but missing|content type is empty|^Excessive depth|^too big"
)
"""What is said to whoever calls, and not of a document; and what libxml2 says."""


def fragments(path: Path) -> Iterator[str]:
    """The pieces of text between values that a module can say: more than a word, no docstring, no pattern."""
    silent: set[int] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr) or (isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"):
            silent |= {id(child) for child in ast.walk(node)}
        if isinstance(node, ast.Call) and "Unknown" in ast.unparse(node.func):
            silent |= {id(child) for child in ast.walk(node)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            text = node.value.strip(" ;,.:()")
            if re.search(r"[a-z]{2,} [a-z]{2,}", text) and not UNSAID.search(text):
                yield text


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("module", [f"{room}/{one}" for room, modules in SPEAKING.items() for one in modules])
def test_what_is_said_of_documents_is_there(module: str, language: str) -> None:
    room = module.partition("/")[0]
    tables = catalogue(language).room(room).tables
    known = [text for table in tables.values() for text in table]
    missing = [text for text in fragments(PACKAGE / f"{module}.py") if not any(text in one for one in known)]
    assert not missing, f"src/einvoice/{room}/{language}.toml lacks what {module}.py says: {missing}"


# ---- terms


@pytest.mark.parametrize("language", OTHERS)
def test_every_term_has_its_name_and_meaning(language: str) -> None:
    tables = catalogue(language).room("model").tables
    for table, said in (("names", {one.name for one in terms().values()}), ("meanings", _meanings())):
        missing = sorted(said - tables[table].keys())
        assert not missing, f"src/einvoice/model/{language}.toml lacks under [{table}]: {missing}"
        assert tables[table].keys() <= said, f"src/einvoice/model/{language}.toml has more than there is"


def _meanings() -> set[str]:
    return {one.meaning for one in terms().values() if one.meaning}


# ---- the files


def entries(path: Path) -> dict[str, str]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {english: text for table, texts in tables.items() if table != ELEMENTS for english, text in texts.items()}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_translation_has_the_values_of_the_original(path: Path) -> None:
    for english, text in entries(path).items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english)), f"{name(path)}: {english}"
        assert english.endswith(".") is text.endswith("."), f"{name(path)}: {english}"
        assert not english.endswith(".") or text.strip()[0].isupper() or text[0] in "{„«", f"{name(path)}: {english}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_translation_is_not_in_english(path: Path) -> None:
    for english, text in entries(path).items():
        left = ENGLISH.search(re.sub(r"\{\w+(!t)?\}|\(<[^)]*\)|[\w.]*:[\w/:@]+|@\w+|--\w+", "", text))
        assert left is None, f"{name(path)}: {left} in {text!r}"
        assert text, f"{name(path)}: {english}"


@pytest.mark.parametrize("path", [path for path in FILES if path.name == f"{OTHERS[0]}.toml"], ids=name)
@pytest.mark.parametrize("language", OTHERS[1:])
def test_languages_say_the_same(path: Path, language: str) -> None:
    other = path.with_name(f"{language}.toml")
    assert other.is_file(), f"{name(other)} is missing"
    assert entries(other).keys() == entries(path).keys(), f"{name(other)} and {name(path)} differ"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("room", sorted(set(map(room_of, pack_ids()))))
def test_no_sentence_is_left_that_no_rule_has(room: str, language: str) -> None:
    said = {rule.sentence for pack in PACKS for rule in pack.rules}
    for rules in (rules for pack in PACKS for rules in pack.structure.values()):
        said |= {*rules.sentences.values(), *(one.sentence for one in rules.asked.values())}
    left = catalogue(language).room(room).tables.get("sentences", {}).keys() - said
    assert not left, f"src/einvoice/{room}/{language}.toml has under [sentences] what no rule says: {sorted(left)}"


def test_the_rooms_of_the_house_are_folders_with_a_catalogue() -> None:
    assert all((PACKAGE / room / f"{language}.toml").is_file() for room in HOUSE for language in OTHERS)
