# SPDX-License-Identifier: Apache-2.0
"""The report as JUnit XML, for build servers: a suite for each document, a case for each rule that it breaks.

A document that is valid has one case, which passes. A rule that could not be judged is an error and not a failure, so
that nothing that was not judged is counted as passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from einvoice.render.report.markup import cut, element, opening
from einvoice.rules.catalogue import catalogue
from einvoice.rules.record import pack_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.render.report.markup import Markup
    from einvoice.render.report.occasion import Occasion
    from einvoice.rules.catalogue import Catalogue
    from einvoice.rules.findings import Finding, PackResult, Undetermined
    from einvoice.rules.record import Record

_LONGEST: Final = 1000


class _Case(NamedTuple):
    """One case: its group and name, how it ended (``failure``, ``error``, or empty if it passed), and what is said."""

    group: str
    name: str
    end: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


def render(records: Iterable[Record], occasion: Occasion) -> Iterator[str]:
    """Write documents as JUnit XML.

    Args:
        records: the documents, in the order in which they are to stand.
        occasion: what they have in common.

    Yields:
        Parts of the document.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"{opening('testsuites', {'name': 'einvoice'})}\n"
    for number, record in enumerate(records):
        yield f"{_suite(record, number, occasion)}\n"
    yield "</testsuites>\n"


def _suite(record: Record, number: int, occasion: Occasion) -> Markup:
    words = catalogue(occasion.language)
    cases = list(_cases(record, words))
    attributes = {
        "name": record.file,
        "id": str(number),
        "tests": str(len(cases)),
        "failures": str(sum(case.end == "failure" for case in cases)),
        "errors": str(sum(case.end == "error" for case in cases)),
        "skipped": "0",
        "time": "0",
        "timestamp": occasion.when.removesuffix("Z") or None,
    }
    properties = [element("property", {"name": name, "value": value}) for name, value in _properties(record)]
    return element(
        "testsuite",
        attributes,
        "\n",
        element("properties", None, *properties),
        "\n",
        *(part for case in cases for part in (_case(case), "\n")),
        *_system_out(record, words),
    )


def _cases(record: Record, words: Catalogue) -> Iterator[_Case]:
    if record.error is not None:
        yield _Case("einvoice", "readable", "error", "unreadable", cut(record.error, _LONGEST), record.error)
        return
    yield from _broken(record, words)
    yield from _open(record, words)
    if record.verdict == "valid":
        yield _Case("einvoice", _valid(record))


def _broken(record: Record, words: Catalogue) -> Iterator[_Case]:
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in record.findings:
        by_rule.setdefault((finding.rule, finding.effective), []).append(finding)
    for (rule, severity), findings in by_rule.items():
        text = "\n".join(_told(record, finding, words) for finding in findings)
        group = findings[0].packs[0] if findings[0].packs else "schema"
        message = cut(findings[0].message, _LONGEST)
        yield _Case(group, rule, "failure" if severity == "fatal" else "", severity, message, text)


def _open(record: Record, words: Catalogue) -> Iterator[_Case]:
    by_rule: dict[str, list[Undetermined]] = {}
    for one in record.undetermined:
        by_rule.setdefault(one.rule, []).append(one)
    for rule, some in by_rule.items():
        group = some[0].packs[0] if some[0].packs else "einvoice"
        unjudged = "could not be judged: {reason}"
        text = "\n".join(f"{_place(record, one)}: {_say(words, unjudged, reason=one.reason)}" for one in some)
        yield _Case(group, rule, "error", "undetermined", cut(some[0].reason, _LONGEST), text)
    for pack in record.packs:
        if pack.verdict == "undetermined" and not any(pack.id in one.packs for one in record.undetermined):
            yield _Case(pack.id, _label(pack), "error", "undetermined", pack.open or "undetermined", pack.open)
    if record.verdict == "undetermined" and not record.packs:
        yield _Case("einvoice", "judged", "error", "undetermined", _say(words, "no rule pack judged this document"))


def _say(words: Catalogue, text: str, **values: object) -> str:
    return words.say("render/report", text, **values)


def _told(record: Record, finding: Finding, words: Catalogue) -> str:
    severity = _say(words, finding.effective)
    parts = [f"{_place(record, finding)}: {severity} {finding.rule}: {cut(finding.message, _LONGEST)}"]
    for name, said in (
        ("at", finding.location),
        ("terms", ", ".join(finding.terms)),
        ("found", finding.found),
        ("expected", finding.expected),
        ("because", finding.why),
    ):
        if said:
            parts.append(f"    {_say(words, name):<9} {cut(said, _LONGEST)}")
    return "\n".join(parts)


def _place(record: Record, found: Finding | Undetermined) -> str:
    return ":".join([record.file, *(str(part) for part in (found.line, found.column) if part is not None)])


def _label(pack: PackResult) -> str:
    return f"{pack.id}{f':{pack.profile}' if pack.profile else ''} {pack.version}".strip()


def _valid(record: Record) -> str:
    return f"valid ({', '.join(_label(pack) for pack in record.packs)})" if record.packs else "valid"


def _properties(record: Record) -> Iterator[tuple[str, str]]:
    yield "verdict", record.verdict
    if record.sha256:
        yield "sha256", record.sha256
    if record.syntax:
        yield "syntax", record.syntax
    if record.profile:
        yield "profile", cut(record.profile, _LONGEST)
    if record.schema_valid is not None:
        yield "schema_valid", str(record.schema_valid).lower()
    if record.error_class:
        yield "error_class", record.error_class
    for result in record.packs:
        pack = pack_of(result)
        since = f", valid from {pack.valid_from}" if pack else ""
        until = f" to {pack.valid_to}" if pack and pack.valid_to else ""
        name = f"pack.{result.id}" if result.engine == "native" else f"pack.{result.id}.{result.engine}"
        yield name, f"{_label(result)}, {result.engine}: {result.verdict}{since}{until}"
        yield from ((f"{name}.sha256", f"{used.sha256} {used.name}") for used in result.artefacts)


def _case(case: _Case) -> Markup:
    said: list[str] = []
    if case.end:
        said = [element(case.end, {"message": case.message, "type": case.kind}, case.text)]
    elif case.text:
        said = [element("system-out", None, case.text)]
    return element("testcase", {"classname": case.group, "name": case.name, "time": "0"}, *said)


def _system_out(record: Record, words: Catalogue) -> Iterator[Markup]:
    lines = [*record.notes]
    for one in record.remarks:
        reason = _say(words, "not judged ({reason})", reason=one.reason)
        lines.append(f"{reason}: {one.path} = {cut(one.value, _LONGEST)}")
    if lines:
        yield element("system-out", None, "\n".join(lines))
