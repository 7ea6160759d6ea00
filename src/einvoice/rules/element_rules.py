# SPDX-License-Identifier: Apache-2.0
"""Rules about elements that are functions: those that compare, compute, or check a digit.

Such a rule is named after its official id, like any other, and is asked of the elements that its publisher asks::

    @about("PEPPOL-EN16931-R010", "cac:AccountingCustomerParty/cac:Party")
    def peppol_en16931_r010(buyer: Part) -> Faults:
        \"\"\"The buyer has an electronic address.\"\"\"
        if not buyer.has("cbc:EndpointID"):
            yield Fault("cbc:EndpointID")

The first line of the docstring is the sentence that users see. A function that raises is undetermined where it was
asked, as its publisher's test is where XPath cannot compute it.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct, structs

from einvoice.model.parts import Fault, Part
from einvoice.model.structure import StructureRow
from einvoice.rules.registry import DeclarationError

if TYPE_CHECKING:
    from types import FrameType, ModuleType

T = TypeVar("T")
Faults = Iterable[Fault]
_CHILD: Final = re.compile(r"[a-z]+:[A-Za-z]+")
Question = Callable[[Part], Faults]
NO_FAULTS: Final[tuple[Fault, ...]] = ()


class ElementRule(Struct, frozen=True, eq=False, kw_only=True):
    """A rule that is asked of elements.

    Attributes:
        id: the official id.
        context: the elements that it is asked of, as in a row.
        check: the function.
        sentence: what it demands, in one sentence.
        text: what else is to be said about it.
        file: the file that declares it.
        line: the line in that file.
        child: the name of the child that has to be there, where that is all it demands: children are counted as they
            are met, so that the function need not be asked.
        filled: whether that child has to say something, too.
    """

    id: str
    context: str
    check: Question
    sentence: str
    text: str = ""
    file: str = ""
    line: int = 0
    child: str = ""
    filled: bool = False

    @property
    def rows(self) -> tuple[StructureRow, ...]:
        """The rule as rows.

        They see their elements whatever other contexts these have: first come, first served is for the function to say,
        where its publisher means it.
        """
        if not self.child:
            return (StructureRow(self.id, f"& {self.context}", "asked", ".", question=self.check),)
        there = StructureRow(self.id, f"& {self.context}", "some", self.child)
        children = " | ".join(f"{one}/{self.child}" for one in self.context.split(" | "))
        return (there, StructureRow(self.id, f"& {children}", "said", ".")) if self.filled else (there,)


def about(identifier: str, context: str, *, version: str = "") -> Callable[[Question], ElementRule]:
    """Declare a function to be a rule about elements.

    Args:
        identifier: the official id; the function is called like it, in lower case.
        context: the elements that it is asked of, as in a row.
        version: what follows in the name of a function that another pack has in its own way.

    Raises:
        DeclarationError: the function is called otherwise, or does not say in a sentence what it demands.
    """

    def declare(check: Question) -> ElementRule:
        code = getattr(check, "__code__")  # noqa: B009 -- a callable need not be a function
        name = identifier.lower().replace("-", "_") + (f"_{version}" if version else "")
        if code.co_name != name:
            raise DeclarationError(f"{identifier}: the function has to be called {name}, not {code.co_name}")
        return _declared(identifier, context, check, inspect.getdoc(check) or "", code.co_filename, code.co_firstlineno)

    return declare


def asked(identifier: str, context: str, check: Question, sentence: str) -> ElementRule:
    """A rule of which there are several that differ in a table or a number only.

    Args:
        identifier: the official id.
        context: the elements that are asked.
        check: the function.
        sentence: what the rule demands.
    """
    file, line = _caller()
    return _declared(identifier, context, check, sentence, file, line)


def needs(identifier: str, context: str, path: str, sentence: str, *, filled: bool = False) -> ElementRule:
    """Something has to stand in an element.

    Args:
        identifier: the official id.
        context: the elements that are asked.
        path: what has to stand there; of several paths, divided by blanks, each.
        sentence: what the rule demands.
        filled: whether it has to say more than white space.
    """
    paths = tuple(path.split())

    def there(part: Part) -> Faults:
        return [Fault(one) for one in paths if not part.has(one)] or NO_FAULTS

    def said(part: Part) -> Faults:
        missing = [one for one in paths if not any(text.strip(" \t\r\n") for text in part.texts(one))]
        return [Fault(one) for one in missing] or NO_FAULTS

    file, line = _caller()
    made = _declared(identifier, context, said if filled else there, sentence, file, line)
    return made if filled else counted(made, path)


def lacks(part: Part | None, path: str) -> Faults:
    """What is missing beside something that demands it.

    Args:
        part: the element that both stand in.
        path: the path from it to what has to be there.
    """
    return NO_FAULTS if part is None or part.has(path) else (Fault(path, part=part),)


def up(part: Part, levels: int) -> Part:
    """The element that stands so many levels above another; the document, if there are not so many.

    Args:
        part: the element.
        levels: how many levels.
    """
    for _ in range(levels):
        part = part.above or part
    return part


def of_document(document: Part, fact: Callable[[Part], T]) -> T:
    """Something about a document: found out once, unless it stands in an extension of another.

    Args:
        document: the document that is asked.
        fact: finds it out.
    """
    return document.recall(fact) if document.above is None else fact(document)


def counted(rule: ElementRule, path: str, *, filled: bool = False) -> ElementRule:
    """A rule that demands a child, as one that is answered by counting; any other as it is.

    Args:
        rule: the rule.
        path: what it demands, nothing else.
        filled: whether it demands that this says something; only of a child that schemas allow once.
    """
    return structs.replace(rule, child=path, filled=filled) if _CHILD.fullmatch(path) else rule


def sentences(rules: Iterable[ElementRule]) -> dict[tuple[str, str], str]:
    """What rules demand whose rows could say it in words of their own: by id and test, as a pack states it.

    Args:
        rules: the rules.
    """
    return {(one.id, row.test): one.sentence for one in rules if one.child for row in one.rows}


def _caller() -> tuple[str, int]:
    """Where a row stands: the first place outside of the function that made it, which is the level of a module."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 -- the line of the row is where the rule stands
    while frame is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0)


def _declared(identifier: str, context: str, check: Question, document: str, file: str, line: int) -> ElementRule:
    sentence, _, text = document.partition("\n")
    if sys.flags.optimize > 1 and not document:  # python -OO takes the docstrings away; the id is all there is to say
        sentence = f"Rule {identifier}."
    if not sentence.endswith(".") or not sentence[0].isupper():
        raise DeclarationError(f"{identifier}: {sentence!r} is no sentence")
    return ElementRule(
        id=identifier, context=context, check=check, sentence=sentence, text=text.strip(), file=file, line=line
    )


def gather(*modules: ModuleType) -> tuple[ElementRule, ...]:
    """The rules about elements that modules declare, in their order: as names, or in tuples.

    Args:
        modules: the modules.
    """
    found: dict[ElementRule, None] = {}
    for module in modules:
        for value in vars(module).values():
            found.update((one, None) for one in (value if isinstance(value, tuple) else (value,)) if _is_rule(one))
    return tuple(found)


def _is_rule(value: object) -> bool:
    return isinstance(value, ElementRule)
