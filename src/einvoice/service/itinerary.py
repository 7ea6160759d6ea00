# SPDX-License-Identifier: Apache-2.0
"""In which form an invoice goes to a receiver: the best one that the invoice can take and the receiver registered.

The invoice as it is comes first; then the same specification in the other syntax; then the specifications that are
widely taken. A form is tried, not assumed: it is written, and judged by its own rules.

Source: OpenPeppol, code list of document types; SMP 1.4.0 section 2.1 (the list of what a participant receives).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from einvoice import profiles
from einvoice.errors import EinvoiceError, ParticipantError, ProfileError
from einvoice.model import Remark
from einvoice.rules.findings import Report
from einvoice.service.check import judge
from einvoice.service.convert import Wish, convert
from einvoice.service.intake import Intake, take_in_bytes
from einvoice.service.packs import choose
from einvoice.transport.peppol.identifiers import DocumentType, Process, registered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from einvoice.service.convert import Target
    from einvoice.service.settings import Settings

_ROOTS: Final = {
    "ubl-invoice": ("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice", "2.1"),
    "ubl-creditnote": ("urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2::CreditNote", "2.1"),
    "cii": ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100::CrossIndustryInvoice", "D16B"),
}
_WIDELY_TAKEN: Final = (("peppol", "ubl"), ("xrechnung", "ubl"), ("xrechnung", "cii"), ("en16931", "cii"))
_BILLING: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out, and what had to be done for it."""

    document_type: DocumentType
    process: Process
    output: bytes
    syntax: str
    changed: bool
    """Whether it is another document than the one that was given."""
    losses: tuple[Remark, ...] = ()
    report: Report
    passed_over: tuple[str, ...] = ()
    """Better forms that could not be taken, and why."""


def plan(intake: Intake, receives: Collection[DocumentType] | None, settings: Settings) -> Plan:
    """Choose the form in which an invoice goes out.

    Args:
        intake: the invoice.
        receives: the document types that the receiver registered; ``None`` where nobody knows, then it goes as it is.
        settings: what a document may cost.

    Raises:
        ParticipantError: no form of it fits what the receiver takes; the message says why each does not
            (``NO_COMMON_TYPE``).
    """
    failed: list[str] = []
    taken = set(receives) if receives is not None else None
    tried: set[str] = set()
    for profile, syntax in _forms(intake):
        name = f"{profile.name if profile else 'as it is'} in {syntax.upper()}"
        possible = _possible(profile, syntax, intake)
        if possible in tried or (taken is not None and not _any(possible, taken)):
            continue
        tried.add(possible)
        try:
            return msgspec.structs.replace(_formed(intake, profile, syntax, settings), passed_over=tuple(failed))
        except EinvoiceError as error:
            failed.append(f"{name}: {error.message}")
    known = sorted(str(each) for each in taken or ())
    raise ParticipantError(
        "no form of this invoice is one that the receiver takes"
        + (f": {'; '.join(failed)}" if failed else "")
        + (f". The receiver registered {', '.join(known)[:600]}" if known else ""),
        code="NO_COMMON_TYPE",
    )


def as_it_is(intake: Intake) -> Plan:
    """An invoice that goes out to the byte as it is: XML, or a PDF with an invoice inside.

    Args:
        intake: the invoice.

    Raises:
        ProfileError: it is neither (``NO_FORM``).
    """
    document_type = type_of(intake) if intake.kind == "xml" else None
    if intake.kind not in {"xml", "pdf"} or (intake.kind == "xml" and document_type is None):
        raise ProfileError(
            "goes out as XML that says what it obeys (BT-24), or as a Factur-X PDF; einvoice convert makes both",
            code="NO_FORM",
        )
    report, _ = judge(intake, choose((), intake.reading))
    kind = document_type or DocumentType("factur-x")
    return Plan(
        document_type=kind,
        process=process_of(kind),
        output=intake.data,
        syntax="pdf" if intake.kind == "pdf" else str(intake.reading.syntax),
        changed=False,
        report=report,
    )


def as_hybrid(intake: Intake, settings: Settings) -> Plan:
    """An invoice that goes out as a Factur-X PDF: one that is given, or one that is drawn of it.

    Args:
        intake: the invoice.
        settings: what a document may cost.

    Raises:
        EinvoiceError: it cannot be drawn, or Factur-X cannot carry it.
    """
    if intake.kind == "pdf":
        return as_it_is(intake)
    attempt = convert(intake, Wish(to="facturx", settings=settings))
    if attempt.error is not None:
        raise attempt.error
    made = as_it_is(take_in_bytes(attempt.output or b"", settings))
    return msgspec.structs.replace(made, changed=True, losses=attempt.losses)


def type_of(intake: Intake) -> DocumentType | None:
    """The document type that an invoice is: its root element, what it claims to obey (BT-24), its version."""
    reading = intake.reading
    if reading.syntax not in _ROOTS or not reading.profile:
        return None
    root, version = _ROOTS[reading.syntax]
    return DocumentType(f"{root}##{reading.profile}::{version}")


def process_of(document_type: DocumentType) -> Process:
    """The process that a document type travels in, by Peppol's code list; billing where the list does not know it."""
    known = registered().get(document_type)
    if known is None or not known.processes:
        return Process(_BILLING)
    return next((each for each in known.processes if each.value == _BILLING), known.processes[0])


def _forms(intake: Intake) -> Iterator[tuple[profiles.Profile | None, Target]]:
    own = profiles.find(intake.reading.profile)
    if intake.kind == "xml" and intake.reading.syntax in _ROOTS:
        yield None, "cii" if intake.reading.syntax == "cii" else "ubl"
    for key, syntax in (*((own.key, each) for each in (own.syntaxes if own and own.key else ())), *_WIDELY_TAKEN):  # type: ignore[union-attr]
        yield profiles.named(key), "cii" if syntax == "cii" else "ubl"


def _possible(profile: profiles.Profile | None, syntax: str, intake: Intake) -> str:
    """What tells two forms apart before they are written."""
    identifier = profile.identifier if profile else intake.reading.profile
    return f"{identifier}::{syntax}"


def _any(possible: str, taken: Collection[DocumentType]) -> bool:
    identifier, _, syntax = possible.rpartition("::")
    roots = [root for name, (root, _) in _ROOTS.items() if (name == "cii") == (syntax == "cii")]
    wanted = {f"{root}##{identifier}::" for root in roots}
    return any(each.value.rpartition("::")[0] + "::" in wanted for each in taken)


def _formed(intake: Intake, profile: profiles.Profile | None, syntax: Target, settings: Settings) -> Plan:
    losses: tuple[Remark, ...] = ()
    result = intake
    if profile is not None:
        attempt = convert(intake, Wish(to=syntax, profile=profile, settings=settings))
        if attempt.error is not None:
            raise attempt.error
        losses = attempt.losses
        result = take_in_bytes(attempt.output or b"", settings)
    document_type = type_of(result)
    if document_type is None:
        raise ProfileError("the invoice does not say what it obeys (BT-24)", code="NO_PROFILE")
    report, _ = judge(result, choose((), result.reading))
    return Plan(
        document_type=document_type,
        process=process_of(document_type),
        output=result.data,
        syntax=str(result.reading.syntax),
        changed=profile is not None,
        losses=losses,
        report=report,
    )
