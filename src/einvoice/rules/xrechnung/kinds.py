# SPDX-License-Identifier: Apache-2.0
"""Rules that differ only in what they look at, for both syntaxes at once: one row instead of two functions each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, counted
from einvoice.rules.xrechnung.readings import says_something

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import Faults, Question

UBL: Final = "/Invoice | /CreditNote"
"""The document in UBL."""
CII: Final = "/rsm:CrossIndustryInvoice"
"""The document in CII."""
TRANSACTION: Final = f"{CII}/rsm:SupplyChainTradeTransaction"
AGREEMENT: Final = f"{TRANSACTION}/ram:ApplicableHeaderTradeAgreement"
DELIVERY: Final = f"{TRANSACTION}/ram:ApplicableHeaderTradeDelivery"
SETTLEMENT: Final = f"{TRANSACTION}/ram:ApplicableHeaderTradeSettlement"
Place = tuple[str, str]
"""The elements that are asked, and the path from them to what is looked at; several paths are divided by blanks."""


def ubl(path: str) -> str:
    """A place in an invoice and in a credit note in UBL.

    Args:
        path: the path below the document.
    """
    return f"/Invoice/{path} | /CreditNote/{path}"


def lines(document: Part) -> list[Part]:
    """The lines of a document in UBL.

    Args:
        document: the document.
    """
    return [*document.parts("cac:InvoiceLine"), *document.parts("cac:CreditNoteLine")]


def demanded(identifier: str, in_ubl: Place, in_cii: Place, sentence: str, *terms: str) -> tuple[ElementRule, ...]:
    """Something has to stand in an element; of several paths, one suffices.

    Args:
        identifier: the official id.
        in_ubl: the place in UBL.
        in_cii: the place in CII.
        sentence: what the rule demands.
        terms: the terms concerned, where the place does not tell.
    """
    line = _line()
    rules = (asked(identifier, context, _there(path, terms), sentence, line) for context, path in (in_ubl, in_cii))
    return tuple(rules) if terms else tuple(map(counted, rules, (in_ubl[1], in_cii[1])))


def filled(identifier: str, in_ubl: Place, in_cii: Place, sentence: str) -> tuple[ElementRule, ...]:
    """Something has to stand in an element, and to say more than white space; of several paths, one suffices.

    Args:
        identifier: the official id.
        in_ubl: the place in UBL.
        in_cii: the place in CII.
        sentence: what the rule demands.
    """
    line = _line()
    rules = (asked(identifier, context, _said(path), sentence, line) for context, path in (in_ubl, in_cii))
    return tuple(counted(rule, path, filled=True) for rule, (_, path) in zip(rules, (in_ubl, in_cii), strict=True))


def asked(
    identifier: str, context: str, check: Question, sentence: str, line: tuple[str, int] | None = None
) -> ElementRule:
    """A rule whose function is made and not written.

    Args:
        identifier: the official id.
        context: the elements that are asked.
        check: the function.
        sentence: what the rule demands.
        line: the file and the line of the row; where this is called if ``None``.
    """
    file, number = line or _line()
    return ElementRule(id=identifier, context=context, check=check, sentence=sentence, file=file, line=number)


def _line() -> tuple[str, int]:
    """Where the row stands: the file and line that called a kind of row."""
    frame = sys._getframe(2)  # noqa: SLF001 -- the line of the row is where the rule stands
    return frame.f_code.co_filename, frame.f_lineno


def _there(path: str, terms: tuple[str, ...]) -> Question:
    paths = path.split()

    def there(part: Part) -> Faults:
        for one in paths:
            if part.has(one):
                return NO_FAULTS
        return (Fault(paths[0], terms=terms),)

    return there


def _said(path: str) -> Question:
    paths = path.split()

    def said(part: Part) -> Faults:
        for one in paths:
            for text in part.texts(one):
                if says_something(text):
                    return NO_FAULTS
        return (Fault(paths[0]),)

    return said


def no_objects(lines: Iterable[Part], path: str, code: str) -> dict[Part, Faults]:
    """The lines that refer to documents and to no invoiced object (type 130), by the first of those documents.

    Few lines refer to any: so the documents are asked, and not the lines.

    Args:
        lines: the lines.
        path: the path from a line to the documents.
        code: the path from a document to its type.
    """
    found: dict[Part, Faults] = {}
    for line in lines:
        references = line.parts(path)
        if references and "130" not in line.texts(f"{path}/{code}"):
            found[references[0]] = (Fault(path, part=line, terms=("BT-128",)),)
    return found
