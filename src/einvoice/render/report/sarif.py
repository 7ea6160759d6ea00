# SPDX-License-Identifier: Apache-2.0
"""The report as SARIF 2.1.0 (OASIS, errata 01), for code scanning and for editors.

One run over all documents. Its results come first and what they refer to by number last, so that it can be written
while the documents are judged; the order of members means nothing in JSON.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from einvoice.errors import UnknownNameError
from einvoice.render.report.markup import cut, visible
from einvoice.rules.bmf import class_of
from einvoice.rules.catalogue import catalogue
from einvoice.rules.explain import explain
from einvoice.rules.languages import explained_in
from einvoice.rules.record import pack_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.render.report.occasion import Occasion
    from einvoice.rules.catalogue import Catalogue
    from einvoice.rules.explain import Explanation
    from einvoice.rules.findings import Finding, Undetermined, Used
    from einvoice.rules.record import Excerpt, Record

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"fatal": "error", "warning": "warning", "information": "note"}
_LONGEST: Final = 1000
_OWN: Final = {
    "XSD": "The document obeys the official XML schema of its syntax.",
    "FX-XSD": "The document obeys the XML schema of its Factur-X profile.",
    "UNREADABLE": "The document can be read, and is an invoice.",
    "UNDETERMINED": "Every rule that was asked for can be judged.",
    "FX-UNUSED": "The document holds nothing that its Factur-X profile does not have.",
}
_FOUND: Final = {
    (True, True): "{terms} is {found}",
    (True, False): "{terms} is missing",
    (False, True): "Found {found}",
    (False, False): "Found nothing",
}
"""What there is, by whether the term is known and whether there is anything."""


def render(records: Iterable[Record], occasion: Occasion) -> Iterator[str]:
    """Write documents as one SARIF log.

    Args:
        records: the documents, in the order in which they are to stand.
        occasion: what they have in common.

    Yields:
        Parts of the log.
    """
    log = _Log(occasion.language)
    yield f'{{"$schema":{_json(SCHEMA)},"version":"2.1.0","runs":[{{"columnKind":"unicodeCodePoints",'
    yield f'"language":{_json(occasion.language)},"results":['
    separator = "\n"
    for record in records:
        for result in log.results(record):
            yield f"{separator}{_json(result)}"
            separator = ",\n"
    yield f'\n],"artifacts":{_json(log.artifacts)},"invocations":[{_json(log.invocation(occasion))}],'
    yield f'"tool":{{"driver":{_json(log.driver(occasion))}}}}}]}}\n'


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))


class _Log:
    """What one log collects while results are written."""

    def __init__(self, language: str) -> None:
        self.words = catalogue(language)
        self.rules: dict[str, int] = {}
        self.descriptors: list[dict[str, Any]] = []
        self.artifacts: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []

    def results(self, record: Record) -> Iterator[dict[str, Any]]:
        """The results of one document."""
        number = len(self.artifacts)
        self.artifacts.append(_artifact(record))
        where = {"uri": _uri(record.file), "index": number}
        excerpts = record.places
        seen: dict[str, int] = {}
        for finding in record.findings:
            found = excerpts.get((finding.line, finding.column))
            yield {
                **self._rule(finding.rule),
                "level": _LEVELS[finding.effective],
                "message": {"text": _message(finding, self.words)},
                "locations": [_location(where, finding, found)],
                "partialFingerprints": {"einvoiceFinding/v1": _fingerprint(finding, seen)},
                "properties": _properties(finding),
            }
        for rule in record.undetermined:
            yield {
                **self._rule(rule.rule),
                "kind": "open",
                "level": "none",
                "message": {"text": _clean(_say(self.words, "could not be judged: {reason}", reason=rule.reason))},
                "locations": [_location(where, rule, excerpts.get((rule.line, rule.column)))],
                "properties": {"packs": rule.packs, "terms": rule.terms},
            }
        for rule_id, level, text in _without_rule(record, self.words):
            kind = {} if level == "error" else {"kind": "open"}
            place = {"physicalLocation": {"artifactLocation": where}}
            message = {"text": _clean(text)}
            self.notifications.append({"level": level, "message": message, "locations": [place]})
            yield {
                **self._rule(rule_id),
                **kind,
                "level": level if level == "error" else "none",
                "message": message,
                "locations": [place],
            }

    def _rule(self, rule: str) -> dict[str, Any]:
        index = self.rules.get(rule)
        if index is None:
            index = self.rules[rule] = len(self.descriptors)
            self.descriptors.append(_descriptor(rule, self.words))
        return {"ruleId": rule, "ruleIndex": index}

    def driver(self, occasion: Occasion) -> dict[str, Any]:
        """The tool, with the rules that the results refer to."""
        version = {"version": occasion.einvoice} if occasion.einvoice else {}
        return {"name": "einvoice", **version, "rules": self.descriptors}

    def invocation(self, occasion: Occasion) -> dict[str, Any]:
        """The run: when, whether all documents could be read, and what could not be judged."""
        time = {"endTimeUtc": occasion.when} if occasion.when else {}
        return {
            "executionSuccessful": not any(one["level"] == "error" for one in self.notifications),
            **time,
            "toolExecutionNotifications": self.notifications,
        }


def _say(words: Catalogue, text: str, **values: object) -> str:
    return words.say("render/report", text, **values)


def _without_rule(record: Record, words: Catalogue) -> Iterator[tuple[str, str, str]]:
    """What kept a document from being judged, wholly or in part, and is no single rule: id, level, sentence."""
    if record.error is not None:
        yield "UNREADABLE", "error", record.error
    elif not record.packs:
        yield "UNDETERMINED", "warning", _say(words, "no rule pack judged this document")
    for pack in record.packs:
        if pack.open:
            name = f"{pack.id} {pack.version}".strip()
            text = _say(
                words, "{pack} is {verdict}: {why}", pack=name, verdict=_say(words, pack.verdict), why=pack.open
            )
            yield "UNDETERMINED", "warning", text


def _used(file: Used) -> dict[str, str]:
    return {"name": file.name, "sha256": file.sha256}


def _artifact(record: Record) -> dict[str, Any]:
    packs = [
        {
            "id": result.id,
            "version": result.version or None,
            "profile": result.profile,
            "engine": result.engine,
            **({"artefacts": [_used(one) for one in result.artefacts]} if result.artefacts else {}),
            "verdict": result.verdict,
            "validFrom": str(pack.valid_from) if (pack := pack_of(result)) else None,
            "validTo": str(pack.valid_to) if pack and pack.valid_to else None,
        }
        for result in record.packs
    ]
    return {
        "location": {"uri": _uri(record.file)},
        "roles": ["analysisTarget"],
        **({"hashes": {"sha-256": record.sha256}} if record.sha256 else {}),
        "properties": {
            "verdict": record.verdict,
            "schemaValid": record.schema_valid,
            "errorClass": record.error_class,
            "syntax": record.syntax,
            "profile": _clean(record.profile) if record.profile else None,
            "packs": packs,
            "notes": [_clean(note) for note in record.notes],
            "remarks": [
                {"reason": one.reason, "path": _clean(one.path), "value": _clean(one.value), "terms": one.terms}
                for one in record.remarks
            ],
        },
    }


def _uri(file: str) -> str:
    """A file as the reference of a URI, which a relative path stays; standard input by that name."""
    if file == "-":
        return "stdin"
    try:
        raw = file.encode("utf-8", "surrogateescape")  # the bytes of a name that is no text
    except UnicodeEncodeError:
        raw = file.encode("utf-8", "surrogatepass")
    path = quote(raw.replace(b"\\", b"/"))
    return f"file://{path}" if path.startswith("/") else path


def _clean(text: str) -> str:
    return cut(visible(text), _LONGEST)


def _message(finding: Finding, words: Catalogue) -> str:
    parts = [finding.message]
    if finding.found is not None or finding.expected is not None:
        said = _say(words, _FOUND[bool(finding.terms), finding.found is not None])
        values = said.format(terms=" ".join(finding.terms), found=finding.found)
        if finding.expected is not None:
            values += _say(words, ", expected {expected}", expected=finding.expected)
        parts.append(f"{values} ({finding.why})." if finding.why else f"{values}.")
    elif finding.why:
        parts.append(f"{finding.why}.")
    return _clean(" ".join(parts))


def _location(where: dict[str, Any], found: Finding | Undetermined, excerpt: Excerpt | None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": where}
    if found.line is not None:
        region: dict[str, Any] = {"startLine": found.line}
        if found.column is not None:
            region["startColumn"] = found.column
        if excerpt is not None:
            region["snippet"] = {"text": _clean(excerpt.marked)}
            if not excerpt.marked.endswith("…"):
                region["endColumn"] = excerpt.column + len(excerpt.marked)
        physical["region"] = region
    location: dict[str, Any] = {"physicalLocation": physical}
    if found.location:
        kind = "element" if found.location.startswith("/") else "object"
        place = _clean(found.location)
        location["logicalLocations"] = [{"fullyQualifiedName": place, "kind": kind}]
    return location


def _fingerprint(finding: Finding, seen: dict[str, int]) -> str:
    """What tells a finding again in a later run: its rule and its place, not its line or its figures."""
    packs = ",".join(finding.packs)
    key = "\n".join((finding.rule, finding.severity, packs, finding.location or "", *finding.terms))
    seen[key] = seen.get(key, 0) + 1
    return sha256(f"{key}\n{seen[key]}".encode("utf-8", "surrogatepass")).hexdigest()


def _properties(finding: Finding) -> dict[str, Any]:
    return {
        "packs": finding.packs,
        "severity": finding.severity,
        "terms": finding.terms,
        "found": None if finding.found is None else _clean(finding.found),
        "expected": None if finding.expected is None else _clean(finding.expected),
        "errorClass": class_of(finding),
    }


# ---- rules


def _descriptor(rule: str, words: Catalogue) -> dict[str, Any]:
    try:
        explained = explained_in(explain(rule), words.language)
    except UnknownNameError:
        text = _say(words, _OWN.get(rule, ""))
        return {"id": rule, **({"shortDescription": {"text": text}, "help": {"text": text}} if text else {})}
    text = " ".join(filter(None, (explained.title, explained.text, explained.note)))
    severity = next((variant.severity for variant in explained.variants if variant.severity in _LEVELS), None)
    return {
        "id": rule,
        "shortDescription": {"text": explained.title},
        "fullDescription": {"text": text},
        "help": {"text": _help(explained, words), "markdown": _help(explained, words, strong="**")},
        **({"defaultConfiguration": {"level": _LEVELS[severity]}} if severity else {}),
        "properties": {"tags": sorted({variant.pack.partition("@")[0] for variant in explained.variants})},
    }


def _help(explained: Explanation, words: Catalogue, strong: str = "") -> str:
    read = {term.id: term.name for variant in explained.variants for term in variant.terms}
    lines = [explained.title, explained.text]
    if read:
        terms = ", ".join(f"{strong}{number}{strong} {title}" for number, title in read.items())
        lines.append(_say(words, "It reads {terms}.", terms=terms))
    more = "Source: {source}. More: einvoice explain {rule}."
    lines.append(_say(words, more, source=explained.source, rule=explained.id))
    return "\n\n".join(line for line in lines if line)
