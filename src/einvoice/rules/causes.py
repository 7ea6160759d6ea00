# SPDX-License-Identifier: Apache-2.0
"""Which finding follows from which: one mistake often breaks several rules.

A row of the table says that repairing what one rule reports also settles what others report. Where that depends on
the figures, the row says how they have to fit: a wrong BT-106 explains that BT-109 does not fit it only if BT-109 is
off by just as much. Nothing is left out of a report for it; views for people show a consequence under its cause.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from einvoice.rules.findings import Finding
from einvoice.rules.places import generic, paths_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Fit = Literal[
    "always", "same place", "same group", "same branch", "not computed", "carried", "deducted", "alike", "product"
]

SCHEMA: Final = frozenset({"XSD", "FX-XSD"})
"""Ids of findings that report a violation of a schema; what they explain is told by place and term."""
_CENT: Final = Decimal("0.01")
_SEVERITIES: Final = ("information", "warning", "fatal")


class Link(Struct, frozen=True):
    """A rule whose failure explains the failure of others.

    Attributes:
        cause: the id of the rule.
        consequences: the ids of the rules that fail with it.
        fit: what else has to hold: ``always`` nothing; ``same place``, ``same group``, ``same branch``, both speak of
            the same place of the invoice, of the same group, or of an element and one in it; ``not computed``, the
            consequence names no figure that it expects; ``carried``, what the cause is too high the consequence is
            too low, since it adds the wrong figure (``deducted``: subtracts it); ``alike``, both are off by the same;
            ``product``, the consequence is what the repaired figure times the same rate comes to.
    """

    cause: str
    consequences: tuple[str, ...]
    fit: Fit = "always"


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


_RATED: Final = ("S", "AF", "AG")
_DECIMALS: Final = (1, 2, 5, 6, *range(9, 21), 23, 24, 25, 27, 28)
_CATEGORIES: Final = ("S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG")


def _each(number: str, categories: Iterable[str] = _CATEGORIES) -> tuple[str, ...]:
    return tuple(f"BR-{category}-{number}" for category in categories)


TABLE: Final = (
    # What is missing cannot be compared, counted or described.
    Link("BR-08", ("BR-09",)),
    Link("BR-10", ("BR-11",)),
    Link("BR-19", ("BR-20",)),
    Link("BR-22", ("BR-23",), "same group"),
    Link("BR-26", ("BR-27",), "same group"),
    Link("BR-32", ("BR-CL-17",), "same place"),
    Link("BR-37", ("BR-CL-17",), "same place"),
    Link("BR-16", ("BR-CO-10", *_each("01"), *_each("08"))),
    Link("BR-24", ("BR-CO-10", *_each("08"))),
    Link("BR-31", ("BR-CO-11", *_each("08"))),
    Link("BR-36", ("BR-CO-12", *_each("08"))),
    Link("BR-12", ("BR-CO-10", "BR-CO-13")),
    Link("BR-13", ("BR-CO-13", "BR-CO-15")),
    Link("BR-14", ("BR-CO-15", "BR-CO-16")),
    Link("BR-15", ("BR-CO-16",)),
    Link("BR-CO-18", ("BR-CO-14", *_each("01"), *_each("08"))),
    Link("BR-CO-04", (*_each("01"), *_each("08"))),
    *(Link(f"BR-{category}-01", (f"BR-{category}-08",)) for category in _CATEGORIES),
    Link("BR-45", ("BR-CO-17", *_each("08"), *_each("09", _RATED)), "same group"),
    Link("BR-46", ("BR-CO-17", *_each("09")), "same group"),
    Link("BR-46", ("BR-CO-14",)),
    Link("BR-47", ("BR-48", "BR-CO-17", *_each("01"))),
    Link("BR-48", ("BR-CO-17", *_each("08", _RATED), *_each("09", _RATED)), "same group"),
    Link("BR-05", ("BR-CO-15",), "not computed"),
    Link("BR-CL-04", ("BR-CO-15",), "not computed"),
    # Two rules that demand the same.
    Link("BR-33", ("BR-CO-21",), "same group"),
    Link("BR-38", ("BR-CO-22",), "same group"),
    Link("BR-42", ("BR-CO-23",), "same group"),
    Link("BR-44", ("BR-CO-24",), "same group"),
    Link("BR-17", ("UBL-SR-19", "UBL-SR-20", "UBL-SR-21"), "same place"),
    Link("BR-54", ("CII-SR-069", "CII-SR-072"), "same place"),
    Link("BR-CO-04", ("UBL-SR-48",), "same branch"),
    *(Link(f"BR-DEC-{number:02}", ("UBL-DT-01",), "same place") for number in _DECIMALS),
    *(Link(f"BR-{category}-02", (f"BR-{category}-03", f"BR-{category}-04")) for category in _CATEGORIES),
    *(Link(f"BR-{category}-03", (f"BR-{category}-04",)) for category in _CATEGORIES),
    Link("BR-CO-17", _each("09"), "same place"),
    # A wrong figure that the next one is computed from.
    Link("BR-CO-10", ("BR-CO-13",), "carried"),
    Link("BR-CO-11", ("BR-CO-13",), "deducted"),
    Link("BR-CO-12", ("BR-CO-13",), "carried"),
    Link("BR-CO-10", _each("08"), "alike"),
    *(Link(f"BR-{category}-08", ("BR-CO-17", f"BR-{category}-09"), "product") for category in _RATED),
    Link("BR-CO-17", ("BR-CO-14",), "carried"),
    *(Link(f"BR-{category}-09", ("BR-CO-14",), "carried") for category in _CATEGORIES),
    Link("BR-CO-13", ("BR-CO-15",), "carried"),
    Link("BR-CO-14", ("BR-CO-15",), "carried"),
    Link("BR-CO-15", ("BR-CO-16",), "carried"),
)
"""Cause by cause. Where several explain a finding, the first row that does is taken."""


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
    by_rule: dict[str, list[int]] = {}
    for number, finding in enumerate(findings):
        by_rule.setdefault(finding.rule, []).append(number)
    schema = _Schema([findings[number] for rule in SCHEMA for number in by_rule.get(rule, ())])
    found: dict[int, int] = {}
    for number, finding in enumerate(findings):
        cause = schema.cause_of(finding)
        if cause is not None:
            found[number] = next(other for other in by_rule[cause.rule] if findings[other] is cause)
            continue
        cause_number = _by_table(findings, by_rule, finding)
        if cause_number is not None:
            found[number] = cause_number
    return found


def _by_table(findings: Sequence[Finding], by_rule: dict[str, list[int]], finding: Finding) -> int | None:
    for link in _LINKS.get(finding.rule, ()):
        for number in by_rule.get(link.cause, ()):
            if not _milder(findings[number], finding) and _FITS[link.fit](findings[number], finding):
                return number
    return None


def _milder(cause: Finding, consequence: Finding) -> bool:
    """What is worse does not stand below what is not so bad."""
    return _SEVERITIES.index(cause.effective) < _SEVERITIES.index(consequence.effective)


_LINKS: Final[dict[str, tuple[Link, ...]]] = {
    rule: tuple(link for link in TABLE if rule in link.consequences)
    for rule in dict.fromkeys(chain.from_iterable(link.consequences for link in TABLE))
}

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
    if amount is None or right is None or tax is None or product is None or not _same_group(cause, consequence):
        return False
    return abs(tax * amount - right * product) <= _CENT * max(abs(amount), abs(right))


def _same_place(cause: Finding, consequence: Finding) -> bool:
    if cause.location is not None and cause.location == consequence.location:
        return True
    return bool(cause.model_path) and cause.model_path == consequence.model_path


def _same_group(cause: Finding, consequence: Finding) -> bool:
    return cause.model_path.rpartition(".")[0] == consequence.model_path.rpartition(".")[0]


def _same_branch(cause: Finding, consequence: Finding) -> bool:
    one, other = f"{cause.location}/", f"{consequence.location}/"
    return cause.location is not None and (one.startswith(other) or other.startswith(one))


_FITS: Final[dict[Fit, Callable[[Finding, Finding], bool]]] = {
    "always": lambda _cause, _consequence: True,
    "same place": _same_place,
    "same group": _same_group,
    "same branch": _same_branch,
    "not computed": lambda _cause, consequence: consequence.expected is None,
    "carried": _carried,
    "deducted": _alike,
    "alike": _alike,
    "product": _product,
}

# ---- violations of the schema


class _Schema:
    """Violations of the schema, by where they are.

    One explains that a rule misses a term if it is about that term, or about a group that holds it, and stands where
    the term is missed: there, above, or right below.
    """

    def __init__(self, violations: Sequence[Finding]) -> None:
        self.at: dict[str, list[Finding]] = {}
        self.below: dict[str, list[Finding]] = {}
        for one in violations:
            if one.location and one.terms:
                self.at.setdefault(one.location, []).append(one)
                self.below.setdefault(one.location.rpartition("/")[0], []).append(one)

    def cause_of(self, finding: Finding) -> Finding | None:
        """The violation that explains a finding of a rule, or none."""
        if not self.at or finding.rule in SCHEMA or not finding.location:
            return None
        for one in chain(self._upwards(finding.location), self.below.get(finding.location, ())):
            if any(_within(term, other) for term in finding.terms for other in one.terms):
                return one
        return None

    def _upwards(self, place: str) -> Iterator[Finding]:
        while place:
            yield from self.at.get(place, ())
            place = place.rpartition("/")[0]


def _within(term: str, other: str) -> bool:
    """Whether a term is another one, or stands in that group."""
    if term == other:
        return True
    try:
        inner, outer = paths_of(term), paths_of(other)
    except LookupError:
        return False
    return any(generic(path).startswith(f"{group}.") for path in inner for group in outer)
