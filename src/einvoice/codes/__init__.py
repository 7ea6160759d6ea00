# SPDX-License-Identifier: Apache-2.0
"""The code lists that EN 16931-1 and its extensions name, as publishers' rules take them: one file each in ``data``.

The first line of each file says where the list comes from, which edition it is and when it was taken; then one code
per row: ``code,name,only``. ``name`` is ours, and empty where the code speaks for itself or its meaning is long;
``only`` is ``ubl`` or ``cii`` where the publisher's rules take the code in that syntax alone.

The files hold one edition. Another one is a file in ``data/editions`` with what differs, and no copy: one code per row,
``list,change,code,name,only``, ``change`` being ``+`` for a code that the edition has beside, or in other syntaxes, and
``-`` for one that it has not. Whoever judges by an edition names it.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

from einvoice.errors import UnknownNameError

__all__ = ["codes", "editions", "is_code", "lists", "name_of", "source_of"]

_DATA: Final = Path(__file__).parent / "data"
"""Beside the code; :mod:`importlib.resources` would load a dozen modules for what a path says."""


@cache
def lists() -> tuple[str, ...]:
    """The names of all code lists, such as ``iso-4217``."""
    found = (entry.name.removesuffix(".csv") for entry in _DATA.iterdir() if entry.name.endswith(".csv"))
    return tuple(sorted(name for name in found if _lines(name)[1] == "code,name,only"))


@cache
def editions() -> tuple[str, ...]:
    """The editions that differ from the one in the files, such as ``en16931-1.3.17``."""
    return tuple(sorted(entry.name.removesuffix(".csv") for entry in _editions().iterdir() if entry.is_file()))


@cache
def codes(name: str, syntax: str | None = None, edition: str = "") -> frozenset[str]:
    """The codes of a list.

    Args:
        name: the list, such as ``untdid-5305``.
        syntax: ``ubl`` or ``cii``: the codes that the publisher's rules take there; ``None`` for all of them.
        edition: the edition, such as ``en16931-1.3.17``; empty for the one in the files.

    Raises:
        UnknownNameError: there is no such list, or no such edition.
    """
    found = {code: only for code, _, only in _rows(name)}
    for changed, change, code, _, only in _changes(edition):
        if changed == name and change == "+":
            found[code] = only
        elif changed == name:
            found.pop(code, None)
    return frozenset(code for code, only in found.items() if not only or syntax is None or only == syntax)


def is_code(value: str, name: str, syntax: str | None = None) -> bool:
    """Whether a value is a code of a list. White space around it does not count, upper and lower case do.

    Args:
        value: the value as it stands in the invoice.
        name: the list, such as ``iso-4217``.
        syntax: ``ubl`` or ``cii``, see :func:`codes`.

    Raises:
        UnknownNameError: there is no such list.
    """
    return value.strip(" \t\r\n") in codes(name, syntax)


@cache
def _names(name: str) -> dict[str, str]:
    beside = [
        (code, meaning) for one in editions() for changed, _, code, meaning, _ in _changes(one) if changed == name
    ]
    return {
        code: meaning for code, meaning in [*beside, *((code, meaning) for code, meaning, _ in _rows(name))] if meaning
    }


def name_of(code: str, name: str) -> str | None:
    """What a code means, in our words; ``None`` where the list holds no name for it.

    Args:
        code: the code.
        name: the list, such as ``untdid-4461``.

    Raises:
        UnknownNameError: there is no such list.
    """
    return _names(name).get(code)


def source_of(name: str, edition: str = "") -> str:
    """Where a list comes from: source, edition, date.

    Args:
        name: the list, such as ``vatex``.
        edition: the edition; empty for the one in the files.

    Raises:
        UnknownNameError: there is no such list, or no such edition.
    """
    lines = _changed(edition) if edition and any(row[0] == name for row in _changes(edition)) else _lines(name)
    return lines[0].removeprefix("#").strip()


def _lines(name: str) -> list[str]:
    file = _DATA / f"{name}.csv"
    if not file.is_file():
        raise UnknownNameError(f"there is no code list {name!r}", code="CODE_LIST")
    return file.read_text(encoding="utf-8").splitlines()


def _rows(name: str) -> list[list[str]]:
    return list(csv.reader(_lines(name)[2:]))


def _editions() -> Path:
    return _DATA / "editions"


def _changed(edition: str) -> list[str]:
    file = _editions() / f"{edition}.csv"
    if not file.is_file():
        raise UnknownNameError(f"there is no edition {edition!r} of the code lists", code="CODE_LIST")
    return file.read_text(encoding="utf-8").splitlines()


@cache
def _changes(edition: str) -> tuple[tuple[str, ...], ...]:
    """What differs in an edition: list, change, code, name, syntax."""
    return tuple(tuple(row) for row in csv.reader(_changed(edition)[2:])) if edition else ()
