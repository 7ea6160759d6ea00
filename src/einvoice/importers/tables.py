# SPDX-License-Identifier: Apache-2.0
"""The tables that come with the program: names of countries and units, and the VAT rates of the member states."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

MARK: Final = "@"


class Words(Mapping[str, str]):
    """A table from words to codes: a code means itself, a word means its code in capitals or not.

    What is a code and, in capitals, the word of another one (``STK``: a stick, or German for a piece) means nothing.

    Args:
        codes: the codes of the list.
        table: the words of some of them.
    """

    def __init__(self, codes: Iterable[str], table: dict[str, list[str]]) -> None:
        codes = frozenset(codes)
        self._words = {word.casefold(): code for code, words in table.items() for word in words}
        self.doubtful = {code for code in codes if self._words.get(code.casefold(), code) != code}
        self._codes = {code for code in codes if self._words.get(code.casefold(), code) == code}

    def __getitem__(self, word: str) -> str:
        if word in self._codes:
            return word
        if word in self.doubtful:
            raise KeyError(word)
        return self._words[word.casefold()]

    def __iter__(self) -> Iterator[str]:
        """The words; codes are not listed."""
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((files("einvoice.importers") / "data" / name).read_text(encoding="utf-8"), parse_float=str)


@cache
def tables() -> dict[str, Words]:
    """The tables by the names that a mapping uses, such as ``@country``."""
    made = {}
    for name, table in _file("lookups.toml").items():
        made[f"{MARK}{name}"] = Words(_codes(name), table)
    return made


@cache
def vat_rates() -> dict[str, list[str]]:
    """The VAT rates that a country has, by its code: standard, reduced, and those of the years since 2024."""
    return {country: [str(rate) for rate in rates] for country, rates in _file("vat_rates.toml")["rates"].items()}


def _codes(name: str) -> list[str]:
    """The codes of the code list behind a table, each of which means itself."""
    lists = {"country": "iso-3166-1.csv", "unit": "unece-rec20-21.csv"}
    text = (files("einvoice.codes") / "data" / lists[name]).read_text(encoding="utf-8")
    return [line.partition(",")[0] for line in text.splitlines()[2:]]


def header_words() -> dict[str, dict[str, list[str]]]:
    """What columns are called: for each section and term its words in six languages."""
    return _file("headers.toml")
