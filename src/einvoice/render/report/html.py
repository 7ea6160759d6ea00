# SPDX-License-Identifier: Apache-2.0
"""The report as one HTML page: for people, for the printer, for the archive.

The page needs nothing but itself and permits nothing else: no script, and only the style that it carries, by its
digest. It is written document by document, so that a run over many never holds more than one.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from einvoice.render.report.finding_cards import cards, fact, path, shown_source, value
from einvoice.render.report.markup import Markup, cut, element, opening
from einvoice.render.report.words import words as words_of
from einvoice.rules.bmf import class_of
from einvoice.rules.record import pack_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.model import Remark
    from einvoice.render.report.occasion import Occasion
    from einvoice.render.report.words import Words
    from einvoice.rules.findings import PackResult, Undetermined
    from einvoice.rules.record import Record

_SYNTAXES: Final = {"ubl-invoice": "UBL 2.1 Invoice", "ubl-creditnote": "UBL 2.1 CreditNote", "cii": "CII D22B"}
_LONGEST: Final = 200
_SEVERITIES: Final = ("fatal", "warning", "information")


def render(records: Iterable[Record], occasion: Occasion) -> Iterator[str]:
    """Write documents as a page.

    Args:
        records: the documents, in the order in which they are to stand.
        occasion: what they have in common; its language is that of the page.

    Yields:
        Parts of the page.

    Raises:
        UnknownNameError: there are no words in this language.
    """
    words = words_of(occasion.language)
    yield from _head(occasion, words)
    rows: list[Markup] = []
    for number, record in enumerate(records, 1):
        yield f"{opening('section', {'class': 'document', 'aria-labelledby': f'd{number}'})}\n"
        for part in _document(record, number, words):
            yield f"{part}\n"
        yield "</section>\n"
        if occasion.many:
            rows.append(_row(record, number, words))
    if occasion.many:
        yield f"{_summary(rows, words)}\n"
    yield "</main>\n</body>\n</html>\n"


def _head(occasion: Occasion, words: Words) -> Iterator[str]:
    style, digest = _style()
    policy = f"default-src 'none'; style-src '{digest}'; base-uri 'none'; form-action 'none'"
    title = words.say("page", "title")
    made = words.say(
        "page", "made" if occasion.when else "made_without_time", when=occasion.when, version=occasion.einvoice
    )
    yield "<!DOCTYPE html>\n"
    yield f"{opening('html', {'lang': words.language})}\n<head>\n"
    yield f"{element('meta', {'charset': 'utf-8'})}\n"
    yield f"{element('meta', {'http-equiv': 'Content-Security-Policy', 'content': policy})}\n"
    yield f"{element('meta', {'name': 'viewport', 'content': 'width=device-width, initial-scale=1'})}\n"
    yield f"{element('meta', {'name': 'color-scheme', 'content': 'light dark'})}\n"
    yield f"{element('meta', {'name': 'referrer', 'content': 'no-referrer'})}\n"
    yield f"{element('meta', {'name': 'generator', 'content': f'einvoice {occasion.einvoice}'.strip()})}\n"
    yield f"{element('title', None, title)}\n<style>{style}</style>\n</head>\n<body>\n"
    summary = element("a", {"href": "#summary"}, words.say("page", "to_summary")) if occasion.many else ""
    made_by = element("p", None, made, " · " if summary else "", summary)
    yield f"{element('header', None, element('h1', None, title), made_by)}\n"
    yield "<main>\n"


@cache
def _style() -> tuple[str, str]:
    """The style sheet, and the digest by which the page permits it."""
    text = (files(__package__) / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"sha256-{digest}"


def _document(record: Record, number: int, words: Words) -> Iterator[Markup]:
    yield element("h2", {"id": f"d{number}"}, element("bdi", None, record.file))
    yield element(
        "div",
        {"class": f"verdict {record.verdict}"},
        element("p", None, element("strong", None, words.say("verdict", record.verdict)), " ", _counts(record, words)),
        element("p", None, words.say("verdict_text", record.verdict)),
    )
    yield element("dl", {"class": "facts"}, *_facts(record, words))
    yield _error_class(record, words)
    if record.findings:
        yield _heading(words.say("findings", "title"))
        yield element("ol", {"class": "findings"}, *cards(record, words))
    yield from _undetermined(record, words)
    yield from _packs(record, words)
    yield from _remarks(record, words)


def _heading(text: str) -> Markup:
    return element("h3", None, text)


def _counts(record: Record, words: Words) -> str:
    parts = []
    for severity in _SEVERITIES:
        number = sum(finding.effective == severity for finding in record.findings)
        parts += [words.count(severity, number)] if number else []
    number = len({rule.rule for rule in record.undetermined})
    parts += [words.count("undetermined", number)] if number else []
    if not parts:
        return "" if record.verdict == "unreadable" else f"– {words.say('count', 'none')}"
    return f"– {', '.join(parts)}"


def _facts(record: Record, words: Words) -> Iterator[Markup]:
    if record.error is not None:
        yield fact(words.say("facts", "error"), record.error)
    if record.when:
        yield fact(words.say("facts", "judged_at"), element("time", {"datetime": record.when}, record.when))
    if record.sha256:
        yield fact(words.say("facts", "sha256"), element("code", {"class": "digest"}, record.sha256))
    if record.verdict == "unreadable":
        return
    if record.syntax:
        yield fact(words.say("facts", "syntax"), _SYNTAXES[record.syntax])
    yield fact(words.say("facts", "profile"), *_profile(record, words))
    schema = {True: "schema_valid", False: "schema_invalid", None: "schema_none"}[record.schema_valid]
    yield fact(words.say("facts", "schema"), words.say("facts", schema))
    if record.notes:
        notes = [element("p", None, note) for note in record.notes]
        yield fact(words.say("notes", "title"), *notes)


def _profile(record: Record, words: Words) -> list[str]:
    if not record.profile:
        return [words.say("facts", "absent")]
    named = [record.profile_name, Markup("<br>")] if record.profile_name else []
    return [*named, element("code", {"class": "path"}, cut(record.profile, _LONGEST))]


def _error_class(record: Record, words: Words) -> Markup:
    found = record.error_class
    if found is not None:
        broken = record.verdict == "unreadable" or any(class_of(one) == found for one in record.findings)
        text = words.say("bmf", f"{found}_text" if broken else "profile_text")
        said = [element("strong", None, words.say("bmf", found)), " – ", text]
    else:
        said = [words.say("bmf", "open" if record.verdict == "undetermined" else "none")]
    return element(
        "aside",
        {"class": "class"},
        _heading(words.say("bmf", "title")),
        element("p", None, *said),
        element("p", {"class": "quiet"}, words.say("bmf", "content")),
    )


def _undetermined(record: Record, words: Words) -> Iterator[Markup]:
    if not record.undetermined:
        return
    same: dict[tuple[str, str | None, int | None], list[Undetermined]] = {}
    for rule in record.undetermined:
        same.setdefault((rule.reason, rule.location, rule.line), []).append(rule)
    yield _heading(words.say("undetermined", "title"))
    items, excerpts = [], record.places
    for (reason, location, line), rules in same.items():
        excerpt = excerpts.get((line, rules[0].column))
        names = ", ".join(dict.fromkeys(rule.rule for rule in rules))
        place = [words.say("findings", "line", line=line), " · "] if line is not None else []
        place += [path(location)] if location else []
        items.append(
            element(
                "li",
                {"class": "card open"},
                element("h4", None, cut(reason, _LONGEST)),
                element("p", {"class": "quiet"}, *place) if place else "",
                shown_source(excerpt, words) if excerpt else "",
                element("dl", None, fact(words.say("undetermined", "rules"), element("code", None, names))),
            )
        )
    yield element("ol", {"class": "findings"}, *items)


def _packs(record: Record, words: Words) -> Iterator[Markup]:
    if record.verdict == "unreadable":
        return
    yield _heading(words.say("packs", "title"))
    if not record.packs:
        yield element("p", None, words.say("packs", "none"))
        return
    heads = ("pack", "version", "validity", "engine", "verdict")
    head = element("tr", None, *(element("th", {"scope": "col"}, words.say("packs", key)) for key in heads))
    rows = [_pack(pack, words) for pack in record.packs]
    yield _table([head], rows)
    for pack in record.packs:
        if pack.not_implemented:
            number = len(pack.not_implemented)
            said = words.say("packs", "not_judged", number=number, pack=pack.id, version=pack.version)
            listed = element("p", None, element("code", None, ", ".join(_runs(pack.not_implemented))))
            yield element("details", None, element("summary", None, said), listed)


def _runs(ids: Iterable[str]) -> Iterator[str]:
    """Ids of rules with those that follow each other drawn together: ``UBL-CR-001 – UBL-CR-005``."""
    runs: list[list[str]] = []
    for one in sorted(ids, key=_numbered):
        family, number = _numbered(one)
        if runs and number >= 0 and _numbered(runs[-1][-1]) == (family, number - 1):
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        yield from [f"{run[0]} – {run[-1]}"] if len(run) > 2 else run  # noqa: PLR2004 -- two are shorter as they are


def _numbered(rule: str) -> tuple[str, int]:
    family, _, number = rule.rpartition("-")
    return (family, int(number)) if number.isdecimal() and number.isascii() else (rule, -1)


def _table(head: list[Markup], rows: list[Markup]) -> Markup:
    table = element("table", None, element("thead", None, *head), element("tbody", None, *rows))
    return element("div", {"class": "wide"}, table)


def _pack(result: PackResult, words: Words) -> Markup:
    pack = pack_of(result)
    validity = ""
    if pack is not None and pack.valid_to is not None:
        validity = words.say("packs", "from_to", start=pack.valid_from, end=pack.valid_to)
    elif pack is not None:
        validity = words.say("packs", "from", start=pack.valid_from)
    name = result.id + (f":{result.profile}" if result.profile else "")
    title = element("span", {"class": "quiet", "lang": "en"}, pack.title) if pack is not None else ""
    why = element("p", {"class": "quiet"}, result.open) if result.open else ""
    return element(
        "tr",
        None,
        element("th", {"scope": "row"}, element("code", None, name), Markup("<br>") if title else "", title),
        element("td", None, result.version),
        element("td", None, validity),
        element("td", None, _engine(result)),
        element("td", {"class": result.verdict}, words.say("verdict", result.verdict), why),
    )


def _engine(result: PackResult) -> Markup:
    """Who judged, and by which files of the publisher."""
    if not result.version and result.verdict == "undetermined":
        return Markup("")
    files = [
        element(
            "p", {"class": "quiet"}, used.name.rpartition("/")[2], Markup("<br>"), element("code", None, used.sha256)
        )
        for used in result.artefacts
    ]
    return Markup("".join([element("span", None, result.engine), *files]))


def _remarks(record: Record, words: Words) -> Iterator[Markup]:
    if not record.remarks:
        return
    yield _heading(words.say("remarks", "title"))
    yield element("p", None, words.say("remarks", "text"))
    heads = ("where", "value", "why")
    head = element("tr", None, *(element("th", {"scope": "col"}, words.say("remarks", key)) for key in heads))
    rows = [
        element(
            "tr",
            None,
            element("td", None, path(remark.path)),
            element("td", {"class": "said"}, value(cut(remark.value, _LONGEST))),
            element("td", None, _why(remark, words)),
        )
        for remark in record.remarks
    ]
    yield _table([head], rows)


def _why(remark: Remark, words: Words) -> str:
    reason = words.known("remarks", remark.reason)
    return f"{reason} ({', '.join(remark.terms)})" if remark.terms else reason


def _row(record: Record, number: int, words: Words) -> Markup:
    link = element("a", {"href": f"#d{number}"}, element("bdi", None, record.file))
    counts = _counts(record, words).removeprefix("– ")
    verdict = element("td", {"class": record.verdict}, words.say("verdict", record.verdict))
    return element("tr", None, element("th", {"scope": "row"}, link), verdict, element("td", None, counts))


def _summary(rows: list[Markup], words: Words) -> Markup:
    heads = (words.say("page", "file"), words.say("page", "verdict"), words.say("findings", "title"))
    head = element("tr", None, *(element("th", {"scope": "col"}, text) for text in heads))
    number = words.say("page", "documents_one") if len(rows) == 1 else ""
    number = number or words.say("page", "documents_many", number=len(rows))
    return element(
        "section",
        {"class": "summary", "id": "summary", "aria-labelledby": "summary-title"},
        element("h2", {"id": "summary-title"}, f"{words.say('page', 'summary')} – {number}"),
        _table([head], rows),
    )
