# SPDX-License-Identifier: Apache-2.0
"""Rules that differ only in what they look at: one row instead of one function each."""

from __future__ import annotations

import sys
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.codes import codes
from einvoice.model import Invoice, Reading
from einvoice.rules.demands import Demand
from einvoice.rules.leaves import SPELLED, Leaves
from einvoice.rules.places import below, generic, places, repeats, value_of, values_of
from einvoice.rules.registry import NOTHING, Asking, Miss, Rule, declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from einvoice.model import Remark
    from einvoice.rules.registry import Check, Family, Unreadable, View

WHITE: Final = " \t\r\n"
"""White space as XML knows it."""
CENT: Final = Decimal("0.01")


def require(
    identifier: str,
    subject: type[Struct],
    terms: str,
    sentence: str,
    *,
    blank: bool = True,
    syntax: Family | None = None,
    sub_lines: bool = False,
) -> Rule:
    """A term or group must be there; of several, one suffices.

    Args:
        identifier: the official id.
        subject: what the rule is asked of.
        terms: the numbers (or paths below the subject), divided by blanks.
        sentence: what the rule demands.
        blank: whether a text without content will do.
        syntax: ``ubl`` or ``cii`` for a twin.
        sub_lines: whether sub lines are asked too.
    """
    paths = tuple(below(subject, term) for term in terms.split())
    check = _any_there(paths) if len(paths) > 1 else _there(paths[0]) if blank else _filled(paths[0])
    demand = Demand("some" if len(paths) > 1 else "there" if blank else "filled", paths)
    asking = Asking(subject, check, demand=demand)
    unreadable = "there" if blank else "text"
    return _row(identifier, (asking,), {subject: paths}, sentence, syntax, unreadable=unreadable, sub_lines=sub_lines)


def _there(path: str) -> Check:
    read = value_of(path)

    def check(thing: object) -> Iterable[Miss]:
        value = read(thing)
        return (Miss(at=path),) if value is None or value == () else NOTHING

    return check


def _filled(path: str) -> Check:
    read = value_of(path)

    def check(thing: object) -> Iterable[Miss]:
        value = read(thing)
        if value is None or (isinstance(value, str) and not value.strip(WHITE)):
            return (Miss(at=path, found=value),)
        return NOTHING

    return check


def _any_there(paths: tuple[str, ...]) -> Check:
    readers = [value_of(path) for path in paths]

    def check(thing: object) -> Iterable[Miss]:
        if any(read(thing) is not None for read in readers):
            return NOTHING
        return (Miss(at=paths[0]),)

    return check


def decimals(
    identifier: str,
    subject: type[Struct],
    term: str,
    sentence: str,
    *,
    most: int = 2,
    syntax: Family | None = None,
    more: tuple[type[Struct], ...] = (),
) -> Rule:
    """An amount has at most so many digits behind the point, trailing zeros counted.

    Args:
        identifier: the official id.
        subject: what the rule is asked of.
        term: the number of the amount.
        sentence: what the rule demands.
        most: how many digits there may be.
        syntax: ``ubl`` or ``cii`` for a twin.
        more: further classes that hold the amount under the same name.
    """
    path = below(subject, term)
    classes = (subject, *more)
    anywhere = frozenset(f"{start}.{path}" for cls in classes for start in places()[cls])
    check, demand = _decimals_at(path, most), Demand("decimals", (path,), most=most)
    askings = [Asking(cls, check, demand=demand) for cls in classes]
    askings.append(Asking(Reading, _decimals_spelled(anywhere, most), about=SPELLED))
    return _row(identifier, askings, dict.fromkeys(classes, (path,)), sentence, syntax)


def _decimals_at(path: str, most: int) -> Check:
    read: Callable[[object], Decimal | None] = value_of(path)

    def check(thing: object) -> Iterable[Miss]:
        amount = read(thing)
        if amount is None or amount.same_quantum(CENT):
            return NOTHING
        behind = -int(amount.as_tuple().exponent)
        return (Miss(at=path, found=amount, why=f"{behind} decimals"),) if behind > most else NOTHING

    return check


def _decimals_spelled(places_of_it: frozenset[str], most: int) -> Check:
    def check(reading: Reading) -> Iterable[Miss]:
        return [
            Miss(leaf=leaf, found=leaf.value, why="white space behind the decimals")
            for leaf in reading.remarks
            if leaf.reason == "spelled" and generic(leaf.model_path) in places_of_it and spelled_long(leaf.value, most)
        ]

    return check


def spelled_long(text: str, most: int) -> bool:
    """Whether the published tests, which count characters, find too many behind the point where there are digits.

    Args:
        text: the amount as it stands.
        most: how many digits there may be.
    """
    return len(text.partition(".")[2]) > most >= len(text.strip(WHITE).partition(".")[2])


@cache
def in_one_text(codes: frozenset[str]) -> str:
    """Codes as the tests of UBL look for one: in a text of all of them, with blanks around each.

    Args:
        codes: the codes.
    """
    return f" {' '.join(sorted(codes))} "


class CodeList(Struct, frozen=True):
    """The codes that may stand somewhere.

    Attributes:
        name: the list, see :mod:`einvoice.codes`.
        syntax: ``ubl`` or ``cii``: the codes that the publisher's tests take there.
        upper: whether lower case counts as upper case.
        extra: codes that are taken beside the list.
        may_be_empty: whether an empty text is no code at all (an identifier of CII whose scheme is not named).
        exact: whether white space around a code counts.
        edition: the edition of the list; empty for the one that einvoice's own release of EN 16931 judges by.
    """

    name: str
    syntax: Family | None = None
    upper: bool = False
    extra: frozenset[str] = frozenset()
    may_be_empty: bool = False
    exact: bool = False
    edition: str = ""

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the list, in its edition, as the publisher's tests take them in the syntax."""
        return codes(self.name, self.syntax, self.edition)

    def takes(self, value: str) -> bool:
        """Whether a text is one of the codes; white space around it does not count, unless it has to be exact.

        Args:
            value: the text.
        """
        taken = codes(self.name, self.syntax, self.edition)
        if value in taken:
            return True
        plain = value if self.exact else value.strip(WHITE)
        if plain in taken or plain in self.extra or (self.upper and plain.upper() in taken):
            return True
        return self.may_be_empty and not value

    def miss(self, value: str, at: str = "", leaf: Remark | None = None) -> Miss:
        """What to say of a text that is none of them.

        Args:
            value: the text.
            at: where it stands.
            leaf: the leaf of the source, where it has no place in the model.
        """
        return Miss(at=at, found=value, why=f"not in {self.name}", leaf=leaf)


def coded(
    identifier: str,
    code_list: CodeList,
    fields: Mapping[type[Struct], str],
    sentence: str,
    *,
    syntax: Family | None = None,
    also: tuple[str, ...] = (),
    but: str = "",
    placed: bool = False,
) -> Rule:
    """A code is one of a list, wherever it stands.

    Args:
        identifier: the official id.
        code_list: the codes.
        fields: class of the model -> the paths below it, divided by blanks, that hold such a code.
        sentence: what the rule demands.
        syntax: ``ubl`` or ``cii`` for a twin.
        also: ends of paths in the source at which such a code may stand without a place in the model.
        but: elements in the source below which that does not count, divided by blanks.
        placed: whether such a code counts only where the model has a place for what it belongs to.
    """
    paths = {cls: tuple(names.split()) for cls, names in fields.items()}
    askings = [
        Asking(cls, _codes_at(cls, names, code_list), demand=Demand("coded", names, code_list))
        for cls, names in paths.items()
    ]
    if also:
        check = _codes_beside(also, tuple(but.split()), code_list, placed=placed)
        about = frozenset(end.rpartition("/")[2] for end in also)
        askings.append(Asking(Reading, check, (Leaves,), about=about))
    return _row(identifier, askings, paths, sentence, syntax, sub_lines=True)


def _codes_at(cls: type[Struct], paths: tuple[str, ...], code_list: CodeList) -> Check:
    readers = [(path, value_of(path)) for path in paths if not repeats(cls, path)]
    several = [path for path in paths if repeats(cls, path)]

    def check(thing: object, *, taken: CodeList = code_list) -> Iterable[Miss]:
        found: Iterable[Miss] = NOTHING
        for path, read in readers:
            value = read(thing)
            if value is not None and not taken.takes(value):
                found = (*found, taken.miss(value, path))
        return found

    def check_all(thing: object, *, taken: CodeList = code_list) -> Iterable[Miss]:
        found = [
            taken.miss(value, at)
            for path in several
            for at, value in values_of(thing, path)
            if value is not None and not taken.takes(value)
        ]
        return [*check(thing, taken=taken), *found]

    return check_all if several else check


def _codes_beside(ends: tuple[str, ...], but: tuple[str, ...], code_list: CodeList, *, placed: bool) -> Check:
    def check(_: Reading, leaves: Leaves, *, taken: CodeList = code_list) -> Iterable[Miss]:
        return [
            taken.miss(leaf.value, leaf=leaf)
            for leaf in leaves.ending(*ends, but=but)
            if not (leaf.value and taken.takes(leaf.value)) and not (placed and leaf.reason == "unbound")
        ]

    return check


def never(identifier: str, subject: type[Struct], sentence: str, *, syntax: Family | None = None) -> Rule:
    """A rule that the publisher's test lets pass whatever the document says.

    Args:
        identifier: the official id.
        subject: what the rule is asked of.
        sentence: what the rule demands.
        syntax: ``ubl`` or ``cii`` for a twin.
    """
    asking = Asking(subject, _nothing, demand=Demand("nothing"))
    return _row(identifier, (asking,), {}, sentence, syntax, text="The published test always passes.")


def row(
    identifier: str,
    check: Check,
    reads: tuple[str, ...],
    sentence: str,
    syntax: Family | None,
    *views: type[View],
    unreadable: Unreadable = "open",
) -> Rule:
    """A rule asked of the invoice, for kinds of rows that are declared elsewhere.

    Args:
        identifier: the official id.
        check: the function; its parameters behind the invoice are views.
        reads: the terms that it reads.
        sentence: what the rule demands.
        syntax: ``ubl`` or ``cii`` for a twin.
        views: the classes of those views.
        unreadable: see :class:`~einvoice.rules.registry.Rule`.
    """
    file, line = _caller(2)
    return declared(
        Rule(
            id=identifier,
            syntax=syntax,
            askings=(Asking(Invoice, check, views),),
            reads=reads,
            sentence=sentence,
            file=file,
            line=line,
            unreadable=unreadable,
        )
    )


def _caller(depth: int) -> tuple[str, int]:
    """Where the row stands: the file and line that called a kind of row."""
    frame = sys._getframe(depth + 1)  # noqa: SLF001 -- the line of the row is where the rule stands
    return frame.f_code.co_filename, frame.f_lineno


def _nothing(_: object) -> Iterable[Miss]:
    return NOTHING


def _row(
    identifier: str,
    askings: Iterable[Asking],
    paths: Mapping[type[Struct], tuple[str, ...]],
    sentence: str,
    syntax: Family | None,
    **more: Any,  # noqa: ANN401 -- further attributes of Rule
) -> Rule:
    file, line = _caller(2)
    return declared(
        Rule(
            id=identifier,
            syntax=syntax,
            askings=tuple(askings),
            reads=tuple(
                f"{start}.{path}" if start else path
                for cls, names in paths.items()
                for start in places()[cls]
                for path in names
            ),
            sentence=sentence,
            file=file,
            line=line,
            **more,
        )
    )
