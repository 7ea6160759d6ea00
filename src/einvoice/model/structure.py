# SPDX-License-Identifier: Apache-2.0
"""Rules about the elements of a document, as data, and what a document says to them.

A published rule such as "a line has at most one ``cbc:Note``" is about the shape of a document and not about an
invoice. Rule packs hold such rules as rows; the room that knows the syntaxes asks a document about them. What passes
between the two is here, and the grammar in which a row is written.

A path is ``cac:Party/cbc:EndpointID/@schemeID``: elements below each other, perhaps an attribute at the end.

* ``//`` in front: anywhere in the document. ``.`` is the element itself.
* ``(cac:InvoiceLine|cac:CreditNoteLine)``: either of them. ``*Amount``, ``ram:*ID``: a name that ends so.
* ``[condition]`` after a step, or after an attribute: only where the element meets it.

A condition is about one element:

* ``cbc:ID``: it has one. ``cbc:ID='a'|'b'``: one of them says so; ``cbc:ID!='a'``: one of them says something else.
  So neither holds where there is none.
* ``cbc:ChargeIndicator=false``: compared as truth values. ``cbc:ID!=../cbc:ID``: compared with each other.
* ``cbc:Percent=0``, ``cbc:Percent>=0``, ``cbc:Percent>0`` and so on: compared as numbers (``xs:double``).
* ``upper(cbc:ID)='A'``, ``trim(cbc:ID)='a'``, ``code(cbc:ID)='A'``: in upper case, without needless white space, or
  both; what is absent counts as an empty text then, in each of the elements above it.
* ``../`` in front starts at the element above, ``../../`` at the one above that, ``/`` at the document, ``//`` at every
  element of that name; ``.`` is the element itself, ``self::NAME`` is it if it is called so, ``ancestor::NAME`` every
  element above that is.
* ``!A``: not A. ``A and B or C``: ``and`` binds closer.

These are the comparisons of XPath 2, with its results for absent and repeated elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

from einvoice.model.parts import Fault, Part

Question = Callable[[Part], Iterable[Fault]]
"""A function that is asked of an element, and says what is wrong with it."""

_BRACKETS: Final = {"[": 1, "(": 1, "]": -1, ")": -1}
_VALUE: Final = r"'[^']*'(?:\|'[^']*')*|true|false|[^\[\]=!<>'()]+"
_TERM: Final = re.compile(rf"(?P<negated>!?)(?P<operand>[^=!<>]+)(?:(?P<operator>!?=|[<>]=?)(?P<value>{_VALUE}))?")
_OPERAND: Final = re.compile(
    r"(?:(?P<function>upper|trim|code)\()?(?P<axis>self::|ancestor::|(?:\.\./)+|//?|)(?P<path>[\w:@*/]+?|\.)"
    r"(?(function)\))"
)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_TEXTS: Final = r"'[^']*'(?:\|'[^']*')*"
_CODES: Final = re.compile(
    rf"code (?:(?P<only>{_TEXTS})|(?P<name>[a-z][\w-]*)(?: \+ (?P<more>{_TEXTS}))?(?: - (?P<less>{_TEXTS}))?)"
)


class GrammarError(ValueError):
    """A row that does not follow the grammar; rows are part of the program, so this is a defect of it."""


class StructureRow(Struct, frozen=True):
    """One demand on the elements of a document; a rule has one row or several.

    Attributes:
        rule: the official id.
        context: the elements that are asked. ``/Invoice | /CreditNote`` is the document itself, ``cac:PayeeParty`` any
            element of that name; ``&`` in front: they are asked beside, whatever other contexts they have.
        test: what is asked of what stands at ``path``: ``absent``, ``at most N``, ``exactly N``, ``some``; ``alike``,
            ``alike trimmed`` (all say the same); ``decimals N``, ``date 102``, ``date 205`` (what a text looks like);
            ``code LIST + 'a'|'b' - 'c'`` (it is empty, or a code of that list, or one of the texts, and not one of the
            last; see :func:`coded`); ``true``
            (``path`` is a condition); ``full`` (the context holds elements), ``said`` (it holds elements, or a text
            that is more than white space); ``asked`` (``question`` finds nothing wrong, ``path`` is ``.``).
        path: elements or attributes below the context.
        unless: a condition on the context under which nothing is asked; empty for none.
        question: the function that is asked.
    """

    rule: str
    context: str
    test: str
    path: str
    unless: str = ""
    question: Question | None = None


class Section(Struct, frozen=True, eq=False):
    """Rows that are asked of some documents only, such as those of one country.

    Attributes:
        applies: whether they are asked, told from the element that the document is; ``None`` where ``signs`` tell it.
        rows: the rows.
        signs: rows of which a document breaks one that is asked. They are asked along with all others, and cost a
            document that breaks none of them nearly nothing.
    """

    applies: Callable[[Part], bool] | None
    rows: tuple[StructureRow, ...]
    signs: tuple[StructureRow, ...] = ()


class Structure(Struct, frozen=True, eq=False):
    """The rows of a pack for one family of documents.

    An element is asked by the first context, in the order of the rows, that fits it and has no condition, and by those
    before it that have one. The contexts after it do not see the element, unless they ask beside.

    Attributes:
        rows: the rows, contexts in the publisher's order of precedence.
        sections: rows that are asked beside them of some documents; they cost the others one question.
        along: structures that the same walk asks; what their contexts see and what these see are two matters.
    """

    rows: tuple[StructureRow, ...]
    sections: tuple[Section, ...] = ()
    along: tuple[Structure, ...] = ()


class StructureHit(Struct, frozen=True):
    """A place in a document that does not answer a row as it should.

    Attributes:
        row: the row.
        path: where, as an XPath with prefixes and positions; for something that is missing, where it is missing.
        value: the text that stands there; ``None`` for an element with elements in it.
        terms: the terms and groups that stand there, such as ``("BT-22",)``.
        line: the line in the source, counted from 1.
        open: why the row could not be judged; empty if it was, and is broken.
        expected: what should stand there.
        why: the arithmetic or the reason.
    """

    row: StructureRow
    path: str
    value: str | None = None
    terms: tuple[str, ...] = ()
    line: int | None = None
    open: str = ""
    expected: str | None = None
    why: str = ""


class Step(Struct, frozen=True):
    """One element on a path, or the attribute at its end.

    Attributes:
        names: the names it may have; an attribute has one.
        condition: what it must meet, as text; empty for nothing.
    """

    names: tuple[str, ...]
    condition: str = ""


class Operand(Struct, frozen=True):
    """A path in a condition.

    Attributes:
        axis: where it starts: ``self::``, ``ancestor::``, ``../`` (once or more), ``/``, ``//``; empty for the element
            itself.
        names: the elements on it; none for the element itself.
        attribute: the attribute at its end.
        function: ``upper``, ``trim`` or ``code``; empty for none.
    """

    axis: str
    names: tuple[str, ...]
    attribute: str = ""
    function: str = ""


class Term(Struct, frozen=True):
    """One comparison in a condition.

    Attributes:
        operand: what is compared.
        operator: ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, or empty where only its presence is asked.
        values: the texts that it is compared with.
        truth: the truth value that it is compared with.
        number: the number that it is compared with.
        other: the path that it is compared with.
        negated: whether the opposite is meant.
    """

    operand: Operand
    operator: str = ""
    values: tuple[str, ...] = ()
    truth: bool | None = None
    other: Operand | None = None
    negated: bool = False
    number: float | None = None


class Codes(Struct, frozen=True):
    """The codes that a row takes.

    Attributes:
        name: the code list, see :mod:`einvoice.codes`; empty for none.
        more: texts that are taken beside it.
        less: codes of the list that are not taken.
    """

    name: str
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()


def divided(text: str, separator: str) -> list[str]:
    """Divide a text where a separator stands outside brackets and quotation marks.

    Args:
        text: the text.
        separator: one character, or more.
    """
    if separator not in text:
        return [text]
    parts, depth, start, quoted = [], 0, 0, False
    for at, character in enumerate(text):
        quoted ^= character == "'"
        depth += 0 if quoted else _BRACKETS.get(character, 0)
        if not quoted and not depth and at >= start and text.startswith(separator, at):
            parts.append(text[start:at])
            start = at + len(separator)
    return [*parts, text[start:]]


def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path; of ``.``, none.

    Args:
        path: the path, without ``/`` or ``//`` in front.
    """
    if path == ".":
        return ()
    return tuple(_step(part) for part in (divided(path, "/") if "[" in path else path.split("/")))


def _step(text: str) -> Step:
    name, _, condition = text.partition("[")
    return Step(tuple(name.strip("()").split("|")), condition.removesuffix("]"))


def condition(text: str) -> tuple[tuple[Term, ...], ...]:
    """The terms of a condition: one of these groups, all in it, has to hold.

    Args:
        text: the condition.

    Raises:
        GrammarError: it does not follow the grammar.
    """
    return tuple(tuple(_term(term) for term in divided(part, " and ")) for part in divided(text, " or "))


def _term(text: str) -> Term:
    match = _TERM.fullmatch(text)
    if match is None:
        raise GrammarError(f"cannot read the condition {text!r}")
    operand, value, negated = _operand(match["operand"]), match["value"] or "", bool(match["negated"])
    if value in ("true", "false"):
        return Term(operand, match["operator"], truth=value == "true", negated=negated)
    if value.startswith("'"):
        return Term(operand, match["operator"], _texts(value), negated=negated)
    if _NUMBER.fullmatch(value):
        return Term(operand, match["operator"], negated=negated, number=float(value))
    return Term(operand, match["operator"] or "", other=_operand(value) if value else None, negated=negated)


def _operand(text: str) -> Operand:
    match = _OPERAND.fullmatch(text)
    if match is None:
        raise GrammarError(f"cannot read {text!r} in a condition")
    if match["path"] == ".":
        return Operand(match["axis"], (), "", match["function"] or "")
    *names, last = match["path"].split("/")
    attribute = last.removeprefix("@") if last.startswith("@") else ""
    names = names if attribute else [*names, last]
    return Operand(match["axis"], tuple(names), attribute, match["function"] or "")


def coded(test: str) -> Codes | None:
    """The codes that a row takes, or ``None`` if it asks something else.

    Args:
        test: its test.

    Raises:
        GrammarError: it does not follow the grammar.
    """
    if not test.startswith("code "):
        return None
    match = _CODES.fullmatch(test)
    if match is None:
        raise GrammarError(f"cannot read the codes in {test!r}")
    return Codes(match["name"] or "", _texts(match["only"] or match["more"]), _texts(match["less"]))


def _texts(value: str | None) -> tuple[str, ...]:
    """The texts between quotation marks."""
    return tuple(part.strip("'") for part in value.split("|")) if value else ()
