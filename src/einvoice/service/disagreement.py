# SPDX-License-Identifier: Apache-2.0
"""Where the rules of this package and a publisher's artefact disagree: what only one of them fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from einvoice.rules.findings import Finding, PackResult, Report, Undetermined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEFECT: Final = "this is a defect of einvoice, please report it with the document"


class Difference(Struct, frozen=True):
    """What two judges say differently of one pack.

    Attributes:
        pack: the pack.
        missed: ids that only the artefact fires.
        extra: ids that only einvoice fires.
        levels: ids that both fire, but not with the same severities.
    """

    pack: str
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missed or self.extra or self.levels)


def difference(native: Report, judged: PackResult, official: PackResult, findings: Sequence[Finding]) -> Difference:
    """Compare what two judges say of one pack; what is open already is not compared.

    Args:
        native: what the rules of this package say.
        judged: what they say of the pack.
        official: what the artefact of the pack says.
        findings: the findings of the artefacts.
    """
    left = {rule.rule for rule in native.undetermined if judged.id in rule.packs} | {*judged.not_implemented}
    ours, theirs = _fired(native.findings, judged.id), _fired(findings, official.id)
    return Difference(
        pack=official.id,
        missed=tuple(rule for rule in theirs if rule not in ours and rule not in left),
        extra=tuple(rule for rule in ours if rule not in theirs),
        levels=tuple(rule for rule in ours if rule in theirs and ours[rule] != theirs[rule]),
    )


def _fired(findings: Iterable[Finding], pack: str) -> dict[str, set[str]]:
    fired: dict[str, set[str]] = {}
    for finding in findings:
        if pack in finding.packs:
            fired.setdefault(finding.rule, set()).add(finding.severity)
    return fired


def doubts(
    native: Report, official: Sequence[PackResult], findings: Sequence[Finding]
) -> tuple[tuple[Finding, ...], tuple[Undetermined, ...]]:
    """What both judges say together.

    Args:
        native: what the rules of this package say.
        official: what the artefacts say.
        findings: the findings of the artefacts.

    Returns:
        The findings that only an artefact has, or with another severity, so that the stricter verdict counts; and an
        entry for each rule on which the judges disagree. A pack that only one of them judged, or that they judged in
        different versions, is not compared.
    """
    more: list[Finding] = []
    open_rules: list[Undetermined] = []
    for result in official:
        ours = next((pack for pack in native.packs if pack.id == result.id and _comparable(pack, result)), None)
        if ours is None:
            more += [structs.replace(one, packs=(result.id,)) for one in findings if result.id in one.packs]
            continue
        found = difference(native, ours, result, findings)
        told = _fired(native.findings, result.id).keys() - set(found.levels)
        only = [one for one in findings if result.id in one.packs and one.rule not in told]
        more += [structs.replace(one, packs=(result.id,)) for one in only]
        open_rules += _entries(found, result)
    return tuple(more), tuple(open_rules)


def _comparable(ours: PackResult, theirs: PackResult) -> bool:
    """Whether both judged, by the same rules."""
    return bool(ours.version) and ours.version == theirs.version and not theirs.open


def _entries(found: Difference, result: PackResult) -> Iterable[Undetermined]:
    what = f"of {result.id} {result.version}"
    sentences = (
        (found.missed, f"the official artefact {what} fires this rule and einvoice does not"),
        (found.extra, f"einvoice fires this rule and the official artefact {what} does not"),
        (found.levels, f"einvoice and the official artefact {what} fire this rule with different severities"),
    )
    for rules, sentence in sentences:
        for rule in rules:
            yield Undetermined(rule=rule, packs=(result.id,), reason=f"{sentence}: {DEFECT}")
