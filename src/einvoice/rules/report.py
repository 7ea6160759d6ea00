# SPDX-License-Identifier: Apache-2.0
"""Judging: one pass over the invoice, every rule asked of everything it is about.

A rule that raises, or that needs a value which the source states in a form that its type cannot hold, is undetermined:
that rule only, for that subject only. Everything else is judged, and the verdict says that something is open.
"""

from __future__ import annotations

from collections import Counter
from decimal import localcontext
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import structs

from einvoice.model import DocumentTotals, Reading, Seller
from einvoice.model.listing import Listing, most
from einvoice.model.parts import UnjudgeableError
from einvoice.rules.arithmetic import EXACT
from einvoice.rules.findings import Finding, PackResult, Report, Undetermined, shown
from einvoice.rules.leaves import Leaves
from einvoice.rules.levels import levelled
from einvoice.rules.long_numbers import with_long_numbers
from einvoice.rules.places import below, generic, paths_of, terms_at
from einvoice.rules.plan import compiled
from einvoice.rules.rows import WHITE
from einvoice.rules.structure_findings import left_to_elements, met, structural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.model import Remark
    from einvoice.rules.findings import Verdict
    from einvoice.rules.plan import Ask, Plan
    from einvoice.rules.registry import Family, Miss, Pack, Rule, View
    from einvoice.rules.structure_findings import Hits, Locate

T = TypeVar("T", Finding, Undetermined)
Trail = tuple["Trail", str, int] | None
Numbered = tuple[int, "Remark"]

_INDICATOR = "/ram:ChargeIndicator/udt:Indicator"


def run(reading: Reading, packs: Sequence[Pack], hits: Hits | None = None, locate: Locate | None = None) -> Report:
    """Judge an invoice.

    An invoice that never was XML is judged as it would stand in UBL; the groups that a schema would demand are
    treated as present and empty, so that what they must hold is missed.

    Args:
        reading: the invoice, with what reading it remarked.
        packs: the packs to judge by.
        hits: what the elements of the document say to the rules about them, by the key of the pack. A pack that has
            such rules and does not hear of the document is undetermined.
        locate: says where a place of the model stands in the document.
    """
    if reading.syntax is None:
        reading = structs.replace(reading, invoice=_with_demanded(reading))
    family: Family = "cii" if reading.syntax == "cii" else "ubl"
    plan = compiled(tuple(packs), family)
    with localcontext(EXACT):
        walk = _Walk(plan, with_long_numbers(reading))
        walk.judge()
        if reading.remarks:
            walk.doubt({term: name for pack in packs for term, name in pack.once.get(family, {}).items()})
    findings, undetermined, hits = _findings(plan, walk.missed.found), _undetermined(plan, walk.open.found), hits or {}
    if any(hits.values()):  # the elements of most documents say nothing against any rule
        findings, undetermined = _with_elements(packs, family, hits, (findings, undetermined), locate)
    findings = levelled(findings, packs, reading)
    results = tuple(
        _result(pack, family, findings, undetermined, unasked=family in pack.structure and pack.key not in hits)
        for pack in packs
    )
    (findings, cut), (undetermined, left) = _listed(findings), _listed(undetermined)
    return Report(
        verdict=_worst([result.verdict for result in results]),
        packs=results,
        findings=findings,
        undetermined=undetermined,
        notes=(*reading.notes, *(pack.notes[family] for pack in packs if family in pack.notes), *cut, *left),
    )


def _with_elements(
    packs: Sequence[Pack],
    family: Family,
    hits: Hits,
    found: tuple[tuple[Finding, ...], tuple[Undetermined, ...]],
    locate: Locate | None,
) -> tuple[tuple[Finding, ...], tuple[Undetermined, ...]]:
    """What was found on the invoice or left open there, and what the elements of the document say beside."""
    undetermined = left_to_elements(packs, family, hits, found[1])
    findings, hits = met(packs, family, hits, found[0], locate)
    findings, unclear = structural(packs, family, hits, findings)
    return findings, (*undetermined, *unclear)


def _listed(found: Sequence[T]) -> tuple[tuple[T, ...], list[str]]:
    """As much of what was found as is reported of each rule, and a sentence for each of which there is more."""
    if not found or len(found) <= (places := most()):
        return tuple(found), []
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    kept = []
    for one in found:
        counts[one.rule, one.packs] += 1
        if counts[one.rule, one.packs] <= places:
            kept.append(one)
    many = dict.fromkeys(rule for (rule, _), count in counts.items() if count > places)
    return tuple(kept), [f"{rule} is reported at its first {places} places; there are more" for rule in many]


def _with_demanded(reading: Reading) -> Any:  # noqa: ANN401 -- structs.replace has no narrower type
    invoice = reading.invoice
    return structs.replace(invoice, totals=invoice.totals or DocumentTotals(), seller=invoice.seller or Seller())


class _Views(dict[type["View"], Any]):
    """The views of a reading, each computed when it is first needed."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading

    def __missing__(self, view: type[View]) -> View:
        computed = self[view] = view.of(self.reading)
        return computed


class _Walk:
    """One pass over one invoice.

    Attributes:
        missed: what rules found: rule, place of the subject, its class, what was missed.
        open: rules that could not be judged: rule, place, reason, and the leaf that is to blame.
        names: the names of the leaves beside the model.
    """

    def __init__(self, plan: Plan, reading: Reading) -> None:
        self.plan = plan
        self.reading = reading
        self.views = _Views(reading)
        self.missed: Listing[tuple[Rule, str, type, Miss]] = Listing()
        self.open: Listing[tuple[Rule, str, str, Remark | None]] = Listing()
        self.stuck = _stuck(plan, reading.remarks)
        self.unworded = _unworded(reading)
        self.names: frozenset[str] = frozenset()
        self.near: dict[tuple[Rule, str], tuple[list[Numbered], dict[str, list[Numbered]]]] = {}

    def judge(self) -> None:
        """Ask everything."""
        asks = self.beside() if self.reading.remarks else self.plan.alone
        self.ask(asks, self.reading, None)
        self.plan.root.visit(self, self.reading.invoice, None)

    def beside(self) -> tuple[Ask, ...]:
        """What is asked of the reading, since the document has leaves beside the model that it is about."""
        if self.stuck:  # what could not be read may be what is looked for
            return tuple(ask for _, ask in self.plan.asks)
        names = self.names = self.views[Leaves].names
        return tuple(ask for about, ask in self.plan.asks if not (about and about.isdisjoint(names)))

    def doubt(self, once: dict[str, str]) -> None:
        """Leave rules open that cannot be judged where a term is stated again.

        Args:
            once: term -> the id of the rule.
        """
        again = [remark for remark in self.reading.remarks if remark.reason == "repeated"] if once else []
        for remark in again:
            for rule in self.plan.rules:
                if rule.id in {once.get(term) for term in remark.terms}:
                    self.open.add(rule, (rule, "", f"{' '.join(remark.terms)} is stated again", remark))

    def ask(self, asks: tuple[Ask, ...], subject: object, trail: Trail) -> None:
        """Ask rules of one subject."""
        views, stuck = self.views, self.stuck
        for rule, check, needed in asks:
            if stuck and rule in stuck and self.cannot(rule, trail):
                continue
            try:
                if not needed:
                    misses = check(subject)
                elif len(needed) == 1:
                    misses = check(subject, views[needed[0]])
                else:
                    misses = check(subject, *[views[view] for view in needed])
                for miss in misses:
                    self.found(rule, trail, type(subject), miss)
            except UnjudgeableError as error:
                self.open.add(rule, (rule, _path(trail), str(error), None))
            except Exception as error:  # noqa: BLE001 -- whatever it is, it concerns this rule only
                self.open.add(rule, (rule, _path(trail), f"{type(error).__name__}: {error}", None))

    def found(self, rule: Rule, trail: Trail, subject: type, miss: Miss) -> None:
        """Note what is missed, unless the published test does not look there, for how it is said what stands there."""
        path = _path(trail)
        if not (rule.worded and self.unworded and _inside(_place(path, subject, miss), self.unworded)):
            self.missed.add(rule, (rule, path, subject, miss))

    def cannot(self, rule: Rule, trail: Trail) -> bool:
        """Whether the rule is not to be asked here, since a value that it needs could not be read."""
        here = _path(trail)
        leaves = self.concerned(rule, here)
        if rule.unreadable == "text":
            return any(leaf.value.strip(WHITE) for leaf in leaves)
        if leaves and rule.unreadable == "open":
            self.open.add(rule, (rule, here, _unreadable(leaves[0]), leaves[0]))
        return bool(leaves)

    def concerned(self, rule: Rule, here: str) -> list[Remark]:
        """The leaves in the way of a rule at a place: not those that lie in a sister of its subject."""
        if not here:
            return self.stuck[rule]
        key = rule, generic(here)
        if key not in self.near:
            self.near[key] = _near(self.stuck[rule], here)
        anywhere, inside = self.near[key]
        return [leaf for _, leaf in sorted([*anywhere, *inside.get(here, ())], key=itemgetter(0))]


def _unworded(reading: Reading) -> frozenset[str]:
    """The allowances and charges of CII that say in a digit, or with white space around, which of them they are."""
    if reading.syntax != "cii":
        return frozenset()
    spelled = (one for one in reading.remarks if one.reason == "spelled" and one.path.endswith(_INDICATOR))
    return frozenset(one.model_path for one in spelled)


def _inside(place: str, groups: frozenset[str]) -> bool:
    """Whether a place is one of some groups, or lies in one: it has few groups above it, however many these are."""
    while place and place not in groups:
        place = place.rpartition(".")[0]
    return bool(place)


def _near(leaves: list[Remark], subject: str) -> tuple[list[Numbered], dict[str, list[Numbered]]]:
    """The leaves outside of all sisters of a subject, and those inside them by sister, each with its number."""
    steps, like = subject.count(".") + 1, generic(subject)
    anywhere: list[Numbered] = []
    inside: dict[str, list[Numbered]] = {}
    for number, leaf in enumerate(leaves):
        path = leaf.model_path.split(".")
        sister = ".".join(path[:steps])
        if len(path) > steps and generic(sister) == like:
            inside.setdefault(sister, []).append((number, leaf))
        else:
            anywhere.append((number, leaf))
    return anywhere, inside


def _stuck(plan: Plan, remarks: tuple[Remark, ...]) -> dict[Rule, list[Remark]]:
    """The rules that need a value which could not be read, and the leaves concerned."""
    if not remarks:
        return {}
    malformed: dict[str, list[Numbered]] = {}
    for number, remark in enumerate(remarks):
        if remark.reason == "malformed" and remark.model_path:
            path = generic(remark.model_path).replace("sub_lines.", "")
            malformed.setdefault(path, []).append((number, remark))
    if not malformed:
        return {}
    stuck = {}
    for rule in plan.rules:
        found = [one for path, some in malformed.items() if path in rule.paths for one in some]
        if found and rule.unreadable != "own":
            stuck[rule] = [remark for _, remark in sorted(found, key=itemgetter(0))]
    return stuck


def _unreadable(leaf: Remark) -> str:
    return f"{' '.join(leaf.terms) or leaf.model_path} is {leaf.value!r}, which cannot be read"


def _path(trail: Trail) -> str:
    steps = []
    while trail is not None:
        trail, name, index = trail
        steps.append(name if index < 0 else f"{name}[{index}]")
    return ".".join(reversed(steps))


def _findings(plan: Plan, missed: list[tuple[Rule, str, type, Miss]]) -> tuple[Finding, ...]:
    found: dict[tuple[object, ...], Finding] = {}
    for rule, path, subject, miss in missed:
        for severity, packs in plan.severities[rule].items():
            finding = _finding(rule, path, subject, miss)
            finding = structs.replace(finding, packs=packs, severity=severity, effective=severity)
            key = (rule.id, severity, finding.model_path, finding.location, finding.found, finding.why)
            if key in found:
                finding = structs.replace(finding, packs=tuple(dict.fromkeys((*found[key].packs, *packs))))
            found[key] = finding
    return tuple(found.values())


def _finding(rule: Rule, path: str, subject: type, miss: Miss) -> Finding:
    place = _place(path, subject, miss)
    return Finding(
        rule=rule.id,
        packs=(),
        severity="fatal",
        effective="fatal",
        message=rule.sentence,
        terms=(miss.term,) if miss.term else (miss.leaf.terms if miss.leaf else terms_at(place)),
        found=shown(miss.found),
        expected=shown(miss.expected),
        why=miss.why,
        model_path=place,
        location=miss.leaf.path if miss.leaf else None,
        line=miss.leaf.line if miss.leaf else None,
    )


def _place(path: str, subject: type, miss: Miss) -> str:
    """Where in the model something is missed."""
    if miss.leaf is not None:
        return miss.leaf.model_path
    if miss.at.startswith("/"):
        return miss.at[1:]
    return ".".join(part for part in (path, miss.at or _place_of(miss.term, subject)) if part)


def _place_of(term: str, subject: type) -> str:
    """The path from a subject to a term; from the invoice, as far as nothing repeats, if it is not below."""
    if not term or subject is Reading:
        return paths_of(term)[0].split(".")[0] if term else ""
    try:
        return below(subject, term)
    except LookupError:
        return ""


def _undetermined(plan: Plan, left: list[tuple[Rule, str, str, Remark | None]]) -> tuple[Undetermined, ...]:
    found: dict[tuple[str, str, str], Undetermined] = {}
    for rule, path, reason, leaf in left:
        packs = tuple(dict.fromkeys(pack for some in plan.severities[rule].values() for pack in some))
        place = leaf.model_path if leaf else path
        found[rule.id, place, reason] = Undetermined(
            rule=rule.id,
            packs=packs,
            reason=reason,
            terms=leaf.terms if leaf else terms_at(place),
            model_path=place,
            location=leaf.path if leaf else None,
            line=leaf.line if leaf else None,
        )
    return tuple(found.values())


def _result(
    pack: Pack,
    family: Family,
    findings: tuple[Finding, ...],
    undetermined: tuple[Undetermined, ...],
    *,
    unasked: bool,
) -> PackResult:
    missing = pack.not_implemented(family)
    verdict: Verdict = "valid"
    doubt = ""
    if findings and any(finding.effective == "fatal" and pack.id in finding.packs for finding in findings):
        verdict = "invalid"
    elif undetermined and any(pack.id in rule.packs for rule in undetermined):
        verdict, doubt = "undetermined", "some rules could not be judged"
    elif unasked:
        verdict, doubt = "undetermined", "the elements of the document were not looked at"
    elif missing:
        verdict, doubt = "undetermined", f"{len(missing)} of the published rules are not judged here"
    elif family in pack.unknown:
        verdict, doubt = "undetermined", pack.unknown[family]
    return PackResult(
        id=pack.id,
        version=pack.version,
        profile=pack.profile,
        verdict=verdict,
        not_implemented=missing,
        open=doubt,
    )


def _worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict over all: nothing that could not be judged is ever valid, nor is an invoice nobody judged."""
    if "invalid" in verdicts:
        return "invalid"
    return "undetermined" if "undetermined" in verdicts or not verdicts else "valid"
