# SPDX-License-Identifier: Apache-2.0
"""What a row about the elements of a document demands, in a sentence of any language.

A language is a set of phrases (:class:`Phrases`), not a translation word by word: each decides for itself where a
condition stands, and what a sentence does with a subject. English is here; the others have theirs in the table
``[elements]`` of ``<language>.toml``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.model.structure import coded, condition, divided, steps

if TYPE_CHECKING:
    from einvoice.model.structure import Codes, Operand, StructureRow, Term

_LINE: Final = "(cac:InvoiceLine|cac:CreditNoteLine)"
_KINDS: Final = {
    "Invoice": "invoice",
    "CrossIndustryInvoice": "invoice",
    "InvoiceLine": "line",
    "IncludedSupplyChainTradeLineItem": "line",
}
_TWINS: Final = ("CreditNote", "cac:CreditNoteLine")
"""What UBL has twice, under two names."""
_SIGNS: Final = {"=": "=", "!=": "≠", "<": "<", ">": ">", "<=": "≤", ">=": "≥"}
_OPPOSITES: Final = {"=": "!=", "!=": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
_COUNTING: Final = ("at most", "exactly", "decimals")


class Phrases(Struct, frozen=True, kw_only=True):
    """How a language words a demand. All phrases are filled in by name.

    Attributes:
        invoice, line, element, ending, anything: what a context is called: the invoice, a line of it, an element by
            its name, elements by how their names end (``{name}``), or every element. Three forms each, divided by
            ``|``: as the subject of a sentence that speaks of each, in the place where something is, and in the place
            of which something is said.
        joined: how several contexts follow each other: ``{first}``, ``{last}``, and the separator of the others.
        absent, anywhere, at_most, exactly, some, alike, decimals, date, true, full, said: what a test demands.
        where_subject, where_path: the condition of a context, and of the path below it.
        unless: what excuses.
        any_of, all_of: between conditions of which one, or every one, has to hold.
        numbers: the words for 0, 1, 2 and 3, for what is counted.
        values: between values of which one will do.
        named_ending: an element that is told by how its name ends, in a condition.
        is_a, is_not_a, within, not_within, document_is, document_is_not: what an element or the document is.
        there, not_there: whether something is there.
        equals, differs, empty, not_empty: what something says.
        true_word, false_word: the truth values.
        date_time: what is demanded of a date with its time.
        code, code_at: what is demanded of a code, of the element itself or of what stands at a path in it.
        codes: what a code is one of: those of a list, more beside it, some of it left out.
        compares: how something compares with a number; the signs are those of mathematics.
        itself: the element that a condition is about.
        repairs: pairs of what phrases make when they meet, and what is written instead.
    """

    invoice: str
    line: str
    element: str
    ending: str
    anything: str
    joined: str
    absent: str
    anywhere: str
    at_most: str
    exactly: str
    some: str
    alike: str
    decimals: str
    date: str
    true: str
    full: str
    said: str
    where_subject: str
    where_path: str
    unless: str
    any_of: str
    all_of: str
    numbers: tuple[str, str, str, str]
    values: str
    named_ending: str
    is_a: str
    is_not_a: str
    within: str
    not_within: str
    document_is: str
    document_is_not: str
    there: str
    not_there: str
    equals: str
    differs: str
    empty: str
    not_empty: str
    true_word: str = "true"
    false_word: str = "false"
    repairs: tuple[tuple[str, str], ...] = ()
    date_time: str = (
        "{each}{where_subject} is a date with its time, written as year, month, day, hour and minute in twelve digits"
        "{unless}."
    )
    code: str = "{each}{where_subject} is {codes}{unless}."
    code_at: str = "{each}{where_subject} says in {path} {codes}{where_path}{unless}."
    codes: tuple[str, str, str, str] = ("a code of {list}", "one of {values}", " or {values}", ", but not {values}")
    compares: str = "{name} {sign} {value}"
    itself: str = "it"


ENGLISH: Final = Phrases(
    invoice="Each invoice|in an invoice|Of each invoice",
    line="Each invoice line|in an invoice line|Of each invoice line",
    element="Each {name}|in a {name}|Of each {name}",
    ending="Each element whose name ends in {name}|in an element whose name ends in {name}"
    "|Of each element whose name ends in {name}",
    anything="Each element|in an element|Of each element",
    joined="{first} or {last}",
    absent="{title} does not use {path} {inside}{where_subject}{where_path}{unless}.",
    anywhere="{title} does not use {path}{where_path}{unless}.",
    at_most="{each}{where_subject} has at most {number} {path}{where_path}{unless}.",
    exactly="{each}{where_subject} has exactly {number} {path}{where_path}{unless}.",
    some="{each}{where_subject} has {path}{where_path}{unless}.",
    alike="Every {path} says the same{where_path}{unless}.",
    decimals="{each}{where_subject} has at most {number} decimals{unless}.",
    date="{each}{where_subject} is a date, written as year, month and day in eight digits{unless}.",
    true="{of}{where_subject}, {condition}{unless}.",
    full="{each}{where_subject} has content{unless}.",
    said="{each}{where_subject} has content other than white space{unless}.",
    where_subject=" where {condition}",
    where_path=" where {condition}",
    unless=", unless {condition}",
    any_of=", or ",
    all_of=" and ",
    numbers=("no", "one", "two", "three"),
    values=" or ",
    named_ending="element whose name ends in {name}",
    is_a="it is a {name}",
    is_not_a="it is not a {name}",
    within="it is within a {name}",
    not_within="it is not within a {name}",
    document_is="the document is a {name}",
    document_is_not="the document is not a {name}",
    there="there is {name}",
    not_there="there is no {name}",
    equals="{name} is {value}",
    differs="{name} is not {value}",
    empty="{name} is empty",
    not_empty="{name} is not empty",
    repairs=(("a element", "an element"),),
)


@lru_cache(maxsize=1024)
def in_words(row: StructureRow, title: str, phrases: Phrases = ENGLISH) -> str:
    """What a row demands, as far as the row itself says it.

    Documents of one kind break the same rows, and to word one takes longer than to ask a hundred.

    Args:
        row: the row.
        title: how people call what the row is from.
        phrases: the language.
    """
    names, where = _subject(row.context.removeprefix("& "), phrases)
    path = row.path.removeprefix("//")
    if path.startswith(f"{_LINE}/"):
        names, where, path = [("line", "")], "", path.removeprefix(f"{_LINE}/")
    wanted = coded(row.test)
    kind, _, number = row.test.rpartition(" ")
    kind = "code" if wanted else kind if number.isdigit() else row.test
    each, inside, of = (_joined(names, form, phrases) for form in range(3))
    sentence = str(getattr(phrases, _template(kind, row))).format(
        title=title,
        each=each,
        inside=inside,
        of=of,
        number=phrases.numbers[int(number)] if kind in _COUNTING else "",
        path=re.sub(r"\[.*?\](?=/|$)", "", path),
        where_subject=phrases.where_subject.format(condition=where) if where else "",
        where_path="" if kind in ("true", "full") else _guards(path, phrases),
        condition=_words(row.path, phrases) if kind == "true" else "",
        codes=_codes(wanted, phrases) if wanted else "",
        unless=phrases.unless.format(condition=_words(row.unless, phrases)) if row.unless else "",
    )
    for made, meant in phrases.repairs:
        sentence = sentence.replace(made, meant)
    return sentence


def _template(kind: str, row: StructureRow) -> str:
    if kind == "absent" and row.path.startswith("//"):
        return "anywhere"
    if kind == "code":
        return "code" if row.path == "." else "code_at"
    if row.test == "date 205":
        return "date_time"
    return kind.removesuffix(" trimmed").replace(" ", "_")


def _codes(wanted: Codes, phrases: Phrases) -> str:
    """What a code is one of."""
    of_list, one_of, beside, without = phrases.codes
    more, less = (phrases.values.join(texts) for texts in (wanted.more, wanted.less))
    if not wanted.name:
        return one_of.format(values=more) if len(wanted.more) > 1 else more
    start = of_list.format(list=wanted.name)
    return start + (beside.format(values=more) if more else "") + (without.format(values=less) if less else "")


def _subject(context: str, phrases: Phrases) -> tuple[list[tuple[str, str]], str]:
    """What a context is called, a kind and a name for each of its patterns, and the condition on them."""
    names, conditions = [], []
    for pattern in divided(context, " | "):
        last = steps(pattern.removeprefix("/"))[-1]
        local = last.names[0].rpartition(":")[2]
        if last.names[0] not in _TWINS:
            names.append(_called(local, last.names[0]))
        if last.condition:
            conditions.append(_words(last.condition, phrases))
    return list(dict.fromkeys(names)), phrases.any_of.join(dict.fromkeys(conditions))


def _called(local: str, name: str) -> tuple[str, str]:
    if local.startswith("*"):
        return ("ending", local[1:]) if len(local) > 1 else ("anything", "")
    return _KINDS.get(local, "element"), name


def _joined(names: list[tuple[str, str]], form: int, phrases: Phrases) -> str:
    """Several contexts in one form; what a language says of the first only is left out behind it."""
    spoken = [str(getattr(phrases, kind)).split("|")[form].format(name=name) for kind, name in names]
    if len(spoken) == 1:
        return spoken[0]
    kind = names[0][0]
    start = str(getattr(phrases, kind)).split("|")[form].partition("{name}")[0]
    rest = [one.removeprefix(start) for one in spoken[1:]]
    return phrases.joined.format(first=", ".join([spoken[0], *rest[:-1]]), last=rest[-1])


def _guards(path: str, phrases: Phrases) -> str:
    """The conditions along a path."""
    words = [_words(step.condition, phrases) for step in steps(path) if step.condition]
    return phrases.where_path.format(condition=phrases.all_of.join(words)) if words else ""


def _words(text: str, phrases: Phrases) -> str:
    """A condition in words."""
    return phrases.any_of.join(phrases.all_of.join(_term(term, phrases) for term in terms) for terms in condition(text))


def _term(term: Term, phrases: Phrases) -> str:
    name, no = _name(term.operand, phrases), term.negated is (term.operator != "!=")
    if term.operand.axis == "self::":
        return (phrases.is_not_a if no else phrases.is_a).format(name=name)
    if term.operand.axis == "ancestor::":
        return (phrases.not_within if no else phrases.within).format(name=name)
    if term.operand.axis == "/" and len(term.operand.names) == 1 and not term.operand.attribute:
        return (phrases.document_is_not if no else phrases.document_is).format(name=name)
    if not term.operator:
        return (phrases.not_there if term.negated else phrases.there).format(name=name)
    return _compared(term, name, no=no, phrases=phrases)


def _compared(term: Term, name: str, *, no: bool, phrases: Phrases) -> str:
    if term.number is not None:
        sign = _OPPOSITES[term.operator] if term.negated else term.operator
        return phrases.compares.format(name=name, sign=_SIGNS[sign], value=f"{term.number:g}")
    if term.other is not None:
        value = _name(term.other, phrases)
    elif term.truth is not None:
        value = phrases.true_word if term.truth else phrases.false_word
    elif term.values == ("",):
        return (phrases.not_empty if no else phrases.empty).format(name=name)
    else:
        value = phrases.values.join(term.values)
    return (phrases.differs if no else phrases.equals).format(name=name, value=value)


def _name(operand: Operand, phrases: Phrases) -> str:
    """The last names of a path; those of one from the document are many."""
    names = operand.names[-2:] if operand.axis == "/" else operand.names
    if names and names[0].startswith(("*", "ram:*")):
        return phrases.named_ending.format(name=names[0].rpartition("*")[2])
    return "/".join([*names, *([f"@{operand.attribute}"] if operand.attribute else [])]) or phrases.itself
