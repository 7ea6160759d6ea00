# SPDX-License-Identifier: Apache-2.0
"""What a page on a screen says beside a value: which term it is, and what judging had to say about it."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from einvoice.render.places import term_of, texts
from einvoice.render.text import printable
from einvoice.rules.advice import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from einvoice.render.sheet import Sheet
    from einvoice.rules.findings import Finding


class Note:
    """A finding at its place on the page.

    Attributes:
        number: its number on the page, from 1; its anchor is ``f`` and the number.
        finding: the finding.
        place: the path of the value beside which it stands; empty if no value on the page is concerned.
        is_exact: whether it is about that value, and not about something missing near it.
    """

    def __init__(self, number: int, finding: Finding, place: str, *, is_exact: bool) -> None:
        self.number, self.finding, self.place, self.is_exact = number, finding, place, is_exact

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"f{self.number}"


class Annotations:
    """The values of one page, as they are written one by one.

    Args:
        sheet: what is shown.
        findings: what judging said, in the order in which it is to be numbered.
        language: the language of the names of terms: one that findings can be said in.
    """

    def __init__(self, sheet: Sheet, findings: Iterable[Finding] = (), language: str = "en") -> None:
        self.notes = placed(sheet, findings)
        self._language = language
        self._waiting: dict[str, list[Note]] = {}
        for note in self.notes:
            if note.place:
                self._waiting.setdefault(note.place, []).append(note)
        self._pending: list[Note] = []
        self.terms: dict[str, str] = {}

    def value(self, text: str, at: tuple[str, ...] = (), prefix: str = "") -> Markup:
        """A value as HTML: escaped, with its terms as a tooltip, an anchor where a term stands first, and marks.

        Args:
            text: the value.
            at: where it stands in the model.
            prefix: the path of the row, where ``at`` is relative to it.
        """
        if not text:
            return Markup()
        places = [f"{prefix}.{path}" for path in at] if prefix else at
        notes = [note for place in places for note in self._waiting.pop(place, ())] if self._waiting else []
        self._pending += notes
        names = [(number, name) for number, name in map(_named, places) if name]
        title = "; ".join(dict.fromkeys(f"{n} {self._name(n, name)}".strip() for n, name in names))
        anchors = [number for number, _ in dict.fromkeys(names) if number and number not in self.terms]
        self.terms |= {number: self._name(number, name) for number, name in names if number in anchors}
        first = f' id="{anchors[0]}"' if anchors else ""
        more = "".join(f'<span id="{anchor}"></span>' for anchor in anchors[1:])
        marks = "".join(map(_mark, notes))
        kind = next((f"v {note.finding.effective}" for note in notes if note.is_exact), "v")
        body = escape(printable(text), quote=False)
        return Markup(f'<span class="{kind}"{first} title="{escape(title)}">{body}</span>{more}{marks}')  # noqa: S704

    def _name(self, number: str, name: str) -> str:
        return (name_of(number, self._language) if self._language != "en" and number else "") or name

    def named(self, finding: Finding) -> str:
        """The terms that a finding concerns, each with its name."""
        return "; ".join(f"{term} {name_of(term, self._language)}".strip() for term in finding.terms)

    def pending(self) -> list[Note]:
        """The findings about the values written since the last call, to be shown here."""
        found, self._pending = self._pending, []
        return found

    def left(self) -> list[Note]:
        """The findings that no value on the page is concerned by."""
        return [note for note in self.notes if not note.place]


def _mark(note: Note) -> str:
    return f'<a class="mark {note.finding.effective}" href="#{note.anchor}">{note.number}</a>'


@lru_cache(maxsize=65_536)
def _named(path: str) -> tuple[str, str]:
    return term_of(path)


def placed(sheet: Sheet, findings: Iterable[Finding]) -> list[Note]:
    """Findings with their places on the page.

    A finding stands beside the value that its path names; else beside a value of its terms, as near to that path as
    there is one; else beside the first value of the group that its path leads through.

    Args:
        sheet: what is shown.
        findings: what judging said.
    """
    named = list(findings)
    if not named:
        return []
    shown: dict[str, None] = {}
    by_term: dict[str, list[str]] = {}
    for text, at in texts(sheet):
        for path in at if text.strip() else ():
            if path not in shown:
                shown[path] = None
                by_term.setdefault(_named(path)[0], []).append(path)
    return [
        Note(number, one, place, is_exact=is_exact)
        for number, one in enumerate(named, 1)
        for place, is_exact in [_place(one, shown, by_term)]
    ]


def _place(finding: Finding, shown: Mapping[str, None], by_term: Mapping[str, list[str]]) -> tuple[str, bool]:
    """Where a finding stands, and whether that value is what it is about."""
    if finding.model_path in shown:
        return finding.model_path, True
    candidates = [path for term in finding.terms for path in by_term.get(term, ())]
    group = finding.model_path
    while group:
        below = (f"{group}.", f"{group}[")
        for paths, is_exact in ((candidates, True), (shown, False)):
            found = next((path for path in paths if path.startswith(below)), "")
            if found:
                return found, is_exact
        group = group.rpartition(".")[0]
    return (candidates[0], True) if candidates else ("", False)
