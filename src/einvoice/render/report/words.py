# SPDX-License-Identifier: Apache-2.0
"""The words of a report in one language, from ``labels/<language>.toml``. The standard library suffices."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from einvoice.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence


@cache
def languages() -> tuple[str, ...]:
    """The languages that a report can be written in, as ISO 639 codes."""
    folder = files(__package__) / "labels"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def words(language: str) -> Words:
    """The words of a language, loaded once.

    Args:
        language: an ISO 639 code, such as ``de``.

    Raises:
        UnknownNameError: there are no words in this language.
    """
    if language not in languages():
        raise UnknownNameError(
            f"reports are not written in the language {language!r}; choose one of {', '.join(languages())}",
            code="UNKNOWN_LANGUAGE",
        )
    return Words(language)


class Words:
    """The words of one language. Immutable once made.

    Args:
        language: an ISO 639 code that ``labels/`` has a file for.
    """

    def __init__(self, language: str) -> None:
        text = (files(__package__) / "labels" / f"{language}.toml").read_text(encoding="utf-8")
        self.language = language
        self.labels: dict[str, dict[str, str]] = tomllib.loads(text)

    def say(self, section: str, key: str, **values: object) -> str:
        """A word or phrase.

        Args:
            section: the section of the file.
            key: the key there.
            values: what stands in its braces.
        """
        text = self.labels[section][key]
        return text.format(**values) if values else text

    def known(self, section: str, key: str) -> str:
        """A word, or its key where there is none."""
        return self.labels[section].get(key, key)

    def count(self, what: str, number: int) -> str:
        """A number of things, such as ``3 warnings``.

        Args:
            what: its key in the section ``count``, without ``_one`` or ``_many``.
            number: how many; not 0.
        """
        return self.say("count", f"{what}_one") if number == 1 else self.say("count", f"{what}_many", number=number)

    def listed(self, names: Sequence[str]) -> str:
        """Names in a row, the last one joined by *and*."""
        return self.say("findings", "and").join(filter(None, (", ".join(names[:-1]), *names[-1:])))
