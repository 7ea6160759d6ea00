# SPDX-License-Identifier: Apache-2.0
"""What the rooms of the house say, in another language.

English is what the code says; it needs no catalogue. A room that says something has a file for every other language
beside its code, ``<language>.toml``: ``"English sentence." = "Deutscher Satz."``. It is read when something is asked
of that room in that language, and then kept.

What has values in it is a template on both sides: ``"it starts on {date}" = "er beginnt am {date}"``. A text is
recognised by what stands around its values. ``{what!t}`` in the translation: what stands there is translated in turn.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.errors import UnknownNameError
from einvoice.rules.wording import ENGLISH, Phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES: Final = ("en", "de", "fr")
"""The languages that everything is said in."""
ELEMENTS: Final = "elements"
"""The table with the phrases of :mod:`einvoice.rules.wording`."""
WORDS: Final = "words"
"""The table with what :meth:`Catalogue.say` says."""
PARTS: Final = "parts"
"""The table with what stands within texts."""
_PLACEHOLDER: Final = re.compile(r"\{(\w+)(!t)?\}")
_NESTED: Final = 4
"""So often a value of a text is a text that is translated."""


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language.

    Args:
        language: one of :data:`LANGUAGES`.

    Raises:
        UnknownNameError: there is none in this language.
    """
    if language not in LANGUAGES:
        raise UnknownNameError(
            f"there is no language {language!r}; choose one of {', '.join(LANGUAGES)}", code="UNKNOWN_LANGUAGE"
        )
    return Catalogue(language)


class Catalogue:
    """What is said in one language.

    Args:
        language: an ISO 639 code.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._rooms: dict[str, Room] = {}

    def room(self, folder: str) -> Room:
        """What one room says; nothing in English, which is what the code says.

        Args:
            folder: its folder below the package, such as ``rules/en16931``.
        """
        if folder not in self._rooms:
            tables = {} if self.language == "en" else read(folder, self.language)
            self._rooms[folder] = Room(tables)
        return self._rooms[folder]

    @cached_property
    def phrases(self) -> Phrases:
        """How rows about the elements of documents are worded."""
        if self.language == "en":
            return ENGLISH
        return msgspec.convert(self.room("rules").tables[ELEMENTS], Phrases)

    def told(self, text: str, *folders: str) -> str:
        """A text in this language; as it is, if no room has it.

        Args:
            text: what the code says in English.
            folders: the rooms that may have said it, the likeliest first.
        """
        if self.language == "en" or not any(map(str.isalpha, text)):
            return text
        return next(self._found(text, folders, 0), text)

    def say(self, folder: str, text: str, **values: object) -> str:
        """A text with values in it, from whoever has both.

        Args:
            folder: the room that says it; it has the translation in the table ``[words]``.
            text: the text in English, names of values in braces.
            values: the values.
        """
        spoken: str = self.room(folder).tables.get(WORDS, {}).get(text, text)
        return spoken.format(**values) if values else spoken

    def knows(self, text: str, *folders: str) -> bool:
        """Whether a room has a text in this language; one without words needs none.

        Args:
            text: what the code says in English.
            folders: the rooms.
        """
        return self.language == "en" or not any(map(str.isalpha, text)) or any(self._found(text, folders, 0))

    def _found(self, text: str, folders: tuple[str, ...], depth: int) -> Iterator[str]:
        for folder in folders:
            room = self.room(folder)
            for texts in (room.parts, room.said) if depth else (room.said,):
                yield from (exact for exact in [texts.exact.get(text)] if exact is not None)
                for template in texts.templates:
                    values = template.values(text)
                    if values is not None:
                        yield self._filled(template, values, (folder, *folders), depth)

    def _filled(self, template: Template, values: dict[str, str], folders: tuple[str, ...], depth: int) -> str:
        def value(match: re.Match[str]) -> str:
            said = values[match[1]]
            return next(self._found(said, folders, depth + 1), said) if match[2] and depth < _NESTED else said

        return _PLACEHOLDER.sub(value, template.translation)


class Room:
    """What one room says in one language.

    Args:
        tables: its file.

    Attributes:
        tables: its file.
        said: what it says.
        parts: what stands in that; such a word or two is only looked for there.
    """

    def __init__(self, tables: dict[str, dict[str, Any]]) -> None:
        self.tables = tables
        spoken = [table for name, table in tables.items() if name not in (ELEMENTS, PARTS, WORDS)]
        self.said = Texts({english: text for table in spoken for english, text in table.items()})
        self.parts = Texts(tables.get(PARTS, {}))


class Texts:
    """English texts and their translations.

    Args:
        texts: the texts.

    Attributes:
        exact: those that have no values in them.
        templates: the others, those with most words of their own first.
    """

    def __init__(self, texts: dict[str, str]) -> None:
        self.exact = {english: text for english, text in texts.items() if not _PLACEHOLDER.search(english)}
        made = [Template(english, text) for english, text in texts.items() if english not in self.exact]
        self.templates = sorted(made, key=lambda template: -template.words)


class Template:
    """A text with values in it, and its translation.

    A text is compared from left to right, and each value is as short as it can be. So it takes a time that is
    proportional to the text, whatever stands in it.

    Args:
        english: the text; values are named in braces.
        translation: the translation with the same names.
    """

    def __init__(self, english: str, translation: str) -> None:
        self.english, self.translation = english, translation
        parts = _PLACEHOLDER.split(english)
        self.literals, self.names = parts[::3], parts[1::3]
        self.words = sum(map(len, self.literals))

    def values(self, text: str) -> dict[str, str] | None:
        """The values in a text, by name; ``None`` if it is not of this template.

        Args:
            text: the text.
        """
        first, last = self.literals[0], self.literals[-1]
        if not text.startswith(first) or not text.endswith(last) or len(text) < self.words:
            return None
        at, end, found = len(first), len(text) - len(last), []
        for literal in self.literals[1:-1]:
            stop = text.find(literal, at, end)
            if stop < 0:
                return None
            found.append(text[at:stop])
            at = stop + len(literal)
        return dict(zip(self.names, [*found, text[at:end]], strict=True)) if at <= end else None


def read(folder: str, language: str) -> dict[str, dict[str, Any]]:
    """The file of a room in a language; nothing where the room has none.

    Args:
        folder: its folder below the package.
        language: an ISO 639 code.
    """
    import tomllib  # noqa: PLC0415 -- English needs no catalogue, and pays for none

    file = Path(__file__).parents[1].joinpath(*folder.split("/"), f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
