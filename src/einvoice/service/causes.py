# SPDX-License-Identifier: Apache-2.0
"""Why an invoice was not written, and what is said of one that was: findings with their places in what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.rules.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_SHOWN: Final = 80
"""Characters of a value that a sentence quotes."""


class Cause(Struct, frozen=True):
    """Why an invoice was refused, such that the same cause in other invoices is equal.

    Attributes:
        code: the rule, or the kind of fault.
        term: the term concerned; empty if none.
        place: the column, or what else of the source is to be put right in every such invoice; empty if unknown.
        text: an example, in words; not part of what makes causes equal.
    """

    code: str
    term: str = ""
    place: str = ""
    text: str = ""


class Refusal(Struct, frozen=True, omit_defaults=True):
    """One reason why an invoice of an export was refused, with the place in the export.

    Attributes:
        rule: the rule, or the kind of fault.
        message: what is wrong.
        term: the term concerned.
        place: the place in words, such as ``row 17, column 'MwSt'`` or ``/Invoices/0/LineItems/2/TaxType``.
        file: the file of that place: the export, the mapping or the seller profile.
        sheet: the sheet of a spreadsheet.
        row: the row, from 1.
        column: the column, from 1.
        header: the name of the column.
        path: the JSON pointer, path of an element, or segment.
        line: the physical line, from 1.
        found: what stands there.
    """

    rule: str
    message: str
    term: str | None = None
    place: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    header: str | None = None
    path: str | None = None
    line: int | None = None
    found: str | None = None


class Warned(Struct, frozen=True):
    """A finding that does not keep an invoice from being written.

    Attributes:
        finding: what is wrong.
        place: the place in an export that it comes from, in words; empty if unknown.
        cause: the same without what only this invoice says; ``None`` for an invoice that is of no export.
    """

    finding: Finding
    place: str = ""
    cause: Cause | None = None

    def as_cause(self) -> Cause:
        """The finding such that the same one in other invoices is equal."""
        return self.cause or cause_of(self.finding)


def cause_of(finding: Finding, place: str = "") -> Cause:
    """A finding such that the same one in other invoices is equal.

    Args:
        finding: what is wrong.
        place: the column that it comes from; empty if unknown.
    """
    term = next(iter(finding.terms), "")
    example = values_of(finding) if term or place else ""  # else the text is all that tells causes apart
    return Cause(finding.rule, term, place, f"{finding.message}{example}")


def sifted(
    written: Iterable[Finding], meant: Iterable[Finding] = ()
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The fatal findings and the others, each rule and place once.

    Args:
        written: the findings of what was written.
        meant: those of the invoice as it was meant, which mostly say the same again and know no place in a document.
    """
    found = {(one.rule, one.model_path, one.found, one.location): one for one in written}
    known = {key[:3] for key in found}
    found |= {(one.rule, one.model_path, one.found, None): one for one in meant if _key(one) not in known}
    fatal = tuple(one for one in found.values() if one.effective == "fatal")
    return fatal, tuple(one for one in found.values() if one.effective != "fatal")


def _key(finding: Finding) -> tuple[str, str, str | None]:
    return finding.rule, finding.model_path, finding.found


def told(finding: Finding) -> str:
    """A finding as part of a sentence.

    Args:
        finding: what is wrong.
    """
    terms = f" ({', '.join(finding.terms)})" if finding.terms else ""
    return f"{finding.rule}{terms}: {finding.message}{values_of(finding)}"


def values_of(finding: Finding) -> str:
    """What is there and what should be, as sentences behind that of the rule; empty where neither is known.

    Args:
        finding: what is wrong.
    """
    if finding.expected is not None:
        return f" Found {finding.found if finding.found is not None else 'nothing'}, expected {finding.expected}."
    return f" Found {shown(finding.found)}." if finding.found else ""


def shown(value: str) -> str:
    """A value in a sentence: cut, since an invoice may say much in one place.

    Args:
        value: what stands there.
    """
    return repr(value if len(value) <= MOST_SHOWN else f"{value[:MOST_SHOWN]}…")
