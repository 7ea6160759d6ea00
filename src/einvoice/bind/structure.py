# SPDX-License-Identifier: Apache-2.0
"""Asking a document about its structure: one walk over its elements, whatever the number of rows.

An element that nothing is asked of costs a dictionary access. Paths, lines and terms are found afterwards, for what is
to be reported. Per row and element that is asked there is one hit: the first.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from einvoice.bind.context import Context, test_of
from einvoice.bind.paths import Paths, line_of, name_of
from einvoice.bind.structure_checks import Answers
from einvoice.bind.structure_inquiry import Inquiry
from einvoice.bind.structure_parts import TreePart, way
from einvoice.bind.structure_paths import further
from einvoice.bind.structure_plan import plan_of, signs_of
from einvoice.bind.tree import tree
from einvoice.model.parts import UnjudgeableError
from einvoice.model.structure import StructureHit, steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from einvoice.bind.structure_checks import Check
    from einvoice.bind.structure_inquiry import Below
    from einvoice.bind.structure_paths import Values
    from einvoice.bind.structure_plan import State
    from einvoice.bind.tree import Element
    from einvoice.model import Syntax
    from einvoice.model.parts import Fault
    from einvoice.model.structure import Structure, StructureRow

_LONGEST: Final = 200
"""Characters of a value that are reported."""


def hits(root: _Element, syntax: Syntax, structure: Structure, below: Below) -> tuple[StructureHit, ...]:
    """The places in a document that do not answer the rows of a structure as they should.

    Args:
        root: the element of the invoice.
        syntax: its syntax.
        structure: the rows.
        below: the children of elements by their names, as far as they are known.

    Returns:
        The hits, in the order of the walk: what is missing in an element comes after what is wrong in it.
    """
    answers, signs = _asked(root, structure, below), signs_of(structure)
    broken = signs.intersection([check.row for check, *_ in answers.hits.found]) if signs else signs
    if broken:  # the document is one of those that are asked more
        answers = _asked(root, structure, below, broken)
    if not answers.hits.found and not answers.faults.found:
        return ()
    places = _Places(root, syntax, answers.inquiry)
    found = [places.hit(*one) for one in answers.hits.found]
    return (*found, *(places.fault(*one) for one in answers.faults.found))


def _asked(
    root: _Element, structure: Structure, below: Below, broken: frozenset[StructureRow] = frozenset()
) -> Answers:
    """Walk through a document, and ask it all rows."""
    answers = Answers(Inquiry(root, _asked_for(structure), below))
    answers.memories[0] = {}
    state = plan_of(structure, answers.latest, broken).start[root.tag]
    for check in state.checks:
        check.ask(answers, check, root, 0)
    _attributes(answers, root, state, 0)
    if len(root):
        _walk(answers, root, state, 1)
    else:
        _bare(answers, root, state, 0)
    _leave(answers, root, state, 0)
    return answers


@lru_cache(maxsize=64)
def _asked_for(structure: Structure) -> set[str]:
    """The tags of which a structure asks every element in a document; learnt while documents are asked."""
    del structure
    return set()


def _walk(answers: Answers, parent: _Element, above: State, depth: int) -> None:
    tags = []
    for el in parent:
        tag = el.tag
        tags.append(tag)
        state = above[tag]
        if len(el):
            if state.open and not (state.attributes and el.keys()):
                _walk(answers, el, state, depth + 1)
            else:
                _ask(answers, el, state, depth)
        elif state.mute or (  # or what it says is all that it is asked for: a text, a number without too many decimals
            state.silent
            and (text := el.text)
            and not text.isspace()
            and ((places := state.places) is None or len(text.partition(".")[2]) <= places)
        ):
            if (names := el.keys()) and not state.unasked.issuperset(names):
                _attributes(answers, el, state, depth)
        else:
            _ask(answers, el, state, depth)
    if above.counted and (shape := tuple(tags)) not in above.fitting:
        _count(answers, parent, above, shape)


def _ask(answers: Answers, el: _Element, state: State, depth: int) -> None:
    """Ask an element, and all that it holds."""
    if state.opens:
        answers.memories[depth] = {}
    for check in state.checks:
        check.ask(answers, check, el, depth)
    if state.attributes and (names := el.keys()) and not state.unasked.issuperset(names):
        _attributes(answers, el, state, depth)
    if len(el):
        _walk(answers, el, state, depth + 1)
    elif state.full or (state.said and (not (text := el.text) or text.isspace())):
        _bare(answers, el, state, depth)
    if state.ends:
        _leave(answers, el, state, depth)


def _bare(answers: Answers, el: _Element, state: State, depth: int) -> None:
    """Ask an element without elements in it."""
    for check in state.barren:
        check.ask(answers, check, el, depth)
    if state.counted and () not in state.fitting:
        _count(answers, el, state, ())


def _leave(answers: Answers, el: _Element, state: State, depth: int) -> None:
    """Ask what can be answered when all that an element holds was met."""
    for check in state.leaving:
        answers.leave(check, el, depth)
    for values, asked in state.choices:
        for text in _compared(values, el, answers.inquiry):
            for check in asked.get(text, ()):
                answers.leave(check, el, depth)
    for name, check in state.wanted:
        if el.get(name) is None:
            answers.hit(check, el, el)


def _compared(values: Values, el: _Element, inquiry: Inquiry) -> Iterable[str]:
    """What an element says at a path, each once; nothing where that cannot be compared: no pattern fits it then."""
    try:
        return dict.fromkeys(values(el, inquiry))
    except UnjudgeableError:
        return ()


def _count(answers: Answers, el: _Element, state: State, tags: tuple[object, ...]) -> None:
    """Ask an element for the names of its children."""
    for check, count in state.miscounted(tags):
        answers.miscounted(check, el, count)


def _attributes(answers: Answers, el: _Element, state: State, depth: int) -> None:
    for name in el.keys():  # noqa: SIM118 -- an element is not a mapping
        for check in state.attributes.get(str(name), ()):
            check.ask(answers, check, el, depth)


class _Places:
    """Where the hits of one document are: paths, lines and terms. What several hits share is found once."""

    def __init__(self, root: _Element, syntax: Syntax, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._paths = Paths(root, inquiry.below)
        self._bound: dict[_Element, tuple[Element, ...]] = {root: (tree(syntax),)}

    def hit(self, check: Check, el: _Element, attribute: str | None, why: str) -> StructureHit:
        """A hit with its place; without an attribute, not even an empty one, something is missing there."""
        path = self._paths.of(el)
        missing = attribute is None
        value = (str(el.get(attribute, "")) if attribute else el.text or "") if attribute is not None else ""
        return StructureHit(
            row=check.row,
            path=f"{path}/@{attribute}" if attribute else path,
            value=None if missing or (len(el) and not attribute) else _short(value),
            terms=self._missing_in(el, check.row) if missing else self._terms(self._places(el), attribute or ""),
            line=line_of(el),
            open=why,
        )

    def fault(self, check: Check, el: _Element, fault: Fault) -> StructureHit:
        """What a function found wrong, with its place: where it stands, or where it is missing."""
        tags, attribute = way(fault.at)
        asked = fault.part.element if isinstance(fault.part, TreePart) else el
        here = next(iter(further((asked,), tags, self._inquiry)), None)
        if here is None or (attribute and here.get(attribute) is None):
            terms, here, path, value = self._missing(asked, fault.at), asked, self._paths.of(asked), fault.found
        else:
            terms = self._terms(self._places(here), attribute)
            path = f"{self._paths.of(here)}/@{attribute}" if attribute else self._paths.of(here)
            value = fault.found if fault.found is not None else self._said(here, attribute)
        return StructureHit(check.row, path, value, fault.terms or terms, line_of(here), "", fault.expected, fault.why)

    @staticmethod
    def _said(el: _Element, attribute: str) -> str | None:
        if attribute:
            return _short(str(el.get(attribute)))
        return None if len(el) else _short(el.text or "")

    def _missing_in(self, el: _Element, row: StructureRow) -> tuple[str, ...]:
        """The terms that a row misses."""
        return () if row.test == "true" else self._missing(el, row.path)

    def _missing(self, el: _Element, path: str) -> tuple[str, ...]:
        """The terms that would have their place where nothing is."""
        here, names = self._places(el), [step.names[0] for step in steps(path)]
        attribute = names.pop().removeprefix("@") if names and names[-1].startswith("@") else ""
        for name in names:
            here = tuple(one for above in here for one in _named(above).get(name, ()))
        return self._terms(here, attribute)

    @staticmethod
    def _terms(here: tuple[Element, ...], attribute: str) -> tuple[str, ...]:
        """The terms that have their place here, or the group that does."""
        for one in here:
            target = one.attributes.get(attribute) if attribute else one.text or one.group
            if target is not None and target.terms:
                return target.terms
        return ()

    def _places(self, el: _Element) -> tuple[Element, ...]:
        """What the binding has for an element; of conditions, those count that the element itself can meet."""
        known = self._bound.get(el)
        if known is not None:
            return known
        parent, name = el.getparent(), name_of(el)
        above = self._places(parent) if parent is not None else ()
        found = tuple(one for element in above for one in _named(element).get(name, ()))
        if len(found) > 1:
            met = tuple(one for one in found if _meets(one, el))
            found = met or tuple(one for one in found if one.test is None or one.test.term)
        self._bound[el] = found
        return found


@cache
def _named(element: Element) -> dict[str, tuple[Element, ...]]:
    """The elements below one, by name."""
    names = dict.fromkeys(child.name for child in element.children)
    return {name: tuple(child for child in element.children if child.name == name) for name in names}


def _short(value: str) -> str:
    """A value that can be shown: not a whole embedded file."""
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _meets(element: Element, el: _Element) -> bool:
    return element.test is not None and not element.test.term and test_of(element.test)(el, Context())
