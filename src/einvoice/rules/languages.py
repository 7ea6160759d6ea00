# SPDX-License-Identifier: Apache-2.0
"""Findings, reports and records in the language of whoever reads them.

Judging speaks English. What it said is data, and :func:`in_language` is a pure function of it: what is translated is
sentences, and never an id, a place, a value or a figure.
"""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import structs

from einvoice.rules.catalogue import LANGUAGES, Catalogue, catalogue
from einvoice.rules.packs import elements, find_pack, pack_ids, releases, room_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from einvoice.model.structure import StructureRow
    from einvoice.rules.explain import Explanation, Variant
    from einvoice.rules.findings import Finding, PackResult, Report, Undetermined
    from einvoice.rules.record import Record
    from einvoice.rules.registry import Pack
    from einvoice.rules.structure import StructureRules

    Said = TypeVar("Said", bound=Report | Record)

HOUSE: Final = ("rules", "bind", "service", "official", "pdf", "render")
"""The rooms, beside those of the packs, that say something about a document."""
_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_SENTENCES: Final = re.compile(r"(?<=\w\.) (?=\w)")
_PLACED: Final = re.compile(r"((?::\d+){0,2}: )(.*)", re.DOTALL)


def user_language(environment: Mapping[str, str] | None = None) -> str:
    """The language of the user's locale, as POSIX says it; English if nothing here speaks it.

    Args:
        environment: the variables; those of the process if ``None``.
    """
    known = os.environ if environment is None else environment
    locale = next((known[name] for name in _VARIABLES if known.get(name)), "")
    language = re.split(r"[_.@-]", locale, maxsplit=1)[0].lower()
    return language if language in LANGUAGES else "en"


def in_language(said: Said, language: str) -> Said:
    """A report or a record in a language; what has no translation stays as it is.

    Args:
        said: what judging said, in English.
        language: one of :data:`~einvoice.rules.catalogue.LANGUAGES`.

    Raises:
        UnknownNameError: there is no such language.
    """
    words = catalogue(language)
    if language == "en":
        return said
    changes: dict[str, Any] = {
        "packs": tuple(_pack(result, words) for result in said.packs),
        "findings": tuple(_finding(finding, words) for finding in said.findings),
        "undetermined": tuple(_open(rule, words) for rule in said.undetermined),
        "notes": tuple(words.told(note, *rooms(())) for note in said.notes),
    }
    error = getattr(said, "error", None)
    if error is not None:
        changes["error"] = _refusal(error, getattr(said, "file", ""), words)
    return structs.replace(said, **changes)


@cache
def rooms(packs: tuple[str, ...]) -> tuple[str, ...]:
    """The rooms that may have said something of packs, the likeliest first.

    Args:
        packs: the ids of the packs.
    """
    return tuple(dict.fromkeys([*_near(packs), *map(room_of, pack_ids())]))


def _near(packs: Iterable[str]) -> tuple[str, ...]:
    """The rooms of packs, and those of the house: nearly everything that is said is said there."""
    known = pack_ids()
    return (*dict.fromkeys(room_of(pack) for pack in packs if pack in known), *HOUSE)


def _finding(finding: Finding, words: Catalogue) -> Finding:
    message = _message(finding.rule, finding.packs, finding.message, words)
    return structs.replace(finding, message=message, why=words.told(finding.why, *rooms(finding.packs)))


@lru_cache(maxsize=2048)
def _message(rule: str, packs: tuple[str, ...], message: str, words: Catalogue) -> str:
    """The sentence of a rule; that of a row about elements, or what a pack took from another, is looked for last.

    Kept, since a rule that is broken is often broken many times.
    """
    told = words.told(message, *_near(packs))
    if told != message:
        return told
    return _of_elements(rule, packs, message, words) or words.told(message, *rooms(()))


def _of_elements(rule: str, packs: tuple[str, ...], message: str, words: Catalogue) -> str:
    """The sentence of the row about elements that a finding is of; empty if it is of none."""
    for rules in _structures(packs, rule):
        for row in rules.rows_of(rule):
            if rules.sentence(row) == message:
                return demand(rules, row, words)
    return ""


def _structures(packs: Iterable[str], rule: str) -> Iterator[StructureRules]:
    """The rules about elements that may have a rule, the likeliest first."""
    for identifier in packs:
        if identifier in pack_ids():
            for pack in releases(identifier):
                yield from elements(pack, rule)


def demand(rules: StructureRules, row: StructureRow, words: Catalogue) -> str:
    """What a row about elements demands, in a language.

    Args:
        rules: the rules that it is of.
        row: the row.
        words: the language.
    """
    sentence = rules.sentence(row, words.phrases)
    return words.told(sentence, *rooms(())) if sentence == rules.sentence(row) else sentence


def demanded(pack: Pack, identifier: str, sentence: str, language: str) -> str:
    """What a rule demands, in a language.

    Args:
        pack: the pack that has it.
        identifier: its id.
        sentence: the same in English.
        language: one of :data:`~einvoice.rules.catalogue.LANGUAGES`.
    """
    words = catalogue(language)
    told = words.told(sentence, *rooms((pack.id,)))
    if told != sentence:
        return told
    for rules in pack.structure.values():
        rows = rules.rows_of(identifier)
        if rows and rules.explained(identifier) == sentence:
            return " ".join(dict.fromkeys(demand(rules, row, words) for row in rows))
    return sentence


def explained_in(found: Explanation, language: str) -> Explanation:
    """An explanation in a language; what has no translation stays as it is.

    Args:
        found: the explanation, in English.
        language: one of :data:`~einvoice.rules.catalogue.LANGUAGES`.
    """
    words = catalogue(language)
    if language == "en":
        return found
    variants = tuple(_variant(variant, words) for variant in found.variants)
    if found.kind == "rule":
        same = next(
            (new for old, new in zip(found.variants, variants, strict=True) if old.sentence == found.title), None
        )
        title = same.sentence if same else words.told(found.title, *rooms(()))
        text = words.told(_flat(found.text), *rooms(()))
    else:
        title, text = words.told(found.title, "model"), words.told(found.text, "model")
    note = " ".join(words.told(one, "rules") for one in _SENTENCES.split(found.note))
    return structs.replace(found, title=title, text=text, note=note, variants=variants)


def _variant(variant: Variant, words: Catalogue) -> Variant:
    pack = find_pack(variant.pack)
    return structs.replace(
        variant,
        sentence=demanded(pack, variant.id, variant.sentence, words.language),
        text=words.told(_flat(variant.text), *rooms((pack.id,))),
        terms=tuple(structs.replace(term, name=words.told(term.name, "model")) for term in variant.terms),
    )


def _flat(text: str) -> str:
    """A text as catalogues have it: in one line."""
    return " ".join(text.split())


def _open(rule: Undetermined, words: Catalogue) -> Undetermined:
    return structs.replace(rule, reason=words.told(rule.reason, *rooms(rule.packs)))


def _pack(result: PackResult, words: Catalogue) -> PackResult:
    return structs.replace(result, open=words.told(result.open, *rooms((result.id,))))


def _refusal(error: str, file: str, words: Catalogue) -> str:
    """Why a document could not be read; the place in front of it stays."""
    placed = _PLACED.fullmatch(error.removeprefix(file)) if file and error.startswith(file) else None
    place, text = (f"{file}{placed[1]}", placed[2]) if placed else ("", error)
    return place + words.told(text, *HOUSE)
