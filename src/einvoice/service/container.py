# SPDX-License-Identifier: Apache-2.0
"""Judging a hybrid PDF as a whole: the file, what it says about the invoice, and what its pages show.

Findings of the container bear ids that begin with ``PDF-`` and belong to no pack. Where the user names the packs, the
verdict is theirs: faults of the container are told then, and do not decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from einvoice import profiles
from einvoice.pdf.announcements import ANNOUNCEMENTS
from einvoice.pdf.names import is_well_known
from einvoice.rules.findings import Finding, Report, Undetermined
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import Invoice
    from einvoice.pdf.conformity import Conformity
    from einvoice.pdf.consistency import Difference
    from einvoice.pdf.container import Container
    from einvoice.profiles import Level
    from einvoice.rules.registry import Severity
    from einvoice.service.intake import Intake


NO_JUDGE: Final = (
    "the PDF itself was not judged as PDF/A-3, which needs the extra 'pdf' (pip install 'einvoice[pdf]');"
    " the invoice inside was"
)
_TYPES: Final = {"INVOICE"}
_VERSIONS: Final = {"1.0", "1p0", "2p0", "3p0", "1.2", "2.0", "2.1", "2.2", "2.3", "3.0"}
"""What readers compare the version with literally: of Factur-X, of ZUGFeRD, and of the profile XRECHNUNG."""
_FURTHER: Final = {"en16931": {"COMFORT"}, "xrechnung": {"EN 16931"}}
"""Levels that older editions give a profile: ZUGFeRD 1.0 and 2.0 say COMFORT for EN 16931."""
_SENTENCES: Final[dict[str, tuple[Severity, str, tuple[str, ...]]]] = {
    "PDF-A": ("fatal", "The PDF is a PDF/A-3 file, as it claims and as Factur-X demands.", ()),
    "PDF-XMP": ("fatal", "The metadata of the PDF announce the invoice inside, with all four properties.", ()),
    "PDF-XMP-TYPE": ("fatal", "The metadata of the PDF say that an invoice is inside.", ()),
    "PDF-XMP-NAME": ("fatal", "The metadata of the PDF name the attachment that is the invoice.", ()),
    "PDF-XMP-VERSION": ("warning", "The metadata of the PDF state a version of Factur-X that readers know.", ()),
    "PDF-LEVEL": ("fatal", "The metadata of the PDF announce the profile that the invoice claims.", ("BT-24",)),
    "PDF-DATA": ("fatal", "An invoice of the profile MINIMUM or BASIC WL is Data to its page.", ("BT-24",)),
    "PDF-RELATIONSHIP": ("warning", "The invoice is said to be the alternative of its page.", ()),
    "PDF-MIME": ("warning", "The attached invoice has the media type text/xml.", ()),
    "PDF-NAME": ("warning", "The attached invoice has a name that readers look for.", ()),
    "PDF-PAGE-NUMBER": ("fatal", "The page shows the number of the invoice.", ("BT-1",)),
    "PDF-PAGE-DATE": ("warning", "The page shows the day of issue of the invoice.", ("BT-2",)),
    "PDF-PAGE-DUE": ("warning", "The page shows the day by which the invoice says to pay.", ("BT-9",)),
    "PDF-PAGE-TOTAL": ("fatal", "The page shows the total of the invoice.", ("BT-112",)),
    "PDF-PAGE-PAYABLE": ("fatal", "The page shows the amount that the invoice says to pay.", ("BT-115",)),
    "PDF-PAGE-IBAN": ("fatal", "The page shows the account to which the invoice says to pay.", ("BT-84",)),
}


class Wanted(Struct, frozen=True, kw_only=True):
    """What is wanted of the container.

    Attributes:
        decides: whether its faults decide the verdict.
        page: whether the pages are compared with the invoice.
        settings: what reading may cost.
    """

    decides: bool
    page: bool
    settings: Settings


def with_container(report: Report, intake: Intake, wanted: Wanted) -> Report:
    """Add what is wrong with the PDF that an invoice came in.

    Args:
        report: what judging the invoice said.
        intake: the invoice, and the PDF it came in; anything else is handed back as it is.
        wanted: what is wanted.
    """
    if intake.kind != "pdf":
        note = "there is no page to compare with the invoice: it came without a PDF"
        return structs.replace(report, notes=(*report.notes, note)) if wanted.page else report
    from einvoice.pdf.container import look
    from einvoice.pdf.limits import PdfLimits

    size = wanted.settings.limits.bytes
    seen = look(
        intake.data,
        attachment=wanted.settings.attachment,
        pages=wanted.page,
        limits=PdfLimits(file_bytes=size, inflated_bytes=size),
    )
    reading = intake.reading
    judged = _conformity(intake.data)
    found = [*_announced(seen, reading.profile, reading.syntax)]
    found += _breaches(judged) if judged is not None else ()
    open_rules = list(_open(judged))
    if wanted.page:
        paged, unread = _page(seen, reading.invoice)
        found += paged
        open_rules += unread
    notes = (*report.notes, *(() if judged is not None else (NO_JUDGE,)))
    return _added(structs.replace(report, notes=notes), found, open_rules, decides=wanted.decides)


def _added(report: Report, found: list[Finding], open_rules: list[Undetermined], *, decides: bool) -> Report:
    if not decides:
        found = [structs.replace(one, effective="warning") if _judges(one) else one for one in found]
    verdict = report.verdict
    if any(one.effective == "fatal" for one in found):
        verdict = "invalid"
    elif open_rules and decides and verdict == "valid":
        verdict = "undetermined"
    return structs.replace(
        report,
        verdict=verdict,
        findings=(*found, *report.findings),
        undetermined=(*open_rules, *report.undetermined),
    )


def _judges(finding: Finding) -> bool:
    """Whether a finding is about the container and fatal; a page that differs was asked for by itself."""
    return finding.effective == "fatal" and not finding.rule.startswith("PDF-PAGE-")


def _finding(rule: str, found: str | None = None, expected: str | None = None, why: str = "") -> Finding:
    severity, message, terms = _SENTENCES[rule]
    return Finding(
        rule=rule,
        packs=(),
        severity=severity,
        effective=severity,
        message=message,
        terms=terms,
        found=found,
        expected=expected,
        why=why,
    )


def _conformity(data: bytes) -> Conformity | None:
    """What our own judgement says; ``None`` where the library for it is not installed."""
    try:
        from einvoice.pdf.conformity import conformity
    except ImportError:
        return None
    return conformity(data)


def _breaches(judged: Conformity) -> Iterator[Finding]:
    for one in judged.breaches:
        place = f" ({one.where})" if one.where else ""
        yield _finding("PDF-A", found=f"{one.what}{place}", why=f"ISO 19005-3, {one.clause}")


def _open(judged: Conformity | None) -> Iterator[Undetermined]:
    if judged is None or judged.verdict != "not checked":
        return
    what = "; ".join(judged.open[:3])
    reason = f"it cannot be said whether the PDF is a PDF/A-3 file; not understood: {what}"
    yield Undetermined(rule="PDF-A", packs=(), reason=reason)


def _announced(seen: Container, profile: str | None, syntax: str | None) -> Iterator[Finding]:
    """What the metadata and the attachment say, against what is inside."""
    said = seen.claims
    fields = (said.document_type, said.file_name, said.version, said.level)
    if said.namespace is None or not all(fields):
        names = ("DocumentType", "DocumentFileName", "Version", "ConformanceLevel")
        lacking = ", ".join(name for name, value in zip(names, fields, strict=True) if not value)
        yield _finding("PDF-XMP", found=f"without {lacking}" if said.namespace else "none of them")
    if said.document_type and said.document_type not in _TYPES:
        yield _finding("PDF-XMP-TYPE", found=said.document_type, expected="INVOICE")
    if said.version and said.version not in _VERSIONS:
        yield _finding("PDF-XMP-VERSION", found=said.version, expected="1.0")
    if said.file_name and said.file_name.casefold() != seen.name.casefold():
        yield _finding("PDF-XMP-NAME", found=said.file_name, expected=seen.name)
    row = profiles.find(profile)
    level = row.facturx if row is not None else None
    if level is not None and syntax == "cii":
        yield from _levelled(seen, level)
    if seen.mime is not None and seen.mime != "text/xml":
        yield _finding("PDF-MIME", found=seen.mime, expected="text/xml")
    if not is_well_known(seen.name):
        yield _finding("PDF-NAME", found=seen.name, expected="factur-x.xml")


def _levelled(seen: Container, level: Level) -> Iterator[Finding]:
    expected, related = ANNOUNCEMENTS[level].conformance, seen.relationship
    said = seen.claims.level
    if said and said != expected and said not in _FURTHER.get(level, set()):
        yield _finding("PDF-LEVEL", found=said, expected=expected)
    if level in {"minimum", "basicwl"} and related != "Data":
        yield _finding("PDF-DATA", found=related or "nothing", expected="Data")
    elif level not in {"minimum", "basicwl"} and related not in {"Alternative", "Source", "Data"}:
        yield _finding("PDF-RELATIONSHIP", found=related or "nothing", expected="Alternative")


def _page(seen: Container, invoice: Invoice) -> tuple[list[Finding], list[Undetermined]]:
    from einvoice.pdf.consistency import compare

    compared = compare(seen.text, invoice)
    why = seen.unreadable or compared.open
    if why:
        reason = f"the page was not compared with the invoice: {why}"
        return [], [Undetermined(rule="PDF-PAGE", packs=(), reason=reason)]
    return [_differing(one) for one in compared.differences], []


def _differing(one: Difference) -> Finding:
    shown = one.shown or "nothing like it"
    return _finding(f"PDF-PAGE-{one.what}", found=shown, expected=one.stated)
