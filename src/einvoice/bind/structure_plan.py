# SPDX-License-Identifier: Apache-2.0
"""Rows about structure, compiled into the states of one walk.

Every row is entered into a trie of names: those of its context lead to the rows of that context, those of its path to
the question itself. The walk is in several places of these tries at once. Such a set of places is a state; what an
element of a name leads to from a state is looked up once and kept, so that a document costs one dictionary access per
element, however many rows there are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from einvoice.bind.structure_checks import BARREN, LEFT, Check
from einvoice.bind.structure_paths import ending, tag_of, values_of
from einvoice.model.parts import UnjudgeableError
from einvoice.model.structure import GrammarError, condition, divided, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.bind.structure_paths import Values
    from einvoice.model.parts import Part
    from einvoice.model.structure import Operand, Section, Step, Structure, StructureRow

    Choice = tuple[Operand, tuple[str, ...]]

_MOST_STATES: Final = 4096
_MOST_NAMES: Final = 512
_MOST_PLANS: Final = 64
_LONGEST: Final = 64
"""Children of an element whose names are kept."""
_COMMON: Final = frozenset(["currencyID", "unitCode", "schemeID", "listID", "format", "mimeCode", "filename", "name"])


class Node:
    """One place in a trie.

    Attributes:
        below: tag -> the place that an element of that name leads to.
        checks: what is asked of an element that is here.
        attributes: attribute -> what is asked where it stands.
        contexts: the contexts that an element here is.
    """

    __slots__ = ("attributes", "below", "checks", "contexts")

    def __init__(self) -> None:
        self.below: dict[str, Node] = {}
        self.checks: list[Check] = []
        self.attributes: dict[str, list[Check]] = {}
        self.contexts: list[Context] = []

    def along(self, path: Iterable[Step]) -> list[Node]:
        """The places that a path leads to, made as needed."""
        found = [self]
        for step in path:
            tags = [tag_of(name) for name in step.names]
            found = [node.below.get(tag) or node.below.setdefault(tag, Node()) for node in found for tag in tags]
        return found


class Context:
    """The elements that some rows are asked of.

    Attributes:
        place: its precedence.
        group: the structure that it is of; contexts take elements only from those of the same.
        text: its condition; empty for none.
        beside: whether it sees its elements whatever other contexts they have.
        node: where the paths of its rows begin.
        leaving: what is asked of it when all that it holds was met.
        counting: what is asked of its children by their names alone, and of its attributes by theirs.
        barren: what is asked of it if it holds no elements.
        opens: whether something is to be remembered while its content is met.
        choices: paths in its condition, each with the texts of which one has to stand there.
    """

    __slots__ = ("barren", "beside", "choices", "counting", "group", "leaving", "node", "opens", "place", "text")

    def __init__(self, place: int, group: int, text: str, *, beside: bool) -> None:
        self.place = place
        self.group = group
        self.text = text
        self.beside = beside
        self.node = Node()
        self.leaving: list[Check] = []
        self.counting: list[Check] = []
        self.barren: list[Check] = []
        self.opens = False
        self.choices = _choices_in(text) if text else ()


class State(dict[object, "State"]):
    """What is known of an element by the names that lead to it; as a mapping, the states of its children, by tag.

    Attributes:
        nodes: the places of the tries.
        checks: what is asked of the element.
        attributes: attribute -> what is asked where it stands.
        leaving: what is asked when all that it holds was met.
        choices: the same, where it depends on what the element says at a path: what that is, and text -> what is asked.
        counted: what is asked of the names of its children.
        fitting: names of children, in their order, that were found to answer that.
        wanted: attributes that have to be there, each with what asks for it.
        ends: whether anything is asked when all that it holds was met, beside the names of its children.
        barren: what is asked if it holds no elements.
        opens: whether something is to be remembered while its content is met.
        unasked: common attributes of which nothing is asked here.
        silent: whether an element without elements in it is asked nothing but its attributes, ``said`` and ``places``.
        said: whether such an element is asked for a text.
        mute: whether it is asked nothing but its attributes.
        full: whether it is asked for anything else, as one without elements in it.
        places: the fewest decimals that a number may have, where the checks are of nothing else; else ``None``.
        open: whether an element with elements in it is asked nothing but its attributes and the names of its children.
    """

    __slots__ = (
        "attributes",
        "barren",
        "checks",
        "choices",
        "counted",
        "ends",
        "fitting",
        "full",
        "leaving",
        "mute",
        "nodes",
        "open",
        "opens",
        "places",
        "plan",
        "said",
        "silent",
        "unasked",
        "wanted",
    )

    def __init__(self, plan: Plan, nodes: frozenset[Node], contexts: Iterable[Context]) -> None:
        super().__init__()
        self.plan = plan
        self.nodes = nodes
        self.checks = _in_order(check for node in nodes for check in node.checks)
        self.attributes: dict[str, tuple[Check, ...]] = {}
        for node in (*nodes, plan.anywhere):
            for name, checks in node.attributes.items():
                self.attributes[name] = _in_order((*self.attributes.get(name, ()), *checks))
        contexts = tuple(contexts)
        self.leaving = _in_order(check for one in contexts if not one.choices for check in one.leaving)
        self.choices = _choices([one for one in contexts if one.choices and one.leaving])
        counting = _in_order(check for context in contexts for check in context.counting)
        self.counted = tuple(check for check in counting if check.tag)
        self.wanted = tuple((check.wanted, check) for check in counting if check.wanted)
        self.ends = bool(self.leaving or self.choices or self.wanted)
        self.fitting: set[tuple[object, ...]] = set()
        self.barren = _in_order(check for context in contexts for check in context.barren)
        self.opens = any(context.opens for context in contexts)
        self.unasked = frozenset(_COMMON.difference(self.attributes))
        self.said = any(check.kind == "said" for check in self.barren)
        self.full = bool(self.counted) or any(check.kind != "said" for check in self.barren)
        decimals = all(check.kind == "decimals" for check in self.checks)
        self.places = min(check.number for check in self.checks) if self.checks and decimals else None
        self.silent = not (self.full or self.ends) and decimals
        self.mute = self.silent and not self.said and self.places is None
        self.open = not (self.opens or self.checks or self.ends)

    def __missing__(self, tag: object) -> State:
        state = self.plan.after(self.nodes, str(tag))
        if len(self) < _MOST_NAMES:
            self[tag] = state
        return state

    def miscounted(self, tags: tuple[object, ...]) -> list[tuple[Check, int]]:
        """What an element whose children are called so has too many or too few of; that it has neither is kept.

        Args:
            tags: the names of the children, in their order.
        """
        counts = [(check, tags.count(check.tag)) for check in self.counted]
        found = [(check, count) for check, count in counts if not check.fits(count)]
        if not found and len(self.fitting) < _MOST_NAMES and len(tags) <= _LONGEST:
            self.fitting.add(tags)
        return found


def _choices_in(text: str) -> tuple[Choice, ...]:
    """The comparisons in a condition that have to hold, and that one look at the element answers for many contexts."""
    choices = condition(text)
    if len(choices) > 1:
        return ()
    told = (term for term in choices[0] if term.operator == "=" and term.values and not term.negated)
    return tuple((term.operand, term.values) for term in told)


def _choices(contexts: Iterable[Context]) -> tuple[tuple[Values, dict[str, tuple[Check, ...]]], ...]:
    """What is asked when all was met, by what the element says at a path: at the one that divides them most."""
    told: dict[Operand, set[str]] = {}
    for operand, texts in (choice for context in contexts for choice in context.choices):
        told.setdefault(operand, set()).update(texts)
    found: dict[Operand, dict[str, list[Check]]] = {}
    for context in contexts:
        operand, texts = max(context.choices, key=lambda choice: len(told[choice[0]]))
        for text in texts:
            found.setdefault(operand, {}).setdefault(text, []).extend(context.leaving)
    return tuple(
        (values_of(operand), {text: _in_order(checks) for text, checks in by_text.items()})
        for operand, by_text in found.items()
    )


def _in_order(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Checks in the order of the rows, so that a document is always answered in the same way."""
    return tuple(sorted(checks, key=lambda check: check.place))


class Plan:
    """The walk that asks some rows.

    Attributes:
        start: the state before the first element.
        anywhere: where the paths after ``//`` begin.
    """

    def __init__(self, *structures: Iterable[StructureRow]) -> None:
        self._top = Node()
        self._any = Node()
        self._endings: list[tuple[str, str, Context]] = []
        self._contexts: dict[tuple[int, str], Context] = {}
        self._states: dict[frozenset[Node], State] = {}
        self.anywhere = Node()
        every = [(group, row) for group, rows in enumerate(structures) for row in rows]
        for place, (group, row) in enumerate(every):
            self._enter(row, place, group)
        self.start = State(self, frozenset([self._top]), ())

    def after(self, nodes: frozenset[Node], tag: str) -> State:
        """The state of an element.

        Args:
            nodes: the places of its parent.
            tag: its name.
        """
        found = {below for node in (*nodes, self._any, self.anywhere) if (below := node.below.get(tag)) is not None}
        contexts = [context for node in found for context in node.contexts]
        contexts += [one for begins, ends, one in self._endings if tag.startswith(begins) and tag.endswith(ends)]
        contexts = [one for group in {one.group for one in contexts} for one in _asking(contexts, group)]
        contexts.sort(key=lambda context: context.place)  # what is found comes in the same order in every run
        places = frozenset(found).union(context.node for context in contexts)
        state = self._states.get(places)
        if state is None:
            if len(self._states) >= _MOST_STATES:  # only a document made for it gets here
                self._states.clear()
                self.start.clear()
            state = self._states[places] = State(self, places, contexts)
        return state

    def _enter(self, row: StructureRow, place: int, group: int) -> None:
        context = self._contexts.get((group, row.context))
        if context is None:
            context = self._contexts[group, row.context] = self._new_context(row.context, group)
        anywhere = row.path.startswith("//")
        path = () if row.test == "true" else steps(row.path[2:] if anywhere else row.path)
        check = Check(row, place, context.text, path, anywhere=anywhere)
        if check.tag or check.wanted:
            context.counting.append(check)
            return
        chosen = bool(context.choices) and (check.kind == "asked" or bool(check.refused))
        if chosen or check.kind in LEFT:
            context.leaving.append(check)
        elif check.kind in BARREN:
            context.barren.append(check)
        if chosen or check.kind == "true" or check.kind in BARREN:
            return
        context.opens |= check.remembers
        for node in (self.anywhere if anywhere else context.node).along(path[:-1] if check.attribute else path):
            if check.attribute:
                node.attributes.setdefault(check.attribute, []).append(check)
            else:
                node.checks.append(check)

    def _new_context(self, text: str, group: int) -> Context:
        names = text.removeprefix("& ")
        patterns = [(pattern, steps(pattern.removeprefix("/"))) for pattern in divided(names, " | ")]
        conditions = {path[-1].condition for _, path in patterns}
        if len(conditions) > 1 or any(step.condition for _, path in patterns for step in path[:-1]):
            raise GrammarError(f"the context {text!r} has a condition that is not that of all its elements")
        context = Context(len(self._contexts), group, conditions.pop(), beside=names != text)
        for pattern, path in patterns:
            name = path[-1].names[0]
            if "*" in name:
                self._endings.append((*ending(name), context))
                continue
            for node in (self._top if pattern.startswith("/") else self._any).along(path):
                node.contexts.append(context)
        return context


def _asking(contexts: list[Context], group: int) -> list[Context]:
    """Those that see an element: those beside the others, and of the others up to the first without a condition."""
    contexts = [one for one in contexts if one.group == group]
    if len(contexts) < 2:  # noqa: PLR2004 -- nothing to choose
        return contexts
    ranked = sorted((one for one in contexts if not one.beside), key=lambda context: context.place)
    last = next((at for at, context in enumerate(ranked) if not context.text), len(ranked))
    return ranked[: last + 1] + [one for one in contexts if one.beside]


def plan_of(structure: Structure, top: Part | None = None, broken: frozenset[StructureRow] = frozenset()) -> Plan:
    """The walk that asks the rows of a structure, compiled once for each choice of its sections.

    Args:
        structure: the rows.
        top: the element that the document is, which says what sections apply; without it, none does.
        broken: signs of sections that the document is known to break.
    """
    return _compiled(structure, tuple(_chosen(one, top, broken) for one in (structure, *structure.along)))


@lru_cache(maxsize=_MOST_PLANS)
def signs_of(structure: Structure) -> frozenset[StructureRow]:
    """The rows that tell whether a document is asked some sections.

    Args:
        structure: the rows.
    """
    every = (section for one in (structure, *structure.along) for section in one.sections)
    return frozenset(row for section in every for row in section.signs)


def _chosen(structure: Structure, top: Part | None, broken: frozenset[StructureRow]) -> tuple[int, ...]:
    """The sections that apply, by their places."""
    if top is None or not structure.sections:
        return ()
    return tuple(place for place, one in enumerate(structure.sections) if _applies(one, top, broken))


def _applies(section: Section, top: Part, broken: frozenset[StructureRow]) -> bool:
    if section.applies is None:
        return not broken.isdisjoint(section.signs)
    try:
        return section.applies(top)
    except UnjudgeableError:
        return False  # as a pattern that cannot be compared does not fit


@lru_cache(maxsize=_MOST_PLANS)
def _compiled(structure: Structure, chosen: tuple[tuple[int, ...], ...]) -> Plan:
    return Plan(*(_rows(one, places) for one, places in zip((structure, *structure.along), chosen, strict=True)))


def _rows(structure: Structure, chosen: tuple[int, ...]) -> Iterator[StructureRow]:
    """The rows of a structure and its chosen sections, and the signs of the others."""
    yield from structure.rows
    for place, section in enumerate(structure.sections):
        yield from section.rows if place in chosen else section.signs
