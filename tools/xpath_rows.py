# SPDX-License-Identifier: Apache-2.0
"""Read the tests of a Schematron and say them in the grammar of our rows (:mod:`einvoice.model.structure`).

Only what the grammar can say is translated: conditions of ``and``, ``or``, ``not()`` and comparisons, and the few
shapes of tests that have a name of their own. Everything else is refused, and stays for a function written by hand.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGES: Final = {
    "normalize-space": "trim",
    "upper-case": "upper",
    "normalize-space upper-case": "code",
    "upper-case normalize-space": "code",
}
_TOKEN: Final = re.compile(r"\s*('[^']*'|\"[^\"]*\"|\d+(?:\.\d+)?|!=|<=|>=|[=<>,()\[\]]|\.\.|\.|//|/|@?[\w:*-]+)")
_DATES: Final = {
    r"^\s*(\d{4})(1[0-2]|0[1-9]){1}(3[01]|[12][0-9]|0[1-9]){1}\s*$": "date 102",
    r"^\s*(\d{4})(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])([01][0-9]|2[0-3])[0-5][0-9]\s*$": "date 205",
}


class RefusedError(Exception):
    """The grammar of the rows cannot say it."""


class Atom(NamedTuple):
    """One comparison, or the question whether something is there."""

    path: Way
    change: str = ""
    operator: str = ""
    value: str | Way = ""
    negated: bool = False

    def said(self) -> str:
        """In the grammar of the rows."""
        operand = f"{self.change}({self.path.said()})" if self.change else self.path.said()
        value = self.value.said() if isinstance(self.value, Way) else self.value
        return f"{'!' if self.negated else ''}{operand}{self.operator}{value}"

    def moved(self, levels: int, names: tuple[str, ...] = ()) -> Atom:
        """The same, asked of an element below, or of one above by way of names."""
        value = self.value.moved(levels, names) if isinstance(self.value, Way) else self.value
        return self._replace(path=self.path.moved(levels, names), value=value)


Choices = list[list[Atom]]
"""A condition: all atoms of one of these hold."""


class Step(NamedTuple):
    """A name on a path, and the conditions on what stands there."""

    name: str
    conditions: tuple[Choices, ...] = ()


class Way(NamedTuple):
    """A path: where it starts, and the steps from there."""

    axis: str
    steps: tuple[Step, ...]

    def said(self) -> str:
        """Without its conditions, as the operand of a comparison."""
        if any(step.conditions for step in self.steps):
            raise RefusedError("a condition within a condition")
        return self.axis + "/".join(step.name for step in self.steps)

    def written(self) -> str:
        """With its conditions, as the path of a row."""
        return self.axis + "/".join(
            step.name + (f"[{written(joined(list(step.conditions)))}]" if step.conditions else "")
            for step in self.steps
        )

    def moved(self, levels: int, names: tuple[str, ...] = ()) -> Way:
        """The same path, from an element below or above."""
        if self.axis.startswith("/") or self.axis.endswith("::"):
            return self
        if names and self.steps[0].name == "." and not self.axis:
            return Way("", tuple(Step(name) for name in names))
        return Way("../" * levels + self.axis, (*(Step(name) for name in names), *self.steps))


def written(choices: Choices) -> str:
    """A condition in the grammar of the rows."""
    return " or ".join(" and ".join(dict.fromkeys(atom.said() for atom in atoms)) for atoms in choices)


def joined(conditions: list[Choices]) -> Choices:
    """All of several conditions."""
    return [[atom for atoms in chosen for atom in atoms] for chosen in product(*conditions)]


def opposite(choices: Choices) -> Choices:
    """Not a condition."""
    return [[atom._replace(negated=not atom.negated) for atom in chosen] for chosen in product(*choices)]


class Reader:
    """Reads one expression."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text):
            raise RefusedError(f"cannot divide {text!r}")
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        """The next token, or the one after it."""
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        """Go past a token."""
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise RefusedError(f"{token!r} where {wanted or 'something'} should stand")
        self.at += 1
        return token

    def whole(self) -> Choices:
        """The expression, to its end."""
        found = self.choice()
        if self.peek():
            raise RefusedError(f"{self.peek()!r} at the end")
        return found

    def choice(self) -> Choices:
        """``A or B``."""
        found = self.both()
        while self.peek() == "or":
            self.take()
            found = [*found, *self.both()]
        return found

    def both(self) -> Choices:
        """``A and B``."""
        found = [self.single()]
        while self.peek() == "and":
            self.take()
            found.append(self.single())
        return joined(found)

    def single(self) -> Choices:
        """``not(A)``, ``exists(A)``, ``(A)``, or a comparison."""
        if self.peek() in ("not", "exists") and self.peek(1) == "(":
            function = self.take()
            inner = self.inside(self.choice)
            return opposite(inner) if function == "not" else inner
        if self.peek() == "(":
            start = self.at
            inner = self.inside(self.choice)
            if self.peek() not in ("=", "!=", "<", "<=", ">", ">="):
                return inner
            self.at = start
        return self.comparison()

    def inside(self, read: Callable[[], Choices]) -> Choices:
        """What stands in brackets."""
        self.take("(")
        found = read()
        self.take(")")
        return found

    def comparison(self) -> Choices:
        """A path, perhaps compared with something."""
        change, path = self.operand()
        operator = self.take() if self.peek() in ("=", "!=", "<=", ">=", "<", ">") else ""
        if operator:
            value = self.value()
            if change and (operator, value) == ("=", "''"):  # true of what is absent, too, whatever it would stand in
                return [[Atom(path, change, "!=", value, negated=True)]]
            return existing(path, Atom(path, change, operator, value))
        return existing(path, Atom(path)) if not change else refuse("a text where a truth should stand")

    def operand(self) -> tuple[str, Way]:
        """A path, in functions that change what it says."""
        functions = []
        while self.peek(1) == "(" and self.peek() in ("normalize-space", "upper-case"):
            functions.append(self.take())
            self.take("(")
        bracketed = self.peek() == "("
        if bracketed:
            self.take("(")
        path = self.path()
        for _ in range(len(functions) + bracketed):
            self.take(")")
        return CHANGES[" ".join(functions)] if functions else "", path

    def value(self) -> str | Way:
        """What something is compared with."""
        start = self.peek()
        if start == "(":
            self.take()
            texts = [self.take().strip("'\"")]
            while self.peek() == ",":
                self.take()
                texts.append(self.take().strip("'\""))
            self.take(")")
            return "|".join(f"'{text}'" for text in texts)
        if start[:1] in "'\"":
            return f"'{self.take()[1:-1]}'"
        if start.isdigit():
            return self.take()
        if start in ("true", "false") and self.peek(1) == "(":
            self.take()
            self.take("(")
            self.take(")")
            return start
        return self.path()

    def path(self) -> Way:
        """A path with its conditions."""
        axis = ""
        while self.peek() == ".." and self.peek(1) == "/":
            axis += self.take() + self.take()
        if not axis and self.peek() in ("/", "//"):
            axis = self.take()
        steps = [self.step()]
        while self.peek() == "/":
            self.take()
            steps.append(self.step())
        first, separator, rest = steps[0].name.partition("::")
        if separator:
            axis, steps = f"{first}::", [Step(rest, steps[0].conditions), *steps[1:]]
        return Way(axis, tuple(steps))

    def step(self) -> Step:
        """A name and its conditions."""
        name = self.take()
        if not re.fullmatch(r"\.|@?[A-Za-z*][\w:*-]*", name) or self.peek() == "(":
            raise RefusedError(f"{name!r} is no step")
        conditions = []
        while self.peek() == "[":
            self.take()
            if self.peek().isdigit():
                raise RefusedError("a position")
            conditions.append(self.choice())
            self.take("]")
        return Step(name, tuple(conditions))


def refuse(why: str) -> Choices:
    """Refuse, where a value is wanted."""
    raise RefusedError(why)


def existing(path: Way, atom: Atom) -> Choices:
    """Whether something is at the end of a path; ``A[B='c']`` is there if ``A/B='c'``."""
    last = path.steps[-1]
    if not last.conditions or atom.operator:
        return [[atom]]
    inner = joined(list(last.conditions))
    here = Way(path.axis, (*path.steps[:-1], Step(last.name)))
    if len(inner) != 1 or len(inner[0]) != 1 or inner[0][0].negated or inner[0][0].path.axis:
        return [[atom]]
    below = inner[0][0]
    return [[below._replace(path=Way(here.axis, (*here.steps, *below.path.steps)))]]


def asked(test: str) -> tuple[str, str]:
    """A test as our rows have it: what is asked, and of which path.

    Args:
        test: the test of an assertion.

    Raises:
        RefusedError: the grammar cannot say it.
    """
    if found := re.fullmatch(r"count\((.+)\)\s*(=|<=|>=)\s*(\d)", test):
        kind = {"=": f"exactly {found[3]}", "<=": f"at most {found[3]}", ">=": "some"}[found[2]]
        return kind, Reader(found[1]).path().written()
    if found := re.fullmatch(r"string-length\(substring-after\((.+),'\.'\)\)\s*<=\s*(\d)", test):
        return f"decimals {found[2]}", Reader(found[1]).path().written()
    if found := re.fullmatch(r"matches\(\.,\s*'(.+)'\)", test):
        return _DATES[found[1]], "."
    reader = Reader(test)
    choices = reader.whole()
    if len(choices) == 1 and len(choices[0]) == 1:
        return _one(choices[0][0])
    return "true", written(choices)


def _one(atom: Atom) -> tuple[str, str]:
    if atom.path.axis.startswith(("..", "/rsm", "ancestor")) or atom.path.axis == "/" or atom.change:
        return "true", atom.said()
    if not atom.operator:
        return ("absent" if atom.negated else "some"), atom.path.written()
    if (atom.operator, atom.value, atom.negated) == ("!=", "''", False):
        return "some", _filled(atom.path).written()
    return "true", atom.said()


def _filled(path: Way) -> Way:
    """The same path, of something that says something."""
    *above, last = path.steps
    if last.name.startswith("@"):
        raise RefusedError("an attribute that says something")
    return Way(
        path.axis, (*above, Step(last.name, (*last.conditions, [[Atom(Way("", (Step("."),)), "", "!=", "''")]])))
    )
