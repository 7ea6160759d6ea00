# SPDX-License-Identifier: Apache-2.0
"""What must hold for an answer to an invoice, and in which order answers count.

Every fault begins with the official id of the rule that it breaks. The rule PEPPOL-T111-R005 is applied as it is
worded; its published test is always true.

Source: OpenPeppol BIS 63 Invoice Response 3.1, rules PEPPOL-T111-* (2026.5) and process rules OP-BR111-R004, R005 and
R012; Peppol Message Level Status, rules SCH-MLS-* 1.0.1.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.codes import is_code
from einvoice.codes.responses import ACTIONS, INVOICE_STATUSES, MESSAGE_STATUSES, REASONS, names
from einvoice.model.response import ACTION_LIST, REASON_LIST, MessageStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model.response import Answer, Clarification, Endpoint, InvoiceResponse, Party

MESSAGE_CODES: Final = ("AP", "AB", "RE")
ISSUE_CODES: Final = tuple(code for code in names(MESSAGE_STATUSES) if code not in MESSAGE_CODES)
NEED_A_REASON: Final = ("CA", "UQ", "RE")
SPIS: Final = "0242"
"""The scheme of service providers of Peppol's network."""

_PROVIDER: Final = re.compile(r"[0-9]{6}(-[0-9A-Z_]{3,12}(\.[0-9A-Z\-._~]{3,24})?)?", re.IGNORECASE)
_FAILURES: Final = {"BV", "FD", "SV"}
_LISTS: Final = {REASON_LIST: REASONS, ACTION_LIST: ACTIONS}
_FINAL: Final = {"RE", "PD"}
_REPEATED: Final = {"UQ", "PD"}


def faults(answer: Answer) -> list[str]:
    """What is wrong with an answer, each fault with the id of its rule; nothing where it is sound.

    Args:
        answer: the answer.
    """
    return list(_of_message(answer) if isinstance(answer, MessageStatus) else _of_invoice(answer))


def _of_invoice(response: InvoiceResponse) -> Iterator[str]:
    if not response.id.strip():
        yield "PEPPOL-T111-B00103: the response has no identifier"
    yield from _of_party(("B00801", "B00902", "B00802"), "sender", response.sender)
    yield from _of_party(("B02001", "B02102", "B02002"), "receiver", response.receiver)
    if response.status not in names(INVOICE_STATUSES):
        known = ", ".join(names(INVOICE_STATUSES))
        yield f"PEPPOL-T111-B03001: the status {response.status!r} is none of {known}"
    if not response.number.strip():
        yield "PEPPOL-T111-B03901: the number of the invoice is missing"
    if not response.type_code:
        yield "PEPPOL-T111-B03902: the type code of the invoice (380, 381 ...) is missing"
    if response.status in NEED_A_REASON and not any(each.code for each in response.clarifications):
        yield f"PEPPOL-T111-R001: the status {response.status} needs a reason ({', '.join(names(REASONS))})"
    for each in response.clarifications:
        yield from _of_clarification(response, each)


def _of_party(rules: tuple[str, str, str], side: str, party: Party) -> Iterator[str]:
    missing, scheme, name = rules
    if party.endpoint is None or not party.endpoint.value:
        yield f"PEPPOL-T111-{missing}: the {side} has no electronic address"
    elif not is_code(party.endpoint.scheme, "eas"):
        yield f"PEPPOL-T111-{scheme}: {party.endpoint.scheme!r} is no scheme of electronic addresses (EAS)"
    if not party.name:
        yield f"PEPPOL-T111-{name}: the {side} has no name"


def _of_clarification(response: InvoiceResponse, each: Clarification) -> Iterator[str]:
    if each.code is not None and each.list not in _LISTS:
        yield f"PEPPOL-T111-B03303: {each.code!r} is of the list {each.list!r}, not of {' or '.join(_LISTS)}"
    elif each.code is not None and each.code not in names(_LISTS[str(each.list)]):
        known = ", ".join(names(_LISTS[str(each.list)]))
        rule = "R006" if each.list == ACTION_LIST else "R007"
        yield f"PEPPOL-T111-{rule}: {each.code!r} is no code of {each.list}: {known}"
    if each.list == REASON_LIST and each.code == "PPD":
        if not each.text:
            yield "PEPPOL-T111-R004: the reason PPD (partially paid) needs a text"
        if response.status != "PD":
            yield "PEPPOL-T111-R005: the reason PPD (partially paid) goes with the status PD alone"
    if any(not proposal.term for proposal in each.proposals):
        yield "PEPPOL-T111-B03601: a proposed value names no business term"


def _of_message(status: MessageStatus) -> Iterator[str]:
    if not status.id.strip():
        yield "SCH-MLS-03: the message has no identifier"
    yield from _of_provider("07", "sender", status.sender)
    yield from _of_provider("12", "receiver", status.receiver)
    if status.status not in MESSAGE_CODES:
        yield f"SCH-MLS-19: the status {status.status!r} is none of {', '.join(MESSAGE_CODES)}"
    if not status.instance_id.strip():
        yield "SCH-MLS-26: the instance identifier of the message that it is about is missing"
    yield from _of_outcome(status)
    for each in status.issues:
        if not each.location:
            yield "SCH-MLS-27: an issue names no place"
        if not each.text:
            yield "SCH-MLS-28: an issue has no description"
        if each.code not in ISSUE_CODES:
            yield f"SCH-MLS-31: {each.code!r} is none of {', '.join(ISSUE_CODES)}"


def _of_outcome(status: MessageStatus) -> Iterator[str]:
    failed = any(each.code in _FAILURES for each in status.issues)
    if status.status == "RE" and not status.text:
        yield "SCH-MLS-20: a rejection needs a description"
    if status.status == "RE" and not failed:
        yield "SCH-MLS-24: a rejection needs an issue that is a failure (BV, FD or SV)"
    if status.status != "RE" and failed:
        yield f"SCH-MLS-25: the status {status.status} does not go with an issue that is a failure"


def _of_provider(rule: str, side: str, who: Endpoint | None) -> Iterator[str]:
    if who is None or not who.value:
        yield f"SCH-MLS-{rule}: the {side} has no electronic address"
    elif who.scheme != SPIS or not _PROVIDER.fullmatch(who.value):
        yield f"SCH-MLS-{int(rule) + 2:02}: the {side} {who} is no service provider of Peppol's network (0242:nnnnnn)"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where an invoice stands at the buyer, and since which answer."""

    status: str
    issued: date
    issued_at: time | None = None
    partial: bool = False

    @property
    def final(self) -> bool:
        """Whether no other answer counts any more (OP-BR111-R004)."""
        return self.status in _FINAL and not self.partial

    @property
    def moment(self) -> datetime:
        """When it was issued; without a time, at the beginning of the day, in UTC."""
        found = datetime.combine(self.issued, self.issued_at or time())
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def standing(response: InvoiceResponse) -> Standing:
    """What a response makes of an invoice.

    Args:
        response: the response.
    """
    return Standing(
        status=response.status, issued=response.issued, issued_at=response.issued_at, partial=response.partial
    )


def overruled(now: Standing | None, other: Standing, *, in_order: bool = True) -> str | None:
    """Why another answer does not count, in one sentence; nothing where it does.

    Answers count by the time at which they were issued, whenever they arrive. Where one names no time, those of one
    day count in the order in which a status advances.

    Args:
        now: where the invoice stands; nothing where no answer came yet.
        other: the other answer.
        in_order: whether statuses advance in the order of BIS 63; those of the French life cycle need not.
    """
    if now is None:
        return None
    if _earlier(other, now):
        return f"it was issued before the status {now.status} that is known"
    return _out_of_order(now, other) if in_order else None


def _out_of_order(now: Standing, other: Standing) -> str | None:
    if now.final:
        return f"the status {now.status} is final (OP-BR111-R004)"
    order = list(names(INVOICE_STATUSES))
    behind, ahead = order.index(now.status), order.index(other.status)
    if now.status == "AP" and other.status != "PD":
        return "after AP (accepted) only PD (paid) may follow (OP-BR111-R005)"
    if ahead < behind or (ahead == behind and other.status not in _REPEATED):
        return f"{other.status} does not follow {now.status} (OP-BR111-R012)"
    return None


def _earlier(one: Standing, other: Standing) -> bool:
    if one.issued_at is None or other.issued_at is None:
        return one.issued < other.issued
    return one.moment < other.moment
