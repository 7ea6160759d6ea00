# SPDX-License-Identifier: Apache-2.0
"""Comparing a pack with its publisher: spoiled documents, judged by both; of every disagreement the smallest one."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from lxml import etree

from einvoice import validate
from einvoice.bind import open_document
from einvoice.bind.handover import serialised
from tests.differential.mutations import Mutant, mutants
from tests.differential.packs import artefact, assertions, words
from tests.differential.saxon import fired
from tests.differential.sweep import changed
from tests.differential.trees import Tree, leaves, outline, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hypothesis.strategies import DrawFn

    from einvoice.bind.order import Syntax
    from einvoice.official.engine import Engine
    from tests.differential.packs import Target

_CALM: Final[dict[str, Any]] = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
_SCHEMA: Final = "XSD"
_UNUSED: Final = "FX-UNUSED"
_NAMELESS: Final = ("", "None")
_TEST: Final = 800
"""Characters of an official expression that a report shows."""


@st.composite
def spoiled(
    draw: DrawFn, syntax: Syntax, own: Mapping[str, bytes], said: Mapping[str, tuple[str, ...]], broad: str = ""
) -> Mutant:
    """Changed documents, some of them with texts that the rules of the pack are about.

    Args:
        draw: given by Hypothesis.
        syntax: the syntax.
        own: the documents that are changed, by name.
        said: texts by the local names of the elements and attributes that they are for.
        broad: the name of the document that is changed less often than the others: it is large.
    """
    small = {name: data for name, data in own.items() if name != broad} or dict(own)
    chosen = dict(own) if draw(st.integers(0, 4)) == 0 else small
    mutant = draw(mutants(syntax, chosen))
    tree, steps = Tree(mutant.data), list(mutant.steps)
    steps.extend(_word(draw, tree, said) for _ in range(draw(st.integers(0, 2))))
    return Mutant(base=mutant.base, before=mutant.before, data=tree.bytes(), steps=tuple(steps))


def _word(draw: DrawFn, tree: Tree, said: Mapping[str, tuple[str, ...]]) -> str:
    """An element or attribute says what a rule looks for in its like."""
    places: list[tuple[etree._Element, str, str]] = [
        (leaf, "", name) for leaf in leaves(tree) if (name := str(etree.QName(leaf).localname)) in said
    ]
    places += [(one, str(name), str(name)) for one in tree.elements() for name in one.attrib if str(name) in said]
    if not places:
        return "no words"
    element, attribute, name = places[draw(st.integers(0, len(places) - 1))]
    text = draw(st.sampled_from(said[name]))
    text = draw(st.sampled_from((text, text, text, f"{element.text or ''}{text}", f"{text}1", text.lower())))
    if attribute:
        element.set(attribute, text)
    else:
        element.text = text
    return f"{path_of(element)}{'/@' if attribute else ''}{attribute} = {text[:60]!r}"


@dataclass(frozen=True)
class Said:
    """What both judges say of a document.

    Attributes:
        data: the document.
        official: the ids that fire officially, with their flags; a sentence where the official judge died.
        ours: the ids that fire here, with their severities.
        open: the ids that could not be judged here, with the reason.
        verdict: our verdict.
        schema_valid: whether the official schema of the syntax accepts the document.
    """

    data: bytes
    official: dict[str, str] | str
    ours: dict[str, str]
    open: dict[str, str]
    verdict: str
    schema_valid: bool

    @property
    def signature(self) -> str:
        """What they disagree in, in a word per id; empty if they agree.

        Rules without an id share one name here, and differ in their levels.
        """
        if isinstance(self.official, str):
            return "valid where the official judge dies" if self.verdict == "valid" else ""
        common = self.ours.keys() & self.official.keys()
        kinds = {
            "missed": self.official.keys() - self.ours.keys(),
            "extra": self.ours.keys() - self.official.keys(),
            "severity": {one for one in common - {_UNUSED} if self.ours[one] != self.official[one]},
            "open": self.open.keys() if self.schema_valid else set(),
        }
        return "; ".join(f"{kind} {' '.join(sorted(ids))}" for kind, ids in kinds.items() if ids)


def compared(engine: Engine, target: Target, syntax: Syntax, data: bytes) -> Said:
    """Let both judges say what they think of a document.

    Args:
        engine: runs the official stylesheets.
        target: the pack.
        syntax: the syntax.
        data: the document.
    """
    report = validate(data, packs=target.pack)
    mine = {one.rule: one.severity for one in report.findings if target.id in one.packs}
    return Said(
        data=data,
        official=_officially(engine, target, syntax, data),
        ours=dict(mine),
        open={one.rule: one.reason for one in report.undetermined},
        verdict=report.verdict,
        schema_valid=all(one.rule != _SCHEMA for one in report.findings),
    )


def _officially(engine: Engine, target: Target, syntax: Syntax, data: bytes) -> dict[str, str] | str:
    found: dict[str, str] = {}
    for sheet in artefact(target, syntax).sheets:
        done = engine.run(sheet, serialised(open_document(data)))
        if done.report is None:
            return done.error
        found |= fired(done.report.partition("?>")[2] if done.report.startswith("<?xml") else done.report)
    return {_UNUSED if name in _NAMELESS else name: flag for name, flag in found.items()}


@dataclass
class Outcome:
    """What a run found.

    Attributes:
        pack: the pack.
        syntax: the syntax.
        counts: how many documents there were, by what was said of them.
        fired: how often each id fired officially.
        disagreements: the smallest document for every way in which the judges disagree, where the schema accepts it.
        elsewhere: the same, where it does not.
    """

    pack: str
    syntax: Syntax
    counts: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    disagreements: dict[str, tuple[Mutant, Said]] = field(default_factory=dict)
    elsewhere: dict[str, tuple[Mutant, Said]] = field(default_factory=dict)

    def note(self, mutant: Mutant, said: Said) -> None:
        """Count what was said of a document."""
        kind = "schema-valid" if said.schema_valid else "schema-invalid"
        self.counts[kind] += 1
        if isinstance(said.official, str):
            self.counts[f"{kind}, official judge died"] += 1
        else:
            self.fired.update(list(said.official))
        if not said.signature:
            return
        self.counts[f"{kind}, disagree"] += 1
        into = self.disagreements if said.schema_valid or isinstance(said.official, str) else self.elsewhere
        known = into.get(said.signature)
        if known is None or (len(mutant.steps), len(mutant.data)) < (len(known[0].steps), len(known[0].data)):
            into[said.signature] = (mutant, said)

    def summary(self) -> str:
        """The counts in a line."""
        counts = ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items()))
        return f"{self.pack} {self.syntax}: {counts}; {len(self.fired)} ids fired"


def explore(engine: Engine, name: str, target: Target, syntax: Syntax, count: int, start: int) -> Outcome:
    """Judge documents that were spoiled at random.

    Args:
        engine: runs the official stylesheets.
        name: the name of the pack in the table of targets.
        target: the pack.
        syntax: the syntax.
        count: how many documents.
        start: the seed; the same seed makes the same documents.
    """
    outcome = Outcome(target.pack, syntax)
    told = words(name, syntax)

    @seed(start)
    @settings(max_examples=count, phases=[Phase.generate], **_CALM)
    @given(spoiled(syntax, target.bases(syntax), told, target.broad.get(syntax, "")))
    def judge(mutant: Mutant) -> None:
        outcome.note(mutant, compared(engine, target, syntax, mutant.data))

    judge()
    return outcome


def swept(engine: Engine, target: Target, syntax: Syntax, base: str, step: int = 1) -> Outcome:
    """Judge every single change of a document.

    Args:
        engine: runs the official stylesheets.
        target: the pack.
        syntax: the syntax.
        base: the name of the document.
        step: every so many-th change is judged.
    """
    outcome = Outcome(target.pack, syntax)
    for mutant in changed(base, target.bases(syntax)[base], step=step):
        outcome.note(mutant, compared(engine, target, syntax, mutant.data))
    return outcome


def told(target: Target, outcome: Outcome, found: Mapping[str, tuple[Mutant, Said]] | None = None) -> str:
    """The disagreements of a run for people.

    Args:
        target: the pack.
        outcome: the run.
        found: which ones; those on documents that the schema accepts if not given.
    """
    shown = outcome.disagreements if found is None else found
    parts = [outcome.summary()]
    for signature in sorted(shown):
        mutant, said = shown[signature]
        diff = difflib.unified_diff(outline(mutant.before), outline(said.data), "before", "after", n=3, lineterm="")
        ids = {one for part in signature.split("; ") for one in part.split()[1:]}
        rules = [
            f"{rule.id}: {rule.context}\n    {rule.test[:_TEST]}"
            for rule in assertions(artefact(target, outcome.syntax))
            if (rule.id or _UNUSED) in ids and rule.id
        ]
        why = [f"{one} is undetermined here: {said.open[one]}" for one in ids if one in said.open]
        died = [f"official: {said.official}"] if isinstance(said.official, str) else []
        parts.append("\n".join([f"{'=' * 100}\n{signature}", repr(mutant), "", *diff, "", *rules, *why, *died]))
    return "\n\n".join(parts)


def seen(outcomes: Iterable[Outcome]) -> frozenset[str]:
    """The ids that fired officially in some runs.

    Args:
        outcomes: the runs.
    """
    return frozenset(one for outcome in outcomes for one in outcome.fired)
