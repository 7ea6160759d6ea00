# SPDX-License-Identifier: Apache-2.0
"""Answers of ``validate`` as text for people and as JSON for programs: two renderings of the same data."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from einvoice.cli.terminal import Footnotes, cut, styled, visible
from einvoice.rules.advice import advice, name_of
from einvoice.rules.bmf import class_of
from einvoice.rules.families import families
from einvoice.rules.record import pack_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.cli.speech import Speech
    from einvoice.rules.families import Family
    from einvoice.rules.findings import Finding, PackResult, Undetermined
    from einvoice.rules.record import Excerpt
    from einvoice.service.check import Answer

_LONGEST: Final = 200
_SENTENCE: Final = 400
"""Characters of a value, and of a sentence, that are shown."""
_BEFORE, _MARKED, _AFTER = 40, 80, 30
"""Characters of a line of the source that are shown."""
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
        "packs": [_pack(pack) for pack in answer.packs],
        "findings": [_finding(finding) for finding in answer.findings],
        "undetermined": [_undetermined(rule) for rule in answer.undetermined],
        "error": answer.error,
        "notes": answer.notes,
        "judged_at": answer.when or None,
        "einvoice": answer.einvoice,
        "error_class": answer.error_class,
        "remarks": [
            {"reason": one.reason, "path": one.path, "value": cut(one.value, _LONGEST), "terms": one.terms}
            for one in answer.remarks
        ],
    }


def _pack(result: PackResult) -> dict[str, Any]:
    pack = pack_of(result)
    return {
        "id": result.id,
        "version": result.version or None,
        "profile": result.profile,
        "engine": result.engine,
        "verdict": result.verdict,
        "not_implemented": result.not_implemented,
        "open": result.open or None,
        "valid_from": pack.valid_from.isoformat() if pack else None,
        "valid_to": pack.valid_to.isoformat() if pack and pack.valid_to else None,
        "artefacts": [{"name": used.name, "sha256": used.sha256} for used in result.artefacts],
    }


def _undetermined(rule: Undetermined) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "packs": rule.packs,
        "reason": rule.reason,
        "location": rule.location,
        "line": rule.line,
        "column": rule.column,
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
        "error_class": class_of(finding),
    }


# --------------------------------------------------------------------------------------------------------------- text


def as_text(answer: Answer, footnotes: Footnotes, speech: Speech) -> Iterator[str]:
    """One answer as lines for people, the way compilers show errors; what follows from a finding stands under it.

    Args:
        answer: what checking a document said, in the language.
        footnotes: the notes that were printed before.
        speech: the language.

    Yields:
        Lines that are safe to print.
    """
    name = visible(answer.file)
    excerpts = answer.places
    for family in families(answer.findings):
        finding = family.finding
        yield from _told(name, finding, excerpts.get((finding.line, finding.column)), speech)
        yield from _following(family, 4, speech)
    for rule in answer.undetermined:
        yield f"{_place(name, rule)}: {_flag('undetermined', speech)} {rule.rule}: {_quoted(rule.reason, _SENTENCE)}"
    marks, fresh = footnotes.marked([*answer.notes, *(f"{pack.id}: {pack.open}" for pack in answer.packs if pack.open)])
    yield f"{name}: {_flag(answer.verdict, speech)}{_basis(answer, speech)}{marks}"
    yield from fresh


def _flag(word: str, speech: Speech) -> str:
    return styled(speech(word), _COLOURS[word])


def _told(name: str, finding: Finding, excerpt: Excerpt | None, speech: Speech) -> Iterator[str]:
    said = f"{_flag(finding.effective, speech)} {finding.rule}: {_quoted(finding.message, _SENTENCE)}"
    yield f"{_place(name, finding)}: {said}"
    if excerpt is not None:
        yield from _source(excerpt)
    if finding.location:
        place = f"{visible(finding.location)}{_named(finding.terms, speech)}"
        yield styled(f"    {speech.row('at')}{place}", "quiet")
    if finding.found is not None or finding.expected is not None:
        yield f"    {speech.row('found')}{_found(finding, speech)}"
    if finding.expected is not None:
        yield f"    {speech.row('expected')}{_quoted(finding.expected)}"
    if finding.why:
        yield f"    {speech.row('because')}{_quoted(finding.why)}"
    if advised := _remedy(finding, speech):
        yield f"    {speech.row('to do')}{advised}"


def _found(finding: Finding, speech: Speech) -> str:
    return speech("nothing") if finding.found is None else _quoted(finding.found)


def _source(excerpt: Excerpt) -> Iterator[str]:
    """The line of the source, with the place underlined."""
    from einvoice.cli.layout import width_of

    before = excerpt.before.lstrip() if excerpt.before.isspace() else excerpt.before[-_BEFORE:]
    left, place, right = (
        visible(part.replace("\t", " ")) for part in (before, cut(excerpt.marked, _MARKED), cut(excerpt.after, _AFTER))
    )
    gutter = " " * len(str(excerpt.line))
    yield f"    {styled(f'{excerpt.line} |', 'quiet')} {left}{styled(place, 'strong')}{right}".rstrip()
    yield f"    {styled(f'{gutter} |', 'quiet')} {' ' * width_of(left)}{styled('^' * width_of(place), 'bad')}"


def _following(family: Family, indent: int, speech: Speech) -> Iterator[str]:
    """What follows from a finding, and from that in turn."""
    for one in family.consequences:
        finding = one.finding
        line = speech(" (line {line})", line=finding.line) if finding.line is not None else ""
        said = ""
        if finding.expected is not None:
            found, expected, terms = _found(finding, speech), _quoted(finding.expected), " ".join(finding.terms)
            said = speech(" {terms} is {found}, expected {expected}", terms=terms, found=found, expected=expected)
        rule = f"{_flag(finding.effective, speech)} {finding.rule}{line}"
        yield f"{' ' * indent}{speech.row('follows')}{rule}: {_quoted(finding.message, _SENTENCE)}{said}"
        yield from _following(one, indent + 4, speech)


def _place(name: str, found: Finding | Undetermined) -> str:
    return ":".join([name, *(str(part) for part in (found.line, found.column) if part is not None)])


def _quoted(text: str, longest: int = _LONGEST) -> str:
    return cut(visible(text), longest)


def _named(terms: tuple[str, ...], speech: Speech) -> str:
    named = [f"{term} {name}" if (name := name_of(term, speech.language)) else term for term in terms]
    return f"  ({', '.join(named)})" if named else ""


_REMEDIES: Final = {
    "state": "state {terms} as the rule demands; einvoice explain {rule} says more",
    "remove": "remove {terms}; einvoice explain {rule} says more",
    "correct": "correct {terms}; einvoice explain {rule} says more",
    "trace": "correct {terms}, or what it follows from; einvoice explain {rule} says more",
}


def _remedy(finding: Finding, speech: Speech) -> str:
    text = _REMEDIES.get(advice(finding))
    return speech(text, terms=speech(" and ").join(finding.terms), rule=finding.rule) if text else ""


def _basis(answer: Answer, speech: Speech) -> str:
    """What the verdict rests on, in a few words."""
    if answer.error is not None:
        return f": {_quoted(answer.error.removeprefix(f'{answer.file}: '), _SENTENCE)}"
    schema = _SYNTAXES.get(answer.syntax or "")
    text = "schema {schema} obeyed" if answer.schema_valid else "schema {schema} broken"
    parts = [speech(text, schema=schema)] if schema else []
    judges = Counter(pack.id for pack in answer.packs)
    for pack in answer.packs:
        label = f"{pack.id}{f':{pack.profile}' if pack.profile else ''} {pack.version}".strip()
        label += speech(" (official)") if pack.engine == "official" else ""
        # of two judges of one pack, a finding does not say whose it is
        count = _count(answer, pack.id, speech) if judges[pack.id] == 1 else ""
        parts.append(f"{label} {speech(pack.verdict)}{f' ({count})' if count else ''}")
    return f" ({'; '.join(parts)})" if parts else ""


def _count(answer: Answer, pack: str, speech: Speech) -> str:
    counts = []
    for severity in ("fatal", "warning", "information"):
        number = sum(pack in finding.packs and finding.effective == severity for finding in answer.findings)
        if number:
            counts.append(speech(f"1 {severity}") if number == 1 else speech(f"{{number}} {severity}", number=number))
    return ", ".join(counts)
