# SPDX-License-Identifier: Apache-2.0
"""Judging an invoice by the publishers' own artefacts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from einvoice import profiles
from einvoice.official.engine import engine
from einvoice.official.judge import ENGINE, judge
from einvoice.official.library import Library
from einvoice.rules.findings import Finding, PackResult
from einvoice.rules.levels import levelled
from einvoice.service.packs import NO_PROFILE, Asked, automatic, find, of_document
from einvoice.service.written import Written, home

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from einvoice.bind import Document
    from einvoice.model import Reading
    from einvoice.rules.registry import Pack
    from einvoice.service.intake import Intake
    from einvoice.service.settings import Settings
    from einvoice.service.written import Family


class Wanted(Struct, frozen=True, kw_only=True):
    """What the artefacts are asked.

    Attributes:
        packs: the packs asked for; nothing for ``auto``.
        artefacts: stylesheets, folders and archives that the user names.
        named: the pack that a stylesheet is which nothing recognises; empty if there is none.
        as_of: the day whose rules count; today if ``None``.
    """

    packs: tuple[Asked, ...] = ()
    artefacts: tuple[str, ...] = ()
    named: str = ""
    as_of: date | None = None


def library_of(paths: Sequence[str], named: str = "") -> Library:
    """The artefacts of sources, and those that are installed. Looked through again when a source has changed.

    Args:
        paths: stylesheets, folders and archives.
        named: the pack that a stylesheet is which nothing recognises.

    Raises:
        InputError: a source cannot be read, or holds no artefact.
    """
    return _library(tuple((path, _stamp(path)) for path in paths), named)


@cache
def _library(stamped: tuple[tuple[str, tuple[int, int]], ...], named: str) -> Library:
    library = Library([path for path, _ in stamped])
    if named:
        library.name(named)
    return library


def _stamp(path: str) -> tuple[int, int]:
    """What changes when a file does."""
    try:
        stat = Path(path).stat()
    except OSError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


def judge_officially(
    intake: Intake, wanted: Wanted, settings: Settings, native: Sequence[PackResult] = ()
) -> tuple[tuple[PackResult, ...], tuple[Finding, ...]]:
    """What the artefacts say of an invoice.

    Args:
        intake: the invoice; one that never was XML is judged as it is written in UBL, in CII where an artefact is for
            CII only, and its findings have their places in the model.
        wanted: the packs.
        settings: what a document may cost.
        native: what the rules of this package said: their versions are preferred, so that both can be compared.

    Returns:
        What each pack says, and the findings.
    """
    library = library_of(wanted.artefacts, wanted.named)
    packs = _packs(intake.reading, wanted, library, intake.document.syntax if intake.document else "ubl-invoice")
    papers = _Papers(intake, library, packs)
    if papers.main is None:
        return tuple(_without(one, papers.why) for one in packs), ()
    saxon = engine(settings.official_deadline, settings.official_memory)
    results: list[PackResult] = []
    findings: list[Finding] = []
    for one in packs:
        document = papers.of(one, papers.main)
        artefact = library.find(
            one.id, document.syntax, profile=one.profile, version=one.version, like=_like(one, native, wanted.as_of)
        )
        if artefact is None:
            results.append(_without(one, _why_not(one, document)))
        else:
            result, found = judge(artefact, document, saxon)
            results.append(result)
            findings += (papers.placed(finding, document) for finding in found)
    weighed = levelled(_joined(findings), _scenarios(results, wanted.as_of), intake.reading)
    return tuple(_weighed(result, weighed) for result in results), weighed


class _Papers:
    """The document that each pack judges: the one that came in, or the invoice as it is written in a syntax.

    Args:
        intake: the invoice.
        library: the artefacts.
        packs: the packs that judge it.

    Attributes:
        main: the document; of an invoice that never was XML, what it is in the syntax of most packs, or ``None`` if it
            cannot be written.
        why: why it cannot; empty if it can.
    """

    def __init__(self, intake: Intake, library: Library, packs: Sequence[Asked]) -> None:
        self._written = Written(intake.reading.invoice) if intake.document is None else None
        self.main, self.why = intake.document, ""
        if self._written is not None:
            known = [self._known(one, library) for one in packs]
            free = home(known, intake.reading.profile)
            self._families = {one: some[0] if len(some) == 1 else free for one, some in zip(packs, known, strict=True)}
            self.main, self.why = self._written.document(free), self._written.why

    @staticmethod
    def _known(asked: Asked, library: Library) -> list[Family]:
        """The syntaxes that there is an artefact of the pack for."""
        syntaxes: dict[Family, str] = {"ubl": "ubl-invoice", "cii": "cii"}
        return [
            family
            for family, syntax in syntaxes.items()
            if library.find(asked.id, syntax, profile=asked.profile, version=asked.version)
        ]

    def of(self, asked: Asked, main: Document) -> Document:
        """The document for a pack.

        Args:
            asked: the pack.
            main: what is judged where nothing else is said.
        """
        written = self._written.document(self._families.get(asked, "ubl")) if self._written is not None else None
        return written or main

    def placed(self, finding: Finding, document: Document) -> Finding:
        """A finding with its place in the document that came in, or in the model."""
        if self._written is None:
            return finding
        found = self._written.in_model(finding, "cii" if document.syntax == "cii" else "ubl")
        return structs.replace(found, location=found.model_path or None, line=None)


def _scenarios(results: Iterable[PackResult], as_of: date | None) -> tuple[Pack, ...]:
    """The packs that know how their publishers weigh rules in a kind of document, which no artefact says."""
    found = [find(Asked(result.id, result.profile), as_of) for result in results]
    return tuple(pack for pack in found if pack is not None)


def _weighed(result: PackResult, findings: Iterable[Finding]) -> PackResult:
    """The verdict of a pack by the levels that count."""
    broken = any(one.effective == "fatal" and result.id in one.packs for one in findings)
    if broken or result.verdict != "invalid":
        return result
    return structs.replace(result, verdict="undetermined" if result.open else "valid")


def _packs(reading: Reading, wanted: Wanted, library: Library, syntax: str) -> tuple[Asked, ...]:
    """The packs to judge by: those asked for, or those that the specification identifier asks for."""
    if wanted.packs:
        return tuple(of_document(one, reading) for one in wanted.packs)
    further = [Asked(name) for name in profiles.official_packs_for(reading.profile)]
    row = profiles.find(reading.profile)
    if any(library.find(one.id, syntax) for one in further) and (row is None or not row.packs):
        return tuple(further)
    return tuple(of_document(one, reading) for one in (*automatic(reading), *further))


def _like(asked: Asked, native: Sequence[PackResult], as_of: date | None) -> str:
    """The version that the rules of this package judge by, or would."""
    judged = next((result.version for result in native if result.id == asked.id), "")
    if judged:
        return judged
    pack = find(structs.replace(asked, version=None), as_of)
    return pack.version if pack else ""


def _why_not(asked: Asked, document: Document) -> str:
    if asked.id == "facturx" and asked.profile is None:
        return NO_PROFILE
    what = f"{asked} for {'CII' if document.syntax == 'cii' else 'UBL'}"
    return f"no official artefact of {what} is at hand: name the publisher's file, folder or archive with --artefacts"


def _without(asked: Asked, why: str) -> PackResult:
    return PackResult(
        id=asked.id,
        version=asked.version or "",
        profile=asked.profile,
        engine=ENGINE,
        verdict="undetermined",
        open=why,
    )


def _joined(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same finding of several packs once, with all of them; one pack may say the same of a place several times."""
    told: list[Finding] = []
    places: dict[object, list[int]] = defaultdict(list)
    for one in findings:
        key = (one.rule, one.severity, one.location)
        same = next((at for at in places[key] if not set(one.packs) & set(told[at].packs)), None)
        if same is None:
            places[key].append(len(told))
            told.append(one)
        else:
            told[same] = structs.replace(told[same], packs=(*told[same].packs, *one.packs))
    return tuple(told)
