# SPDX-License-Identifier: Apache-2.0
"""The report as SVRL (ISO/IEC 19757-3, Schematron Validation Report Language), for what reads Schematron's output.

A pattern for each rule pack and one for the schema, a fired rule for each place, a failed assert for each finding. A
rule that could not be judged is a failed assert with the flag ``undetermined``: whoever only counts failures must not
take it for passed. Several documents are wrapped in one element ``reports``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.render.report.markup import Markup, cut, element, opening
from einvoice.rules.catalogue import catalogue
from einvoice.rules.record import pack_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.render.report.occasion import Occasion
    from einvoice.rules.catalogue import Catalogue
    from einvoice.rules.findings import Finding, Undetermined
    from einvoice.rules.record import Record

NAMESPACE: Final = "http://purl.oclc.org/dsdl/svrl"
_LONGEST: Final = 1000
_COMPONENTS: Final = {
    prefix: f"urn:oasis:names:specification:ubl:schema:xsd:{name}-2"
    for prefix, name in (
        ("cac", "CommonAggregateComponents"),
        ("cbc", "CommonBasicComponents"),
        ("ext", "CommonExtensionComponents"),
    )
}
_PREFIXES: Final[dict[str, dict[str, str]]] = {
    "ubl-invoice": {"ubl": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", **_COMPONENTS},
    "ubl-creditnote": {"cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", **_COMPONENTS},
    "cii": {
        "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
        "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
        "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    },
}
_ROOT: Final = re.compile(r"(?<=/)(Invoice|CreditNote)(?=[/\[]|$)")
_ROOT_PREFIXES: Final = {"Invoice": "ubl", "CreditNote": "cn"}
_EVERYWHERE: Final = "/*"


def render(records: Iterable[Record], occasion: Occasion) -> Iterator[str]:
    """Write documents as SVRL.

    Args:
        records: the documents, in the order in which they are to stand.
        occasion: what they have in common; whether there can be several decides about the element around them.

    Yields:
        Parts of the document.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    if occasion.many:
        yield f"{opening('reports')}\n"
    for record in records:
        yield f"{_output(record, occasion)}\n"
    if occasion.many:
        yield "</reports>\n"


def _output(record: Record, occasion: Occasion) -> Markup:
    prefixes = _PREFIXES.get(record.syntax or "", {})
    parts = [
        *(element("svrl:text", None, line) for line in _told(record, occasion)),
        *(
            element("svrl:ns-prefix-in-attribute-values", {"prefix": prefix, "uri": uri})
            for prefix, uri in prefixes.items()
        ),
        *_patterns(record, catalogue(occasion.language)),
    ]
    attributes = {"xmlns:svrl": NAMESPACE, "title": record.file, "schemaVersion": "iso"}
    return element("svrl:schematron-output", attributes, "\n", *(text for part in parts for text in (part, "\n")))


def _told(record: Record, occasion: Occasion) -> Iterator[str]:
    """What the report as a whole says, since SVRL has no place of its own for it."""
    yield f"verdict: {record.verdict}"
    if occasion.when:
        yield f"judged at: {occasion.when}"
    if occasion.einvoice:
        yield f"judged by: einvoice {occasion.einvoice}"
    if record.sha256:
        yield f"sha256: {record.sha256}"
    if record.profile:
        yield f"profile: {cut(record.profile, _LONGEST)}"
    if record.error_class:
        yield f"error class: {record.error_class}"
    if record.error is not None:
        yield f"error: {record.error}"
    yield from (f"note: {note}" for note in record.notes)
    yield from (f"not judged ({one.reason}): {one.path} = {cut(one.value, _LONGEST)}" for one in record.remarks)


def _patterns(record: Record, words: Catalogue) -> Iterator[Markup]:
    if record.error is not None:
        yield from _alone(_assert("UNREADABLE", "fatal", _EVERYWHERE, record.error))
        return
    schema = [finding for finding in record.findings if not finding.packs]
    if schema or record.schema_valid is not None:
        yield _pattern("schema", "the official schema")
        yield from _fired(schema, (), words)
    for result in record.packs:
        pack = pack_of(result)
        name = f"{result.id} {result.version}".strip()
        since = f", valid from {pack.valid_from}" if pack else ""
        until = f" to {pack.valid_to}" if pack and pack.valid_to else ""
        identifier = f"{result.id}-{result.profile}" if result.profile else result.id
        identifier = identifier if result.engine == "native" else f"{identifier}-{result.engine}"
        files = "".join(f", {used.name} (SHA-256 {used.sha256})" for used in result.artefacts)
        yield _pattern(identifier, f"{name}, {result.engine}{since}{until}{files}")
        yield from _fired(
            [finding for finding in record.findings if result.id in finding.packs],
            [rule for rule in record.undetermined if result.id in rule.packs],
            words,
        )
        if result.open and not any(result.id in rule.packs for rule in record.undetermined):
            yield _assert("UNDETERMINED", "undetermined", _EVERYWHERE, result.open)

    if not record.packs:
        nobody = words.say("render/report", "no rule pack judged this document")
        yield from _alone(_assert("UNDETERMINED", "undetermined", _EVERYWHERE, nobody))


def _alone(failed: Markup) -> Iterator[Markup]:
    """A pattern for what no pack says."""
    yield _pattern("einvoice", "einvoice")
    yield element("svrl:fired-rule", {"context": _EVERYWHERE})
    yield failed


def _pattern(identifier: str, name: str) -> Markup:
    return element("svrl:active-pattern", {"id": identifier, "name": name})


def _fired(findings: Iterable[Finding], undetermined: Iterable[Undetermined], words: Catalogue) -> Iterator[Markup]:
    """A fired rule for each place, with what failed there; one for the document where nothing did."""
    by_place: dict[str, list[Markup]] = {}
    for finding in findings:
        place = _location(finding.location)
        made = _assert(finding.rule, finding.effective, place, finding.message, _diagnostics(finding))
        by_place.setdefault(place, []).append(made)
    for rule in undetermined:
        place = _location(rule.location)
        text = words.say("render/report", "could not be judged: {reason}", reason=rule.reason)
        made = _assert(rule.rule, "undetermined", place, text)
        by_place.setdefault(place, []).append(made)
    for place, asserts in (by_place or {_EVERYWHERE: []}).items():
        yield element("svrl:fired-rule", {"context": place})
        yield from asserts


def _location(location: str | None) -> str:
    """An XPath with the prefixes that are declared; where the invoice is no XML, its place in the model."""
    return _ROOT.sub(lambda match: f"{_ROOT_PREFIXES[match[1]]}:{match[1]}", location) if location else _EVERYWHERE


def _assert(rule: str, flag: str, location: str, text: str, diagnostics: Iterable[Markup] = ()) -> Markup:
    attributes = {"id": rule, "test": rule, "role": flag, "flag": flag, "location": location}
    return element(
        "svrl:failed-assert", attributes, *diagnostics, element("svrl:text", None, f"[{rule}] {cut(text, _LONGEST)}")
    )


def _diagnostics(finding: Finding) -> Iterator[Markup]:
    place = ":".join(str(part) for part in (finding.line, finding.column) if part is not None)
    for name, said in (
        ("terms", " ".join(finding.terms)),
        ("found", finding.found),
        ("expected", finding.expected),
        ("because", finding.why),
        ("line", place),
    ):
        if said:
            text = element("svrl:text", None, cut(said, _LONGEST))
            yield element("svrl:diagnostic-reference", {"diagnostic": name}, text)
