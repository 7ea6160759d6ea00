# SPDX-License-Identifier: Apache-2.0
"""What is asked of the elements of a document, one check per row.

A check is met by the elements and attributes that its path leads to. What it has to remember of them belongs to the
element that is asked, its context, and is forgotten when the walk leaves that.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from einvoice.bind.structure_conditions import lazily
from einvoice.bind.structure_inquiry import NONE
from einvoice.bind.structure_parts import TreePart
from einvoice.bind.structure_paths import WHITE, tag_of, text_of, trimmed
from einvoice.codes import codes
from einvoice.model.listing import Listing
from einvoice.model.parts import Fault, Part, UnjudgeableError
from einvoice.model.structure import coded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.etree import _Element

    from einvoice.bind.structure_inquiry import Inquiry
    from einvoice.model.structure import Codes, Step, StructureRow

    Memory = dict["Check", Any]
    Ask = Callable[["Answers", "Check", _Element, int], None]

ANYWHERE: Final = -1
"""The depth of a path that may lead anywhere in the document."""
_TOLD: Final = object()
_TEXTS: Final = re.compile(r"'[^']*'(\|'[^']*')*")
_DAY: Final = r"\d{4}(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])"
_DATES: Final = {
    102: re.compile(rf"[ \t\r\n]*{_DAY}[ \t\r\n]*"),
    205: re.compile(rf"[ \t\r\n]*{_DAY}([01][0-9]|2[0-3])[0-5][0-9][ \t\r\n]*"),
}
"""How dates are written, by the code of their format (UNTDID 2379); a date 205 has no time zone here."""


class Check:
    """A row in one of its contexts, ready to be asked.

    Attributes:
        row: the row.
        place: its place among the rows.
        kind: its test without the number.
        number: the number in its test.
        attribute: the attribute that its path ends with.
        depth: how many elements its path has; ``ANYWHERE`` after ``//``.
        codes: the texts that its test takes.
        ask: what happens when an element is met that the path leads to.
        plain: whether every context is asked.
        excuse: texts of the element itself under which its context is not asked.
        filled: whether it is about elements alone that say something.
        question: the function that is asked.
        guards: conditions along the path, each with how far it stands above the path's last element.
        tag: the name of the children that it counts, where nothing else is asked of them; empty otherwise.
        refused: the name of the child that must not be there, where nothing else is asked of it; empty otherwise.
        wanted: the attribute of the context that has to be there, where nothing else is asked; empty otherwise.
    """

    __slots__ = (
        "_context",
        "_true",
        "_unless",
        "ask",
        "attribute",
        "codes",
        "depth",
        "excuse",
        "filled",
        "guards",
        "kind",
        "number",
        "place",
        "plain",
        "question",
        "refused",
        "row",
        "tag",
        "wanted",
    )

    def __init__(self, row: StructureRow, place: int, context: str, path: tuple[Step, ...], *, anywhere: bool) -> None:
        kind, _, number = row.test.rpartition(" ")
        wanted = coded(row.test)
        self.row = row
        self.place = place
        self.number = int(number) if number.isdigit() else 1
        self.kind = "code" if wanted else kind if number.isdigit() else row.test
        self.codes = _codes(wanted) if wanted else frozenset()
        self.ask: Ask = _ASKED[self.kind]
        end = path[-1].names[0] if path else ""
        self.attribute = end[1:] if end.startswith("@") else ""
        length = len(path) - bool(self.attribute)
        self.depth = ANYWHERE if anywhere else length
        conditions = [(max(length - 1 - at, 0), step.condition) for at, step in enumerate(path) if step.condition]
        self.filled = conditions == [(0, ".!=''")] and self.kind in ("exactly", "at most", "some")
        self.guards = tuple((up, lazily(text)) for up, text in ([] if self.filled else conditions))
        self._context = lazily(context) if context else None
        self._unless = lazily(row.unless) if row.unless else None
        self._true = lazily(row.path)
        self.plain = not (context or row.unless)
        self.excuse = _own_texts(row)
        self.question = row.question or _unasked
        alone = not anywhere and len(path) == 1 and not conditions
        child = tag_of(end) if alone and not self.attribute and len(path[0].names) == 1 else ""
        self.tag = child if self.kind in ("exactly", "at most", "some") else ""
        self.refused = child if self.kind == "absent" and not row.unless else ""
        self.wanted = self.attribute if alone and self.kind == "some" else ""

    @property
    def remembers(self) -> bool:
        """Whether the context has to remember something while its content is met."""
        return self.depth != 0 or self.kind in COUNTED

    def fits(self, count: int) -> bool:
        """Whether so many children of its name are as many as there should be."""
        if self.kind == "exactly":
            return count == self.number
        return count <= self.number if self.kind == "at most" else count >= self.number

    def counts(self, asked: _Element, inquiry: Inquiry) -> bool:
        """Whether a context is asked.

        Raises:
            UnjudgeableError: a comparison cannot be made.
        """
        try:
            if self._context is not None and not self._context(asked, inquiry):
                return False
        except UnjudgeableError:
            return False  # a pattern that cannot be compared does not fit
        return self._unless is None or not self._unless(asked, inquiry)

    def holds(self, el: _Element, inquiry: Inquiry) -> bool:
        """Whether the condition of the row is met.

        Raises:
            UnjudgeableError: a comparison cannot be made.
        """
        return self._true(el, inquiry)

    def guarded(self, el: _Element, inquiry: Inquiry) -> bool:
        """Whether an element that the path leads to meets the conditions along the path.

        The last answer is kept, so that many children of one element ask for it once.
        """
        for up, meets in self.guards:
            if not up:
                if not meets(el, inquiry):
                    return False
                continue
            above = _above(el, up)
            known = inquiry.last.get(meets)
            if known is None or known[0] is not above:
                known = inquiry.last[meets] = (above, meets(above, inquiry))
            if not known[1]:
                return False
        return True


class Answers:
    """What one walk over a document finds.

    Attributes:
        inquiry: what is known of the document.
        memories: depth -> what is remembered for the element there.
        hits: check, element, attribute (``None`` for something that is missing), and why it could not be judged.
        faults: what functions found wrong: check, element, and the fault.
        latest: the element that functions were asked of last.
    """

    __slots__ = ("faults", "hits", "inquiry", "latest", "memories")

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self.memories: dict[int, Memory] = {}
        self.hits: Listing[tuple[Check, _Element, str | None, str]] = Listing()
        self.faults: Listing[tuple[Check, _Element, Fault]] = Listing()
        self.latest = TreePart(inquiry.root, inquiry)

    def hit(self, check: Check, el: _Element, asked: _Element | None = None) -> None:
        """Note an element that answers a check wrongly, if the check is asked there."""
        attribute = check.attribute if asked is None else None
        try:
            if check.plain or check.counts(asked if asked is not None else self.asked(check, el), self.inquiry):
                self.hits.add(check, (check, el, attribute, ""))
        except UnjudgeableError as error:
            self.hits.add((check, "open"), (check, el, attribute, str(error)))

    def miscounted(self, check: Check, el: _Element, count: int) -> None:
        """Note an element with too many or too few children of a name."""
        if count < check.number:
            self.hit(check, el, el)
        else:
            self.hit(check, [child for child in el if child.tag == check.tag][check.number])

    def asked(self, check: Check, el: _Element) -> _Element:
        """The context of a check, seen from an element that its path leads to."""
        return self.inquiry.root if check.depth == ANYWHERE else _above(el, check.depth)

    def met(self, check: Check, el: _Element) -> bool:
        """Whether an element is one that a check is about."""
        try:
            return check.guarded(el, self.inquiry)
        except UnjudgeableError as error:
            self.hits.add((check, "open"), (check, el, check.attribute, str(error)))
            return False

    def leave(self, check: Check, el: _Element, depth: int) -> None:
        """Ask of a context what can be answered when all it holds was met."""
        if check.kind == "asked":
            check.ask(self, check, el, depth)
            return
        if check.refused:
            for child in self.inquiry.below[el].get(check.refused, NONE)[:1]:
                self.hit(check, child)
            return
        try:
            if check.kind == "true":
                holds = check.holds(el, self.inquiry)
            else:  # it holds as many as it should, or more
                holds = self.memories[depth].get(check, 0) >= check.number
        except UnjudgeableError as error:
            self.hits.add((check, "open"), (check, el, None, str(error)))
            return
        if not holds:
            self.hit(check, el, el)


@cache
def _codes(wanted: Codes) -> frozenset[str]:
    """The codes that a row takes; only CII has rows of codes."""
    known = codes(wanted.name, "cii") if wanted.name else frozenset()
    return known.union(wanted.more).difference(wanted.less)


def _unasked(_: Part) -> Iterable[Fault]:
    """What a row asks that has no function."""
    return ()


def _own_texts(row: StructureRow) -> frozenset[str]:
    """The texts that a row demands of the elements that it does not want otherwise: the short way to its condition."""
    values = row.unless.removeprefix(f"{row.path}=")
    if values == row.unless or not _TEXTS.fullmatch(values):
        return frozenset()
    return frozenset(text.strip("'") for text in values.split("|"))


def _above(el: _Element, levels: int) -> _Element:
    for _ in range(levels):
        parent = el.getparent()
        if parent is None:
            break
        el = parent
    return el


def _absent(answers: Answers, check: Check, el: _Element, depth: int) -> None:
    if check.depth:
        memory = answers.memories[0 if check.depth == ANYWHERE else depth - check.depth]
        if check in memory or (check.guards and not answers.met(check, el)):
            return
        memory[check] = _TOLD
        if check.excuse and text_of(el) in check.excuse:
            return
    elif check.guards and not answers.met(check, el):
        return
    answers.hit(check, el)


def _counted(answers: Answers, check: Check, el: _Element, depth: int) -> None:
    if (check.filled and not text_of(el)) or (check.guards and not answers.met(check, el)):
        return
    memory = answers.memories[0 if check.depth == ANYWHERE else depth - check.depth]
    count = memory[check] = memory.get(check, 0) + 1
    if count == check.number + 1 and check.kind != "some":
        answers.hit(check, el)


def _alike(answers: Answers, check: Check, el: _Element, depth: int) -> None:
    _compare(answers, check, el, depth, text_of(el))


def _alike_trimmed(answers: Answers, check: Check, el: _Element, depth: int) -> None:
    _compare(answers, check, el, depth, trimmed(text_of(el)))


def _compare(answers: Answers, check: Check, el: _Element, depth: int, text: str) -> None:
    memory = answers.memories[0 if check.depth == ANYWHERE else depth - check.depth]
    first = memory.setdefault(check, text)
    if first is not _TOLD and first != text:
        memory[check] = _TOLD
        answers.hit(check, el)


def _decimals(answers: Answers, check: Check, el: _Element, _: int) -> None:
    text = text_of(el)
    point = text.find(".")
    if 0 <= point < len(text) - 1 - check.number:
        answers.hit(check, el)


def _date(answers: Answers, check: Check, el: _Element, _: int) -> None:
    if not _DATES[check.number].fullmatch(text_of(el)):
        answers.hit(check, el)


def _code(answers: Answers, check: Check, el: _Element, _: int) -> None:
    text = str(el.get(check.attribute)) if check.attribute else text_of(el)
    if text and text not in check.codes:
        answers.hit(check, el)


def _bare(answers: Answers, check: Check, el: _Element, _: int) -> None:
    answers.hit(check, el, el)


def _said(answers: Answers, check: Check, el: _Element, _: int) -> None:
    text = el.text
    if not (text and text.strip(WHITE)):
        answers.hit(check, el)


def _asked(answers: Answers, check: Check, el: _Element, _: int) -> None:
    try:
        if not check.plain and not check.counts(el, answers.inquiry):
            return
        part = answers.latest
        if part.element is not el:  # several ask the same element
            part = answers.latest = TreePart(el, answers.inquiry)
        found = check.question(part)
        if found:  # not nothing, which most find; whether a generator finds anything turns out when it is asked
            for fault in [*found]:
                answers.faults.add(check, (check, el, fault))
    except UnjudgeableError as error:
        answers.hits.add((check, "open"), (check, el, "", str(error)))
    except Exception as error:  # noqa: BLE001 -- whatever it is, it concerns this rule only
        answers.hits.add((check, "open"), (check, el, "", f"{type(error).__name__}: {error}"))


def _nothing(_answers: Answers, _check: Check, _el: _Element, _depth: int) -> None:
    """A check that is asked when its context is left."""


COUNTED: Final = frozenset(["at most", "exactly", "some", "alike", "alike trimmed"])
"""Kinds that remember what was met."""
LEFT: Final = frozenset(["exactly", "some", "true"])
"""Kinds that are asked when the context is left."""
BARREN: Final = frozenset(["full", "said"])
"""Kinds that are asked of an element without elements in it."""
_ASKED: Final[dict[str, Ask]] = {
    "absent": _absent,
    "at most": _counted,
    "exactly": _counted,
    "some": _counted,
    "alike": _alike,
    "alike trimmed": _alike_trimmed,
    "decimals": _decimals,
    "date": _date,
    "code": _code,
    "true": _nothing,
    "full": _bare,
    "said": _said,
    "asked": _asked,
}
