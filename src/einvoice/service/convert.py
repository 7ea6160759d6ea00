# SPDX-License-Identifier: Apache-2.0
"""Converting one invoice: written, read back, compared, checked, and only then handed over.

Nothing is lost in silence: every value of the source is in the output or among the losses, and what the output says
beyond the source is among the computed values. An output that the official schema would refuse is not handed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct, structs

from einvoice import profiles
from einvoice.bind import losses
from einvoice.bind.losses import compare, terms_at
from einvoice.errors import EinvoiceError, LossError, OutputError, ProfileError
from einvoice.model import Remark
from einvoice.rules.findings import Finding
from einvoice.service.causes import Cause, Refusal, Warned, sifted, told
from einvoice.service.changes import Computed, demanded
from einvoice.service.claim import CLAIMED, claim
from einvoice.service.settings import Settings
from einvoice.service.spelling import written
from einvoice.service.status import Status, status_of
from einvoice.service.steps import ended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.bind import Document
    from einvoice.bind.schema import DocumentType
    from einvoice.model import Invoice, Reading
    from einvoice.rules.findings import Report
    from einvoice.service.intake import Intake
    from einvoice.service.steps import Steps

Target = Literal["ubl", "cii", "facturx", "json", "edifact"]
TARGETS: Final[tuple[Target, ...]] = ("ubl", "cii", "facturx", "json", "edifact")
_CLAIM: Final = ("BT-23", "BT-24")
_NAMED: Final = 5
_OWN_SCHEMAS: Final[dict[str, DocumentType]] = {
    "minimum": "facturx:minimum",
    "basicwl": "facturx:basicwl",
    "basic": "facturx:basic",
    "en16931": "facturx:en16931",
    "extended": "facturx:extended",
}
"""The Factur-X profiles have schemas of their own, narrower than that of CII."""


class Conversion(Struct, frozen=True, kw_only=True):
    """What a conversion made of an invoice.

    Attributes:
        output: the bytes of the result.
        losses: each value of the source that is not in it: path, value, reason, terms.
        computed: each value in it that the source does not state: term, value, what was there before.
        notes: sentences about the document as a whole.
        findings: what judging the result says that does not keep it from being valid; nothing is judged without a
            profile.
    """

    output: bytes
    losses: tuple[Remark, ...] = ()
    computed: tuple[Computed, ...] = ()
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Wish(Struct, frozen=True, kw_only=True):
    """What is wanted of a conversion.

    Attributes:
        to: the format.
        profile: the specification that the result shall claim; ``None`` to keep what the invoice claims.
        lossless: whether a loss is an error.
        settings: what a document may cost.
    """

    to: Target
    profile: profiles.Profile | None = None
    lossless: bool = False
    settings: Settings


class Attempt(Struct, frozen=True, kw_only=True):
    """How far a conversion came.

    Attributes:
        output: the bytes of the result; ``None`` if there is none.
        losses: see :class:`Conversion`.
        computed: see :class:`Conversion`.
        notes: see :class:`Conversion`.
        findings: the fatal findings that kept the result from being handed over.
        warnings: the findings of a result that is handed over all the same.
        error: why there is no result.
        lead: what did not happen, where there are several reasons.
        reasons: the reasons one by one; the error names the first of them.
        causes: the reasons without what only this invoice says.
        refusals: the reasons with their places in an export.
        status: what it contributes to the exit status.
    """

    output: bytes | None = None
    losses: tuple[Remark, ...] = ()
    computed: tuple[Computed, ...] = ()
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    warnings: tuple[Warned, ...] = ()
    error: EinvoiceError | None = None
    lead: str = ""
    reasons: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    status: Status = Status.DONE


def convert(intake: Intake, wish: Wish) -> Attempt:
    """Convert an invoice that has been taken in.

    Args:
        intake: the invoice.
        wish: what is wanted.
    """
    try:
        return _converted(intake, wish)
    except EinvoiceError as error:
        return Attempt(error=error, notes=intake.reading.notes, status=status_of(error))


def handed_over(attempt: Attempt) -> Conversion:
    """What a conversion made, for programs.

    Args:
        attempt: how far it came.

    Raises:
        EinvoiceError: it made nothing.
    """
    if attempt.error is not None:
        raise attempt.error
    return Conversion(
        output=attempt.output or b"",
        losses=attempt.losses,
        computed=attempt.computed,
        notes=attempt.notes,
        findings=tuple(one.finding for one in attempt.warnings),
    )


def _converted(intake: Intake, wish: Wish) -> Attempt:
    reading = intake.reading
    invoice = reading.invoice
    claimed: tuple[Computed, ...] = ()
    if wish.profile is not None:
        invoice, claimed = claim(invoice, wish.profile, wish.to)
    elif wish.to == "facturx":
        from einvoice.service.hybrid import level_of

        level_of(invoice)
    data, result = written(invoice, wish, reading.syntax)
    if result.document is not None:
        _check_schema(result.document, wish)
    lost, computed = _compared(intake, invoice, data, result)
    attempt = Attempt(losses=lost, computed=(*claimed, *computed), notes=reading.notes)
    if wish.lossless and lost:
        return refused(attempt, lossy(lost, wish))
    if wish.profile is not None:
        attempt = judged(attempt, invoice, result)
        if attempt.error is not None:
            return attempt
    return finished(attempt, result, data, wish)


def _check_schema(document: Document, wish: Wish) -> None:
    """Refuse to hand over what the official schema would refuse.

    Raises:
        OutputError: it would; the message names the first violation.
    """
    violations = document.schema_violations()
    if not violations and wish.profile is not None and document.syntax == "cii":
        own = _OWN_SCHEMAS.get(wish.profile.facturx or "")
        violations = document.schema_violations(own) if own is not None else []
    if violations:
        more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
        raise OutputError(
            f"not written, because the official schema would refuse the result: {violations[0].message}"
            f" ({violations[0].path}){more}; complete the invoice first",
            code="SCHEMA",
        )


def _compared(
    intake: Intake, invoice: Invoice, data: bytes, result: Intake
) -> tuple[tuple[Remark, ...], tuple[Computed, ...]]:
    """What the result does not say, and what it says beyond the source; a claim that was set is neither."""
    reading = intake.reading
    if intake.document is None or result.kind != "xml":
        lost, added = model_losses(invoice, result.reading)
        return (*reading.lost, *lost), added
    found = losses(intake.document, data)
    if invoice is reading.invoice:
        return found.losses, demanded(found.computed)
    return (
        tuple(one for one in found.losses if one.model_path not in CLAIMED),
        demanded(one for one in found.computed if one.term not in _CLAIM),
    )


def model_losses(invoice: Invoice, result: Reading) -> tuple[tuple[Remark, ...], tuple[Computed, ...]]:
    """What a written invoice does not say and says more, compared with an invoice that has no XML.

    Args:
        invoice: what was written.
        result: what was read back.
    """
    difference = compare(invoice, result.invoice)
    lost = tuple(Remark("no-place", leaf.path, leaf.text, terms_at(leaf.place), leaf.path) for leaf in difference.lost)
    added = tuple(Computed("".join(terms_at(leaf.place)[:1]) or leaf.path, leaf.text) for leaf in difference.added)
    return lost, added


def judged(attempt: Attempt, invoice: Invoice, result: Intake) -> Attempt:
    """Check the result with the rules of what it claims; anything but ``valid`` keeps it from being handed over.

    The invoice is judged as it was meant, too: what a syntax demands is written even where the invoice does not say
    it, and must not stand in for a term that is missing.

    Args:
        attempt: how far the conversion came.
        invoice: the invoice as it was meant.
        result: what was written, taken in again.
    """
    return ended(judged_stepwise(attempt, invoice, result))


def judged_stepwise(attempt: Attempt, invoice: Invoice, result: Intake) -> Steps[Attempt]:
    """The same in steps.

    Args:
        attempt: see :func:`judged`.
        invoice: see there.
        result: see there.
    """
    from einvoice.rules.report import run
    from einvoice.service.check import judge_stepwise
    from einvoice.service.packs import choose

    choice = choose((), result.reading)
    report, _ = yield from judge_stepwise(result, choice)
    meant: tuple[Finding, ...] = ()
    if invoice != result.reading.invoice or result.reading.remarks:
        meant = run(structs.replace(result.reading, invoice=invoice, remarks=()), choice.packs).findings
    attempt = structs.replace(attempt, notes=tuple(dict.fromkeys((*attempt.notes, *report.notes))))
    fatal, others = sifted(report.findings, meant)
    if report.verdict == "valid" and not fatal:
        return structs.replace(attempt, warnings=tuple(map(Warned, others)))
    status = Status.FATAL if fatal else Status.UNDETERMINED
    return blamed(
        structs.replace(attempt, findings=fatal, status=status),
        ProfileError("", code="NOT_VALID"),
        *_reasons(fatal, report, result.reading),
    )


def _reasons(fatal: Sequence[Finding], report: Report, reading: Reading) -> tuple[str, Sequence[str]]:
    what = profiles.name_of(reading.profile)
    if fatal:
        return f"not written, because it would not be valid by {what}", [told(finding) for finding in fatal]
    doubts = [pack.open for pack in report.packs if pack.open] or [rule.reason for rule in report.undetermined]
    return f"not written, because it cannot be said whether it is valid by {what}", doubts


def blamed(attempt: Attempt, error: EinvoiceError, lead: str, reasons: Sequence[str]) -> Attempt:
    """The same attempt without a result, with one error for all reasons and with the reasons one by one.

    Args:
        attempt: how far it came; its status stays.
        error: the error, whose message is made here.
        lead: what did not happen.
        reasons: why.
    """
    more = f" (and {len(reasons) - _NAMED} more)" if len(reasons) > _NAMED else ""
    error.message = f"{lead}: {'; '.join(reasons[:_NAMED])}{more}"
    error.args = (error.message,)
    return structs.replace(attempt, output=None, error=error, lead=lead, reasons=tuple(reasons))


def refused(attempt: Attempt, error: EinvoiceError) -> Attempt:
    """The same attempt, without a result and with the reason.

    Args:
        attempt: how far it came.
        error: why it goes no further.
    """
    return structs.replace(attempt, output=None, error=error, status=status_of(error))


def lossy(lost: Sequence[Remark], wish: Wish) -> LossError:
    """The error of a conversion that would lose values and was told not to.

    Args:
        lost: the values.
        wish: what is wanted.
    """
    named = ", ".join(f"{one.path} = {one.value[:40]!r}" for one in lost[:_NAMED])
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    count = "1 value" if len(lost) == 1 else f"{len(lost)} values"
    return LossError(
        f"not written, because {count} would be lost in {wish.to}: {named}{more}; leave out --lossless to accept that",
        code="LOSSY",
    )


def finished(attempt: Attempt, result: Intake, data: bytes, wish: Wish) -> Attempt:
    """Complete an attempt with its bytes: for Factur-X, the XML goes into its page.

    Args:
        attempt: how far it came.
        result: what was written, taken in again.
        data: what was written.
        wish: what is wanted.
    """
    if wish.to == "facturx":
        from einvoice.render.squares import why_none
        from einvoice.service.hybrid import hybrid

        data = hybrid(result.reading.invoice, data)
        if why := why_none(result.reading.invoice):
            attempt = structs.replace(attempt, notes=tuple(dict.fromkeys((*attempt.notes, why))))
    return structs.replace(attempt, output=data)
