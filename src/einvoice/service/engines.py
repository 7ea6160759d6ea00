# SPDX-License-Identifier: Apache-2.0
"""Which engine judges: the rules of this package, the publishers' own artefacts, or both against each other.

Where both judge, they have to say the same. An id that only one of them fires is a defect of einvoice: it is told as
such, and whatever the verdict would have been, it is not ``valid``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from einvoice import profiles
from einvoice.errors import UnknownNameError
from einvoice.rules import pack_ids
from einvoice.service.check import judge, verdict_of
from einvoice.service.disagreement import doubts
from einvoice.service.packs import UNNAMED, Choice, choose, find
from einvoice.service.schemas import profile_findings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from einvoice.model import Reading
    from einvoice.rules.findings import Finding, PackResult, Report, Undetermined
    from einvoice.service.bench import Bench
    from einvoice.service.intake import Intake
    from einvoice.service.packs import Asked
    from einvoice.service.settings import Settings


def judged(
    intake: Intake, asked: Bench, settings: Settings, *, as_of: date | None = None
) -> tuple[Report, bool | None]:
    """Judge an invoice by the engine that was asked for.

    Args:
        intake: the invoice.
        asked: who judges, and by what.
        settings: what a document may cost.
        as_of: the day whose rules count; today if ``None``.

    Returns:
        The report, and whether the schema is obeyed (``None`` for an invoice that is no XML).
    """
    if asked.engine == "native":
        return judge(intake, choose(asked.packs, intake.reading, as_of=as_of))
    native, valid = judge(intake, native_choice(intake.reading, asked, as_of))
    from einvoice.service.official import Wanted, judge_officially

    wanted = Wanted(packs=asked.packs, artefacts=asked.artefacts, named=asked.named, as_of=as_of)
    results, findings = judge_officially(intake, wanted, settings, native.packs)
    native = structs.replace(native, notes=(*native.notes, *_reach(intake.reading, asked, results)))
    if asked.engine == "official":
        schema = tuple(finding for finding in native.findings if not finding.packs)
        if intake.document is not None:  # no pack of ours judged, so no schema of a profile was asked
            schema = (*schema, *profile_findings(intake.document, results, schema))
        return _report(native, results, (*schema, *findings), ()), valid
    more, open_rules = doubts(native, results, findings)
    packs, told = (*native.packs, *results), (*native.findings, *more)
    return _report(native, packs, told, (*native.undetermined, *open_rules)), valid


def native_choice(reading: Reading, asked: Bench, as_of: date | None) -> Choice:
    """The packs that the rules of this package judge by: none where only the artefacts judge.

    Args:
        reading: the invoice.
        asked: who judges, and by what.
        as_of: the day whose rules count; today if ``None``.
    """
    if asked.engine == "official":
        return Choice(())
    names = tuple(one for one in asked.packs if _is_native(one, as_of))
    if asked.packs and not names:
        return Choice(())
    return structs.replace(choose(names, reading, as_of=as_of), notes=())


def _reach(reading: Reading, asked: Bench, results: Sequence[PackResult]) -> tuple[str, ...]:
    """How far the verdict of ``auto`` reaches, where it does not reach all the way."""
    row = profiles.find(reading.profile)
    known = (row is not None and row.key) or profiles.official_packs_for(reading.profile)
    judged = " and ".join(f"{result.id} {result.version}" for result in results if result.version)
    if asked.packs or known or not judged:
        return ()
    if not (reading.profile or "").strip():
        return (f"judged by {judged} only: {UNNAMED}",)
    return (f"judged by {judged} only: einvoice has no rules for {profiles.name_of(reading.profile)}",)


def _is_native(asked: Asked, as_of: date | None) -> bool:
    """Whether einvoice has a pack, and in the version that is asked for."""
    try:
        find(asked, as_of)
    except UnknownNameError:
        return False
    return asked.id in pack_ids()


def _report(
    native: Report, packs: Sequence[PackResult], findings: Sequence[Finding], undetermined: Sequence[Undetermined]
) -> Report:
    verdict = verdict_of(findings, packs)
    if undetermined and verdict == "valid":
        verdict = "undetermined"
    return structs.replace(
        native,
        verdict=verdict,
        packs=tuple(packs),
        findings=tuple(findings),
        undetermined=tuple(undetermined),
    )
