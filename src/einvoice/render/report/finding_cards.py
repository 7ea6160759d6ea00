# SPDX-License-Identifier: Apache-2.0
"""Findings in HTML: one card a rule, its places in it, and under each place what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.render.report.markup import Markup, cut, element, joined
from einvoice.rules.advice import advice, name_of
from einvoice.rules.families import families

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from einvoice.render.report.words import Words
    from einvoice.rules.families import Family
    from einvoice.rules.findings import Finding
    from einvoice.rules.record import Excerpt, Record

_LONGEST: Final = 400
"""Characters of a value that are shown."""
Excerpts = "Mapping[tuple[int | None, int | None], Excerpt]"


def cards(record: Record, words: Words) -> Iterator[Markup]:
    """The findings of a document, one card for each rule that is the root of something.

    Args:
        record: the document.
        words: the language.

    Yields:
        Items of a list.
    """
    excerpts = record.places
    by_rule: dict[tuple[str, str, tuple[str, ...], str], list[Family]] = {}
    for family in families(record.findings):
        one = family.finding
        by_rule.setdefault((one.rule, one.effective, one.packs, one.message), []).append(family)
    for roots in by_rule.values():
        yield element("li", {"class": f"card {roots[0].finding.effective}"}, *_card(roots, words, excerpts))


def _card(roots: list[Family], words: Words, excerpts: Mapping[tuple[int | None, int | None], Excerpt]) -> list[Markup]:
    first = roots[0].finding
    parts = [element("h4", None, *_title(first, words))]
    if first.packs or len(roots) > 1:
        packs = f"{words.say('findings', 'packs')} {', '.join(first.packs)}" if first.packs else ""
        if first.severity != first.effective:
            stated = words.say("findings", "published_as", severity=words.say("severity", first.severity))
            packs = f"{packs} ({stated})"
        places = words.say("findings", "places", number=len(roots)) if len(roots) > 1 else ""
        parts.append(element("p", {"class": "quiet"}, " · ".join(filter(None, (packs, places)))))
    parts += [element("div", {"class": "place"}, *_place(root, words, excerpts)) for root in roots]
    return parts


def _title(finding: Finding, words: Words) -> list[str]:
    return [
        element("span", {"class": "badge"}, words.say("severity", finding.effective)),
        " ",
        element("code", {"class": "rule"}, finding.rule),
        " ",
        element("span", {"class": "sentence"}, finding.message),
    ]


def _place(family: Family, words: Words, excerpts: Mapping[tuple[int | None, int | None], Excerpt]) -> Iterator[Markup]:
    finding = family.finding
    if finding.terms:
        yield element("p", {"class": "terms"}, *_terms(finding, words))
    excerpt = excerpts.get((finding.line, finding.column))
    if excerpt is not None:
        yield shown_source(excerpt, words)
    yield element("dl", None, *_facts(finding, words))
    if family.consequences:
        yield element(
            "div",
            {"class": "follows"},
            element("p", None, words.say("findings", "follows")),
            _consequences(family, words),
        )


def _terms(finding: Finding, words: Words) -> Iterator[Markup]:
    for number, term in enumerate(finding.terms):
        name = name_of(term, words.language)
        yield joined(("; " if number else "", element("strong", None, term), f" {name}" if name else ""))


def shown_source(excerpt: Excerpt, words: Words) -> Markup:
    """A line of the source with its number and the place in it.

    Args:
        excerpt: the place.
        words: the language.
    """
    return element(
        "pre",
        {"class": "source", "role": "group", "aria-label": words.say("findings", "source", line=excerpt.line)},
        element("span", {"class": "number", "aria-hidden": "true"}, str(excerpt.line)),
        element("code", None, excerpt.before, element("mark", None, excerpt.marked), excerpt.after),
    )


def _facts(finding: Finding, words: Words) -> Iterator[Markup]:
    if finding.found is not None or finding.expected is not None:
        nothing = element("em", None, words.say("findings", "nothing"))
        yield fact(words.say("findings", "found"), nothing if finding.found is None else value(finding.found))
    if finding.expected is not None:
        yield fact(words.say("findings", "expected"), value(finding.expected))
    if finding.why:
        yield fact(words.say("findings", "because"), cut(finding.why, _LONGEST))
    if finding.location:
        yield fact(words.say("findings", "where"), *_where(finding, words))
    todo = _todo(finding, words)
    if todo:
        yield fact(words.say("findings", "todo"), todo)


def fact(name: str, *content: str) -> Markup:
    """A row of a list of facts.

    Args:
        name: what it is.
        content: what is said of it.
    """
    return element("div", None, element("dt", None, name), element("dd", None, *content))


def value(text: str) -> Markup:
    """A value as the invoice states it.

    Args:
        text: the value.
    """
    return element("bdi", {"class": "value"}, cut(text, _LONGEST))


def _where(finding: Finding, words: Words) -> Iterator[str]:
    if finding.line is not None and finding.column is not None:
        yield words.say("findings", "line_column", line=finding.line, column=finding.column)
    elif finding.line is not None:
        yield words.say("findings", "line", line=finding.line)
    if finding.location:
        yield Markup("<br>") if finding.line is not None else ""
        yield path(finding.location)


def path(location: str) -> Markup:
    """An XPath that may break between its steps.

    Args:
        location: the XPath, or a place in the model.
    """
    first, *steps = location.split("/")
    return element("code", {"class": "path"}, first, *(joined((Markup("<wbr>"), f"/{step}")) for step in steps))


def _todo(finding: Finding, words: Words) -> str:
    kind = advice(finding)
    return "" if kind == "message" else words.say("findings", kind, terms=words.listed(finding.terms))


def _consequences(family: Family, words: Words) -> Markup:
    return element("ul", None, *(element("li", None, *_consequence(one, words)) for one in family.consequences))


def _consequence(family: Family, words: Words) -> list[str]:
    finding = family.finding
    parts = [element("p", {"class": finding.effective}, *_title(finding, words))]
    said: list[str] = []
    if finding.terms:
        said += [element("strong", None, ", ".join(finding.terms))]
    if finding.expected is not None:
        nothing = words.say("findings", "nothing")
        said += [
            f" {words.say('findings', 'found')} ",
            element("em", None, nothing) if finding.found is None else value(finding.found),
            f", {words.say('findings', 'expected')} ",
            value(finding.expected),
        ]
    if finding.line is not None:
        said += [" · " if said else "", words.say("findings", "line", line=finding.line)]
    if finding.location:
        said += [" · " if said else "", path(finding.location)]
    if said:
        parts.append(element("p", {"class": "quiet"}, *said))
    if family.consequences:
        parts.append(_consequences(family, words))
    return list(parts)
