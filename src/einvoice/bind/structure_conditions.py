# SPDX-License-Identifier: Apache-2.0
"""Conditions in rules about structure, as functions that say whether an element meets them.

The grammar is that of :mod:`einvoice.model.structure`. A function asks in the order in which the condition is written.
"""

from __future__ import annotations

import math
import operator
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from einvoice.bind.structure_paths import WHITE, further, path_of, values_of
from einvoice.model import structure as grammar
from einvoice.model.parts import UnjudgeableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from einvoice.bind.structure_inquiry import Inquiry
    from einvoice.bind.structure_paths import Path, Values

    Condition = Callable[[_Element, Inquiry], bool]

_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}
_SHORT: Final = 40
"""Characters of a number that is kept once it was read."""
_DOUBLE: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN")


@cache
def lazily(text: str) -> Condition:
    """A condition that is read when it is first asked; most of them never are.

    Args:
        text: the condition.
    """
    known: list[Condition] = []

    def ask(el: _Element, inquiry: Inquiry) -> bool:
        if not known:
            known.append(condition(text))
        return known[0](el, inquiry)

    return ask


def condition(text: str) -> Condition:
    """A function that says whether an element meets a condition.

    Args:
        text: the condition.

    Raises:
        GrammarError: it does not follow the grammar.
    """
    read = grammar.condition(text)
    choices = [[_term(term) for term in terms] for terms in read]
    if len(choices) == 1 and len(choices[0]) == 1:
        return choices[0][0]

    def meets(el: _Element, inquiry: Inquiry) -> bool:
        for terms in choices:
            for term in terms:
                if not term(el, inquiry):
                    break
            else:
                return True
        return False

    return meets


def _term(term: grammar.Term) -> Condition:
    positive = _positive(term)
    return (lambda el, inquiry: not positive(el, inquiry)) if term.negated else positive


def _positive(term: grammar.Term) -> Condition:
    if not term.operator:
        return _exists(path_of(term.operand))
    values, equal = values_of(term.operand), term.operator == "="
    if term.other is not None:
        return _pairs(values, values_of(term.other), equal=equal)
    if term.number is not None:
        return _measures(values, term.operator, term.number)
    if term.truth is not None:
        return lambda el, inquiry: any((_truth(said) is term.truth) is equal for said in values(el, inquiry))
    if equal and term.operand.axis.startswith("/") and not term.operand.function:
        return _says_somewhere(path_of(term.operand), frozenset(term.values))
    return _says(values, frozenset(term.values), equal=equal)


def _exists(path: Path) -> Condition:
    """Whether anything stands at a path; mostly it is an element directly in another."""
    if path.axis or path.attribute or not path.tags:
        return path.exists
    if len(path.tags) > 1:
        return lambda el, inquiry: bool(further((el,), path.tags, inquiry))
    tag = path.tags[0]
    return lambda el, inquiry: tag in inquiry.below[el]


def _says_somewhere(path: Path, wanted: frozenset[str]) -> Condition:
    """Whether what stands at a path from the document is one of those wanted; the document is asked once."""

    def says(el: _Element, inquiry: Inquiry) -> bool:
        said = inquiry.texts.get(path)
        if said is None:
            said = inquiry.texts[path] = frozenset(path.values(el, inquiry))
        return not said.isdisjoint(wanted)

    return says


def _says(values: Values, wanted: frozenset[str], *, equal: bool) -> Condition:
    """Whether a value is (or is not) one of those wanted."""

    def says(el: _Element, inquiry: Inquiry) -> bool:
        for value in values(el, inquiry):  # noqa: SIM110 -- a generator costs twice as much
            if (value in wanted) is equal:
                return True
        return False

    return says


def _measures(values: Values, operator: str, wanted: float) -> Condition:
    """Whether a value is a number that compares so.

    XPath compares an untyped text with a number as ``xs:double``. The reference processor tells -0 from 0 there.
    """
    compare = _COMPARISONS[operator]

    def measures(el: _Element, inquiry: Inquiry) -> bool:
        for value in values(el, inquiry):  # noqa: SIM110 -- a generator costs twice as much
            if compare(_number(value), wanted):
                return True
        return False

    return measures


def _number(text: str) -> float:
    return _kept(text) if len(text) <= _SHORT else _read(text)


def _read(text: str) -> float:
    plain = text.strip(WHITE)
    if not _DOUBLE.fullmatch(plain):
        raise UnjudgeableError(f"{text!r} is no number")
    return float(plain) or _zero(plain)


_kept: Final = lru_cache(maxsize=1024)(_read)
"""The same for a short text; a document states the same rates and prices several times."""


def _zero(text: str) -> float:
    """Zero with its sign; the reference processor loses that of ``-0``, as of whole numbers it keeps only the value."""
    return 0.0 if text.lstrip("+-").isdigit() else float(text)


def _equal(number: float, wanted: float) -> bool:
    return number == wanted and (number != 0 or math.copysign(1, number) == math.copysign(1, wanted))


_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": _equal,
    "!=": lambda number, wanted: not _equal(number, wanted),
    "<": operator.lt,
    ">": operator.gt,
    "<=": lambda number, wanted: number < wanted or _equal(number, wanted),
    ">=": lambda number, wanted: number > wanted or _equal(number, wanted),
}


def _pairs(these: Values, those: Values, *, equal: bool) -> Condition:
    """Whether a value of one is equal (or different) to one of the other."""

    def compare(el: _Element, inquiry: Inquiry) -> bool:
        left, right = set(these(el, inquiry)), set(those(el, inquiry))
        if equal:
            return not left.isdisjoint(right)
        return bool(left) and bool(right) and len(left | right) > 1

    return compare


def _truth(text: str) -> bool:
    truth = _TRUTH.get(text.strip(WHITE))
    if truth is None:
        raise UnjudgeableError(f"{text!r} is neither true nor false")
    return truth
