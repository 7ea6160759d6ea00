# SPDX-License-Identifier: Apache-2.0
"""What a rule is, and how it is declared.

A rule is one small function, named after its official id. The type of its first parameter says what it is asked of;
further parameters are views of the whole invoice, which are computed once per run. It yields what is there and what
should be::

    @rule("BR-CO-18", reads="BG-23")
    def br_co_18(invoice: Invoice) -> Iterator[Miss]:
        \"\"\"The invoice has at least one VAT breakdown.\"\"\"
        if not invoice.vat_breakdown:
            yield Miss("BG-23", why="no VAT breakdown")

The first line of the docstring is the sentence that users see. Where the publisher's tests for UBL and CII differ,
there are two functions, ``br_co_15_ubl`` and ``br_co_15_cii``. Everything that a declaration says is checked when it
is imported.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, Self

from msgspec import Struct

from einvoice.model import Reading, Remark, Syntax
from einvoice.rules.places import paths_of, places

if TYPE_CHECKING:
    from datetime import date
    from types import ModuleType

    from einvoice.rules.demands import Demand
    from einvoice.rules.structure import StructureRules

Family = Literal["ubl", "cii"]
Severity = Literal["fatal", "warning", "information"]
Unreadable = Literal["open", "there", "text", "own"]
Check = Callable[..., "Iterable[Miss]"]

NOTHING: Final[tuple[Miss, ...]] = ()
_ID: Final = re.compile(r"[A-Z]{2,}[A-Z0-9]*(-[A-Za-z0-9_.]+)+")


class DeclarationError(Exception):
    """A rule is declared wrongly; the package does not import. This is a defect of the program, not of its input."""


class View(Protocol):
    """What several rules need to know of the whole invoice, computed once per run."""

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Compute the view."""
        ...


class Index(View, Protocol):
    """A view that knows at once what does not occur in an invoice, so that rules about it need not be asked."""

    def among(self, keys: Iterable[str]) -> Iterable[str]:
        """Those of some keys that the invoice has any of, in their order."""
        ...


class Miss(Struct, frozen=True):
    """What a rule found wrong.

    Attributes:
        term: the number of the term or group concerned; empty where ``at`` says it.
        found: what is there.
        expected: what should be there.
        why: the arithmetic or the reason, short and without a full stop: ``1325.00 + 331.25 = 1656.25``.
        at: where, as a path from what the rule is asked of (or from the invoice, if that starts the path); empty if
            the term says it.
        leaf: the leaf of the source, where it has no place in the model.
    """

    term: str = ""
    found: object = None
    expected: object = None
    why: str = ""
    at: str = ""
    leaf: Remark | None = None


class Asking(Struct, frozen=True):
    """One kind of thing that a rule is asked of.

    Attributes:
        subject: the class: ``Reading``, ``Invoice`` or a group of the model.
        check: the function.
        views: what it needs beside the subject.
        only: a view and what it must know of, such as a VAT category: where it does not, the rule has nothing to say
            and is not asked.
        demand: what the function demands, where a row says so; where that is met, it is not asked.
        given: paths of which one has to lead to something for the rule to have anything to say; nothing where it is
            always asked.
        about: the names of the leaves beside the model for which it is asked all the same; of a rule that is asked of
            the reading and has some, the only ones.
    """

    subject: type
    check: Check
    views: tuple[type[View], ...] = ()
    only: tuple[type[Index], str] | None = None
    demand: Demand | None = None
    given: tuple[str, ...] = ()
    about: frozenset[str] = frozenset()


class Rule(Struct, frozen=True, eq=False, kw_only=True):
    """One rule in one syntax, or in both.

    Attributes:
        id: the official id.
        syntax: ``ubl`` or ``cii`` for a twin; ``None`` if both syntaxes test the same.
        askings: what it is asked of.
        reads: the terms, groups and paths that it reads, as declared.
        sentence: what it demands, in one sentence.
        text: what else is to be said about it.
        file: the file that declares it.
        line: the line in that file.
        unreadable: what a value means that stands in the source and that its type cannot hold: ``open``, the rule
            cannot be judged; ``there``, it is there, which is all the rule asks; ``text``, the same unless it is
            blank; ``own``, the rule looks at the text itself.
        sub_lines: whether it is asked within sub lines (BG-DEX-01) too.
        worded: whether CII asks it only of an allowance or a charge that says what it is in a word, ``true`` or
            ``false``, and not in a digit or with white space around.
    """

    id: str
    syntax: Family | None
    askings: tuple[Asking, ...]
    reads: tuple[str, ...]
    sentence: str
    text: str = ""
    file: str = ""
    line: int = 0
    unreadable: Unreadable = "open"
    sub_lines: bool = False
    worded: bool = False

    def __call__(self, *subjects: object) -> tuple[Miss, ...]:
        """Ask the rule of one subject and its views, whatever class it is asked of first."""
        return tuple(self.askings[0].check(*subjects))

    @property
    def paths(self) -> frozenset[str]:
        """The model paths that the rule reads, without indices."""
        return frozenset(path for name in self.reads for path in paths_of(name))


class Scenario(Struct, frozen=True):
    """What a publisher makes of rules in one kind of document, its own rules and those that they build on.

    Attributes:
        profile: the specification identifier (BT-24) that such a document states, letter by letter.
        syntax: its syntax.
        levels: id -> the severity that counts there, whatever the rule is published with.
    """

    profile: str
    syntax: Syntax
    levels: dict[str, Severity]


class Pack(Struct, frozen=True, eq=False, kw_only=True):
    """The rules of one publisher in one version.

    Attributes:
        id: the name by which it is asked for, such as ``en16931``.
        version: the publisher's version.
        title: how people call it.
        source: where the publisher says what is in it.
        valid_from: the day from which it is the one to use.
        valid_to: the last day; ``None`` while no successor is known here.
        rules: the rules that are implemented.
        published: id -> severity for each syntax: every rule that the publisher has.
        aliases: an id of another release -> the id here.
        needs: packs that are to be asked with it.
        profile: the profile of the pack, where it has several.
        structure: the rules about the elements of a document, by syntax.
        once: term -> the rule whose published test dies where a document states the term again, by syntax.
        by_name: why this version judges only where it is asked for by name, in one sentence; empty for a version that
            a day chooses.
        unknown: what is not known here of the publisher's rules for a syntax, in one sentence: by what is known an
            invoice can be invalid, never valid.
        notes: what every report by this version says beside, by syntax.
        scenarios: the documents in which other severities count than the published ones, also those of ``needs``.
    """

    id: str
    version: str
    title: str
    source: str
    valid_from: date
    valid_to: date | None = None
    rules: tuple[Rule, ...]
    published: Callable[[], dict[Family, dict[str, Severity]]]
    aliases: dict[str, str]
    needs: tuple[str, ...] = ()
    profile: str | None = None
    structure: dict[Family, StructureRules] = {}
    once: dict[Family, dict[str, str]] = {}
    by_name: str = ""
    unknown: dict[Family, str] = {}
    notes: dict[Family, str] = {}
    scenarios: tuple[Scenario, ...] = ()

    @property
    def key(self) -> str:
        """The id, and the profile where there are several: ``facturx:basic``."""
        return f"{self.id}:{self.profile}" if self.profile else self.id

    def rules_for(self, family: Family) -> tuple[Rule, ...]:
        """The rules that judge a document of a syntax, in their order: those that the publisher has for it."""
        published = self.published()[family]
        return tuple(rule for rule in self.rules if rule.syntax in (None, family) and rule.id in published)

    def not_implemented(self, family: Family) -> tuple[str, ...]:
        """The ids that the publisher has for a syntax and that nothing here judges."""
        return _not_implemented(self, family)


@cache
def _not_implemented(pack: Pack, family: Family) -> tuple[str, ...]:
    ours = {rule.id for rule in pack.rules_for(family)}
    if family in pack.structure:
        ours |= pack.structure[family].lines.keys()
    return tuple(identifier for identifier in pack.published()[family] if identifier not in ours)


def rule(
    identifier: str,
    *,
    reads: str,
    syntax: Family | None = None,
    unreadable: Unreadable = "open",
    sub_lines: bool = False,
    only: tuple[type[Index], str] | None = None,
    given: str = "",
    about: str = "",
) -> Callable[[Check], Rule]:
    """Declare a function to be a rule.

    Args:
        identifier: the official id; the function is called like it, in lower case, a twin with ``_ubl`` or ``_cii``.
        reads: the terms, groups and paths that the function reads, divided by blanks.
        syntax: ``ubl`` or ``cii`` for a twin.
        unreadable: see :class:`Rule`.
        sub_lines: see :class:`Rule`.
        only: see :class:`Asking`.
        given: see :class:`Asking`; divided by blanks.
        about: see :class:`Asking`; divided by blanks.

    Raises:
        DeclarationError: the declaration contradicts itself or the model.
    """
    stated = {"id": identifier, "syntax": syntax, "unreadable": unreadable, "sub_lines": sub_lines}
    terms, paths, leaves = tuple(reads.split()), tuple(given.split()), frozenset(about.split())

    def declare(check: Check) -> Rule:
        _named(identifier, syntax, check)
        subject, *views = _parameters(identifier, check)
        asking = Asking(subject, check, tuple(views), only, given=paths, about=leaves)
        return _of_function(check, identifier, askings=(asking,), reads=terms, **stated)

    return declare


def _of_function(check: Check, identifier: str, **stated: Any) -> Rule:  # noqa: ANN401 -- attributes of Rule
    sentence, text = _docstring(identifier, check)
    code = check.__code__
    return declared(Rule(sentence=sentence, text=text, file=code.co_filename, line=code.co_firstlineno, **stated))


def _named(identifier: str, syntax: Family | None, check: Check) -> None:
    name = identifier.lower().replace("-", "_").replace(".", "_") + (f"_{syntax}" if syntax else "")
    if check.__name__ != name:
        raise DeclarationError(f"{identifier}: the function has to be called {name}, not {check.__name__}")


def declared(new: Rule) -> Rule:
    """Check what a rule says of itself, and return it.

    Args:
        new: the rule.

    Raises:
        DeclarationError: its id has no form, its sentence is none, or the model does not hold what it reads or is
            asked of.
    """
    if not _ID.fullmatch(new.id):
        raise DeclarationError(f"{new.id!r} is no id of a rule")
    if not new.sentence.endswith(".") or not new.sentence[0].isupper():
        raise DeclarationError(f"{new.id}: {new.sentence!r} is no sentence")
    if not new.askings:
        raise DeclarationError(f"{new.id} is asked of nothing")
    for asking in new.askings:
        if asking.subject is not Reading and asking.subject not in places():
            raise DeclarationError(f"{new.id} is asked of {asking.subject.__name__}, which is no part of the model")
    for name in new.reads:
        try:
            paths_of(name)
        except LookupError as error:
            raise DeclarationError(f"{new.id}: {error}") from error
    return new


def _docstring(identifier: str, check: Check) -> tuple[str, str]:
    if sys.flags.optimize > 1:  # python -OO takes the docstrings away; the id is then all there is to say
        return f"Rule {identifier}.", ""
    document = inspect.getdoc(check)
    if not document:
        raise DeclarationError(f"{identifier}: a rule says in its docstring what it demands")
    sentence, _, text = document.partition("\n")
    return sentence, text.strip()


def _parameters(identifier: str, check: Check) -> list[Any]:
    """The classes that the parameters are annotated with."""
    names = check.__code__.co_varnames[: check.__code__.co_argcount]
    known = check.__globals__
    found = [known.get(str(check.__annotations__.get(name, ""))) for name in names]
    if not found or not all(isinstance(kind, type) for kind in found):
        raise DeclarationError(f"{identifier}: every parameter is annotated with a class of its module")
    if not all(hasattr(kind, "of") for kind in found[1:]):
        raise DeclarationError(f"{identifier}: every parameter but the first is a view")
    return found


def collect(*modules: ModuleType) -> tuple[Rule, ...]:
    """The rules that modules declare, in their order: as names, or in tuples.

    Args:
        modules: the modules.

    Raises:
        DeclarationError: a rule is declared twice, or as a twin and without one.
    """
    found: dict[tuple[str, str | None], Rule] = {}
    for module in modules:
        for value in vars(module).values():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Rule):
                    _enter(one, found)
    return tuple(found.values())


def _enter(new: Rule, found: dict[tuple[str, str | None], Rule]) -> None:
    clashes = [(new.id, syntax) for syntax in (("ubl", "cii", None) if new.syntax is None else (new.syntax, None))]
    for clash in clashes:
        if found.get(clash, new) is not new:
            raise DeclarationError(f"{new.id} is declared twice: {new.file}:{new.line}")
    found[new.id, new.syntax] = new
