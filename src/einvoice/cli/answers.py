# SPDX-License-Identifier: Apache-2.0
"""Answers of ``validate`` as text for people and as JSON for programs: two renderings of the same data."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from einvoice.cli.terminal import Footnotes, cut, styled, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.findings import Finding, Undetermined
    from einvoice.service.check import Answer

_LONGEST: Final = 200
_NOT_PLAIN: Final = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_COLOURS: Final = {
    "valid": "good",
    "invalid": "bad",
    "unreadable": "bad",
    "undetermined": "open",
    "fatal": "bad",
    "warning": "open",
    "information": "quiet",
}
_SYNTAXES: Final = {"ubl-invoice": "UBL 2.1", "ubl-creditnote": "UBL 2.1", "cii": "CII D22B"}


# --------------------------------------------------------------------------------------------------------------- JSON


def as_json(answer: Answer) -> str:
    """One answer as one line of JSON.

    Args:
        answer: what checking a document said.
    """
    return one_line(as_data(answer))


def one_line(data: dict[str, Any]) -> str:
    """Data as one line of JSON, without characters that a terminal would act on.

    Args:
        data: plain data; texts may come from outside.
    """
    text = json.dumps(data, ensure_ascii=False)
    return _NOT_PLAIN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def as_data(answer: Answer) -> dict[str, Any]:
    """One answer as plain data, with the names of the contract.

    Args:
        answer: what checking a document said.
    """
    return {
        "file": answer.file,
        "sha256": answer.sha256,
        "syntax": answer.syntax,
        "profile": answer.profile,
        "verdict": answer.verdict,
        "schema_valid": answer.schema_valid,
        "packs": [
            {
                "id": pack.id,
                "version": pack.version or None,
                "profile": pack.profile,
                "engine": pack.engine,
                "verdict": pack.verdict,
                "not_implemented": pack.not_implemented,
                "open": pack.open or None,
            }
            for pack in answer.packs
        ],
        "findings": [_finding(finding) for finding in answer.findings],
        "undetermined": [
            {
                "rule": rule.rule,
                "packs": rule.packs,
                "reason": rule.reason,
                "location": rule.location,
                "line": rule.line,
            }
            for rule in answer.undetermined
        ],
        "error": answer.error,
        "notes": answer.notes,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "packs": finding.packs,
        "severity": finding.severity,
        "effective": finding.effective,
        "message": finding.message,
        "terms": finding.terms,
        "found": finding.found,
        "expected": finding.expected,
        "why": finding.why or None,
        "location": finding.location,
        "line": finding.line,
        "column": finding.column,
    }


# --------------------------------------------------------------------------------------------------------------- text


def as_text(answer: Answer, footnotes: Footnotes) -> Iterator[str]:
    """One answer as lines for people, the way compilers show errors.

    Args:
        answer: what checking a document said.
        footnotes: the notes that were printed before.

    Yields:
        Lines that are safe to print.
    """
    name = visible(answer.file)
    for finding in answer.findings:
        yield from _told(name, finding)
    for rule in answer.undetermined:
        yield f"{_place(name, rule)}: {styled('undetermined', 'open')} {rule.rule}: {_quoted(rule.reason)}"
    marks, fresh = footnotes.marked([*answer.notes, *(f"{pack.id}: {pack.open}" for pack in answer.packs if pack.open)])
    yield f"{name}: {styled(answer.verdict, _COLOURS[answer.verdict])}{_basis(answer)}{marks}"
    yield from fresh


def _told(name: str, finding: Finding) -> Iterator[str]:
    severity = styled(finding.effective, _COLOURS[finding.effective])
    yield f"{_place(name, finding)}: {severity} {finding.rule}: {_quoted(finding.message)}"
    if finding.location:
        yield styled(f"    at        {visible(finding.location)}{_named(finding.terms)}", "quiet")
    if finding.found is not None or finding.expected is not None:
        yield f"    found     {'nothing' if finding.found is None else _quoted(finding.found)}"
    if finding.expected is not None:
        yield f"    expected  {_quoted(finding.expected)}"
    if finding.why:
        yield f"    because   {_quoted(finding.why)}"
    if finding.terms:
        yield f"    to do     {_remedy(finding)}"


def _place(name: str, found: Finding | Undetermined) -> str:
    return ":".join([name, *(str(part) for part in (found.line, found.column) if part is not None)])


def _quoted(text: str) -> str:
    return cut(visible(text), _LONGEST)


def _named(terms: tuple[str, ...]) -> str:
    named = [f"{term} {name}" if (name := _name(term)) else term for term in terms]
    return f"  ({', '.join(named)})" if named else ""


def _name(number: str) -> str:
    from einvoice.model import terms

    return next((term.name for term in terms().values() if term.id == number), "")


def _remedy(finding: Finding) -> str:
    which = " and ".join(finding.terms)
    if finding.found is None and finding.expected is None and not finding.why:
        return f"state {which} as the rule demands; einvoice explain {finding.rule} says more"
    if finding.expected is not None:
        return f"correct {which}, or what it follows from; einvoice explain {finding.rule} says more"
    return f"correct {which}; einvoice explain {finding.rule} says more"


def _basis(answer: Answer) -> str:
    """What the verdict rests on, in a few words."""
    if answer.error is not None:
        return f": {_quoted(answer.error.removeprefix(f'{answer.file}: '))}"
    schema = _SYNTAXES.get(answer.syntax or "")
    parts = [f"schema {schema} {'obeyed' if answer.schema_valid else 'broken'}"] if schema else []
    for pack in answer.packs:
        label = f"{pack.id}{f':{pack.profile}' if pack.profile else ''} {pack.version}".strip()
        count = _count(answer, pack.id)
        parts.append(f"{label} {pack.verdict}{f' ({count})' if count else ''}")
    return f" ({'; '.join(parts)})" if parts else ""


def _count(answer: Answer, pack: str) -> str:
    counts = []
    for severity in ("fatal", "warning", "information"):
        number = sum(pack in finding.packs and finding.effective == severity for finding in answer.findings)
        counts += [f"{number} {severity}"] if number else []
    return ", ".join(counts)
