# SPDX-License-Identifier: Apache-2.0
"""A run: so many mutants of a syntax, judged by both, and the smallest example of every way in which they disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis.errors import NoSuchExample

from tests.differential.compare import compared
from tests.differential.invented import invented
from tests.differential.mutations import Mutant, mutants
from tests.differential.smaller import smaller
from tests.differential.sweep import sweep

if TYPE_CHECKING:
    from einvoice.bind.order import Syntax
    from tests.differential.compare import Comparison
    from tests.differential.official import Family, Official

_CALM: Final[dict[str, Any]] = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
SHARES: Final[dict[Syntax, float]] = {"ubl-invoice": 0.35, "ubl-creditnote": 0.2, "cii": 0.45}
"""How the documents of a run are divided among the syntaxes."""
SHRINK_AT_MOST: Final = 400
"""How many documents are tried to make an example smaller."""


@dataclass
class Outcome:
    """What a run found.

    Attributes:
        syntax: the syntax.
        seed: the seed; the same seed makes the same mutants.
        counts: how many mutants there were, by what was said of them.
        fired: how often each id fired officially.
        disagreements: the smallest mutant for every way in which the judges disagree, on documents that the schema
            accepts.
        elsewhere: the same, on documents that the schema refuses.
        shrinks: whether the documents came by chance, so that smaller examples can be looked for.
    """

    syntax: Syntax
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    disagreements: dict[str, tuple[Mutant, Comparison]] = field(default_factory=dict)
    elsewhere: dict[str, tuple[Mutant, Comparison]] = field(default_factory=dict)
    shrinks: bool = True

    @property
    def judged_elsewhere(self) -> int:
        """How many documents that the schema refuses the official judge could judge."""
        return self.counts["schema-invalid"] - self.counts["schema-invalid, official judge died"]

    @property
    def share_elsewhere(self) -> float:
        """The share of these on which the judges agree."""
        judged = self.judged_elsewhere
        return 1 - self.counts["schema-invalid, disagree"] / judged if judged else 1.0

    def note(self, mutant: Mutant, comparison: Comparison) -> None:
        """Count what was said of a mutant."""
        kind = "schema-valid" if comparison.schema_valid else "schema-invalid"
        self.counts["mutants"] += 1
        self.counts[kind] += 1
        if isinstance(comparison.official, str):
            self.counts[f"{kind}, official judge died"] += 1
        else:
            self.fired.update(list(comparison.official))
        if comparison.agrees:
            return
        self.counts[f"{kind}, disagree"] += 1
        into = self.disagreements if comparison.schema_valid or comparison.falsely_green else self.elsewhere
        known = into.get(comparison.signature)
        if known is None or _size(mutant) < _size(known[0]):
            into[comparison.signature] = (mutant, comparison)

    def summary(self) -> str:
        """The counts in a line."""
        counts = ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items()))
        which = f"seed {self.seed}" if self.shrinks else "swept"
        return (
            f"{self.syntax}, {which}: {counts}; agreement on schema-invalid ones {self.share_elsewhere:.1%};"
            f" {len(self.fired)} ids fired"
        )


def _size(mutant: Mutant) -> tuple[int, int]:
    return len(mutant.steps), len(mutant.data)


def family_of(syntax: Syntax) -> Family:
    """The rules that judge a syntax."""
    return "cii" if syntax == "cii" else "ubl"


def explore(official: Official, syntax: Syntax, count: int, start: int) -> Outcome:
    """Judge mutants, all of them, whatever is found.

    Args:
        official: the official judge.
        syntax: the syntax.
        count: how many mutants.
        start: the seed.
    """
    outcome = Outcome(syntax, start)

    @seed(start)
    @settings(max_examples=count, phases=[Phase.generate], **_CALM)
    @given(mutants(syntax))
    def judge(mutant: Mutant) -> None:
        outcome.note(mutant, compared(official, family_of(syntax), mutant.data))

    judge()
    return outcome


def swept(official: Official, syntax: Syntax, base: str) -> Outcome:
    """Judge every single change of a document.

    Args:
        official: the official judge.
        syntax: the syntax.
        base: the name of the document.
    """
    outcome = Outcome(syntax, 0, shrinks=False)
    for mutant in sweep(syntax, base):
        outcome.note(mutant, compared(official, family_of(syntax), mutant.data))
    return outcome


def imagined(official: Official, syntax: Syntax, count: int, start: int) -> Outcome:
    """Judge documents that the schema allows and no program would write.

    Args:
        official: the official judge.
        syntax: the syntax.
        count: how many documents.
        start: the seed.
    """
    outcome = Outcome(syntax, start, shrinks=False)
    for number in range(count):
        mutant = invented(syntax, Random(f"{start} {number}"))  # noqa: S311 -- nothing secret depends on it
        outcome.note(mutant, compared(official, family_of(syntax), mutant.data))
    for signature, (mutant, comparison) in outcome.disagreements.items():
        outcome.disagreements[signature] = _reduced(official, outcome, mutant, comparison)
    return outcome


def _reduced(official: Official, outcome: Outcome, mutant: Mutant, comparison: Comparison) -> tuple[Mutant, Comparison]:
    """A document with all that it can do without taken out; there is nothing to compare it with then."""
    family = family_of(outcome.syntax)

    def shows(data: bytes) -> bool:
        found = compared(official, family, data)
        return found.signature == comparison.signature and found.schema_valid == comparison.schema_valid

    data = smaller(mutant.data, shows, SHRINK_AT_MOST)
    steps = (*mutant.steps, "made smaller")
    return Mutant(base=mutant.base, before=b"<nothing/>", data=data, steps=steps), compared(official, family, data)


def smallest(official: Official, outcome: Outcome, signature: str) -> tuple[Mutant, Comparison]:
    """The smallest mutant that shows a disagreement, as far as Hypothesis finds one.

    Args:
        official: the official judge.
        outcome: the run that found it.
        signature: which of its disagreements.
    """
    mutant, comparison = outcome.disagreements[signature]
    family = family_of(outcome.syntax)

    def shows(candidate: Mutant) -> bool:
        found = compared(official, family, candidate.data)
        return found.signature == signature and found.schema_valid == comparison.schema_valid

    total = outcome.counts["mutants"] + SHRINK_AT_MOST
    chance = Random(outcome.seed)  # noqa: S311 -- nothing secret depends on it
    try:
        best = find(mutants(outcome.syntax), shows, random=chance, settings=settings(max_examples=total, **_CALM))
    except NoSuchExample:
        return mutant, comparison
    return min((best, compared(official, family, best.data)), (mutant, comparison), key=lambda pair: _size(pair[0]))


def report(official: Official, outcome: Outcome, *, most: int = 3) -> str:
    """The disagreements of a run for people, the first ones with the smallest example that Hypothesis finds.

    Args:
        official: the official judge.
        outcome: the run.
        most: how many are made smaller.
    """
    parts = [outcome.summary()]
    for place, signature in enumerate(sorted(outcome.disagreements)):
        mutant, comparison = outcome.disagreements[signature]
        if outcome.shrinks and place < most:
            mutant, comparison = smallest(official, outcome, signature)
        parts.append(f"{'=' * 100}\n{mutant!r}\n{comparison.explained(mutant.before)}")
    return "\n\n".join(parts)
