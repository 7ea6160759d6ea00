# SPDX-License-Identifier: Apache-2.0
"""Findings with what follows from them. Nothing is left out for it: views for people put a consequence under its cause.

Every finding is looked at once, and compared only with what stands at its place, in its group or among the totals.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.rules.causes import SCHEMA, TABLE
from einvoice.rules.findings import Finding
from einvoice.rules.places import generic, paths_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from einvoice.rules.causes import Fit, Link

_CENT: Final = Decimal("0.01")
_SEVERITIES: Final = ("information", "warning", "fatal")
_LINKS: Final[dict[str, tuple[Link, ...]]] = {
    rule: tuple(link for link in TABLE if rule in link.consequences)
    for rule in dict.fromkeys(chain.from_iterable(link.consequences for link in TABLE))
}
_CAUSES: Final = frozenset(link.cause for link in TABLE)


class Family(Struct, frozen=True):
    """A finding and what follows from it.

    Attributes:
        finding: the finding.
        consequences: what follows from it, each with what follows from that.
    """

    finding: Finding
    consequences: tuple[Family, ...] = ()

    def members(self) -> Iterator[Finding]:
        """The finding and everything that follows from it."""
        yield self.finding
        for consequence in self.consequences:
            yield from consequence.members()


def families(findings: Sequence[Finding]) -> tuple[Family, ...]:
    """Findings with what follows from each, in the order of the findings.

    Args:
        findings: the findings of one invoice.
    """
    causes = causes_of(findings)
    below: dict[int, list[int]] = {}
    for consequence, cause in causes.items():
        below.setdefault(cause, []).append(consequence)

    def family(number: int) -> Family:
        return Family(findings[number], tuple(family(other) for other in below.get(number, ())))

    return tuple(family(number) for number in range(len(findings)) if number not in causes)


def causes_of(findings: Sequence[Finding]) -> dict[int, int]:
    """The finding that each finding follows from, both by their position; nothing for one that stands for itself.

    Args:
        findings: the findings of one invoice.
    """
    known = _Known(findings)
    found = {}
    for number, finding in enumerate(findings):
        cause = known.violation(finding)
        if cause is None:
            cause = known.by_table(finding)
        if cause is not None:
            found[number] = cause
    return found


class _Known:
    """The findings that can be causes, by what a consequence has in common with them.

    Keys are the rule and, where the table asks for it, a place, a group, or an element above the place.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        self.anywhere: dict[str, list[int]] = {}
        self.near: dict[tuple[str, str, str], list[int]] = {}
        self.at: dict[str, list[int]] = {}
        self.below: dict[str, list[int]] = {}
        for number, finding in enumerate(findings):
            if finding.rule in _CAUSES:
                self._enter(number, finding)
            elif finding.rule in SCHEMA and finding.location and finding.terms:
                self.at.setdefault(finding.location, []).append(number)
                self.below.setdefault(_above(finding.location), []).append(number)

    def _enter(self, number: int, finding: Finding) -> None:
        self.anywhere.setdefault(finding.rule, []).append(number)
        keys = [("model", finding.model_path), ("group", _group(finding)), ("at", finding.location or "")]
        keys += [("in", place) for place in _upwards(finding.location or "")]
        for kind, place in keys:
            self.near.setdefault((finding.rule, kind, place), []).append(number)

    def by_table(self, finding: Finding) -> int | None:
        """The finding that explains another one by the table, or none."""
        for link in _LINKS.get(finding.rule, ()):
            fits = _FITS[link.fit]
            for number in self._candidates(link, finding):
                cause = self.findings[number]
                if not _milder(cause, finding) and fits(cause, finding):
                    return number
        return None

    def _candidates(self, link: Link, finding: Finding) -> Iterable[int]:
        place = finding.location or ""
        match link.fit:
            case "same place":
                keys = [("at", place), ("model", finding.model_path)]
            case "same group" | "product":
                keys = [("group", _group(finding))]
            case "same branch":
                keys = [("in", place), *(("at", above) for above in _upwards(place))]
            case _:
                return self.anywhere.get(link.cause, ())
        return chain.from_iterable(
            self.near.get((link.cause, kind, where), ()) for kind, where in keys if where or kind == "group"
        )

    def violation(self, finding: Finding) -> int | None:
        """The violation of the schema that explains that a rule misses a term, or none.

        It is about that term, or about a group that holds it, and stands where the term is missed: there, above, or
        right below.
        """
        if not self.at or finding.rule in SCHEMA or not finding.location:
            return None
        upwards = chain.from_iterable(self.at.get(place, ()) for place in _upwards(finding.location))
        for number in chain(upwards, self.below.get(finding.location, ())):
            terms = self.findings[number].terms
            if any(_within(term, other) for term in finding.terms for other in terms):
                return number
        return None


def _upwards(place: str) -> Iterator[str]:
    """A place and every element above it."""
    while place:
        yield place
        place = _above(place)


def _above(place: str) -> str:
    return place.rpartition("/")[0]


def _group(finding: Finding) -> str:
    return finding.model_path.rpartition(".")[0]


def _within(term: str, other: str) -> bool:
    """Whether a term is another one, or stands in that group."""
    if term == other:
        return True
    try:
        inner, outer = paths_of(term), paths_of(other)
    except LookupError:
        return False
    return any(generic(path).startswith(f"{group}.") for path in inner for group in outer)


def _milder(cause: Finding, consequence: Finding) -> bool:
    """What is worse does not stand below what is not so bad."""
    return _SEVERITIES.index(cause.effective) < _SEVERITIES.index(consequence.effective)


# ---- how the figures have to fit


def _difference(finding: Finding) -> Decimal | None:
    """By how much what is there is too high."""
    found, expected = _number(finding.found), _number(finding.expected)
    return None if found is None or expected is None else found - expected


def _number(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _carried(cause: Finding, consequence: Finding) -> bool:
    off, follows = _difference(cause), _difference(consequence)
    return off is not None and follows is not None and bool(off) and off == -follows


def _alike(cause: Finding, consequence: Finding) -> bool:
    off, follows = _difference(cause), _difference(consequence)
    return off is not None and bool(off) and off == follows


def _product(cause: Finding, consequence: Finding) -> bool:
    """Whether a tax is that of the amount as it should be: by the rate that its own finding computes with."""
    amount, right = _number(cause.found), _number(cause.expected)
    tax, product = _number(consequence.found), _number(consequence.expected)
    if amount is None or right is None or tax is None or product is None:
        return False
    return abs(tax * amount - right * product) <= _CENT * max(abs(amount), abs(right))


def _uncomputed(_: Finding, consequence: Finding) -> bool:
    return consequence.expected is None


def _settled(_: Finding, __: Finding) -> bool:
    """What had to fit was looked for."""
    return True


_FITS: Final[dict[Fit, Callable[[Finding, Finding], bool]]] = {
    "always": _settled,
    "same place": _settled,
    "same group": _settled,
    "same branch": _settled,
    "not computed": _uncomputed,
    "carried": _carried,
    "deducted": _alike,
    "alike": _alike,
    "product": _product,
}
