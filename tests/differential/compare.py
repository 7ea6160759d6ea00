# SPDX-License-Identifier: Apache-2.0
"""Two judges on one document: what one says and the other does not, told so that it can be repaired."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from einvoice import validate
from einvoice.rules import find_pack
from tests.differential.official import PACK, rules
from tests.differential.trees import outline

if TYPE_CHECKING:
    from einvoice.rules import Report
    from tests.differential.official import Family, Official

_SCHEMA = "XSD"
_TEST = 1_000  # characters of an official expression that a report shows


@dataclass(frozen=True)
class Comparison:
    """What two judges say of a document.

    Attributes:
        family: whose rules, ``ubl`` or ``cii``.
        data: the document.
        official: the ids that fire officially, with their flags; a sentence where the official judge died.
        ours: the ids that fire here, with their severities.
        undetermined: the ids that could not be judged here, with the reason.
        verdict: our verdict.
        schema_valid: whether the official schema accepts the document.
    """

    family: Family
    data: bytes
    official: dict[str, str] | str
    ours: dict[str, str]
    undetermined: dict[str, str]
    verdict: str
    schema_valid: bool

    @property
    def missed(self) -> frozenset[str]:
        """The ids that fire officially only; without those that we say we do not judge."""
        if isinstance(self.official, str):
            return frozenset()
        return frozenset(self.official.keys() - self.ours.keys()).difference(unjudged(self.family))

    @property
    def extra(self) -> frozenset[str]:
        """The ids that fire here only."""
        return frozenset() if isinstance(self.official, str) else frozenset(self.ours.keys() - self.official.keys())

    @property
    def other_severity(self) -> frozenset[str]:
        """The ids that fire with different severities."""
        if isinstance(self.official, str):
            return frozenset()
        return frozenset(one for one in self.ours.keys() & self.official.keys() if self.ours[one] != self.official[one])

    @property
    def open(self) -> frozenset[str]:
        """The ids that we could not judge where the official judge could."""
        return frozenset() if isinstance(self.official, str) else frozenset(self.undetermined)

    @property
    def falsely_green(self) -> bool:
        """Whether we call valid what the official judge could not judge."""
        return isinstance(self.official, str) and self.verdict == "valid"

    @property
    def agrees(self) -> bool:
        """Whether both say the same. Of a document that the schema refuses, not everything has to be judged here."""
        same = not (self.missed or self.extra or self.other_severity or self.falsely_green)
        return same and not (self.schema_valid and self.open)

    @property
    def signature(self) -> str:
        """What they disagree in, in a word per id."""
        marks = {"missed": self.missed, "extra": self.extra, "severity": self.other_severity, "open": self.open}
        said = [f"{mark} {' '.join(sorted(ids))}" for mark, ids in marks.items() if ids]
        return "; ".join(said + ["valid where the official judge dies"] * self.falsely_green)

    def explained(self, before: bytes) -> str:
        """The disagreement for people: what changed in the document, who says what, and the official expressions.

        Args:
            before: the document that both judges agreed on.
        """
        diff = difflib.unified_diff(outline(before), outline(self.data), "clean", "changed", n=2, lineterm="")
        parts = [f"{self.signature} (schema: {'valid' if self.schema_valid else 'violated'})", "", *diff, ""]
        if isinstance(self.official, str):
            parts.append(f"official: {self.official}")
        for identifier in sorted(self.missed | self.extra | self.other_severity | self.open):
            if identifier in self.undetermined:
                parts.append(f"{identifier} is undetermined here: {self.undetermined[identifier]}")
            parts += [
                f"{identifier} officially ({one.flag}, line {one.line}): {one.context}\n    {one.test[:_TEST]}"
                for one in rules(self.family).get(identifier, ())
            ]
        return "\n".join(parts)


@cache
def unjudged(family: Family) -> frozenset[str]:
    """The published ids that the pack says it does not judge.

    Args:
        family: ``ubl`` or ``cii``.
    """
    return frozenset(find_pack(PACK).not_implemented(family))


def compared(official: Official, family: Family, data: bytes) -> Comparison:
    """Let both judges say what they think of a document.

    Args:
        official: the official judge.
        family: ``ubl`` or ``cii``.
        data: the document.
    """
    report = validate(data, packs=PACK)
    return Comparison(
        family=family,
        data=data,
        official=official.judge(family, data),
        ours=_fired(report),
        undetermined={one.rule: one.reason for one in report.undetermined},
        verdict=report.verdict,
        schema_valid=all(one.rule != _SCHEMA for one in report.findings),
    )


def _fired(report: Report) -> dict[str, str]:
    return {one.rule: one.severity for one in report.findings if one.rule != _SCHEMA}
