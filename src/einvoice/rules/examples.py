# SPDX-License-Identifier: Apache-2.0
"""What breaks a rule, and what repairs that: one example per rule and syntax, shown by the tests to be true.

``tools/rule_examples.py`` writes the file.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.rules.folders import folder_of

if TYPE_CHECKING:
    from einvoice.rules.registry import Family

_COLUMNS: Final = ["id", "syntax", "place", "broken", "repaired"]


class Change(Struct, frozen=True, kw_only=True):
    """One thing in which a document that breaks a rule differs from one that does not.

    Attributes:
        location: where, as an XPath.
        broken: the XML that breaks the rule; empty where something is missing.
        repaired: the XML that does not; empty where nothing may stand.
    """

    location: str
    broken: str
    repaired: str


class Example(Struct, frozen=True, kw_only=True):
    """The smallest thing that breaks a rule, and its repair.

    Attributes:
        syntax: the syntax, ``ubl`` or ``cii``.
        changes: all that the two documents differ in.
    """

    syntax: Family
    changes: tuple[Change, ...]


@cache
def _file() -> dict[tuple[str, str], tuple[Change, ...]]:
    found: dict[tuple[str, str], tuple[Change, ...]] = {}
    with (folder_of("einvoice.rules") / "examples.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            if len(row) == len(_COLUMNS) and row != _COLUMNS:
                rule, syntax, place, broken, repaired = row
                change = Change(location=place, broken=broken, repaired=repaired)
                found[rule, syntax] = (*found.get((rule, syntax), ()), change)
    return found


def examples_of(rule: str) -> tuple[Example, ...]:
    """The examples of a rule: one for each syntax in which something can break it.

    Args:
        rule: its id.
    """
    families: tuple[Family, ...] = ("ubl", "cii")
    return tuple(
        Example(syntax=family, changes=_file()[rule, family]) for family in families if (rule, family) in _file()
    )
